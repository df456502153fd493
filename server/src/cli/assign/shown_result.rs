//! An assignment with names: as JSON, as text, as worksheets. Deliberately absent: positions, which mean nothing to
//! readers.

use std::collections::BTreeMap;

use app::catalogue::{t, tf};
use app::text::Locale;
use domain::match_reviewers::{Matching, Missing, Request};
use serde::Serialize;
use tables::OutSheet;

use super::request::Asked;
use crate::cli::rank::PROSE_COLUMNS;
use crate::cli::shown::{plain, wrapped};
use crate::cli::text_table::{Column, TextTable};

const NAME_COLUMNS: usize = 28;
const LIST_COLUMNS: usize = 60;

/// The JSON of `unveil assign`; the names of its fields are documented in the README of this crate.
#[derive(Debug, Serialize)]
pub struct Assignment {
    format: &'static str,
    bids: Vec<AssignedBid>,
    experts: Vec<LoadedExpert>,
    total_fit: i64,
    /// Nothing better exists, checked against a bound computed anew.
    is_optimal: bool,
    missing_slots: u32,
    shortages: Vec<NamedShortage>,
}

#[derive(Debug, Serialize)]
struct AssignedBid {
    bid: String,
    needs: u32,
    experts: Vec<String>,
    fit: i64,
    missing: u32,
    stand_by: Vec<String>,
    stand_by_missing: u32,
}

#[derive(Debug, Serialize)]
struct LoadedExpert {
    expert: String,
    load: u32,
    cap: u32,
}

#[derive(Debug, Serialize)]
struct NamedShortage {
    bids: Vec<String>,
    wanted: u64,
    places: u64,
    full_experts: Vec<String>,
    other_experts: Vec<String>,
}

impl Assignment {
    pub fn new(asked: &Asked<'_>, request: &Request, matching: &Matching) -> Self {
        let bid_name = |at: u32| asked.bids.bids.get(at as usize).map(|bid| bid.name.clone());
        let expert_name = |at: u32| asked.experts.experts.get(at as usize).map(|expert| expert.name.clone());
        let named = |list: &[u32], name: &dyn Fn(u32) -> Option<String>| -> Vec<String> {
            list.iter().filter_map(|at| name(*at)).collect()
        };
        let width = request.caps.len();
        let by_bid = |missing: &[Missing]| -> BTreeMap<u32, u32> {
            missing.iter().map(|one| (one.bid, one.slots)).collect()
        };
        let (missing, idle) = (by_bid(&matching.missing), by_bid(&matching.stand_by_missing));
        let none = Vec::new();
        let bids = (0u32..).zip(&matching.assigned).map(|(at, experts)| {
            let row = at as usize * width;
            let fits = experts.iter().filter_map(|expert| request.fit.get(row + *expert as usize));
            let stand_by = matching.stand_by.get(at as usize).unwrap_or(&none);
            AssignedBid {
                bid: bid_name(at).unwrap_or_default(),
                needs: request.needs.get(at as usize).copied().unwrap_or_default(),
                experts: named(experts, &expert_name),
                fit: fits.map(|fit| i64::from(*fit)).sum(),
                missing: missing.get(&at).copied().unwrap_or(0),
                stand_by: named(stand_by, &expert_name),
                stand_by_missing: idle.get(&at).copied().unwrap_or(0),
            }
        });
        let experts = asked.experts.experts.iter().zip(matching.loads.iter().zip(&request.caps));
        let shortages = matching.shortages.iter().map(|shortage| {
            // Pins are settled before the search and count on neither side of it; a reader counts them on both.
            let pins = request.pinned.iter().filter(|(bid, _)| shortage.bids.contains(bid)).count() as u64;
            NamedShortage {
                bids: named(&shortage.bids, &bid_name),
                wanted: shortage.wanted + pins,
                places: shortage.places + pins,
                full_experts: named(&shortage.full, &expert_name),
                other_experts: named(&shortage.others, &expert_name),
            }
        });
        Self {
            format: "unveil-assign/1",
            bids: bids.collect(),
            experts: experts
                .map(|(expert, (load, cap))| LoadedExpert {
                    expert: expert.name.clone(),
                    load: *load,
                    cap: *cap,
                })
                .collect(),
            total_fit: matching.total_fit,
            is_optimal: matching.proof.is_optimal,
            missing_slots: matching.missing.iter().map(|missing| missing.slots).sum(),
            shortages: shortages.collect(),
        }
    }

    fn stands_by(&self) -> bool {
        self.bids.iter().any(|bid| !bid.stand_by.is_empty() || bid.stand_by_missing > 0)
    }

    fn bid_table(&self, locale: Locale) -> TextTable {
        let separator = t(locale, "common.list_separator");
        let mut columns = vec![
            Column::words(t(locale, "tool.rank.bid")).at_most(NAME_COLUMNS),
            Column::words(t(locale, "tool.assign.experts")).at_most(LIST_COLUMNS),
            Column::figures(t(locale, "tool.assign.fit")),
            Column::figures(t(locale, "tool.assign.missing")),
        ];
        if self.stands_by() {
            columns.push(Column::words(t(locale, "tool.assign.stand_by")).at_most(LIST_COLUMNS));
        }
        let mut table = TextTable::new(columns);
        for bid in &self.bids {
            let missing = if bid.missing == 0 { String::new() } else { bid.missing.to_string() };
            table.row(vec![
                bid.bid.clone(),
                bid.experts.join(separator),
                bid.fit.to_string(),
                missing,
                bid.stand_by.join(separator),
            ]);
        }
        table
    }

    fn expert_table(&self, locale: Locale) -> TextTable {
        let mut table = TextTable::new(vec![
            Column::words(t(locale, "tool.rank.expert")).at_most(NAME_COLUMNS),
            Column::figures(t(locale, "tool.assign.load")),
            Column::figures(t(locale, "tool.assign.cap")),
        ]);
        for expert in &self.experts {
            table.row(vec![expert.expert.clone(), expert.load.to_string(), expert.cap.to_string()]);
        }
        table
    }

    /// What the numbers mean, and where places stay empty, why.
    fn sentences(&self, locale: Locale) -> Vec<String> {
        let separator = t(locale, "common.list_separator");
        let joined =
            |names: &[String]| names.iter().map(|name| plain(name)).collect::<Vec<_>>().join(separator);
        let fit = self.total_fit.to_string();
        let key = if self.is_optimal { "tool.assign.optimal" } else { "tool.assign.not_proven" };
        let mut out = vec![tf(locale, key, &[("fit", &fit)])];
        if self.missing_slots > 0 {
            let slots = self.missing_slots.to_string();
            out.push(tf(locale, "tool.assign.slots_missing", &[("slots", &slots)]));
        }
        for shortage in &self.shortages {
            let (wanted, places) = (shortage.wanted.to_string(), shortage.places.to_string());
            let values = [("bids", joined(&shortage.bids)), ("wanted", wanted), ("places", places)];
            let borrowed = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            out.push(tf(locale, "tool.assign.shortage", &borrowed));
            if !shortage.full_experts.is_empty() {
                let names = joined(&shortage.full_experts);
                out.push(tf(locale, "tool.assign.shortage_full", &[("experts", &names)]));
            }
            if !shortage.other_experts.is_empty() {
                let names = joined(&shortage.other_experts);
                out.push(tf(locale, "tool.assign.shortage_others", &[("experts", &names)]));
            }
            if shortage.full_experts.is_empty() && shortage.other_experts.is_empty() {
                out.push(t(locale, "tool.assign.shortage_nobody").to_owned());
            }
        }
        let idle = self.bids.iter().map(|bid| bid.stand_by_missing).sum::<u32>();
        if idle > 0 {
            out.push(tf(locale, "tool.assign.stand_by_missing", &[("slots", &idle.to_string())]));
        }
        out
    }

    pub fn lines(&self, locale: Locale, for_terminal: bool) -> Vec<String> {
        let mut lines = vec![t(locale, "tool.assign.title").to_owned(), String::new()];
        lines.extend(self.bid_table(locale).lines(for_terminal));
        lines.push(String::new());
        lines.extend(self.expert_table(locale).lines(for_terminal));
        lines.push(String::new());
        lines.extend(self.sentences(locale).iter().flat_map(|text| wrapped(text, PROSE_COLUMNS)));
        lines
    }

    /// One row per review and per empty place, loads, and the sentences.
    pub fn worksheets(&self, locale: Locale) -> Vec<OutSheet> {
        let mut pairs = TextTable::new(vec![
            Column::words(t(locale, "tool.rank.bid")),
            Column::words(t(locale, "tool.rank.expert")),
            Column::words(t(locale, "tool.assign.role")),
        ]);
        for bid in &self.bids {
            for expert in &bid.experts {
                pairs.row(vec![bid.bid.clone(), expert.clone(), t(locale, "tool.assign.reviews").to_owned()]);
            }
            for _ in 0..bid.missing {
                let empty = t(locale, "tool.assign.missing").to_owned();
                pairs.row(vec![bid.bid.clone(), String::new(), empty]);
            }
            for expert in &bid.stand_by {
                pairs.row(vec![
                    bid.bid.clone(),
                    expert.clone(),
                    t(locale, "tool.assign.stand_by").to_owned(),
                ]);
            }
        }
        let mut notes = TextTable::new(vec![Column::words(t(locale, "tool.notes"))]);
        for sentence in self.sentences(locale) {
            notes.row(vec![sentence]);
        }
        vec![
            pairs.worksheet(t(locale, "tool.assign.title")),
            self.expert_table(locale).worksheet(t(locale, "tool.assign.load")),
            notes.worksheet(t(locale, "tool.notes")),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_has_a_row_for_every_empty_place() {
        let bid = AssignedBid {
            bid: "barite".to_owned(),
            needs: 3,
            experts: vec!["Okafor".to_owned()],
            fit: 0,
            missing: 2,
            stand_by: Vec::new(),
            stand_by_missing: 0,
        };
        let result = Assignment {
            format: "unveil-assign/1",
            bids: vec![bid],
            experts: Vec::new(),
            total_fit: 0,
            is_optimal: true,
            missing_slots: 2,
            shortages: Vec::new(),
        };
        let pairs = format!("{:?}", result.worksheets(Locale::En).remove(0));
        assert_eq!(pairs.matches("barite").count(), 3, "{pairs}");
        assert_eq!(pairs.matches("Missing").count(), 2, "{pairs}");
    }
}

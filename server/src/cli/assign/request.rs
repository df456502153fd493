//! From tables of bids, experts and pairs to a request with positions. Deliberately absent: matching, sentences about
//! the result.

use std::collections::{BTreeMap, BTreeSet};

use app::catalogue::{t, tf};
use app::text::Locale;
use domain::match_reviewers::{Request, RequestFault, StandBy};
use tables::{BidTable, ExpertTable, FIT_MAX, PairTable};

use crate::cli::ending::Stop;
use crate::cli::shown::plain;

/// What was read, and what the flags say where a table does not.
#[derive(Debug)]
pub struct Asked<'a> {
    pub bids: &'a BidTable,
    pub experts: &'a ExpertTable,
    pub pairs: Option<&'a PairTable>,
    pub per_bid: u32,
    pub cap: Option<u32>,
    pub stand_by: u32,
}

/// The request, and what a reader should know about it.
#[derive(Debug)]
pub struct Prepared {
    pub request: Request,
    pub notes: Vec<String>,
}

impl Asked<'_> {
    /// Fit is that of the pair table, else the share of the bid's keywords that the expert has. Forbidden are conflicts,
    /// avoided names and experts of the bidding unit.
    ///
    /// # Errors
    /// [`Stop::Faults`]: names in the pair table or among the pins that stand in no list.
    pub fn request(&self, locale: Locale) -> Result<Prepared, Stop> {
        let bid_at = positions(self.bids.bids.iter().map(|bid| bid.name.as_str()));
        let expert_at = positions(self.experts.experts.iter().map(|expert| expert.name.as_str()));
        let mut faults = Vec::new();
        let mut notes = Vec::new();
        let mut fit = self.keyword_fits();
        let mut forbidden = self.same_unit();
        let width = self.experts.experts.len();
        for pair in self.pairs.iter().flat_map(|table| &table.pairs) {
            let (bid, expert) = (bid_at.get(pair.bid.as_str()), expert_at.get(pair.expert.as_str()));
            let mut unknown = |key: &str, name: &str| {
                let row = pair.row.to_string();
                faults.push(tf(locale, key, &[("row", &row), ("name", &plain(name))]));
            };
            if bid.is_none() {
                unknown("tool.assign.pair_bid_unknown", &pair.bid);
            }
            if expert.is_none() {
                unknown("tool.assign.pair_expert_unknown", &pair.expert);
            }
            let (Some(&bid), Some(&expert)) = (bid, expert) else { continue };
            if let Some(known) = fit.get_mut(bid as usize * width + expert as usize) {
                *known = i32::try_from(pair.fit).unwrap_or(FIT_MAX as i32);
            }
            if pair.conflict {
                forbidden.push((bid, expert));
            }
        }
        let mut pinned = Vec::new();
        for (bid, row) in (0u32..).zip(&self.bids.bids) {
            for name in &row.avoid {
                match expert_at.get(name.as_str()) {
                    Some(&expert) => forbidden.push((bid, expert)),
                    None => notes.push(self.unknown(locale, "tool.assign.avoid_unknown", bid, name)),
                }
            }
            for name in &row.pinned {
                match expert_at.get(name.as_str()) {
                    Some(&expert) => pinned.push((bid, expert)),
                    None => faults.push(self.unknown(locale, "tool.assign.pin_unknown", bid, name)),
                }
            }
        }
        if !faults.is_empty() {
            return Err(Stop::Faults(faults));
        }
        let bids = self.bids.bids.len();
        let every = u32::try_from(bids).unwrap_or(u32::MAX);
        let request = Request {
            needs: self.bids.bids.iter().map(|bid| bid.needs.unwrap_or(self.per_bid)).collect(),
            caps: self
                .experts
                .experts
                .iter()
                .map(|expert| expert.cap.or(self.cap).unwrap_or(every))
                .collect(),
            fit,
            forbidden,
            pinned,
            stand_by: StandBy { per_bid: self.stand_by, ..StandBy::default() },
        };
        Ok(Prepared { request, notes })
    }

    fn unknown(&self, locale: Locale, key: &str, bid: u32, name: &str) -> String {
        let row = self.bids.bids.get(bid as usize);
        let (bid, row) = row.map_or((String::new(), 0), |row| (plain(&row.name), row.row));
        let values = [("bid", bid.as_str()), ("name", &plain(name)), ("row", &row.to_string())];
        tf(locale, key, &values)
    }

    /// As [`tables::keyword_fit`] for every pair, without comparing every pair's words.
    fn keyword_fits(&self) -> Vec<i32> {
        let width = self.experts.experts.len();
        let mut fit = vec![0; self.bids.bids.len() * width];
        let mut experts_of: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (position, expert) in self.experts.experts.iter().enumerate() {
            for word in &expert.keywords {
                experts_of.entry(fold(word)).or_default().insert(position);
            }
        }
        for (row, bid) in self.bids.bids.iter().enumerate() {
            let wanted: BTreeSet<String> = bid.keywords.iter().map(|word| fold(word)).collect();
            let mut shared: BTreeMap<usize, u32> = BTreeMap::new();
            for expert in wanted.iter().filter_map(|word| experts_of.get(word)).flatten() {
                *shared.entry(*expert).or_default() += 1;
            }
            let of = u32::try_from(wanted.len()).unwrap_or(u32::MAX).max(1);
            for (expert, count) in shared {
                if let Some(known) = fit.get_mut(row * width + expert) {
                    *known = (count.saturating_mul(FIT_MAX) / of) as i32;
                }
            }
        }
        fit
    }

    /// Pairs of a bid and an expert of its own unit.
    fn same_unit(&self) -> Vec<(u32, u32)> {
        let mut experts_of: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (position, expert) in (0u32..).zip(&self.experts.experts) {
            if let Some(unit) = &expert.unit {
                experts_of.entry(fold(unit)).or_default().push(position);
            }
        }
        let mut pairs = Vec::new();
        for (bid, row) in (0u32..).zip(&self.bids.bids) {
            let same = row.unit.as_ref().and_then(|unit| experts_of.get(&fold(unit)));
            pairs.extend(same.into_iter().flatten().map(|expert| (bid, *expert)));
        }
        pairs
    }

    /// A request that makes no sense, in words.
    pub fn said(&self, locale: Locale, fault: &RequestFault) -> String {
        let bid = |at: u32| self.bids.bids.get(at as usize).map_or_else(String::new, |row| plain(&row.name));
        let expert =
            |at: u32| self.experts.experts.get(at as usize).map_or_else(String::new, |row| plain(&row.name));
        let pair = |key: &str, one: u32, other: u32| {
            tf(locale, key, &[("bid", &bid(one)), ("expert", &expert(other))])
        };
        match fault {
            RequestFault::TooManyPairs { bids, experts } => {
                let values = [("bids", bids.to_string()), ("experts", experts.to_string())];
                let borrowed = values.each_ref().map(|(name, value)| (*name, value.as_str()));
                tf(locale, "tool.assign.too_many_pairs", &borrowed)
            }
            RequestFault::PinForbidden { bid, expert } => pair("tool.assign.pin_forbidden", *bid, *expert),
            RequestFault::PinTwice { bid, expert } => pair("tool.assign.pin_twice", *bid, *expert),
            RequestFault::PinsOverCap { expert: at, cap, pins } => {
                let values = [("expert", expert(*at)), ("cap", cap.to_string()), ("pins", pins.to_string())];
                let borrowed = values.each_ref().map(|(name, value)| (*name, value.as_str()));
                tf(locale, "tool.assign.pins_over_cap", &borrowed)
            }
            RequestFault::PinsOverNeed { bid: at, need, pins } => {
                let values = [("bid", bid(*at)), ("need", need.to_string()), ("pins", pins.to_string())];
                let borrowed = values.each_ref().map(|(name, value)| (*name, value.as_str()));
                tf(locale, "tool.assign.pins_over_need", &borrowed)
            }
            RequestFault::FitsMissing { .. }
            | RequestFault::FitOutside { .. }
            | RequestFault::ForbiddenUnknown { .. }
            | RequestFault::PinUnknown { .. } => t(locale, "tool.assign.request_unsound").to_owned(),
        }
    }
}

fn positions<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, u32> {
    names.zip(0u32..).collect()
}

/// Capital letters and white space do not matter.
fn fold(text: &str) -> String {
    text.split_whitespace().collect::<String>().to_lowercase()
}

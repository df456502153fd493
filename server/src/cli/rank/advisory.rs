//! The advisory figures of a ranking with names. Deliberately absent: formulas (`domain::stats`) and layout.

use std::collections::BTreeMap;
use std::num::NonZero;

use super::binding::{Binding, BindingRow, score_problem};
use super::parallel;
use super::scored::Scored;
use crate::cli::ending::Stop;
use crate::cli::shown::plain;
use app::catalogue::{t, tf};
use app::text::Locale;
use domain::id::{BidId, PersonId};
use domain::overview::{Contest, Evidence, Overview, Settings, overview};
use domain::score::{Outcome, Ranking};
use domain::stats::{Island, Undefined};
use sha2::{Digest, Sha256};

/// Names in a sentence beyond this many are counted.
const NAMED: usize = 6;
/// With fewer sheets of a bid no interval around its place is to be trusted.
pub const ENOUGH_SHEETS: usize = 5;

/// The figures and whose they are.
pub struct Advisory<'a> {
    pub overview: Overview,
    pub scored: &'a Scored,
    bids: BTreeMap<BidId, &'a BindingRow>,
    experts: BTreeMap<PersonId, &'a str>,
}

impl<'a> Advisory<'a> {
    /// Computes everything; the resampling on all cores. Zero resamples leave the rank intervals out.
    ///
    /// # Errors
    /// None where the binding ranking was made from the same sheets.
    pub fn of(
        locale: Locale,
        scored: &'a Scored,
        binding: &'a Binding,
        resamples: u32,
        top: Option<u32>,
    ) -> Result<Self, Stop> {
        let (sheets, entrants) = (scored.sheets(), scored.entrants());
        let contest = Contest {
            rule: &scored.rule,
            gate: scored.gate,
            sheets: &sheets,
            entrants: &entrants,
            seed: scored.seed.as_ref().map(|seed| seed.bytes.as_slice()),
        };
        let evidence = Evidence::new(&scored.rule, scored.gate, &sheets, &as_shown(binding))
            .map_err(|fault| Stop::Failed(fault.to_string()))?
            .under_the_rule(&contest)
            .map_err(|problem| Stop::Faults(vec![score_problem(locale, &problem, &scored.bid_names())]))?;
        let settings = Settings {
            resamples,
            places: top.map(|top| top as usize),
            seed: seed_of(scored),
            ..Settings::default()
        };
        let threads = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        let intervals = parallel::intervals(locale, &evidence, &settings, threads);
        Ok(Self {
            overview: overview(&evidence, &settings, intervals),
            scored,
            bids: binding.rows.iter().map(|row| (row.bid_id, row)).collect(),
            experts: scored.reviewer_names(),
        })
    }

    /// The binding row of the bid at this place of [`Overview::bids`].
    pub fn row(&self, position: usize) -> Option<&'a BindingRow> {
        self.overview.bids.get(position).and_then(|bid| self.bids.get(&bid.bid)).copied()
    }

    pub fn bid_name(&self, position: usize) -> String {
        self.row(position).map(|row| plain(&row.bid)).unwrap_or_default()
    }

    pub fn expert_name(&self, position: usize) -> String {
        let reviewer = self.overview.reviewers.get(position);
        let name = reviewer.and_then(|reviewer| self.experts.get(&reviewer.reviewer));
        name.map(|name| plain(name)).unwrap_or_default()
    }

    /// Whether the bid at this place passes the rule and has a rank of its own.
    pub fn is_placed(&self, position: usize) -> bool {
        self.row(position).is_some_and(|row| row.outcome == Outcome::Passed && !row.waits())
    }

    /// Whether nobody can tell who is first: no bid passes, or a draw is still to be made.
    pub fn has_no_first(&self) -> bool {
        !self.is_placed(0)
    }

    /// Whether there is too little to call this place safe: experts who compare only part of the bids, or too few of
    /// them.
    pub fn has_thin_basis(&self, position: usize) -> bool {
        self.overview.islands.len() > 1
            || self.overview.bids.get(position).is_none_or(|bid| bid.scores < ENOUGH_SHEETS)
    }

    /// Why a figure of the bids in the race is not there.
    pub fn reason_in_race(&self, locale: Locale, undefined: &Undefined) -> String {
        match undefined {
            Undefined::TooFewBids { have, need } if *have < self.overview.bids.len() => tf(
                locale,
                "figure.undefined.too_few_in_race",
                &[("have", &have.to_string()), ("need", &need.to_string())],
            ),
            Undefined::TooFewReviewers { have, need } if *have < self.overview.reviewers.len() => tf(
                locale,
                "figure.undefined.too_few_per_bid",
                &[("have", &have.to_string()), ("need", &need.to_string())],
            ),
            other => self.reason(locale, other),
        }
    }

    /// Why a figure is not there, with names.
    pub fn reason(&self, locale: Locale, undefined: &Undefined) -> String {
        let counts = |key: &str, have: usize, need: usize| {
            tf(locale, key, &[("have", &have.to_string()), ("need", &need.to_string())])
        };
        match undefined {
            Undefined::TooFewBids { have, need } => counts("figure.undefined.too_few_bids", *have, *need),
            Undefined::TooFewReviewers { have, need } => {
                counts("figure.undefined.too_few_reviewers", *have, *need)
            }
            Undefined::TooFewScores { have, need } => counts("figure.undefined.too_few_scores", *have, *need),
            Undefined::Incomplete { missing } => {
                tf(locale, "figure.undefined.incomplete", &[("missing", &missing.to_string())])
            }
            Undefined::NoVariation => t(locale, "figure.undefined.no_variation").to_owned(),
            Undefined::Disconnected { islands } => {
                let groups = islands.len().to_string();
                let named = self.islands(locale, islands);
                tf(locale, "figure.undefined.disconnected", &[("count", &groups), ("groups", &named)])
            }
            Undefined::Unbounded => t(locale, "figure.undefined.unbounded").to_owned(),
            Undefined::NotConverged { steps } => {
                tf(locale, "figure.undefined.not_converged", &[("steps", &steps.to_string())])
            }
            Undefined::BadParameter { name } if name == "resamples" => {
                t(locale, "figure.undefined.no_resamples").to_owned()
            }
            Undefined::BadParameter { name } => {
                tf(locale, "figure.undefined.bad_parameter", &[("name", &plain(name))])
            }
        }
    }

    fn islands(&self, locale: Locale, islands: &[Island]) -> String {
        let group = |island: &Island| {
            let bids: Vec<String> = island.bids.iter().map(|bid| self.bid_name(*bid)).collect();
            let experts: Vec<String> = island.reviewers.iter().map(|one| self.expert_name(*one)).collect();
            let (bids, experts) = (joined(locale, &bids), joined(locale, &experts));
            tf(locale, "figure.island", &[("bids", &bids), ("experts", &experts)])
        };
        let shown: Vec<String> = islands.iter().take(NAMED).map(group).collect();
        shown.join(t(locale, "common.list_separator"))
    }

    /// All bids and experts of the figures by their ids, for files.
    pub fn names(&self) -> Names<'_> {
        Names { bids: self.scored.bid_names(), experts: self.experts.clone() }
    }
}

/// Names for a sentence, the first few of many.
pub fn joined(locale: Locale, names: &[String]) -> String {
    let separator = t(locale, "common.list_separator");
    let shown: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    let shown = shown.join(separator);
    match names.len().checked_sub(NAMED) {
        Some(more) if more > 0 => {
            tf(locale, "figure.and_more", &[("names", &shown), ("more", &more.to_string())])
        }
        _ => shown,
    }
}

/// The ranking with its rows in the order they are shown.
fn as_shown(binding: &Binding) -> Ranking {
    let order: BTreeMap<BidId, usize> = binding.rows.iter().map(|row| row.bid_id).zip(0..).collect();
    let mut ranking = binding.ranking.clone();
    ranking.rows.sort_by_key(|row| order.get(&row.bid).copied());
    ranking
}

/// The seed of the resampling comes from the rule and the scores alone, so that the same scores in any order give the
/// same figures on every machine, with or without the seed of a draw.
fn seed_of(scored: &Scored) -> Vec<u8> {
    let mut sheets = scored.sheets();
    sheets.sort_by_key(|sheet| (sheet.bid, sheet.reviewer));
    let mut hash =
        Sha256::new().chain_update(scored.rule.freeze().hash).chain_update(scored.gate.to_be_bytes());
    for sheet in sheets {
        hash.update(sheet.bid.0.as_bytes());
        hash.update(sheet.reviewer.0.as_bytes());
        sheet.scores_milli.iter().for_each(|milli| hash.update(milli.to_be_bytes()));
    }
    hash.finalize().to_vec()
}

/// Whose ids these are.
#[derive(serde::Serialize)]
pub struct Names<'a> {
    bids: BTreeMap<BidId, &'a str>,
    experts: BTreeMap<PersonId, &'a str>,
}

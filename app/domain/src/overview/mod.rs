//! Everything the statistics have to say about one stage of one competition, in one value that screens, files and the
//! command line draw. Deliberately absent: sentences, and any influence on the binding result.

mod certainty;
mod evidence;
mod figures;
mod hurdles;
mod without;

use serde::{Deserialize, Serialize};

use crate::id::{BidId, PersonId};
use crate::stats::aggregate::Kemeny;
use crate::stats::agreement::{Alpha, Concordance, SixIcc};
use crate::stats::calibrate::Mixed;
use crate::stats::interval::{
    BootstrapSettings, Pivotal, RankInterval, RankIntervals, Sampling, Scheme, WeightSensitivity,
};
use crate::stats::{Island, Undefined};

pub use certainty::bootstrap;
pub use evidence::{Dropping, Evidence};
pub use figures::overview;
pub use without::{Contest, MOST_RERUNS, Reruns};

/// A figure, or why there is none. In JSON the figure itself, or an object with the key `undefined`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Figure<T> {
    Unknown(Undefined),
    Known(T),
}

impl<T> Figure<T> {
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    pub fn undefined(&self) -> Option<&Undefined> {
        match self {
            Self::Known(_) => None,
            Self::Unknown(reason) => Some(reason),
        }
    }
}

impl<T> From<Result<T, Undefined>> for Figure<T> {
    fn from(result: Result<T, Undefined>) -> Self {
        match result {
            Ok(value) => Self::Known(value),
            Err(reason) => Self::Unknown(reason),
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Bootstrap resamples; 10,000 is usual.
    pub resamples: u32,
    /// Of every interval, above 0 and below 1; 0.9 reads "nine times out of ten".
    pub confidence: f64,
    /// How many places count as winning; `None` takes the rule's.
    pub places: Option<usize>,
    /// Of the draws. The same seed gives the same rank intervals on every machine; expected ranks and chances of a place
    /// to the last digits of its logarithm.
    pub seed: Vec<u8>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { resamples: 10_000, confidence: 0.9, places: None, seed: b"unveil".to_vec() }
    }
}

impl Settings {
    fn places(&self, evidence: &Evidence) -> usize {
        self.places.unwrap_or(evidence.places).clamp(1, evidence.contending.len().max(1))
    }

    fn bootstrap(&self, evidence: &Evidence) -> BootstrapSettings {
        BootstrapSettings {
            resamples: self.resamples,
            seed: self.seed.clone(),
            confidence: self.confidence,
            top_k: self.places(evidence),
            always_draw: false,
        }
    }
}

/// The advisory figures of one stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    pub confidence: f64,
    /// Places that count as winning.
    pub places: usize,
    pub lower_is_better: bool,
    /// In binding order; bids without sheets are not here.
    pub bids: Vec<BidFigures>,
    pub reviewers: Vec<ReviewerFigures>,
    /// More than one: no calibration compares bids of different groups.
    pub islands: Vec<Island>,
    pub agreement: Agreement,
    pub resampling: Figure<Resampling>,
    /// `None` where [`BidFigures::calibrated`] is there.
    pub calibration_missing: Option<Undefined>,
    /// Variances of bids, reviewers and the rest.
    pub mixed: Figure<Mixed>,
    /// What [`Overview::pivotal`] and [`BidFigures::ranks_without_one`] rest on.
    pub without_one: WithoutOne,
    /// Positions are those of [`Overview::reviewers`].
    pub pivotal: Figure<Pivotal>,
    /// Who would win without each reviewer of [`Pivotal::winner`]; empty under [`WithoutOne::ScoresInTheRace`].
    pub winners_without: Vec<WinnersWithout>,
    /// Positions are those of [`Overview::bids`].
    pub weights: Figure<WeightSensitivity>,
    pub outlying: Vec<OutlyingScore>,
    pub consensus: Figure<Consensus>,
}

/// How it was found out what one reviewer means to the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithoutOne {
    /// The whole rule was applied to the sheets of the others: votes, vetoes, thresholds, marks, tie chain.
    WholeRule,
    /// Only the scores of the bids in the race were combined anew; who fails or passes a hurdle then was not looked at.
    ScoresInTheRace,
}

/// Who wins without one reviewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WinnersWithout {
    /// Position in [`Overview::reviewers`].
    pub reviewer: usize,
    /// Positions in [`Overview::bids`]: several where a draw that nobody has made would decide, none where nobody passes.
    pub bids: Vec<usize>,
}

/// What is known about one bid beyond its rank. `None` where the figure does not exist for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BidFigures {
    pub bid: BidId,
    /// Sheets that count.
    pub scores: usize,
    /// Of the sheets' weighted totals, in points.
    pub mean: f64,
    /// Sample standard deviation of the same, in points; from two sheets on.
    pub spread: Option<f64>,
    /// Where it could stand had other experts like these been asked.
    pub ranks: Option<RankInterval>,
    /// Best and worst rank without any one of the reviewers, over the runs in which the bid passes.
    pub ranks_without_one: Option<(u32, u32)>,
    /// By the whole rule: without one of the reviewers the bid would not pass. False where that was not looked at.
    pub may_fail_without_one: bool,
    /// Share, 0 to 1, of drawings from its own sheets in which the bid misses a hurdle of the rule. Of the first twenty bids,
    /// by the whole rule and where it has hurdles; else `None`.
    pub misses_hurdle: Option<f64>,
    /// Points after strictness is taken out, and the rank by them.
    pub calibrated: Option<f64>,
    pub calibrated_rank: Option<u32>,
    /// Mean of the scores in units of each reviewer's own mean and spread; and brought back to points.
    pub z_score: Option<f64>,
    pub mean_and_scale: Option<f64>,
    /// Mixed model: expected quality in points with its standard deviation, expected rank, probability of a place.
    pub quality: Option<f64>,
    pub quality_sd: Option<f64>,
    pub expected_rank: Option<f64>,
    pub p_place: Option<f64>,
    /// Against the next bid in binding order, over the reviewers who scored both.
    pub to_next: Option<Gap>,
}

/// The difference between two neighbouring bids, first minus second, in points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    pub mean: f64,
    /// Where the true difference lies at the confidence of the overview; `None` where all see the same difference, so
    /// that nothing tells how far it may be off.
    pub interval: Option<(f64, f64)>,
    pub p: f64,
    pub distinguishable: bool,
}

/// What is known about one reviewer. Never a judgement: strict is not wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReviewerFigures {
    pub reviewer: PersonId,
    /// Bids scored.
    pub scores: usize,
    pub mean: f64,
    /// Points given above (lenient) or below (strict) the others on the same bids.
    pub offset: Option<f64>,
    /// Spearman's rho between the own scores and the mean of the others' on the same bids, -1 to 1.
    pub agreement_with_others: Option<f64>,
}

/// Whether the reviewers saw the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    pub icc: Figure<SixIcc>,
    pub kendall_w: Figure<Concordance>,
    pub alpha_interval: Figure<Alpha>,
    pub alpha_ordinal: Figure<Alpha>,
    pub reliability: Figure<Reliability>,
}

/// How much of the differences between bids is the bids' own, from the mixed model's variances; also for sparse designs.
///
/// Where every reviewer scored every bid, strictness moves all bids alike and is no error: variance of bids / (bids +
/// residual), generalizability theory's relative coefficient. Else it is one: variance of bids / all variance, the
/// absolute coefficient (Brennan 2001, *Generalizability Theory*).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reliability {
    /// Of one reviewer's score, 0 to 1.
    pub single: f64,
    /// Of the mean of `reviews_per_bid` scores (Spearman-Brown).
    pub panel: f64,
    /// The harmonic mean over the bids.
    pub reviews_per_bid: f64,
    /// Reviews per bid for a reliability of [`GOOD_RELIABILITY`]; `None` when no number reaches it.
    pub needed: Option<usize>,
}

/// A usual target for a panel's mean; stricter than the 0.75 from which Koo and Li (2016) call reliability good.
pub const GOOD_RELIABILITY: f64 = 0.8;

/// How the rank intervals of [`BidFigures::ranks`] came about.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resampling {
    pub scheme: Scheme,
    pub sampling: Sampling,
    /// Bids with a single review, whose interval is too narrow.
    pub single_reviews: usize,
    /// Share of resamples with more than one bid at rank 1.
    pub tied_first: f64,
}

impl From<&RankIntervals> for Resampling {
    fn from(intervals: &RankIntervals) -> Self {
        Self {
            scheme: intervals.scheme,
            sampling: intervals.sampling,
            single_reviews: intervals.single_reviews,
            tied_first: intervals.tied_first as f64 / intervals.total.max(1) as f64,
        }
    }
}

/// A score far from the others of the same bid. A reason to look, never to delete.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutlyingScore {
    /// Positions in [`Overview::bids`] and [`Overview::reviewers`].
    pub bid: usize,
    pub reviewer: usize,
    pub score: f64,
    pub median: f64,
    /// Iglewicz and Hoaglin's modified z; beyond 3.5 either way.
    pub modified_z: f64,
}

/// An order of more bids than this tells nobody anything, and the search for it takes long.
pub const MOST_KEMENY: usize = 200;

/// An order by points, in which neighbours may be level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BordaOrder {
    pub order: Vec<usize>,
    /// Points of each bid of `order`.
    pub points: Vec<f64>,
}

/// The order by what each reviewer preferred to what, without points, of the bids that can win. Positions are those of
/// [`Overview::bids`], best first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Consensus {
    pub borda: Figure<BordaOrder>,
    /// Up to [`MOST_KEMENY`] bids; `None` beyond.
    pub kemeny: Option<Figure<Kemeny>>,
}

//! The binding result: score sheets in, a complete ranking out, in exact integers.
//!
//! Formula (the same for every combination): each criterion of a bid becomes one fraction `S_c / d`; the total is
//! `sum(weight_c * S_c) / (1000 * d)` points, rounded half up once, at the end, to the decimals of the rule.
//! Deliberately absent: floating point, and every advisory figure (those are statistics, not results).

mod combine;
mod down_select;
mod gather;
mod numbering;
mod rank;
mod stage;
mod standing;
mod tie;
mod tranche;
mod vote;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

pub use combine::{cumulative_milli, sheet_total_milli};
pub use down_select::{Contender, Cumulative, Cut, StageOutcome, StagePlace, down_select, exact_standing};
pub use rank::{DrawnRanking, rank, rank_entrants, rank_with_draws};
pub use standing::{AmountRanks, Axis, Growth, TwoPeriods, amount_ranks, competition_ranks};
pub use tranche::{SplitProblem, split_fen};
pub use vote::VoteCount;

use crate::id::{BidId, PersonId};
use crate::rule::TieBreak;
use crate::time::Timestamp;

/// One submitted score sheet. An abstention is not a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    pub bid: BidId,
    pub reviewer: PersonId,
    /// One score per criterion, in the order of the rubric.
    pub scores_milli: Vec<i64>,
    /// One answer per question of [`Rule::votes_at`](crate::rule::Rule::votes_at), in that order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub votes: Vec<bool>,
}

/// A bid that takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrant {
    pub bid: BidId,
    /// Needed where the tie chain says [`TieBreak::SealedEarlier`].
    pub sealed_at: Option<Timestamp>,
}

/// All bids in rank order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranking {
    pub rows: Vec<RankedBid>,
}

/// A score for each criterion, in the order of the rubric. Up to four need no memory of their own, so that ranking
/// thousands of bids does not ask for it thousands of times.
pub type CriterionScores = SmallVec<[i64; 4]>;

/// One bid's result and how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankedBid {
    pub bid: BidId,
    /// 1 is best; no two bids share a rank.
    pub rank: u32,
    /// Milli-points, already rounded to the decimals of the rule. Zero without sheets.
    pub total_milli: i64,
    /// Combined score of each criterion, rounded half up to milli-points; comparisons use the exact fraction.
    /// Empty without sheets.
    pub per_criterion_milli: CriterionScores,
    /// Sheets handed in, those left out as extremes included.
    pub sheets: u32,
    pub outcome: Outcome,
    /// The last link of the tie chain that was needed to place this bid among those with the same total.
    pub tie_broken_by: Option<TieBreak>,
    /// Experts who gave this bid the highest (or joint highest) weighted total among the bids they scored.
    pub first_places: u32,
}

/// Whether a bid may win. Where several reasons apply, the first in this order is given: no sheets, vote (in the
/// order of the rule), veto, threshold (both in rubric order), plain sum, pass mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    Passed,
    /// Not more than half of the sheets said yes.
    VoteLost {
        key: String,
        yes: u32,
        of: u32,
    },
    /// The combined score of this criterion, unrounded, is worse than its threshold.
    BelowThreshold {
        key: String,
    },
    /// At least one expert's score of this criterion is worse than its threshold.
    Vetoed {
        key: String,
    },
    /// The sum of the combined scores, each counted once and unrounded, is worse than its mark.
    BelowPlainSum,
    /// The rounded total, the one that is published, is worse than the pass mark.
    BelowPassMark,
    NoSheets,
}

/// Why there is no ranking. Each names what the caller handed in, never what a person typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "problem")]
#[error("{self:?}")]
pub enum ScoreProblem {
    UnknownGate {
        gate: u32,
    },
    /// The rule is longer than [`Rule::is_bounded`](crate::rule::Rule::is_bounded) allows, or the rubric has no criteria, an unsound scale, weights that do not sum to 1000, or factors that are all zero or
    /// above [`MAX_FACTOR`](crate::rule::MAX_FACTOR).
    RubricUnsound,
    DuplicateBid {
        bid: BidId,
    },
    UnknownBid {
        bid: BidId,
    },
    DuplicateSheet {
        bid: BidId,
        reviewer: PersonId,
    },
    WrongLength {
        bid: BidId,
        reviewer: PersonId,
        expected: u32,
        actual: u32,
    },
    /// Not one answer per question.
    WrongVotes {
        bid: BidId,
        reviewer: PersonId,
        expected: u32,
        actual: u32,
    },
    /// The tie chain asks for the time of sealing.
    SealingTimeMissing {
        bid: BidId,
    },
    OutsideScale {
        bid: BidId,
        reviewer: PersonId,
        key: String,
    },
    NotOnStep {
        bid: BidId,
        reviewer: PersonId,
        key: String,
    },
}

/// The winners: the first `max` of the bids that passed, best first. A bid that failed never moves up.
pub fn winners(ranking: &Ranking, max: u32) -> Vec<BidId> {
    let passed = ranking.rows.iter().filter(|row| row.outcome == Outcome::Passed);
    passed.take(max as usize).map(|row| row.bid).collect()
}

/// Counts here are of bids and sheets held in memory: far below the limit.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

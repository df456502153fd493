//! What the ranking would be without one of the reviewers. Deliberately absent: a judgement of that reviewer; somebody
//! has to be the one that decides a close race.

use serde::{Deserialize, Serialize};

use super::super::Undefined;
use super::RankedQuantity;
use super::standing::{RankRanges, Standing};

/// Up to this many bids times reviewers, values and ranks without each reviewer are given in full.
const MOST_IN_FULL: usize = 100_000;

/// The ranking with everybody and without each reviewer in turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeaveOneOut {
    /// The quantity with everybody, in points; `None` for a bid without a review. So for all lists of bids here.
    pub values: Vec<Option<f64>>,
    /// Competition ranks with everybody, from 1.
    pub ranks: Vec<Option<u32>>,
    /// The best rank a bid has without one reviewer, over all reviewers.
    pub best_ranks: Vec<Option<u32>>,
    /// The worst one.
    pub worst_ranks: Vec<Option<u32>>,
    /// Positions of the bids at rank 1, ascending.
    pub leaders: Vec<usize>,
    /// One per reviewer that has a review, by position.
    pub without: Vec<WithoutReviewer>,
}

/// The ranking without one reviewer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WithoutReviewer {
    pub reviewer: usize,
    /// Positions of the bids at rank 1, ascending.
    pub leaders: Vec<usize>,
    /// Positions of the bids left without a review, ascending. They drop out of this ranking, and it does not count
    /// for their best and worst rank.
    pub dropped: Vec<usize>,
    /// All bids, in a panel of up to 100,000 bids times reviewers.
    pub everybody: Option<Everybody>,
}

/// All bids without one reviewer, by position.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Everybody {
    pub values: Vec<Option<f64>>,
    pub ranks: Vec<Option<u32>>,
}

/// Reviewers on whom the outcome hangs, by position, ascending.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pivotal {
    pub top_k: usize,
    /// Without each of them other bids are at rank 1: a new winner, or a tie made or broken.
    pub winner: Vec<usize>,
    /// Without each of them other bids have a competition rank of `top_k` or better.
    pub top: Vec<usize>,
}

/// Leaves out each reviewer's reviews in turn and ranks again: the jackknife, of ranks. Where not everybody scored
/// every bid, only the bids of that reviewer change their value; the others at most their rank. The rule is applied to
/// the scores that are left: with four left, one that drops extremes from five on drops nothing.
///
/// Time: O(reviews * log(bids)) for the mean; a bid of n reviews takes n^2 for the other combinations.
/// Source: Efron (1982), The jackknife, the bootstrap and other resampling plans, chapter 3.
///
/// # Errors
/// [`Undefined::TooFewReviewers`] below 2 with a review; otherwise as [`RankedQuantity::values`].
pub fn leave_one_reviewer_out(quantity: &RankedQuantity) -> Result<LeaveOneOut, Undefined> {
    let standing = Standing::of(quantity)?;
    let in_full = standing.bids().saturating_mul(standing.reviewers()) <= MOST_IN_FULL;
    let mut ranges = RankRanges::new(standing.rows());
    let mut is_changed = vec![false; standing.rows()];
    let mut without = Vec::new();
    for (reviewer, reviews) in standing.by_reviewer()? {
        let changes = standing.without(&reviews);
        let dropped = changes.iter().filter(|change| change.after.is_none()).map(|change| change.row);
        let everybody = in_full.then(|| {
            let (values, ranks) = standing.everybody(&changes);
            Everybody { values, ranks }
        });
        without.push(WithoutReviewer {
            reviewer,
            leaders: standing.top(&changes, 1, &mut is_changed),
            dropped: standing.positions(dropped),
            everybody,
        });
        standing.add_ranks(&changes, &mut ranges);
    }
    let (best_ranks, worst_ranks) = standing.ranges(ranges);
    let (values, ranks) = standing.everybody(&[]);
    let leaders = standing.top(&[], 1, &mut is_changed);
    Ok(LeaveOneOut { values, ranks, best_ranks, worst_ranks, leaders, without })
}

/// The reviewers whose removal alone changes who is first, or who is among the first `top_k`.
///
/// Time: O(reviews * log(bids) + reviewers * `top_k`) for the mean.
///
/// # Errors
/// As [`leave_one_reviewer_out`]; [`Undefined::BadParameter`] (`top_k`) when it is 0.
pub fn pivotal_reviewers(quantity: &RankedQuantity, top_k: usize) -> Result<Pivotal, Undefined> {
    if top_k == 0 {
        return Err(Undefined::BadParameter { name: "top_k".to_owned() });
    }
    let standing = Standing::of(quantity)?;
    let mut is_changed = vec![false; standing.rows()];
    let leaders = standing.top(&[], 1, &mut is_changed);
    let top = standing.top(&[], top_k, &mut is_changed);
    let mut pivotal = Pivotal { top_k, winner: Vec::new(), top: Vec::new() };
    for (reviewer, reviews) in standing.by_reviewer()? {
        let changes = standing.without(&reviews);
        if standing.top(&changes, 1, &mut is_changed) != leaders {
            pivotal.winner.push(reviewer);
        }
        if standing.top(&changes, top_k, &mut is_changed) != top {
            pivotal.top.push(reviewer);
        }
    }
    Ok(pivotal)
}

//! Intervals by Student's t: of one mean, and of the difference of two bids that the same reviewers scored.
//! Deliberately absent: corrections for many comparisons; whoever compares every pair finds differences by chance.

use serde::{Deserialize, Serialize};

use super::super::distribution::{t_cdf, t_quantile};
use super::super::{Panel, Undefined};
use super::summary::{check, mean, sample_sd, standard_error};

/// `mean ± t * sd / sqrt(n)` with the quantile of Student's t at `(1 + confidence) / 2`, n - 1 degrees of freedom.
/// All in the scores' unit, except where said. Ends may lie outside the scale of the scores. Source: see [`t_interval`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TInterval {
    /// How many, from 2.
    pub scores: usize,
    pub mean: f64,
    /// Sample standard deviation, 0 or more.
    pub sd: f64,
    /// Of the mean, 0 or more.
    pub standard_error: f64,
    /// The quantile, without unit, above 0.
    pub t_critical: f64,
    pub low: f64,
    pub high: f64,
}

/// How two bids differ in the eyes of the reviewers that scored both; first minus second, in the scores' unit except where
/// said. Source: see [`paired_difference`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairedDifference {
    /// Positions of the reviewers that scored both, ascending.
    pub reviewers: Vec<usize>,
    /// One difference per reviewer.
    pub differences: Vec<f64>,
    pub mean: f64,
    /// Sample standard deviation of the differences, above 0.
    pub sd: f64,
    /// `mean / (sd / sqrt(n))`, without unit.
    pub t: f64,
    /// Chance of a difference as far from zero or further, either way, were there none; in [0, 1].
    pub p: f64,
    /// The interval of the mean, as in [`TInterval`].
    pub low: f64,
    pub high: f64,
    /// Whether the interval leaves out zero.
    pub distinguishable: bool,
}

/// The t interval of a mean. Meant for roughly normal scores; below five of them the interval is wide for a reason.
///
/// Source: Student (1908), Biometrika 6:1-25.
///
/// # Errors
/// [`Undefined::TooFewScores`] below 2; [`Undefined::BadParameter`] names `scores` (not finite) or `confidence`
/// (not above 0 and below 1).
pub fn t_interval(scores: &[f64], confidence: f64) -> Result<TInterval, Undefined> {
    check(scores, 2)?;
    if !(confidence > 0.0 && confidence < 1.0) {
        return Err(Undefined::BadParameter { name: "confidence".to_owned() });
    }
    let (mean, sd, standard_error) = (mean(scores)?, sample_sd(scores)?, standard_error(scores)?);
    let t_critical = t_quantile(f64::midpoint(1.0, confidence), (scores.len() - 1) as f64);
    let reach = t_critical * standard_error;
    Ok(TInterval {
        scores: scores.len(),
        mean,
        sd,
        standard_error,
        t_critical,
        low: mean - reach,
        high: mean + reach,
    })
}

/// The paired t test of two bids over the reviewers they have in common. Severity cancels out: a strict reviewer is
/// strict with both.
///
/// Source: Student (1908), Biometrika 6:1-25.
///
/// # Errors
/// [`Undefined::TooFewReviewers`] below 2 in common; [`Undefined::NoVariation`] when all reviewers see the same
/// difference (there is nothing to measure it by); [`Undefined::BadParameter`] names `bid` (beyond the panel) or
/// `confidence`.
pub fn paired_difference(
    panel: &Panel,
    first: usize,
    second: usize,
    confidence: f64,
) -> Result<PairedDifference, Undefined> {
    if first.max(second) >= panel.bids() {
        return Err(Undefined::BadParameter { name: "bid".to_owned() });
    }
    let (reviewers, scores) = panel.of_bid(first);
    let (other_reviewers, other_scores) = panel.of_bid(second);
    let (mut common, mut differences) = (Vec::new(), Vec::new());
    let mut others = other_reviewers.iter().zip(other_scores).peekable();
    for (reviewer, score) in reviewers.iter().zip(scores) {
        while others.next_if(|(other, _)| *other < reviewer).is_some() {}
        if let Some((_, other)) = others.next_if(|(other, _)| *other == reviewer) {
            common.push(*reviewer as usize);
            differences.push(score - other);
        }
    }
    if differences.len() < 2 {
        return Err(Undefined::TooFewReviewers { have: differences.len(), need: 2 });
    }
    let interval = t_interval(&differences, confidence)?;
    // Differences of decimals are rarely equal to the last bit.
    let largest = scores.iter().chain(other_scores).fold(0.0_f64, |largest, score| largest.max(score.abs()));
    if interval.sd <= 1e-12 * largest {
        return Err(Undefined::NoVariation);
    }
    let t = interval.mean / interval.standard_error;
    let p = 2.0 * t_cdf(-t.abs(), (differences.len() - 1) as f64);
    Ok(PairedDifference {
        reviewers: common,
        differences,
        mean: interval.mean,
        sd: interval.sd,
        t,
        p,
        low: interval.low,
        high: interval.high,
        distinguishable: interval.low > 0.0 || interval.high < 0.0,
    })
}

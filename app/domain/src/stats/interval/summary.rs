//! One bid's scores in one number, and ranks with ties. Deliberately absent: weights; callers hand in weighted totals.

use serde::{Deserialize, Serialize};

use super::super::Undefined;

/// The arithmetic mean, sum / n: in the scores' unit, between the lowest and the highest score (to rounding).
///
/// Source: here and up to [`standard_error`] where none is named, NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.
///
/// # Errors
/// [`Undefined::TooFewScores`] without scores; [`Undefined::BadParameter`] (`scores`) when one is not finite. So for
/// everything in this module.
pub fn mean(scores: &[f64]) -> Result<f64, Undefined> {
    check(scores, 1)?;
    Ok(mean_of(scores.iter().copied()))
}

/// The middle score, or the mean of the middle two: in the scores' unit, between the lowest and the highest score.
///
/// Source: e-Handbook 1.3.5.1, as [`mean`].
///
/// # Errors
/// As [`mean`].
pub fn median(scores: &[f64]) -> Result<f64, Undefined> {
    let sorted = sorted(scores, 1)?;
    let middle = sorted.iter().skip((sorted.len() - 1) / 2).take(2 - sorted.len() % 2);
    Ok(mean_of(middle.copied()))
}

/// The mean without one highest and one lowest score (of several equal ones, one), in the scores' unit. `min_scores`
/// is the number below which the rule does not apply; at least 3 are needed in any case.
///
/// Source: the usual rule of Chinese panels (one highest and one lowest score are left out).
///
/// # Errors
/// As [`mean`]; [`Undefined::TooFewScores`] also below `min_scores`: the caller decides what then counts.
pub fn drop_extremes(scores: &[f64], min_scores: usize) -> Result<f64, Undefined> {
    let sorted = sorted(scores, min_scores.max(3))?;
    Ok(mean_of(sorted.iter().skip(1).take(sorted.len() - 2).copied()))
}

/// The mean after the `each_side` lowest scores became the next higher and the `each_side` highest the next lower one.
///
/// Source: Dixon & Tukey (1968), Technometrics 10:83-98.
///
/// # Errors
/// As [`mean`]; at least `2 * each_side + 1` scores are needed.
pub fn winsorised_mean(scores: &[f64], each_side: usize) -> Result<f64, Undefined> {
    let sorted = sorted(scores, each_side.saturating_mul(2).saturating_add(1))?;
    let inner = sorted.get(each_side..sorted.len() - each_side).unwrap_or_default();
    let (Some(&lowest), Some(&highest)) = (inner.first(), inner.last()) else { return mean(scores) };
    Ok(mean_of(sorted.iter().map(|score| score.clamp(lowest, highest))))
}

/// `sqrt(sum (x - mean)^2 / (n - 1))`, in the scores' unit, 0 or more.
///
/// Source: e-Handbook 1.3.5.6, as [`mean`].
///
/// # Errors
/// As [`mean`]; at least 2 scores are needed.
pub fn sample_sd(scores: &[f64]) -> Result<f64, Undefined> {
    check(scores, 2)?;
    let mean = mean_of(scores.iter().copied());
    let squares: f64 = scores.iter().map(|score| (score - mean) * (score - mean)).sum();
    Ok((squares / (scores.len() - 1) as f64).sqrt())
}

/// Sample standard deviation / sqrt(n): how far the mean of such a panel scatters. In the scores' unit, 0 or more.
///
/// Source: e-Handbook 1.3.5.2, as [`mean`].
///
/// # Errors
/// As [`sample_sd`].
pub fn standard_error(scores: &[f64]) -> Result<f64, Undefined> {
    Ok(sample_sd(scores)? / (scores.len() as f64).sqrt())
}

/// What rank bids with equal scores have. Examples for a first place shared by two of four.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieMethod {
    /// 1 + the number of better ones: 1 1 3 4.
    Competition,
    /// 1 + the number of better scores: 1 1 2 3.
    Dense,
    /// The mean of the places they take: 1.5 1.5 3 4. What rank correlations use.
    Fractional,
    /// The number of those that are as good or better: 2 2 3 4.
    Modified,
    /// By their order in the list: 1 2 3 4.
    Ordinal,
}

/// The rank of each score, without unit, from 1 (the best) to the number of scores; a half only of
/// [`TieMethod::Fractional`]. Scores are equal when they are the same number: round before where a computation may have
/// left its traces.
///
/// Source: Kendall (1948), Rank Correlation Methods, ch. 3, for the mean of the places; the others are the usual methods of
/// ranking in sports and statistics (in R's `rank`: min, max, first).
///
/// # Errors
/// As [`mean`].
pub fn ranks_with_ties(
    scores: &[f64],
    method: TieMethod,
    lower_is_better: bool,
) -> Result<Vec<f64>, Undefined> {
    check(scores, 1)?;
    let mut order: Vec<(f64, usize)> =
        scores.iter().map(|score| if lower_is_better { *score } else { -score } + 0.0).zip(0..).collect();
    order.sort_by(|left, right| left.0.total_cmp(&right.0));
    let mut ranks = vec![0.0; scores.len()];
    let mut better = 0;
    for (group, tied) in order.chunk_by(|left, right| left.0 == right.0).enumerate() {
        for (place, &(_, index)) in tied.iter().enumerate() {
            let rank = match method {
                TieMethod::Competition => (better + 1) as f64,
                TieMethod::Dense => (group + 1) as f64,
                TieMethod::Fractional => better as f64 + (tied.len() + 1) as f64 / 2.0,
                TieMethod::Modified => (better + tied.len()) as f64,
                TieMethod::Ordinal => (better + place + 1) as f64,
            };
            if let Some(entry) = ranks.get_mut(index) {
                *entry = rank;
            }
        }
        better += tied.len();
    }
    Ok(ranks)
}

fn mean_of(scores: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = scores.fold((0.0, 0.0), |(sum, count), score| (sum + score, count + 1.0));
    sum / count
}

pub(super) fn check(scores: &[f64], need: usize) -> Result<(), Undefined> {
    if !scores.iter().all(|score| score.is_finite()) {
        return Err(Undefined::BadParameter { name: "scores".to_owned() });
    }
    if scores.len() < need {
        return Err(Undefined::TooFewScores { have: scores.len(), need });
    }
    Ok(())
}

fn sorted(scores: &[f64], need: usize) -> Result<Vec<f64>, Undefined> {
    check(scores, need)?;
    let mut sorted = scores.to_vec();
    sorted.sort_by(f64::total_cmp);
    Ok(sorted)
}

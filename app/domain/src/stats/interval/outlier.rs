//! Scores that do not fit the others. Deliberately absent: any consequence; an outlier is a question to the reviewer,
//! who may be the only one that saw the flaw.

use serde::{Deserialize, Serialize};

use super::super::Undefined;
use super::super::distribution::t_quantile;
use super::summary::{check, mean, median, sample_sd};

/// Beyond this modified z a score is flagged (Iglewicz & Hoaglin 1993).
const FLAG_AT: f64 = 3.5;
/// A deviation that misses the floor by this share of it has reached it: the rest is rounding.
const FLOOR_ROUNDING: f64 = 1e-9;
/// The 0.75 quantile of the normal distribution, as its authors round it: it turns a MAD into a standard deviation.
const NORMAL_QUARTILE: f64 = 0.6745;

/// Grubbs' test for one outlier, at either end and at both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grubbs {
    /// `max |x - mean| / sd`: the larger of the next two.
    pub g: f64,
    /// `(highest - mean) / sd`.
    pub g_highest: f64,
    /// `(mean - lowest) / sd`.
    pub g_lowest: f64,
    /// Where the score of `g` is; of several, the first.
    pub position: usize,
    /// What `g_highest`, or `g_lowest`, must pass when only that end was suspected beforehand.
    pub critical_one_sided: f64,
    /// What `g` must pass when either end would do.
    pub critical_two_sided: f64,
    /// Whether `g` passes `critical_two_sided`.
    pub is_outlier: bool,
    /// Whether `g_highest` passes `critical_one_sided`.
    pub is_outlier_highest: bool,
    /// Whether `g_lowest` passes it.
    pub is_outlier_lowest: bool,
}

/// Modified z scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModifiedZ {
    /// In the scores' unit.
    pub median: f64,
    /// Median absolute deviation from the median, in the scores' unit, above 0; the mean one of [`mean_deviation_z`].
    pub mad: f64,
    /// `0.6745 (x - median) / mad`, one per score, without unit.
    pub z: Vec<f64>,
    /// Positions where |z| > 3.5, ascending; of [`mean_deviation_z`] only those that reach the floor.
    pub flagged: Vec<usize>,
}

/// Grubbs' test at level `alpha` (above 0, below 1; 0.05 is usual). Critical value
/// `(n - 1) / sqrt(n) * sqrt(t^2 / (n - 2 + t^2))` with t the upper quantile of Student's t at `alpha / n` (one-sided) or
/// `alpha / 2n` (two-sided), n - 2 degrees of freedom. It supposes normal scores and one outlier; with six scores or
/// fewer it flags too often, and two outliers on one side hide each other.
///
/// Source: Grubbs (1969), Technometrics 11:1-21; NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.17.1.
///
/// # Errors
/// [`Undefined::TooFewScores`] below 3; [`Undefined::NoVariation`] when all are equal; [`Undefined::BadParameter`]
/// names `scores` (not finite) or `alpha`.
pub fn grubbs(scores: &[f64], alpha: f64) -> Result<Grubbs, Undefined> {
    check(scores, 3)?;
    if !(alpha > 0.0 && alpha < 1.0) {
        return Err(Undefined::BadParameter { name: "alpha".to_owned() });
    }
    let first = scores.first().copied().unwrap_or(0.0);
    if scores.iter().all(|score| *score == first) {
        return Err(Undefined::NoVariation);
    }
    let (mean, sd) = (mean(scores)?, sample_sd(scores)?);
    let highest = scores.iter().copied().fold(f64::MIN, f64::max);
    let lowest = scores.iter().copied().fold(f64::MAX, f64::min);
    let (g_highest, g_lowest) = ((highest - mean) / sd, (mean - lowest) / sd);
    let extreme = if g_highest >= g_lowest { highest } else { lowest };
    let n = scores.len() as f64;
    let critical = |tail: f64| {
        let t = t_quantile(1.0 - tail, n - 2.0);
        (n - 1.0) / n.sqrt() * (t * t / (n - 2.0 + t * t)).sqrt()
    };
    let (critical_one_sided, critical_two_sided) = (critical(alpha / n), critical(alpha / (2.0 * n)));
    let g = g_highest.max(g_lowest);
    Ok(Grubbs {
        g,
        g_highest,
        g_lowest,
        position: scores.iter().position(|score| *score == extreme).unwrap_or(0),
        critical_one_sided,
        critical_two_sided,
        is_outlier: g > critical_two_sided,
        is_outlier_highest: g_highest > critical_one_sided,
        is_outlier_lowest: g_lowest > critical_one_sided,
    })
}

/// Modified z scores; several outliers do not hide each other as long as they are fewer than half.
///
/// Source: Iglewicz & Hoaglin (1993), How to detect and handle outliers.
///
/// # Errors
/// [`Undefined::TooFewScores`] below 3; [`Undefined::NoVariation`] when the MAD is zero, that is when more than half of the
/// scores are equal; [`Undefined::BadParameter`] (`scores`) when one is not finite.
pub fn modified_z(scores: &[f64]) -> Result<ModifiedZ, Undefined> {
    check(scores, 3)?;
    let middle = median(scores)?;
    let deviations: Vec<f64> = scores.iter().map(|score| (score - middle).abs()).collect();
    let mad = median(&deviations)?;
    if mad == 0.0 {
        return Err(Undefined::NoVariation);
    }
    let z: Vec<f64> = scores.iter().map(|score| NORMAL_QUARTILE * (score - middle) / mad).collect();
    Ok(ModifiedZ { median: middle, mad, flagged: flagged(&z), z })
}

/// As [`modified_z`] where the median of the deviations is zero: `(score - median) / (1.253314 x mean absolute deviation
/// from the median)`, the factor making it the standard deviation of normal scores. `mad` holds that mean.
///
/// One score that differs from n - 1 equal ones has |z| = n / 1.253314 however near it is to them, which is beyond 3.5 from
/// five scores on. Therefore a score is flagged only when it also lies at least `floor` from the median (in the scores' unit,
/// 0 or more): two steps of the scale are a difference that means something; 0 flags by z alone.
///
/// Source: Iglewicz & Hoaglin (1993), How to detect and handle outliers; the factor is sqrt(pi / 2). The floor is this
/// project's own.
///
/// # Errors
/// As [`modified_z`], [`Undefined::NoVariation`] when all scores are equal; [`Undefined::BadParameter`] names `floor` too
/// (negative or not finite).
pub fn mean_deviation_z(scores: &[f64], floor: f64) -> Result<ModifiedZ, Undefined> {
    check(scores, 3)?;
    if !(floor >= 0.0 && floor.is_finite()) {
        return Err(Undefined::BadParameter { name: "floor".to_owned() });
    }
    let middle = median(scores)?;
    let deviations: Vec<f64> = scores.iter().map(|score| score - middle).collect();
    let mad = mean(&deviations.iter().map(|deviation| deviation.abs()).collect::<Vec<_>>())?;
    if mad == 0.0 {
        return Err(Undefined::NoVariation);
    }
    let scale = mad * (std::f64::consts::PI / 2.0).sqrt();
    let z: Vec<f64> = deviations.iter().map(|deviation| deviation / scale).collect();
    Ok(ModifiedZ { median: middle, mad, flagged: flagged(&z), z }.at_least(floor, scores))
}

/// Positions of what is far by z alone.
fn flagged(z: &[f64]) -> Vec<usize> {
    z.iter().zip(0..).filter(|(z, _)| z.abs() > FLAG_AT).map(|(_, position)| position).collect()
}

impl ModifiedZ {
    /// Flags only those of `scores`, which it was made of, that also lie at least `floor` from the median, to rounding.
    pub fn at_least(mut self, floor: f64, scores: &[f64]) -> Self {
        let least = floor * (1.0 - FLOOR_ROUNDING);
        let is_far = |score: &f64| (score - self.median).abs() >= least;
        self.flagged.retain(|position| scores.get(*position).is_some_and(is_far));
        self
    }
}

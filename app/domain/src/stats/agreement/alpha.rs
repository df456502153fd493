//! Krippendorff's alpha for any number of reviewers, any level of measurement and missing scores. Deliberately absent:
//! a confidence interval, which needs resampling.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::super::{Panel, Undefined};
use super::distinct::Distinct;
use super::ratio::{difference, over_pairs, sum_over_pairs};

/// What differences between two scores `c` and `k` mean. `n(c)` counts the pairable scores equal to `c`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Categories: 1 when different.
    Nominal,
    /// Orders: `(Σ n(g) for g from c to k - (n(c) + n(k)) / 2)²`.
    Ordinal,
    /// Points: `(c - k)²`.
    Interval,
    /// Points with a true zero, none negative: `((c - k) / (c + k))²`.
    Ratio,
}

/// Agreement beyond chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alpha {
    /// 1 - observed / expected disagreement: 1 for perfect agreement, 0 for chance, below 0 for systematic
    /// disagreement.
    pub alpha: f64,
    /// Bids with two scores or more; others say nothing about agreement and are left out.
    pub units: usize,
    /// Scores of those bids.
    pub values: usize,
}

/// Alpha of `n` pairable scores, `m(u)` of them on bid `u`:
/// `1 - (n - 1) Σu Σ(pairs in u) δ² / (m(u) - 1) / Σ(all pairs) δ²`.
/// Time grows with the scores, at the ratio level with the square of a bid's scores.
/// Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; (2004), Content Analysis, ch. 11.
///
/// # Errors
/// `TooFewReviewers` (two), `TooFewScores` when no bid has two, `TooFewBids` when only one bid has (alpha would be 0 by
/// construction), `NoVariation` when all pairable scores are equal, `BadParameter` for a negative score at the ratio
/// level.
pub fn krippendorff_alpha(panel: &Panel, level: Level) -> Result<Alpha, Undefined> {
    if panel.reviewers() < 2 {
        return Err(Undefined::TooFewReviewers { have: panel.reviewers(), need: 2 });
    }
    let units = Pairable::of(panel)?;
    if level == Level::Ratio && units.scores.iter().any(|&score| score < 0.0) {
        return Err(Undefined::BadParameter { name: "scores".into() });
    }
    let (within, all) = match level {
        Level::Nominal => units.nominal(),
        Level::Ordinal => units.ordinal(),
        Level::Interval => units.interval(),
        Level::Ratio => units.ratio(),
    };
    if all <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    let values = units.scores.len();
    let alpha = 1.0 - (values as f64 - 1.0) * within.max(0.0) / all;
    Ok(Alpha { alpha, units: units.sizes.len(), values })
}

/// The scores of bids that have two or more, bid by bid.
struct Pairable<'a> {
    scores: Cow<'a, [f64]>,
    /// How many scores each bid has.
    sizes: Vec<usize>,
}

/// Each level's sums over ordered pairs: disagreement within bids, every bid's divided by `m(u) - 1`, and among all.
type Disagreement = (f64, f64);

impl<'a> Pairable<'a> {
    fn of(panel: &'a Panel) -> Result<Self, Undefined> {
        let sizes = (0..panel.bids()).map(|bid| panel.of_bid(bid).1.len());
        let kept: Vec<usize> = sizes.clone().filter(|&size| size > 1).collect();
        let scores = if sizes.clone().any(|size| size == 1) {
            let pairable = (0..panel.bids()).map(|bid| panel.of_bid(bid).1).filter(|scores| scores.len() > 1);
            Cow::Owned(pairable.flatten().copied().collect())
        } else {
            Cow::Borrowed(panel.scores())
        };
        match kept.len() {
            0 => Err(Undefined::TooFewScores { have: 0, need: 2 }),
            1 => Err(Undefined::TooFewBids { have: 1, need: 2 }),
            _ => Ok(Self { scores, sizes: kept }),
        }
    }

    /// Adds up `of_unit` over bids, each given its entries of `items` (one per score).
    fn sum_over_units<T>(&self, items: &[T], mut of_unit: impl FnMut(&[T]) -> f64) -> f64 {
        let mut rest = items;
        let mut sum = 0.0;
        for &size in &self.sizes {
            let Some((unit, others)) = rest.split_at_checked(size) else { break };
            sum += of_unit(unit);
            rest = others;
        }
        sum
    }

    /// With squared differences, the pairs of a group of `m` are `2 m` times its sum of squares around its mean.
    /// `middle` is any number near the values.
    fn squared<T: Copy>(&self, items: &[T], middle: f64, value_of: impl Fn(T) -> f64) -> Disagreement {
        let (mut sum_of_all, mut squares_of_all) = (0.0, 0.0);
        let within = self.sum_over_units(items, |unit| {
            let (mut sum, mut squares) = (0.0, 0.0);
            for &item in unit {
                let distance = value_of(item) - middle;
                sum += distance;
                squares += distance * distance;
            }
            sum_of_all += sum;
            squares_of_all += squares;
            let size = unit.len() as f64;
            2.0 * (size * squares - sum * sum).max(0.0) / (size - 1.0)
        });
        (within, 2.0 * (items.len() as f64 * squares_of_all - sum_of_all * sum_of_all))
    }

    fn interval(&self) -> Disagreement {
        let (low, high) =
            self.scores.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &score| {
                (low.min(score), high.max(score))
            });
        if low >= high {
            return (0.0, 0.0);
        }
        self.squared(&self.scores, 0.5 * (low + high), |score| score)
    }

    /// The ordinal difference is that of mid-ranks: scores below plus half of the equal ones.
    fn ordinal(&self) -> Disagreement {
        let distinct = Distinct::of(&self.scores);
        let mut below = 0.0;
        let mid_ranks: Vec<f64> = counts(&distinct)
            .into_iter()
            .map(|count| {
                let mid_rank = below + 0.5 * f64::from(count);
                below += f64::from(count);
                mid_rank
            })
            .collect();
        self.squared(&distinct.codes, 0.5 * below, |code| {
            mid_ranks.get(code as usize).copied().unwrap_or_default()
        })
    }

    fn nominal(&self) -> Disagreement {
        let distinct = Distinct::of(&self.scores);
        let mut seen = vec![0_u32; distinct.values.len()];
        let within = self.sum_over_units(&distinct.codes, |unit| {
            let mut equal_pairs = 0;
            for &code in unit {
                if let Some(seen) = seen.get_mut(code as usize) {
                    equal_pairs += 2 * u64::from(*seen);
                    *seen += 1;
                }
            }
            for &code in unit {
                if let Some(seen) = seen.get_mut(code as usize) {
                    *seen = 0;
                }
            }
            let size = unit.len() as f64;
            size - equal_pairs as f64 / (size - 1.0)
        });
        let values = self.scores.len() as f64;
        let equal_pairs: f64 = counts(&distinct).into_iter().map(|count| f64::from(count).powi(2)).sum();
        (within, values * values - equal_pairs)
    }

    fn ratio(&self) -> Disagreement {
        let distinct = Distinct::of(&self.scores);
        let within = self.sum_over_units(&self.scores, |unit| {
            2.0 * over_pairs(unit, |left, right| difference(*left, *right)) / (unit.len() as f64 - 1.0)
        });
        let counted: Vec<(f64, f64)> = distinct
            .values
            .iter()
            .zip(counts(&distinct))
            .filter(|(_, count)| *count > 0)
            .map(|(&value, count)| (value, f64::from(count)))
            .collect();
        (within, sum_over_pairs(&counted))
    }
}

fn counts(distinct: &Distinct) -> Vec<u32> {
    let mut counts = vec![0; distinct.values.len()];
    for &code in &distinct.codes {
        if let Some(count) = counts.get_mut(code as usize) {
            *count += 1;
        }
    }
    counts
}

//! How little the weights would have to change for another bid to win. Deliberately absent: who is first (the binding
//! ranking says so, with its rounding and its tie chain), and how likely such weights are; the committee knows.

use serde::{Deserialize, Serialize};

use super::super::Undefined;

/// Differences below this share of the largest possible total are traces of `f64`, not leads.
pub(super) const TRACE: f64 = 1e-12;

/// The smallest changes that end the winner's lead. At the given change the bid draws level; any more and it is ahead.
///
/// Totals are compared unrounded, and the winner may owe its place to rounding or to the tie chain: then a change is 0
/// where another bid is ahead already, or is level and pulls ahead with the least change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightSensitivity {
    /// Position of the bid that is first in the binding ranking, as the caller said.
    pub winner: usize,
    /// Per criterion, the smallest change of its weight alone, the other weights rescaled so that the sum stays (when
    /// they are all zero, what is freed is spread evenly). `None` when no weight from 0 to the sum does it.
    pub one_weight: Vec<Option<WeightChange>>,
    /// The smallest change of all weights together; `None` when the winner is at least as good in every criterion.
    pub all_weights: Option<WeightsChange>,
}

/// A change of one weight, in the weights' unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightChange {
    /// Signed; 0 see [`WeightSensitivity`].
    pub change: f64,
    /// The weight after the change, from 0 to the sum of all.
    pub weight: f64,
    /// Who takes over; of several at the same change, the first.
    pub bid: usize,
}

/// A change of all weights, in the weights' unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightsChange {
    /// `sqrt(sum of squared changes)`, 0 or more.
    pub distance: f64,
    /// After the change: none below zero, with the same sum.
    pub weights: Vec<f64>,
    /// Who takes over; of several at the same distance, the first.
    pub bid: usize,
}

/// `means` has one row per bid and one column per criterion, in points; `weights`, in any unit, one entry per criterion;
/// `first` is the row of the bid that is first in the binding ranking.
///
/// One weight: along such a change every weighted total is a straight line, so that each rival draws level at most once
/// on either side, and the nearest of these points counts. All weights: the weights under which a rival draws level are
/// the part of a plane within the simplex; its nearest point is found by following the projection of `weights + m * (the
/// rival's means - the winner's)` onto the simplex as m grows. That path is made of straight pieces, a weight that has
/// reached zero on it stays there, and the rival's deficit shrinks along it, so that at most one piece per criterion leads to
/// the exact nearest point. O(bids * criteria) for most bids, O(bids * criteria^2) at worst.
///
/// The means stay what they are: where the weights decide which sheets count, see
/// [`one_weight_dropping_extremes`](super::one_weight_dropping_extremes).
///
/// Sources: Triantaphyllou & Sánchez (1997), Decision Sciences 28:151-194, for one weight; Michelot (1986), J. Optim.
/// Theory Appl. 50:195-200, for the projection.
///
/// # Errors
/// [`Undefined::BadParameter`] names `weights` (none, negative, not finite, all zero), `means` (not finite, not a table of
/// that width) or `first` (beyond the table); [`Undefined::TooFewBids`] below 2.
pub fn weight_sensitivity(
    means: &[f64],
    weights: &[f64],
    first: usize,
    lower_is_better: bool,
) -> Result<WeightSensitivity, Undefined> {
    let sum = sum_of(weights)?;
    if !means.iter().all(|mean| mean.is_finite()) || !means.len().is_multiple_of(weights.len()) {
        return Err(bad("means"));
    }
    if means.len() < 2 * weights.len() {
        return Err(Undefined::TooFewBids { have: means.len() / weights.len(), need: 2 });
    }
    let better = if lower_is_better { -1.0 } else { 1.0 };
    let best = means.chunks_exact(weights.len()).nth(first).ok_or_else(|| bad("first"))?;
    let largest = means.iter().fold(0.0_f64, |largest, mean| largest.max(mean.abs()));
    let mut search = Search {
        weights,
        sum,
        trace: TRACE * largest * sum,
        one_weight: vec![None; weights.len()],
        all_weights: None,
        ahead: vec![0.0; weights.len()],
    };
    for (bid, row) in means.chunks_exact(weights.len()).enumerate().filter(|(bid, _)| *bid != first) {
        for ((ahead, mean), of_winner) in search.ahead.iter_mut().zip(row).zip(best) {
            *ahead = better * (mean - of_winner);
        }
        search.one_weight(bid);
        search.all_weights(bid);
    }
    Ok(WeightSensitivity { winner: first, one_weight: search.one_weight, all_weights: search.all_weights })
}

/// The sum of weights that can be changed.
pub(super) fn sum_of(weights: &[f64]) -> Result<f64, Undefined> {
    let sum: f64 = weights.iter().sum();
    let is_sound = weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0) && sum.is_finite();
    if is_sound && sum > 0.0 { Ok(sum) } else { Err(bad("weights")) }
}

pub(super) fn bad(name: &str) -> Undefined {
    Undefined::BadParameter { name: name.to_owned() }
}

/// Keeps the smaller change; of equal ones, the earlier.
pub(super) fn keep_nearer(found: &mut Option<WeightChange>, change: f64, weight: f64, bid: usize) {
    if found.as_ref().is_none_or(|found| change.abs() < found.change.abs()) {
        // No minus zero.
        *found = Some(WeightChange { change: change + 0.0, weight: weight + change, bid });
    }
}

/// What was found among the rivals so far.
struct Search<'a> {
    weights: &'a [f64],
    sum: f64,
    trace: f64,
    one_weight: Vec<Option<WeightChange>>,
    all_weights: Option<WeightsChange>,
    /// How far the rival at hand is ahead of the winner, criterion by criterion.
    ahead: Vec<f64>,
}

impl Search<'_> {
    /// How far the rival is behind; 0 also where it is ahead.
    fn deficit(&self) -> f64 {
        let deficit = -product(&self.ahead, self.weights);
        if deficit <= self.trace { 0.0 } else { deficit }
    }

    fn one_weight(&mut self, bid: usize) {
        if product(&self.ahead, self.weights) > self.trace {
            for (found, &weight) in self.one_weight.iter_mut().zip(self.weights) {
                keep_nearer(found, 0.0, weight, bid);
            }
            return;
        }
        let deficit = self.deficit();
        let others = self.weights.len() - 1;
        if others == 0 {
            return;
        }
        let all_ahead: f64 = self.ahead.iter().sum();
        for ((found, &weight), &ahead) in self.one_weight.iter_mut().zip(self.weights).zip(&self.ahead) {
            let rest = self.sum - weight;
            // The lead under the whole weight here, and under none.
            let with_all = self.sum * ahead;
            let with_none = if rest > self.sum * TRACE {
                self.sum * (product(&self.ahead, self.weights) - weight * ahead) / rest
            } else {
                self.sum * (all_ahead - ahead) / others as f64
            };
            for (lead, room) in [(with_all, rest), (with_none, -weight)] {
                if lead <= self.trace || room == 0.0 {
                    continue;
                }
                keep_nearer(found, room * (deficit / (deficit + lead)), weight, bid);
            }
        }
    }

    fn all_weights(&mut self, bid: usize) {
        if !self.ahead.iter().any(|ahead| ahead * self.sum > self.trace) {
            return;
        }
        let deficit = self.deficit();
        let nearest = self.all_weights.as_ref().map_or(f64::INFINITY, |found| found.distance);
        // No point of the whole plane, within the simplex or not, is nearer than this.
        let mean = self.ahead.iter().sum::<f64>() / self.ahead.len() as f64;
        let slope: f64 = self.ahead.iter().map(|ahead| (ahead - mean) * (ahead - mean)).sum();
        if deficit >= nearest * slope.sqrt() {
            return;
        }
        let weights =
            if deficit == 0.0 { self.weights.to_vec() } else { nearest_level(self.weights, &self.ahead) };
        let squares: f64 = weights.iter().zip(self.weights).map(|(new, old)| (new - old) * (new - old)).sum();
        if squares.sqrt() < nearest {
            self.all_weights = Some(WeightsChange { distance: squares.sqrt(), weights, bid });
        }
    }
}

/// The weights nearest to `weights` (none below zero, the same sum) under which `ahead` adds up to zero; some entry of
/// `ahead` is above zero, and their weighted sum is below.
fn nearest_level(weights: &[f64], ahead: &[f64]) -> Vec<f64> {
    let mut weights = weights.to_vec();
    let mut is_free = free_at_start(&weights, ahead);
    for _ in 0..weights.len() {
        let free = || ahead.iter().zip(&is_free).filter(|(_, is_free)| **is_free).map(|(ahead, _)| *ahead);
        let mean = free().sum::<f64>() / free().count().max(1) as f64;
        let gain: f64 = free().map(|ahead| (ahead - mean) * (ahead - mean)).sum();
        if gain <= 0.0 {
            break;
        }
        let level = -product(&weights, ahead) / gain;
        // How far the path leads before the next weight is used up.
        let mut piece = level;
        let mut used_up = None;
        for (place, ((&weight, &ahead), &is_free)) in weights.iter().zip(ahead).zip(&is_free).enumerate() {
            if is_free && ahead < mean && weight / (mean - ahead) < piece {
                (piece, used_up) = (weight / (mean - ahead), Some(place));
            }
        }
        for ((weight, ahead), _) in
            weights.iter_mut().zip(ahead).zip(&is_free).filter(|(_, is_free)| **is_free)
        {
            *weight = (*weight + piece * (ahead - mean)).max(0.0);
        }
        let Some(place) = used_up else { break };
        if let (Some(weight), Some(is_free)) = (weights.get_mut(place), is_free.get_mut(place)) {
            (*weight, *is_free) = (0.0, false);
        }
    }
    weights
}

/// Weights that may move: those above zero, and of the others those that would rise. A weight rises when its entry is
/// above the mean of all that move, so that the highest entries join first.
fn free_at_start(weights: &[f64], ahead: &[f64]) -> Vec<bool> {
    let mut is_free: Vec<bool> = weights.iter().map(|weight| *weight > 0.0).collect();
    let free = || ahead.iter().zip(weights).filter(|(_, weight)| **weight > 0.0).map(|(ahead, _)| *ahead);
    let (mut sum, mut count) = (free().sum::<f64>(), free().count() as f64);
    let mut zeros: Vec<(f64, usize)> =
        ahead.iter().copied().zip(0..).filter(|(_, place)| is_free.get(*place) == Some(&false)).collect();
    zeros.sort_by(|left, right| right.0.total_cmp(&left.0));
    for (ahead, place) in zeros {
        if ahead * count <= sum {
            break;
        }
        (sum, count) = (sum + ahead, count + 1.0);
        if let Some(is_free) = is_free.get_mut(place) {
            *is_free = true;
        }
    }
    is_free
}

fn product(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

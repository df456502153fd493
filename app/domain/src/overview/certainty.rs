//! The figures of single bids and of neighbours. Deliberately absent: figures of the panel as a whole.

use std::collections::HashSet;

use super::{BidFigures, Evidence, Gap, Settings};
use crate::stats::calibrate::{self, Additive, Mixed, Posterior};
use crate::stats::interval::{self, Bootstrap, LeaveOneOut, RankIntervals};
use crate::stats::{Panel, Review, Undefined};

/// Reviews that two neighbours must share before their difference is tested.
const SHARED_REVIEWERS: usize = 3;

/// The resampling of the contending bids, ready to be run in as many parts as there are threads:
/// `run` ranges of `0..resamples()`, merge, `finish`.
///
/// # Errors
/// As [`Bootstrap::new`].
pub fn bootstrap(evidence: &Evidence, settings: &Settings) -> Result<Bootstrap, Undefined> {
    Bootstrap::new(&evidence.quantity, settings.bootstrap(evidence))
}

/// What is plain to see of each bid: scores, mean, spread, the difference to the next.
pub(super) fn plain(evidence: &Evidence, settings: &Settings) -> Vec<BidFigures> {
    let bid = |(at, bid): (usize, &crate::id::BidId)| {
        let scores = evidence.panel.of_bid(at).1;
        BidFigures {
            bid: *bid,
            scores: scores.len(),
            mean: interval::mean(scores).unwrap_or_default(),
            spread: interval::sample_sd(scores).ok(),
            ranks: None,
            ranks_without_one: None,
            may_fail_without_one: false,
            misses_hurdle: None,
            calibrated: None,
            calibrated_rank: None,
            z_score: None,
            mean_and_scale: None,
            quality: None,
            quality_sd: None,
            expected_rank: None,
            p_place: None,
            to_next: gap(evidence, at, settings.confidence),
        }
    };
    evidence.bids.iter().enumerate().map(bid).collect()
}

fn gap(evidence: &Evidence, at: usize, confidence: f64) -> Option<Gap> {
    match interval::paired_difference(&evidence.panel, at, at + 1, confidence) {
        Ok(found) => (found.reviewers.len() >= SHARED_REVIEWERS).then_some(Gap {
            mean: found.mean,
            interval: Some((found.low, found.high)),
            p: found.p,
            distinguishable: found.distinguishable,
        }),
        Err(Undefined::NoVariation) => unanimous_gap(evidence, at, confidence),
        Err(_) => None,
    }
}

/// All shared reviewers see the same difference: nothing scatters, and nothing tells how far it may be off.
fn unanimous_gap(evidence: &Evidence, at: usize, confidence: f64) -> Option<Gap> {
    let (reviewers, scores) = evidence.panel.of_bid(at);
    let (others, next) = evidence.panel.of_bid(at + 1);
    let differences: Vec<f64> = reviewers
        .iter()
        .zip(scores)
        .filter_map(|(reviewer, score)| Some(score - next.get(others.binary_search(reviewer).ok()?)?))
        .collect();
    let mean = steady(interval::mean(&differences).ok()?);
    // The sign test: on a coarse scale a few reviewers agree to the point by chance. At nine times out of ten five of one
    // mind are enough, four are not.
    let p = if mean == 0.0 { 1.0 } else { 2.0 * 0.5_f64.powi(i32::try_from(differences.len()).ok()?) };
    (differences.len() >= SHARED_REVIEWERS).then_some(Gap {
        mean,
        interval: None,
        p,
        distinguishable: mean != 0.0 && p < 1.0 - confidence,
    })
}

/// Sets one figure of every bid from a list in the order of the bids.
fn spread<T>(bids: &mut [BidFigures], values: impl IntoIterator<Item = T>, set: impl Fn(&mut BidFigures, T)) {
    bids.iter_mut().zip(values).for_each(|(bid, value)| set(bid, value));
}

/// Each reviewer's own mean and spread taken out.
pub(super) fn normalised(evidence: &Evidence, bids: &mut [BidFigures]) {
    if let Ok(values) = calibrate::z_scores(&evidence.panel) {
        spread(bids, values, |bid, value| bid.z_score = value);
    }
    if let Ok(values) = calibrate::mean_and_scale(&evidence.panel) {
        spread(bids, values, |bid, value| bid.mean_and_scale = value);
    }
}

/// Calibrated points and ranks.
pub(super) fn calibrated(evidence: &Evidence, additive: &Additive, bids: &mut [BidFigures]) {
    spread(bids, &additive.quality, |bid, value| bid.calibrated = Some(*value));
    // Who has failed takes no rank from the others.
    let quality = |at: &usize| additive.quality.get(*at).map_or(0.0, |value| steady(*value));
    let rounded: Vec<f64> = evidence.contending.iter().map(quality).collect();
    let ranks =
        interval::ranks_with_ties(&rounded, interval::TieMethod::Competition, evidence.lower_is_better);
    for (at, rank) in evidence.contending.iter().zip(ranks.unwrap_or_default()) {
        if let Some(bid) = bids.get_mut(*at) {
            bid.calibrated_rank = Some(rank as u32);
        }
    }
}

/// Calibrated points carry rounding errors of 1e-10 and less; equal points must stay equal.
fn steady(points: f64) -> f64 {
    (points * 1e7).round() / 1e7
}

/// Quality, expected rank and probability of a place from the mixed model.
pub(super) fn expected(evidence: &Evidence, settings: &Settings, mixed: &Mixed, bids: &mut [BidFigures]) {
    let seed = settings.seed.iter().fold(0_u64, |seed, byte| seed.rotate_left(8) ^ u64::from(*byte));
    let mut order: Vec<usize> = (0..evidence.bids.len()).collect();
    order.sort_by_key(|at| evidence.bids.get(*at).copied());
    let Some(panel) = drawn_panel(evidence, &order) else { return };
    let Ok(mut posterior) = calibrate::posterior(&panel, &mixed.variances(), None) else { return };
    let sign = if evidence.lower_is_better { -1.0 } else { 1.0 };
    for ((at, mean), sd) in order.iter().zip(&posterior.quality_mean).zip(&posterior.quality_sd) {
        if let Some(bid) = bids.get_mut(*at) {
            (bid.quality, bid.quality_sd) = (Some(sign * mean), Some(*sd));
        }
    }
    put_failed_last(evidence, &order, &mut posterior);
    let places = settings.places(evidence);
    let Ok(certainty) = calibrate::rank_certainty(&panel, &posterior, places, seed) else { return };
    let is_contending: HashSet<usize> = evidence.contending.iter().copied().collect();
    let figures = certainty.expected.expected_rank.iter().zip(&certainty.top.probability);
    for (at, (rank, chance)) in order.iter().zip(figures).filter(|(at, _)| is_contending.contains(at)) {
        if let Some(bid) = bids.get_mut(*at) {
            (bid.expected_rank, bid.p_place) = (Some(*rank), Some(*chance));
        }
    }
}

/// The panel in this order of bids, more always better: draws belong to positions, and ranks count from the highest
/// quality down.
fn drawn_panel(evidence: &Evidence, order: &[usize]) -> Option<Panel> {
    let sign = if evidence.lower_is_better { -1.0 } else { 1.0 };
    let reviews = order.iter().zip(0u32..).flat_map(|(at, bid)| {
        let (reviewers, scores) = evidence.panel.of_bid(*at);
        let review =
            move |(reviewer, score): (&u32, &f64)| Review { bid, reviewer: *reviewer, score: sign * score };
        reviewers.iter().zip(scores).map(review)
    });
    Panel::new(order.len(), evidence.reviewers.len(), reviews).ok()
}

/// Moves bids that cannot win below all others, further than any draw reaches: they take no rank from anybody.
fn put_failed_last(evidence: &Evidence, order: &[usize], posterior: &mut Posterior) {
    let is_contending: HashSet<usize> = evidence.contending.iter().copied().collect();
    let lowest = posterior.quality_mean.iter().copied().fold(f64::INFINITY, f64::min);
    let widest = posterior.quality_sd.iter().copied().fold(1.0, f64::max);
    for (at, mean) in order.iter().zip(&mut posterior.quality_mean) {
        if !is_contending.contains(at) {
            *mean = lowest - 1000.0 * widest;
        }
    }
}

/// Rank intervals of the contending bids, by resampling and by leaving each reviewer out.
pub(super) fn ranked(
    evidence: &Evidence,
    intervals: Option<&RankIntervals>,
    without: Option<&LeaveOneOut>,
    bids: &mut [BidFigures],
) {
    for (row, at) in evidence.by_id.iter().enumerate() {
        let Some(bid) = bids.get_mut(*at) else { continue };
        bid.ranks = intervals.and_then(|intervals| intervals.bids.get(row).copied().flatten());
        bid.ranks_without_one = without.and_then(|without| {
            let best = without.best_ranks.get(row).copied().flatten()?;
            let worst = without.worst_ranks.get(row).copied().flatten()?;
            Some((best, worst))
        });
    }
}

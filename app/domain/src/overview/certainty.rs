//! The figures of single bids and of neighbours. Deliberately absent: figures of the panel as a whole.

use super::{BidFigures, Evidence, Gap, Settings};
use crate::stats::Undefined;
use crate::stats::calibrate::{self, Mixed};
use crate::stats::interval::{self, Bootstrap, LeaveOneOut, RankIntervals};

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
            low: found.low,
            high: found.high,
            p: found.p,
            distinguishable: found.distinguishable,
        }),
        Err(Undefined::NoVariation) => unanimous_gap(evidence, at),
        Err(_) => None,
    }
}

/// All shared reviewers see the same difference: nothing scatters, and the interval has no width.
fn unanimous_gap(evidence: &Evidence, at: usize) -> Option<Gap> {
    let (reviewers, scores) = evidence.panel.of_bid(at);
    let (others, next) = evidence.panel.of_bid(at + 1);
    let differences: Vec<f64> = reviewers
        .iter()
        .zip(scores)
        .filter_map(|(reviewer, score)| Some(score - next.get(others.binary_search(reviewer).ok()?)?))
        .collect();
    let mean = steady(interval::mean(&differences).ok()?);
    (differences.len() >= SHARED_REVIEWERS).then_some(Gap {
        mean,
        low: mean,
        high: mean,
        p: if mean == 0.0 { 1.0 } else { 0.0 },
        distinguishable: mean != 0.0,
    })
}

/// Sets one figure of every bid from a list in the order of the bids.
fn spread<T>(bids: &mut [BidFigures], values: impl IntoIterator<Item = T>, set: impl Fn(&mut BidFigures, T)) {
    bids.iter_mut().zip(values).for_each(|(bid, value)| set(bid, value));
}

/// Calibrated points and ranks, z-scores. The reason where there is no calibration.
pub(super) fn calibrated(evidence: &Evidence, bids: &mut [BidFigures]) -> Option<Undefined> {
    if let Ok(values) = calibrate::z_scores(&evidence.panel) {
        spread(bids, values, |bid, value| bid.z_score = value);
    }
    if let Ok(values) = calibrate::mean_and_scale(&evidence.panel) {
        spread(bids, values, |bid, value| bid.mean_and_scale = value);
    }
    let additive = match calibrate::additive(&evidence.panel) {
        Ok(additive) => additive,
        Err(reason) => return Some(reason),
    };
    let rounded: Vec<f64> = additive.quality.iter().map(|value| steady(*value)).collect();
    let ranks =
        interval::ranks_with_ties(&rounded, interval::TieMethod::Competition, evidence.lower_is_better);
    spread(bids, &additive.quality, |bid, value| bid.calibrated = Some(*value));
    if let Ok(ranks) = ranks {
        spread(bids, ranks, |bid, rank| bid.calibrated_rank = Some(rank as u32));
    }
    None
}

/// Calibrated points carry rounding errors of 1e-10 and less; equal points must stay equal.
fn steady(points: f64) -> f64 {
    (points * 1e7).round() / 1e7
}

/// Quality, expected rank and probability of a place from the mixed model.
pub(super) fn expected(evidence: &Evidence, settings: &Settings, mixed: &Mixed, bids: &mut [BidFigures]) {
    let Ok(posterior) = calibrate::posterior(&evidence.panel, &mixed.variances(), None) else { return };
    spread(bids, &posterior.quality_mean, |bid, value| bid.quality = Some(*value));
    spread(bids, &posterior.quality_sd, |bid, value| bid.quality_sd = Some(*value));
    let seed = settings.seed.iter().fold(0_u64, |seed, byte| seed.rotate_left(8) ^ u64::from(*byte));
    // Ranks count from the highest quality down; where less is better the panel is turned round.
    let turned = evidence.lower_is_better.then(|| turned(evidence));
    let panel = turned.as_ref().unwrap_or(&evidence.panel);
    let posterior = match &turned {
        Some(panel) => calibrate::posterior(panel, &mixed.variances(), None),
        None => Ok(posterior),
    };
    let places = settings.places(evidence);
    let certainty =
        posterior.and_then(|posterior| calibrate::rank_certainty(panel, &posterior, places, seed));
    if let Ok(certainty) = certainty {
        spread(bids, certainty.expected.expected_rank, |bid, value| bid.expected_rank = Some(value));
        spread(bids, certainty.top.probability, |bid, value| bid.p_place = Some(value));
    }
}

fn turned(evidence: &Evidence) -> crate::stats::Panel {
    let reviews =
        evidence.panel.reviews().map(|review| crate::stats::Review { score: -review.score, ..review });
    crate::stats::Panel::new(evidence.bids.len(), evidence.reviewers.len(), reviews)
        .unwrap_or_else(|_| evidence.panel.clone())
}

/// Rank intervals of the contending bids, by resampling and by leaving each reviewer out.
pub(super) fn ranked(
    evidence: &Evidence,
    intervals: Option<&RankIntervals>,
    without: Option<&LeaveOneOut>,
    bids: &mut [BidFigures],
) {
    for (row, at) in evidence.contending.iter().enumerate() {
        let Some(bid) = bids.get_mut(*at) else { continue };
        bid.ranks = intervals.and_then(|intervals| intervals.bids.get(row).copied().flatten());
        bid.ranks_without_one = without.and_then(|without| {
            let best = without.best_ranks.get(row).copied().flatten()?;
            let worst = without.worst_ranks.get(row).copied().flatten()?;
            Some((best, worst))
        });
    }
}

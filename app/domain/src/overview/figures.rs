//! The whole of the figures, one after the other. Deliberately absent: threads; the resampling comes in finished.

use super::{
    Agreement, BordaOrder, Consensus, Dropping, Evidence, GOOD_RELIABILITY, MOST_KEMENY, OutlyingScore,
    Overview, Reliability, Resampling, ReviewerFigures, Settings, WithoutOne, certainty,
};
use crate::stats::aggregate::{Kemeny, Profile, borda, kemeny};
use crate::stats::agreement::{
    Level, kendall_w, krippendorff_alpha, reviewers_needed, six_icc, spearman_brown, spearman_rho,
};
use crate::stats::calibrate::{self, Additive, Mixed};
use crate::stats::interval::{
    ModifiedZ, RankIntervals, WeightSensitivity, leave_one_reviewer_out, mean_deviation_z, modified_z,
    one_weight_dropping_extremes, pivotal_reviewers, weight_sensitivity,
};
use crate::stats::{Panel, Review, Undefined};

/// Bids that a reviewer must have in common with others before agreement is worth a number.
const SHARED_BIDS: usize = 3;
/// Scores of a bid before one of them can be called far from the rest.
const MIN_FOR_OUTLIERS: usize = 4;

/// `intervals` is what [`super::bootstrap`] gave after it was run to the end.
pub fn overview(
    evidence: &Evidence,
    settings: &Settings,
    intervals: Result<RankIntervals, Undefined>,
) -> Overview {
    let mut bids = certainty::plain(evidence, settings);
    certainty::normalised(evidence, &mut bids);
    let additive = calibrate::additive(&evidence.panel);
    if let Ok(additive) = &additive {
        certainty::calibrated(evidence, additive, &mut bids);
    }
    let mixed = calibrate::fit_mixed(&evidence.panel);
    if let Ok(mixed) = &mixed {
        certainty::expected(evidence, settings, mixed, &mut bids);
    }
    let places = settings.places(evidence);
    let without = match &evidence.reruns {
        Some(_) => None,
        None => leave_one_reviewer_out(&evidence.quantity).ok(),
    };
    for (bid, missed) in bids.iter_mut().zip(&evidence.missed) {
        bid.misses_hurdle = Some(*missed);
    }
    certainty::ranked(evidence, intervals.as_ref().ok(), without.as_ref(), &mut bids);
    let (without_one, pivotal) = match &evidence.reruns {
        Some(reruns) => {
            reruns.mark(&mut bids);
            (WithoutOne::WholeRule, reruns.pivotal(places))
        }
        None => (WithoutOne::ScoresInTheRace, pivotal_reviewers(&evidence.quantity, places)),
    };
    let winners_without = match (&evidence.reruns, &pivotal) {
        (Some(reruns), Ok(pivotal)) => reruns.winners(&pivotal.winner),
        _ => Vec::new(),
    };
    Overview {
        confidence: settings.confidence,
        places,
        lower_is_better: evidence.lower_is_better,
        bids,
        reviewers: reviewers(evidence, additive.as_ref().ok()),
        islands: calibrate::islands(&evidence.panel),
        agreement: agreement(&evidence.panel, settings, &mixed),
        resampling: intervals.as_ref().map(Resampling::from).map_err(Clone::clone).into(),
        calibration_missing: additive.err(),
        without_one,
        pivotal: pivotal.into(),
        winners_without,
        weights: in_binding_order(evidence, sensitivity(evidence)).into(),
        outlying: outlying(&evidence.panel, evidence.near),
        consensus: consensus(evidence).into(),
        mixed: mixed.into(),
    }
}

fn agreement(panel: &Panel, settings: &Settings, mixed: &Result<Mixed, Undefined>) -> Agreement {
    Agreement {
        icc: six_icc(panel, settings.confidence).into(),
        kendall_w: kendall_w(panel).into(),
        alpha_interval: krippendorff_alpha(panel, Level::Interval).into(),
        alpha_ordinal: krippendorff_alpha(panel, Level::Ordinal).into(),
        reliability: mixed.as_ref().map_err(Clone::clone).and_then(|mixed| reliability(panel, mixed)).into(),
    }
}

fn reliability(panel: &Panel, mixed: &Mixed) -> Result<Reliability, Undefined> {
    let strictness = if panel.missing() == 0 { 0.0 } else { mixed.var_reviewer };
    let all = mixed.var_bid + strictness + mixed.var_residual;
    if all <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    let single = mixed.var_bid / all;
    // The harmonic mean: what counts is the error of a bid's mean, which falls with one over the number of its scores.
    let reciprocals: f64 = (0..panel.bids()).map(|bid| 1.0 / panel.of_bid(bid).1.len().max(1) as f64).sum();
    let reviews_per_bid = panel.bids() as f64 / reciprocals.max(f64::MIN_POSITIVE);
    Ok(Reliability {
        single,
        panel: spearman_brown(single, reviews_per_bid)?,
        reviews_per_bid,
        needed: reviewers_needed(single, GOOD_RELIABILITY).ok(),
    })
}

fn reviewers(evidence: &Evidence, additive: Option<&Additive>) -> Vec<ReviewerFigures> {
    let panel = &evidence.panel;
    // In whole millionths of a point, as totals of sheets are: equal means of others must be equal numbers.
    let millionths = |score: &f64| (score * 1e6).round();
    let sums: Vec<(f64, usize)> = (0..panel.bids())
        .map(|bid| {
            let scores = panel.of_bid(bid).1;
            (scores.iter().map(millionths).sum(), scores.len())
        })
        .collect();
    let of_reviewer = panel.transposed();
    let figures = |(at, reviewer): (usize, &crate::id::PersonId)| {
        let (bids, scores) = of_reviewer.of_bid(at);
        let shared: (Vec<f64>, Vec<f64>) = bids
            .iter()
            .zip(scores)
            .filter_map(|(bid, score)| {
                let (sum, count) = sums.get(*bid as usize).filter(|(_, count)| *count > 1)?;
                Some((*score, (sum - millionths(score)) / (*count - 1) as f64))
            })
            .unzip();
        ReviewerFigures {
            reviewer: *reviewer,
            scores: scores.len(),
            mean: scores.iter().sum::<f64>() / scores.len().max(1) as f64,
            offset: additive.and_then(|additive| additive.offset.get(at).copied()),
            agreement_with_others: (shared.0.len() >= SHARED_BIDS)
                .then(|| spearman_rho(&shared.0, &shared.1).ok())
                .flatten(),
        }
    };
    evidence.reviewers.iter().enumerate().map(figures).collect()
}

/// Which change of weights would let another win than the first of those who can; where extreme totals are left out, for
/// one weight they are left out anew.
fn sensitivity(evidence: &Evidence) -> Result<WeightSensitivity, Undefined> {
    let (weights, is_lower) = (&evidence.weights, evidence.lower_is_better);
    let mut found = weight_sensitivity(&evidence.criteria, weights, 0, is_lower)?;
    if let Some(Dropping { sheets, min_scores }) = &evidence.dropping {
        found.one_weight = one_weight_dropping_extremes(sheets, weights, 0, *min_scores, is_lower)?;
    }
    Ok(found)
}

/// Positions among the contending bids become positions among all.
fn in_binding_order(
    evidence: &Evidence,
    sensitivity: Result<WeightSensitivity, Undefined>,
) -> Result<WeightSensitivity, Undefined> {
    let mut sensitivity = sensitivity?;
    let at = |row: usize| evidence.contending.get(row).copied().unwrap_or(row);
    sensitivity.winner = at(sensitivity.winner);
    sensitivity.one_weight.iter_mut().flatten().for_each(|change| change.bid = at(change.bid));
    if let Some(change) = &mut sensitivity.all_weights {
        change.bid = at(change.bid);
    }
    Ok(sensitivity)
}

fn outlying(panel: &Panel, near: f64) -> Vec<OutlyingScore> {
    let of_bid = |bid: usize| {
        let (reviewers, scores) = panel.of_bid(bid);
        let found = if scores.len() < MIN_FOR_OUTLIERS { None } else { far_from_the_rest(scores, near) };
        found.into_iter().flat_map(move |found| {
            let score = |at: &usize| {
                Some(OutlyingScore {
                    bid,
                    reviewer: *reviewers.get(*at)? as usize,
                    score: *scores.get(*at)?,
                    median: found.median,
                    modified_z: *found.z.get(*at)?,
                })
            };
            found.flagged.iter().filter_map(score).collect::<Vec<_>>()
        })
    };
    (0..panel.bids()).flat_map(of_bid).collect()
}

/// Where more than half of the scores are equal, the typical gap is zero and the mean gap takes its place. Either measures
/// in gaps of these scores: among nearly equal ones a step of the scale would be far, so that nothing `near` is.
fn far_from_the_rest(scores: &[f64], near: f64) -> Option<ModifiedZ> {
    match modified_z(scores) {
        Err(Undefined::NoVariation) => mean_deviation_z(scores, near).ok(),
        found => found.ok().map(|found| found.at_least(near, scores)),
    }
}

/// The bids that can still win, numbered as [`Evidence::contending`] has them.
fn consensus(evidence: &Evidence) -> Result<Consensus, Undefined> {
    let rows = evidence.contending.iter().zip(0u32..).flat_map(|(at, bid)| {
        let (reviewers, scores) = evidence.panel.of_bid(*at);
        reviewers.iter().zip(scores).map(move |(reviewer, score)| Review {
            bid,
            reviewer: *reviewer,
            score: *score,
        })
    });
    let panel = Panel::new(evidence.contending.len(), evidence.reviewers.len(), rows)
        .map_err(|_repeated| Undefined::BadParameter { name: "sheets".to_owned() })?;
    let missing = panel.missing();
    if missing > 0 && panel.bids() > MOST_KEMENY {
        return Err(Undefined::Incomplete { missing });
    }
    let profile = Profile::of_panel(&panel, evidence.lower_is_better)?;
    let in_binding_order = |order: Vec<usize>| -> Vec<usize> {
        order.into_iter().filter_map(|row| evidence.contending.get(row).copied()).collect()
    };
    let borda = borda(&profile).map(|borda| BordaOrder {
        points: borda.order.iter().filter_map(|row| borda.points.get(*row).copied()).collect(),
        order: in_binding_order(borda.order),
    });
    let kemeny = (profile.items() <= MOST_KEMENY).then(|| {
        let found = kemeny(&profile);
        found.map(|kemeny| Kemeny { order: in_binding_order(kemeny.order), ..kemeny }).into()
    });
    Ok(Consensus { borda: borda.into(), kemeny })
}

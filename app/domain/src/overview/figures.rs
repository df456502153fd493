//! The whole of the figures, one after the other. Deliberately absent: threads; the resampling comes in finished.

use super::{
    Agreement, Consensus, Evidence, GOOD_RELIABILITY, MOST_KEMENY, OutlyingScore, Overview, Reliability,
    Resampling, ReviewerFigures, Settings, WithoutOne, certainty,
};
use crate::stats::aggregate::{Kemeny, Profile, borda, kemeny};
use crate::stats::agreement::{
    Level, kendall_w, krippendorff_alpha, reviewers_needed, six_icc, spearman_brown, spearman_rho,
};
use crate::stats::calibrate::{self, Additive, Mixed};
use crate::stats::interval::{
    ModifiedZ, RankIntervals, leave_one_reviewer_out, mean_deviation_z, modified_z, pivotal_reviewers,
    weight_sensitivity,
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
        weights: in_binding_order(
            evidence,
            weight_sensitivity(&evidence.criteria, &evidence.weights, evidence.lower_is_better),
        )
        .into(),
        outlying: outlying(&evidence.panel),
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
    let all = mixed.var_bid + mixed.var_reviewer + mixed.var_residual;
    if all <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    let single = mixed.var_bid / all;
    let reviews_per_bid = panel.len() as f64 / panel.bids().max(1) as f64;
    Ok(Reliability {
        single,
        panel: spearman_brown(single, reviews_per_bid)?,
        reviews_per_bid,
        needed: reviewers_needed(single, GOOD_RELIABILITY).ok(),
    })
}

fn reviewers(evidence: &Evidence, additive: Option<&Additive>) -> Vec<ReviewerFigures> {
    let panel = &evidence.panel;
    let sums: Vec<(f64, usize)> = (0..panel.bids())
        .map(|bid| {
            let scores = panel.of_bid(bid).1;
            (scores.iter().sum(), scores.len())
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
                Some((*score, (sum - score) / (*count - 1) as f64))
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

/// Positions among the contending bids become positions among all.
fn in_binding_order(
    evidence: &Evidence,
    sensitivity: Result<crate::stats::interval::WeightSensitivity, Undefined>,
) -> Result<crate::stats::interval::WeightSensitivity, Undefined> {
    let mut sensitivity = sensitivity?;
    let at = |row: usize| evidence.contending.get(row).copied().unwrap_or(row);
    sensitivity.winner = at(sensitivity.winner);
    sensitivity.one_weight.iter_mut().flatten().for_each(|change| change.bid = at(change.bid));
    if let Some(change) = &mut sensitivity.all_weights {
        change.bid = at(change.bid);
    }
    Ok(sensitivity)
}

fn outlying(panel: &Panel) -> Vec<OutlyingScore> {
    let of_bid = |bid: usize| {
        let (reviewers, scores) = panel.of_bid(bid);
        let found = if scores.len() < MIN_FOR_OUTLIERS { None } else { far_from_the_rest(scores) };
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

/// Where half of the scores or more are equal, the typical gap is zero and the mean gap takes its place.
fn far_from_the_rest(scores: &[f64]) -> Option<ModifiedZ> {
    match modified_z(scores) {
        Err(Undefined::NoVariation) => mean_deviation_z(scores).ok(),
        found => found.ok(),
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
    let borda = borda(&profile).map(|borda| in_binding_order(borda.order));
    let kemeny = (profile.items() <= MOST_KEMENY).then(|| {
        let found = kemeny(&profile);
        found.map(|kemeny| Kemeny { order: in_binding_order(kemeny.order), ..kemeny }).into()
    });
    Ok(Consensus { borda: borda.into(), kemeny })
}

//! Rescaling per reviewer before averaging per bid. Simple and widely used; none of the three asks who scored what, so a
//! reviewer who happened to get strong bids is taken for a lenient one. [`super::additive`] corrects that.

use super::super::{Panel, Undefined};

/// Count, mean and sample standard deviation (divisor n - 1) of some scores; 0 for one score.
#[derive(Clone, Copy)]
struct Spread {
    mean: f64,
    deviation: f64,
}

fn spread(scores: &[f64]) -> Spread {
    let count = scores.len() as f64;
    let mean = scores.iter().sum::<f64>() / count.max(1.0);
    let squares: f64 = scores.iter().map(|score| (score - mean).powi(2)).sum();
    let is_constant = scores.iter().zip(scores.iter().skip(1)).all(|(left, right)| left == right);
    // Rounding in the mean must not turn equal scores into a tiny spread that blows everything up.
    let deviation = if is_constant { 0.0 } else { (squares / (count - 1.0)).sqrt() };
    Spread { mean, deviation }
}

fn of_reviewers(panel: &Panel) -> Vec<Spread> {
    let by_reviewer = panel.transposed();
    (0..panel.reviewers()).map(|reviewer| spread(by_reviewer.of_bid(reviewer).1)).collect()
}

/// Mean of `rescaled(score, spread of its reviewer)` per bid; `None` for a bid without scores.
fn means(panel: &Panel, rescaled: impl Fn(f64, Spread) -> f64) -> Vec<Option<f64>> {
    let spreads = of_reviewers(panel);
    let mean = |bid| {
        let (reviewers, scores) = panel.of_bid(bid);
        let each = reviewers.iter().zip(scores);
        let sum: f64 = each
            .filter_map(|(&reviewer, &score)| Some(rescaled(score, *spreads.get(reviewer as usize)?)))
            .sum();
        (!scores.is_empty()).then(|| sum / scores.len() as f64)
    };
    (0..panel.bids()).map(mean).collect()
}

fn has_scores(panel: &Panel) -> Result<(), Undefined> {
    if panel.is_empty() { Err(Undefined::TooFewScores { have: 0, need: 1 }) } else { Ok(()) }
}

/// Takes every reviewer's own mean away and puts the mean of all scores in its place; then averages per bid.
///
/// `mean over reviewers of (score - mean(reviewer)) + mean(all scores)`, in points; any value. `None` for a bid without
/// scores. One reviewer alone gives back the raw scores; a reviewer of one bid says only the overall mean.
///
/// Source: mean correction per rater, e.g. Fleiss (1986), The Design and Analysis of Clinical Experiments, ch. 1.
///
/// # Errors
/// [`Undefined::TooFewScores`] for an empty panel.
pub fn centred(panel: &Panel) -> Result<Vec<Option<f64>>, Undefined> {
    has_scores(panel)?;
    let overall = spread(panel.scores()).mean;
    Ok(means(panel, |score, own| score - own.mean + overall))
}

fn standardised(score: f64, own: Spread) -> f64 {
    let distance = score - own.mean;
    if own.deviation > 0.0 { distance / own.deviation } else { 0.0 }
}

/// Standardises every reviewer's scores with their own mean and sample standard deviation (n - 1), then averages per bid.
///
/// `mean over reviewers of (score - mean(reviewer)) / deviation(reviewer)`, without unit, usually between -3 and 3. `None`
/// for a bid without scores. A reviewer whose scores are all equal, or who scored one bid, is only centred: each of their
/// scores counts 0.
///
/// Source: standard scores; sample deviation as in the case `calibration_incomplete_panel`.
///
/// # Errors
/// [`Undefined::TooFewScores`] for an empty panel, [`Undefined::NoVariation`] when every reviewer's scores are all equal.
pub fn z_scores(panel: &Panel) -> Result<Vec<Option<f64>>, Undefined> {
    has_scores(panel)?;
    if of_reviewers(panel).iter().all(|own| own.deviation <= 0.0) {
        return Err(Undefined::NoVariation);
    }
    Ok(means(panel, standardised))
}

/// Standardises every reviewer's scores and brings them to the mean and the sample standard deviation of all scores, then
/// averages per bid.
///
/// `mean(all) + deviation(all) x z`, with `z` as in [`z_scores`], in points; any value. `None` for a bid without scores.
/// Reviewers without variation as in [`z_scores`].
///
/// Source: the mean-and-scale rescaling that large prize competitions publish (National Geographic, Roddenberry, TerraWatt).
///
/// # Errors
/// As [`z_scores`].
pub fn mean_and_scale(panel: &Panel) -> Result<Vec<Option<f64>>, Undefined> {
    let all = spread(panel.scores());
    let rescaled = |score: Option<f64>| score.map(|score| all.mean + all.deviation * score);
    Ok(z_scores(panel)?.into_iter().map(rescaled).collect())
}

//! Variance components of the mixed model by restricted maximum likelihood. Deliberately absent: covariates, and tests of the
//! components; on few reviewers they are uncertain themselves, which no posterior built on them shows.

use serde::{Deserialize, Serialize};

use super::super::{Panel, Undefined};
use super::additive::{LeastSquares, at_least_two_each, least_squares};
use super::connected::{Links, islands};
use super::design::{Design, dot};
use super::restricted::{Look, look};
use super::system::{EXACT_REVIEWERS, Ratios};

/// Beyond [`EXACT_REVIEWERS`] reviewers, traces are averages over so many vectors of random signs. Their error in the
/// components is far below the components' own: about 1e-5 relative for 2,000 reviewers of 50 bids.
pub const TRACE_DRAWS: usize = 16;

/// Steps of the search; each at most [`HALVINGS`] looks. It usually takes fewer than ten.
const STEPS: usize = 100;
const HALVINGS: usize = 40;

/// Where scores are many, the average information leads there in so many steps; where they are few it is far from the true
/// curvature, and what the steps themselves show is better.
const AVERAGED_STEPS: usize = 4;

/// A step below this part of the ratio ends the search.
const SETTLED: f64 = 1e-10;
/// The same where the likelihood itself is an average over draws.
const SETTLED_BY_DRAWS: f64 = 1e-6;

/// Differences of the likelihood below this part of it may be rounding.
const ROUNDING: f64 = 1e-8;

/// A residual below this part of the total sum of squares is rounding: the scores follow the additive model exactly.
const EXACT_FIT: f64 = 1e-10;

/// Variances of the mixed model, points squared, each at least 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variances {
    pub bid: f64,
    pub reviewer: f64,
    pub residual: f64,
}

/// The mixed model fitted to a panel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mixed {
    /// Generalised least squares mean, points.
    pub mean: f64,
    /// Variance of the bids' true qualities, points squared; 0 when the scores show none.
    pub var_bid: f64,
    /// Variance of the reviewers' leniency, points squared; 0 when the scores show none.
    pub var_reviewer: f64,
    /// Variance of what is left, points squared; 0 only when bid and reviewer explain every score.
    pub var_residual: f64,
    /// Logarithm of the restricted likelihood (constants included, except that of the mean's design). `None` beyond
    /// [`EXACT_REVIEWERS`] reviewers and where the residual variance is 0.
    pub log_restricted_likelihood: Option<f64>,
    /// Steps the search took; 0 for a closed form.
    pub steps: usize,
    /// `Some(number)` when traces are averages over so many draws instead of exact.
    pub trace_draws: Option<usize>,
}

impl Mixed {
    pub fn variances(&self) -> Variances {
        Variances { bid: self.var_bid, reviewer: self.var_reviewer, residual: self.var_residual }
    }
}

/// Fits `score = mean + bid + reviewer + error`, all three normal with mean zero, by restricted maximum likelihood.
///
/// Starts from the analysis of variance with every effect adjusted for the other (Henderson's third method), which is the
/// answer itself on complete panels whose components are not negative; otherwise ascends by average information with
/// halved steps, components held at 0 or above, the residual variance profiled out. Deterministic, bounded.
/// Disconnected panels are allowed: their islands are then compared by the assumption alone that both drew their reviewers
/// and bids from one population. Scores that follow the additive model exactly have residual variance 0 and the
/// sample variances of qualities and offsets.
///
/// Source: Patterson and Thompson (1971), Biometrika 58:545-554; Gilmour, Thompson and Cullis (1995), Biometrics 51:1440;
/// Searle, Casella and McCulloch (1992), Variance Components, ch. 5 and 6; for panels Lawrence's NIPS 2014 calibration.
///
/// # Errors
/// [`Undefined::TooFewBids`] and [`Undefined::TooFewReviewers`] below two with scores, [`Undefined::TooFewScores`] when no
/// degree of freedom is left for the residual, [`Undefined::NoVariation`] when all scores are equal,
/// [`Undefined::Disconnected`] only for an exact fit of islands, [`Undefined::NotConverged`].
pub fn fit_mixed(panel: &Panel) -> Result<Mixed, Undefined> {
    let design = Design::of(panel);
    let active_bids = design.bid_counts().filter(|&count| count > 0.0).count();
    let active_reviewers = design.reviewer_counts.iter().filter(|&&count| count > 0.0).count();
    at_least_two_each(active_bids, active_reviewers)?;
    let roots = Links::of(panel).roots();
    let groups = (0usize..)
        .zip(&roots)
        .zip(&design.reviewer_counts)
        .filter(|((reviewer, root), count)| *reviewer == **root as usize && **count > 0.0)
        .count();
    let need = active_bids + active_reviewers - groups + 1;
    if panel.len() < need {
        return Err(Undefined::TooFewScores { have: panel.len(), need });
    }
    let overall = panel.scores().iter().sum::<f64>() / panel.len() as f64;
    // Around zero, so that no digits are lost to a high common level.
    let centred: Vec<f64> = panel.scores().iter().map(|score| score - overall).collect();
    let total = dot(&centred, &centred);
    if panel.scores().iter().all(|score| panel.scores().first() == Some(score)) {
        return Err(Undefined::NoVariation);
    }
    let fit = least_squares(panel, &design, &roots)?;
    if fit.residual_sum_of_squares <= EXACT_FIT * total {
        if groups > 1 {
            return Err(Undefined::Disconnected { islands: islands(panel) });
        }
        return Ok(exact_fit(&design, &fit));
    }
    let shape = Shape { active_bids, active_reviewers, groups };
    let start = analysis_of_variance(panel, &design, &fit, &shape);
    let is_closed = panel.complete().is_some() && start.bid >= 0.0 && start.reviewer >= 0.0;
    let ratio = |part: f64| part.max(if is_closed { 0.0 } else { 0.01 * start.residual }) / start.residual;
    let start = Ratios { bid: ratio(start.bid), reviewer: ratio(start.reviewer) };
    let first = look(&design, &centred, start)?;
    let (steps, end) = if is_closed { (0, first) } else { ascend(&design, &centred, first)? };
    Ok(Mixed {
        mean: end.mean + overall,
        var_bid: end.ratios.bid * end.var_residual,
        var_reviewer: end.ratios.reviewer * end.var_residual,
        var_residual: end.var_residual,
        log_restricted_likelihood: end.log_likelihood,
        steps,
        trace_draws: (design.reviewers() > EXACT_REVIEWERS).then_some(TRACE_DRAWS),
    })
}

struct Shape {
    active_bids: usize,
    active_reviewers: usize,
    groups: usize,
}

/// Expected sums of squares, each effect after the other: reviewers after bids `var x (N - bids) + df x residual`, bids after
/// reviewers `var x (N - reviewers) + df x residual`. Components may be negative.
fn analysis_of_variance(panel: &Panel, design: &Design, fit: &LeastSquares, shape: &Shape) -> Variances {
    let reviews = panel.len() as f64;
    let (bids, reviewers) = (shape.active_bids as f64, shape.active_reviewers as f64);
    let groups = shape.groups as f64;
    let residual = fit.residual_sum_of_squares / (reviews - bids - reviewers + groups);
    let reviewer = (fit.reviewer_sum_of_squares - (reviewers - groups) * residual) / (reviews - bids);
    let means = design.reviewer_sums(panel.scores()).into_iter().zip(&design.reviewer_counts);
    let means: Vec<f64> = means.map(|(sum, &count)| if count > 0.0 { sum / count } else { 0.0 }).collect();
    let within = design.left_over(panel.scores(), &vec![0.0; design.bids()], &means);
    let bid_squares = dot(&within, &within) - fit.residual_sum_of_squares;
    let bid = (bid_squares - (bids - groups) * residual) / (reviews - reviewers);
    Variances { bid, reviewer, residual }
}

/// The limit for a residual variance of 0: qualities and offsets are known up to a common shift.
fn exact_fit(design: &Design, fit: &LeastSquares) -> Mixed {
    let variance = |values: &[f64], counts: &mut dyn Iterator<Item = f64>| {
        let active: Vec<f64> =
            values.iter().zip(counts).filter(|(_, count)| *count > 0.0).map(|(value, _)| *value).collect();
        let count = active.len() as f64;
        let mean = active.iter().sum::<f64>() / count;
        (mean, active.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0))
    };
    let (quality, var_bid) = variance(&fit.quality, &mut design.bid_counts());
    let (offset, var_reviewer) = variance(&fit.offset, &mut design.reviewer_counts.iter().copied());
    Mixed {
        mean: quality + offset,
        var_bid,
        var_reviewer,
        var_residual: 0.0,
        log_restricted_likelihood: None,
        steps: 0,
        trace_draws: None,
    }
}

/// Ascends to where no permitted step gains anything; the number of steps and the last look.
fn ascend(design: &Design, scores: &[f64], first: Look) -> Result<(usize, Look), Undefined> {
    let settled = if design.reviewers() > EXACT_REVIEWERS { SETTLED_BY_DRAWS } else { SETTLED };
    let mut at = first;
    let mut curvature = at.information;
    for step in 0..STEPS {
        let direction = direction(&at, curvature);
        let ratios = [at.ratios.bid, at.ratios.reviewer];
        // Large ratios lose digits in the equations.
        let allowed = settled * (1.0 + 1e-4 * ratios[0].max(ratios[1]));
        let is_small = |(size, ratio): (&f64, &f64)| size.abs() <= allowed * (ratio + 1e-3);
        if direction.iter().zip(&ratios).all(is_small) {
            return Ok((step, at));
        }
        let mut length = 1.0;
        let mut better = None;
        for _ in 0..HALVINGS {
            let moved = |ratio: f64, size: f64| (ratio + length * size).clamp(0.0, 10.0 * ratio + 1.0);
            let [by_bid, by_reviewer] = direction;
            let target = Ratios {
                bid: moved(at.ratios.bid, by_bid),
                reviewer: moved(at.ratios.reviewer, by_reviewer),
            };
            let there = look(design, scores, target)?;
            if gain(&at, &there) >= 0.0 {
                better = Some(there);
                break;
            }
            length *= 0.5;
        }
        match better {
            Some(there) if there.ratios != at.ratios => {
                let learned = if step < AVERAGED_STEPS { None } else { secant(curvature, &at, &there) };
                curvature = learned.unwrap_or(there.information);
                at = there;
            }
            // Nothing within rounding of here is better.
            _ => return Ok((step, at)),
        }
    }
    Err(Undefined::NotConverged { steps: STEPS })
}

/// By how much the likelihood grew. Where the difference drowns in its own rounding, and where the likelihood is not known,
/// by the slopes at both ends.
fn gain(from: &Look, to: &Look) -> f64 {
    if let (Some(before), Some(after)) = (from.log_likelihood, to.log_likelihood)
        && (after - before).abs() > ROUNDING * (1.0 + before.abs())
    {
        return after - before;
    }
    let step = [to.ratios.bid - from.ratios.bid, to.ratios.reviewer - from.ratios.reviewer];
    0.5 * (dot(&step, &from.slope) + dot(&step, &to.slope))
}

/// What the step taught about the curvature (Broyden, Fletcher, Goldfarb and Shanno's update); `None` where the likelihood
/// bends upwards.
fn secant(curvature: [f64; 3], from: &Look, to: &Look) -> Option<[f64; 3]> {
    let step = [to.ratios.bid - from.ratios.bid, to.ratios.reviewer - from.ratios.reviewer];
    let [before, after] = [from.slope, to.slope];
    let fall = [before[0] - after[0], before[1] - after[1]];
    let [bid, cross, reviewer] = curvature;
    let foreseen = [bid * step[0] + cross * step[1], cross * step[0] + reviewer * step[1]];
    let (seen, planned) = (dot(&step, &fall), dot(&step, &foreseen));
    let updated = |old: f64, left: usize, right: usize| {
        Some(
            old - foreseen.get(left)? * foreseen.get(right)? / planned
                + fall.get(left)? * fall.get(right)? / seen,
        )
    };
    if seen <= 0.0 || planned <= 0.0 {
        return None;
    }
    Some([updated(bid, 0, 0)?, updated(cross, 0, 1)?, updated(reviewer, 1, 1)?])
}

/// Slope over curvature, a component at 0 that wants to be negative held there.
fn direction(at: &Look, curvature: [f64; 3]) -> [f64; 2] {
    let [slope_bid, slope_reviewer] = at.slope;
    let [bid, cross, reviewer] = curvature;
    let alone = |slope: f64, own: f64| if own > 0.0 { slope / own } else { slope };
    let hold_bid = at.ratios.bid <= 0.0 && slope_bid <= 0.0;
    let hold_reviewer = at.ratios.reviewer <= 0.0 && slope_reviewer <= 0.0;
    match (hold_bid, hold_reviewer) {
        (true, true) => [0.0, 0.0],
        (true, false) => [0.0, alone(slope_reviewer, reviewer)],
        (false, true) => [alone(slope_bid, bid), 0.0],
        (false, false) => {
            let determinant = bid * reviewer - cross * cross;
            if determinant <= 1e-12 * bid * reviewer {
                return [alone(slope_bid, bid), alone(slope_reviewer, reviewer)];
            }
            let by_bid = (reviewer * slope_bid - cross * slope_reviewer) / determinant;
            let by_reviewer = (bid * slope_reviewer - cross * slope_bid) / determinant;
            if at.ratios.bid <= 0.0 && by_bid < 0.0 {
                [0.0, alone(slope_reviewer, reviewer)]
            } else if at.ratios.reviewer <= 0.0 && by_reviewer < 0.0 {
                [alone(slope_bid, bid), 0.0]
            } else {
                [by_bid, by_reviewer]
            }
        }
    }
}

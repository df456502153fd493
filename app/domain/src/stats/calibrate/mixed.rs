//! Variance components of the mixed model by restricted maximum likelihood. Deliberately absent: covariates, and tests of the
//! components; on few reviewers they are uncertain themselves, which no posterior built on them shows.

use serde::{Deserialize, Serialize};

use super::super::{Panel, Undefined};
use super::additive::{LeastSquares, at_least_two_each, least_squares};
use super::ascend::{SETTLED, SETTLED_BY_DRAWS, climb};
use super::connected::{Links, islands};
use super::design::{Design, dot};
use super::restricted::look;
use super::system::{EXACT_REVIEWERS, Ratios};

/// Beyond [`EXACT_REVIEWERS`] reviewers, traces are averages over so many vectors of random signs. Their error in the
/// components is far below the components' own: about 1e-5 relative for 2,000 reviewers of 50 bids.
pub const TRACE_DRAWS: usize = 16;

/// Up to so many reviews and reviewers the search starts from several places. Of random sparse panels of 8 to 40 reviews up to
/// 2 in 100 had a higher maximum than the first start finds; of 2,740 panels of 60 to 1,500 reviews none had, and many
/// starts take twenty times as long.
pub const MANY_STARTS_REVIEWS: usize = 300;
/// See [`MANY_STARTS_REVIEWS`].
pub const MANY_STARTS_REVIEWERS: usize = 40;

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
    /// Steps of the search that led here; 0 for a closed form.
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
/// A panel with gaps may have several maxima, also at components of 0: up to [`MANY_STARTS_REVIEWS`] reviews by
/// [`MANY_STARTS_REVIEWERS`] reviewers the search is repeated from the summits of a grid of ratios from 0 to 1,000 and the
/// highest end counts (a summit narrower than the grid may be missed); beyond, it is the end of the first search.
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
/// [`Undefined::Disconnected`] only for an exact fit of islands, [`Undefined::NotConverged`] when the highest point seen is
/// not where its search settled.
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
    let (steps, end) = if is_closed {
        (0, first)
    } else {
        let look = |ratios| look(&design, &centred, ratios);
        let settled = if design.reviewers() > EXACT_REVIEWERS { SETTLED_BY_DRAWS } else { SETTLED };
        let end = climb(&look, first, settled, may_have_summits(panel))?;
        (end.steps, end.look)
    };
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

/// Whether it is worth while to look for several maxima of the likelihood. On a complete panel there is one: in the
/// reciprocals of the expected mean squares the likelihood is concave and its bounds are straight.
fn may_have_summits(panel: &Panel) -> bool {
    panel.complete().is_none()
        && panel.len() <= MANY_STARTS_REVIEWS
        && panel.reviewers() <= MANY_STARTS_REVIEWERS
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

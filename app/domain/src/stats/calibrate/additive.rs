//! The additive two-way model with fixed offsets. Deliberately absent: shrinkage and interaction; a reviewer who uses a
//! wider scale than the others is not corrected here.

use serde::{Deserialize, Serialize};

use super::super::{Panel, Undefined};
use super::connected::{Links, islands};
use super::dense::Cholesky;
use super::design::{Design, Eliminated, dot, member_forms};

/// Up to so many reviewers the system is factored and standard errors are given; beyond, they would cost more than
/// everything else together.
pub const STANDARD_ERROR_REVIEWERS: usize = 200;

/// How exactly the reviewers' equations are solved, relative to their right-hand side.
const TOLERANCE: f64 = 1e-12;

/// What the bids are worth once every reviewer's leniency is taken out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Additive {
    /// Per bid, points on the scale of the scores: what a reviewer of average leniency would be expected to give.
    pub quality: Vec<f64>,
    /// Per reviewer, points; positive is lenient. They sum to zero.
    pub offset: Vec<f64>,
    /// Sum of squared residuals, points squared.
    pub residual_sum_of_squares: f64,
    /// Reviews minus bids minus reviewers plus one.
    pub residual_degrees_of_freedom: usize,
    /// Residual sum of squares over its degrees of freedom, points squared; `None` when there are none left.
    pub residual_variance: Option<f64>,
    /// Per bid, points, of the quality as defined here (offsets summing to zero). `None` without a residual variance and
    /// beyond [`STANDARD_ERROR_REVIEWERS`] reviewers.
    pub quality_standard_error: Option<Vec<f64>>,
}

/// Additive two-way calibration by ordinary least squares on any connected design:
///
/// `score = quality(bid) + offset(reviewer) + error`, minimising the sum of squared errors, offsets summing to zero.
///
/// Bids are eliminated; the reviewers' equations are factored ([`STANDARD_ERROR_REVIEWERS`] and fewer) or solved by
/// conjugate gradients to a relative 1e-12. Qualities and offsets may take any value, also beyond the scale of the scores.
/// On a complete panel the qualities are the raw means. Scores that are all equal give equal qualities and zero offsets. A
/// reviewer of one bid takes part, but moves nothing except their own offset: their residual is zero.
/// With the error variance `s2`, `n` reviews of the bid and `m` the indicator of its reviewers,
/// `variance(quality) = s2 (1 / n + m' G m / n2)`, `G` the pseudo-inverse of the reviewers' equations.
///
/// Source: two-way layout without interaction, Searle (1971), Linear Models, ch. 7; for panels Platt and Burges (2012),
/// Ge, Welling and Ghahramani (2013).
///
/// # Errors
/// [`Undefined::TooFewBids`] and [`Undefined::TooFewReviewers`] below two; [`Undefined::Disconnected`] with the islands when
/// scores do not join all bids and all reviewers (also a bid without scores and a reviewer without bids);
/// [`Undefined::NotConverged`].
pub fn additive(panel: &Panel) -> Result<Additive, Undefined> {
    at_least_two_each(panel.bids(), panel.reviewers())?;
    let mut links = Links::of(panel);
    let roots = links.roots();
    let has_scores = (0..panel.bids()).all(|bid| !panel.of_bid(bid).0.is_empty());
    if !has_scores || roots.iter().any(|&root| root != 0) {
        return Err(Undefined::Disconnected { islands: islands(panel) });
    }
    let design = Design::of(panel);
    let fit = least_squares(panel, &design, &roots)?;
    let shift = fit.offset.iter().sum::<f64>() / panel.reviewers() as f64;
    let quality: Vec<f64> = fit.quality.iter().map(|quality| quality + shift).collect();
    let offset = fit.offset.iter().map(|offset| offset - shift).collect();
    let degrees = (panel.len() + 1).saturating_sub(panel.bids() + panel.reviewers());
    let variance = (degrees > 0).then(|| fit.residual_sum_of_squares / degrees as f64);
    let errors = variance.zip(fit.inverse).map(|(variance, (inverse, ridge))| {
        let common = 1.0 / (ridge * (panel.reviewers() as f64).powi(2));
        let forms = member_forms(&design, &inverse);
        let one = |(count, form): (f64, f64)| {
            (variance * (1.0 / count + (form / (count * count) - common).max(0.0))).sqrt()
        };
        design.bid_counts().zip(forms).map(one).collect()
    });
    Ok(Additive {
        quality,
        offset,
        residual_sum_of_squares: fit.residual_sum_of_squares,
        residual_degrees_of_freedom: degrees,
        residual_variance: variance,
        quality_standard_error: errors,
    })
}

pub(super) fn at_least_two_each(bids: usize, reviewers: usize) -> Result<(), Undefined> {
    if bids < 2 {
        return Err(Undefined::TooFewBids { have: bids, need: 2 });
    }
    if reviewers < 2 {
        return Err(Undefined::TooFewReviewers { have: reviewers, need: 2 });
    }
    Ok(())
}

/// One of the solutions that differ by a constant per island.
pub(super) struct LeastSquares {
    pub(super) quality: Vec<f64>,
    pub(super) offset: Vec<f64>,
    pub(super) residual_sum_of_squares: f64,
    /// By how much the offsets lower the sum of squares that is left within bids.
    pub(super) reviewer_sum_of_squares: f64,
    /// The inverse of the reviewers' equations plus `ridge` on every pair of one island, and `ridge`.
    inverse: Option<(Vec<f64>, f64)>,
}

/// Least squares on any design; `roots` says which reviewers are joined.
pub(super) fn least_squares(
    panel: &Panel,
    design: &Design,
    roots: &[u32],
) -> Result<LeastSquares, Undefined> {
    let scores = panel.scores();
    let mean = |(sum, count): (f64, f64)| if count > 0.0 { sum / count } else { 0.0 };
    let means: Vec<f64> = design.bid_sums(scores).into_iter().zip(design.bid_counts()).map(mean).collect();
    let none = vec![0.0; design.reviewers()];
    let right = design.reviewer_sums(&design.left_over(scores, &means, &none));
    let system = Eliminated {
        base: design.reviewer_counts.clone(),
        take: design.bid_counts().map(|count| if count > 0.0 { 1.0 / count } else { 0.0 }).collect(),
    };
    let (offset, inverse) = if design.reviewers() <= STANDARD_ERROR_REVIEWERS {
        let (factor, ridge) =
            with_ridge(&system, design, roots).ok_or(Undefined::NotConverged { steps: 0 })?;
        (factor.solve(&right), Some((factor.inverse(), ridge)))
    } else {
        let solved = system.solve(design, &right, TOLERANCE);
        (solved.map_err(|steps| Undefined::NotConverged { steps })?, None)
    };
    let quality: Vec<f64> = design
        .gather(&offset)
        .into_iter()
        .zip(design.bid_counts())
        .zip(&means)
        .map(|(part, raw)| raw - mean(part))
        .collect();
    let residuals = design.left_over(scores, &quality, &offset);
    Ok(LeastSquares {
        residual_sum_of_squares: dot(&residuals, &residuals),
        reviewer_sum_of_squares: dot(&offset, &right),
        quality,
        offset,
        inverse,
    })
}

/// The equations leave one constant per island free; the same number added to every pair of an island makes that constant
/// zero without touching anything else.
fn with_ridge(system: &Eliminated, design: &Design, roots: &[u32]) -> Option<(Cholesky, f64)> {
    let size = design.reviewers();
    let ridge = (system.base.iter().sum::<f64>() / (size * size) as f64).max(f64::MIN_POSITIVE);
    let mut matrix = system.dense(design);
    for (row, root) in matrix.chunks_exact_mut(size).zip(roots) {
        for (value, other) in row.iter_mut().zip(roots) {
            *value += if root == other { ridge } else { 0.0 };
        }
    }
    Some((Cholesky::of(matrix, size)?, ridge))
}

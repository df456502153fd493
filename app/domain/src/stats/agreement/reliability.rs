//! What a number of reviewers is worth: reliability of their mean, and how many it takes. Deliberately absent: designs
//! in which reviewers differ by bid; they need the mixed model.

use serde::{Deserialize, Serialize};

use super::super::Undefined;
use super::icc::Components;

/// Reliability of the mean of some reviewers, both in [0, 1].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DStudy {
    /// Of the order of bids that all had the same reviewers: `σ²(bid) / (σ²(bid) + σ²(residual) / k)`, known as Eρ².
    pub relative: f64,
    /// Of the points themselves, or of bids that had different reviewers:
    /// `σ²(bid) / (σ²(bid) + (σ²(reviewer) + σ²(residual)) / k)`, known as Φ.
    pub absolute: f64,
}

/// Reliability of `factor` times as many reviewers as `reliability` was measured with: `f ρ / (1 + (f - 1) ρ)`, at
/// most 1. Source: Spearman (1910) and Brown (1910), British Journal of Psychology 3.
///
/// # Errors
/// `BadParameter` unless `factor` > 0, `reliability` <= 1 and `1 + (f - 1) ρ` > 0.
pub fn spearman_brown(reliability: f64, factor: f64) -> Result<f64, Undefined> {
    if !(factor > 0.0 && factor.is_finite()) {
        return Err(Undefined::BadParameter { name: "factor".into() });
    }
    let below = 1.0 + (factor - 1.0) * reliability;
    if !(reliability <= 1.0 && below > 0.0) {
        return Err(Undefined::BadParameter { name: "reliability".into() });
    }
    Ok(factor * reliability / below)
}

/// The least number of reviewers whose mean reaches `target`, where one alone has `reliability`:
/// `target (1 - ρ) / (ρ (1 - target))`, rounded up. Source: the Spearman-Brown formula solved for its factor.
///
/// # Errors
/// `Unbounded` when one reviewer's reliability is not above 0 (no number reaches the target), `BadParameter` unless
/// `reliability` <= 1 and 0 < `target` < 1.
pub fn reviewers_needed(reliability: f64, target: f64) -> Result<usize, Undefined> {
    if !(target > 0.0 && target < 1.0) {
        return Err(Undefined::BadParameter { name: "target".into() });
    }
    if reliability.is_nan() || reliability > 1.0 {
        return Err(Undefined::BadParameter { name: "reliability".into() });
    }
    if reliability <= 0.0 {
        return Err(Undefined::Unbounded);
    }
    let exact = target * (1.0 - reliability) / (reliability * (1.0 - target));
    // A target that was itself computed from a whole number of reviewers must give that number back.
    Ok((exact - 1e-9 * exact.max(1.0)).ceil().max(1.0) as usize)
}

/// Reliability of the mean of `reviewers`, from variance components; one estimated below zero counts as zero.
/// With the components of [`super::six_icc`] and its own number of reviewers, `relative` is ICC(3,k) and `absolute` is
/// ICC(2,k), as long as no component is below zero: the coefficients take those as they are. Source: Brennan (2001),
/// Generalizability Theory, ch. 2.
///
/// # Errors
/// `TooFewReviewers` for none, `NoVariation` when all components are zero, `BadParameter` when one is not finite.
pub fn d_study(components: &Components, reviewers: usize) -> Result<DStudy, Undefined> {
    if reviewers == 0 {
        return Err(Undefined::TooFewReviewers { have: 0, need: 1 });
    }
    let Components { bid, reviewer, residual } = *components;
    if !(bid.is_finite() && reviewer.is_finite() && residual.is_finite()) {
        return Err(Undefined::BadParameter { name: "components".into() });
    }
    let (bid, reviewer, residual) = (bid.max(0.0), reviewer.max(0.0), residual.max(0.0));
    if bid + reviewer + residual <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    let of_mean = |error: f64| if bid > 0.0 { bid / (bid + error / reviewers as f64) } else { 0.0 };
    Ok(DStudy { relative: of_mean(residual), absolute: of_mean(reviewer + residual) })
}

//! Intraclass correlation in the six forms of Shrout & Fleiss. Deliberately absent: designs with gaps; for those the
//! mixed model estimates the same variance components.

use serde::{Deserialize, Serialize};

use super::super::distribution::{f_quantile, f_upper};
use super::super::{Panel, Undefined};

/// One coefficient with its confidence interval; all at most 1, and below 0 when bids differ less than chance makes
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Icc {
    /// Finite.
    pub value: f64,
    /// Finite except of [`SixIcc::icc_2_k`], where it may be minus infinity: the interval then has no lower end. In JSON,
    /// which has no infinity, that is `null`.
    #[serde(with = "lower_end")]
    pub low: f64,
    /// Finite.
    pub high: f64,
}

/// Minus infinity as `null`, there and back.
mod lower_end {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(low: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        low.is_finite().then_some(*low).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Ok(Option::deserialize(deserializer)?.unwrap_or(f64::NEG_INFINITY))
    }
}

/// Mean squares of the analysis of variance, in squared points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeanSquares {
    /// Between bids (BMS): `k Σ (bid mean - mean)² / (n - 1)`.
    pub between: f64,
    /// Within bids (WMS): `Σ (score - bid mean)² / (n (k - 1))`.
    pub within: f64,
    /// Between reviewers (JMS): `n Σ (reviewer mean - mean)² / (k - 1)`.
    pub reviewer: f64,
    /// What neither bid nor reviewer explains (EMS), over `(n - 1)(k - 1)`.
    pub residual: f64,
}

/// Variance components by the analysis of variance, in squared points, as estimated: one below zero says that the
/// component is smaller than this panel can tell from none.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Components {
    /// `(BMS - EMS) / k`: how much bids differ.
    pub bid: f64,
    /// `(JMS - EMS) / n`: how much strictness differs.
    pub reviewer: f64,
    /// `EMS`: everything else.
    pub residual: f64,
}

/// An F test of "bids do not differ".
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FTest {
    /// `None` where the error is zero (the ratio is infinite, `p` is 0).
    pub f: Option<f64>,
    pub numerator: f64,
    pub denominator: f64,
    /// Chance of such a ratio or a larger one were bids equal, in [0, 1].
    pub p: f64,
}

/// Six intraclass correlations of `n` bids by `k` reviewers, all from one analysis of variance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SixIcc {
    pub bids: usize,
    pub reviewers: usize,
    /// Of the intervals, between 0 and 1.
    pub confidence: f64,
    pub mean_squares: MeanSquares,
    pub components: Components,
    /// Every bid had its own reviewers: `(BMS - WMS) / (BMS + (k-1) WMS)`.
    pub icc_1_1: Icc,
    /// Reviewers drawn at random, their strictness counts as error:
    /// `(BMS - EMS) / (BMS + (k-1) EMS + k (JMS - EMS) / n)`.
    pub icc_2_1: Icc,
    /// Exactly these reviewers, strictness does not count: `(BMS - EMS) / (BMS + (k-1) EMS)`.
    pub icc_3_1: Icc,
    /// The mean of k reviewers in place of one: `(BMS - WMS) / BMS`.
    pub icc_1_k: Icc,
    /// `(BMS - EMS) / (BMS + (JMS - EMS) / n)`. `None` where this has no positive denominator: bids then differ less than
    /// the panel's own noise. Where only the lower end has none, `low` is minus infinity: towards the factor at which the
    /// denominator vanishes the coefficient falls without bound.
    pub icc_2_k: Option<Icc>,
    /// `(BMS - EMS) / BMS`; Cronbach's alpha.
    pub icc_3_k: Icc,
    /// `BMS / WMS`.
    pub f_oneway: FTest,
    /// `BMS / EMS`.
    pub f_twoway: FTest,
}

/// The six coefficients with two-sided intervals of the given `confidence` (such as 0.95), exact under the normal
/// model for forms 1 and 3, with Satterthwaite's degrees of freedom for form 2.
/// Source: Shrout & Fleiss (1979), Psychological Bulletin 86:420-428; McGraw & Wong (1996), Psychological Methods 1:30-46.
///
/// # Errors
/// `TooFewReviewers` and `TooFewBids` (two each), `Incomplete` when a score is missing, `NoVariation` when all bids have
/// the same mean, `BadParameter` unless 0 < confidence < 1.
pub fn six_icc(panel: &Panel, confidence: f64) -> Result<SixIcc, Undefined> {
    if !(confidence > 0.0 && confidence < 1.0) {
        return Err(Undefined::BadParameter { name: "confidence".into() });
    }
    let (bids, reviewers) = (panel.bids(), panel.reviewers());
    if reviewers < 2 {
        return Err(Undefined::TooFewReviewers { have: reviewers, need: 2 });
    }
    if bids < 2 {
        return Err(Undefined::TooFewBids { have: bids, need: 2 });
    }
    let table = panel.complete().ok_or(Undefined::Incomplete { missing: panel.missing() })?;
    let squares = mean_squares(table, bids, reviewers);
    if squares.between <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    let (n, k) = (bids as f64, reviewers as f64);
    let MeanSquares { between, within, reviewer, residual } = squares;
    let tail = 0.5 * (1.0 - confidence);
    let (free_bids, free_within, free_residual) = (n - 1.0, n * (k - 1.0), (n - 1.0) * (k - 1.0));
    let (icc_1_1, icc_1_k) = consistency(between, within, k, quantiles(tail, free_within, free_bids));
    let (icc_3_1, icc_3_k) = consistency(between, residual, k, quantiles(tail, free_residual, free_bids));
    let (icc_2_1, icc_2_k) = agreement(squares, n, k, tail);
    Ok(SixIcc {
        bids,
        reviewers,
        confidence,
        mean_squares: squares,
        components: Components {
            bid: (between - residual) / k,
            reviewer: (reviewer - residual) / n,
            residual,
        },
        icc_1_1,
        icc_2_1,
        icc_3_1,
        icc_1_k,
        icc_2_k,
        icc_3_k,
        f_oneway: f_test(between, within, free_bids, free_within),
        f_twoway: f_test(between, residual, free_bids, free_residual),
    })
}

/// Sums of squares around means that are known first, so that large scores lose no digits; a sum that rounding alone
/// can make is zero.
fn mean_squares(table: &[f64], bids: usize, reviewers: usize) -> MeanSquares {
    let (n, k) = (bids as f64, reviewers as f64);
    let mut of_reviewer = vec![0.0; reviewers];
    for row in table.chunks_exact(reviewers) {
        for (sum, score) in of_reviewer.iter_mut().zip(row) {
            *sum += score;
        }
    }
    let mean = of_reviewer.iter().sum::<f64>() / (n * k);
    // From here on: how far the reviewer's mean lies above the mean of all.
    for sum in &mut of_reviewer {
        *sum = *sum / n - mean;
    }
    let (mut between, mut residual, mut largest) = (0.0, 0.0, 0.0_f64);
    for row in table.chunks_exact(reviewers) {
        let row_mean = row.iter().sum::<f64>() / k;
        between += (row_mean - mean) * (row_mean - mean);
        for (score, above) in row.iter().zip(&of_reviewer) {
            let rest = score - row_mean - above;
            residual += rest * rest;
            largest = largest.max(score.abs());
        }
    }
    let rounding = (4.0 * f64::EPSILON * largest).powi(2) * n * k;
    let above_rounding = |sum: f64| if sum > rounding { sum } else { 0.0 };
    let between = above_rounding(k * between);
    let reviewer = above_rounding(n * of_reviewer.iter().map(|above| above * above).sum::<f64>());
    let residual = above_rounding(residual);
    MeanSquares {
        between: between / (n - 1.0),
        within: (reviewer + residual) / (n * (k - 1.0)),
        reviewer: reviewer / (k - 1.0),
        residual: residual / ((n - 1.0) * (k - 1.0)),
    }
}

/// The lower and upper quantile of F with the error's degrees of freedom above and those of bids below.
fn quantiles(tail: f64, of_error: f64, of_bids: f64) -> (f64, f64) {
    (f_quantile(tail, of_error, of_bids), f_quantile(1.0 - tail, of_error, of_bids))
}

/// Forms 1 (error = WMS) and 3 (error = EMS), one reviewer and the mean of k. The bounds move BMS by the quantiles.
fn consistency(between: f64, error: f64, k: f64, (lower, upper): (f64, f64)) -> (Icc, Icc) {
    let single = |factor: f64| (between * factor - error) / (between * factor + (k - 1.0) * error);
    let average = |factor: f64| 1.0 - error / (between * factor);
    let with = |form: &dyn Fn(f64) -> f64| Icc { value: form(1.0), low: form(lower), high: form(upper) };
    (with(&single), with(&average))
}

/// Form 2. The interval's degrees of freedom match the two first moments of the error, a mixture of JMS and EMS in
/// which a coefficient below zero counts as zero: the interval could otherwise miss its own coefficient.
fn agreement(squares: MeanSquares, n: f64, k: f64, tail: f64) -> (Icc, Option<Icc>) {
    let MeanSquares { between, reviewer, residual, .. } = squares;
    let single = |factor: f64| {
        (between * factor - residual)
            / (between * factor + (k - 1.0) * residual + k * (reviewer - residual) / n)
    };
    let value = single(1.0);
    let share = value.max(0.0);
    let of_reviewer = k * share * reviewer;
    let of_residual = (n * (1.0 + (k - 1.0) * share) - k * share) * residual;
    let above = (k - 1.0) * (n - 1.0) * (of_reviewer + of_residual).powi(2);
    let below = (n - 1.0) * of_reviewer.powi(2) + of_residual.powi(2);
    // Without any error every number of degrees of freedom gives the same interval.
    let freedom = if below > 0.0 { above / below } else { (k - 1.0) * (n - 1.0) };
    let (lower, upper) = quantiles(tail, freedom, n - 1.0);
    let average = |factor: f64| {
        let variance = between * factor + (reviewer - residual) / n;
        (variance > 0.0).then(|| (between * factor - residual) / variance)
    };
    let of_mean = average(1.0).zip(average(upper)).map(|(value, high)| Icc {
        value,
        low: average(lower).unwrap_or(f64::NEG_INFINITY),
        high,
    });
    (Icc { value, low: single(lower), high: single(upper) }, of_mean)
}

fn f_test(between: f64, error: f64, numerator: f64, denominator: f64) -> FTest {
    if error <= 0.0 {
        return FTest { f: None, numerator, denominator, p: 0.0 };
    }
    let f = between / error;
    FTest { f: Some(f), numerator, denominator, p: f_upper(f, numerator, denominator) }
}

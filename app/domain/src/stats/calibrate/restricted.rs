//! The restricted likelihood of the mixed model at given ratios, its slope and its average information; the error variance
//! is always the best one for the ratios. Source: Patterson and Thompson (1971); Gilmour, Thompson and Cullis (1995) for
//! the average information.

use std::f64::consts::PI;

use super::super::Undefined;
use super::design::{Design, dot};
use super::draws::Draws;
use super::mixed::TRACE_DRAWS;
use super::system::{Ratios, System, TOLERANCE};

/// One look at the likelihood.
pub(super) struct Look {
    pub(super) ratios: Ratios,
    pub(super) mean: f64,
    pub(super) var_residual: f64,
    /// `None` beyond the reviewers whose equations are factored.
    pub(super) log_likelihood: Option<f64>,
    /// By the bids' ratio, by the reviewers' ratio.
    pub(super) slope: [f64; 2],
    /// Upper triangle of the symmetric average information: bid-bid, bid-reviewer, reviewer-reviewer.
    pub(super) information: [f64; 3],
}

/// # Errors
/// [`Undefined::NotConverged`], [`Undefined::NoVariation`] when the scores leave no residual at all.
pub(super) fn look(design: &Design, scores: &[f64], ratios: Ratios) -> Result<Look, Undefined> {
    let system = System::new(design, ratios)?;
    let mean = system.mean(scores)?;
    let deviations: Vec<f64> = scores.iter().map(|score| score - mean.value).collect();
    let residual = system.divide(&deviations)?;
    let [spread_bid, spread_reviewer] = spread(design, &residual);
    let degrees = (scores.len() as f64 - 1.0).max(1.0);
    // residual' H residual: a sum of squares, so that nothing cancels.
    let quadratic = dot(&residual, &residual)
        + ratios.bid * dot(&spread_bid, &residual)
        + ratios.reviewer * dot(&spread_reviewer, &residual);
    let var_residual = quadratic / degrees;
    if var_residual <= 0.0 || !var_residual.is_finite() {
        return Err(Undefined::NoVariation);
    }
    let squares = [dot(&spread_bid, &residual), dot(&spread_reviewer, &residual)];
    let traces = traces(&system)?;
    let [ones_bid, ones_reviewer] = spread(design, &mean.ones).map(|spread| dot(&spread, &mean.ones));
    let slope_of =
        |trace: f64, ones: f64, squares: f64| -0.5 * (trace - ones / mean.weight - squares / var_residual);
    let divided = |spread: &[f64]| -> Result<Vec<f64>, Undefined> {
        let plain = system.divide(spread)?;
        let common = plain.iter().sum::<f64>() / mean.weight;
        Ok(plain.iter().zip(&mean.ones).map(|(plain, one)| plain - common * one).collect())
    };
    let (by_bid, by_reviewer) = (divided(&spread_bid)?, divided(&spread_reviewer)?);
    let curve = |cross: f64, left: f64, right: f64| (cross - left * right / quadratic) / (2.0 * var_residual);
    let log_likelihood = system
        .log_determinant()
        .map(|log| -0.5 * (degrees * ((2.0 * PI * var_residual).ln() + 1.0) + log + mean.weight.ln()));
    Ok(Look {
        ratios,
        mean: mean.value,
        var_residual,
        log_likelihood,
        slope: [slope_of(traces[0], ones_bid, squares[0]), slope_of(traces[1], ones_reviewer, squares[1])],
        information: [
            curve(dot(&spread_bid, &by_bid), squares[0], squares[0]),
            curve(dot(&spread_bid, &by_reviewer), squares[0], squares[1]),
            curve(dot(&spread_reviewer, &by_reviewer), squares[1], squares[1]),
        ],
    })
}

/// `Z Z' vector` and `W W' vector`.
fn spread(design: &Design, vector: &[f64]) -> [Vec<f64>; 2] {
    let (no_bids, no_reviewers) = (vec![0.0; design.bids()], vec![0.0; design.reviewers()]);
    let zeros = vec![0.0; vector.len()];
    let negative = |sums: Vec<f64>| sums.into_iter().map(|sum| -sum).collect::<Vec<f64>>();
    [
        design.left_over(&zeros, &negative(design.bid_sums(vector)), &no_reviewers),
        design.left_over(&zeros, &no_bids, &negative(design.reviewer_sums(vector))),
    ]
}

/// Traces of `Z' H^-1 Z` and `W' H^-1 W`:
/// `sum of n / (1 + p n) - q sum of members' S^-1 members / (1 + p n)^2` and the trace of `S^-1 (diag(counts) - sum of a members
/// members')`. Beyond the reviewers whose equations are factored, averages over [`TRACE_DRAWS`] vectors of random signs
/// (Hutchinson 1990), the same ones at every look.
fn traces(system: &System) -> Result<[f64; 2], Undefined> {
    let design = system.design;
    let alone: f64 = design.bid_counts().zip(&system.open).map(|(count, open)| count * open).sum();
    if let Some(inverse) = system.inverse() {
        let size = design.reviewers();
        let shared: f64 = inverse.forms.iter().zip(&system.open).map(|(form, open)| form * open * open).sum();
        let diagonal = inverse.matrix.iter().step_by(size + 1);
        let counted: f64 = diagonal.zip(&design.reviewer_counts).map(|(value, count)| value * count).sum();
        return Ok([alone - system.ratios.reviewer * shared, counted - dot(&inverse.forms, &system.pull)]);
    }
    let mut sums = [0.0; 2];
    for draw in 0..TRACE_DRAWS {
        let signs = Draws::new(TRACE_SEED, draw as u64).signs(design.reviewers());
        let solved = system.solve(&signs, TOLERANCE)?;
        let pairs: Vec<f64> = design
            .gather(&signs)
            .iter()
            .zip(design.gather(&solved))
            .map(|(left, right)| left * right)
            .collect();
        let counted = solved.iter().zip(&signs).zip(&design.reviewer_counts);
        sums[0] += pairs.iter().zip(&system.open).map(|(pair, open)| pair * open * open).sum::<f64>();
        sums[1] += counted.map(|((left, right), count)| left * right * count).sum::<f64>()
            - dot(&pairs, &system.pull);
    }
    let draws = TRACE_DRAWS as f64;
    Ok([alone - system.ratios.reviewer * sums[0] / draws, sums[1] / draws])
}

/// Any fixed number: the signs are no secret and nobody chooses them.
const TRACE_SEED: u64 = 0x7472_6163_6573;

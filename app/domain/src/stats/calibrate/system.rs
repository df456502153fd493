//! The equations of the mixed model `score = mean + bid + reviewer + error` at given ratios of the variances to the error's.
//!
//! With `Z` and `W` the bids' and reviewers' indicators, `H = I + p Z Z' + q W W'` (`p`, `q` the ratios) is the covariance of
//! the scores over the error variance. Eliminating the bids leaves `S = I + q diag(counts) - sum of q a members members'`,
//! `a = p / (1 + p n)` for a bid of `n` reviews. All eigenvalues of `S` are at least 1, so ratios of zero need no care.
//! Source: Henderson's mixed model equations; Searle, Casella and McCulloch (1992), Variance Components, ch. 7.

use super::super::Undefined;
use super::dense::Cholesky;
use super::design::{Design, Eliminated, dot, member_forms};

/// Variances of bids and reviewers over the variance of the error, each at least 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ratios {
    pub(super) bid: f64,
    pub(super) reviewer: f64,
}

/// Up to so many reviewers everything is exact; beyond, traces and spreads are averages over seeded draws.
pub const EXACT_REVIEWERS: usize = 400;

/// How exactly the equations are solved beyond that, relative to their right-hand side.
pub(super) const TOLERANCE: f64 = 1e-12;

pub(super) struct System<'a> {
    pub(super) design: &'a Design,
    pub(super) ratios: Ratios,
    /// `p / (1 + p n)` per bid.
    pub(super) pull: Vec<f64>,
    /// `1 / (1 + p n)` per bid: what of the bid's own effect the scores leave open.
    pub(super) open: Vec<f64>,
    eliminated: Eliminated,
    factor: Option<Cholesky>,
}

/// What the reviewers' uncertainty adds, exactly known up to [`EXACT_REVIEWERS`] reviewers.
pub(super) struct Inverse {
    /// The inverse of `S`, row by row.
    pub(super) matrix: Vec<f64>,
    /// `members' S^-1 members` per bid.
    pub(super) forms: Vec<f64>,
}

impl<'a> System<'a> {
    /// # Errors
    /// [`Undefined::NotConverged`] when rounding destroys the equations (ratios beyond about 1e12).
    pub(super) fn new(design: &'a Design, ratios: Ratios) -> Result<Self, Undefined> {
        let open: Vec<f64> = design.bid_counts().map(|count| 1.0 / (1.0 + ratios.bid * count)).collect();
        let pull: Vec<f64> = open.iter().map(|open| ratios.bid * open).collect();
        let eliminated = Eliminated {
            base: design.reviewer_counts.iter().map(|count| 1.0 + ratios.reviewer * count).collect(),
            take: pull.iter().map(|pull| ratios.reviewer * pull).collect(),
        };
        let factor = if design.reviewers() <= EXACT_REVIEWERS {
            Some(eliminated.factor(design).ok_or(Undefined::NotConverged { steps: 0 })?)
        } else {
            None
        };
        Ok(Self { design, ratios, pull, open, eliminated, factor })
    }

    /// Solves `S x = right`, `tolerance` only where it is not exact.
    pub(super) fn solve(&self, right: &[f64], tolerance: f64) -> Result<Vec<f64>, Undefined> {
        match &self.factor {
            Some(factor) => Ok(factor.solve(right)),
            None => self
                .eliminated
                .solve(self.design, right, tolerance)
                .map_err(|steps| Undefined::NotConverged { steps }),
        }
    }

    pub(super) fn factor(&self) -> Option<&Cholesky> {
        self.factor.as_ref()
    }

    pub(super) fn inverse(&self) -> Option<Inverse> {
        let matrix = self.factor.as_ref()?.inverse();
        let forms = member_forms(self.design, &matrix);
        Some(Inverse { matrix, forms })
    }

    /// Logarithm of the determinant of `H`.
    pub(super) fn log_determinant(&self) -> Option<f64> {
        let bids: f64 = self.open.iter().map(|open| -open.ln()).sum();
        Some(bids + self.factor.as_ref()?.log_determinant())
    }

    /// Best predictions of the bids' and the reviewers' effects from scores whose mean is taken away.
    pub(super) fn effects(&self, deviations: &[f64]) -> Result<(Vec<f64>, Vec<f64>), Undefined> {
        let sums = self.design.bid_sums(deviations);
        let pulled: Vec<f64> = sums.iter().zip(&self.pull).map(|(sum, pull)| sum * pull).collect();
        let taken = self.design.scatter(&pulled);
        let right: Vec<f64> = self
            .design
            .reviewer_sums(deviations)
            .iter()
            .zip(&taken)
            .map(|(sum, taken)| self.ratios.reviewer * (sum - taken))
            .collect();
        let reviewers = self.solve(&right, TOLERANCE)?;
        let shared = self.design.gather(&reviewers);
        let own = sums.iter().zip(&shared).zip(&self.pull);
        let bids = own.map(|((sum, shared), pull)| pull * (sum - shared)).collect();
        Ok((bids, reviewers))
    }

    /// `H^-1 vector`, one number per review.
    pub(super) fn divide(&self, vector: &[f64]) -> Result<Vec<f64>, Undefined> {
        let (bids, reviewers) = self.effects(vector)?;
        Ok(self.design.left_over(vector, &bids, &reviewers))
    }

    /// The generalised least squares mean of `scores`, with `H^-1 1` and its sum.
    pub(super) fn mean(&self, scores: &[f64]) -> Result<GeneralisedMean, Undefined> {
        let ones = self.divide(&vec![1.0; scores.len()])?;
        let weight: f64 = ones.iter().sum();
        Ok(GeneralisedMean { value: dot(&ones, scores) / weight, ones, weight })
    }
}

pub(super) struct GeneralisedMean {
    pub(super) value: f64,
    /// `H^-1 1`
    pub(super) ones: Vec<f64>,
    /// `1' H^-1 1`
    pub(super) weight: f64,
}

//! What is believed about every bid and reviewer once the scores are in, for given variances. Deliberately absent: the
//! uncertainty of the variances and of the mean; both are taken as known.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use super::super::{Panel, Undefined};
use super::design::{Design, dot};
use super::draws::Draws;
use super::expected_rank::EXACT_BIDS;
use super::mixed::Variances;
use super::system::{EXACT_REVIEWERS, Ratios, System};

/// Beyond [`EXACT_REVIEWERS`] reviewers the part of a spread that the reviewers' uncertainty causes is an average over so
/// many seeded draws: within about 12 % of that part, which is itself a small part where reviewers scored many bids.
pub const SPREAD_DRAWS: usize = 128;

/// A residual variance below this part of the others is raised to it: scores that explain each other exactly leave the
/// equations without a solution in this form.
const LEAST_RESIDUAL: f64 = 1e-10;

/// Normal posterior of every bid and reviewer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Posterior {
    /// The mean that was used: the known one, or else the generalised least squares one. Points.
    pub mean: f64,
    /// Generalised least squares mean of the scores at these variances, points.
    pub gls_mean: f64,
    pub variances: Variances,
    /// Per bid, points: mean plus the bid's predicted effect. Without scores: the mean.
    pub quality_mean: Vec<f64>,
    /// Per bid, points, at least 0. Without scores: the prior's.
    pub quality_sd: Vec<f64>,
    /// Per reviewer, points; positive is lenient. Without bids: 0.
    pub reviewer_mean: Vec<f64>,
    /// Per reviewer, points, at least 0.
    pub reviewer_sd: Vec<f64>,
    /// Logarithm of the density of the scores at `mean` and the variances; `None` beyond [`EXACT_REVIEWERS`] reviewers.
    pub log_marginal_likelihood: Option<f64>,
    /// `Some(number)` when the spreads rest on so many draws instead of being exact.
    pub spread_draws: Option<usize>,
}

/// Best linear unbiased predictions and their spreads in `score = mean + bid + reviewer + error` for given variances, with
/// `p` and `q` the bids' and reviewers' variances over the residual one:
///
/// `effect(bid) = p / (1 + p n) x sum over its reviews of (score - mean - effect(reviewer))`, the reviewers' effects from the
/// equations left when the bids are eliminated. `known_mean` in points, `None` takes the generalised least squares mean.
///
/// Source: Henderson (1975), Biometrics 31:423-447; Robinson (1991), Statistical Science 6:15-32; for panels Lawrence's NIPS
/// 2014 calibration.
///
/// # Errors
/// [`Undefined::TooFewScores`] for an empty panel, [`Undefined::NoVariation`] when all variances are 0,
/// [`Undefined::BadParameter`] for a variance that is negative or not finite or a mean that is not finite,
/// [`Undefined::NotConverged`].
pub fn posterior(
    panel: &Panel,
    variances: &Variances,
    known_mean: Option<f64>,
) -> Result<Posterior, Undefined> {
    let (ratios, residual) = ratios(variances)?;
    if panel.is_empty() {
        return Err(Undefined::TooFewScores { have: 0, need: 1 });
    }
    if known_mean.is_some_and(|mean| !mean.is_finite()) {
        return Err(Undefined::BadParameter { name: "known_mean".to_owned() });
    }
    let design = Design::of(panel);
    let system = System::new(&design, ratios)?;
    let gls_mean = system.mean(panel.scores())?.value;
    let mean = known_mean.unwrap_or(gls_mean);
    let deviations: Vec<f64> = panel.scores().iter().map(|score| score - mean).collect();
    let (bids, reviewers) = system.effects(&deviations)?;
    let (forms, own) = reviewer_uncertainty(&system)?;
    let bid_parts = system.pull.iter().zip(&forms);
    let log_marginal_likelihood = match system.log_determinant() {
        Some(log) => {
            let left = design.left_over(&deviations, &bids, &reviewers);
            let count = panel.len() as f64;
            Some(-0.5 * (count * (2.0 * PI * residual).ln() + log + dot(&left, &deviations) / residual))
        }
        None => None,
    };
    Ok(Posterior {
        mean,
        gls_mean,
        variances: *variances,
        quality_mean: bids.iter().map(|bid| mean + bid).collect(),
        quality_sd: bid_parts
            .map(|(pull, form)| (residual * (pull + pull * pull * ratios.reviewer * form)).sqrt())
            .collect(),
        reviewer_mean: reviewers,
        reviewer_sd: own.iter().map(|value| (residual * ratios.reviewer * value).max(0.0).sqrt()).collect(),
        log_marginal_likelihood,
        spread_draws: (design.reviewers() > EXACT_REVIEWERS).then_some(SPREAD_DRAWS),
    })
}

/// The ratios and the residual variance behind them.
pub(super) fn ratios(variances: &Variances) -> Result<(Ratios, f64), Undefined> {
    let Variances { bid, reviewer, residual } = *variances;
    if [bid, reviewer, residual].iter().any(|value| !value.is_finite() || *value < 0.0) {
        return Err(Undefined::BadParameter { name: "variances".to_owned() });
    }
    let residual = residual.max(LEAST_RESIDUAL * (bid + reviewer));
    if residual <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    Ok((Ratios { bid: bid / residual, reviewer: reviewer / residual }, residual))
}

/// Per bid `members' S^-1 members`, and the diagonal of `S^-1`.
fn reviewer_uncertainty(system: &System) -> Result<(Vec<f64>, Vec<f64>), Undefined> {
    let design = system.design;
    if let Some(inverse) = system.inverse() {
        let own = inverse.matrix.into_iter().step_by(design.reviewers() + 1).collect();
        return Ok((inverse.forms, own));
    }
    let mut forms = vec![0.0; design.bids()];
    let mut own = vec![0.0; design.reviewers()];
    for draw in 0..SPREAD_DRAWS {
        let drawn = drawn_reviewers(system, &mut Draws::new(SPREAD_SEED, draw as u64))?;
        for (sum, shared) in forms.iter_mut().zip(design.gather(&drawn)) {
            *sum += shared * shared / SPREAD_DRAWS as f64;
        }
        for (sum, value) in own.iter_mut().zip(&drawn) {
            *sum += value * value / SPREAD_DRAWS as f64;
        }
    }
    Ok((forms, own))
}

/// Any fixed number: the spreads of a panel are the same every time.
const SPREAD_SEED: u64 = 0x7370_7265_6164;

/// How exactly a draw is solved: far below what a draw can show.
const DRAW_TOLERANCE: f64 = 1e-5;

/// A normal draw with covariance `S^-1`. Factored: `L' x = z`. Otherwise `S x = r` with `r` of covariance `S`: one normal per
/// reviewer, and one per review with the bid's part shrunk so that `C C' = I - a 1 1'` (Papandreou and Yuille 2010).
pub(super) fn drawn_reviewers(system: &System, draws: &mut Draws) -> Result<Vec<f64>, Undefined> {
    let design = system.design;
    let mut normals = draws.normals(design.reviewers());
    if let Some(factor) = system.factor() {
        factor.solve_transposed(&mut normals);
        return Ok(normals);
    }
    let reviews = draws.normals(design.reviews());
    let shrunk: Vec<f64> = design
        .bid_sums(&reviews)
        .into_iter()
        .zip(design.bid_counts())
        .zip(&system.open)
        .map(|((sum, count), open)| if count > 0.0 { sum * (1.0 - open.sqrt()) / count } else { 0.0 })
        .collect();
    let parts = design.left_over(&reviews, &shrunk, &vec![0.0; design.reviewers()]);
    let scale = system.ratios.reviewer.sqrt();
    for (normal, part) in normals.iter_mut().zip(design.reviewer_sums(&parts)) {
        *normal += scale * part;
    }
    system.solve(&normals, DRAW_TOLERANCE)
}

/// The bids' posterior covariances given the panel.
pub(super) struct QualityRows<'a> {
    system: &'a System<'a>,
    residual: f64,
    inverse: Vec<f64>,
}

impl<'a> QualityRows<'a> {
    /// `None` beyond [`EXACT_REVIEWERS`] reviewers.
    pub(super) fn new(system: &'a System<'a>, residual: f64) -> Option<Self> {
        Some(Self { system, residual, inverse: system.factor()?.inverse() })
    }

    /// Calls `see(bid, covariances with every bid)` for every bid in order; never holds more than one row.
    pub(super) fn each(&self, mut see: impl FnMut(usize, &[f64])) {
        let design = self.system.design;
        let size = design.reviewers().max(1);
        let mut row = vec![0.0; design.bids()];
        let mut joint = vec![0.0; design.reviewers()];
        for (bid, (members, pull)) in design.members().zip(&self.system.pull).enumerate() {
            joint.fill(0.0);
            for &reviewer in members {
                let from = self.inverse.chunks_exact(size).nth(reviewer as usize).unwrap_or_default();
                for (sum, value) in joint.iter_mut().zip(from) {
                    *sum += value;
                }
            }
            let scale = self.residual * pull * self.system.ratios.reviewer;
            for ((value, shared), other) in row.iter_mut().zip(design.gather(&joint)).zip(&self.system.pull) {
                *value = scale * other * shared;
            }
            if let Some(own) = row.get_mut(bid) {
                *own += self.residual * pull;
            }
            see(bid, &row);
        }
    }
}

/// A symmetric matrix of covariances, points squared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Covariance {
    pub size: usize,
    /// Row by row, `size x size`.
    pub entries: Vec<f64>,
}

impl Covariance {
    /// `None` beyond the matrix.
    pub fn at(&self, row: usize, column: usize) -> Option<f64> {
        (column < self.size).then(|| self.entries.get(row * self.size + column).copied()).flatten()
    }
}

/// Posterior covariances of the bids' qualities for given variances: `residual x (D + A S^-1 A')` with `D` the bids' own
/// `p / (1 + p n)` and `A` what the reviewers' equations pass on.
///
/// Source: as [`posterior`].
///
/// # Errors
/// As [`posterior`]; [`Undefined::BadParameter`] beyond [`EXACT_BIDS`] bids or [`EXACT_REVIEWERS`] reviewers.
pub fn quality_covariance(panel: &Panel, variances: &Variances) -> Result<Covariance, Undefined> {
    let (ratios, residual) = ratios(variances)?;
    let size = panel.bids();
    let too_many = |name: &str| Undefined::BadParameter { name: name.to_owned() };
    if size > EXACT_BIDS {
        return Err(too_many("bids"));
    }
    let design = Design::of(panel);
    let system = System::new(&design, ratios)?;
    let rows = QualityRows::new(&system, residual).ok_or_else(|| too_many("reviewers"))?;
    let mut entries = Vec::with_capacity(size * size);
    rows.each(|_, row| entries.extend_from_slice(row));
    Ok(Covariance { size, entries })
}

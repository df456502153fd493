//! Bradley-Terry: `P(i beats j) = 1 / (1 + exp(-(a_i - a_j)))`, abilities `a` by maximum likelihood (Bradley and Terry
//! 1952, Biometrika 39; with an order effect as in Agresti 2002, Categorical Data Analysis, section 10.6). Deliberately
//! absent: ties, which `davidson` takes.

use serde::{Deserialize, Serialize};

use super::super::Undefined;
use super::super::distribution::chi_squared_upper;
use super::comparison::Comparisons;
use super::solve::{Curvature, Design, Square, maximise, standard_errors};
use super::{bad, worth_sum_one};

/// Abilities from wins and losses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BradleyTerry {
    /// Log odds against the reference item, which has 0; finite.
    pub log_ability: Vec<f64>,
    /// Of each difference to the reference, from the inverse Fisher information; 0 for the reference.
    pub standard_error: Vec<f64>,
    /// What being first adds to the log odds; `None` in the model without it.
    pub order_effect: Option<OrderEffect>,
    /// Binomial log-likelihood without the binomial coefficients, which do not depend on the model; at most 0.
    pub log_likelihood: f64,
    /// Position of the item all are measured against.
    pub reference: usize,
    /// Newton steps taken.
    pub steps: usize,
}

impl BradleyTerry {
    /// Abilities as shares of one.
    pub fn worth(&self) -> Vec<f64> {
        worth_sum_one(&self.log_ability)
    }
}

/// The advantage of the item that is first (at home): its log odds rise by `estimate`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderEffect {
    pub estimate: f64,
    pub standard_error: f64,
}

/// Whether a larger model explains more than chance would.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LikelihoodRatio {
    /// Twice the difference of the log-likelihoods; at least 0.
    pub chi_squared: f64,
    pub degrees_of_freedom: usize,
    /// Probability of at least this statistic when the smaller model holds (Wilks 1938); in [0, 1].
    pub p: f64,
}

/// Bradley-Terry abilities; who was first does not matter.
///
/// # Errors
/// [`Undefined::TooFewBids`], [`Undefined::TooFewScores`] (no comparison), [`Undefined::Disconnected`],
/// [`Undefined::Unbounded`] (a group of items wins or loses everything: Ford 1957), [`Undefined::BadParameter`]:
/// `reference` (beyond the items), `ties` (some comparison ended without a winner).
pub fn bradley_terry(comparisons: &Comparisons, reference: usize) -> Result<BradleyTerry, Undefined> {
    fit(comparisons, reference, false)
}

/// Bradley-Terry abilities and the advantage of being first.
///
/// # Errors
/// As [`bradley_terry`]; [`Undefined::Unbounded`] too when only the first ones ever win, or when the order cannot be
/// told from the abilities.
pub fn bradley_terry_with_order(
    comparisons: &Comparisons,
    reference: usize,
) -> Result<BradleyTerry, Undefined> {
    fit(comparisons, reference, true)
}

/// Compares the models of one set of comparisons without and with order effect. One degree of freedom.
///
/// # Errors
/// [`Undefined::BadParameter`]: `models` when they are not one without and one with order effect.
pub fn likelihood_ratio(plain: &BradleyTerry, ordered: &BradleyTerry) -> Result<LikelihoodRatio, Undefined> {
    if plain.order_effect.is_some() || ordered.order_effect.is_none() {
        return Err(bad("models"));
    }
    let chi_squared = (2.0 * (ordered.log_likelihood - plain.log_likelihood)).max(0.0);
    Ok(LikelihoodRatio { chi_squared, degrees_of_freedom: 1, p: chi_squared_upper(chi_squared, 1.0) })
}

fn fit(comparisons: &Comparisons, reference: usize, with_order: bool) -> Result<BradleyTerry, Undefined> {
    let items = comparisons.items();
    if comparisons.has_ties() {
        return Err(bad("ties"));
    }
    comparisons.check_comparable()?;
    if reference >= items {
        return Err(bad("reference"));
    }
    let design = Design::all_but(items, reference);
    let extra = usize::from(with_order);
    let most_spread = 40.0 + 8.0 * items as f64;
    let maximum = maximise(design.free() + extra, most_spread, |parameters| {
        let (abilities, order) = parameters.split_at(design.free());
        let full = evaluate(comparisons, &design.log_worth(abilities), order.first().copied());
        let (gradient, information) = design.reduce(&full, extra);
        Curvature { gradient, information, ..full }
    })?;
    let (abilities, order) = maximum.at.split_at(design.free());
    let log_ability = design.log_worth(abilities);
    let order_error = standard_errors(&maximum.covariance, design.free());
    let order_effect = order
        .first()
        .zip(order_error.first())
        .map(|(&estimate, &standard_error)| OrderEffect { estimate, standard_error });
    let log_likelihood = evaluate(comparisons, &log_ability, order.first().copied()).log_likelihood;
    let standard_error = design.contrast_errors(&maximum.covariance, reference);
    Ok(BradleyTerry {
        log_ability,
        standard_error,
        order_effect,
        log_likelihood,
        reference,
        steps: maximum.steps,
    })
}

/// Binomial log-likelihood by item, and by order effect where there is one.
#[expect(clippy::indexing_slicing, reason = "comparisons name only items below the number of abilities")]
fn evaluate(comparisons: &Comparisons, ability: &[f64], order: Option<f64>) -> Curvature {
    let items = ability.len();
    let size = items + usize::from(order.is_some());
    let low = ability.iter().copied().fold(f64::INFINITY, f64::min);
    let high = ability.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = Curvature {
        log_likelihood: 0.0,
        gradient: vec![0.0; size],
        information: Square::zero(size),
        spread: (high - low).max(order.map_or(0.0, f64::abs)),
    };
    for row in comparisons.rows() {
        let odds = ability[row.first] - ability[row.second] + order.unwrap_or(0.0);
        // Both logs are taken where the exponential is small, so that neither side loses digits.
        let log_larger = -(-odds.abs()).exp().ln_1p();
        let log_smaller = log_larger - odds.abs();
        let (log_first, log_second) =
            if odds >= 0.0 { (log_larger, log_smaller) } else { (log_smaller, log_larger) };
        let (first_share, second_share) = (log_first.exp(), log_second.exp());
        sum.log_likelihood += row.first_wins * log_first + row.second_wins * log_second;
        let surprise = row.first_wins * second_share - row.second_wins * first_share;
        let variance = (row.first_wins + row.second_wins) * first_share * second_share;
        let places = [Some((row.first, 1.0)), Some((row.second, -1.0)), order.map(|_| (items, 1.0))];
        for (place, sign) in places.into_iter().flatten() {
            sum.gradient[place] += sign * surprise;
            let cells = sum.information.row_mut(place);
            for (other, other_sign) in places.into_iter().flatten() {
                cells[other] += sign * other_sign * variance;
            }
        }
    }
    sum
}

//! Plackett-Luce: a ranking is made by choosing the best of those left, with chances in proportion to their worths
//! (Luce 1959; Plackett 1975, Applied Statistics 24), with ties of any size and partial rankings (Turner, van Etten,
//! Firth and Kosmidis 2020, Computational Statistics 35). On pairs it is Bradley-Terry, with ties Davidson.

use serde::{Deserialize, Serialize};

use super::super::Undefined;
use super::choice::Choices;
use super::profile::Profile;
use super::solve::{Design, Maximum, Square, standard_errors};
use super::{bad, worth_sum_one};

/// Most covariates of the linear model.
const MOST_COVARIATES: usize = 50;
/// Most items of one ranking whose probability is asked for.
const MOST_RANKED: usize = 2_000;

/// The tendency to tie among `size` items: equal items tie with strength `delta` beside 1 for each alone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tie {
    /// Items in the tie, 2 or more.
    pub size: usize,
    /// Natural logarithm of `delta`; finite.
    pub log_delta: f64,
    pub standard_error: f64,
}

/// Worths from rankings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlackettLuce {
    /// Log worth against the reference item, which has 0; finite.
    pub log_worth: Vec<f64>,
    /// Of each difference to the reference, from the inverse Fisher information (of the pseudo-rankings too); 0 for
    /// the reference.
    pub standard_error: Vec<f64>,
    /// One for each size of tie that occurs, ascending; `delta` of a size that does not occur is 0.
    pub ties: Vec<Tie>,
    /// Log-likelihood of the rankings, without the pseudo-rankings; at most 0.
    pub log_likelihood: f64,
    /// `-2 * log_likelihood`.
    pub deviance: f64,
    /// Position of the item all are measured against.
    pub reference: usize,
    /// Newton steps taken.
    pub steps: usize,
}

impl PlackettLuce {
    /// Worths as shares of one.
    pub fn worth(&self) -> Vec<f64> {
        worth_sum_one(&self.log_worth)
    }
}

/// Log worths that are a linear function of what is known about the items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinearPlackettLuce {
    /// What one unit of each covariate adds to the log worth.
    pub coefficient: Vec<f64>,
    pub standard_error: Vec<f64>,
    /// Sum of coefficient times covariate, by item; not shifted to a reference.
    pub log_worth: Vec<f64>,
    /// As in [`PlackettLuce::ties`].
    pub ties: Vec<Tie>,
    /// At most 0.
    pub log_likelihood: f64,
    /// `-2 * log_likelihood`.
    pub deviance: f64,
    /// Newton steps taken.
    pub steps: usize,
}

/// Maximum likelihood worths. With `pseudo > 0` each item also wins and loses `pseudo` comparisons against a ghost item
/// whose worth is estimated too, which makes every worth finite and joins separate groups; where ties of two occur, the
/// ghost comparisons could have been ties as well (so their denominator has the tie term). 0.5 is usual, 0 the plain
/// maximum.
///
/// # Errors
/// [`Undefined::TooFewBids`], [`Undefined::TooFewReviewers`] (no ranking); without pseudo-rankings
/// [`Undefined::Disconnected`] and [`Undefined::Unbounded`] (a group of items is ahead of or behind all others wherever
/// they meet); [`Undefined::Unbounded`] too when ties of one size are the only outcome; [`Undefined::BadParameter`]:
/// `reference`, `pseudo` (not in 0 to 1000), `items` (more than 400), `tied` (more than 12 in one tie), `rankings` (too
/// much work: about a second for one evaluation).
pub fn plackett_luce(profile: &Profile, reference: usize, pseudo: f64) -> Result<PlackettLuce, Undefined> {
    profile.check_size()?;
    let items = profile.items();
    if reference >= items {
        return Err(bad("reference"));
    }
    if !(0.0..=1000.0).contains(&pseudo) {
        return Err(bad("pseudo"));
    }
    let has_ghost = pseudo > 0.0;
    if !has_ghost {
        profile.check_comparable()?;
    }
    let mut choices = choices_of(profile, items + usize::from(has_ghost));
    if has_ghost {
        for item in 0..items {
            choices.add(&[item, items], &[1, 2], pseudo);
            choices.add(&[items, item], &[1, 2], pseudo);
        }
    }
    let fixed = if has_ghost { items } else { reference };
    let design = Design::all_but(items + usize::from(has_ghost), fixed);
    let maximum = choices.fit(&design)?;
    let (worth, log_delta) = maximum.at.split_at(design.free());
    let mut log_worth = design.log_worth(worth);
    let mut standard_error = design.contrast_errors(&maximum.covariance, reference);
    log_worth.truncate(items);
    standard_error.truncate(items);
    let zero = log_worth.get(reference).copied().unwrap_or_default();
    log_worth.iter_mut().for_each(|log| *log -= zero);
    let log_likelihood = choices_of(profile, items).log_likelihood(&log_worth, log_delta);
    Ok(PlackettLuce {
        log_worth,
        standard_error,
        ties: ties(&choices, &maximum, design.free()),
        log_likelihood,
        deviance: -2.0 * log_likelihood,
        reference,
        steps: maximum.steps,
    })
}

/// Maximum likelihood coefficients of log worths that are linear in `covariates`, one row per item (as the standard
/// Plackett-Luce regression of Turner et al. 2020, section 3.3, at its exact optimum).
///
/// # Errors
/// [`Undefined::TooFewBids`], [`Undefined::TooFewReviewers`], [`Undefined::Unbounded`] (some direction of the covariates
/// separates winners from losers everywhere), [`Undefined::BadParameter`]: `covariates` (another number of rows than
/// items, rows of different length, none or more than 50 columns, numbers that are not finite, or columns that
/// determine each other), `items`, `tied` and `rankings` as for [`plackett_luce`].
pub fn plackett_luce_linear(
    profile: &Profile,
    covariates: &[Vec<f64>],
) -> Result<LinearPlackettLuce, Undefined> {
    profile.check_size()?;
    let scale = scales(profile.items(), covariates).ok_or_else(|| bad("covariates"))?;
    let scaled = |row: &Vec<f64>| row.iter().zip(&scale).map(|(value, scale)| value / scale).collect();
    let table: Vec<Vec<f64>> = covariates.iter().map(scaled).collect();
    if are_dependent(&table, scale.len()) {
        return Err(bad("covariates"));
    }
    let choices = choices_of(profile, profile.items());
    let design = Design::linear(scale.len(), &table);
    let maximum = choices.fit(&design)?;
    let (scaled, log_delta) = maximum.at.split_at(design.free());
    let log_worth = design.log_worth(scaled);
    let log_likelihood = choices.log_likelihood(&log_worth, log_delta);
    let errors = standard_errors(&maximum.covariance, 0);
    Ok(LinearPlackettLuce {
        coefficient: scaled.iter().zip(&scale).map(|(value, scale)| value / scale).collect(),
        standard_error: errors.iter().zip(&scale).map(|(error, scale)| error / scale).collect(),
        ties: ties(&choices, &maximum, design.free()),
        log_worth,
        log_likelihood,
        deviance: -2.0 * log_likelihood,
        steps: maximum.steps,
    })
}

/// Probability of one ranking given worths above 0 (on any scale). `delta` holds the tie parameters for 2, 3, ... items,
/// each 0 or above; empty without ties. `ranks`: 1 the best, equal numbers a tie, 0 not ranked. In [0, 1]; over all
/// rankings of the same items it sums to 1.
///
/// # Errors
/// [`Undefined::BadParameter`]: `worth`, `delta` or `ranks` (more than 2000 items, another length than `worth`, or no
/// item ranked).
pub fn ranking_probability(worth: &[f64], delta: &[f64], ranks: &[u32]) -> Result<f64, Undefined> {
    if worth.len() > MOST_RANKED || ranks.len() != worth.len() {
        return Err(bad("ranks"));
    }
    if !worth.iter().all(|worth| worth.is_finite() && *worth > 0.0) {
        return Err(bad("worth"));
    }
    if delta.len() > 11 || !delta.iter().all(|delta| delta.is_finite() && *delta >= 0.0) {
        return Err(bad("delta"));
    }
    let profile = Profile::new(worth.len(), [(1.0, ranks.to_vec())])?;
    let mut choices = choices_of(&profile, worth.len());
    if profile.rankings().is_empty() {
        return Err(bad("ranks"));
    }
    if choices.sizes().last().is_some_and(|&size| size > delta.len() + 1) {
        return Ok(0.0);
    }
    choices.allow_ties(delta.len() + 1);
    let log_worth: Vec<f64> = worth.iter().map(|worth| worth.ln()).collect();
    let log_delta: Vec<f64> = delta.iter().map(|delta| delta.ln()).collect();
    Ok(choices.log_likelihood(&log_worth, &log_delta).exp())
}

/// The tie parameters at the end of a fit.
pub(super) fn ties(choices: &Choices, maximum: &Maximum, first: usize) -> Vec<Tie> {
    let errors = standard_errors(&maximum.covariance, first);
    let values = maximum.at.iter().skip(first).copied();
    choices
        .sizes()
        .iter()
        .zip(values)
        .zip(errors)
        .map(|((&size, log_delta), standard_error)| Tie { size, log_delta, standard_error })
        .collect()
}

fn choices_of(profile: &Profile, items: usize) -> Choices {
    let mut choices = Choices::new(items);
    for ranking in profile.rankings() {
        choices.add(ranking.order(), ranking.ends(), ranking.weight());
    }
    choices
}

/// The largest size of each column, so that steps are comparable; `None` for a table that is none.
fn scales(items: usize, covariates: &[Vec<f64>]) -> Option<Vec<f64>> {
    let columns = covariates.first()?.len();
    let is_table = covariates.len() == items && (1..=MOST_COVARIATES).contains(&columns);
    let fits = |row: &Vec<f64>| row.len() == columns && row.iter().all(|value| value.is_finite());
    if !is_table || !covariates.iter().all(fits) {
        return None;
    }
    let mut scale = vec![0.0; columns];
    for row in covariates {
        for (most, value) in scale.iter_mut().zip(row) {
            *most = f64::max(*most, value.abs());
        }
    }
    scale.iter().all(|most| *most > 0.0).then_some(scale)
}

/// Whether columns determine each other once a constant, which no ranking shows, is taken out.
fn are_dependent(table: &[Vec<f64>], columns: usize) -> bool {
    let mut mean = vec![0.0; columns];
    for row in table {
        for (sum, value) in mean.iter_mut().zip(row) {
            *sum += value / table.len() as f64;
        }
    }
    let mut products = Square::zero(columns);
    for row in table {
        let centred: Vec<f64> = row.iter().zip(&mean).map(|(value, mean)| value - mean).collect();
        for (place, left) in centred.iter().enumerate() {
            for (cell, right) in products.row_mut(place).iter_mut().zip(&centred) {
                *cell += left * right;
            }
        }
    }
    // Columns are scaled to one, so that a sum of squares this small is rounding.
    let is_constant = |place: usize| products.row(place).get(place).is_none_or(|square| *square < 1e-20);
    (0..columns).any(is_constant) || products.cholesky().is_none()
}

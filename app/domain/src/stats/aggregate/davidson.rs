//! Paired comparisons that may end in a tie (Davidson 1970, JASA 65:317-328): `i` wins, `j` wins and the tie stand in
//! the proportion `w_i : w_j : nu * sqrt(w_i * w_j)`.

use serde::{Deserialize, Serialize};

use super::super::Undefined;
use super::choice::Choices;
use super::comparison::Comparisons;
use super::plackett_luce::{Tie, ties};
use super::solve::Design;
use super::{bad, worth_sum_one};

/// Worths and the tendency to tie.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Davidson {
    /// Log worth against the reference item, which has 0; finite.
    pub log_worth: Vec<f64>,
    /// Of each difference to the reference, from the inverse Fisher information; 0 for the reference.
    pub standard_error: Vec<f64>,
    /// `ln nu`; two equal items tie with probability `nu / (2 + nu)`. `None` when no comparison was a tie: then
    /// `nu = 0` and the model is Bradley-Terry's.
    pub tie: Option<Tie>,
    /// Multinomial log-likelihood without the coefficients that do not depend on the model; at most 0.
    pub log_likelihood: f64,
    /// `-2 * log_likelihood`.
    pub deviance: f64,
    /// Position of the item all are measured against.
    pub reference: usize,
    /// Newton steps taken.
    pub steps: usize,
}

impl Davidson {
    /// Worths as shares of one.
    pub fn worth(&self) -> Vec<f64> {
        worth_sum_one(&self.log_worth)
    }

    /// `nu`, at least 0.
    pub fn tie_parameter(&self) -> f64 {
        self.tie.as_ref().map_or(0.0, |tie| tie.log_delta.exp())
    }
}

/// Maximum likelihood worths and tie parameter; who was first does not matter.
///
/// # Errors
/// As [`super::bradley_terry`], except that ties are welcome; [`Undefined::Unbounded`] too when all comparisons are ties,
/// or when an item only wins and ties.
pub fn davidson(comparisons: &Comparisons, reference: usize) -> Result<Davidson, Undefined> {
    comparisons.check_comparable()?;
    if reference >= comparisons.items() {
        return Err(bad("reference"));
    }
    let mut choices = Choices::new(comparisons.items());
    for row in comparisons.rows() {
        let outcomes = [
            ([row.first, row.second], &[1, 2][..], row.first_wins),
            ([row.second, row.first], &[1, 2][..], row.second_wins),
            ([row.first, row.second], &[2][..], row.ties),
        ];
        for (order, ends, count) in outcomes {
            if count > 0.0 {
                choices.add(&order, ends, count);
            }
        }
    }
    let design = Design::all_but(comparisons.items(), reference);
    let maximum = choices.fit(&design)?;
    let (worth, log_delta) = maximum.at.split_at(design.free());
    let log_worth = design.log_worth(worth);
    let log_likelihood = choices.log_likelihood(&log_worth, log_delta);
    Ok(Davidson {
        standard_error: design.contrast_errors(&maximum.covariance, reference),
        tie: ties(&choices, &maximum, design.free()).into_iter().next(),
        log_worth,
        log_likelihood,
        deviance: -2.0 * log_likelihood,
        reference,
        steps: maximum.steps,
    })
}

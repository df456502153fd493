//! One order out of many opinions: pairwise comparison models, ranking models, and rules that only count.
//!
//! All read a [`Profile`] (who was placed where by whom) or [`Comparisons`] (who won how often against whom). Worths
//! are on the log scale, relative to a reference item; a worth twice as large means twice the odds of being preferred.
//! Deliberately absent: rank correlation (beside Kendall's W), and any use of these figures in the binding result.

mod borda;
mod choice;
mod comparison;
mod davidson;
mod graph;
mod kemeny;
mod pairwise;
mod plackett_luce;
mod preference;
mod profile;
mod solve;

pub use borda::{Borda, borda};
pub use comparison::{Comparison, Comparisons};
pub use davidson::{Davidson, davidson};
pub use kemeny::{EXACT_ITEMS, Kemeny, Search, kemeny};
pub use pairwise::{
    BradleyTerry, LikelihoodRatio, OrderEffect, bradley_terry, bradley_terry_with_order, likelihood_ratio,
};
pub use plackett_luce::{
    LinearPlackettLuce, PlackettLuce, Tie, plackett_luce, plackett_luce_linear, ranking_probability,
};
pub use preference::{MOST_PAIRED, Plurality, Preferences, plurality, preferences};
pub use profile::{MOST_ITEMS, MOST_PLACES, Profile, Ranking};

use super::Undefined;

/// Worths that sum to one, from worths on the log scale (any finite numbers, natural logarithms): `exp(w) / sum of exp`.
/// Without unit, all from 0 (where `exp` has no smaller number) to 1; empty for an empty list.
///
/// Source: the choice axiom, Luce (1959), Individual Choice Behavior; scaled by the largest, so that nothing overflows.
pub fn worth_sum_one(log_worth: &[f64]) -> Vec<f64> {
    let most = log_worth.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let worth: Vec<f64> = log_worth.iter().map(|log| (log - most).exp()).collect();
    let sum: f64 = worth.iter().sum();
    worth.iter().map(|value| value / sum).collect()
}

fn bad(name: &str) -> Undefined {
    Undefined::BadParameter { name: name.to_owned() }
}

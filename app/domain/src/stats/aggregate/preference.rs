//! Who is ahead of whom, how often: the pairwise table, the Condorcet winner and first places.

use serde::{Deserialize, Serialize};

use super::super::Undefined;
use super::bad;
use super::profile::Profile;

/// Most items of a pairwise table, which then takes 32 MB.
pub const MOST_PAIRED: usize = 2_000;

/// The pairwise table of a profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preferences {
    items: usize,
    ahead: Vec<f64>,
}

/// First places only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plurality {
    /// Weight of the rankings with this item first, from 0 to the weight of all; items tied for first share equally.
    pub first_places: Vec<f64>,
    /// Items with most first places, ascending; several when they tie.
    pub winners: Vec<usize>,
}

impl Preferences {
    pub fn items(&self) -> usize {
        self.items
    }

    /// Weight of the rankings that have `item` strictly ahead of `other`; both must be ranked there. 0 beyond the items.
    pub fn ahead(&self, item: usize, other: usize) -> f64 {
        self.row(item).get(other).copied().unwrap_or_default()
    }

    /// [`Preferences::ahead`] of one item against each in turn; empty beyond the items.
    pub fn row(&self, item: usize) -> &[f64] {
        self.ahead.chunks(self.items.max(1)).nth(item).unwrap_or_default()
    }

    /// The item that beats each other one in direct comparison (Condorcet 1785); `None` when there is none, as with a
    /// cycle.
    pub fn condorcet_winner(&self) -> Option<usize> {
        (0..self.items).find(|&item| {
            (0..self.items).all(|other| other == item || self.ahead(item, other) > self.ahead(other, item))
        })
    }

    /// Weight ahead minus weight behind, over all others: Borda's order, for partial rankings too.
    pub(super) fn nets(&self) -> Vec<f64> {
        let mut nets: Vec<f64> = (0..self.items).map(|item| self.row(item).iter().sum()).collect();
        for item in 0..self.items {
            for (net, lost) in nets.iter_mut().zip(self.row(item)) {
                *net -= lost;
            }
        }
        nets
    }
}

/// The pairwise table: weights of the rankings, by who is ahead. Ties and items not ranked add nothing.
///
/// # Errors
/// [`Undefined::TooFewBids`] below two items, [`Undefined::TooFewReviewers`] without a ranking,
/// [`Undefined::BadParameter`]: `items` (more than [`MOST_PAIRED`]).
pub fn preferences(profile: &Profile) -> Result<Preferences, Undefined> {
    profile.check_size()?;
    let items = profile.items();
    if items > MOST_PAIRED {
        return Err(bad("items"));
    }
    let mut ahead = vec![0.0; items * items];
    for ranking in profile.rankings() {
        let mut behind = ranking.order();
        for group in ranking.groups() {
            behind = behind.get(group.len()..).unwrap_or_default();
            for &item in group {
                let Some(row) = ahead.get_mut(item * items..(item + 1) * items) else { continue };
                for &other in behind {
                    if let Some(cell) = row.get_mut(other) {
                        *cell += ranking.weight();
                    }
                }
            }
        }
    }
    Ok(Preferences { items, ahead })
}

/// First places and who has most of them: the plurality rule. Items not ranked have none.
///
/// Source: Brams & Fishburn (2002), Voting procedures, in Handbook of Social Choice and Welfare 1, ch. 4.
///
/// # Errors
/// [`Undefined::TooFewBids`] below two items, [`Undefined::TooFewReviewers`] without a ranking.
pub fn plurality(profile: &Profile) -> Result<Plurality, Undefined> {
    profile.check_size()?;
    let mut first_places = vec![0.0; profile.items()];
    for ranking in profile.rankings() {
        let Some(first) = ranking.groups().next() else { continue };
        for &item in first {
            if let Some(places) = first_places.get_mut(item) {
                *places += ranking.weight() / first.len() as f64;
            }
        }
    }
    let most = first_places.iter().copied().fold(0.0, f64::max);
    let winners = first_places.iter().zip(0..).filter(|(places, _)| **places >= most).map(|(_, item)| item);
    Ok(Plurality { winners: winners.collect(), first_places })
}

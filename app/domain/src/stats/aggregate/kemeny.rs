//! Kemeny's order (Kemeny 1959; Young and Levenglick 1978): the one that contradicts the rankings least. Finding it is
//! hard in general (Bartholdi, Tovey and Trick 1989), so that it is exact for few items and a labelled search beyond.
#![expect(clippy::indexing_slicing, reason = "items and sets run below the sizes the tables were made with")]

use serde::{Deserialize, Serialize};

use super::super::Undefined;
use super::borda::by_points;
use super::preference::{Preferences, preferences};
use super::profile::Profile;

/// Up to so many items the answer is proven.
pub const EXACT_ITEMS: usize = 8;
/// Rounds of moving every item to its best place.
const MOST_ROUNDS: usize = 50;

/// How an order was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Search {
    /// No order contradicts the rankings less.
    Exact,
    /// Borda's order after single items were moved while that helped, but at most fifty rounds of all items. No worse than
    /// Borda's; mostly no further move helps, but a better order may exist.
    Heuristic,
}

/// An order and how well it fits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kemeny {
    /// Items, best first. Of several exact answers the one that comes first when orders are compared by position.
    pub order: Vec<usize>,
    /// Weight of the pairs that agree with the order; at least 0.
    pub score: f64,
    /// Weight of the pairs that contradict it; at least 0. Ties and pairs not ranked count in neither.
    pub distance: f64,
    pub search: Search,
}

/// The order of least [`Kemeny::distance`]: proven up to [`EXACT_ITEMS`] items (over all sets of items, Held and Karp
/// 1962); beyond, from Borda's order by moving single items while that helps, at most 50 rounds.
///
/// # Errors
/// As [`preferences`].
pub fn kemeny(profile: &Profile) -> Result<Kemeny, Undefined> {
    let preferences = preferences(profile)?;
    let (order, search) = if preferences.items() <= EXACT_ITEMS {
        (exact(&preferences), Search::Exact)
    } else {
        (improved(&preferences), Search::Heuristic)
    };
    let (mut score, mut distance) = (0.0, 0.0);
    for (place, &item) in order.iter().enumerate() {
        for &behind in &order[place + 1..] {
            score += preferences.row(item)[behind];
            distance += preferences.row(behind)[item];
        }
    }
    Ok(Kemeny { order, score, distance, search })
}

/// `least[set]` is the smallest distance among the items of `set` when they come last; the first of them is read off
/// from the whole set downwards, the smallest position that reaches the least.
fn exact(preferences: &Preferences) -> Vec<usize> {
    let items = preferences.items();
    let everything = (1usize << items) - 1;
    let first_cost = |first: usize, set: usize| -> f64 {
        (0..items).filter(|other| set >> other & 1 == 1).map(|other| preferences.row(other)[first]).sum()
    };
    let mut least = vec![0.0; everything + 1];
    let cost = |first: usize, set: usize, least: &[f64]| first_cost(first, set) + least[set & !(1 << first)];
    for set in 1..=everything {
        let members = (0..items).filter(|item| set >> item & 1 == 1);
        least[set] = members.map(|first| cost(first, set, &least)).fold(f64::INFINITY, f64::min);
    }
    let mut order = Vec::with_capacity(items);
    let mut set = everything;
    while set > 0 {
        let mut members = (0..items).filter(|item| set >> item & 1 == 1);
        let Some(first) = members.find(|&first| cost(first, set, &least) <= least[set]) else { break };
        order.push(first);
        set &= !(1 << first);
    }
    order
}

/// Borda's order, improved by moving one item at a time to the place where it contradicts least.
fn improved(preferences: &Preferences) -> Vec<usize> {
    let items = preferences.items();
    let mut order = by_points(&preferences.nets());
    let mut lost = vec![0.0; items];
    for _ in 0..MOST_ROUNDS {
        let mut is_moved = false;
        for item in 0..items {
            for (other, cell) in lost.iter_mut().enumerate() {
                *cell = preferences.row(other)[item];
            }
            let won = preferences.row(item);
            let Some(place) = order.iter().position(|&at| at == item) else { continue };
            let target = best_place(&order, place, |other| won[other] - lost[other]);
            if target < place {
                order[target..=place].rotate_right(1);
            } else {
                order[place..=target].rotate_left(1);
            }
            is_moved |= target != place;
        }
        if !is_moved {
            break;
        }
    }
    order
}

/// Where the item at `place` gains most; its own place unless another is better. `margin` is how much it is ahead of an
/// item.
fn best_place(order: &[usize], place: usize, margin: impl Fn(usize) -> f64) -> usize {
    let (mut best, mut most) = (place, 0.0);
    let mut gain = 0.0;
    for target in (0..place).rev() {
        gain += margin(order[target]);
        if gain > most {
            (best, most) = (target, gain);
        }
    }
    gain = 0.0;
    for (target, &other) in order.iter().enumerate().skip(place + 1) {
        gain -= margin(other);
        if gain > most {
            (best, most) = (target, gain);
        }
    }
    best
}

//! Results of comparing two items at a time.

use super::super::{Island, Undefined};
use super::bad;
use super::graph::Beats;

/// Most items that are compared; the Newton matrix of a model stays below 2 MB.
const MOST_COMPARED: usize = 400;
/// Most rows of results.
const MOST_COMPARISONS: usize = 1_000_000;

/// How often each of two items was preferred, and how often neither.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// The item presented first (at home).
    pub first: usize,
    pub second: usize,
    pub first_wins: f64,
    pub second_wins: f64,
    pub ties: f64,
}

/// Comparisons among the same items. The same pair may occur any number of times, in both orders.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparisons {
    items: usize,
    rows: Vec<Comparison>,
}

impl Comparisons {
    /// # Errors
    /// [`Undefined::BadParameter`]: `items` (more than 400), `comparisons` (more than a million), `comparison` (an item
    /// beyond the list or compared with itself, or a count that is negative or not finite).
    pub fn new(items: usize, rows: Vec<Comparison>) -> Result<Self, Undefined> {
        if items > MOST_COMPARED {
            return Err(bad("items"));
        }
        if rows.len() > MOST_COMPARISONS {
            return Err(bad("comparisons"));
        }
        let is_count = |count: f64| count.is_finite() && count >= 0.0;
        let fits = |row: &Comparison| {
            row.first < items
                && row.second < items
                && row.first != row.second
                && [row.first_wins, row.second_wins, row.ties].into_iter().all(is_count)
        };
        if rows.iter().all(fits) { Ok(Self { items, rows }) } else { Err(bad("comparison")) }
    }

    pub fn items(&self) -> usize {
        self.items
    }

    pub fn rows(&self) -> &[Comparison] {
        &self.rows
    }

    /// Whether any comparison ended without a winner.
    pub fn has_ties(&self) -> bool {
        self.rows.iter().any(|row| row.ties > 0.0)
    }

    /// Refuses fewer than two items, no comparison at all, items that no chain of comparisons joins, and items that
    /// win or lose everything. A tie counts for both.
    pub(super) fn check_comparable(&self) -> Result<(), Undefined> {
        if self.items < 2 {
            return Err(Undefined::TooFewBids { have: self.items, need: 2 });
        }
        let mut beats = Beats::new(self.items);
        let mut count = 0;
        for row in &self.rows {
            if row.first_wins + row.ties > 0.0 {
                beats.add(row.first, row.second);
            }
            if row.second_wins + row.ties > 0.0 {
                beats.add(row.second, row.first);
            }
            count += usize::from(row.first_wins + row.second_wins + row.ties > 0.0);
        }
        if count == 0 {
            return Err(Undefined::TooFewScores { have: 0, need: 1 });
        }
        let groups = beats.groups();
        if groups.len() > 1 {
            let islands = groups.into_iter().map(|bids| Island { bids, reviewers: Vec::new() });
            return Err(Undefined::Disconnected { islands: islands.collect() });
        }
        if beats.is_strong() { Ok(()) } else { Err(Undefined::Unbounded) }
    }
}

//! Rankings as they were given: partial and tied ones too. Deliberately absent: scores; only their order is kept.

use super::super::{Island, Panel, Undefined};
use super::bad;
use super::graph::Beats;

/// Most items of a profile.
pub const MOST_ITEMS: usize = 100_000;
/// Most places in all rankings together, given or not.
pub const MOST_PLACES: usize = 5_000_000;
/// Weights beyond this are a mistake, and squares of them would lose digits.
const MOST_WEIGHT: f64 = 1e9;

/// One ranking: groups of items, best first; the items of one group are tied. Items in no group were not ranked, which
/// says nothing about them.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    order: Vec<usize>,
    ends: Vec<usize>,
    weight: f64,
}

impl Ranking {
    /// The ranked items, best first; tied ones by position.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// How often this ranking counts, above 0.
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// Groups of tied items, best first; a group of one is no tie.
    pub fn groups(&self) -> impl DoubleEndedIterator<Item = &[usize]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let spans: Vec<(usize, usize)> = starts.zip(self.ends.iter().copied()).collect();
        spans.into_iter().filter_map(|(start, end)| self.order.get(start..end))
    }

    /// Where each group ends in [`Ranking::order`].
    pub(super) fn ends(&self) -> &[usize] {
        &self.ends
    }

    /// `None` when no item is ranked.
    fn of_ranks(weight: f64, ranks: &[u32]) -> Option<Self> {
        let mut placed: Vec<(u32, usize)> =
            ranks.iter().copied().zip(0..).filter(|(rank, _)| *rank > 0).collect();
        placed.sort_unstable();
        let ends = placed.chunk_by(|left, right| left.0 == right.0).scan(0, |end, group| {
            *end += group.len();
            Some(*end)
        });
        let ends: Vec<usize> = ends.collect();
        let order: Vec<usize> = placed.iter().map(|(_, item)| *item).collect();
        (!order.is_empty()).then_some(Self { order, ends, weight })
    }
}

/// Rankings of the same items. The order in which they were handed in never matters to a result.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    items: usize,
    rankings: Vec<Ranking>,
}

impl Profile {
    /// Weighted rankings, each with one rank per item: 1 the best, equal numbers a tie, gaps ignored, 0 not ranked.
    /// Rankings in which nothing is ranked are left out.
    ///
    /// # Errors
    /// [`Undefined::BadParameter`]: `items` (more than [`MOST_ITEMS`]), `ranks` (a ranking of another length, or more
    /// than [`MOST_PLACES`] in all), `weight` (not above 0 and at most 1e9).
    pub fn new(items: usize, rankings: impl IntoIterator<Item = (f64, Vec<u32>)>) -> Result<Self, Undefined> {
        if items > MOST_ITEMS {
            return Err(bad("items"));
        }
        let mut kept = Vec::new();
        let mut places = 0;
        for (weight, ranks) in rankings {
            places += ranks.len();
            if ranks.len() != items || places > MOST_PLACES {
                return Err(bad("ranks"));
            }
            if !(weight > 0.0 && weight <= MOST_WEIGHT) {
                return Err(bad("weight"));
            }
            kept.extend(Ranking::of_ranks(weight, &ranks));
        }
        Ok(Self { items, rankings: kept })
    }

    /// Weighted orders without ties, best first; items that are not named are not ranked.
    ///
    /// # Errors
    /// As [`Profile::new`]; `ranks` too for an item beyond `items` or named twice.
    pub fn of_orders(items: usize, orders: &[(f64, Vec<usize>)]) -> Result<Self, Undefined> {
        if items > MOST_ITEMS || orders.len().saturating_mul(items) > MOST_PLACES {
            return Err(bad("items"));
        }
        let mut rankings = Vec::with_capacity(orders.len());
        for (weight, order) in orders {
            let mut ranks = vec![0; items];
            for (&item, rank) in order.iter().zip(1..) {
                match ranks.get_mut(item) {
                    Some(free @ 0) => *free = rank,
                    _ => return Err(bad("ranks")),
                }
            }
            rankings.push((*weight, ranks));
        }
        Self::new(items, rankings)
    }

    /// Each reviewer's scores as one ranking of the bids he scored; equal scores are ties. Reviewers without a score
    /// are left out.
    ///
    /// # Errors
    /// As [`Profile::new`].
    pub fn of_panel(panel: &Panel, lower_is_better: bool) -> Result<Self, Undefined> {
        if panel.bids() > MOST_ITEMS || panel.bids().saturating_mul(panel.reviewers()) > MOST_PLACES {
            return Err(bad("items"));
        }
        let of_reviewer = panel.transposed();
        let rankings = (0..of_reviewer.bids()).map(|reviewer| {
            let (bids, scores) = of_reviewer.of_bid(reviewer);
            let sign = if lower_is_better { 1.0 } else { -1.0 };
            let mut scored: Vec<(f64, u32)> =
                bids.iter().zip(scores).map(|(&bid, score)| (sign * score, bid)).collect();
            scored.sort_unstable_by(|left, right| left.0.total_cmp(&right.0));
            let mut ranks = vec![0; panel.bids()];
            // Zero and minus zero are equal scores, so that neighbours are compared and not their order.
            for (group, rank) in scored.chunk_by(|left, right| left.0 == right.0).zip(1..) {
                for (_, bid) in group {
                    if let Some(place) = ranks.get_mut(*bid as usize) {
                        *place = rank;
                    }
                }
            }
            (1.0, ranks)
        });
        Self::new(panel.bids(), rankings)
    }

    pub fn items(&self) -> usize {
        self.items
    }

    pub fn rankings(&self) -> &[Ranking] {
        &self.rankings
    }

    /// Places that no ranking gave.
    pub fn missing(&self) -> usize {
        self.rankings.iter().map(|ranking| self.items - ranking.order.len()).sum()
    }

    /// Sum of all weights.
    pub fn weight(&self) -> f64 {
        self.rankings.iter().map(|ranking| ranking.weight).sum()
    }

    /// Every ranking from its last group to its first.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let rankings = self.rankings.iter().map(|ranking| {
            let mut ends = Vec::with_capacity(ranking.ends.len());
            let mut order = Vec::with_capacity(ranking.order.len());
            for group in ranking.groups().rev() {
                order.extend_from_slice(group);
                ends.push(order.len());
            }
            Ranking { order, ends, weight: ranking.weight }
        });
        Self { items: self.items, rankings: rankings.collect() }
    }

    /// At least two items and one ranking.
    pub(super) fn check_size(&self) -> Result<(), Undefined> {
        if self.items < 2 {
            return Err(Undefined::TooFewBids { have: self.items, need: 2 });
        }
        if self.rankings.is_empty() {
            return Err(Undefined::TooFewReviewers { have: 0, need: 1 });
        }
        Ok(())
    }

    /// Refuses items that no chain of rankings joins, with the groups (reviewers are positions of rankings), and a
    /// group of items that is ahead of all others wherever they meet.
    pub(super) fn check_comparable(&self) -> Result<(), Undefined> {
        let mut beats = Beats::new(self.items);
        for ranking in &self.rankings {
            let mut above: Option<usize> = None;
            for group in ranking.groups() {
                let Some(&first) = group.first() else { continue };
                // Tied items bound each other; so they stand for one another towards the next group.
                for &tied in group {
                    beats.add(first, tied);
                    beats.add(tied, first);
                }
                if let Some(winner) = above {
                    beats.add(winner, first);
                }
                above = Some(first);
            }
        }
        let groups = beats.groups();
        if groups.len() > 1 {
            let islands = groups.into_iter().map(|bids| {
                let is_of = |ranking: &Ranking| ranking.order.first().is_some_and(|item| bids.contains(item));
                let reviewers = self.rankings.iter().zip(0..).filter(|(ranking, _)| is_of(ranking));
                Island { reviewers: reviewers.map(|(_, position)| position).collect(), bids }
            });
            return Err(Undefined::Disconnected { islands: islands.collect() });
        }
        if beats.is_strong() { Ok(()) } else { Err(Undefined::Unbounded) }
    }
}

//! A ranking that can be asked what becomes of it when a few bids change their value, without ranking again.
//! Deliberately absent: why they change.

use super::super::Undefined;
use super::RankedQuantity;
use super::quantity::{Fraction, Keys, Units};

/// Bids in their order, best first. Rows are the bids that have a review.
pub(super) struct Standing {
    units: Units,
    keys: Keys,
    fractions: Vec<Fraction>,
    key_of: Vec<i64>,
    /// Rows, best first.
    order: Vec<u32>,
    /// The keys in that order.
    sorted: Vec<i64>,
    /// Where each row is in that order.
    place_of: Vec<usize>,
}

/// A row and its review number `review`.
#[derive(Clone, Copy)]
pub(super) struct ReviewPlace {
    row: usize,
    review: usize,
}

/// What becomes of a row; `None` when it has no review any more.
pub(super) struct Change {
    pub(super) row: usize,
    before: i64,
    pub(super) after: Option<(i64, Fraction)>,
}

impl Standing {
    pub(super) fn of(quantity: &RankedQuantity) -> Result<Self, Undefined> {
        let units = Units::of(quantity)?;
        let rows = units.rows();
        let divisors = (0..rows).flat_map(|row| {
            let scores = units.reviews(row);
            [units.divisor(scores), units.divisor((scores - 1).max(1))]
        });
        let keys = units.keys(divisors);
        let fractions: Vec<Fraction> = (0..rows).map(|row| units.bid(row).everybody()).collect();
        let key_of: Vec<i64> = fractions.iter().map(|fraction| keys.key(*fraction)).collect();
        let mut by_key: Vec<(i64, u32)> = key_of.iter().copied().zip(0..).collect();
        by_key.sort_unstable();
        let (sorted, order): (Vec<i64>, Vec<u32>) = by_key.into_iter().unzip();
        let mut place_of = vec![0; rows];
        for (place, &row) in order.iter().enumerate() {
            if let Some(entry) = place_of.get_mut(row as usize) {
                *entry = place;
            }
        }
        Ok(Self { units, keys, fractions, key_of, order, sorted, place_of })
    }

    pub(super) fn rows(&self) -> usize {
        self.units.rows()
    }

    pub(super) fn bids(&self) -> usize {
        self.units.bids()
    }

    pub(super) fn reviewers(&self) -> usize {
        self.units.reviewers()
    }

    /// The caller's positions of some rows.
    pub(super) fn positions(&self, rows: impl Iterator<Item = usize>) -> Vec<usize> {
        rows.filter_map(|row| self.units.bid_of().get(row)).copied().collect()
    }

    /// The reviewers that have a review, and where; both ascending.
    ///
    /// # Errors
    /// [`Undefined::TooFewReviewers`] below 2.
    pub(super) fn by_reviewer(&self) -> Result<Vec<(usize, Vec<ReviewPlace>)>, Undefined> {
        let mut of_reviewers = vec![Vec::new(); self.reviewers()];
        for row in 0..self.rows() {
            for (review, &reviewer) in self.units.reviewers_of(row).iter().enumerate() {
                if let Some(places) = of_reviewers.get_mut(reviewer as usize) {
                    places.push(ReviewPlace { row, review });
                }
            }
        }
        let used: Vec<_> =
            of_reviewers.into_iter().enumerate().filter(|(_, places)| !places.is_empty()).collect();
        if used.len() < 2 {
            return Err(Undefined::TooFewReviewers { have: used.len(), need: 2 });
        }
        Ok(used)
    }

    /// The rows that change when these reviews, at most one per row, are left out.
    pub(super) fn without(&self, reviews: &[ReviewPlace]) -> Vec<Change> {
        let rows = reviews.iter().filter_map(|place| {
            let (fraction, before) = (self.fractions.get(place.row)?, self.key_of.get(place.row)?);
            let after = self.units.bid(place.row).without(place.review, *fraction);
            let after = after.map(|fraction| (self.keys.key(fraction), fraction));
            Some(Change { row: place.row, before: *before, after })
        });
        rows.collect()
    }

    /// The caller's positions of the bids with a competition rank of `most` or better, ascending. `is_changed` is all
    /// false before and after.
    pub(super) fn top(&self, changes: &[Change], most: usize, is_changed: &mut [bool]) -> Vec<usize> {
        mark(changes, is_changed, true);
        let mut changed: Vec<(i64, usize)> =
            changes.iter().filter_map(|change| Some((change.after?.0, change.row))).collect();
        changed.sort_unstable();
        let mut changed = changed.into_iter().peekable();
        let unchanged = self.sorted.iter().copied().zip(self.order.iter().map(|row| *row as usize));
        let mut unchanged = unchanged.filter(|(_, row)| is_changed.get(*row) == Some(&false)).peekable();
        let mut top = Vec::new();
        let mut last = None;
        loop {
            let is_next = match (changed.peek(), unchanged.peek()) {
                (Some(changed), Some(unchanged)) => changed.0 < unchanged.0,
                (changed, _) => changed.is_some(),
            };
            let Some((key, row)) = (if is_next { changed.next() } else { unchanged.next() }) else { break };
            if top.len() >= most && last != Some(key) {
                break;
            }
            last = Some(key);
            top.push(row);
        }
        drop(unchanged);
        mark(changes, is_changed, false);
        top.sort_unstable();
        self.positions(top.into_iter())
    }

    /// Values and ranks of all bids after the changes.
    pub(super) fn everybody(&self, changes: &[Change]) -> (Vec<Option<f64>>, Vec<Option<u32>>) {
        let mut after: Vec<Option<(i64, Fraction)>> =
            self.key_of.iter().zip(&self.fractions).map(|(key, fraction)| Some((*key, *fraction))).collect();
        for change in changes {
            if let Some(entry) = after.get_mut(change.row) {
                *entry = change.after;
            }
        }
        let mut sorted: Vec<i64> = after.iter().flatten().map(|(key, _)| *key).collect();
        sorted.sort_unstable();
        let rank = |key: i64| (sorted.partition_point(|other| *other < key) + 1) as u32;
        let values = after.iter().map(|after| after.map(|(_, fraction)| self.units.value(fraction)));
        let ranks = after.iter().map(|after| after.map(|(key, _)| rank(key)));
        (flat(self.units.spread(values)), flat(self.units.spread(ranks)))
    }

    /// Takes the ranks after the changes into account. A bid that does not change moves by the number of changed bids
    /// that overtake it or fall behind it; between two neighbouring values of changed bids that number is the same,
    /// so that stretches of the order are treated as one.
    pub(super) fn add_ranks(&self, changes: &[Change], ranges: &mut RankRanges) {
        let better_than = |key: i64| self.sorted.partition_point(|other| *other < key);
        // A step at a place moves everybody from there on; a changed bid's own place (`None`) is left out.
        let mut steps: Vec<(usize, Option<i32>)> = Vec::with_capacity(3 * changes.len());
        for change in changes {
            steps.extend(self.place_of.get(change.row).map(|place| (*place, None)));
            steps.push((better_than(change.before.saturating_add(1)), Some(-1)));
            steps.extend(change.after.map(|(key, _)| (better_than(key.saturating_add(1)), Some(1))));
        }
        steps.sort_unstable();
        let (mut from, mut shift) = (0, 0);
        for (place, step) in steps {
            ranges.add(from, place, shift);
            from = from.max(place);
            match step {
                Some(step) => shift += step,
                None => from = place + 1,
            }
        }
        ranges.add(from, self.rows(), shift);

        let mut before: Vec<i64> = changes.iter().map(|change| change.before).collect();
        let mut after: Vec<i64> = changes.iter().filter_map(|change| Some(change.after?.0)).collect();
        before.sort_unstable();
        after.sort_unstable();
        for change in changes {
            let (Some((key, _)), Some(&place)) = (change.after, self.place_of.get(change.row)) else {
                continue;
            };
            let count = |keys: &[i64]| keys.partition_point(|other| *other < key) as i32;
            let moved = better_than(key) as i32 - better_than(change.before) as i32;
            ranges.add(place, place + 1, moved + count(&after) - count(&before));
        }
    }

    /// The best and the worst rank of each bid.
    pub(super) fn ranges(&self, ranges: RankRanges) -> (Vec<Option<u32>>, Vec<Option<u32>>) {
        let of_places = ranges.finish();
        let of_row = |row: usize| {
            let place = *self.place_of.get(row)?;
            let rank =
                self.sorted.partition_point(|other| other < self.key_of.get(row).unwrap_or(other)) as u32 + 1;
            let (best, worst) = (*of_places.get(place)?)?;
            Some((rank.saturating_add_signed(best), rank.saturating_add_signed(worst)))
        };
        let both = flat(self.units.spread((0..self.rows()).map(of_row)));
        both.into_iter().map(Option::unzip).unzip()
    }
}

fn mark(changes: &[Change], is_changed: &mut [bool], as_changed: bool) {
    for change in changes {
        if let Some(entry) = is_changed.get_mut(change.row) {
            *entry = as_changed;
        }
    }
}

fn flat<T>(nested: Vec<Option<Option<T>>>) -> Vec<Option<T>> {
    nested.into_iter().map(Option::flatten).collect()
}

/// For every place of an order, the least and the greatest shift it was given. Stretches are added in logarithmic
/// time: a tree over the places keeps them where they cover all of a node, and hands them down once, at the end.
pub(super) struct RankRanges {
    /// Node 1 is the root, the children of `n` are `2n` and `2n + 1`, the places are the last half.
    nodes: Vec<Option<(i32, i32)>>,
    places: usize,
}

impl RankRanges {
    pub(super) fn new(places: usize) -> Self {
        Self { nodes: vec![None; 2 * places.next_power_of_two()], places }
    }

    fn widen(&mut self, node: usize, range: Option<(i32, i32)>) {
        if let (Some(entry), Some((low, high))) = (self.nodes.get_mut(node), range) {
            let (least, greatest) = entry.unwrap_or((low, high));
            *entry = Some((least.min(low), greatest.max(high)));
        }
    }

    /// All places of `from..to` get `shift`; nothing when `to` is not beyond `from`.
    fn add(&mut self, from: usize, to: usize, shift: i32) {
        let half = self.nodes.len() / 2;
        let (mut from, mut to) = (from + half, to + half);
        while from < to {
            if from % 2 == 1 {
                self.widen(from, Some((shift, shift)));
                from += 1;
            }
            if to % 2 == 1 {
                to -= 1;
                self.widen(to, Some((shift, shift)));
            }
            (from, to) = (from / 2, to / 2);
        }
    }

    fn finish(mut self) -> Vec<Option<(i32, i32)>> {
        let half = self.nodes.len() / 2;
        for node in 1..half {
            let range = self.nodes.get(node).copied().flatten();
            self.widen(2 * node, range);
            self.widen(2 * node + 1, range);
        }
        self.nodes.into_iter().skip(half).take(self.places).collect()
    }
}

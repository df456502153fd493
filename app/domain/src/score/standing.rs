//! Ranking by amounts: by total, by increment, or by the better of both (Anshun implementation opinion, item 7, which
//! leaves the axis open). Deliberately absent: ties broken; who is equal shares a rank.

use serde::{Deserialize, Serialize};

use crate::rule::Direction;

/// One amount in two periods, in any whole unit (fen, persons, units of 10,000 yuan).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoPeriods {
    pub before: i64,
    pub now: i64,
}

impl TwoPeriods {
    /// `now - before`; negative where it shrank.
    pub fn increment(self) -> i128 {
        i128::from(self.now) - i128::from(self.before)
    }

    /// `(now - before) / before` in lowest terms; `None` unless there was a positive amount before, for from nothing
    /// no growth is finite. It favours whoever started small: show it, do not rank by it.
    pub fn growth(self) -> Option<Growth> {
        if self.before <= 0 {
            return None;
        }
        let (numerator, denominator) = (self.increment(), i128::from(self.before));
        let divisor = greatest_common_divisor(numerator, denominator);
        Some(Growth { numerator: numerator / divisor, denominator: denominator / divisor })
    }
}

/// A rate of growth as an exact fraction; 1 is a doubling. The denominator is positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Growth {
    pub numerator: i128,
    pub denominator: i128,
}

impl Growth {
    /// For display: the nearest a binary fraction comes.
    pub fn value(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

/// What a ranking goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// The amount now.
    Total,
    Increment,
    /// Everybody counts the better of the two ranks.
    BetterOfBoth,
}

/// One participant's ranks; 1 is best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmountRanks {
    pub total: u32,
    pub increment: u32,
    pub better_of_both: u32,
}

impl AmountRanks {
    pub fn by(self, axis: Axis) -> u32 {
        match axis {
            Axis::Total => self.total,
            Axis::Increment => self.increment,
            Axis::BetterOfBoth => self.better_of_both,
        }
    }
}

/// The ranks of everybody, in the order of `amounts`; the largest is best. `better_of_both` is the smaller of the two
/// ranks and not ranked again: several may be first, and the number after two firsts may be 2.
pub fn amount_ranks(amounts: &[TwoPeriods]) -> Vec<AmountRanks> {
    let totals: Vec<i64> = amounts.iter().map(|amount| amount.now).collect();
    let increments: Vec<i128> = amounts.iter().map(|amount| amount.increment()).collect();
    let by_total = competition_ranks(&totals, Direction::Higher);
    let by_increment = competition_ranks(&increments, Direction::Higher);
    let both = by_total.into_iter().zip(by_increment);
    both.map(|(total, increment)| AmountRanks { total, increment, better_of_both: total.min(increment) })
        .collect()
}

/// Standard competition ranks (1, 2, 2, 4): one more than the number of better values, in the order of `values`.
pub fn competition_ranks<T: Ord>(values: &[T], better: Direction) -> Vec<u32> {
    let mut order: Vec<(usize, &T)> = values.iter().enumerate().collect();
    order.sort_by(|left, right| better.order(left.1, right.1));
    let mut ranks = vec![0; values.len()];
    let mut ahead: Option<(&T, u32)> = None;
    for ((position, value), place) in order.into_iter().zip(1..) {
        let rank = ahead.filter(|(equal, _)| *equal == value).map_or(place, |(_, rank)| rank);
        if let Some(slot) = ranks.get_mut(position) {
            *slot = rank;
        }
        ahead = Some((value, rank));
    }
    ranks
}

/// Positive unless both are zero (Euclid).
fn greatest_common_divisor(left: i128, right: i128) -> i128 {
    let (mut left, mut right) = (left.abs(), right.abs());
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_a_rank_and_the_next_number_is_left_out() {
        assert_eq!(competition_ranks(&[10, 30, 20, 30], Direction::Higher), [4, 1, 3, 1]);
        assert_eq!(competition_ranks(&[10, 30, 20, 30], Direction::Lower), [1, 3, 2, 3]);
        assert!(competition_ranks::<i64>(&[], Direction::Higher).is_empty());
    }

    #[test]
    fn growth_is_exact_and_undefined_from_nothing() {
        let growth = |before, now| TwoPeriods { before, now }.growth();
        assert_eq!(growth(9_800, 9_700), Some(Growth { numerator: -1, denominator: 98 }));
        assert_eq!(growth(7, 7), Some(Growth { numerator: 0, denominator: 1 }));
        assert_eq!(growth(0, 5), None);
        assert_eq!(growth(-4, 5), None);
        let widest = TwoPeriods { before: i64::MIN, now: i64::MAX };
        assert_eq!(widest.increment(), i128::from(u64::MAX));
    }
}

//! Whether a matching is the best there is, checked on every pair without trusting how it was found.
//! Deliberately absent: the search (`candidates`, `network`).

use super::Problem;
use super::candidates::Solution;

/// Weak duality: for any expert prices `p >= 0` and bid values `v >= -dear`, no matching is worth more than
/// `sum cap p + sum (need v + sum over its pairs of max(0, fit - p - v))`, an empty place counting as `-dear`
/// (Ahuja, Magnanti and Orlin 1993, ch. 9.4). Returns that bound with the price of the empty places taken out again: the
/// greatest total fit that a matching with `missing` empty places can have. None when the prices are not prices.
pub(super) fn bound(problem: &Problem, solution: &Solution, missing: u64) -> Option<i64> {
    let dear = problem.dear();
    if solution.prices.iter().any(|&price| price < 0) {
        return None;
    }
    let places = problem.caps.iter().zip(&solution.prices);
    let mut bound: i128 = places.map(|(&cap, &price)| i128::from(cap) * i128::from(price)).sum();
    for (bid, (&need, &value)) in problem.needs.iter().zip(&solution.values).enumerate() {
        let value = value.max(-dear);
        bound += i128::from(need) * i128::from(value);
        let row = problem.row(bid).iter().zip(&solution.prices);
        let excess: i128 = row
            .filter(|(fit, price)| **fit >= 0 && i64::from(**fit) - **price > value)
            .map(|(fit, price)| i128::from(i64::from(*fit) - *price - value))
            .sum();
        bound += excess;
    }
    i64::try_from(bound + i128::from(missing) * i128::from(dear)).ok()
}

//! The exact distribution of Kendall's sum of squares: every reviewer's ranks spread over the bids in every way. Deliberately
//! absent: chance, and more bids than are quickly counted.

use std::collections::BTreeMap;

/// Bids at most; 7! = 5,040 orders of each reviewer. From eight on chi-squared is fair.
const BIDS: usize = 7;
/// Additions of an order to sums of ranks, over all reviewers: below a tenth of a second.
const ADDITIONS: usize = 400_000;

/// The share of all ways in which the bids' sums of ranks are at least as far from each other (by the sum of their squares)
/// as `sums`. `ranks` holds one list per reviewer, each rank times two; which reviewer comes first never matters. `None`
/// when counting would take longer than [`ADDITIONS`] allow.
///
/// What counts of the sums so far is their multiset: adding all orders of the next reviewer's ranks leads from every
/// arrangement of it to the same multisets. So few of them are kept that this goes much further than `(bids!)^reviewers`.
pub(super) fn share_at_least(ranks: Vec<Vec<u64>>, sums: &[u64]) -> Option<f64> {
    if sums.len() > BIDS {
        return None;
    }
    let mut ranks = ranks;
    ranks.iter_mut().for_each(|ranks| ranks.sort_unstable());
    // The order of reviewers decides how many multisets there are on the way: always the same one.
    ranks.sort_unstable();
    // A common order of the bids changes nothing, so that one reviewer keeps theirs.
    let (last, ranks) = ranks.split_last()?;
    let (first, between) = ranks.split_first()?;
    let mut left = ADDITIONS;
    let mut counted: BTreeMap<Vec<u64>, u128> = BTreeMap::from([(first.clone(), 1)]);
    for own in between {
        let orders = orders(own);
        left = left.checked_sub(orders.len().checked_mul(counted.len())?)?;
        let mut next: BTreeMap<Vec<u64>, u128> = BTreeMap::new();
        for (so_far, ways) in &counted {
            for order in &orders {
                let mut sums: Vec<u64> = so_far.iter().zip(order).map(|(sum, rank)| sum + rank).collect();
                sums.sort_unstable();
                let all = next.entry(sums).or_default();
                *all = all.checked_add(*ways)?;
            }
        }
        counted = next;
    }
    let orders = orders(last);
    left.checked_sub(orders.len().checked_mul(counted.len())?)?;
    let observed = squares(sums.iter().copied());
    let (mut at_least, mut all) = (0_u128, 0_u128);
    for (so_far, ways) in &counted {
        let reaches =
            |order: &&Vec<u64>| squares(so_far.iter().zip(*order).map(|(sum, rank)| sum + rank)) >= observed;
        let reached = orders.iter().filter(reaches).count() as u128;
        at_least = at_least.checked_add(ways.checked_mul(reached)?)?;
        all = all.checked_add(ways.checked_mul(orders.len() as u128)?)?;
    }
    Some(at_least as f64 / all as f64)
}

/// The mean of the sums is always the same, so that their squares order them as their distances from it do.
fn squares(sums: impl Iterator<Item = u64>) -> u64 {
    sums.map(|sum| sum * sum).sum()
}

/// All different orders of sorted ranks, each equally likely.
fn orders(sorted: &[u64]) -> Vec<Vec<u64>> {
    let mut order = sorted.to_vec();
    let mut all = vec![order.clone()];
    while next_order(&mut order) {
        all.push(order.clone());
    }
    all
}

/// The next order in the dictionary's sense; false after the last. Source: Knuth, The Art of Computer Programming 4A,
/// algorithm 7.2.1.2 L.
fn next_order(order: &mut [u64]) -> bool {
    let rises = |pair: &[u64]| pair.first() < pair.last();
    let Some(place) = order.windows(2).rposition(rises) else { return false };
    let Some((head, tail)) = order.split_at_mut_checked(place + 1) else { return false };
    let Some(changed) = head.last_mut() else { return false };
    if let Some(larger) = tail.iter_mut().rev().find(|rank| **rank > *changed) {
        std::mem::swap(changed, larger);
    }
    tail.reverse();
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_comes_once() {
        assert_eq!(orders(&[2, 4, 6]).len(), 6);
        assert_eq!(orders(&[3, 3, 6]), [[3, 3, 6], [3, 6, 3], [6, 3, 3]]);
        assert_eq!(orders(&[4, 4, 4]), [[4, 4, 4]]);
        assert_eq!(orders(&[2, 4, 6, 8, 10, 12, 14]).len(), 5040);
    }
}

//! The tie chain. Deliberately absent: chance; the draw is a hash that anyone can recompute.

use std::cmp::Reverse;

use sha2::{Digest, Sha256};

use super::combine::AllCombined;
use super::gather::{Gathered, Read};
use super::stage::Standing;
use crate::rule::{Direction, Rubric, TieBreak};
use crate::time::Timestamp;

/// What places a bid before the next one in the ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parted {
    ByTotal,
    /// Equal totals; no link of the chain has separated them so far.
    NotYet,
    /// Position in the chain of the first link that separates them; the length of the chain for the draw that is
    /// always behind it.
    ByLink(u32),
}

impl Parted {
    pub(super) fn link(self) -> Option<usize> {
        if let Self::ByLink(link) = self { Some(link as usize) } else { None }
    }
}

/// What the chain may look at.
pub(super) struct Field<'a> {
    pub(super) rubric: &'a Rubric,
    pub(super) better: Direction,
    pub(super) standings: &'a [Standing],
    /// Empty unless the chain asks for them.
    pub(super) sealed_at: &'a [Timestamp],
    pub(super) combined: &'a AllCombined,
    pub(super) seed: &'a [u8],
}

impl Field<'_> {
    /// Puts bids with equal totals in the order of the chain. `order` holds bid numbers, `parted` what stands between
    /// each and the next. A criterion that this rubric does not have separates nothing (a gate may have a rubric of
    /// its own); an unfinished chain ends in the draw all the same, so the order is total.
    pub(super) fn settle(&self, chain: &[TieBreak], order: &mut [u32], parted: &mut [Parted]) {
        let links = chain.iter().chain([&TieBreak::Draw]);
        for (link, by) in (0..).zip(links) {
            if !parted.contains(&Parted::NotYet) {
                return;
            }
            self.settle_by(by, link, order, parted);
        }
    }

    #[expect(clippy::indexing_slicing, reason = "bid numbers are below the number of bids")]
    fn settle_by(&self, by: &TieBreak, link: u32, order: &mut [u32], parted: &mut [Parted]) {
        match by {
            TieBreak::Criterion { key } => {
                let criterion = self.rubric.criteria.iter().position(|c| *c.key == **key);
                match (criterion, self.better) {
                    (Some(index), Direction::Higher) => {
                        split(order, parted, link, |bid| Reverse(self.combined.of(bid).criterion(index)));
                    }
                    (Some(index), Direction::Lower) => {
                        split(order, parted, link, |bid| self.combined.of(bid).criterion(index));
                    }
                    (None, _) => {}
                }
            }
            TieBreak::FirstPlaces => {
                split(order, parted, link, |bid| Reverse(self.standings[bid as usize].first_places));
            }
            TieBreak::SealedEarlier => split(order, parted, link, |bid| self.sealed_at[bid as usize]),
            TieBreak::Draw => {
                // The lot of a bid is SHA-256 of the seed followed by the sixteen bytes of its id; the lowest is drawn
                // first. No two bids have the same.
                let mut lot = self.seed.to_vec();
                split(order, parted, link, |bid| {
                    let bid = self.standings[bid as usize].bid;
                    lot.truncate(self.seed.len());
                    lot.extend_from_slice(bid.0.as_bytes());
                    (<[u8; 32]>::from(Sha256::digest(&lot)), bid)
                });
            }
        }
    }
}

/// Sorts each run of bids that are still tied by what one link of the chain looks at, the lowest key first, and notes
/// where it separates two. `parted` is one shorter than `order`.
fn split<K: Ord>(order: &mut [u32], parted: &mut [Parted], link: u32, mut key: impl FnMut(u32) -> K) {
    let mut keyed: Vec<(K, u32)> = Vec::new();
    let (mut order, mut parted) = (order, parted);
    while let Some(ahead) = parted.iter().position(|between| *between == Parted::NotYet) {
        let tied = parted.iter().skip(ahead).take_while(|between| **between == Parted::NotYet).count();
        let (run, between);
        (_, order) = order.split_at_mut(ahead);
        (_, parted) = parted.split_at_mut(ahead);
        (between, parted) = parted.split_at_mut(tied);
        (run, order) = order.split_at_mut(tied + 1);
        parted = parted.get_mut(1..).unwrap_or_default();
        keyed.clear();
        keyed.extend(run.iter().map(|bid| (key(*bid), *bid)));
        keyed.sort_unstable_by(|left, right| left.0.cmp(&right.0));
        for (place, (_, bid)) in run.iter_mut().zip(&keyed) {
            *place = *bid;
        }
        for ((left, right), parted) in keyed.iter().zip(keyed.iter().skip(1)).zip(between) {
            if left.0 != right.0 {
                *parted = Parted::ByLink(link);
            }
        }
    }
}

/// Counts for each bid how many experts gave it the best or joint best weighted total among the bids they scored.
#[expect(clippy::indexing_slicing, reason = "bids and experts were numbered below their counts")]
pub(super) fn count_first_places(gathered: &Gathered, better: Direction, standings: &mut [Standing]) {
    let worst = match better {
        Direction::Higher => i64::MIN,
        Direction::Lower => i64::MAX,
    };
    let mut best = vec![worst; gathered.experts];
    for Read { expert, weight, .. } in &gathered.read {
        let best = &mut best[*expert as usize];
        if better.misses(best, weight) {
            *best = *weight;
        }
    }
    for Read { bid, expert, weight } in &gathered.read {
        standings[*bid as usize].first_places += u32::from(best[*expert as usize] == *weight);
    }
}

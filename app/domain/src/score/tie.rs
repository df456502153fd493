//! The tie chain. Deliberately absent: chance; the draw is a hash that anyone can recompute.

use std::cmp::Ordering;

use sha2::{Digest, Sha256};

use super::combine::AllCombined;
use super::gather::{Gathered, Read};
use crate::id::BidId;
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
    pub(super) bids: &'a [BidId],
    /// Empty unless the chain asks for them.
    pub(super) sealed_at: &'a [Timestamp],
    pub(super) combined: &'a AllCombined,
    pub(super) first_places: &'a [u32],
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

    #[expect(clippy::indexing_slicing, reason = "parted is one shorter than order; start and end are within")]
    fn settle_by(&self, by: &TieBreak, link: u32, order: &mut [u32], parted: &mut [Parted]) {
        let criterion = match by {
            TieBreak::Criterion { key } => self.rubric.criteria.iter().position(|c| &c.key == key),
            _ => None,
        };
        let mut start = 0;
        while start < parted.len() {
            let tied = parted[start..].iter().take_while(|between| **between == Parted::NotYet).count();
            let end = start + tied;
            if tied > 0 {
                let (run, between) = (&mut order[start..=end], &mut parted[start..end]);
                match (by, criterion) {
                    (TieBreak::Criterion { .. }, Some(index)) => {
                        split(run, between, link, |left, right| self.by_criterion(index, left, right));
                    }
                    (TieBreak::Criterion { .. }, None) => {}
                    (TieBreak::FirstPlaces, _) => split(run, between, link, |left, right| {
                        self.first_places[right as usize].cmp(&self.first_places[left as usize])
                    }),
                    (TieBreak::SealedEarlier, _) => split(run, between, link, |left, right| {
                        self.sealed_at[left as usize].cmp(&self.sealed_at[right as usize])
                    }),
                    (TieBreak::Draw, _) => self.draw(run, between, link),
                }
            }
            start = end + 1;
        }
    }

    fn by_criterion(&self, index: usize, left: u32, right: u32) -> Ordering {
        let (left, right) = (self.combined.of(left), self.combined.of(right));
        match self.better {
            Direction::Higher => right.compare(left, index),
            Direction::Lower => left.compare(right, index),
        }
    }

    /// The lot of a bid is SHA-256 of the seed followed by the sixteen bytes of its id; the lowest is drawn first.
    #[expect(clippy::indexing_slicing, reason = "bid numbers are below the number of bids")]
    fn draw(&self, run: &mut [u32], between: &mut [Parted], link: u32) {
        let seeded = Sha256::new().chain_update(self.seed);
        run.sort_by_cached_key(|number| {
            let bid = self.bids[*number as usize];
            let lot: [u8; 32] = seeded.clone().chain_update(bid.0.as_bytes()).finalize().into();
            (lot, bid)
        });
        between.fill(Parted::ByLink(link));
    }
}

/// Sorts a run of tied bids by one link, and notes where that link separates two.
fn split(run: &mut [u32], between: &mut [Parted], link: u32, compare: impl Fn(u32, u32) -> Ordering) {
    run.sort_unstable_by(|left, right| compare(*left, *right));
    for ((left, right), parted) in run.iter().zip(run.iter().skip(1)).zip(between) {
        if compare(*left, *right) != Ordering::Equal {
            *parted = Parted::ByLink(link);
        }
    }
}

/// For each bid, how many experts gave it the best or joint best weighted total among the bids they scored.
#[expect(clippy::indexing_slicing, reason = "bids and experts were numbered below their counts")]
pub(super) fn first_places(gathered: &Gathered<'_>, better: Direction) -> Vec<u32> {
    let worst = match better {
        Direction::Higher => i64::MIN,
        Direction::Lower => i64::MAX,
    };
    let mut best = vec![worst; gathered.expert_count()];
    for Read { expert, weight, .. } in gathered.read() {
        let best = &mut best[*expert as usize];
        if better.misses(best, weight) {
            *best = *weight;
        }
    }
    let mut places = vec![0; gathered.bid_count()];
    for Read { bid, expert, weight } in gathered.read() {
        places[*bid as usize] += u32::from(best[*expert as usize] == *weight);
    }
    places
}

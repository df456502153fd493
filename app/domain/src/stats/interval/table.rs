//! The nested bootstrap of bids with few reviews: a bid of five has only 126 resamples, which are evaluated once and
//! looked up from then on. Deliberately absent: another law of chance; the draws are those of reviews one by one.

use std::ops::Range;

use super::chance::{Chance, Multisets, Stream};
use super::order::Ranker;
use super::quantity::{Keys, Units};
use super::tally::{Block, Tally};

/// Reviews per bid at most. Their 46,656 ordered draws fit a table, and come from one number of a stream.
const MOST_REVIEWS: usize = 6;
/// Resamples of all bids together at most: 24 MiB.
const MOST_ENTRIES: usize = 6 << 20;

/// Keys of all multisets, bid by bid.
#[derive(Clone, Debug)]
pub(super) struct Table {
    keys: Vec<u32>,
    bids: Vec<TableBid>,
    /// By number of reviews: the multiset of each ordered draw.
    outcomes: Vec<Vec<u16>>,
}

#[derive(Clone, Debug)]
struct TableBid {
    reviews: usize,
    keys: Range<usize>,
    /// In the stream.
    position: u64,
}

impl Table {
    /// `None` when a bid has many reviews or the table would be large.
    pub(super) fn of(units: &Units, keys: Keys) -> Option<Self> {
        let multisets: Vec<Option<Multisets>> = (0..=MOST_REVIEWS).map(Multisets::of).collect();
        let of_row = |row| multisets.get(units.reviews(row)).and_then(Option::as_ref);
        let mut entries = 0;
        for row in 0..units.rows() {
            entries += of_row(row)?.len();
            if entries > MOST_ENTRIES {
                return None;
            }
        }
        let (mut wide, mut bids) = (Vec::with_capacity(entries), Vec::with_capacity(units.rows()));
        let mut outcomes = vec![Vec::new(); multisets.len()];
        for row in 0..units.rows() {
            let (bid, reviews, from, all) = (units.bid(row), units.reviews(row), wide.len(), of_row(row)?);
            wide.extend(all.iter().map(|(counts, _)| keys.key(bid.combined(counts, reviews))));
            bids.push(TableBid { reviews, keys: from..wide.len(), position: units.start(row) as u64 });
            if let Some(outcomes) = outcomes.get_mut(reviews).filter(|outcomes| outcomes.is_empty()) {
                *outcomes = all.of_outcomes();
            }
        }
        Some(Self { keys: narrow(&wide), bids, outcomes })
    }

    /// A bid at a time for a block of resamples, so that its keys are fetched once for all of them.
    pub(super) fn run(&self, chance: &Chance, range: Range<u32>, tally: &mut Tally, block: &mut Block) {
        let mut ranker = Ranker::<u32>::new(self.bids.len());
        let mut keys = vec![0; self.bids.len()];
        for from in range.clone().step_by(block.resamples()) {
            let to = range.end.min(from.saturating_add(block.resamples() as u32));
            let streams: Vec<Stream> = (from..to).map(|number| chance.stream(number)).collect();
            for (row, bid) in self.bids.iter().enumerate() {
                let own = self.keys.get(bid.keys.clone()).unwrap_or_default();
                let outcomes = self.outcomes.get(bid.reviews).map_or(&[][..], Vec::as_slice);
                for (stream, key) in streams.iter().zip(block.column(row)) {
                    let outcome = (u128::from(stream.draw(bid.position)) * outcomes.len() as u128) >> 64;
                    let multiset =
                        outcomes.get(outcome as usize).map_or(0, |&multiset| usize::from(multiset));
                    *key = own.get(multiset).copied().unwrap_or(0);
                }
            }
            for _ in &streams {
                block.push(tally, 1, |ranks| {
                    keys.copy_from_slice(ranks);
                    ranker.rank(&keys, ranks)
                });
            }
            block.flush(tally);
        }
    }
}

/// The same order in 32 bits: distances from the lowest key, or, where these are too large, positions among all keys.
fn narrow(keys: &[i64]) -> Vec<u32> {
    let lowest = keys.iter().copied().min().unwrap_or(0);
    let distances: Option<Vec<u32>> = keys.iter().map(|key| u32::try_from(key - lowest).ok()).collect();
    distances.unwrap_or_else(|| {
        let mut sorted = keys.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        keys.iter().map(|key| sorted.binary_search(key).unwrap_or_else(|place| place) as u32).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_keys_keep_their_order() {
        assert_eq!(narrow(&[-3, 7, -3, 0]), [0, 10, 0, 3]);
        assert_eq!(narrow(&[-(1 << 60), 7, 1 << 60, 7]), [0, 1, 2, 1]);
    }
}

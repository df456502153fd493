//! Competition ranks of one resample after another, by radix. Deliberately absent: other methods for ties, which
//! `summary` has.

/// Buckets up to this size are left to the pass of insertion.
const FEW: u32 = 16;

/// Ranks rows of keys of one length; the working memory is kept from row to row.
#[derive(Clone, Debug)]
pub(super) struct Ranker<K> {
    ends: Vec<u32>,
    entries: Vec<(K, u32)>,
}

impl<K: Copy + Default + Ord + Into<u64>> Ranker<K> {
    pub(super) fn new(rows: usize) -> Self {
        let buckets = (2 * rows).next_power_of_two().clamp(64, 1 << 16);
        Self { ends: vec![0; buckets], entries: vec![(K::default(), 0); rows] }
    }

    /// Writes 1 + the number of lower keys for every key, and says how many are at rank 1. `keys` and `ranks` are as
    /// long as the ranker was made for, at most 2^32 - 1.
    ///
    /// A key's highest bits choose its bucket. When they are all of its bits, the buckets' sizes are the ranks;
    /// otherwise entries are laid out by bucket and a pass of insertion finishes an order that is almost right.
    #[expect(
        clippy::indexing_slicing,
        reason = "a bucket is an offset below the span, shifted to fewer bits than there are buckets; entries' \
                  positions are below the sum of the buckets' sizes, which is the number of keys"
    )]
    pub(super) fn rank(&mut self, keys: &[K], ranks: &mut [u32]) -> u32 {
        let first = keys.iter().copied().min().unwrap_or_default();
        let lowest: u64 = first.into();
        let span = keys.iter().copied().max().unwrap_or_default().into() - lowest;
        let offset = |key: K| key.into() - lowest;
        let bits = u64::BITS - span.leading_zeros();
        let shift = bits.saturating_sub(self.ends.len().trailing_zeros());
        let buckets = &mut self.ends[..=(span >> shift) as usize];
        buckets.fill(0);
        for &key in keys {
            buckets[(offset(key) >> shift) as usize] += 1;
        }
        let (mut start, mut largest) = (0, 0);
        for bucket in buckets.iter_mut() {
            largest = largest.max(*bucket);
            start += std::mem::replace(bucket, start);
        }
        if shift == 0 {
            for (&key, rank) in keys.iter().zip(ranks) {
                *rank = buckets[offset(key) as usize] + 1;
            }
            return buckets.get(1).copied().unwrap_or(start);
        }
        for (&key, bid) in keys.iter().zip(0..) {
            let end = &mut buckets[(offset(key) >> shift) as usize];
            self.entries[*end as usize] = (key, bid);
            *end += 1;
        }
        if largest > FEW {
            let mut from = 0;
            for &end in buckets.iter() {
                if end - from > FEW {
                    self.entries[from as usize..end as usize].sort_unstable();
                }
                from = end;
            }
        }
        insert(&mut self.entries);
        let (mut previous, mut rank, mut firsts) = (first, 1, 0);
        for (&(key, bid), place) in self.entries.iter().zip(1..) {
            if key != previous {
                (previous, rank) = (key, place);
            }
            firsts += u32::from(rank == 1);
            ranks[bid as usize] = rank;
        }
        firsts
    }
}

#[expect(clippy::indexing_slicing, reason = "hole runs from a position inside down to 0")]
fn insert<K: Copy + Ord>(entries: &mut [(K, u32)]) {
    for index in 1..entries.len() {
        let entry = entries[index];
        let mut hole = index;
        while hole > 0 && entries[hole - 1].0 > entry.0 {
            entries[hole] = entries[hole - 1];
            hole -= 1;
        }
        entries[hole] = entry;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_one_more_than_the_number_of_lower_keys() {
        let mut number = 1_u64;
        let mut next = || {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            number >> 33
        };
        for (rows, spread, far) in
            [(1, 5, 0), (40, 7, 0), (300, 1 << 30, 0), (300, 20, u64::MAX), (2000, 900_000, 1 << 50)]
        {
            let mut ranker = Ranker::<u64>::new(rows);
            for _ in 0..20 {
                let mut keys: Vec<u64> = (0..rows).map(|_| next() % spread).collect();
                if far > 0 {
                    keys[0] = far;
                }
                let mut ranks = vec![0; rows];
                let firsts = ranker.rank(&keys, &mut ranks);
                let expected: Vec<u32> = keys
                    .iter()
                    .map(|key| 1 + keys.iter().filter(|other| *other < key).count() as u32)
                    .collect();
                assert_eq!(ranks, expected);
                assert_eq!(firsts as usize, ranks.iter().filter(|rank| **rank == 1).count());
            }
        }
    }
}

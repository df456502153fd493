//! Resamples: drawn from numbered streams, or all of them. Deliberately absent: a state that passes from one resample
//! to the next; number `i` is the same whoever draws it, and in whichever order.

use sha2::{Digest, Sha256};

use super::super::splitmix::{STEP, mixed};

/// Indices are taken from one 64-bit number as long as their joint outcomes are at most this many, so that no outcome
/// is favoured by more than 2^-24 of its chance.
const MOST_OUTCOMES_PER_DRAW: u64 = 1 << 40;

/// What the streams of all resamples have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chance {
    key: [u64; 2],
}

/// The numbers of one resample, each reached by its position.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stream {
    start: u64,
}

impl Chance {
    /// The first sixteen bytes of SHA-256 of the seed.
    pub(crate) fn of(seed: &[u8]) -> Self {
        let mut words = [0; 2];
        let hash = Sha256::digest(seed);
        for (word, bytes) in words.iter_mut().zip(hash.chunks_exact(8)) {
            *word = bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
        }
        Self { key: words }
    }

    pub(crate) fn stream(&self, number: u32) -> Stream {
        let [first, second] = self.key;
        Stream { start: first.wrapping_add(mixed(second ^ mixed(u64::from(number)))) }
    }
}

impl Stream {
    /// SplitMix64's number at a position.
    #[inline]
    pub(super) fn draw(self, position: u64) -> u64 {
        mixed(self.start.wrapping_add(position.wrapping_mul(STEP)))
    }

    /// `n` indices below `n` (2 or more), with replacement, from the numbers at `position` and, at most, the `n - 1`
    /// behind it.
    #[inline]
    pub(crate) fn indices(
        self,
        position: u64,
        n: usize,
        indices_per_draw: usize,
        mut take: impl FnMut(usize),
    ) {
        let (mut position, mut left) = (position, n);
        while left > 0 {
            let mut number = self.draw(position);
            let now = indices_per_draw.min(left);
            for _ in 0..now {
                let wide = u128::from(number) * n as u128;
                take((wide >> 64) as usize);
                number = wide as u64;
            }
            (position, left) = (position + 1, left - now);
        }
    }
}

/// How many indices below `n` one 64-bit number gives.
pub(crate) fn indices_per_draw(n: usize) -> usize {
    let n = (n as u64).max(2);
    let mut outcomes = n;
    let mut indices = 1;
    while outcomes.saturating_mul(n) <= MOST_OUTCOMES_PER_DRAW {
        outcomes *= n;
        indices += 1;
    }
    indices
}

/// Every way to draw `n` times with replacement from `n`, the order of draws aside.
#[derive(Clone, Debug)]
pub(super) struct Multisets {
    n: usize,
    /// `n` counts per multiset.
    counts: Vec<u32>,
    /// In how many of the `n^n` ordered draws each multiset comes about.
    ways: Vec<u32>,
}

impl Multisets {
    /// `None` beyond nine, where the ordered draws no longer fit 32 bits.
    pub(super) fn of(n: usize) -> Option<Self> {
        if !(1..=9).contains(&n) {
            return None;
        }
        let mut multisets = Self { n, counts: Vec::new(), ways: Vec::new() };
        let mut counts = vec![0; n];
        multisets.extend(&mut counts, 0, n as u32);
        Some(multisets)
    }

    fn extend(&mut self, counts: &mut [u32], index: usize, left: u32) {
        if index + 1 == self.n {
            if let Some(last) = counts.last_mut() {
                *last = left;
            }
            let all = factorial(self.n as u32);
            self.ways.push(counts.iter().fold(all, |ways, &count| ways / factorial(count)));
            self.counts.extend_from_slice(counts);
            return;
        }
        for count in 0..=left {
            if let Some(place) = counts.get_mut(index) {
                *place = count;
            }
            self.extend(counts, index + 1, left - count);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ways.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u32], u32)> {
        self.counts.chunks_exact(self.n).zip(self.ways.iter().copied())
    }

    /// For each ordered draw, read as a number in base `n` with the first index as its highest digit, the position of
    /// its multiset. At most six: 46,656 draws.
    pub(super) fn of_outcomes(&self) -> Vec<u16> {
        let mut codes: Vec<(u64, u16)> = self.iter().map(|(counts, _)| code(counts)).zip(0..).collect();
        codes.sort_unstable();
        let outcomes = (self.n as u64).pow(self.n as u32);
        let multiset = |outcome: u64| {
            let (mut left, mut sum) = (outcome, 0);
            for _ in 0..self.n {
                sum += 1 << (4 * (left % self.n as u64));
                left /= self.n as u64;
            }
            let found = codes.binary_search_by_key(&sum, |&(code, _)| code);
            found.ok().and_then(|place| codes.get(place)).map_or(0, |&(_, multiset)| multiset)
        };
        (0..outcomes).map(multiset).collect()
    }
}

/// Counts up to fifteen of up to fifteen things as one number, four bits each.
pub(super) fn code(counts: &[u32]) -> u64 {
    counts.iter().rev().fold(0, |code, &count| code << 4 | u64::from(count))
}

/// C(2n - 1, n), the number of multisets; saturating.
pub(super) fn multiset_count(n: usize) -> u64 {
    let n = n as u64;
    (1..n).try_fold(1_u64, |count, k| Some(count.checked_mul(n + k)? / k)).unwrap_or(u64::MAX)
}

fn factorial(n: u32) -> u32 {
    (1..=n).product()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multisets_are_all_there_with_their_ways() {
        for n in 1..=7 {
            let multisets = Multisets::of(n).unwrap();
            assert_eq!(multisets.len() as u64, multiset_count(n), "{n}");
            let ways: u64 = multisets.iter().map(|(_, ways)| u64::from(ways)).sum();
            assert_eq!(ways, (n as u64).pow(n as u32), "{n}");
            assert!(multisets.iter().all(|(counts, _)| counts.iter().sum::<u32>() as usize == n));
        }
        assert_eq!([5, 6, 9].map(multiset_count), [126, 462, 24_310]);
        assert_eq!(multiset_count(100), u64::MAX);
        assert!(Multisets::of(10).is_none());
    }

    #[test]
    fn the_table_of_outcomes_and_the_indices_one_by_one_are_the_same_draw() {
        for n in 2..=6_usize {
            let multisets = Multisets::of(n).unwrap();
            let table = multisets.of_outcomes();
            for number in 0..500 {
                let stream = Chance::of(b"seed").stream(number);
                let mut counts = vec![0; n];
                stream.indices(7, n, indices_per_draw(n), |index| counts[index] += 1);
                let outcome = (u128::from(stream.draw(7)) * table.len() as u128) >> 64;
                let (expected, _) = multisets.iter().nth(table[outcome as usize].into()).unwrap();
                assert_eq!(counts, expected, "{n} {number}");
            }
        }
    }

    #[test]
    fn every_multiset_comes_as_often_as_it_should() {
        let multisets = Multisets::of(3).unwrap();
        let chance = Chance::of(b"fair");
        let mut seen = std::collections::BTreeMap::new();
        for number in 0..27_000 {
            let mut counts = vec![0; 3];
            chance.stream(number).indices(0, 3, indices_per_draw(3), |index| counts[index] += 1);
            *seen.entry(counts).or_insert(0) += 1;
        }
        for (counts, ways) in multisets.iter() {
            let (expected, seen) = (1000.0 * f64::from(ways), f64::from(seen[counts]));
            assert!((seen - expected).abs() < 5.0 * expected.sqrt(), "{counts:?} {seen} {expected}");
        }
    }
}

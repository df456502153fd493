//! Counting ranks. Deliberately absent: anything but integer sums, so that tallies add up to the same in any order.

use serde::{Deserialize, Serialize};

/// Up to this many bids every rank has a bin of its own.
const EXACT_BIDS: usize = 2048;
/// Counters of one tally at most, where bins can be made wider: 128 MiB.
const MOST_COUNTERS: usize = 1 << 25;
/// The ranks of up to this many resamples are counted together, so that a bid's bins are fetched once for all of them.
const BLOCK: usize = 256;
/// Fewer where their ranks would fill more than 32 MiB.
const MOST_RANKS: usize = 8 << 20;
/// Ranks in a line of memory.
const LINE: usize = 16;

/// Which ranks share a bin. Ranks up to [`Bins::exact`] have one each; above, every octave has `2^bits` bins, so that
/// a bin is at most `2^-bits` of its rank wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bins {
    ranks: u32,
    exact: u32,
    bits: u32,
}

impl Bins {
    /// Beyond [`EXACT_BIDS`] 512 exact ranks and bins within 1/128 above; both half as many while memory forbids.
    pub(super) fn of(bids: usize) -> Self {
        let ranks = u32::try_from(bids).unwrap_or(u32::MAX);
        if bids <= EXACT_BIDS {
            return Self { ranks, exact: ranks, bits: 0 };
        }
        let with = |bits| Self { ranks, exact: 4_u32 << bits, bits };
        let fits = |bins: &Self| bins.len().saturating_mul(bids) <= MOST_COUNTERS;
        (1..=7).rev().map(with).find(fits).unwrap_or(with(1))
    }

    pub(super) fn len(self) -> usize {
        self.bin(self.ranks) + 1
    }

    #[inline]
    fn bin(self, rank: u32) -> usize {
        let position = rank - 1;
        if position < self.exact {
            return position as usize;
        }
        // `exact` is `4 << bits`, so that the position has `bits + 3` bits or more.
        let shift = position.ilog2() - self.bits;
        let octaves = shift - 2;
        (self.exact + (octaves << self.bits) + ((position >> shift) - (1 << self.bits))) as usize
    }

    /// The lowest and the highest rank of a bin.
    fn ranks(self, bin: usize) -> (u32, u32) {
        let bin = bin as u32;
        if bin < self.exact {
            return (bin + 1, bin + 1);
        }
        let beyond = bin - self.exact;
        let shift = (beyond >> self.bits) + 2;
        let first = ((1 << self.bits) + (beyond & ((1 << self.bits) - 1))) << shift;
        (first + 1, (first + (1 << shift)).min(self.ranks))
    }
}

/// Ranks counted over some resamples. Tallies of one bootstrap add up with [`Tally::merge`].
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    bins: Bins,
    top_k: u32,
    /// Bid by bid, bin by bin.
    counts: Vec<u32>,
    rank_sums: Vec<u64>,
    top_counts: Vec<u32>,
    tied_first: u64,
    total: u64,
}

/// Where one bid may stand. Ranks are competition ranks from 1 (the best): bids that tie have the same, best one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RankInterval {
    /// The best rank of the interval: the bid ranks better in less than half of `1 - confidence` of the resamples.
    pub low: u32,
    /// The worst rank of the interval: the bid ranks worse in at most half of `1 - confidence` of the resamples.
    pub high: u32,
    /// The middle rank, or the mean of the middle two; within half a bin where bins are wide.
    pub median: f64,
    pub mean: f64,
    /// Share of resamples in which the bid is first, alone or tied. In [0, 1]; over all bids they sum to 1 or more.
    pub p_first: f64,
    /// Share of resamples in which fewer than k bids are better. In [0, 1].
    pub p_top_k: f64,
}

impl Tally {
    pub(super) fn new(bids: usize, top_k: u32) -> Self {
        let bins = Bins::of(bids);
        Self {
            bins,
            top_k,
            counts: vec![0; bids * bins.len()],
            rank_sums: vec![0; bids],
            top_counts: vec![0; bids],
            tied_first: 0,
            total: 0,
        }
    }

    /// Adds the resamples of `other`, which comes from the same bootstrap.
    pub fn merge(&mut self, other: Self) {
        add(&mut self.counts, &other.counts);
        add(&mut self.top_counts, &other.top_counts);
        for (sum, more) in self.rank_sums.iter_mut().zip(other.rank_sums) {
            *sum += more;
        }
        self.tied_first += other.tied_first;
        self.total += other.total;
    }

    /// Resamples (or, of an exact enumeration, ordered draws) counted so far.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many of them have more than one bid at rank 1.
    pub fn tied_first(&self) -> u64 {
        self.tied_first
    }

    /// The highest rank up to which every rank is counted by itself.
    pub(super) fn exact_to_rank(&self) -> u32 {
        self.bins.exact
    }

    /// For the bids that have reviews, in their order: how often each rank came about; up to 2,048 bids entry `r - 1`
    /// is rank `r`.
    pub fn rank_counts(&self) -> impl Iterator<Item = &[u32]> {
        self.counts.chunks_exact(self.bins.len())
    }

    pub(super) fn intervals(&self, confidence: f64) -> impl Iterator<Item = RankInterval> {
        let bids = self.rank_counts().zip(self.rank_sums.iter().zip(&self.top_counts));
        bids.map(move |(counts, (&rank_sum, &top))| {
            let share = |count: u32| f64::from(count) / self.total as f64;
            let (first, last) =
                (self.middle(counts, self.total.div_ceil(2)), self.middle(counts, self.total / 2 + 1));
            let (low, high) = self.ends(counts, confidence);
            RankInterval {
                low,
                high,
                median: (first + last) / 2.0,
                mean: rank_sum as f64 / self.total as f64,
                p_first: share(counts.first().copied().unwrap_or(0)),
                p_top_k: share(top),
            }
        })
    }

    /// The lowest bin up to which `count` resamples or more are counted.
    fn reached(counts: &[u32], count: u64) -> usize {
        let mut passed = 0;
        let reached = counts.iter().position(|&here| {
            passed += u64::from(here);
            passed >= count
        });
        reached.unwrap_or(counts.len().saturating_sub(1))
    }

    fn middle(&self, counts: &[u32], count: u64) -> f64 {
        let (low, high) = self.bins.ranks(Self::reached(counts, count));
        f64::midpoint(f64::from(low), f64::from(high))
    }

    /// Counted in whole resamples, with the confidence taken to nine decimals: 95 % of 10,000 leaves 250 on each side,
    /// where `(1.0 - 0.95) / 2.0 * 10_000.0` is a little more.
    fn ends(&self, counts: &[u32], confidence: f64) -> (u32, u32) {
        const WHOLE: u128 = 2_000_000_000;
        let outside = ((1.0 - confidence) * 1e9).round() as u128;
        let below = (outside * u128::from(self.total)).div_ceil(WHOLE).max(1);
        let above = outside * u128::from(self.total) / WHOLE;
        let (low, _) = self.bins.ranks(Self::reached(counts, below as u64));
        let (_, high) = self.bins.ranks(Self::reached(counts, self.total - above as u64));
        (low, high)
    }
}

fn add(counts: &mut [u32], more: &[u32]) {
    for (count, more) in counts.iter_mut().zip(more) {
        *count += more;
    }
}

/// Ranks of a few resamples on their way into a [`Tally`]: one row per resample.
#[derive(Debug)]
pub(super) struct Block {
    bids: usize,
    /// A little more than the bids: rows a power of two apart would share the same few cache lines.
    stride: usize,
    resamples: usize,
    ranks: Vec<u32>,
    weights: Vec<u32>,
    /// Of the bid at hand, all zero in between.
    bins: Vec<u32>,
}

impl Block {
    pub(super) fn new(bids: usize) -> Self {
        let stride = ((bids / LINE + 1) | 1) * LINE;
        let resamples = (MOST_RANKS / stride).clamp(1, BLOCK);
        Self {
            bids,
            stride,
            resamples,
            ranks: vec![0; stride * resamples],
            weights: Vec::with_capacity(resamples),
            bins: vec![0; Bins::of(bids).len()],
        }
    }

    /// How many resamples fit.
    pub(super) fn resamples(&self) -> usize {
        self.resamples
    }

    /// The entries of one bid, resample by resample.
    pub(super) fn column(&mut self, bid: usize) -> impl Iterator<Item = &mut u32> {
        self.ranks.iter_mut().skip(bid).step_by(self.stride)
    }

    /// Takes one resample that counts `weight` times: `rank` writes the rank of every bid in the place of whatever was
    /// there, and says how many are first.
    pub(super) fn push(&mut self, tally: &mut Tally, weight: u32, rank: impl FnOnce(&mut [u32]) -> u32) {
        let from = self.weights.len() * self.stride;
        if let Some(ranks) = self.ranks.get_mut(from..from + self.bids) {
            let firsts = rank(ranks);
            tally.total += u64::from(weight);
            tally.tied_first += if firsts > 1 { u64::from(weight) } else { 0 };
            self.weights.push(weight);
        }
        if self.weights.len() == self.resamples {
            self.flush(tally);
        }
    }

    /// Counts what is there. Rows are turned over, a line of memory at a time, so that each bid's ranks lie side by
    /// side; a bid's ranks are counted in a few near bins, which are then added to the far ones in one sweep.
    pub(super) fn flush(&mut self, tally: &mut Tally) {
        if self.weights.is_empty() {
            return;
        }
        let Tally { bins, top_k, .. } = *tally;
        let mut of_bids =
            tally.counts.chunks_exact_mut(bins.len()).zip(&mut tally.rank_sums).zip(&mut tally.top_counts);
        let mut turned = [[1_u32; BLOCK]; LINE];
        for from in (0..self.bids).step_by(LINE) {
            for (resample, row) in self.ranks.chunks_exact(self.stride).take(self.weights.len()).enumerate() {
                let line = row.get(from..from + LINE).unwrap_or_default();
                for (rank, turned) in line.iter().zip(&mut turned) {
                    if let Some(place) = turned.get_mut(resample) {
                        *place = *rank;
                    }
                }
            }
            for (ranks, ((counts, rank_sum), top)) in turned.iter().zip(of_bids.by_ref()) {
                let (mut best, mut worst, mut sum, mut within) = (u32::MAX, 1, 0, 0);
                for (&rank, &weight) in ranks.iter().zip(&self.weights) {
                    sum += u64::from(rank) * u64::from(weight);
                    within += if rank <= top_k { weight } else { 0 };
                    (best, worst) = (rank.min(best), rank.max(worst));
                }
                (*rank_sum, *top) = (*rank_sum + sum, *top + within);
                for (&rank, &weight) in ranks.iter().zip(&self.weights) {
                    if let Some(count) = self.bins.get_mut(bins.bin(rank)) {
                        *count += weight;
                    }
                }
                let used = bins.bin(best.min(worst))..bins.bin(worst) + 1;
                let far = counts.get_mut(used.clone()).unwrap_or_default();
                for (count, near) in far.iter_mut().zip(self.bins.get_mut(used).unwrap_or_default()) {
                    *count += std::mem::take(near);
                }
            }
        }
        self.weights.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rank_lies_in_its_bin_and_bins_are_narrow_at_the_top() {
        for bids in [1, 2, 2048, 2049, 20_000, 65_536, 300_000] {
            let bins = Bins::of(bids);
            let mut expected = (1, 1);
            for rank in 1..=bids as u32 {
                let (low, high) = bins.ranks(bins.bin(rank));
                if rank > expected.1 {
                    expected = (low, high);
                    assert_eq!(low, rank, "{bids}");
                }
                assert_eq!((low, high), if rank == 1 { (1, 1) } else { expected }, "{bids} {rank}");
                assert!(bids != 20_000 || high - low <= rank / 128, "{low} {high}");
                assert!(bids > 2048 || low == high);
            }
            assert_eq!(bins.ranks(bins.len() - 1).1, bids as u32);
            assert!(bids <= 2048 || bids * bins.len() <= MOST_COUNTERS);
        }
    }

    #[test]
    fn interval_ends_leave_at_most_half_of_the_rest_on_each_side() {
        let mut tally = Tally::new(3, 2);
        tally.total = 10_000;
        let ends = |counts: [u32; 3], confidence| tally.ends(&counts, confidence);
        assert_eq!(ends([250, 9500, 250], 0.95), (1, 2));
        assert_eq!(ends([249, 9500, 251], 0.95), (2, 3));
        assert_eq!(ends([10_000, 0, 0], 0.95), (1, 1));
        assert_eq!(ends([1, 9998, 1], 0.999_999_999), (1, 3));
    }
}

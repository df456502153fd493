//! Bootstrap rank intervals: how the ranking would scatter over other panels like this one. Deliberately absent:
//! threads. Work is cut into ranges of resamples; every resample has its own stream of chance and tallies are whole
//! numbers, so that the result is the same to the last bit on every machine and for any partition.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::super::Undefined;
use super::RankedQuantity;
use super::chance::{Chance, Multisets, Stream, code, indices_per_draw, multiset_count};
use super::order::Ranker;
use super::quantity::{Keys, Units};
use super::table::Table;
use super::tally::{Block, RankInterval, Tally};

/// Resamples at most; at ten million the standard error of a share is at most 0.00016 (that of one half), so that nineteen
/// times in twenty it is within twice as much of the exact one, whatever the data.
pub const MAX_RESAMPLES: u32 = 10_000_000;

/// Drawn resamples that are compared with each other before equal ones are evaluated, once.
const CHUNK: u32 = 1 << 16;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BootstrapSettings {
    /// Resamples to draw, 1 to [`MAX_RESAMPLES`]; 10,000 is usual.
    pub resamples: u32,
    /// Any bytes; the same seed gives the same result.
    pub seed: Vec<u8>,
    /// Of the interval, above 0 and below 1, to nine decimals; 0.95 is usual.
    pub confidence: f64,
    /// For [`RankInterval::p_top_k`], from 1.
    pub top_k: usize,
    /// Draw even where all resamples could be counted one by one.
    pub always_draw: bool,
}

/// Whose reviews are drawn anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Every reviewer scored every bid: reviewers are drawn with replacement, and one resample holds for all bids. A
    /// strict reviewer is strict with everybody, so that severity does not scatter the ranks. Right where the
    /// question is: what if other experts like these had been asked?
    Crossed,
    /// Otherwise: each bid's own reviews are drawn with replacement, independently of the other bids'. Differences
    /// in severity count as noise, which they are where reviewers were assigned by chance. A bid with one
    /// review cannot vary by itself: its interval is too narrow.
    Nested,
}

/// Where the shares come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "sampling")]
pub enum Sampling {
    /// All n^n equally likely draws of n reviewers, counted by their C(2n-1, n) distinct multisets: no chance at all.
    Exact { distinct: u64 },
    /// Seeded draws; a share p has the standard error sqrt(p (1 - p) / resamples).
    Sampled { resamples: u32 },
}

/// The result of a bootstrap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RankIntervals {
    pub scheme: Scheme,
    pub sampling: Sampling,
    pub confidence: f64,
    pub top_k: usize,
    /// Resamples counted: those drawn, or n^n of an exact enumeration.
    pub total: u64,
    /// How many of them have more than one bid at rank 1.
    pub tied_first: u64,
    /// Ranks beyond this one share bins: interval ends are rounded outwards to the ends of their bin.
    pub exact_to_rank: u32,
    /// Bids of a nested bootstrap that have a single review, and therefore an interval that is too narrow.
    pub single_reviews: usize,
    /// One per bid of the panel; `None` for a bid without a review.
    pub bids: Vec<Option<RankInterval>>,
}

/// A bootstrap that is ready to run. Percentile intervals of competition ranks.
///
/// Sources: Efron & Tibshirani (1993), An introduction to the bootstrap, chapter 13; Goldstein & Spiegelhalter (1996),
/// JRSS A 159:385-443, on the uncertainty of ranks.
///
/// An enumeration does not depend on the order of bids and reviewers. Draws belong to positions: whoever wants the same
/// figures from lists in another order sorts them first, by something that stays, such as their ids.
///
/// With few reviewers the bootstrap is optimistic: five scores show less scatter than the population they come from,
/// by about sqrt((n - 1) / n). Memory: one counter per bid and rank up to 2,048 bids; beyond that ranks from 513 on
/// share bins within 1/128 of the rank (coarser where 128 MiB would be passed).
#[derive(Clone, Debug)]
pub struct Bootstrap {
    units: Units,
    keys: Keys,
    settings: BootstrapSettings,
    chance: Chance,
    plan: Plan,
}

#[derive(Clone, Debug)]
enum Plan {
    /// With every multiset when they are enumerated.
    Crossed(Option<Multisets>),
    /// With the key of every multiset of every bid when the bids have few reviews.
    Nested(Option<Table>),
}

impl Bootstrap {
    /// # Errors
    /// [`Undefined::BadParameter`] names the setting out of range, or the fault of the quantity as
    /// [`RankedQuantity::values`] does; [`Undefined::TooFewBids`] below two bids with a review;
    /// [`Undefined::TooFewReviewers`] when no bid has two reviews.
    pub fn new(quantity: &RankedQuantity, settings: BootstrapSettings) -> Result<Self, Undefined> {
        let bad = |name: &str| Err(Undefined::BadParameter { name: name.to_owned() });
        if !(1..=MAX_RESAMPLES).contains(&settings.resamples) {
            return bad("resamples");
        }
        if !(settings.confidence > 0.0 && settings.confidence < 1.0) {
            return bad("confidence");
        }
        if settings.top_k == 0 {
            return bad("top_k");
        }
        let units = Units::of(quantity)?;
        if units.rows() < 2 {
            return Err(Undefined::TooFewBids { have: units.rows(), need: 2 });
        }
        if (0..units.rows()).all(|row| units.reviews(row) < 2) {
            return Err(Undefined::TooFewReviewers { have: 1, need: 2 });
        }
        let keys = units.keys((0..units.rows()).map(|row| units.divisor(units.reviews(row))));
        let first = units.reviewers_of(0);
        let plan = if (1..units.rows()).all(|row| units.reviewers_of(row) == first) {
            let is_short = multiset_count(first.len()) <= u64::from(settings.resamples);
            Plan::Crossed(if is_short && !settings.always_draw { Multisets::of(first.len()) } else { None })
        } else {
            Plan::Nested(Table::of(&units, keys))
        };
        Ok(Self { keys, chance: Chance::of(&settings.seed), units, settings, plan })
    }

    /// Pieces of work: ranges for [`Bootstrap::run`] are cut from `0..resamples()`. Of an exact enumeration, the
    /// distinct multisets.
    pub fn resamples(&self) -> u32 {
        match &self.plan {
            Plan::Crossed(Some(multisets)) => multisets.len() as u32,
            _ => self.settings.resamples,
        }
    }

    /// Evaluates the resamples of a range; what lies beyond [`Bootstrap::resamples`] is left out.
    pub fn run(&self, range: Range<u32>) -> Tally {
        let range = range.start..range.end.min(self.resamples());
        let top_k = u32::try_from(self.settings.top_k).unwrap_or(u32::MAX);
        let mut run = Run {
            tally: Tally::new(self.units.rows(), top_k),
            block: Block::new(self.units.rows()),
            ranker: Ranker::new(self.units.rows()),
        };
        match &self.plan {
            Plan::Crossed(multisets) => self.run_crossed(multisets.as_ref(), range, &mut run),
            Plan::Nested(Some(table)) => table.run(&self.chance, range, &mut run.tally, &mut run.block),
            Plan::Nested(None) => self.run_nested(range, &mut run),
        }
        run.block.flush(&mut run.tally);
        run.tally
    }

    /// Shares and intervals of what was counted; all `None` of an empty tally.
    pub fn finish(&self, tally: Tally) -> RankIntervals {
        let counted = if tally.total() == 0 { 0 } else { self.units.rows() };
        let mut bids = self.units.spread(tally.intervals(self.settings.confidence).take(counted));
        bids.resize(self.units.bids(), None);
        let is_single = |row: &usize| self.units.reviews(*row) == 1;
        RankIntervals {
            scheme: if matches!(self.plan, Plan::Crossed(_)) { Scheme::Crossed } else { Scheme::Nested },
            sampling: match &self.plan {
                Plan::Crossed(Some(multisets)) => Sampling::Exact { distinct: multisets.len() as u64 },
                _ => Sampling::Sampled { resamples: self.settings.resamples },
            },
            confidence: self.settings.confidence,
            top_k: self.settings.top_k,
            total: tally.total(),
            tied_first: tally.tied_first(),
            exact_to_rank: tally.exact_to_rank(),
            single_reviews: (0..self.units.rows()).filter(is_single).count(),
            bids,
        }
    }

    fn run_crossed(&self, multisets: Option<&Multisets>, range: Range<u32>, run: &mut Run) {
        let mut keys = vec![0; self.units.rows()];
        if let Some(multisets) = multisets {
            for (counts, ways) in multisets.iter().take(range.end as usize).skip(range.start as usize) {
                self.evaluate(counts, ways, &mut keys, run);
            }
            return;
        }
        let n = self.units.reviews(0);
        let per_draw = indices_per_draw(n);
        let mut counts = vec![0; n];
        let draw = |number: u32, counts: &mut [u32]| {
            counts.fill(0);
            self.chance.stream(number).indices(0, n, per_draw, |index| {
                if let Some(count) = counts.get_mut(index) {
                    *count += 1;
                }
            });
        };
        if n > 15 {
            // Two equal draws are as good as impossible.
            for number in range {
                draw(number, &mut counts);
                self.evaluate(&counts, 1, &mut keys, run);
            }
            return;
        }
        for from in range.clone().step_by(CHUNK as usize) {
            let mut codes: Vec<u64> = (from..range.end.min(from.saturating_add(CHUNK)))
                .map(|number| {
                    draw(number, &mut counts);
                    code(&counts)
                })
                .collect();
            codes.sort_unstable();
            for equal in codes.chunk_by(|left, right| left == right) {
                let mut code = equal.first().copied().unwrap_or(0);
                for count in &mut counts {
                    (*count, code) = ((code & 15) as u32, code >> 4);
                }
                self.evaluate(&counts, equal.len() as u32, &mut keys, run);
            }
        }
    }

    fn evaluate(&self, counts: &[u32], weight: u32, keys: &mut [u64], run: &mut Run) {
        for (row, key) in keys.iter_mut().enumerate() {
            *key = unsigned(self.keys.key(self.units.bid(row).combined(counts, counts.len())));
        }
        run.count(weight, keys);
    }

    fn run_nested(&self, range: Range<u32>, run: &mut Run) {
        let mut keys = vec![0; self.units.rows()];
        let per_draw: Vec<usize> =
            (0..self.units.rows()).map(|row| indices_per_draw(self.units.reviews(row))).collect();
        let mut counts = Vec::new();
        for number in range {
            let stream = self.chance.stream(number);
            for (row, (key, &per_draw)) in keys.iter_mut().zip(&per_draw).enumerate() {
                *key = unsigned(self.nested_key(stream, row, per_draw, &mut counts));
            }
            run.count(1, &keys);
        }
    }

    fn nested_key(&self, stream: Stream, row: usize, per_draw: usize, counts: &mut Vec<u32>) -> i64 {
        let bid = self.units.bid(row);
        let (n, position) = (self.units.reviews(row), self.units.start(row) as u64);
        if self.units.is_mean() {
            let mut sum = 0;
            stream.indices(position, n, per_draw, |index| sum += bid.unit_of_mean(index));
            return self.keys.key(bid.fraction_of_mean(sum));
        }
        counts.clear();
        counts.resize(n, 0);
        stream.indices(position, n, per_draw, |index| {
            if let Some(count) = counts.get_mut(index) {
                *count += 1;
            }
        });
        self.keys.key(bid.combined(counts, n))
    }
}

/// All of it on one thread.
///
/// # Errors
/// As [`Bootstrap::new`].
pub fn rank_intervals(
    quantity: &RankedQuantity,
    settings: BootstrapSettings,
) -> Result<RankIntervals, Undefined> {
    let bootstrap = Bootstrap::new(quantity, settings)?;
    Ok(bootstrap.finish(bootstrap.run(0..bootstrap.resamples())))
}

/// What one range of resamples works with.
struct Run {
    tally: Tally,
    block: Block,
    ranker: Ranker<u64>,
}

impl Run {
    fn count(&mut self, weight: u32, keys: &[u64]) {
        let ranker = &mut self.ranker;
        self.block.push(&mut self.tally, weight, |ranks| ranker.rank(keys, ranks));
    }
}

/// The same order without a sign.
fn unsigned(key: i64) -> u64 {
    key as u64 ^ 1 << 63
}

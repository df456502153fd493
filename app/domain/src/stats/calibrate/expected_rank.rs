//! Where every bid is expected to stand, and how likely it is among the best. Rank 1 is the best; more points are better.
//! Deliberately absent: ranks of intervals (`super::super::interval` resamples) and prices, where less is better.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::super::distribution::normal_cdf;
use super::super::{Panel, Undefined};
use super::design::Design;
use super::draws::Draws;
use super::posterior::{Posterior, QualityRows, SPREAD_DRAWS, drawn_reviewers, ratios};
use super::system::System;

/// Up to so many bids every pair is compared; beyond, ranks are averages over draws.
pub const EXACT_BIDS: usize = 2_000;

/// Draws up to [`EXACT_BIDS`] bids: a probability of one half is then known within 0.016 (two standard errors).
pub const DRAWS_SMALL: usize = 4_000;

/// Draws beyond [`EXACT_BIDS`] bids: within 0.032, and an expected rank within about 2 % of its own spread.
pub const DRAWS_LARGE: usize = 1_000;

/// Expected ranks per bid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExpectedRank {
    /// 1 (surely the best) to the number of bids; they sum to `n (n + 1) / 2`.
    pub expected_rank: Vec<f64>,
    /// `None` when every pair was compared exactly, otherwise the number of draws behind the figures.
    pub draws: Option<usize>,
}

/// Probabilities of being among the best `k`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopK {
    pub k: usize,
    /// Per bid, 0 to 1; they sum to `k`.
    pub probability: Vec<f64>,
    /// How many draws the probabilities are counted from.
    pub draws: usize,
}

/// Both from one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RankCertainty {
    pub expected: ExpectedRank,
    pub top: TopK,
}

/// Probability that a quality with mean `left` is above one with mean `right`, for the variance of their difference:
/// `Phi((left - right) / sqrt(variance))`, from 0 to 1. Means in one unit, the variance in its square. Without variance 1, 0,
/// or one half for equal means.
///
/// Source: the difference of two normal variables is normal; as a comparison of qualities Thurstone (1927), Psychological
/// Review 34:273-286.
pub fn probability_better(left: f64, right: f64, variance_of_difference: f64) -> f64 {
    let distance = left - right;
    if variance_of_difference > 0.0 {
        return normal_cdf(distance / variance_of_difference.sqrt());
    }
    if distance > 0.0 {
        1.0
    } else if distance < 0.0 {
        0.0
    } else {
        0.5
    }
}

/// Expected rank for independent normal posteriors: `1 + sum over the others of P(other better)`.
///
/// Means and deviations in points. Up to [`EXACT_BIDS`] bids.
///
/// Source: Laird and Louis (1989), Journal of Educational Statistics 14:29-46; for funding panels Heyard, Ott, Salanti and
/// Egger (2022), Statistics and Public Policy 9:110-121.
///
/// # Errors
/// [`Undefined::TooFewBids`] without bids; [`Undefined::BadParameter`] for lists of different length, more bids than that, or
/// numbers that are not finite or negative deviations.
pub fn expected_rank_independent(means: &[f64], deviations: &[f64]) -> Result<ExpectedRank, Undefined> {
    check(means, deviations)?;
    if means.len() > EXACT_BIDS {
        return Err(bad("means"));
    }
    let mut ranks = PairwiseRanks::new(means);
    for (bid, own) in deviations.iter().enumerate() {
        ranks.add(bid, |other| own * own + deviations.get(other).map_or(0.0, |value| value * value));
    }
    Ok(ExpectedRank { expected_rank: ranks.ranks, draws: None })
}

/// Expected rank from the mixed model's posterior, covariances between bids of common reviewers included:
/// `1 + sum over the others of Phi((m_j - m_i) / sqrt(v_i + v_j - 2 c_ij))`.
///
/// Exact up to [`EXACT_BIDS`] bids and [`super::EXACT_REVIEWERS`] reviewers, otherwise the average rank in
/// [`DRAWS_LARGE`] (up to that many bids [`DRAWS_SMALL`]) draws, in which the reviewers' part goes through [`SPREAD_DRAWS`]
/// draws in turn when there are more reviewers than that. Bids that cannot be told apart share their ranks.
///
/// Source: as [`expected_rank_independent`].
///
/// # Errors
/// [`Undefined::BadParameter`] when the posterior is not of this panel; as [`super::posterior()`].
pub fn expected_rank(panel: &Panel, posterior: &Posterior, seed: u64) -> Result<ExpectedRank, Undefined> {
    let design = Design::of(panel);
    let model = Model::new(&design, posterior)?;
    match model.exact(posterior) {
        Some(exact) => Ok(exact),
        None => Ok(model.drawn(posterior, 1, seed, true)?.expected_rank()),
    }
}

/// Probability that a bid is among the best `k`, counted in seeded draws from the posterior ([`DRAWS_SMALL`], beyond
/// [`EXACT_BIDS`] bids [`DRAWS_LARGE`]), each used with both signs. Bids that are equal at the border share the places.
/// The same seed gives the same draws; machines whose logarithm rounds differently may differ in the last digits. Another
/// order of bids gives other draws.
///
/// Source: Goldstein and Spiegelhalter (1996), JRSS A 159:385-443 (ranks by simulation); antithetic draws: Hammersley and
/// Morton (1956).
///
/// # Errors
/// [`Undefined::BadParameter`] for a `k` outside 1 to the number of bids and a posterior that is not of this panel; as
/// [`super::posterior()`].
pub fn p_top_k(panel: &Panel, posterior: &Posterior, k: usize, seed: u64) -> Result<TopK, Undefined> {
    let design = Design::of(panel);
    let model = Model::new(&design, posterior)?;
    Ok(model.drawn(posterior, k, seed, false)?.top(k))
}

/// [`expected_rank`] and [`p_top_k`] with the same draws.
///
/// # Errors
/// As [`p_top_k`].
pub fn rank_certainty(
    panel: &Panel,
    posterior: &Posterior,
    k: usize,
    seed: u64,
) -> Result<RankCertainty, Undefined> {
    let design = Design::of(panel);
    let model = Model::new(&design, posterior)?;
    let exact = model.exact(posterior);
    let counts = model.drawn(posterior, k, seed, exact.is_none())?;
    Ok(RankCertainty { expected: exact.unwrap_or_else(|| counts.expected_rank()), top: counts.top(k) })
}

/// [`p_top_k`] for independent normal posteriors; means and deviations in points.
///
/// # Errors
/// As [`expected_rank_independent`], without a limit on the bids; [`Undefined::BadParameter`] for a `k` outside 1 to the
/// number of bids.
pub fn p_top_k_independent(
    means: &[f64],
    deviations: &[f64],
    k: usize,
    seed: u64,
) -> Result<TopK, Undefined> {
    check(means, deviations)?;
    let counts = by_draws(means, k, false, |draw, out| {
        let mut draws = Draws::new(seed, draw);
        for (value, deviation) in out.iter_mut().zip(deviations) {
            *value = deviation * draws.normal();
        }
        Ok(())
    })?;
    Ok(counts.top(k))
}

fn bad(name: &str) -> Undefined {
    Undefined::BadParameter { name: name.to_owned() }
}

fn check(means: &[f64], deviations: &[f64]) -> Result<(), Undefined> {
    if means.is_empty() {
        return Err(Undefined::TooFewBids { have: 0, need: 1 });
    }
    if means.iter().any(|mean| !mean.is_finite()) {
        return Err(bad("means"));
    }
    let fits = |value: &f64| value.is_finite() && *value >= 0.0;
    if means.len() != deviations.len() || !deviations.iter().all(fits) {
        return Err(bad("deviations"));
    }
    Ok(())
}

/// Sums of `P(other better)`, every pair looked at once: the two probabilities of a pair sum to exactly 1.
struct PairwiseRanks<'a> {
    means: &'a [f64],
    ranks: Vec<f64>,
}

impl<'a> PairwiseRanks<'a> {
    fn new(means: &'a [f64]) -> Self {
        Self { means, ranks: vec![1.0; means.len()] }
    }

    /// Compares `bid` with every later one; `variance(other)` is that of the difference.
    fn add(&mut self, bid: usize, variance: impl Fn(usize) -> f64) {
        let Some(&own) = self.means.get(bid) else { return };
        let mut sum = 0.0;
        let later = self.means.iter().zip(&mut self.ranks).enumerate().skip(bid + 1);
        for (other, (&mean, rank)) in later {
            let better = probability_better(mean, own, variance(other));
            sum += better;
            *rank += 1.0 - better;
        }
        if let Some(rank) = self.ranks.get_mut(bid) {
            *rank += sum;
        }
    }
}

struct Model<'a> {
    system: System<'a>,
    residual: f64,
}

impl<'a> Model<'a> {
    fn new(design: &'a Design, posterior: &Posterior) -> Result<Self, Undefined> {
        if posterior.quality_mean.len() != design.bids() || posterior.quality_sd.len() != design.bids() {
            return Err(bad("posterior"));
        }
        check(&posterior.quality_mean, &posterior.quality_sd)?;
        let (ratios, residual) = ratios(&posterior.variances)?;
        Ok(Self { system: System::new(design, ratios)?, residual })
    }

    fn exact(&self, posterior: &Posterior) -> Option<ExpectedRank> {
        if posterior.quality_mean.len() > EXACT_BIDS {
            return None;
        }
        let rows = QualityRows::new(&self.system, self.residual)?;
        let variances: Vec<f64> = posterior.quality_sd.iter().map(|value| value * value).collect();
        let mut ranks = PairwiseRanks::new(&posterior.quality_mean);
        rows.each(|bid, row| {
            let own = variances.get(bid).copied().unwrap_or(0.0);
            ranks.add(bid, |other| {
                let [theirs, shared] =
                    [&variances, row].map(|list: &[f64]| list.get(other).copied().unwrap_or(0.0));
                own + theirs - 2.0 * shared
            });
        });
        Some(ExpectedRank { expected_rank: ranks.ranks, draws: None })
    }

    fn drawn(
        &self,
        posterior: &Posterior,
        k: usize,
        seed: u64,
        with_ranks: bool,
    ) -> Result<Counts, Undefined> {
        let system = &self.system;
        let shared = (self.residual * system.ratios.reviewer).sqrt();
        let mut pool: Vec<Vec<f64>> = Vec::new();
        by_draws(&posterior.quality_mean, k, with_ranks, |draw, out| {
            let mut draws = Draws::new(seed, draw);
            let reviewers = match pool.get(draw as usize % SPREAD_DRAWS) {
                Some(drawn) => drawn.clone(),
                None => drawn_reviewers(system, &mut draws)?,
            };
            let parts = system.design.gather(&reviewers);
            for ((value, part), pull) in out.iter_mut().zip(parts).zip(&system.pull) {
                *value = (self.residual * pull).sqrt() * draws.normal() - pull * shared * part;
            }
            if system.factor().is_none() && pool.len() < SPREAD_DRAWS {
                pool.push(reviewers);
            }
            Ok(())
        })
    }
}

impl Counts {
    fn expected_rank(&self) -> ExpectedRank {
        let expected_rank = self.ranks.iter().map(|sum| sum / self.draws as f64).collect();
        ExpectedRank { expected_rank, draws: Some(self.draws) }
    }

    fn top(&self, k: usize) -> TopK {
        let probability = self.top.iter().map(|sum| sum / self.draws as f64).collect();
        TopK { k, probability, draws: self.draws }
    }
}

/// What [`by_draws`] adds up.
struct Counts {
    /// Sum of the places per bid.
    ranks: Vec<f64>,
    /// Sum of the shares of the first `k` places per bid.
    top: Vec<f64>,
    draws: usize,
}

/// Adds up over draws; `deviate(draw, out)` fills in one draw of the distances from the means, which is used with both signs.
/// Places are only counted when they are wanted: they need a sorted list, the first `k` do not.
fn by_draws(
    means: &[f64],
    k: usize,
    with_ranks: bool,
    mut deviate: impl FnMut(u64, &mut [f64]) -> Result<(), Undefined>,
) -> Result<Counts, Undefined> {
    if k == 0 || k > means.len() {
        return Err(bad("k"));
    }
    if means.len() > PACKED_BIDS {
        return Err(bad("bids"));
    }
    let draws = if means.len() > EXACT_BIDS { DRAWS_LARGE } else { DRAWS_SMALL };
    let (ranks, top) = (vec![0.0; means.len()], vec![0.0; means.len()]);
    let mut counts = Counts { ranks, top, draws };
    let mut distances = vec![0.0; means.len()];
    let mut keys = Vec::with_capacity(means.len());
    let mut order = Vec::with_capacity(means.len());
    for draw in 0..draws as u64 / 2 {
        deviate(draw, &mut distances)?;
        for sign in [1.0, -1.0] {
            keys.clear();
            keys.extend(
                means.iter().zip(&distances).map(|(mean, distance)| descending(mean + sign * distance)),
            );
            order.clear();
            if with_ranks {
                order.extend(keys.iter().zip(0u64..).map(|(key, bid)| key | bid));
                order.sort_unstable();
                count_places(&order, k, &mut counts);
            } else {
                order.extend_from_slice(&keys);
                count_first(&keys, &mut order, k, &mut counts.top);
            }
        }
    }
    Ok(counts)
}

/// Bits of a key that name the bid.
const BID_BITS: u32 = 20;
const PACKED_BIDS: usize = 1 << BID_BITS;

/// Integers that are ordered as the numbers are, the greatest first; both zeros are one number. The last bits are left free for
/// the bid, so that numbers closer than about 1e-10 of their size count as equal.
fn descending(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    let ordered = if bits >> 63 == 0 { !(bits | 1 << 63) } else { bits };
    ordered >> BID_BITS << BID_BITS
}

/// Adds every bid's place and its share of the first `k`; equal ones share theirs.
fn count_places(order: &[u64], k: usize, counts: &mut Counts) {
    let mut before = 0;
    for equal in order.chunk_by(|left, right| left >> BID_BITS == right >> BID_BITS) {
        let count = equal.len();
        let rank = before as f64 + (count as f64 + 1.0) / 2.0;
        let share = k.saturating_sub(before).min(count) as f64 / count as f64;
        for key in equal {
            let bid = *key as usize % PACKED_BIDS;
            if let (Some(ranks), Some(top)) = (counts.ranks.get_mut(bid), counts.top.get_mut(bid)) {
                *ranks += rank;
                *top += share;
            }
        }
        before += count;
    }
}

/// Adds every bid's share of the first `k`; `order` holds the same keys and is rearranged.
fn count_first(keys: &[u64], order: &mut [u64], k: usize, top: &mut [f64]) {
    let (before, &mut border, after) = order.select_nth_unstable(k - 1);
    let is_border = |key: &&u64| **key == border;
    let inside = before.iter().filter(is_border).count() + 1;
    let share = inside as f64 / (inside + after.iter().filter(is_border).count()) as f64;
    for (key, top) in keys.iter().zip(top) {
        *top += match key.cmp(&border) {
            Ordering::Less => 1.0,
            Ordering::Equal => share,
            Ordering::Greater => 0.0,
        };
    }
}

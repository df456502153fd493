//! Agreement of orders: Kendall's W of many reviewers, Kendall's tau-b and Spearman's rho of two lists. Ranks are
//! averages among equals, counted in halves and therefore exact. Deliberately absent: ranks by other tie methods, gaps.

use serde::{Deserialize, Serialize};

use super::super::distribution::chi_squared_upper;
use super::super::{Panel, Undefined};
use super::permutations::share_at_least;

/// How far `m` reviewers order `n` bids alike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Concordance {
    /// Corrected for ties: `12 S / (m² (n³ - n) - m T)`, in [0, 1].
    pub w: f64,
    /// `12 S / (m² (n³ - n))`, in [0, 1].
    pub w_uncorrected: f64,
    /// `S`: squared distances of the bids' rank sums from their mean.
    pub sum_of_squares: f64,
    /// `T`: the sum of `t³ - t` over every group of `t` equal scores of one reviewer.
    pub tie_sum: f64,
    /// `m (n - 1) W`.
    pub chi_squared: f64,
    /// `n - 1`.
    pub degrees_of_freedom: usize,
    /// Chance of such concordance or a higher one were orders random, in [0, 1].
    pub p: f64,
    /// Whether `p` is exact.
    pub p_from: ConcordanceP,
}

/// Where [`Concordance::p`] comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConcordanceP {
    /// All ways to spread each reviewer's ranks over the bids, equally likely, were counted.
    Permutations,
    /// The chi-squared distribution of [`Concordance::chi_squared`], an approximation: rough below 8 bids, good when
    /// there are many.
    ChiSquared,
}

/// Kendall's coefficient of concordance with correction for ties and its test: counted exactly for few bids (without
/// ties at least 39 reviewers of 3 bids, 17 of 4, 6 of 5, 3 of 6 and 2 of 7), by chi-squared beyond.
/// Source: Kendall & Babington Smith (1939), Annals of Mathematical Statistics 10:275-287; Kendall (1948), ch. 6.
///
/// # Errors
/// `TooFewReviewers` and `TooFewBids` (two each), `Incomplete`, `NoVariation` when every reviewer gave all bids the
/// same score.
pub fn kendall_w(panel: &Panel) -> Result<Concordance, Undefined> {
    let (bids, reviewers) = (panel.bids(), panel.reviewers());
    if reviewers < 2 {
        return Err(Undefined::TooFewReviewers { have: reviewers, need: 2 });
    }
    if bids < 2 {
        return Err(Undefined::TooFewBids { have: bids, need: 2 });
    }
    let table = panel.complete().ok_or(Undefined::Incomplete { missing: panel.missing() })?;
    let mut twice_sums = vec![0_u64; bids];
    let mut tie_sum = 0.0;
    let mut all_ranks = Vec::with_capacity(reviewers);
    for reviewer in 0..reviewers {
        let ranks = HalfRanks::of(table.iter().skip(reviewer).step_by(reviewers).copied());
        for (sum, rank) in twice_sums.iter_mut().zip(&ranks.twice) {
            *sum += rank;
        }
        tie_sum += ranks.tie_sum;
        all_ranks.push(ranks.twice);
    }
    let (n, m) = (bids as f64, reviewers as f64);
    let middle = m * (n + 1.0);
    let sum_of_squares = 0.25
        * twice_sums
            .iter()
            .map(|&sum| {
                let distance = sum as f64 - middle;
                distance * distance
            })
            .sum::<f64>();
    let most = m * m * (n * n * n - n);
    let most_with_ties = most - m * tie_sum;
    if most_with_ties <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    let w = (12.0 * sum_of_squares / most_with_ties).min(1.0);
    let chi_squared = m * (n - 1.0) * w;
    let (p, p_from) = match share_at_least(all_ranks, &twice_sums) {
        Some(share) => (share, ConcordanceP::Permutations),
        None => (chi_squared_upper(chi_squared, n - 1.0), ConcordanceP::ChiSquared),
    };
    Ok(Concordance {
        w,
        w_uncorrected: 12.0 * sum_of_squares / most,
        sum_of_squares,
        tie_sum,
        chi_squared,
        degrees_of_freedom: bids - 1,
        p,
        p_from,
    })
}

/// Kendall's tau-b of two lists, in [-1, 1]: `(C - D) / sqrt((C + D + only in x) (C + D + only in y))` with `C`
/// concordant and `D` discordant pairs, and pairs that differ only in one list. Time `O(n log n)`.
/// Source: Kendall (1945), Biometrika 33:239-251; the counting by Knight (1966), JASA 61:436-439.
///
/// # Errors
/// `BadParameter` for lists of different length or a value that is not finite, `TooFewScores` (two), `NoVariation`
/// when one list has only equal values.
pub fn kendall_tau_b(x: &[f64], y: &[f64]) -> Result<f64, Undefined> {
    check_lists(x, y)?;
    // Adding zero makes the two zeros one, which the total order would tell apart.
    let mut pairs: Vec<(f64, f64)> = x.iter().zip(y).map(|(x, y)| (x + 0.0, y + 0.0)).collect();
    pairs.sort_unstable_by(|left, right| left.0.total_cmp(&right.0).then(left.1.total_cmp(&right.1)));
    let pairs_among = |groups: Vec<usize>| groups.iter().map(|t| pairs_of(*t)).sum::<u64>();
    let equal_x = pairs_among(pairs.chunk_by(|left, right| left.0 == right.0).map(<[_]>::len).collect());
    let equal_both = pairs_among(pairs.chunk_by(|left, right| left == right).map(<[_]>::len).collect());
    let mut by_y: Vec<f64> = pairs.iter().map(|pair| pair.1).collect();
    let discordant = count_inversions(&mut by_y);
    let equal_y = pairs_among(by_y.chunk_by(|left, right| left == right).map(<[_]>::len).collect());
    let all = pairs_of(x.len());
    if all == equal_x || all == equal_y {
        return Err(Undefined::NoVariation);
    }
    let balance = (all + equal_both) as f64 - (equal_x + equal_y) as f64 - 2.0 * discordant as f64;
    let tau = balance / (((all - equal_x) as f64).sqrt() * ((all - equal_y) as f64).sqrt());
    Ok(tau.clamp(-1.0, 1.0))
}

/// Spearman's rho of two lists, in [-1, 1]: the correlation of their ranks, averages among equals.
/// Source: Spearman (1904), American Journal of Psychology 15:72-101; Kendall (1948), ch. 3 for ties.
///
/// # Errors
/// As [`kendall_tau_b`].
pub fn spearman_rho(x: &[f64], y: &[f64]) -> Result<f64, Undefined> {
    check_lists(x, y)?;
    let (of_x, of_y) = (HalfRanks::of(x.iter().copied()), HalfRanks::of(y.iter().copied()));
    let middle = x.len() as f64 + 1.0;
    let (mut both, mut only_x, mut only_y) = (0.0, 0.0, 0.0);
    for (&left, &right) in of_x.twice.iter().zip(&of_y.twice) {
        let (left, right) = (left as f64 - middle, right as f64 - middle);
        both += left * right;
        only_x += left * left;
        only_y += right * right;
    }
    if only_x <= 0.0 || only_y <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    let rho: f64 = both / (only_x.sqrt() * only_y.sqrt());
    Ok(rho.clamp(-1.0, 1.0))
}

fn check_lists(x: &[f64], y: &[f64]) -> Result<(), Undefined> {
    if x.len() != y.len() {
        return Err(Undefined::BadParameter { name: "length".into() });
    }
    if !x.iter().chain(y).all(|value| value.is_finite()) {
        return Err(Undefined::BadParameter { name: "values".into() });
    }
    if x.len() < 2 {
        return Err(Undefined::TooFewScores { have: x.len(), need: 2 });
    }
    Ok(())
}

fn pairs_of(count: usize) -> u64 {
    let count = count as u64;
    count * count.saturating_sub(1) / 2
}

/// Ranks from 1, the average among equals, each times two and so a whole number.
struct HalfRanks {
    twice: Vec<u64>,
    tie_sum: f64,
}

impl HalfRanks {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut placed: Vec<(f64, usize)> = values.zip(0..).collect();
        placed.sort_unstable_by(|left, right| left.0.total_cmp(&right.0));
        let mut twice = vec![0; placed.len()];
        let (mut below, mut tie_sum) = (0_u64, 0.0);
        for group in placed.chunk_by(|left, right| left.0 == right.0) {
            let size = group.len() as u64;
            for &(_, place) in group {
                if let Some(rank) = twice.get_mut(place) {
                    *rank = 2 * below + size + 1;
                }
            }
            below += size;
            let t = size as f64;
            tie_sum += t * t * t - t;
        }
        Self { twice, tie_sum }
    }
}

/// Sorts and says how many pairs stood the wrong way round; equal ones do not count.
fn count_inversions(values: &mut [f64]) -> u64 {
    let mut merged = Vec::with_capacity(values.len());
    let mut inversions = 0;
    let mut width = 1;
    while width < values.len() {
        for block in values.chunks_mut(2 * width) {
            let (left, right) = block.split_at(width.min(block.len()));
            let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
            merged.clear();
            loop {
                match (left.peek(), right.peek()) {
                    (Some(&&a), Some(&&b)) if b < a => {
                        inversions += left.len() as u64;
                        merged.push(b);
                        right.next();
                    }
                    (Some(&&a), _) => {
                        merged.push(a);
                        left.next();
                    }
                    (None, Some(&&b)) => {
                        merged.push(b);
                        right.next();
                    }
                    (None, None) => break,
                }
            }
            block.copy_from_slice(&merged);
        }
        width *= 2;
    }
    inversions
}

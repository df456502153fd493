//! The greatest total fit over all pairs, solved on a few pairs per bid: prices from the small problem are put to every
//! pair, those worth more than what the bid has are put in play, until there are none. Then the prices prove the small
//! solution for the whole problem (column generation, Ford and Fulkerson 1958).
//! Deliberately absent: the small problem itself (`network`), and believing it (`proof`).

#![expect(clippy::indexing_slicing, reason = "rows and experts are counted from the problem's own lists")]

use super::Problem;
use super::network::{Network, Pairs};

/// Pairs per bid to begin with, and per place of the bid.
const FIRST_PAIRS: usize = 12;
const PAIRS_PER_PLACE: usize = 4;

/// A matching with the prices that go with it.
pub(super) struct Solution {
    /// Per bid, ascending.
    pub(super) assigned: Vec<Vec<u32>>,
    /// What a place of each expert is worth, in fit; zero where places are left.
    pub(super) prices: Vec<i64>,
    /// What the last place of each bid is worth, in fit; `dear` for a bid that needs none.
    pub(super) values: Vec<i64>,
    /// False when the search was stopped by its bound.
    pub(super) is_settled: bool,
}

/// Fewest empty places first, then the greatest total fit.
pub(super) fn solve(problem: &Problem) -> Solution {
    let mut network = Network::new(&problem.needs, &problem.caps, first_pairs(problem), problem.dear());
    // Every round but the last adds a pair, so there are no more rounds than pairs.
    loop {
        let is_settled = network.settle();
        let prices = network.prices();
        let added = if is_settled { better_pairs(problem, &network, &prices) } else { Vec::new() };
        if added.is_empty() {
            let needs = problem.needs.iter().enumerate();
            let values = needs
                .map(
                    |(bid, &need)| {
                        if need == 0 { problem.dear() } else { network.value(bid).max(-problem.dear()) }
                    },
                )
                .collect();
            return Solution { assigned: network.assigned(), prices, values, is_settled };
        }
        network.add(&added);
    }
}

fn pairs_of(need: u32) -> usize {
    FIRST_PAIRS.max(PAIRS_PER_PLACE.saturating_mul(need as usize))
}

/// The best pairs of each bid, best first. Equal fits are taken round the table from a place that differs from bid to
/// bid, so that bids which like everybody equally do not all ask the same few.
fn first_pairs(problem: &Problem) -> Pairs {
    let experts = problem.caps.len();
    let mut pairs = Pairs::default();
    let mut keys: Vec<u64> = Vec::with_capacity(experts);
    for (bid, &need) in problem.needs.iter().enumerate() {
        pairs.first.push(pairs.expert.len() as u32);
        if need == 0 || experts == 0 {
            continue;
        }
        let start = bid.wrapping_mul(GOLDEN) % experts;
        keys.clear();
        let row = problem.row(bid);
        let around = (start..experts).chain(0..start).zip((0..experts as u64).rev());
        let usable = around.filter(|&(expert, _)| row[expert] >= 0 && problem.caps[expert] > 0);
        keys.extend(usable.map(|(expert, rank)| ((row[expert] as u64) << 32) | rank));
        let keep = pairs_of(need).min(keys.len());
        if keep < keys.len() {
            keys.select_nth_unstable_by(keep, |one, other| other.cmp(one));
        }
        keys.truncate(keep);
        keys.sort_unstable_by(|one, other| other.cmp(one));
        for key in &keys {
            let rank = experts - 1 - (key & u64::from(u32::MAX)) as usize;
            pairs.expert.push(((start + rank) % experts) as u32);
            pairs.fit.push((key >> 32) as i32);
        }
    }
    pairs.first.push(pairs.expert.len() as u32);
    pairs
}

/// Spreads the positions of neighbouring bids round the table (2^64 over the golden ratio; Knuth, vol. 3, 6.4).
const GOLDEN: usize = 0x9E37_79B9_7F4A_7C15_u64 as usize;

/// The pairs, per bid the best few, that are worth more to their bid than its last place. Empty when there are none.
fn better_pairs(problem: &Problem, network: &Network, prices: &[i64]) -> Vec<Vec<(u32, i32)>> {
    let mut added = Vec::new();
    let mut better: Vec<(i64, u32)> = Vec::new();
    for (bid, &need) in problem.needs.iter().enumerate() {
        if need == 0 {
            continue;
        }
        let value = network.value(bid);
        let row = problem.row(bid);
        let best = row.iter().zip(prices).map(|(&fit, &price)| surplus(fit, price)).max();
        if best.is_none_or(|best| best <= value) {
            continue;
        }
        better.clear();
        for (expert, (&fit, &price)) in row.iter().zip(prices).enumerate() {
            if surplus(fit, price) > value {
                better.push((value - surplus(fit, price), expert as u32));
            }
        }
        network.leave_out_known(bid, &mut better);
        if better.is_empty() {
            continue;
        }
        let keep = pairs_of(need);
        if keep < better.len() {
            better.select_nth_unstable(keep);
            better.truncate(keep);
        }
        better.sort_unstable();
        if added.is_empty() {
            added.resize(problem.needs.len(), Vec::new());
        }
        added[bid] = better.iter().map(|&(_, expert)| (expert, row[expert as usize])).collect();
    }
    added
}

/// What a pair is worth beyond the expert's price; the least there is when it is forbidden.
fn surplus(fit: i32, price: i64) -> i64 {
    if fit < 0 { i64::MIN / 2 } else { i64::from(fit) - price }
}

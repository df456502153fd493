//! The greatest total fit over all pairs, solved on a few pairs per bid: prices from the small problem are put to every
//! pair, those worth more than what the bid has are put in play, until there are none. Then the prices prove the small
//! solution for the whole problem (column generation, Ford and Fulkerson 1958).
//!
//! Where the best pairs of all bids lie with the same few experts, that alone would take many rounds. So when the first
//! pairs turn out badly chosen, a sample of the bids, each standing for several, is solved first, and its prices say
//! which pairs are promising.
//! Deliberately absent: the small problem itself (`network`), and believing it (`proof`).

#![expect(clippy::indexing_slicing, reason = "rows and experts are counted from the problem's own lists")]

use super::Problem;
use super::network::{Network, Pairs};

/// Pairs per bid to begin with, and per place of the bid.
const FIRST_PAIRS: usize = 12;
const PAIRS_PER_PLACE: usize = 4;
/// A sample is worth solving when each of its bids stands for this many.
const LEAST_STEP: usize = 3;
/// Spreads the positions of neighbouring bids round the table (2^32 over the golden ratio; Knuth, vol. 3, 6.4).
const GOLDEN: u64 = 0x9E37_79B9;

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

/// Further pairs, by bid: expert and fit.
type Added = Vec<Vec<(u32, i32)>>;

/// Fewest empty places first, then the greatest total fit.
pub(super) fn solve(problem: &Problem) -> Solution {
    let dear = problem.dear();
    let prices: Vec<i64> = problem.caps.iter().map(|&cap| if cap == 0 { 2 * dear } else { 0 }).collect();
    let mut pairs = Pairs::default();
    let mut search = Search { problem, found: Vec::new() };
    for bid in 0..problem.needs.len() {
        pairs.first.push(pairs.expert.len() as u32);
        for (expert, fit) in search.best_pairs(bid, &prices) {
            pairs.expert.push(expert);
            pairs.fit.push(fit);
        }
    }
    pairs.first.push(pairs.expert.len() as u32);
    let first_pairs = pairs.expert.len();
    let mut network = Network::new(&problem.needs, &problem.caps, pairs, problem.per_pair, dear);
    let mut has_sampled = false;
    // Every round but the last and the one after the sample adds a pair, so there are hardly more rounds than pairs.
    loop {
        let is_settled = network.settle();
        let prices = network.prices();
        let mut added = if is_settled { search.better_pairs(&network, &prices) } else { Vec::new() };
        if added.is_empty() {
            let needs = problem.needs.iter().enumerate();
            let values =
                needs.map(|(bid, &need)| if need == 0 { dear } else { network.value(bid).max(-dear) });
            return Solution { values: values.collect(), assigned: network.assigned(), prices, is_settled };
        }
        let is_badly_chosen = added.iter().map(Vec::len).sum::<usize>() > first_pairs / 8;
        if !has_sampled
            && is_badly_chosen
            && let Some(sample) = problem.sample()
        {
            added = search.promising_pairs(&network, &solve(&sample).prices);
        }
        has_sampled = true;
        network.add(&added);
    }
}

impl Problem {
    /// About as many bids as experts, evenly spaced, each standing for several; none when that is no smaller.
    fn sample(&self) -> Option<Self> {
        let step = self.needs.len() / self.caps.len().max(1);
        let step = step.min(u32::MAX as usize);
        if step < LEAST_STEP || self.per_pair > 1 {
            return None;
        }
        let bids = (0..self.needs.len()).step_by(step);
        Some(Self {
            needs: bids.clone().map(|bid| self.needs[bid].saturating_mul(step as u32)).collect(),
            fit: bids.flat_map(|bid| self.row(bid)).copied().collect(),
            per_pair: step as u32,
            caps: self.caps.clone(),
            base: self.base.clone(),
            greatest_fit: self.greatest_fit,
        })
    }
}

struct Search<'a> {
    problem: &'a Problem,
    /// Surplus and rank of the pairs under comparison; kept for its memory.
    found: Vec<(i64, u32)>,
}

/// Where a bid begins on the way round so many places; the same on machines of any word size.
fn place_on_the_way_round(bid: usize, places: usize) -> usize {
    ((bid as u64).wrapping_mul(GOLDEN) % places as u64) as usize
}

impl Search<'_> {
    fn pairs_of(&self, bid: usize) -> usize {
        let places = self.problem.needs[bid].div_ceil(self.problem.per_pair) as usize;
        if places == 0 { 0 } else { FIRST_PAIRS.max(PAIRS_PER_PLACE.saturating_mul(places)) }
    }

    /// The best pairs of a bid at these prices, best first. Of pairs equally good those come first that are met first on the
    /// way round the table from a place that differs from bid to bid, so that bids which like everybody equally do not
    /// all ask the same few.
    fn best_pairs(&mut self, bid: usize, prices: &[i64]) -> Vec<(u32, i32)> {
        let (keep, experts) = (self.pairs_of(bid).min(prices.len()), prices.len());
        if keep == 0 {
            return Vec::new();
        }
        let row = self.problem.row(bid);
        let start = place_on_the_way_round(bid, experts);
        self.found.clear();
        // A pair that is worth less than an empty place is never worth having.
        let mut floor = -self.problem.dear() - 1;
        let halves = [(start..experts, 0), (0..start, experts - start)];
        for (half, first_rank) in halves {
            for (rank, (&fit, &price)) in (first_rank..).zip(row[half.clone()].iter().zip(&prices[half])) {
                let surplus = surplus(fit, price);
                if surplus > floor {
                    self.found.push((-surplus, rank as u32));
                    if self.found.len() == 4 * keep {
                        floor = -keep_least(&mut self.found, keep);
                    }
                }
            }
        }
        if self.found.len() > keep {
            keep_least(&mut self.found, keep);
        }
        self.found.sort_unstable();
        let expert_at = |&(_, rank): &(i64, u32)| (start + rank as usize) % experts;
        self.found.iter().map(expert_at).map(|expert| (expert as u32, row[expert])).collect()
    }

    /// The best pairs of every bid at these prices that are not in play yet.
    fn promising_pairs(&mut self, network: &Network, prices: &[i64]) -> Added {
        let bids = 0..self.problem.needs.len();
        bids.map(|bid| {
            let mut best = self.best_pairs(bid, prices);
            best.retain(|(expert, _)| !network.is_known(bid, *expert));
            best
        })
        .collect()
    }

    /// Pairs, per bid some of them, that are worth more to their bid than its last place. Empty when there are none.
    fn better_pairs(&mut self, network: &Network, prices: &[i64]) -> Added {
        let mut added = Vec::new();
        for bid in 0..self.problem.needs.len() {
            let keep = self.pairs_of(bid);
            let value = if keep == 0 { i64::MAX } else { network.value(bid) };
            let row = self.problem.row(bid);
            let best = row.iter().zip(prices).map(|(&fit, &price)| surplus(fit, price)).max();
            if best.is_none_or(|best| best <= value) {
                continue;
            }
            self.found.clear();
            for (expert, (&fit, &price)) in (0..).zip(row.iter().zip(prices)) {
                if surplus(fit, price) > value && !network.is_known(bid, expert) {
                    self.found.push((-surplus(fit, price), expert));
                }
            }
            if self.found.is_empty() {
                continue;
            }
            self.thin_out(bid, keep);
            if added.is_empty() {
                added.resize(self.problem.needs.len(), Vec::new());
            }
            added[bid] = self.found.iter().map(|&(_, expert)| (expert, row[expert as usize])).collect();
        }
        added
    }

    /// Keeps half of the pairs for being the best, and half evenly spaced: with the best alone all bids would go on asking
    /// the same few experts, and the prices of the others would stay unknown for many rounds.
    fn thin_out(&mut self, bid: usize, keep: usize) {
        if keep < self.found.len() {
            let spaced = keep / 2;
            let start = place_on_the_way_round(bid, self.found.len());
            self.found.rotate_left(start);
            let step = self.found.len() / spaced;
            for at in 0..spaced {
                self.found.swap(at, at * step);
            }
            self.found[spaced..].select_nth_unstable(keep - spaced);
            self.found.truncate(keep);
        }
        self.found.sort_unstable();
    }
}

/// Leaves the least `keep` of a longer list and returns the greatest first member left.
fn keep_least(found: &mut Vec<(i64, u32)>, keep: usize) -> i64 {
    let (_, last, _) = found.select_nth_unstable(keep - 1);
    let last = last.0;
    found.truncate(keep);
    last
}

/// What a pair is worth beyond the expert's price; the least there is when it is forbidden.
fn surplus(fit: i32, price: i64) -> i64 {
    if fit < 0 { i64::MIN / 2 } else { i64::from(fit) - price }
}

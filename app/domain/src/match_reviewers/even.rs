//! The most even load among the matchings with the same places filled and the same total fit.
//!
//! Such matchings use only pairs whose fit is exactly the price of the expert plus the value of the bid (complementary
//! slackness), and differ in load only at experts without a price. A work list of moves "one review from this expert
//! to that one through a chain of such pairs" that each lower the sum of squared loads ends at the least sum: the cost
//! is convex per expert, so no longer cycle of moves can help when no single one does (Ahuja, Magnanti and Orlin 1993,
//! ch. 14). Deliberately absent: prices (`candidates`).

#![expect(clippy::indexing_slicing, reason = "bids and experts are counted from the problem's own lists")]

use super::Problem;
use super::candidates::Solution;

/// Nobody.
const NONE: u32 = u32::MAX;

struct Loads<'a> {
    problem: &'a Problem,
    /// The pairs that may be exchanged, by bid.
    first: Vec<usize>,
    experts: Vec<u32>,
    /// Bids of each expert, in no particular order but the same on every machine.
    holds: Vec<Vec<u32>>,
    /// Without the load that was there before.
    load: Vec<u32>,
    /// How an expert was reached: the bid that changes hands, and from whom.
    reached: Vec<(u32, u32)>,
    is_closed: Vec<bool>,
    queue: Vec<u32>,
}

/// Exchanges reviews until the sum of squared loads is the least that the total fit allows.
pub(super) fn even_out(problem: &Problem, solution: &mut Solution) {
    let mut free: Vec<u32> =
        (0..problem.caps.len() as u32).filter(|&expert| solution.prices[expert as usize] == 0).collect();
    if free.len() < 2 {
        return;
    }
    let mut loads = Loads::new(problem, solution);
    // Each round either lowers the sum of squares or closes an expert.
    while let Some(at) = loads.heaviest(&free) {
        let from = free[at];
        match loads.find_lighter(from, &solution.assigned) {
            Some(to) => loads.exchange(from, to, &mut solution.assigned),
            None => {
                loads.close();
                free.retain(|&expert| !loads.is_closed[expert as usize]);
            }
        }
    }
    for experts in &mut solution.assigned {
        experts.sort_unstable();
    }
}

impl<'a> Loads<'a> {
    fn new(problem: &'a Problem, solution: &Solution) -> Self {
        let experts = problem.caps.len();
        let mut loads = Self {
            problem,
            first: vec![0],
            experts: Vec::new(),
            holds: vec![Vec::new(); experts],
            load: vec![0; experts],
            reached: vec![(NONE, NONE); experts],
            is_closed: vec![false; experts],
            queue: Vec::new(),
        };
        for (bid, assigned) in solution.assigned.iter().enumerate() {
            for &expert in assigned {
                loads.holds[expert as usize].push(bid as u32);
                loads.load[expert as usize] += 1;
            }
            if !assigned.is_empty() {
                let value = solution.values[bid];
                let row = problem.row(bid).iter().zip(&solution.prices).enumerate();
                let equal = row.filter(|(_, (fit, price))| **fit >= 0 && i64::from(**fit) - **price == value);
                loads.experts.extend(equal.map(|(expert, _)| expert as u32));
            }
            loads.first.push(loads.experts.len());
        }
        loads
    }

    fn total(&self, expert: u32) -> u32 {
        self.load[expert as usize] + self.problem.base[expert as usize]
    }

    fn heaviest(&self, free: &[u32]) -> Option<usize> {
        let mut best: Option<usize> = None;
        for (at, &expert) in free.iter().enumerate() {
            let is_more = best.is_none_or(|best| self.total(expert) > self.total(free[best]));
            if is_more && self.load[expert as usize] > 0 {
                best = Some(at);
            }
        }
        best
    }

    /// The nearest expert with a place (hence without a price) and at least two reviews fewer, through pairs that may be
    /// exchanged.
    fn find_lighter(&mut self, from: u32, assigned: &[Vec<u32>]) -> Option<u32> {
        for expert in self.queue.drain(..) {
            self.reached[expert as usize] = (NONE, NONE);
        }
        self.reached[from as usize] = (NONE, from);
        self.queue.push(from);
        let target = self.total(from);
        let mut next = 0;
        while let Some(&expert) = self.queue.get(next) {
            next += 1;
            for index in 0..self.holds[expert as usize].len() {
                let bid = self.holds[expert as usize][index];
                let pairs = self.first[bid as usize]..self.first[bid as usize + 1];
                // Only a pair that may be exchanged can be given up.
                if self.experts[pairs.clone()].binary_search(&expert).is_err() {
                    continue;
                }
                for pair in pairs {
                    let other = self.experts[pair];
                    let is_new = self.reached[other as usize].1 == NONE && !self.is_closed[other as usize];
                    if !is_new || assigned[bid as usize].contains(&other) {
                        continue;
                    }
                    self.reached[other as usize] = (bid, expert);
                    self.queue.push(other);
                    let has_place = self.load[other as usize] < self.problem.caps[other as usize];
                    if has_place && self.total(other) + 2 <= target {
                        return Some(other);
                    }
                }
            }
        }
        None
    }

    /// Moves one review along the chain that [`Self::find_lighter`] found.
    fn exchange(&mut self, from: u32, to: u32, assigned: &mut [Vec<u32>]) {
        let mut expert = to;
        while expert != from {
            let (bid, giver) = self.reached[expert as usize];
            self.holds[expert as usize].push(bid);
            let holds = &mut self.holds[giver as usize];
            if let Some(at) = holds.iter().position(|&held| held == bid) {
                holds.swap_remove(at);
            }
            for held in &mut assigned[bid as usize] {
                if *held == giver {
                    *held = expert;
                }
            }
            expert = giver;
        }
        self.load[from as usize] -= 1;
        self.load[to as usize] += 1;
    }

    /// From the heaviest expert nobody light enough was reached. All that was reached reaches no one else, and its members
    /// are within one review of the heaviest, so no later chain can gain by entering: it is left alone from here on.
    fn close(&mut self) {
        for &expert in &self.queue {
            self.is_closed[expert as usize] = true;
        }
    }
}

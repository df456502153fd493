//! Why places stay empty: bids that together want more than the experts open to them can take.
//! Deliberately absent: which matching to prefer (`candidates`); what a person reads (the catalogues).

#![expect(clippy::indexing_slicing, reason = "bids and experts are counted from the problem's own lists")]

use serde::{Deserialize, Serialize};

use super::Problem;

/// A group of bids that no matching can serve fully: `wanted - places` of their places stay empty in every one.
/// Positions ascending; numbers after the pins are taken out of needs and caps.
///
/// Source: the smallest cut of the assignment network (Ford and Fulkerson 1956); with single places it is the set of
/// Hall 1935 that has too few neighbours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortage {
    pub bids: Vec<u32>,
    /// Experts open to at least one of the bids who have no place left for them.
    pub full: Vec<u32>,
    /// Other experts open to at least one of the bids: each already takes every one of the bids open to it.
    pub others: Vec<u32>,
    /// Reviews the bids need.
    pub wanted: u64,
    /// The most these experts can give to these bids: the caps of the full ones, and one for each pair with another.
    pub places: u64,
}

/// The groups behind the empty places of a matching with the fewest, in ascending order of their first bid. No two share
/// a bid, so their differences add up to all empty places.
pub(super) fn shortages(problem: &Problem, assigned: &[Vec<u32>]) -> Vec<Shortage> {
    let mut search = Search {
        problem,
        assigned,
        holds: vec![Vec::new(); problem.caps.len()],
        group_of_bid: vec![None; assigned.len()],
        group_of_expert: vec![None; problem.caps.len()],
        same_as: Vec::new(),
    };
    for (bid, experts) in assigned.iter().enumerate() {
        for &expert in experts {
            search.holds[expert as usize].push(bid);
        }
    }
    for (bid, experts) in assigned.iter().enumerate() {
        if experts.len() < problem.needs[bid] as usize && search.group_of_bid[bid].is_none() {
            search.follow(bid);
        }
    }
    search.collect()
}

struct Search<'a> {
    problem: &'a Problem,
    assigned: &'a [Vec<u32>],
    holds: Vec<Vec<usize>>,
    group_of_bid: Vec<Option<usize>>,
    group_of_expert: Vec<Option<usize>>,
    /// A group that was found to meet an earlier one points to it.
    same_as: Vec<usize>,
}

impl Search<'_> {
    /// Everything that could be asked to make room for one more review of the bid.
    fn follow(&mut self, bid: usize) {
        let group = self.same_as.len();
        self.same_as.push(group);
        self.group_of_bid[bid] = Some(group);
        let mut open = vec![bid];
        while let Some(bid) = open.pop() {
            for (expert, &fit) in self.problem.row(bid).iter().enumerate() {
                if fit < 0 || self.assigned[bid].contains(&(expert as u32)) {
                    continue;
                }
                if let Some(met) = self.group_of_expert[expert] {
                    self.unite(group, met);
                    continue;
                }
                self.group_of_expert[expert] = Some(group);
                for &held in &self.holds[expert] {
                    match self.group_of_bid[held] {
                        Some(met) => unite(&mut self.same_as, group, met),
                        None => {
                            self.group_of_bid[held] = Some(group);
                            open.push(held);
                        }
                    }
                }
            }
        }
    }

    fn unite(&mut self, one: usize, other: usize) {
        unite(&mut self.same_as, one, other);
    }

    fn collect(&self) -> Vec<Shortage> {
        let mut found: Vec<Shortage> = Vec::new();
        let mut place = vec![None; self.same_as.len()];
        for (bid, group) in self.group_of_bid.iter().enumerate() {
            let Some(group) = group.map(|group| root(&self.same_as, group)) else { continue };
            let at = *place[group].get_or_insert(found.len());
            if at == found.len() {
                let empty = Vec::new;
                found.push(Shortage { bids: empty(), full: empty(), others: empty(), wanted: 0, places: 0 });
            }
            found[at].bids.push(bid as u32);
            found[at].wanted += u64::from(self.problem.needs[bid]);
        }
        for (expert, group) in self.group_of_expert.iter().enumerate() {
            let at = group.and_then(|group| place[root(&self.same_as, group)]);
            if let Some(shortage) = at.and_then(|at: usize| found.get_mut(at)) {
                shortage.full.push(expert as u32);
                shortage.places += u64::from(self.problem.caps[expert]);
            }
        }
        for shortage in &mut found {
            self.count_others(shortage);
        }
        found
    }

    fn count_others(&self, shortage: &mut Shortage) {
        let mut is_open = vec![false; self.problem.caps.len()];
        for &bid in &shortage.bids {
            for (expert, &fit) in self.problem.row(bid as usize).iter().enumerate() {
                if fit >= 0 && shortage.full.binary_search(&(expert as u32)).is_err() {
                    is_open[expert] = true;
                    shortage.places += 1;
                }
            }
        }
        let others = is_open.iter().enumerate().filter(|(_, is_open)| **is_open);
        shortage.others = others.map(|(expert, _)| expert as u32).collect();
    }
}

fn root(same_as: &[usize], mut group: usize) -> usize {
    while same_as[group] != group {
        group = same_as[group];
    }
    group
}

fn unite(same_as: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(same_as, one), root(same_as, other));
    same_as[one.max(other)] = one.min(other);
}

//! The primal network simplex on bids, experts and one root that takes every place given. A unit flows from a bid to
//! an expert (at most one per pair) and on to the root (at most the expert's cap), or from the bid straight to the
//! root when its place stays empty, at a price no chain of exchanges can reach.
//!
//! Method: Dantzig 1951; strongly feasible trees against cycling, Cunningham 1976; block pricing as surveyed by
//! Kovács 2015. What is special here: there are few experts and many bids, nearly every bid hangs on one expert as a
//! leaf, so only experts carry a price and a depth, a leaf is on no list, and a pivot touches experts only (`tree`).
//! Deliberately absent: which pairs are worth looking at (`candidates`), ties in load (`even`).

#![expect(clippy::indexing_slicing, reason = "nodes and arcs are numbered by this module and never leave it")]

use super::tree::{Arc, NONE, Tree};

/// Where the flow of an arc stands: nothing, in the tree, all it can take. The numbers are the sign that turns a
/// reduced cost into "negative means: worth changing".
const EMPTY: i8 = 1;
const TREE: i8 = 0;
const FULL: i8 = -1;

/// The pairs in play, by bid.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs {
    /// Where the pairs of a bid begin; one more at the end.
    pub(super) first: Vec<u32>,
    pub(super) expert: Vec<u32>,
    pub(super) fit: Vec<i32>,
}

/// An arc that is about to enter the tree.
#[derive(Clone, Copy)]
struct Entering {
    arc: u32,
    tail: u32,
    head: u32,
    gain: i64,
    cap: u32,
    state: i8,
}

/// The arc that limits the change around the cycle.
struct Limit {
    change: u32,
    /// The node whose tree arc leaves; none when the entering arc itself is the limit.
    leaving: u32,
    /// The end of the entering arc on the leaving side.
    inner: u32,
    outer: u32,
}

/// Arcs below `root` are numbered by the bid or expert whose arc to the root they are, the others are `root` + pair.
pub(super) struct Network {
    bids: u32,
    root: u32,
    tree: Tree,
    needs: Vec<u32>,
    caps: Vec<u32>,
    pairs: Pairs,
    /// Units that a pair can take: 1, or more where a bid stands for several.
    per_pair: u32,
    state: Vec<i8>,
    root_state: Vec<i8>,
    /// What an empty place costs.
    dear: i64,
    next_row: u32,
}

impl Network {
    /// A first feasible tree: each bid takes its best pairs (they are listed best first) while their experts keep one
    /// place free, the rest of its places stays empty. The spare place keeps the tree strongly feasible; so does the
    /// one place on the arc to the root of a bid or an expert that has none. Such a bid or expert must have no pair.
    pub(super) fn new(needs: &[u32], caps: &[u32], pairs: Pairs, per_pair: u32, dear: i64) -> Self {
        let bids = needs.len() as u32;
        let mut load = vec![0u32; caps.len()];
        let mut state = vec![EMPTY; pairs.expert.len()];
        let mut arcs = Vec::with_capacity(needs.len() + caps.len());
        for (bid, &need) in needs.iter().enumerate() {
            let own = pairs.first[bid] as usize..pairs.first[bid + 1] as usize;
            let mut open = need;
            for (&expert, state) in pairs.expert[own.clone()].iter().zip(&mut state[own]) {
                let load = &mut load[expert as usize];
                if open >= per_pair && *load + per_pair < caps[expert as usize] {
                    *load += per_pair;
                    open -= per_pair;
                    *state = FULL;
                }
            }
            arcs.push(Arc { id: bid as u32, flow: open, cap: need.max(1), gain: -dear });
        }
        for (&cap, &load) in caps.iter().zip(&load) {
            arcs.push(Arc { id: arcs.len() as u32, flow: load, cap: cap.max(1), gain: 0 });
        }
        let root = arcs.len() as u32;
        Self {
            bids,
            root,
            tree: Tree::star(bids, arcs.into_iter()),
            needs: needs.to_vec(),
            caps: caps.to_vec(),
            pairs,
            per_pair,
            state,
            root_state: vec![TREE; root as usize],
            dear,
            next_row: 0,
        }
    }

    /// Pivots until no pair in play is worth changing. False when the bound of pivots was reached first.
    pub(super) fn settle(&mut self) -> bool {
        let arcs = self.pairs.expert.len() as u64;
        let bound = 10_000 + 1_000 * u64::from(self.root) + 100 * arcs;
        let block = (arcs.isqrt() as usize).max(32);
        for _ in 0..bound {
            match self.find_entering(block) {
                None => return true,
                Some(entering) => self.pivot(entering),
            }
        }
        false
    }

    /// What another place is worth to a bid that needs any.
    pub(super) fn value(&self, bid: usize) -> i64 {
        self.tree.value(bid)
    }

    /// What a place of each expert is worth; never below zero, and beyond everybody's means where there is no place.
    pub(super) fn prices(&self) -> Vec<i64> {
        let places = self.caps.iter().zip(&self.tree.price);
        places.map(|(&cap, &price)| if cap == 0 { 2 * self.dear } else { price.max(0) }).collect()
    }

    /// The experts given to each bid, ascending.
    pub(super) fn assigned(&self) -> Vec<Vec<u32>> {
        let mut assigned: Vec<Vec<u32>> = (0..self.bids as usize)
            .map(|bid| {
                let pairs = self.pairs.first[bid] as usize..self.pairs.first[bid + 1] as usize;
                pairs.filter(|&pair| self.state[pair] == FULL).map(|pair| self.pairs.expert[pair]).collect()
            })
            .collect();
        for (index, node) in self.tree.nodes.iter().enumerate() {
            let (index, parent) = (index as u32, node.parent);
            if node.arc.id >= self.root && node.arc.flow > 0 && parent != NONE {
                let (bid, expert) = if index < self.bids { (index, parent) } else { (parent, index) };
                assigned[bid as usize].push(expert - self.bids);
            }
        }
        for experts in &mut assigned {
            experts.sort_unstable();
        }
        assigned
    }

    pub(super) fn is_known(&self, bid: usize, expert: u32) -> bool {
        self.pairs.expert[self.pairs.first[bid] as usize..self.pairs.first[bid + 1] as usize]
            .contains(&expert)
    }

    /// Puts further pairs in play: `added[bid]` in ascending order of bids. The tree stays as it is.
    pub(super) fn add(&mut self, added: &[Vec<(u32, i32)>]) {
        let total = self.pairs.expert.len() + added.iter().map(Vec::len).sum::<usize>();
        let mut pairs = Pairs {
            first: Vec::with_capacity(self.pairs.first.len()),
            expert: Vec::with_capacity(total),
            fit: Vec::with_capacity(total),
        };
        let mut state = Vec::with_capacity(total);
        // How far the pairs of each bid move.
        let mut moved = Vec::with_capacity(added.len());
        for (bid, further) in added.iter().enumerate() {
            let old = self.pairs.first[bid] as usize..self.pairs.first[bid + 1] as usize;
            moved.push((pairs.expert.len() - old.start) as u32);
            pairs.first.push(pairs.expert.len() as u32);
            pairs.expert.extend_from_slice(&self.pairs.expert[old.clone()]);
            pairs.fit.extend_from_slice(&self.pairs.fit[old.clone()]);
            state.extend_from_slice(&self.state[old]);
            for &(expert, fit) in further {
                pairs.expert.push(expert);
                pairs.fit.push(fit);
                state.push(EMPTY);
            }
        }
        pairs.first.push(pairs.expert.len() as u32);
        for (index, node) in self.tree.nodes.iter_mut().enumerate() {
            if node.arc.id >= self.root && node.parent != NONE {
                let bid = if (index as u32) < self.bids { index } else { node.parent as usize };
                node.arc.id += moved[bid];
            }
        }
        self.pairs = pairs;
        self.state = state;
    }

    /// The most worthwhile change in the next block of pairs that has one; none when all pairs have been looked at.
    fn find_entering(&mut self, block: usize) -> Option<Entering> {
        let mut best = 0;
        let mut found = None;
        let mut seen = 0;
        for _ in 0..=self.bids {
            let row = self.next_row;
            self.next_row = if row == self.bids { 0 } else { row + 1 };
            if row == self.bids {
                for expert in 0..self.caps.len() {
                    let node = self.bids + expert as u32;
                    let cost = -self.tree.price[expert] * i64::from(self.root_state[node as usize]);
                    if cost < best {
                        (best, found) = (cost, Some((node, node)));
                    }
                }
                seen += self.caps.len();
            } else {
                let value = self.value(row as usize);
                let cost = (self.dear + value) * i64::from(self.root_state[row as usize]);
                if cost < best {
                    (best, found) = (cost, Some((row, row)));
                }
                let from = self.pairs.first[row as usize] as usize;
                let to = self.pairs.first[row as usize + 1] as usize;
                let pairs = self.pairs.expert[from..to].iter().zip(&self.pairs.fit[from..to]);
                for (pair, ((&expert, &fit), &state)) in pairs.zip(&self.state[from..to]).enumerate() {
                    let cost = (value + self.tree.price[expert as usize] - i64::from(fit)) * i64::from(state);
                    if cost < best {
                        (best, found) = (cost, Some((self.root + (from + pair) as u32, row)));
                    }
                }
                seen += to - from + 1;
            }
            if seen >= block && found.is_some() {
                break;
            }
        }
        found.map(|(arc, tail)| self.entering(arc, tail))
    }

    fn entering(&self, arc: u32, tail: u32) -> Entering {
        if let Some(pair) = arc.checked_sub(self.root) {
            let pair = pair as usize;
            let head = self.bids + self.pairs.expert[pair];
            let gain = i64::from(self.pairs.fit[pair]);
            return Entering { arc, tail, head, gain, cap: self.per_pair, state: self.state[pair] };
        }
        let state = self.root_state[arc as usize];
        let (gain, cap) = match arc.checked_sub(self.bids) {
            Some(expert) => (0, self.caps[expert as usize].max(1)),
            None => (-self.dear, self.needs[arc as usize].max(1)),
        };
        Entering { arc, tail, head: self.root, gain, cap, state }
    }

    fn pivot(&mut self, entering: Entering) {
        let join = self.tree.join(entering.tail, entering.head);
        let limit = self.limit(&entering, join);
        if limit.change > 0 {
            self.shift(&entering, join, limit.change);
        }
        if limit.leaving == NONE {
            self.set_state(entering.arc, -entering.state);
            return;
        }
        let leaving = self.tree.nodes[limit.leaving as usize].arc;
        self.set_state(leaving.id, if leaving.flow == 0 { EMPTY } else { FULL });
        self.set_state(entering.arc, TREE);
        let Entering { arc: id, cap, gain, .. } = entering;
        let flow = if entering.state == EMPTY { limit.change } else { cap - limit.change };
        self.tree.hang(limit.leaving, limit.inner, limit.outer, Arc { id, flow, cap, gain });
        self.tree.reprice(limit.inner);
    }

    fn set_state(&mut self, arc: u32, state: i8) {
        match arc.checked_sub(self.root) {
            Some(pair) => self.state[pair as usize] = state,
            None => self.root_state[arc as usize] = state,
        }
    }

    /// How much can change around the cycle. Of several limiting arcs the last one met from the join on in the
    /// direction of the change leaves, which keeps the tree strongly feasible.
    fn limit(&self, entering: &Entering, join: u32) -> Limit {
        let (first, second) = if entering.state == EMPTY {
            (entering.tail, entering.head)
        } else {
            (entering.head, entering.tail)
        };
        let mut limit = Limit { change: entering.cap, leaving: NONE, inner: first, outer: second };
        let mut node = first;
        while node != join {
            let here = &self.tree.nodes[node as usize];
            let room = if self.tree.is_up(node) { here.arc.flow } else { here.arc.cap - here.arc.flow };
            if room < limit.change {
                limit = Limit { change: room, leaving: node, inner: first, outer: second };
            }
            node = here.parent;
        }
        node = second;
        while node != join {
            let here = &self.tree.nodes[node as usize];
            let room = if self.tree.is_up(node) { here.arc.cap - here.arc.flow } else { here.arc.flow };
            if room <= limit.change {
                limit = Limit { change: room, leaving: node, inner: second, outer: first };
            }
            node = here.parent;
        }
        limit
    }

    fn shift(&mut self, entering: &Entering, join: u32, change: u32) {
        let more = entering.state == EMPTY;
        for (end, is_tail) in [(entering.tail, true), (entering.head, false)] {
            let mut node = end;
            while node != join {
                // More on the entering arc is less on the way from the root to its tail, and more from its head on.
                let rises = (self.tree.is_up(node) != is_tail) == more;
                let here = &mut self.tree.nodes[node as usize];
                here.arc.flow = if rises { here.arc.flow + change } else { here.arc.flow - change };
                node = here.parent;
            }
        }
    }
}

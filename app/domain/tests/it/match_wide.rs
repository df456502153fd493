//! Matchings with more experts than a bid is first offered, against successive shortest paths over all pairs: another way to
//! the same greatest total, too slow for large tables (Ahuja, Magnanti and Orlin, Network Flows, 1993, section 9.7).

use std::collections::VecDeque;

use domain::match_reviewers::{Request, match_reviewers};
use proptest::prelude::*;

/// Filled places, total fit, and the sum of squared loads with its sign turned.
type Worth = (i64, i64, i64);

/// One filled place outweighs every fit, one point of fit every evenness of loads.
const PLACE: i64 = 1_000_000_000_000;
const FIT: i64 = 100_000;

struct Arc {
    to: usize,
    room: u32,
    cost: i64,
}

/// Arcs in pairs: each is followed by the one back.
#[derive(Default)]
struct Graph {
    arcs: Vec<Arc>,
    from: Vec<Vec<usize>>,
}

impl Graph {
    fn join(&mut self, from: usize, to: usize, room: u32, cost: i64) {
        for (from, to, room, cost) in [(from, to, room, cost), (to, from, 0, -cost)] {
            self.from.resize_with(self.from.len().max(from.max(to) + 1), Vec::new);
            self.from[from].push(self.arcs.len());
            self.arcs.push(Arc { to, room, cost });
        }
    }

    /// The arcs of the cheapest way from 0 to 1 and its cost.
    fn cheapest_way(&self) -> Option<(Vec<usize>, i64)> {
        let mut cost = vec![i64::MAX; self.from.len()];
        let mut by = vec![usize::MAX; self.from.len()];
        let mut queue = VecDeque::from([0]);
        cost[0] = 0;
        while let Some(node) = queue.pop_front() {
            for &index in &self.from[node] {
                let arc = &self.arcs[index];
                if arc.room > 0 && cost[node] + arc.cost < cost[arc.to] {
                    (cost[arc.to], by[arc.to]) = (cost[node] + arc.cost, index);
                    queue.push_back(arc.to);
                }
            }
        }
        let mut way = Vec::new();
        let mut node = 1;
        while node != 0 {
            way.push(*by.get(node).filter(|&&index| index != usize::MAX)?);
            node = self.arcs[by[node] ^ 1].to;
        }
        Some((way, cost[1]))
    }
}

fn greatest(request: &Request) -> Worth {
    let (bids, experts) = (request.needs.len(), request.caps.len());
    let mut graph = Graph::default();
    for (bid, &need) in request.needs.iter().enumerate() {
        graph.join(0, 2 + bid, need, 0);
        for expert in 0..experts {
            if !request.forbidden.contains(&(bid as u32, expert as u32)) {
                let fit = i64::from(request.fit[bid * experts + expert]);
                graph.join(2 + bid, 2 + bids + expert, 1, -PLACE - fit * FIT);
            }
        }
    }
    for (expert, &cap) in request.caps.iter().enumerate() {
        // The next square is larger by twice the load and one.
        (0..cap).for_each(|load| graph.join(2 + bids + expert, 1, 1, i64::from(2 * load + 1)));
    }
    let mut total = 0;
    while let Some((way, cost)) = graph.cheapest_way().filter(|(_, cost)| *cost < 0) {
        total += cost;
        for index in way {
            graph.arcs[index].room -= 1;
            graph.arcs[index ^ 1].room += 1;
        }
    }
    let places = (-total).div_euclid(PLACE) + i64::from((-total).rem_euclid(PLACE) > PLACE / 2);
    let rest = -total - places * PLACE;
    let fit = rest.div_euclid(FIT) + i64::from(rest.rem_euclid(FIT) > FIT / 2);
    (places, fit, rest - fit * FIT)
}

fn requests() -> impl Strategy<Value = Request> {
    // Enough bids for each expert that a sample of them is solved first, or too few.
    (1..=70usize, 13..=24usize, prop_oneof![Just(0), Just(1), Just(3), Just(1_000)]).prop_flat_map(
        |(bids, experts, top)| {
            let pair = (0..bids as u32, 0..experts as u32);
            // A few favourites: the best pairs of all bids lie with the same experts.
            let favour = prop::collection::vec(prop_oneof![3 => Just(0), 1 => Just(top)], experts);
            (
                prop::collection::vec(0..=3u32, bids),
                prop::collection::vec(0..=9u32, experts),
                prop::collection::vec(0..=top, bids * experts),
                favour,
                prop::collection::vec(pair, 0..60),
            )
                .prop_map(move |(needs, caps, mut fit, favour, forbidden)| {
                    for row in fit.chunks_mut(experts) {
                        row.iter_mut().zip(&favour).for_each(|(fit, favour)| *fit += favour);
                    }
                    Request { needs, caps, fit, forbidden, ..Request::default() }
                })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_matching_over_all_pairs_is_better(request in requests()) {
        let matching = match_reviewers(&request).unwrap();
        let experts = request.caps.len();
        let chosen = (0..).zip(&matching.assigned).flat_map(|(bid, experts)| experts.iter().map(move |&one| (bid, one)));
        let fit: i64 = chosen.clone().map(|(bid, one)| i64::from(request.fit[bid * experts + one as usize])).sum();
        let squares: i64 = matching.loads.iter().map(|&load| i64::from(load).pow(2)).sum();
        prop_assert_eq!((chosen.count() as i64, fit, -squares), greatest(&request));
        prop_assert!(matching.proof.is_optimal);
    }
}

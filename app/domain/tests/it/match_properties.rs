//! Every matching against an exhaustive search over small instances.

use std::collections::BTreeMap;

use domain::match_reviewers::{Matching, Request, StandBy, StandByPlaces, match_reviewers};
use proptest::prelude::*;

/// What is compared: filled places, total fit, and the sum of squared loads with its sign turned.
type Worth = (i64, i64, i64);

/// The best that any choice of experts per bid reaches, tried one bid after another for every vector of loads.
fn best(needs: &[u32], caps: &[u32], base: &[u32], fit: &[Option<i64>]) -> Worth {
    let experts = caps.len();
    let mut by_loads = BTreeMap::from([(vec![0u32; experts], (0i64, 0i64))]);
    for (bid, &need) in needs.iter().enumerate() {
        let mut next: BTreeMap<Vec<u32>, (i64, i64)> = BTreeMap::new();
        for (loads, &(filled, total)) in &by_loads {
            for choice in 0u32..1 << experts {
                let chosen: Vec<usize> = (0..experts).filter(|&expert| choice >> expert & 1 == 1).collect();
                let allowed = chosen
                    .iter()
                    .all(|&expert| fit[bid * experts + expert].is_some() && loads[expert] < caps[expert]);
                if chosen.len() > need as usize || !allowed {
                    continue;
                }
                let mut after = loads.clone();
                let mut worth = (filled + chosen.len() as i64, total);
                for expert in chosen {
                    after[expert] += 1;
                    worth.1 += fit[bid * experts + expert].unwrap();
                }
                let known = next.entry(after).or_insert(worth);
                *known = worth.max(*known);
            }
        }
        by_loads = next;
    }
    let squares = |loads: &[u32]| -> i64 {
        loads.iter().zip(base).map(|(load, base)| i64::from(load + base).pow(2)).sum()
    };
    let all = by_loads.iter().map(|(loads, &(filled, total))| (filled, total, -squares(loads)));
    all.max().unwrap()
}

/// The request after its pins, the fits of the pairs that may still be chosen.
fn open_fits(request: &Request, taken: &[(u32, u32)]) -> Vec<Option<i64>> {
    let experts = request.caps.len();
    let mut fit: Vec<Option<i64>> = request.fit.iter().map(|&fit| Some(i64::from(fit))).collect();
    for &(bid, expert) in request.forbidden.iter().chain(taken) {
        fit[bid as usize * experts + expert as usize] = None;
    }
    fit
}

fn pairs(assigned: &[Vec<u32>]) -> Vec<(u32, u32)> {
    (0..).zip(assigned).flat_map(|(bid, experts)| experts.iter().map(move |&expert| (bid, expert))).collect()
}

fn count(pairs: &[(u32, u32)], experts: usize) -> Vec<u32> {
    let mut loads = vec![0; experts];
    for &(_, expert) in pairs {
        loads[expert as usize] += 1;
    }
    loads
}

fn worth(request: &Request, chosen: &[(u32, u32)], base: &[u32]) -> Worth {
    let experts = request.caps.len();
    let fit = |&(bid, expert): &(u32, u32)| i64::from(request.fit[bid as usize * experts + expert as usize]);
    let loads = count(chosen, experts);
    let squares: i64 = loads.iter().zip(base).map(|(load, base)| i64::from(load + base).pow(2)).sum();
    (chosen.len() as i64, chosen.iter().map(fit).sum(), -squares)
}

/// Everything a matching promises, against the exhaustive search.
fn check(request: &Request) -> Matching {
    let matching = match_reviewers(request).unwrap();
    let experts = request.caps.len();
    let chosen = pairs(&matching.assigned);

    // No rule is broken.
    assert!(request.pinned.iter().all(|pin| chosen.contains(pin)), "a pin is missing: {request:?}");
    assert!(!request.forbidden.iter().any(|pair| chosen.contains(pair)), "a forbidden pair: {request:?}");
    assert_eq!(matching.loads, count(&chosen, experts));
    assert!(
        matching.loads.iter().zip(&request.caps).all(|(load, cap)| load <= cap),
        "over a cap: {request:?}"
    );
    for (bid, list) in matching.assigned.iter().enumerate() {
        assert!(list.windows(2).all(|two| two[0] < two[1]) && list.len() <= request.needs[bid] as usize);
        let empty = request.needs[bid] - list.len() as u32;
        let said = matching.missing.iter().filter(|missing| missing.bid as usize == bid);
        assert_eq!(said.map(|missing| missing.slots).sum::<u32>(), empty);
    }

    // Nothing is better, and nothing can be.
    let pins = count(&request.pinned, experts);
    let mut needs = request.needs.clone();
    for &(bid, _) in &request.pinned {
        needs[bid as usize] -= 1;
    }
    let caps: Vec<u32> = request.caps.iter().zip(&pins).map(|(cap, pins)| cap - pins).collect();
    let free: Vec<(u32, u32)> =
        chosen.iter().copied().filter(|pair| !request.pinned.contains(pair)).collect();
    let expected = best(&needs, &caps, &pins, &open_fits(request, &request.pinned));
    assert_eq!(worth(request, &free, &pins), expected, "{request:?} gave {matching:?}");
    assert_eq!(worth(request, &chosen, &vec![0; experts]).1, matching.total_fit);
    assert!(matching.proof.is_optimal);
    assert_eq!(matching.proof.greatest_fit, Some(matching.total_fit));

    check_bound(request, &matching, &needs, &caps);
    check_shortages(request, &matching, &needs, &caps);
    check_stand_by(request, &matching, &chosen);
    matching
}

/// The bound, computed from the prices and values as their documentation says, is exactly what the matching has.
fn check_bound(request: &Request, matching: &Matching, needs: &[u32], caps: &[u32]) {
    let (proof, experts) = (&matching.proof, caps.len());
    let fit = open_fits(request, &request.pinned);
    let mut bound: i64 = caps.iter().zip(&proof.prices).map(|(&cap, price)| i64::from(cap) * price).sum();
    for (bid, (&need, &value)) in needs.iter().zip(&proof.values).enumerate() {
        assert!(value >= -proof.dear);
        let row = fit[bid * experts..(bid + 1) * experts].iter().zip(&proof.prices);
        let excess = row.filter_map(|(fit, price)| Some((*fit)? - price - value)).map(|excess| excess.max(0));
        bound += i64::from(need) * value + excess.sum::<i64>();
    }
    let empty: i64 = matching.missing.iter().map(|missing| i64::from(missing.slots)).sum();
    let pinned = worth(request, &request.pinned, &vec![0; experts]).1;
    assert!(proof.prices.iter().all(|&price| price >= 0));
    assert_eq!(bound + pinned, matching.total_fit - empty * proof.dear, "{request:?} {matching:?}");
}

/// Each group wants more than its experts could give whatever the matching, and together they are all empty places.
fn check_shortages(request: &Request, matching: &Matching, needs: &[u32], caps: &[u32]) {
    let fit = open_fits(request, &request.pinned);
    let experts = request.caps.len();
    let mut empty = 0;
    for shortage in &matching.shortages {
        let wanted: u64 = shortage.bids.iter().map(|&bid| u64::from(needs[bid as usize])).sum();
        assert_eq!(shortage.wanted, wanted);
        let mut places: u64 = shortage.full.iter().map(|&expert| u64::from(caps[expert as usize])).sum();
        for expert in 0..experts as u32 {
            let open = |&&bid: &&u32| fit[bid as usize * experts + expert as usize].is_some();
            let open = shortage.bids.iter().filter(open).count() as u64;
            let is_listed = shortage.full.contains(&expert) || shortage.others.contains(&expert);
            assert!(open == 0 || is_listed, "an expert is not named: {request:?} {shortage:?}");
            places += if shortage.full.contains(&expert) { 0 } else { open };
        }
        assert_eq!(shortage.places, places);
        empty += wanted - places;
    }
    let missing: u64 = matching.missing.iter().map(|missing| u64::from(missing.slots)).sum();
    assert_eq!(empty, missing, "{request:?}");
}

fn check_stand_by(request: &Request, matching: &Matching, chosen: &[(u32, u32)]) {
    let caps: Vec<u32> = (request.caps.iter().zip(&matching.loads))
        .map(|(&cap, &load)| match request.stand_by.places {
            StandByPlaces::Spare => cap - load,
            StandByPlaces::Each(places) => places * u32::from(cap > 0),
        })
        .collect();
    let needs: Vec<u32> =
        request.needs.iter().map(|needs| request.stand_by.per_bid * u32::from(*needs > 0)).collect();
    let expected = best(&needs, &caps, &matching.loads, &open_fits(request, chosen));
    let stand_by = pairs(&matching.stand_by);
    assert_eq!(worth(request, &stand_by, &matching.loads), expected, "stand-by of {request:?}");
    assert!(!stand_by.iter().any(|pair| chosen.contains(pair) || request.forbidden.contains(pair)));
    let missing: i64 = matching.stand_by_missing.iter().map(|missing| i64::from(missing.slots)).sum();
    assert_eq!(missing, needs.iter().map(|&need| i64::from(need)).sum::<i64>() - expected.0);
}

fn requests() -> impl Strategy<Value = Request> {
    // Fits from a short range make ties, which is where even load decides.
    (1..=6usize, 1..=5usize, prop_oneof![Just(0), Just(2), Just(9), Just(1_000_000)]).prop_flat_map(
        |(bids, experts, top)| {
            let pair = (0..bids as u32, 0..experts as u32);
            (
                prop::collection::vec(0..=2u32, bids),
                prop::collection::vec(0..=3u32, experts),
                prop::collection::vec(0..=top, bids * experts),
                prop::collection::vec(pair.clone(), 0..6),
                prop::collection::vec(pair, 0..3),
                (0..=2u32, prop_oneof![Just(StandByPlaces::Spare), (0..=2u32).prop_map(StandByPlaces::Each)]),
            )
                .prop_map(|(needs, caps, fit, forbidden, pins, (per_bid, places))| {
                    let mut request = Request {
                        needs,
                        caps,
                        fit,
                        forbidden,
                        stand_by: StandBy { per_bid, places },
                        ..Request::default()
                    };
                    for pin in pins {
                        let mut with = request.clone();
                        with.pinned.push(pin);
                        if match_reviewers(&with).is_ok() {
                            request = with;
                        }
                    }
                    request
                })
        },
    )
}

/// The request with its bids and experts in another order.
fn shuffled(request: &Request, bids: &[usize], experts: &[usize]) -> Request {
    let at = |order: &[usize], old: u32| order.iter().position(|&one| one == old as usize).unwrap() as u32;
    let moved = |pairs: &[(u32, u32)]| -> Vec<(u32, u32)> {
        pairs.iter().map(|&(bid, expert)| (at(bids, bid), at(experts, expert))).collect()
    };
    let width = experts.len();
    Request {
        needs: bids.iter().map(|&bid| request.needs[bid]).collect(),
        caps: experts.iter().map(|&expert| request.caps[expert]).collect(),
        fit: bids
            .iter()
            .flat_map(|&bid| experts.iter().map(move |&expert| request.fit[bid * width + expert]))
            .collect(),
        forbidden: moved(&request.forbidden),
        pinned: moved(&request.pinned),
        stand_by: StandBy::default(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn no_choice_of_experts_is_better(request in requests()) {
        check(&request);
    }

    #[test]
    fn the_order_of_bids_and_experts_changes_nothing_that_counts(
        (request, bids, experts) in requests().prop_flat_map(|request| {
            let bids = Just((0..request.needs.len()).collect::<Vec<_>>()).prop_shuffle();
            let experts = Just((0..request.caps.len()).collect::<Vec<_>>()).prop_shuffle();
            (Just(request), bids, experts)
        })
    ) {
        let one = match_reviewers(&request).unwrap();
        let other = match_reviewers(&shuffled(&request, &bids, &experts)).unwrap();
        let none = vec![0; request.caps.len()];
        prop_assert_eq!(
            worth(&request, &pairs(&one.assigned), &none),
            worth(&shuffled(&request, &bids, &experts), &pairs(&other.assigned), &none)
        );
    }
}

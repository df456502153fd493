//! Matching reviewers to bids: what a secretariat would notice.

use domain::match_reviewers::{
    MAX_FIT, MAX_PAIRS, Matching, Missing, Request, RequestFault, Shortage, StandBy, StandByPlaces,
    match_reviewers,
};

fn request(per_bid: u32, caps: &[u32], fit: &[&[i32]]) -> Request {
    Request { needs: vec![per_bid; fit.len()], caps: caps.to_vec(), fit: fit.concat(), ..Request::default() }
}

fn matched(request: &Request) -> Matching {
    let matching = match_reviewers(request).unwrap();
    assert!(matching.proof.is_optimal);
    matching
}

#[test]
fn the_total_counts_and_not_each_bid_for_itself() {
    // Alone, both bids would like expert 0; together 9 + 8 beats 10 + 1.
    let matching = matched(&request(1, &[1, 1], &[&[10, 9], &[8, 1]]));
    assert_eq!(matching.assigned, [[1], [0]]);
    assert_eq!((matching.total_fit, matching.proof.greatest_fit), (17, Some(17)));
    assert_eq!(matching.loads, [1, 1]);
}

#[test]
fn places_come_before_fit() {
    // Bid 1 can only have expert 0, so bid 0 has to leave it although it fits there far better.
    let mut request = request(1, &[1, 1], &[&[MAX_FIT, 0], &[0, 0]]);
    request.forbidden = vec![(1, 1)];
    let matching = matched(&request);
    assert_eq!(matching.assigned, [[1], [0]]);
    assert!(matching.missing.is_empty());
    assert_eq!(matching.total_fit, 0);
}

#[test]
fn among_equals_the_load_is_even() {
    let bids = 40;
    let fit = vec![vec![7; 8]; bids];
    let rows: Vec<&[i32]> = fit.iter().map(Vec::as_slice).collect();
    assert_eq!(matched(&request(3, &[40; 8], &rows)).loads, [15; 8]);
    // A pin counts: the expert with two pins gets no more than the others.
    let mut pinned = request(1, &[40; 8], &rows);
    pinned.pinned = vec![(0, 5), (1, 5)];
    assert_eq!(matched(&pinned).loads, [5; 8]);
    // But fit comes first: everybody prefers expert 0 a little.
    let fit = vec![vec![8, 7, 7, 7]; bids];
    let rows: Vec<&[i32]> = fit.iter().map(Vec::as_slice).collect();
    assert_eq!(matched(&request(1, &[25; 4], &rows)).loads, [25, 5, 5, 5]);
}

#[test]
fn what_is_missing_is_named_with_its_reason() {
    // Bids 0 and 1 may only have expert 0, who takes one review; bid 2 has expert 1 and wants two.
    let mut request = request(1, &[1, 5], &[&[5, 5], &[6, 5], &[5, 5]]);
    request.needs = vec![1, 1, 2];
    request.forbidden = vec![(0, 1), (1, 1), (2, 0)];
    let matching = matched(&request);
    assert_eq!(matching.assigned, [vec![], vec![0], vec![1]]);
    assert_eq!(matching.missing, [Missing { bid: 0, slots: 1 }, Missing { bid: 2, slots: 1 }]);
    assert_eq!(
        matching.shortages,
        [
            Shortage { bids: vec![0, 1], full: vec![0], others: vec![], wanted: 2, places: 1 },
            Shortage { bids: vec![2], full: vec![], others: vec![1], wanted: 2, places: 1 },
        ]
    );
}

#[test]
fn nothing_to_match_is_no_trouble() {
    let nobody = request(3, &[], &[]);
    assert_eq!(matched(&nobody).assigned, Vec::<Vec<u32>>::new());
    let check = |request: Request, empty: u32| {
        let matching = matched(&request);
        assert_eq!(matching.missing.iter().map(|missing| missing.slots).sum::<u32>(), empty, "{request:?}");
        assert_eq!(matching.total_fit, 0);
        let short: u64 = matching.shortages.iter().map(|short| short.wanted - short.places).sum();
        assert_eq!(short, u64::from(empty));
    };
    check(Request { needs: vec![2, 1], ..Request::default() }, 3);
    check(Request { caps: vec![2, 1], ..Request::default() }, 0);
    check(request(2, &[0, 0, 0], &[&[4, 5, 6], &[4, 5, 6]]), 4);
    check(request(0, &[5, 5], &[&[4, 5], &[4, 5]]), 0);
    let mut forbidden = request(1, &[5, 5], &[&[4, 5], &[4, 5]]);
    forbidden.forbidden = vec![(0, 0), (0, 1), (1, 0), (1, 1), (1, 1)];
    check(forbidden, 2);
    // More places than experts: an expert reviews a bid once.
    let many = matched(&request(u32::MAX, &[u32::MAX; 2], &[&[4, 5]]));
    assert_eq!(many.assigned, [[0, 1]]);
    assert_eq!(many.missing, [Missing { bid: 0, slots: u32::MAX - 2 }]);
}

#[test]
fn stand_by_comes_after_and_changes_nothing() {
    let mut with = request(1, &[2, 2, 2], &[&[9, 8, 1], &[9, 8, 1], &[9, 1, 8]]);
    let alone = matched(&with);
    with.stand_by = StandBy { per_bid: 1, places: StandByPlaces::Spare };
    let spare = matched(&with);
    assert_eq!(spare.assigned, alone.assigned);
    assert_eq!(spare.loads, alone.loads);
    let mut loads = spare.loads.clone();
    for (assigned, stand_by) in spare.assigned.iter().zip(&spare.stand_by) {
        assert_eq!(stand_by.len(), 1);
        assert!(!assigned.contains(&stand_by[0]));
        loads[stand_by[0] as usize] += 1;
    }
    assert!(loads.iter().all(|&load| load <= 2), "called in for everything, nobody exceeds a cap");
    // Nobody stands by for a bid that needs nobody, while another goes without.
    let mut one = request(1, &[1, 1], &[&[9, 9], &[1, 1]]);
    one.needs = vec![0, 1];
    one.stand_by = StandBy { per_bid: 1, places: StandByPlaces::Spare };
    let matching = matched(&one);
    assert_eq!((matching.stand_by[0].len(), matching.stand_by[1].len()), (0, 1));
    assert_eq!(matching.stand_by_missing, []);
    // Without a place left there is nobody, unless standing by has places of its own.
    let mut full = request(1, &[1, 1], &[&[9, 8], &[9, 8]]);
    full.stand_by = StandBy { per_bid: 1, places: StandByPlaces::Spare };
    assert_eq!(matched(&full).stand_by_missing.len(), 2);
    full.stand_by.places = StandByPlaces::Each(1);
    let matching = matched(&full);
    assert_eq!(matching.stand_by_missing, []);
    assert_eq!(matching.stand_by[0], matching.assigned[1]);
}

#[test]
fn a_request_that_makes_no_sense_is_refused_by_name() {
    use RequestFault::{
        FitOutside, FitsMissing, ForbiddenUnknown, PinForbidden, PinTwice, PinUnknown, PinsOverCap,
        PinsOverNeed, TooManyPairs,
    };
    let base = || request(1, &[1, 2], &[&[1, 2], &[3, 4]]);
    let check = |change: &dyn Fn(&mut Request), expected: &[RequestFault]| {
        let mut request = base();
        change(&mut request);
        assert_eq!(match_reviewers(&request).unwrap_err(), expected);
    };
    check(&|request| request.fit.truncate(3), &[FitsMissing { have: 3, need: 4 }]);
    check(
        &|request| (request.fit[1], request.fit[2]) = (-1, MAX_FIT + 1),
        &[FitOutside { bid: 0, expert: 1, fit: -1 }, FitOutside { bid: 1, expert: 0, fit: MAX_FIT + 1 }],
    );
    check(&|request| request.forbidden = vec![(2, 0)], &[ForbiddenUnknown { bid: 2, expert: 0 }]);
    check(&|request| request.pinned = vec![(0, 2)], &[PinUnknown { bid: 0, expert: 2 }]);
    check(
        &|request| (request.forbidden, request.pinned) = (vec![(0, 1)], vec![(0, 1)]),
        &[PinForbidden { bid: 0, expert: 1 }],
    );
    check(&|request| request.pinned = vec![(0, 1), (0, 1)], &[PinTwice { bid: 0, expert: 1 }]);
    check(&|request| request.pinned = vec![(0, 0), (1, 0)], &[PinsOverCap { expert: 0, cap: 1, pins: 2 }]);
    check(&|request| request.pinned = vec![(0, 0), (0, 1)], &[PinsOverNeed { bid: 0, need: 1, pins: 2 }]);
    check(
        &|request| (request.needs, request.caps) = (vec![1; MAX_PAIRS / 100], vec![1; 101]),
        &[TooManyPairs { bids: MAX_PAIRS / 100, experts: 101 }],
    );
}

/// Fits that look like chance, from a short range so that many are equal.
fn scrambled(bids: usize, experts: usize, top: u64) -> Vec<i32> {
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % (top + 1)
    };
    (0..bids * experts).map(|_| next() as i32).collect()
}

#[test]
fn larger_matchings_are_proven_and_repeat() {
    for (top, cap) in [(0, 16), (0, 15), (1, 15), (5, 30), (1_000, 15), (1_000_000, 16)] {
        let request = Request {
            needs: vec![3; 200],
            caps: vec![cap; 40],
            fit: scrambled(200, 40, top),
            forbidden: (0..200).map(|bid| (bid, bid % 40)).collect(),
            stand_by: StandBy { per_bid: 1, places: StandByPlaces::Each(8) },
            ..Request::default()
        };
        let matching = matched(&request);
        assert_eq!(matching, matched(&request));
        assert!(matching.missing.is_empty() && matching.stand_by_missing.is_empty());
        if top <= 1 {
            assert_eq!(matching.loads, [15; 40], "equal fits leave no reason for uneven load");
        }
    }
}

#[test]
fn a_few_experts_everybody_wants_do_not_slow_it_down() {
    // Fit depends on the expert alone, caps are just enough, and an expert of the last bids is scarce.
    let (bids, experts) = (300, 60);
    let mut request = Request {
        needs: vec![3; bids],
        caps: vec![15; experts],
        fit: (0..bids * experts).map(|pair| ((pair % experts) * 1_000) as i32).collect(),
        ..Request::default()
    };
    let matching = matched(&request);
    assert!(matching.missing.is_empty());
    assert_eq!(matching.total_fit, (0..experts as i64).map(|expert| expert * 15_000).sum::<i64>());
    // One place too few for all: one is missing, and everybody is part of the reason.
    request.caps[0] = 14;
    let matching = matched(&request);
    assert_eq!(matching.missing.iter().map(|missing| missing.slots).sum::<u32>(), 1);
    assert_eq!(matching.shortages.len(), 1);
    assert_eq!(matching.shortages[0].bids.len(), bids);
}

#[test]
fn bids_that_agree_on_who_is_good_are_proven_as_well() {
    // Everybody prefers the later experts, with small differences; some conflicts, some places too few.
    for cap in [14, 15, 40] {
        let (bids, experts) = (300, 60);
        let noise = scrambled(bids, experts, 3_000);
        let request = Request {
            needs: vec![3; bids],
            caps: vec![cap; experts],
            fit: (0..).zip(noise).map(|(pair, noise)| pair % experts as i32 * 1_000 + noise).collect(),
            forbidden: (0..bids as u32).map(|bid| (bid, bid * 7 % experts as u32)).collect(),
            ..Request::default()
        };
        let matching = matched(&request);
        let missing: u32 = matching.missing.iter().map(|missing| missing.slots).sum();
        assert_eq!(missing, 900 - 900.min(cap * 60));
        assert_eq!(matching, matched(&request));
    }
}

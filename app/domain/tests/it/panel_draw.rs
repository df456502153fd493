//! Drawing a panel: anybody can repeat it, and nothing but the seed decides.

use std::collections::BTreeSet;

use domain::id::PersonId;
use domain::money::{Fen, WAN_FEN};
use domain::panel_draw::{DrawRefused, DrawRule, DrawStep, PanelDraw, PoolExpert, commitment, draw};
use domain::refusal::Refusal;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use uuid::Uuid;

fn person(number: u32) -> PersonId {
    PersonId(Uuid::from_u128(u128::from(number) * 0x0001_0000_0001_0000_0001))
}

/// Experts 0 to `count`, two to a unit, three fields in turn, nobody in conflict.
fn pool(count: u32) -> Vec<PoolExpert> {
    let expert = |number| PoolExpert {
        id: person(number),
        units: vec![number / 2],
        fields: vec![number % 3],
        has_conflict: false,
    };
    (0..count).map(expert).collect()
}

fn rule(seats: u32) -> DrawRule {
    DrawRule { seats, amount: None, fields: Vec::new(), per_unit: None }
}

/// The order as somebody without this program would compute it.
fn by_hand(pool: &[PoolExpert], seed: &[u8]) -> Vec<PersonId> {
    let mut lots: Vec<(Vec<u8>, PersonId)> = pool
        .iter()
        .map(|expert| {
            let text = [seed, expert.id.0.as_bytes().as_slice()].concat();
            (Sha256::digest(&text).to_vec(), expert.id)
        })
        .collect();
    lots.sort();
    lots.into_iter().map(|(_, id)| id).collect()
}

#[test]
fn the_lowest_lots_are_seated_and_the_rest_stands_by() {
    let pool = pool(12);
    let drawn = draw(&pool, rule(5), b"a seed").unwrap();
    let expected = by_hand(&pool, b"a seed");
    assert_eq!(drawn.seated, expected[..5]);
    assert_eq!(drawn.stand_by(), expected[5..]);
    assert_eq!(drawn.vacant(), 0);
    assert_eq!(drawn.commitment, <[u8; 32]>::from(Sha256::digest(b"a seed")));
    assert_eq!(drawn.commitment, commitment(b"a seed"));
    assert_ne!(draw(&pool, rule(5), b"another").unwrap().seated, drawn.seated);
}

#[test]
fn conflicts_and_fields_decide_who_is_in_the_order() {
    let mut pool = pool(30);
    for expert in pool.iter_mut().step_by(4) {
        expert.has_conflict = true;
    }
    let drawn = draw(&pool, DrawRule { fields: vec![0, 2], ..rule(7) }, b"seed").unwrap();
    let expected: Vec<PoolExpert> =
        pool.iter().filter(|expert| !expert.has_conflict && expert.fields != [1]).cloned().collect();
    let order: Vec<PersonId> = drawn.order.iter().map(|lot| lot.expert).collect();
    assert_eq!(order, by_hand(&expected, b"seed"));
}

#[test]
fn a_replacement_is_the_next_in_the_order_and_nobody_else_moves() {
    let pool = pool(8);
    let order = by_hand(&pool, b"seed");
    let mut drawn = draw(&pool, rule(5), b"seed").unwrap();
    // Somebody on the stand-by list declares an interest before being asked.
    drawn.recuse(order[5]).unwrap();
    assert_eq!(drawn.seated, order[..5]);
    drawn.recuse(order[1]).unwrap();
    assert_eq!(drawn.seated, [order[0], order[2], order[3], order[4], order[6]]);
    assert_eq!(drawn.stand_by(), order[7..]);
    drawn.recuse(order[6]).unwrap();
    assert_eq!(drawn.seated, [order[0], order[2], order[3], order[4], order[7]]);
    // The order is exhausted: the seat stays empty, and nobody who left comes back.
    drawn.recuse(order[0]).unwrap();
    assert_eq!(drawn.seated, [order[2], order[3], order[4], order[7]]);
    assert_eq!(drawn.vacant(), 1);
    assert_eq!(drawn.steps.last(), Some(&DrawStep::Vacant { seats: 1 }));
    let before = drawn.clone();
    assert_eq!(drawn.recuse(order[1]), Err(DrawRefused::AlreadyRecused { expert: order[1] }));
    assert_eq!(drawn.recuse(person(99)), Err(DrawRefused::NotDrawn { expert: person(99) }));
    assert_eq!(drawn, before);
}

#[test]
fn a_unit_gets_no_more_seats_than_it_may() {
    // Every second expert is from unit 7.
    let mut pool = pool(12);
    for expert in pool.iter_mut().step_by(2) {
        expert.units = vec![7, 7];
    }
    for (number, expert) in (100..).zip(pool.iter_mut().skip(1).step_by(2)) {
        expert.units = vec![number];
    }
    let limited = DrawRule { per_unit: Some(1), ..rule(5) };
    let mut drawn = draw(&pool, limited.clone(), b"seed").unwrap();
    let from_seven = |drawn: &PanelDraw| {
        let is_from =
            |id: &&PersonId| pool.iter().any(|expert| expert.id == **id && expert.units.contains(&7));
        drawn.seated.iter().filter(is_from).copied().collect::<Vec<_>>()
    };
    let one = from_seven(&drawn);
    assert_eq!(one.len(), 1);
    assert!(drawn.steps.iter().any(|step| matches!(step, DrawStep::PassedOver { unit: 7, .. })));
    // When that one leaves, the unit has room again and the first passed over is next.
    let passed = drawn.steps.iter().find_map(|step| match step {
        DrawStep::PassedOver { expert, .. } => Some(*expert),
        _ => None,
    });
    drawn.recuse(one[0]).unwrap();
    assert_eq!(from_seven(&drawn), [passed.unwrap()]);
    assert_eq!(drawn.is_repeated_by(&pool, b"seed"), Ok(true));
    // Seven from such a pool are six others and one of unit 7; nine would take two more.
    assert!(draw(&pool, DrawRule { seats: 7, ..limited.clone() }, b"seed").is_ok());
    let refused = draw(&pool, DrawRule { seats: 9, ..limited }, b"seed");
    assert_eq!(refused, Err(DrawRefused::PoolTooSmall { seats: 9, eligible: 12, missing: 2 }));
}

#[test]
fn a_draw_that_cannot_be_is_refused() {
    let size = |refusal| Err(DrawRefused::Size { refusal });
    assert_eq!(draw(&pool(20), rule(3), b""), size(Refusal::PanelTooSmall { have: 3, need: 5 }));
    assert_eq!(draw(&pool(20), rule(6), b""), size(Refusal::PanelEven));
    let large = DrawRule { amount: Some(Fen(1_000 * WAN_FEN)), ..rule(5) };
    assert_eq!(draw(&pool(20), large, b""), size(Refusal::PanelTooSmall { have: 5, need: 7 }));
    let short = DrawRefused::PoolTooSmall { seats: 5, eligible: 3, missing: 2 };
    assert_eq!(draw(&pool(3), rule(5), b""), Err(short));
    let none = DrawRefused::PoolTooSmall { seats: 5, eligible: 0, missing: 5 };
    assert_eq!(draw(&[], rule(5), b""), Err(none));
    let mut twice = pool(8);
    twice.push(twice[2].clone());
    assert_eq!(draw(&twice, rule(5), b""), Err(DrawRefused::TwiceInPool { expert: person(2) }));
}

#[test]
fn a_log_that_was_touched_is_noticed() {
    let pool = pool(10);
    let mut drawn = draw(&pool, rule(5), b"seed").unwrap();
    drawn.recuse(drawn.seated[3]).unwrap();
    assert_eq!(drawn.is_repeated_by(&pool, b"seed"), Ok(true));
    assert_eq!(drawn.is_repeated_by(&pool, b"seeds"), Ok(false));
    let mut swapped = drawn.clone();
    swapped.seated[0] = *drawn.stand_by().last().unwrap();
    assert_eq!(swapped.is_repeated_by(&pool, b"seed"), Ok(false));
    assert_ne!(drawn.is_repeated_by(&pool[1..], b"seed"), Ok(true));
}

proptest! {
    #[test]
    fn the_order_of_the_pool_changes_nothing(
        (one, other) in (5..40u32).prop_flat_map(|count| {
            (Just(pool(count)), Just(pool(count)).prop_shuffle())
        }),
        seed in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let limited = DrawRule { per_unit: Some(1), ..rule(5) };
        prop_assert_eq!(draw(&one, rule(5), &seed), draw(&other, rule(5), &seed));
        prop_assert_eq!(draw(&one, limited.clone(), &seed), draw(&other, limited, &seed));
    }

    #[test]
    fn whoever_left_never_comes_back(
        leaving in prop::collection::vec(0..20usize, 0..30),
        per_unit in prop::option::of(1..3u32),
        seed in any::<[u8; 8]>(),
    ) {
        let pool = pool(20);
        let mut drawn = draw(&pool, DrawRule { per_unit, ..rule(7) }, &seed).unwrap();
        let mut gone = BTreeSet::new();
        for at in leaving {
            let leaver = pool[at].id;
            prop_assert_eq!(drawn.recuse(leaver).is_ok(), gone.insert(leaver));
            let stand_by = drawn.stand_by();
            let there: BTreeSet<PersonId> = drawn.seated.iter().chain(&stand_by).copied().collect();
            prop_assert_eq!(there.len(), drawn.seated.len() + stand_by.len());
            prop_assert!(there.is_disjoint(&gone));
            prop_assert_eq!(there.len() + gone.len(), 20);
            prop_assert!(per_unit.is_some() || drawn.vacant() == 0 || stand_by.is_empty());
        }
        prop_assert_eq!(drawn.is_repeated_by(&pool, &seed), Ok(true));
    }
}

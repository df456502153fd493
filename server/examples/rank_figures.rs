//! How long the binding ranking of 1,000 bids with five sheets each takes. Prints the median of 51 runs in microseconds.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a measurement that cannot be prepared must stop"
)]

use std::time::Instant;

use domain::id::{BidId, PersonId};
use domain::rule::Rule;
use domain::score::{Sheet, rank};
use uuid::Uuid;

fn main() {
    let rule = Rule::policy_preset();
    let bids: Vec<BidId> = (0..1_000).map(|n| BidId(Uuid::from_u128(n))).collect();
    let score = |seed: u64| 50_000 + i64::try_from(seed.wrapping_mul(0x9e37_79b9) % 50).unwrap_or(0) * 1_000;
    let sheets: Vec<Sheet> = bids
        .iter()
        .zip(0u64..)
        .flat_map(|(bid, place)| {
            (0..5u64).map(move |reviewer| Sheet {
                bid: *bid,
                reviewer: PersonId(Uuid::from_u128(u128::from(reviewer))),
                scores_milli: (0..4).map(|criterion| score(place * 20 + reviewer * 4 + criterion)).collect(),
            })
        })
        .collect();
    let mut times: Vec<u128> = (0..51)
        .map(|_| {
            let start = Instant::now();
            let ranking = rank(&rule, 0, &sheets, &bids, b"seed").expect("a ranking");
            assert_eq!(ranking.rows.len(), 1_000);
            start.elapsed().as_micros()
        })
        .collect();
    times.sort_unstable();
    println!("{}", times[25]);
}

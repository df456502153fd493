//! How long orders out of many opinions take: `time_aggregate WORK` prints
//! `<median microseconds>\t<peak resident KiB>\t<note>`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement may stop")]

use std::time::Instant;

use domain::stats::aggregate::{
    Comparison, Comparisons, Profile, borda, bradley_terry, kemeny, plackett_luce, preferences,
};
use domain::stats::{Panel, Review};

const WORKS: [&str; 7] = [
    "borda_20000x5",
    "preferences_1000x5",
    "kemeny_8x20",
    "kemeny_1000x5",
    "plackett_luce_200x20",
    "plackett_luce_ties_40x20",
    "bradley_terry_100",
];
const TIMES: usize = 21;

/// A number that looks like chance and depends on nothing but its position.
fn scrambled(position: u64) -> u64 {
    let mut number = (position + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    number ^= number >> 32;
    number = number.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    number ^ (number >> 32)
}

/// Scores of a bid's quality and chance, in steps of `step`.
fn profile(bids: u32, reviewers: u32, step: f64) -> Profile {
    let score = |bid: u32, reviewer: u32| {
        let chance = scrambled(u64::from(bid) * 1_000 + u64::from(reviewer)) % 1_000;
        let quality = scrambled(u64::from(bid) + (1 << 40)) % 1_000;
        ((quality + chance) as f64 / step).round() * step
    };
    let reviews = (0..bids)
        .flat_map(|bid| (0..reviewers).map(move |reviewer| (bid, reviewer)))
        .map(|(bid, reviewer)| Review { bid, reviewer, score: score(bid, reviewer) });
    let panel = Panel::new(bids as usize, reviewers as usize, reviews).unwrap();
    Profile::of_panel(&panel, false).unwrap()
}

/// Orders without ties.
fn orders(items: usize, rankings: usize) -> Profile {
    let order = |ranking: usize| {
        let mut order: Vec<usize> = (0..items).collect();
        order.sort_by_key(|&item| scrambled((ranking * items + item) as u64) % 1_000 + 10 * item as u64);
        (1.0, order)
    };
    Profile::of_orders(items, &(0..rankings).map(order).collect::<Vec<_>>()).unwrap()
}

fn every_pair(items: usize) -> Comparisons {
    let pair = |first: usize, second: usize| Comparison {
        first,
        second,
        first_wins: (1 + scrambled((first * items + second) as u64) % 9) as f64,
        second_wins: 4.0,
        ties: 0.0,
    };
    let pairs = (0..items).flat_map(|first| (first + 1..items).map(move |second| pair(first, second)));
    Comparisons::new(items, pairs.collect()).unwrap()
}

fn peak_resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().to_owned();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn measure(mut work: impl FnMut() -> String) {
    let mut note = String::new();
    let mut taken: Vec<u128> = (0..TIMES)
        .map(|_| {
            let start = Instant::now();
            note = work();
            start.elapsed().as_micros()
        })
        .collect();
    taken.sort_unstable();
    println!("{}\t{}\t{note}", taken[TIMES / 2], peak_resident_kib());
}

fn main() {
    let Some(name) = std::env::args().nth(1) else {
        WORKS.iter().for_each(|name| println!("{name}"));
        return;
    };
    match name.as_str() {
        "borda_20000x5" => {
            let profile = profile(20_000, 5, 10.0);
            measure(|| format!("first {}", borda(&profile).unwrap().order[0]));
        }
        "preferences_1000x5" => {
            let profile = profile(1_000, 5, 10.0);
            measure(|| format!("winner {:?}", preferences(&profile).unwrap().condorcet_winner()));
        }
        "kemeny_8x20" | "kemeny_1000x5" => {
            let profile = if name == "kemeny_8x20" { profile(8, 20, 1.0) } else { profile(1_000, 5, 10.0) };
            measure(|| {
                let found = kemeny(&profile).unwrap();
                format!("{:?} distance {}", found.search, found.distance)
            });
        }
        "plackett_luce_200x20" | "plackett_luce_ties_40x20" => {
            let is_tied = name == "plackett_luce_ties_40x20";
            let profile = if is_tied { profile(40, 20, 20.0) } else { orders(200, 20) };
            measure(|| match plackett_luce(&profile, 0, 0.5) {
                Ok(fit) => format!("{} steps, {} sizes of tie", fit.steps, fit.ties.len()),
                Err(reason) => reason.to_string(),
            });
        }
        _ => {
            let pairs = every_pair(100);
            measure(|| format!("{} steps", bradley_terry(&pairs, 0).unwrap().steps));
        }
    }
}

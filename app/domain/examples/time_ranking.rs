//! How long the binding ranking takes: `time_ranking WORK` prints `<median microseconds>\t<peak resident KiB>\t<note>`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement may stop")]

use std::time::Instant;

use domain::id::{BidId, PersonId};
use domain::preset;
use domain::rule::Rule;
use domain::score::{Sheet, rank};
use uuid::Uuid;

/// Name, preset, bids, experts, whether the sheets lie in no order, how many times.
const WORKS: [(&str, &str, u64, u64, bool, usize); 6] = [
    ("ranking_1000x5", "policy", 1_000, 5, false, 201),
    ("ranking_20000x5", "policy", 20_000, 2_000, false, 101),
    ("ranking_20000x5_five_experts", "policy", 20_000, 5, false, 101),
    ("ranking_20000x5_unordered", "policy", 20_000, 2_000, true, 101),
    ("ranking_20000x5_median", "h2020_sme_phase_2", 20_000, 2_000, false, 101),
    ("ranking_20000x5_votes", "innovate_uk", 20_000, 2_000, false, 101),
];
const SHEETS_PER_BID: u64 = 5;

/// A number that looks like chance and depends on nothing but its position.
fn scrambled(position: u64) -> u64 {
    let mut number = (position + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    number ^= number >> 32;
    number = number.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    number ^ (number >> 32)
}

fn id(family: u64, number: u64) -> Uuid {
    Uuid::from_u64_pair(scrambled(family + number), scrambled(!(family + number)))
}

/// Scores from the upper half of the scale; five of six answers are yes.
fn sheets(rule: &Rule, bids: u64, experts: u64) -> Vec<Sheet> {
    let scale = rule.rubric.scale;
    let half = (scale.max_milli - scale.min_milli) / scale.step_milli / 2;
    let score = |seed: u64| scale.max_milli - (scrambled(seed) % (half as u64 + 1)) as i64 * scale.step_milli;
    let sheet = |bid: u64, turn: u64| {
        let seed = (bid * SHEETS_PER_BID + turn) * 32;
        Sheet {
            bid: BidId(id(1 << 40, bid)),
            reviewer: PersonId(id(2 << 40, (bid * SHEETS_PER_BID + turn) % experts)),
            scores_milli: (seed..).take(rule.rubric.criteria.len()).map(score).collect(),
            votes: (seed..).take(rule.votes.len()).map(|seed| !scrambled(!seed).is_multiple_of(6)).collect(),
        }
    };
    (0..bids).flat_map(|bid| (0..SHEETS_PER_BID).map(move |turn| sheet(bid, turn))).collect()
}

fn peak_resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().to_owned();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn main() {
    let Some(name) = std::env::args().nth(1) else {
        for (name, ..) in WORKS {
            println!("{name}");
        }
        return;
    };
    let (_, preset, bids, experts, unordered, times) = WORKS.into_iter().find(|work| work.0 == name).unwrap();
    let rule = preset::named(preset).unwrap().rule;
    let mut sheets = sheets(&rule, bids, experts);
    let ids: Vec<BidId> = (0..bids).map(|bid| BidId(id(1 << 40, bid))).collect();
    if unordered {
        sheets.sort_by_key(|sheet| (sheet.reviewer, sheet.bid));
    }
    let mut taken = Vec::new();
    // As on a server, a ranking is kept until the next is there; else every run would begin by asking the system for
    // the memory that the run before has just given back.
    let mut kept = None;
    for _ in 0..times {
        let start = Instant::now();
        let ranking = rank(&rule, 0, &sheets, &ids, b"seed").unwrap();
        taken.push(start.elapsed().as_micros());
        kept = Some(ranking);
    }
    let rows = kept.unwrap().rows;
    let drawn = rows.iter().filter(|row| row.tie_broken_by == rule.tie_chain.last().cloned()).count();
    taken.sort_unstable();
    println!("{}\t{}\t{drawn} bids placed by the draw", taken[taken.len() / 2], peak_resident_kib());
}

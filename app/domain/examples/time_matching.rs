//! How long matching reviewers takes: `time_matching WORK` prints `<median microseconds>\t<peak resident KiB>\t<note>`.
//! The instance is the one that `end2end/oracle/assignment.py` builds.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement may stop")]

use std::time::Instant;

use domain::match_reviewers::{Request, match_reviewers};

const WORKS: [(&str, usize, usize, u32, usize); 5] = [
    ("assign_100x20", 100, 20, 15, 101),
    ("assign_1000x200", 1_000, 200, 15, 41),
    ("assign_20000x2000", 20_000, 2_000, 30, 1),
    ("assign_20000x2000_cap32", 20_000, 2_000, 32, 1),
    ("assign_1000x200_cap20", 1_000, 200, 20, 41),
];

/// A number that looks like chance and depends on nothing but its position.
fn scrambled(position: u64) -> u64 {
    let mut number = (position + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    number ^= number >> 32;
    number = number.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    number ^ (number >> 32)
}

/// Fits from 0 to 1,000, three of a hundred pairs forbidden.
fn instance(bids: usize, experts: usize, cap: u32) -> Request {
    let pairs = bids * experts;
    let fit = (0..pairs as u64).map(|pair| (scrambled(pair) % 1_001) as i32).collect();
    let forbidden = (0..pairs)
        .filter(|&pair| scrambled((pairs + pair) as u64) % 100 < 3)
        .map(|pair| ((pair / experts) as u32, (pair % experts) as u32))
        .collect();
    Request { needs: vec![3; bids], caps: vec![cap; experts], fit, forbidden, ..Request::default() }
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
    let (_, bids, experts, cap, times) = WORKS.into_iter().find(|work| work.0 == name).unwrap();
    let request = instance(bids, experts, cap);
    let mut taken = Vec::new();
    let mut note = String::new();
    for _ in 0..times {
        let start = Instant::now();
        let matching = match_reviewers(&request).unwrap();
        taken.push(start.elapsed().as_micros());
        let missing: u32 = matching.missing.iter().map(|missing| missing.slots).sum();
        let squares: u64 = matching.loads.iter().map(|&load| u64::from(load).pow(2)).sum();
        note = format!(
            "total fit {}, missing {missing}, sum of squared loads {squares}, optimal {}",
            matching.total_fit, matching.proof.is_optimal
        );
    }
    taken.sort_unstable();
    println!("{}\t{}\t{note}", taken[taken.len() / 2], peak_resident_kib());
}

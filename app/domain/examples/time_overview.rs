//! How long everything takes that is said about one competition: the binding ranking, then all advisory figures with
//! 10,000 resamples on two threads. One work's name as the argument, none lists them. Prints the median in microseconds,
//! the peak of resident memory in KiB and a note.

#![expect(clippy::expect_used, reason = "a measurement that cannot be prepared must stop")]

use std::time::Instant;

use domain::id::{BidId, PersonId};
use domain::overview::{self, Contest, Evidence, Overview, Settings};
use domain::rule::Rule;
use domain::score::{Entrant, Sheet, rank};
use domain::stats::interval::Bootstrap;
use uuid::Uuid;

/// Name, bids, reviewers, runs. Five sheets per bid.
const WORKS: [(&str, usize, usize, usize); 4] = [
    ("all_1000x5", 1_000, 5, 5),
    ("all_1000x5_of_200", 1_000, 200, 5),
    ("all_20000x5", 20_000, 5, 1),
    ("all_20000x5_of_2000", 20_000, 2_000, 1),
];

const THREADS: u32 = 2;

fn sheets(bids: &[BidId], reviewers: usize) -> Vec<Sheet> {
    let mut state = 20_261_123_u64;
    let mut below = move |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let mut sheets = Vec::new();
    for bid in bids {
        let level = 50 + below(35);
        let mut chosen: Vec<usize> = if reviewers == 5 { (0..5).collect() } else { Vec::new() };
        while chosen.len() < 5 {
            let reviewer = usize::try_from(below(reviewers as u64)).unwrap_or(0);
            if !chosen.contains(&reviewer) {
                chosen.push(reviewer);
            }
        }
        for reviewer in chosen {
            let leniency = reviewer as u64 % 7;
            let scores_milli =
                (0..4).map(|_| i64::try_from((level + leniency + below(9)) * 1_000).unwrap_or(0)).collect();
            let reviewer = PersonId(Uuid::from_u128(reviewer as u128 + 1));
            sheets.push(Sheet { bid: *bid, reviewer, scores_milli, votes: Vec::new() });
        }
    }
    sheets
}

fn on_threads(bootstrap: &Bootstrap) -> domain::stats::interval::RankIntervals {
    let share = bootstrap.resamples().div_ceil(THREADS);
    let tally = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..THREADS)
            .map(|part| {
                let to = ((part + 1) * share).min(bootstrap.resamples());
                scope.spawn(move || bootstrap.run(part * share..to))
            })
            .collect();
        let mut tallies = parts.into_iter().map(|part| part.join().expect("a thread that ends"));
        let mut all = tallies.next().expect("at least one part");
        tallies.for_each(|tally| all.merge(tally));
        all
    });
    bootstrap.finish(tally)
}

fn everything(rule: &Rule, sheets: &[Sheet], bids: &[BidId]) -> Overview {
    let ranking = rank(rule, 0, sheets, bids, b"seed").expect("a ranking");
    let evidence = Evidence::new(rule, 0, sheets, &ranking).expect("evidence");
    let entrants: Vec<Entrant> = bids.iter().map(|bid| Entrant { bid: *bid, sealed_at: None }).collect();
    let contest = Contest { rule, gate: 0, sheets, entrants: &entrants, seed: Some(b"seed") };
    let evidence = evidence.under_the_rule(&contest).expect("rankings without each reviewer");
    let settings = Settings::default();
    let intervals = overview::bootstrap(&evidence, &settings).map(|bootstrap| on_threads(&bootstrap));
    overview::overview(&evidence, &settings, intervals)
}

fn main() {
    let Some(name) = std::env::args().nth(1) else {
        WORKS.iter().for_each(|work| println!("{}", work.0));
        return;
    };
    let Some((_, bids, reviewers, runs)) = WORKS.iter().find(|work| work.0 == name) else {
        eprintln!("no work named {name}");
        std::process::exit(2);
    };
    let bids: Vec<BidId> = (1..=*bids as u128).map(|n| BidId(Uuid::from_u128(n))).collect();
    let sheets = sheets(&bids, *reviewers);
    let rule = Rule::policy_preset();
    let mut note = String::new();
    let mut times: Vec<f64> = (0..*runs)
        .map(|_| {
            let start = Instant::now();
            let overview = everything(&rule, &sheets, &bids);
            let elapsed = start.elapsed().as_secs_f64() * 1e6;
            note = format!(
                "{} bids, {} reviewers, reliability {}",
                overview.bids.len(),
                overview.reviewers.len(),
                overview.agreement.reliability.known().map_or(f64::NAN, |known| known.panel)
            );
            elapsed
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    let median = times.get(times.len() / 2).copied().unwrap_or(f64::NAN);
    println!("{median:.1}\t{}\t{note}", peak.trim().trim_end_matches("kB").trim());
}

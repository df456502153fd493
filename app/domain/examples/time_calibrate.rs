//! How long calibration takes, for `cargo xtask bench scoring`. Names the works without an argument; with one, prints the
//! median in microseconds, the peak resident memory in KiB and a note, separated by tabs.

use std::time::Instant;

use domain::stats::calibrate::{additive, fit_mixed, posterior, rank_certainty};
use domain::stats::{Panel, Review};

const WORKS: [&str; 6] = [
    "additive_100k",
    "mixed_1000x5",
    "mixed_1000_of_200",
    "mixed_20000x5",
    "mixed_20000_of_2000",
    "expected_rank_1000x5",
];

/// A fixed multiplicative generator: the same input at every run.
struct Steps(u64);

impl Steps {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn unit(&mut self) -> f64 {
        self.next() as f64 / (1u64 << 31) as f64
    }

    /// About normal, variance 1.
    fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}

/// Every bid scored by `per_bid` of the reviewers; standard deviations 8, 5 and 4 points.
fn panel(bids: u32, reviewers: u32, per_bid: u32) -> Panel {
    let mut steps = Steps(20_261_122);
    let offsets: Vec<f64> = (0..reviewers).map(|_| 5.0 * steps.bell()).collect();
    let mut reviews = Vec::new();
    for bid in 0..bids {
        let quality = 70.0 + 8.0 * steps.bell();
        let mut members: Vec<u32> = Vec::new();
        while (members.len() as u32) < per_bid {
            let wanted = members.len() as u32;
            let reviewer =
                if per_bid == reviewers { wanted } else { (steps.next() % u64::from(reviewers)) as u32 };
            if !members.contains(&reviewer) {
                members.push(reviewer);
            }
        }
        for reviewer in members {
            let offset = offsets.get(reviewer as usize).copied().unwrap_or_default();
            reviews.push(Review { bid, reviewer, score: quality + offset + 4.0 * steps.bell() });
        }
    }
    Panel::new(bids as usize, reviewers as usize, reviews).unwrap_or_else(|fault| panic!("{fault}"))
}

/// Median of `times` runs, in microseconds, and what the last one had to say.
fn median(times: usize, mut work: impl FnMut() -> String) -> (u128, String) {
    let mut taken = Vec::new();
    let mut note = String::new();
    for _ in 0..times {
        let start = Instant::now();
        note = work();
        taken.push(start.elapsed().as_micros());
    }
    taken.sort_unstable();
    (taken.get(taken.len() / 2).copied().unwrap_or_default(), note)
}

fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or_default()
}

fn calibrated(panel: &Panel) -> String {
    match additive(panel) {
        Ok(fit) => format!("residual variance {:.3}", fit.residual_variance.unwrap_or_default()),
        Err(why) => why.to_string(),
    }
}

/// Fit, posterior, expected ranks and chances of the first tenth.
fn mixed(panel: &Panel) -> String {
    let run = || {
        let start = Instant::now();
        let fit = fit_mixed(panel)?;
        let fitted = start.elapsed().as_millis();
        let found = posterior(panel, &fit.variances(), None)?;
        let known = start.elapsed().as_millis();
        let ranks = rank_certainty(panel, &found, panel.bids() / 10, 7)?;
        let ranked = start.elapsed().as_millis();
        Ok(format!(
            "variances {:.3} {:.3} {:.3} in {} steps; fit {fitted} ms, posterior {} ms, ranks {} ms ({} draws)",
            fit.var_bid,
            fit.var_reviewer,
            fit.var_residual,
            fit.steps,
            known - fitted,
            ranked - known,
            ranks.top.draws,
        ))
    };
    run().unwrap_or_else(|why: domain::stats::Undefined| why.to_string())
}

fn ranked(panel: &Panel) -> String {
    let run = || {
        let fit = fit_mixed(panel)?;
        let found = posterior(panel, &fit.variances(), None)?;
        let ranks = domain::stats::calibrate::expected_rank(panel, &found, 7)?;
        Ok(format!(
            "fit, posterior and every pair; first bid {:.3}",
            ranks.expected_rank.first().unwrap_or(&0.0)
        ))
    };
    run().unwrap_or_else(|why: domain::stats::Undefined| why.to_string())
}

fn main() {
    let Some(name) = std::env::args().nth(1) else {
        WORKS.iter().for_each(|work| println!("{work}"));
        return;
    };
    let (bids, reviewers, times) = match name.as_str() {
        "additive_100k" => (20_000, 2_000, 51),
        "mixed_1000x5" | "expected_rank_1000x5" => (1_000, 5, 11),
        "mixed_1000_of_200" => (1_000, 200, 5),
        "mixed_20000x5" => (20_000, 5, 3),
        "mixed_20000_of_2000" => (20_000, 2_000, 3),
        _ => {
            eprintln!("unknown work; without an argument the works are listed");
            std::process::exit(2);
        }
    };
    let panel = panel(bids, reviewers, 5);
    let (micros, note) = median(times, || match name.as_str() {
        "additive_100k" => calibrated(&panel),
        "expected_rank_1000x5" => ranked(&panel),
        _ => mixed(&panel),
    });
    println!("{micros}\t{}\t{note}", peak_kib());
}

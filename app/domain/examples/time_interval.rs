//! How long rank intervals take: `time_interval WORK`, with 10,000 resamples on two threads. Without an argument: the
//! names of the works. Prints the median time in microseconds, the peak of resident memory in KiB, and a note.

use std::time::Instant;

use domain::stats::interval::{
    Bootstrap, BootstrapSettings, Combine, RankIntervals, RankedQuantity, leave_one_reviewer_out,
    pivotal_reviewers, weight_sensitivity,
};
use domain::stats::{Panel, PanelFault, Review, Undefined};

const RESAMPLES: u32 = 10_000;
const THREADS: u32 = 2;

type Work = fn() -> Result<String, Box<dyn std::error::Error>>;

const WORKS: [(&str, usize, Work); 8] = [
    ("bootstrap_1000x5_crossed", 11, || crossed(1000, 5)),
    ("bootstrap_1000x5_nested_200", 11, || nested(1000, 200, 5)),
    ("bootstrap_20000x5_crossed", 5, || crossed(20_000, 5)),
    ("bootstrap_20000x5_nested_2000", 3, || nested(20_000, 2000, 5)),
    ("bootstrap_1000x20_crossed", 5, || crossed(1000, 20)),
    ("bootstrap_1000x7_nested_200", 5, || nested(1000, 200, 7)),
    ("leave_one_out_20000x5_nested_2000", 5, leave_one_out),
    ("weights_20000x5", 5, weights),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(name) = std::env::args().nth(1) else {
        WORKS.iter().for_each(|(name, ..)| println!("{name}"));
        return Ok(());
    };
    let Some((_, times, work)) = WORKS.iter().find(|(work, ..)| *work == name) else {
        return Err(format!("no work {name}").into());
    };
    let mut taken = Vec::new();
    let mut note = String::new();
    for _ in 0..*times {
        note = work()?;
        let (micros, said) = note.split_once('\t').ok_or("no time")?;
        taken.push(micros.parse::<u128>()?);
        note = said.to_owned();
    }
    taken.sort_unstable();
    let median = taken.get(taken.len() / 2).copied().unwrap_or_default();
    println!("{median}\t{}\t{note}", peak_memory()?);
    Ok(())
}

/// Time of the work alone, a tabulator and the note.
fn timed<T>(work: impl FnOnce() -> T, note: impl FnOnce(T) -> String) -> String {
    let start = Instant::now();
    let result = work();
    let micros = start.elapsed().as_micros();
    format!("{micros}\t{}", note(result))
}

fn crossed(bids: u32, reviewers: u32) -> Result<String, Box<dyn std::error::Error>> {
    let mut random = Random(1);
    let severity: Vec<f64> = (0..reviewers).map(|_| random.unit() * 6.0).collect();
    let mut reviews = Vec::new();
    for bid in 0..bids {
        let quality = 60.0 + random.unit() * 30.0;
        for (reviewer, severity) in (0..).zip(&severity) {
            reviews.push(Review { bid, reviewer, score: random.score(quality - severity) });
        }
    }
    bootstrap(Panel::new(bids as usize, reviewers as usize, reviews)?)
}

fn nested(bids: u32, reviewers: u32, each: u32) -> Result<String, Box<dyn std::error::Error>> {
    bootstrap(assigned(bids, reviewers, each)?)
}

/// Each bid has reviews by `each` of the reviewers.
fn assigned(bids: u32, reviewers: u32, each: u32) -> Result<Panel, PanelFault> {
    let mut random = Random(2);
    let mut reviews = Vec::new();
    for bid in 0..bids {
        let quality = 60.0 + random.unit() * 30.0;
        for turn in 0..each {
            let reviewer = (bid * each + turn * 7) % reviewers;
            reviews.push(Review { bid, reviewer, score: random.score(quality) });
        }
    }
    Panel::new(bids as usize, reviewers as usize, reviews)
}

fn bootstrap(panel: Panel) -> Result<String, Box<dyn std::error::Error>> {
    let quantity = RankedQuantity::of_totals(panel, Combine::Mean);
    let work = || -> Result<RankIntervals, Undefined> {
        let settings = BootstrapSettings {
            resamples: RESAMPLES,
            seed: b"time".to_vec(),
            confidence: 0.95,
            top_k: 10,
            always_draw: true,
        };
        let bootstrap = Bootstrap::new(&quantity, settings)?;
        let all = bootstrap.resamples();
        let tally = std::thread::scope(|scope| {
            let bootstrap = &bootstrap;
            let part = |thread| {
                all / THREADS * thread..if thread + 1 == THREADS { all } else { all / THREADS * (thread + 1) }
            };
            let others: Vec<_> =
                (1..THREADS).map(|thread| scope.spawn(move || bootstrap.run(part(thread)))).collect();
            let mut tally = bootstrap.run(part(0));
            for other in others {
                if let Ok(other) = other.join() {
                    tally.merge(other);
                }
            }
            tally
        });
        Ok(bootstrap.finish(tally))
    };
    let note = |found: Result<RankIntervals, Undefined>| match found {
        Ok(found) => {
            format!("{:?}, {} resamples, {} tied first", found.scheme, found.total, found.tied_first)
        }
        Err(reason) => format!("{reason:?}"),
    };
    Ok(timed(work, note))
}

fn leave_one_out() -> Result<String, Box<dyn std::error::Error>> {
    let quantity = RankedQuantity::of_totals(assigned(20_000, 2000, 5)?, Combine::Mean);
    let work = || -> Result<_, Undefined> {
        Ok((leave_one_reviewer_out(&quantity)?, pivotal_reviewers(&quantity, 100)?))
    };
    Ok(timed(work, |found| match found {
        Ok((left_out, pivotal)) => {
            format!("{} reviewers, {} pivotal for the first 100", left_out.without.len(), pivotal.top.len())
        }
        Err(reason) => format!("{reason:?}"),
    }))
}

const WEIGHTS: [f64; 5] = [0.3, 0.25, 0.2, 0.15, 0.1];

/// The row with the highest weighted total.
fn highest(means: &[f64], weights: &[f64]) -> usize {
    let total = |row: &[f64]| row.iter().zip(weights).map(|(mean, weight)| mean * weight).sum::<f64>();
    let totals = means.chunks(weights.len()).map(total).zip(0..);
    totals.max_by(|one, other| one.0.total_cmp(&other.0)).map_or(0, |(_, row)| row)
}

fn weights() -> Result<String, Box<dyn std::error::Error>> {
    let mut random = Random(3);
    let means: Vec<f64> = (0..100_000).map(|_| random.unit() * 100.0).collect();
    let first = highest(&means, &WEIGHTS);
    let work = || weight_sensitivity(&means, &WEIGHTS, first, false);
    Ok(timed(work, |found| match found {
        Ok(found) => {
            format!("all weights: {:.5}", found.all_weights.map_or(f64::NAN, |change| change.distance))
        }
        Err(reason) => format!("{reason:?}"),
    }))
}

/// A fixed multiplicative generator: Lehmer's, with the factor of Park and Miller.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0 * 48_271 % 2_147_483_647;
        self.0 as f64 / 2_147_483_647.0
    }

    /// Around `middle`, to a hundredth.
    fn score(&mut self, middle: f64) -> f64 {
        let noise = (self.unit() + self.unit() + self.unit() - 1.5) * 12.0;
        ((middle + noise) * 100.0).round() / 100.0
    }
}

fn peak_memory() -> Result<u64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.split_whitespace().nth(1).ok_or("no figure")?.parse()?)
}

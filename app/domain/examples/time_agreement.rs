//! How long agreement takes on large sheets: one work's name as the argument, none lists them. Prints the median in
//! microseconds, the peak of resident memory in KiB and a note.

use std::time::Instant;

use domain::stats::Panel;
use domain::stats::agreement::{Level, fleiss_kappa, kendall_w, krippendorff_alpha, six_icc};

type Work = fn(&Panel) -> String;

/// Name, bids, reviewers, percent missing, what is done.
const WORKS: [(&str, usize, usize, u64, Work); 10] = [
    ("icc_1000x5", 1000, 5, 0, icc),
    ("icc_20000x5", 20_000, 5, 0, icc),
    ("alpha_ordinal_10000x20", 10_000, 20, 10, |panel| alpha(panel, Level::Ordinal)),
    ("alpha_nominal_10000x20", 10_000, 20, 10, |panel| alpha(panel, Level::Nominal)),
    ("alpha_interval_10000x20", 10_000, 20, 10, |panel| alpha(panel, Level::Interval)),
    ("alpha_ratio_10000x20", 10_000, 20, 10, |panel| alpha(panel, Level::Ratio)),
    ("alpha_ratio_fine_20000x5", 20_000, 5, 0, |panel| alpha(panel, Level::Ratio)),
    ("alpha_ordinal_fine_20000x5", 20_000, 5, 0, |panel| alpha(panel, Level::Ordinal)),
    ("kendall_w_20000x5", 20_000, 5, 0, |panel| {
        kendall_w(panel).map_or_else(|reason| reason.to_string(), |figure| format!("W {:.6}", figure.w))
    }),
    ("fleiss_kappa_20000x5", 20_000, 5, 0, |panel| {
        fleiss_kappa(panel)
            .map_or_else(|reason| reason.to_string(), |figure| format!("kappa {:.6}", figure.kappa))
    }),
];

fn icc(panel: &Panel) -> String {
    six_icc(panel, 0.95).map_or_else(
        |reason| reason.to_string(),
        |icc| format!("ICC(2,1) {:.6} [{:.6}, {:.6}]", icc.icc_2_1.value, icc.icc_2_1.low, icc.icc_2_1.high),
    )
}

fn alpha(panel: &Panel, level: Level) -> String {
    krippendorff_alpha(panel, level)
        .map_or_else(|reason| reason.to_string(), |alpha| format!("alpha {:.9}", alpha.alpha))
}

/// Whole points from 1 to 10: a bid's own level and a disturbance for each score. `fine` adds a part of a point that
/// lies on no grid.
fn sheet(bids: usize, reviewers: usize, missing_percent: u64, fine: bool) -> Panel {
    let mut state = 20_261_122_u64;
    let mut below = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let rows: Vec<Vec<Option<f64>>> = (0..bids)
        .map(|_| {
            let level = below(7);
            (0..reviewers)
                .map(|_| {
                    let score = (1 + level + below(4)) as f64;
                    let part = if fine { below(1_000_000) as f64 / 3e6 } else { 0.0 };
                    (below(100) >= missing_percent).then_some(score + part)
                })
                .collect()
        })
        .collect();
    Panel::from_rows(&rows).unwrap_or_else(|fault| panic!("{fault}"))
}

fn main() {
    let Some(name) = std::env::args().nth(1) else {
        WORKS.iter().for_each(|work| println!("{}", work.0));
        return;
    };
    let Some((_, bids, reviewers, missing, work)) = WORKS.iter().find(|work| work.0 == name) else {
        eprintln!("no work named {name}");
        std::process::exit(2);
    };
    let panel = sheet(*bids, *reviewers, *missing, name.contains("fine"));
    let mut note = String::new();
    let mut times: Vec<f64> = (0..51)
        .map(|_| {
            let start = Instant::now();
            note = work(std::hint::black_box(&panel));
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    println!("{median:.1}\t{}\t{note}", peak.trim().trim_end_matches(" kB"));
}

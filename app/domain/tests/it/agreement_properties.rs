//! What holds for every panel: agreement is blind to order, to a common shift, and fast sums equal textbook pairs.

use domain::stats::Panel;
use domain::stats::agreement::{
    ConcordanceP, Icc, Level, cohen_kappa, fleiss_kappa, kendall_tau_b, kendall_w, krippendorff_alpha,
    six_icc, spearman_brown, spearman_rho,
};
use proptest::collection::vec;
use proptest::prelude::*;

type Rows = Vec<Vec<Option<f64>>>;

const LEVELS: [Level; 4] = [Level::Nominal, Level::Ordinal, Level::Interval, Level::Ratio];

/// Whole points, halves, thousandths and thirds, which lie on no grid.
fn score() -> impl Strategy<Value = f64> {
    prop_oneof![
        (0..6_i32).prop_map(f64::from),
        (0..12_i32).prop_map(|halves| f64::from(halves) / 2.0),
        (0..9000_i32).prop_map(|milli| f64::from(milli) / 1000.0),
        (0..30_i32).prop_map(|thirds| f64::from(thirds) / 3.0),
    ]
}

fn complete_rows() -> impl Strategy<Value = Rows> {
    (2..9_usize, 2..7_usize)
        .prop_flat_map(|(bids, reviewers)| vec(vec(score().prop_map(Some), reviewers), bids))
}

fn rows_with_gaps() -> impl Strategy<Value = Rows> {
    (2..9_usize, 2..7_usize)
        .prop_flat_map(|(bids, reviewers)| vec(vec(prop::option::weighted(0.8, score()), reviewers), bids))
}

fn panel(rows: &Rows) -> Panel {
    Panel::from_rows(rows).unwrap()
}

/// The same scores with bids and reviewers in another order.
fn turned(rows: &Rows, by: usize) -> Rows {
    let mut other = rows.clone();
    other.reverse();
    other.iter_mut().for_each(|row| {
        let middle = by % row.len();
        row.rotate_left(middle);
    });
    let middle = by % other.len();
    other.rotate_left(middle);
    other
}

fn column(rows: &Rows, reviewer: usize) -> Vec<f64> {
    rows.iter().map(|row| row[reviewer].unwrap()).collect()
}

fn close(left: f64, right: f64) -> bool {
    left == right || (left - right).abs() <= 1e-9 * left.abs().max(right.abs()).max(1.0)
}

fn forms(panel: &Panel) -> Option<Vec<Icc>> {
    let icc = six_icc(panel, 0.9).ok()?;
    let always = [icc.icc_1_1, icc.icc_2_1, icc.icc_3_1, icc.icc_1_k, icc.icc_3_k];
    Some(always.into_iter().chain(icc.icc_2_k).collect())
}

/// Krippendorff's definition, pair by pair.
fn slow_alpha(rows: &Rows, level: Level) -> Option<f64> {
    let units: Vec<Vec<f64>> = rows
        .iter()
        .map(|row| row.iter().flatten().copied().collect::<Vec<f64>>())
        .filter(|unit| unit.len() > 1)
        .collect();
    let values: Vec<f64> = units.iter().flatten().copied().collect();
    let count = |value: f64| values.iter().filter(|other| **other == value).count() as f64;
    let difference = |c: f64, k: f64| match level {
        Level::Nominal => f64::from(c != k),
        Level::Ordinal => {
            let between = values.iter().filter(|g| **g >= c.min(k) && **g <= c.max(k)).count() as f64;
            if c == k { 0.0 } else { (between - (count(c) + count(k)) / 2.0).powi(2) }
        }
        Level::Interval => (c - k).powi(2),
        Level::Ratio => {
            if c + k == 0.0 {
                0.0
            } else {
                ((c - k) / (c + k)).powi(2)
            }
        }
    };
    let pairs = |group: &[f64]| -> f64 {
        group.iter().flat_map(|c| group.iter().map(move |k| (c, k))).map(|(c, k)| difference(*c, *k)).sum()
    };
    let n = values.len() as f64;
    let observed = units.iter().map(|unit| pairs(unit) / (unit.len() as f64 - 1.0)).sum::<f64>() / n;
    let expected = pairs(&values) / (n * (n - 1.0));
    (units.len() > 1 && expected > 0.0).then(|| 1.0 - observed / expected)
}

/// Kendall's definition, pair by pair.
fn slow_tau_b(x: &[f64], y: &[f64]) -> Option<f64> {
    let (mut balance, mut differ_x, mut differ_y) = (0.0, 0.0, 0.0);
    for i in 0..x.len() {
        for j in 0..i {
            let sign = |list: &[f64]| if list[i] == list[j] { 0.0 } else { (list[i] - list[j]).signum() };
            balance += sign(x) * sign(y);
            differ_x += sign(x).abs();
            differ_y += sign(y).abs();
        }
    }
    (differ_x * differ_y > 0.0).then(|| balance / f64::sqrt(differ_x * differ_y))
}

proptest! {
    #[test]
    fn order_never_matters(rows in complete_rows(), by in 0..9_usize) {
        let (one, other) = (panel(&rows), panel(&turned(&rows, by)));
        match (forms(&one), forms(&other)) {
            (Some(left), Some(right)) => {
                for (left, right) in left.iter().zip(&right) {
                    prop_assert!(close(left.value, right.value));
                    prop_assert!(close(left.low, right.low) && close(left.high, right.high));
                }
            }
            (left, right) => prop_assert_eq!(left, right),
        }
        prop_assert_eq!(kendall_w(&one), kendall_w(&other));
        prop_assert_eq!(fleiss_kappa(&one).map(|kappa| kappa.categories.len()),
            fleiss_kappa(&other).map(|kappa| kappa.categories.len()));
        if let (Ok(left), Ok(right)) = (fleiss_kappa(&one), fleiss_kappa(&other)) {
            prop_assert!(close(left.kappa, right.kappa) && close(left.z, right.z));
        }
    }

    #[test]
    fn order_never_matters_to_alpha(rows in rows_with_gaps(), by in 0..9_usize) {
        for level in LEVELS {
            let one = krippendorff_alpha(&panel(&rows), level);
            let other = krippendorff_alpha(&panel(&turned(&rows, by)), level);
            match (one, other) {
                (Ok(left), Ok(right)) => {
                    prop_assert!(close(left.alpha, right.alpha));
                    prop_assert_eq!((left.units, left.values), (right.units, right.values));
                }
                (left, right) => prop_assert_eq!(left, right),
            }
        }
    }

    #[test]
    fn alpha_is_what_the_textbook_counts(rows in rows_with_gaps()) {
        for level in LEVELS {
            match (krippendorff_alpha(&panel(&rows), level), slow_alpha(&rows, level)) {
                (Ok(fast), Some(slow)) => {
                    prop_assert!(close(fast.alpha, slow), "{:?}: {} instead of {}", level, fast.alpha, slow);
                    prop_assert!(fast.alpha <= 1.0);
                }
                (fast, slow) => prop_assert!(fast.is_err() && slow.is_none(), "{fast:?} {slow:?}"),
            }
        }
    }

    /// Thousands of distinct scores, far apart or close together.
    #[test]
    fn many_distinct_ratios_are_what_the_pairs_say(
        seed in vec((1_u32..900_000, 0_u32..40), 300..500), spread in prop_oneof![Just(1.0), Just(1e-7), Just(1e4)]
    ) {
        let rows: Rows = seed
            .iter()
            .map(|(milli, more)| {
                let score = f64::from(*milli) / 1000.0;
                let values = [score, score + f64::from(*more) / 7.0, if milli % 9 == 0 { 0.0 } else { score / 3.0 }];
                values.map(|value| Some(if spread < 1.0 { 100.0 + spread * value } else { value * spread })).to_vec()
            })
            .collect();
        let fast = krippendorff_alpha(&panel(&rows), Level::Ratio).unwrap().alpha;
        let slow = slow_alpha(&rows, Level::Ratio).unwrap();
        prop_assert!((fast - slow).abs() < 1e-11, "{fast} instead of {slow}");
    }

    #[test]
    fn a_common_shift_changes_nothing(rows in complete_rows(), shift in -50..50_i32) {
        let shifted: Rows =
            rows.iter().map(|row| row.iter().map(|score| score.map(|s| s + f64::from(shift))).collect()).collect();
        if let (Some(left), Some(right)) = (forms(&panel(&rows)), forms(&panel(&shifted))) {
            for (left, right) in left.iter().zip(&right) {
                prop_assert!((left.value - right.value).abs() < 1e-6 * left.value.abs().max(1.0));
            }
        }
        let alpha = |rows: &Rows| krippendorff_alpha(&panel(rows), Level::Interval).map(|alpha| alpha.alpha);
        if let (Ok(left), Ok(right)) = (alpha(&rows), alpha(&shifted)) {
            prop_assert!(close(left, right));
        }
    }

    #[test]
    fn the_mean_of_k_is_prophesied_from_one(rows in complete_rows()) {
        if let Ok(icc) = six_icc(&panel(&rows), 0.95) {
            let k = icc.reviewers as f64;
            for (one, many) in [(icc.icc_1_1, icc.icc_1_k), (icc.icc_3_1, icc.icc_3_k)] {
                for (one, many) in [(one.value, many.value), (one.low, many.low), (one.high, many.high)] {
                    if one > -0.99 / (k - 1.0) {
                        prop_assert!(close(spearman_brown(one, k).unwrap(), many));
                    }
                }
                prop_assert!(one.low <= one.value && one.value <= one.high && one.high <= 1.0);
            }
            for form in icc.icc_2_k.into_iter().chain([icc.icc_2_1]) {
                prop_assert!(form.low <= form.value && form.value <= form.high, "{form:?}");
            }
        }
    }

    #[test]
    fn identical_reviewers_agree_perfectly(scores in vec(score(), 2..9), reviewers in 2..6_usize) {
        let rows: Rows = scores.iter().map(|score| vec![Some(*score); reviewers]).collect();
        let panel = panel(&rows);
        prop_assume!(scores.iter().any(|score| *score != scores[0]));
        for level in LEVELS {
            prop_assert!(close(krippendorff_alpha(&panel, level).unwrap().alpha, 1.0));
        }
        for form in forms(&panel).unwrap() {
            prop_assert_eq!((form.low, form.value, form.high), (1.0, 1.0, 1.0));
        }
        prop_assert!(close(kendall_w(&panel).unwrap().w, 1.0));
        prop_assert!(close(fleiss_kappa(&panel).unwrap().kappa, 1.0));
        prop_assert!(close(cohen_kappa(&scores, &scores).unwrap().kappa, 1.0));
        prop_assert!(close(kendall_tau_b(&scores, &scores).unwrap(), 1.0));
    }

    #[test]
    fn concordance_lies_between_none_and_full(rows in complete_rows()) {
        if let Ok(concordance) = kendall_w(&panel(&rows)) {
            prop_assert!((0.0..=1.0).contains(&concordance.w));
            prop_assert!((0.0..=1.0).contains(&concordance.p));
            prop_assert!(concordance.w_uncorrected <= concordance.w + 1e-12);
            // The mean correlation of all pairs of reviewers, where none has ties: (m W - 1) / (m - 1).
            let m = rows[0].len();
            let mut sum = 0.0;
            for left in 0..m {
                for right in 0..left {
                    sum += spearman_rho(&column(&rows, left), &column(&rows, right)).unwrap_or(0.0);
                }
            }
            let mean = sum / (m * (m - 1) / 2) as f64;
            if concordance.tie_sum == 0.0 {
                prop_assert!(close(mean, (m as f64 * concordance.w - 1.0) / (m as f64 - 1.0)));
            }
        }
    }

    #[test]
    fn pairs_are_counted_as_the_definition_says(pairs in vec((score(), score()), 2..30)) {
        let (x, y): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        match (kendall_tau_b(&x, &y), slow_tau_b(&x, &y)) {
            (Ok(fast), Some(slow)) => prop_assert!(close(fast, slow)),
            (fast, slow) => prop_assert!(fast.is_err() && slow.is_none()),
        }
        prop_assert_eq!(kendall_tau_b(&x, &y), kendall_tau_b(&y, &x));
    }
}

/// All ways to spread every reviewer's scores over the bids, one by one: the share of those with at least this W.
fn slow_p(rows: &Rows) -> f64 {
    let mut orders: Vec<Vec<usize>> = vec![vec![]];
    for bid in 0..rows.len() {
        let with_bid = |order: Vec<usize>| {
            (0..=order.len()).map(move |place| [&order[..place], &[bid], &order[place..]].concat())
        };
        orders = orders.into_iter().flat_map(with_bid).collect();
    }
    let spread = |rows: &Rows| kendall_w(&panel(rows)).unwrap().sum_of_squares;
    let least = spread(rows);
    let reviewers = rows[0].len();
    let all = orders.len().pow(reviewers as u32);
    let reached = (0..all).filter(|number| {
        let mut rest = *number;
        let mut moved = rows.clone();
        for reviewer in 0..reviewers {
            for (bid, &from) in orders[rest % orders.len()].iter().enumerate() {
                moved[bid][reviewer] = rows[from][reviewer];
            }
            rest /= orders.len();
        }
        spread(&moved) >= least
    });
    reached.count() as f64 / all as f64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_chance_of_concordance_is_that_of_all_permutations(
        rows in prop_oneof![
            vec(vec((0..4_i32).prop_map(|score| Some(f64::from(score))), 3), 2..4),
            vec(vec((0..9_i32).prop_map(|score| Some(f64::from(score))), 2), 4..5),
        ]
    ) {
        let Ok(found) = kendall_w(&panel(&rows)) else { return Ok(()) };
        prop_assert_eq!(found.p_from, ConcordanceP::Permutations);
        prop_assert!(close(found.p, slow_p(&rows)), "{} instead of {}", found.p, slow_p(&rows));
    }
}

//! All advisory figures of panels, for comparison with other programs: one JSON object a line on standard input (see
//! [`Question`]), one JSON object a line of answers. A figure that is undefined answers with its reason, as
//! `{"undefined": ..}`; numbers that are not finite would be `null`.

use std::io::{BufRead, Write};

use domain::stats::aggregate::{
    Comparison, Comparisons, Profile, borda, bradley_terry, bradley_terry_with_order, davidson, kemeny,
    likelihood_ratio, plackett_luce,
};
use domain::stats::agreement::{
    Level, cohen_kappa, d_study, fleiss_kappa, kendall_tau_b, kendall_w, krippendorff_alpha, six_icc,
    spearman_rho,
};
use domain::stats::calibrate::{
    Variances, additive, centred, expected_rank, fit_mixed, fit_one_way, mean_and_scale, posterior,
    rank_certainty, z_scores,
};
use domain::stats::interval::{
    BootstrapSettings, Combine, RankedQuantity, TieMethod, grubbs, leave_one_reviewer_out, modified_z,
    paired_difference, pivotal_reviewers, rank_intervals, ranks_with_ties, t_interval, weight_sensitivity,
};
use domain::stats::{Panel, Undefined};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What one line asks.
#[derive(Deserialize)]
struct Question {
    /// One row per bid, one column per reviewer, `null` where there is no score.
    scores: Vec<Vec<Option<f64>>>,
    confidence: f64,
    top_k: usize,
    /// For the posterior with known variances.
    variances: Variances,
    /// `[first, second, first wins, second wins, ties]` each.
    comparisons: Vec<(usize, usize, f64, f64, f64)>,
    /// One row per bid, one column per criterion.
    means: Vec<Vec<f64>>,
    weights: Vec<f64>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let question: Question = serde_json::from_str(&line?)?;
        let panel = Panel::from_rows(&question.scores)?;
        let mut figures = agreement(&question, &panel);
        figures.extend(calibration(&question, &panel));
        figures.extend(intervals(&question, &panel));
        figures.extend(orders(&question, &panel));
        serde_json::to_writer(&mut out, &figures.into_iter().collect::<serde_json::Map<_, _>>())?;
        writeln!(out)?;
    }
    Ok(())
}

type Figures = Vec<(String, Value)>;

fn answer<T: Serialize>(figure: Result<T, Undefined>) -> Value {
    figure.map_or_else(|reason| json!(reason), |figure| json!(figure))
}

/// One figure for each of several parts.
fn answers<T: Serialize>(figures: impl IntoIterator<Item = Result<T, Undefined>>) -> Value {
    figures.into_iter().map(answer).collect()
}

/// The scores of the first two reviewers on the bids that both scored.
fn first_two(scores: &[Vec<Option<f64>>]) -> (Vec<f64>, Vec<f64>) {
    let pair =
        |row: &Vec<Option<f64>>| Some((row.first().copied().flatten()?, row.get(1).copied().flatten()?));
    scores.iter().filter_map(pair).unzip()
}

/// The row with the highest weighted total; of several, the first.
fn highest(means: &[f64], weights: &[f64]) -> usize {
    let total = |row: &[f64]| row.iter().zip(weights).map(|(mean, weight)| mean * weight).sum::<f64>();
    let totals = means.chunks(weights.len().max(1)).map(total).zip(0..);
    let better = |best: (f64, usize), other: (f64, usize)| if other.0 > best.0 { other } else { best };
    totals.reduce(better).map_or(0, |(_, row)| row)
}

fn agreement(question: &Question, panel: &Panel) -> Figures {
    let icc = six_icc(panel, question.confidence);
    let studies =
        icc.as_ref().map(|icc| answers((1..=9).map(|reviewers| d_study(&icc.components, reviewers))));
    let alpha = |level| answer(krippendorff_alpha(panel, level));
    let (first, second) = first_two(&question.scores);
    vec![
        ("d_study".into(), studies.unwrap_or(Value::Null)),
        ("icc".into(), answer(icc)),
        ("kendall_w".into(), answer(kendall_w(panel))),
        ("alpha_nominal".into(), alpha(Level::Nominal)),
        ("alpha_ordinal".into(), alpha(Level::Ordinal)),
        ("alpha_interval".into(), alpha(Level::Interval)),
        ("alpha_ratio".into(), alpha(Level::Ratio)),
        ("fleiss_kappa".into(), answer(fleiss_kappa(panel))),
        ("cohen_kappa".into(), answer(cohen_kappa(&first, &second))),
        ("kendall_tau_b".into(), answer(kendall_tau_b(&first, &second))),
        ("spearman_rho".into(), answer(spearman_rho(&first, &second))),
    ]
}

fn calibration(question: &Question, panel: &Panel) -> Figures {
    let known = posterior(panel, &question.variances, None);
    let seed = 20_261_122;
    let ranks = known.as_ref().map(|known| answer(expected_rank(panel, known, seed)));
    let certainty = known.as_ref().map(|known| answer(rank_certainty(panel, known, question.top_k, seed)));
    vec![
        ("additive".into(), answer(additive(panel))),
        ("centred".into(), answer(centred(panel))),
        ("z_scores".into(), answer(z_scores(panel))),
        ("mean_and_scale".into(), answer(mean_and_scale(panel))),
        ("one_way".into(), answer(fit_one_way(panel))),
        ("mixed".into(), answer(fit_mixed(panel))),
        ("expected_rank".into(), ranks.unwrap_or(Value::Null)),
        ("rank_certainty".into(), certainty.unwrap_or(Value::Null)),
        ("posterior".into(), answer(known)),
    ]
}

fn intervals(question: &Question, panel: &Panel) -> Figures {
    let of_bid = || (0..panel.bids()).map(|bid| panel.of_bid(bid).1);
    let quantity = RankedQuantity::of_totals(panel.clone(), Combine::Mean);
    let bootstrap = |always_draw| {
        let settings = BootstrapSettings {
            resamples: 20_000,
            seed: b"panel figures".to_vec(),
            confidence: question.confidence,
            top_k: question.top_k,
            always_draw,
        };
        answer(rank_intervals(&quantity, settings))
    };
    let means: Vec<f64> = question.means.iter().flatten().copied().collect();
    let (first, _) = first_two(&question.scores);
    let most = highest(&means, &question.weights);
    let ranks = |method| answer(ranks_with_ties(&first, method, false));
    vec![
        ("t_interval".into(), answers(of_bid().map(|scores| t_interval(scores, question.confidence)))),
        ("grubbs".into(), answers(of_bid().map(|scores| grubbs(scores, 1.0 - question.confidence)))),
        ("modified_z".into(), answers(of_bid().map(modified_z))),
        ("paired_difference".into(), answer(paired_difference(panel, 0, 1, question.confidence))),
        ("bootstrap_exact".into(), bootstrap(false)),
        ("bootstrap_drawn".into(), bootstrap(true)),
        ("leave_one_out".into(), answer(leave_one_reviewer_out(&quantity))),
        ("pivotal".into(), answer(pivotal_reviewers(&quantity, question.top_k))),
        ("weight_sensitivity".into(), answer(weight_sensitivity(&means, &question.weights, most, false))),
        ("ranks_competition".into(), ranks(TieMethod::Competition)),
        ("ranks_dense".into(), ranks(TieMethod::Dense)),
        ("ranks_fractional".into(), ranks(TieMethod::Fractional)),
    ]
}

fn orders(question: &Question, panel: &Panel) -> Figures {
    let rows = |with_ties: bool| {
        let row = |&(first, second, first_wins, second_wins, ties)| Comparison {
            first,
            second,
            first_wins,
            second_wins,
            ties: if with_ties { ties } else { 0.0 },
        };
        Comparisons::new(panel.bids(), question.comparisons.iter().map(row).collect())
    };
    let plain = rows(false).and_then(|rows| bradley_terry(&rows, 0));
    let ordered = rows(false).and_then(|rows| bradley_terry_with_order(&rows, 0));
    let ratio = plain
        .as_ref()
        .ok()
        .zip(ordered.as_ref().ok())
        .map(|(plain, ordered)| likelihood_ratio(plain, ordered));
    let profile = || Profile::of_panel(panel, false);
    vec![
        ("order_effect_test".into(), ratio.map_or(Value::Null, answer)),
        ("bradley_terry".into(), answer(plain)),
        ("bradley_terry_order".into(), answer(ordered)),
        ("davidson".into(), answer(rows(true).and_then(|rows| davidson(&rows, 0)))),
        ("plackett_luce".into(), answer(profile().and_then(|profile| plackett_luce(&profile, 0, 0.0)))),
        (
            "plackett_luce_pseudo".into(),
            answer(profile().and_then(|profile| plackett_luce(&profile, 0, 0.5))),
        ),
        ("borda".into(), answer(profile().and_then(|profile| borda(&profile)))),
        ("kemeny".into(), answer(profile().and_then(|profile| kemeny(&profile)))),
    ]
}

//! Reference cases: calibration, mixed model, shrinkage, expected rank.

use domain::stats::calibrate::{
    Mixed, Variances, additive, centred, expected_rank, expected_rank_independent, fit_mixed, islands,
    mean_and_scale, posterior, probability_better, quality_covariance, shrink, z_scores,
};
use domain::stats::{Island, Panel, Review, Undefined};
use serde_json::Value;

use crate::cases::{Case, numbers, rows};

/// Panel of a case's `observations`; bids `B1..` and reviewers `R1..` by their number.
fn panel(case: &Case) -> Panel {
    let position = |name: &Value| name.as_str().unwrap()[1..].parse::<u32>().unwrap() - 1;
    let reviews: Vec<Review> = case.input()["observations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| Review {
            bid: position(&row[0]),
            reviewer: position(&row[1]),
            score: row[2].as_f64().unwrap(),
        })
        .collect();
    let bids = reviews.iter().map(|review| review.bid as usize + 1).max().unwrap();
    let reviewers = reviews.iter().map(|review| review.reviewer as usize + 1).max().unwrap();
    Panel::new(bids, reviewers, reviews).unwrap()
}

#[track_caller]
fn meets_each(case: &Case, name: &str, letter: char, values: &[f64]) {
    assert_eq!(case.expected()[name].as_object().unwrap().len(), values.len());
    for (place, value) in values.iter().enumerate() {
        case.meets(&format!("/{name}/{letter}{}", place + 1), *value);
    }
}

/// Positions, best first, as the case prints them.
fn order(values: &[f64]) -> Vec<String> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&left, &right| values[right].total_cmp(&values[left]));
    order.iter().map(|bid| format!("B{}", bid + 1)).collect()
}

fn all(values: Vec<Option<f64>>) -> Vec<f64> {
    values.into_iter().map(Option::unwrap).collect()
}

#[test]
fn an_incomplete_panel_is_calibrated() {
    let case = Case::named("calibration_incomplete_panel");
    let panel = panel(&case);
    assert_eq!(islands(&panel).len(), 1);
    meets_each(&case, "centred", 'B', &all(centred(&panel).unwrap()));
    meets_each(&case, "zscore_mean", 'B', &all(z_scores(&panel).unwrap()));
    let scaled = all(mean_and_scale(&panel).unwrap());
    meets_each(&case, "mean_scale", 'B', &scaled);
    assert_eq!(Value::from(order(&scaled)), case.expected()["mean_scale_order"]);

    let fit = additive(&panel).unwrap();
    meets_each(&case, "fixed_effects_quality", 'B', &fit.quality);
    meets_each(&case, "fixed_effects_offsets", 'R', &fit.offset);
    assert_eq!(Value::from(order(&fit.quality)), case.expected()["fixed_effects_order"]);
    case.meets("/residual_ss", fit.residual_sum_of_squares);
    assert_eq!(fit.residual_degrees_of_freedom, 2);

    let raw: Vec<f64> = (0..panel.bids())
        .map(|bid| panel.of_bid(bid).1)
        .map(|row| row.iter().sum::<f64>() / row.len() as f64)
        .collect();
    meets_each(&case, "raw_mean", 'B', &raw);
    assert_eq!(Value::from(order(&raw)), case.expected()["raw_order"]);
}

#[test]
fn islands_refuse_calibration() {
    let case = Case::named("calibration_disconnected");
    let panel = panel(&case);
    let apart = vec![
        Island { bids: vec![0, 1], reviewers: vec![0] },
        Island { bids: vec![2, 3], reviewers: vec![1] },
    ];
    assert_eq!(islands(&panel), apart);
    case.meets("/connected_components", apart.len() as f64);
    case.meets("/rank_deficiency", apart.len() as f64 - 1.0);
    let refused = additive(&panel).unwrap_err();
    assert_eq!(refused, Undefined::Disconnected { islands: apart });
    let is_identifiable = !matches!(refused, Undefined::Disconnected { .. });
    assert_eq!(case.expected()["offset_difference_identifiable"], is_identifiable);
}

#[test]
fn the_mixed_model_predicts_bids_and_reviewers() {
    let case = Case::named("calibration_mixed_model_blup");
    let panel = panel(&case);
    let input = |name: &str| case.input()[name].as_f64().unwrap();
    let variances = Variances {
        bid: input("var_quality"),
        reviewer: input("var_reviewer"),
        residual: input("var_residual"),
    };
    let found = posterior(&panel, &variances, Some(input("mu"))).unwrap();
    meets_each(&case, "quality_posterior_mean", 'B', &found.quality_mean);
    meets_each(&case, "quality_posterior_sd", 'B', &found.quality_sd);
    meets_each(&case, "reviewer_offset_mean", 'R', &found.reviewer_mean);
    case.meets("/gls_mu", found.gls_mean);
    case.meets("/log_marginal_likelihood", found.log_marginal_likelihood.unwrap());
    assert_eq!((found.mean, found.spread_draws), (input("mu"), None));

    let covariance = quality_covariance(&panel, &variances).unwrap();
    for row in 0..4 {
        for column in 0..4 {
            case.meets(&format!("/posterior_cov/{row}/{column}"), covariance.at(row, column).unwrap());
        }
    }
    let ranks = expected_rank(&panel, &found, 1).unwrap();
    assert_eq!(ranks.draws, None);
    meets_each(&case, "expected_rank", 'B', &ranks.expected_rank);
    case.meets("/sum_expected_rank", ranks.expected_rank.iter().sum());
}

#[test]
fn independent_posteriors_are_ranked() {
    let case = Case::named("expected_rank_independent");
    let (means, deviations) = (numbers(&case.input()["mean"]), numbers(&case.input()["sd"]));
    let ranks = expected_rank_independent(&means, &deviations).unwrap();
    for (place, rank) in ranks.expected_rank.iter().enumerate() {
        case.meets(&format!("/expected_rank/{place}"), *rank);
    }
    let better = |left: usize, right: usize| {
        probability_better(means[left], means[right], deviations[left].powi(2) + deviations[right].powi(2))
    };
    case.meets("/p_1_beats_2", better(0, 1));
    case.meets("/p_2_beats_3", better(1, 2));
}

#[test]
fn few_scores_are_pulled_to_the_grand_mean() {
    let case = Case::named("shrinkage_one_way");
    let input = case.input();
    let number = |value: &Value| value.as_f64().unwrap();
    let bids = input["bids"].as_array().unwrap();
    let means: Vec<f64> = bids.iter().map(|bid| number(&bid["mean"])).collect();
    let counts: Vec<usize> = bids.iter().map(|bid| number(&bid["n"]) as usize).collect();
    let shrunk = shrink(
        &means,
        &counts,
        number(&input["var_between"]),
        number(&input["var_within"]),
        number(&input["grand_mean"]),
    )
    .unwrap();
    for (place, bid) in shrunk.iter().enumerate() {
        case.meets(&format!("/weight/{place}"), bid.weight);
        case.meets(&format!("/shrunk/{place}"), bid.value);
    }
    let numbered = |values: &[f64]| -> Vec<u32> {
        order(values).iter().map(|name| name[1..].parse().unwrap()).collect()
    };
    assert_eq!(Value::from(numbered(&means)), case.expected()["order_raw"]);
    let values: Vec<f64> = shrunk.iter().map(|bid| bid.value).collect();
    assert_eq!(Value::from(numbered(&values)), case.expected()["order_shrunk"]);
}

#[test]
fn restricted_likelihood_on_a_complete_panel_is_the_analysis_of_variance() {
    let case = Case::named("icc_shrout_fleiss_1979");
    let table = rows(&case.input()["ratings"]);
    let meets = |fit: &Mixed| {
        case.meets("/variance_components_anova_reml/target", fit.var_bid);
        case.meets("/variance_components_anova_reml/judge", fit.var_reviewer);
        case.meets("/variance_components_anova_reml/residual", fit.var_residual);
    };
    let fit = fit_mixed(&Panel::from_rows(&table).unwrap()).unwrap();
    meets(&fit);
    assert_eq!(fit.steps, 0);
    // A bid without scores changes nothing but the way: the search climbs instead of taking the closed form.
    let mut wider = table;
    wider.push(vec![None; 4]);
    let climbed = fit_mixed(&Panel::from_rows(&wider).unwrap()).unwrap();
    meets(&climbed);
}

//! The reference cases of comparison and ranking models, and of the counting rules.

use domain::stats::aggregate::{
    Comparison, Comparisons, Profile, Search, borda, bradley_terry, bradley_terry_with_order, davidson,
    kemeny, likelihood_ratio, plackett_luce, plackett_luce_linear, plurality, preferences,
    ranking_probability,
};
use serde_json::Value;

use crate::cases::{Case, numbers};

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

fn ranks(value: &Value) -> Vec<Vec<u32>> {
    let row = |row: &Value| numbers(row).into_iter().map(|rank| rank as u32).collect();
    value.as_array().unwrap().iter().map(row).collect()
}

fn rankings(items: usize, rows: Vec<Vec<u32>>) -> Profile {
    Profile::new(items, rows.into_iter().map(|row| (1.0, row))).unwrap()
}

#[test]
fn baseball_abilities_with_and_without_home_effect() {
    let case = Case::named("bradley_terry_baseball_agresti");
    let teams = ["Baltimore", "Boston", "Cleveland", "Detroit", "Milwaukee", "New York", "Toronto"];
    let team = |value: &Value| teams.iter().position(|name| value == name).unwrap();
    let games = case.input()["games"].as_array().unwrap().iter().map(|game| Comparison {
        first: team(&game[0]),
        second: team(&game[1]),
        first_wins: game[2].as_f64().unwrap(),
        second_wins: game[3].as_f64().unwrap(),
        ties: 0.0,
    });
    let games = Comparisons::new(teams.len(), games.collect()).unwrap();
    let reference = team(&case.input()["reference"]);
    let plain = bradley_terry(&games, reference).unwrap();
    let ordered = bradley_terry_with_order(&games, reference).unwrap();
    assert_eq!(plain.standard_error[reference], 0.0);
    for (place, name) in teams.iter().enumerate() {
        case.meets(&format!("/model1_log_ability/{name}"), plain.log_ability[place]);
        case.meets(&format!("/model2_log_ability/{name}"), ordered.log_ability[place]);
        case.meets(&format!("/model2_worth_sum1/{name}"), ordered.worth()[place]);
        if place != reference {
            case.meets(&format!("/model1_se/{name}"), plain.standard_error[place]);
        }
    }
    case.meets("/model1_loglik_binomial_no_const", plain.log_likelihood);
    case.meets("/model2_home_effect", ordered.order_effect.unwrap().estimate);
    let ratio = likelihood_ratio(&plain, &ordered).unwrap();
    case.meets("/lr_chi2_home", ratio.chi_squared);
    // A chi-squared of 5.41 with one degree of freedom.
    assert!((ratio.p - 0.0200).abs() < 1e-4, "{}", ratio.p);
}

#[test]
fn a_cycle_has_equal_abilities() {
    let case = Case::named("bradley_terry_cycle");
    let won = |pair: &Value| {
        let pair = numbers(pair);
        Comparison {
            first: pair[0] as usize,
            second: pair[1] as usize,
            first_wins: 1.0,
            second_wins: 0.0,
            ties: 0.0,
        }
    };
    let wins = case.input()["wins"].as_array().unwrap().iter().map(won).collect();
    let fit = bradley_terry(&Comparisons::new(3, wins).unwrap(), 0).unwrap();
    for item in 0..3 {
        case.meets(&format!("/log_ability/{item}"), fit.log_ability[item]);
    }
}

#[test]
fn puddings_tie() {
    let case = Case::named("davidson_ties_pudding");
    let row = |row: &Value| {
        let row = numbers(row);
        let [first, second] = [row[0] as usize - 1, row[1] as usize - 1];
        Comparison { first, second, first_wins: row[3], second_wins: row[4], ties: row[5] }
    };
    let rows = case.input()["data"].as_array().unwrap().iter().map(row).collect();
    let fit = davidson(&Comparisons::new(6, rows).unwrap(), 0).unwrap();
    for item in 0..6 {
        case.meets(&format!("/log_worth_ref1/{item}"), fit.log_worth[item]);
        case.meets(&format!("/worth_sum1/{item}"), fit.worth()[item]);
        if item > 0 {
            case.meets(&format!("/se/{}", item - 1), fit.standard_error[item]);
        }
    }
    let tie = fit.tie.unwrap();
    case.meets("/log_tie", tie.log_delta);
    case.meets("/se/5", tie.standard_error);
    case.meets("/tie_parameter", fit.tie_parameter());
    case.meets("/residual_deviance_from_loglik", fit.deviance);
}

#[test]
fn tied_and_partial_rankings_with_and_without_pseudo_rankings() {
    let case = Case::named("plackett_luce_ties_subrankings");
    let items = texts(&case.input()["items"]);
    let profile = rankings(items.len(), ranks(&case.input()["rankings"]));
    let half = case.input()["npseudo"].as_f64().unwrap();
    for (under, pseudo) in [("coef_npseudo_0_5", half), ("coef_mle_npseudo_0", 0.0)] {
        let fit = plackett_luce(&profile, 0, pseudo).unwrap();
        for (place, name) in items.iter().enumerate() {
            case.meets(&format!("/{under}/{name}"), fit.log_worth[place]);
        }
        assert_eq!(fit.ties.len(), 1);
        assert_eq!(fit.ties[0].size, 2);
        case.meets(&format!("/{under}/tie2"), fit.ties[0].log_delta);
    }
}

#[test]
fn salad_dressings_by_item_and_by_acid() {
    let case = Case::named("plackett_luce_full_salad");
    let profile = rankings(4, ranks(&case.input()["rankings_rank_of_item"]));
    let fit = plackett_luce(&profile, 0, 0.0).unwrap();
    for item in 0..4 {
        case.meets(&format!("/log_worth_refA/{item}"), fit.log_worth[item]);
        case.meets(&format!("/worth_sum1/{item}"), fit.worth()[item]);
    }
    case.meets("/deviance", fit.deviance);
    assert_eq!(fit.ties, []);
    // Acetic and gluconic acid of the four dressings, as in the source.
    let acids = [vec![0.5, 0.0], vec![0.5, 10.0], vec![1.0, 0.0], vec![0.0, 10.0]];
    let linear = plackett_luce_linear(&profile, &acids).unwrap();
    case.meets("/covariate_model/acetic", linear.coefficient[0]);
    case.meets("/covariate_model/gluconic", linear.coefficient[1]);
    case.meets("/covariate_model/deviance", linear.deviance);
}

#[test]
fn the_probability_of_an_order_follows_from_the_worths() {
    let case = Case::named("plackett_luce_two_rankings");
    let worth = numbers(&case.input()["worth"]);
    let probability = |ranks: [u32; 3]| ranking_probability(&worth, &[], &ranks).unwrap();
    case.meets("/p_order_123", probability([1, 2, 3]));
    case.meets("/p_order_321", probability([3, 2, 1]));
    case.meets("/p_order_213", probability([2, 1, 3]));
    let all = [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]];
    case.meets("/sum_all_6", all.into_iter().map(probability).sum());
}

#[test]
fn the_capital_of_tennessee() {
    let case = Case::named("kemeny_borda_tennessee");
    let cities = texts(&case.input()["items"]);
    let positions = |names: &Value| -> Vec<usize> {
        texts(names).iter().map(|name| cities.iter().position(|city| city == name).unwrap()).collect()
    };
    let ballots = case.input()["profile"].as_array().unwrap().iter();
    let ballots: Vec<(f64, Vec<usize>)> =
        ballots.map(|ballot| (ballot["weight"].as_f64().unwrap(), positions(&ballot["order"]))).collect();
    let profile = Profile::of_orders(4, &ballots).unwrap();
    let table = preferences(&profile).unwrap();
    for row in 0..4 {
        for column in 0..4 {
            case.meets(&format!("/pairwise_row_preferred/{row}/{column}"), table.ahead(row, column));
        }
    }
    let best = kemeny(&profile).unwrap();
    assert_eq!((best.order, best.search), (positions(&case.expected()["kemeny_order"]), Search::Exact));
    case.meets("/kemeny_score", best.score);
    case.meets("/kemeny_distance", best.distance);
    let count = borda(&profile).unwrap();
    for (place, city) in cities.iter().enumerate() {
        case.meets(&format!("/borda_3210/{city}"), count.points[place]);
    }
    assert_eq!(count.order, positions(&case.expected()["borda_order"]));
    let named = |item: usize| Some(cities[item]);
    assert_eq!(named(table.condorcet_winner().unwrap()), case.expected()["condorcet_winner"].as_str());
    let most = plurality(&profile).unwrap();
    assert_eq!(most.winners.len(), 1);
    assert_eq!(named(most.winners[0]), case.expected()["plurality_winner"].as_str());
}

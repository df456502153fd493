//! What must hold for any set of rankings or comparisons.

use domain::stats::aggregate::{
    Comparison, Comparisons, Profile, Search, borda, bradley_terry, bradley_terry_with_order, davidson,
    kemeny, likelihood_ratio, plackett_luce, plackett_luce_linear, plurality, preferences,
    ranking_probability,
};
use domain::stats::{Panel, Undefined};
use proptest::prelude::*;

/// Ranks of `items` items, possibly tied, possibly partial.
fn ranks(items: usize, lowest: u32) -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(lowest..=items as u32, items)
}

fn profile_rows(items: usize, lowest: u32) -> impl Strategy<Value = Vec<(f64, Vec<u32>)>> {
    let weight = (1u32..5).prop_map(f64::from);
    prop::collection::vec((weight, ranks(items, lowest)), 1..8)
}

fn orders(items: usize) -> impl Strategy<Value = Vec<(f64, Vec<usize>)>> {
    let order = Just((0..items).collect::<Vec<usize>>()).prop_shuffle();
    prop::collection::vec(((1u32..4).prop_map(f64::from), order), 1..8)
}

fn permutations(items: usize) -> Vec<Vec<usize>> {
    if items == 0 {
        return vec![Vec::new()];
    }
    let shorter = permutations(items - 1);
    shorter
        .iter()
        .flat_map(|order| {
            (0..items).map(move |place| {
                let mut longer = order.clone();
                longer.insert(place, items - 1);
                longer
            })
        })
        .collect()
}

fn contradictions(order: &[usize], profile: &Profile) -> f64 {
    let table = preferences(profile).unwrap();
    let mut sum = 0.0;
    for (place, &item) in order.iter().enumerate() {
        sum += order[place + 1..].iter().map(|&behind| table.ahead(behind, item)).sum::<f64>();
    }
    sum
}

fn close(left: &[f64], right: &[f64], allowed: f64) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| (left - right).abs() <= allowed)
}

fn relabelled(rows: &[(f64, Vec<u32>)], new_place: &[usize]) -> Vec<(f64, Vec<u32>)> {
    let moved = |ranks: &Vec<u32>| {
        let mut moved = vec![0; ranks.len()];
        for (&rank, &place) in ranks.iter().zip(new_place) {
            moved[place] = rank;
        }
        moved
    };
    rows.iter().map(|(weight, ranks)| (*weight, moved(ranks))).collect()
}

fn moved_back(values: &[f64], new_place: &[usize]) -> Vec<f64> {
    new_place.iter().map(|&place| values[place]).collect()
}

/// Rows of wins, with every pair met in both directions so that worths exist.
fn win_rows(items: usize) -> impl Strategy<Value = Vec<(usize, usize, u32, u32)>> {
    let pairs: Vec<(usize, usize)> =
        (0..items).flat_map(|left| (left + 1..items).map(move |right| (left, right))).collect();
    let count = pairs.len();
    prop::collection::vec((1u32..9, 1u32..9), count).prop_map(move |wins| {
        pairs.iter().zip(wins).map(|(&(left, right), (won, lost))| (left, right, won, lost)).collect()
    })
}

pub fn comparisons(items: usize, rows: &[(usize, usize, u32, u32)], ties: f64) -> Comparisons {
    let row = |&(first, second, won, lost): &(usize, usize, u32, u32)| Comparison {
        first,
        second,
        first_wins: f64::from(won),
        second_wins: f64::from(lost),
        ties,
    };
    Comparisons::new(items, rows.iter().map(row).collect()).unwrap()
}

/// Each comparison as that many rankings of two items.
fn as_rankings(items: usize, rows: &[(usize, usize, u32, u32)]) -> Profile {
    let one = |first: usize, second: usize, count: u32| (f64::from(count), vec![first, second]);
    let lists: Vec<(f64, Vec<usize>)> = rows
        .iter()
        .flat_map(|&(first, second, won, lost)| [one(first, second, won), one(second, first, lost)])
        .collect();
    Profile::of_orders(items, &lists).unwrap()
}

/// Each row with its items in the other order.
fn flipped(rows: &[(usize, usize, u32, u32)]) -> Vec<(usize, usize, u32, u32)> {
    rows.iter().map(|&(first, second, won, lost)| (second, first, lost, won)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn new_names_only_rename_the_results(
        rows in profile_rows(5, 0),
        new_place in Just((0..5).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let before = Profile::new(5, rows.clone()).unwrap();
        let after = Profile::new(5, relabelled(&rows, &new_place)).unwrap();
        prop_assume!(!before.rankings().is_empty());
        let (one, other) = (preferences(&before).unwrap(), preferences(&after).unwrap());
        prop_assert_eq!(one.condorcet_winner().map(|item| new_place[item]), other.condorcet_winner());
        let (one, other) = (plurality(&before).unwrap(), plurality(&after).unwrap());
        prop_assert!(close(&one.first_places, &moved_back(&other.first_places, &new_place), 1e-12));
        let (one, other) = (kemeny(&before).unwrap(), kemeny(&after).unwrap());
        prop_assert_eq!((one.score, one.distance), (other.score, other.distance));
        let one = plackett_luce(&before, 0, 0.5);
        let other = plackett_luce(&after, new_place[0], 0.5);
        match (one, other) {
            (Ok(one), Ok(other)) => {
                prop_assert!(close(&one.log_worth, &moved_back(&other.log_worth, &new_place), 1e-6));
                prop_assert!(close(&one.standard_error, &moved_back(&other.standard_error, &new_place), 1e-6));
                prop_assert!((one.deviance - other.deviance).abs() < 1e-6);
            }
            (one, other) => prop_assert_eq!(one.is_err(), other.is_err()),
        }
    }

    #[test]
    fn the_order_of_rankings_never_matters(rows in profile_rows(5, 1)) {
        let forward = Profile::new(5, rows.clone()).unwrap();
        let backward = Profile::new(5, rows.into_iter().rev()).unwrap();
        prop_assert_eq!(borda(&forward).unwrap(), borda(&backward).unwrap());
        prop_assert_eq!(kemeny(&forward).unwrap(), kemeny(&backward).unwrap());
    }

    #[test]
    fn reversed_rankings_reverse_borda_and_kemeny(rows in profile_rows(6, 1)) {
        let profile = Profile::new(6, rows).unwrap();
        let reversed = profile.reversed();
        let (forward, backward) = (borda(&profile).unwrap(), borda(&reversed).unwrap());
        let most = profile.weight() * 5.0;
        let mirrored: Vec<f64> = backward.points.iter().map(|points| most - points).collect();
        prop_assert!(close(&forward.points, &mirrored, 1e-9));
        let total: f64 = forward.points.iter().sum();
        prop_assert!((total - profile.weight() * 15.0).abs() < 1e-9);
        let (forward, backward) = (kemeny(&profile).unwrap(), kemeny(&reversed).unwrap());
        prop_assert_eq!(forward.distance, backward.distance);
        prop_assert_eq!(reversed.reversed(), profile);
    }

    #[test]
    fn no_order_contradicts_less_than_kemenys(rows in profile_rows(5, 0)) {
        let profile = Profile::new(5, rows).unwrap();
        prop_assume!(!profile.rankings().is_empty());
        let found = kemeny(&profile).unwrap();
        prop_assert_eq!(found.search, Search::Exact);
        prop_assert_eq!(found.distance, contradictions(&found.order, &profile));
        let mut all = permutations(5);
        all.sort_unstable();
        let least = all.iter().map(|order| contradictions(order, &profile)).fold(f64::INFINITY, f64::min);
        let first = all.iter().find(|order| contradictions(order, &profile) == least).unwrap();
        prop_assert_eq!(&found.order, first);
    }

    #[test]
    fn beyond_the_proof_the_order_is_labelled_and_no_worse_than_bordas(lists in orders(13)) {
        let profile = Profile::of_orders(13, &lists).unwrap();
        let found = kemeny(&profile).unwrap();
        prop_assert_eq!(found.search, Search::Heuristic);
        prop_assert_eq!(found.distance, contradictions(&found.order, &profile));
        let start = contradictions(&borda(&profile).unwrap().order, &profile);
        prop_assert!(found.distance <= start);
        // Nothing is gained by moving any single item.
        for place in 0..13 {
            for target in 0..13 {
                let mut moved = found.order.clone();
                let item = moved.remove(place);
                moved.insert(target, item);
                prop_assert!(contradictions(&moved, &profile) >= found.distance);
            }
        }
    }

    #[test]
    fn probabilities_of_all_rankings_sum_to_one(
        worth in prop::collection::vec(0.01f64..50.0, 4),
        delta in prop::collection::vec(0.0f64..3.0, 0..4),
    ) {
        // Every way to give ranks without a gap is one ranking.
        let mut sum = 0.0;
        for code in 0..256u32 {
            let ranks: Vec<u32> = (0..4).map(|item| 1 + (code >> (2 * item)) % 4).collect();
            let most = *ranks.iter().max().unwrap();
            if (1..=most).all(|rank| ranks.contains(&rank)) {
                sum += ranking_probability(&worth, &delta, &ranks).unwrap();
            }
        }
        prop_assert!((sum - 1.0).abs() < 1e-9, "{}", sum);
    }

    #[test]
    fn rankings_of_two_are_comparisons(rows in win_rows(5)) {
        let pairs = bradley_terry(&comparisons(5, &rows, 0.0), 2).unwrap();
        let lists = plackett_luce(&as_rankings(5, &rows), 2, 0.0).unwrap();
        prop_assert!(close(&pairs.log_ability, &lists.log_worth, 1e-8));
        prop_assert!(close(&pairs.standard_error, &lists.standard_error, 1e-8));
        prop_assert!((pairs.log_likelihood - lists.log_likelihood).abs() < 1e-8);
        let untied = davidson(&comparisons(5, &rows, 0.0), 2).unwrap();
        prop_assert!(close(&pairs.log_ability, &untied.log_worth, 1e-8));
        prop_assert_eq!(untied.tie, None);
        prop_assert!((pairs.worth().iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn who_is_first_matters_only_to_the_order_effect(rows in win_rows(4)) {
        let mixed: Vec<_> = rows.iter().chain(&flipped(&rows)).copied().collect();
        let plain = bradley_terry(&comparisons(4, &rows, 0.0), 0).unwrap();
        let turned = bradley_terry(&comparisons(4, &flipped(&rows), 0.0), 0).unwrap();
        prop_assert!(close(&plain.log_ability, &turned.log_ability, 1e-8));
        // Every meeting at home and away with the same result leaves nothing to the order.
        let fair = comparisons(4, &mixed, 0.0);
        let (plain, ordered) = (bradley_terry(&fair, 0).unwrap(), bradley_terry_with_order(&fair, 0).unwrap());
        prop_assert!(ordered.order_effect.unwrap().estimate.abs() < 1e-8);
        let ratio = likelihood_ratio(&plain, &ordered).unwrap();
        prop_assert!(ratio.chi_squared < 1e-8 && ratio.p > 0.999);
    }

    /// At a maximum no small step in any direction helps.
    #[test]
    fn tied_models_are_at_their_maximum(rows in win_rows(4), ties in 1u32..6) {
        let fit = davidson(&comparisons(4, &rows, f64::from(ties)), 0).unwrap();
        let nu = fit.tie_parameter();
        let likelihood = |log_worth: &[f64], nu: f64| {
            let worth: Vec<f64> = log_worth.iter().map(|log| log.exp()).collect();
            let mut sum = 0.0;
            for &(first, second, won, lost) in &rows {
                let share = |left: u32, right: u32| {
                    let mut ranks = vec![0; 4];
                    (ranks[first], ranks[second]) = (left, right);
                    ranking_probability(&worth, &[nu], &ranks).unwrap().ln()
                };
                sum += f64::from(won) * share(1, 2) + f64::from(lost) * share(2, 1) + f64::from(ties) * share(1, 1);
            }
            sum
        };
        let best = likelihood(&fit.log_worth, nu);
        prop_assert!((best - fit.log_likelihood).abs() < 1e-8);
        for (item, step) in [(1, 0.01), (2, -0.01), (3, 0.01), (1, -0.01)] {
            let mut aside = fit.log_worth.clone();
            aside[item] += step;
            prop_assert!(likelihood(&aside, nu) < best);
        }
        prop_assert!(likelihood(&fit.log_worth, nu * 1.02) < best);
        prop_assert!(likelihood(&fit.log_worth, nu * 0.98) < best);
    }

    #[test]
    fn any_profile_has_finite_worths_or_a_reason(rows in profile_rows(5, 0), pseudo in prop::sample::select(vec![0.0, 0.5])) {
        let profile = Profile::new(5, rows).unwrap();
        if let Ok(fit) = plackett_luce(&profile, 0, pseudo) {
            prop_assert!(fit.log_worth.iter().chain(&fit.standard_error).all(|value| value.is_finite()));
            prop_assert!(fit.log_likelihood <= 1e-9);
            prop_assert!((fit.worth().iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
        let covariates: Vec<Vec<f64>> = (0..5).map(|item| vec![f64::from(item) * 100.0]).collect();
        if let Ok(fit) = plackett_luce_linear(&profile, &covariates) {
            prop_assert!(fit.log_worth.iter().all(|value| value.is_finite()));
        }
    }

    /// One column per item but the first is the model with a parameter for each item.
    #[test]
    fn a_covariate_for_each_item_is_the_plain_model(rows in win_rows(4)) {
        let profile = as_rankings(4, &rows);
        let plain = plackett_luce(&profile, 0, 0.0).unwrap();
        // Scale of a column must not matter.
        let columns: Vec<Vec<f64>> =
            (0..4).map(|item| (1..4).map(|own| if item == own { 1e5 } else { 0.0 }).collect()).collect();
        let linear = plackett_luce_linear(&profile, &columns).unwrap();
        prop_assert!(close(&plain.log_worth, &linear.log_worth, 1e-8));
        let errors: Vec<f64> = linear.standard_error.iter().map(|error| error * 1e5).collect();
        prop_assert!(close(&plain.standard_error[1..], &errors, 1e-8));
    }
}

/// Worths that ties of three and of two come from are found again from the expected counts.
#[test]
fn ties_of_three_come_back() {
    let worth = [0.4_f64, 0.3, 0.2, 0.1];
    let delta = [0.5, 0.8];
    let mut rows = Vec::new();
    for code in 0..256u32 {
        let ranks: Vec<u32> = (0..4).map(|item| 1 + (code >> (2 * item)) % 4).collect();
        let most = *ranks.iter().max().unwrap();
        let chance = ranking_probability(&worth, &delta, &ranks).unwrap();
        if (1..=most).all(|rank| ranks.contains(&rank)) && chance > 0.0 {
            rows.push((chance * 1000.0, ranks));
        }
    }
    let fit = plackett_luce(&Profile::new(4, rows.clone()).unwrap(), 3, 0.0).unwrap();
    assert!(close(&fit.worth(), &worth, 1e-8), "{fit:?}");
    let deltas: Vec<f64> = fit.ties.iter().map(|tie| tie.log_delta.exp()).collect();
    assert!(close(&deltas, &delta, 1e-7), "{fit:?}");
    assert_eq!(fit.ties.iter().map(|tie| tie.size).collect::<Vec<_>>(), [2, 3]);
    // Standard errors from second differences of the likelihood, in log worths (of the first three) and log deltas.
    let likelihood = |at: &[f64; 5]| {
        let worth: Vec<f64> = [at[0], at[1], at[2], 0.0].iter().map(|log| log.exp()).collect();
        let delta = [at[3].exp(), at[4].exp()];
        let log = |ranks| ranking_probability(&worth, &delta, ranks).unwrap().ln();
        rows.iter().map(|(weight, ranks)| weight * log(ranks)).sum::<f64>()
    };
    let top = [4f64.ln(), 3f64.ln(), 2f64.ln(), delta[0].ln(), delta[1].ln()];
    let step = 1e-3;
    let second = |row: usize, column: usize| {
        let beside = |up: f64, aside: f64| {
            let mut at = top;
            at[row] += up * step;
            at[column] += aside * step;
            likelihood(&at)
        };
        let mixed = beside(1.0, 1.0) - beside(1.0, -1.0) - beside(-1.0, 1.0) + beside(-1.0, -1.0);
        -mixed / (4.0 * step * step)
    };
    let information: Vec<Vec<f64>> =
        (0..5).map(|row| (0..5).map(|column| second(row, column)).collect()).collect();
    let errors: Vec<f64> = inverse_diagonal(information).into_iter().map(f64::sqrt).collect();
    let ties = fit.ties.iter().map(|tie| tie.standard_error);
    let reported: Vec<f64> = fit.standard_error[..3].iter().copied().chain(ties).collect();
    assert!(close(&reported, &errors, 1e-4), "{reported:?} instead of {errors:?}");
}

/// Gauss and Jordan; fit for the small, well-conditioned matrices of a test.
fn inverse_diagonal(mut left: Vec<Vec<f64>>) -> Vec<f64> {
    let size = left.len();
    for (place, row) in left.iter_mut().enumerate() {
        row.extend((0..size).map(|column| if column == place { 1.0 } else { 0.0 }));
    }
    for place in 0..size {
        let pivot = left[place][place];
        left[place].iter_mut().for_each(|cell| *cell /= pivot);
        let unit = left[place].clone();
        for (_, row) in left.iter_mut().enumerate().filter(|(other, _)| *other != place) {
            let factor = row[place];
            row.iter_mut().zip(&unit).for_each(|(cell, unit)| *cell -= factor * unit);
        }
    }
    (0..size).map(|place| left[place][size + place]).collect()
}

#[test]
fn always_winning_has_no_finite_worth_unless_regularised() {
    let profile = Profile::of_orders(3, &[(1.0, vec![0, 1, 2]), (1.0, vec![0, 2, 1])]).unwrap();
    assert_eq!(plackett_luce(&profile, 1, 0.0), Err(Undefined::Unbounded));
    let fit = plackett_luce(&profile, 1, 0.5).unwrap();
    assert!(fit.log_worth[0] > 0.5 && fit.log_worth[2].abs() < 1e-9, "{fit:?}");
    let always = comparisons(2, &[(0, 1, 3, 0)], 0.0);
    assert_eq!(bradley_terry(&always, 0), Err(Undefined::Unbounded));
    // Winning and tying, never losing.
    assert_eq!(davidson(&comparisons(2, &[(0, 1, 3, 0)], 2.0), 0), Err(Undefined::Unbounded));
    assert_eq!(davidson(&comparisons(2, &[(0, 1, 0, 0)], 2.0), 0), Err(Undefined::Unbounded));
    let tied = Profile::new(3, [(1.0, vec![1, 1, 1])]).unwrap();
    assert_eq!(plackett_luce(&tied, 0, 0.5), Err(Undefined::Unbounded));
    // Only who is first wins: the order effect has no bound, the abilities do.
    let home = comparisons(2, &[(0, 1, 3, 0), (1, 0, 3, 0)], 0.0);
    assert!(bradley_terry(&home, 0).is_ok());
    assert_eq!(bradley_terry_with_order(&home, 0), Err(Undefined::Unbounded));
    // A covariate along which the better ones always win.
    let line = [vec![3.0], vec![1.0], vec![2.0]];
    let sorted = Profile::of_orders(3, &[(1.0, vec![0, 2, 1])]).unwrap();
    assert_eq!(plackett_luce_linear(&sorted, &line), Err(Undefined::Unbounded));
}

#[test]
fn items_without_a_link_are_named() {
    let profile =
        Profile::of_orders(5, &[(1.0, vec![0, 3]), (1.0, vec![3, 0]), (2.0, vec![1, 2]), (1.0, vec![2, 1])]);
    let Err(Undefined::Disconnected { islands }) = plackett_luce(&profile.unwrap(), 0, 0.0) else {
        panic!("three groups")
    };
    let bids: Vec<&[usize]> = islands.iter().map(|island| island.bids.as_slice()).collect();
    assert_eq!(bids, [&[0, 3][..], &[1, 2], &[4]]);
    assert_eq!(islands[1].reviewers, [2, 3]);
    let apart = comparisons(3, &[(0, 2, 1, 1)], 0.0);
    assert!(
        matches!(bradley_terry(&apart, 0), Err(Undefined::Disconnected { islands }) if islands.len() == 2)
    );
}

/// A long chain of lopsided but possible results is no runaway: each link has its own odds.
#[test]
fn a_long_chain_of_results_is_finite() {
    let rows: Vec<(usize, usize, u32, u32)> = (0..59).map(|item| (item, item + 1, 9, 1)).collect();
    let fit = bradley_terry(&comparisons(60, &rows, 0.0), 59).unwrap();
    assert!((fit.log_ability[0] - 59.0 * 9f64.ln()).abs() < 1e-6, "{}", fit.log_ability[0]);
    let lists = plackett_luce(&as_rankings(60, &rows), 59, 0.0).unwrap();
    assert!(close(&fit.log_ability, &lists.log_worth, 1e-6));
}

#[test]
fn scores_of_a_panel_become_rankings() {
    let rows = [
        vec![Some(90.0), Some(0.0), None, None],
        vec![Some(80.0), Some(-0.0), Some(70.0), None],
        vec![Some(85.0), None, Some(75.0), None],
    ];
    let panel = Panel::from_rows(&rows).unwrap();
    let expected = |rows: [Vec<u32>; 3]| Profile::new(3, rows.map(|row| (1.0, row))).unwrap();
    let higher = Profile::of_panel(&panel, false).unwrap();
    assert_eq!(higher, expected([vec![1, 3, 2], vec![1, 1, 0], vec![0, 2, 1]]));
    let lower = Profile::of_panel(&panel, true).unwrap();
    assert_eq!(lower, expected([vec![3, 1, 2], vec![1, 1, 0], vec![0, 1, 2]]));
    assert_eq!(lower.missing(), 2);
}

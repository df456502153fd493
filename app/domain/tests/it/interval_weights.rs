//! Weights that change the winner, where the binding first bid owes its place to rounding or to the tie chain, and where
//! the weights decide which sheets are left out.

use domain::stats::Undefined;
use domain::stats::interval::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// Those of the policy's four criteria.
const WEIGHTS: [f64; 4] = [0.3, 0.3, 0.25, 0.15];

fn changes(found: &[Option<WeightChange>]) -> Vec<Option<(f64, usize)>> {
    found.iter().map(|change| change.as_ref().map(|change| (change.change, change.bid))).collect()
}

#[test]
fn the_binding_first_bid_stays_the_winner_though_rounding_put_another_behind_it() {
    // 80.00015 and 80.0025: both published as 80.00, and the tie chain has the first ahead.
    let means = [82.0, 78.0, 80.0, 80.001, 81.0, 79.0, 80.01, 80.0];
    let found = weight_sensitivity(&means, &WEIGHTS, 0, false).unwrap();
    assert_eq!(found.winner, 0);
    assert_eq!(changes(&found.one_weight), [Some((0.0, 1)); 4]);
    let nearest = found.all_weights.unwrap();
    assert_eq!((nearest.distance, nearest.bid), (0.0, 1));
    assert_eq!(nearest.weights, WEIGHTS);
    // Asked the other way round, the second has a lead to lose.
    let found = weight_sensitivity(&means, &WEIGHTS, 1, false).unwrap();
    assert_eq!(found.winner, 1);
    assert!(found.one_weight.iter().flatten().all(|change| change.change != 0.0 && change.bid == 0));
    assert!(found.all_weights.unwrap().distance > 0.0);
}

#[test]
fn exact_ties_are_no_leads_by_rounding_noise() {
    // Both 75.16645; as f64 the second is ahead by 1e-14.
    let means = [64.365, 86.9, 69.88, 61.318, 65.569, 85.696, 69.88, 61.318];
    let found = weight_sensitivity(&means, &WEIGHTS, 0, false).unwrap();
    assert_eq!(found.winner, 0);
    // More for the first criterion or less for the second puts the second bid ahead at once. The others leave both
    // in the same proportion, and the two bids level.
    assert_eq!(changes(&found.one_weight), [Some((0.0, 1)), Some((0.0, 1)), None, None]);
    assert_eq!(found.all_weights.unwrap().distance, 0.0);
    // Equal everywhere: no weights put either ahead.
    let same = [64.365, 86.9, 69.88, 61.318].repeat(2);
    let found = weight_sensitivity(&same, &WEIGHTS, 1, false).unwrap();
    assert_eq!((changes(&found.one_weight), found.all_weights), (vec![None; 4], None));
}

#[test]
fn a_single_criterion_cannot_be_changed_but_another_bid_may_lead_already() {
    let found = weight_sensitivity(&[80.001, 80.002, 80.0], &[1.0], 0, false).unwrap();
    assert_eq!(changes(&found.one_weight), [Some((0.0, 1))]);
    let found = weight_sensitivity(&[80.001, 80.002, 80.0], &[1.0], 1, false).unwrap();
    assert_eq!(changes(&found.one_weight), [None]);
    let beyond = Err(Undefined::BadParameter { name: "first".to_owned() });
    assert_eq!(weight_sensitivity(&[80.0, 79.0], &[1.0], 2, false), beyond);
}

/// Five sheets of which two change places, against five equal ones.
fn bending() -> Vec<Vec<f64>> {
    let equal = |score: f64| [score; 4];
    let first = [equal(80.0), equal(80.0), equal(80.0), [70.0, 95.0, 80.0, 80.0], [70.0, 80.0, 80.0, 80.0]];
    vec![first.concat(), [equal(79.0); 5].concat()]
}

#[test]
fn sheets_are_left_out_again_at_every_weight() {
    let found = one_weight_dropping_extremes(&bending(), &WEIGHTS, 0, 5, false).unwrap();
    // From a weight of 9 / 23 the fourth sheet is below 80 and counts: (160 + 605 / 7 - 115 / 7 w) / 3 = 79.
    let change = found[0].as_ref().unwrap();
    assert!((change.weight - 66.0 / 115.0).abs() < 1e-12, "{change:?}");
    assert!((change.change - (66.0 / 115.0 - 0.3)).abs() < 1e-12);
    assert_eq!(change.bid, 1);
    // With the sheets that are left out now the first bid would stay first under all weights.
    let frozen = [[80.0; 4], [79.0; 4]].concat();
    assert_eq!(weight_sensitivity(&frozen, &WEIGHTS, 0, false).unwrap().one_weight[0], None);
    // The same turned round, where 1 is the best score.
    let turned: Vec<Vec<f64>> =
        bending().iter().map(|bid| bid.iter().map(|score| 100.0 - score).collect()).collect();
    let low = one_weight_dropping_extremes(&turned, &WEIGHTS, 0, 5, true).unwrap();
    assert!((low[0].as_ref().unwrap().weight - 66.0 / 115.0).abs() < 1e-12);
}

#[test]
fn a_rival_that_is_level_or_ahead_needs_no_change() {
    let mut bids = bending();
    bids.push([[80.001; 4]; 5].concat());
    let found = one_weight_dropping_extremes(&bids, &WEIGHTS, 0, 5, false).unwrap();
    assert_eq!(changes(&found), [Some((0.0, 2)); 4]);
    // Level all the way to 9 / 23 and ahead beyond.
    bids[2] = [[80.0; 4]; 5].concat();
    let found = one_weight_dropping_extremes(&bids, &WEIGHTS, 0, 5, false).unwrap();
    assert!((found[0].as_ref().unwrap().weight - 9.0 / 23.0).abs() < 1e-12);
    assert_eq!(found[0].as_ref().unwrap().bid, 2);
    // A copy is level everywhere.
    let copies = [bids[0].clone(), bids[0].clone()];
    assert_eq!(one_weight_dropping_extremes(&copies, &WEIGHTS, 1, 5, false).unwrap(), vec![None; 4]);
    // A bid without sheets is no rival, and cannot be first.
    let gaps = [bids[0].clone(), Vec::new(), bids[1].clone()];
    let found = one_weight_dropping_extremes(&gaps, &WEIGHTS, 0, 5, false).unwrap();
    assert_eq!(found[0].as_ref().unwrap().bid, 2);
    let bad = |name: &str| Err(Undefined::BadParameter { name: name.to_owned() });
    assert_eq!(one_weight_dropping_extremes(&gaps, &WEIGHTS, 1, 5, false), bad("first"));
    assert_eq!(one_weight_dropping_extremes(&gaps, &WEIGHTS, 3, 5, false), bad("first"));
    assert_eq!(one_weight_dropping_extremes(&gaps, &[0.0; 4], 0, 5, false), bad("weights"));
    assert_eq!(one_weight_dropping_extremes(&gaps, &[0.5; 3], 0, 5, false), bad("bids"));
    let alone = Err(Undefined::TooFewBids { have: 1, need: 2 });
    assert_eq!(one_weight_dropping_extremes(&gaps[..2], &WEIGHTS, 0, 5, false), alone);
}

/// The definition: weigh every sheet, sort, leave out one at either end.
fn total(sheets: &[f64], weights: &[f64], min_scores: usize) -> f64 {
    let weighed =
        |sheet: &[f64]| sheet.iter().zip(weights).map(|(score, weight)| score * weight).sum::<f64>();
    let mut totals: Vec<f64> = sheets.chunks(weights.len()).map(weighed).collect();
    totals.sort_by(f64::total_cmp);
    let kept = if totals.len() >= min_scores { &totals[1..totals.len() - 1] } else { &totals[..] };
    kept.iter().sum::<f64>() / kept.len() as f64
}

/// The weights when `criterion` gets `weight` and the others keep their proportions.
fn changed(weights: &[f64], criterion: usize, weight: f64) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    let rest = sum - weights[criterion];
    let others = |other: usize| {
        let share = if rest > 0.0 { weights[other] / rest } else { 1.0 / (weights.len() - 1) as f64 };
        if other == criterion { weight } else { (sum - weight) * share }
    };
    (0..weights.len()).map(others).collect()
}

/// Two to five bids of one to seven sheets over four criteria, in few values so that ties are frequent.
fn bids() -> impl Strategy<Value = Vec<Vec<f64>>> {
    let score =
        prop_oneof![(0_u32..6).prop_map(f64::from), (0_u32..60).prop_map(|tenths| f64::from(tenths) / 10.0)];
    vec((1_usize..8).prop_flat_map(move |sheets| vec(score.clone(), 4 * sheets)), 2..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_weight_on_a_grid_is_nearer_when_sheets_are_left_out_anew(
        bids in bids(), weights in vec(0_u32..5, 4), min_scores in 3_usize..6, lower_is_better in any::<bool>(),
    ) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let weights: Vec<f64> = weights.into_iter().map(f64::from).collect();
        let sum: f64 = weights.iter().sum();
        let better = if lower_is_better { -1.0 } else { 1.0 };
        let value = |bid: usize, at: &[f64]| better * total(&bids[bid], at, min_scores);
        let first = (0..bids.len()).max_by(|one, other| value(*one, &weights).total_cmp(&value(*other, &weights))).unwrap();
        let found = one_weight_dropping_extremes(&bids, &weights, first, min_scores, lower_is_better).unwrap();
        let lead = |bid: usize, at: &[f64]| value(bid, at) - value(first, at);
        let most = |at: &[f64]| (0..bids.len()).map(|bid| lead(bid, at)).fold(0.0, f64::max);
        const STEPS: u32 = 800;
        for (criterion, change) in found.iter().enumerate() {
            let at = |step: u32| f64::from(step) / f64::from(STEPS) * sum;
            let is_overtaken = |step: &u32| most(&changed(&weights, criterion, at(*step))) > 1e-9;
            let away = |step: u32| (at(step) - weights[criterion]).abs();
            let nearest = (0..=STEPS).filter(is_overtaken).map(away).fold(f64::INFINITY, f64::min);
            let Some(change) = change else {
                prop_assert!(nearest == f64::INFINITY, "{criterion}: never, but {nearest}");
                continue;
            };
            prop_assert!(change.change.abs() <= nearest + 1e-9, "{criterion} {change:?} {nearest}");
            prop_assert!((change.weight - weights[criterion] - change.change).abs() < 1e-12);
            prop_assert!((-1e-12..=sum + 1e-12).contains(&change.weight));
            // There they are level, and a little further on the rival is ahead: stretches of lead may be narrow.
            prop_assert!(lead(change.bid, &changed(&weights, criterion, change.weight)).abs() < 1e-9);
            let beyond = |sign: f64| (1..=40).any(|power| {
                let weight = change.weight + sign * 0.5 * sum * 0.6_f64.powi(power);
                (0.0..=sum).contains(&weight) && lead(change.bid, &changed(&weights, criterion, weight)) > 1e-13
            });
            let is_ahead = if change.change == 0.0 { beyond(1.0) || beyond(-1.0) } else { beyond(change.change.signum()) };
            prop_assert!(is_ahead, "{criterion} {change:?}");
        }
    }

    #[test]
    fn without_extremes_to_leave_out_it_is_the_sensitivity_of_means(
        bids in bids(), weights in vec(0_u32..5, 4), first in 0_usize..5, lower_is_better in any::<bool>(),
    ) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let weights: Vec<f64> = weights.into_iter().map(f64::from).collect();
        let first = first % bids.len();
        let mean = |bid: &Vec<f64>| -> Vec<f64> {
            let sheets = bid.len() / 4;
            (0..4).map(|place| bid.iter().skip(place).step_by(4).sum::<f64>() / sheets as f64).collect()
        };
        let means: Vec<f64> = bids.iter().flat_map(mean).collect();
        let plain = weight_sensitivity(&means, &weights, first, lower_is_better).unwrap().one_weight;
        let found = one_weight_dropping_extremes(&bids, &weights, first, 99, lower_is_better).unwrap();
        for (plain, found) in plain.iter().zip(&found) {
            prop_assert_eq!(plain.is_some(), found.is_some());
            if let (Some(plain), Some(found)) = (plain, found) {
                prop_assert!((plain.change.abs() - found.change.abs()).abs() < 1e-9, "{plain:?} {found:?}");
            }
        }
    }
}

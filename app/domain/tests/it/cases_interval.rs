//! The reference cases of rank intervals, left-out reviewers, outliers, paired differences and summaries.

use domain::stats::interval::*;
use domain::stats::{Panel, Undefined};

use crate::cases::{Case, numbers, rows};

fn totals(case: &Case) -> RankedQuantity {
    RankedQuantity::of_totals(
        Panel::from_rows(&rows(&case.input()["bids_by_reviewer"])).unwrap(),
        Combine::Mean,
    )
}

#[test]
fn bootstrap_of_three_bids_is_counted_and_not_drawn() {
    let case = Case::named("bootstrap_rank_exact");
    let quantity = totals(&case);
    for (bid, value) in quantity.values().unwrap().into_iter().enumerate() {
        case.meets(&format!("/point_means/{bid}"), value.unwrap());
    }
    let settings =
        BootstrapSettings { resamples: 10_000, seed: vec![], confidence: 0.95, top_k: 1, always_draw: false };
    let bootstrap = Bootstrap::new(&quantity, settings).unwrap();
    let tally = bootstrap.run(0..bootstrap.resamples());
    for (bid, counts) in tally.rank_counts().enumerate() {
        for (rank, count) in counts.iter().enumerate() {
            case.meets(&format!("/rank_counts_of_256/{bid}/{rank}"), f64::from(*count));
        }
    }
    let intervals = bootstrap.finish(tally);
    assert_eq!((intervals.scheme, intervals.sampling), (Scheme::Crossed, Sampling::Exact { distinct: 35 }));
    assert_eq!(intervals.total, 256);
    case.meets("/resamples_with_tied_first", intervals.tied_first as f64);
    for (bid, interval) in intervals.bids.iter().flatten().enumerate() {
        case.meets(&format!("/p_first/{bid}"), interval.p_first);
        case.meets(&format!("/p_first/{bid}"), interval.p_top_k);
        assert_eq!(interval.low, 1);
        assert_eq!(interval.high, [3, 2, 3][bid]);
        assert_eq!(interval.median, [1.0, 2.0, 3.0][bid]);
    }
}

#[test]
fn two_of_four_reviewers_decide_the_race() {
    let case = Case::named("leave_one_reviewer_out");
    let quantity = totals(&case);
    let found = leave_one_reviewer_out(&quantity).unwrap();
    for (bid, value) in found.values.iter().enumerate() {
        case.meets(&format!("/point_means/{bid}"), value.unwrap());
    }
    let leader = |leaders: &[usize]| match leaders {
        [only] => (only + 1) as f64,
        several => panic!("{several:?}"),
    };
    case.meets("/leader", leader(&found.leaders));
    for without in &found.without {
        case.meets(&format!("/leader_without_reviewer/{}", without.reviewer), leader(&without.leaders));
        for (bid, value) in without.everybody.as_ref().unwrap().values.iter().enumerate() {
            case.meets(&format!("/means_without_reviewer/{}/{bid}", without.reviewer), value.unwrap());
        }
    }
    assert_eq!(found.best_ranks, [Some(1), Some(1), Some(2)]);
    assert_eq!(found.worst_ranks, [Some(2), Some(2), Some(3)]);
    let pivotal = pivotal_reviewers(&quantity, 2).unwrap();
    let expected: Vec<usize> = numbers(&case.expected()["pivotal_reviewers"])
        .into_iter()
        .map(|number| number as usize - 1)
        .collect();
    assert_eq!(pivotal.winner, expected);
    // Without reviewer 3 the first and the third bid are level on the second rank.
    assert_eq!(pivotal.top, [2]);
}

#[test]
fn the_t_interval_of_a_mean() {
    let case = Case::named("t_interval_mean");
    let interval = t_interval(&numbers(&case.input()["scores"]), 0.95).unwrap();
    case.meets("/mean", interval.mean);
    case.meets("/sd", interval.sd);
    case.meets("/se", interval.standard_error);
    case.meets("/t_crit", interval.t_critical);
    case.meets("/ci95/0", interval.low);
    case.meets("/ci95/1", interval.high);
}

#[test]
fn grubbs_finds_the_outlier_of_the_handbook() {
    let case = Case::named("grubbs_outlier_nist");
    let found = grubbs(&numbers(&case.input()["data"]), case.input()["alpha"].as_f64().unwrap()).unwrap();
    case.meets("/G", found.g);
    case.meets("/critical_one_sided", found.critical_one_sided);
    case.meets("/critical_two_sided", found.critical_two_sided);
    assert_eq!(Some(found.is_outlier), case.expected()["outlier"].as_bool());
    assert_eq!((found.position, found.g), (7, found.g_highest));
    assert!(found.is_outlier_highest && !found.is_outlier_lowest);
    assert_eq!(grubbs(&[5.0; 4], 0.05), Err(Undefined::NoVariation));
    assert_eq!(grubbs(&[5.0, 6.0], 0.05), Err(Undefined::TooFewScores { have: 2, need: 3 }));
}

#[test]
fn modified_z_flags_the_same_score() {
    let case = Case::named("mad_outlier");
    let data = numbers(&case.input()["data"]);
    let found = modified_z(&data).unwrap();
    case.meets("/median", found.median);
    case.meets("/mad", found.mad);
    for (place, z) in found.z.iter().enumerate() {
        case.meets(&format!("/modified_z/{place}"), *z);
    }
    let flagged: Vec<f64> = found.flagged.iter().map(|place| data[*place]).collect();
    assert_eq!(flagged, numbers(&case.expected()["flagged"]));
    assert_eq!(modified_z(&[5.0, 5.0, 5.0, 9.0]), Err(Undefined::NoVariation));
}

/// n - 1 equal scores give the last one |z| = n / 1.2533 wherever it lies: the floor tells near from far.
#[test]
fn one_score_beside_equal_ones_is_flagged_from_the_floor_on() {
    let check = |last: f64, floor: f64, flagged: &[usize]| {
        let found = mean_deviation_z(&[80.0, 80.0, 80.0, 80.0, last], floor).unwrap();
        assert!((found.z[4].abs() - 5.0 / (std::f64::consts::PI / 2.0).sqrt()).abs() < 1e-9);
        assert_eq!(found.flagged, flagged, "{last} {floor}");
    };
    check(81.0, 0.0, &[4]);
    check(81.0, 2.0, &[]);
    check(78.1, 2.0, &[]);
    check(82.0, 2.0, &[4]);
    check(5.0, 2.0, &[4]);
    // 0.6 - 0.4 is a little less than 0.2.
    assert_eq!(mean_deviation_z(&[0.4, 0.4, 0.4, 0.4, 0.6], 0.2).unwrap().flagged, [4]);
    assert_eq!(mean_deviation_z(&[5.0; 4], 2.0), Err(Undefined::NoVariation));
    let bad = Err(Undefined::BadParameter { name: "floor".to_owned() });
    assert_eq!(mean_deviation_z(&[1.0, 2.0, 3.0], -1.0), bad);
    assert_eq!(mean_deviation_z(&[1.0, 2.0, 3.0], f64::NAN), bad);
    // Half of the scores are equal and the MAD is 2 all the same.
    assert_eq!(modified_z(&[5.0, 5.0, 9.0, 1.0]).unwrap().mad, 2.0);
}

#[test]
fn two_bids_that_cannot_be_told_apart() {
    let case = Case::named("paired_reviewer_difference");
    let (first, second) = (numbers(&case.input()["bid_a"]), numbers(&case.input()["bid_b"]));
    let some = |scores: &[f64]| scores.iter().copied().map(Some).collect::<Vec<_>>();
    let panel = Panel::from_rows(&[some(&first), some(&second)]).unwrap();
    let found = paired_difference(&panel, 0, 1, 0.95).unwrap();
    assert_eq!(found.differences, numbers(&case.expected()["diff"]));
    case.meets("/mean", found.mean);
    case.meets("/sd", found.sd);
    case.meets("/t", found.t);
    case.meets("/p", found.p);
    case.meets("/ci95/0", found.low);
    case.meets("/ci95/1", found.high);
    assert_eq!(Some(found.distinguishable), case.expected()["distinguishable"].as_bool());

    // Only reviewers 1 and 3 scored both.
    let sparse = Panel::from_rows(&[
        vec![Some(80.0), Some(85.0), None, Some(90.0)],
        vec![None, Some(70.0), Some(99.0), Some(74.0)],
        vec![Some(1.0), None, None, None],
    ])
    .unwrap();
    let found = paired_difference(&sparse, 0, 1, 0.9).unwrap();
    assert_eq!((found.reviewers, found.differences), (vec![1, 3], vec![15.0, 16.0]));
    assert!(found.distinguishable);
    let too_few = Err(Undefined::TooFewReviewers { have: 1, need: 2 });
    assert_eq!(paired_difference(&sparse, 0, 2, 0.9), too_few);
}

#[test]
fn tied_bids_by_every_method() {
    let case = Case::named("rank_tie_methods");
    let scores = numbers(&case.input()["scores"]);
    for (method, name) in [
        (TieMethod::Competition, "competition_1224"),
        (TieMethod::Dense, "dense_1223"),
        (TieMethod::Fractional, "fractional_average"),
        (TieMethod::Modified, "modified_max"),
        (TieMethod::Ordinal, "ordinal_stable"),
    ] {
        assert_eq!(
            ranks_with_ties(&scores, method, false).unwrap(),
            numbers(&case.expected()[name]),
            "{name}"
        );
        let negated: Vec<f64> = scores.iter().map(|score| -score).collect();
        assert_eq!(
            ranks_with_ties(&negated, method, true).unwrap(),
            numbers(&case.expected()[name]),
            "{name}"
        );
    }
}

#[test]
fn one_highest_and_one_lowest_left_out() {
    let case = Case::named("drop_high_low");
    let [scores, short, tied] = ["scores", "short", "tied"].map(|name| numbers(&case.input()[name]));
    case.meets("/mean", mean(&scores).unwrap());
    case.meets("/drop1", drop_extremes(&scores, 3).unwrap());
    case.meets("/median", median(&scores).unwrap());
    case.meets("/winsor1", winsorised_mean(&scores, 1).unwrap());
    case.meets("/tied_drop1", drop_extremes(&tied, 3).unwrap());
    assert!(case.expected()["short_rule"].as_str().unwrap().contains("not applicable"));
    assert_eq!(drop_extremes(&short, 3), Err(Undefined::TooFewScores { have: 2, need: 3 }));
    assert_eq!(drop_extremes(&scores, 6), Err(Undefined::TooFewScores { have: 5, need: 6 }));
    case.meets("/mean", winsorised_mean(&scores, 0).unwrap());
    assert_eq!(winsorised_mean(&scores, 3), Err(Undefined::TooFewScores { have: 5, need: 7 }));
    // As part of a ranking, the rule that does not apply is the mean.
    let panel =
        Panel::from_rows(&[&scores, &short].map(|row| row.iter().copied().map(Some).collect())).unwrap();
    let values = RankedQuantity::of_totals(panel, Combine::DropExtremes { min_scores: 3 }).values().unwrap();
    case.meets("/drop1", values[0].unwrap());
    assert_eq!(values[1], Some(85.0));
}

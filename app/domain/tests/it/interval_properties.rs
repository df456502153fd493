//! What holds for rank intervals and their neighbours whatever the scores are, against slow and plain computations.

use domain::stats::interval::*;
use domain::stats::{Panel, Review, Undefined};
use proptest::prelude::*;

/// Scores in half points, so that ties are frequent; `None` where somebody did not review.
fn sparse_rows(
    bids: std::ops::Range<usize>,
    reviewers: usize,
) -> impl Strategy<Value = Vec<Vec<Option<f64>>>> {
    let score = prop_oneof![2 => (0_u32..8).prop_map(|half| Some(f64::from(half) / 2.0)), 1 => Just(None)];
    prop::collection::vec(prop::collection::vec(score, reviewers), bids)
}

fn full_rows(bids: std::ops::Range<usize>, reviewers: usize) -> impl Strategy<Value = Vec<Vec<Option<f64>>>> {
    let score = (0_u32..12).prop_map(|tenths| Some(80.0 + f64::from(tenths) / 10.0));
    prop::collection::vec(prop::collection::vec(score, reviewers), bids)
}

fn combine() -> impl Strategy<Value = Combine> {
    prop_oneof![
        Just(Combine::Mean),
        Just(Combine::Median),
        (3_usize..6).prop_map(|min_scores| Combine::DropExtremes { min_scores }),
    ]
}

fn totals(rows: &[Vec<Option<f64>>], combine: Combine) -> RankedQuantity {
    RankedQuantity::of_totals(Panel::from_rows(rows).unwrap(), combine)
}

fn settings(resamples: u32) -> BootstrapSettings {
    BootstrapSettings {
        resamples,
        seed: b"seed".to_vec(),
        confidence: 0.9,
        top_k: 2,
        always_draw: resamples < 100,
    }
}

/// The combination, from its definition, as a fraction of integers: half points and tenths are whole twentieths.
fn combined(combine: Combine, scores: &[f64]) -> Option<(i64, i64)> {
    let mut sorted: Vec<i64> = scores.iter().map(|score| (score * 20.0).round() as i64).collect();
    sorted.sort_unstable();
    let n = sorted.len();
    let kept = match combine {
        Combine::DropExtremes { min_scores } if n >= min_scores => 1..n - 1,
        Combine::Median if n > 0 => (n - 1) / 2..n / 2 + 1,
        _ => 0..n,
    };
    let kept = &sorted[kept];
    (n > 0).then(|| (kept.iter().sum(), kept.len() as i64))
}

fn ranks_of(values: &[Option<(i64, i64)>]) -> Vec<Option<u32>> {
    let is_better = |one: (i64, i64), other: (i64, i64)| one.0 * other.1 > other.0 * one.1;
    let rank =
        |own: (i64, i64)| 1 + values.iter().flatten().filter(|other| is_better(**other, own)).count() as u32;
    values.iter().map(|value| value.map(rank)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn an_exact_bootstrap_is_the_plain_enumeration(rows in full_rows(2..5, 4), combine in combine()) {
        let mut counts = vec![vec![0_u32; rows.len()]; rows.len()];
        for outcome in 0..256_usize {
            let drawn = [outcome % 4, outcome / 4 % 4, outcome / 16 % 4, outcome / 64];
            let values: Vec<_> =
                rows.iter().map(|row| combined(combine, &drawn.map(|index| row[index].unwrap()))).collect();
            for (bid, rank) in ranks_of(&values).into_iter().enumerate() {
                counts[bid][rank.unwrap() as usize - 1] += 1;
            }
        }
        let bootstrap = Bootstrap::new(&totals(&rows, combine), settings(1000)).unwrap();
        let tally = bootstrap.run(0..bootstrap.resamples());
        prop_assert_eq!(tally.rank_counts().map(<[u32]>::to_vec).collect::<Vec<_>>(), counts);
    }

    #[test]
    fn the_order_of_reviewers_and_of_bids_never_matters(
        rows in full_rows(3..6, 5), combine in combine(), turn in 1_usize..5,
    ) {
        let reference = rank_intervals(&totals(&rows, combine), settings(1000)).unwrap();
        let mut turned = rows.clone();
        turned.iter_mut().for_each(|row| row.rotate_left(turn));
        prop_assert_eq!(&rank_intervals(&totals(&turned, combine), settings(1000)).unwrap(), &reference);
        turned.rotate_left(turn % rows.len());
        let mut found = rank_intervals(&totals(&turned, combine), settings(1000)).unwrap();
        found.bids.rotate_right(turn % rows.len());
        prop_assert_eq!(found, reference);
    }

    #[test]
    fn scaling_weights_and_a_constant_on_one_reviewer_change_no_mean_rank(
        rows in full_rows(3..6, 5), factor in prop_oneof![Just(3.0), Just(0.001), Just(1e9)], constant in -50_i32..50,
    ) {
        let panel = Panel::from_rows(&rows).unwrap();
        let with = |weights: [f64; 2]| RankedQuantity {
            layers: weights.map(|weight| Layer { weight, panel: panel.clone() }).to_vec(),
            combine: Combine::Mean,
            lower_is_better: false,
        };
        let reference = rank_intervals(&with([0.3, 0.7]), settings(1000)).unwrap();
        let scaled = with([0.3 * factor, 0.7 * factor]);
        prop_assert_eq!(&rank_intervals(&scaled, settings(1000)).unwrap(), &reference);
        let mut shifted = rows;
        for row in &mut shifted {
            row[2] = row[2].map(|score| score + f64::from(constant) / 10.0);
        }
        prop_assert_eq!(rank_intervals(&totals(&shifted, Combine::Mean), settings(1000)).unwrap(), reference);
    }

    #[test]
    fn identical_reviewers_leave_no_doubt(
        scores in prop::collection::btree_set(0_u32..1000, 2..30), gap in any::<bool>(), combine in combine(),
    ) {
        let scores: Vec<f64> = scores.into_iter().map(f64::from).collect();
        let mut rows: Vec<Vec<Option<f64>>> = scores.iter().map(|score| vec![Some(*score); 5]).collect();
        if gap {
            rows[0][4] = None;
        }
        for resamples in [50, 1000] {
            let found = rank_intervals(&totals(&rows, combine), settings(resamples)).unwrap();
            prop_assert_eq!(found.scheme, if gap { Scheme::Nested } else { Scheme::Crossed });
            for (bid, interval) in found.bids.into_iter().enumerate() {
                let (interval, rank) = (interval.unwrap(), (scores.len() - bid) as u32);
                prop_assert_eq!((interval.low, interval.high), (rank, rank));
                prop_assert_eq!((interval.median, interval.mean), (f64::from(rank), f64::from(rank)));
                prop_assert_eq!(interval.p_first, if rank == 1 { 1.0 } else { 0.0 });
                prop_assert_eq!(interval.p_top_k, if rank <= 2 { 1.0 } else { 0.0 });
            }
            prop_assert_eq!(found.tied_first, 0);
        }
    }

    #[test]
    fn any_partition_of_the_work_gives_the_same_tally(
        rows in prop_oneof![sparse_rows(4..9, 6), sparse_rows(4..9, 9), full_rows(2..6, 6), full_rows(2..6, 17)],
        combine in combine(), cuts in prop::collection::vec(0_u32..310, 0..4), always_draw in any::<bool>(),
    ) {
        let asked = BootstrapSettings { always_draw, ..settings(300) };
        let Ok(bootstrap) = Bootstrap::new(&totals(&rows, combine), asked) else { return Ok(()) };
        let whole = bootstrap.run(0..bootstrap.resamples());
        let mut cuts = cuts;
        cuts.extend([0, 310]);
        cuts.sort_unstable();
        let mut parts: Vec<Tally> =
            cuts.iter().zip(&cuts[1..]).map(|(from, to)| bootstrap.run(*from..*to)).collect();
        let mut sum = parts.pop().unwrap();
        parts.into_iter().for_each(|part| sum.merge(part));
        // Equal resamples are evaluated once per range; the counts are the same all the same.
        prop_assert_eq!(&sum, &whole);
        prop_assert_eq!(bootstrap.finish(sum), bootstrap.finish(whole));
    }

    #[test]
    fn a_bid_with_many_reviews_changes_how_others_are_drawn_by_nothing(
        rows in sparse_rows(3..8, 6), combine in combine(),
    ) {
        let Ok(short) = rank_intervals(&totals(&rows, combine), settings(80)) else { return Ok(()) };
        prop_assume!(short.scheme == Scheme::Nested);
        let mut more = rows;
        more.push(vec![Some(-5.0); 8]);
        let mut long = rank_intervals(&totals(&more, combine), settings(80)).unwrap();
        prop_assert!(long.bids.pop().unwrap().unwrap().p_first.abs() < 1e-12);
        long.exact_to_rank = short.exact_to_rank;
        prop_assert_eq!(long, short);
    }

    #[test]
    fn leaving_out_a_reviewer_is_ranking_without_their_reviews(
        rows in sparse_rows(2..12, 4), combine in combine(), top_k in 1_usize..4,
    ) {
        let quantity = totals(&rows, combine);
        let reviewed: Vec<usize> = (0..4).filter(|&reviewer| rows.iter().any(|row| row[reviewer].is_some())).collect();
        if reviewed.len() < 2 {
            prop_assert!(leave_one_reviewer_out(&quantity).is_err());
            return Ok(());
        }
        let values = |left_out: usize| -> Vec<_> {
            let kept = |row: &Vec<Option<f64>>| -> Vec<f64> {
                row.iter().enumerate().filter(|(index, _)| *index != left_out).filter_map(|(_, score)| *score).collect()
            };
            rows.iter().map(|row| combined(combine, &kept(row))).collect()
        };
        let first = |ranks: &[Option<u32>], most: u32| -> Vec<usize> {
            (0..ranks.len()).filter(|&bid| ranks[bid].is_some_and(|rank| rank <= most)).collect()
        };
        let found = leave_one_reviewer_out(&quantity).unwrap();
        let pivotal = pivotal_reviewers(&quantity, top_k).unwrap();
        let with_all = ranks_of(&values(9));
        prop_assert_eq!(&found.ranks, &with_all);
        prop_assert_eq!(&found.leaders, &first(&with_all, 1));
        prop_assert_eq!(found.without.iter().map(|without| without.reviewer).collect::<Vec<_>>(), reviewed);
        let (mut best, mut worst) = (vec![None; rows.len()], vec![None; rows.len()]);
        for without in &found.without {
            let expected = values(without.reviewer);
            let ranks = ranks_of(&expected);
            let everybody = without.everybody.as_ref().unwrap();
            prop_assert_eq!(&everybody.ranks, &ranks);
            for (value, expected) in everybody.values.iter().zip(&expected) {
                let expected = expected.map(|(sum, count)| sum as f64 / count as f64 / 20.0);
                prop_assert!(value.is_some() == expected.is_some());
                prop_assert!((value.unwrap_or(0.0) - expected.unwrap_or(0.0)).abs() < 1e-9);
            }
            prop_assert_eq!(&without.leaders, &first(&ranks, 1));
            let is_dropped = |bid: &usize| with_all[*bid].is_some() && ranks[*bid].is_none();
            prop_assert_eq!(&without.dropped, &(0..rows.len()).filter(is_dropped).collect::<Vec<_>>());
            let changes = |most| first(&ranks, most) != first(&with_all, most);
            prop_assert_eq!(pivotal.winner.contains(&without.reviewer), changes(1));
            prop_assert_eq!(pivotal.top.contains(&without.reviewer), changes(top_k as u32));
            for (bid, rank) in ranks.iter().enumerate().filter_map(|(bid, rank)| Some((bid, (*rank)?))) {
                best[bid] = Some(best[bid].map_or(rank, |best: u32| best.min(rank)));
                worst[bid] = Some(worst[bid].map_or(rank, |worst: u32| worst.max(rank)));
            }
        }
        prop_assert_eq!(found.best_ranks, best);
        prop_assert_eq!(found.worst_ranks, worst);
    }

    #[test]
    fn no_weights_on_a_grid_are_nearer_than_the_nearest(
        means in prop::collection::vec((0_u32..12).prop_map(f64::from), 6..19),
        weights in prop::collection::vec(0_u32..5, 3), lower_is_better in any::<bool>(),
    ) {
        let means = &means[..means.len() / 3 * 3];
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let sum = f64::from(weights.iter().sum::<u32>());
        let weights: Vec<f64> = weights.into_iter().map(|weight| f64::from(weight) / sum).collect();
        let better = if lower_is_better { -1.0 } else { 1.0 };
        let total = |bid: usize| -> f64 {
            means[3 * bid..3 * bid + 3].iter().zip(&weights).map(|(mean, weight)| better * mean * weight).sum()
        };
        let first = (0..means.len() / 3).max_by(|one, other| total(*one).total_cmp(&total(*other))).unwrap();
        let found = weight_sensitivity(means, &weights, first, lower_is_better).unwrap();
        prop_assert_eq!(found.winner, first);
        let row = |bid: usize| &means[3 * bid..3 * bid + 3];
        let lead = |bid: usize, at: &[f64]| -> f64 {
            row(bid).iter().zip(row(found.winner)).zip(at).map(|((mean, first), at)| better * (mean - first) * at).sum()
        };
        let bids = 0..means.len() / 3;
        let most = |at: &[f64]| bids.clone().map(|bid| lead(bid, at)).fold(0.0, f64::max);
        prop_assert!(most(&weights) < 1e-9);

        // Every mixture in steps of 1/60.
        let mut nearest = f64::INFINITY;
        for first in 0..=60 {
            for second in 0..=60 - first {
                let at = [first, second, 60 - first - second].map(|part| f64::from(part) / 60.0);
                let away = at.iter().zip(&weights).map(|(at, weight)| (at - weight).powi(2)).sum::<f64>().sqrt();
                if most(&at) > 1e-9 {
                    nearest = nearest.min(away);
                }
            }
        }
        match &found.all_weights {
            None => prop_assert!(nearest == f64::INFINITY),
            Some(change) => {
                prop_assert!(change.distance <= nearest + 1e-9, "{change:?} {nearest}");
                // A corner of the part where the rival leads may lie between the points of the grid.
                prop_assert!(nearest == f64::INFINITY || nearest < change.distance + 0.2, "{change:?} {nearest}");
                prop_assert!((change.weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
                prop_assert!(change.weights.iter().all(|weight| *weight >= 0.0));
                prop_assert!(lead(change.bid, &change.weights).abs() < 1e-9);
            }
        }

        for (criterion, change) in found.one_weight.iter().enumerate() {
            let rest = 1.0 - weights[criterion];
            let at = |weight: f64| -> Vec<f64> {
                let others = |other: usize| {
                    let share = if rest > 0.0 { weights[other] / rest } else { 0.5 };
                    if other == criterion { weight } else { (1.0 - weight) * share }
                };
                (0..3).map(others).collect()
            };
            let is_overtaken = |step: &u32| most(&at(f64::from(*step) / 500.0)) > 1e-9;
            let away = |step: u32| (f64::from(step) / 500.0 - weights[criterion]).abs();
            let nearest = (0..=500).filter(is_overtaken).map(away).fold(f64::INFINITY, f64::min);
            match change {
                None => prop_assert!(nearest == f64::INFINITY),
                Some(change) => {
                    prop_assert!(change.change.abs() <= nearest + 1e-9, "{criterion} {change:?} {nearest}");
                    prop_assert!(nearest == f64::INFINITY || nearest < change.change.abs() + 0.0021);
                    prop_assert!((change.weight - weights[criterion] - change.change).abs() < 1e-12);
                    prop_assert!(lead(change.bid, &at(change.weight)).abs() < 1e-9);
                }
            }
        }
    }
}

#[test]
fn drawn_shares_are_close_to_the_exact_ones_and_always_the_same() {
    let rows: Vec<Vec<Option<f64>>> =
        [[88.0, 84.0, 90.0, 79.0], [85.0, 86.0, 86.0, 84.0], [80.0, 83.0, 79.0, 88.0]]
            .map(|row| row.map(Some).to_vec())
            .to_vec();
    let quantity = totals(&rows, Combine::Mean);
    let asked = BootstrapSettings { always_draw: true, ..settings(40_000) };
    let exact = rank_intervals(&quantity, settings(40_000)).unwrap();
    let drawn = rank_intervals(&quantity, asked.clone()).unwrap();
    assert_eq!(drawn.sampling, Sampling::Sampled { resamples: 40_000 });
    for (drawn, exact) in drawn.bids.iter().flatten().zip(exact.bids.iter().flatten()) {
        assert!((drawn.p_first - exact.p_first).abs() < 0.01);
        assert!((drawn.mean - exact.mean).abs() < 0.02);
        assert_eq!((drawn.low, drawn.high, drawn.median), (exact.low, exact.high, exact.median));
    }
    let other = rank_intervals(&quantity, BootstrapSettings { seed: b"other".to_vec(), ..asked }).unwrap();
    assert_ne!(other, drawn);
    // The same on every machine: these were counted by a program of twenty lines in another language.
    let firsts: Vec<f64> = drawn.bids.iter().flatten().map(|bid| (bid.p_first * 40_000.0).round()).collect();
    assert_eq!((firsts, drawn.tied_first), (vec![21_726.0, 19_033.0, 4929.0], 5688));
}

#[test]
fn beyond_two_thousand_bids_the_intervals_are_rounded_outwards() {
    let bids = 3000_u32;
    let reviews = (0..bids).flat_map(|bid| {
        (0..if bid == 7 { 2 } else { 3 }).map(move |reviewer| Review { bid, reviewer, score: f64::from(bid) })
    });
    let panel = Panel::new(bids as usize, 3, reviews).unwrap();
    let mut quantity = RankedQuantity::of_totals(panel, Combine::Mean);
    quantity.lower_is_better = true;
    let found = rank_intervals(&quantity, settings(70)).unwrap();
    assert_eq!((found.scheme, found.exact_to_rank), (Scheme::Nested, 512));
    for (interval, rank) in found.bids.into_iter().flatten().zip(1..) {
        assert!(interval.low <= rank && rank <= interval.high, "{rank}");
        assert!(interval.high - interval.low <= if rank <= 512 { 0 } else { rank / 128 }, "{rank}");
        assert_eq!(interval.mean, f64::from(rank));
    }
}

#[test]
fn what_cannot_be_resampled_says_why() {
    let rows = |rows: &[&[f64]]| -> Vec<Vec<Option<f64>>> {
        rows.iter().map(|row| row.iter().copied().map(Some).collect()).collect()
    };
    let check = |rows: Vec<Vec<Option<f64>>>, asked, expected| {
        assert_eq!(rank_intervals(&totals(&rows, Combine::Mean), asked), Err(expected));
    };
    check(rows(&[&[1.0, 2.0]]), settings(9), Undefined::TooFewBids { have: 1, need: 2 });
    check(rows(&[&[1.0], &[2.0]]), settings(9), Undefined::TooFewReviewers { have: 1, need: 2 });
    check(rows(&[&[], &[]]), settings(9), Undefined::TooFewScores { have: 0, need: 1 });
    let bad = |name: &str| Undefined::BadParameter { name: name.to_owned() };
    let fine = rows(&[&[1.0, 2.0], &[2.0, 2.0]]);
    check(fine.clone(), settings(0), bad("resamples"));
    check(fine.clone(), BootstrapSettings { confidence: 1.0, ..settings(9) }, bad("confidence"));
    check(fine.clone(), BootstrapSettings { top_k: 0, ..settings(9) }, bad("top_k"));
    let mut quantity = totals(&fine, Combine::DropExtremes { min_scores: 2 });
    assert_eq!(quantity.values(), Err(bad("min_scores")));
    quantity.combine = Combine::Median;
    let other = Panel::from_rows(&rows(&[&[1.0, 2.0], &[2.0]])).unwrap();
    quantity.layers.push(Layer { weight: 1.0, panel: other });
    assert_eq!(quantity.values(), Err(bad("layers")));
    quantity.layers.truncate(1);
    quantity.layers[0].weight = f64::NAN;
    assert_eq!(quantity.values(), Err(bad("weights")));
    // A bid without a review is left out, and one with a single review is counted.
    let mut gaps = fine;
    gaps.push(vec![None, None]);
    gaps.push(vec![Some(1.5), None]);
    let found = rank_intervals(&totals(&gaps, Combine::Mean), settings(9)).unwrap();
    assert_eq!((found.bids[2], found.single_reviews), (None, 1));
    assert_eq!(found.bids.iter().flatten().count(), 3);
}

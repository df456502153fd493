//! Calibration at its limits: many reviewers, figures by draws, exact scores, and what is refused with which reason.

use domain::stats::calibrate::{
    DRAWS_SMALL, EXACT_REVIEWERS, Mixed, SPREAD_DRAWS, TRACE_DRAWS, Variances, additive, centred,
    expected_rank, expected_rank_independent, fit_mixed, fit_one_way, mean_and_scale, p_top_k,
    p_top_k_independent, posterior, probability_better, rank_certainty, shrink, z_scores,
};
use domain::stats::{Panel, Review, Undefined};

use crate::calibrate_properties::{Table, VARIANCES, close, of, orthogonal, present};

/// A fixed multiplicative generator; about normal, variance 1.
struct Bells(u64);

impl Bells {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.next() as f64 / (1u64 << 31) as f64).sum::<f64>() - 6.0
    }
}

/// Standard deviations 8, 5 and 4; every bid scored by `per_bid` of the reviewers.
fn sparse(bids: u32, reviewers: u32, per_bid: u32) -> Vec<Review> {
    let mut bells = Bells(7);
    let offsets: Vec<f64> = (0..reviewers).map(|_| 5.0 * bells.bell()).collect();
    let mut reviews = Vec::new();
    for bid in 0..bids {
        let quality = 70.0 + 8.0 * bells.bell();
        let mut members: Vec<u32> = Vec::new();
        while members.len() < per_bid as usize {
            let reviewer = (bells.next() % u64::from(reviewers)) as u32;
            if !members.contains(&reviewer) {
                members.push(reviewer);
            }
        }
        for reviewer in members {
            reviews.push(Review {
                bid,
                reviewer,
                score: quality + offsets[reviewer as usize] + 4.0 * bells.bell(),
            });
        }
    }
    reviews
}

#[test]
fn many_reviewers_are_solved_as_exactly_as_few() {
    let panel = Panel::new(3_000, 600, sparse(3_000, 600, 4)).unwrap();
    let fit = additive(&panel).unwrap();
    orthogonal(&panel, &fit.quality, &fit.offset, 1e-8);
    assert_eq!(fit.residual_degrees_of_freedom, 12_000 - 3_000 - 600 + 1);
    assert_eq!(fit.quality_standard_error, None);
    // A chain, in which everything hangs on everything before it: the hardest design to solve step by step.
    let links = 1_500u32;
    let quality = |bid: u32| f64::from(bid % 17);
    let offset = |reviewer: u32| f64::from(reviewer % 5);
    let chain = (0..links).flat_map(|bid| {
        [bid, bid + 1].map(|reviewer| Review { bid, reviewer, score: quality(bid) + offset(reviewer) })
    });
    let fit = additive(&Panel::new(links as usize, links as usize + 1, chain).unwrap()).unwrap();
    let distances: Vec<f64> = (0u32..).zip(&fit.quality).map(|(bid, found)| found - quality(bid)).collect();
    close(&distances, &vec![distances[0]; links as usize], 1e-6);
    assert_eq!(fit.residual_variance, None);
}

#[test]
fn draws_agree_with_what_is_exact() {
    let reviews = sparse(600, 60, 4);
    let exact = Panel::new(600, 60, reviews.iter().copied()).unwrap();
    // Reviewers without bids change nothing but the way.
    let padded = Panel::new(600, 60 + EXACT_REVIEWERS, reviews).unwrap();
    let (left, right) = (fit_mixed(&exact).unwrap(), fit_mixed(&padded).unwrap());
    let components = |fit: &Mixed| [fit.var_bid, fit.var_reviewer, fit.var_residual];
    close(&components(&left), &components(&right), 0.01);
    assert_eq!((left.trace_draws, right.trace_draws), (None, Some(TRACE_DRAWS)));
    assert!(left.steps < 8 && right.steps < 8, "{} and {} steps", left.steps, right.steps);
    for (found, truth) in components(&left).iter().zip([64.0, 25.0, 16.0]) {
        assert!((found / truth - 1.0).abs() < 0.35, "{found} instead of about {truth}");
    }
    let known = left.variances();
    let (left, right) = (posterior(&exact, &known, None).unwrap(), posterior(&padded, &known, None).unwrap());
    close(&left.quality_mean, &right.quality_mean, 1e-8);
    close(&left.reviewer_mean, &right.reviewer_mean[..60], 1e-8);
    close(&left.quality_sd, &right.quality_sd, 0.02);
    assert_eq!((left.spread_draws, right.spread_draws), (None, Some(SPREAD_DRAWS)));
    // Two scores per bid and noisy reviewers: here the reviewers' uncertainty weighs.
    let loose = Variances { bid: 8.0, reviewer: 25.0, residual: 16.0 };
    let reviews = sparse(150, 60, 2);
    let few = Panel::new(150, 60, reviews.iter().copied()).unwrap();
    let padded_few = Panel::new(150, 60 + EXACT_REVIEWERS, reviews).unwrap();
    let spread = |panel| {
        let found = posterior(panel, &loose, None).unwrap();
        let squares =
            |deviations: &[f64]| deviations.iter().map(|deviation| deviation * deviation).sum::<f64>();
        [squares(&found.quality_sd), squares(&found.reviewer_sd[..60])]
    };
    close(&spread(&few), &spread(&padded_few), 0.05);
    let (sharp, drawn) =
        (rank_certainty(&exact, &left, 60, 5).unwrap(), rank_certainty(&padded, &right, 60, 5).unwrap());
    assert_eq!((sharp.expected.draws, drawn.expected.draws), (None, Some(DRAWS_SMALL)));
    for (left, right) in sharp.expected.expected_rank.iter().zip(&drawn.expected.expected_rank) {
        assert!((left - right).abs() < 12.0, "expected rank {left} and {right} of 600");
    }
    for (left, right) in sharp.top.probability.iter().zip(&drawn.top.probability) {
        assert!((left - right).abs() < 0.08, "chance {left} and {right}");
    }
    assert_eq!(drawn, rank_certainty(&padded, &right, 60, 5).unwrap());
    assert_ne!(drawn.top, rank_certainty(&padded, &right, 60, 6).unwrap().top);
}

#[test]
fn chances_of_the_first_place_are_the_known_ones() {
    let top = p_top_k_independent(&[82.0, 80.0], &[2.0, 2.5], 1, 3).unwrap();
    let expected = probability_better(82.0, 80.0, 4.0 + 6.25);
    assert!((top.probability[0] - expected).abs() < 0.02, "{} and {expected}", top.probability[0]);
    let sure = p_top_k_independent(&[3.0, 9.0, 3.0, 1.0], &[0.0; 4], 2, 3).unwrap();
    assert_eq!((sure.probability, sure.draws), (vec![0.5, 1.0, 0.5, 0.0], DRAWS_SMALL));
    let signed = p_top_k_independent(&[-5.0, 3.0, 0.0, -1.0], &[0.0; 4], 2, 3).unwrap();
    assert_eq!(signed.probability, [0.0, 1.0, 1.0, 0.0]);
    let all = p_top_k_independent(&[3.0, 9.0], &[1.0, 1.0], 2, 3).unwrap();
    assert_eq!(all.probability, [1.0, 1.0]);
}

#[test]
fn exact_scores_leave_a_sure_order() {
    // Every score is bid plus reviewer: nothing is left for an error, and ranks are certain.
    let table: Table =
        (0..5).map(|bid| (0..3).map(|reviewer| Some(f64::from(10 * bid + 3 * reviewer))).collect()).collect();
    let panel = of(&table);
    let fit = fit_mixed(&panel).unwrap();
    close(&[fit.var_bid, fit.var_reviewer, fit.var_residual], &[250.0, 9.0, 0.0], 1e-9);
    let found = posterior(&panel, &fit.variances(), None).unwrap();
    close(&expected_rank(&panel, &found, 1).unwrap().expected_rank, &[5.0, 4.0, 3.0, 2.0, 1.0], 1e-6);
    // Without differences between bids nobody is ahead.
    let flat = Variances { bid: 0.0, ..VARIANCES };
    let found = posterior(&panel, &flat, None).unwrap();
    let certainty = rank_certainty(&panel, &found, 2, 1).unwrap();
    close(&certainty.expected.expected_rank, &[3.0; 5], 1e-12);
    close(&certainty.top.probability, &[0.4; 5], 1e-12);
}

#[test]
fn reviewers_without_variation_are_only_centred() {
    let panel = of(&vec![vec![Some(9.0), Some(6.0)], vec![Some(7.0), Some(6.0)], vec![None, None]]);
    assert_eq!(centred(&panel).unwrap(), [Some(7.5), Some(6.5), None]);
    let half = 0.5f64.sqrt() / 2.0;
    close(&present(z_scores(&panel).unwrap()), &[half, -half, -1.0], 1e-12);
}

/// Two maxima: one with 114.5, 162.0 and 11.9 (bids, reviewers, rest; logarithm -32.517), one without bids and reviewers.
#[test]
fn the_highest_of_several_maxima_counts() {
    let (some, none) = (Some, None);
    let panel = of(&vec![
        vec![some(-9.0), none, none, none],
        vec![some(-8.0), some(0.0), none, none],
        vec![some(11.0), none, none, some(-2.0)],
        vec![none, some(-9.0), some(-4.0), none],
        vec![none, none, some(14.0), some(-20.0)],
    ]);
    let fit = fit_mixed(&panel).unwrap();
    assert_eq!((fit.var_bid, fit.var_reviewer), (0.0, 0.0));
    // Then the rest is the sample variance, and the restricted likelihood that of a single mean.
    close(&[fit.var_residual, fit.mean], &[110.25, -3.0], 1e-12);
    let degrees = 8.0_f64;
    let height = -0.5 * (degrees * ((std::f64::consts::TAU * 110.25).ln() + 1.0) + 9.0_f64.ln());
    close(&[fit.log_restricted_likelihood.unwrap()], &[height], 1e-9);
    assert!((height - -31.261).abs() < 5e-4, "{height}");
}

#[test]
fn what_is_undefined_says_why() {
    let one_reviewer = of(&vec![vec![Some(1.0)], vec![Some(2.0)]]);
    let one_bid = of(&vec![vec![Some(1.0), Some(2.0)]]);
    let equal = of(&vec![vec![Some(4.0); 3]; 3]);
    let empty = of(&Vec::new());
    let tree = of(&vec![vec![Some(1.0), Some(5.0)], vec![None, Some(7.0)]]);
    let lone = |have| Undefined::TooFewReviewers { have, need: 2 };
    assert_eq!(additive(&one_reviewer).unwrap_err(), lone(1));
    assert_eq!(fit_mixed(&one_reviewer).unwrap_err(), lone(1));
    assert_eq!(additive(&one_bid).unwrap_err(), Undefined::TooFewBids { have: 1, need: 2 });
    assert_eq!(fit_mixed(&one_bid).unwrap_err(), Undefined::TooFewBids { have: 1, need: 2 });
    assert_eq!(additive(&empty).unwrap_err(), Undefined::TooFewBids { have: 0, need: 2 });
    assert_eq!(centred(&empty).unwrap_err(), Undefined::TooFewScores { have: 0, need: 1 });
    assert_eq!(
        posterior(&empty, &VARIANCES, None).unwrap_err(),
        Undefined::TooFewScores { have: 0, need: 1 }
    );

    assert_eq!(additive(&equal).unwrap().quality, [4.0; 3]);
    assert_eq!(z_scores(&equal).unwrap_err(), Undefined::NoVariation);
    assert_eq!(mean_and_scale(&equal).unwrap_err(), Undefined::NoVariation);
    assert_eq!(fit_mixed(&equal).unwrap_err(), Undefined::NoVariation);
    assert_eq!(fit_one_way(&equal).unwrap_err(), Undefined::NoVariation);

    // No degree of freedom left: qualities, but nothing about how sure they are.
    let fit = additive(&tree).unwrap();
    close(&[fit.quality[1] - fit.quality[0]], &[2.0], 1e-12);
    assert_eq!((fit.residual_degrees_of_freedom, fit.residual_variance), (0, None));
    assert_eq!(fit_mixed(&tree).unwrap_err(), Undefined::TooFewScores { have: 3, need: 4 });

    let bad = |name: &str| Undefined::BadParameter { name: name.to_owned() };
    let none = Variances { bid: 0.0, reviewer: 0.0, residual: 0.0 };
    assert_eq!(posterior(&tree, &none, None).unwrap_err(), Undefined::NoVariation);
    let negative = Variances { bid: -1.0, ..VARIANCES };
    assert_eq!(posterior(&tree, &negative, None).unwrap_err(), bad("variances"));
    assert_eq!(posterior(&tree, &VARIANCES, Some(f64::NAN)).unwrap_err(), bad("known_mean"));
    let found = posterior(&tree, &VARIANCES, None).unwrap();
    assert_eq!(p_top_k(&tree, &found, 0, 1).unwrap_err(), bad("k"));
    assert_eq!(p_top_k(&tree, &found, 3, 1).unwrap_err(), bad("k"));
    assert_eq!(expected_rank(&equal, &found, 1).unwrap_err(), bad("posterior"));
    assert_eq!(expected_rank_independent(&[1.0], &[-1.0]).unwrap_err(), bad("deviations"));
    assert_eq!(shrink(&[1.0], &[1], 0.0, 0.0, 1.0).unwrap_err(), Undefined::NoVariation);
    assert_eq!(shrink(&[1.0], &[], 1.0, 1.0, 1.0).unwrap_err(), bad("counts"));
}

#[test]
fn one_way_components_are_those_of_the_analysis_of_variance() {
    // Three bids with 2, 3 and 1 scores, worked by hand: within 4 / 3, c = 11 / 6.
    let panel = of(&vec![
        vec![Some(10.0), Some(12.0), None],
        vec![Some(6.0), Some(7.0), Some(5.0)],
        vec![Some(9.0), None, None],
    ]);
    let found = fit_one_way(&panel).unwrap();
    let between = 2.0 * (11.0f64 - 49.0 / 6.0).powi(2)
        + 3.0 * (6.0f64 - 49.0 / 6.0).powi(2)
        + (9.0f64 - 49.0 / 6.0).powi(2);
    close(
        &[found.var_within, found.var_between],
        &[4.0 / 3.0, (between / 2.0 - 4.0 / 3.0) / (11.0 / 6.0)],
        1e-12,
    );
    assert!((6.0..11.0).contains(&found.grand_mean));
}

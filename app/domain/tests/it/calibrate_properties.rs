//! What must hold for every panel: calibration, mixed model, shrinkage, expected ranks.

use domain::stats::calibrate::{
    Variances, additive, centred, expected_rank, expected_rank_independent, fit_mixed, islands,
    mean_and_scale, p_top_k, posterior, quality_covariance, rank_certainty, shrink, z_scores,
};
use domain::stats::{Island, Panel, Review, Undefined};
use proptest::collection::vec;
use proptest::prelude::*;

pub type Table = Vec<Vec<Option<f64>>>;

/// Tenths of points up to 100, or whole points up to 5, in which many are equal.
fn score(is_coarse: bool) -> impl Strategy<Value = f64> {
    (0u32..1000)
        .prop_map(move |tenths| if is_coarse { f64::from(tenths / 166) } else { f64::from(tenths) / 10.0 })
}

/// Two to seven bids, two to five reviewers, about two thirds of the scores there.
fn table() -> impl Strategy<Value = Table> {
    (2usize..8, 2usize..6, any::<bool>()).prop_flat_map(|(bids, reviewers, is_coarse)| {
        let score = prop_oneof![2 => score(is_coarse).prop_map(Some), 1 => Just(None)];
        vec(vec(score, reviewers), bids)
    })
}

fn joined() -> impl Strategy<Value = Table> {
    table().prop_filter("one island", |table| islands(&of(table)).len() == 1)
}

fn complete() -> impl Strategy<Value = Table> {
    (2usize..8, 2usize..6, any::<bool>()).prop_flat_map(|(bids, reviewers, is_coarse)| {
        vec(vec(score(is_coarse).prop_map(Some), reviewers), bids)
    })
}

pub fn of(table: &Table) -> Panel {
    Panel::from_rows(table).unwrap()
}

/// Bids and reviewers turned round, which is as good as any other order with the rotation in front.
fn turned(table: &Table, by: usize) -> Table {
    let mut turned: Table = table.iter().map(|row| row.iter().rev().copied().collect()).collect();
    let count = turned.len();
    turned.rotate_left(by % count);
    turned
}

fn turned_back<T: Clone>(bids: &[T], by: usize) -> Vec<T> {
    let mut bids = bids.to_vec();
    let count = bids.len();
    bids.rotate_right(by % count);
    bids
}

#[track_caller]
pub fn close(left: &[f64], right: &[f64], tolerance: f64) {
    assert_eq!(left.len(), right.len());
    for (left, right) in left.iter().zip(right) {
        assert!((left - right).abs() <= tolerance * left.abs().max(1.0), "{left} and {right}");
    }
}

pub fn present(values: Vec<Option<f64>>) -> Vec<f64> {
    values.into_iter().map(|value| value.unwrap_or(-1.0)).collect()
}

pub const VARIANCES: Variances = Variances { bid: 64.0, reviewer: 25.0, residual: 16.0 };

proptest! {
    #[test]
    fn the_order_of_bids_and_reviewers_never_matters(table in joined(), by in 0usize..8) {
        let (panel, other) = (of(&table), of(&turned(&table, by)));
        let (left, right) = (additive(&panel).unwrap(), additive(&other).unwrap());
        close(&left.quality, &turned_back(&right.quality, by), 1e-9);
        close(&left.offset, &right.offset.into_iter().rev().collect::<Vec<_>>(), 1e-9);
        for normalised in [centred, z_scores, mean_and_scale] {
            if let (Ok(left), Ok(right)) = (normalised(&panel), normalised(&other)) {
                close(&present(left), &present(turned_back(&right, by)), 1e-9);
            }
        }
        let (left, right) =
            (posterior(&panel, &VARIANCES, None).unwrap(), posterior(&other, &VARIANCES, None).unwrap());
        close(&left.quality_mean, &turned_back(&right.quality_mean, by), 1e-9);
        close(&left.quality_sd, &turned_back(&right.quality_sd, by), 1e-9);
        let ranks = |panel, found| expected_rank(panel, found, 1).unwrap().expected_rank;
        close(&ranks(&panel, &left), &turned_back(&ranks(&other, &right), by), 1e-9);
    }

    #[test]
    fn the_order_never_moves_the_fit(table in joined(), by in 0usize..8) {
        match (fit_mixed(&of(&table)), fit_mixed(&of(&turned(&table, by)))) {
            (Ok(left), Ok(right)) => close(
                &[left.mean, left.var_bid, left.var_reviewer, left.var_residual],
                &[right.mean, right.var_bid, right.var_reviewer, right.var_residual],
                1e-7,
            ),
            (left, right) => prop_assert_eq!(left, right),
        }
    }

    #[test]
    fn the_search_always_settles(table in table()) {
        if let Err(why) = fit_mixed(&of(&table)) {
            prop_assert!(!matches!(why, Undefined::NotConverged { .. }), "{why}");
        }
    }

    #[test]
    fn a_lenient_reviewer_moves_every_quality_alike(table in joined(), reviewer in 0usize..5, extra in -20i32..20) {
        let before = additive(&of(&table)).unwrap();
        let reviewer = reviewer % before.offset.len();
        let mut moved = table.clone();
        for score in moved.iter_mut().filter_map(|row| row[reviewer].as_mut()) {
            *score += f64::from(extra);
        }
        let after = additive(&of(&moved)).unwrap();
        let shift = f64::from(extra) / before.offset.len() as f64;
        close(&before.quality.iter().map(|quality| quality + shift).collect::<Vec<_>>(), &after.quality, 1e-9);
        close(&[before.residual_sum_of_squares], &[after.residual_sum_of_squares], 1e-7);
    }

    #[test]
    fn residuals_are_orthogonal_to_bids_and_reviewers(table in joined()) {
        let panel = of(&table);
        let fit = additive(&panel).unwrap();
        orthogonal(&panel, &fit.quality, &fit.offset, 1e-8);
        prop_assert!(fit.offset.iter().sum::<f64>().abs() < 1e-9);
        prop_assert_eq!(fit.residual_variance.is_some(), fit.residual_degrees_of_freedom > 0);
        prop_assert_eq!(fit.quality_standard_error.is_some(), fit.residual_degrees_of_freedom > 0);
    }

    #[test]
    fn complete_panels_keep_their_raw_means(table in complete()) {
        let panel = of(&table);
        let raw: Vec<f64> = table.iter().map(|row| row.iter().flatten().sum::<f64>() / row.len() as f64).collect();
        let fit = additive(&panel).unwrap();
        close(&fit.quality, &raw, 1e-9);
        close(&present(centred(&panel).unwrap()), &raw, 1e-9);
        // With k scores each and offsets that sum to zero, a mean's standard error is the root of variance / k.
        let expected = (fit.residual_variance.unwrap() / panel.reviewers() as f64).sqrt();
        for error in fit.quality_standard_error.unwrap() {
            close(&[error], &[expected], 1e-6);
        }
    }

    #[test]
    fn islands_name_everybody_once_and_refuse(table in table()) {
        let panel = of(&table);
        let found = islands(&panel);
        let mut bids: Vec<usize> = found.iter().flat_map(|island| island.bids.clone()).collect();
        let mut reviewers: Vec<usize> = found.iter().flat_map(|island| island.reviewers.clone()).collect();
        bids.sort_unstable();
        reviewers.sort_unstable();
        prop_assert_eq!(bids, (0..panel.bids()).collect::<Vec<_>>());
        prop_assert_eq!(reviewers, (0..panel.reviewers()).collect::<Vec<_>>());
        for review in panel.reviews() {
            let is_home = |island: &&Island| island.bids.contains(&(review.bid as usize));
            let home = found.iter().find(is_home).unwrap();
            prop_assert!(home.reviewers.contains(&(review.reviewer as usize)));
        }
        match additive(&panel) {
            Ok(_) => prop_assert_eq!(found.len(), 1),
            Err(why) => prop_assert_eq!(why, Undefined::Disconnected { islands: found }),
        }
    }

    #[test]
    fn expected_ranks_and_chances_add_up(table in table(), k in 1usize..8, seed in any::<u64>()) {
        let panel = of(&table);
        prop_assume!(!panel.is_empty());
        let count = panel.bids();
        let k = 1 + (k - 1) % count;
        let found = posterior(&panel, &VARIANCES, None).unwrap();
        let certainty = rank_certainty(&panel, &found, k, seed).unwrap();
        let ranks = &certainty.expected.expected_rank;
        close(&[ranks.iter().sum()], &[(count * (count + 1)) as f64 / 2.0], 1e-12);
        prop_assert!(ranks.iter().all(|rank| (1.0..=count as f64).contains(rank)));
        close(&[certainty.top.probability.iter().sum()], &[k as f64], 1e-9);
        prop_assert_eq!(&certainty.top, &p_top_k(&panel, &found, k, seed).unwrap());
        let alone = expected_rank_independent(&found.quality_mean, &found.quality_sd).unwrap().expected_rank;
        close(&[alone.iter().sum()], &[(count * (count + 1)) as f64 / 2.0], 1e-12);
    }

    #[test]
    fn shrinking_lies_between(mean in 0.0f64..100.0, count in 0usize..20, between in 0.0f64..100.0, within in 0.01f64..100.0) {
        let shrunk = shrink(&[mean], &[count], between, within, 50.0).unwrap()[0];
        prop_assert!((0.0..=1.0).contains(&shrunk.weight));
        prop_assert!(shrunk.value >= mean.min(50.0) - 1e-9 && shrunk.value <= mean.max(50.0) + 1e-9);
    }

    #[test]
    fn the_posterior_is_the_conditional_normal(table in table(), mean in 0.0f64..100.0, zero in 0usize..3) {
        let panel = of(&table);
        prop_assume!(!panel.is_empty());
        let mut variances = VARIANCES;
        if zero == 1 { variances.bid = 0.0 }
        if zero == 2 { variances.reviewer = 0.0 }
        let found = posterior(&panel, &variances, Some(mean)).unwrap();
        let covariance = quality_covariance(&panel, &variances).unwrap();
        let brute = Brute::new(&panel, &variances);
        close(&[found.gls_mean], &[brute.gls_mean()], 1e-9);
        let deviations: Vec<f64> = panel.scores().iter().map(|score| score - mean).collect();
        let weighted = brute.solve(&deviations);
        for bid in 0..panel.bids() {
            let own = brute.shared_with_bid(bid);
            close(&[found.quality_mean[bid] - mean], &[product(&own, &weighted)], 1e-9);
            let solved = brute.solve(&own);
            for other in 0..panel.bids() {
                let prior = if bid == other { variances.bid } else { 0.0 };
                let expected = prior - product(&solved, &brute.shared_with_bid(other));
                close(&[covariance.at(bid, other).unwrap()], &[expected], 1e-9);
            }
            close(&[found.quality_sd[bid].powi(2)], &[covariance.at(bid, bid).unwrap()], 1e-9);
        }
        for reviewer in 0..panel.reviewers() {
            let own = brute.shared_with_reviewer(reviewer);
            close(&[found.reviewer_mean[reviewer]], &[product(&own, &weighted)], 1e-9);
            let expected = variances.reviewer - product(&brute.solve(&own), &own);
            close(&[found.reviewer_sd[reviewer].powi(2)], &[expected], 1e-9);
        }
        let density = -0.5 * (panel.len() as f64 * std::f64::consts::TAU.ln() + brute.log_determinant()
            + product(&deviations, &weighted));
        close(&[found.log_marginal_likelihood.unwrap()], &[density], 1e-9);
    }

    #[test]
    fn no_other_components_are_more_likely(table in joined()) {
        let panel = of(&table);
        let Ok(fit) = fit_mixed(&panel) else { return Ok(()) };
        prop_assume!(fit.var_residual > 0.0);
        prop_assert!(fit.steps < 40, "{} steps", fit.steps);
        let best = restricted(&panel, &fit.variances());
        close(&[fit.log_restricted_likelihood.unwrap()], &[best], 1e-8);
        let total = fit.var_bid + fit.var_reviewer + fit.var_residual;
        for factor in [0.25, 0.5, 0.9, 0.99, 1.01, 1.1, 2.0, 4.0] {
            for extra in [0.0, 0.001, 0.1] {
                let moved = |value: f64| value * factor + extra * total;
                for variances in [
                    Variances { bid: moved(fit.var_bid), ..fit.variances() },
                    Variances { reviewer: moved(fit.var_reviewer), ..fit.variances() },
                    Variances { residual: moved(fit.var_residual), ..fit.variances() },
                    Variances { bid: moved(fit.var_bid), reviewer: moved(fit.var_reviewer), ..fit.variances() },
                ] {
                    let there = restricted(&panel, &variances);
                    prop_assert!(there <= best + 1e-7, "{variances:?} has {there}, {fit:?}");
                }
            }
        }
    }
}

#[track_caller]
pub fn orthogonal(panel: &Panel, quality: &[f64], offset: &[f64], tolerance: f64) {
    let mut by_bid = vec![0.0; panel.bids()];
    let mut by_reviewer = vec![0.0; panel.reviewers()];
    for Review { bid, reviewer, score } in panel.reviews() {
        let residual = score - quality[bid as usize] - offset[reviewer as usize];
        by_bid[bid as usize] += residual;
        by_reviewer[reviewer as usize] += residual;
    }
    let worst = by_bid.iter().chain(&by_reviewer).fold(0.0f64, |worst, sum| worst.max(sum.abs()));
    assert!(worst <= tolerance, "{worst}");
}

fn product(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

/// The covariance matrix of all scores written out, eliminated by rows: slow and plain.
struct Brute {
    reviews: Vec<Review>,
    variances: Variances,
}

impl Brute {
    fn new(panel: &Panel, variances: &Variances) -> Self {
        Self { reviews: panel.reviews().collect(), variances: *variances }
    }

    fn shared_with_bid(&self, bid: usize) -> Vec<f64> {
        let is_own = |review: &Review| review.bid as usize == bid;
        self.reviews.iter().map(|review| if is_own(review) { self.variances.bid } else { 0.0 }).collect()
    }

    fn shared_with_reviewer(&self, reviewer: usize) -> Vec<f64> {
        let is_own = |review: &Review| review.reviewer as usize == reviewer;
        self.reviews.iter().map(|review| if is_own(review) { self.variances.reviewer } else { 0.0 }).collect()
    }

    fn matrix(&self) -> Vec<Vec<f64>> {
        let entry = |left: &Review, right: &Review| {
            let Variances { bid, reviewer, residual } = self.variances;
            let (same_bid, same_reviewer) = (left.bid == right.bid, left.reviewer == right.reviewer);
            [(same_bid, bid), (same_reviewer, reviewer), (same_bid && same_reviewer, residual)]
                .into_iter()
                .map(|(is_shared, variance)| if is_shared { variance } else { 0.0 })
                .sum()
        };
        self.reviews
            .iter()
            .map(|left| self.reviews.iter().map(|right| entry(left, right)).collect())
            .collect()
    }

    /// The solution and the logarithm of the determinant.
    fn eliminated(&self, right: &[f64]) -> (Vec<f64>, f64) {
        let mut rows = self.matrix();
        rows.iter_mut().zip(right).for_each(|(row, value)| row.push(*value));
        let size = rows.len();
        let mut log = 0.0;
        for place in 0..size {
            log += rows[place][place].ln();
            let pivot = rows[place].clone();
            for (other, row) in rows.iter_mut().enumerate().filter(|(other, _)| *other != place) {
                let factor = row[place] / pivot[place];
                if other != place && factor != 0.0 {
                    row.iter_mut().zip(&pivot).for_each(|(value, from)| *value -= factor * from);
                }
            }
        }
        ((0..size).map(|place| rows[place][size] / rows[place][place]).collect(), log)
    }

    fn solve(&self, right: &[f64]) -> Vec<f64> {
        self.eliminated(right).0
    }

    fn log_determinant(&self) -> f64 {
        self.eliminated(&vec![0.0; self.reviews.len()]).1
    }

    fn gls_mean(&self) -> f64 {
        let ones = self.solve(&vec![1.0; self.reviews.len()]);
        self.reviews.iter().zip(&ones).map(|(review, one)| review.score * one).sum::<f64>()
            / ones.iter().sum::<f64>()
    }
}

fn restricted(panel: &Panel, variances: &Variances) -> f64 {
    let brute = Brute::new(panel, variances);
    let mean = brute.gls_mean();
    let deviations: Vec<f64> = panel.scores().iter().map(|score| score - mean).collect();
    let weight: f64 = brute.solve(&vec![1.0; panel.len()]).iter().sum();
    let count = panel.len() as f64 - 1.0;
    let quadratic = product(&deviations, &brute.solve(&deviations));
    -0.5 * (count * std::f64::consts::TAU.ln() + brute.log_determinant() + weight.ln() + quadratic)
}

//! The reference cases of agreement between reviewers, and the answers where there is no figure.

use domain::stats::agreement::{
    Components, ConcordanceP, Level, cohen_kappa, d_study, fleiss_kappa, kendall_tau_b, kendall_w,
    krippendorff_alpha, reviewers_needed, six_icc, spearman_brown, spearman_rho,
};
use domain::stats::{Panel, Undefined};
use serde_json::Value;

use crate::cases::{Case, numbers, rows};

fn panel(value: &Value) -> Panel {
    Panel::from_rows(&rows(value)).unwrap()
}

fn complete(rows: &[&[f64]]) -> Panel {
    let rows: Vec<Vec<Option<f64>>> =
        rows.iter().map(|row| row.iter().copied().map(Some).collect()).collect();
    Panel::from_rows(&rows).unwrap()
}

#[test]
fn icc_of_shrout_and_fleiss() {
    let case = Case::named("icc_shrout_fleiss_1979");
    let icc = six_icc(&panel(&case.input()["ratings"]), 0.95).unwrap();
    case.meets("/mean_squares/MSB", icc.mean_squares.between);
    case.meets("/mean_squares/MSW", icc.mean_squares.within);
    case.meets("/mean_squares/MSJ", icc.mean_squares.reviewer);
    case.meets("/mean_squares/MSE", icc.mean_squares.residual);
    case.meets("/variance_components_anova_reml/target", icc.components.bid);
    case.meets("/variance_components_anova_reml/judge", icc.components.reviewer);
    case.meets("/variance_components_anova_reml/residual", icc.components.residual);
    case.meets("/F_oneway", icc.f_oneway.f.unwrap());
    case.meets("/F_twoway", icc.f_twoway.f.unwrap());
    assert_eq!((icc.f_oneway.numerator, icc.f_oneway.denominator), (5.0, 18.0));
    assert_eq!((icc.f_twoway.numerator, icc.f_twoway.denominator), (5.0, 15.0));
    // The p-value as pingouin 0.7 prints it.
    assert!((icc.f_twoway.p - 0.000_134_57).abs() < 5e-9, "{}", icc.f_twoway.p);
    assert_eq!((icc.bids, icc.reviewers), (6, 4));
    for (value, interval, form) in [
        ("ICC_1_1", "ICC1", icc.icc_1_1),
        ("ICC_2_1", "ICC2", icc.icc_2_1),
        ("ICC_3_1", "ICC3", icc.icc_3_1),
        ("ICC_1_k", "ICC1k", icc.icc_1_k),
        ("ICC_2_k", "ICC2k", icc.icc_2_k.unwrap()),
        ("ICC_3_k", "ICC3k", icc.icc_3_k),
    ] {
        case.meets(&format!("/{value}"), form.value);
        case.meets(&format!("/ci95/{interval}/0"), form.low);
        case.meets(&format!("/ci95/{interval}/1"), form.high);
    }
}

#[test]
fn concordance_with_ties() {
    let case = Case::named("kendall_w_ties_irr_anxiety");
    let concordance = kendall_w(&panel(&case.input()["ratings"])).unwrap();
    case.meets("/S", concordance.sum_of_squares);
    case.meets("/tie_sum", concordance.tie_sum);
    case.meets("/W_uncorrected", concordance.w_uncorrected);
    case.meets("/W_tie_corrected", concordance.w);
    case.meets("/chi2", concordance.chi_squared);
    case.meets("/df", concordance.degrees_of_freedom as f64);
    case.meets("/p", concordance.p);
    assert_eq!(concordance.p_from, ConcordanceP::ChiSquared);
}

/// Two bids, five of one mind: 2 of 32 ways. Chi-squared says 0.025. Three bids, three of one mind: 6 of 216; four
/// bids with sums of squares of 45 and 41 from three reviewers: 0.0017 and 0.017 in Kendall's own table.
#[test]
fn the_chance_of_concordance_of_few_bids_is_counted() {
    let unanimous = |bids: usize, reviewers: usize| {
        let rows: Vec<Vec<f64>> = (0..bids).map(|bid| vec![bid as f64; reviewers]).collect();
        kendall_w(&complete(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())).unwrap()
    };
    for (bids, reviewers, p) in
        [(2, 5, 2.0 / 32.0), (3, 3, 1.0 / 36.0), (4, 3, 1.0 / 576.0), (2, 60, 0.5_f64.powi(59))]
    {
        let found = unanimous(bids, reviewers);
        assert_eq!(found.p_from, ConcordanceP::Permutations);
        assert!((found.p / p - 1.0).abs() < 1e-12, "{bids} {reviewers}: {}", found.p);
    }
    let chi_squared = ConcordanceP::ChiSquared;
    assert_eq!(
        (unanimous(8, 5).p_from, unanimous(2, 200).p_from, unanimous(7, 5).p_from),
        (chi_squared, chi_squared, chi_squared)
    );
    let near =
        kendall_w(&complete(&[&[1.0, 1.0, 1.0], &[2.0, 2.0, 3.0], &[3.0, 3.0, 2.0], &[4.0, 4.0, 4.0]]))
            .unwrap();
    assert_eq!(near.sum_of_squares, 41.0);
    assert!((near.p - 0.017).abs() < 0.0005, "{}", near.p);
}

#[test]
fn alpha_at_all_levels_with_missing_scores() {
    let case = Case::named("krippendorff_2011");
    let units = panel(&case.input()["reliability_data"]).transposed();
    for (name, level) in [
        ("/nominal", Level::Nominal),
        ("/ordinal", Level::Ordinal),
        ("/interval", Level::Interval),
        ("/ratio", Level::Ratio),
    ] {
        let alpha = krippendorff_alpha(&units, level).unwrap();
        case.meets(name, alpha.alpha);
        // The twelfth unit has one score and is left out.
        assert_eq!((alpha.units, alpha.values), (11, 40));
    }
}

#[test]
fn kappa_of_many_reviewers() {
    let case = Case::named("fleiss_kappa_1971");
    let kappa = fleiss_kappa(&panel(&case.input()["ratings"])).unwrap();
    case.meets("/kappa", kappa.kappa);
    case.meets("/z", kappa.z);
    assert!(kappa.p < 1e-60);
    let categories: Vec<f64> = kappa.categories.iter().map(|category| category.category).collect();
    assert_eq!(categories, [1.0, 2.0, 3.0, 4.0, 5.0]);
    for (place, category) in kappa.categories.iter().enumerate() {
        case.meets(&format!("/category_kappas/{place}"), category.kappa);
    }
}

#[test]
fn reliability_by_number_of_reviewers() {
    let case = Case::named("generalizability_d_study");
    let number = |name: &str| case.input()[name].as_f64().unwrap();
    let components = Components {
        bid: number("var_target"),
        reviewer: number("var_judge"),
        residual: number("var_residual"),
    };
    for (place, reviewers) in numbers(&case.input()["k"]).into_iter().enumerate() {
        let study = d_study(&components, reviewers as usize).unwrap();
        case.meets(&format!("/relative_Erho2/{place}"), study.relative);
        case.meets(&format!("/absolute_Phi/{place}"), study.absolute);
    }
    // One reviewer's reliability, prophesied to nine, is that of nine; and nine are what it takes.
    let one = d_study(&components, 1).unwrap().relative;
    let nine = spearman_brown(one, 9.0).unwrap();
    case.meets("/relative_Erho2/5", nine);
    assert_eq!(reviewers_needed(one, nine), Ok(9));
    assert_eq!(reviewers_needed(one, nine + 1e-6), Ok(10));
    assert_eq!(reviewers_needed(1.0, 0.9), Ok(1));
}

#[test]
fn rank_correlation_with_ties() {
    let case = Case::named("kendall_tau_b_ties");
    let (x, y) = (numbers(&case.input()["x"]), numbers(&case.input()["y"]));
    case.meets("/tau_b", kendall_tau_b(&x, &y).unwrap());
    case.meets("/spearman_rho_average_ranks", spearman_rho(&x, &y).unwrap());
}

/// Two reviewers, 50 bids: both yes 20, only the first 5, only the second 10, both no 15.
#[test]
fn kappa_of_two_reviewers() {
    let counts = [(1.0, 1.0, 20), (1.0, 0.0, 5), (0.0, 1.0, 10), (0.0, 0.0, 15)];
    let list = |pick: fn(&(f64, f64, usize)) -> f64| -> Vec<f64> {
        counts.iter().flat_map(|entry| vec![pick(entry); entry.2]).collect()
    };
    let kappa = cohen_kappa(&list(|entry| entry.0), &list(|entry| entry.1)).unwrap();
    assert!((kappa.observed - 0.7).abs() < 1e-12);
    assert!((kappa.expected - 0.5).abs() < 1e-12);
    assert!((kappa.kappa - 0.4).abs() < 1e-12);
}

#[test]
fn without_a_figure_there_is_a_reason() {
    let one_reviewer = complete(&[&[1.0], &[2.0]]);
    let one_bid = complete(&[&[1.0, 2.0]]);
    let equal = complete(&[&[3.0, 3.0], &[3.0, 3.0], &[3.0, 3.0]]);
    let gap =
        Panel::from_rows(&[vec![Some(1.0), None], vec![Some(2.0), Some(3.0)], vec![Some(4.0), Some(4.0)]])
            .unwrap();
    let nothing_shared = Panel::from_rows(&[vec![Some(1.0), None], vec![None, Some(2.0)]]).unwrap();

    let few_reviewers = Undefined::TooFewReviewers { have: 1, need: 2 };
    let few_bids = Undefined::TooFewBids { have: 1, need: 2 };
    let incomplete = Undefined::Incomplete { missing: 1 };
    for (panel, reason) in [
        (&one_reviewer, &few_reviewers),
        (&one_bid, &few_bids),
        (&gap, &incomplete),
        (&equal, &Undefined::NoVariation),
    ] {
        assert_eq!(six_icc(panel, 0.95).as_ref(), Err(reason));
        assert_eq!(kendall_w(panel).as_ref(), Err(reason));
        assert_eq!(fleiss_kappa(panel).as_ref(), Err(reason));
        if panel != &gap {
            assert_eq!(krippendorff_alpha(panel, Level::Ordinal).as_ref(), Err(reason));
        }
    }
    for level in [Level::Nominal, Level::Ordinal, Level::Interval, Level::Ratio] {
        assert!(krippendorff_alpha(&gap, level).is_ok());
        assert_eq!(krippendorff_alpha(&equal, level), Err(Undefined::NoVariation));
        let nothing = Undefined::TooFewScores { have: 0, need: 2 };
        assert_eq!(krippendorff_alpha(&nothing_shared, level), Err(nothing));
    }
    let negative = complete(&[&[-1.0, 2.0], &[3.0, 4.0]]);
    assert_eq!(
        krippendorff_alpha(&negative, Level::Ratio),
        Err(Undefined::BadParameter { name: "scores".into() })
    );
    let no_means_differ = complete(&[&[0.1, 0.3], &[0.3, 0.1], &[0.2, 0.2]]);
    assert_eq!(six_icc(&no_means_differ, 0.95), Err(Undefined::NoVariation));
    for confidence in [0.0, 1.0, f64::NAN] {
        let refused = Undefined::BadParameter { name: "confidence".into() };
        assert_eq!(six_icc(&complete(&[&[1.0, 2.0], &[3.0, 3.0]]), confidence), Err(refused));
    }
}

#[test]
fn lists_and_parameters_without_a_figure() {
    let bad = |name: &str| Undefined::BadParameter { name: name.into() };
    for (x, y, reason) in [
        (&[1.0, 2.0][..], &[1.0][..], bad("length")),
        (&[1.0, f64::NAN], &[1.0, 2.0], bad("values")),
        (&[1.0], &[1.0], Undefined::TooFewScores { have: 1, need: 2 }),
        (&[1.0, 1.0], &[1.0, 2.0], Undefined::NoVariation),
        (&[1.0, 2.0], &[5.0, 5.0], Undefined::NoVariation),
    ] {
        assert_eq!(kendall_tau_b(x, y).as_ref(), Err(&reason));
        assert_eq!(spearman_rho(x, y).as_ref(), Err(&reason));
    }
    assert_eq!(cohen_kappa(&[1.0], &[1.0, 2.0]), Err(bad("length")));
    assert_eq!(cohen_kappa(&[1.0], &[1.0]), Err(Undefined::TooFewBids { have: 1, need: 2 }));
    assert_eq!(cohen_kappa(&[1.0, 1.0], &[1.0, 1.0]), Err(Undefined::NoVariation));
    // The two zeros are one value.
    assert_eq!(
        kendall_tau_b(&[-0.0, 0.0, 1.0], &[2.0, 1.0, 3.0]),
        kendall_tau_b(&[0.0, 0.0, 1.0], &[2.0, 1.0, 3.0])
    );

    assert_eq!(reviewers_needed(0.0, 0.9), Err(Undefined::Unbounded));
    assert_eq!(reviewers_needed(0.5, 1.0), Err(bad("target")));
    assert_eq!(reviewers_needed(1.5, 0.5), Err(bad("reliability")));
    assert_eq!(spearman_brown(0.5, 0.0), Err(bad("factor")));
    assert_eq!(spearman_brown(-0.5, 4.0), Err(bad("reliability")));
    let none = Components { bid: -1.0, reviewer: 0.0, residual: 0.0 };
    assert_eq!(d_study(&none, 3), Err(Undefined::NoVariation));
    assert_eq!(d_study(&none, 0), Err(Undefined::TooFewReviewers { have: 0, need: 1 }));
}

/// Reviewers who only differ in strictness: consistent without error, but not in agreement.
#[test]
fn figures_without_error_stay_finite() {
    let strict = complete(&[&[1.1, 2.1, 4.3], &[2.2, 3.2, 5.4], &[4.7, 5.7, 7.9]]);
    let icc = six_icc(&strict, 0.95).unwrap();
    assert_eq!((icc.icc_3_1.low, icc.icc_3_1.value, icc.icc_3_1.high), (1.0, 1.0, 1.0));
    assert_eq!((icc.f_twoway.f, icc.f_twoway.p), (None, 0.0));
    assert!(icc.icc_2_1.low < icc.icc_2_1.value && icc.icc_2_1.value < icc.icc_2_1.high);
    let json = serde_json::to_string(&icc).unwrap();
    assert!(serde_json::from_str::<domain::stats::agreement::SixIcc>(&json).is_ok(), "{json}");
}

/// With two reviewers and three bids the lower end of ICC(2,k) has no positive denominator; its value has.
#[test]
fn the_mean_of_k_keeps_its_value_where_its_interval_has_no_lower_end() {
    let icc = six_icc(&complete(&[&[82.0, 78.0], &[70.0, 74.0], &[75.0, 75.0]]), 0.95).unwrap();
    let of_mean = icc.icc_2_k.unwrap();
    // Mean squares 98 / 3 (bids), 0 (reviewers) and 8 (rest), by hand; pingouin 0.7 prints 0.822.
    assert!((of_mean.value - 37.0 / 45.0).abs() < 1e-12, "{of_mean:?}");
    assert!((icc.f_twoway.f.unwrap() - 49.0 / 12.0).abs() < 1e-12);
    assert_eq!(of_mean.low, f64::NEG_INFINITY);
    assert!(of_mean.value < of_mean.high && of_mean.high <= 1.0);
    assert!(icc.icc_2_1.low.is_finite());
    let json = serde_json::to_value(&icc).unwrap();
    assert!(json["icc_2_k"]["low"].is_null() && json["icc_2_1"]["low"].is_number());
    assert_eq!(serde_json::from_value::<domain::stats::agreement::SixIcc>(json).unwrap(), icc);
    // Where the coefficient itself has none there is no figure.
    let noise = six_icc(&complete(&[&[1.0, 9.0], &[9.0, 1.0], &[5.0, 5.5]]), 0.95).unwrap();
    assert_eq!(noise.icc_2_k, None);
}

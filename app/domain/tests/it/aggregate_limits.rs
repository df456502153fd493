//! Where rankings and comparisons have no answer: too few, out of range, too many.

use domain::stats::Undefined;
use domain::stats::aggregate::{
    Comparison, Comparisons, Profile, borda, bradley_terry, davidson, kemeny, likelihood_ratio,
    plackett_luce, plackett_luce_linear, plurality, preferences, ranking_probability, worth_sum_one,
};

use crate::aggregate_properties::comparisons;

#[test]
fn nothing_to_rank_is_said() {
    for items in [0, 1] {
        let profile = Profile::new(items, [(1.0, vec![1; items])]).unwrap();
        let too_few = Undefined::TooFewBids { have: items, need: 2 };
        assert_eq!(borda(&profile), Err(too_few.clone()));
        assert_eq!(kemeny(&profile), Err(too_few.clone()));
        assert_eq!(preferences(&profile), Err(too_few.clone()));
        assert_eq!(plurality(&profile), Err(too_few.clone()));
        assert_eq!(plackett_luce(&profile, 0, 0.5), Err(too_few.clone()));
        assert_eq!(plackett_luce_linear(&profile, &[vec![1.0]]), Err(too_few.clone()));
        let none = Comparisons::new(items, Vec::new()).unwrap();
        assert_eq!(bradley_terry(&none, 0), Err(too_few.clone()));
        assert_eq!(davidson(&none, 0), Err(too_few.clone()));
    }
    let silent = Profile::new(3, [(1.0, vec![0, 0, 0])]).unwrap();
    let none = Undefined::TooFewReviewers { have: 0, need: 1 };
    assert_eq!(kemeny(&silent), Err(none.clone()));
    assert_eq!(plackett_luce(&silent, 0, 0.5), Err(none));
    let partial = Profile::new(3, [(1.0, vec![1, 2, 0])]).unwrap();
    assert_eq!(borda(&partial), Err(Undefined::Incomplete { missing: 1 }));
    assert_eq!(worth_sum_one(&[]), Vec::<f64>::new());
}

#[test]
fn parameters_out_of_range_are_named() {
    #[track_caller]
    fn check<T: std::fmt::Debug>(result: Result<T, Undefined>, name: &str) {
        assert_eq!(result.unwrap_err(), Undefined::BadParameter { name: name.to_owned() });
    }
    check(Profile::new(100_001, []), "items");
    let many = Profile::new(2_001, [(1.0, vec![1; 2_001])]).unwrap();
    assert!(borda(&many).is_ok());
    check(kemeny(&many), "items");
    check(plackett_luce(&Profile::new(2_001, [(1.0, (1..=2_001).collect())]).unwrap(), 0, 0.5), "items");
    check(Profile::new(2, [(1.0, vec![1])]), "ranks");
    check(Profile::new(2, [(0.0, vec![1, 2])]), "weight");
    check(Profile::new(2, [(f64::NAN, vec![1, 2])]), "weight");
    check(Profile::of_orders(2, &[(1.0, vec![0, 0])]), "ranks");
    check(Profile::of_orders(2, &[(1.0, vec![2])]), "ranks");
    let both = Profile::of_orders(2, &[(1.0, vec![0, 1]), (1.0, vec![1, 0])]).unwrap();
    check(plackett_luce(&both, 2, 0.0), "reference");
    check(plackett_luce(&both, 0, -1.0), "pseudo");
    check(plackett_luce(&both, 0, f64::NAN), "pseudo");
    check(plackett_luce_linear(&both, &[vec![1.0], vec![1.0]]), "covariates");
    check(plackett_luce_linear(&both, &[vec![1.0]]), "covariates");
    let dependent = [vec![1.0, 2.0, 1.0], vec![0.5, 1.0, 0.3]];
    check(plackett_luce_linear(&both, &dependent), "covariates");
    check(ranking_probability(&[1.0, 0.0], &[], &[1, 2]), "worth");
    check(ranking_probability(&[1.0, 2.0], &[-1.0], &[1, 2]), "delta");
    check(ranking_probability(&[1.0, 2.0], &[], &[0, 0]), "ranks");
    assert_eq!(ranking_probability(&[1.0, 2.0], &[], &[1, 1]), Ok(0.0));
    assert_eq!(ranking_probability(&[1.0, 2.0], &[0.0], &[1, 1]), Ok(0.0));
    let itself = Comparison { first: 0, second: 0, first_wins: 1.0, second_wins: 0.0, ties: 0.0 };
    check(Comparisons::new(1, vec![itself]), "comparison");
    check(bradley_terry(&comparisons(2, &[(0, 1, 1, 1)], 1.0), 0), "ties");
    check(davidson(&comparisons(2, &[(0, 1, 1, 1)], 1.0), 7), "reference");
    let plain = bradley_terry(&comparisons(2, &[(0, 1, 1, 1)], 0.0), 0).unwrap();
    check(likelihood_ratio(&plain, &plain), "models");
    let crowd = Profile::new(13, [(1.0, vec![1; 13])]).unwrap();
    check(plackett_luce(&crowd, 0, 0.5), "tied");
}

//! Agreement on categories: Fleiss' kappa of many reviewers, Cohen's of two. Every distinct score is a category.
//! Deliberately absent: weights between categories and missing scores; Krippendorff's alpha has both.

use serde::{Deserialize, Serialize};

use super::super::distribution::normal_cdf;
use super::super::{Panel, Undefined};
use super::distinct::Distinct;

/// Agreement of many reviewers on categories.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FleissKappa {
    /// `(P - Pe) / (1 - Pe)`: 1 for perfect agreement, 0 for chance, at least `-1 / (reviewers - 1)`.
    pub kappa: f64,
    /// Kappa over its standard error were agreement chance (Fleiss, Nee & Landis 1979).
    pub z: f64,
    /// Two-sided, of `z`, in [0, 1]. Approximate: for many bids.
    pub p: f64,
    /// Ascending by category.
    pub categories: Vec<CategoryKappa>,
}

/// Agreement on one category against all others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CategoryKappa {
    /// The score that makes the category.
    pub category: f64,
    /// Its share `p(j)` of all scores, in (0, 1).
    pub share: f64,
    /// `1 - Σ n(ij) (m - n(ij)) / (N m (m - 1) p(j) (1 - p(j)))`.
    pub kappa: f64,
}

/// Agreement of two reviewers on categories.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CohenKappa {
    /// `(observed - expected) / (1 - expected)`, in [-1, 1].
    pub kappa: f64,
    /// Share of bids on which both agree, in [0, 1].
    pub observed: f64,
    /// The share that their own frequencies of categories would give by chance, in [0, 1).
    pub expected: f64,
}

/// Fleiss' kappa of `N` bids with `m` scores each; who scored which bid does not matter.
/// Source: Fleiss (1971), Psychological Bulletin 76:378-382; Fleiss, Nee & Landis (1979), Psychological Bulletin 86:974-977.
///
/// # Errors
/// `TooFewReviewers` and `TooFewBids` (two each), `Incomplete` when some bid has fewer scores than another,
/// `NoVariation` when all scores are equal.
pub fn fleiss_kappa(panel: &Panel) -> Result<FleissKappa, Undefined> {
    let bids = panel.bids();
    let each = (0..bids).map(|bid| panel.of_bid(bid).1.len()).max().unwrap_or(0);
    if each < 2 {
        return Err(Undefined::TooFewReviewers { have: each, need: 2 });
    }
    if bids < 2 {
        return Err(Undefined::TooFewBids { have: bids, need: 2 });
    }
    let missing = bids * each - panel.len();
    if missing > 0 {
        return Err(Undefined::Incomplete { missing });
    }
    let distinct = Distinct::of(panel.scores());
    let mut counted = vec![Category::default(); distinct.values.len()];
    let mut seen = vec![0_u32; distinct.values.len()];
    for unit in distinct.codes.chunks_exact(each) {
        for &code in unit {
            if let Some(seen) = seen.get_mut(code as usize) {
                *seen += 1;
            }
        }
        for &code in unit {
            if let (Some(seen), Some(category)) =
                (seen.get_mut(code as usize), counted.get_mut(code as usize))
            {
                // Zero from the second time on, so that each category of the bid counts once.
                let here = u64::from(*seen);
                category.scores += here;
                category.unequal_pairs += here * (each as u64 - here);
                *seen = 0;
            }
        }
    }
    let values = panel.len() as f64;
    let pairs = values * (each as f64 - 1.0);
    let (mut unequal, mut unequal_by_chance, mut skew) = (0.0, 0.0, 0.0);
    let mut categories = Vec::new();
    for (&category, counts) in distinct.values.iter().zip(&counted) {
        if counts.scores == 0 {
            continue;
        }
        let share = counts.scores as f64 / values;
        let others = (values - counts.scores as f64) / values;
        let by_chance = share * others;
        unequal += counts.unequal_pairs as f64;
        unequal_by_chance += by_chance;
        skew += by_chance * (others - share);
        categories.push(CategoryKappa {
            category,
            share,
            kappa: 1.0 - counts.unequal_pairs as f64 / (pairs * by_chance),
        });
    }
    if unequal_by_chance <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    let kappa = 1.0 - unequal / (pairs * unequal_by_chance);
    let standard_error =
        (2.0 / pairs * (unequal_by_chance * unequal_by_chance - skew)).sqrt() / unequal_by_chance;
    let z = kappa / standard_error;
    Ok(FleissKappa { kappa, z, p: 2.0 * normal_cdf(-z.abs()), categories })
}

/// How often a category was given, and how many ordered pairs within a bid have it on one side only.
#[derive(Clone, Default)]
struct Category {
    scores: u64,
    unequal_pairs: u64,
}

/// Cohen's kappa of two reviewers' scores of the same bids, in the same order.
/// Source: Cohen (1960), Educational and Psychological Measurement 20:37-46.
///
/// # Errors
/// `BadParameter` for lists of different length or a value that is not finite, `TooFewBids` (two), `NoVariation` when
/// both gave one and the same category throughout.
pub fn cohen_kappa(first: &[f64], second: &[f64]) -> Result<CohenKappa, Undefined> {
    if first.len() != second.len() {
        return Err(Undefined::BadParameter { name: "length".into() });
    }
    if !first.iter().chain(second).all(|value| value.is_finite()) {
        return Err(Undefined::BadParameter { name: "values".into() });
    }
    if first.len() < 2 {
        return Err(Undefined::TooFewBids { have: first.len(), need: 2 });
    }
    let both: Vec<f64> = first.iter().chain(second).copied().collect();
    let distinct = Distinct::of(&both);
    let (of_first, of_second) = distinct.codes.split_at(first.len());
    let mut counts = vec![(0_u64, 0_u64); distinct.values.len()];
    for (&left, &right) in of_first.iter().zip(of_second) {
        if let Some((count, _)) = counts.get_mut(left as usize) {
            *count += 1;
        }
        if let Some((_, count)) = counts.get_mut(right as usize) {
            *count += 1;
        }
    }
    let bids = first.len() as f64;
    let equal = of_first.iter().zip(of_second).filter(|(left, right)| left == right).count();
    let observed = equal as f64 / bids;
    let expected = counts.iter().map(|&(left, right)| (left * right) as f64).sum::<f64>() / (bids * bids);
    if expected >= 1.0 {
        return Err(Undefined::NoVariation);
    }
    Ok(CohenKappa { kappa: (observed - expected) / (1.0 - expected), observed, expected })
}

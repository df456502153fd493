//! Empirical Bayes for bids alone: means that rest on few scores move towards the common mean. Deliberately absent:
//! reviewers; [`super::posterior`] has both.

use serde::{Deserialize, Serialize};

use super::super::{Panel, Undefined};

/// One bid's mean, pulled towards the grand mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shrunk {
    /// How much of the bid's own mean counts, 0 to 1.
    pub weight: f64,
    /// Points, between the bid's own mean and the grand mean.
    pub value: f64,
}

/// Shrinks each mean of `count` scores: `weight = between / (between + within / count)`,
/// `value = grand_mean + weight (mean - grand_mean)`; all in points (variances in points squared). A bid without scores has
/// weight 0 and the grand mean, whatever its `mean` says.
///
/// Source: best linear unbiased prediction one-way, Robinson (1991), Statistical Science 6:15-32; Efron and Morris (1975).
///
/// # Errors
/// [`Undefined::BadParameter`] for lists of different length, variances that are negative or not finite, a grand mean or
/// the mean of a bid with scores that is not finite; [`Undefined::NoVariation`] when both variances are 0.
pub fn shrink(
    means: &[f64],
    counts: &[usize],
    var_between: f64,
    var_within: f64,
    grand_mean: f64,
) -> Result<Vec<Shrunk>, Undefined> {
    let bad = |name: &str| Err(Undefined::BadParameter { name: name.to_owned() });
    if means.len() != counts.len() {
        return bad("counts");
    }
    if !(var_between.is_finite() && var_between >= 0.0) {
        return bad("var_between");
    }
    if !(var_within.is_finite() && var_within >= 0.0) {
        return bad("var_within");
    }
    if !grand_mean.is_finite() {
        return bad("grand_mean");
    }
    if means.iter().zip(counts).any(|(mean, &count)| count > 0 && !mean.is_finite()) {
        return bad("means");
    }
    if var_between <= 0.0 && var_within <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    let one = |(&mean, &count): (&f64, &usize)| {
        if count == 0 {
            return Shrunk { weight: 0.0, value: grand_mean };
        }
        let weight = var_between / (var_between + var_within / count as f64);
        Shrunk { weight, value: grand_mean + weight * (mean - grand_mean) }
    };
    Ok(means.iter().zip(counts).map(one).collect())
}

/// What [`shrink`] needs, estimated from the panel.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OneWay {
    /// Points: the bids' means weighted by `count / (within + count x between)`.
    pub grand_mean: f64,
    /// Variance of the bids' true means, points squared, at least 0.
    pub var_between: f64,
    /// Variance of the scores of one bid (reviewers' leniency included), points squared.
    pub var_within: f64,
}

/// One-way variance components by the analysis of variance for unequal counts:
/// `within = MSW`, `between = max(0, (MSB - MSW) / c)`, `c = (N - sum of n2 / N) / (bids - 1)`. Bids without scores do not
/// take part.
///
/// Source: Searle, Casella and McCulloch (1992), Variance Components, section 3.6.
///
/// # Errors
/// [`Undefined::TooFewBids`] below two bids with scores, [`Undefined::TooFewScores`] when no bid has two,
/// [`Undefined::NoVariation`] when all scores are equal.
pub fn fit_one_way(panel: &Panel) -> Result<OneWay, Undefined> {
    let scored = || (0..panel.bids()).map(|bid| panel.of_bid(bid).1).filter(|scores| !scores.is_empty());
    let groups: Vec<(f64, f64)> = scored()
        .map(|scores| (scores.len() as f64, scores.iter().sum::<f64>() / scores.len() as f64))
        .collect();
    if groups.len() < 2 {
        return Err(Undefined::TooFewBids { have: groups.len(), need: 2 });
    }
    if panel.len() <= groups.len() {
        return Err(Undefined::TooFewScores { have: panel.len(), need: groups.len() + 1 });
    }
    if panel.scores().iter().all(|score| panel.scores().first() == Some(score)) {
        return Err(Undefined::NoVariation);
    }
    let total = panel.len() as f64;
    let overall = panel.scores().iter().sum::<f64>() / total;
    let degrees = groups.len() as f64 - 1.0;
    let squares: f64 = scored()
        .zip(&groups)
        .flat_map(|(scores, (_, mean))| scores.iter().map(move |score| (score - mean).powi(2)))
        .sum();
    let var_within = squares / (total - groups.len() as f64);
    let between: f64 = groups.iter().map(|(count, mean)| count * (mean - overall).powi(2)).sum();
    let per_bid = (total - groups.iter().map(|(count, _)| count * count).sum::<f64>() / total) / degrees;
    let var_between = ((between / degrees - var_within) / per_bid).max(0.0);
    let weighted = groups.iter().map(|(count, mean)| (count / (var_within + count * var_between), mean));
    let (weights, sum) =
        weighted.fold((0.0, 0.0), |(all, sum), (weight, mean)| (all + weight, sum + weight * mean));
    Ok(OneWay { grand_mean: sum / weights, var_between, var_within })
}

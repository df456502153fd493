//! Several sheets become one fraction per criterion. Deliberately absent: comparing bids.

use std::cmp::Ordering;

use crate::rule::{Combination, Criterion, FULL_WEIGHT, MIN_SCORES_TO_DROP, Rubric};

/// Milli-points have three decimals; a rule that asks for more gets these.
const MAX_DECIMALS: u8 = 3;

/// The combined scores of one bid: criterion `c` is exactly `sums[c] / divisor` milli-points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Combined {
    sums: Vec<i128>,
    divisor: i128,
}

impl Combined {
    /// `None` without sheets. Every sheet must have one score per criterion.
    pub(super) fn of(rubric: &Rubric, combination: Combination, sheets: &[&[i64]]) -> Option<Self> {
        if sheets.is_empty() {
            return None;
        }
        let drops = sheets.len() >= MIN_SCORES_TO_DROP as usize;
        Some(match combination {
            Combination::DropExtremesOnTotals if drops => {
                Self::mean(rubric, &without_extreme_totals(rubric, sheets))
            }
            Combination::DropExtremesPerCriterion if drops => Self::per_criterion(rubric, sheets, 1),
            Combination::MedianPerCriterion => Self::per_criterion(rubric, sheets, (sheets.len() - 1) / 2),
            _ => Self::mean(rubric, sheets),
        })
    }

    fn mean(rubric: &Rubric, sheets: &[&[i64]]) -> Self {
        Self::per_criterion(rubric, sheets, 0)
    }

    /// The mean of each criterion after leaving out the `cut` lowest and the `cut` highest scores. The median is
    /// what remains when one score (or, of an even number, two) is left.
    fn per_criterion(rubric: &Rubric, sheets: &[&[i64]], cut: usize) -> Self {
        let kept = sheets.len().saturating_sub(2 * cut);
        let sum = |index: usize| -> i128 {
            let mut scores: Vec<i64> = sheets.iter().filter_map(|sheet| sheet.get(index).copied()).collect();
            scores.sort_unstable();
            scores.into_iter().skip(cut).take(kept).map(i128::from).sum()
        };
        Self { sums: (0..rubric.criteria.len()).map(sum).collect(), divisor: kept.max(1) as i128 }
    }

    /// The weighted total in milli-points, rounded half up once.
    pub(super) fn total_milli(&self, rubric: &Rubric, decimals: u8) -> i64 {
        let weighted = weighted_sum(rubric, self.sums.iter().copied());
        round_half_up(weighted, i128::from(FULL_WEIGHT) * self.divisor, decimals)
    }

    /// Each criterion rounded half up to milli-points, for display.
    pub(super) fn per_criterion_milli(&self) -> Vec<i64> {
        self.sums.iter().map(|sum| round_half_up(*sum, self.divisor, MAX_DECIMALS)).collect()
    }

    /// Whether criterion `index` is, unrounded, below `mark_milli`.
    pub(super) fn is_below(&self, index: usize, mark_milli: i64) -> bool {
        self.sums.get(index).is_some_and(|sum| *sum < i128::from(mark_milli) * self.divisor)
    }

    /// Compares criterion `index` of two bids without rounding.
    pub(super) fn compare(&self, other: &Self, index: usize) -> Ordering {
        match (self.sums.get(index), other.sums.get(index)) {
            (Some(mine), Some(theirs)) => (mine * other.divisor).cmp(&(theirs * self.divisor)),
            _ => Ordering::Equal,
        }
    }
}

/// One sheet's weighted total in thousandths of a milli-point: exact, and enough to compare sheets.
pub(super) fn sheet_weight(rubric: &Rubric, scores_milli: &[i64]) -> i128 {
    weighted_sum(rubric, scores_milli.iter().copied().map(i128::from))
}

/// Leaves out one sheet with the lowest and one with the highest weighted total. Among sheets with the same extreme
/// total the scores themselves decide which one goes, never the order or the name of the expert; the bid's total is
/// the same either way.
fn without_extreme_totals<'a>(rubric: &Rubric, sheets: &[&'a [i64]]) -> Vec<&'a [i64]> {
    let mut ordered = sheets.to_vec();
    ordered.sort_by_key(|sheet| (sheet_weight(rubric, sheet), *sheet));
    let kept = ordered.len().saturating_sub(2);
    ordered.into_iter().skip(1).take(kept).collect()
}

fn weighted_sum(rubric: &Rubric, scores: impl Iterator<Item = i128>) -> i128 {
    let weight = |criterion: &Criterion| i128::from(criterion.weight_permille);
    rubric.criteria.iter().zip(scores).map(|(criterion, score)| weight(criterion) * score).sum()
}

/// One expert's own total in milli-points, rounded half up to `decimals`: what the score sheet shows while it is
/// being filled in. `None` while a score is missing, off the scale or off its step, or their number is not the
/// rubric's.
pub fn sheet_total_milli(rubric: &Rubric, scores_milli: &[Option<i64>], decimals: u8) -> Option<i64> {
    if rubric.criteria.is_empty() || scores_milli.len() != rubric.criteria.len() {
        return None;
    }
    let scores: Option<Vec<i64>> =
        scores_milli.iter().map(|score| score.filter(|milli| rubric.scale.allows(*milli))).collect();
    Some(round_half_up(sheet_weight(rubric, &scores?), i128::from(FULL_WEIGHT), decimals))
}

/// A team's score in the race after the gates so far, in milli-points: `sum(weight * total) / 1000`, exact, rounded
/// half up once to `decimals`. It grows gate by gate and is on the scale of the rubric after the last one; gates
/// without a total yet add nothing.
pub fn cumulative_milli(weights_permille: &[u32], gate_totals_milli: &[i64], decimals: u8) -> i64 {
    let gates = weights_permille.iter().zip(gate_totals_milli);
    let sum = gates.map(|(weight, total)| i128::from(*weight) * i128::from(*total)).sum();
    round_half_up(sum, i128::from(FULL_WEIGHT), decimals)
}

/// `numerator / denominator` milli-points, rounded half up to `decimals` decimals of a point and given in
/// milli-points again. The denominator is positive.
fn round_half_up(numerator: i128, denominator: i128, decimals: u8) -> i64 {
    let unit = 10_i128.pow(u32::from(MAX_DECIMALS - decimals.min(MAX_DECIMALS)));
    let denominator = denominator.max(1) * unit;
    let rounded = (2 * numerator + denominator).div_euclid(2 * denominator) * unit;
    i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_up_and_only_once() {
        let check = |numerator, denominator, decimals, milli| {
            assert_eq!(round_half_up(numerator, denominator, decimals), milli, "{numerator}/{denominator}");
        };
        check(84_445, 1, 2, 84_450);
        check(84_444, 1, 2, 84_440);
        // Rounding to three decimals first would make 84.445 of this, and then 84.45.
        check(844_449, 10, 2, 84_440);
        check(250_550, 3, 2, 83_520);
        check(60_500, 1, 0, 61_000);
        check(60_499, 1, 0, 60_000);
        check(1, 3, 3, 0);
        check(2, 3, 3, 1);
        check(1, 2, 9, 1);
        check(0, 7, 2, 0);
    }
}

//! Several sheets become one fraction per criterion. Deliberately absent: comparing bids.

use std::cmp::Ordering;

use super::CriterionScores;
use super::down_select::Cumulative;
use super::gather::OfBid;
use crate::rule::{Combination, Direction, FULL_WEIGHT, Rubric, Rule};

/// Milli-points have three decimals; a rule that asks for more gets these.
const MAX_DECIMALS: u8 = 3;

/// The combined scores of one bid: criterion `c` is exactly `sums[c] / divisor` milli-points. Without sheets the
/// divisor is zero.
#[derive(Clone, Copy)]
pub(super) struct Combined<'a> {
    sums: &'a [i64],
    divisor: i64,
}

impl Combined<'_> {
    /// The weighted total in milli-points, rounded half up once.
    pub(super) fn total_milli(self, rubric: &Rubric, decimals: u8) -> i64 {
        let weighted = rubric.criteria.iter().zip(self.sums);
        let weighted = weighted.map(|(c, sum)| i128::from(c.weight_permille) * i128::from(*sum)).sum();
        round_half_up(weighted, i128::from(FULL_WEIGHT) * i128::from(self.divisor), decimals)
    }

    /// Each criterion rounded half up to milli-points, for display.
    pub(super) fn per_criterion_milli(self) -> CriterionScores {
        let mut scores = CriterionScores::from_slice(self.sums);
        for score in &mut scores {
            *score = round_half_up(i128::from(*score), i128::from(self.divisor), MAX_DECIMALS);
        }
        scores
    }

    /// Whether criterion `index` does not, unrounded, reach `mark_milli`.
    pub(super) fn misses(self, index: usize, mark_milli: i64, better: Direction) -> bool {
        let sum = self.sums.get(index);
        sum.is_some_and(|sum| better.misses(&i128::from(*sum), &self.times_divisor(mark_milli)))
    }

    /// Whether the criteria, each counted once and unrounded, do not sum to `mark_milli`.
    pub(super) fn sum_misses(self, mark_milli: i64, better: Direction) -> bool {
        let sum = self.sums.iter().copied().map(i128::from).sum::<i128>();
        better.misses(&sum, &self.times_divisor(mark_milli))
    }

    fn times_divisor(self, milli: i64) -> i128 {
        i128::from(milli) * i128::from(self.divisor)
    }

    /// The value of criterion `index`, unrounded.
    pub(super) fn criterion(self, index: usize) -> Exact {
        Exact { sum: self.sums.get(index).copied().unwrap_or(0), divisor: self.divisor }
    }
}

/// `sum / divisor` milli-points, compared without rounding; equal to everything without sheets, where both are zero:
/// bids without sheets are tied with each other only.
#[derive(Clone, Copy)]
pub(super) struct Exact {
    sum: i64,
    divisor: i64,
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.divisor == other.divisor {
            return self.sum.cmp(&other.sum);
        }
        let (left, right) = (i128::from(self.sum), i128::from(other.sum));
        (left * i128::from(other.divisor)).cmp(&(right * i128::from(self.divisor)))
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Exact {}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

/// The combined scores of all bids, by their numbers.
pub(super) struct AllCombined {
    /// Cells of one bid: a sum for each criterion, then the divisor.
    width: usize,
    cells: Vec<i64>,
}

impl AllCombined {
    /// All without sheets so far.
    pub(super) fn none(rubric: &Rubric, bids: usize) -> Self {
        let width = rubric.criteria.len() + 1;
        Self { width, cells: vec![0; width * bids] }
    }

    #[expect(clippy::indexing_slicing, reason = "a bid's number is below the number of bids")]
    pub(super) fn put(&mut self, bid: u32, combiner: &mut Combiner, of_bid: OfBid<'_>) {
        let start = bid as usize * self.width;
        let cells = &mut self.cells[start..start + self.width];
        cells.fill(0);
        if let Some((divisor, sums)) = cells.split_last_mut() {
            *divisor = combiner.combine(of_bid, sums);
        }
    }

    #[expect(clippy::indexing_slicing, reason = "a bid's number is below the number of bids")]
    pub(super) fn of(&self, bid: u32) -> Combined<'_> {
        let start = bid as usize * self.width;
        let end = start + self.width - 1;
        Combined { sums: &self.cells[start..end], divisor: self.cells[end] }
    }
}

/// The rule's way from sheets to sums.
pub(super) struct Combiner {
    combination: Combination,
    min_scores_to_drop: usize,
    /// One criterion's scores, kept from bid to bid.
    column: Vec<i64>,
}

impl Combiner {
    pub(super) fn new(rule: &Rule) -> Self {
        // Below three there would be nothing left.
        let min_scores_to_drop = rule.sheets_to_drop_from().max(3) as usize;
        Self { combination: rule.combination, min_scores_to_drop, column: Vec::new() }
    }

    /// Fills the sums of one bid, all zero so far, and gives their divisor: zero without sheets.
    fn combine(&mut self, of_bid: OfBid<'_>, sums: &mut [i64]) -> i64 {
        let number = of_bid.count();
        let drops = number >= self.min_scores_to_drop;
        let left_out = match self.combination {
            Combination::DropExtremesOnTotals if drops => {
                add_all(of_bid, sums);
                subtract_extreme_totals(of_bid, sums);
                2
            }
            Combination::DropExtremesPerCriterion if drops => {
                add_all(of_bid, sums);
                subtract_extreme_scores(of_bid, sums);
                2
            }
            Combination::MedianPerCriterion if number > 2 => {
                let cut = (number - 1) / 2;
                self.add_middle(of_bid, cut, sums);
                2 * cut
            }
            _ => {
                add_all(of_bid, sums);
                0
            }
        };
        i64::try_from(number - left_out).unwrap_or(i64::MAX)
    }

    /// The scores of each criterion without the `cut` lowest and the `cut` highest: one or, of an even number, two.
    fn add_middle(&mut self, of_bid: OfBid<'_>, cut: usize, sums: &mut [i64]) {
        for (index, sum) in sums.iter_mut().enumerate() {
            self.column.clear();
            self.column.extend(of_bid.scores(index));
            self.column.sort_unstable();
            let kept = self.column.len().saturating_sub(2 * cut);
            *sum = self.column.iter().skip(cut).take(kept).sum();
        }
    }
}

fn add_all(of_bid: OfBid<'_>, sums: &mut [i64]) {
    of_bid.rows().for_each(|row| add(row, sums));
}

fn add(row: &[i64], sums: &mut [i64]) {
    for (sum, milli) in sums.iter_mut().zip(row) {
        *sum += milli;
    }
}

fn subtract_extreme_totals(of_bid: OfBid<'_>, sums: &mut [i64]) {
    for row in of_bid.extremes() {
        for (sum, milli) in sums.iter_mut().zip(row) {
            *sum -= milli;
        }
    }
}

fn subtract_extreme_scores(of_bid: OfBid<'_>, sums: &mut [i64]) {
    for (index, sum) in sums.iter_mut().enumerate() {
        *sum -= of_bid.scores(index).min().unwrap_or(0) + of_bid.scores(index).max().unwrap_or(0);
    }
}

/// One expert's own total in milli-points, rounded half up to `decimals`: what the score sheet shows while it is
/// being filled in. `None` while a score is missing, off the scale or off its step, or their number is not the
/// rubric's.
pub fn sheet_total_milli(rubric: &Rubric, scores_milli: &[Option<i64>], decimals: u8) -> Option<i64> {
    if rubric.criteria.is_empty() || scores_milli.len() != rubric.criteria.len() {
        return None;
    }
    let mut sum = 0_i128;
    for (criterion, score) in rubric.criteria.iter().zip(scores_milli) {
        let milli = score.filter(|milli| rubric.scale.allows(*milli))?;
        sum += i128::from(criterion.weight_permille) * i128::from(milli);
    }
    Some(round_half_up(sum, i128::from(FULL_WEIGHT), decimals))
}

/// A team's score in the race after the gates so far, in milli-points: [`Cumulative::PointsSoFar`].
pub fn cumulative_milli(weights_permille: &[u32], gate_totals_milli: &[i64], decimals: u8) -> i64 {
    Cumulative::PointsSoFar.milli(weights_permille, gate_totals_milli, decimals)
}

/// `numerator / denominator` milli-points, rounded half up to `decimals` decimals of a point and given in
/// milli-points again. The denominator is positive.
pub(super) fn round_half_up(numerator: i128, denominator: i128, decimals: u8) -> i64 {
    let unit = 10_i64.pow(u32::from(MAX_DECIMALS - decimals.min(MAX_DECIMALS)));
    let denominator = denominator.max(1);
    // Dividing 128 bits takes several times as long, and a ranking rounds every criterion of every bid.
    const SMALL: u128 = 1 << 48;
    if numerator.unsigned_abs() < SMALL && denominator.unsigned_abs() < SMALL {
        let (numerator, denominator) = (numerator as i64, denominator as i64 * unit);
        return (2 * numerator + denominator).div_euclid(2 * denominator) * unit;
    }
    let denominator = denominator * i128::from(unit);
    let rounded = (2 * numerator + denominator).div_euclid(2 * denominator) * i128::from(unit);
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
        check(-1_500, 1, 0, -1_000);
        // Beyond 48 bits the same by wider arithmetic.
        for shift in [0, 44, 60] {
            check(844_449 << shift, 10 << shift, 2, 84_440);
            check(250_550 << shift, 3 << shift, 2, 83_520);
            check(-(1_500 << shift), 1 << shift, 0, -1_000);
        }
        check(i128::from(i64::MAX) * 9, 1, 3, i64::MAX);
    }
}

//! What bids are ranked by, as the binding rule has it, in a form that can be resampled. Deliberately absent: rounding
//! for publication, thresholds and the tie chain; they belong to the binding result.
//!
//! Inside, weighted scores become whole multiples of a decimal unit (twelve significant digits of the largest one),
//! and everything after that is exact integer arithmetic. In plain `f64`, (84.1 + 84.3) / 2 and 84.2 may differ in
//! the last bit, and a tie would become a lead that nobody gave.

use serde::{Deserialize, Serialize};

use super::super::{Panel, Undefined};

/// How several reviews become one number per layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "combine")]
pub enum Combine {
    /// Sum / n.
    Mean,
    /// One lowest and one highest left out when there are at least `min_scores` (3 or more); otherwise the mean.
    DropExtremes { min_scores: usize },
    /// The middle score, or the mean of the middle two.
    Median,
}

/// One criterion with its weight (any finite unit), or the weighted totals with weight 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    pub weight: f64,
    pub panel: Panel,
}

/// The number a bid is ranked by: `sum over layers of weight * combine(scores of the bid in the layer)`. Dropping on
/// totals is one layer of weighted totals; dropping or a median per criterion is one layer per criterion. Every layer
/// has the same reviewers at the same bids. Unrounded: totals that differ by less than the published decimals are
/// different here.
#[derive(Clone, Debug, PartialEq)]
pub struct RankedQuantity {
    pub layers: Vec<Layer>,
    pub combine: Combine,
    pub lower_is_better: bool,
}

impl RankedQuantity {
    /// One layer of weight 1, more points are better.
    pub fn of_totals(panel: Panel, combine: Combine) -> Self {
        Self { layers: vec![Layer { weight: 1.0, panel }], combine, lower_is_better: false }
    }

    /// The quantity of each bid, to twelve significant digits of the largest weighted score; `None` for a bid
    /// without a review.
    ///
    /// # Errors
    /// [`Undefined::BadParameter`] names `layers` (none, or not the same reviewers everywhere), `weights` (not
    /// finite) or `min_scores` (below 3); [`Undefined::TooFewScores`] without any review.
    pub fn values(&self) -> Result<Vec<Option<f64>>, Undefined> {
        let units = Units::of(self)?;
        let value = |row| units.value(units.bid(row).everybody());
        Ok(units.spread((0..units.rows()).map(value)))
    }
}

/// What a set of sheets adds up to: `sum / divisor` units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    sum: i64,
    divisor: i64,
}

/// The quantity in whole units. Rows are the bids that have a review, in their order.
#[derive(Clone, Debug)]
pub(super) struct Units {
    bids: usize,
    reviewers: usize,
    bid_of: Vec<usize>,
    /// Where each row's reviews begin; one more entry than rows.
    starts: Vec<usize>,
    reviewer_of: Vec<u32>,
    /// One for the mean, which may be taken of weighted totals; else as many as the quantity has.
    layers: usize,
    /// Row by row, within a row layer by layer, within a layer review by review.
    units: Vec<i64>,
    /// In the same arrangement: the reviews of a layer, fewest units first. Empty for the mean.
    ascending: Vec<u32>,
    combine: Combine,
    pub(super) lower_is_better: bool,
    per_point: f64,
    largest: i64,
}

/// One row of [`Units`].
#[derive(Clone, Copy)]
pub(super) struct BidUnits<'a> {
    reviews: usize,
    units: &'a [i64],
    ascending: &'a [u32],
    combine: Combine,
}

impl Units {
    pub(super) fn of(quantity: &RankedQuantity) -> Result<Self, Undefined> {
        let bad = |name: &str| Err(Undefined::BadParameter { name: name.to_owned() });
        let Some((first, others)) = quantity.layers.split_first() else { return bad("layers") };
        let panel = &first.panel;
        let is_same = |other: &Layer| {
            other.panel.bids() == panel.bids()
                && (0..panel.bids()).all(|bid| other.panel.of_bid(bid).0 == panel.of_bid(bid).0)
        };
        if !others.iter().all(is_same) {
            return bad("layers");
        }
        if !quantity.layers.iter().all(|layer| layer.weight.is_finite()) {
            return bad("weights");
        }
        if matches!(quantity.combine, Combine::DropExtremes { min_scores } if min_scores < 3) {
            return bad("min_scores");
        }
        if panel.is_empty() {
            return Err(Undefined::TooFewScores { have: 0, need: 1 });
        }
        let bid_of: Vec<usize> = (0..panel.bids()).filter(|&bid| !panel.of_bid(bid).0.is_empty()).collect();
        let mut starts = vec![0];
        let mut end = 0;
        for &bid in &bid_of {
            end += panel.of_bid(bid).0.len();
            starts.push(end);
        }
        let mut units = Self {
            bids: panel.bids(),
            reviewers: panel.reviewers(),
            starts,
            reviewer_of: bid_of.iter().flat_map(|&bid| panel.of_bid(bid).0).copied().collect(),
            layers: if quantity.combine == Combine::Mean { 1 } else { quantity.layers.len() },
            units: Vec::new(),
            ascending: Vec::new(),
            bid_of,
            combine: quantity.combine,
            lower_is_better: quantity.lower_is_better,
            per_point: 1.0,
            largest: 0,
        };
        let weighted = weighted_scores(quantity, &units.bid_of);
        if !weighted.iter().all(|score| score.is_finite()) {
            return bad("weights");
        }
        units.choose_unit(&weighted);
        units.sort_layers();
        Ok(units)
    }

    /// Takes the decimal unit and then the largest common multiple of it, so that numbers are small.
    fn choose_unit(&mut self, weighted: &[f64]) {
        let largest = weighted.iter().fold(0.0_f64, |largest, score| largest.max(score.abs()));
        let most = (0..self.rows()).map(|row| self.reviews(row)).max().unwrap_or(1) * self.layers;
        let per_point = units_per_point(largest, (4e18 / most as f64).min(1e12));
        // Below 1e12 by the choice of unit: nothing is lost in the conversion.
        let whole: Vec<i64> = weighted.iter().map(|score| (score * per_point).round() as i64).collect();
        let common =
            whole.iter().fold(0, |common, &units| greatest_common_divisor(common, units.unsigned_abs()));
        let common = i64::try_from(common).unwrap_or(1).max(1);
        self.units = whole.into_iter().map(|units| units / common).collect();
        self.per_point = per_point / common as f64;
        self.largest = self.units.iter().map(|units| units.abs()).max().unwrap_or(0);
    }

    fn sort_layers(&mut self) {
        if self.combine == Combine::Mean {
            return;
        }
        let mut ascending = Vec::with_capacity(self.units.len());
        for row in 0..self.rows() {
            let bid = self.bid(row);
            for layer in bid.units.chunks_exact(bid.reviews) {
                let mut order: Vec<u32> = (0u32..).take(bid.reviews).collect();
                order.sort_by_key(|&review| layer.get(review as usize));
                ascending.extend(order);
            }
        }
        self.ascending = ascending;
    }

    pub(super) fn rows(&self) -> usize {
        self.bid_of.len()
    }

    /// Bids of the caller, with and without reviews.
    pub(super) fn bids(&self) -> usize {
        self.bids
    }

    pub(super) fn reviewers(&self) -> usize {
        self.reviewers
    }

    pub(super) fn is_mean(&self) -> bool {
        self.combine == Combine::Mean
    }

    /// The caller's position of each row.
    pub(super) fn bid_of(&self) -> &[usize] {
        &self.bid_of
    }

    pub(super) fn start(&self, row: usize) -> usize {
        self.starts.get(row).copied().unwrap_or(self.reviewer_of.len())
    }

    pub(super) fn reviews(&self, row: usize) -> usize {
        self.start(row + 1) - self.start(row)
    }

    pub(super) fn reviewers_of(&self, row: usize) -> &[u32] {
        self.reviewer_of.get(self.start(row)..self.start(row + 1)).unwrap_or_default()
    }

    pub(super) fn bid(&self, row: usize) -> BidUnits<'_> {
        let range = self.start(row) * self.layers..self.start(row + 1) * self.layers;
        BidUnits {
            reviews: self.reviews(row),
            units: self.units.get(range.clone()).unwrap_or_default(),
            ascending: self.ascending.get(range).unwrap_or_default(),
            combine: self.combine,
        }
    }

    /// What `scores` scores of a bid are divided by.
    pub(super) fn divisor(&self, scores: usize) -> i64 {
        divisor(self.combine, scores)
    }

    pub(super) fn value(&self, fraction: Fraction) -> f64 {
        fraction.sum as f64 / fraction.divisor as f64 / self.per_point
    }

    /// One entry per bid of the caller from one per row.
    pub(super) fn spread<T>(&self, of_rows: impl Iterator<Item = T>) -> Vec<Option<T>> {
        let mut of_bids: Vec<Option<T>> = std::iter::repeat_with(|| None).take(self.bids).collect();
        for (&bid, entry) in self.bid_of.iter().zip(of_rows) {
            if let Some(place) = of_bids.get_mut(bid) {
                *place = Some(entry);
            }
        }
        of_bids
    }

    /// How to compare fractions whose divisors are among `divisors`.
    pub(super) fn keys(&self, divisors: impl Iterator<Item = i64>) -> Keys {
        let most = (0..self.rows()).map(|row| self.reviews(row)).max().unwrap_or(1) * self.layers;
        let room = (i64::MAX / 4) / (self.largest.max(1).saturating_mul(most as i64)).max(1);
        let mut multiple = Some(1_i64);
        for divisor in divisors {
            let least = |multiple: i64| {
                let common = greatest_common_divisor(multiple.unsigned_abs(), divisor.unsigned_abs());
                let factor = divisor / i64::try_from(common).ok()?;
                multiple.checked_mul(factor).filter(|multiple| *multiple <= room)
            };
            // Most bids have as many reviews as the one before.
            multiple = multiple
                .and_then(|multiple| if multiple % divisor == 0 { Some(multiple) } else { least(multiple) });
        }
        Keys { multiple: multiple.unwrap_or(room.max(1)), sign: if self.lower_is_better { 1 } else { -1 } }
    }
}

/// Whole numbers in the order of the quantity, the best lowest. Equal quantities have equal keys; unequal ones have
/// unequal keys wherever the least common multiple of the divisors leaves room, else to eighteen digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys {
    multiple: i64,
    sign: i64,
}

impl Keys {
    #[inline]
    pub(super) fn key(self, fraction: Fraction) -> i64 {
        let scaled = fraction.sum * self.multiple;
        self.sign
            * if self.multiple == fraction.divisor {
                fraction.sum
            } else {
                scaled.div_euclid(fraction.divisor)
            }
    }
}

impl BidUnits<'_> {
    /// Review `k` counted `counts[k]` times; the counts' sum is `scores`, at least 1.
    #[inline]
    pub(super) fn combined(&self, counts: &[u32], scores: usize) -> Fraction {
        let divisor = divisor(self.combine, scores);
        let mut sum = 0;
        if self.combine == Combine::Mean {
            return Fraction { sum: counted(self.units, counts), divisor };
        }
        for (units, ascending) in
            self.units.chunks_exact(self.reviews).zip(self.ascending.chunks_exact(self.reviews))
        {
            sum += match self.combine {
                Combine::Median => middle(units, ascending, counts, scores),
                Combine::DropExtremes { min_scores } if scores >= min_scores => {
                    let included =
                        |review: &&u32| counts.get(**review as usize).is_some_and(|&count| count > 0);
                    let units_of = |review: Option<&u32>| {
                        review.and_then(|&review| units.get(review as usize)).copied().unwrap_or(0)
                    };
                    counted(units, counts)
                        - units_of(ascending.iter().find(included))
                        - units_of(ascending.iter().rfind(included))
                }
                _ => counted(units, counts),
            };
        }
        Fraction { sum, divisor }
    }

    /// Of the mean only: the sum over reviews that are named one by one.
    #[inline]
    pub(super) fn unit_of_mean(&self, review: usize) -> i64 {
        self.units.get(review).copied().unwrap_or(0)
    }

    pub(super) fn fraction_of_mean(&self, sum: i64) -> Fraction {
        Fraction { sum, divisor: divisor(Combine::Mean, self.reviews) }
    }

    pub(super) fn everybody(&self) -> Fraction {
        self.combined(&vec![1; self.reviews], self.reviews)
    }

    /// Without the review at `left_out`; `None` when it is the only one. One subtraction for the mean.
    pub(super) fn without(&self, left_out: usize, everybody: Fraction) -> Option<Fraction> {
        let scores = self.reviews.checked_sub(1).filter(|scores| *scores > 0)?;
        if self.combine == Combine::Mean {
            let sum = everybody.sum - self.unit_of_mean(left_out);
            return Some(Fraction { sum, divisor: divisor(self.combine, scores) });
        }
        let counts: Vec<u32> = (0..self.reviews).map(|review| u32::from(review != left_out)).collect();
        Some(self.combined(&counts, scores))
    }
}

fn divisor(combine: Combine, scores: usize) -> i64 {
    let divisor = match combine {
        Combine::DropExtremes { min_scores } if scores >= min_scores => scores.saturating_sub(2),
        Combine::Median => 2 - scores % 2,
        _ => scores,
    };
    divisor.max(1) as i64
}

#[inline]
fn counted(units: &[i64], counts: &[u32]) -> i64 {
    units.iter().zip(counts).map(|(units, &count)| units * i64::from(count)).sum()
}

/// The middle score of `scores`, or the sum of the middle two.
fn middle(units: &[i64], ascending: &[u32], counts: &[u32], scores: usize) -> i64 {
    let (lower, upper) = ((scores - 1) / 2, scores / 2);
    let (mut passed, mut sum) = (0, 0);
    for &review in ascending {
        let (Some(units), Some(&count)) = (units.get(review as usize), counts.get(review as usize)) else {
            break;
        };
        let next = passed + count as usize;
        for position in [lower, upper] {
            if (passed..next).contains(&position) {
                sum += units;
            }
        }
        passed = next;
        if passed > upper {
            break;
        }
    }
    if lower == upper { sum / 2 } else { sum }
}

/// In the arrangement of [`Units::units`].
fn weighted_scores(quantity: &RankedQuantity, bid_of: &[usize]) -> Vec<f64> {
    let mut weighted = Vec::new();
    for &bid in bid_of {
        let from = weighted.len();
        for layer in &quantity.layers {
            let scores = layer.panel.of_bid(bid).1;
            if quantity.combine == Combine::Mean && weighted.len() > from {
                let totals = weighted.iter_mut().skip(from);
                totals.zip(scores).for_each(|(total, score)| *total += layer.weight * score);
            } else {
                weighted.extend(scores.iter().map(|score| layer.weight * score));
            }
        }
    }
    weighted
}

/// The largest power of ten with `largest * power < limit`; 1 when everything is zero.
fn units_per_point(largest: f64, limit: f64) -> f64 {
    let mut power = 1.0;
    if largest > 0.0 {
        while largest * (power * 10.0) < limit {
            power *= 10.0;
        }
        while largest * power >= limit {
            power /= 10.0;
        }
    }
    power
}

fn greatest_common_divisor(mut left: u64, mut right: u64) -> u64 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

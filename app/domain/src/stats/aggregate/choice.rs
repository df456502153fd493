//! The likelihood that Plackett-Luce and Davidson share: the best group of those still left is chosen, again and again.
//! Choosing the tied group `S` of `t` items has strength `delta_t * (product of the worths in S)^(1/t)`, `delta_1 = 1`
//! (Turner, van Etten, Firth and Kosmidis 2020, Computational Statistics 35, section 2). It is an exponential family,
//! so that the log-likelihood is concave in log worths and log deltas.
#![expect(
    clippy::indexing_slicing,
    reason = "items and places are checked below the sizes when lists are added"
)]

use super::super::Undefined;
use super::bad;
use super::solve::{Curvature, Design, Maximum, Square, maximise};

/// Items of a fitted model; the Newton matrix stays below 2 MB.
const MOST_MODEL_ITEMS: usize = 400;
/// Largest tie with a parameter of its own.
const MOST_TIED: usize = 12;
/// Multiplications of one evaluation; about a second.
const MOST_WORK: f64 = 5e8;

/// One ranking as choices: after each group the rest goes on.
struct List {
    order: Vec<usize>,
    ends: Vec<usize>,
    weight: f64,
}

/// All choices, and the sizes of ties that occur among them (2 and above, ascending).
pub(super) struct Choices {
    items: usize,
    lists: Vec<List>,
    sizes: Vec<usize>,
}

/// What one choice is made from: powers of the worths and the strengths of each size.
struct SizeTerms {
    size: usize,
    log_delta: f64,
    /// `worth^(1/size)` of the items left.
    roots: Vec<f64>,
    /// Elementary symmetric sums of the roots, of degree 0 to `size`.
    sums: Vec<f64>,
}

impl Choices {
    pub(super) fn new(items: usize) -> Self {
        Self { items, lists: Vec::new(), sizes: Vec::new() }
    }

    /// Adds a ranking; every item of `order` is below `items`.
    pub(super) fn add(&mut self, order: &[usize], ends: &[usize], weight: f64) {
        let mut start = 0;
        for &end in ends {
            let size = end - start;
            start = end;
            if size > 1
                && let Err(place) = self.sizes.binary_search(&size)
            {
                self.sizes.insert(place, size);
            }
        }
        self.lists.push(List { order: order.to_vec(), ends: ends.to_vec(), weight });
    }

    /// Allows ties of 2 to `most` items whether they occur or not.
    pub(super) fn allow_ties(&mut self, most: usize) {
        self.sizes = (2..=most).collect();
    }

    pub(super) fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    fn check_work(&self) -> Result<(), Undefined> {
        if self.items > MOST_MODEL_ITEMS + 1 {
            return Err(bad("items"));
        }
        if self.sizes.last().is_some_and(|&most| most > MOST_TIED) {
            return Err(bad("tied"));
        }
        let per_pair: usize = self.sizes.iter().sum();
        let work = |list: &List| {
            let left = list.order.len() as f64;
            if per_pair == 0 {
                left * left
            } else {
                left * left * list.ends.len() as f64 / 3.0 * per_pair as f64
            }
        };
        if self.lists.iter().map(work).sum::<f64>() > MOST_WORK { Err(bad("rankings")) } else { Ok(()) }
    }

    /// The largest likelihood over the free parameters of `design`, followed by the log deltas.
    pub(super) fn fit(&self, design: &Design) -> Result<Maximum, Undefined> {
        self.check_work()?;
        // Beyond 600 the smaller worths would vanish.
        let most_spread = (40.0 + 8.0 * self.items as f64).min(600.0);
        maximise(design.free() + self.sizes.len(), most_spread, |parameters| {
            let (worth, log_delta) = parameters.split_at(design.free());
            let full = self.evaluate(&design.log_worth(worth), log_delta);
            let (gradient, information) = design.reduce(&full, self.sizes.len());
            Curvature { gradient, information, ..full }
        })
    }

    /// Only the log-likelihood; for one list the log of its probability.
    pub(super) fn log_likelihood(&self, log_worth: &[f64], log_delta: &[f64]) -> f64 {
        let mut sum = 0.0;
        for list in &self.lists {
            let mut start = 0;
            for &end in &list.ends {
                let left = &list.order[start..];
                let terms = self.terms(left, log_worth, log_delta);
                sum += list.weight * log_share(left, end - start, &terms, log_worth);
                start = end;
            }
        }
        sum
    }

    pub(super) fn evaluate(&self, log_worth: &[f64], log_delta: &[f64]) -> Curvature {
        let size = self.items + self.sizes.len();
        let mut sum = Curvature {
            log_likelihood: 0.0,
            gradient: vec![0.0; size],
            information: Square::zero(size),
            spread: spread(log_worth, log_delta),
        };
        for list in &self.lists {
            if self.sizes.is_empty() {
                add_untied(list, log_worth, &mut sum);
                continue;
            }
            let mut start = 0;
            for &end in &list.ends {
                let left = &list.order[start..];
                if left.len() > 1 {
                    let terms = self.terms(left, log_worth, log_delta);
                    sum.log_likelihood += list.weight * log_share(left, end - start, &terms, log_worth);
                    self.add_choice(left, end - start, (&terms, list.weight), &mut sum);
                }
                start = end;
            }
        }
        sum.information.mirror();
        sum
    }

    /// The strengths of every size that fits into `left`, relative to the largest worth there.
    fn terms(&self, left: &[usize], log_worth: &[f64], log_delta: &[f64]) -> Vec<SizeTerms> {
        let most = left.iter().map(|&item| log_worth[item]).fold(f64::NEG_INFINITY, f64::max);
        let sizes =
            std::iter::once((1, 0.0)).chain(self.sizes.iter().copied().zip(log_delta.iter().copied()));
        let fitting = sizes.filter(|(size, _)| *size <= left.len());
        let of_size = |(size, log_delta): (usize, f64)| {
            let roots: Vec<f64> =
                left.iter().map(|&item| ((log_worth[item] - most) / size as f64).exp()).collect();
            let mut sums = vec![0.0; size + 1];
            sums[0] = 1.0;
            for root in &roots {
                for degree in (1..=size).rev() {
                    sums[degree] += root * sums[degree - 1];
                }
            }
            SizeTerms { size, log_delta, roots, sums }
        };
        fitting.map(of_size).collect()
    }

    /// Gradient and information of one choice: minus the mean and the covariance of "is in the chosen group, divided
    /// by its size" and of "the group has this size".
    fn add_choice(&self, left: &[usize], chosen: usize, given: (&[SizeTerms], f64), sum: &mut Curvature) {
        let (terms, weight) = given;
        let total = total_strength(terms);
        let mut mean = vec![0.0; left.len()];
        let mut square = vec![0.0; left.len()];
        let mut with_size = Vec::with_capacity(terms.len());
        let mut pairs = vec![0.0; left.len() * left.len()];
        for term in terms {
            let scale = term.log_delta.exp() / total;
            let size = term.size as f64;
            let mut included = vec![0.0; left.len()];
            let mut others = vec![0.0; term.size];
            for (place, &root) in term.roots.iter().enumerate() {
                without(&term.sums, root, &mut others);
                included[place] = scale * root * others[term.size - 1];
                mean[place] += included[place] / size;
                square[place] += included[place] / (size * size);
                if term.size > 1 {
                    let row = &mut pairs[place * left.len()..place * left.len() + place];
                    for (cell, &other) in row.iter_mut().zip(&term.roots) {
                        *cell += scale * root * other * last_without(&others, other) / (size * size);
                    }
                }
            }
            with_size.push((included, scale * term.sums[term.size]));
        }
        for (place, &item) in left.iter().enumerate() {
            let observed = if place < chosen { 1.0 / chosen as f64 } else { 0.0 };
            sum.gradient[item] += weight * (observed - mean[place]);
            let row = sum.information.row_mut(item);
            row[item] += weight * (square[place] - mean[place] * mean[place]);
            for (other, &earlier) in left[..place].iter().enumerate() {
                row[earlier] += weight * (pairs[place * left.len() + other] - mean[place] * mean[other]);
            }
        }
        // The first term is the single choice, which has no delta of its own.
        for (index, (included, share)) in with_size.iter().enumerate().skip(1) {
            let at = self.items + index - 1;
            let is_observed = terms[index].size == chosen;
            sum.gradient[at] += weight * (f64::from(u8::from(is_observed)) - share);
            let row = sum.information.row_mut(at);
            row[at] += weight * share * (1.0 - share);
            for (other, (_, other_share)) in with_size.iter().enumerate().take(index).skip(1) {
                row[self.items + other - 1] -= weight * share * other_share;
            }
            for (place, &item) in left.iter().enumerate() {
                let size = terms[index].size as f64;
                row[item] += weight * (included[place] / size - mean[place] * share);
            }
        }
    }
}

/// Without ties the sets left are nested, so that one pass over the pairs of a ranking is enough.
fn add_untied(list: &List, log_worth: &[f64], sum: &mut Curvature) {
    let order = &list.order;
    let most = order.iter().map(|&item| log_worth[item]).fold(f64::NEG_INFINITY, f64::max);
    let worth: Vec<f64> = order.iter().map(|&item| (log_worth[item] - most).exp()).collect();
    let mut left: Vec<f64> = worth.clone();
    for place in (1..left.len()).rev() {
        left[place - 1] += left[place];
    }
    // The last item is chosen with certainty and says nothing.
    let (mut once, mut twice) = (0.0, 0.0);
    for place in 0..order.len() {
        let item = order[place];
        let is_chosen = place + 1 < order.len();
        if is_chosen {
            once += 1.0 / left[place];
            twice += 1.0 / (left[place] * left[place]);
            sum.log_likelihood += list.weight * (log_worth[item] - most - left[place].ln());
        }
        let observed = if is_chosen { 1.0 } else { 0.0 };
        sum.gradient[item] += list.weight * (observed - worth[place] * once);
        let row = sum.information.row_mut(item);
        row[item] += list.weight * worth[place] * (once - worth[place] * twice);
        let shared = list.weight * worth[place] * twice;
        for (&later, later_worth) in order[place + 1..].iter().zip(&worth[place + 1..]) {
            row[later] -= shared * later_worth;
        }
    }
}

fn total_strength(terms: &[SizeTerms]) -> f64 {
    terms.iter().map(|term| term.log_delta.exp() * term.sums[term.size]).sum()
}

/// Log probability that the first `chosen` of `left` are the chosen group.
fn log_share(left: &[usize], chosen: usize, terms: &[SizeTerms], log_worth: &[f64]) -> f64 {
    let Some(term) = terms.iter().find(|term| term.size == chosen) else { return f64::NEG_INFINITY };
    let most = left.iter().map(|&item| log_worth[item]).fold(f64::NEG_INFINITY, f64::max);
    let logs: f64 = left[..chosen].iter().map(|&item| log_worth[item] - most).sum();
    term.log_delta + logs / chosen as f64 - total_strength(terms).ln()
}

/// Symmetric sums of all roots but one, of as many degrees as `others` holds. Each is a difference whose error grows
/// with the ratio of worths at most, because roots and not worths are taken out.
fn without(sums: &[f64], root: f64, others: &mut [f64]) {
    let mut previous = 0.0;
    for (other, sum) in others.iter_mut().zip(sums) {
        previous = (sum - root * previous).max(0.0);
        *other = previous;
    }
}

/// Of the sums without one root, take out another; the highest degree that a pair leaves.
fn last_without(others: &[f64], root: f64) -> f64 {
    others[..others.len() - 1].iter().fold(0.0, |previous, sum| (sum - root * previous).max(0.0))
}

fn spread(log_worth: &[f64], log_delta: &[f64]) -> f64 {
    let low = log_worth.iter().copied().fold(f64::INFINITY, f64::min);
    let high = log_worth.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    log_delta.iter().fold(high - low, |spread, log| spread.max(log.abs()))
}

//! Newton's method for the concave log-likelihoods of this folder, with a dense Cholesky factor. Deliberately absent:
//! sparse matrices; the models are limited to a few hundred parameters.
#![expect(clippy::indexing_slicing, reason = "every index runs below the size that all vectors here share")]

use super::super::Undefined;

/// Newton steps before the search is given up.
const MOST_STEPS: usize = 200;
/// A step this small ends the search; the next one would be about its square.
const SMALL_STEP: f64 = 1e-9;
/// Log worths further apart than this before the search settles are on their way to infinity: odds of 1 to 10^13.
const SETTLED_SPREAD: f64 = 30.0;

/// A square matrix by rows.
#[derive(Clone)]
pub(super) struct Square {
    size: usize,
    cells: Vec<f64>,
}

impl Square {
    pub(super) fn zero(size: usize) -> Self {
        Self { size, cells: vec![0.0; size * size] }
    }

    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.cells[row * self.size..(row + 1) * self.size]
    }

    pub(super) fn row_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.cells[row * self.size..(row + 1) * self.size]
    }

    /// Adds the transpose off the diagonal, for a matrix of which each pair was written on one side only.
    pub(super) fn mirror(&mut self) {
        for row in 0..self.size {
            for column in 0..row {
                let sum = self.row(row)[column] + self.row(column)[row];
                self.row_mut(row)[column] = sum;
                self.row_mut(column)[row] = sum;
            }
        }
    }

    /// The lower factor `L` with `L L' = self`; `None` when the matrix is not positive definite.
    pub(super) fn cholesky(&self) -> Option<Cholesky> {
        let mut lower = Self::zero(self.size);
        for row in 0..self.size {
            for column in 0..=row {
                let (done, rest) = lower.cells.split_at(row * self.size);
                let mine = &rest[..column];
                let theirs =
                    if column == row { mine } else { &done[column * self.size..column * self.size + column] };
                let inner: f64 = mine.iter().zip(theirs).map(|(left, right)| left * right).sum();
                let left_over = self.row(row)[column] - inner;
                let value = if column < row {
                    left_over / done[column * self.size + column]
                } else if left_over > self.row(row)[row].abs() * 1e-14 {
                    left_over.sqrt()
                } else {
                    return None;
                };
                lower.row_mut(row)[column] = value;
            }
        }
        Some(Cholesky { lower })
    }
}

/// A lower triangular factor.
pub(super) struct Cholesky {
    lower: Square,
}

impl Cholesky {
    pub(super) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut solution = right.to_vec();
        for row in 0..self.lower.size {
            let factor = self.lower.row(row);
            let known: f64 = factor[..row].iter().zip(&solution).map(|(left, right)| left * right).sum();
            solution[row] = (solution[row] - known) / factor[row];
        }
        for row in (0..self.lower.size).rev() {
            let factor = self.lower.row(row);
            let value = solution[row] / factor[row];
            solution[row] = value;
            for (earlier, &coefficient) in solution[..row].iter_mut().zip(factor) {
                *earlier -= coefficient * value;
            }
        }
        solution
    }

    pub(super) fn inverse(&self) -> Square {
        let mut inverse = Square::zero(self.lower.size);
        let mut unit = vec![0.0; self.lower.size];
        for row in 0..self.lower.size {
            unit[row] = 1.0;
            inverse.row_mut(row).copy_from_slice(&self.solve(&unit));
            unit[row] = 0.0;
        }
        inverse
    }
}

/// A log-likelihood at one point.
pub(super) struct Curvature {
    pub(super) log_likelihood: f64,
    pub(super) gradient: Vec<f64>,
    /// Minus the matrix of second derivatives.
    pub(super) information: Square,
    /// How far apart the log worths are.
    pub(super) spread: f64,
}

/// Where a log-likelihood is largest.
pub(super) struct Maximum {
    pub(super) at: Vec<f64>,
    pub(super) covariance: Square,
    pub(super) steps: usize,
}

/// The largest value of a concave log-likelihood of `size` parameters, from zero; each step is halved until the
/// likelihood does not fall.
pub(super) fn maximise(
    size: usize,
    most_spread: f64,
    evaluate: impl Fn(&[f64]) -> Curvature,
) -> Result<Maximum, Undefined> {
    let mut at = vec![0.0; size];
    let mut here = evaluate(&at);
    for steps in 1..=MOST_STEPS {
        let factor = here.information.cholesky().ok_or(Undefined::Unbounded)?;
        let direction = factor.solve(&here.gradient);
        let longest = direction.iter().fold(0.0, |longest: f64, step| longest.max(step.abs()));
        if !longest.is_finite() {
            return Err(Undefined::Unbounded);
        }
        let mut share = 1.0;
        loop {
            let there: Vec<f64> =
                at.iter().zip(&direction).map(|(place, step)| place + share * step).collect();
            let next = evaluate(&there);
            // Near the top the likelihood is flat to the last digit, which must not look like a fall.
            let slack = 1e-12 * here.log_likelihood.abs().max(1.0);
            if next.spread <= most_spread && next.log_likelihood >= here.log_likelihood - slack {
                (at, here) = (there, next);
                break;
            }
            share *= 0.5;
            if share < 1e-12 {
                return Err(if next.spread > SETTLED_SPREAD {
                    Undefined::Unbounded
                } else {
                    Undefined::NotConverged { steps }
                });
            }
        }
        if longest <= SMALL_STEP {
            let covariance = here.information.cholesky().ok_or(Undefined::Unbounded)?.inverse();
            return Ok(Maximum { at, covariance, steps });
        }
        if here.spread >= most_spread * 0.999 {
            return Err(Undefined::Unbounded);
        }
    }
    Err(if here.spread > SETTLED_SPREAD {
        Undefined::Unbounded
    } else {
        Undefined::NotConverged { steps: MOST_STEPS }
    })
}

/// How the log worths follow from the free parameters: one short row of (parameter, factor) per item.
pub(super) struct Design {
    rows: Vec<Vec<(usize, f64)>>,
    free: usize,
}

impl Design {
    /// One parameter per item, except that the item at `fixed` stays at zero.
    pub(super) fn all_but(items: usize, fixed: usize) -> Self {
        let row = |item: usize| match item.cmp(&fixed) {
            std::cmp::Ordering::Less => vec![(item, 1.0)],
            std::cmp::Ordering::Equal => Vec::new(),
            std::cmp::Ordering::Greater => vec![(item - 1, 1.0)],
        };
        Self { rows: (0..items).map(row).collect(), free: items - 1 }
    }

    /// One parameter per column; rows are items.
    pub(super) fn linear(columns: usize, table: &[Vec<f64>]) -> Self {
        Self {
            rows: table.iter().map(|row| row.iter().copied().enumerate().collect()).collect(),
            free: columns,
        }
    }

    pub(super) fn free(&self) -> usize {
        self.free
    }

    pub(super) fn log_worth(&self, parameters: &[f64]) -> Vec<f64> {
        self.rows
            .iter()
            .map(|row| row.iter().map(|&(place, factor)| factor * parameters[place]).sum())
            .collect()
    }

    /// Turns derivatives by item (followed by `extra` further parameters) into derivatives by free parameter.
    pub(super) fn reduce(&self, full: &Curvature, extra: usize) -> (Vec<f64>, Square) {
        let items = self.rows.len();
        let extras: Vec<Vec<(usize, f64)>> = (0..extra).map(|place| vec![(self.free + place, 1.0)]).collect();
        let rows: Vec<&Vec<(usize, f64)>> = self.rows.iter().chain(&extras).collect();
        let mut gradient = vec![0.0; self.free + extra];
        let mut information = Square::zero(self.free + extra);
        for row in 0..items + extra {
            for &(place, factor) in rows[row] {
                gradient[place] += factor * full.gradient[row];
                let target = information.row_mut(place);
                for (other, &cell) in rows.iter().zip(full.information.row(row)) {
                    for &(column, other_factor) in *other {
                        target[column] += factor * other_factor * cell;
                    }
                }
            }
        }
        (gradient, information)
    }

    /// Standard error of each item's log worth minus that of `reference`.
    pub(super) fn contrast_errors(&self, covariance: &Square, reference: usize) -> Vec<f64> {
        let of_reference = &self.rows[reference];
        let variance = |row: &Vec<(usize, f64)>| -> f64 {
            let signed =
                row.iter().copied().chain(of_reference.iter().map(|&(place, factor)| (place, -factor)));
            let signed: Vec<(usize, f64)> = signed.collect();
            let cell = |left: &(usize, f64), right: &(usize, f64)| {
                left.1 * right.1 * covariance.row(left.0)[right.0]
            };
            signed.iter().flat_map(|left| signed.iter().map(move |right| cell(left, right))).sum()
        };
        self.rows.iter().map(|row| variance(row).max(0.0).sqrt()).collect()
    }
}

/// Standard errors: roots of the diagonal, from `first` on.
pub(super) fn standard_errors(covariance: &Square, first: usize) -> Vec<f64> {
    (first..covariance.size).map(|place| covariance.row(place)[place].max(0.0).sqrt()).collect()
}

//! Small symmetric positive definite systems by Cholesky's factors. Deliberately absent: pivoting (callers hand in
//! matrices whose smallest eigenvalue they bound) and blocks (callers bound the size).
#![expect(
    clippy::indexing_slicing,
    reason = "every index is below `size`, and the rows hold size x size numbers"
)]

/// Lower factor `L` of `L L'`, row by row; what lies above the diagonal is never read.
pub(super) struct Cholesky {
    size: usize,
    rows: Vec<f64>,
}

/// Products are summed in four interleaved sums: the order is fixed, and the compiler may use wide registers.
fn dot(left: &[f64], right: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (left_four, left_rest) = left.as_chunks::<4>();
    let (right_four, right_rest) = right.as_chunks::<4>();
    for (left, right) in left_four.iter().zip(right_four) {
        for lane in 0..4 {
            sums[lane] += left[lane] * right[lane];
        }
    }
    let rest: f64 = left_rest.iter().zip(right_rest).map(|(left, right)| left * right).sum();
    (sums[0] + sums[2]) + (sums[1] + sums[3]) + rest
}

fn add_multiple(to: &mut [f64], factor: f64, from: &[f64]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += factor * from;
    }
}

impl Cholesky {
    /// `None` when the matrix (given row by row) is not positive definite.
    pub(super) fn of(mut rows: Vec<f64>, size: usize) -> Option<Self> {
        for row in 0..size {
            let (above, below) = rows.split_at_mut(row * size);
            let current = &mut below[..size];
            for column in 0..row {
                let other = &above[column * size..][..size];
                current[column] =
                    (current[column] - dot(&current[..column], &other[..column])) / other[column];
            }
            let pivot = current[row] - dot(&current[..row], &current[..row]);
            if pivot <= 0.0 || !pivot.is_finite() {
                return None;
            }
            current[row] = pivot.sqrt();
        }
        Some(Self { size, rows })
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.rows[row * self.size..][..self.size]
    }

    pub(super) fn log_determinant(&self) -> f64 {
        (0..self.size).map(|place| 2.0 * self.row(place)[place].ln()).sum()
    }

    /// Solves `L L' x = right`.
    pub(super) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut solution = right.to_vec();
        for place in 0..self.size {
            let row = self.row(place);
            solution[place] = (solution[place] - dot(&row[..place], &solution[..place])) / row[place];
        }
        self.solve_transposed(&mut solution);
        solution
    }

    /// Solves `L' x = right` in place: standard normals become draws with the inverse matrix as covariance.
    pub(super) fn solve_transposed(&self, right: &mut [f64]) {
        for place in (0..self.size).rev() {
            let row = self.row(place);
            right[place] /= row[place];
            let value = right[place];
            add_multiple(&mut right[..place], -value, &row[..place]);
        }
    }

    /// The inverse matrix, row by row, both triangles.
    pub(super) fn inverse(&self) -> Vec<f64> {
        let size = self.size;
        let mut lower = vec![0.0; size * size];
        for place in 0..size {
            let row = self.row(place);
            let (above, below) = lower.split_at_mut(place * size);
            let current = &mut below[..=place];
            for earlier in 0..place {
                add_multiple(&mut current[..=earlier], -row[earlier], &above[earlier * size..][..=earlier]);
            }
            current[place] = 1.0;
            for value in current {
                *value /= row[place];
            }
        }
        let mut inverse = vec![0.0; size * size];
        for from in 0..size {
            let source = &lower[from * size..][..=from];
            for (place, factor) in source.iter().enumerate() {
                add_multiple(&mut inverse[place * size..][..=place], *factor, &source[..=place]);
            }
        }
        for row in 0..size {
            for column in 0..row {
                inverse[column * size + row] = inverse[row * size + column];
            }
        }
        inverse
    }
}

//! Who scored what in flat arrays, and the system over reviewers that is left once the bids are eliminated. Every model
//! here leads to a matrix of one shape, `diag(base) - sum over bids of take x members members'`.
#![expect(
    clippy::indexing_slicing,
    reason = "`starts` and `reviewer_of` come from a panel, whose reviewers all lie below `reviewers`, and every vector \
              over reviewers, bids or reviews is made here with that length"
)]

use super::super::Panel;
use super::dense::Cholesky;

/// The pattern of a panel.
pub(super) struct Design {
    starts: Vec<usize>,
    reviewer_of: Vec<u32>,
    /// Number of bids each reviewer scored.
    pub(super) reviewer_counts: Vec<f64>,
}

impl Design {
    pub(super) fn of(panel: &Panel) -> Self {
        let mut starts = Vec::with_capacity(panel.bids() + 1);
        let mut reviewer_of = Vec::with_capacity(panel.len());
        starts.push(0);
        for bid in 0..panel.bids() {
            reviewer_of.extend_from_slice(panel.of_bid(bid).0);
            starts.push(reviewer_of.len());
        }
        let mut reviewer_counts = vec![0.0; panel.reviewers()];
        for &reviewer in &reviewer_of {
            reviewer_counts[reviewer as usize] += 1.0;
        }
        Self { starts, reviewer_of, reviewer_counts }
    }

    pub(super) fn bids(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn reviewers(&self) -> usize {
        self.reviewer_counts.len()
    }

    pub(super) fn reviews(&self) -> usize {
        self.reviewer_of.len()
    }

    /// The reviewers of every bid, in order.
    pub(super) fn members(&self) -> impl Iterator<Item = &[u32]> {
        self.starts.windows(2).map(|ends| &self.reviewer_of[ends[0]..ends[1]])
    }

    /// Number of reviews of every bid.
    pub(super) fn bid_counts(&self) -> impl Iterator<Item = f64> {
        self.members().map(|members| members.len() as f64)
    }

    /// Sum over the reviews of every bid.
    pub(super) fn bid_sums(&self, per_review: &[f64]) -> Vec<f64> {
        self.starts.windows(2).map(|ends| per_review[ends[0]..ends[1]].iter().sum()).collect()
    }

    /// Sum over the reviews of every reviewer.
    pub(super) fn reviewer_sums(&self, per_review: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.reviewers()];
        for (&reviewer, value) in self.reviewer_of.iter().zip(per_review) {
            sums[reviewer as usize] += value;
        }
        sums
    }

    /// Sum over the reviewers of every bid.
    pub(super) fn gather(&self, per_reviewer: &[f64]) -> Vec<f64> {
        self.members().map(|members| gathered(members, per_reviewer)).collect()
    }

    /// Sum over the bids of every reviewer.
    pub(super) fn scatter(&self, per_bid: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.reviewers()];
        for (members, value) in self.members().zip(per_bid) {
            for &reviewer in members {
                sums[reviewer as usize] += value;
            }
        }
        sums
    }

    /// What is left of every review after taking away its bid's and its reviewer's part.
    pub(super) fn left_over(&self, per_review: &[f64], per_bid: &[f64], per_reviewer: &[f64]) -> Vec<f64> {
        let mut left = Vec::with_capacity(per_review.len());
        for (ends, bid_part) in self.starts.windows(2).zip(per_bid) {
            let range = ends[0]..ends[1];
            let reviews = self.reviewer_of[range.clone()].iter().zip(&per_review[range]);
            left.extend(reviews.map(|(&reviewer, value)| value - bid_part - per_reviewer[reviewer as usize]));
        }
        left
    }
}

fn gathered(members: &[u32], per_reviewer: &[f64]) -> f64 {
    members.iter().map(|&reviewer| per_reviewer[reviewer as usize]).sum()
}

/// The system over reviewers: `diag(base) - sum over bids of take x members members'`, positive semi-definite.
pub(super) struct Eliminated {
    /// One per reviewer.
    pub(super) base: Vec<f64>,
    /// One per bid.
    pub(super) take: Vec<f64>,
}

impl Eliminated {
    fn diagonal(&self, design: &Design) -> Vec<f64> {
        design.scatter(&self.take).iter().zip(&self.base).map(|(taken, base)| base - taken).collect()
    }

    fn apply(&self, design: &Design, vector: &[f64], out: &mut [f64]) {
        for ((out, base), value) in out.iter_mut().zip(&self.base).zip(vector) {
            *out = base * value;
        }
        for (members, take) in design.members().zip(&self.take) {
            let shared = take * gathered(members, vector);
            for &reviewer in members {
                out[reviewer as usize] -= shared;
            }
        }
    }

    /// The matrix row by row.
    pub(super) fn dense(&self, design: &Design) -> Vec<f64> {
        let size = design.reviewers();
        let mut matrix = vec![0.0; size * size];
        for (place, base) in self.base.iter().enumerate() {
            matrix[place * size + place] = *base;
        }
        for (members, take) in design.members().zip(&self.take) {
            for &reviewer in members {
                let row = &mut matrix[reviewer as usize * size..][..size];
                for &other in members {
                    row[other as usize] -= take;
                }
            }
        }
        matrix
    }

    /// Solves the system by conjugate gradients with the diagonal as preconditioner (Hestenes and Stiefel 1952) until the
    /// residual is `tolerance` times the right-hand side. A singular system must be consistent.
    ///
    /// # Errors
    /// The number of steps taken when that was not reached.
    pub(super) fn solve(&self, design: &Design, right: &[f64], tolerance: f64) -> Result<Vec<f64>, usize> {
        let diagonal = self.diagonal(design);
        // A reviewer whose bids nobody else scored has nothing left on the diagonal but rounding, and no equation.
        let inverse: Vec<f64> = diagonal
            .iter()
            .zip(&self.base)
            .map(|(value, base)| if *value > 1e-12 * base { 1.0 / value } else { 0.0 })
            .collect();
        let mut solution = vec![0.0; right.len()];
        let mut residual = right.to_vec();
        let mut scaled: Vec<f64> = residual.iter().zip(&inverse).map(|(r, i)| r * i).collect();
        let mut direction = scaled.clone();
        let mut image = vec![0.0; right.len()];
        let mut power = dot(&residual, &scaled);
        let goal = tolerance * tolerance * dot(right, right);
        let bound = 1_000 + 20 * right.len();
        for _ in 0..bound {
            if dot(&residual, &residual) <= goal {
                return Ok(solution);
            }
            self.apply(design, &direction, &mut image);
            let curvature = dot(&direction, &image);
            if curvature <= 0.0 || !curvature.is_finite() {
                return Err(bound);
            }
            let step = power / curvature;
            for place in 0..solution.len() {
                solution[place] += step * direction[place];
                residual[place] -= step * image[place];
                scaled[place] = residual[place] * inverse[place];
            }
            let next = dot(&residual, &scaled);
            let turn = next / power;
            power = next;
            for (direction, scaled) in direction.iter_mut().zip(&scaled) {
                *direction = scaled + turn * *direction;
            }
        }
        Err(bound)
    }

    pub(super) fn factor(&self, design: &Design) -> Option<Cholesky> {
        Cholesky::of(self.dense(design), design.reviewers())
    }
}

/// For every bid the quadratic form `members' matrix members` of a symmetric matrix over reviewers.
pub(super) fn member_forms(design: &Design, matrix: &[f64]) -> Vec<f64> {
    let size = design.reviewers();
    design
        .members()
        .map(|members| {
            members
                .iter()
                .map(|&reviewer| gathered(members, &matrix[reviewer as usize * size..][..size]))
                .sum()
        })
        .collect()
}

pub(super) fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

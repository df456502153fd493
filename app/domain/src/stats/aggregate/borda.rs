//! Borda's count (1781): points for the place in each ranking, added up.

use serde::{Deserialize, Serialize};

use super::super::Undefined;
use super::profile::Profile;

/// Points and the order they give.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Borda {
    /// Sum over the rankings of weight times points; 0 to `total weight * (items - 1)`.
    pub points: Vec<f64>,
    /// Items by points, most first; equal points by position.
    pub order: Vec<usize>,
}

/// Of `n` items the first gets `n - 1` points, the next one less, the last 0; tied items share their points equally.
///
/// # Errors
/// [`Undefined::TooFewBids`] below two items, [`Undefined::TooFewReviewers`] without a ranking,
/// [`Undefined::Incomplete`] when a ranking leaves items out: a bid that a reviewer may not judge must not lose points.
pub fn borda(profile: &Profile) -> Result<Borda, Undefined> {
    profile.check_size()?;
    let missing = profile.missing();
    if missing > 0 {
        return Err(Undefined::Incomplete { missing });
    }
    let mut points = vec![0.0; profile.items()];
    for ranking in profile.rankings() {
        let mut behind = profile.items();
        for group in ranking.groups() {
            behind -= group.len();
            // The average of the places `behind` to `behind + group - 1`, counted from the last.
            let share = behind as f64 + (group.len() as f64 - 1.0) / 2.0;
            for &item in group {
                if let Some(sum) = points.get_mut(item) {
                    *sum += ranking.weight() * share;
                }
            }
        }
    }
    Ok(Borda { order: by_points(&points), points })
}

/// Positions by points, most first; equal points by position.
pub(super) fn by_points(points: &[f64]) -> Vec<usize> {
    let mut order: Vec<(usize, f64)> = points.iter().copied().enumerate().collect();
    order.sort_by(|left, right| right.1.total_cmp(&left.1));
    order.into_iter().map(|(item, _)| item).collect()
}

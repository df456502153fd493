//! An amount split into tranches, none of it lost. Deliberately absent: when a tranche is paid.

use serde::{Deserialize, Serialize};

use crate::money::Fen;
use crate::rule::FULL_WEIGHT;

/// Why an amount is not split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "problem")]
#[error("{self:?}")]
pub enum SplitProblem {
    /// The shares do not sum to 1000 permille; no shares at all sum to 0.
    SharesSum {
        sum: u64,
    },
    NegativeAmount,
}

/// Splits `total` by `shares_permille` into whole fen that sum to it exactly, by the largest remainder (Hamilton's
/// method): everybody gets `total * share / 1000` rounded down, and what is left goes fen by fen to the largest
/// remainders, of equal ones to the earlier tranche.
///
/// # Errors
/// [`SplitProblem`].
pub fn split_fen(total: Fen, shares_permille: &[u32]) -> Result<Vec<Fen>, SplitProblem> {
    let sum: u64 = shares_permille.iter().map(|share| u64::from(*share)).sum();
    if sum != u64::from(FULL_WEIGHT) {
        return Err(SplitProblem::SharesSum { sum });
    }
    if total.0 < 0 {
        return Err(SplitProblem::NegativeAmount);
    }
    let full = i128::from(FULL_WEIGHT);
    let exact = |share: &u32| i128::from(total.0) * i128::from(*share);
    let mut parts: Vec<i128> = shares_permille.iter().map(|share| exact(share) / full).collect();
    // Fewer fen are left than there are tranches with a remainder.
    let left = i128::from(total.0) - parts.iter().sum::<i128>();
    let mut remainders: Vec<(i128, usize)> =
        shares_permille.iter().enumerate().map(|(index, share)| (-(exact(share) % full), index)).collect();
    remainders.sort_unstable();
    for (_, index) in remainders.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        if let Some(part) = parts.get_mut(index) {
            *part += 1;
        }
    }
    // Each part is at most the total.
    Ok(parts.into_iter().map(|part| Fen(i64::try_from(part).unwrap_or(i64::MAX))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(total: i64, shares: &[u32]) -> Vec<i64> {
        split_fen(Fen(total), shares).unwrap().into_iter().map(|fen| fen.0).collect()
    }

    #[test]
    fn what_is_left_goes_to_the_largest_remainder_then_to_the_earlier() {
        assert_eq!(split(10, &[333, 333, 334]), [3, 3, 4]);
        assert_eq!(split(1, &[500, 500]), [1, 0]);
        assert_eq!(split(2, &[300, 400, 300]), [1, 1, 0]);
        assert_eq!(split(0, &[300, 700]), [0, 0]);
        assert_eq!(split(i64::MAX, &[1000, 0]), [i64::MAX, 0]);
        assert_eq!(split(i64::MAX, &[1, 999]).iter().sum::<i64>(), i64::MAX);
    }

    #[test]
    fn shares_that_do_not_sum_split_nothing() {
        assert_eq!(split_fen(Fen(1), &[]), Err(SplitProblem::SharesSum { sum: 0 }));
        assert_eq!(split_fen(Fen(1), &[500, 499]), Err(SplitProblem::SharesSum { sum: 999 }));
        assert_eq!(
            split_fen(Fen(1), &[u32::MAX; 2]),
            Err(SplitProblem::SharesSum { sum: 2 * u64::from(u32::MAX) })
        );
        assert_eq!(split_fen(Fen(-1), &[1000]), Err(SplitProblem::NegativeAmount));
    }
}

//! Questions answered with yes or no. Deliberately absent: abstentions; a sheet answers every question.

use serde::{Deserialize, Serialize};

/// The answers to one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoteCount {
    pub yes: u32,
    pub of: u32,
}

impl VoteCount {
    pub fn of(answers: impl IntoIterator<Item = bool>) -> Self {
        let mut count = Self { yes: 0, of: 0 };
        for answer in answers {
            count.yes += u32::from(answer);
            count.of += 1;
        }
        count
    }

    /// Whether more than half said yes (simple majority: half is not enough, and nobody asked is no majority).
    pub fn carries(self) -> bool {
        self.yes > self.of - self.yes.min(self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_is_no_majority() {
        let check = |answers: &[bool], carries| {
            assert_eq!(VoteCount::of(answers.iter().copied()).carries(), carries, "{answers:?}");
        };
        check(&[], false);
        check(&[true], true);
        check(&[true, false], false);
        check(&[true, true, false], true);
        check(&[true, false, false, false, true], false);
    }
}

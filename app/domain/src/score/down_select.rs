//! Staged down-selection: after each stage a few go on. Deliberately absent: which evidence a stage asks for, and
//! everything that may override a rank.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::combine::round_half_up;
use super::count;
use crate::rule::{Direction, FULL_WEIGHT};

/// How the totals of the stages so far become one standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cumulative {
    /// `sum(weight * total) / 1000`: grows stage by stage, on the scale of the rubric after the last one.
    PointsSoFar,
    /// `sum(weight * total) / sum(weight)` over the stages so far: always on the scale of the rubric.
    PerWeightSoFar,
}

impl Cumulative {
    /// The standing in milli-points, exact, rounded half up once to `decimals`. A weight without a total, and a total
    /// without a weight, count for nothing. Both forms order teams alike while nothing is rounded.
    pub fn milli(self, weights_permille: &[u32], totals_milli: &[i64], decimals: u8) -> i64 {
        let divisor = match self {
            Self::PointsSoFar => i128::from(FULL_WEIGHT),
            Self::PerWeightSoFar => {
                weights_permille.iter().zip(totals_milli).map(|(weight, _)| i128::from(*weight)).sum()
            }
        };
        round_half_up(exact_standing(weights_permille, totals_milli), divisor, decimals)
    }
}

/// What teams are compared by after the stages so far: `sum(weight * total)`, in thousandths of a milli-point and
/// without any rounding, since a standing on the way is no end. It orders teams as either form of [`Cumulative`] does
/// before that is rounded for display.
pub fn exact_standing(weights_permille: &[u32], totals_milli: &[i64]) -> i128 {
    let stages = weights_permille.iter().zip(totals_milli);
    stages.map(|(weight, total)| i128::from(*weight) * i128::from(*total)).sum()
}

/// A team as a stage finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contender {
    /// The total of this stage.
    pub stage_milli: i64,
    /// The standing after this stage, see [`exact_standing`]; any unit will do, for only the order counts.
    pub standing: i128,
    /// A veto or a threshold, whatever the points say.
    pub failed: bool,
}

/// What ends a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// At most this many go on.
    pub keep: u32,
    /// A stage total worse than this does not go on, however good the standing.
    pub pass_mark_milli: i64,
    pub better: Direction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageOutcome {
    GoesOn,
    /// Failed, or the stage total misses the pass mark.
    Failed,
    /// Good enough, but others stand better.
    NotKept,
}

/// One team's place after a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagePlace {
    /// Position among the contenders.
    pub contender: usize,
    /// 1 is best; no two share a place.
    pub place: u32,
    pub outcome: StageOutcome,
}

/// Ends a stage: those who pass stand before those who do not, both by standing; of equal standings the one that
/// `contenders` names first stands first (put the order of the tie chain there). The first `keep` of those who pass
/// go on. Places come in order.
pub fn down_select(cut: Cut, contenders: &[Contender]) -> Vec<StagePlace> {
    let passes = |contender: &Contender| {
        !contender.failed && !cut.better.misses(&contender.stage_milli, &cut.pass_mark_milli)
    };
    let mut order: Vec<(usize, &Contender)> = contenders.iter().enumerate().collect();
    order.sort_by(|(_, left), (_, right)| {
        let by_standing = cut.better.order(&left.standing, &right.standing);
        Reverse(passes(left)).cmp(&Reverse(passes(right))).then(by_standing)
    });
    let place = |(index, (contender, who)): (usize, (usize, &Contender))| {
        let place = count(index + 1);
        let outcome = match passes(who) {
            true if place <= cut.keep => StageOutcome::GoesOn,
            true => StageOutcome::NotKept,
            false => StageOutcome::Failed,
        };
        StagePlace { contender, place, outcome }
    };
    order.into_iter().enumerate().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn team(stage_milli: i64, standing: i128) -> Contender {
        Contender { stage_milli, standing, failed: false }
    }

    #[track_caller]
    fn check(cut: Cut, teams: &[Contender], expected: &[(usize, StageOutcome)]) {
        let places = down_select(cut, teams);
        let found: Vec<_> = places.iter().map(|place| (place.contender, place.outcome)).collect();
        assert_eq!(found, expected);
        assert!(places.iter().map(|place| place.place).eq(1..=count(teams.len())));
    }

    #[test]
    fn those_who_pass_stand_first_and_ties_keep_the_given_order() {
        use StageOutcome::{Failed, GoesOn, NotKept};
        let cut = Cut { keep: 2, pass_mark_milli: 60, better: Direction::Higher };
        let veto = Contender { failed: true, ..team(90, 95) };
        let teams = [team(59, 99), team(60, 70), veto, team(60, 80), team(90, 70)];
        check(cut, &teams, &[(3, GoesOn), (1, GoesOn), (4, NotKept), (0, Failed), (2, Failed)]);
        check(Cut { keep: 9, ..cut }, &[team(1, 1)], &[(0, Failed)]);
        check(Cut { keep: 0, ..cut }, &[team(60, 1)], &[(0, NotKept)]);
        let lower = Cut { better: Direction::Lower, keep: 1, ..cut };
        check(lower, &[team(60, 3), team(61, 1), team(10, 2)], &[(2, GoesOn), (0, NotKept), (1, Failed)]);
    }

    #[test]
    fn standings_count_only_stages_with_a_weight_and_a_total() {
        let check = |form: Cumulative, totals: &[i64], milli| {
            assert_eq!(form.milli(&[200, 300, 500], totals, 2), milli, "{form:?} {totals:?}");
        };
        check(Cumulative::PointsSoFar, &[90_000], 18_000);
        check(Cumulative::PerWeightSoFar, &[90_000], 90_000);
        check(Cumulative::PerWeightSoFar, &[], 0);
        assert_eq!(Cumulative::PerWeightSoFar.milli(&[1, 2], &[10_000, 10_005], 2), 10_000);
        assert_eq!(Cumulative::PerWeightSoFar.milli(&[0], &[10_000], 2), 0);
    }
}

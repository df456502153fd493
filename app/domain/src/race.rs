//! The horse race (赛马) in its plain form: awarded teams pass gates, some go on, one wins.
//! `replay` decides a race again from its tables. Deliberately absent: evidence, tranches, merging, live push; they arrive
//! later beside these states.

mod replay;

use std::collections::BTreeMap;

pub use replay::{GateTable, OutOfPlace, Replay, ReplayedGate, ReplayedLine};
use serde::{Deserialize, Serialize};

use crate::id::BidId;
use crate::keyed;
use crate::refusal::Refusal;
use crate::rule::Rule;
use crate::score::{self, Contender, Cut, Outcome, Ranking, StageOutcome, StagePlace};
use crate::time::Timestamp;

keyed! { GateState { Waiting = "waiting", Open = "open", Decided = "decided" } }

keyed! { TeamState { Racing = "racing", Cut = "cut", Withdrawn = "withdrawn", Won = "won" } }

keyed! {
    /// What a gate does to a team.
    GateOutcome { Continue = "continue", Cut = "cut", Won = "won" }
}

/// A team as the gate finds it: still racing, with its totals at the gates before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RacingTeam {
    pub bid: BidId,
    pub earlier_totals_milli: Vec<i64>,
}

/// One team's line in a gate's result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateLine {
    pub bid: BidId,
    pub gate_total_milli: i64,
    pub cumulative_milli: i64,
    /// 1 = best cumulative score among those who reached the gate.
    pub rank: u32,
    pub outcome: GateOutcome,
}

/// A gate may open when the one before is decided and teams are racing.
///
/// # Errors
/// [`Refusal::NoGates`], [`Refusal::GateBeforeOpen`], [`Refusal::WrongState`], [`Refusal::TooFewTeams`].
pub fn check_open_gate(rule: &Rule, gates: &[GateState], number: u32, racing: u32) -> Result<(), Refusal> {
    if rule.gate(number).is_none() {
        return Err(Refusal::NoGates);
    }
    let index = number.saturating_sub(1) as usize;
    if gates.iter().take(index).any(|state| *state != GateState::Decided) {
        return Err(Refusal::GateBeforeOpen);
    }
    match gates.get(index) {
        None | Some(GateState::Waiting) => {}
        Some(state) => return Err(Refusal::WrongState { state: state.key().to_owned() }),
    }
    if racing == 0 { Err(Refusal::TooFewTeams) } else { Ok(()) }
}

/// Decides a gate. Teams are ranked by cumulative score: the gates' totals as they were published, weighed and added
/// up without rounding, so that a line's `cumulative_milli`, rounded for display, may look equal where the order is
/// not. Those whose gate score passes and who stand within the gate's `keep` go on; at the last gate the first of them
/// wins. Equal cumulative scores follow the order of the gate's own ranking, which ends in the committed draw.
///
/// # Errors
/// [`Refusal::NoGates`], [`Refusal::ReviewsMissing`] when a team has no sheet at this gate, or not one total for each
/// gate before.
pub fn decide_gate(
    rule: &Rule,
    number: u32,
    teams: &[RacingTeam],
    ranking: &Ranking,
) -> Result<Vec<GateLine>, Refusal> {
    let gate = rule.gate(number).ok_or(Refusal::NoGates)?;
    let weights: Vec<u32> = rule.gates.iter().take(number as usize).map(|g| g.weight_permille).collect();
    // In the order of the gate's own ranking, which decides equal standings.
    let mut bids = Vec::with_capacity(teams.len());
    let mut contenders = Vec::with_capacity(teams.len());
    let mut cumulative = Vec::with_capacity(teams.len());
    let entered: BTreeMap<BidId, &RacingTeam> = teams.iter().map(|team| (team.bid, team)).collect();
    for row in &ranking.rows {
        let Some(team) = entered.get(&row.bid) else { continue };
        if row.outcome == Outcome::NoSheets {
            return Err(Refusal::ReviewsMissing { missing: 1 });
        }
        let mut totals = team.earlier_totals_milli.clone();
        totals.push(row.total_milli);
        if totals.len() != weights.len() {
            return Err(Refusal::ReviewsMissing { missing: 1 });
        }
        bids.push(row.bid);
        contenders.push(Contender {
            stage_milli: row.total_milli,
            standing: score::exact_standing(&weights, &totals),
            failed: matches!(row.outcome, Outcome::Vetoed { .. } | Outcome::BelowThreshold { .. }),
        });
        cumulative.push(score::cumulative_milli(&weights, &totals, rule.decimals));
    }
    if contenders.len() < teams.len() {
        return Err(Refusal::ReviewsMissing { missing: (teams.len() - contenders.len()) as u32 });
    }
    let last = number as usize == rule.gates.len();
    let cut = Cut {
        keep: if last { 1 } else { gate.keep },
        pass_mark_milli: gate.pass_mark_milli,
        better: rule.better,
    };
    let line = |place: StagePlace| {
        let (bid, contender) = (bids.get(place.contender)?, contenders.get(place.contender)?);
        Some(GateLine {
            bid: *bid,
            gate_total_milli: contender.stage_milli,
            cumulative_milli: *cumulative.get(place.contender)?,
            rank: place.place,
            outcome: match (place.outcome, last) {
                (StageOutcome::GoesOn, true) => GateOutcome::Won,
                (StageOutcome::GoesOn, false) => GateOutcome::Continue,
                (StageOutcome::Failed | StageOutcome::NotKept, _) => GateOutcome::Cut,
            },
        })
    };
    Ok(score::down_select(cut, &contenders).into_iter().filter_map(line).collect())
}

/// A team may leave while it races.
///
/// # Errors
/// [`Refusal::TeamNotRacing`].
pub fn withdraw(state: TeamState) -> Result<TeamState, Refusal> {
    if state == TeamState::Racing { Ok(TeamState::Withdrawn) } else { Err(Refusal::TeamNotRacing) }
}

/// Whether a gate counts as due, for reminders.
pub fn is_due(due: Timestamp, now: Timestamp) -> bool {
    now >= due
}

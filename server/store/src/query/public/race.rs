//! The race board: a lane per team through the gates.

use domain::actor::{Actor, Role};
use domain::challenge::State;
use domain::id::{BidId, ChallengeId};
use domain::race::{GateOutcome, GateState, TeamState};
use domain::refusal::Refusal;
use domain::rule::{Rule, hex};
use domain::time::Timestamp;
use domain::view::race::{BoardGate, Lane, LaneGate, RaceBoard};
use entity::{bid, challenge, gate, gate_line, organisation, racing_team};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::cmp::Reverse;

use crate::command::review_stage::stage_seed;
use crate::connect::Store;
use crate::error::StoreError;
use crate::load;

/// As many as a rule may award.
const TEAMS_MAX: u64 = 50;
/// Teams times gates.
const LINES_MAX: u64 = 500;

/// The board, for anyone, from the start of the race on. Where the rule keeps scores to itself, others see who is
/// where but no figures.
///
/// # Errors
/// [`Refusal::NotFound`] before the race, and for a challenge without one.
pub async fn race(store: &Store, actor: &Actor, id: ChallengeId) -> Result<RaceBoard, StoreError> {
    let row = challenge::Entity::find_by_id(id.0).one(&store.reader).await?.ok_or(Refusal::NotFound)?;
    let state = load::state(&row)?;
    let begun = matches!(state, State::Running | State::Acceptance | State::Finished | State::Terminated);
    if !begun || !row.has_race {
        return Err(Refusal::NotFound.into());
    }
    let rule = load::rule(&row)?;
    let gates = gate::Entity::find()
        .filter(gate::Column::ChallengeId.eq(id.0))
        .order_by_asc(gate::Column::Number)
        .limit(TEAMS_MAX)
        .all(&store.reader)
        .await?;
    let (lanes, own) = lanes(store, actor, id, &rule).await?;
    // A race terminated before it began has no board.
    if lanes.is_empty() {
        return Err(Refusal::NotFound.into());
    }
    let own_races = lanes.iter().any(|lane| Some(lane.bid) == own && lane.state == TeamState::Racing);
    Ok(RaceBoard {
        challenge: id,
        number: row.number.clone().unwrap_or_default(),
        title: row.title.clone(),
        title_en: row.title_en.clone(),
        gates: (1u32..)
            .zip(&rule.gates)
            .map(|(number, planned)| {
                let known = gates.iter().find(|gate| gate.number == i64::from(number));
                let state = known.and_then(|gate| GateState::from_key(&gate.state));
                let is_decided = state == Some(GateState::Decided);
                let draw_seed = is_decided.then(|| stage_seed(&row, &rule, number)).transpose()?;
                Ok(BoardGate {
                    number,
                    title: planned.title.clone(),
                    due: planned.due,
                    weight_permille: planned.weight_permille,
                    pass_mark_milli: planned.pass_mark_milli,
                    keep: planned.keep,
                    state: state.unwrap_or(GateState::Waiting),
                    decided_at: known.and_then(|gate| gate.decided_at).map(Timestamp),
                    draw_seed: draw_seed.map(|seed| hex(&seed)),
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?,
        finished: state != State::Running || !lanes.iter().any(|lane| lane.state == TeamState::Racing),
        lanes,
        rule_sha256: row.rule_sha256.clone().unwrap_or_default(),
        seed_per_gate: rule.seed_per_gate,
        own,
        may_withdraw: state == State::Running && own_races,
    })
}

async fn lanes(
    store: &Store,
    actor: &Actor,
    id: ChallengeId,
    rule: &Rule,
) -> Result<(Vec<Lane>, Option<BidId>), StoreError> {
    let teams = racing_team::Entity::find()
        .filter(racing_team::Column::ChallengeId.eq(id.0))
        .limit(TEAMS_MAX)
        .all(&store.reader)
        .await?;
    let bids = bid::Entity::find()
        .filter(bid::Column::Id.is_in(teams.iter().map(|team| team.bid_id)))
        .limit(TEAMS_MAX)
        .all(&store.reader)
        .await?;
    let units = organisation::Entity::find()
        .filter(organisation::Column::Id.is_in(bids.iter().map(|bid| bid.lead_unit_id)))
        .limit(TEAMS_MAX)
        .all(&store.reader)
        .await?;
    let lines = gate_line::Entity::find()
        .filter(gate_line::Column::ChallengeId.eq(id.0))
        .order_by_asc(gate_line::Column::Gate)
        .limit(LINES_MAX)
        .all(&store.reader)
        .await?;
    let in_team = |bid: &bid::Model| actor.has_in(Role::Team, domain::id::OrganisationId(bid.lead_unit_id));
    let own = bids.iter().find(|bid| in_team(bid)).map(|bid| BidId(bid.id));
    let sees_all = rule.scores_public || actor.has(Role::Organiser) || actor.has(Role::Auditor);
    let lane = |team: &racing_team::Model| {
        let bid = bids.iter().find(|bid| bid.id == team.bid_id)?;
        let unit = units.iter().find(|unit| unit.id == bid.lead_unit_id)?;
        let sees = sees_all || own == Some(BidId(bid.id));
        let own_lines = lines.iter().filter(|line| sees && line.bid_id == bid.id);
        Some(Lane {
            bid: BidId(bid.id),
            unit: unit.name.clone(),
            bid_title: bid.title.clone(),
            state: TeamState::from_key(&team.state)?,
            left_at: team.left_at.and_then(|gate| u32::try_from(gate).ok()),
            cumulative_milli: team.cumulative_milli.filter(|_| sees),
            gates: own_lines.filter_map(lane_gate).collect(),
        })
    };
    let mut lanes: Vec<Lane> = teams.iter().filter_map(lane).collect();
    let place = |state: TeamState| match state {
        TeamState::Won => 0,
        TeamState::Racing => 1,
        TeamState::Cut => 2,
        TeamState::Withdrawn => 3,
    };
    // The rank that was decided, not the rounded points: equal points need not be level. Who sees no figures learns no
    // order either.
    let rank = |lane: &Lane| lane.gates.last().map_or(u32::MAX, |line| line.rank);
    lanes.sort_by_key(|lane| (place(lane.state), Reverse(lane.left_at), rank(lane), lane.bid));
    Ok((lanes, own))
}

fn lane_gate(line: &gate_line::Model) -> Option<LaneGate> {
    Some(LaneGate {
        gate: u32::try_from(line.gate).ok()?,
        total_milli: line.total_milli,
        cumulative_milli: line.cumulative_milli,
        rank: u32::try_from(line.rank).ok()?,
        outcome: GateOutcome::from_key(&line.outcome)?,
    })
}

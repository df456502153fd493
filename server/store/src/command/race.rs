//! The horse race: gates open, are scored and decided; teams go on, are cut, withdraw, and one wins.
//! Deliberately absent: entering the race (the award does it) and scoring (`review`).

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::challenge::State;
use domain::id::{BidId, ChallengeId, OrganisationId};
use domain::notice::Notice;
use domain::panel::SeatState;
use domain::permission::{self, Action, Facts};
use domain::race::{self, GateLine, GateOutcome, GateState, RacingTeam, TeamState};
use domain::refusal::Refusal;
use domain::rule::Rule;
use domain::score::Ranking;
use entity::{bid, challenge, gate, gate_line, person, racing_team, review};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder,
};
use serde_json::json;
use uuid::Uuid;

use super::advance::save_by_version;
use super::panel_facts::{about, find_conflicts, known, opened_bids, taken_seats, write_conflicts};
use super::review_stage::{assign, load_stage, rank, remove_open_sheets};
use crate::audit::{self, Subject};
use crate::connect::Store;
use crate::error::StoreError;
use crate::outbox::{self, Recipient};
use crate::tx::Tx;
use crate::{load, save};

/// Opens a gate: every declared seat gets a sheet for every racing team it has no conflict with.
///
/// # Errors
/// [`Refusal::WrongState`], [`Refusal::NoGates`], [`Refusal::GateBeforeOpen`], [`Refusal::TooFewTeams`],
/// [`Refusal::DeclarationNeeded`] when no seat has declared, [`Refusal::PanelTooSmall`] when a team has no expert.
pub async fn open_gate(store: &Store, actor: &Actor, id: ChallengeId, number: u32) -> Result<(), StoreError> {
    permission::decide(actor, Action::OpenGate, &Facts::default())?;
    let mut tx = store.begin().await?;
    let challenge = lock_running(&tx, id).await?;
    let rule = load::rule(&challenge)?;
    let gates = gates(&tx, id).await?;
    let states = gates.iter().map(|row| known(GateState::from_key, &row.state));
    let states = states.collect::<Result<Vec<_>, _>>()?;
    let racing = racing(&tx, id).await?;
    race::check_open_gate(&rule, &states, number, u32::try_from(racing.len()).unwrap_or(u32::MAX))?;
    let mut seats = taken_seats(tx.connection(), id.0).await?;
    seats.retain(|seat| seat.state == SeatState::Declared.key());
    if seats.is_empty() {
        return Err(Refusal::DeclarationNeeded.into());
    }
    let teams: Vec<BidId> = racing.iter().map(|row| BidId(row.bid_id)).collect();
    let mut bids = opened_bids(tx.connection(), id.0).await?;
    bids.retain(|bid| teams.contains(&BidId(bid.id)));
    let found = find_conflicts(tx.connection(), &challenge, &seats, &bids).await?;
    let seat_ids: Vec<Uuid> = seats.iter().map(|seat| seat.id).collect();
    write_conflicts(&tx, &seat_ids, &found).await?;
    let due = rule.gate(number).map(|gate| gate.due.0);
    assign(&tx, &seats, &teams, number, due).await?;
    save_gate(&tx, id, number, GateState::Open, None).await?;
    let columns = challenge::ActiveModel { stage: Set(i64::from(number)), ..Default::default() };
    save_by_version(&tx, &challenge, columns).await?;
    record(&tx, actor, "gate.open", id, json!({ "gate": number, "teams": teams.len() })).await?;
    tx.touches_public();
    tx.commit().await
}

/// Decides a gate: ranks its sheets by the frozen rule, adds them to the cumulative scores, cuts, and at the last gate
/// names the winner. Every team that reached the gate gets its letter in the same transaction.
///
/// # Errors
/// [`Refusal::GateNotOpen`], [`Refusal::ReviewsMissing`], [`Refusal::TooFewTeams`], [`Refusal::WrongState`].
pub async fn decide_gate(
    store: &Store,
    actor: &Actor,
    id: ChallengeId,
    number: u32,
) -> Result<(), StoreError> {
    permission::decide(actor, Action::DecideGate, &Facts::default())?;
    let mut tx = store.begin().await?;
    let challenge = lock_running(&tx, id).await?;
    let rule = load::rule(&challenge)?;
    rule.gate(number).ok_or(Refusal::NoGates)?;
    let gates = gates(&tx, id).await?;
    let open = gates.iter().find(|row| row.number == i64::from(number));
    if open.is_none_or(|row| row.state != GateState::Open.key()) {
        return Err(Refusal::GateNotOpen.into());
    }
    let racing = racing(&tx, id).await?;
    if racing.is_empty() {
        return Err(Refusal::TooFewTeams.into());
    }
    let teams = with_totals(&tx, id, number, &racing).await?;
    let bids: Vec<BidId> = teams.iter().map(|team| team.bid).collect();
    let stage = load_stage(tx.connection(), id.0, number, &bids).await?;
    if stage.missing > 0 {
        return Err(Refusal::ReviewsMissing { missing: stage.missing }.into());
    }
    let ranking = rank(&challenge, &rule, number, &stage, &bids)?;
    let lines = race::decide_gate(&rule, number, &teams, &ranking)?;
    for line in &lines {
        write_line(&tx, id, number, line, &racing).await?;
    }
    save_gate(&tx, id, number, GateState::Decided, Some(&ranking)).await?;
    save_by_version(&tx, &challenge, challenge::ActiveModel { ..Default::default() }).await?;
    write_letters(&tx, &challenge, &rule, number, &lines).await?;
    record(&tx, actor, "gate.decide", id, json!({ "gate": number, "teams": lines.len() })).await?;
    tx.touches_public();
    tx.commit().await
}

/// The team leaves the race; its open sheets are taken away.
///
/// # Errors
/// [`Refusal::NotFound`] for somebody else's bid; [`Refusal::TeamNotRacing`].
pub async fn withdraw(store: &Store, actor: &Actor, bid: BidId) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let challenge = own_challenge(&tx, actor, bid).await?;
    let row = racing_team::Entity::find_by_id(bid.0).one(tx.connection()).await?;
    let row = row.ok_or(Refusal::TeamNotRacing)?;
    let next = race::withdraw(known(TeamState::from_key, &row.state)?)?;
    let gates = gates(&tx, ChallengeId(challenge.id)).await?;
    let decided = gates.iter().filter(|gate| gate.state == GateState::Decided.key()).count();
    let before = i64::try_from(decided).unwrap_or(0) + 1;
    save_team(&tx, &row, next, Some(before), row.cumulative_milli).await?;
    remove_open_sheets(&tx, &challenge, Condition::all().add(review::Column::BidId.eq(bid.0))).await?;
    let subject = Subject { kind: "bid", id: &bid.to_string() };
    audit::record(&tx, actor.person, "race.withdraw", subject, json!({ "before_gate": before })).await?;
    tx.touches_public();
    tx.commit().await
}

/// Permission first, then the challenge for this transaction alone: no gate may be decided meanwhile.
async fn own_challenge(tx: &Tx, actor: &Actor, id: BidId) -> Result<challenge::Model, StoreError> {
    let found = bid::Entity::find_by_id(id.0).one(tx.connection()).await?;
    let lead_unit = found.as_ref().map(|row| OrganisationId(row.lead_unit_id));
    permission::decide(actor, Action::WithdrawFromRace, &Facts { lead_unit, ..Facts::default() })?;
    let found = found.ok_or(Refusal::NotFound)?;
    load::challenge(tx, ChallengeId(found.challenge_id)).await
}

async fn lock_running(tx: &Tx, id: ChallengeId) -> Result<challenge::Model, StoreError> {
    let row = load::challenge(tx, id).await?;
    if load::state(&row)? == State::Running {
        Ok(row)
    } else {
        Err(Refusal::WrongState { state: row.state }.into())
    }
}

async fn gates(tx: &Tx, id: ChallengeId) -> Result<Vec<gate::Model>, StoreError> {
    Ok(gate::Entity::find()
        .filter(gate::Column::ChallengeId.eq(id.0))
        .order_by_asc(gate::Column::Number)
        .all(tx.connection())
        .await?)
}

async fn racing(tx: &Tx, id: ChallengeId) -> Result<Vec<racing_team::Model>, StoreError> {
    Ok(racing_team::Entity::find()
        .filter(racing_team::Column::ChallengeId.eq(id.0))
        .filter(racing_team::Column::State.eq(TeamState::Racing.key()))
        .order_by_asc(racing_team::Column::BidId)
        .all(tx.connection())
        .await?)
}

/// Racing teams with their totals at the gates before this one, in the order of the gates.
async fn with_totals(
    tx: &Tx,
    id: ChallengeId,
    number: u32,
    racing: &[racing_team::Model],
) -> Result<Vec<RacingTeam>, StoreError> {
    let lines = gate_line::Entity::find()
        .filter(gate_line::Column::ChallengeId.eq(id.0))
        .filter(gate_line::Column::Gate.lt(i64::from(number)))
        .order_by_asc(gate_line::Column::Gate)
        .all(tx.connection())
        .await?;
    let mut totals: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
    for line in lines {
        totals.entry(line.bid_id).or_default().push(line.total_milli);
    }
    let team = |row: &racing_team::Model| RacingTeam {
        bid: BidId(row.bid_id),
        earlier_totals_milli: totals.get(&row.bid_id).cloned().unwrap_or_default(),
    };
    Ok(racing.iter().map(team).collect())
}

async fn write_line(
    tx: &Tx,
    id: ChallengeId,
    number: u32,
    line: &GateLine,
    racing: &[racing_team::Model],
) -> Result<(), StoreError> {
    let row = gate_line::ActiveModel {
        challenge_id: Set(id.0),
        gate: Set(i64::from(number)),
        bid_id: Set(line.bid.0),
        total_milli: Set(line.gate_total_milli),
        cumulative_milli: Set(line.cumulative_milli),
        rank: Set(i64::from(line.rank)),
        outcome: Set(line.outcome.key().to_owned()),
    };
    row.insert(tx.connection()).await?;
    let (state, left_at) = match line.outcome {
        GateOutcome::Continue => (TeamState::Racing, None),
        GateOutcome::Cut => (TeamState::Cut, Some(i64::from(number))),
        GateOutcome::Won => (TeamState::Won, None),
    };
    let team = racing.iter().find(|team| team.bid_id == line.bid.0);
    let team = team.ok_or_else(|| StoreError::Broken(format!("no racing team {}", line.bid)))?;
    save_team(tx, team, state, left_at, Some(line.cumulative_milli)).await
}

async fn save_team(
    tx: &Tx,
    row: &racing_team::Model,
    state: TeamState,
    left_at: Option<i64>,
    cumulative_milli: Option<i64>,
) -> Result<(), StoreError> {
    let changed = racing_team::ActiveModel {
        state: Set(state.key().to_owned()),
        left_at: Set(left_at),
        cumulative_milli: Set(cumulative_milli),
        version: Set(row.version + 1),
        ..Default::default()
    };
    let update = racing_team::Entity::update_many()
        .set(changed)
        .filter(racing_team::Column::BidId.eq(row.bid_id))
        .filter(racing_team::Column::Version.eq(row.version));
    save::by_version(tx, update).await
}

/// The new state of a gate with its time; the gate row is made by the award.
async fn save_gate(
    tx: &Tx,
    id: ChallengeId,
    number: u32,
    state: GateState,
    ranking: Option<&Ranking>,
) -> Result<(), StoreError> {
    let mut changed = gate::ActiveModel { state: Set(state.key().to_owned()), ..Default::default() };
    match ranking {
        None => changed.opened_at = Set(Some(tx.now.0)),
        Some(ranking) => {
            changed.decided_at = Set(Some(tx.now.0));
            changed.ranking = Set(Some(save::json(ranking)?));
        }
    }
    let update = gate::Entity::update_many()
        .set(changed)
        .filter(gate::Column::ChallengeId.eq(id.0))
        .filter(gate::Column::Number.eq(i64::from(number)));
    save::by_version(tx, update).await
}

async fn write_letters(
    tx: &Tx,
    challenge: &challenge::Model,
    rule: &Rule,
    number: u32,
    lines: &[GateLine],
) -> Result<(), StoreError> {
    let bids = opened_bids(tx.connection(), challenge.id).await?;
    let of = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    for line in lines {
        let Some(bid) = bids.iter().find(|bid| bid.id == line.bid.0) else { continue };
        let reader = person::Entity::find_by_id(bid.lead_person_id).one(tx.connection()).await?;
        let Some(reader) = reader.as_ref().map(Recipient::from) else { continue };
        let result = Notice::GateResult {
            challenge: about(challenge),
            bid: line.bid.to_string(),
            gate: number,
            gate_title: gate_title(rule, number, &reader.locale),
            total_milli: line.gate_total_milli,
            cumulative_milli: line.cumulative_milli,
            rank: line.rank,
            of,
            outcome: line.outcome.key().to_owned(),
        };
        outbox::post(tx, &reader, &result).await?;
        if line.outcome == GateOutcome::Won {
            let winner = Notice::Winner {
                challenge: about(challenge),
                bid: line.bid.to_string(),
                cumulative_milli: line.cumulative_milli,
            };
            outbox::post(tx, &reader, &winner).await?;
        }
    }
    Ok(())
}

/// The gate's title in the reader's language, where the rule has one in it.
fn gate_title(rule: &Rule, number: u32, locale: &str) -> String {
    let Some(gate) = rule.gate(number) else { return String::new() };
    let english = locale == "en" && !gate.title.en.is_empty();
    if english { gate.title.en.clone() } else { gate.title.zh.clone() }
}

async fn record(
    tx: &Tx,
    actor: &Actor,
    action: &str,
    id: ChallengeId,
    detail: serde_json::Value,
) -> Result<(), StoreError> {
    let subject = Subject { kind: "challenge", id: &id.to_string() };
    audit::record(tx, actor.person, action, subject, detail).await
}

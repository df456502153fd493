//! One challenge on the organiser's desk; the auditor reads the same page, and the reading is logged.

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::bid::BidState;
use domain::challenge::{State, Step, TRANSITIONS, Typed};
use domain::decision::DecisionState;
use domain::id::{BidId, ChallengeId, ListId, ReviewId, SeatId};
use domain::money::Fen;
use domain::panel::smallest_panel;
use domain::permission::{self, Action, Facts};
use domain::race::{GateState, TeamState};
use domain::refusal::{FieldError, Refusal};
use domain::review::ReviewState;
use domain::rule::Rule;
use domain::rule_form;
use domain::time::Timestamp;
use domain::view::desk::{DeskBid, DeskChallengePage, DeskGate, DeskSeat, DeskSheet, HistoryRow};
use entity::{bid, challenge, challenge_event, challenge_list, decision, gate, person, racing_team, review};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::bid_seal::is_sealed;
use super::desk::open_problems;
use super::desk_panel::{experts, seats};
use super::public;
use super::timeline::{Onlooker, timeline};
use crate::audit::{self, Subject};
use crate::command::panel::SEATING;
use crate::command::panel_facts::{known, unit_names};
use crate::connect::Store;
use crate::error::StoreError;
use crate::load;

/// Bids shown; a thousand are the largest competition this product is measured by.
const BIDS: u64 = 1_000;
const SHEETS: u64 = 20_000;
const HISTORY: u64 = 200;

/// Everything the secretariat needs on one page. Nothing about bids while they are sealed.
///
/// # Errors
/// [`Refusal::SignInNeeded`]; [`Refusal::NotFound`] for anyone but organisers and auditors.
pub async fn challenge(
    store: &Store,
    actor: &Actor,
    id: ChallengeId,
) -> Result<DeskChallengePage, StoreError> {
    let office = permission::decide(actor, Action::ReadOrganiserDesk, &Facts::default());
    if office.is_err() {
        permission::decide(actor, Action::ReadPanelSheet, &Facts::default())?;
    }
    let row = challenge::Entity::find_by_id(id.0).one(&store.reader).await?.ok_or(Refusal::NotFound)?;
    if office.is_err() {
        log_reading(store, actor, id).await?;
    }
    let state = load::state(&row)?;
    let now = store.now().await?;
    let sealed = is_sealed(&store.reader, &row).await?;
    let stage = u32::try_from(row.stage).unwrap_or(0);
    let seats = seats(store, &row).await?;
    let sheets = if sealed { Vec::new() } else { sheets(store, &row).await? };
    let missing = |stage: u32| {
        let open =
            |sheet: &&SheetHead| sheet.gate == i64::from(stage) && sheet.state == ReviewState::Assigned.key();
        u32::try_from(sheets.iter().filter(open).count()).unwrap_or(u32::MAX)
    };
    let gates = gates(store, &row, missing).await?;
    Ok(DeskChallengePage {
        id,
        number: row.number.clone().unwrap_or_default(),
        title: row.title.clone(),
        amount: row.amount_fen.map(Fen),
        state,
        version: row.version,
        list: list(store, &row).await?,
        closes_at: row.closes_at.map(Timestamp),
        publicity_ends_at: row.publicity_ends_at.map(Timestamp),
        timeline: timeline(&store.reader, &row, Onlooker::Desk).await?,
        rule: row.rule.as_deref().map(load::json).transpose()?.unwrap_or_else(Rule::policy_preset),
        rule_sha256: row.rule_sha256.clone(),
        rule_typed: load::json(&row.rule_typed)?,
        rule_problems: rule_problems(&row, state, now)?,
        steps: if office.is_ok() { steps(state) } else { Vec::new() },
        sheets_missing: missing(stage),
        bids: if sealed { Vec::new() } else { bids(store, &row, &seats, &sheets).await? },
        experts: if SEATING.contains(&state) && office.is_ok() {
            experts(store, &row, &seats, now).await?
        } else {
            Vec::new()
        },
        seats,
        smallest_panel: smallest_panel(row.amount_fen.map(Fen)),
        decision: decision_of(store, &row).await?,
        stage,
        gates,
        race: race(store, actor, &row).await?,
        history: history(store, &row).await?,
    })
}

async fn log_reading(store: &Store, actor: &Actor, id: ChallengeId) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    let subject = Subject { kind: "challenge", id: &id.to_string() };
    audit::record(&tx, actor.person, "challenge.read", subject, json!({})).await?;
    tx.commit().await
}

fn steps(state: State) -> Vec<Step> {
    TRANSITIONS.iter().filter(|(from, _, _)| *from == state).map(|(_, step, _)| *step).collect()
}

/// What keeps an approved challenge from being published: what the rule form cannot read, then what is incomplete.
fn rule_problems(
    row: &challenge::Model,
    state: State,
    now: Timestamp,
) -> Result<Vec<FieldError>, StoreError> {
    if state != State::Approved {
        return Ok(Vec::new());
    }
    let typed: Typed = load::json(&row.rule_typed)?;
    if let Err(fields) = rule_form::parse(&typed) {
        return Ok(fields);
    }
    open_problems(row.rule.as_deref(), row.closes_at.map(Timestamp), now)
}

async fn list(
    store: &Store,
    row: &challenge::Model,
) -> Result<Option<(ListId, domain::list::ListContent)>, StoreError> {
    let Some(id) = row.list_id else { return Ok(None) };
    let found = challenge_list::Entity::find_by_id(id).one(&store.reader).await?;
    found.map(|list| Ok((ListId(list.id), load::json(&list.content)?))).transpose()
}

/// A sheet without what was typed into it.
#[derive(Debug, FromQueryResult)]
struct SheetHead {
    id: Uuid,
    bid_id: Uuid,
    seat_id: Uuid,
    gate: i64,
    state: String,
    total_milli: Option<i64>,
}

async fn sheets(store: &Store, row: &challenge::Model) -> Result<Vec<SheetHead>, StoreError> {
    Ok(review::Entity::find()
        .select_only()
        .columns([review::Column::Id, review::Column::BidId, review::Column::SeatId])
        .columns([review::Column::Gate, review::Column::State, review::Column::TotalMilli])
        .filter(review::Column::ChallengeId.eq(row.id))
        .order_by_asc(review::Column::Gate)
        .order_by_asc(review::Column::SeatId)
        .limit(SHEETS)
        .into_model()
        .all(&store.reader)
        .await?)
}

/// A bid without its documents.
#[derive(Debug, FromQueryResult)]
struct BidHead {
    id: Uuid,
    lead_unit_id: Uuid,
    title: String,
    state: String,
    submitted_at: Option<i64>,
    asked_fen: i64,
    eligibility_reason: String,
}

async fn bids(
    store: &Store,
    row: &challenge::Model,
    seats: &[DeskSeat],
    sheets: &[SheetHead],
) -> Result<Vec<DeskBid>, StoreError> {
    let heads: Vec<BidHead> = bid::Entity::find()
        .select_only()
        .columns([bid::Column::Id, bid::Column::LeadUnitId, bid::Column::Title, bid::Column::State])
        .columns([bid::Column::SubmittedAt, bid::Column::AskedFen, bid::Column::EligibilityReason])
        .filter(bid::Column::ChallengeId.eq(row.id))
        .filter(bid::Column::State.is_not_in([BidState::Draft.key(), BidState::Withdrawn.key()]))
        .order_by_asc(bid::Column::Id)
        .limit(BIDS)
        .into_model()
        .all(&store.reader)
        .await?;
    let units: Vec<Uuid> = heads.iter().map(|bid| bid.lead_unit_id).collect();
    let names = unit_names(&store.reader, &units).await?;
    let teams: Vec<(Uuid, String)> = racing_team::Entity::find()
        .select_only()
        .columns([racing_team::Column::BidId, racing_team::Column::State])
        .filter(racing_team::Column::ChallengeId.eq(row.id))
        .into_tuple()
        .all(&store.reader)
        .await?;
    let teams: BTreeMap<Uuid, String> = teams.into_iter().collect();
    let mut of_bid = group(seats, sheets)?;
    heads
        .into_iter()
        .map(|bid| {
            let team_state = teams.get(&bid.id).map(|state| known(TeamState::from_key, state)).transpose()?;
            Ok(DeskBid {
                id: BidId(bid.id),
                title: bid.title,
                unit: names.get(&bid.lead_unit_id).cloned().unwrap_or_default(),
                state: known(BidState::from_key, &bid.state)?,
                submitted_at: bid.submitted_at.map(Timestamp),
                asked: Fen(bid.asked_fen),
                eligibility_reason: bid.eligibility_reason,
                sheets: of_bid.remove(&bid.id).unwrap_or_default(),
                team_state,
            })
        })
        .collect()
}

/// Sheets by bid. A total is shown only once its sheet is handed in.
fn group(seats: &[DeskSeat], sheets: &[SheetHead]) -> Result<BTreeMap<Uuid, Vec<DeskSheet>>, StoreError> {
    let names: BTreeMap<SeatId, &str> = seats.iter().map(|seat| (seat.seat, seat.name.as_str())).collect();
    let mut of_bid: BTreeMap<Uuid, Vec<DeskSheet>> = BTreeMap::new();
    for sheet in sheets {
        let state = known(ReviewState::from_key, &sheet.state)?;
        let seat = SeatId(sheet.seat_id);
        of_bid.entry(sheet.bid_id).or_default().push(DeskSheet {
            review: ReviewId(sheet.id),
            seat,
            expert: names.get(&seat).map(|name| (*name).to_owned()).unwrap_or_default(),
            gate: u32::try_from(sheet.gate).unwrap_or(0),
            state,
            total_milli: sheet.total_milli.filter(|_| state == ReviewState::Submitted),
        });
    }
    Ok(of_bid)
}

async fn decision_of(
    store: &Store,
    row: &challenge::Model,
) -> Result<Option<(DecisionState, domain::decision::Decision)>, StoreError> {
    let found = decision::Entity::find_by_id(row.id).one(&store.reader).await?;
    let read =
        |row: decision::Model| Ok((known(DecisionState::from_key, &row.state)?, load::json(&row.body)?));
    found.map(read).transpose()
}

async fn gates(
    store: &Store,
    row: &challenge::Model,
    missing: impl Fn(u32) -> u32,
) -> Result<Vec<DeskGate>, StoreError> {
    let rows = gate::Entity::find()
        .filter(gate::Column::ChallengeId.eq(row.id))
        .order_by_asc(gate::Column::Number)
        .all(&store.reader)
        .await?;
    rows.into_iter()
        .map(|gate| {
            let number = u32::try_from(gate.number).unwrap_or(0);
            let state = known(GateState::from_key, &gate.state)?;
            let sheets_missing = if state == GateState::Open { missing(number) } else { 0 };
            Ok(DeskGate { number, state, sheets_missing })
        })
        .collect()
}

async fn race(
    store: &Store,
    actor: &Actor,
    row: &challenge::Model,
) -> Result<Option<domain::view::race::RaceBoard>, StoreError> {
    if !row.has_race {
        return Ok(None);
    }
    match public::race(store, actor, ChallengeId(row.id)).await {
        Ok(board) => Ok(Some(board)),
        // Not begun yet.
        Err(StoreError::Refused(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Every step, the latest first, with who took it; the clock has no name.
async fn history(store: &Store, row: &challenge::Model) -> Result<Vec<HistoryRow>, StoreError> {
    let events = challenge_event::Entity::find()
        .filter(challenge_event::Column::ChallengeId.eq(row.id))
        .order_by_desc(challenge_event::Column::At)
        .order_by_desc(challenge_event::Column::Id)
        .limit(HISTORY)
        .all(&store.reader)
        .await?;
    let actors = events.iter().filter_map(|event| event.actor_id);
    let names = person_names(&store.reader, actors.collect()).await?;
    events
        .into_iter()
        .map(|event| {
            let who = event.actor_id.and_then(|id| names.get(&id).cloned());
            Ok(HistoryRow {
                at: Timestamp(event.at),
                who: who.unwrap_or_default(),
                from: known(State::from_key, &event.from_state)?,
                to: known(State::from_key, &event.to_state)?,
                note: event.note,
            })
        })
        .collect()
}

async fn person_names(
    connection: &impl ConnectionTrait,
    ids: Vec<Uuid>,
) -> Result<BTreeMap<Uuid, String>, StoreError> {
    let rows: Vec<(Uuid, String)> = person::Entity::find()
        .select_only()
        .columns([person::Column::Id, person::Column::Name])
        .filter(person::Column::Id.is_in(ids))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

//! What waits to be done with a challenge: one key per row of a desk, `next.<key>` in the catalogue.
//! Deliberately absent: doing it; the page asks `permission` for that.

use std::collections::BTreeMap;

use domain::bid::BidState;
use domain::challenge::State;
use domain::decision::DecisionState;
use domain::money::Fen;
use domain::panel::{SeatState, check_size};
use domain::race::GateState;
use domain::review::ReviewState;
use domain::time::Timestamp;
use entity::{bid, challenge, decision, gate, review, seat};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::command::panel_facts::known;
use crate::error::StoreError;

/// Every key that can come back, for the catalogue and its test.
pub const NEXT_KEYS: &[&str] = &[
    "write_need",
    "revise_need",
    "settle_need",
    "complete_rule",
    "add_to_list",
    "publish_list",
    "close",
    "open",
    "start_eligibility",
    "settle_eligibility",
    "declare_no_valid_bid",
    "seat_panel",
    "start_review",
    "propose_decision",
    "apply_decision",
    "publicise",
    "award",
    "contract",
    "start",
    "open_gate",
    "decide_gate",
    "start_acceptance",
    "finish",
];

/// A challenge as the desks list it, without its long documents.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct DeskHead {
    pub(crate) id: Uuid,
    pub(crate) list_id: Option<Uuid>,
    pub(crate) number: Option<String>,
    pub(crate) title: String,
    pub(crate) issuer_shown: String,
    pub(crate) state: String,
    pub(crate) closes_at: Option<i64>,
    pub(crate) amount_fen: Option<i64>,
    pub(crate) rule: Option<String>,
    pub(crate) stage: i64,
    pub(crate) publicity_ends_at: Option<i64>,
    pub(crate) updated_at: i64,
}

/// The columns of [`DeskHead`].
pub(crate) const HEAD: [challenge::Column; 12] = [
    challenge::Column::Id,
    challenge::Column::ListId,
    challenge::Column::Number,
    challenge::Column::Title,
    challenge::Column::IssuerShown,
    challenge::Column::State,
    challenge::Column::ClosesAt,
    challenge::Column::AmountFen,
    challenge::Column::Rule,
    challenge::Column::Stage,
    challenge::Column::PublicityEndsAt,
    challenge::Column::UpdatedAt,
];

/// What the next act depends on, counted for many challenges at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waiting {
    unsettled: i64,
    eligible: i64,
    seats: i64,
    missing: i64,
    proposed: bool,
    gates: Vec<GateState>,
}

/// Counts for the challenges that are far enough; five statements whatever their number. Bids are only counted in
/// states after the opening.
pub(crate) async fn count_waiting(
    connection: &impl ConnectionTrait,
    rows: &[DeskHead],
) -> Result<BTreeMap<Uuid, Waiting>, StoreError> {
    let within = |states: &[State]| -> Vec<Uuid> {
        let is_one = |row: &&DeskHead| states.iter().any(|state| state.key() == row.state);
        rows.iter().filter(is_one).map(|row| row.id).collect()
    };
    let mut waiting: BTreeMap<Uuid, Waiting> = BTreeMap::new();
    count_bids(connection, within(&[State::Eligibility]), &mut waiting).await?;
    count_seats(connection, within(&[State::Eligibility]), &mut waiting).await?;
    count_sheets(connection, rows, within(&[State::Review, State::Running]), &mut waiting).await?;
    let proposed: Vec<Uuid> = decision::Entity::find()
        .select_only()
        .column(decision::Column::ChallengeId)
        .filter(decision::Column::ChallengeId.is_in(within(&[State::Review])))
        .filter(decision::Column::State.eq(DecisionState::Proposed.key()))
        .into_tuple()
        .all(connection)
        .await?;
    for id in proposed {
        waiting.entry(id).or_default().proposed = true;
    }
    let gates: Vec<(Uuid, String)> = gate::Entity::find()
        .select_only()
        .columns([gate::Column::ChallengeId, gate::Column::State])
        .filter(gate::Column::ChallengeId.is_in(within(&[State::Running])))
        .order_by_asc(gate::Column::ChallengeId)
        .order_by_asc(gate::Column::Number)
        .into_tuple()
        .all(connection)
        .await?;
    for (id, state) in gates {
        waiting.entry(id).or_default().gates.push(known(GateState::from_key, &state)?);
    }
    Ok(waiting)
}

async fn count_bids(
    connection: &impl ConnectionTrait,
    ids: Vec<Uuid>,
    waiting: &mut BTreeMap<Uuid, Waiting>,
) -> Result<(), StoreError> {
    let counts: Vec<(Uuid, String, i64)> = bid::Entity::find()
        .select_only()
        .columns([bid::Column::ChallengeId, bid::Column::State])
        .column_as(bid::Column::Id.count(), "rows")
        .filter(bid::Column::ChallengeId.is_in(ids))
        .group_by(bid::Column::ChallengeId)
        .group_by(bid::Column::State)
        .into_tuple()
        .all(connection)
        .await?;
    for (id, state, count) in counts {
        let entry = waiting.entry(id).or_default();
        match known(BidState::from_key, &state)? {
            BidState::Submitted => entry.unsettled = count,
            BidState::Eligible => entry.eligible = count,
            _ => {}
        }
    }
    Ok(())
}

async fn count_seats(
    connection: &impl ConnectionTrait,
    ids: Vec<Uuid>,
    waiting: &mut BTreeMap<Uuid, Waiting>,
) -> Result<(), StoreError> {
    let counts: Vec<(Uuid, i64)> = seat::Entity::find()
        .select_only()
        .column(seat::Column::ChallengeId)
        .column_as(seat::Column::Id.count(), "rows")
        .filter(seat::Column::ChallengeId.is_in(ids))
        .filter(seat::Column::State.ne(SeatState::Recused.key()))
        .group_by(seat::Column::ChallengeId)
        .into_tuple()
        .all(connection)
        .await?;
    for (id, count) in counts {
        waiting.entry(id).or_default().seats = count;
    }
    Ok(())
}

async fn count_sheets(
    connection: &impl ConnectionTrait,
    rows: &[DeskHead],
    ids: Vec<Uuid>,
    waiting: &mut BTreeMap<Uuid, Waiting>,
) -> Result<(), StoreError> {
    let counts: Vec<(Uuid, i64, i64)> = review::Entity::find()
        .select_only()
        .columns([review::Column::ChallengeId, review::Column::Gate])
        .column_as(review::Column::Id.count(), "rows")
        .filter(review::Column::ChallengeId.is_in(ids))
        .filter(review::Column::State.eq(ReviewState::Assigned.key()))
        .group_by(review::Column::ChallengeId)
        .group_by(review::Column::Gate)
        .into_tuple()
        .all(connection)
        .await?;
    for (id, stage, count) in counts {
        if rows.iter().any(|row| row.id == id && row.stage == stage) {
            waiting.entry(id).or_default().missing = count;
        }
    }
    Ok(())
}

/// The organiser's next act; `None` while somebody else, or the calendar, has to move first.
pub(crate) fn for_organiser(
    row: &DeskHead,
    state: State,
    waiting: &Waiting,
    now: Timestamp,
) -> Result<Option<&'static str>, StoreError> {
    let past = |at: Option<i64>| at.is_some_and(|at| now.0 > at);
    Ok(match state {
        State::Proposed => Some("settle_need"),
        State::Approved => Some(approved(row)?),
        State::Published => past(row.closes_at).then_some("close"),
        State::Closed => Some("open"),
        State::Opened => Some("start_eligibility"),
        State::Eligibility => Some(eligibility(row, waiting)),
        State::Review if waiting.missing > 0 => None,
        State::Review if waiting.proposed => Some("apply_decision"),
        State::Review => Some("propose_decision"),
        State::Decided => Some("publicise"),
        State::Publicity => past(row.publicity_ends_at).then_some("award"),
        State::Awarded => Some("contract"),
        State::Contracted => Some("start"),
        State::Running => running(waiting),
        State::Acceptance => Some("finish"),
        _ => None,
    })
}

fn approved(row: &DeskHead) -> Result<&'static str, StoreError> {
    let rule: Option<domain::rule::Rule> = row.rule.as_deref().map(crate::load::json).transpose()?;
    let complete = rule.is_some_and(|rule| rule.problems().is_empty());
    if !complete || row.number.is_none() || row.closes_at.is_none() {
        return Ok("complete_rule");
    }
    Ok(if row.list_id.is_none() { "add_to_list" } else { "publish_list" })
}

fn eligibility(row: &DeskHead, waiting: &Waiting) -> &'static str {
    if waiting.unsettled > 0 {
        return "settle_eligibility";
    }
    if waiting.eligible == 0 {
        return "declare_no_valid_bid";
    }
    let seats = u32::try_from(waiting.seats).unwrap_or(u32::MAX);
    if check_size(seats, row.amount_fen.map(Fen)).is_ok() { "start_review" } else { "seat_panel" }
}

fn running(waiting: &Waiting) -> Option<&'static str> {
    if waiting.gates.contains(&GateState::Open) {
        return (waiting.missing == 0).then_some("decide_gate");
    }
    let ahead = waiting.gates.contains(&GateState::Waiting);
    Some(if ahead { "open_gate" } else { "start_acceptance" })
}

/// The issuer's next act.
pub(crate) fn for_issuer(state: State) -> Option<&'static str> {
    match state {
        State::Draft => Some("write_need"),
        State::Returned => Some("revise_need"),
        _ => None,
    }
}

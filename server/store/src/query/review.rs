//! The expert's desk: seats, declarations, score sheets. Nobody else's scores are ever read here, and under a blind
//! rule no unit or name of a team leaves it.

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::bid::{BidContent, BidState};
use domain::challenge::State;
use domain::id::{BidId, ChallengeId, PersonId, ReviewId, SeatId};
use domain::panel::{Conflict, SeatState};
use domain::permission::{self, Action, Facts};
use domain::refusal::Refusal;
use domain::review::ReviewState;
use domain::rule::Rule;
use domain::time::Timestamp;
use domain::view::review::{DeclarationPage, DeclarationRow, SeatRow, SheetPage, SheetRow};
use entity::{bid, challenge, conflict, review, seat};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::bid::{challenge_content, for_expert, heads};
use super::bid_seal::is_sealed;
use crate::command::bid::signed_in;
use crate::command::panel_facts::{find_conflicts, known, opened_bids, unit_names};
use crate::command::review::standing;
use crate::connect::Store;
use crate::error::StoreError;
use crate::load;

/// The newest seats of an expert; nobody sits on more panels at a time.
const SEATS: u64 = 200;
/// Sheets shown on the desk, open ones first.
const SHEETS: u64 = 2_000;

/// The panels the person sits on, the newest first. Sheets appear once interests are declared.
///
/// # Errors
/// [`Refusal::SignInNeeded`].
pub async fn seats(store: &Store, actor: &Actor) -> Result<Vec<SeatRow>, StoreError> {
    let person = signed_in(actor)?;
    let rows = seat::Entity::find()
        .filter(seat::Column::PersonId.eq(person.0))
        .order_by_desc(seat::Column::Id)
        .limit(SEATS)
        .all(&store.reader)
        .await?;
    let challenges = heads(&store.reader, rows.iter().map(|row| row.challenge_id)).await?;
    let declared = rows.iter().filter(|row| row.state == SeatState::Declared.key()).map(|row| row.id);
    let mut sheets = sheets(store, declared.collect()).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(challenge) = challenges.get(&row.challenge_id) else { continue };
        found.push(SeatRow {
            seat: SeatId(row.id),
            challenge: ChallengeId(row.challenge_id),
            challenge_number: challenge.number.clone().unwrap_or_default(),
            challenge_title: challenge.title.clone(),
            state: known(SeatState::from_key, &row.state)?,
            sheets: sheets.remove(&row.id).unwrap_or_default(),
        });
    }
    Ok(found)
}

/// A sheet without what was typed.
#[derive(Debug, FromQueryResult)]
struct SheetHead {
    id: Uuid,
    seat_id: Uuid,
    challenge_id: Uuid,
    bid_id: Uuid,
    gate: i64,
    state: String,
    due_at: Option<i64>,
    total_milli: Option<i64>,
}

/// The sheets of declared seats, without those against which a conflict stands.
async fn sheets(store: &Store, seats: Vec<Uuid>) -> Result<BTreeMap<Uuid, Vec<SheetRow>>, StoreError> {
    let rows: Vec<SheetHead> = review::Entity::find()
        .select_only()
        .columns([review::Column::Id, review::Column::SeatId, review::Column::ChallengeId])
        .columns([review::Column::BidId, review::Column::Gate, review::Column::State])
        .columns([review::Column::DueAt, review::Column::TotalMilli])
        .filter(review::Column::SeatId.is_in(seats))
        .filter(review::Column::State.ne(ReviewState::Removed.key()))
        .filter(without_conflict())
        // "assigned" comes before "submitted": what is still to be done must not fall behind the limit.
        .order_by_asc(review::Column::State)
        .order_by_asc(review::Column::Id)
        .limit(SHEETS)
        .into_model()
        .all(&store.reader)
        .await?;
    let bids = bid_heads(store, rows.iter().map(|row| row.bid_id).collect()).await?;
    let blind = blind_challenges(store, rows.iter().map(|row| row.challenge_id).collect()).await?;
    let mut by_seat: BTreeMap<Uuid, Vec<SheetRow>> = BTreeMap::new();
    for row in rows {
        let (title, unit) = bids.get(&row.bid_id).cloned().unwrap_or_default();
        let hidden = blind.get(&row.challenge_id).copied().unwrap_or(true);
        by_seat.entry(row.seat_id).or_default().push(SheetRow {
            review: ReviewId(row.id),
            gate: u32::try_from(row.gate).unwrap_or(0),
            bid_title: title,
            unit: if hidden { String::new() } else { unit },
            state: known(ReviewState::from_key, &row.state)?,
            due: row.due_at.map(Timestamp),
            total_milli: row.total_milli,
        });
    }
    Ok(by_seat)
}

fn without_conflict() -> Expr {
    let seat = Expr::col((conflict::Entity, conflict::Column::SeatId));
    let bid = Expr::col((conflict::Entity, conflict::Column::BidId));
    let standing = Query::select()
        .expr(Expr::val(1))
        .from(conflict::Entity)
        .and_where(seat.equals((review::Entity, review::Column::SeatId)))
        .and_where(bid.equals((review::Entity, review::Column::BidId)))
        .to_owned();
    Expr::exists(standing).not()
}

/// Title and lead unit of bids.
async fn bid_heads(store: &Store, bids: Vec<Uuid>) -> Result<BTreeMap<Uuid, (String, String)>, StoreError> {
    let rows: Vec<(Uuid, String, Uuid)> = bid::Entity::find()
        .select_only()
        .columns([bid::Column::Id, bid::Column::Title, bid::Column::LeadUnitId])
        .filter(bid::Column::Id.is_in(bids))
        .into_tuple()
        .all(&store.reader)
        .await?;
    let units: Vec<Uuid> = rows.iter().map(|(_, _, unit)| *unit).collect();
    let names = unit_names(&store.reader, &units).await?;
    let named = |unit: Uuid| names.get(&unit).cloned().unwrap_or_default();
    Ok(rows.into_iter().map(|(id, title, unit)| (id, (title, named(unit)))).collect())
}

/// Which challenges have a blind rule.
async fn blind_challenges(store: &Store, challenges: Vec<Uuid>) -> Result<BTreeMap<Uuid, bool>, StoreError> {
    let rows: Vec<(Uuid, Option<String>)> = challenge::Entity::find()
        .select_only()
        .columns([challenge::Column::Id, challenge::Column::Rule])
        .filter(challenge::Column::Id.is_in(challenges))
        .into_tuple()
        .all(&store.reader)
        .await?;
    let mut blind = BTreeMap::new();
    for (id, rule) in rows {
        let rule: Option<Rule> = rule.as_deref().map(load::json).transpose()?;
        // Without a rule to go by, names stay hidden.
        blind.insert(id, rule.is_none_or(|rule| rule.blind));
    }
    Ok(blind)
}

/// What the expert declares on: units only, no content, in the order of their names; nothing while sealed.
///
/// # Errors
/// [`Refusal::SignInNeeded`]; [`Refusal::NotFound`] also for somebody else's seat.
pub async fn declaration(store: &Store, actor: &Actor, id: SeatId) -> Result<DeclarationPage, StoreError> {
    let found = seat::Entity::find_by_id(id.0).one(&store.reader).await?;
    let owner = found.as_ref().map(|row| PersonId(row.person_id));
    let facts = Facts { owner, seated: owner.is_some(), ..Facts::default() };
    permission::decide(actor, Action::DeclareInterest, &facts)?;
    let row = found.ok_or(Refusal::NotFound)?;
    let challenge = challenge::Entity::find_by_id(row.challenge_id).one(&store.reader).await?;
    let challenge = challenge.ok_or(Refusal::NotFound)?;
    let sealed = is_sealed(&store.reader, &challenge).await?;
    let given_up = row.state == SeatState::Recused.key();
    let bids = if sealed || given_up { Vec::new() } else { declarable(store, &challenge, &row).await? };
    Ok(DeclarationPage {
        seat: id,
        challenge: ChallengeId(challenge.id),
        challenge_number: challenge.number.unwrap_or_default(),
        challenge_title: challenge.title,
        issuer_shown: challenge.issuer_shown,
        state: known(SeatState::from_key, &row.state)?,
        bids,
    })
}

async fn declarable(
    store: &Store,
    challenge: &challenge::Model,
    seat: &seat::Model,
) -> Result<Vec<DeclarationRow>, StoreError> {
    let bids = opened_bids(&store.reader, challenge.id).await?;
    let units: Vec<Uuid> = bids.iter().map(|bid| bid.lead_unit_id).collect();
    let names = unit_names(&store.reader, &units).await?;
    let found = find_conflicts(&store.reader, challenge, std::slice::from_ref(seat), &bids).await?;
    let written =
        conflict::Entity::find().filter(conflict::Column::SeatId.eq(seat.id)).all(&store.reader).await?;
    let mut rows = Vec::with_capacity(bids.len());
    for bid in bids {
        let content: Option<BidContent> = bid.content.as_deref().map(load::json).transpose()?;
        let seen = found.iter().find(|(_, against, _)| *against == bid.id).map(|(_, _, kind)| *kind);
        let declared = written.iter().find(|row| row.bid_id == bid.id);
        let declared = declared.map(|row| known(Conflict::from_key, &row.kind)).transpose()?;
        rows.push(DeclarationRow {
            bid: BidId(bid.id),
            unit: names.get(&bid.lead_unit_id).cloned().unwrap_or_default(),
            partners: content.map(|content| content.partners).unwrap_or_default(),
            // Whom a team wants to avoid is between the team and the secretariat.
            found: seen.or(declared).filter(|kind| *kind != Conflict::NamedAvoidance),
        });
    }
    rows.sort_by(|left, right| left.unit.cmp(&right.unit).then(left.bid.cmp(&right.bid)));
    Ok(rows)
}

/// The score sheet with the bid beside it, for its expert alone.
///
/// # Errors
/// [`Refusal::SignInNeeded`]; [`Refusal::NotFound`] also for somebody else's sheet; [`Refusal::DeclarationNeeded`],
/// [`Refusal::ConflictOfInterest`].
pub async fn sheet(store: &Store, actor: &Actor, id: ReviewId) -> Result<SheetPage, StoreError> {
    let found = review::Entity::find_by_id(id.0).one(&store.reader).await?;
    let Some(row) = found else {
        permission::decide(actor, Action::ReadSheet, &Facts::default())?;
        return Err(Refusal::NotFound.into());
    };
    let challenge = challenge::Entity::find_by_id(row.challenge_id).one(&store.reader).await?;
    let challenge = challenge.ok_or(Refusal::NotFound)?;
    let standing = standing(&store.reader, &challenge, &row).await?;
    permission::decide(actor, Action::ReadSheet, &standing.facts(&row))?;
    let bid = bid::Entity::find_by_id(row.bid_id).one(&store.reader).await?.ok_or(Refusal::NotFound)?;
    let hidden = [BidState::Draft.key(), BidState::Withdrawn.key()].contains(&bid.state.as_str());
    let text = bid.content.as_deref().filter(|_| !hidden).ok_or(Refusal::NotFound)?;
    let rule = load::rule(&challenge)?;
    let gate = u32::try_from(row.gate).unwrap_or(0);
    let unit =
        if rule.blind { String::new() } else { load::unit_name(&store.reader, bid.lead_unit_id).await? };
    let open = open_sheets(store, &row, &challenge).await?;
    let others: Vec<Uuid> = open.iter().copied().filter(|other| *other != row.id).collect();
    let next = others.iter().find(|other| **other > row.id).or(others.first());
    Ok(SheetPage {
        review: id,
        gate,
        gate_title: rule.gate(gate).map(|gate| gate.title.clone()),
        challenge: ChallengeId(challenge.id),
        challenge_number: challenge.number.clone().unwrap_or_default(),
        challenge_content: challenge_content(&challenge)?,
        rubric: rule.rubric_at(gate).clone(),
        decimals: rule.decimals,
        bid: for_expert(load::json(text)?, rule.blind),
        unit,
        state: standing.state,
        typed: load::json(&row.typed)?,
        version: row.version,
        saved_at: row.updated_at.map(Timestamp),
        due: row.due_at.map(Timestamp),
        may_write: standing.check_writable().is_ok(),
        next_open: next.map(|next| ReviewId(*next)),
        open_left: u32::try_from(open.len()).unwrap_or(u32::MAX),
    })
}

/// The expert's sheets of the same stage that are still to be written, in the order of their ids.
async fn open_sheets(
    store: &Store,
    row: &review::Model,
    challenge: &challenge::Model,
) -> Result<Vec<Uuid>, StoreError> {
    if !matches!(load::state(challenge)?, State::Review | State::Running) {
        return Ok(Vec::new());
    }
    Ok(review::Entity::find()
        .select_only()
        .column(review::Column::Id)
        .filter(review::Column::SeatId.eq(row.seat_id))
        .filter(review::Column::Gate.eq(row.gate))
        .filter(review::Column::State.eq(ReviewState::Assigned.key()))
        .order_by_asc(review::Column::Id)
        .limit(SHEETS)
        .into_tuple()
        .all(&store.reader)
        .await?)
}

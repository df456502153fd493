//! Seats on a panel: given by the organiser, declared or given up by the expert.

use domain::actor::{Actor, MembershipState, Role};
use domain::bid::BidState;
use domain::challenge::State;
use domain::id::{BidId, ChallengeId, PersonId, SeatId};
use domain::notice::Notice;
use domain::panel::{Conflict, SeatState};
use domain::permission::{self, Action, Facts};
use domain::refusal::{FieldError, Refusal};
use domain::words;
use entity::{challenge, conflict, membership, person, racing_team, review, seat};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter,
};
use serde_json::json;
use uuid::Uuid;

use super::panel_facts::{
    about, belongings, conflicts_of, find_conflicts, ids, known, opened_bids, write_conflicts,
};
use super::review_stage::{assign, open_stage, remove_open_sheets};
use crate::audit::{self, Subject};
use crate::connect::Store;
use crate::error::StoreError;
use crate::query::bid_seal::is_sealed;
use crate::tx::Tx;
use crate::{load, outbox, save};

/// While these states last, a panel may be filled: before the review, during it (a replacement), and for the gates.
pub(crate) const SEATING: &[State] = &[
    State::Published,
    State::Closed,
    State::Opened,
    State::Eligibility,
    State::Review,
    State::Awarded,
    State::Contracted,
    State::Running,
];

/// Seats an expert; whoever sits there already keeps the seat. During a review the new seat gets its sheets at once.
///
/// # Errors
/// [`Refusal::NotFound`] for a person who is no expert; [`Refusal::ConflictOfInterest`] for the issuer's own people
/// and for an expert who gave the seat up; [`Refusal::WrongState`].
pub async fn seat(
    store: &Store,
    actor: &Actor,
    challenge: ChallengeId,
    expert: PersonId,
) -> Result<SeatId, StoreError> {
    permission::decide(actor, Action::SeatPanel, &Facts::default())?;
    let tx = store.begin().await?;
    let row = load::challenge(&tx, challenge).await?;
    if !SEATING.contains(&load::state(&row)?) {
        return Err(Refusal::WrongState { state: row.state }.into());
    }
    check_expert(&tx, &row, expert).await?;
    let there = seat::Entity::find()
        .filter(seat::Column::ChallengeId.eq(row.id))
        .filter(seat::Column::PersonId.eq(expert.0))
        .one(tx.connection())
        .await?;
    if let Some(there) = there {
        tx.roll_back().await?;
        if there.state == SeatState::Recused.key() {
            return Err(Refusal::ConflictOfInterest.into());
        }
        return Ok(SeatId(there.id));
    }
    let id = save::new_id();
    let seat = seat::ActiveModel {
        id: Set(id),
        challenge_id: Set(row.id),
        person_id: Set(expert.0),
        state: Set(SeatState::Seated.key().to_owned()),
        note: Set(String::new()),
        created_at: Set(tx.now.0),
        declared_at: Set(None),
    };
    let seat = seat.insert(tx.connection()).await?;
    hand_out(&tx, &row, seat).await?;
    let notice = Notice::Seated { challenge: about(&row), seat: id.to_string() };
    outbox::post_to_persons(&tx, &[expert.0], &notice).await?;
    let detail = json!({ "challenge": challenge, "person": expert });
    record(&tx, actor, "seat.add", SeatId(id), detail).await?;
    tx.commit().await?;
    Ok(SeatId(id))
}

/// An active expert who does not belong to the issuer.
async fn check_expert(tx: &Tx, row: &challenge::Model, expert: PersonId) -> Result<(), StoreError> {
    let active = membership::Entity::find()
        .filter(membership::Column::PersonId.eq(expert.0))
        .filter(membership::Column::Role.eq(Role::Expert.key()))
        .filter(membership::Column::State.eq(MembershipState::Active.key()))
        .filter(
            Condition::any()
                .add(membership::Column::ExpiresAt.is_null())
                .add(membership::Column::ExpiresAt.gt(tx.now.0)),
        )
        .one(tx.connection())
        .await?;
    let person = person::Entity::find_by_id(expert.0).one(tx.connection()).await?;
    if active.is_none() || person.is_none_or(|person| person.suspended_at.is_some()) {
        return Err(Refusal::NotFound.into());
    }
    let belongs = belongings(tx.connection(), &[expert.0]).await?;
    let of_issuer = belongs.values().flat_map(|own| &own.units).any(|(unit, _)| *unit == row.issuer_id);
    if of_issuer { Err(Refusal::ConflictOfInterest.into()) } else { Ok(()) }
}

/// Sheets for somebody who joins while a stage is being scored.
async fn hand_out(tx: &Tx, row: &challenge::Model, seat: seat::Model) -> Result<(), StoreError> {
    let Some(stage) = open_stage(tx.connection(), row).await? else { return Ok(()) };
    let mut bids = opened_bids(tx.connection(), row.id).await?;
    if stage == 0 {
        bids.retain(|bid| bid.state == BidState::Eligible.key());
    } else {
        let racing = racing_bids(tx, row.id).await?;
        bids.retain(|bid| racing.contains(&bid.id));
    }
    let seats = [seat];
    let found = find_conflicts(tx.connection(), row, &seats, &bids).await?;
    let seat_ids: Vec<Uuid> = seats.iter().map(|seat| seat.id).collect();
    write_conflicts(tx, &seat_ids, &found).await?;
    bids.retain(|bid| !found.iter().any(|(_, against, _)| *against == bid.id));
    let colleague = review::Entity::find()
        .filter(review::Column::ChallengeId.eq(row.id))
        .filter(review::Column::Gate.eq(i64::from(stage)))
        .one(tx.connection())
        .await?;
    assign(tx, &seats, &ids(&bids), stage, colleague.and_then(|sheet| sheet.due_at)).await
}

async fn racing_bids(tx: &Tx, challenge: Uuid) -> Result<Vec<Uuid>, StoreError> {
    let rows = racing_team::Entity::find()
        .filter(racing_team::Column::ChallengeId.eq(challenge))
        .filter(racing_team::Column::State.eq(domain::race::TeamState::Racing.key()))
        .all(tx.connection())
        .await?;
    Ok(rows.into_iter().map(|row| row.bid_id).collect())
}

/// Takes a seat back as long as no sheet was handed out for it.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::WrongState`].
pub async fn unseat(store: &Store, actor: &Actor, id: SeatId) -> Result<(), StoreError> {
    permission::decide(actor, Action::SeatPanel, &Facts::default())?;
    let tx = store.begin().await?;
    let (challenge, row) = lock(&tx, id).await?.ok_or(Refusal::NotFound)?;
    let sheets =
        review::Entity::find().filter(review::Column::SeatId.eq(row.id)).count(tx.connection()).await?;
    if sheets > 0 || !SEATING.contains(&load::state(&challenge)?) {
        return Err(Refusal::WrongState { state: challenge.state }.into());
    }
    clear_conflicts(&tx, row.id).await?;
    seat::Entity::delete_by_id(row.id).exec(tx.connection()).await?;
    let detail = json!({ "challenge": challenge.id, "person": row.person_id });
    record(&tx, actor, "seat.remove", id, detail).await?;
    tx.commit().await
}

/// The expert's declaration of interest: which bids to keep away from. Conflicts that units and names show are
/// added by themselves. Until sheets are handed out it may be made anew; afterwards conflicts are only added, and the
/// sheets they concern are taken away.
///
/// # Errors
/// [`Refusal::NotFound`] for somebody else's seat or a bid of another challenge; [`Refusal::WrongState`] before the
/// opening and for a seat that was given up.
pub async fn declare(
    store: &Store,
    actor: &Actor,
    id: SeatId,
    conflicts: &[BidId],
    note: &str,
) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    let (challenge, row) = lock_own(&tx, actor, id).await?;
    if is_sealed(tx.connection(), &challenge).await? {
        return Err(Refusal::WrongState { state: challenge.state }.into());
    }
    let bids = opened_bids(tx.connection(), challenge.id).await?;
    if conflicts.iter().any(|declared| !bids.iter().any(|bid| bid.id == declared.0)) {
        return Err(Refusal::NotFound.into());
    }
    let note = note_text(note)?;
    let seats = [row];
    let mut found = find_conflicts(tx.connection(), &challenge, &seats, &bids).await?;
    let [row] = seats;
    found.extend(conflicts.iter().map(|bid| (row.id, bid.0, Conflict::Declared)));
    let sheets =
        review::Entity::find().filter(review::Column::SeatId.eq(row.id)).count(tx.connection()).await?;
    if sheets == 0 {
        clear_conflicts(&tx, row.id).await?;
    }
    write_conflicts(&tx, &[row.id], &found).await?;
    let against: Vec<Uuid> =
        conflicts_of(tx.connection(), &[row.id]).await?.into_keys().map(|(_, bid)| bid).collect();
    if !against.is_empty() {
        let of = Condition::all()
            .add(review::Column::SeatId.eq(row.id))
            .add(review::Column::BidId.is_in(against.clone()));
        remove_open_sheets(&tx, &challenge, of).await?;
    }
    let changed = seat::ActiveModel {
        id: Set(row.id),
        state: Set(SeatState::Declared.key().to_owned()),
        note: Set(note),
        declared_at: Set(Some(tx.now.0)),
        ..Default::default()
    };
    changed.update(tx.connection()).await?;
    record(&tx, actor, "seat.declare", id, json!({ "conflicts": against.len() })).await?;
    tx.commit().await
}

/// The expert gives the seat up; open sheets go with it.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::ReasonNeeded`], [`Refusal::WrongState`].
pub async fn recuse(store: &Store, actor: &Actor, id: SeatId, note: &str) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    let (challenge, row) = lock_own(&tx, actor, id).await?;
    if note.trim().is_empty() {
        return Err(Refusal::ReasonNeeded.into());
    }
    let note = note_text(note)?;
    remove_open_sheets(&tx, &challenge, Condition::all().add(review::Column::SeatId.eq(row.id))).await?;
    let changed = seat::ActiveModel {
        id: Set(row.id),
        state: Set(SeatState::Recused.key().to_owned()),
        note: Set(note),
        ..Default::default()
    };
    changed.update(tx.connection()).await?;
    record(&tx, actor, "seat.recuse", id, json!({})).await?;
    tx.commit().await
}

fn note_text(note: &str) -> Result<String, Refusal> {
    let read = words::optional_paragraphs(note, words::TEXT_MAX);
    read.map_err(|problem| Refusal::Invalid { fields: vec![FieldError::new("note", problem)] })
}

/// Locks the challenge, then the seat.
async fn lock(tx: &Tx, id: SeatId) -> Result<Option<(challenge::Model, seat::Model)>, StoreError> {
    let Some(found) = seat::Entity::find_by_id(id.0).one(tx.connection()).await? else { return Ok(None) };
    let challenge = load::challenge(tx, ChallengeId(found.challenge_id)).await?;
    let row = load::seat(tx, id).await?;
    Ok(Some((challenge, row)))
}

/// The own seat, not given up.
async fn lock_own(tx: &Tx, actor: &Actor, id: SeatId) -> Result<(challenge::Model, seat::Model), StoreError> {
    let found = lock(tx, id).await?;
    let owner = found.as_ref().map(|(_, row)| PersonId(row.person_id));
    let facts = Facts { owner, seated: owner.is_some(), ..Facts::default() };
    permission::decide(actor, Action::DeclareInterest, &facts)?;
    let (challenge, row) = found.ok_or(Refusal::NotFound)?;
    match known(SeatState::from_key, &row.state)? {
        SeatState::Recused => Err(Refusal::WrongState { state: row.state }.into()),
        SeatState::Seated | SeatState::Declared => Ok((challenge, row)),
    }
}

async fn clear_conflicts(tx: &Tx, seat: Uuid) -> Result<(), StoreError> {
    conflict::Entity::delete_many().filter(conflict::Column::SeatId.eq(seat)).exec(tx.connection()).await?;
    Ok(())
}

async fn record(
    tx: &Tx,
    actor: &Actor,
    action: &str,
    seat: SeatId,
    detail: serde_json::Value,
) -> Result<(), StoreError> {
    audit::record(tx, actor.person, action, Subject { kind: "seat", id: &seat.to_string() }, detail).await
}

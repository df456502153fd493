//! What is being scored now: handing out sheets and counting the ones handed in. A stage is the selection (0) or a gate.

use std::collections::{BTreeMap, BTreeSet};

use domain::challenge::{State, Typed};
use domain::id::{BidId, PersonId};
use domain::race::GateState;
use domain::refusal::Refusal;
use domain::review::{ReviewState, SheetContent};
use domain::rule::Rule;
use domain::score::{self, Ranking, Sheet};
use entity::{challenge, gate, review, seat};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::panel_facts::{INSERT_ROWS, conflicts_of};
use crate::error::StoreError;
use crate::tx::Tx;
use crate::{load, save, secret};

/// The stage whose sheets may be written: `None` when nothing is being scored.
pub(crate) async fn open_stage(
    connection: &impl ConnectionTrait,
    row: &challenge::Model,
) -> Result<Option<u32>, StoreError> {
    match load::state(row)? {
        State::Review => Ok(Some(0)),
        State::Running => {
            let open = gate::Entity::find()
                .filter(gate::Column::ChallengeId.eq(row.id))
                .filter(gate::Column::State.eq(GateState::Open.key()))
                .one(connection)
                .await?;
            Ok(open.and_then(|gate| u32::try_from(gate.number).ok()))
        }
        _ => Ok(None),
    }
}

/// Gives every seat a sheet for every bid it has no conflict with. Sheets that are there already stay.
///
/// # Errors
/// [`Refusal::PanelTooSmall`] when a bid would be left without any expert.
pub(crate) async fn assign(
    tx: &Tx,
    seats: &[seat::Model],
    bids: &[BidId],
    stage: u32,
    due_at: Option<i64>,
) -> Result<(), StoreError> {
    let seat_ids: Vec<Uuid> = seats.iter().map(|seat| seat.id).collect();
    let conflicts = conflicts_of(tx.connection(), &seat_ids).await?;
    let known = known_sheets(tx, &seat_ids, stage).await?;
    let mut pairs = Vec::new();
    for bid in bids {
        let free: Vec<&seat::Model> =
            seats.iter().filter(|seat| !conflicts.contains_key(&(seat.id, bid.0))).collect();
        if free.is_empty() {
            return Err(Refusal::PanelTooSmall { have: 0, need: 1 }.into());
        }
        let fresh = free.into_iter().filter(|seat| !known.contains(&(seat.id, bid.0)));
        pairs.extend(fresh.map(|seat| (seat, *bid)));
    }
    // Ids are ordered by time: in the order of the bids they would tell a blind panel which sheet is whose.
    pairs.sort_by_cached_key(|_| secret::random_bytes());
    let rows = pairs.into_iter().map(|(seat, bid)| blank_sheet(seat, bid, stage, due_at));
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    for chunk in rows.chunks(INSERT_ROWS) {
        review::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

async fn known_sheets(tx: &Tx, seats: &[Uuid], stage: u32) -> Result<BTreeSet<(Uuid, Uuid)>, StoreError> {
    let rows = review::Entity::find()
        .filter(review::Column::SeatId.is_in(seats.to_vec()))
        .filter(review::Column::Gate.eq(i64::from(stage)))
        .all(tx.connection())
        .await?;
    Ok(rows.into_iter().map(|row| (row.seat_id, row.bid_id)).collect())
}

fn blank_sheet(
    seat: &seat::Model,
    bid: BidId,
    stage: u32,
    due_at: Option<i64>,
) -> Result<review::ActiveModel, StoreError> {
    Ok(review::ActiveModel {
        id: Set(save::new_id()),
        challenge_id: Set(seat.challenge_id),
        bid_id: Set(bid.0),
        seat_id: Set(seat.id),
        person_id: Set(seat.person_id),
        gate: Set(i64::from(stage)),
        state: Set(ReviewState::Assigned.key().to_owned()),
        typed: Set(save::json(&Typed::new())?),
        content: Set(None),
        total_milli: Set(None),
        due_at: Set(due_at),
        submitted_at: Set(None),
        reminded_at: Set(None),
        reason: Set(String::new()),
        updated_at: Set(None),
        version: Set(1),
    })
}

/// Takes sheets away at the stage that is still open: of one seat or of one bid, as `of` says. Decided stages keep
/// their sheets, since a result rests on them.
pub(crate) async fn remove_open_sheets(
    tx: &Tx,
    challenge: &challenge::Model,
    of: sea_orm::Condition,
) -> Result<(), StoreError> {
    let Some(stage) = open_stage(tx.connection(), challenge).await? else { return Ok(()) };
    let removed = review::ActiveModel {
        state: Set(ReviewState::Removed.key().to_owned()),
        content: Set(None),
        total_milli: Set(None),
        submitted_at: Set(None),
        updated_at: Set(Some(tx.now.0)),
        ..Default::default()
    };
    review::Entity::update_many()
        .set(removed)
        .col_expr(review::Column::Version, Expr::col(review::Column::Version).add(1))
        .filter(review::Column::ChallengeId.eq(challenge.id))
        .filter(review::Column::Gate.eq(i64::from(stage)))
        .filter(of)
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// The sheets of one stage for the bids that count.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) sheets: Vec<Sheet>,
    /// Sheets still to be written, and bids that nobody has scored.
    pub(crate) missing: u32,
}

/// Reads a stage. Sheets of other bids (withdrawn, cut) do not count.
pub(crate) async fn load_stage(
    connection: &impl ConnectionTrait,
    challenge: Uuid,
    stage: u32,
    bids: &[BidId],
) -> Result<Stage, StoreError> {
    let rows = review::Entity::find()
        .filter(review::Column::ChallengeId.eq(challenge))
        .filter(review::Column::Gate.eq(i64::from(stage)))
        .order_by_asc(review::Column::Id)
        .all(connection)
        .await?;
    let mut scored: BTreeMap<BidId, u32> = bids.iter().map(|bid| (*bid, 0)).collect();
    let mut sheets = Vec::new();
    let mut missing = 0u32;
    for row in rows {
        let bid = BidId(row.bid_id);
        let Some(count) = scored.get_mut(&bid) else { continue };
        if row.state == ReviewState::Assigned.key() {
            missing += 1;
            *count += 1;
        } else if row.state == ReviewState::Submitted.key() {
            let text = row.content.as_deref().unwrap_or_default();
            let content: SheetContent = load::json(text)?;
            let reviewer = PersonId(row.person_id);
            sheets.push(Sheet { bid, reviewer, scores_milli: content.scores_milli, votes: Vec::new() });
            *count += 1;
        }
    }
    let nobody = scored.values().filter(|count| **count == 0).count();
    missing = missing.saturating_add(u32::try_from(nobody).unwrap_or(u32::MAX));
    Ok(Stage { sheets, missing })
}

/// Ranks by the frozen rule and the committed seed; by no other. A score that does not fit the rule is a fault of ours:
/// sheets are checked when they are handed in.
pub(crate) fn rank(
    challenge: &challenge::Model,
    rule: &Rule,
    number: u32,
    stage: &Stage,
    bids: &[BidId],
) -> Result<Ranking, StoreError> {
    let seed = stage_seed(challenge, rule, number)?;
    if !rule.takes_seed(number, &seed) {
        return Err(StoreError::Broken(format!(
            "challenge {} has another draw seed than it promised",
            challenge.id
        )));
    }
    score::rank(rule, number, &stage.sheets, bids, &seed)
        .map_err(|problem| StoreError::Broken(problem.to_string()))
}

/// The seed that stage `number` draws from. To be shown with that stage's decision and never before.
pub(crate) fn stage_seed(
    challenge: &challenge::Model,
    rule: &Rule,
    number: u32,
) -> Result<Vec<u8>, StoreError> {
    let broken = || StoreError::Broken(format!("challenge {} has no draw seed", challenge.id));
    let text = challenge.draw_seed.as_deref().filter(|text| !text.is_empty()).ok_or_else(broken)?;
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2)).ok_or_else(broken)?;
    let bytes = digits.chunks_exact(2).map(|pair| pair.iter().fold(0u8, |byte, digit| (byte << 4) | digit));
    Ok(rule.seed_at(number, &bytes.collect::<Vec<u8>>()))
}

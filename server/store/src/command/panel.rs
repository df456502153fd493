//! Eligibility and the start of the review. Seats and declarations are in `panel_seats`.

use domain::actor::Actor;
use domain::bid::BidState;
use domain::challenge::{State, Step};
use domain::id::{BidId, ChallengeId};
use domain::money::Fen;
use domain::notice::Notice;
use domain::panel::check_size;
use domain::permission::{self, Action, Facts};
use domain::refusal::{FieldError, Problem, Refusal};
use domain::time::Timestamp;
use domain::words;
use entity::{bid, challenge};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::advance::{Advance, advance};
use super::panel_facts::{about, bid_state, find_conflicts, ids, opened_bids, taken_seats, write_conflicts};
pub(crate) use super::panel_seats::SEATING;
pub use super::panel_seats::{declare, recuse, seat, unseat};
use super::review_stage::assign;
use crate::audit::{self, Subject};
use crate::connect::Store;
use crate::error::StoreError;
use crate::query::bid_seal::is_sealed;
use crate::{load, outbox, save};

/// Says whether a bid meets the conditions; may be said again until the review starts.
///
/// # Errors
/// [`Refusal::NotFound`] while sealed; [`Refusal::WrongState`]; [`Refusal::ReasonNeeded`] for an exclusion without
/// a reason.
pub async fn settle_eligibility(
    store: &Store,
    actor: &Actor,
    id: BidId,
    eligible: bool,
    reason: &str,
) -> Result<(), StoreError> {
    permission::decide(actor, Action::SettleEligibility, &Facts::default())?;
    let tx = store.begin().await?;
    let found = bid::Entity::find_by_id(id.0).one(tx.connection()).await?.ok_or(Refusal::NotFound)?;
    let challenge = load::challenge(&tx, ChallengeId(found.challenge_id)).await?;
    let row = load::bid(&tx, id).await?;
    let before = bid_state(&row)?;
    let unseen = matches!(before, BidState::Draft | BidState::Withdrawn);
    if unseen || is_sealed(tx.connection(), &challenge).await? {
        return Err(Refusal::NotFound.into());
    }
    if load::state(&challenge)? != State::Eligibility {
        return Err(Refusal::WrongState { state: challenge.state }.into());
    }
    let after = before.settle_eligibility(eligible, reason)?;
    let reason = if eligible { String::new() } else { reason_text(reason)? };
    if after == before && reason == row.eligibility_reason {
        return tx.roll_back().await;
    }
    let changed = bid::ActiveModel {
        state: Set(after.key().to_owned()),
        eligibility_reason: Set(reason.clone()),
        updated_at: Set(tx.now.0),
        version: Set(row.version + 1),
        ..Default::default()
    };
    let update = bid::Entity::update_many()
        .set(changed)
        .filter(bid::Column::Id.eq(row.id))
        .filter(bid::Column::Version.eq(row.version));
    save::by_version(&tx, update).await?;
    let (challenge, bid) = (about(&challenge), id.to_string());
    let notice = if eligible {
        Notice::BidEligible { challenge, bid: bid.clone() }
    } else {
        Notice::BidIneligible { challenge, bid: bid.clone(), reason }
    };
    outbox::post_to_persons(&tx, &[row.lead_person_id], &notice).await?;
    let detail = json!({ "state": after.key() });
    audit::record(&tx, actor.person, "bid.settle_eligibility", Subject { kind: "bid", id: &bid }, detail)
        .await?;
    tx.commit().await
}

/// A reason as the bidder will read it.
pub(crate) fn reason_text(reason: &str) -> Result<String, Refusal> {
    let read = words::paragraphs(reason, words::TEXT_MAX);
    read.map_err(|problem| Refusal::Invalid { fields: vec![FieldError::new("reason", problem)] })
}

/// Starts the review: every seat that was not given up gets a sheet for every eligible bid without a conflict.
///
/// # Errors
/// [`Refusal::EligibilityOpen`], [`Refusal::NoBids`], [`Refusal::PanelTooSmall`], [`Refusal::PanelEven`],
/// [`Refusal::WrongState`], or a due time in the past at `due`.
pub async fn start_review(
    store: &Store,
    actor: &Actor,
    id: ChallengeId,
    due: Option<Timestamp>,
) -> Result<(), StoreError> {
    permission::decide(actor, Action::AssignReviews, &Facts::default())?;
    let mut tx = store.begin().await?;
    let challenge = load::challenge(&tx, id).await?;
    load::state(&challenge)?.after(Step::StartReview)?;
    if due.is_some_and(|due| due <= tx.now) {
        return Err(Refusal::invalid("due", Problem::InThePast).into());
    }
    let bids = opened_bids(tx.connection(), challenge.id).await?;
    let unsettled = bids.iter().filter(|bid| bid.state == BidState::Submitted.key()).count();
    if unsettled > 0 {
        return Err(Refusal::EligibilityOpen { left: u32::try_from(unsettled).unwrap_or(u32::MAX) }.into());
    }
    let eligible: Vec<bid::Model> =
        bids.into_iter().filter(|bid| bid.state == BidState::Eligible.key()).collect();
    if eligible.is_empty() {
        return Err(Refusal::NoBids.into());
    }
    let seats = taken_seats(tx.connection(), challenge.id).await?;
    check_size(u32::try_from(seats.len()).unwrap_or(u32::MAX), challenge.amount_fen.map(Fen))?;
    let found = find_conflicts(tx.connection(), &challenge, &seats, &eligible).await?;
    let seat_ids: Vec<_> = seats.iter().map(|seat| seat.id).collect();
    write_conflicts(&tx, &seat_ids, &found).await?;
    assign(&tx, &seats, &ids(&eligible), 0, due.map(|due| due.0)).await?;
    let columns = challenge::ActiveModel { stage: Set(0), ..Default::default() };
    let step = Advance { who: actor.person, row: &challenge, step: Step::StartReview, note: "" };
    advance(&tx, step, columns).await?;
    tx.touches_public();
    tx.commit().await
}

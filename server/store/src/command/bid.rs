//! A team's own bid: start, save, submit, replace, withdraw. The clock of the database decides the deadline inside the
//! transaction that accepts the bid. Deliberately absent: anybody else's bid (`query::bid`) and judging it (`panel`);
//! lines in the audit log, whose readers would learn of sealed bids: until the opening the bid's row and its receipts
//! in the outbox are the record.

use domain::actor::{Actor, Role};
use domain::bid::{BidContent, BidState, BidTerms, BudgetSource, Receipt, check_open_for_bids};
use domain::challenge::{Content, Typed};
use domain::id::{BidId, ChallengeId, OrganisationId, PersonId};
use domain::money::Fen;
use domain::notice::Notice;
use domain::permission::{self, Action, Facts};
use domain::refusal::Refusal;
use domain::rule::hex;
use domain::time::Timestamp;
use entity::bid;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::bid_draft::{OwnBid, keep, lock_own};
use super::panel_facts::{about, bid_state};
use crate::connect::Store;
use crate::error::StoreError;
use crate::tx::Tx;
use crate::{load, outbox, save};

/// Starts a bid of the person's unit, or returns the one the unit has.
///
/// # Errors
/// [`Refusal::SignInNeeded`], [`Refusal::NotFound`], [`Refusal::EmailUnconfirmed`],
/// [`Refusal::MembershipNotActive`], [`Refusal::ConflictOfInterest`] for the issuer, [`Refusal::DeadlinePassed`].
pub async fn start(store: &Store, actor: &Actor, challenge: ChallengeId) -> Result<BidId, StoreError> {
    let person = signed_in(actor)?;
    let tx = store.begin().await?;
    // Held alone: two members who press the button together get the same bid.
    let row = load::challenge(&tx, challenge).await?;
    let state = load::state(&row)?;
    if !state.is_public() {
        return Err(Refusal::NotFound.into());
    }
    let issuer = Some(OrganisationId(row.issuer_id));
    permission::decide(actor, Action::DraftBid, &Facts { issuer, ..Facts::default() })?;
    let units: Vec<Uuid> = team_units(actor);
    let own = bid::Entity::find()
        .filter(bid::Column::ChallengeId.eq(row.id))
        .filter(bid::Column::LeadUnitId.is_in(units.clone()))
        .one(tx.connection())
        .await?;
    if let Some(own) = own {
        tx.roll_back().await?;
        return Ok(BidId(own.id));
    }
    check_open_for_bids(state, row.closes_at.map(Timestamp), tx.now)?;
    let unit = units.into_iter().find(|unit| *unit != row.issuer_id).ok_or(Refusal::ConflictOfInterest)?;
    let id = save::new_id();
    let draft = bid::ActiveModel {
        id: Set(id),
        challenge_id: Set(row.id),
        lead_unit_id: Set(unit),
        lead_person_id: Set(person.0),
        state: Set(BidState::Draft.key().to_owned()),
        title: Set(String::new()),
        typed: Set(save::json(&Typed::new())?),
        submitted_typed: Set(None),
        content: Set(None),
        content_sha256: Set(None),
        receipt: Set(None),
        revision: Set(0),
        submitted_at: Set(None),
        asked_fen: Set(0),
        eligibility_reason: Set(String::new()),
        saved_by: Set(person.0),
        created_at: Set(tx.now.0),
        updated_at: Set(tx.now.0),
        version: Set(1),
    };
    draft.insert(tx.connection()).await?;
    tx.commit().await?;
    Ok(BidId(id))
}

/// Saves the draft as typed and returns its new version.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::ChangedMeanwhile`], [`Refusal::DeadlinePassed`], [`Refusal::BodyTooLarge`].
pub async fn save(
    store: &Store,
    actor: &Actor,
    bid: BidId,
    typed: &Typed,
    version: i64,
) -> Result<i64, StoreError> {
    keep(store, actor, bid, typed, version, true).await
}

/// Submits the bid, replacing what was submitted before. What was typed is kept first, also when the submission is
/// refused. Sending the same text again returns the same receipt.
///
/// # Errors
/// [`Refusal::Invalid`], [`Refusal::DeadlinePassed`], [`Refusal::ChangedMeanwhile`], [`Refusal::NotFound`].
pub async fn submit(
    store: &Store,
    actor: &Actor,
    bid: BidId,
    typed: &Typed,
    version: i64,
) -> Result<Receipt, StoreError> {
    keep(store, actor, bid, typed, version, false).await?;
    let tx = store.begin().await?;
    let own = lock_own(&tx, actor, Action::SubmitBid, bid).await?;
    let text = save::json(typed)?;
    if own.bid.typed != text {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    let state = bid_state(&own.bid)?;
    if state == BidState::Submitted && own.bid.submitted_typed.as_ref() == Some(&text) {
        return stored_receipt(&own.bid);
    }
    own.check_open(tx.now)?;
    let next = state.submit()?;
    let content = read_content(&own, typed, actor)?;
    let content_sha256 = content.hash();
    if state == BidState::Submitted && own.bid.content_sha256.as_ref() == Some(&content_sha256) {
        // Other blanks, the same bid: the receipt already promises it.
        let changed = bid::ActiveModel { submitted_typed: Set(Some(text)), ..Default::default() };
        update(&tx, &own.bid, changed).await?;
        tx.commit().await?;
        return stored_receipt(&own.bid);
    }
    let receipt = new_receipt(&own, content_sha256, tx.now);
    let changed = bid::ActiveModel {
        state: Set(next.key().to_owned()),
        title: Set(content.title.clone()),
        submitted_typed: Set(Some(text)),
        content: Set(Some(save::json(&content)?)),
        content_sha256: Set(Some(receipt.content_sha256.clone())),
        receipt: Set(Some(save::json(&receipt)?)),
        revision: Set(i64::from(receipt.revision)),
        submitted_at: Set(Some(tx.now.0)),
        asked_fen: Set(asked(&content).0),
        ..Default::default()
    };
    update(&tx, &own.bid, changed).await?;
    let notice = Notice::BidReceipt {
        challenge: about(&own.challenge),
        bid: bid.to_string(),
        number: receipt.number.clone(),
        received_at: receipt.received_at,
        content_sha256: receipt.content_sha256.clone(),
        rule_sha256: receipt.rule_sha256.clone(),
    };
    outbox::post_to_persons(&tx, &readers(&own.bid, actor), &notice).await?;
    tx.commit().await?;
    Ok(receipt)
}

/// Takes the submission back; the draft stays with the team. Only before the deadline.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::DeadlinePassed`], [`Refusal::NotASubmittedBid`].
pub async fn withdraw(store: &Store, actor: &Actor, bid: BidId) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    let own = lock_own(&tx, actor, Action::WithdrawBid, bid).await?;
    own.check_open(tx.now)?;
    let next = bid_state(&own.bid)?.withdraw()?;
    // What was taken back is gone: nobody can open it by mistake. The count of revisions goes on.
    let changed = bid::ActiveModel {
        state: Set(next.key().to_owned()),
        submitted_typed: Set(None),
        content: Set(None),
        content_sha256: Set(None),
        receipt: Set(None),
        submitted_at: Set(None),
        asked_fen: Set(0),
        ..Default::default()
    };
    update(&tx, &own.bid, changed).await?;
    let notice = Notice::BidWithdrawn { challenge: about(&own.challenge), bid: bid.to_string() };
    outbox::post_to_persons(&tx, &readers(&own.bid, actor), &notice).await?;
    tx.commit().await
}

/// The person behind the actor.
pub(crate) fn signed_in(actor: &Actor) -> Result<PersonId, Refusal> {
    actor.person.ok_or(Refusal::SignInNeeded)
}

/// The units the person may bid for.
pub(crate) fn team_units(actor: &Actor) -> Vec<Uuid> {
    actor.held.iter().filter(|held| held.role == Role::Team).map(|held| held.organisation.0).collect()
}

fn read_content(own: &OwnBid, typed: &Typed, actor: &Actor) -> Result<BidContent, StoreError> {
    let text = own.challenge.content.as_deref();
    let text = text.ok_or_else(|| StoreError::Broken(format!("challenge {} is empty", own.challenge.id)))?;
    let content: Content = load::json(text)?;
    let terms = BidTerms {
        indicators: &content.indicators,
        // Nobody can be given more than the challenge is worth.
        ceiling: content.ceiling_per_winner.or(content.amount),
        max_partners: content.max_partners,
        signer: &actor.name,
    };
    Ok(BidContent::parse(typed, &terms)?)
}

/// The number names the challenge and a part of a hash: a running number would tell how many bids there are.
fn new_receipt(own: &OwnBid, content_sha256: String, now: Timestamp) -> Receipt {
    let revision = u32::try_from(own.bid.revision + 1).unwrap_or(u32::MAX);
    let digest =
        Sha256::new().chain_update(own.bid.id.as_bytes()).chain_update(revision.to_be_bytes()).finalize();
    let mark: String = hex(&digest).chars().take(8).collect();
    let challenge_number = own.challenge.number.clone().unwrap_or_default();
    Receipt {
        number: format!("UV-{challenge_number}-{mark}"),
        challenge_number,
        bid: BidId(own.bid.id),
        received_at: now,
        content_sha256,
        rule_sha256: own.challenge.rule_sha256.clone().unwrap_or_default(),
        revision,
    }
}

fn stored_receipt(row: &bid::Model) -> Result<Receipt, StoreError> {
    let text = row.receipt.as_deref();
    load::json(text.ok_or_else(|| StoreError::Broken(format!("bid {} has no receipt", row.id)))?)
}

/// Money asked from the award, without what the team brings along.
fn asked(content: &BidContent) -> Fen {
    content.budget.iter().filter(|line| line.source == BudgetSource::Award).map(|line| line.amount).sum()
}

/// The lead person and whoever acted.
fn readers(row: &bid::Model, actor: &Actor) -> Vec<Uuid> {
    let mut readers: Vec<Uuid> = actor.person.iter().map(|person| person.0).collect();
    if !readers.contains(&row.lead_person_id) {
        readers.push(row.lead_person_id);
    }
    readers
}

async fn update(tx: &Tx, row: &bid::Model, changed: bid::ActiveModel) -> Result<(), StoreError> {
    let changed = bid::ActiveModel { updated_at: Set(tx.now.0), version: Set(row.version + 1), ..changed };
    let update = bid::Entity::update_many()
        .set(changed)
        .filter(bid::Column::Id.eq(row.id))
        .filter(bid::Column::Version.eq(row.version));
    save::by_version(tx, update).await
}

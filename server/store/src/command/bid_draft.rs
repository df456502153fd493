//! The own bid under lock, and keeping what was typed before anything can refuse it.

use domain::actor::Actor;
use domain::bid::{BidState, check_open_for_bids};
use domain::challenge::Typed;
use domain::id::{BidId, OrganisationId};
use domain::permission::{self, Action, Facts};
use domain::refusal::Refusal;
use domain::time::Timestamp;
use domain::words;
use entity::{bid, challenge};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::panel_facts::bid_state;
use crate::connect::Store;
use crate::error::StoreError;
use crate::tx::Tx;
use crate::{load, save};

/// A bid form filled to its limits has about 820 fields (60 budget lines, 100 persons, 30 promises).
const MAX_FIELDS: usize = 1_000;
/// Below the body limit of the server, so that what arrives can also be kept.
const MAX_KIB: usize = 400;

/// # Errors
/// [`Refusal::BodyTooLarge`] for a form no person filled in.
pub(crate) fn check_bounds(typed: &Typed) -> Result<(), Refusal> {
    let bytes: usize = typed.iter().map(|(field, value)| field.len() + value.len()).sum();
    if typed.len() > MAX_FIELDS || bytes > MAX_KIB * 1024 {
        return Err(Refusal::BodyTooLarge { max_kib: MAX_KIB as u32 });
    }
    Ok(())
}

/// The own bid and its challenge, both held until the transaction ends.
pub(crate) struct OwnBid {
    pub(crate) challenge: challenge::Model,
    pub(crate) bid: bid::Model,
}

impl OwnBid {
    /// Whether bids may still change.
    ///
    /// # Errors
    /// [`Refusal::DeadlinePassed`], [`Refusal::WrongState`].
    pub(crate) fn check_open(&self, now: Timestamp) -> Result<(), StoreError> {
        let state = load::state(&self.challenge)?;
        Ok(check_open_for_bids(state, self.challenge.closes_at.map(Timestamp), now)?)
    }
}

/// Locks the challenge, then the bid: everyone takes them in this order. The challenge is shared among those who
/// submit, so that teams do not wait for each other; whoever closes or opens it waits for all of them.
///
/// # Errors
/// [`Refusal::SignInNeeded`]; [`Refusal::NotFound`] also for somebody else's bid.
pub(crate) async fn lock_own(
    tx: &Tx,
    actor: &Actor,
    action: Action,
    id: BidId,
) -> Result<OwnBid, StoreError> {
    let found = bid::Entity::find_by_id(id.0).one(tx.connection()).await?;
    let lead_unit = found.as_ref().map(|row| OrganisationId(row.lead_unit_id));
    permission::decide(actor, action, &Facts { lead_unit, ..Facts::default() })?;
    let challenge = found.map(|row| row.challenge_id).ok_or(Refusal::NotFound)?;
    let challenge = challenge::Entity::find_by_id(challenge)
        .lock_shared()
        .one(tx.connection())
        .await?
        .ok_or(Refusal::NotFound)?;
    let bid = load::bid(tx, id).await?;
    Ok(OwnBid { challenge, bid })
}

/// Keeps the typed form in a transaction of its own and returns the new version. The same text again changes
/// nothing, whatever version it was read at, so that a request sent twice is harmless. With `only_while_open`
/// nothing is kept after the deadline.
///
/// # Errors
/// [`Refusal::ChangedMeanwhile`] when a newer text is there; [`Refusal::WrongState`] once the bid is judged.
pub(crate) async fn keep(
    store: &Store,
    actor: &Actor,
    id: BidId,
    typed: &Typed,
    version: i64,
    only_while_open: bool,
) -> Result<i64, StoreError> {
    let tx = store.begin().await?;
    let own = lock_own(&tx, actor, Action::EditBid, id).await?;
    check_bounds(typed)?;
    let state = bid_state(&own.bid)?;
    if only_while_open {
        own.check_open(tx.now)?;
    }
    if !matches!(state, BidState::Draft | BidState::Submitted | BidState::Withdrawn) {
        // A late submission of a bid that is being judged: the deadline is what the person needs to hear.
        own.check_open(tx.now)?;
        return Err(Refusal::WrongState { state: state.key().to_owned() }.into());
    }
    let text = save::json(typed)?;
    if own.bid.typed == text {
        tx.roll_back().await?;
        return Ok(own.bid.version);
    }
    let mut changed = bid::ActiveModel {
        typed: Set(text),
        saved_by: Set(actor.person.map(|person| person.0).ok_or(Refusal::SignInNeeded)?),
        updated_at: Set(tx.now.0),
        version: Set(version + 1),
        ..Default::default()
    };
    if own.bid.content.is_none() {
        changed.title = Set(draft_title(typed));
    }
    let update = bid::Entity::update_many()
        .set(changed)
        .filter(bid::Column::Id.eq(id.0))
        .filter(bid::Column::Version.eq(version));
    save::by_version(&tx, update).await?;
    tx.commit().await?;
    Ok(version + 1)
}

/// What a draft is called in the team's own lists: the typed title as far as a title may go.
pub(crate) fn draft_title(typed: &Typed) -> String {
    let title = typed.get("title").map_or("", String::as_str);
    title.trim().chars().filter(|c| !c.is_control()).take(words::TITLE_MAX).collect()
}

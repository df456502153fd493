//! One expert's score sheet: kept as typed, submitted, changed until the stage is decided, or abstained from.
//! Deliberately absent: combining sheets (`decision`, `race`) and anybody else's sheet.

use domain::actor::Actor;
use domain::challenge::Typed;
use domain::id::{PersonId, ReviewId};
use domain::panel::SeatState;
use domain::permission::{self, Action, Facts};
use domain::refusal::Refusal;
use domain::review::{ReviewState, SheetContent, check_writable};
use domain::score::sheet_total_milli;
use entity::{challenge, conflict, review, seat};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

use super::bid_draft::check_bounds;
use super::panel::reason_text;
use super::panel_facts::known;
use super::review_stage::open_stage;
use crate::audit::{self, Subject};
use crate::connect::Store;
use crate::error::StoreError;
use crate::query::bid_seal::is_sealed;
use crate::tx::Tx;
use crate::{load, save};

/// Saves the sheet as typed and returns its new version. The same text again changes nothing.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::DeclarationNeeded`], [`Refusal::ConflictOfInterest`], [`Refusal::WrongState`],
/// [`Refusal::ChangedMeanwhile`], [`Refusal::BodyTooLarge`].
pub async fn save(
    store: &Store,
    actor: &Actor,
    id: ReviewId,
    typed: &Typed,
    version: i64,
) -> Result<i64, StoreError> {
    let tx = store.begin().await?;
    let own = lock_own(&tx, actor, id).await?;
    check_bounds(typed)?;
    let text = save::json(typed)?;
    if own.review.typed == text {
        tx.roll_back().await?;
        return Ok(own.review.version);
    }
    let changed = review::ActiveModel { typed: Set(text), ..Default::default() };
    update(&tx, &own.review, version, changed).await?;
    tx.commit().await?;
    Ok(version + 1)
}

/// Hands the sheet in. What was typed is kept first, also when the sheet is refused.
///
/// # Errors
/// [`Refusal::Invalid`] naming each score; and those of [`save`].
pub async fn submit(
    store: &Store,
    actor: &Actor,
    id: ReviewId,
    typed: &Typed,
    version: i64,
) -> Result<(), StoreError> {
    save(store, actor, id, typed, version).await?;
    let tx = store.begin().await?;
    let own = lock_own(&tx, actor, id).await?;
    if own.review.typed != save::json(typed)? {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    let rule = load::rule(&own.challenge)?;
    let rubric = rule.rubric_at(own.stage);
    let content = SheetContent::parse(typed, rubric)?;
    let scores: Vec<Option<i64>> = content.scores_milli.iter().copied().map(Some).collect();
    let total = sheet_total_milli(rubric, &scores, rule.decimals)
        .ok_or_else(|| StoreError::Broken(format!("review {id} has no total")))?;
    let text = save::json(&content)?;
    let submitted = ReviewState::Submitted.key();
    if own.review.state == submitted && own.review.content.as_ref() == Some(&text) {
        return tx.roll_back().await;
    }
    let changed = review::ActiveModel {
        state: Set(submitted.to_owned()),
        content: Set(Some(text)),
        total_milli: Set(Some(total)),
        submitted_at: Set(Some(tx.now.0)),
        reason: Set(String::new()),
        ..Default::default()
    };
    update(&tx, &own.review, own.review.version, changed).await?;
    record(&tx, actor, "review.submit", id).await?;
    tx.commit().await
}

/// The expert does not score this bid, and says why. May be taken back by submitting.
///
/// # Errors
/// [`Refusal::ReasonNeeded`]; and those of [`save`].
pub async fn abstain(store: &Store, actor: &Actor, id: ReviewId, reason: &str) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    let own = lock_own(&tx, actor, id).await?;
    if reason.trim().is_empty() {
        return Err(Refusal::ReasonNeeded.into());
    }
    let changed = review::ActiveModel {
        state: Set(ReviewState::Abstained.key().to_owned()),
        content: Set(None),
        total_milli: Set(None),
        submitted_at: Set(None),
        reason: Set(reason_text(reason)?),
        ..Default::default()
    };
    update(&tx, &own.review, own.review.version, changed).await?;
    record(&tx, actor, "review.abstain", id).await?;
    tx.commit().await
}

/// A sheet that its expert may write now.
struct OwnSheet {
    challenge: challenge::Model,
    review: review::Model,
    stage: u32,
}

/// Locks the challenge (shared among experts: whoever decides waits for all of them), then the sheet.
async fn lock_own(tx: &Tx, actor: &Actor, id: ReviewId) -> Result<OwnSheet, StoreError> {
    let found = review::Entity::find_by_id(id.0).one(tx.connection()).await?;
    let Some(found) = found else {
        permission::decide(actor, Action::WriteSheet, &Facts::default())?;
        return Err(Refusal::NotFound.into());
    };
    let challenge = challenge::Entity::find_by_id(found.challenge_id)
        .lock_shared()
        .one(tx.connection())
        .await?
        .ok_or(Refusal::NotFound)?;
    let review = load::review(tx, id).await?;
    let standing = standing(tx.connection(), &challenge, &review).await?;
    permission::decide(actor, Action::WriteSheet, &standing.facts(&review))?;
    standing.check_writable()?;
    let stage = u32::try_from(review.gate).unwrap_or(0);
    Ok(OwnSheet { challenge, review, stage })
}

/// Where a sheet stands: what permission and the sheet's own rule need to know.
pub(crate) struct SheetStanding {
    pub(crate) state: ReviewState,
    pub(crate) seat: SeatState,
    conflict: bool,
    sealed: bool,
    stage_open: bool,
}

impl SheetStanding {
    pub(crate) fn facts(&self, review: &review::Model) -> Facts {
        Facts {
            owner: Some(PersonId(review.person_id)),
            seated: self.seat != SeatState::Recused,
            declared: self.seat == SeatState::Declared,
            conflict: self.conflict,
            sealed: self.sealed,
            ..Facts::default()
        }
    }

    pub(crate) fn check_writable(&self) -> Result<(), Refusal> {
        check_writable(self.state, self.seat, self.conflict, self.stage_open)
    }
}

pub(crate) async fn standing(
    connection: &impl ConnectionTrait,
    challenge: &challenge::Model,
    review: &review::Model,
) -> Result<SheetStanding, StoreError> {
    let seat = seat::Entity::find_by_id(review.seat_id).one(connection).await?.ok_or(Refusal::NotFound)?;
    let conflict =
        conflict::Entity::find_by_id((review.seat_id, review.bid_id)).one(connection).await?.is_some();
    let stage = open_stage(connection, challenge).await?;
    Ok(SheetStanding {
        state: known(ReviewState::from_key, &review.state)?,
        seat: known(SeatState::from_key, &seat.state)?,
        conflict,
        sealed: is_sealed(connection, challenge).await?,
        stage_open: stage.map(i64::from) == Some(review.gate),
    })
}

async fn update(
    tx: &Tx,
    row: &review::Model,
    version: i64,
    changed: review::ActiveModel,
) -> Result<(), StoreError> {
    let changed =
        review::ActiveModel { updated_at: Set(Some(tx.now.0)), version: Set(version + 1), ..changed };
    let update = review::Entity::update_many()
        .set(changed)
        .filter(review::Column::Id.eq(row.id))
        .filter(review::Column::Version.eq(version));
    save::by_version(tx, update).await
}

/// Never the scores: the log has other readers than the sheet.
async fn record(tx: &Tx, actor: &Actor, action: &str, id: ReviewId) -> Result<(), StoreError> {
    audit::record(tx, actor.person, action, Subject { kind: "review", id: &id.to_string() }, json!({})).await
}

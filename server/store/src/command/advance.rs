//! One step of a challenge: the state table, the row by version, the event, the audit line. Who may take it and what
//! else must hold is the caller's.

use domain::challenge::{State, Step};
use domain::id::PersonId;
use entity::{challenge, challenge_event};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::audit::{self, Subject};
use crate::error::StoreError;
use crate::tx::Tx;
use crate::{load, save};

/// Who moves which challenge, how, and with what words. `who` is `None` for the clock.
pub(crate) struct Advance<'a> {
    pub who: Option<PersonId>,
    pub row: &'a challenge::Model,
    pub step: Step,
    pub note: &'a str,
}

/// Takes the step; `columns` change along with the state.
///
/// # Errors
/// [`domain::refusal::Refusal::WrongState`], [`domain::refusal::Refusal::ChangedMeanwhile`].
pub(crate) async fn advance(
    tx: &Tx,
    by: Advance<'_>,
    columns: challenge::ActiveModel,
) -> Result<State, StoreError> {
    let from = load::state(by.row)?;
    let to = from.after(by.step)?;
    let changed = challenge::ActiveModel { state: Set(to.key().to_owned()), ..columns };
    save_by_version(tx, by.row, changed).await?;
    let event = challenge_event::ActiveModel {
        id: Set(save::new_id()),
        challenge_id: Set(by.row.id),
        at: Set(tx.now.0),
        actor_id: Set(by.who.map(|person| person.0)),
        step: Set(by.step.key().to_owned()),
        from_state: Set(from.key().to_owned()),
        to_state: Set(to.key().to_owned()),
        note: Set(by.note.to_owned()),
    };
    event.insert(tx.connection()).await?;
    let detail = json!({ "from": from.key(), "to": to.key() });
    record(tx, by.who, by.step.key(), by.row.id, detail).await?;
    Ok(to)
}

/// Saves columns of a challenge by version; the version counts up.
pub(crate) async fn save_by_version(
    tx: &Tx,
    row: &challenge::Model,
    columns: challenge::ActiveModel,
) -> Result<(), StoreError> {
    let changed =
        challenge::ActiveModel { updated_at: Set(tx.now.0), version: Set(row.version + 1), ..columns };
    let update = challenge::Entity::update_many()
        .set(changed)
        .filter(challenge::Column::Id.eq(row.id))
        .filter(challenge::Column::Version.eq(row.version));
    save::by_version(tx, update).await
}

/// One line about a challenge in the audit log.
pub(crate) async fn record(
    tx: &Tx,
    who: Option<PersonId>,
    action: &str,
    challenge: uuid::Uuid,
    detail: serde_json::Value,
) -> Result<(), StoreError> {
    audit::record(tx, who, action, Subject { kind: "challenge", id: &challenge.to_string() }, detail).await
}

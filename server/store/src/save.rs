//! Writing back what a transition made, only if nobody wrote in between.

use domain::refusal::Refusal;
use sea_orm::{EntityTrait, UpdateMany};
use serde::Serialize;

use crate::error::StoreError;
use crate::tx::Tx;

/// Runs an update that filters by id and version; no row means that somebody else was first.
///
/// # Errors
/// [`Refusal::ChangedMeanwhile`].
pub async fn by_version<E: EntityTrait>(tx: &Tx, update: UpdateMany<E>) -> Result<(), StoreError> {
    let done = update.exec(tx.connection()).await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Refusal::ChangedMeanwhile.into()) }
}

/// A document as it is stored.
///
/// # Errors
/// Never for the types of `domain`; kept for honesty.
pub fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    Ok(serde_json::to_string(value)?)
}

/// A new id: time-ordered, with 74 random bits.
pub fn new_id() -> uuid::Uuid {
    uuid::Uuid::now_v7()
}

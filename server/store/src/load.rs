//! Rows for update inside a transaction, and stored documents back into domain values.
//! On PostgreSQL the row is locked; on SQLite the transaction already holds the only write lock.

use domain::id::{BidId, ChallengeId, ListId, PersonId, ReviewId, SeatId};
use domain::refusal::Refusal;
use domain::rule::Rule;
use entity::{bid, challenge, challenge_list, organisation, person, review, seat};
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};
use serde::de::DeserializeOwned;

use crate::error::StoreError;
use crate::tx::Tx;

/// A stored document.
///
/// # Errors
/// [`StoreError::Broken`] when the text is not the type: a fault of ours or of a hand in the database.
pub fn json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    Ok(serde_json::from_str(text)?)
}

macro_rules! for_update {
    ($($name:ident, $entity:ident, $id:ty, $doc:literal;)+) => {$(
        #[doc = $doc]
        ///
        /// # Errors
        /// [`Refusal::NotFound`].
        pub async fn $name(tx: &Tx, id: $id) -> Result<$entity::Model, StoreError> {
            $entity::Entity::find_by_id(id.0)
                .lock_exclusive()
                .one(tx.connection())
                .await?
                .ok_or_else(|| Refusal::NotFound.into())
        }
    )+};
}

for_update! {
    challenge, challenge, ChallengeId, "The challenge, locked until the transaction ends.";
    list, challenge_list, ListId, "The list, locked until the transaction ends.";
    bid, bid, BidId, "The bid, locked until the transaction ends.";
    seat, seat, SeatId, "The seat, locked until the transaction ends.";
    review, review, ReviewId, "The score sheet, locked until the transaction ends.";
    person, person, PersonId, "The person, locked until the transaction ends.";
}

/// The unit's name; empty for one that is gone.
///
/// # Errors
/// When the database does not answer.
pub async fn unit_name(connection: &impl ConnectionTrait, id: uuid::Uuid) -> Result<String, StoreError> {
    let unit = organisation::Entity::find_by_id(id).one(connection).await?;
    Ok(unit.map(|unit| unit.name).unwrap_or_default())
}

/// The frozen rule of a published challenge.
///
/// # Errors
/// [`Refusal::WrongState`] when it has none yet.
pub fn rule(row: &challenge::Model) -> Result<Rule, StoreError> {
    match &row.rule {
        Some(text) => json(text),
        None => Err(Refusal::WrongState { state: row.state.clone() }.into()),
    }
}

/// The state column as the domain's state.
///
/// # Errors
/// [`StoreError::Broken`] for a word the domain does not know.
pub fn state(row: &challenge::Model) -> Result<domain::challenge::State, StoreError> {
    domain::challenge::State::from_key(&row.state)
        .ok_or_else(|| StoreError::Broken(format!("challenge state {}", row.state)))
}

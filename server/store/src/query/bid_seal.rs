//! Whether the bids of a challenge are sealed. Every reader of bids other than their own team asks here first.

use domain::challenge::{State, Step};
use entity::{challenge, challenge_event};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::error::StoreError;
use crate::load;

/// A challenge that was cancelled before the opening stays sealed for ever: its bids were never opened.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn is_sealed(
    connection: &impl ConnectionTrait,
    row: &challenge::Model,
) -> Result<bool, StoreError> {
    let state = load::state(row)?;
    if !matches!(state, State::Cancelled | State::Republished) {
        return Ok(state.is_sealed());
    }
    let opening: Option<i64> = challenge_event::Entity::find()
        .select_only()
        .column(challenge_event::Column::At)
        .filter(challenge_event::Column::ChallengeId.eq(row.id))
        .filter(challenge_event::Column::Step.eq(Step::Open.key()))
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(opening.is_none())
}

//! Whether the bids of a challenge are sealed. Every reader of bids other than their own team asks here first.

use domain::challenge::{State, Step};
use entity::{challenge, challenge_event, notice};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

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

/// Notices that tell no secretary of a sealed bid: not the letters a team gets before the opening, while their
/// challenge is sealed or was cancelled. For lists of letters that others than their readers see.
pub(crate) fn tells_no_sealed_bid() -> Condition {
    let sealed = State::ALL
        .iter()
        .filter(|state| state.is_sealed() || matches!(state, State::Cancelled | State::Republished));
    let challenges = Query::select()
        .column(challenge::Column::Id)
        .from(challenge::Entity)
        .and_where(challenge::Column::State.is_in(sealed.map(|state| state.key())))
        .to_owned();
    Condition::any()
        .add(notice::Column::Kind.is_not_in(["bid_receipt", "bid_withdrawn"]))
        .add(notice::Column::ChallengeId.not_in_subquery(challenges))
}

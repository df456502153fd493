//! Who is told: the people of a unit, the followers of a domain, the bidders of a challenge.
//! Every list is bounded; an audience beyond the bound is served by the public pages.

use domain::actor::{MembershipState, Role};
use domain::bid::BidState;
use entity::{bid, follow, membership, person};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::Tx;

/// People of one unit in one role.
const MEMBERS_MAX: u64 = 200;
/// Letters of one publication per domain: what one transaction carries within a second or two.
const FOLLOWERS_MAX: u64 = 10_000;
/// Bids of one challenge.
const BIDDERS_MAX: u64 = 2_000;

/// People with an active role in the unit.
pub(crate) async fn members(tx: &Tx, organisation: Uuid, role: Role) -> Result<Vec<Uuid>, StoreError> {
    let rows = membership::Entity::find()
        .filter(membership::Column::OrganisationId.eq(organisation))
        .filter(membership::Column::Role.eq(role.key()))
        .filter(membership::Column::State.eq(MembershipState::Active.key()))
        .order_by_asc(membership::Column::Id)
        .limit(MEMBERS_MAX)
        .all(tx.connection())
        .await?;
    Ok(rows
        .into_iter()
        .filter(|row| row.expires_at.is_none_or(|at| at > tx.now.0))
        .filter_map(|row| row.person_id)
        .collect())
}

/// People with a confirmed address who follow the domain.
pub(crate) async fn followers(tx: &Tx, domain: &str) -> Result<Vec<Uuid>, StoreError> {
    let confirmed = sea_orm::sea_query::Query::select()
        .column(person::Column::Id)
        .from(person::Entity)
        .and_where(person::Column::EmailConfirmedAt.is_not_null())
        .and_where(person::Column::SuspendedAt.is_null())
        .to_owned();
    Ok(follow::Entity::find()
        .select_only()
        .column(follow::Column::PersonId)
        .filter(follow::Column::Domain.eq(domain))
        .filter(follow::Column::PersonId.in_subquery(confirmed))
        .order_by_asc(follow::Column::PersonId)
        .limit(FOLLOWERS_MAX)
        .into_tuple()
        .all(tx.connection())
        .await?)
}

/// Bids of a challenge in one of the states.
pub(crate) async fn bids_in(
    tx: &Tx,
    challenge: Uuid,
    states: &[BidState],
) -> Result<Vec<bid::Model>, StoreError> {
    Ok(bid::Entity::find()
        .filter(bid::Column::ChallengeId.eq(challenge))
        .filter(bid::Column::State.is_in(states.iter().map(|state| state.key())))
        .order_by_asc(bid::Column::Id)
        .limit(BIDDERS_MAX)
        .all(tx.connection())
        .await?)
}

//! Leaving a unit, and suspending a colleague in it.

use domain::actor::{Actor, MembershipState, Role};
use domain::id::{MembershipId, OrganisationId};
use domain::refusal::Refusal;
use entity::{membership, person};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::session::end_all_but;
use super::signed_in;
use crate::audit::{self, Subject};
use crate::connect::Store;
use crate::error::StoreError;
use crate::tx::Tx;

/// Leaves (own membership), suspends, reactivates, or takes back an invitation (a colleague's). A role changed by
/// somebody else, or given up, ends that person's sessions.
///
/// # Errors
/// [`Refusal::NotFound`] outside the own units; [`Refusal::WrongState`]; [`Refusal::LastOrganiser`].
pub async fn change_membership(
    store: &Store,
    actor: &Actor,
    id: MembershipId,
    to: MembershipState,
) -> Result<(), StoreError> {
    let by = signed_in(actor)?;
    let tx = store.begin().await?;
    let row = membership::Entity::find_by_id(id.0).lock_exclusive().one(tx.connection()).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    let own = row.person_id == Some(by.0);
    if !own && !may_change(actor, &row) {
        return Err(Refusal::NotFound.into());
    }
    let from = MembershipState::from_key(&row.state).ok_or(Refusal::NotFound)?;
    use MembershipState as S;
    match (own, from, to) {
        (true, S::Active, S::Left)
        | (false, S::Active, S::Suspended | S::Left)
        | (false, S::Suspended, S::Active)
        | (false, S::Invited, S::Left) => {}
        _ => return Err(Refusal::WrongState { state: row.state }.into()),
    }
    if row.role == Role::Organiser.key() && from == S::Active {
        check_other_organiser(&tx, &row).await?;
    }
    if let Some(person) = row.person_id {
        end_all_but(&tx, person, None).await?;
    }
    let mut changed: membership::ActiveModel = row.into();
    changed.state = Set(to.key().to_owned());
    changed.changed_at = Set(tx.now.0);
    changed.update(tx.connection()).await?;
    let subject = Subject { kind: "membership", id: &id.to_string() };
    let detail = serde_json::json!({ "from": from.key(), "to": to.key() });
    audit::record(&tx, Some(by), "change_membership", subject, detail).await?;
    tx.commit().await
}

/// Organisers look after everybody in their authority; in other units whoever holds the same role does.
fn may_change(actor: &Actor, row: &membership::Model) -> bool {
    let organisation = OrganisationId(row.organisation_id);
    match Role::from_key(&row.role) {
        Some(Role::Organiser | Role::Expert | Role::Auditor) => actor.has_in(Role::Organiser, organisation),
        Some(role @ (Role::Issuer | Role::Team)) => actor.has_in(role, organisation),
        None => false,
    }
}

/// Somebody else must be left to let people in. All organisers' rows are locked, so that two cannot leave at once.
async fn check_other_organiser(tx: &Tx, leaving: &membership::Model) -> Result<(), StoreError> {
    let organisers = membership::Entity::find()
        .filter(membership::Column::OrganisationId.eq(leaving.organisation_id))
        .filter(membership::Column::Role.eq(Role::Organiser.key()))
        .filter(membership::Column::State.eq(MembershipState::Active.key()))
        .order_by_asc(membership::Column::Id)
        .limit(1_000)
        .lock_exclusive()
        .all(tx.connection())
        .await?;
    let others: Vec<_> = organisers
        .iter()
        .filter(|row| row.id != leaving.id && row.expires_at.is_none_or(|at| at > tx.now.0))
        .filter_map(|row| row.person_id)
        .collect();
    let able = person::Entity::find()
        .filter(person::Column::Id.is_in(others))
        .filter(person::Column::SuspendedAt.is_null())
        .one(tx.connection())
        .await?;
    if able.is_some() { Ok(()) } else { Err(Refusal::LastOrganiser.into()) }
}

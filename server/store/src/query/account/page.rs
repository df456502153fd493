//! The account page, and what an invitation link opens.

use domain::actor::{Actor, MembershipState, OrganisationKind, Role};
use domain::id::{MembershipId, OrganisationId};
use domain::refusal::Refusal;
use domain::time::Timestamp;
use domain::view::account::{AccountPage, Colleague, InvitationPage, MembershipRow, SessionRow};
use entity::{follow, membership, organisation, person, session};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationDef,
};
use uuid::Uuid;

use crate::command::account::{IDLE_LIMIT_MS, INVITE, find_live};
use crate::connect::Store;
use crate::error::StoreError;
use crate::secret;

const ROLES_MAX: u64 = 100;
const SESSIONS_MAX: u64 = 50;
/// Colleagues of all the reader's units together.
const COLLEAGUES_MAX: u64 = 500;

/// The reader's own account. `session` marks the session of this browser.
///
/// # Errors
/// [`Refusal::SignInNeeded`].
pub async fn account(store: &Store, actor: &Actor, session: &str) -> Result<AccountPage, StoreError> {
    let id = actor.person.ok_or(Refusal::SignInNeeded)?;
    let now = store.now().await?;
    let row = person::Entity::find_by_id(id.0).one(&store.reader).await?.ok_or(Refusal::SignInNeeded)?;
    let follows = follow::Entity::find()
        .filter(follow::Column::PersonId.eq(id.0))
        .order_by_asc(follow::Column::Domain)
        .limit(ROLES_MAX)
        .all(&store.reader)
        .await?;
    Ok(AccountPage {
        name: row.name,
        email: row.email,
        email_confirmed: row.email_confirmed_at.is_some(),
        locale: row.locale,
        memberships: memberships(store, id.0, now).await?,
        sessions: sessions(store, id.0, session, now).await?,
        follows: follows.into_iter().map(|row| row.domain).collect(),
    })
}

async fn sessions(
    store: &Store,
    person: Uuid,
    own: &str,
    now: Timestamp,
) -> Result<Vec<SessionRow>, StoreError> {
    let own = secret::token_hash(own);
    let rows = session::Entity::find()
        .filter(session::Column::PersonId.eq(person))
        .filter(session::Column::ExpiresAt.gt(now.0))
        .filter(session::Column::LastSeenAt.gt(now.plus_ms(-IDLE_LIMIT_MS).0))
        .order_by_desc(session::Column::LastSeenAt)
        .limit(SESSIONS_MAX)
        .all(&store.reader)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| SessionRow {
            created_at: Timestamp(row.created_at),
            last_seen_at: Timestamp(row.last_seen_at),
            user_agent: row.user_agent,
            is_this_one: row.id_hash == own,
        })
        .collect())
}

type Member = (membership::Model, Option<organisation::Model>);

async fn memberships(store: &Store, person: Uuid, now: Timestamp) -> Result<Vec<MembershipRow>, StoreError> {
    let unit: RelationDef = membership::Entity::belongs_to(organisation::Entity)
        .from(membership::Column::OrganisationId)
        .to(organisation::Column::Id)
        .into();
    let own: Vec<Member> = membership::Entity::find()
        .join(JoinType::InnerJoin, unit)
        .select_also(organisation::Entity)
        .filter(membership::Column::PersonId.eq(person))
        .order_by_asc(membership::Column::Id)
        .limit(ROLES_MAX)
        .all(&store.reader)
        .await?;
    let active: Vec<Uuid> = own
        .iter()
        .filter(|(row, _)| state(row, now) == Some(MembershipState::Active))
        .map(|(row, _)| row.organisation_id)
        .collect();
    let colleagues = colleagues(store, person, &active, now).await?;
    let rows = own.into_iter().filter_map(|(row, unit)| {
        let unit = unit?;
        let in_unit = |(organisation, colleague): &(Uuid, Colleague)| {
            (*organisation == unit.id).then(|| colleague.clone())
        };
        Some(MembershipRow {
            id: MembershipId(row.id),
            organisation: OrganisationId(unit.id),
            kind: OrganisationKind::from_key(&unit.kind)?,
            role: Role::from_key(&row.role)?,
            state: state(&row, now)?,
            expires_at: row.expires_at.map(Timestamp),
            colleagues: colleagues.iter().filter_map(in_unit).collect(),
            organisation_name: unit.name,
        })
    });
    Ok(rows.collect())
}

async fn colleagues(
    store: &Store,
    reader: Uuid,
    units: &[Uuid],
    now: Timestamp,
) -> Result<Vec<(Uuid, Colleague)>, StoreError> {
    let people: RelationDef = membership::Entity::belongs_to(person::Entity)
        .from(membership::Column::PersonId)
        .to(person::Column::Id)
        .into();
    let not_the_reader = membership::Column::PersonId.is_null().or(membership::Column::PersonId.ne(reader));
    let rows: Vec<(membership::Model, Option<person::Model>)> = membership::Entity::find()
        .join(JoinType::LeftJoin, people)
        .select_also(person::Entity)
        .filter(membership::Column::OrganisationId.is_in(units.to_vec()))
        .filter(membership::Column::State.ne(MembershipState::Left.key()))
        .filter(not_the_reader)
        .order_by_asc(membership::Column::Id)
        .limit(COLLEAGUES_MAX)
        .all(&store.reader)
        .await?;
    let colleague = |(row, person): (membership::Model, Option<person::Model>)| {
        let colleague = Colleague {
            membership: MembershipId(row.id),
            name: person.map_or_else(|| row.email_key.clone(), |person| person.name),
            role: Role::from_key(&row.role)?,
            state: state(&row, now)?,
            email: row.email_key,
        };
        Some((row.organisation_id, colleague))
    };
    Ok(rows.into_iter().filter_map(colleague).collect())
}

/// A membership whose time is over is expired, whatever the row still says.
fn state(row: &membership::Model, now: Timestamp) -> Option<MembershipState> {
    if row.expires_at.is_some_and(|at| at <= now.0) {
        return Some(MembershipState::Expired);
    }
    MembershipState::from_key(&row.state)
}

/// What the link in an invitation opens, for whoever holds it.
///
/// # Errors
/// [`Refusal::LinkInvalid`].
pub async fn invitation(store: &Store, token: &str) -> Result<InvitationPage, StoreError> {
    let now = store.now().await?;
    let link = find_live(&store.reader, now, INVITE, token).await?.ok_or(Refusal::LinkInvalid)?;
    let id = link.membership_id.ok_or(Refusal::LinkInvalid)?;
    let row = membership::Entity::find_by_id(id)
        .filter(membership::Column::State.eq(MembershipState::Invited.key()))
        .one(&store.reader)
        .await?
        .ok_or(Refusal::LinkInvalid)?;
    let unit = organisation::Entity::find_by_id(row.organisation_id).one(&store.reader).await?;
    let accounts = person::Entity::find().filter(person::Column::EmailKey.eq(&link.email_key));
    Ok(InvitationPage {
        organisation_name: unit.map(|unit| unit.name).unwrap_or_default(),
        role: Role::from_key(&row.role).ok_or(Refusal::LinkInvalid)?,
        has_account: accounts.count(&store.reader).await? > 0,
        email: link.email_key,
    })
}

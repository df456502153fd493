//! From the token in a cookie to the person who acts. The one read on every request of a signed-in browser.

use domain::actor::{Actor, Held, MembershipState, Role};
use domain::id::{OrganisationId, PersonId};
use domain::time::{MINUTE_MS, Timestamp};
use entity::session;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, Statement};
use uuid::Uuid;

use crate::command::account::IDLE_LIMIT_MS;
use crate::connect::Store;
use crate::error::StoreError;
use crate::secret;

/// "Last seen" is written at most this often: a page view is not worth a write.
const SEEN_EVERY_MS: i64 = 5 * MINUTE_MS;
/// More roles than anybody has.
const ROLES_MAX: i64 = 100;

/// A signed-in person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    pub actor: Actor,
    pub locale: String,
}

#[derive(FromQueryResult)]
struct SessionRow {
    last_seen_at: i64,
    expires_at: i64,
    person_id: Uuid,
    name: String,
    email: String,
    locale: String,
    email_confirmed_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct HeldRow {
    role: String,
    organisation_id: Uuid,
    organisation_name: String,
}

/// Whose session it is; `None` when it is unknown, idle for 12 hours, 14 days old, or its person is suspended.
/// Memberships that are not active, or whose time is over, do not count.
///
/// # Errors
/// When the database does not answer.
pub async fn find_actor(store: &Store, session_token: &str) -> Result<Option<Visitor>, StoreError> {
    let backend = store.reader.get_database_backend();
    let hash = secret::token_hash(session_token);
    let sql = "SELECT session.last_seen_at, session.expires_at, session.person_id, person.name, person.email, \
               person.locale, person.email_confirmed_at FROM session JOIN person ON person.id = session.person_id \
               WHERE session.id_hash = $1 AND person.suspended_at IS NULL LIMIT 1";
    let statement = Statement::from_sql_and_values(backend, sql, [hash.clone().into()]);
    let Some(row) = SessionRow::find_by_statement(statement).one(&store.reader).await? else {
        return Ok(None);
    };
    let now = store.now().await?;
    if row.expires_at <= now.0 || row.last_seen_at + IDLE_LIMIT_MS <= now.0 {
        return Ok(None);
    }
    if row.last_seen_at + SEEN_EVERY_MS <= now.0 {
        seen(store, hash, now).await?;
    }
    let held = held(&store.reader, row.person_id, now).await?;
    let actor = Actor {
        person: Some(PersonId(row.person_id)),
        name: row.name,
        email: row.email,
        email_confirmed: row.email_confirmed_at.is_some(),
        held,
    };
    Ok(Some(Visitor { actor, locale: row.locale }))
}

async fn held(
    connection: &impl ConnectionTrait,
    person: Uuid,
    now: Timestamp,
) -> Result<Vec<Held>, StoreError> {
    let sql = "SELECT membership.role, membership.organisation_id, organisation.name AS organisation_name \
               FROM membership JOIN organisation ON organisation.id = membership.organisation_id \
               WHERE membership.person_id = $1 AND membership.state = $2 \
               AND (membership.expires_at IS NULL OR membership.expires_at > $3) ORDER BY membership.id LIMIT $4";
    let values = [person.into(), MembershipState::Active.key().into(), now.0.into(), ROLES_MAX.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let rows = HeldRow::find_by_statement(statement).all(connection).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Held {
                role: Role::from_key(&row.role)?,
                organisation: OrganisationId(row.organisation_id),
                organisation_name: row.organisation_name,
            })
        })
        .collect())
}

async fn seen(store: &Store, hash: String, now: Timestamp) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    session::Entity::update_many()
        .col_expr(session::Column::LastSeenAt, Expr::value(now.0))
        .filter(session::Column::IdHash.eq(hash))
        .exec(tx.connection())
        .await?;
    tx.commit().await
}

//! Sessions: rows named by the hash of a token that only the browser has.

use domain::actor::Actor;
use domain::id::PersonId;
use domain::refusal::Refusal;
use domain::time::{DAY_MS, HOUR_MS};
use domain::words::EMAIL_MAX;
use entity::{person, session};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::attempts::{self, Counted};
use super::registration::record;
use super::{email_key, signed_in};
use crate::connect::Store;
use crate::error::StoreError;
use crate::secret;
use crate::tx::Tx;

/// A session unused for this long is over: a working day with its evening.
pub const IDLE_LIMIT_MS: i64 = 12 * HOUR_MS;
/// However busy, a session ends after this long.
pub const ABSOLUTE_LIMIT_MS: i64 = 14 * DAY_MS;

/// Where a request comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The peer's address, or what a trusted proxy says it is.
    pub address: String,
    pub user_agent: String,
}

/// A session just begun. `token` goes into the cookie and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub token: String,
    pub person: PersonId,
    pub locale: String,
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn").field("person", &self.person).finish_non_exhaustive()
    }
}

/// Begins a session. An address without an account, a wrong password and a suspended account look and last the same.
/// An unconfirmed address may sign in.
///
/// # Errors
/// [`Refusal::WrongCredentials`], [`Refusal::TooManyAttempts`].
pub async fn sign_in(
    store: &Store,
    email: &str,
    password: &str,
    client: &Client,
) -> Result<SignedIn, StoreError> {
    let key: String = email_key(email).chars().take(EMAIL_MAX).collect();
    attempts::count(store, "sign_in", &[Counted::Address(&client.address), Counted::Account(&key)]).await?;
    let person = person::Entity::find().filter(person::Column::EmailKey.eq(&key)).one(&store.reader).await?;
    let person = person.filter(|person| person.suspended_at.is_none());
    let hash = person.as_ref().map(|person| person.password_hash.as_str());
    let (fits, old) = secret::verify_password(store, password, hash).await?;
    let Some(person) = person.filter(|_| fits) else { return Err(Refusal::WrongCredentials.into()) };
    let renewed = if old { Some(secret::hash_password(store, password).await?) } else { None };
    attempts::forgive(store, "sign_in", &key, &client.address).await?;
    let tx = store.begin().await?;
    if let Some(renewed) = renewed {
        // Only while it still is the hash that was checked: the password may have been changed since.
        person::Entity::update_many()
            .col_expr(person::Column::PasswordHash, Expr::value(renewed))
            .filter(person::Column::Id.eq(person.id))
            .filter(person::Column::PasswordHash.eq(&person.password_hash))
            .exec(tx.connection())
            .await?;
    }
    let token = begin(&tx, person.id, client).await?;
    record(&tx, person.id, "sign_in").await?;
    tx.commit().await?;
    Ok(SignedIn { token, person: PersonId(person.id), locale: person.locale })
}

/// Ends the session; one that is no more is no error.
///
/// # Errors
/// When the database does not answer.
pub async fn sign_out(store: &Store, token: &str) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    session::Entity::delete_by_id(secret::token_hash(token)).exec(tx.connection()).await?;
    tx.commit().await
}

/// Ends all sessions of the person but this one.
///
/// # Errors
/// [`Refusal::SignInNeeded`].
pub async fn end_other_sessions(store: &Store, actor: &Actor, session: &str) -> Result<(), StoreError> {
    let person = signed_in(actor)?;
    let tx = store.begin().await?;
    end_all_but(&tx, person.0, Some(session)).await?;
    record(&tx, person.0, "end_other_sessions").await?;
    tx.commit().await
}

/// The same session under a new name: after an act that gave the person another role.
///
/// # Errors
/// [`Refusal::SignInNeeded`], also when the session is over.
pub async fn rotate_session(store: &Store, actor: &Actor, session: &str) -> Result<String, StoreError> {
    let person = signed_in(actor)?;
    let tx = store.begin().await?;
    let token = rotate(&tx, person.0, session).await?;
    tx.commit().await?;
    Ok(token)
}

/// Another token for the same session; its limits stay.
pub(super) async fn rotate(tx: &Tx, person: Uuid, session: &str) -> Result<String, StoreError> {
    let token = secret::new_token();
    let done = session::Entity::update_many()
        .col_expr(session::Column::IdHash, Expr::value(secret::token_hash(&token)))
        .filter(session::Column::IdHash.eq(secret::token_hash(session)))
        .filter(session::Column::PersonId.eq(person))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(Refusal::SignInNeeded.into()) } else { Ok(token) }
}

pub(super) async fn begin(tx: &Tx, person: Uuid, client: &Client) -> Result<String, StoreError> {
    let token = secret::new_token();
    let row = session::ActiveModel {
        id_hash: Set(secret::token_hash(&token)),
        person_id: Set(person),
        created_at: Set(tx.now.0),
        last_seen_at: Set(tx.now.0),
        expires_at: Set(tx.now.plus_ms(ABSOLUTE_LIMIT_MS).0),
        user_agent: Set(shortened(&client.user_agent)),
        address: Set(shortened(&client.address)),
    };
    row.insert(tx.connection()).await?;
    Ok(token)
}

/// Ends the person's sessions, all but the one of the token kept.
pub(super) async fn end_all_but(tx: &Tx, person: Uuid, kept: Option<&str>) -> Result<(), StoreError> {
    let mut ended = session::Entity::delete_many().filter(session::Column::PersonId.eq(person));
    if let Some(kept) = kept {
        ended = ended.filter(session::Column::IdHash.ne(secret::token_hash(kept)));
    }
    ended.exec(tx.connection()).await?;
    Ok(())
}

/// Headers are whatever the other side sends.
fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

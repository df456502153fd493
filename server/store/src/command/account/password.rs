//! A forgotten password, and a new one.

use domain::actor::Actor;
use domain::notice::Notice;
use domain::refusal::Refusal;
use domain::words::{EMAIL_MAX, Form};
use entity::{person, token as token_table};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::attempts::{self, Counted};
use super::registration::{confirm, new_password, record};
use super::session::{end_all_but, rotate};
use super::token::{self, Holder};
use super::{Client, email_key, signed_in};
use crate::connect::Store;
use crate::error::StoreError;
use crate::outbox::{self, Recipient};
use crate::tx::Tx;
use crate::{load, secret};

/// Mails a link to the address if it has an account; the answer does not say which.
///
/// # Errors
/// [`Refusal::TooManyAttempts`], for known and unknown addresses alike.
pub async fn request_reset(store: &Store, email: &str, client: &Client) -> Result<(), StoreError> {
    let key: String = email_key(email).chars().take(EMAIL_MAX).collect();
    let subjects = [Counted::Address(&client.address), Counted::LettersTo(&key)];
    attempts::count(store, "request_reset", &subjects).await?;
    let tx = store.begin().await?;
    let person =
        person::Entity::find().filter(person::Column::EmailKey.eq(&key)).one(tx.connection()).await?;
    if let Some(person) = person.filter(|person| person.suspended_at.is_none()) {
        let holder = Holder { person: Some(person.id), membership: None, email_key: &key };
        let token = token::issue(&tx, token::RESET, &holder).await?;
        outbox::post(&tx, &Recipient::from(&person), &Notice::ResetPassword { token }).await?;
        record(&tx, person.id, "request_reset").await?;
    }
    tx.commit().await
}

/// Sets a new password by the mailed link and ends every session. Who has the link has the address, so that counts
/// as confirmed.
///
/// # Errors
/// [`Refusal::LinkInvalid`], [`Refusal::Invalid`] (the link stays good), [`Refusal::TooManyAttempts`].
pub async fn reset_password(
    store: &Store,
    token: &str,
    password: &str,
    repeat: &str,
    client: &Client,
) -> Result<(), StoreError> {
    attempts::count(store, "reset_password", &[Counted::Address(&client.address)]).await?;
    let now = store.now().await?;
    let link =
        token::find_live(&store.reader, now, token::RESET, token).await?.ok_or(Refusal::LinkInvalid)?;
    let mut form = Form::default();
    let chosen = new_password(&mut form, password, repeat, &[&link.email_key]);
    form.finish()?;
    let hash = secret::hash_password(store, &chosen).await?;
    let tx = store.begin().await?;
    let link = token::redeem(&tx, token::RESET, token).await?;
    let id = link.person_id.ok_or(Refusal::LinkInvalid)?;
    end_all_but(&tx, id, None).await?;
    set(&tx, id, hash).await?;
    confirm(&tx, id).await?;
    record(&tx, id, "reset_password").await?;
    tx.commit().await
}

/// Sets a new password for who knows the old one. Ends every other session; the own one goes on under a new token,
/// which comes back.
///
/// # Errors
/// [`Refusal::WrongCredentials`], [`Refusal::Invalid`], [`Refusal::TooManyAttempts`], [`Refusal::SignInNeeded`] when
/// the session is over.
pub async fn change_password(
    store: &Store,
    actor: &Actor,
    session: &str,
    old: &str,
    new: &str,
    repeat: &str,
    client: &Client,
) -> Result<String, StoreError> {
    let id = signed_in(actor)?;
    let account = id.to_string();
    let subjects = [Counted::Address(&client.address), Counted::Account(&account)];
    attempts::count(store, "change_password", &subjects).await?;
    let person = person::Entity::find_by_id(id.0).one(&store.reader).await?.ok_or(Refusal::NotFound)?;
    let (fits, _) = secret::verify_password(store, old, Some(&person.password_hash)).await?;
    if !fits {
        return Err(Refusal::WrongCredentials.into());
    }
    attempts::forgive(store, "change_password", &account, &client.address).await?;
    let mut form = Form::default();
    let chosen = new_password(&mut form, new, repeat, &[&person.name, &person.email]);
    form.finish()?;
    let hash = secret::hash_password(store, &chosen).await?;
    let tx = store.begin().await?;
    if load::person(&tx, id).await?.password_hash != person.password_hash {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    let renamed = rotate(&tx, person.id, session).await?;
    end_all_but(&tx, person.id, Some(&renamed)).await?;
    set(&tx, person.id, hash).await?;
    record(&tx, person.id, "change_password").await?;
    tx.commit().await?;
    Ok(renamed)
}

async fn set(tx: &Tx, id: uuid::Uuid, hash: String) -> Result<(), StoreError> {
    person::Entity::update_many()
        .col_expr(person::Column::PasswordHash, Expr::value(hash))
        .col_expr(person::Column::Version, Expr::col(person::Column::Version).add(1))
        .filter(person::Column::Id.eq(id))
        .exec(tx.connection())
        .await?;
    token_table::Entity::delete_many()
        .filter(token_table::Column::PersonId.eq(id))
        .filter(token_table::Column::Purpose.eq("reset"))
        .filter(token_table::Column::UsedAt.is_null())
        .exec(tx.connection())
        .await?;
    let row = load::person(tx, domain::id::PersonId(id)).await?;
    outbox::post(tx, &Recipient::from(&row), &Notice::PasswordChanged).await
}

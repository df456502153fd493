//! A new account, and the proof that its address is the person's own.

use domain::actor::Actor;
use domain::id::PersonId;
use domain::notice::Notice;
use domain::refusal::{Problem, Refusal};
use domain::words::{self, Form};
use entity::person;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::attempts::{self, Counted};
use super::token::{self, Holder};
use super::{LOCALES, email_key, signed_in};
use crate::audit::Subject;
use crate::connect::Store;
use crate::error::StoreError;
use crate::outbox::{self, Recipient};
use crate::tx::Tx;
use crate::{audit, load, save, secret};

/// The registration form.
#[derive(Clone, Default)]
pub struct Registration {
    pub name: String,
    pub email: String,
    pub password: String,
    pub repeat: String,
    /// The language of the page it was filled in on.
    pub locale: String,
}

/// Makes an account and mails a link to its address. For an address that has one already the answer is the same and
/// takes as long; its owner gets a letter.
///
/// # Errors
/// [`Refusal::Invalid`] naming each field.
pub async fn register(store: &Store, r: Registration) -> Result<(), StoreError> {
    let mut form = Form::default();
    let name = form.take("name", words::line(&r.name, words::NAME_MAX));
    let email = form.take("email", words::email(&r.email));
    let password = new_password(&mut form, &r.password, &r.repeat, &[&name, &email]);
    form.finish()?;
    let key = email_key(&email);
    let hash = secret::hash_password(store, &password).await?;
    let may_write = match attempts::count(store, "register", &[Counted::LettersTo(&key)]).await {
        Ok(()) => true,
        Err(StoreError::Refused(_)) => false,
        Err(fault) => return Err(fault),
    };
    let tx = store.begin().await?;
    let known = person::Entity::find().filter(person::Column::EmailKey.eq(&key)).one(tx.connection()).await?;
    match known {
        Some(owner) if may_write => {
            outbox::post(&tx, &Recipient::from(&owner), &Notice::AddressInUse).await?
        }
        Some(_) => {}
        None => {
            let person = insert(&tx, NewPerson { name, email, hash, locale: locale(&r.locale) }).await?;
            mail_link(&tx, &person).await?;
            record(&tx, person.id, "register").await?;
        }
    }
    tx.commit().await
}

/// Mails a new link to the own address; does nothing when it is confirmed.
///
/// # Errors
/// [`Refusal::SignInNeeded`], [`Refusal::TooManyAttempts`].
pub async fn resend_confirmation(store: &Store, actor: &Actor) -> Result<(), StoreError> {
    let id = signed_in(actor)?;
    attempts::count(store, "confirm", &[Counted::LettersTo(&id.to_string())]).await?;
    let tx = store.begin().await?;
    let person = load::person(&tx, id).await?;
    if person.email_confirmed_at.is_none() {
        mail_link(&tx, &person).await?;
    }
    tx.commit().await
}

/// The link in the letter was followed.
///
/// # Errors
/// [`Refusal::LinkInvalid`].
pub async fn confirm_email(store: &Store, token: &str) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    let link = token::redeem(&tx, token::CONFIRM, token).await?;
    let id = link.person_id.ok_or(Refusal::LinkInvalid)?;
    confirm(&tx, id).await?;
    record(&tx, id, "confirm_email").await?;
    tx.commit().await
}

/// The address is proven; the first proof stays.
pub(crate) async fn confirm(tx: &Tx, person: uuid::Uuid) -> Result<(), StoreError> {
    person::Entity::update_many()
        .col_expr(person::Column::EmailConfirmedAt, Expr::value(tx.now.0))
        .filter(person::Column::Id.eq(person))
        .filter(person::Column::EmailConfirmedAt.is_null())
        .exec(tx.connection())
        .await?;
    Ok(())
}

pub(crate) struct NewPerson {
    pub name: String,
    pub email: String,
    pub hash: String,
    pub locale: String,
}

pub(crate) async fn insert(tx: &Tx, new: NewPerson) -> Result<person::Model, StoreError> {
    let row = person::ActiveModel {
        id: Set(save::new_id()),
        email_key: Set(email_key(&new.email)),
        email: Set(new.email),
        name: Set(new.name),
        password_hash: Set(new.hash),
        locale: Set(new.locale),
        email_confirmed_at: Set(None),
        suspended_at: Set(None),
        created_at: Set(tx.now.0),
        version: Set(1),
    };
    let taken = Refusal::invalid("email", Problem::AddressTaken);
    row.insert(tx.connection()).await.map_err(|error| StoreError::unique(error, taken))
}

/// A password a person chose: long enough, typed twice alike, hard to guess even for who knows the context.
pub(super) fn new_password(form: &mut Form, password: &str, repeat: &str, context: &[&str]) -> String {
    let chosen = form.take("password", words::password_shape(password));
    if !chosen.is_empty() {
        if secret::is_weak(&chosen, context) {
            form.say("password", Problem::PasswordWeak);
        }
        if chosen != repeat {
            form.say("repeat", Problem::PasswordsDiffer);
        }
    }
    chosen
}

/// A known language, else the default.
pub(super) fn locale(text: &str) -> String {
    let known = LOCALES.iter().find(|known| **known == text).or(LOCALES.first());
    known.map(|known| (*known).to_owned()).unwrap_or_default()
}

/// One line about a person in the audit log, by that person.
pub(super) async fn record(tx: &Tx, person: uuid::Uuid, action: &str) -> Result<(), StoreError> {
    let subject = Subject { kind: "person", id: &person.to_string() };
    audit::record(tx, Some(PersonId(person)), action, subject, serde_json::Value::Null).await
}

async fn mail_link(tx: &Tx, person: &person::Model) -> Result<(), StoreError> {
    let holder = Holder { person: Some(person.id), membership: None, email_key: &person.email_key };
    let token = token::issue(tx, token::CONFIRM, &holder).await?;
    outbox::post(tx, &Recipient::from(person), &Notice::ConfirmAddress { token }).await
}

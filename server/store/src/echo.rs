//! What was typed into a refused form, kept for a few minutes so that the page can show it again.

use domain::challenge::Typed;
use domain::id::PersonId;
use domain::refusal::Refusal;
use entity::form_echo;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde::{Deserialize, Serialize};

use crate::connect::Store;
use crate::error::StoreError;
use crate::{load, save, secret};

/// Long enough to read the message and look something up; short, because drafts are the place to keep work.
const KEPT_MS: i64 = 30 * 60 * 1000;

/// What is kept for somebody without an account: far more than the forms they meet, far less than fills a disk.
const PUBLIC_BYTES: usize = 64 * 1024;

/// A refused form. Passwords are never in `typed`: the caller leaves them out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Echo {
    pub typed: Typed,
    pub refusal: Option<Refusal>,
}

/// Keeps it and returns the token for the address. Only the same person (or, for the public, the holder of the
/// token) gets it back.
///
/// # Errors
/// When the database does not answer.
pub async fn keep(store: &Store, person: Option<PersonId>, echo: &Echo) -> Result<String, StoreError> {
    let token = secret::new_token();
    let mut body = save::json(echo)?;
    if person.is_none() && body.len() > PUBLIC_BYTES {
        body = save::json(&Echo { typed: Typed::new(), refusal: echo.refusal.clone() })?;
    }
    let tx = store.begin().await?;
    let row = form_echo::ActiveModel {
        token_hash: Set(secret::token_hash(&token)),
        person_id: Set(person.map(|id| id.0)),
        body: Set(body),
        expires_at: Set(tx.now.plus_ms(KEPT_MS).0),
    };
    row.insert(tx.connection()).await?;
    tx.commit().await?;
    Ok(token)
}

/// `None` when it is unknown, expired or somebody else's.
///
/// # Errors
/// When the database does not answer.
pub async fn find(store: &Store, person: Option<PersonId>, token: &str) -> Result<Option<Echo>, StoreError> {
    let row = form_echo::Entity::find_by_id(secret::token_hash(token)).one(&store.reader).await?;
    let now = store.now().await?;
    match row {
        Some(row) if row.expires_at > now.0 && row.person_id == person.map(|id| id.0) => {
            Ok(Some(load::json(&row.body)?))
        }
        _ => Ok(None),
    }
}

//! One-time links: the letter holds the token, the table its hash.

use domain::time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};
use entity::token;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::error::StoreError;
use crate::secret;
use crate::tx::Tx;
use domain::refusal::Refusal;

/// What a link is for, and how long it lives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purpose {
    key: &'static str,
    lives_ms: i64,
}

pub(super) const CONFIRM: Purpose = Purpose { key: "confirm", lives_ms: 24 * HOUR_MS };
pub(super) const RESET: Purpose = Purpose { key: "reset", lives_ms: 30 * MINUTE_MS };
pub(crate) const INVITE: Purpose = Purpose { key: "invite", lives_ms: 14 * DAY_MS };

/// Whose link it is.
pub(super) struct Holder<'a> {
    pub person: Option<Uuid>,
    pub membership: Option<Uuid>,
    pub email_key: &'a str,
}

/// Makes a link; older ones of the same purpose and holder die.
pub(super) async fn issue(tx: &Tx, purpose: Purpose, holder: &Holder<'_>) -> Result<String, StoreError> {
    let older = token::Entity::delete_many().filter(token::Column::Purpose.eq(purpose.key));
    let older = match (holder.membership, holder.person) {
        (Some(membership), _) => older.filter(token::Column::MembershipId.eq(membership)),
        (None, Some(person)) => older.filter(token::Column::PersonId.eq(person)),
        (None, None) => older.filter(token::Column::EmailKey.eq(holder.email_key)),
    };
    older.exec(tx.connection()).await?;
    let token = secret::new_token();
    let row = token::ActiveModel {
        hash: Set(secret::token_hash(&token)),
        purpose: Set(purpose.key.to_owned()),
        person_id: Set(holder.person),
        membership_id: Set(holder.membership),
        email_key: Set(holder.email_key.to_owned()),
        created_at: Set(tx.now.0),
        expires_at: Set(tx.now.plus_ms(purpose.lives_ms).0),
        used_at: Set(None),
    };
    row.insert(tx.connection()).await?;
    Ok(token)
}

/// Uses a link up.
///
/// # Errors
/// [`Refusal::LinkInvalid`]: unknown, for something else, used, or too old.
pub(super) async fn redeem(tx: &Tx, purpose: Purpose, token: &str) -> Result<token::Model, StoreError> {
    let row = find_live(tx.connection(), tx.now, purpose, token).await?.ok_or(Refusal::LinkInvalid)?;
    let done = token::Entity::update_many()
        .col_expr(token::Column::UsedAt, Expr::value(tx.now.0))
        .filter(token::Column::Hash.eq(row.hash.clone()))
        .filter(token::Column::UsedAt.is_null())
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 1 { Ok(row) } else { Err(Refusal::LinkInvalid.into()) }
}

/// The link, if it could still be used.
pub(crate) async fn find_live(
    connection: &impl ConnectionTrait,
    now: Timestamp,
    purpose: Purpose,
    token: &str,
) -> Result<Option<token::Model>, StoreError> {
    let row = token::Entity::find_by_id(secret::token_hash(token)).one(connection).await?;
    Ok(row.filter(|row| row.purpose == purpose.key && row.used_at.is_none() && row.expires_at > now.0))
}

//! What a person likes: a language, and domains to hear about.

use domain::actor::Actor;
use domain::challenge::DOMAINS;
use domain::refusal::{Problem, Refusal};
use entity::{follow as follow_table, person};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{LOCALES, signed_in};
use crate::connect::Store;
use crate::error::StoreError;

/// The language of pages and letters from now on.
///
/// # Errors
/// [`Refusal::SignInNeeded`]; an unknown language at `locale`.
pub async fn set_locale(store: &Store, actor: &Actor, locale: &str) -> Result<(), StoreError> {
    let person = signed_in(actor)?;
    if !LOCALES.contains(&locale) {
        return Err(Refusal::invalid("locale", Problem::UnknownChoice).into());
    }
    let tx = store.begin().await?;
    person::Entity::update_many()
        .col_expr(person::Column::Locale, Expr::value(locale))
        .filter(person::Column::Id.eq(person.0))
        .exec(tx.connection())
        .await?;
    tx.commit().await
}

/// From now on a letter for each published list with challenges of the domain. Following twice is following.
///
/// # Errors
/// [`Refusal::SignInNeeded`]; an unknown domain at `domain`.
pub async fn follow(store: &Store, actor: &Actor, domain: &str) -> Result<(), StoreError> {
    let person = signed_in(actor)?;
    known_domain(domain)?;
    let tx = store.begin().await?;
    let row = follow_table::ActiveModel {
        person_id: Set(person.0),
        domain: Set(domain.to_owned()),
        created_at: Set(tx.now.0),
    };
    let again = OnConflict::columns([follow_table::Column::PersonId, follow_table::Column::Domain])
        .do_nothing()
        .to_owned();
    follow_table::Entity::insert(row).on_conflict(again).exec_without_returning(tx.connection()).await?;
    tx.commit().await
}

/// No more letters for the domain.
///
/// # Errors
/// As [`follow`].
pub async fn unfollow(store: &Store, actor: &Actor, domain: &str) -> Result<(), StoreError> {
    let person = signed_in(actor)?;
    known_domain(domain)?;
    let tx = store.begin().await?;
    follow_table::Entity::delete_many()
        .filter(follow_table::Column::PersonId.eq(person.0))
        .filter(follow_table::Column::Domain.eq(domain))
        .exec(tx.connection())
        .await?;
    tx.commit().await
}

fn known_domain(domain: &str) -> Result<(), Refusal> {
    if DOMAINS.contains(&domain) { Ok(()) } else { Err(Refusal::invalid("domain", Problem::UnknownChoice)) }
}

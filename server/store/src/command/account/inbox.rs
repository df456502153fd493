//! Notices are read, one or all.

use domain::actor::Actor;
use domain::id::NoticeId;
use domain::refusal::Refusal;
use entity::notice;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::signed_in;
use crate::connect::Store;
use crate::error::StoreError;

/// Marks one of the own notices; a second time changes nothing.
///
/// # Errors
/// [`Refusal::NotFound`] for somebody else's.
pub async fn mark_read(store: &Store, actor: &Actor, id: NoticeId) -> Result<(), StoreError> {
    let person = signed_in(actor)?;
    let tx = store.begin().await?;
    let own = notice::Entity::find_by_id(id.0).filter(notice::Column::PersonId.eq(person.0));
    if own.count(tx.connection()).await? == 0 {
        return Err(Refusal::NotFound.into());
    }
    notice::Entity::update_many()
        .col_expr(notice::Column::ReadAt, Expr::value(tx.now.0))
        .filter(notice::Column::Id.eq(id.0))
        .filter(notice::Column::ReadAt.is_null())
        .exec(tx.connection())
        .await?;
    tx.commit().await
}

/// Marks all own notices.
///
/// # Errors
/// [`Refusal::SignInNeeded`].
pub async fn mark_all_read(store: &Store, actor: &Actor) -> Result<(), StoreError> {
    let person = signed_in(actor)?;
    let tx = store.begin().await?;
    notice::Entity::update_many()
        .col_expr(notice::Column::ReadAt, Expr::value(tx.now.0))
        .filter(notice::Column::PersonId.eq(person.0))
        .filter(notice::Column::ReadAt.is_null())
        .exec(tx.connection())
        .await?;
    tx.commit().await
}

//! A person's notices. Those whose mail carries a one-time link are mail only.

use domain::actor::Actor;
use domain::id::NoticeId;
use domain::notice::Notice;
use domain::refusal::Refusal;
use domain::time::Timestamp;
use domain::view::Page;
use domain::view::account::InboxRow;
use entity::notice;
use sea_orm::sea_query::{Condition, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use crate::connect::Store;
use crate::error::StoreError;
use crate::load;
use crate::query::cursor;

/// Kinds of [`Notice::is_secret`].
const MAIL_ONLY: [&str; 4] = ["confirm_address", "reset_password", "invited", "address_in_use"];

/// Newest first.
///
/// # Errors
/// [`Refusal::SignInNeeded`].
pub async fn inbox(store: &Store, actor: &Actor, after: Option<&str>) -> Result<Page<InboxRow>, StoreError> {
    let mut rows = own(actor)?
        .order_by_desc(notice::Column::CreatedAt)
        .order_by_desc(notice::Column::Id)
        .limit(cursor::LIMIT);
    if let Some((at, id)) = cursor::read::<(i64, Uuid)>(after) {
        let earlier = notice::Column::CreatedAt.lt(at);
        let same = notice::Column::CreatedAt.eq(at).and(notice::Column::Id.lt(id));
        rows = rows.filter(Condition::any().add(earlier).add(same));
    }
    let rows = rows.all(&store.reader).await?;
    let page = cursor::page(rows, |row| (row.created_at, row.id), view);
    Ok(Page { rows: page.rows.into_iter().collect::<Result<_, _>>()?, next: page.next })
}

fn view(row: notice::Model) -> Result<InboxRow, StoreError> {
    Ok(InboxRow {
        id: NoticeId(row.id),
        notice: load::json::<Notice>(&row.body)?,
        created_at: Timestamp(row.created_at),
        read_at: row.read_at.map(Timestamp),
    })
}

/// Unread notices; none for the public.
///
/// # Errors
/// When the database does not answer.
pub async fn count_unread(store: &Store, actor: &Actor) -> Result<u32, StoreError> {
    let Ok(own) = own(actor) else { return Ok(0) };
    let unread = own.filter(notice::Column::ReadAt.is_null()).count(&store.reader).await?;
    Ok(u32::try_from(unread).unwrap_or(u32::MAX))
}

fn own(actor: &Actor) -> Result<Select<notice::Entity>, Refusal> {
    let person = actor.person.ok_or(Refusal::SignInNeeded)?;
    Ok(notice::Entity::find()
        .filter(notice::Column::PersonId.eq(person.0))
        .filter(notice::Column::Kind.is_not_in(MAIL_ONLY)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_mail_only_here_is_secret_there() {
        let token = String::new();
        let invited = Notice::Invited {
            token: token.clone(),
            organisation: String::new(),
            role: String::new(),
            by: String::new(),
        };
        let secret = [
            Notice::ConfirmAddress { token: token.clone() },
            Notice::ResetPassword { token },
            invited,
            Notice::AddressInUse,
        ];
        assert!(secret.iter().all(Notice::is_secret));
        assert_eq!(secret.each_ref().map(Notice::kind), MAIL_ONLY);
    }
}

//! Letters that never left, and who did what.

use domain::actor::Actor;
use domain::id::NoticeId;
use domain::permission::{self, Action, Facts};
use domain::time::Timestamp;
use domain::view::Page;
use entity::{audit, notice, person};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef,
};

use crate::connect::Store;
use crate::error::StoreError;
use crate::query::cursor;

/// More than this at once is one broken mail server, not letters to look at one by one.
const DEAD_LETTERS: u64 = 200;

/// A letter laid aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    pub id: NoticeId,
    pub kind: String,
    pub address: String,
    pub attempts: i64,
    pub last_error: String,
    pub created_at: Timestamp,
}

/// Oldest first.
///
/// # Errors
/// [`domain::refusal::Refusal::NotFound`] for others than organisers.
pub async fn dead_letters(store: &Store, actor: &Actor) -> Result<Vec<DeadLetter>, StoreError> {
    permission::decide(actor, Action::ReadDeadLetters, &Facts::default())?;
    let rows = notice::Entity::find()
        .filter(notice::Column::State.eq("dead"))
        .filter(crate::query::bid_seal::tells_no_sealed_bid())
        .order_by_asc(notice::Column::NextAt)
        .limit(DEAD_LETTERS)
        .all(&store.reader)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| DeadLetter {
            id: NoticeId(row.id),
            kind: row.kind,
            address: row.address,
            attempts: row.attempts,
            last_error: row.last_error,
            created_at: Timestamp(row.created_at),
        })
        .collect())
}

/// One line of the audit log. `who` is empty for the clock and the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    pub at: Timestamp,
    pub who: String,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub detail: String,
}

#[derive(FromQueryResult)]
struct Line {
    seq: i64,
    at: i64,
    who: Option<String>,
    action: String,
    subject_kind: String,
    subject_id: String,
    detail: String,
}

/// Newest first.
///
/// # Errors
/// [`domain::refusal::Refusal::NotFound`] for others than organisers and auditors.
pub async fn audit_log(
    store: &Store,
    actor: &Actor,
    after: Option<&str>,
) -> Result<Page<AuditRow>, StoreError> {
    permission::decide(actor, Action::ReadAuditLog, &Facts::default())?;
    let actors: RelationDef =
        audit::Entity::belongs_to(person::Entity).from(audit::Column::ActorId).to(person::Column::Id).into();
    let mut lines = audit::Entity::find()
        .join(JoinType::LeftJoin, actors)
        .column_as(person::Column::Name, "who")
        .order_by_desc(audit::Column::Seq)
        .limit(cursor::LIMIT);
    if let Some(seq) = cursor::read::<i64>(after) {
        lines = lines.filter(audit::Column::Seq.lt(seq));
    }
    let lines = lines.into_model::<Line>().all(&store.reader).await?;
    Ok(cursor::page(
        lines,
        |line| line.seq,
        |line| AuditRow {
            at: Timestamp(line.at),
            who: line.who.unwrap_or_default(),
            action: line.action,
            subject_kind: line.subject_kind,
            subject_id: line.subject_id,
            detail: line.detail,
        },
    ))
}

//! Who did what, in the same transaction as the doing. Append only. Deliberately absent: hash chaining (later).

use domain::id::PersonId;
use entity::audit;
use sea_orm::{ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set};

use crate::error::StoreError;
use crate::tx::Tx;

/// What was acted on.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub kind: &'static str,
    pub id: &'a str,
}

/// Writes one line. `detail` holds ids and states, never text of a bid, a score, an address or a token.
///
/// # Errors
/// When the database does not answer.
pub async fn record(
    tx: &Tx,
    actor: Option<PersonId>,
    action: &str,
    subject: Subject<'_>,
    detail: serde_json::Value,
) -> Result<(), StoreError> {
    let row = audit::ActiveModel {
        seq: NotSet,
        at: Set(tx.now.0),
        actor_id: Set(actor.map(|id| id.0)),
        action: Set(action.to_owned()),
        subject_kind: Set(subject.kind.to_owned()),
        subject_id: Set(subject.id.to_owned()),
        detail: Set(detail.to_string()),
    };
    row.insert(tx.connection()).await?;
    Ok(())
}

//! Notices: written in the business transaction, mailed by a worker, read in the inbox.

use domain::id::{NoticeId, PersonId};
use domain::notice::Notice;
use entity::{notice, person};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use sea_orm::{DbBackend, FromQueryResult, Statement};
use uuid::Uuid;

use crate::connect::Store;
use crate::error::StoreError;
use crate::save;
use crate::tx::Tx;

/// Who gets a notice. `person` is `None` for an invited address without an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    pub person: Option<PersonId>,
    pub address: String,
    pub name: String,
    /// `zh-CN` or `en`.
    pub locale: String,
}

impl From<&person::Model> for Recipient {
    fn from(row: &person::Model) -> Self {
        Self {
            person: Some(PersonId(row.id)),
            address: row.email.clone(),
            name: row.name.clone(),
            locale: row.locale.clone(),
        }
    }
}

/// Attempts before a letter is dead: with the backoff below, about two days.
pub const MAX_ATTEMPTS: i64 = 12;
/// First wait; doubles each time, up to [`BACKOFF_MAX_MS`].
pub const BACKOFF_FIRST_MS: i64 = 30_000;
pub const BACKOFF_MAX_MS: i64 = 6 * 3_600_000;

/// Queues a notice; it exists exactly when the transaction commits.
///
/// # Errors
/// When the database does not answer.
pub async fn post(tx: &Tx, to: &Recipient, body: &Notice) -> Result<(), StoreError> {
    let challenge = body.about().and_then(|about| about.id.parse::<Uuid>().ok());
    let row = notice::ActiveModel {
        id: Set(save::new_id()),
        person_id: Set(to.person.map(|id| id.0)),
        address: Set(to.address.clone()),
        recipient_name: Set(to.name.clone()),
        locale: Set(to.locale.clone()),
        kind: Set(body.kind().to_owned()),
        body: Set(save::json(body)?),
        challenge_id: Set(challenge),
        state: Set("waiting".to_owned()),
        attempts: Set(0),
        next_at: Set(tx.now.0),
        leased_until: Set(None),
        sent_at: Set(None),
        last_error: Set(String::new()),
        created_at: Set(tx.now.0),
        read_at: Set(None),
    };
    row.insert(tx.connection()).await?;
    Ok(())
}

/// The same notice to several persons; unknown ids are passed over.
///
/// # Errors
/// When the database does not answer.
pub async fn post_to_persons(tx: &Tx, persons: &[Uuid], body: &Notice) -> Result<(), StoreError> {
    for chunk in persons.chunks(500) {
        let rows = person::Entity::find()
            .filter(person::Column::Id.is_in(chunk.to_vec()))
            .all(tx.connection())
            .await?;
        for row in &rows {
            post(tx, &Recipient::from(row), body).await?;
        }
    }
    Ok(())
}

/// A claimed letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub id: NoticeId,
    pub to: Recipient,
    pub notice: Notice,
    pub attempts: i64,
    pub created_at: domain::time::Timestamp,
}

#[derive(Debug, FromQueryResult)]
struct Claimed {
    id: Uuid,
    person_id: Option<Uuid>,
    address: String,
    recipient_name: String,
    locale: String,
    body: String,
    attempts: i64,
    created_at: i64,
}

impl Claimed {
    fn letter(self, notice: Notice) -> Letter {
        Letter {
            id: NoticeId(self.id),
            to: Recipient {
                person: self.person_id.map(PersonId),
                address: self.address,
                name: self.recipient_name,
                locale: self.locale,
            },
            notice,
            attempts: self.attempts,
            created_at: domain::time::Timestamp(self.created_at),
        }
    }
}

/// Claims up to `limit` letters that are due, or whose lease ran out, for `lease_ms`. Two workers never hold the same.
///
/// # Errors
/// When the database does not answer.
pub async fn claim(store: &Store, limit: u32, lease_ms: i64) -> Result<Vec<Letter>, StoreError> {
    let tx = store.begin().await?;
    let backend = tx.connection().get_database_backend();
    let lock = if backend == DbBackend::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "UPDATE notice SET state = 'leased', leased_until = $1, attempts = attempts + 1 WHERE id IN (\
         SELECT id FROM notice WHERE (state = 'waiting' AND next_at <= $2) OR (state = 'leased' AND leased_until <= $2) \
         ORDER BY next_at, id LIMIT $3 {lock}) \
         RETURNING id, person_id, address, recipient_name, locale, body, attempts, created_at"
    );
    let values = [tx.now.plus_ms(lease_ms).0.into(), tx.now.0.into(), i64::from(limit).into()];
    let rows = Claimed::find_by_statement(Statement::from_sql_and_values(backend, sql, values))
        .all(tx.connection())
        .await?;
    let mut letters = Vec::with_capacity(rows.len());
    for row in rows {
        match serde_json::from_str(&row.body) {
            Ok(notice) => letters.push(row.letter(notice)),
            // A row nobody can read must not hold up the others: laid aside, where an organiser sees it.
            Err(fault) => {
                tracing::error!(id = %row.id, %fault, "unreadable notice laid aside");
                let mut dead = notice::ActiveModel { id: Set(row.id), ..Default::default() };
                dead.state = Set("dead".to_owned());
                dead.leased_until = Set(None);
                dead.last_error = Set("unreadable".to_owned());
                dead.update(tx.connection()).await?;
            }
        }
    }
    tx.commit().await?;
    Ok(letters)
}

/// The letter has left. A one-time link in it is blanked, so that the table holds no live secret.
///
/// # Errors
/// When the database does not answer.
pub async fn mark_sent(store: &Store, letter: &Letter) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    let mut row = notice::ActiveModel { id: Set(letter.id.0), ..Default::default() };
    row.state = Set("sent".to_owned());
    row.sent_at = Set(Some(tx.now.0));
    row.leased_until = Set(None);
    row.last_error = Set(String::new());
    if let Some(blanked) = without_token(&letter.notice) {
        row.body = Set(save::json(&blanked)?);
    }
    row.update(tx.connection()).await?;
    tx.commit().await
}

/// The letter did not leave: wait longer each time, at the end lay it aside where an organiser sees it.
/// `permanent` lays it aside at once.
///
/// # Errors
/// When the database does not answer.
pub async fn mark_failed(
    store: &Store,
    letter: &Letter,
    error: &str,
    permanent: bool,
) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    let dead = permanent || letter.attempts >= MAX_ATTEMPTS;
    let doublings = u32::try_from(letter.attempts.clamp(1, 20) - 1).unwrap_or(0);
    let wait = BACKOFF_FIRST_MS.saturating_mul(1i64 << doublings).min(BACKOFF_MAX_MS);
    let mut row = notice::ActiveModel { id: Set(letter.id.0), ..Default::default() };
    row.state = Set(if dead { "dead" } else { "waiting" }.to_owned());
    row.next_at = Set(tx.now.plus_ms(wait).0);
    row.leased_until = Set(None);
    // A server's words may be long and hold anything: keep the start, without control characters.
    row.last_error = Set(error.chars().filter(|c| !c.is_control()).take(500).collect());
    row.update(tx.connection()).await?;
    tx.commit().await
}

/// Gives back letters claimed by a worker that is stopping.
///
/// # Errors
/// When the database does not answer.
pub async fn release(store: &Store, ids: &[NoticeId]) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    let row = notice::ActiveModel {
        state: Set("waiting".to_owned()),
        leased_until: Set(None),
        ..Default::default()
    };
    notice::Entity::update_many()
        .set(row)
        .filter(notice::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(notice::Column::State.eq("leased"))
        .exec(tx.connection())
        .await?;
    tx.commit().await
}

fn without_token(body: &Notice) -> Option<Notice> {
    let mut body = body.clone();
    match &mut body {
        Notice::ConfirmAddress { token }
        | Notice::ResetPassword { token }
        | Notice::Invited { token, .. } => {
            token.clear();
            Some(body)
        }
        _ => None,
    }
}

//! A challenge as lists show it, and the one condition under which anyone may see it.

use domain::challenge::State;
use domain::id::ChallengeId;
use domain::money::Fen;
use domain::time::Timestamp;
use domain::view::public::ChallengeCard;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::error::StoreError;

/// Published once. Only a cancelled challenge needs a second look, because it may have been cancelled before; the
/// column for that lies behind the long texts, where reading it costs a row several pages.
pub(crate) const VISIBLE: &str = "challenge.state NOT IN ('draft', 'proposed', 'returned', 'approved') \
     AND (challenge.state <> 'cancelled' OR challenge.published_at IS NOT NULL)";

/// The same for one row.
pub(crate) fn is_visible(row: &entity::challenge::Model) -> bool {
    State::from_key(&row.state).is_some_and(State::is_public) && row.published_at.is_some()
}

/// Columns of [`CardRow`].
pub(crate) const CARD: &str = "challenge.id, challenge.number, challenge.title, challenge.title_en, \
     challenge.domain, challenge.issuer_shown, challenge.amount_fen, challenge.state, challenge.closes_at, \
     challenge.has_race";

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct CardRow {
    pub id: Uuid,
    pub number: Option<String>,
    title: String,
    title_en: String,
    domain: String,
    issuer_shown: String,
    amount_fen: Option<i64>,
    state: String,
    closes_at: Option<i64>,
    has_race: bool,
}

impl From<CardRow> for ChallengeCard {
    fn from(row: CardRow) -> Self {
        Self {
            id: ChallengeId(row.id),
            number: row.number.unwrap_or_default(),
            title: row.title,
            title_en: row.title_en,
            domain: row.domain,
            issuer_shown: row.issuer_shown,
            amount: row.amount_fen.map(Fen),
            state: public_state(&row.state),
            closes_at: row.closes_at.map(Timestamp),
            has_race: row.has_race,
        }
    }
}

/// A stored state as the public is told it.
pub(crate) fn public_state(key: &str) -> State {
    State::from_key(key).unwrap_or(State::Cancelled).shown_to_public()
}

/// A statement from its text and its values, for the database at hand.
pub(crate) fn statement(
    connection: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(connection.get_database_backend(), sql, values)
}

/// Cards of visible challenges; `rest` is what follows `WHERE … AND`, with its own LIMIT.
pub(crate) async fn cards(
    connection: &impl ConnectionTrait,
    rest: &str,
    values: Vec<Value>,
) -> Result<Vec<ChallengeCard>, StoreError> {
    let sql = format!("SELECT {CARD} FROM challenge WHERE {VISIBLE} AND {rest}");
    let rows = CardRow::find_by_statement(statement(connection, sql, values)).all(connection).await?;
    Ok(rows.into_iter().map(ChallengeCard::from).collect())
}

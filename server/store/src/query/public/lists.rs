//! Published lists and what is on them.

use std::collections::BTreeMap;

use domain::challenge::{MAIN_LINE, State};
use domain::id::ListId;
use domain::list::ListState;
use domain::money::Fen;
use domain::refusal::Refusal;
use domain::time::Timestamp;
use domain::view::Page;
use domain::view::public::{ChallengeCard, ListCard, ListPage};
use entity::challenge_list;
use sea_orm::sea_query::{Condition, ExprTrait};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select, Value,
};
use uuid::Uuid;

use crate::connect::Store;
use crate::error::StoreError;
use crate::load;
use crate::query::cards::{CARD, CardRow, VISIBLE, public_state, statement};
use crate::query::cursor;

/// Published lists, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn lists(store: &Store, after: Option<&str>) -> Result<Page<ListCard>, StoreError> {
    let mut rows = published().limit(cursor::LIMIT);
    if let Some((at, id)) = cursor::read::<(i64, Uuid)>(after) {
        let earlier = challenge_list::Column::PublishedAt.lt(at);
        let same = challenge_list::Column::PublishedAt.eq(at).and(challenge_list::Column::Id.lt(id));
        rows = rows.filter(Condition::any().add(earlier).add(same));
    }
    let rows = rows.all(&store.reader).await?;
    let page = cursor::page(rows, |row| (row.published_at, row.id), |row| row);
    Ok(Page { rows: list_cards(store, page.rows).await?, next: page.next })
}

/// The newest published lists.
pub(super) async fn newest(store: &Store, limit: u64) -> Result<Vec<ListCard>, StoreError> {
    let rows = published().limit(limit).all(&store.reader).await?;
    list_cards(store, rows).await
}

fn published() -> Select<challenge_list::Entity> {
    challenge_list::Entity::find()
        .filter(challenge_list::Column::State.eq(ListState::Published.key()))
        .order_by_desc(challenge_list::Column::PublishedAt)
        .order_by_desc(challenge_list::Column::Id)
}

/// A published list with one page of its challenges, by number.
///
/// # Errors
/// [`Refusal::NotFound`], also for a list that is not out yet.
pub async fn list(store: &Store, id: ListId, after: Option<&str>) -> Result<ListPage, StoreError> {
    let row = published().filter(challenge_list::Column::Id.eq(id.0)).one(&store.reader).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    let mut sql = format!("SELECT {CARD} FROM challenge WHERE challenge.list_id = $1 AND {VISIBLE}");
    let mut values: Vec<Value> = vec![id.0.into(), i64::try_from(cursor::LIMIT).unwrap_or(51).into()];
    if let Some(number) = cursor::read::<String>(after) {
        sql.push_str(" AND challenge.number > $3");
        values.push(number.into());
    }
    sql.push_str(" ORDER BY challenge.number LIMIT $2");
    let rows = CardRow::find_by_statement(statement(&store.reader, sql, values)).all(&store.reader).await?;
    let challenges = cursor::page(rows, |row| row.number.clone().unwrap_or_default(), ChallengeCard::from);
    let card = list_cards(store, vec![row]).await?.pop().ok_or(Refusal::NotFound)?;
    Ok(ListPage { card, challenges })
}

#[derive(FromQueryResult)]
struct StateSum {
    list_id: Uuid,
    state: String,
    count: i64,
    amount_fen: i64,
    closes_next: Option<i64>,
}

/// Cards of lists, with the figures of their challenges from one statement.
async fn list_cards(store: &Store, rows: Vec<challenge_list::Model>) -> Result<Vec<ListCard>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let now = store.now().await?;
    let places: Vec<String> = (2..rows.len() + 2).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT challenge.list_id AS list_id, challenge.state AS state, COUNT(*) AS count, \
         CAST(COALESCE(SUM(challenge.amount_fen), 0) AS BIGINT) AS amount_fen, \
         MIN(CASE WHEN challenge.state = 'published' AND challenge.closes_at >= $1 \
         THEN challenge.closes_at END) AS closes_next \
         FROM challenge WHERE challenge.list_id IN ({}) AND {VISIBLE} \
         GROUP BY challenge.list_id, challenge.state LIMIT 2000",
        places.join(", ")
    );
    let mut values: Vec<Value> = vec![now.0.into()];
    values.extend(rows.iter().map(|row| Value::from(row.id)));
    let sums = StateSum::find_by_statement(statement(&store.reader, sql, values)).all(&store.reader).await?;
    rows.into_iter().map(|row| card(row, &sums)).collect()
}

fn card(row: challenge_list::Model, sums: &[StateSum]) -> Result<ListCard, StoreError> {
    let own = || sums.iter().filter(|sum| sum.list_id == row.id);
    let mut states: BTreeMap<State, u32> = BTreeMap::new();
    for sum in own() {
        *states.entry(public_state(&sum.state)).or_default() += small(sum.count);
    }
    let place = |state: State| MAIN_LINE.iter().position(|known| *known == state).unwrap_or(MAIN_LINE.len());
    let mut states: Vec<(State, u32)> = states.into_iter().collect();
    states.sort_by_key(|(state, _)| (place(*state), *state));
    Ok(ListCard {
        id: ListId(row.id),
        content: load::json(&row.content)?,
        published_at: row.published_at.map(Timestamp),
        challenges: small(own().map(|sum| sum.count).sum()),
        amount_total: own().map(|sum| Fen(sum.amount_fen)).sum(),
        closes_next: own().filter_map(|sum| sum.closes_next).min().map(Timestamp),
        states,
    })
}

fn small(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

//! Search over Chinese and English, with facets. Three statements: the clock, the hits, the figures.

use std::collections::BTreeMap;

use domain::challenge::{MAIN_LINE, State};
use domain::view::public::{AmountBand, ChallengeCard, SearchPage, SearchQuery};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::search_sql::{self, Order, Sql};
use crate::connect::Store;
use crate::error::StoreError;
use crate::query::cards::{CARD, public_state, statement};
use crate::query::cursor;

/// Domains times states times bands, and room.
const CELLS_MAX: u64 = 5_000;

/// What the address asks for; unknown values are dropped. Each facet counts what its other choices would find.
///
/// # Errors
/// When the database does not answer.
pub async fn search(store: &Store, query: SearchQuery) -> Result<SearchPage, StoreError> {
    let query = search_sql::understood(query);
    let now = store.now().await?;
    let base = || search_sql::base(store.reader.get_database_backend(), &query, now);
    let cells = cells(store, base()).await?;
    let mut hits = base();
    search_sql::narrow(&mut hits, &query);
    let order = search_sql::order(&mut hits, &query, now);
    let hits = self::hits(store, hits, &order).await?;
    let of = |cell: &&Cell| {
        let (domain, state, amount) = cell.fits(&query);
        domain && state && amount
    };
    Ok(SearchPage {
        hits,
        total: cells.iter().filter(of).map(|cell| cell.count).sum(),
        domains: domains(&cells, &query),
        states: states(&cells, &query),
        amounts: amounts(&cells, &query),
        query,
    })
}

/// Hits that agree in everything the facets ask about.
struct Cell {
    domain: String,
    state: State,
    amount: AmountBand,
    count: u64,
}

impl Cell {
    fn fits(&self, query: &SearchQuery) -> (bool, bool, bool) {
        (
            query.domain.as_ref().is_none_or(|domain| *domain == self.domain),
            query.state.is_none_or(|state| state == self.state),
            query.amount.is_none_or(|amount| amount == self.amount),
        )
    }
}

#[derive(FromQueryResult)]
struct CellRow {
    domain: String,
    state: String,
    band: String,
    count: i64,
}

async fn cells(store: &Store, base: Sql) -> Result<Vec<Cell>, StoreError> {
    let sql = format!(
        "SELECT challenge.domain AS domain, challenge.state AS state, {} AS band, COUNT(*) AS count \
         FROM challenge WHERE {} GROUP BY 1, 2, 3 LIMIT {CELLS_MAX}",
        search_sql::band(),
        base.text
    );
    let rows =
        CellRow::find_by_statement(statement(&store.reader, sql, base.values)).all(&store.reader).await?;
    Ok(rows
        .into_iter()
        .map(|row| Cell {
            domain: row.domain,
            state: public_state(&row.state),
            amount: AmountBand::from_key(&row.band).unwrap_or(AmountBand::NotStated),
            count: u64::try_from(row.count).unwrap_or(0),
        })
        .collect())
}

#[derive(FromQueryResult)]
struct Hit {
    #[sea_orm(nested)]
    card: crate::query::cards::CardRow,
    sort_key: i64,
}

async fn hits(
    store: &Store,
    sql: Sql,
    order: &Order,
) -> Result<domain::view::Page<ChallengeCard>, StoreError> {
    let direction = if order.descending { "DESC" } else { "ASC" };
    // The inner half needs only what an index holds; the long rows are touched for one page of them.
    let text = format!(
        "SELECT {CARD}, hit.sort_key FROM (SELECT challenge.id AS id, {} AS sort_key FROM challenge WHERE {} \
         ORDER BY 2 {direction}, 1 {direction} LIMIT {}) AS hit JOIN challenge ON challenge.id = hit.id \
         ORDER BY hit.sort_key {direction}, hit.id {direction} LIMIT {}",
        order.key,
        sql.text,
        cursor::LIMIT,
        cursor::LIMIT
    );
    let rows = Hit::find_by_statement(statement(&store.reader, text, sql.values)).all(&store.reader).await?;
    let key = |hit: &Hit| -> (i64, Uuid, i64) { (hit.sort_key, hit.card.id, order.moment) };
    Ok(cursor::page(rows, key, |hit| hit.card.into()))
}

/// Most frequent first.
fn domains(cells: &[Cell], query: &SearchQuery) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for cell in cells {
        if let (_, true, true) = cell.fits(query) {
            *counts.entry(&cell.domain).or_default() += cell.count;
        }
    }
    let mut counts: Vec<(String, u64)> =
        counts.into_iter().map(|(domain, count)| (domain.to_owned(), count)).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

/// Along the main line, exits last.
fn states(cells: &[Cell], query: &SearchQuery) -> Vec<(State, u64)> {
    let mut counts: BTreeMap<State, u64> = BTreeMap::new();
    for cell in cells {
        if let (true, _, true) = cell.fits(query) {
            *counts.entry(cell.state).or_default() += cell.count;
        }
    }
    let place = |state: State| MAIN_LINE.iter().position(|known| *known == state).unwrap_or(MAIN_LINE.len());
    let mut counts: Vec<(State, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|(state, _)| (place(*state), *state));
    counts
}

/// From small to large.
fn amounts(cells: &[Cell], query: &SearchQuery) -> Vec<(AmountBand, u64)> {
    let count = |band: AmountBand| -> u64 {
        let fits = |cell: &&Cell| cell.amount == band && matches!(cell.fits(query), (true, true, _));
        cells.iter().filter(fits).map(|cell| cell.count).sum()
    };
    AmountBand::ALL.iter().map(|band| (*band, count(*band))).filter(|(_, count)| *count > 0).collect()
}

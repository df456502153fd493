//! The front page.

use domain::challenge::State;
use domain::money::Fen;
use domain::time::Timestamp;
use domain::view::public::{HomeCounts, HomePage};
use sea_orm::FromQueryResult;

use super::{lists, results};
use crate::connect::Store;
use crate::error::StoreError;
use crate::query::cards::{cards, statement};

const LISTS: u64 = 4;
const CLOSING_SOON: i64 = 6;
const RACES: i64 = 4;
const RESULTS: u64 = 4;

#[derive(FromQueryResult)]
struct StateCount {
    state: String,
    count: i64,
}

#[derive(FromQueryResult)]
struct Sums {
    lists: i64,
    racing: i64,
    amount_open: i64,
}

/// Newest lists, what closes next, running races, latest results.
///
/// # Errors
/// When the database does not answer.
pub async fn home(store: &Store) -> Result<HomePage, StoreError> {
    let now = store.now().await?;
    let reader = &store.reader;
    let open = "challenge.state = 'published' AND challenge.closes_at >= $1 \
                ORDER BY challenge.closes_at, challenge.id LIMIT $2";
    let racing = "challenge.state = 'running' AND challenge.has_race ORDER BY challenge.id DESC LIMIT $1";
    Ok(HomePage {
        counts: counts(store, now).await?,
        lists: lists::newest(store, LISTS).await?,
        closing_soon: cards(reader, open, vec![now.0.into(), CLOSING_SOON.into()]).await?,
        races: cards(reader, racing, vec![RACES.into()]).await?,
        results: results::latest(store, RESULTS).await?,
    })
}

async fn counts(store: &Store, now: Timestamp) -> Result<HomeCounts, StoreError> {
    let reader = &store.reader;
    let sql = "SELECT state, COUNT(*) AS count FROM challenge GROUP BY state LIMIT 50";
    let states = StateCount::find_by_statement(statement(reader, sql, [])).all(reader).await?;
    let sql = "SELECT (SELECT COUNT(*) FROM challenge_list WHERE state = 'published') AS lists, \
               (SELECT COUNT(*) FROM challenge WHERE state = 'running' AND has_race) AS racing, \
               (SELECT CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) FROM challenge \
               WHERE state = 'published' AND closes_at >= $1) AS amount_open";
    let sums = Sums::find_by_statement(statement(reader, sql, [now.0.into()])).one(reader).await?;
    let Some(sums) = sums else { return Ok(HomeCounts::default()) };
    let of = |wanted: &[State]| {
        let rows = states.iter().filter(|row| wanted.iter().any(|state| state.key() == row.state));
        small(rows.map(|row| row.count).sum())
    };
    use State as S;
    Ok(HomeCounts {
        lists: small(sums.lists),
        open: of(&[S::Published]),
        in_review: of(&[S::Closed, S::Opened, S::Eligibility, S::Review, S::Decided]),
        racing: small(sums.racing),
        finished: of(&[S::Finished]),
        amount_open: Fen(sums.amount_open),
    })
}

fn small(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

//! Results, from publicity on: winners always, scores where the rule says so.

use domain::challenge::State;
use domain::decision::{Decision, DecisionState};
use domain::id::ChallengeId;
use domain::rule::Rule;
use domain::time::Timestamp;
use domain::view::Page;
use domain::view::public::{PublicWinner, ResultRow};
use entity::{bid, challenge, decision, organisation};
use sea_orm::sea_query::{Condition, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use crate::connect::Store;
use crate::error::StoreError;
use crate::load;
use crate::query::cursor;

/// Winners of one page of results: 50 challenges of at most 50 winners each.
const WINNERS_MAX: u64 = 2_500;

/// Latest publicity first.
///
/// # Errors
/// When the database does not answer.
pub async fn results(store: &Store, after: Option<&str>) -> Result<Page<ResultRow>, StoreError> {
    let mut rows = shown().limit(cursor::LIMIT);
    if let Some((at, id)) = cursor::read::<(i64, Uuid)>(after) {
        let earlier = challenge::Column::PublicityFrom.lt(at);
        let same = challenge::Column::PublicityFrom.eq(at).and(challenge::Column::Id.lt(id));
        rows = rows.filter(Condition::any().add(earlier).add(same));
    }
    let rows = rows.all(&store.reader).await?;
    let page = cursor::page(rows, |row| (row.publicity_from, row.id), |row| row);
    Ok(Page { rows: result_rows(store, &page.rows).await?, next: page.next })
}

pub(super) async fn latest(store: &Store, limit: u64) -> Result<Vec<ResultRow>, StoreError> {
    let rows = shown().limit(limit).all(&store.reader).await?;
    result_rows(store, &rows).await
}

/// The result of one challenge in a state that shows it.
pub(super) async fn result(store: &Store, row: &challenge::Model) -> Result<Option<ResultRow>, StoreError> {
    Ok(result_rows(store, std::slice::from_ref(row)).await?.pop())
}

fn shown() -> Select<challenge::Entity> {
    let states = State::ALL.iter().filter(|state| state.shows_results()).map(|state| state.key());
    challenge::Entity::find()
        .filter(challenge::Column::State.is_in(states))
        .filter(challenge::Column::PublicityFrom.is_not_null())
        .order_by_desc(challenge::Column::PublicityFrom)
        .order_by_desc(challenge::Column::Id)
}

/// Three statements, however many rows: decisions, winning bids, their units.
async fn result_rows(store: &Store, rows: &[challenge::Model]) -> Result<Vec<ResultRow>, StoreError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let decisions = decision::Entity::find()
        .filter(decision::Column::ChallengeId.is_in(ids.clone()))
        .filter(decision::Column::State.eq(DecisionState::Applied.key()))
        .limit(cursor::LIMIT)
        .all(&store.reader)
        .await?;
    let mut decided = Vec::with_capacity(decisions.len());
    for row in &decisions {
        decided.push((row.challenge_id, load::json::<Decision>(&row.body)?));
    }
    let winners = decided.iter().flat_map(|(_, decision)| decision.winners.iter().map(|bid| bid.0));
    let bids: Vec<bid::Model> = bid::Entity::find()
        .filter(bid::Column::Id.is_in(winners))
        .limit(WINNERS_MAX)
        .all(&store.reader)
        .await?;
    let units: Vec<organisation::Model> = organisation::Entity::find()
        .filter(organisation::Column::Id.is_in(bids.iter().map(|bid| bid.lead_unit_id)))
        .limit(WINNERS_MAX)
        .all(&store.reader)
        .await?;
    let mut results = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some((_, decision)) = decided.iter().find(|(id, _)| *id == row.id) {
            results.push(view(row, decision, &bids, &units)?);
        }
    }
    Ok(results)
}

fn view(
    row: &challenge::Model,
    decision: &Decision,
    bids: &[bid::Model],
    units: &[organisation::Model],
) -> Result<ResultRow, StoreError> {
    let rule: Rule = load::rule(row)?;
    let winner = |id: &domain::id::BidId| {
        let bid = bids.iter().find(|bid| bid.id == id.0)?;
        let unit = units.iter().find(|unit| unit.id == bid.lead_unit_id)?;
        let ranked = decision.ranking.rows.iter().find(|ranked| ranked.bid == *id)?;
        Some(PublicWinner {
            unit: unit.name.clone(),
            bid_title: bid.title.clone(),
            total_milli: rule.scores_public.then_some(ranked.total_milli),
            rank: ranked.rank,
        })
    };
    Ok(ResultRow {
        challenge: ChallengeId(row.id),
        number: row.number.clone().unwrap_or_default(),
        title: row.title.clone(),
        title_en: row.title_en.clone(),
        state: load::state(row)?.shown_to_public(),
        winners: decision.winners.iter().filter_map(winner).collect(),
        bids_ranked: u32::try_from(decision.ranking.rows.len()).unwrap_or(u32::MAX),
        publicity_from: row.publicity_from.map(Timestamp),
        publicity_ends_at: row.publicity_ends_at.map(Timestamp),
        rule_sha256: decision.rule_sha256.clone(),
        draw_seed: decision.draw_seed.clone(),
        has_race: row.has_race,
    })
}

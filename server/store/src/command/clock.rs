//! What happens because it is time. Each job may run any number of times, at any moment, beside itself.

use std::collections::BTreeMap;

use domain::challenge::State;
use domain::id::{ChallengeId, ListId, PersonId};
use domain::list::ListState;
use domain::notice::Notice;
use domain::race::{GateState, TeamState};
use domain::review::ReviewState;
use domain::rule::Bilingual;
use domain::time::{DAY_MS, Timestamp};
use entity::{
    attempt, bid, challenge, challenge_list, form_echo, gate, person, racing_team, review, session, token,
};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::account::{ATTEMPT_WINDOW_MS, IDLE_LIMIT_MS};
use super::panel_facts::about;
use super::{list, steps};
use crate::connect::Store;
use crate::error::StoreError;
use crate::load;
use crate::outbox::{self, Recipient};
use crate::tx::Tx;

/// Of each kind in one run; the rest is there at the next tick.
const BATCH: u64 = 500;
/// An expert with five sheets needs an evening or two.
const SCORE_DUE_MS: i64 = 3 * DAY_MS;
/// A team needs a week to bring a prototype to a gate.
const GATE_DUE_MS: i64 = 7 * DAY_MS;

/// Publishes the lists whose time has come. How many went out.
///
/// # Errors
/// When the database does not answer.
pub async fn publish_due(store: &Store) -> Result<u32, StoreError> {
    let now = store.now().await?;
    let due = challenge_list::Entity::find()
        .filter(challenge_list::Column::State.eq(ListState::Scheduled.key()))
        .filter(challenge_list::Column::PublishAt.lte(now.0))
        .order_by_asc(challenge_list::Column::PublishAt)
        .limit(BATCH)
        .all(&store.reader)
        .await?;
    let mut published = 0;
    for row in due {
        published += u32::from(list::publish_by_clock(store, ListId(row.id)).await?);
    }
    Ok(published)
}

/// Closes the challenges whose deadline has passed. How many.
///
/// # Errors
/// When the database does not answer.
pub async fn close_due(store: &Store) -> Result<u32, StoreError> {
    let now = store.now().await?;
    let due: Vec<Uuid> = challenge::Entity::find()
        .select_only()
        .column(challenge::Column::Id)
        .filter(challenge::Column::State.eq(State::Published.key()))
        .filter(challenge::Column::ClosesAt.lt(now.0))
        .order_by_asc(challenge::Column::ClosesAt)
        .limit(BATCH)
        .into_tuple()
        .all(&store.reader)
        .await?;
    let mut closed = 0;
    for id in due {
        closed += u32::from(steps::close_by_clock(store, ChallengeId(id)).await?);
    }
    Ok(closed)
}

/// Reminds experts of open sheets and racing teams of gates, each once. How many letters.
///
/// # Errors
/// When the database does not answer.
pub async fn remind(store: &Store) -> Result<u32, StoreError> {
    Ok(remind_experts(store).await? + remind_teams(store).await?)
}

async fn remind_experts(store: &Store) -> Result<u32, StoreError> {
    let tx = store.begin().await?;
    let open = review::Entity::find()
        .filter(review::Column::State.eq(ReviewState::Assigned.key()))
        .filter(review::Column::RemindedAt.is_null())
        .filter(review::Column::DueAt.gt(tx.now.0))
        .filter(review::Column::DueAt.lte(tx.now.plus_ms(SCORE_DUE_MS).0))
        .order_by_asc(review::Column::Id)
        .limit(BATCH)
        .lock_exclusive()
        .all(tx.connection())
        .await?;
    let mut sheets: BTreeMap<(Uuid, Uuid), Vec<&review::Model>> = BTreeMap::new();
    for sheet in &open {
        sheets.entry((sheet.challenge_id, sheet.person_id)).or_default().push(sheet);
    }
    let mut letters = 0;
    for ((challenge, person), sheets) in &sheets {
        let row = challenge::Entity::find_by_id(*challenge).one(tx.connection()).await?;
        let Some(row) =
            row.filter(|row| [State::Review.key(), State::Running.key()].contains(&row.state.as_str()))
        else {
            continue;
        };
        let due = sheets.iter().filter_map(|sheet| sheet.due_at).min().unwrap_or(tx.now.0);
        let notice = Notice::ScoreDue {
            challenge: about(&row),
            due: Timestamp(due),
            open_sheets: u32::try_from(sheets.len()).unwrap_or(u32::MAX),
        };
        outbox::post_to_persons(&tx, &[*person], &notice).await?;
        letters += 1;
    }
    review::Entity::update_many()
        .col_expr(review::Column::RemindedAt, Expr::value(tx.now.0))
        .filter(review::Column::Id.is_in(open.iter().map(|sheet| sheet.id)))
        .exec(tx.connection())
        .await?;
    tx.commit().await?;
    Ok(letters)
}

async fn remind_teams(store: &Store) -> Result<u32, StoreError> {
    let running = challenge::Entity::find()
        .filter(challenge::Column::State.eq(State::Running.key()))
        .filter(challenge::Column::HasRace.eq(true))
        .order_by_asc(challenge::Column::Id)
        .limit(BATCH)
        .all(&store.reader)
        .await?;
    let mut letters = 0;
    for row in running {
        let rule = load::rule(&row)?;
        for (number, gate) in (1u32..).zip(&rule.gates) {
            let now = store.now().await?;
            if gate.due > now && gate.due <= now.plus_ms(GATE_DUE_MS) {
                let due = DueGate { number, title: &gate.title, due: gate.due };
                letters += remind_of_gate(store, ChallengeId(row.id), due).await?;
            }
        }
    }
    Ok(letters)
}

struct DueGate<'a> {
    number: u32,
    title: &'a Bilingual,
    due: Timestamp,
}

async fn remind_of_gate(store: &Store, challenge: ChallengeId, due: DueGate<'_>) -> Result<u32, StoreError> {
    let tx = store.begin().await?;
    let row = load::challenge(&tx, challenge).await?;
    let done = gate::Entity::update_many()
        .col_expr(gate::Column::RemindedAt, Expr::value(tx.now.0))
        .filter(gate::Column::ChallengeId.eq(challenge.0))
        .filter(gate::Column::Number.eq(i64::from(due.number)))
        .filter(gate::Column::State.ne(GateState::Decided.key()))
        .filter(gate::Column::RemindedAt.is_null())
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 || row.state != State::Running.key() {
        tx.roll_back().await?;
        return Ok(0);
    }
    let leads = racing_leads(&tx, challenge.0).await?;
    for lead in &leads {
        let english = lead.locale.starts_with("en") && !due.title.en.is_empty();
        let notice = Notice::GateDue {
            challenge: about(&row),
            gate: due.number,
            gate_title: if english { due.title.en.clone() } else { due.title.zh.clone() },
            due: due.due,
        };
        outbox::post(&tx, &Recipient::from(lead), &notice).await?;
    }
    tx.commit().await?;
    Ok(u32::try_from(leads.len()).unwrap_or(u32::MAX))
}

async fn racing_leads(tx: &Tx, challenge: Uuid) -> Result<Vec<person::Model>, StoreError> {
    let teams = racing_team::Entity::find()
        .filter(racing_team::Column::ChallengeId.eq(challenge))
        .filter(racing_team::Column::State.eq(TeamState::Racing.key()))
        .limit(BATCH)
        .all(tx.connection())
        .await?;
    let bids = bid::Entity::find()
        .filter(bid::Column::Id.is_in(teams.iter().map(|team| team.bid_id)))
        .all(tx.connection())
        .await?;
    let leads: Vec<PersonId> = bids.iter().map(|bid| PersonId(bid.lead_person_id)).collect();
    Ok(person::Entity::find()
        .filter(person::Column::Id.is_in(leads.iter().map(|lead| lead.0)))
        .all(tx.connection())
        .await?)
}

/// Removes sessions, links, kept forms and counts of attempts that are over, and keeps SQLite's planner informed. How
/// many rows.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(store: &Store) -> Result<u32, StoreError> {
    let tx = store.begin().await?;
    let (now, connection) = (tx.now, tx.connection());
    let idle_since = now.plus_ms(-IDLE_LIMIT_MS).0;
    let over = session::Column::ExpiresAt.lte(now.0).or(session::Column::LastSeenAt.lte(idle_since));
    let mut rows = session::Entity::delete_many().filter(over).exec(connection).await?.rows_affected;
    let over = token::Column::ExpiresAt.lte(now.0).or(token::Column::UsedAt.is_not_null());
    rows += token::Entity::delete_many().filter(over).exec(connection).await?.rows_affected;
    let over = form_echo::Column::ExpiresAt.lte(now.0);
    rows += form_echo::Entity::delete_many().filter(over).exec(connection).await?.rows_affected;
    let over = attempt::Column::WindowStart.lte(now.plus_ms(-ATTEMPT_WINDOW_MS).0);
    rows += attempt::Entity::delete_many().filter(over).exec(connection).await?.rows_affected;
    tx.commit().await?;
    if store.writer.get_database_backend() == DbBackend::Sqlite {
        // Figures for the planner, of tables that have none or have grown tenfold; PostgreSQL does this by itself.
        store.writer.execute_unprepared("PRAGMA optimize(0x10002)").await?;
    }
    Ok(u32::try_from(rows).unwrap_or(u32::MAX))
}

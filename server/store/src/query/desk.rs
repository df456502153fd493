//! The organiser's and the issuer's desks. While a challenge is sealed nothing here says that it has bids, nor how many.

use std::collections::BTreeMap;

use domain::actor::{Actor, Role};
use domain::challenge::{State, check_publishable};
use domain::id::{ChallengeId, ListId, OrganisationId};
use domain::list::ListState;
use domain::money::Fen;
use domain::permission::{self, Action, Facts};
use domain::refusal::{Problem, Refusal};
use domain::rule::Rule;
use domain::time::Timestamp;
use domain::view::desk::{DeskList, DeskListPage, DeskRow, NeedPage, OrganiserDesk};
use domain::view::{PAGE_ROWS, Page};
use entity::{challenge, challenge_list, notice};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::bid_seal::tells_no_sealed_bid;
pub use super::desk_challenge::challenge;
pub use super::desk_next::NEXT_KEYS;
use super::desk_next::{DeskHead, HEAD, Waiting, count_waiting, for_issuer, for_organiser};
use crate::command::bid::signed_in;
use crate::command::panel_facts::known;
use crate::connect::Store;
use crate::error::StoreError;
use crate::load;

/// Rows on a desk; what does not fit comes up when the oldest are done.
const DESK_ROWS: u64 = 200;
/// Challenges of one list, or candidates for it.
const LIST_ROWS: u64 = 500;
const LISTS: u64 = 50;

/// States in which the organiser may have something to do.
const WAITING: &[State] = &[
    State::Proposed,
    State::Approved,
    State::Closed,
    State::Opened,
    State::Eligibility,
    State::Review,
    State::Decided,
    State::Awarded,
    State::Contracted,
    State::Running,
    State::Acceptance,
];

/// Everything that waits for the organiser, lists, and how many challenges stand where.
///
/// # Errors
/// [`Refusal::SignInNeeded`], [`Refusal::NotFound`] for others.
pub async fn organiser(store: &Store, actor: &Actor) -> Result<OrganiserDesk, StoreError> {
    permission::decide(actor, Action::ReadOrganiserDesk, &Facts::default())?;
    let now = store.now().await?;
    let rows: Vec<DeskHead> = challenge::Entity::find()
        .select_only()
        .columns(HEAD)
        .filter(waiting_now(now))
        .order_by_asc(challenge::Column::UpdatedAt)
        .order_by_asc(challenge::Column::Id)
        .limit(DESK_ROWS)
        .into_model()
        .all(&store.reader)
        .await?;
    let mut waiting = organiser_rows(&store.reader, rows, now).await?;
    waiting.retain(|row| row.next.is_some());
    let lists = challenge_list::Entity::find()
        .order_by_desc(challenge_list::Column::Id)
        .limit(LISTS)
        .all(&store.reader)
        .await?;
    let dead = notice::Entity::find()
        .filter(notice::Column::State.eq("dead"))
        .filter(tells_no_sealed_bid())
        .count(&store.reader)
        .await?;
    Ok(OrganiserDesk {
        waiting,
        lists: desk_lists(&store.reader, lists).await?,
        counts: counts(&store.reader).await?,
        dead_letters: u32::try_from(dead).unwrap_or(u32::MAX),
    })
}

/// A published challenge waits once its deadline is over, one in publicity once that is over.
fn waiting_now(now: Timestamp) -> Condition {
    let over = |state: State, at: challenge::Column| {
        Condition::all().add(challenge::Column::State.eq(state.key())).add(at.lt(now.0))
    };
    Condition::any()
        .add(challenge::Column::State.is_in(WAITING.iter().map(|state| state.key())))
        .add(over(State::Published, challenge::Column::ClosesAt))
        .add(over(State::Publicity, challenge::Column::PublicityEndsAt))
}

async fn counts(connection: &impl ConnectionTrait) -> Result<Vec<(State, u32)>, StoreError> {
    let rows: Vec<(String, i64)> = challenge::Entity::find()
        .select_only()
        .column(challenge::Column::State)
        .column_as(challenge::Column::Id.count(), "rows")
        .group_by(challenge::Column::State)
        .into_tuple()
        .all(connection)
        .await?;
    let by_state: BTreeMap<String, i64> = rows.into_iter().collect();
    let count =
        |state: &State| Some((*state, u32::try_from(*by_state.get(state.key())?).unwrap_or(u32::MAX)));
    Ok(State::ALL.iter().filter_map(count).collect())
}

/// Rows with the organiser's next act.
pub(crate) async fn organiser_rows(
    connection: &impl ConnectionTrait,
    rows: Vec<DeskHead>,
    now: Timestamp,
) -> Result<Vec<DeskRow>, StoreError> {
    let waiting = count_waiting(connection, &rows).await?;
    let nothing = Waiting::default();
    rows.into_iter()
        .map(|row| {
            let state = known(State::from_key, &row.state)?;
            let next = for_organiser(&row, state, waiting.get(&row.id).unwrap_or(&nothing), now)?;
            Ok(desk_row(row, state, next))
        })
        .collect()
}

fn desk_row(row: DeskHead, state: State, next: Option<&'static str>) -> DeskRow {
    DeskRow {
        id: ChallengeId(row.id),
        number: row.number.unwrap_or_default(),
        title: row.title,
        issuer_shown: row.issuer_shown,
        state,
        closes_at: row.closes_at.map(Timestamp),
        amount: row.amount_fen.map(Fen),
        next,
        updated_at: Timestamp(row.updated_at),
    }
}

/// Lists with the number of their challenges.
async fn desk_lists(
    connection: &impl ConnectionTrait,
    lists: Vec<challenge_list::Model>,
) -> Result<Vec<DeskList>, StoreError> {
    let ids: Vec<Uuid> = lists.iter().map(|row| row.id).collect();
    let sizes: Vec<(Option<Uuid>, i64)> = challenge::Entity::find()
        .select_only()
        .column(challenge::Column::ListId)
        .column_as(challenge::Column::Id.count(), "rows")
        .filter(challenge::Column::ListId.is_in(ids))
        .group_by(challenge::Column::ListId)
        .into_tuple()
        .all(connection)
        .await?;
    let size = |id: Uuid| sizes.iter().find(|(list, _)| *list == Some(id)).map_or(0, |(_, count)| *count);
    lists
        .into_iter()
        .map(|row| {
            Ok(DeskList {
                id: ListId(row.id),
                content: load::json(&row.content)?,
                state: known(ListState::from_key, &row.state)?,
                publish_at: row.publish_at.map(Timestamp),
                published_at: row.published_at.map(Timestamp),
                challenges: u32::try_from(size(row.id)).unwrap_or(u32::MAX),
            })
        })
        .collect()
}

/// The needs of the person's own enterprises, the latest change first. A decision stays unseen until publicity.
///
/// # Errors
/// [`Refusal::SignInNeeded`].
pub async fn needs(store: &Store, actor: &Actor) -> Result<Vec<DeskRow>, StoreError> {
    signed_in(actor)?;
    let own = actor.held.iter().filter(|held| held.role == Role::Issuer).map(|held| held.organisation.0);
    let rows: Vec<DeskHead> = challenge::Entity::find()
        .select_only()
        .columns(HEAD)
        .filter(challenge::Column::IssuerId.is_in(own))
        .order_by_desc(challenge::Column::UpdatedAt)
        .order_by_desc(challenge::Column::Id)
        .limit(DESK_ROWS)
        .into_model()
        .all(&store.reader)
        .await?;
    rows.into_iter()
        .map(|row| {
            let state = known(State::from_key, &row.state)?;
            Ok(desk_row(row, state.shown_to_public(), for_issuer(state)))
        })
        .collect()
}

/// The need form: its issuer writes it, the organiser settles it, the auditor reads it.
///
/// # Errors
/// [`Refusal::SignInNeeded`]; [`Refusal::NotFound`] for everyone else.
pub async fn need(store: &Store, actor: &Actor, id: ChallengeId) -> Result<NeedPage, StoreError> {
    let row = challenge::Entity::find_by_id(id.0).one(&store.reader).await?;
    let issuer = row.as_ref().map(|row| OrganisationId(row.issuer_id));
    let facts = Facts { issuer, ..Facts::default() };
    permission::decide(actor, Action::ReadNeed, &facts)?;
    let row = row.ok_or(Refusal::NotFound)?;
    let state = load::state(&row)?;
    let writable = matches!(state, State::Draft | State::Returned);
    let office = actor.has(Role::Organiser) || actor.has(Role::Auditor);
    Ok(NeedPage {
        id,
        state: if office { state } else { state.shown_to_public() },
        typed: load::json(&row.typed)?,
        version: row.version,
        saved_at: Timestamp(row.updated_at),
        returned_reason: row.returned_reason,
        issuer_unit: load::unit_name(&store.reader, row.issuer_id).await?,
        may_edit: writable && permission::decide(actor, Action::EditNeed, &facts).is_ok(),
        may_settle: state == State::Proposed && permission::decide(actor, Action::SettleNeed, &facts).is_ok(),
    })
}

/// Building a list: its challenges, what could join it, and what keeps it from being published.
///
/// # Errors
/// [`Refusal::SignInNeeded`], [`Refusal::NotFound`].
pub async fn list(store: &Store, actor: &Actor, id: ListId) -> Result<DeskListPage, StoreError> {
    permission::decide(actor, Action::BuildList, &Facts::default())?;
    let row = challenge_list::Entity::find_by_id(id.0).one(&store.reader).await?.ok_or(Refusal::NotFound)?;
    let version = row.version;
    let published = row.state == ListState::Published.key();
    let list = desk_lists(&store.reader, vec![row]).await?.pop().ok_or(Refusal::NotFound)?;
    let members = list_heads(store, Condition::all().add(challenge::Column::ListId.eq(id.0))).await?;
    let free = Condition::all()
        .add(challenge::Column::ListId.is_null())
        .add(challenge::Column::State.eq(State::Approved.key()));
    let candidates = if published { Vec::new() } else { list_heads(store, free).await? };
    let now = store.now().await?;
    let blockers = if published { Vec::new() } else { blockers(&members, now)? };
    Ok(DeskListPage {
        list,
        version,
        members: organiser_rows(&store.reader, members, now).await?,
        candidates: organiser_rows(&store.reader, candidates, now).await?,
        blockers,
    })
}

async fn list_heads(store: &Store, which: Condition) -> Result<Vec<DeskHead>, StoreError> {
    Ok(challenge::Entity::find()
        .select_only()
        .columns(HEAD)
        .filter(which)
        .order_by_asc(challenge::Column::Number)
        .order_by_asc(challenge::Column::Id)
        .limit(LIST_ROWS)
        .into_model()
        .all(&store.reader)
        .await?)
}

/// Challenge and field of every problem: `number`, `closes_at`, or a field of the rule.
fn blockers(members: &[DeskHead], now: Timestamp) -> Result<Vec<(ChallengeId, String)>, StoreError> {
    let mut found = Vec::new();
    for row in members {
        let id = ChallengeId(row.id);
        if row.number.is_none() {
            found.push((id, "number".to_owned()));
        }
        for problem in open_problems(row.rule.as_deref(), row.closes_at.map(Timestamp), now)? {
            found.push((id, problem.field));
        }
    }
    Ok(found)
}

/// What publication would refuse, each at its field; `rule` when nothing complete was saved yet.
pub(crate) fn open_problems(
    rule: Option<&str>,
    closes_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<Vec<domain::refusal::FieldError>, StoreError> {
    let at = |field: &str, problem: Problem| domain::refusal::FieldError::new(field, problem);
    let Some(rule) = rule else { return Ok(vec![at("rule", Problem::Required)]) };
    let rule: Rule = load::json(rule)?;
    Ok(match check_publishable(&rule, closes_at, now) {
        Ok(()) => Vec::new(),
        Err(Refusal::RuleIncomplete { fields }) => fields,
        Err(_) => vec![at("closes_at", Problem::InThePast)],
    })
}

/// All challenges, the newest first, in one state or any.
///
/// # Errors
/// [`Refusal::SignInNeeded`]; [`Refusal::NotFound`] for anyone but organisers and auditors.
pub async fn challenges(
    store: &Store,
    actor: &Actor,
    state: Option<State>,
    after: Option<&str>,
) -> Result<Page<DeskRow>, StoreError> {
    permission::decide(actor, Action::ReadNeed, &Facts::default())?;
    let mut query = challenge::Entity::find().select_only().columns(HEAD);
    if let Some(state) = state {
        query = query.filter(challenge::Column::State.eq(state.key()));
    }
    // Ids are ordered by time of creation. A cursor somebody made up starts from the top.
    if let Some(after) = after.and_then(|after| after.parse::<Uuid>().ok()) {
        query = query.filter(challenge::Column::Id.lt(after));
    }
    let mut rows: Vec<DeskHead> = query
        .order_by_desc(challenge::Column::Id)
        .limit(PAGE_ROWS + 1)
        .into_model()
        .all(&store.reader)
        .await?;
    let more = rows.len() as u64 > PAGE_ROWS;
    rows.truncate(PAGE_ROWS as usize);
    let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
    let rows = organiser_rows(&store.reader, rows, store.now().await?).await?;
    Ok(Page { rows, next })
}

//! Building a list and publishing it: the moment a rule becomes final.

use domain::actor::Actor;
use domain::challenge::{State, Step, Typed, check_publishable};
use domain::id::{ChallengeId, ListId, PersonId};
use domain::list::{self as list_rules, ListContent, ListState};
use domain::notice::{About, Notice};
use domain::permission::{self, Action, Facts};
use domain::refusal::{FieldError, Problem, Refusal};
use domain::rule::{Rule, hex};
use domain::time::Timestamp;
use entity::{challenge, challenge_list};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

use super::advance::{Advance, advance, save_by_version};
use super::audience;
use super::challenge::check_size;
use super::panel_facts::about;
use super::search_index;
use crate::audit::{self, Subject};
use crate::connect::Store;
use crate::error::StoreError;
use crate::tx::Tx;
use crate::{load, outbox, save, secret};

/// More challenges than the longest list on record by far; one transaction publishes them all.
pub const CHALLENGES_MAX: u64 = 500;

/// Begins a list.
///
/// # Errors
/// [`Refusal::Invalid`], also for a number in use; [`Refusal::NotFound`] for others than organisers.
pub async fn create(store: &Store, actor: &Actor, typed: &Typed) -> Result<ListId, StoreError> {
    permission::decide(actor, Action::BuildList, &Facts::default())?;
    check_size(typed)?;
    let content = ListContent::parse(typed)?;
    let tx = store.begin().await?;
    check_number(&tx, &content.number, None).await?;
    let id = insert(&tx, &content).await?;
    record(&tx, actor.person, "create_list", id.0, Value::Null).await?;
    tx.commit().await?;
    Ok(id)
}

pub(super) async fn insert(tx: &Tx, content: &ListContent) -> Result<ListId, StoreError> {
    let id = save::new_id();
    let row = challenge_list::ActiveModel {
        id: Set(id),
        number: Set(content.number.clone()),
        content: Set(save::json(content)?),
        state: Set(ListState::Preparing.key().to_owned()),
        publish_at: Set(None),
        published_at: Set(None),
        created_at: Set(tx.now.0),
        version: Set(1),
    };
    let taken = Refusal::invalid("number", Problem::NumberTaken);
    row.insert(tx.connection()).await.map_err(|error| StoreError::unique(error, taken))?;
    Ok(ListId(id))
}

/// Changes a list that is not out yet.
///
/// # Errors
/// [`Refusal::ChangedMeanwhile`], [`Refusal::WrongState`], [`Refusal::Invalid`].
pub async fn save(
    store: &Store,
    actor: &Actor,
    id: ListId,
    typed: &Typed,
    version: i64,
) -> Result<(), StoreError> {
    permission::decide(actor, Action::BuildList, &Facts::default())?;
    check_size(typed)?;
    let content = ListContent::parse(typed)?;
    let tx = store.begin().await?;
    let row = unpublished(&tx, id).await?;
    if row.version != version {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    check_number(&tx, &content.number, Some(row.id)).await?;
    let columns = challenge_list::ActiveModel {
        number: Set(content.number.clone()),
        content: Set(save::json(&content)?),
        ..Default::default()
    };
    save_list(&tx, &row, columns).await?;
    record(&tx, actor.person, "save_list", row.id, Value::Null).await?;
    tx.commit().await
}

/// Puts an approved challenge on the list; putting it there twice changes nothing.
///
/// # Errors
/// [`Refusal::ChallengeHasOtherList`], [`Refusal::WrongState`].
pub async fn add(
    store: &Store,
    actor: &Actor,
    list: ListId,
    challenge: ChallengeId,
) -> Result<(), StoreError> {
    permission::decide(actor, Action::BuildList, &Facts::default())?;
    let tx = store.begin().await?;
    let row = unpublished(&tx, list).await?;
    let member = load::challenge(&tx, challenge).await?;
    if load::state(&member)? != State::Approved {
        return Err(Refusal::WrongState { state: member.state }.into());
    }
    match member.list_id {
        Some(own) if own == row.id => return tx.roll_back().await,
        Some(_) => return Err(Refusal::ChallengeHasOtherList.into()),
        None => {}
    }
    let members =
        challenge::Entity::find().filter(challenge::Column::ListId.eq(row.id)).count(tx.connection()).await?;
    if members >= CHALLENGES_MAX {
        let max = i64::try_from(CHALLENGES_MAX).unwrap_or(i64::MAX);
        return Err(Refusal::invalid("challenges", Problem::TooMany { max }).into());
    }
    let columns = challenge::ActiveModel { list_id: Set(Some(row.id)), ..Default::default() };
    save_by_version(&tx, &member, columns).await?;
    record(&tx, actor.person, "add_to_list", row.id, json!({ "challenge": member.id })).await?;
    tx.commit().await
}

/// Takes a challenge off the list.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not on it; [`Refusal::WrongState`].
pub async fn remove(
    store: &Store,
    actor: &Actor,
    list: ListId,
    challenge: ChallengeId,
) -> Result<(), StoreError> {
    permission::decide(actor, Action::BuildList, &Facts::default())?;
    let tx = store.begin().await?;
    let row = unpublished(&tx, list).await?;
    let member = load::challenge(&tx, challenge).await?;
    if member.list_id != Some(row.id) {
        return Err(Refusal::NotFound.into());
    }
    let columns = challenge::ActiveModel { list_id: Set(None), ..Default::default() };
    save_by_version(&tx, &member, columns).await?;
    record(&tx, actor.person, "remove_from_list", row.id, json!({ "challenge": member.id })).await?;
    tx.commit().await
}

/// Publishes the list with all its challenges, now or at a set time. From then on no rule of it can change.
///
/// # Errors
/// [`Refusal::ListEmpty`]; a time in the past at `publish_at`; [`Refusal::RuleIncomplete`] with every open field of
/// every challenge as `<challenge id>:<field>`.
pub async fn publish(
    store: &Store,
    actor: &Actor,
    id: ListId,
    publish_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    permission::decide(actor, Action::PublishList, &Facts::default())?;
    let mut tx = store.begin().await?;
    let row = load::list(&tx, id).await?;
    let members = members(&tx, &row).await?;
    let before = ListState::from_key(&row.state).unwrap_or(ListState::Published);
    let state = list_rules::schedule(before, members.len(), publish_at, tx.now)?;
    check_members(&members, publish_at.unwrap_or(tx.now))?;
    match state {
        ListState::Published => publish_now(&mut tx, actor.person, &row, &members).await?,
        _ => {
            let columns = challenge_list::ActiveModel {
                state: Set(state.key().to_owned()),
                publish_at: Set(publish_at.map(|at| at.0)),
                ..Default::default()
            };
            save_list(&tx, &row, columns).await?;
            let detail = json!({ "publish_at": publish_at.map(|at| at.0) });
            record(&tx, actor.person, "schedule_list", row.id, detail).await?;
        }
    }
    tx.commit().await
}

/// The set time has come. A list that cannot go out any more (a deadline has passed meanwhile) goes back to the
/// organiser. Says whether it went out.
pub(super) async fn publish_by_clock(store: &Store, id: ListId) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    let row = load::list(&tx, id).await?;
    let due = row.state == ListState::Scheduled.key() && row.publish_at.is_some_and(|at| at <= tx.now.0);
    if !due {
        tx.roll_back().await?;
        return Ok(false);
    }
    let members = members(&tx, &row).await?;
    if members.is_empty() || check_members(&members, tx.now).is_err() {
        let columns = challenge_list::ActiveModel {
            state: Set(ListState::Preparing.key().to_owned()),
            publish_at: Set(None),
            ..Default::default()
        };
        save_list(&tx, &row, columns).await?;
        record(&tx, None, "publication_refused", row.id, Value::Null).await?;
        tx.commit().await?;
        return Ok(false);
    }
    publish_now(&mut tx, None, &row, &members).await?;
    tx.commit().await?;
    Ok(true)
}

async fn members(tx: &Tx, row: &challenge_list::Model) -> Result<Vec<challenge::Model>, StoreError> {
    Ok(challenge::Entity::find()
        .filter(challenge::Column::ListId.eq(row.id))
        .filter(challenge::Column::State.eq(State::Approved.key()))
        .order_by_asc(challenge::Column::Id)
        .limit(CHALLENGES_MAX)
        .lock_exclusive()
        .all(tx.connection())
        .await?)
}

fn check_members(members: &[challenge::Model], at: Timestamp) -> Result<(), StoreError> {
    let mut open = Vec::new();
    for member in members {
        open.extend(open_fields(member, at)?.into_iter().map(|error| FieldError {
            field: format!("{}:{}", member.id, error.field),
            problem: error.problem,
        }));
    }
    if open.is_empty() { Ok(()) } else { Err(Refusal::RuleIncomplete { fields: open }.into()) }
}

/// What keeps one challenge from being published at that time.
pub(crate) fn open_fields(row: &challenge::Model, at: Timestamp) -> Result<Vec<FieldError>, StoreError> {
    let mut open = Vec::new();
    if row.number.is_none() {
        open.push(FieldError::new("number", Problem::Required));
    }
    if row.content.is_none() {
        open.push(FieldError::new("content", Problem::Required));
    }
    let Some(rule) = &row.rule else {
        open.push(FieldError::new("rule", Problem::Required));
        return Ok(open);
    };
    match check_publishable(&load::json::<Rule>(rule)?, row.closes_at.map(Timestamp), at) {
        Ok(()) => {}
        Err(Refusal::DeadlineInThePast) => open.push(FieldError::new("closes_at", Problem::InThePast)),
        Err(refusal) => open.extend(refusal.fields().iter().cloned()),
    }
    Ok(open)
}

async fn publish_now(
    tx: &mut Tx,
    who: Option<PersonId>,
    row: &challenge_list::Model,
    members: &[challenge::Model],
) -> Result<(), StoreError> {
    let columns = challenge_list::ActiveModel {
        state: Set(ListState::Published.key().to_owned()),
        publish_at: Set(None),
        published_at: Set(Some(tx.now.0)),
        ..Default::default()
    };
    save_list(tx, row, columns).await?;
    record(tx, who, "publish_list", row.id, json!({ "challenges": members.len() })).await?;
    let mut domains: BTreeMap<&str, Vec<About>> = BTreeMap::new();
    for member in members {
        freeze(tx, who, member).await?;
        search_index::write(tx, member).await?;
        domains.entry(&member.domain).or_default().push(about(member));
    }
    let content: ListContent = load::json(&row.content)?;
    for (domain, challenges) in domains {
        let notice = Notice::ListPublished {
            list_id: row.id.to_string(),
            list_title: content.title.zh.clone(),
            domain: domain.to_owned(),
            challenges,
        };
        outbox::post_to_persons(tx, &audience::followers(tx, domain).await?, &notice).await?;
    }
    tx.touches_public();
    Ok(())
}

/// Makes the rule final: a secret nobody chose, the promise of its draws in the rule, the canonical text and its hash.
async fn freeze(tx: &Tx, who: Option<PersonId>, row: &challenge::Model) -> Result<(), StoreError> {
    let secret = secret::random_bytes();
    let mut rule = load::rule(row)?;
    rule.promise(&secret);
    let frozen = rule.freeze();
    let columns = challenge::ActiveModel {
        has_race: Set(!rule.gates.is_empty()),
        rule: Set(Some(frozen.canonical)),
        rule_sha256: Set(Some(frozen.hash)),
        draw_seed: Set(Some(hex(&secret))),
        published_at: Set(Some(tx.now.0)),
        stage: Set(0),
        ..Default::default()
    };
    advance(tx, Advance { who, row, step: Step::Publish, note: "" }, columns).await?;
    Ok(())
}

async fn unpublished(tx: &Tx, id: ListId) -> Result<challenge_list::Model, StoreError> {
    let row = load::list(tx, id).await?;
    if row.state == ListState::Published.key() {
        return Err(Refusal::WrongState { state: row.state }.into());
    }
    Ok(row)
}

async fn check_number(tx: &Tx, number: &str, own: Option<uuid::Uuid>) -> Result<(), StoreError> {
    let known = challenge_list::Entity::find()
        .filter(challenge_list::Column::Number.eq(number))
        .one(tx.connection())
        .await?;
    match known {
        Some(row) if Some(row.id) != own => Err(Refusal::invalid("number", Problem::NumberTaken).into()),
        _ => Ok(()),
    }
}

async fn save_list(
    tx: &Tx,
    row: &challenge_list::Model,
    columns: challenge_list::ActiveModel,
) -> Result<(), StoreError> {
    let changed = challenge_list::ActiveModel { version: Set(row.version + 1), ..columns };
    let update = challenge_list::Entity::update_many()
        .set(changed)
        .filter(challenge_list::Column::Id.eq(row.id))
        .filter(challenge_list::Column::Version.eq(row.version));
    save::by_version(tx, update).await
}

async fn record(
    tx: &Tx,
    who: Option<PersonId>,
    action: &str,
    list: uuid::Uuid,
    detail: Value,
) -> Result<(), StoreError> {
    audit::record(tx, who, action, Subject { kind: "list", id: &list.to_string() }, detail).await
}

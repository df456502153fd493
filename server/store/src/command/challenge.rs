//! A need on its way to approval, and the rule the organiser writes for it.

use domain::actor::{Actor, Role};
use domain::challenge::{Content, State, Step, Typed};
use domain::id::{ChallengeId, OrganisationId};
use domain::notice::Notice;
use domain::permission::{self, Action, Facts};
use domain::refusal::{FieldError, Problem, Refusal};
use domain::rule::Rule;
use domain::time::Timestamp;
use domain::{rule_form, words};
use entity::challenge;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::account::signed_in;
use super::advance::{Advance, advance, record, save_by_version};
use super::audience;
use super::panel_facts::about;
use crate::connect::Store;
use crate::error::StoreError;
use crate::outbox;
use crate::tx::Tx;
use crate::{load, save};

/// More fields than any form has.
const FIELDS_MAX: usize = 400;
/// Ten long sections in Chinese, and room.
const TYPED_MAX_KIB: u32 = 400;
/// Shown and unique: "2026-1-07", "CS-202614".
const NUMBER_MAX: usize = 32;

/// Begins a need of the actor's enterprise (the one named by field `issuer`, else the first). Anything typed is kept.
///
/// # Errors
/// [`Refusal::MembershipNotActive`], [`Refusal::EmailUnconfirmed`], [`Refusal::BodyTooLarge`].
pub async fn create_need(store: &Store, actor: &Actor, typed: &Typed) -> Result<ChallengeId, StoreError> {
    permission::decide(actor, Action::DraftNeed, &Facts::default())?;
    let person = signed_in(actor)?;
    check_size(typed)?;
    let named = typed.get("issuer").and_then(|id| id.parse::<OrganisationId>().ok());
    let issuer = named
        .filter(|unit| actor.has_in(Role::Issuer, *unit))
        .or_else(|| actor.organisation_for(Role::Issuer))
        .ok_or(Refusal::MembershipNotActive)?;
    let tx = store.begin().await?;
    let unit = load::unit_name(tx.connection(), issuer.0).await?;
    let mut typed = typed.clone();
    typed.entry("issuer_shown".to_owned()).or_insert(unit);
    let row = challenge::ActiveModel {
        saved_by: Set(Some(person.0)),
        ..blank(&tx, issuer.0, &typed, State::Draft)?
    };
    let row = row.insert(tx.connection()).await?;
    record(&tx, Some(person), "create_need", row.id, Value::Null).await?;
    tx.commit().await?;
    Ok(ChallengeId(row.id))
}

/// A challenge with nothing but what was typed.
pub(crate) fn blank(
    tx: &Tx,
    issuer: uuid::Uuid,
    typed: &Typed,
    state: State,
) -> Result<challenge::ActiveModel, StoreError> {
    Ok(challenge::ActiveModel {
        id: Set(save::new_id()),
        list_id: Set(None),
        number: Set(None),
        issuer_id: Set(issuer),
        state: Set(state.key().to_owned()),
        typed: Set(save::json(typed)?),
        content: Set(None),
        rule_typed: Set("{}".to_owned()),
        rule: Set(None),
        rule_sha256: Set(None),
        draw_seed: Set(None),
        has_race: Set(false),
        stage: Set(0),
        closes_at: Set(None),
        published_at: Set(None),
        publicity_from: Set(None),
        publicity_ends_at: Set(None),
        publicity_known: Set(false),
        returned_reason: Set(String::new()),
        saved_by: Set(None),
        created_at: Set(tx.now.0),
        updated_at: Set(tx.now.0),
        version: Set(1),
        ..draft_columns(typed)
    })
}

/// What lists of drafts show of an unread form: shortened, never refused.
fn draft_columns(typed: &Typed) -> challenge::ActiveModel {
    let get = |field: &str| {
        let text = typed.get(field).map_or("", String::as_str);
        text.trim().chars().filter(|c| !c.is_control()).take(words::TITLE_MAX).collect::<String>()
    };
    challenge::ActiveModel {
        title: Set(get("title")),
        title_en: Set(get("title_en")),
        domain: Set(get("domain")),
        issuer_shown: Set(get("issuer_shown")),
        amount_fen: Set(domain::money::Fen::parse_wan(&get("amount")).map(|fen| fen.0)),
        ..Default::default()
    }
}

/// What lists show of a form that has been read.
pub(crate) fn content_columns(content: &Content) -> Result<challenge::ActiveModel, StoreError> {
    Ok(challenge::ActiveModel {
        content: Set(Some(save::json(content)?)),
        title: Set(content.title.clone()),
        title_en: Set(content.title_en.clone()),
        domain: Set(content.domain.clone()),
        issuer_shown: Set(content.issuer_shown.clone()),
        amount_fen: Set(content.amount.map(|fen| fen.0)),
        ..Default::default()
    })
}

/// Keeps what was typed, whatever it is. The new version comes back.
///
/// # Errors
/// [`Refusal::ChangedMeanwhile`] when `version` is not the latest; [`Refusal::WrongState`] once proposed;
/// [`Refusal::BodyTooLarge`]; [`Refusal::NotFound`] for other units' needs.
pub async fn save_need(
    store: &Store,
    actor: &Actor,
    id: ChallengeId,
    typed: &Typed,
    version: i64,
) -> Result<i64, StoreError> {
    let person = signed_in(actor)?;
    let tx = store.begin().await?;
    let row = editable(&tx, actor, id, Action::EditNeed).await?;
    check_size(typed)?;
    if row.version != version {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    let columns = challenge::ActiveModel {
        typed: Set(save::json(typed)?),
        saved_by: Set(Some(person.0)),
        ..draft_columns(typed)
    };
    save_by_version(&tx, &row, columns).await?;
    tx.commit().await?;
    Ok(row.version + 1)
}

/// Hands the need in. What was typed is kept first, even when it is refused.
///
/// # Errors
/// [`Refusal::Invalid`] with everything that is missing or wrong; as [`save_need`].
pub async fn propose(
    store: &Store,
    actor: &Actor,
    id: ChallengeId,
    typed: &Typed,
    version: i64,
) -> Result<(), StoreError> {
    let saved = save_need(store, actor, id, typed, version).await?;
    let tx = store.begin().await?;
    let row = editable(&tx, actor, id, Action::ProposeNeed).await?;
    if row.version != saved {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    let columns = content_columns(&Content::parse(typed)?)?;
    let by = Advance { who: actor.person, row: &row, step: Step::Propose, note: "" };
    advance(&tx, by, columns).await?;
    tx.commit().await
}

/// Accepts the need. Its rule begins as the policy's preset.
///
/// # Errors
/// [`Refusal::NotFound`] for others than organisers; [`Refusal::WrongState`].
pub async fn approve(store: &Store, actor: &Actor, id: ChallengeId) -> Result<(), StoreError> {
    permission::decide(actor, Action::SettleNeed, &Facts::default())?;
    let tx = store.begin().await?;
    let row = load::challenge(&tx, id).await?;
    let mut columns = challenge::ActiveModel { returned_reason: Set(String::new()), ..Default::default() };
    if load::json::<Typed>(&row.rule_typed)?.is_empty() {
        let preset = Rule::policy_preset();
        columns.rule_typed = Set(save::json(&rule_form::to_typed(&preset))?);
        columns.rule = Set(Some(preset.freeze().canonical));
    }
    advance(&tx, Advance { who: actor.person, row: &row, step: Step::Approve, note: "" }, columns).await?;
    let to = audience::members(&tx, row.issuer_id, Role::Issuer).await?;
    outbox::post_to_persons(&tx, &to, &Notice::ProposalApproved { challenge: about(&row) }).await?;
    tx.commit().await
}

/// Sends the need back with a reason.
///
/// # Errors
/// [`Refusal::ReasonNeeded`]; [`Refusal::Invalid`] at `reason`; as [`approve`].
pub async fn return_need(
    store: &Store,
    actor: &Actor,
    id: ChallengeId,
    reason: &str,
) -> Result<(), StoreError> {
    permission::decide(actor, Action::SettleNeed, &Facts::default())?;
    let reason = read_reason("reason", reason)?;
    let tx = store.begin().await?;
    let row = load::challenge(&tx, id).await?;
    let columns = challenge::ActiveModel { returned_reason: Set(reason.clone()), ..Default::default() };
    advance(&tx, Advance { who: actor.person, row: &row, step: Step::Return, note: &reason }, columns)
        .await?;
    let to = audience::members(&tx, row.issuer_id, Role::Issuer).await?;
    outbox::post_to_persons(&tx, &to, &Notice::ProposalReturned { challenge: about(&row), reason }).await?;
    tx.commit().await
}

/// Keeps the rule form (with `number` and `closes_at`) of an approved challenge and says what is still open. A form
/// that cannot be read leaves the challenge without a rule, so that no older one is published by mistake.
///
/// # Errors
/// [`Refusal::ChangedMeanwhile`], [`Refusal::WrongState`] (a published rule never changes), [`Refusal::BodyTooLarge`].
pub async fn save_rule(
    store: &Store,
    actor: &Actor,
    id: ChallengeId,
    typed: &Typed,
    version: i64,
) -> Result<Vec<FieldError>, StoreError> {
    permission::decide(actor, Action::EditRule, &Facts::default())?;
    check_size(typed)?;
    let tx = store.begin().await?;
    let row = load::challenge(&tx, id).await?;
    if load::state(&row)? != State::Approved {
        return Err(Refusal::WrongState { state: row.state }.into());
    }
    if row.version != version {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    let get = |field: &str| typed.get(field).map_or("", String::as_str);
    let (rule, mut open) = match rule_form::parse(typed) {
        Ok(rule) => (Some(rule.clone()), rule.problems()),
        Err(fields) => (None, fields),
    };
    let closes_at = read_deadline(get("closes_at"), tx.now, &mut open);
    let number = read_number(&tx, &row, get("number"), &mut open).await?;
    let columns = challenge::ActiveModel {
        rule_typed: Set(save::json(typed)?),
        has_race: Set(rule.as_ref().is_some_and(|rule| !rule.gates.is_empty())),
        rule: Set(rule.map(|rule| rule.freeze().canonical)),
        closes_at: Set(closes_at.map(|at| at.0)),
        number: Set(number),
        ..Default::default()
    };
    save_by_version(&tx, &row, columns).await?;
    record(&tx, actor.person, "save_rule", row.id, json!({ "open": open.len() })).await?;
    tx.commit().await?;
    Ok(open)
}

fn read_deadline(text: &str, now: Timestamp, open: &mut Vec<FieldError>) -> Option<Timestamp> {
    let read = Timestamp::parse_official(text);
    let problem = match read {
        None if text.trim().is_empty() => Problem::Required,
        None => Problem::NotADate,
        Some(at) if at <= now => Problem::InThePast,
        Some(_) => return read,
    };
    open.push(FieldError::new("closes_at", problem));
    read
}

async fn read_number(
    tx: &Tx,
    row: &challenge::Model,
    text: &str,
    open: &mut Vec<FieldError>,
) -> Result<Option<String>, StoreError> {
    let number = match words::line(text, NUMBER_MAX) {
        Ok(number) => number,
        Err(problem) => {
            open.push(FieldError::new("number", problem));
            return Ok(None);
        }
    };
    let others = challenge::Entity::find()
        .filter(challenge::Column::Number.eq(&number))
        .filter(challenge::Column::Id.ne(row.id));
    if others.count(tx.connection()).await? > 0 {
        open.push(FieldError::new("number", Problem::NumberTaken));
        return Ok(row.number.clone());
    }
    Ok(Some(number))
}

/// A reason somebody will read.
pub(crate) fn read_reason(field: &str, text: &str) -> Result<String, Refusal> {
    match words::paragraphs(text, words::REASON_MAX) {
        Ok(reason) => Ok(reason),
        Err(Problem::Required) => Err(Refusal::ReasonNeeded),
        Err(problem) => Err(Refusal::invalid(field, problem)),
    }
}

async fn editable(
    tx: &Tx,
    actor: &Actor,
    id: ChallengeId,
    action: Action,
) -> Result<challenge::Model, StoreError> {
    let row = load::challenge(tx, id).await?;
    let facts = Facts { issuer: Some(OrganisationId(row.issuer_id)), ..Facts::default() };
    permission::decide(actor, action, &facts)?;
    if !matches!(load::state(&row)?, State::Draft | State::Returned) {
        return Err(Refusal::WrongState { state: row.state }.into());
    }
    Ok(row)
}

pub(crate) fn check_size(typed: &Typed) -> Result<(), Refusal> {
    let bytes: usize = typed.iter().map(|(field, value)| field.len() + value.len()).sum();
    if typed.len() > FIELDS_MAX || bytes > TYPED_MAX_KIB as usize * 1024 {
        return Err(Refusal::BodyTooLarge { max_kib: TYPED_MAX_KIB });
    }
    Ok(())
}

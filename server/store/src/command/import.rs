//! Challenges from a file: all of them, or none and a list of what is wrong where.
//!
//! The format is a JSON array of objects: `title_zh`, `title_en`, `domain` (a name of the taxonomy, "new materials"),
//! `publishing_unit`, `budget_cny` (whole yuan, or null), `indicators` (texts), `period_months`, `conditions`,
//! `source`, `notes`, `number`; `demo_budget_cny`, `demo_period_months` and `demo_indicators` stand in for what a
//! source does not tell. `background`, `research` (both Markdown), `difficulty`, `contact` and `indicator_rows` (objects
//! with `name`, `unit`, `start`, `mid_term`, `completion`, `assessment`, `mandatory`) win over what is derived from
//! `notes`, `indicators` and `publishing_unit`. Other fields are passed over.

mod entry;

use domain::actor::OrganisationKind;
use domain::challenge::{Content, State, Step, Typed};
use domain::id::{ChallengeId, ListId, OrganisationId};
use domain::list::{BidderGates, ListContent, ListState, SelectionModel};
use domain::refusal::{Problem, Refusal};
use domain::rule::{Bilingual, Rule};
use domain::rule_form;
use entity::{challenge, challenge_event, challenge_list, organisation};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::Value;

use super::account::{insert_unit, name_key};
use super::challenge::{blank, content_columns};
use super::list::{self, CHALLENGES_MAX};
use crate::audit::{self, Subject};
use crate::connect::Store;
use crate::error::StoreError;
use crate::save;
use crate::tx::Tx;

/// Whose challenges they become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuerPolicy {
    /// The unit each entry names; made when it is new.
    PublishingUnit,
    /// One unit, whatever the entries say; they still show the name in the file.
    Unit(OrganisationId),
}

/// Where the challenges go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportOptions {
    /// The list they are put on, made when it is new; also the first part of the numbers of entries without one.
    pub list_number: String,
    pub list_title: Bilingual,
    pub issuer: IssuerPolicy,
}

/// What came in: approved challenges with the policy's preset as their rule and no deadline yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportReport {
    pub created: u32,
    pub list: ListId,
    /// In the order of the file.
    pub challenges: Vec<ChallengeId>,
}

/// One thing wrong with one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportProblem {
    /// Counted from 1; 0 is the file as a whole.
    pub entry: usize,
    pub title: String,
    /// As the file names it.
    pub field: String,
    pub problem: Problem,
}

/// Nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportFailure {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{} problems in the file", .0.len())]
    Problems(Vec<ImportProblem>),
}

/// Imports a file in one transaction.
///
/// # Errors
/// [`ImportFailure::Problems`] with everything that is wrong; [`Refusal::WrongState`] for a list that is out already.
pub async fn challenges(
    store: &Store,
    json: &[u8],
    options: &ImportOptions,
) -> Result<ImportReport, ImportFailure> {
    let entries = entry::read(json, &options.list_number).map_err(ImportFailure::Problems)?;
    let tx = store.begin().await?;
    let mut problems = Vec::new();
    for (index, entry) in (1..).zip(&entries) {
        let known = challenge::Entity::find().filter(challenge::Column::Number.eq(&entry.number));
        if known.count(tx.connection()).await.map_err(StoreError::from)? > 0 {
            problems.push(entry::problem(index, &entry.content.title, "number", Problem::NumberTaken));
        }
    }
    let list = find_or_make_list(&tx, options).await?;
    let members = challenge::Entity::find().filter(challenge::Column::ListId.eq(list.0));
    let members = members.count(tx.connection()).await.map_err(StoreError::from)?;
    if members + entries.len() as u64 > CHALLENGES_MAX {
        let max = i64::try_from(CHALLENGES_MAX).unwrap_or(i64::MAX);
        problems.push(entry::problem(0, "", "", Problem::TooMany { max }));
    }
    if !problems.is_empty() {
        return Err(ImportFailure::Problems(problems));
    }
    let mut created = Vec::with_capacity(entries.len());
    for entry in &entries {
        let issuer = match options.issuer {
            IssuerPolicy::Unit(unit) => unit.0,
            IssuerPolicy::PublishingUnit => unit(&tx, &entry.content.issuer_shown).await?,
        };
        created.push(insert(&tx, list, issuer, entry).await?);
    }
    let detail = serde_json::json!({ "challenges": created.len() });
    let subject = Subject { kind: "list", id: &list.to_string() };
    audit::record(&tx, None, "import_challenges", subject, detail).await?;
    tx.commit().await?;
    let count = u32::try_from(created.len()).unwrap_or(u32::MAX);
    Ok(ImportReport { created: count, list, challenges: created })
}

async fn find_or_make_list(tx: &Tx, options: &ImportOptions) -> Result<ListId, StoreError> {
    let known = challenge_list::Entity::find()
        .filter(challenge_list::Column::Number.eq(&options.list_number))
        .one(tx.connection())
        .await?;
    match known {
        Some(list) if list.state == ListState::Published.key() => {
            Err(Refusal::WrongState { state: list.state }.into())
        }
        Some(list) => Ok(ListId(list.id)),
        None => {
            let content = ListContent {
                number: options.list_number.clone(),
                title: options.list_title.clone(),
                introduction: Bilingual::default(),
                model: SelectionModel::Panel,
                gates: BidderGates::default(),
            };
            list::insert(tx, &content).await
        }
    }
}

/// What kind of unit it is the file does not say; the operator can tell it later.
async fn unit(tx: &Tx, name: &str) -> Result<uuid::Uuid, StoreError> {
    let known = organisation::Entity::find()
        .filter(organisation::Column::NameKey.eq(name_key(name)))
        .one(tx.connection())
        .await?;
    match known {
        Some(unit) => Ok(unit.id),
        None => insert_unit(tx, name, OrganisationKind::Other, "").await,
    }
}

async fn insert(
    tx: &Tx,
    list: ListId,
    issuer: uuid::Uuid,
    entry: &entry::Entry,
) -> Result<ChallengeId, StoreError> {
    let content: &Content = &entry.content;
    let preset = Rule::policy_preset();
    let mut rule_typed: Typed = rule_form::to_typed(&preset);
    rule_typed.insert("number".to_owned(), entry.number.clone());
    let read = content_columns(content)?;
    let row = challenge::ActiveModel {
        content: read.content,
        title: read.title,
        title_en: read.title_en,
        domain: read.domain,
        issuer_shown: read.issuer_shown,
        amount_fen: read.amount_fen,
        list_id: Set(Some(list.0)),
        number: Set(Some(entry.number.clone())),
        rule_typed: Set(save::json(&rule_typed)?),
        rule: Set(Some(preset.freeze().canonical)),
        ..blank(tx, issuer, &content.to_typed(), State::Approved)?
    };
    let row = row.insert(tx.connection()).await?;
    let event = challenge_event::ActiveModel {
        id: Set(save::new_id()),
        challenge_id: Set(row.id),
        at: Set(tx.now.0),
        actor_id: Set(None),
        step: Set(Step::Approve.key().to_owned()),
        from_state: Set(State::Draft.key().to_owned()),
        to_state: Set(State::Approved.key().to_owned()),
        note: Set(String::new()),
    };
    event.insert(tx.connection()).await?;
    let subject = Subject { kind: "challenge", id: &row.id.to_string() };
    audit::record(tx, None, "import", subject, Value::Null).await?;
    Ok(ChallengeId(row.id))
}

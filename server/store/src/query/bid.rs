//! Bids for their own team, and for those whose duty it is to read them after the opening. Visibility is part of the
//! query; every read by others is written to the audit log.

use std::collections::{BTreeMap, BTreeSet};

use domain::actor::{Actor, Role};
use domain::bid::{BidContent, BidState, Receipt, check_open_for_bids};
use domain::challenge::{Content, State};
use domain::id::{BidId, ChallengeId, OrganisationId};
use domain::panel::SeatState;
use domain::permission::{self, Action, Facts};
use domain::refusal::Refusal;
use domain::time::Timestamp;
use domain::view::bid::{BidPage, BidRow};
use domain::view::public::FrozenRule;
use entity::{bid, challenge, conflict, person, seat};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::bid_seal::is_sealed;
use crate::audit::{self, Subject};
use crate::command::bid::{signed_in, team_units};
use crate::command::panel_facts::{bid_state, known};
use crate::connect::Store;
use crate::error::StoreError;
use crate::load;

/// More bids than this no unit has ever had on one platform; the newest are shown.
const OWN_ROWS: u64 = 500;

/// The bids of the person's units, the latest change first.
///
/// # Errors
/// [`Refusal::SignInNeeded`].
pub async fn own_bids(store: &Store, actor: &Actor) -> Result<Vec<BidRow>, StoreError> {
    signed_in(actor)?;
    let units = team_units(actor);
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<OwnBid> = bid::Entity::find()
        .select_only()
        .columns([bid::Column::Id, bid::Column::ChallengeId, bid::Column::Title])
        .columns([bid::Column::State, bid::Column::UpdatedAt])
        .filter(bid::Column::LeadUnitId.is_in(units))
        .order_by_desc(bid::Column::UpdatedAt)
        .order_by_desc(bid::Column::Id)
        .limit(OWN_ROWS)
        .into_model()
        .all(&store.reader)
        .await?;
    let challenges = heads(&store.reader, rows.iter().map(|row| row.challenge_id)).await?;
    let mut own = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(challenge) = challenges.get(&row.challenge_id) else { continue };
        let state = known(BidState::from_key, &row.state)?;
        own.push(BidRow {
            id: BidId(row.id),
            challenge: ChallengeId(challenge.id),
            challenge_number: challenge.number.clone().unwrap_or_default(),
            challenge_title: challenge.title.clone(),
            title: row.title,
            state,
            challenge_state: shown_to_team(known(State::from_key, &challenge.state)?, state),
            closes_at: challenge.closes_at.map(Timestamp),
            updated_at: Timestamp(row.updated_at),
        });
    }
    Ok(own)
}

/// A bid without its documents.
#[derive(Debug, FromQueryResult)]
struct OwnBid {
    id: Uuid,
    challenge_id: Uuid,
    title: String,
    state: String,
    updated_at: i64,
}

/// A challenge without its documents.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ChallengeHead {
    pub(crate) id: Uuid,
    pub(crate) number: Option<String>,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) closes_at: Option<i64>,
}

/// The heads of challenges by id; the caller bounds the ids.
pub(crate) async fn heads(
    connection: &impl ConnectionTrait,
    ids: impl Iterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, ChallengeHead>, StoreError> {
    let ids: BTreeSet<Uuid> = ids.collect();
    let rows: Vec<ChallengeHead> = challenge::Entity::find()
        .select_only()
        .columns([challenge::Column::Id, challenge::Column::Number, challenge::Column::Title])
        .columns([challenge::Column::State, challenge::Column::ClosesAt])
        .filter(challenge::Column::Id.is_in(ids))
        .into_model()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// A team that has its letter knows that the challenge is decided; everyone else sees a review until publicity.
fn shown_to_team(challenge: State, bid: BidState) -> State {
    match bid {
        BidState::Won | BidState::Lost => challenge,
        _ => challenge.shown_to_public(),
    }
}

/// The bid form and everything around it, for the own team only.
///
/// # Errors
/// [`Refusal::SignInNeeded`]; [`Refusal::NotFound`] also for somebody else's bid.
pub async fn bid(store: &Store, actor: &Actor, id: BidId) -> Result<BidPage, StoreError> {
    let found = bid::Entity::find_by_id(id.0)
        .filter(bid::Column::LeadUnitId.is_in(team_units(actor)))
        .one(&store.reader)
        .await?;
    let lead_unit = found.as_ref().map(|row| OrganisationId(row.lead_unit_id));
    permission::decide(actor, Action::EditBid, &Facts { lead_unit, ..Facts::default() })?;
    let row = found.ok_or(Refusal::NotFound)?;
    let challenge = challenge_of(&store.reader, &row).await?;
    let saved_by = person::Entity::find_by_id(row.saved_by).one(&store.reader).await?;
    let unit = load::unit_name(&store.reader, row.lead_unit_id).await?;
    let state = bid_state(&row)?;
    let now = store.now().await?;
    let challenge_state = load::state(&challenge)?;
    let closes_at = challenge.closes_at.map(Timestamp);
    let open = check_open_for_bids(challenge_state, closes_at, now).is_ok();
    let changed = row.submitted_typed.as_ref().is_some_and(|submitted| *submitted != row.typed);
    Ok(BidPage {
        id,
        challenge: ChallengeId(challenge.id),
        challenge_number: challenge.number.clone().unwrap_or_default(),
        challenge_content: challenge_content(&challenge)?,
        challenge_state: shown_to_team(challenge_state, state),
        closes_at,
        rule: frozen(&challenge)?,
        unit,
        state,
        typed: load::json(&row.typed)?,
        saved_at: Timestamp(row.updated_at),
        saved_by: saved_by.map(|person| person.name).unwrap_or_default(),
        version: row.version,
        submitted: stored(row.content.as_deref())?,
        receipt: stored::<Receipt>(row.receipt.as_deref())?,
        unsubmitted_changes: changed,
        may_edit: open && matches!(state, BidState::Draft | BidState::Submitted | BidState::Withdrawn),
        may_withdraw: open && state == BidState::Submitted,
        eligibility_reason: row.eligibility_reason,
        signer: actor.name.clone(),
    })
}

/// The rule with its seal, as it was published.
pub(crate) fn frozen(challenge: &challenge::Model) -> Result<FrozenRule, StoreError> {
    Ok(FrozenRule {
        rule: load::rule(challenge)?,
        canonical: challenge.rule.clone().unwrap_or_default(),
        sha256: challenge.rule_sha256.clone().unwrap_or_default(),
    })
}

fn stored<T: serde::de::DeserializeOwned>(text: Option<&str>) -> Result<Option<T>, StoreError> {
    text.map(load::json).transpose()
}

/// A submitted bid as somebody else may read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BidReading {
    pub id: BidId,
    pub challenge: ChallengeId,
    pub challenge_number: String,
    pub challenge_title: String,
    pub unit: String,
    pub content: BidContent,
    /// `Won` and `Lost` only where the reader may know them.
    pub state: BidState,
    pub submitted_at: Option<Timestamp>,
    /// Empty for experts and the issuer.
    pub eligibility_reason: String,
}

/// Opens a submitted bid. Reads by anyone but the own team are logged in the same transaction.
///
/// # Errors
/// [`Refusal::SignInNeeded`]; [`Refusal::NotFound`] while sealed, for drafts, and for whoever has no part in it;
/// [`Refusal::DeclarationNeeded`] and [`Refusal::ConflictOfInterest`] for experts.
pub async fn bid_content(store: &Store, actor: &Actor, id: BidId) -> Result<BidReading, StoreError> {
    let tx = store.begin().await?;
    let found = bid::Entity::find_by_id(id.0)
        .filter(bid::Column::State.is_not_in([BidState::Draft.key(), BidState::Withdrawn.key()]))
        .one(tx.connection())
        .await?;
    let Some(row) = found else {
        permission::decide(actor, Action::ReadBid, &Facts { sealed: true, ..Facts::default() })?;
        return Err(Refusal::NotFound.into());
    };
    let challenge = challenge_of(tx.connection(), &row).await?;
    let facts = reading_facts(tx.connection(), actor, &row, &challenge).await?;
    permission::decide(actor, Action::ReadBid, &facts)?;
    let reader = Reader::of(actor, &facts);
    let rule = load::rule(&challenge)?;
    // Experts of a blind panel read on the score sheet, where the bid has no id that a unit hangs on.
    if reader == Reader::Expert && (rule.blind || row.state == BidState::Ineligible.key()) {
        return Err(Refusal::NotFound.into());
    }
    let mut content: BidContent = stored(row.content.as_deref())?.ok_or(Refusal::NotFound)?;
    let mut state = bid_state(&row)?;
    let mut eligibility_reason = row.eligibility_reason.clone();
    if matches!(reader, Reader::Expert | Reader::Issuer) {
        content = for_expert(content, false);
        eligibility_reason.clear();
        if !load::state(&challenge)?.shows_results() && matches!(state, BidState::Won | BidState::Lost) {
            state = BidState::Eligible;
        }
    }
    let unit = load::unit_name(tx.connection(), row.lead_unit_id).await?;
    if reader != Reader::Team {
        let subject = Subject { kind: "bid", id: &id.to_string() };
        audit::record(&tx, actor.person, "bid.read", subject, json!({ "challenge": challenge.id })).await?;
    }
    tx.commit().await?;
    Ok(BidReading {
        id,
        challenge: ChallengeId(challenge.id),
        challenge_number: challenge.number.unwrap_or_default(),
        challenge_title: challenge.title,
        unit,
        content,
        state,
        submitted_at: row.submitted_at.map(Timestamp),
        eligibility_reason,
    })
}

async fn challenge_of(
    connection: &impl ConnectionTrait,
    row: &bid::Model,
) -> Result<challenge::Model, StoreError> {
    let found = challenge::Entity::find_by_id(row.challenge_id).one(connection).await?;
    Ok(found.ok_or(Refusal::NotFound)?)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    Team,
    Office,
    Issuer,
    Expert,
}

impl Reader {
    /// In which capacity somebody who may read does read; the closest to the bid first.
    fn of(actor: &Actor, facts: &Facts) -> Self {
        if facts.lead_unit.is_some_and(|unit| actor.has_in(Role::Team, unit)) {
            Self::Team
        } else if actor.has(Role::Organiser) || actor.has(Role::Auditor) {
            Self::Office
        } else if facts.awarded && facts.issuer.is_some_and(|unit| actor.has_in(Role::Issuer, unit)) {
            Self::Issuer
        } else {
            Self::Expert
        }
    }
}

async fn reading_facts(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    row: &bid::Model,
    challenge: &challenge::Model,
) -> Result<Facts, StoreError> {
    let seat = match actor.person {
        None => None,
        Some(person) => {
            seat::Entity::find()
                .filter(seat::Column::ChallengeId.eq(challenge.id))
                .filter(seat::Column::PersonId.eq(person.0))
                .filter(seat::Column::State.ne(SeatState::Recused.key()))
                .one(connection)
                .await?
        }
    };
    let conflict = match &seat {
        None => None,
        Some(seat) => conflict::Entity::find_by_id((seat.id, row.id)).one(connection).await?,
    };
    let awarded = row.state == BidState::Won.key() && load::state(challenge)?.shows_results();
    Ok(Facts {
        issuer: Some(OrganisationId(challenge.issuer_id)),
        lead_unit: Some(OrganisationId(row.lead_unit_id)),
        owner: None,
        sealed: is_sealed(connection, challenge).await?,
        declared: seat.as_ref().is_some_and(|seat| seat.state == SeatState::Declared.key()),
        seated: seat.is_some(),
        conflict: conflict.is_some(),
        awarded,
    })
}

/// What an expert reads: never whom the team wants to avoid; under a blind rule no unit and no name either.
pub(crate) fn for_expert(mut content: BidContent, blind: bool) -> BidContent {
    content.avoid_experts.clear();
    if blind {
        content.partners.clear();
        content.signed_by.clear();
        for member in &mut content.team {
            member.name.clear();
            member.unit.clear();
        }
    }
    content
}

/// The challenge as everyone may read it.
pub(crate) fn challenge_content(challenge: &challenge::Model) -> Result<Content, StoreError> {
    Ok(stored(challenge.content.as_deref())?.ok_or(Refusal::NotFound)?)
}

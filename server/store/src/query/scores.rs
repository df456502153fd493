//! What a panel scored, to be taken out of the database and computed again elsewhere.
//! Deliberately absent: who may have it. The operator who asks holds the whole database already.

use std::collections::BTreeMap;

use domain::bid::BidState;
use domain::decision::DecisionState;
use domain::id::{BidId, PersonId};
use domain::race::{GateState, TeamState};
use domain::review::{ReviewState, SheetContent};
use domain::rule::{Rule, hex};
use domain::score::Sheet;
use domain::time::Timestamp;
use entity::{bid, challenge, decision, gate, gate_line, organisation, person, racing_team, review};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::command::review_stage::stage_seed;
use crate::connect::Store;
use crate::error::StoreError;
use crate::load;

/// More sheets than any panel has written: 20,000 bids with nine experts each.
const SHEETS: u64 = 200_000;

/// One stage of one challenge.
#[derive(Clone, Debug)]
pub struct PanelScores {
    pub rule: Rule,
    /// Hex; only once this stage is decided, because before it the draw must stay unknown.
    pub draw_seed: Option<String>,
    /// In the order of their ids.
    pub bids: Vec<ScoredBid>,
    pub reviewers: BTreeMap<PersonId, String>,
    /// Handed in, abstentions left out.
    pub sheets: Vec<Sheet>,
}

#[derive(Clone, Debug)]
pub struct ScoredBid {
    pub id: BidId,
    pub title: String,
    pub unit: String,
    pub sealed_at: Option<Timestamp>,
}

/// The sheets of a challenge at `gate` (0 is the selection) with the bids that counted there. `None` for an unknown
/// number.
///
/// # Errors
/// A challenge without a frozen rule is refused; the database may not answer.
pub async fn panel_scores(store: &Store, number: &str, gate: u32) -> Result<Option<PanelScores>, StoreError> {
    let found = challenge::Entity::find().filter(challenge::Column::Number.eq(number));
    let Some(row) = found.one(&store.reader).await? else { return Ok(None) };
    let rule = load::rule(&row)?;
    let rows = review::Entity::find()
        .filter(review::Column::ChallengeId.eq(row.id))
        .filter(review::Column::Gate.eq(i64::from(gate)))
        .order_by_asc(review::Column::Id)
        .limit(SHEETS)
        .all(&store.reader)
        .await?;
    let bids = scored_bids(store, row.id, gate).await?;
    let mut sheets = Vec::new();
    for review in rows.iter().filter(|review| review.state == ReviewState::Submitted.key()) {
        let bid = BidId(review.bid_id);
        if bids.binary_search_by_key(&bid, |scored| scored.id).is_err() {
            continue;
        }
        let content: SheetContent = load::json(review.content.as_deref().unwrap_or_default())?;
        let reviewer = PersonId(review.person_id);
        sheets.push(Sheet { bid, reviewer, scores_milli: content.scores_milli, votes: Vec::new() });
    }
    let reviewers = names(store, &sheets).await?;
    let draw_seed = if is_decided(store, row.id, gate).await? {
        Some(hex(&stage_seed(&row, &rule, gate)?))
    } else {
        None
    };
    Ok(Some(PanelScores { rule, draw_seed, bids, reviewers, sheets }))
}

/// Whether the result of this stage is out.
async fn is_decided(store: &Store, challenge: Uuid, number: u32) -> Result<bool, StoreError> {
    if number == 0 {
        let found = decision::Entity::find_by_id(challenge).one(&store.reader).await?;
        return Ok(found.is_some_and(|row| row.state == DecisionState::Applied.key()));
    }
    let decided = gate::Entity::find()
        .filter(gate::Column::ChallengeId.eq(challenge))
        .filter(gate::Column::Number.eq(i64::from(number)))
        .filter(gate::Column::State.eq(GateState::Decided.key()));
    Ok(decided.one(&store.reader).await?.is_some())
}

/// At the selection the eligible bids, scored or not; at a decided gate those it has a line for, at an open one those still
/// racing: who withdrew meanwhile takes no part.
async fn scored_bids(store: &Store, challenge: Uuid, number: u32) -> Result<Vec<ScoredBid>, StoreError> {
    let counting = [BidState::Eligible, BidState::Won, BidState::Lost].map(BidState::key);
    let mut found = bid::Entity::find()
        .filter(bid::Column::ChallengeId.eq(challenge))
        .filter(bid::Column::State.is_in(counting));
    if number > 0 {
        found = found.filter(bid::Column::Id.is_in(teams(store, challenge, number).await?));
    }
    let found = found.order_by_asc(bid::Column::Id).limit(SHEETS).all(&store.reader).await?;
    let mut bids = Vec::new();
    let units: Vec<Uuid> = found.iter().map(|bid| bid.lead_unit_id).collect();
    let units = organisation::Entity::find().filter(organisation::Column::Id.is_in(units));
    let units: BTreeMap<Uuid, String> =
        units.all(&store.reader).await?.into_iter().map(|unit| (unit.id, unit.name)).collect();
    for bid in found {
        bids.push(ScoredBid {
            id: BidId(bid.id),
            title: bid.title,
            unit: units.get(&bid.lead_unit_id).cloned().unwrap_or_default(),
            sealed_at: bid.submitted_at.map(Timestamp),
        });
    }
    bids.sort_by_key(|bid| bid.id);
    Ok(bids)
}

/// The teams of a gate.
async fn teams(store: &Store, challenge: Uuid, number: u32) -> Result<Vec<Uuid>, StoreError> {
    let lines = gate_line::Entity::find()
        .filter(gate_line::Column::ChallengeId.eq(challenge))
        .filter(gate_line::Column::Gate.eq(i64::from(number)))
        .limit(SHEETS)
        .all(&store.reader)
        .await?;
    if !lines.is_empty() {
        return Ok(lines.into_iter().map(|line| line.bid_id).collect());
    }
    let racing = racing_team::Entity::find()
        .filter(racing_team::Column::ChallengeId.eq(challenge))
        .filter(racing_team::Column::State.eq(TeamState::Racing.key()))
        .limit(SHEETS)
        .all(&store.reader)
        .await?;
    Ok(racing.into_iter().map(|team| team.bid_id).collect())
}

async fn names(store: &Store, sheets: &[Sheet]) -> Result<BTreeMap<PersonId, String>, StoreError> {
    let ids: std::collections::BTreeSet<Uuid> = sheets.iter().map(|sheet| sheet.reviewer.0).collect();
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(&store.reader).await?;
    Ok(people.into_iter().map(|person| (PersonId(person.id), person.name)).collect())
}

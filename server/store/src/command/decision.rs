//! From sheets to winners: proposed as a draft, applied together with its letters in one transaction.
//! Deliberately absent: the arithmetic (`domain::score`) and publicity (`steps`).

use domain::actor::Actor;
use domain::bid::BidState;
use domain::challenge::Step;
use domain::decision::{Decision, DecisionState, check_decidable};
use domain::id::{BidId, ChallengeId};
use domain::notice::{CriterionPosition, Notice};
use domain::permission::{self, Action, Facts};
use domain::refusal::{FieldError, Refusal};
use domain::rule::{Rule, hex};
use domain::score::{self, RankedBid, Ranking};
use domain::words;
use entity::{bid, challenge, decision};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::advance::{Advance, advance};
use super::bid::signed_in;
use super::panel_facts::{INSERT_ROWS, about, ids, opened_bids};
use super::review_stage::{load_stage, rank, stage_seed};
use crate::audit::{self, Subject};
use crate::connect::Store;
use crate::error::StoreError;
use crate::tx::Tx;
use crate::{load, outbox, save};

/// Ranks the eligible bids by the frozen rule and keeps the result as a draft that only the secretariat sees.
/// Proposing again replaces the draft.
///
/// # Errors
/// [`Refusal::ReviewsMissing`], [`Refusal::NoBids`], [`Refusal::WrongState`], [`Refusal::AlreadyDecided`].
pub async fn propose(store: &Store, actor: &Actor, id: ChallengeId, reason: &str) -> Result<(), StoreError> {
    permission::decide(actor, Action::ProposeDecision, &Facts::default())?;
    let person = signed_in(actor)?;
    let tx = store.begin().await?;
    let challenge = load::challenge(&tx, id).await?;
    let before = decision::Entity::find_by_id(id.0).one(tx.connection()).await?;
    if before.as_ref().is_some_and(|row| row.state == DecisionState::Applied.key()) {
        return Err(Refusal::AlreadyDecided.into());
    }
    let reason = words::optional_paragraphs(reason, words::TEXT_MAX)
        .map_err(|problem| Refusal::Invalid { fields: vec![FieldError::new("reason", problem)] })?;
    let rule = load::rule(&challenge)?;
    let ranking = compute(&tx, &challenge, &rule).await?;
    let winners = score::winners(&ranking, rule.max_winners);
    let body = Decision {
        ranking,
        winners,
        draw_seed: hex(&stage_seed(&challenge, &rule, 0)?),
        rule_sha256: challenge.rule_sha256.clone().unwrap_or_default(),
        reason,
    };
    let row = decision::ActiveModel {
        challenge_id: Set(id.0),
        state: Set(DecisionState::Proposed.key().to_owned()),
        body: Set(save::json(&body)?),
        proposed_by: Set(person.0),
        proposed_at: Set(tx.now.0),
        applied_at: Set(None),
    };
    if before.is_some() {
        row.update(tx.connection()).await?
    } else {
        row.insert(tx.connection()).await?
    };
    record(&tx, actor, "decision.propose", id).await?;
    tx.commit().await
}

/// Applies the draft: the challenge is decided, bids have won or lost, and every ranked bidder's letter is written,
/// all or nothing.
///
/// # Errors
/// [`Refusal::NothingDecided`] without a draft; [`Refusal::AlreadyDecided`]; [`Refusal::ChangedMeanwhile`] when a sheet
/// changed since the draft, which must then be made anew; [`Refusal::ReviewsMissing`]; [`Refusal::NoBids`] when nobody
/// passed: that ends in "no valid bid", not in an award.
pub async fn apply(store: &Store, actor: &Actor, id: ChallengeId) -> Result<(), StoreError> {
    permission::decide(actor, Action::ApplyDecision, &Facts::default())?;
    let tx = store.begin().await?;
    let challenge = load::challenge(&tx, id).await?;
    let row = decision::Entity::find_by_id(id.0).one(tx.connection()).await?;
    let row = row.ok_or(Refusal::NothingDecided)?;
    if row.state == DecisionState::Applied.key() {
        return Err(Refusal::AlreadyDecided.into());
    }
    let body: Decision = load::json(&row.body)?;
    let rule = load::rule(&challenge)?;
    if compute(&tx, &challenge, &rule).await? != body.ranking {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    if body.winners.is_empty() {
        return Err(Refusal::NoBids.into());
    }
    let applied = decision::ActiveModel {
        challenge_id: Set(id.0),
        state: Set(DecisionState::Applied.key().to_owned()),
        applied_at: Set(Some(tx.now.0)),
        ..Default::default()
    };
    applied.update(tx.connection()).await?;
    let ranked: Vec<BidId> = body.ranking.rows.iter().map(|row| row.bid).collect();
    let lost: Vec<BidId> = ranked.iter().copied().filter(|bid| !body.winners.contains(bid)).collect();
    settle(&tx, &body.winners, BidState::Won).await?;
    settle(&tx, &lost, BidState::Lost).await?;
    write_letters(&tx, &challenge, &rule, &body).await?;
    let step = Advance { who: actor.person, row: &challenge, step: Step::Decide, note: &body.reason };
    advance(&tx, step, challenge::ActiveModel { ..Default::default() }).await?;
    record(&tx, actor, "decision.apply", id).await?;
    tx.commit().await
}

async fn compute(tx: &Tx, challenge: &challenge::Model, rule: &Rule) -> Result<Ranking, StoreError> {
    let mut bids = opened_bids(tx.connection(), challenge.id).await?;
    bids.retain(|bid| bid.state == BidState::Eligible.key());
    let bids = ids(&bids);
    let stage = load_stage(tx.connection(), challenge.id, 0, &bids).await?;
    check_decidable(load::state(challenge)?, stage.missing, bids.len())?;
    rank(challenge, rule, 0, &stage, &bids)
}

async fn settle(tx: &Tx, bids: &[BidId], state: BidState) -> Result<(), StoreError> {
    for chunk in bids.chunks(INSERT_ROWS) {
        let changed = bid::ActiveModel {
            state: Set(state.key().to_owned()),
            updated_at: Set(tx.now.0),
            ..Default::default()
        };
        bid::Entity::update_many()
            .set(changed)
            .col_expr(bid::Column::Version, Expr::col(bid::Column::Version).add(1))
            .filter(bid::Column::Id.is_in(chunk.iter().map(|bid| bid.0)))
            .exec(tx.connection())
            .await?;
    }
    Ok(())
}

async fn write_letters(
    tx: &Tx,
    challenge: &challenge::Model,
    rule: &Rule,
    body: &Decision,
) -> Result<(), StoreError> {
    let bids = opened_bids(tx.connection(), challenge.id).await?;
    let lead = |bid: BidId| bids.iter().find(|row| row.id == bid.0).map(|row| row.lead_person_id);
    let of = u32::try_from(body.ranking.rows.len()).unwrap_or(u32::MAX);
    for row in &body.ranking.rows {
        let reader: Uuid = lead(row.bid).ok_or_else(|| StoreError::Broken(format!("no bid {}", row.bid)))?;
        let notice = Notice::Result {
            challenge: about(challenge),
            bid: row.bid.to_string(),
            won: body.winners.contains(&row.bid),
            total_milli: row.total_milli,
            rank: row.rank,
            of,
            criteria: positions(rule, &body.ranking, row),
            rule_sha256: body.rule_sha256.clone(),
        };
        outbox::post_to_persons(tx, &[reader], &notice).await?;
    }
    Ok(())
}

/// Where a bid stands in each criterion: its combined score, and how many bids are ahead of it, plus one.
fn positions(rule: &Rule, ranking: &Ranking, own: &RankedBid) -> Vec<CriterionPosition> {
    let criteria = rule.rubric.criteria.iter().zip(&own.per_criterion_milli).enumerate();
    let position = |(index, (criterion, score)): (usize, (&domain::rule::Criterion, &i64))| {
        let ahead = ranking
            .rows
            .iter()
            .filter(|row| row.per_criterion_milli.get(index).is_some_and(|other| other > score))
            .count();
        CriterionPosition {
            name_zh: criterion.name.zh.clone(),
            name_en: criterion.name.en.clone(),
            score_milli: *score,
            rank: u32::try_from(ahead + 1).unwrap_or(u32::MAX),
        }
    };
    criteria.map(position).collect()
}

async fn record(tx: &Tx, actor: &Actor, action: &str, id: ChallengeId) -> Result<(), StoreError> {
    let subject = Subject { kind: "challenge", id: &id.to_string() };
    audit::record(tx, actor.person, action, subject, json!({})).await
}

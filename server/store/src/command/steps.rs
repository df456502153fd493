//! The organiser's steps between publication and the end. Decide, publish and the start of the review have commands of
//! their own.

use domain::actor::Actor;
use domain::bid::BidState;
use domain::challenge::{State, Step, Typed};
use domain::decision::{self, Decision};
use domain::id::{ChallengeId, PersonId};
use domain::notice::Notice;
use domain::permission::{self, Action, Facts};
use domain::race::{GateState, TeamState};
use domain::refusal::Refusal;
use domain::time::Timestamp;
use domain::words;
use entity::{bid, challenge, decision as decision_table, gate, racing_team};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::advance::{Advance, advance};
use super::audience;
use super::challenge::{blank, read_reason};
use super::panel_facts::about;
use crate::connect::Store;
use crate::error::StoreError;
use crate::load;
use crate::outbox;
use crate::tx::Tx;

/// Takes a step, with everything that belongs to it, in one transaction. `note` is the reason where one is needed.
///
/// # Errors
/// [`Refusal::WrongState`]; [`Refusal::DeadlineNotReached`] (close, open); [`Refusal::EligibilityOpen`] (no valid
/// bid); [`Refusal::PublicityRunning`] (award); [`Refusal::ReasonNeeded`] (cancel, terminate); [`Refusal::NotFound`]
/// for others than organisers.
pub async fn step(
    store: &Store,
    actor: &Actor,
    id: ChallengeId,
    step: Step,
    note: &str,
) -> Result<(), StoreError> {
    permission::decide(actor, action(step)?, &Facts::default())?;
    let note = match step {
        Step::Cancel | Step::Terminate => read_reason("note", note)?,
        _ => words::optional_paragraphs(note, words::REASON_MAX)
            .map_err(|problem| Refusal::invalid("note", problem))?,
    };
    let mut tx = store.begin().await?;
    let row = load::challenge(&tx, id).await?;
    check_deadline(&row, step, tx.now)?;
    load::state(&row)?.after(step)?;
    match step {
        Step::DeclareNoValidBid => check_no_valid_bid(&tx, &row).await?,
        Step::StartAcceptance => check_race_over(&tx, &row).await?,
        Step::Republish => republish(&tx, &row).await?,
        Step::Award => check_award(&tx, &row).await?,
        _ => {}
    }
    let columns = if step == Step::Publicise { publicity(&row, tx.now)? } else { Default::default() };
    let ends_at = columns.publicity_ends_at.clone().take().flatten().map(Timestamp);
    advance(&tx, Advance { who: actor.person, row: &row, step, note: &note }, columns).await?;
    match step {
        Step::Open => announce_opening(&tx, &row).await?,
        Step::Publicise => announce_publicity(&tx, &row, ends_at.unwrap_or(tx.now)).await?,
        Step::Award => award(&tx, &row).await?,
        _ => {}
    }
    if row.published_at.is_some() {
        tx.touches_public();
    }
    tx.commit().await
}

fn action(step: Step) -> Result<Action, Refusal> {
    Ok(match step {
        Step::Close => Action::CloseChallenge,
        Step::Open => Action::OpenBids,
        Step::StartEligibility | Step::DeclareNoValidBid => Action::SettleEligibility,
        Step::Publicise => Action::Publicise,
        Step::Award => Action::Award,
        Step::Contract | Step::Start | Step::StartAcceptance | Step::Finish => Action::AdvanceProject,
        Step::Cancel | Step::Terminate | Step::Republish => Action::CancelChallenge,
        Step::Propose | Step::Return | Step::Approve | Step::Publish | Step::StartReview | Step::Decide => {
            return Err(Refusal::NotAllowed);
        }
    })
}

/// A bid at the very millisecond of the deadline is in time, so closing is not, yet.
fn check_deadline(row: &challenge::Model, step: Step, now: Timestamp) -> Result<(), StoreError> {
    let guarded = matches!(step, Step::Close | Step::Open)
        && matches!(load::state(row)?, State::Published | State::Closed);
    if guarded && row.closes_at.is_none_or(|at| now.0 <= at) {
        return Err(Refusal::DeadlineNotReached.into());
    }
    Ok(())
}

/// Nothing valid came, or nothing that came passed: every bid is settled and none may still win.
async fn check_no_valid_bid(tx: &Tx, row: &challenge::Model) -> Result<(), StoreError> {
    let open = audience::bids_in(tx, row.id, &[BidState::Submitted]).await?.len();
    if open > 0 {
        return Err(Refusal::EligibilityOpen { left: u32::try_from(open).unwrap_or(u32::MAX) }.into());
    }
    if audience::bids_in(tx, row.id, &[BidState::Eligible]).await?.is_empty() {
        return Ok(());
    }
    let proposed = decision_table::Entity::find_by_id(row.id).one(tx.connection()).await?;
    match proposed {
        None if row.state == State::Review.key() => Err(Refusal::NothingDecided.into()),
        Some(proposed) if load::json::<Decision>(&proposed.body)?.winners.is_empty() => Ok(()),
        _ => Err(Refusal::WrongState { state: row.state.clone() }.into()),
    }
}

/// A race ends with its winner, or is terminated.
async fn check_race_over(tx: &Tx, row: &challenge::Model) -> Result<(), StoreError> {
    let won = racing_team::Entity::find()
        .filter(racing_team::Column::ChallengeId.eq(row.id))
        .filter(racing_team::Column::State.eq(TeamState::Won.key()))
        .count(tx.connection())
        .await?;
    if row.has_race && won == 0 {
        return Err(Refusal::WrongState { state: row.state.clone() }.into());
    }
    Ok(())
}

fn publicity(row: &challenge::Model, now: Timestamp) -> Result<challenge::ActiveModel, StoreError> {
    let period = decision::publicity_period(&load::rule(row)?, now)
        .ok_or_else(|| StoreError::Broken(format!("no calendar for {}", now.0)))?;
    Ok(challenge::ActiveModel {
        publicity_from: Set(Some(now.0)),
        publicity_ends_at: Set(Some(period.ends_at.0)),
        publicity_known: Set(period.known),
        ..Default::default()
    })
}

async fn announce_opening(tx: &Tx, row: &challenge::Model) -> Result<(), StoreError> {
    for opened in audience::bids_in(tx, row.id, &[BidState::Submitted]).await? {
        let notice = Notice::BidOpened { challenge: about(row), bid: opened.id.to_string() };
        outbox::post_to_persons(tx, &[opened.lead_person_id], &notice).await?;
    }
    Ok(())
}

/// Everybody who was judged, and who follows the domain.
async fn announce_publicity(tx: &Tx, row: &challenge::Model, ends_at: Timestamp) -> Result<(), StoreError> {
    let judged = [BidState::Won, BidState::Lost, BidState::Ineligible];
    let bids = audience::bids_in(tx, row.id, &judged).await?;
    let mut to: std::collections::BTreeSet<Uuid> = bids.iter().map(|bid| bid.lead_person_id).collect();
    to.extend(audience::followers(tx, &row.domain).await?);
    let to: Vec<Uuid> = to.into_iter().collect();
    outbox::post_to_persons(tx, &to, &Notice::Publicity { challenge: about(row), ends_at }).await
}

async fn check_award(tx: &Tx, row: &challenge::Model) -> Result<(), StoreError> {
    decision::check_awardable(load::state(row)?, row.publicity_ends_at.map(Timestamp), tx.now)?;
    let winners = audience::bids_in(tx, row.id, &[BidState::Won]).await?;
    if winners.is_empty() { Err(Refusal::NothingDecided.into()) } else { Ok(()) }
}

async fn award(tx: &Tx, row: &challenge::Model) -> Result<(), StoreError> {
    let rule = load::rule(row)?;
    let winners: Vec<bid::Model> = audience::bids_in(tx, row.id, &[BidState::Won]).await?;
    for winner in &winners {
        let notice = Notice::Awarded { challenge: about(row), bid: winner.id.to_string() };
        outbox::post_to_persons(tx, &[winner.lead_person_id], &notice).await?;
    }
    if rule.gates.is_empty() {
        return Ok(());
    }
    for winner in &winners {
        let team = racing_team::ActiveModel {
            bid_id: Set(winner.id),
            challenge_id: Set(row.id),
            state: Set(TeamState::Racing.key().to_owned()),
            left_at: Set(None),
            cumulative_milli: Set(None),
            version: Set(1),
        };
        team.insert(tx.connection()).await?;
    }
    for (number, _) in (1i64..).zip(&rule.gates) {
        let gate = gate::ActiveModel {
            challenge_id: Set(row.id),
            number: Set(number),
            state: Set(GateState::Waiting.key().to_owned()),
            opened_at: Set(None),
            decided_at: Set(None),
            reminded_at: Set(None),
            ranking: Set(None),
        };
        gate.insert(tx.connection()).await?;
    }
    Ok(())
}

/// The same need again, approved, with the rule as it was typed, for a later list. Only what was published once.
async fn republish(tx: &Tx, row: &challenge::Model) -> Result<(), StoreError> {
    let (Some(content), Some(_)) = (&row.content, row.published_at) else {
        return Err(Refusal::WrongState { state: row.state.clone() }.into());
    };
    let typed: Typed = load::json(&row.typed)?;
    let mut rule_typed: Typed = load::json(&row.rule_typed)?;
    rule_typed.remove("number");
    rule_typed.remove("closes_at");
    let copy = challenge::ActiveModel {
        content: Set(Some(content.clone())),
        title: Set(row.title.clone()),
        title_en: Set(row.title_en.clone()),
        domain: Set(row.domain.clone()),
        issuer_shown: Set(row.issuer_shown.clone()),
        amount_fen: Set(row.amount_fen),
        rule_typed: Set(crate::save::json(&rule_typed)?),
        ..blank(tx, row.issuer_id, &typed, State::Approved)?
    };
    copy.insert(tx.connection()).await?;
    Ok(())
}

/// The deadline passed: the clock closes. Says whether there was anything to close.
pub(super) async fn close_by_clock(store: &Store, id: ChallengeId) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    let row = load::challenge(&tx, id).await?;
    if row.state != State::Published.key() || row.closes_at.is_none_or(|at| tx.now.0 <= at) {
        tx.roll_back().await?;
        return Ok(false);
    }
    let nobody: Option<PersonId> = None;
    advance(&tx, Advance { who: nobody, row: &row, step: Step::Close, note: "" }, Default::default()).await?;
    tx.touches_public();
    tx.commit().await?;
    Ok(true)
}

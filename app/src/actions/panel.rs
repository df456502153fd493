//! Eligibility, seats, declarations, assignment, decision.

use domain::challenge::Typed;
use domain::id::{BidId, ChallengeId, PersonId, SeatId};
use leptos::prelude::*;

use crate::error::AppError;

#[server(endpoint = "panel/settle_eligibility")]
pub async fn settle_eligibility(
    challenge: ChallengeId,
    bid: BidId,
    eligible: bool,
    #[server(default)] reason: String,
) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::desk_eligibility(challenge);
    let done =
        store::command::panel::settle_eligibility(&here.store, &here.actor, bid, eligible, &reason).await;
    here.answer(done, Typed::from([(format!("reason.{bid}"), reason)]), back.clone(), |()| {
        (crate::url::done(&back, "saved"), ())
    })
    .await
}

#[server(endpoint = "panel/seat")]
pub async fn seat_expert(challenge: ChallengeId, person: PersonId) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::desk_panel(challenge);
    let done = store::command::panel::seat(&here.store, &here.actor, challenge, person).await;
    here.answer(done, Typed::new(), back.clone(), |_seat| (crate::url::done(&back, "seated"), ())).await
}

#[server(endpoint = "panel/unseat")]
pub async fn unseat_expert(challenge: ChallengeId, seat: SeatId) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::desk_panel(challenge);
    let done = store::command::panel::unseat(&here.store, &here.actor, seat).await;
    here.answer(done, Typed::new(), back.clone(), |()| (crate::url::done(&back, "saved"), ())).await
}

#[server(endpoint = "panel/start_review")]
pub async fn start_review(challenge: ChallengeId, #[server(default)] due: String) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::desk_panel(challenge);
    let done = store::command::forms::start_review(&here.store, &here.actor, challenge, &due).await;
    here.answer(done, Typed::from([("due".to_owned(), due)]), back, |()| {
        (crate::url::done(&crate::url::desk_scores(challenge), "review_started"), ())
    })
    .await
}

/// Ticked bids arrive as `conflict.<bid id>`.
#[server(endpoint = "panel/declare")]
pub async fn declare_interest(
    challenge: ChallengeId,
    seat: SeatId,
    #[server(flatten)] form: Typed,
) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = store::command::forms::declare(&here.store, &here.actor, seat, &form).await;
    here.answer(done, form, crate::url::declaration(challenge), |()| {
        (crate::url::done(&crate::url::desk_reviews(), "declared"), ())
    })
    .await
}

#[server(endpoint = "panel/recuse")]
pub async fn recuse(
    challenge: ChallengeId,
    seat: SeatId,
    #[server(default)] note: String,
) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = store::command::panel::recuse(&here.store, &here.actor, seat, &note).await;
    here.answer(done, Typed::from([("note".to_owned(), note)]), crate::url::declaration(challenge), |()| {
        (crate::url::done(&crate::url::desk_reviews(), "recused"), ())
    })
    .await
}

#[server(endpoint = "decision/propose")]
pub async fn propose_decision(
    challenge: ChallengeId,
    #[server(default)] reason: String,
) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::desk_decision(challenge);
    let done = store::command::decision::propose(&here.store, &here.actor, challenge, &reason).await;
    here.answer(done, Typed::from([("reason".to_owned(), reason)]), back.clone(), |()| {
        (crate::url::done(&back, "decision_proposed"), ())
    })
    .await
}

#[server(endpoint = "decision/apply")]
pub async fn apply_decision(challenge: ChallengeId) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::desk_decision(challenge);
    let done = store::command::decision::apply(&here.store, &here.actor, challenge).await;
    here.answer(done, Typed::new(), back.clone(), |()| (crate::url::done(&back, "decision_applied"), ()))
        .await
}

//! Needs, rules and the steps of a challenge.

use domain::challenge::{Step, Typed};
use domain::id::ChallengeId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// What saving tells a caller that stays on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// To send with the next save.
    pub version: i64,
}

#[server(endpoint = "challenge/create")]
pub async fn create_need(#[server(flatten)] form: Typed) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = store::command::challenge::create_need(&here.store, &here.actor, &form).await;
    here.answer(done, form, crate::url::need_new(), |id| {
        (crate::url::done(&crate::url::need(id), "saved"), ())
    })
    .await
}

#[server(endpoint = "challenge/save")]
pub async fn save_need(
    challenge: ChallengeId,
    version: String,
    #[server(flatten)] form: Typed,
) -> Result<Saved, AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::need(challenge);
    let done = store::command::challenge::save_need(
        &here.store,
        &here.actor,
        challenge,
        &form,
        crate::url::version(&version),
    )
    .await;
    here.answer(done, form, back.clone(), |version| (crate::url::done(&back, "saved"), Saved { version }))
        .await
}

#[server(endpoint = "challenge/propose")]
pub async fn propose_need(
    challenge: ChallengeId,
    version: String,
    #[server(flatten)] form: Typed,
) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::need(challenge);
    let done = store::command::challenge::propose(
        &here.store,
        &here.actor,
        challenge,
        &form,
        crate::url::version(&version),
    )
    .await;
    here.answer(done, form, back.clone(), |()| (crate::url::done(&back, "proposed"), ())).await
}

#[server(endpoint = "challenge/approve")]
pub async fn approve_need(challenge: ChallengeId) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = store::command::challenge::approve(&here.store, &here.actor, challenge).await;
    here.answer(done, Typed::new(), crate::url::need(challenge), |()| {
        (crate::url::done(&crate::url::desk_challenge(challenge), "approved"), ())
    })
    .await
}

#[server(endpoint = "challenge/return")]
pub async fn return_need(challenge: ChallengeId, #[server(default)] reason: String) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::need(challenge);
    let done = store::command::challenge::return_need(&here.store, &here.actor, challenge, &reason).await;
    here.answer(done, Typed::from([("reason".to_owned(), reason)]), back.clone(), |()| {
        (crate::url::done(&back, "returned"), ())
    })
    .await
}

#[server(endpoint = "challenge/save_rule")]
pub async fn save_rule(
    challenge: ChallengeId,
    version: String,
    #[server(flatten)] form: Typed,
) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::desk_rule(challenge);
    let done = store::command::challenge::save_rule(
        &here.store,
        &here.actor,
        challenge,
        &form,
        crate::url::version(&version),
    )
    .await;
    here.answer(done, form, back.clone(), |open| {
        let key = if open.is_empty() { "rule_complete" } else { "rule_saved_incomplete" };
        (crate::url::done(&back, key), ())
    })
    .await
}

#[server(endpoint = "challenge/step")]
pub async fn take_step(
    challenge: ChallengeId,
    step: Step,
    #[server(default)] note: String,
) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::desk_challenge(challenge);
    let done = store::command::steps::step(&here.store, &here.actor, challenge, step, &note).await;
    here.answer(done, Typed::from([("note".to_owned(), note)]), back.clone(), |()| {
        (crate::url::done(&back, "step_taken"), ())
    })
    .await
}

//! The gates of the race.

use domain::id::{BidId, ChallengeId};
use leptos::prelude::*;

use crate::error::AppError;

#[server(endpoint = "race/open_gate")]
pub async fn open_gate(challenge: ChallengeId, gate: u32) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::desk_gate(challenge, gate);
    let done = store::command::race::open_gate(&here.store, &here.actor, challenge, gate).await;
    here.answer(done, domain::challenge::Typed::new(), back.clone(), |()| {
        (crate::url::done(&back, "gate_opened"), ())
    })
    .await
}

#[server(endpoint = "race/decide_gate")]
pub async fn decide_gate(challenge: ChallengeId, gate: u32) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::desk_gate(challenge, gate);
    let done = store::command::race::decide_gate(&here.store, &here.actor, challenge, gate).await;
    here.answer(done, domain::challenge::Typed::new(), back.clone(), |()| {
        (crate::url::done(&back, "gate_decided"), ())
    })
    .await
}

#[server(endpoint = "race/withdraw")]
pub async fn withdraw_from_race(challenge: ChallengeId, bid: BidId) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::race(challenge);
    let done = store::command::race::withdraw(&here.store, &here.actor, bid).await;
    here.answer(done, domain::challenge::Typed::new(), back.clone(), |()| {
        (crate::url::done(&back, "withdrew_from_race"), ())
    })
    .await
}

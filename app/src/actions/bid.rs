//! Bids: start, save, submit, withdraw.

use domain::challenge::Typed;
use domain::id::{BidId, ChallengeId};
use leptos::prelude::*;

use super::challenge::Saved;
use crate::error::AppError;

#[server(endpoint = "bid/start")]
pub async fn start_bid(challenge: ChallengeId) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = store::command::bid::start(&here.store, &here.actor, challenge).await;
    here.answer(done, Typed::new(), crate::url::challenge(challenge), |id| (crate::url::bid(id), ())).await
}

#[server(endpoint = "bid/save")]
pub async fn save_bid(
    bid: BidId,
    version: String,
    #[server(flatten)] form: Typed,
) -> Result<Saved, AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::bid(bid);
    let done =
        store::command::bid::save(&here.store, &here.actor, bid, &form, crate::url::version(&version)).await;
    here.answer(done, form, back.clone(), |version| (crate::url::done(&back, "saved"), Saved { version }))
        .await
}

#[server(endpoint = "bid/submit")]
pub async fn submit_bid(bid: BidId, version: String, #[server(flatten)] form: Typed) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done =
        store::command::bid::submit(&here.store, &here.actor, bid, &form, crate::url::version(&version))
            .await;
    here.answer(done, form, crate::url::bid(bid), |_receipt| {
        (crate::url::done(&crate::url::receipt(bid), "submitted"), ())
    })
    .await
}

#[server(endpoint = "bid/withdraw")]
pub async fn withdraw_bid(bid: BidId) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::bid(bid);
    let done = store::command::bid::withdraw(&here.store, &here.actor, bid).await;
    here.answer(done, Typed::new(), back.clone(), |()| (crate::url::done(&back, "withdrawn"), ())).await
}

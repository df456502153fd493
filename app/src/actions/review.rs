//! The expert's score sheet.

use domain::challenge::Typed;
use domain::id::ReviewId;
use leptos::prelude::*;

use super::challenge::Saved;
use crate::error::AppError;

#[server(endpoint = "review/save")]
pub async fn save_sheet(
    review: ReviewId,
    version: String,
    #[server(flatten)] form: Typed,
) -> Result<Saved, AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::review(review);
    let done =
        store::command::review::save(&here.store, &here.actor, review, &form, crate::url::version(&version))
            .await;
    here.answer(done, form, back.clone(), |version| (crate::url::done(&back, "saved"), Saved { version }))
        .await
}

#[server(endpoint = "review/submit")]
pub async fn submit_sheet(
    review: ReviewId,
    version: String,
    #[server(flatten)] form: Typed,
) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::review(review);
    let done = store::command::review::submit(
        &here.store,
        &here.actor,
        review,
        &form,
        crate::url::version(&version),
    )
    .await;
    here.answer(done, form, back.clone(), |()| (crate::url::done(&back, "sheet_submitted"), ())).await
}

#[server(endpoint = "review/abstain")]
pub async fn abstain(review: ReviewId, #[server(default)] reason: String) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::review(review);
    let done = store::command::review::abstain(&here.store, &here.actor, review, &reason).await;
    here.answer(done, Typed::from([("reason".to_owned(), reason)]), back.clone(), |()| {
        (crate::url::done(&back, "abstained"), ())
    })
    .await
}

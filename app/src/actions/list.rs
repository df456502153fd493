//! Building and publishing lists.

use domain::challenge::Typed;
use domain::id::{ChallengeId, ListId};
use leptos::prelude::*;

use crate::error::AppError;

#[server(endpoint = "list/create")]
pub async fn create_list(#[server(flatten)] form: Typed) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = store::command::list::create(&here.store, &here.actor, &form).await;
    here.answer(done, form, crate::url::desk_list_new(), |id| {
        (crate::url::done(&crate::url::desk_list(id), "saved"), ())
    })
    .await
}

#[server(endpoint = "list/save")]
pub async fn save_list(
    list: ListId,
    version: String,
    #[server(flatten)] form: Typed,
) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::desk_list(list);
    let done =
        store::command::list::save(&here.store, &here.actor, list, &form, crate::url::version(&version))
            .await;
    here.answer(done, form, back.clone(), |()| (crate::url::done(&back, "saved"), ())).await
}

#[server(endpoint = "list/add")]
pub async fn add_to_list(list: ListId, challenge: ChallengeId) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::desk_list(list);
    let done = store::command::list::add(&here.store, &here.actor, list, challenge).await;
    here.answer(done, Typed::new(), back.clone(), |()| (back, ())).await
}

#[server(endpoint = "list/remove")]
pub async fn remove_from_list(list: ListId, challenge: ChallengeId) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::desk_list(list);
    let done = store::command::list::remove(&here.store, &here.actor, list, challenge).await;
    here.answer(done, Typed::new(), back.clone(), |()| (back, ())).await
}

#[server(endpoint = "list/publish")]
pub async fn publish_list(list: ListId, #[server(default)] publish_at: String) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::desk_list(list);
    let done = store::command::forms::publish_list(&here.store, &here.actor, list, &publish_at).await;
    here.answer(done, Typed::from([("publish_at".to_owned(), publish_at)]), back.clone(), |()| {
        (crate::url::done(&back, "list_published"), ())
    })
    .await
}

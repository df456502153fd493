//! Accounts: everything that checks or changes who somebody is.

use domain::actor::{MembershipState, Role};
use domain::challenge::Typed;
use domain::id::{MembershipId, NoticeId, OrganisationId};
use leptos::prelude::*;

use crate::error::AppError;

#[server(endpoint = "account/register")]
pub async fn register(#[server(flatten)] form: Typed) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done =
        store::command::account::register(&here.store, crate::answer::registration(&here, &form)).await;
    here.answer(done, form, crate::url::register(), |()| (crate::url::registered(), ())).await
}

#[server(endpoint = "account/resend_confirmation")]
pub async fn resend_confirmation() -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = store::command::account::resend_confirmation(&here.store, &here.actor).await;
    here.answer(done, Typed::new(), crate::url::account(), |()| {
        (crate::url::done(&crate::url::account(), "confirmation_sent"), ())
    })
    .await
}

#[server(endpoint = "account/confirm")]
pub async fn confirm(token: String) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = store::command::account::confirm_email(&here.store, &token).await;
    here.answer(done, Typed::new(), crate::url::confirm(), |()| {
        (crate::url::done(&crate::url::account(), "email_confirmed"), ())
    })
    .await
}

#[server(endpoint = "account/sign_in")]
pub async fn sign_in(
    email: String,
    password: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::with_query(&crate::url::sign_in(), &[("next", &next)]);
    let signed = store::command::account::sign_in(&here.store, &email, &password, &here.client).await;
    let done = here.instead_of_old_session(signed).await;
    here.answer(done, Typed::from([("email".to_owned(), email)]), back, |signed| {
        (here.begin_session(&signed, &next), ())
    })
    .await
}

#[server(endpoint = "account/sign_out")]
pub async fn sign_out() -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = store::command::account::sign_out(&here.store, here.session_token()).await;
    here.answer(done, Typed::new(), crate::url::home(), |()| (here.end_session(), ())).await
}

#[server(endpoint = "account/request_reset")]
pub async fn request_reset(email: String) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = store::command::account::request_reset(&here.store, &email, &here.client).await;
    here.answer(done, Typed::from([("email".to_owned(), email)]), crate::url::reset(), |()| {
        (crate::url::done(&crate::url::sign_in(), "reset_sent"), ())
    })
    .await
}

#[server(endpoint = "account/reset_password")]
pub async fn reset_password(
    token: String,
    password: String,
    repeat_password: String,
) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::with_query(&crate::url::reset_choose(), &[("token", &token)]);
    let done = store::command::account::reset_password(
        &here.store,
        &token,
        &password,
        &repeat_password,
        &here.client,
    )
    .await;
    here.answer(done, Typed::new(), back, |()| {
        (crate::url::done(&crate::url::sign_in(), "password_reset"), ())
    })
    .await
}

#[server(endpoint = "account/change_password")]
pub async fn change_password(
    old_password: String,
    password: String,
    repeat_password: String,
) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = store::command::account::change_password(
        &here.store,
        &here.actor,
        here.session_token(),
        &old_password,
        &password,
        &repeat_password,
        &here.client,
    )
    .await;
    here.answer(done, Typed::new(), crate::url::password(), |token| (here.renew_session(&token), ())).await
}

#[server(endpoint = "account/end_other_sessions")]
pub async fn end_other_sessions() -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done =
        store::command::account::end_other_sessions(&here.store, &here.actor, here.session_token()).await;
    here.answer(done, Typed::new(), crate::url::account(), |()| {
        (crate::url::done(&crate::url::account(), "sessions_ended"), ())
    })
    .await
}

#[server(endpoint = "account/follow")]
pub async fn follow(domain: String, #[server(default)] back: String) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = store::command::account::follow(&here.store, &here.actor, &domain).await;
    let back = crate::url::safe_back(&back).to_owned();
    here.answer(done, Typed::new(), back.clone(), |()| (crate::url::done(&back, "followed"), ())).await
}

#[server(endpoint = "account/unfollow")]
pub async fn unfollow(domain: String, #[server(default)] back: String) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = store::command::account::unfollow(&here.store, &here.actor, &domain).await;
    let back = crate::url::safe_back(&back).to_owned();
    here.answer(done, Typed::new(), back.clone(), |()| (crate::url::done(&back, "unfollowed"), ())).await
}

#[server(endpoint = "account/register_unit")]
pub async fn register_unit(#[server(flatten)] form: Typed) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = here
        .with_new_role(store::command::account::register_unit(&here.store, &here.actor, &form).await)
        .await;
    here.answer(done, form, crate::url::account(), |_unit| {
        (crate::url::done(&crate::url::account(), "unit_registered"), ())
    })
    .await
}

#[server(endpoint = "account/invite")]
pub async fn invite(organisation: OrganisationId, email: String, role: Role) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::organisation(organisation);
    let done = store::command::account::invite(&here.store, &here.actor, organisation, &email, role).await;
    here.answer(done, Typed::from([("email".to_owned(), email)]), back.clone(), |()| {
        (crate::url::done(&back, "invited"), ())
    })
    .await
}

#[server(endpoint = "account/accept_invitation")]
pub async fn accept_invitation(token: String) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let back = crate::url::with_query(&crate::url::invitation(), &[("token", &token)]);
    let joined = store::command::account::invitation_accept(&here.store, &here.actor, &token).await;
    let done = here.with_new_role(joined).await;
    here.answer(done, Typed::new(), back, |()| (crate::url::done(&crate::url::account(), "joined"), ())).await
}

#[server(endpoint = "account/change_membership")]
pub async fn change_membership(membership: MembershipId, state: MembershipState) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = store::command::account::change_membership(&here.store, &here.actor, membership, state).await;
    here.answer(done, Typed::new(), crate::url::account(), |()| {
        (crate::url::done(&crate::url::account(), "membership_changed"), ())
    })
    .await
}

#[server(endpoint = "account/mark_read")]
pub async fn mark_read(notice: NoticeId) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = store::command::account::mark_read(&here.store, &here.actor, notice).await;
    here.answer(done, Typed::new(), crate::url::inbox(), |()| (crate::url::inbox(), ())).await
}

#[server(endpoint = "account/mark_all_read")]
pub async fn mark_all_read() -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = store::command::account::mark_all_read(&here.store, &here.actor).await;
    here.answer(done, Typed::new(), crate::url::inbox(), |()| (crate::url::inbox(), ())).await
}

#[server(endpoint = "account/retry_letter")]
pub async fn retry_letter(notice: NoticeId) -> Result<(), AppError> {
    let here = crate::context::here().await?;
    let done = store::command::account::retry_letter(&here.store, &here.actor, notice).await;
    here.answer(done, Typed::new(), crate::url::desk_letters(), |()| {
        (crate::url::done(&crate::url::desk_letters(), "letter_requeued"), ())
    })
    .await
}

//! The link of an invitation: who invites, into which role, and the one next step for whoever opened it.

use axum::response::Response;
use domain::view::account::InvitationPage;
use leptos::prelude::*;

use crate::catalogue::{name_of, t, tf};
use crate::components::{Button, Empty, Facts, Form, Heading, Notice, Place, button_link, buttons};
use crate::context::{Head, Here};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

/// Who opened the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opener {
    Public,
    /// Signed in under the invited address.
    Invited,
    SomebodyElse,
}

pub async fn show(here: Here) -> Result<Response, AppError> {
    let token = here.query("token").unwrap_or_default();
    let locale = here.locale;
    let head = Head::new(here.t("account.invitation_title"), Place::Account);
    if token.is_empty() {
        return here.page(head, move || draw_incomplete(locale)).await;
    }
    let page = store::query::account::invitation(&here.store, &token).await?;
    let opener = match (here.signed_in(), here.actor.email.eq_ignore_ascii_case(&page.email)) {
        (false, _) => Opener::Public,
        (true, true) => Opener::Invited,
        (true, false) => Opener::SomebodyElse,
    };
    here.page(head, move || draw(locale, &page, &token, opener)).await
}

fn draw_incomplete(locale: Locale) -> AnyView {
    view! {
        {Heading::new(t(locale, "account.invitation_title")).draw()}
        {Empty::new(t(locale, "account.invitation_incomplete"))
            .text(t(locale, "account.invitation_incomplete_text"))
            .way(url::home(), t(locale, "error.home"))
            .draw()}
    }
    .into_any()
}

pub fn draw(locale: Locale, page: &InvitationPage, token: &str, opener: Opener) -> AnyView {
    let role = name_of(locale, "role", &page.role);
    let facts = Facts::new()
        .row(t(locale, "account.organisation"), page.organisation_name.clone())
        .row(t(locale, "account.role"), role)
        .row(t(locale, "account.role_means"), name_of(locale, "account.role_text", &page.role))
        .row(t(locale, "account.email"), page.email.clone());
    let lead =
        tf(locale, "account.invitation_lead", &[("organisation", &page.organisation_name), ("role", role)]);
    view! {
        {Heading::new(t(locale, "account.invitation_title")).lead(lead).draw()}
        {facts.draw()}
        {next_step(locale, page, token, opener)}
    }
    .into_any()
}

fn next_step(locale: Locale, page: &InvitationPage, token: &str, opener: Opener) -> AnyView {
    let here = url::with_query(&url::invitation(), &[("token", token)]);
    match opener {
        Opener::Invited => Form::post(url::api("account/accept_invitation"))
            .hidden("token", token)
            .button(Button::primary(t(locale, "account.accept_invitation")))
            .draw(),
        Opener::SomebodyElse => {
            let text = tf(locale, "account.invitation_other", &[("email", &page.email)]);
            let leave = Form::post(url::api("account/sign_out"))
                .inline()
                .button(Button::secondary(t(locale, "common.sign_out")))
                .draw();
            Notice::warn(text).foot(leave).draw(locale)
        }
        Opener::Public if page.has_account => {
            let address = url::with_query(&url::sign_in(), &[("next", &here)]);
            buttons(vec![button_link(address, t(locale, "account.sign_in_to_accept"), true)])
        }
        Opener::Public => {
            let address = url::with_query(&url::register(), &[("email", &page.email), ("next", &here)]);
            view! {
                <p>{t(locale, "account.invitation_register")}</p>
                {buttons(vec![button_link(address, t(locale, "account.register_title"), true)])}
            }
            .into_any()
        }
    }
}

//! The link of the confirming mail. Opening it changes nothing: mail scanners open links too. The button does.

use axum::response::Response;
use leptos::prelude::*;

use crate::catalogue::t;
use crate::components::{Button, Empty, Form, Heading, Place};
use crate::context::{Head, Here};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here) -> Result<Response, AppError> {
    let token = here.query("token").unwrap_or_default();
    let locale = here.locale;
    let head = Head::new(here.t("account.confirm_title"), Place::Account);
    here.page(head, move || draw(locale, &token)).await
}

pub fn draw(locale: Locale, token: &str) -> AnyView {
    if token.is_empty() {
        return view! {
            {Heading::new(t(locale, "account.confirm_title")).draw()}
            {Empty::new(t(locale, "account.confirm_incomplete"))
                .text(t(locale, "account.confirm_incomplete_text"))
                .way(url::account(), t(locale, "account.to_account"))
                .draw()}
        }
        .into_any();
    }
    let form = Form::post(url::api("account/confirm"))
        .hidden("token", token)
        .button(Button::primary(t(locale, "account.confirm_button")))
        .draw();
    view! {
        {Heading::new(t(locale, "account.confirm_title")).lead(t(locale, "account.confirm_lead")).draw()}
        {form}
    }
    .into_any()
}

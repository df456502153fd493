//! A forgotten password: ask for a link, then choose a new one. Says the same for known and unknown addresses.

use axum::response::Response;
use leptos::prelude::*;

use super::register::{at_form_fields, label_key, new_password};
use crate::catalogue::t;
use crate::components::{Button, Echo, Empty, Field, Form, Heading, Place, error_summary};
use crate::context::{Head, Here};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here) -> Result<Response, AppError> {
    let echo = at_form_fields(here.echo().await?);
    let locale = here.locale;
    let head = Head::new(here.t("account.reset_title"), Place::Account);
    here.page(head, move || draw(locale, &echo)).await
}

pub fn draw(locale: Locale, echo: &Echo) -> AnyView {
    let label_of = |field: &str| t(locale, label_key(field)).to_owned();
    let form = Form::post(url::api("account/request_reset"))
        .part(
            Field::email("email", t(locale, "account.email"))
                .filled(locale, echo, "")
                .required()
                .draw(locale),
        )
        .button(Button::primary(t(locale, "account.reset_button")))
        .link(url::sign_in(), t(locale, "common.cancel"))
        .draw();
    view! {
        {Heading::new(t(locale, "account.reset_title")).lead(t(locale, "account.reset_lead")).draw()}
        {error_summary(locale, &echo.errors, &label_of)}
        {form}
    }
    .into_any()
}

pub async fn show_choose(here: Here) -> Result<Response, AppError> {
    let echo = at_form_fields(here.echo().await?);
    let token = here.query("token").unwrap_or_default();
    let locale = here.locale;
    let head = Head::new(here.t("account.choose_title"), Place::Account);
    here.page(head, move || draw_choose(locale, &token, &echo)).await
}

pub fn draw_choose(locale: Locale, token: &str, echo: &Echo) -> AnyView {
    let label_of = |field: &str| t(locale, label_key(field)).to_owned();
    if token.is_empty() {
        return view! {
            {Heading::new(t(locale, "account.choose_title")).draw()}
            {Empty::new(t(locale, "account.choose_incomplete"))
                .text(t(locale, "account.choose_incomplete_text"))
                .way(url::reset(), t(locale, "account.reset_again"))
                .draw()}
        }
        .into_any();
    }
    let form = Form::post(url::api("account/reset_password"))
        .hidden("token", token)
        // Whose password it is only the token knows; password managers ask for the field all the same.
        .part(view! { <input type="text" autocomplete="username" readonly=true hidden=true /> }.into_any())
        .parts(new_password(locale, echo))
        .button(Button::primary(t(locale, "account.choose_button")))
        .link(url::reset(), t(locale, "account.reset_again"))
        .draw();
    view! {
        {Heading::new(t(locale, "account.choose_title")).lead(t(locale, "account.choose_lead")).draw()}
        {error_summary(locale, &echo.errors, &label_of)}
        {form}
    }
    .into_any()
}

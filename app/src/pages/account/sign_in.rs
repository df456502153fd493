//! Signing in. Says the same to everybody whose address and password do not match.

use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;

use super::demo::{CAST, DEMO_PASSWORD};
use crate::catalogue::{name_of, t};
use crate::components::{Button, Echo, Field, Form, Heading, Place, error_summary, section};
use crate::context::{Head, Here};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here) -> Result<Response, AppError> {
    let next = here.query("next").unwrap_or_default();
    if here.signed_in() {
        let onward = if url::safe_back(&next) == "/" { url::desk() } else { next };
        return Ok(Redirect::to(&onward).into_response());
    }
    let echo = here.echo().await?;
    let (locale, demo) = (here.locale, here.state.demo);
    let head = Head::new(here.t("common.sign_in"), Place::Account);
    here.page(head, move || draw(locale, &next, demo, &echo)).await
}

pub fn draw(locale: Locale, next: &str, demo: bool, echo: &Echo) -> AnyView {
    let label_of = |field: &str| t(locale, label_key(field)).to_owned();
    let reset = url::reset();
    let form = Form::post(url::api("account/sign_in"))
        .hidden("next", next)
        .part(
            Field::email("email", t(locale, "account.email"))
                .filled(locale, echo, "")
                .required()
                .draw(locale),
        )
        .part(
            Field::password("password", t(locale, "account.password"), "current-password")
                .required()
                .draw(locale),
        )
        .button(Button::primary(t(locale, "common.sign_in")))
        .link(reset, t(locale, "account.forgotten"))
        .draw();
    let register = url::with_query(&url::register(), &[("next", next)]);
    let lead = if next.is_empty() { "account.sign_in_lead" } else { "account.sign_in_lead_back" };
    view! {
        {Heading::new(t(locale, "common.sign_in")).lead(t(locale, lead)).draw()}
        {error_summary(locale, &echo.errors, &label_of)}
        {form}
        <p>
            {t(locale, "account.no_account")}
            " "
            <a href=register>{t(locale, "common.register")}</a>
        </p>
        {demo.then(|| cast(locale, next))}
    }
    .into_any()
}

fn label_key(field: &str) -> &'static str {
    match field {
        "email" => "account.email",
        _ => "account.password",
    }
}

/// The people of the demonstration, each a form of its own with one button.
fn cast(locale: Locale, next: &str) -> AnyView {
    let rows: Vec<AnyView> = CAST
        .iter()
        .map(|player| {
            let name = t(locale, &format!("demo.{}", player.key));
            let what = t(locale, &format!("demo.{}_does", player.key));
            let form = Form::post(url::api("account/sign_in"))
                .inline()
                .hidden("email", player.email)
                .hidden("password", DEMO_PASSWORD)
                .hidden("next", next)
                .button(Button::secondary(t(locale, "demo.sign_in")).about(name))
                .draw();
            view! {
                <li>
                    <div>
                        <b>{name}</b>
                        <span class="row-note">{name_of(locale, "role", &player.role)}" · "{what}</span>
                    </div>
                    {form}
                </li>
            }
            .into_any()
        })
        .collect();
    section(
        "cast",
        t(locale, "demo.title"),
        view! {
            <p>{t(locale, "demo.text")}</p>
            <ul class="act-rows" role="list">{rows}</ul>
        },
    )
}

//! One need: the issuer's form, or the need as the organiser reads it and settles it.

use axum::response::Response;
use domain::challenge::{State, Typed};
use domain::id::ChallengeId;
use domain::permission::{Action, Facts, decide};
use domain::view::desk::NeedPage;
use leptos::prelude::*;

use super::parts::{head, shown_title, state_badge};
use super::{need_form, need_reading};
use crate::catalogue::{t, tf};
use crate::components::{
    Button, Echo, Form, Heading, Notice, TextArea, button_link, buttons, error_summary, section, when,
};
use crate::context::{Here, Id};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

pub async fn show_new(here: Here) -> Result<Response, AppError> {
    here.need_person()?;
    decide(&here.actor, Action::DraftNeed, &Facts::default())?;
    let echo = here.echo().await?;
    let locale = here.locale;
    let trail = vec![(url::desk_needs(), here.t("desk.needs.title").to_owned())];
    here.page(head(locale, here.t("desk.needs.new"), trail), move || draw_new(locale, &echo)).await
}

pub fn draw_new(locale: Locale, echo: &Echo) -> AnyView {
    let heading = Heading::new(t(locale, "desk.needs.new")).lead(t(locale, "desk.need.new_lead")).draw();
    (heading, summary(locale, echo), need_form::draw(locale, None, &Typed::new(), echo)).into_any()
}

async fn load(here: &Here, id: ChallengeId) -> Result<NeedPage, AppError> {
    Ok(store::query::desk::need(&here.store, &here.actor, id).await?)
}

pub async fn show(here: Here, Id(id): Id<ChallengeId>) -> Result<Response, AppError> {
    here.need_person()?;
    let page = load(&here, id).await?;
    let echo = here.echo().await?;
    let locale = here.locale;
    let trail = if page.may_settle {
        vec![(url::desk_challenges(), here.t("desk.challenges.title").to_owned())]
    } else {
        vec![(url::desk_needs(), here.t("desk.needs.title").to_owned())]
    };
    let name = shown_title(locale, "", title(&page));
    here.page(head(locale, &name, trail), move || draw(locale, &page, &echo)).await
}

fn title(page: &NeedPage) -> &str {
    page.typed.get("title").map_or("", String::as_str)
}

pub fn draw(locale: Locale, page: &NeedPage, echo: &Echo) -> AnyView {
    let saved = view! {
        <p class="muted small">
            {tf(locale, "desk.need.saved_line", &[("unit", &page.issuer_unit)])} " " {when(locale, page.saved_at)}
        </p>
    };
    let heading = Heading::new(shown_title(locale, "", title(page)))
        .kicker(t(locale, "desk.need.kicker"))
        .badge(state_badge(locale, page.state))
        .draw();
    let content = if page.may_edit {
        let form = need_form::draw(locale, Some((page.id, page.version)), &page.typed, echo);
        (returned(locale, page), summary(locale, echo), form).into_any()
    } else {
        let settle = page.may_settle.then(|| settle(locale, page.id, echo));
        (returned(locale, page), standing(locale, page), need_reading::draw(locale, &page.typed), settle)
            .into_any()
    };
    (heading, saved, content).into_any()
}

fn summary(locale: Locale, echo: &Echo) -> AnyView {
    error_summary(locale, &echo.errors, &|field| need_form::label_of(locale, field))
}

/// The organiser's reason, where the issuer cannot miss it.
fn returned(locale: Locale, page: &NeedPage) -> Option<AnyView> {
    let shown = page.state == State::Returned && !page.returned_reason.is_empty();
    shown.then(|| {
        Notice::warn(page.returned_reason.clone()).title(t(locale, "desk.need.returned_title")).draw(locale)
    })
}

/// Why the need cannot be edited now, and what comes next.
fn standing(locale: Locale, page: &NeedPage) -> Option<AnyView> {
    if page.may_settle {
        return Some(Notice::info(t(locale, "desk.need.to_settle")).draw(locale));
    }
    match page.state {
        State::Proposed => Some(Notice::info(t(locale, "desk.need.waits")).draw(locale)),
        State::Approved => Some(Notice::info(t(locale, "desk.need.approved")).draw(locale)),
        state if state.is_public() => {
            let way = button_link(url::challenge(page.id), t(locale, "desk.need.public_page"), false);
            Some(Notice::info(t(locale, "desk.need.published")).foot(buttons(vec![way])).draw(locale))
        }
        _ => None,
    }
}

fn settle(locale: Locale, id: ChallengeId, echo: &Echo) -> AnyView {
    let approve = Form::post(url::api("challenge/approve"))
        .hidden("challenge", id)
        .part(view! { <p>{t(locale, "desk.need.approve_text")}</p> }.into_any())
        .button(Button::primary(t(locale, "desk.need.approve")))
        .draw();
    let reason = TextArea::new("reason", t(locale, "desk.need.reason"))
        .hint(t(locale, "desk.need.reason_hint"))
        .required()
        .rows(4)
        .filled(locale, echo, "")
        .draw(locale);
    let give_back = Form::post(url::api("challenge/return"))
        .hidden("challenge", id)
        .part(reason)
        .button(Button::secondary(t(locale, "desk.need.return")))
        .draw();
    let content = view! {
        <div class="columns">
            <div class="stack"><h3>{t(locale, "desk.need.approve")}</h3>{approve}</div>
            <div class="stack"><h3>{t(locale, "desk.need.return")}</h3>{give_back}</div>
        </div>
    };
    section("settle", t(locale, "desk.need.settle"), content)
}

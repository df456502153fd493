//! Before a bid begins: what it means, what to have at hand, until when.

use axum::response::{IntoResponse, Redirect, Response};
use domain::id::ChallengeId;
use domain::view::public::ChallengePage;
use leptos::prelude::*;

use crate::catalogue::{t, tf};
use crate::components::{Button, Facts, Form, Heading, Notice, button_link, buttons, section, wan, when};
use crate::context::{Here, Id};
use crate::error::AppError;
use crate::islands::local_time::LocalTime;
use crate::pages::desk::parts::{head, shorten};
use crate::pages::public::piece::title;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here, Id(id): Id<ChallengeId>) -> Result<Response, AppError> {
    here.need_person()?;
    let page = store::query::public::challenge(&here.store, &here.actor, id).await?;
    if let Some(own) = page.doors.own_bid {
        return Ok(Redirect::to(&url::bid(own)).into_response());
    }
    let locale = here.locale;
    let name = title(locale, &page.content.title, &page.content.title_en);
    let trail = vec![(url::challenge(id), shorten(&name))];
    let head = head(locale, t(locale, "bid.start.title"), trail);
    here.page(head, move || draw(locale, &page)).await
}

pub fn draw(locale: Locale, page: &ChallengePage) -> AnyView {
    let name = title(locale, &page.content.title, &page.content.title_en);
    let named = format!("{} {name}", page.number);
    let heading = Heading::new(t(locale, "bid.start.title"))
        .kicker(view! { <a href=url::challenge(page.id)>{named}</a> })
        .lead(t(locale, "bid.start.lead"))
        .draw();
    let points: Vec<AnyView> = ["draft", "one", "sealed", "replace", "sign"]
        .iter()
        .map(|key| view! { <li>{t(locale, &format!("bid.start.point_{key}"))}</li> }.into_any())
        .collect();
    view! {
        {heading}
        {facts(locale, page)}
        {section("meaning", t(locale, "bid.start.meaning"), view! { <ul>{points}</ul> })}
        {door(locale, page)}
    }
    .into_any()
}

fn facts(locale: Locale, page: &ChallengePage) -> AnyView {
    let content = &page.content;
    let partners = match content.max_partners {
        0 => t(locale, "bid.start.no_partners").to_owned(),
        max => tf(locale, "bid.start.partners", &[("max", &max.to_string())]),
    };
    Facts::new()
        .some(t(locale, "bid.deadline"), page.closes_at.map(|at| deadline(locale, at)))
        .some(t(locale, "bid.amount"), content.amount.map(|amount| wan(locale, amount)))
        .some(t(locale, "bid.ceiling"), content.ceiling_per_winner.map(|amount| wan(locale, amount)))
        .row(t(locale, "bid.consortium"), partners)
        .draw()
}

/// The official time, and the reader's own where it differs.
pub fn deadline(locale: Locale, at: domain::time::Timestamp) -> AnyView {
    let words = t(locale, "bid.local_time").to_owned();
    view! {
        {when(locale, at)}
        " "
        <LocalTime at_ms=at.0 words=words />
    }
    .into_any()
}

fn door(locale: Locale, page: &ChallengePage) -> AnyView {
    if page.doors.may_bid {
        return Form::post(url::api("bid/start"))
            .hidden("challenge", page.id)
            .button(Button::primary(t(locale, "bid.start.begin")))
            .link(url::challenge(page.id), t(locale, "common.back"))
            .draw();
    }
    let why = if page.doors.issuer {
        "bid.start.closed_issuer"
    } else if !page.state.takes_bids() {
        "bid.start.closed_state"
    } else {
        "bid.start.closed_role"
    };
    let ways = vec![
        button_link(url::account(), t(locale, "bid.list.account"), false),
        button_link(url::challenge(page.id), t(locale, "common.back"), false),
    ];
    Notice::info(t(locale, why)).foot(buttons(ways)).draw(locale)
}

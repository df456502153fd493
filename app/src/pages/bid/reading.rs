//! A bid as organiser, auditor, declared expert and, once it has won, issuer read it. Every reading is logged.

use axum::response::Response;
use domain::id::BidId;
use leptos::prelude::*;
use store::query::bid::BidReading;

use super::content;
use crate::catalogue::t;
use crate::components::{Facts, Heading, Notice, section, when};
use crate::context::{Here, Id};
use crate::error::AppError;
use crate::pages::desk::parts::{bid_badge, head};
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here, Id(id): Id<BidId>) -> Result<Response, AppError> {
    here.need_person()?;
    let reading = store::query::bid::bid_content(&here.store, &here.actor, id).await?;
    let locale = here.locale;
    let head = head(locale, &reading.content.title, Vec::new());
    here.page(head, move || draw(locale, &reading)).await
}

pub fn draw(locale: Locale, reading: &BidReading) -> AnyView {
    let named = format!("{} {}", reading.challenge_number, reading.challenge_title);
    let heading = Heading::new(reading.content.title.clone())
        .kicker(view! { <a href=url::challenge(reading.challenge)>{named}</a> })
        .badge(bid_badge(locale, reading.state))
        .draw();
    let reason = Some(reading.eligibility_reason.clone()).filter(|reason| !reason.trim().is_empty());
    let avoid = Some(reading.content.avoid_experts.clone()).filter(|names| !names.trim().is_empty());
    let facts = Facts::new()
        .row(t(locale, "bid.lead_unit"), reading.unit.clone())
        .some(t(locale, "bid.submitted_at"), reading.submitted_at.map(|at| when(locale, at)))
        .some(t(locale, "bid.reading.reason"), reason)
        .some(t(locale, "bid.f.avoid_experts"), avoid)
        .draw();
    let notice = Notice::info(t(locale, "bid.reading.logged")).draw(locale);
    let body = content::draw(locale, &reading.content, &[]);
    (heading, notice, facts, section("submission", t(locale, "bid.submitted_content"), body)).into_any()
}

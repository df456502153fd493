//! One list: what it asks of bidders, and its challenges.

use axum::response::Response;
use domain::id::ListId;
use domain::list::BidderGates;
use domain::view::public::ListPage;
use leptos::prelude::*;

use super::piece;
use crate::catalogue::{name_of, state, t, tf};
use crate::components::{Empty, Facts, Heading, Place, Tone, badge, breadcrumbs, day, section, wan, when};
use crate::context::{Head, Here, Id};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here, Id(id): Id<ListId>) -> Result<Response, AppError> {
    let after = here.query("after").filter(|after| !after.is_empty());
    let page = store::query::public::list(&here.store, id, after.as_deref()).await?;
    let locale = here.locale;
    let title = locale.of(&page.card.content.title).to_owned();
    let mut head = Head::new(title.clone(), Place::Lists);
    head.breadcrumbs = Some(Box::new(move || {
        breadcrumbs(locale, vec![(url::lists(), t(locale, "common.nav_lists").to_owned())], title)
    }));
    here.page(head, move || draw(locale, page, after)).await
}

pub fn draw(locale: Locale, page: ListPage, after: Option<String>) -> AnyView {
    let card = &page.card;
    let content = &card.content;
    let counts: Vec<String> = card
        .states
        .iter()
        .filter(|(_, n)| *n > 0)
        .map(|(of, n)| format!("{} {n}", state(locale, of)))
        .collect();
    let facts = Facts::new()
        .columns()
        .row(t(locale, "public.challenges"), card.challenges.to_string())
        .row(t(locale, "public.amount_total"), wan(locale, card.amount_total))
        .some(t(locale, "public.published_at"), card.published_at.map(|at| day(locale, at)))
        .some(t(locale, "public.closes_next"), card.closes_next.map(|at| when(locale, at)));
    let introduction = locale.of(&content.introduction);
    let introduction = (!introduction.trim().is_empty()).then(|| piece::prose(locale, introduction, 1));
    let table_title = t(locale, "public.challenges_of_list");
    let table = if page.challenges.rows.is_empty() {
        Empty::new(t(locale, "public.no_challenges")).way(url::lists(), t(locale, "public.see_lists")).draw()
    } else {
        piece::challenge_table(locale, "challenges-table", table_title, &page.challenges.rows)
    };
    view! {
        {Heading::new(locale.of(&content.title))
            .kicker(tf(locale, "public.list_number", &[("number", &content.number)]))
            .badge(badge(Tone::Quiet, name_of(locale, "selection", &content.model)))
            .draw()}
        {facts.draw()}
        {introduction}
        {section("challenges", table_title, view! {
            <p class="muted small">{counts.join(" · ")}</p>
            {table}
            {piece::onward(locale, &url::list(card.id), after.as_deref(), page.challenges.next.as_deref())}
        })}
        {gates(locale, &content.gates)}
        {section("selection", t(locale, "public.how_selected"), view! {
            <p>{name_of(locale, "public.model", &content.model)}</p>
        })}
    }
    .into_any()
}

/// What bidders of this list must meet; nothing when it asks nothing.
fn gates(locale: Locale, gates: &BidderGates) -> AnyView {
    let text = |text: &str| (!text.trim().is_empty()).then(|| piece::prose(locale, text, 2));
    let most = (gates.max_bids_per_unit > 0)
        .then(|| tf(locale, "public.max_bids_value", &[("count", &gates.max_bids_per_unit.to_string())]));
    let barred = gates.earlier_winners_barred.then(|| t(locale, "public.earlier_winners_value"));
    let nothing = gates.qualification.trim().is_empty()
        && gates.credit.trim().is_empty()
        && most.is_none()
        && barred.is_none();
    if nothing {
        return ().into_any();
    }
    let facts = Facts::new()
        .some(t(locale, "public.qualification"), text(&gates.qualification))
        .some(t(locale, "public.credit"), text(&gates.credit))
        .some(t(locale, "public.max_bids"), most)
        .some(t(locale, "public.earlier_winners"), barred);
    section("bidders", t(locale, "public.bidders"), facts.draw())
}

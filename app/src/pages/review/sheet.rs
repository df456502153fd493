//! One bid and its score sheet: what was asked, what is offered, then all criteria on one page. Gates use it too.

use axum::response::Response;
use domain::id::ReviewId;
use domain::review::ReviewState;
use domain::view::review::SheetPage;
use leptos::prelude::*;

use super::desk::{sheet_badge, stage_name};
use super::sheet_form;
use crate::catalogue::{t, tf};
use crate::components::{
    Button, Echo, Facts, Form, Heading, Notice, TextArea, button_link, buttons, disclosure, error_summary,
    markdown, section, wan, when,
};
use crate::context::{Here, Id};
use crate::error::AppError;
use crate::pages::bid::content;
use crate::pages::bid::start::deadline;
use crate::pages::desk::parts::head;
use crate::pages::public::piece::title;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here, Id(id): Id<ReviewId>) -> Result<Response, AppError> {
    here.need_person()?;
    let page = store::query::review::sheet(&here.store, &here.actor, id).await?;
    let echo = here.echo().await?;
    let locale = here.locale;
    let trail = vec![(url::desk_reviews(), t(locale, "review.desk.title").to_owned())];
    let head = head(locale, &page.bid.title, trail);
    here.page(head, move || draw(locale, &page, &echo)).await
}

pub fn draw(locale: Locale, page: &SheetPage, echo: &Echo) -> AnyView {
    // A refused abstention brings back its reason, not the scores.
    let blank = Echo::default();
    let scores = if echo.has("overall") { echo } else { &blank };
    view! {
        {error_summary(locale, &echo.errors, &|field| sheet_form::label_of(locale, &page.rubric, field))}
        {heading(locale, page)}
        {facts(locale, page)}
        {standing(locale, page)}
        {asked(locale, page)}
        {section("bid", t(locale, "review.sheet.bid"), offered(locale, page))}
        {section("sheet", t(locale, "review.sheet.scores"), sheet_form::draw(locale, page, scores))}
        {abstention(locale, page, echo)}
        {onward(locale, page)}
    }
    .into_any()
}

fn heading(locale: Locale, page: &SheetPage) -> AnyView {
    let content = &page.challenge_content;
    let named = format!("{} {}", page.challenge_number, title(locale, &content.title, &content.title_en));
    Heading::new(page.bid.title.clone())
        .kicker(view! { <a href=url::challenge(page.challenge)>{named}</a> })
        .badge(sheet_badge(locale, page.state))
        .action(view! { <a class="button button-secondary" href="#sheet">{t(locale, "review.sheet.to_scores")}</a> }.into_any())
        .draw()
}

fn facts(locale: Locale, page: &SheetPage) -> AnyView {
    let unit =
        if page.unit.is_empty() { t(locale, "review.blind_unit").to_owned() } else { page.unit.clone() };
    let stage = match &page.gate_title {
        Some(gate) if page.gate > 0 => format!("{} · {}", stage_name(locale, page.gate), locale.of(gate)),
        _ => stage_name(locale, page.gate),
    };
    Facts::new()
        .columns()
        .row(t(locale, "review.unit"), unit)
        .row(t(locale, "review.stage"), stage)
        .some(t(locale, "review.due"), page.due.map(|due| deadline(locale, due)))
        .some(t(locale, "review.saved_at"), page.saved_at.map(|at| when(locale, at)))
        .draw()
}

fn standing(locale: Locale, page: &SheetPage) -> Option<AnyView> {
    let notice = match page.state {
        ReviewState::Submitted if page.may_write => Notice::good(t(locale, "review.standing.submitted")),
        ReviewState::Submitted => Notice::info(t(locale, "review.standing.final")),
        ReviewState::Abstained if page.may_write => Notice::info(t(locale, "review.standing.abstained")),
        ReviewState::Abstained | ReviewState::Removed => Notice::info(t(locale, "review.standing.over")),
        ReviewState::Assigned if !page.may_write => Notice::warn(t(locale, "review.standing.closed")),
        ReviewState::Assigned => return None,
    };
    let next =
        page.next_open.map(|next| button_link(url::review(next), t(locale, "review.sheet.next"), true));
    Some(
        match next {
            Some(next) => notice.foot(buttons(vec![next])),
            None => notice,
        }
        .draw(locale),
    )
}

/// The challenge, to hold the bid against.
fn asked(locale: Locale, page: &SheetPage) -> AnyView {
    let content = &page.challenge_content;
    let text = |key: &'static str, text: &str| {
        (!text.trim().is_empty()).then(|| {
            view! {
                <section>
                    <h3>{t(locale, key)}</h3>
                    {markdown(text, 3)}
                </section>
            }
            .into_any()
        })
    };
    let amount =
        content.amount.map(|amount| Facts::new().row(t(locale, "bid.amount"), wan(locale, amount)).draw());
    let parts = vec![
        amount,
        text("review.asked.background", &content.background),
        text("review.asked.difficulty", &content.difficulty),
        text("review.asked.research", &content.research),
    ];
    disclosure(t(locale, "review.sheet.asked"), false, view! { <div class="stack-wide">{parts}</div> })
}

fn offered(locale: Locale, page: &SheetPage) -> AnyView {
    content::draw(locale, &page.bid, &page.challenge_content.indicators)
}

fn abstention(locale: Locale, page: &SheetPage, echo: &Echo) -> AnyView {
    if !page.may_write || page.state == ReviewState::Abstained {
        return ().into_any();
    }
    let form = Form::post(url::api("review/abstain"))
        .hidden("review", page.review)
        .part(
            TextArea::new("reason", t(locale, "review.abstain.reason"))
                .rows(3)
                .required()
                .value(echo.value("reason", ""))
                .draw(locale),
        )
        .button(Button::danger(t(locale, "review.abstain.send")))
        .draw();
    let text = view! { <p>{t(locale, "review.abstain.text")}</p> };
    disclosure(
        t(locale, "review.abstain.title"),
        echo.has("reason"),
        view! { <div class="stack">{text}{form}</div> },
    )
}

fn onward(locale: Locale, page: &SheetPage) -> AnyView {
    let desk = button_link(url::desk_reviews(), t(locale, "review.to_desk"), false);
    let Some(next) = page.next_open else { return buttons(vec![desk]) };
    let left = tf(locale, "review.sheet.left", &[("count", &page.open_left.to_string())]);
    let way = button_link(url::review(next), t(locale, "review.sheet.next"), false);
    view! {
        <nav class="stack" aria-label=t(locale, "review.sheet.onward")>
            <p class="muted">{left}</p>
            {buttons(vec![way, desk])}
        </nav>
    }
    .into_any()
}

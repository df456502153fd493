//! The team's own bid: where it stands, the form while it may change, what was submitted once it may not.

use axum::response::Response;
use domain::bid::BidState;
use domain::challenge::{State, Typed};
use domain::id::BidId;
use domain::view::bid::BidPage;
use leptos::prelude::*;

use super::start::deadline;
use super::{compare, content, fields};
use crate::catalogue::{t, tf};
use crate::components::{
    Button, Echo, Facts, Form, Heading, Notice, button_link, buttons, disclosure, error_summary, section,
    when,
};
use crate::context::{Here, Id};
use crate::error::AppError;
use crate::islands::draft_keeper::DraftKeeper;
use crate::pages::desk::parts::{bid_badge, head};
use crate::pages::public::piece::title;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here, Id(id): Id<BidId>) -> Result<Response, AppError> {
    here.need_person()?;
    let page = store::query::bid::bid(&here.store, &here.actor, id).await?;
    let echo = here.echo().await?;
    let locale = here.locale;
    let trail = vec![(url::desk_bids(), t(locale, "bid.list.title").to_owned())];
    let head = head(locale, &shown_title(locale, &page), trail);
    here.page(head, move || draw(locale, &page, &echo)).await
}

pub fn draw(locale: Locale, page: &BidPage, echo: &Echo) -> AnyView {
    view! {
        {error_summary(locale, &echo.errors, &|field| fields::label_of(locale, field))}
        {heading(locale, page)}
        {strip(locale, page)}
        {standing(locale, page)}
        {if page.may_edit { editing(locale, page, echo) } else { closed(locale, page) }}
        {withdrawal(locale, page)}
    }
    .into_any()
}

fn shown_title(locale: Locale, page: &BidPage) -> String {
    let typed = page.typed.get("title").map_or("", |title| title.trim());
    if typed.is_empty() { t(locale, "bid.untitled").to_owned() } else { typed.to_owned() }
}

fn heading(locale: Locale, page: &BidPage) -> AnyView {
    let content = &page.challenge_content;
    let named = format!("{} {}", page.challenge_number, title(locale, &content.title, &content.title_en));
    Heading::new(shown_title(locale, page))
        .kicker(view! { <a href=url::challenge(page.challenge)>{named}</a> })
        .badge(bid_badge(locale, page.state))
        .draw()
}

/// Deadline, last save, last submission: always in sight at the top.
fn strip(locale: Locale, page: &BidPage) -> AnyView {
    let saved = view! {
        {when(locale, page.saved_at)}
        <span class="fact-note">{tf(locale, "bid.by", &[("name", &page.saved_by)])}</span>
    };
    let submitted = page.receipt.as_ref().map(|receipt| {
        let number = receipt.number.clone();
        view! {
            {when(locale, receipt.received_at)}
            <span class="fact-note">
                <a href=url::receipt(page.id)>{number}</a>
            </span>
        }
    });
    let facts =
        Facts::new().columns().some(t(locale, "bid.deadline"), page.closes_at.map(|at| deadline(locale, at)));
    let facts = facts.row(t(locale, "bid.saved_at"), saved);
    match submitted {
        Some(submitted) => facts.row(t(locale, "bid.submitted_at"), submitted),
        None => facts.row(t(locale, "bid.submitted_at"), t(locale, "bid.not_submitted")),
    }
    .draw()
}

/// One notice that says what the state means and what to do next.
fn standing(locale: Locale, page: &BidPage) -> AnyView {
    let receipt = || Some(button_link(url::receipt(page.id), t(locale, "bid.open_receipt"), false));
    let letter = || Some(button_link(url::letter(page.id), t(locale, "bid.open_letter"), false));
    let (notice, way) = match page.state {
        BidState::Submitted if page.may_edit && page.unsubmitted_changes => {
            (Notice::warn(t(locale, "bid.standing.changed")), receipt())
        }
        BidState::Submitted if page.may_edit => {
            (Notice::good(t(locale, "bid.standing.submitted")), receipt())
        }
        BidState::Submitted => (Notice::info(t(locale, "bid.standing.waiting")), receipt()),
        BidState::Eligible => (Notice::info(t(locale, "bid.standing.eligible")), receipt()),
        BidState::Ineligible => {
            let reason = page.eligibility_reason.clone();
            (Notice::bad(reason).title(t(locale, "bid.standing.ineligible")), receipt())
        }
        BidState::Won => (Notice::good(t(locale, "bid.standing.won")), letter()),
        BidState::Lost => (Notice::info(t(locale, "bid.standing.lost")), letter()),
        BidState::Draft | BidState::Withdrawn if !page.may_edit => {
            (Notice::warn(t(locale, "bid.standing.never_submitted")), None)
        }
        BidState::Withdrawn => (Notice::warn(t(locale, "bid.standing.withdrawn")), None),
        BidState::Draft => (Notice::info(t(locale, "bid.standing.draft")), None),
    };
    let racing = page.state == BidState::Won
        && !page.rule.rule.gates.is_empty()
        && matches!(page.challenge_state, State::Running | State::Acceptance | State::Finished);
    let race = racing.then(|| button_link(url::race(page.challenge), t(locale, "bid.open_race"), false));
    let ways: Vec<AnyView> = way.into_iter().chain(race).collect();
    if ways.is_empty() { notice } else { notice.foot(buttons(ways)) }.draw(locale)
}

fn editing(locale: Locale, page: &BidPage, echo: &Echo) -> AnyView {
    let differing = compare::draw(locale, &page.typed, echo);
    // While two texts differ only a press of the button may choose between them.
    let keeper = differing.is_none().then(|| keeper(locale, url::api("bid/save")));
    let submit = match page.state {
        BidState::Submitted => "bid.replace",
        _ => "bid.submit",
    };
    // Saving stands first: it is what the Enter key presses.
    let form = Form::post(url::api("bid/save"))
        .id("bid")
        .hidden("bid", page.id)
        .hidden("version", page.version)
        .parts(fields::draw(locale, page, echo))
        .part(view! { <p class="measure muted">{t(locale, "bid.submit_text")}</p> }.into_any())
        .part(view! { <div class="keeper-bar">{keeper}</div> }.into_any())
        .button(Button::secondary(t(locale, "common.save_draft")).action(url::api("bid/save")))
        .button(Button::primary(t(locale, submit)).action(url::api("bid/submit")))
        .draw();
    (differing, contents(locale), form).into_any()
}

/// Saves by itself; the words are finished here.
pub fn keeper(locale: Locale, endpoint: String) -> AnyView {
    let word = |key: &str| t(locale, key).to_owned();
    view! {
        <DraftKeeper
            endpoint=endpoint
            ready=word("bid.keeper.ready")
            saved=word("bid.keeper.saved")
            offline=word("bid.keeper.offline")
            signed_out=word("bid.keeper.signed_out")
            conflict=word("bid.keeper.conflict")
            refused=word("bid.keeper.refused")
        />
    }
    .into_any()
}

/// The way to each part of a long form.
fn contents(locale: Locale) -> AnyView {
    let items: Vec<AnyView> = fields::PARTS
        .iter()
        .map(|part| {
            let href = format!("#part-{part}");
            view! { <li><a href=href>{t(locale, &format!("bid.group.{part}"))}</a></li> }.into_any()
        })
        .collect();
    view! {
        <nav class="contents" aria-label=t(locale, "bid.contents")>
            <ul role="list">{items}</ul>
        </nav>
    }
    .into_any()
}

/// What stands when nothing may change any more: the submission, else the draft as it was left.
fn closed(locale: Locale, page: &BidPage) -> AnyView {
    if let Some(submitted) = &page.submitted {
        let body = content::draw(locale, submitted, &page.challenge_content.indicators);
        return section("submission", t(locale, "bid.submitted_content"), body);
    }
    if page.typed.values().all(|value| value.trim().is_empty()) {
        return ().into_any();
    }
    disclosure(t(locale, "bid.left_draft"), false, left_draft(locale, &page.typed))
}

fn left_draft(locale: Locale, typed: &Typed) -> AnyView {
    let filled = typed.iter().filter(|(_, value)| !value.trim().is_empty());
    filled
        .fold(Facts::new(), |facts, (field, value)| {
            let text = view! { <span class="as-typed">{value.clone()}</span> };
            facts.row(fields::label_of(locale, field), text)
        })
        .draw()
}

fn withdrawal(locale: Locale, page: &BidPage) -> AnyView {
    if !page.may_withdraw {
        return ().into_any();
    }
    let form = Form::post(url::api("bid/withdraw"))
        .hidden("bid", page.id)
        .button(Button::danger(t(locale, "bid.withdraw")))
        .draw();
    let text = view! { <p class="measure">{t(locale, "bid.withdraw_text")}</p> };
    section("withdraw", t(locale, "bid.withdraw_title"), (text, form))
}

//! The eligibility check: each opened bid against the list's gates.

use axum::response::Response;
use domain::actor::Actor;
use domain::bid::BidState;
use domain::challenge::State;
use domain::id::ChallengeId;
use domain::permission::Action;
use domain::view::desk::{DeskBid, DeskChallengePage};
use leptos::prelude::*;

use super::challenge::load;
use super::parts::{
    ChallengeTab, challenge_head, challenge_top, line_input, may, opened_bid_badge, shown_title,
};
use crate::catalogue::{t, tf};
use crate::components::{
    Button, Card, Echo, Empty, Facts, Form, Notice, button_link, buttons, cards, disclosure, markdown,
    section, wan, when,
};
use crate::context::{Here, Id};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here, Id(id): Id<ChallengeId>) -> Result<Response, AppError> {
    let page = load(&here, id).await?;
    let echo = here.echo().await?;
    let (locale, actor) = (here.locale, here.actor.clone());
    let head = challenge_head(locale, &page, ChallengeTab::Eligibility);
    here.page(head, move || draw(locale, &actor, &page, &echo)).await
}

pub fn draw(locale: Locale, actor: &Actor, page: &DeskChallengePage, echo: &Echo) -> AnyView {
    let lead = t(locale, "desk.eligibility.lead").to_owned();
    let top = challenge_top(locale, page, ChallengeTab::Eligibility, Some(lead));
    if page.state.is_sealed() {
        return (top, sealed(locale, page)).into_any();
    }
    let settles = page.state == State::Eligibility && may(actor, Action::SettleEligibility);
    (
        top,
        standing(locale, page),
        section("gates", t(locale, "desk.eligibility.gates"), gates(locale, page)),
        section("bids", t(locale, "desk.eligibility.bids"), bids(locale, page, settles, echo)),
    )
        .into_any()
}

/// Before the opening there is nothing to see, for anyone; says when that changes.
pub fn sealed(locale: Locale, page: &DeskChallengePage) -> AnyView {
    let empty = Empty::new(t(locale, "desk.challenge.sealed_title"))
        .text(t(locale, "desk.challenge.sealed"))
        .way(url::desk_challenge(page.id), t(locale, "desk.challenge.to_steps"));
    let closes = page.closes_at.map(|at| {
        view! { <p>{t(locale, "desk.col.deadline")}{t(locale, "common.colon")}{when(locale, at)}</p> }
    });
    (empty.draw(), closes).into_any()
}

fn standing(locale: Locale, page: &DeskChallengePage) -> AnyView {
    let way = || {
        buttons(vec![button_link(url::desk_challenge(page.id), t(locale, "desk.challenge.to_steps"), false)])
    };
    if page.state == State::Opened {
        return Notice::info(t(locale, "desk.eligibility.not_started")).foot(way()).draw(locale);
    }
    if page.state != State::Eligibility {
        return Notice::info(t(locale, "desk.eligibility.over")).draw(locale);
    }
    let left = page.bids.iter().filter(|bid| bid.state == BidState::Submitted).count();
    let eligible = page.bids.iter().filter(|bid| bid.state == BidState::Eligible).count();
    if left > 0 {
        return Notice::warn(tf(locale, "desk.eligibility.left", &[("count", &left.to_string())]))
            .draw(locale);
    }
    if eligible == 0 {
        return Notice::warn(t(locale, "desk.eligibility.none_eligible")).foot(way()).draw(locale);
    }
    let panel =
        buttons(vec![button_link(url::desk_panel(page.id), t(locale, "desk.step.go.start_review"), true)]);
    Notice::good(tf(locale, "desk.eligibility.done", &[("count", &eligible.to_string())]))
        .foot(panel)
        .draw(locale)
}

/// What the list asks of bidders: the person who checks holds each bid against it.
fn gates(locale: Locale, page: &DeskChallengePage) -> AnyView {
    let Some((_, content)) = &page.list else {
        return view! { <p class="muted">{t(locale, "desk.eligibility.no_gates")}</p> }.into_any();
    };
    let gates = &content.gates;
    let text = |text: &str| (!text.trim().is_empty()).then(|| markdown(text, 3));
    let most = (gates.max_bids_per_unit > 0).then(|| gates.max_bids_per_unit.to_string());
    let barred = gates.earlier_winners_barred.then(|| t(locale, "common.yes"));
    if text(&gates.qualification).is_none()
        && text(&gates.credit).is_none()
        && most.is_none()
        && barred.is_none()
    {
        return view! { <p class="muted">{t(locale, "desk.eligibility.no_gates")}</p> }.into_any();
    }
    Facts::new()
        .some(t(locale, "desk.list.f.qualification"), text(&gates.qualification))
        .some(t(locale, "desk.list.f.credit"), text(&gates.credit))
        .some(t(locale, "desk.list.f.max_bids_per_unit"), most)
        .some(t(locale, "desk.list.f.earlier_winners_barred"), barred)
        .draw()
}

fn bids(locale: Locale, page: &DeskChallengePage, settles: bool, echo: &Echo) -> AnyView {
    if page.bids.is_empty() {
        return Empty::new(t(locale, "desk.eligibility.no_bids"))
            .text(t(locale, "desk.eligibility.no_bids_text"))
            .way(url::desk_challenge(page.id), t(locale, "desk.challenge.to_steps"))
            .draw();
    }
    let several = |unit: &str| page.bids.iter().filter(|bid| bid.unit == unit).count() > 1;
    cards(
        page.bids.iter().map(|bid| bid_card(locale, page, bid, settles, several(&bid.unit), echo)).collect(),
    )
}

fn bid_card(
    locale: Locale,
    page: &DeskChallengePage,
    bid: &DeskBid,
    settles: bool,
    several: bool,
    echo: &Echo,
) -> AnyView {
    let title = shown_title(locale, "", &bid.title);
    let mut card = Card::new(title.clone())
        .kicker(bid.unit.clone())
        .badge(opened_bid_badge(locale, bid.state))
        .fact(t(locale, "desk.eligibility.asked"), wan(locale, bid.asked));
    if let Some(at) = bid.submitted_at {
        card = card.fact(t(locale, "desk.eligibility.submitted_at"), when(locale, at));
    }
    if !bid.eligibility_reason.is_empty() {
        let reason = [
            t(locale, "desk.eligibility.reason"),
            t(locale, "common.colon"),
            bid.eligibility_reason.as_str(),
        ];
        card = card.summary(reason.concat());
    }
    let read = view! { <p><a href=url::bid_reading(bid.id)>{t(locale, "desk.eligibility.read")}<span class="visually-hidden">" "{title.clone()}</span></a></p> };
    let several = several.then(|| view! { <p class="small">{t(locale, "desk.eligibility.several")}</p> });
    let form = settles.then(|| settle_form(locale, page, bid, title, echo));
    card.foot(view! { <div class="stack" data-state=bid.state.key()>{several}{read}{form}</div> }.into_any())
        .draw()
}

fn settle_form(
    locale: Locale,
    page: &DeskChallengePage,
    bid: &DeskBid,
    title: String,
    echo: &Echo,
) -> AnyView {
    let typed = echo.value(&format!("reason.{}", bid.id), &bid.eligibility_reason).to_owned();
    let reason = line_input(
        format!("reason-{}", bid.id),
        "reason",
        t(locale, "desk.eligibility.reason_label").to_owned(),
        typed,
    );
    let form = |eligible: bool| {
        Form::post(url::api("panel/settle_eligibility"))
            .hidden("challenge", page.id)
            .hidden("bid", bid.id)
            .hidden("eligible", eligible)
    };
    let accept = Button::secondary(t(locale, "desk.eligibility.eligible")).about(title.clone());
    let exclude = Button::danger(t(locale, "desk.eligibility.ineligible")).about(title);
    let accept = (bid.state != BidState::Eligible).then(|| form(true).button(accept).draw());
    let open = echo.has(&format!("reason.{}", bid.id));
    let exclude = form(false).part(reason).button(exclude).draw();
    (accept, disclosure(t(locale, "desk.eligibility.exclude"), open, exclude)).into_any()
}

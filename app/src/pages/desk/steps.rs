//! The steps that are open from a challenge's state: what each does, what it asks, and its button.

use domain::actor::Actor;
use domain::bid::BidState;
use domain::challenge::{State, Step};
use domain::permission::Action;
use domain::race::TeamState;
use domain::time::Timestamp;
use domain::view::desk::DeskChallengePage;
use leptos::prelude::*;

use super::parts::may;
use crate::catalogue::{name_of, t, word};
use crate::components::{Button, Card, Echo, Form, Notice, TextArea, button_link, cards, disclosure, when};
use crate::text::Locale;
use crate::url;

/// Where a step is taken.
enum Door {
    /// By a button on this page.
    Here,
    /// On a page that asks for more first.
    Page(String),
    /// By a button here, with a reason everybody concerned will read.
    WithReason,
    /// Not the organiser's to take.
    None,
}

fn door(step: Step, page: &DeskChallengePage) -> Door {
    match step {
        Step::Propose => Door::None,
        Step::Return | Step::Approve => Door::Page(url::need(page.id)),
        Step::Publish => {
            Door::Page(page.list.as_ref().map_or_else(url::desk_lists, |(id, _)| url::desk_list(*id)))
        }
        Step::StartReview => Door::Page(url::desk_panel(page.id)),
        Step::Decide => Door::Page(url::desk_decision(page.id)),
        Step::Cancel | Step::Terminate => Door::WithReason,
        _ => Door::Here,
    }
}

const fn action(step: Step) -> Action {
    match step {
        Step::Propose => Action::ProposeNeed,
        Step::Return | Step::Approve => Action::SettleNeed,
        Step::Publish => Action::PublishList,
        Step::Close => Action::CloseChallenge,
        Step::Open => Action::OpenBids,
        Step::StartEligibility | Step::DeclareNoValidBid => Action::SettleEligibility,
        Step::StartReview => Action::AssignReviews,
        Step::Decide => Action::ProposeDecision,
        Step::Publicise => Action::Publicise,
        Step::Award => Action::Award,
        Step::Contract | Step::Start | Step::StartAcceptance | Step::Finish => Action::AdvanceProject,
        Step::Cancel | Step::Terminate | Step::Republish => Action::CancelChallenge,
    }
}

/// The steps as cards; those that end everything are folded away below.
pub fn draw(locale: Locale, actor: &Actor, page: &DeskChallengePage, now: Timestamp, echo: &Echo) -> AnyView {
    let steps = page.steps.iter().copied();
    let open: Vec<Step> =
        steps.filter(|step| may(actor, action(*step)) && makes_sense(*step, page)).collect();
    let onward: Vec<AnyView> = open.iter().filter_map(|step| onward(locale, *step, page, now)).collect();
    let ending: Vec<AnyView> = open
        .iter()
        .filter(|step| matches!(door(**step, page), Door::WithReason))
        .map(|step| ending(locale, *step, page, echo))
        .collect();
    let onward = if onward.is_empty() {
        Notice::info(t(locale, "desk.step.none")).draw(locale)
    } else {
        cards(onward)
    };
    (onward, ending).into_any()
}

/// Steps the state table has, but this challenge cannot take: no valid bid while one may still win, acceptance while
/// the race has no winner.
fn makes_sense(step: Step, page: &DeskChallengePage) -> bool {
    match step {
        Step::DeclareNoValidBid if page.state == State::Review => {
            page.decision.as_ref().is_some_and(|(_, decision)| decision.winners.is_empty())
        }
        Step::DeclareNoValidBid => {
            !page.bids.iter().any(|bid| matches!(bid.state, BidState::Submitted | BidState::Eligible))
        }
        Step::StartEligibility => !page.bids.is_empty(),
        Step::StartAcceptance => {
            page.rule.gates.is_empty() || page.bids.iter().any(|bid| bid.team_state == Some(TeamState::Won))
        }
        _ => true,
    }
}

/// From when the calendar allows a step.
fn not_before(step: Step, page: &DeskChallengePage) -> Option<Timestamp> {
    match step {
        Step::Close | Step::Open => page.closes_at,
        Step::Award => page.publicity_ends_at,
        _ => None,
    }
}

fn onward(locale: Locale, step: Step, page: &DeskChallengePage, now: Timestamp) -> Option<AnyView> {
    let title = name_of(locale, "step", &step);
    let card = Card::new(title).summary(word(locale, "desk.step.text", step.key()));
    if let Some(at) = not_before(step, page).filter(|at| now <= *at) {
        return Some(card.fact(t(locale, "desk.step.from"), when(locale, at)).draw());
    }
    let foot = match door(step, page) {
        Door::None | Door::WithReason => return None,
        Door::Page(href) => button_link(href, word(locale, "desk.step.go", step.key()), false),
        Door::Here => {
            let button =
                if step == Step::DeclareNoValidBid { Button::danger(title) } else { Button::primary(title) };
            Form::post(url::api("challenge/step"))
                .hidden("challenge", page.id)
                .hidden("step", step.key())
                .button(button)
                .draw()
        }
    };
    Some(card.foot(foot).draw())
}

fn ending(locale: Locale, step: Step, page: &DeskChallengePage, echo: &Echo) -> AnyView {
    let note = TextArea::new("note", t(locale, "desk.step.reason"))
        .hint(t(locale, "desk.step.reason_hint"))
        .required()
        .rows(3)
        .filled(locale, echo, "")
        .draw(locale);
    let form = Form::post(url::api("challenge/step"))
        .hidden("challenge", page.id)
        .hidden("step", step.key())
        .part(view! { <p>{word(locale, "desk.step.text", step.key())}</p> }.into_any())
        .part(note)
        .button(Button::danger(word(locale, "desk.step.go", step.key())))
        .draw();
    disclosure(word(locale, "desk.step.go", step.key()), echo.has("note"), form)
}

//! The steps that are open from a challenge's state: what each does, what it asks, and its button.

use domain::actor::Actor;
use domain::challenge::Step;
use domain::permission::Action;
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
pub fn draw(locale: Locale, actor: &Actor, page: &DeskChallengePage, echo: &Echo) -> AnyView {
    let open: Vec<Step> = page.steps.iter().copied().filter(|step| may(actor, action(*step))).collect();
    let onward: Vec<AnyView> = open.iter().filter_map(|step| onward(locale, *step, page)).collect();
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

fn onward(locale: Locale, step: Step, page: &DeskChallengePage) -> Option<AnyView> {
    let title = name_of(locale, "step", &step);
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
    let from = match step {
        Step::Close | Step::Open => page.closes_at,
        Step::Award => page.publicity_ends_at,
        _ => None,
    };
    let card = Card::new(title).summary(word(locale, "desk.step.text", step.key())).foot(foot);
    let card = match from {
        Some(at) => card.fact(t(locale, "desk.step.from"), when(locale, at)),
        None => card,
    };
    Some(card.draw())
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

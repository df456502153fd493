//! The declaration of interests, before any content is opened: units only.

use axum::response::Response;
use domain::id::ChallengeId;
use domain::panel::{Conflict, SeatState};
use domain::view::review::{DeclarationPage, DeclarationRow};
use leptos::prelude::*;

use super::desk::seat_tone;
use crate::catalogue::{name_of, t, tf};
use crate::components::{
    Button, Echo, Empty, Facts, Field, Form, Heading, Notice, TextArea, badge, button_link, buttons,
    error_summary, group, section,
};
use crate::context::{Here, Id};
use crate::error::AppError;
use crate::pages::desk::parts::{head, line_input};
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here, Id(challenge): Id<ChallengeId>) -> Result<Response, AppError> {
    here.need_person()?;
    let seats = store::query::review::seats(&here.store, &here.actor).await?;
    let seat = seats.into_iter().find(|seat| seat.challenge == challenge).ok_or_else(AppError::not_found)?;
    let page = store::query::review::declaration(&here.store, &here.actor, seat.seat).await?;
    let echo = here.echo().await?;
    let locale = here.locale;
    let trail = vec![(url::desk_reviews(), t(locale, "review.desk.title").to_owned())];
    let head = head(locale, t(locale, "review.declare.title"), trail);
    here.page(head, move || draw(locale, &page, &echo)).await
}

pub fn draw(locale: Locale, page: &DeclarationPage, echo: &Echo) -> AnyView {
    let named = format!("{} {}", page.challenge_number, page.challenge_title);
    let heading = Heading::new(t(locale, "review.declare.title"))
        .kicker(view! { <a href=url::challenge(page.challenge)>{named}</a> })
        .badge(badge(seat_tone(page.state), name_of(locale, "seat_state", &page.state)))
        .lead(t(locale, "review.declare.lead"))
        .draw();
    let errors = error_summary(locale, &echo.errors, &|field| label_of(locale, field));
    (errors, heading, body(locale, page, echo)).into_any()
}

fn label_of(locale: Locale, field: &str) -> String {
    let key = if field == "note" { "review.declare.note" } else { "review.declare.title" };
    t(locale, key).to_owned()
}

fn body(locale: Locale, page: &DeclarationPage, echo: &Echo) -> AnyView {
    let back = || buttons(vec![button_link(url::desk_reviews(), t(locale, "review.to_desk"), false)]);
    match page.state {
        SeatState::Recused => Notice::info(t(locale, "review.declare.recused")).foot(back()).draw(locale),
        SeatState::Declared => {
            let notice = Notice::good(t(locale, "review.declare.declared")).foot(back()).draw(locale);
            (notice, units(locale, page)).into_any()
        }
        SeatState::Seated if page.bids.is_empty() => {
            let empty = Empty::new(t(locale, "review.declare.sealed"))
                .text(t(locale, "review.declare.sealed_text"))
                .way(url::desk_reviews(), t(locale, "review.to_desk"))
                .draw();
            (empty, recusal(locale, page, echo)).into_any()
        }
        SeatState::Seated => (form(locale, page, echo), recusal(locale, page, echo)).into_any(),
    }
}

/// After the declaration: what stands against which unit.
fn units(locale: Locale, page: &DeclarationPage) -> AnyView {
    let standing = page.bids.iter().filter_map(|bid| Some((bid, bid.found?)));
    let facts = standing.fold(Facts::new(), |facts, (bid, conflict)| {
        facts.row(bid.unit.clone(), name_of(locale, "conflict", &conflict))
    });
    facts.draw()
}

fn form(locale: Locale, page: &DeclarationPage, echo: &Echo) -> AnyView {
    let rows: Vec<AnyView> = page.bids.iter().map(|bid| row(locale, bid, echo)).collect();
    let hint = tf(locale, "review.declare.hint", &[("issuer", &page.issuer_shown)]);
    let note = TextArea::new("note", t(locale, "review.declare.note"))
        .rows(3)
        .hint(t(locale, "review.declare.note_hint"))
        .filled(locale, echo, "")
        .draw(locale);
    Form::post(url::api("panel/declare"))
        .id("declaration")
        .hidden("challenge", page.challenge)
        .hidden("seat", page.seat)
        .part(group(t(locale, "review.declare.units"), Some(hint), rows))
        .part(note)
        .part(view! { <p class="measure">{t(locale, "review.declare.promise")}</p> }.into_any())
        .button(Button::primary(t(locale, "review.declare.send")))
        .draw()
}

fn row(locale: Locale, bid: &DeclarationRow, echo: &Echo) -> AnyView {
    let partners = (!bid.partners.is_empty()).then(|| {
        let names = bid.partners.join(t(locale, "common.list_separator"));
        tf(locale, "review.declare.partners", &[("partners", &names)])
    });
    let name = format!("conflict.{}", bid.bid);
    match bid.found.filter(|found| *found != Conflict::Declared) {
        // What is known already needs no tick, and cannot be unticked.
        Some(found) => {
            let unit = bid.unit.clone();
            view! {
                <div class="field">
                    <p class="declared-unit">
                        <b>{unit}</b>
                        " "
                        {badge(crate::components::Tone::Warn, name_of(locale, "conflict", &found))}
                    </p>
                    <p class="field-hint">{partners}</p>
                    <p class="field-hint">{t(locale, "review.declare.found")}</p>
                </div>
            }
            .into_any()
        }
        None => {
            let saved = if bid.found.is_some() { "yes" } else { "" };
            let field = Field::tick(name, bid.unit.clone()).filled(locale, echo, saved);
            match partners {
                Some(partners) => field.hint(partners),
                None => field,
            }
            .draw(locale)
        }
    }
}

fn recusal(locale: Locale, page: &DeclarationPage, echo: &Echo) -> AnyView {
    let label = t(locale, "review.declare.recuse_note").to_owned();
    let form = Form::post(url::api("panel/recuse"))
        .hidden("challenge", page.challenge)
        .hidden("seat", page.seat)
        .part(line_input("recuse-note".to_owned(), "note", label, echo.value("note", "").to_owned()))
        .button(Button::danger(t(locale, "review.declare.recuse")))
        .draw();
    let text = view! { <p>{t(locale, "review.declare.recuse_text")}</p> };
    section("recuse", t(locale, "review.declare.recuse_title"), (text, form))
}

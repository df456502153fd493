//! One challenge on the organiser's desk: where it stands, what can be done now, what has happened.

use axum::response::Response;
use domain::actor::Actor;
use domain::challenge::State;
use domain::id::ChallengeId;
use domain::time::Timestamp;
use domain::view::desk::{DeskChallengePage, DeskGate};
use leptos::prelude::*;

use super::parts::{ChallengeTab, challenge_head, challenge_top, shown_title};
use super::steps;
use crate::catalogue::{name_of, t, tf};
use crate::charts::timeline;
use crate::components::badge::Tone;
use crate::components::{Column, Echo, Facts, Notice, Table, badge, cell, hash, section, wan, when};
use crate::context::{Here, Id};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

/// Loads what all of a challenge's pages show.
///
/// # Errors
/// Absent or not the reader's; the database away.
pub async fn load(here: &Here, id: ChallengeId) -> Result<DeskChallengePage, AppError> {
    here.need_person()?;
    Ok(store::query::desk::challenge(&here.store, &here.actor, id).await?)
}

pub async fn show(here: Here, Id(id): Id<ChallengeId>) -> Result<Response, AppError> {
    let page = load(&here, id).await?;
    let (echo, now) = (here.echo().await?, here.store.now().await?);
    let (locale, actor) = (here.locale, here.actor.clone());
    let head = challenge_head(locale, &page, ChallengeTab::Overview);
    here.page(head, move || draw(locale, &actor, &page, now, &echo)).await
}

/// `now` is the database's: a step the calendar does not allow yet says from when it can be taken.
pub fn draw(locale: Locale, actor: &Actor, page: &DeskChallengePage, now: Timestamp, echo: &Echo) -> AnyView {
    let sealed = page.state.is_sealed() && page.state.is_public();
    let sealed = sealed.then(|| Notice::info(t(locale, "desk.challenge.sealed")).draw(locale));
    (
        challenge_top(locale, page, ChallengeTab::Overview, None),
        timeline(locale, "timeline", &page.timeline),
        section(
            "steps",
            t(locale, "desk.challenge.steps"),
            (sealed, steps::draw(locale, actor, page, now, echo)),
        ),
        section("facts", t(locale, "desk.challenge.facts"), facts(locale, page)),
        (!page.gates.is_empty())
            .then(|| section("gates", t(locale, "desk.challenge.gates"), gates(locale, page))),
        section("history", t(locale, "desk.challenge.history"), history(locale, page)),
    )
        .into_any()
}

fn facts(locale: Locale, page: &DeskChallengePage) -> AnyView {
    let list = page.list.as_ref().map(|(id, content)| {
        let name = format!("{} {}", content.number, locale.of(&content.title));
        view! { <a href=url::desk_list(*id)>{name}</a> }
    });
    let not_sealed = !page.state.is_sealed();
    Facts::new()
        .row(
            t(locale, "desk.challenge.number"),
            if page.number.is_empty() { t(locale, "common.none").to_owned() } else { page.number.clone() },
        )
        .row(
            t(locale, "desk.col.amount_unit"),
            page.amount.map_or_else(|| cell(t(locale, "common.not_stated")), |amount| wan(locale, amount)),
        )
        .some(t(locale, "desk.col.list"), list)
        .some(t(locale, "desk.col.deadline"), page.closes_at.map(|at| when(locale, at)))
        .some(t(locale, "desk.challenge.publicity_ends"), page.publicity_ends_at.map(|at| when(locale, at)))
        .some(t(locale, "desk.challenge.bids"), not_sealed.then(|| page.bids.len().to_string()))
        .some(
            t(locale, "desk.challenge.panel"),
            (!page.seats.is_empty()).then(|| page.seats.len().to_string()),
        )
        .some(
            t(locale, "desk.challenge.rule_hash"),
            page.rule_sha256.as_ref().map(|sha256| hash(locale, sha256)),
        )
        .row(
            t(locale, "desk.challenge.need"),
            view! { <a href=url::need(page.id)>{t(locale, "desk.challenge.need_link")}</a> },
        )
        .some(
            t(locale, "desk.challenge.public"),
            page.state.is_public().then(
                || view! { <a href=url::challenge(page.id)>{t(locale, "desk.challenge.public_link")}</a> },
            ),
        )
        .draw()
}

/// The gates of the race in one table; each leads to its page.
pub fn gates(locale: Locale, page: &DeskChallengePage) -> AnyView {
    let mut table = Table::new("gates", t(locale, "desk.challenge.gates")).quiet_caption().columns(vec![
        Column::head(t(locale, "race.col.gate")),
        Column::text(t(locale, "desk.col.state")),
        Column::text(t(locale, "race.col.due")),
        Column::number(t(locale, "race.col.missing")),
    ]);
    for gate in &page.gates {
        let rule = page.rule.gate(gate.number);
        let name = rule.map_or_else(String::new, |rule| locale.of(&rule.title).to_owned());
        let name =
            shown_title(locale, &tf(locale, "desk.tab.gate", &[("number", &gate.number.to_string())]), &name);
        table = table.row(vec![
            cell(view! { <a href=url::desk_gate(page.id, gate.number)>{name}</a> }),
            gate_badge(locale, gate),
            rule.map_or_else(|| cell("—"), |rule| when(locale, rule.due)),
            cell(gate.sheets_missing.to_string()),
        ]);
    }
    let board = matches!(page.state, State::Running | State::Acceptance | State::Finished)
        .then(|| view! { <p><a href=url::race(page.id)>{t(locale, "race.board_link")}</a></p> });
    (table.draw(), board).into_any()
}

pub fn gate_badge(locale: Locale, gate: &DeskGate) -> AnyView {
    use domain::race::GateState;
    let tone = match gate.state {
        GateState::Waiting => Tone::Quiet,
        GateState::Open => Tone::Open,
        GateState::Decided => Tone::Good,
    };
    badge(tone, name_of(locale, "gate_state", &gate.state))
}

fn history(locale: Locale, page: &DeskChallengePage) -> AnyView {
    if page.history.is_empty() {
        return view! { <p class="muted">{t(locale, "desk.challenge.no_history")}</p> }.into_any();
    }
    let mut table = Table::new("history", t(locale, "desk.challenge.history")).quiet_caption().columns(vec![
        Column::text(t(locale, "desk.col.at")),
        Column::text(t(locale, "desk.col.who")),
        Column::head(t(locale, "desk.col.change")),
        Column::text(t(locale, "desk.col.note")),
    ]);
    for row in &page.history {
        let (from, to) = (name_of(locale, "state", &row.from), name_of(locale, "state", &row.to));
        let change = if row.from == row.to { to.to_owned() } else { format!("{from} → {to}") };
        let who = if row.who.is_empty() { t(locale, "desk.system").to_owned() } else { row.who.clone() };
        table = table.row(vec![when(locale, row.at), cell(who), cell(change), cell(row.note.clone())]);
    }
    table.draw()
}

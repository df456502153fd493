//! One gate of the race: opened, scored, decided.

use axum::extract::Path;
use axum::response::Response;
use domain::actor::Actor;
use domain::challenge::State;
use domain::permission::Action;
use domain::race::{GateOutcome, GateState};
use domain::view::desk::{DeskChallengePage, DeskGate};
use leptos::prelude::*;

use super::challenge::{gate_badge, load};
use super::parts::{ChallengeTab, challenge_head, challenge_top, may};
use super::scores::{count_missing, matrix, missing};
use crate::catalogue::{name_of, t, tf};
use crate::charts::race_lanes;
use crate::components::badge::Tone;
use crate::components::{
    Button, Column, Empty, Facts, Form, Notice, Table, badge, button_link, buttons, cell, points, section,
    when,
};
use crate::context::Here;
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here, Path((id, number)): Path<(String, String)>) -> Result<Response, AppError> {
    let (Ok(id), Ok(number)) = (id.parse(), number.parse::<u32>()) else { return Err(AppError::not_found()) };
    let page = load(&here, id).await?;
    if page.rule.gate(number).is_none() {
        return Err(AppError::not_found());
    }
    let (locale, actor) = (here.locale, here.actor.clone());
    let head = challenge_head(locale, &page, ChallengeTab::Gate(number));
    here.page(head, move || draw(locale, &actor, &page, number)).await
}

/// A gate without a row yet has not begun.
fn gate_of(page: &DeskChallengePage, number: u32) -> DeskGate {
    let found = page.gates.iter().find(|gate| gate.number == number).cloned();
    found.unwrap_or(DeskGate { number, state: GateState::Waiting, sheets_missing: 0 })
}

pub fn draw(locale: Locale, actor: &Actor, page: &DeskChallengePage, number: u32) -> AnyView {
    let gate = gate_of(page, number);
    let top =
        challenge_top(locale, page, ChallengeTab::Gate(number), Some(t(locale, "race.lead").to_owned()));
    let scored = (gate.state != GateState::Waiting).then(|| {
        (
            section("matrix", t(locale, "desk.scores.matrix"), matrix(locale, page, number)),
            section("missing", t(locale, "desk.scores.missing"), missing(locale, page, number)),
        )
    });
    let lanes = page.race.as_ref().filter(|board| !board.lanes.is_empty()).map(|board| {
        let chart = race_lanes(locale, "race", board, page.rule.decimals);
        let way = view! { <p><a href=url::race(page.id)>{t(locale, "race.board_link")}</a></p> };
        section("race", t(locale, "race.board"), (chart, way))
    });
    (
        top,
        facts(locale, page, &gate),
        section("act", t(locale, "desk.challenge.steps"), act(locale, actor, page, &gate)),
        (gate.state == GateState::Decided)
            .then(|| section("result", t(locale, "race.result"), result(locale, page, number))),
        scored,
        lanes,
    )
        .into_any()
}

fn facts(locale: Locale, page: &DeskChallengePage, gate: &DeskGate) -> AnyView {
    let Some(rule) = page.rule.gate(gate.number) else { return ().into_any() };
    let last = gate.number as usize == page.rule.gates.len();
    let keep = if last {
        t(locale, "race.one_wins").to_owned()
    } else {
        tf(locale, "race.keep", &[("count", &rule.keep.to_string())])
    };
    Facts::new()
        .row(t(locale, "race.col.gate"), locale.of(&rule.title).to_owned())
        .row(t(locale, "desk.col.state"), gate_badge(locale, gate))
        .row(t(locale, "race.col.due"), when(locale, rule.due))
        .row(
            t(locale, "race.weight"),
            tf(locale, "race.permille", &[("weight", &rule.weight_permille.to_string())]),
        )
        .row(t(locale, "race.pass_mark"), points(rule.pass_mark_milli, page.rule.decimals))
        .row(t(locale, "race.goes_on"), keep)
        .draw()
}

/// The gate's next act, or why there is none.
fn act(locale: Locale, actor: &Actor, page: &DeskChallengePage, gate: &DeskGate) -> AnyView {
    if page.state != State::Running && gate.state != GateState::Decided {
        let way = buttons(vec![button_link(
            url::desk_challenge(page.id),
            t(locale, "desk.challenge.to_steps"),
            false,
        )]);
        return Notice::info(t(locale, "race.not_running")).foot(way).draw(locale);
    }
    match gate.state {
        GateState::Waiting => opening(locale, actor, page, gate.number),
        GateState::Open => deciding(locale, actor, page, gate),
        GateState::Decided => onward(locale, page, gate.number),
    }
}

fn opening(locale: Locale, actor: &Actor, page: &DeskChallengePage, number: u32) -> AnyView {
    let before = number.checked_sub(1).filter(|before| *before > 0);
    if let Some(before) = before.filter(|before| gate_of(page, *before).state != GateState::Decided) {
        let label = ChallengeTab::Gate(before).label(locale);
        let way = buttons(vec![button_link(url::desk_gate(page.id, before), label, false)]);
        return Notice::info(t(locale, "race.before_first")).foot(way).draw(locale);
    }
    if !may(actor, Action::OpenGate) {
        return Notice::info(t(locale, "race.waiting")).draw(locale);
    }
    Form::post(url::api("race/open_gate"))
        .hidden("challenge", page.id)
        .hidden("gate", number)
        .part(view! { <p class="measure">{t(locale, "race.open_text")}</p> }.into_any())
        .button(Button::primary(t(locale, "race.open")))
        .draw()
}

fn deciding(locale: Locale, actor: &Actor, page: &DeskChallengePage, gate: &DeskGate) -> AnyView {
    let left = count_missing(page, gate.number).max(gate.sheets_missing as usize);
    if left > 0 || !may(actor, Action::DecideGate) {
        return Notice::info(tf(locale, "race.left", &[("count", &left.to_string())])).draw(locale);
    }
    Form::post(url::api("race/decide_gate"))
        .hidden("challenge", page.id)
        .hidden("gate", gate.number)
        .part(view! { <p class="measure">{t(locale, "race.decide_text")}</p> }.into_any())
        .button(Button::primary(t(locale, "race.decide")))
        .draw()
}

fn onward(locale: Locale, page: &DeskChallengePage, number: u32) -> AnyView {
    let next = number.saturating_add(1);
    if page.rule.gate(next).is_some() {
        let way = buttons(vec![button_link(
            url::desk_gate(page.id, next),
            ChallengeTab::Gate(next).label(locale),
            true,
        )]);
        return Notice::good(t(locale, "race.decided")).foot(way).draw(locale);
    }
    let way =
        buttons(vec![button_link(url::desk_challenge(page.id), t(locale, "desk.challenge.to_steps"), true)]);
    Notice::good(t(locale, "race.finished")).foot(way).draw(locale)
}

/// The gate's lines, best first.
fn result(locale: Locale, page: &DeskChallengePage, number: u32) -> AnyView {
    let Some(board) = &page.race else { return Empty::new(t(locale, "race.no_result")).draw() };
    let mut lines: Vec<_> = board
        .lanes
        .iter()
        .filter_map(|lane| Some((lane, lane.gates.iter().find(|line| line.gate == number)?)))
        .collect();
    lines.sort_by_key(|(_, line)| line.rank);
    let mut table = Table::new("gate-result", t(locale, "race.result")).quiet_caption().columns(vec![
        Column::number(t(locale, "desk.decision.rank")),
        Column::head(t(locale, "race.team")),
        Column::number(t(locale, "race.gate_total")),
        Column::number(t(locale, "race.cumulative")),
        Column::text(t(locale, "desk.decision.outcome")),
    ]);
    for (lane, line) in lines {
        let tone = match line.outcome {
            GateOutcome::Continue => Tone::Running,
            GateOutcome::Cut => Tone::Bad,
            GateOutcome::Won => Tone::Good,
        };
        let cells = vec![
            cell(line.rank.to_string()),
            cell(lane.unit.clone()),
            cell(points(line.total_milli, page.rule.decimals)),
            cell(points(line.cumulative_milli, page.rule.decimals)),
            badge(tone, name_of(locale, "gate_outcome", &line.outcome)),
        ];
        table = match line.outcome {
            GateOutcome::Won => table.marked_row(cells),
            GateOutcome::Continue => table.row(cells),
            GateOutcome::Cut => table.faded_row(cells),
        };
    }
    table.draw()
}

//! The race board: lanes, gates, standings. The same for everyone; a racing team also finds its way out here.

use axum::response::Response;
use domain::id::ChallengeId;
use domain::race::GateState;
use domain::view::race::{BoardGate, Lane, RaceBoard};
use leptos::prelude::*;

use super::piece;
use super::results::DECIMALS;
use crate::catalogue::{name_of, t, tf};
use crate::charts::race_lanes;
use crate::components::{
    Button, Column, Empty, Facts, Form, Heading, Notice, Place, Table, Tone, badge, breadcrumbs, cell,
    disclosure, hash, points, section,
};
use crate::context::{Head, Here, Id};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here, Id(id): Id<ChallengeId>) -> Result<Response, AppError> {
    let board = store::query::public::race(&here.store, &here.actor, id).await?;
    let locale = here.locale;
    let name = piece::title(locale, &board.title, &board.title_en);
    let mut head = Head::new(tf(locale, "public.race_title", &[("title", &name)]), Place::Results);
    head.breadcrumbs = Some(Box::new(move || {
        let trail = vec![
            (url::challenges(), t(locale, "common.nav_challenges").to_owned()),
            (url::challenge(id), name),
        ];
        breadcrumbs(locale, trail, t(locale, "public.race"))
    }));
    here.page(head, move || draw(locale, board)).await
}

pub fn draw(locale: Locale, board: RaceBoard) -> AnyView {
    let name = piece::title(locale, &board.title, &board.title_en);
    let standing = if board.finished {
        badge(Tone::Good, t(locale, "public.race_finished"))
    } else {
        badge(Tone::Running, t(locale, "public.race_running"))
    };
    let lanes = if board.lanes.is_empty() {
        Empty::new(t(locale, "public.no_lanes"))
            .text(t(locale, "public.no_lanes_text"))
            .way(url::challenge(board.challenge), t(locale, "public.to_challenge"))
            .draw()
    } else {
        race_lanes(locale, "race", &board, DECIMALS)
    };
    let link = view! { <a href=url::challenge(board.challenge)>{name}</a> };
    view! {
        {Heading::new(t(locale, "public.race"))
            .kicker(view! { <span>{board.number.clone()}" · "{link}</span> })
            .badge(standing)
            .draw()}
        {verdict(locale, &board)}
        {lanes}
        {section("gates", t(locale, "public.gates"), gates(locale, &board))}
        {section("how", t(locale, "public.race_how"), how(locale, &board))}
        {own(locale, &board)}
    }
    .into_any()
}

/// The winner, or who leads and what comes next, in a sentence.
fn verdict(locale: Locale, board: &RaceBoard) -> AnyView {
    let Some(first) = board.lanes.first() else { return ().into_any() };
    let score = first.cumulative_milli.map_or_else(|| "–".to_owned(), |milli| points(milli, DECIMALS));
    if first.state == domain::race::TeamState::Won {
        let text = tf(locale, "public.race_won", &[("unit", &first.unit), ("score", &score)]);
        return Notice::good(text).draw(locale);
    }
    let next = board.gates.iter().find(|gate| gate.state != GateState::Decided);
    let Some(gate) = next else { return ().into_any() };
    let racing =
        board.lanes.iter().filter(|lane| lane.state == domain::race::TeamState::Racing).count().to_string();
    let title = locale.of(&gate.title);
    let key = if gate.state == GateState::Open { "public.race_at_gate" } else { "public.race_before_gate" };
    let number = gate.number.to_string();
    let due = gate.due.official_text();
    let values =
        [("racing", racing.as_str()), ("number", number.as_str()), ("title", title), ("due", due.as_str())];
    let text = tf(locale, key, &values);
    view! { <p class="lead">{text}</p> }.into_any()
}

fn gates(locale: Locale, board: &RaceBoard) -> AnyView {
    let mut table = Table::new("gates-table", t(locale, "public.gates")).quiet_caption().columns(vec![
        Column::number(t(locale, "public.gate")),
        Column::head(t(locale, "public.gate_title")),
        Column::text(t(locale, "public.gate_due")),
        Column::number(t(locale, "public.weight")),
        Column::number(t(locale, "public.pass_mark")),
        Column::text(t(locale, "public.gate_keep")),
        Column::text(t(locale, "public.gate_state")),
    ]);
    for gate in &board.gates {
        let cells = gate_cells(locale, gate, gate.number as usize == board.gates.len());
        table = if gate.state == GateState::Open { table.marked_row(cells) } else { table.row(cells) };
    }
    table.draw()
}

fn gate_cells(locale: Locale, gate: &BoardGate, last: bool) -> Vec<AnyView> {
    let tone = match gate.state {
        GateState::Waiting => Tone::Quiet,
        GateState::Open => Tone::Open,
        GateState::Decided => Tone::Good,
    };
    let keep = if last {
        t(locale, "public.gate_last").to_owned()
    } else {
        tf(locale, "public.gate_keep_value", &[("count", &gate.keep.to_string())])
    };
    vec![
        cell(gate.number.to_string()),
        cell(locale.of(&gate.title).to_owned()),
        piece::moment(Some(gate.due)),
        cell(format!("{} %", piece::percent(gate.weight_permille))),
        cell(points(gate.pass_mark_milli, 0)),
        cell(keep),
        badge(tone, name_of(locale, "gate_state", &gate.state)),
    ]
}

fn how(locale: Locale, board: &RaceBoard) -> AnyView {
    let rule = (!board.rule_sha256.is_empty()).then(|| {
        view! {
            {hash(locale, &board.rule_sha256)}
            " "
            <a href=url::challenge_rule(board.challenge)>{t(locale, "public.rule_file")}</a>
        }
    });
    let mut facts = Facts::new().some(t(locale, "public.rule_sha256"), rule);
    for gate in &board.gates {
        let name = tf(locale, "public.gate_draw_seed", &[("number", &gate.number.to_string())]);
        facts = facts.some(name, gate.draw_seed.as_deref().map(|seed| hash(locale, seed)));
    }
    let draw = board.seed_per_gate.then(|| view! { <li>{t(locale, "public.race_how_draw")}</li> });
    view! {
        <ul class="bullets">
            <li>{t(locale, "public.race_how_cumulative")}</li>
            <li>{t(locale, "public.race_how_pass")}</li>
            <li>{t(locale, "public.race_how_tie")}</li>
            {draw}
            <li>{t(locale, "public.race_how_rule")}</li>
        </ul>
        {facts.draw()}
    }
    .into_any()
}

/// The reader's own team: where it stands, and the way out of the race.
fn own(locale: Locale, board: &RaceBoard) -> AnyView {
    let Some(lane) = board.own.and_then(|own| board.lanes.iter().find(|lane| lane.bid == own)) else {
        return ().into_any();
    };
    let leave = board
        .may_withdraw
        .then(|| disclosure(t(locale, "public.withdraw"), false, withdraw(locale, board, lane)));
    let standing = tf(
        locale,
        "public.own_standing",
        &[("unit", &lane.unit), ("state", name_of(locale, "team_state", &lane.state))],
    );
    section(
        "own",
        t(locale, "public.own_team"),
        view! {
            <p>{standing}</p>
            <p><a href=url::bid(lane.bid)>{t(locale, "public.to_own_bid")}</a></p>
            {leave}
        },
    )
}

fn withdraw(locale: Locale, board: &RaceBoard, lane: &Lane) -> AnyView {
    let form = Form::post(url::api("race/withdraw"))
        .hidden("challenge", board.challenge)
        .hidden("bid", lane.bid)
        .button(Button::danger(t(locale, "public.withdraw_confirm")))
        .draw();
    view! { <p>{t(locale, "public.withdraw_text")}</p> {form} }.into_any()
}

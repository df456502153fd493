//! The race: one lane per team through the gates, the cumulative score at each, who was cut where, who won.

use domain::race::{GateOutcome, TeamState};
use domain::view::race::{BoardGate, Lane, RaceBoard};
use leptos::prelude::*;

use super::draw::{Anchor, Drawing, Ink, NARROW, Picture, SMALL, STRONG, WIDE, cut};
use crate::catalogue::{name_of, t, tf};
use crate::components::{Column, Table, cell, points};
use crate::text::Locale;

/// The picture and its table. Scores are shown with `decimals` digits.
pub fn race_lanes(locale: Locale, id: &str, board: &RaceBoard, decimals: u8) -> AnyView {
    Picture {
        id: id.to_owned(),
        title: t(locale, "chart.race").to_owned(),
        description: description(locale, board, decimals),
        wide: wide(locale, board, decimals),
        narrow: narrow(locale, board, decimals),
        table: table(locale, id, board, decimals),
        table_open: true,
    }
    .draw(locale)
}

fn description(locale: Locale, board: &RaceBoard, decimals: u8) -> String {
    let lanes: Vec<String> = board
        .lanes
        .iter()
        .map(|lane| {
            let score = lane.cumulative_milli.map_or_else(|| "–".to_owned(), |milli| points(milli, decimals));
            tf(
                locale,
                "chart.race_lane",
                &[
                    ("unit", &lane.unit),
                    ("state", name_of(locale, "team_state", &lane.state)),
                    ("score", &score),
                ],
            )
        })
        .collect();
    lanes.join(t(locale, "common.list_separator"))
}

/// Where the track of a drawing runs.
struct Track {
    start: i32,
    end: i32,
    gates: i32,
    /// Half the height of a gate's post.
    tick: i32,
    /// How high the winner's flag stands.
    flag: i32,
}

impl Track {
    fn at(&self, gate: u32) -> i32 {
        self.start + (self.end - self.start) * gate as i32 / self.gates.max(1)
    }
}

fn wide(locale: Locale, board: &RaceBoard, decimals: u8) -> Drawing {
    let track = Track { start: 276, end: WIDE - 70, gates: board.gates.len() as i32, tick: 14, flag: 34 };
    let mut sheet = Drawing::new(WIDE);
    let span = (track.end - track.start) / track.gates.max(1);
    let top = 84;
    let lane_height = 76;
    let bottom = top + lane_height * board.lanes.len() as i32;
    sheet.text(SMALL, (0, 20), Anchor::Start, t(locale, "chart.team"));
    sheet.text(SMALL, (track.start, 20), Anchor::Middle, t(locale, "chart.start"));
    for gate in &board.gates {
        let x = track.at(gate.number);
        let ink = Ink { size: 15, class: "d-strong" };
        let below = sheet.lines(ink, (x, 20), Anchor::Middle, locale.of(&gate.title), (span - 10, 2));
        sheet.text(SMALL, (x, below), Anchor::Middle, &gate_note(locale, gate));
    }
    for (index, lane) in board.lanes.iter().enumerate() {
        let y = top + 40 + index as i32 * lane_height;
        let own = board.own == Some(lane.bid);
        if own {
            sheet.rect("d-own", (0, y - 38), (WIDE, lane_height - 2), 2);
        }
        let name = format!("{}  {}", index + 1, lane.unit);
        let below = sheet.lines(STRONG, (8, y - 8), Anchor::Start, &name, (track.start - 40, 2));
        sheet.text(SMALL, (8, below), Anchor::Start, &standing_words(locale, board, lane));
        draw_lane(&mut sheet, board, lane, &track, y, decimals);
    }
    sheet.set_height(bottom + 4);
    sheet
}

fn narrow(locale: Locale, board: &RaceBoard, decimals: u8) -> Drawing {
    let track = Track { start: 14, end: NARROW - 42, gates: board.gates.len() as i32, tick: 9, flag: 24 };
    let mut sheet = Drawing::new(NARROW);
    let top = 56;
    let lane_height = 100;
    let bottom = top + lane_height * board.lanes.len() as i32;
    let span = (track.end - track.start) / track.gates.max(1);
    for gate in &board.gates {
        let x = track.at(gate.number);
        let number = gate.number.to_string();
        let short = tf(locale, "chart.gate_short", &[("number", &number)]);
        sheet.text(Ink { size: 14, class: "d-strong" }, (x, 18), Anchor::Middle, &short);
        let date = gate.due.official_date().map(|date| date.format("%m-%d").to_string()).unwrap_or_default();
        sheet.text(SMALL, (x, 36), Anchor::Middle, &cut(&date, span + 10, 13));
    }
    for (index, lane) in board.lanes.iter().enumerate() {
        let y = top + 58 + index as i32 * lane_height;
        if board.own == Some(lane.bid) {
            sheet.rect("d-own", (0, y - 54), (NARROW, lane_height - 4), 2);
        } else {
            sheet.line("d-rule", (0, y - 56), (NARROW, y - 56));
        }
        let words = standing_words(locale, board, lane);
        let room = NARROW - 24 - super::draw::width_of(&words, 13);
        sheet.text(
            STRONG,
            (4, y - 32),
            Anchor::Start,
            &cut(&format!("{}  {}", index + 1, lane.unit), room, 16),
        );
        sheet.text(SMALL, (NARROW - 4, y - 32), Anchor::End, &words);
        draw_lane(&mut sheet, board, lane, &track, y, decimals);
    }
    sheet.set_height(bottom + 4);
    sheet
}

/// The track, what the team has run of it, its score at each gate, and its mark at the head.
fn draw_lane(sheet: &mut Drawing, board: &RaceBoard, lane: &Lane, track: &Track, y: i32, decimals: u8) {
    sheet.line("d-track", (track.start, y), (track.end, y));
    for gate in &board.gates {
        let x = track.at(gate.number);
        sheet.line("d-gate", (x, y - track.tick), (x, y + track.tick));
    }
    let reached = lane.gates.iter().map(|gate| gate.gate).max().unwrap_or(0);
    let out = matches!(lane.state, TeamState::Cut | TeamState::Withdrawn);
    let class = match lane.state {
        TeamState::Won => "d-run d-run-won",
        TeamState::Racing => "d-run",
        TeamState::Cut | TeamState::Withdrawn => "d-run d-run-out",
    };
    let still_running = lane.state == TeamState::Racing && (reached as usize) < board.gates.len();
    let head =
        if still_running { track.at(reached) + (track.at(1) - track.start) / 3 } else { track.at(reached) };
    sheet.line(class, (track.start, y), (head, y));
    sheet.circle("d-dot-start", (track.start, y), 4);
    for gate in &lane.gates {
        let x = track.at(gate.gate);
        match gate.outcome {
            GateOutcome::Continue => {
                sheet.circle(if out { "d-pass-out" } else { "d-pass" }, (x, y), 6);
            }
            GateOutcome::Cut => cross(sheet, (x, y)),
            GateOutcome::Won => flag(sheet, (x, y), track.flag),
        }
        let score = points(gate.cumulative_milli, decimals);
        let ink = if out { Ink { size: 14, class: "d-muted" } } else { Ink { size: 14, class: "d-score" } };
        sheet.text(ink, (x, y + 25), Anchor::Middle, &score);
    }
    if lane.state == TeamState::Withdrawn {
        cross(sheet, (head.max(track.start + 16), y));
    }
    if still_running {
        sheet.path("d-runner", &format!("M{} {}l14 8 -14 8z", head - 2, y - 8));
    }
}

fn cross(sheet: &mut Drawing, (x, y): (i32, i32)) {
    sheet.circle("d-out", (x, y), 9);
    sheet.path("d-cross", &format!("M{} {}l8 8m0 -8l-8 8", x - 4, y - 4));
}

fn flag(sheet: &mut Drawing, (x, y): (i32, i32), height: i32) {
    sheet.circle("d-win", (x, y), 7);
    sheet.path("d-pole", &format!("M{x} {y}v-{height}"));
    sheet.path("d-flag", &format!("M{x} {}h22l-5 7 5 7h-22z", y - height));
}

fn gate_note(locale: Locale, gate: &BoardGate) -> String {
    let date = gate.due.official_date().map(|date| date.to_string()).unwrap_or_default();
    let weight = points(i64::from(gate.weight_permille) * 100, 0);
    tf(locale, "chart.gate_note", &[("date", &date), ("weight", &weight)])
}

/// The team's state, where it left, and whether it is the reader's own.
fn standing_words(locale: Locale, board: &RaceBoard, lane: &Lane) -> String {
    let name = name_of(locale, "team_state", &lane.state);
    let standing = match lane.left_at {
        Some(gate) => tf(locale, "chart.left_at", &[("state", name), ("gate", &gate.to_string())]),
        None => name.to_owned(),
    };
    if board.own == Some(lane.bid) { format!("{standing} · {}", t(locale, "chart.own")) } else { standing }
}

fn table(locale: Locale, id: &str, board: &RaceBoard, decimals: u8) -> AnyView {
    let mut columns = vec![Column::number(t(locale, "chart.place")), Column::head(t(locale, "chart.team"))];
    for gate in &board.gates {
        columns.push(Column::number(locale.of(&gate.title)));
    }
    columns.push(Column::number(t(locale, "chart.cumulative")));
    columns.push(Column::text(t(locale, "chart.standing")));
    let mut table = Table::new(format!("{id}-table"), t(locale, "chart.race_table")).columns(columns);
    for (index, lane) in board.lanes.iter().enumerate() {
        let mut cells = vec![cell((index + 1).to_string()), cell(lane.unit.clone())];
        for gate in &board.gates {
            let run = lane.gates.iter().find(|run| run.gate == gate.number);
            cells.push(cell(run.map_or_else(|| "–".to_owned(), |run| points(run.total_milli, decimals))));
        }
        cells.push(cell(
            lane.cumulative_milli.map_or_else(|| "–".to_owned(), |milli| points(milli, decimals)),
        ));
        cells.push(cell(standing_words(locale, board, lane)));
        table = match lane.state {
            TeamState::Won => table.marked_row(cells),
            TeamState::Cut | TeamState::Withdrawn => table.faded_row(cells),
            TeamState::Racing => table.row(cells),
        };
    }
    table.draw()
}

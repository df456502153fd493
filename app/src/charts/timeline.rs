//! Where a challenge stands: what is done, where it is, what comes and who acts.

use domain::view::public::{Standing, TimelineStep};
use leptos::prelude::*;

use super::draw::{ACCENT, Anchor, Drawing, Ink, NARROW, Picture, SMALL, STRONG, WIDE};
use crate::catalogue::{state, t, tf, word};
use crate::components::{Column, Table, cell};
use crate::text::Locale;

/// More stops than this in one row would put labels on top of each other.
const STOPS_PER_ROW: usize = 7;

struct Stop {
    label: &'static str,
    date: String,
    standing: Standing,
    who: Option<String>,
}

/// The picture and its table. `id` is unique on the page.
pub fn timeline(locale: Locale, id: &str, steps: &[TimelineStep]) -> AnyView {
    if steps.is_empty() {
        return ().into_any();
    }
    let stops: Vec<Stop> = steps
        .iter()
        .map(|step| Stop {
            label: state(locale, &step.state),
            date: step.at.and_then(|at| at.official_date()).map(|date| date.to_string()).unwrap_or_default(),
            standing: step.standing,
            who: step.who.map(|who| tf(locale, "chart.who_acts", &[("who", word(locale, "who", who))])),
        })
        .collect();
    let here = stops.iter().find(|stop| stop.standing == Standing::Here);
    let description = match here {
        Some(stop) => tf(
            locale,
            "chart.timeline_desc",
            &[("state", stop.label), ("who", stop.who.as_deref().unwrap_or_default())],
        ),
        None => t(locale, "chart.timeline_desc_over").to_owned(),
    };
    Picture {
        id: id.to_owned(),
        title: t(locale, "chart.timeline").to_owned(),
        description,
        wide: wide(&stops),
        narrow: narrow(&stops),
        table: table(locale, id, steps),
        table_open: false,
    }
    .draw(locale)
}

fn wide(stops: &[Stop]) -> Drawing {
    let rows = stops.len().div_ceil(STOPS_PER_ROW).max(1);
    let per_row = stops.len().div_ceil(rows).max(1);
    let column = WIDE / per_row as i32;
    let height = 116;
    let mut sheet = Drawing::new(WIDE);
    let mut before_done = true;
    for (row, chunk) in stops.chunks(per_row).enumerate() {
        let y = 26 + row as i32 * height;
        for (index, stop) in chunk.iter().enumerate() {
            let x = column / 2 + index as i32 * column;
            let first = row == 0 && index == 0;
            let last = row + 1 == rows && index + 1 == chunk.len();
            if !first {
                let class =
                    if before_done && stop.standing != Standing::Ahead { "d-way-done" } else { "d-way" };
                let from = if index == 0 { 0 } else { x - column };
                sheet.line(class, (from, y), (x, y));
            }
            before_done = stop.standing == Standing::Done;
            if index + 1 == chunk.len() && !last {
                sheet.line(if before_done { "d-way-done" } else { "d-way" }, (x, y), (WIDE, y));
            }
        }
        for (index, stop) in chunk.iter().enumerate() {
            let x = column / 2 + index as i32 * column;
            dot(&mut sheet, stop.standing, (x, y));
            let below = sheet.lines(
                label_ink(stop.standing),
                (x, y + 34),
                Anchor::Middle,
                stop.label,
                (column - 8, 2),
            );
            sheet.text(SMALL, (x, below), Anchor::Middle, &stop.date);
            if let Some(who) = &stop.who {
                let line = if stop.date.is_empty() { below } else { below + 17 };
                sheet.lines(ACCENT, (x, line), Anchor::Middle, who, (column + 24, 1));
            }
        }
    }
    sheet.set_height(rows as i32 * height - 20);
    sheet
}

fn narrow(stops: &[Stop]) -> Drawing {
    let mut sheet = Drawing::new(NARROW);
    let mut y = 20;
    let mut dots = Vec::new();
    for stop in stops {
        dots.push((stop.standing, y));
        sheet.text(label_ink(stop.standing), (40, y + 5), Anchor::Start, stop.label);
        sheet.text(SMALL, (NARROW, y + 5), Anchor::End, &stop.date);
        if let Some(who) = &stop.who {
            let below = sheet.lines(ACCENT, (40, y + 26), Anchor::Start, who, (NARROW - 44, 2));
            y = below - 12;
        }
        y += 38;
    }
    for pair in dots.windows(2) {
        if let [(from, y1), (to, y2)] = pair {
            let done = *from == Standing::Done && *to != Standing::Ahead;
            sheet.line(if done { "d-way-done" } else { "d-way" }, (16, *y1), (16, *y2));
        }
    }
    for (standing, y) in dots {
        dot(&mut sheet, standing, (16, y));
    }
    sheet.set_height(y - 12);
    sheet
}

fn label_ink(standing: Standing) -> Ink {
    match standing {
        Standing::Here => Ink { class: "d-here", ..STRONG },
        Standing::Done => Ink { size: 15, class: "d-plain" },
        Standing::Ahead => Ink { size: 15, class: "d-muted" },
    }
}

/// Done: filled with a tick. Here: ring with a core. Ahead: empty ring.
fn dot(sheet: &mut Drawing, standing: Standing, (x, y): (i32, i32)) {
    match standing {
        Standing::Done => {
            sheet.circle("d-dot-done", (x, y), 9);
            sheet.path("d-tick", &format!("M{} {}l3 3 6 -6", x - 5, y));
        }
        Standing::Here => {
            sheet.circle("d-dot-here", (x, y), 13);
            sheet.circle("d-core", (x, y), 6);
        }
        Standing::Ahead => sheet.circle("d-dot", (x, y), 8),
    }
}

fn table(locale: Locale, id: &str, steps: &[TimelineStep]) -> AnyView {
    let mut table = Table::new(format!("{id}-table"), t(locale, "chart.timeline")).columns(vec![
        Column::head(t(locale, "chart.step")),
        Column::text(t(locale, "chart.standing")),
        Column::text(t(locale, "chart.date")),
        Column::text(t(locale, "chart.who")),
    ]);
    for step in steps {
        let standing = match step.standing {
            Standing::Done => "chart.standing_done",
            Standing::Here => "chart.standing_here",
            Standing::Ahead => "chart.standing_ahead",
        };
        let date = step.at.map_or_else(|| cell("–"), |at| crate::components::day(locale, at));
        let cells = vec![
            cell(state(locale, &step.state)),
            cell(t(locale, standing)),
            date,
            cell(step.who.map_or("–", |who| word(locale, "who", who))),
        ];
        table = if step.standing == Standing::Here { table.marked_row(cells) } else { table.row(cells) };
    }
    table.draw()
}

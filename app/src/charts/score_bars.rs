//! One score per criterion on a common scale, with the threshold it had to reach.

use domain::rule::Scale;
use leptos::prelude::*;

use super::draw::{Anchor, Drawing, NARROW, PLAIN, Picture, SMALL, STRONG, WIDE, cut};
use crate::catalogue::{t, tf};
use crate::components::{Column, Table, cell, points};
use crate::text::Locale;

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreBar {
    pub label: String,
    pub weight_permille: u32,
    pub score_milli: i64,
    pub threshold_milli: Option<i64>,
    /// Such as "2nd of 5": the own position in this criterion.
    pub note: Option<String>,
}

/// The picture and its table. `title` says whose scores they are.
pub fn score_bars(
    locale: Locale,
    id: &str,
    title: &str,
    scale: Scale,
    bars: &[ScoreBar],
    decimals: u8,
) -> AnyView {
    if bars.is_empty() {
        return ().into_any();
    }
    let spoken: Vec<String> =
        bars.iter().map(|bar| format!("{} {}", bar.label, points(bar.score_milli, decimals))).collect();
    Picture {
        id: id.to_owned(),
        title: title.to_owned(),
        description: spoken.join(t(locale, "common.list_separator")),
        wide: draw(locale, WIDE, scale, bars, decimals),
        narrow: draw(locale, NARROW, scale, bars, decimals),
        table: table(locale, id, title, bars, decimals),
        table_open: false,
    }
    .draw(locale)
}

fn draw(locale: Locale, width: i32, scale: Scale, bars: &[ScoreBar], decimals: u8) -> Drawing {
    let mut sheet = Drawing::new(width);
    let full = width - 70;
    let along = |milli: i64| {
        let span = (scale.max_milli - scale.min_milli).max(1);
        i32::try_from(i64::from(full) * (milli - scale.min_milli).clamp(0, span) / span).unwrap_or(0)
    };
    let mut y = 20;
    for bar in bars {
        let weight = points(i64::from(bar.weight_permille) * 100, 0);
        let mut note = tf(locale, "chart.weight", &[("weight", &weight)]);
        if let Some(extra) = &bar.note {
            note = format!("{extra} · {note}");
        }
        let room = full - super::draw::width_of(&note, 13) - 16;
        sheet.text(PLAIN, (0, y), Anchor::Start, &cut(&bar.label, room, 15));
        sheet.text(SMALL, (full, y), Anchor::End, &note);
        let top = y + 9;
        sheet.rect("d-bar-ground", (0, top), (full, 16), 2);
        let below = bar.threshold_milli.is_some_and(|mark| bar.score_milli < mark);
        sheet.rect(if below { "d-bar-below" } else { "d-bar" }, (0, top), (along(bar.score_milli), 16), 2);
        if let Some(mark) = bar.threshold_milli {
            let x = along(mark);
            sheet.line("d-threshold", (x, top - 4), (x, top + 20));
        }
        sheet.text(STRONG, (width, top + 14), Anchor::End, &points(bar.score_milli, decimals));
        y += 58;
    }
    sheet.set_height(y - 20);
    sheet
}

fn table(locale: Locale, id: &str, title: &str, bars: &[ScoreBar], decimals: u8) -> AnyView {
    let mut table = Table::new(format!("{id}-table"), title).columns(vec![
        Column::head(t(locale, "chart.criterion")),
        Column::number(t(locale, "chart.weight_column")),
        Column::number(t(locale, "chart.score")),
        Column::number(t(locale, "chart.threshold")),
        Column::text(t(locale, "chart.note")),
    ]);
    for bar in bars {
        let threshold = bar.threshold_milli.map_or_else(|| "–".to_owned(), |mark| points(mark, 0));
        table = table.row(vec![
            cell(bar.label.clone()),
            cell(format!("{} %", points(i64::from(bar.weight_permille) * 100, 0))),
            cell(points(bar.score_milli, decimals)),
            cell(threshold),
            cell(bar.note.clone().unwrap_or_else(|| "–".to_owned())),
        ]);
    }
    table.draw()
}

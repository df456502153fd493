//! How many came how far.

use leptos::prelude::*;

use super::draw::{Anchor, Drawing, NARROW, PLAIN, Picture, STRONG, WIDE, cut};
use crate::catalogue::t;
use crate::components::{Column, Table, cell};
use crate::text::Locale;

/// One stage; the first is the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    pub label: String,
    pub count: u64,
}

/// The picture and its table.
pub fn funnel(locale: Locale, id: &str, title: &str, stages: &[Stage]) -> AnyView {
    let most = stages.iter().map(|stage| stage.count).max().unwrap_or(0);
    if most == 0 {
        return ().into_any();
    }
    let spoken: Vec<String> = stages.iter().map(|stage| format!("{} {}", stage.label, stage.count)).collect();
    let mut table = Table::new(format!("{id}-table"), title)
        .columns(vec![Column::head(t(locale, "chart.stage")), Column::number(t(locale, "chart.count"))]);
    for stage in stages {
        table = table.row(vec![cell(stage.label.clone()), cell(stage.count.to_string())]);
    }
    Picture {
        id: id.to_owned(),
        title: title.to_owned(),
        description: spoken.join(t(locale, "common.list_separator")),
        wide: draw(WIDE, 220, stages, most),
        narrow: draw(NARROW, 0, stages, most),
        table: table.draw(),
        table_open: false,
    }
    .draw(locale)
}

/// With `label_width` 0 the label stands above its bar.
fn draw(width: i32, label_width: i32, stages: &[Stage], most: u64) -> Drawing {
    let mut sheet = Drawing::new(width);
    let above = label_width == 0;
    let full = width - label_width - 60;
    let mut y = 6;
    for stage in stages {
        let share = u128::from(stage.count) * full.unsigned_abs() as u128 / u128::from(most.max(1));
        let length = i32::try_from(share).unwrap_or(full).max(if stage.count > 0 { 3 } else { 0 });
        let top = if above { y + 22 } else { y };
        let room = if above { width } else { label_width - 12 };
        let label_at = if above { (0, y + 14) } else { (label_width - 12, top + 19) };
        let anchor = if above { Anchor::Start } else { Anchor::End };
        sheet.text(PLAIN, label_at, anchor, &cut(&stage.label, room, 15));
        sheet.rect("d-bar", (label_width, top), (length, 28), 2);
        sheet.text(STRONG, (label_width + length + 10, top + 20), Anchor::Start, &stage.count.to_string());
        y = top + 40;
    }
    sheet.set_height(y);
    sheet
}

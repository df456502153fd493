//! Two texts of one draft side by side: what is saved now, and what the reader typed but could not save.

use std::collections::BTreeSet;

use domain::challenge::Typed;
use leptos::prelude::*;

use super::fields::label_of;
use crate::catalogue::t;
use crate::components::{Column, Echo, Notice, Table, cell};
use crate::text::Locale;

/// More differences than this are a different text; the first ones show that.
const MAX_ROWS: usize = 40;

/// `None` when the form did not come back, came back with field errors (then what was typed has been saved), or equals
/// what is saved.
pub fn draw(locale: Locale, saved: &Typed, echo: &Echo) -> Option<AnyView> {
    draw_with(locale, saved, echo, &|field| label_of(locale, field))
}

/// The same for another form, which names its fields by `label`.
pub fn draw_with(
    locale: Locale,
    saved: &Typed,
    echo: &Echo,
    label: &dyn Fn(&str) -> String,
) -> Option<AnyView> {
    if echo.values.is_empty() || !echo.errors.is_empty() {
        return None;
    }
    let typed: Typed = echo.values.iter().cloned().collect();
    let fields: BTreeSet<&String> = saved.keys().chain(typed.keys()).collect();
    let differing: Vec<(&String, String, String)> = fields
        .into_iter()
        .map(|field| (field, plain(saved, field), plain(&typed, field)))
        .filter(|(_, theirs, own)| theirs != own)
        .take(MAX_ROWS)
        .collect();
    if differing.is_empty() {
        return None;
    }
    let mut table = Table::new("compare", t(locale, "bid.compare.caption")).columns(vec![
        Column::head(t(locale, "bid.compare.field")),
        Column::text(t(locale, "bid.compare.saved")),
        Column::text(t(locale, "bid.compare.typed")),
    ]);
    for (field, theirs, own) in differing {
        table = table.row(vec![cell(label(field)), text(locale, theirs), text(locale, own)]);
    }
    let notice =
        Notice::warn(t(locale, "bid.compare.text")).title(t(locale, "bid.compare.title")).draw(locale);
    Some((notice, table.draw()).into_any())
}

/// Browsers send CRLF, scripts LF.
fn plain(typed: &Typed, field: &str) -> String {
    typed.get(field).map(|text| text.replace("\r\n", "\n").trim().to_owned()).unwrap_or_default()
}

fn text(locale: Locale, text: String) -> AnyView {
    if text.is_empty() {
        return cell(view! { <span class="muted">{t(locale, "common.none")}</span> });
    }
    cell(view! { <span class="as-typed">{text}</span> })
}

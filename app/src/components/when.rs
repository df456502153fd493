//! Instants and dates in official (Beijing) time. The reader's own time is added in the browser where it differs.

use domain::time::Timestamp;
use leptos::prelude::*;

use crate::catalogue::{t, tf};
use crate::text::Locale;

/// `2026-11-22 18:00 北京时间` as `<time datetime>` in UTC.
pub fn when(locale: Locale, at: Timestamp) -> AnyView {
    let text = at.official_text();
    view! {
        <time class="when" datetime=at.rfc3339()>
            {text}
            " "
            <span class="when-zone">{t(locale, "common.zone")}</span>
        </time>
    }
    .into_any()
}

/// The date alone, in Beijing: `2026年11月22日` / `22 November 2026`.
pub fn day(locale: Locale, at: Timestamp) -> AnyView {
    let text = day_text(locale, at);
    view! { <time class="when" datetime=at.rfc3339()>{text}</time> }.into_any()
}

/// The same as plain text; empty for an instant no calendar can name.
pub fn day_text(locale: Locale, at: Timestamp) -> String {
    let Some(date) = at.official_date() else { return String::new() };
    let (year, month, day) =
        (date.format("%Y").to_string(), date.format("%-m").to_string(), date.format("%-d").to_string());
    let month = t(locale, &format!("common.month_{month}"));
    tf(locale, "common.date", &[("year", &year), ("month", month), ("day", &day)])
}

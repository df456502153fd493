//! The reader's own time beside an official one, where the two differ. Deliberately absent: time zone names; the wall
//! clock and its distance from UTC say enough.

use js_sys::Date;
use leptos::prelude::*;

use super::browser::{fill, push_two};

/// Minutes as `getTimezoneOffset` counts them: west of Greenwich positive.
const OFFICIAL_OFFSET_MINUTES: f64 = -480.0;

/// `at_ms` in milliseconds since 1970; `words` hold `{time}`. Empty without script, and in the official zone.
#[island]
pub fn LocalTime(at_ms: i64, words: String) -> impl IntoView {
    let shown = RwSignal::new(String::new());
    Effect::new(move |_| {
        let date = Date::new(&(at_ms as f64).into());
        if date.get_timezone_offset() != OFFICIAL_OFFSET_MINUTES {
            shown.set(fill(&words, "{time}", &wall_clock(&date)));
        }
    });
    view! { <span class="local-time">{move || shown.get()}</span> }
}

/// `2026-11-22 11:00 UTC+1`, in the form of the official one.
fn wall_clock(date: &Date) -> String {
    let mut out = date.get_full_year().to_string();
    push_two(&mut out, "-", date.get_month() + 1);
    push_two(&mut out, "-", date.get_date());
    push_two(&mut out, " ", date.get_hours());
    push_two(&mut out, ":", date.get_minutes());
    let minutes = -(date.get_timezone_offset() as i32);
    out.push_str(if minutes < 0 { " UTC−" } else { " UTC+" });
    out.push_str(&(minutes.unsigned_abs() / 60).to_string());
    if !minutes.unsigned_abs().is_multiple_of(60) {
        push_two(&mut out, ":", minutes.unsigned_abs() % 60);
    }
    out
}

//! Forms whose rows repeat: those that hold something, then a few blank ones. More blank ones come with each save.

use domain::challenge::{Typed, filled_rows};
use leptos::prelude::*;

use crate::components::Echo;
use crate::components::field_id;
use crate::text::Locale;

/// Blank rows offered at the end.
const BLANK_ROWS: usize = 3;

/// What the form shows: what was typed last time if it was refused, else what is saved.
pub fn shown(echo: &Echo, saved: &Typed) -> Typed {
    if echo.values.is_empty() { saved.clone() } else { echo.values.iter().cloned().collect() }
}

/// The row numbers to draw for `prefix`, at most `max` in all.
pub fn row_numbers(typed: &Typed, prefix: &str, max: usize) -> Vec<usize> {
    let filled = filled_rows(typed, prefix);
    let next = filled.last().map_or(0, |last| last.saturating_add(1));
    let blank = BLANK_ROWS.min(max.saturating_sub(filled.len()));
    filled.into_iter().chain((next..).take(blank)).collect()
}

/// One row: its fields side by side where there is room.
pub fn row(legend: String, fields: Vec<AnyView>) -> AnyView {
    view! {
        <fieldset class="form-row">
            <legend>{legend}</legend>
            <div class="form-row-fields">{fields}</div>
        </fieldset>
    }
    .into_any()
}

/// A field of a row that takes twice the room of the others.
pub fn wide(field: AnyView) -> AnyView {
    view! { <div class="form-row-double">{field}</div> }.into_any()
}

/// What is wrong with the rows as a whole, where the summary's link lands.
pub fn rows_error(locale: Locale, echo: &Echo, field: &str) -> Option<AnyView> {
    let messages = echo.errors_of(locale, field);
    if messages.is_empty() {
        return None;
    }
    let lines: Vec<AnyView> =
        messages.into_iter().map(|text| view! { <span>{text}</span> }.into_any()).collect();
    Some(view! { <p class="field-error" id=field_id(field) tabindex="-1">{lines}</p> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filled_rows_come_first_and_three_blank_ones_follow() {
        let typed = |rows: &[usize]| -> Typed {
            rows.iter().map(|row| (format!("gates.{row}.title"), "x".to_owned())).collect()
        };
        assert_eq!(row_numbers(&Typed::new(), "gates", 10), [0, 1, 2]);
        assert_eq!(row_numbers(&typed(&[0, 4]), "gates", 10), [0, 4, 5, 6, 7]);
        assert_eq!(row_numbers(&typed(&[0, 1, 2]), "gates", 4), [0, 1, 2, 3]);
        assert_eq!(row_numbers(&typed(&[0, 1, 2]), "gates", 2), [0, 1, 2]);
    }
}

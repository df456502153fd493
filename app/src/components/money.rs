//! Amounts and points as a reader reads them.

use domain::money::Fen;
use leptos::prelude::*;

use crate::catalogue::tf;
use crate::text::Locale;

/// `1,234.5 万元` (in English `CNY 12.345 million` would need rounding, so it stays in 万 with its name).
pub fn wan(locale: Locale, amount: Fen) -> AnyView {
    let text = tf(locale, "common.wan", &[("amount", &amount.wan_text())]);
    view! { <data class="money" value=amount.yuan_text().replace(',', "")>{text}</data> }.into_any()
}

/// The bare number of 万元, for a column whose heading names the unit.
pub fn wan_cell(amount: Fen) -> AnyView {
    view! { <data class="money" value=amount.yuan_text().replace(',', "")>{amount.wan_text()}</data> }.into_any()
}

/// `12,345.00 元`.
pub fn yuan(locale: Locale, amount: Fen) -> AnyView {
    let text = tf(locale, "common.yuan", &[("amount", &amount.yuan_text())]);
    view! { <data class="money" value=amount.yuan_text().replace(',', "")>{text}</data> }.into_any()
}

/// Milli-points as points with a fixed number of decimals (0 to 3): `84_400, 2` is `84.40`.
/// Digits beyond are cut: a binding figure has been rounded already.
pub fn points(milli: i64, decimals: u8) -> String {
    let sign = if milli < 0 { "-" } else { "" };
    let whole = milli.unsigned_abs() / 1000;
    let rest = format!("{:03}", milli.unsigned_abs() % 1000);
    match rest.get(..usize::from(decimals.min(3))) {
        Some(shown) if !shown.is_empty() => format!("{sign}{whole}.{shown}"),
        _ => format!("{sign}{whole}"),
    }
}

//! Amounts and points as a reader reads them.

use domain::money::Fen;
use leptos::prelude::*;

use crate::catalogue::tf;
use crate::text::Locale;

/// 1 million yuan in fen.
const MILLION_FEN: i64 = 1_000_000 * 100;

/// `1,234.5 万元`; in English `CNY 12.345 million`, below a million `CNY 345,000`. Never rounded.
pub fn wan(locale: Locale, amount: Fen) -> AnyView {
    let text = wan_text(locale, amount);
    view! { <data class="money" value=amount.yuan_text().replace(',', "")>{text}</data> }.into_any()
}

/// The same as plain text.
pub fn wan_text(locale: Locale, amount: Fen) -> String {
    if locale == Locale::ZhCn {
        return tf(locale, "common.wan", &[("amount", &amount.wan_text())]);
    }
    if amount.0 < MILLION_FEN {
        let yuan = amount.yuan_text();
        return tf(locale, "common.yuan", &[("amount", yuan.strip_suffix(".00").unwrap_or(&yuan))]);
    }
    // A hundredth of the amount in 万元 is the amount in millions: the fen of a smaller amount, so nothing is lost
    // but what is below 0.0001 million, which is shown as yuan instead.
    if amount.0 % 100 != 0 {
        return tf(locale, "common.yuan", &[("amount", &amount.yuan_text())]);
    }
    tf(locale, "common.wan", &[("amount", &Fen(amount.0 / 100).wan_text())])
}

/// The bare number of 万元, for a column whose heading names the unit (`common.wan_unit`).
pub fn wan_cell(amount: Fen) -> AnyView {
    view! { <data class="money" value=amount.yuan_text().replace(',', "")>{amount.wan_text()}</data> }
        .into_any()
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

//! A SHA-256 in a line: the beginning to compare by eye, the whole to copy.

use leptos::prelude::*;

use crate::catalogue::t;
use crate::text::Locale;

/// `full` is hexadecimal; the first twelve digits are shown in groups of four, the rest opens on demand.
pub fn hash(locale: Locale, full: &str) -> AnyView {
    let head: String = full.chars().take(12).collect();
    let groups: Vec<String> =
        head.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect();
    let short = format!("{}…", groups.join(" "));
    let full = full.to_owned();
    view! {
        <details class="hash">
            <summary title=full.clone()>
                <span class="visually-hidden">{t(locale, "common.hash_show")}</span>
                <code>{short}</code>
            </summary>
            <code class="hash-full">{full}</code>
        </details>
    }
    .into_any()
}

//! Forward and back through a list by cursor.

use leptos::prelude::*;

use crate::catalogue::t;
use crate::text::Locale;

/// Where the neighbouring pages are, and what is being shown.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    pub previous: Option<String>,
    pub next: Option<String>,
    /// Such as "46 challenges".
    pub total: Option<String>,
}

impl Pager {
    /// Nothing when there is only one page and no total.
    pub fn draw(self, locale: Locale) -> AnyView {
        if self.previous.is_none() && self.next.is_none() && self.total.is_none() {
            return ().into_any();
        }
        let previous = self
            .previous
            .map(|href| view! { <a class="button button-secondary" rel="prev" href=href>{t(locale, "common.previous")}</a> });
        let next = self
            .next
            .map(|href| view! { <a class="button button-secondary" rel="next" href=href>{t(locale, "common.next")}</a> });
        let total = self.total.map(|total| view! { <span class="pager-total">{total}</span> });
        view! {
            <nav class="pager" aria-label=t(locale, "common.pages")>
                {previous}
                {total}
                {next}
            </nav>
        }
        .into_any()
    }
}

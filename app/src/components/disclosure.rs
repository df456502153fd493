//! Something most readers need not see: folded, opened by one press, open on paper.

use leptos::prelude::*;

/// `open` when the content holds an error or the reader came for it.
pub fn disclosure(summary: impl Into<String>, open: bool, content: impl IntoView + 'static) -> AnyView {
    let summary = summary.into();
    let content = content.into_view().into_any();
    view! {
        <details class="disclosure" open=open>
            <summary>{summary}</summary>
            <div class="disclosure-body">{content}</div>
        </details>
    }
    .into_any()
}

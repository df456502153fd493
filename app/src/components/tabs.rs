//! Views of the same thing, each with its own address: links, not script.

use leptos::prelude::*;

#[derive(Clone, Debug)]
pub struct Tab {
    pub label: String,
    pub href: String,
    pub current: bool,
    /// How many things wait there.
    pub count: Option<u64>,
}

/// `label` names the set for screen readers.
pub fn tabs(label: impl Into<String>, items: Vec<Tab>) -> AnyView {
    let label = label.into();
    let items: Vec<AnyView> = items
        .into_iter()
        .map(|tab| {
            let count = tab.count.map(|count| view! { <span class="count">{count.to_string()}</span> });
            view! {
                <li>
                    <a href=tab.href aria-current=tab.current.then_some("page")>{tab.label}{count}</a>
                </li>
            }
            .into_any()
        })
        .collect();
    view! {
        <nav class="tabs" aria-label=label>
            <ul role="list">{items}</ul>
        </nav>
    }
    .into_any()
}

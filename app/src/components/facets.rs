//! Narrowing a list: a search box and groups of links with counts. Every choice is an address that can be shared.

use leptos::prelude::*;

use crate::catalogue::t;
use crate::text::Locale;

/// One value of a facet; `href` toggles it.
#[derive(Clone, Debug)]
pub struct FacetValue {
    pub label: String,
    pub href: String,
    pub count: Option<u64>,
    pub chosen: bool,
}

/// One group: domain, state, amount.
#[derive(Clone, Debug)]
pub struct Facet {
    pub title: String,
    pub values: Vec<FacetValue>,
}

/// The groups, one row each. On narrow screens a row scrolls sideways.
pub fn facets(locale: Locale, groups: Vec<Facet>, clear_href: Option<String>) -> AnyView {
    let clear = clear_href.map(
        |href| view! { <p class="facets-clear"><a href=href>{t(locale, "common.facets_clear")}</a></p> },
    );
    let groups: Vec<AnyView> = groups
        .into_iter()
        .filter(|group| !group.values.is_empty())
        .enumerate()
        .map(|(index, group)| draw_group(locale, format!("facet-{index}"), group))
        .collect();
    view! {
        <nav class="facets" aria-label=t(locale, "common.facets")>
            {groups}
            {clear}
        </nav>
    }
    .into_any()
}

fn draw_group(locale: Locale, id: String, group: Facet) -> AnyView {
    let values: Vec<AnyView> = group
        .values
        .into_iter()
        .map(|value| {
            let count =
                value.count.map(|count| view! { <span class="facet-count">{count.to_string()}</span> });
            let mark = value
                .chosen
                .then(|| view! { <span class="visually-hidden">{t(locale, "common.facet_remove")}</span> });
            view! {
                <li>
                    <a href=value.href class="facet-value" aria-current=value.chosen.then_some("true")>
                        {value.label}
                        {count}
                        {mark}
                    </a>
                </li>
            }
            .into_any()
        })
        .collect();
    view! {
        <div class="facet">
            <span class="facet-title" id=id.clone()>{group.title}</span>
            <ul role="list" aria-labelledby=id.clone()>{values}</ul>
        </div>
    }
    .into_any()
}

/// A search by address: plain GET form, so that the result can be shared.
#[derive(Clone, Debug)]
pub struct SearchBox {
    pub action: String,
    pub label: String,
    pub placeholder: String,
    pub value: String,
    /// Other choices to keep, sent along.
    pub keep: Vec<(String, String)>,
}

impl SearchBox {
    pub fn draw(self, locale: Locale) -> AnyView {
        let keep: Vec<AnyView> = self
            .keep
            .into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value /> }.into_any())
            .collect();
        view! {
            <search class="search-box">
                <form method="get" action=self.action>
                    <label for="search-q">{self.label}</label>
                    <div class="search-row">
                        <input
                            id="search-q"
                            type="search"
                            name="q"
                            value=self.value
                            placeholder=self.placeholder
                            maxlength="200"
                            autocomplete="off"
                        />
                        {keep}
                        <button type="submit" class="button button-primary">
                            {t(locale, "common.search")}
                        </button>
                    </div>
                </form>
            </search>
        }
        .into_any()
    }
}

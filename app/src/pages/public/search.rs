//! Search over all published challenges. Every choice is part of the address, so that a search can be shared.

use axum::response::Response;
use domain::challenge::State;
use domain::view::public::{AmountBand, SearchPage, SearchQuery, SearchSort};
use leptos::prelude::*;

use super::piece;
use crate::catalogue::{name_of, state, t, tf};
use crate::components::{Empty, Facet, FacetValue, Heading, Place, SearchBox, facets};
use crate::context::{Head, Here};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

/// Longer searches say nothing more; the box takes no more either.
const MAX_WORDS: usize = 200;

pub async fn show(here: Here) -> Result<Response, AppError> {
    let page = store::query::public::search(&here.store, read(&|name| here.query(name))).await?;
    let locale = here.locale;
    let words = page.query.words.clone();
    let title = if words.is_empty() {
        t(locale, "common.nav_challenges").to_owned()
    } else {
        tf(locale, "public.search_title", &[("words", &words)])
    };
    let mut head = Head::new(title, Place::Challenges);
    head.description = Some(here.t("public.search_lead").to_owned());
    here.page(head, move || draw(locale, page)).await
}

/// What an address asks for. Values that mean nothing are left out.
pub fn read(get: &dyn Fn(&str) -> Option<String>) -> SearchQuery {
    let some = |name: &str| get(name).filter(|value| !value.is_empty());
    SearchQuery {
        words: some("q").map(|words| words.trim().chars().take(MAX_WORDS).collect()).unwrap_or_default(),
        domain: some("domain").filter(|key| domain::challenge::DOMAINS.contains(&key.as_str())),
        state: some("state").and_then(|key| State::from_key(&key)).filter(|state| state.is_public()),
        amount: some("amount").and_then(|key| AmountBand::from_key(&key)),
        open_only: some("open").is_some_and(|value| value == "1"),
        sort: some("sort").and_then(|key| SearchSort::from_key(&key)),
        after: some("after"),
    }
}

/// The address of a search, from its first page on.
pub fn address(query: &SearchQuery) -> String {
    url::challenges_with(&[
        ("q", &query.words),
        ("domain", query.domain.as_deref().unwrap_or_default()),
        ("state", query.state.map_or("", State::key)),
        ("amount", query.amount.map_or("", AmountBand::key)),
        ("open", if query.open_only { "1" } else { "" }),
        ("sort", query.sort.map_or("", SearchSort::key)),
    ])
}

pub fn draw(locale: Locale, page: SearchPage) -> AnyView {
    let query = &page.query;
    let narrowed = is_narrowed(query);
    let mut keep = Vec::new();
    for (name, value) in [
        ("domain", query.domain.clone().unwrap_or_default()),
        ("state", query.state.map_or("", State::key).to_owned()),
        ("amount", query.amount.map_or("", AmountBand::key).to_owned()),
        ("open", if query.open_only { "1".to_owned() } else { String::new() }),
        ("sort", query.sort.map_or("", SearchSort::key).to_owned()),
    ] {
        if !value.is_empty() {
            keep.push((name.to_owned(), value));
        }
    }
    let search = SearchBox {
        action: url::challenges(),
        label: t(locale, "public.search_label").to_owned(),
        placeholder: t(locale, "public.search_placeholder").to_owned(),
        value: query.words.clone(),
        keep,
    };
    let clear = narrowed.then(|| address(&without_filters(query)));
    let title = t(locale, "common.nav_challenges");
    let hits = if page.hits.rows.is_empty() {
        nothing_found(locale, &page)
    } else {
        view! {
            {piece::challenge_table(locale, "hits", title, &page.hits.rows)}
            {piece::onward(locale, &address(query), query.after.as_deref(), page.hits.next.as_deref())}
        }
        .into_any()
    };
    view! {
        {Heading::new(title).lead(t(locale, "public.search_lead")).draw()}
        {search.draw(locale)}
        {facets(locale, groups(locale, &page), clear)}
        {bar(locale, &page)}
        {hits}
    }
    .into_any()
}

fn is_narrowed(query: &SearchQuery) -> bool {
    query.domain.is_some() || query.state.is_some() || query.amount.is_some() || query.open_only
}

fn without_filters(query: &SearchQuery) -> SearchQuery {
    SearchQuery { words: query.words.clone(), sort: query.sort, ..SearchQuery::default() }
}

fn groups(locale: Locale, page: &SearchPage) -> Vec<Facet> {
    let query = &page.query;
    let value = |label: String, count: u64, chosen: bool, changed: SearchQuery| FacetValue {
        label,
        href: address(&changed),
        count: Some(count),
        chosen,
    };
    let states = page
        .states
        .iter()
        .filter(|(of, count)| *count > 0 || query.state == Some(*of))
        .map(|(of, count)| {
            let chosen = query.state == Some(*of);
            let changed = SearchQuery { state: (!chosen).then_some(*of), ..query.clone() };
            value(state(locale, of).to_owned(), *count, chosen, changed)
        })
        .collect();
    let domains = page
        .domains
        .iter()
        .filter(|(key, count)| *count > 0 || query.domain.as_ref() == Some(key))
        .map(|(key, count)| {
            let chosen = query.domain.as_ref() == Some(key);
            let changed = SearchQuery { domain: (!chosen).then(|| key.clone()), ..query.clone() };
            value(piece::domain_name(locale, key), *count, chosen, changed)
        })
        .collect();
    let amounts = page
        .amounts
        .iter()
        .filter(|(band, count)| *count > 0 || query.amount == Some(*band))
        .map(|(band, count)| {
            let chosen = query.amount == Some(*band);
            let changed = SearchQuery { amount: (!chosen).then_some(*band), ..query.clone() };
            value(name_of(locale, "amount", band).to_owned(), *count, chosen, changed)
        })
        .collect();
    let open = FacetValue {
        label: t(locale, "public.open_only").to_owned(),
        href: address(&SearchQuery { open_only: !query.open_only, ..query.clone() }),
        count: None,
        chosen: query.open_only,
    };
    vec![
        Facet { title: t(locale, "public.deadline").to_owned(), values: vec![open] },
        Facet { title: t(locale, "public.state").to_owned(), values: states },
        Facet { title: t(locale, "public.domain").to_owned(), values: domains },
        Facet { title: t(locale, "public.amount").to_owned(), values: amounts },
    ]
}

/// How many there are, and in which order.
fn bar(locale: Locale, page: &SearchPage) -> AnyView {
    let total = tf(locale, "public.search_total", &[("total", &page.total.to_string())]);
    if page.hits.rows.is_empty() {
        return view! { <p class="result-bar" role="status">{total}</p> }.into_any();
    }
    let now = page.query.sort.unwrap_or(SearchSort::Newest);
    let items: Vec<AnyView> = SearchSort::ALL
        .iter()
        .map(|sort| {
            let href = address(&SearchQuery { sort: Some(*sort), ..page.query.clone() });
            let current = (*sort == now).then_some("true");
            view! { <li><a href=href aria-current=current>{name_of(locale, "sort", sort)}</a></li> }
                .into_any()
        })
        .collect();
    view! {
        <div class="result-bar">
            <p role="status">{total}</p>
            <nav aria-label=t(locale, "public.sort")>
                <span aria-hidden="true">{t(locale, "public.sort")}</span>
                <ul role="list">{items}</ul>
            </nav>
        </div>
    }
    .into_any()
}

/// What else to try: fewer filters, other words, everything.
fn nothing_found(locale: Locale, page: &SearchPage) -> AnyView {
    let query = &page.query;
    let mut empty = Empty::new(t(locale, "public.nothing_found"));
    empty = match (query.words.is_empty(), is_narrowed(query)) {
        (false, true) => empty
            .text(t(locale, "public.nothing_found_narrowed"))
            .way(address(&without_filters(query)), t(locale, "public.drop_filters")),
        (false, false) => empty.text(t(locale, "public.nothing_found_words")),
        (true, _) => empty.text(t(locale, "public.nothing_found_filters")),
    };
    empty
        .way(url::challenges(), t(locale, "public.all_challenges"))
        .way(url::lists(), t(locale, "public.see_lists"))
        .draw()
}

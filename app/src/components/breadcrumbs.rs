//! The way from the home page to here.

use leptos::prelude::*;

use crate::catalogue::t;
use crate::text::Locale;

/// `trail` are the pages above this one, as (address, name); `here` is this page and no link.
pub fn breadcrumbs(locale: Locale, trail: Vec<(String, String)>, here: impl Into<String>) -> AnyView {
    let here = here.into();
    let items: Vec<AnyView> =
        trail.into_iter().map(|(href, name)| view! { <li><a href=href>{name}</a></li> }.into_any()).collect();
    view! {
        <nav class="breadcrumbs" aria-label=t(locale, "common.breadcrumbs")>
            <ol>
                {items}
                <li aria-current="page">{here}</li>
            </ol>
        </nav>
    }
    .into_any()
}

//! The page for what went wrong. Loads nothing: the database may be the thing that is gone.

use leptos::prelude::*;

use crate::catalogue::{t, tf};
use crate::components::Heading;
use crate::text::Locale;
use crate::url;

pub fn draw(locale: Locale, title: String, words: String, ticket: Option<String>) -> AnyView {
    let ticket = ticket.map(|ticket| view! { <p>{tf(locale, "error.ticket", &[("ticket", &ticket)])}</p> });
    view! {
        <article class="error-page">
            {Heading::new(title).draw()}
            <p>{words}</p>
            {ticket}
            <p>
                <a href=url::home()>{t(locale, "error.home")}</a>
                " · "
                <a href=url::challenges()>{t(locale, "error.search")}</a>
            </p>
        </article>
    }
    .into_any()
}

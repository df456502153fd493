//! All published lists, newest first.

use axum::response::Response;
use domain::view::Page;
use domain::view::public::ListCard;
use leptos::prelude::*;

use super::piece;
use crate::catalogue::t;
use crate::components::{Empty, Heading, Place, cards};
use crate::context::{Head, Here};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here) -> Result<Response, AppError> {
    let after = here.query("after").filter(|after| !after.is_empty());
    let page = store::query::public::lists(&here.store, after.as_deref()).await?;
    let locale = here.locale;
    let mut head = Head::new(here.t("common.nav_lists"), Place::Lists);
    head.description = Some(here.t("public.lists_lead").to_owned());
    here.page(head, move || draw(locale, page, after)).await
}

pub fn draw(locale: Locale, page: Page<ListCard>, after: Option<String>) -> AnyView {
    let content = if page.rows.is_empty() {
        empty(locale)
    } else {
        cards(page.rows.iter().map(|list| piece::list_card(locale, list, 2)).collect())
    };
    view! {
        {Heading::new(t(locale, "common.nav_lists")).lead(t(locale, "public.lists_lead")).draw()}
        {content}
        {piece::onward(locale, &url::lists(), after.as_deref(), page.next.as_deref())}
    }
    .into_any()
}

pub(super) fn empty(locale: Locale) -> AnyView {
    Empty::new(t(locale, "public.no_lists"))
        .text(t(locale, "public.no_lists_text"))
        .way(url::register(), t(locale, "common.register"))
        .draw()
}

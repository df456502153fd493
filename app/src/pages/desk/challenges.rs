//! All challenges, narrowed by state.

use axum::response::Response;
use domain::challenge::State;
use domain::view::Page;
use domain::view::desk::DeskRow;
use leptos::prelude::*;

use super::home_rows::{self, Desk};
use super::parts::head;
use crate::catalogue::{name_of, t};
use crate::components::{Empty, Facet, FacetValue, Heading, Pager, facets};
use crate::context::Here;
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

async fn load(here: &Here, state: Option<State>) -> Result<Page<DeskRow>, AppError> {
    let after = here.query("after");
    Ok(store::query::desk::challenges(&here.store, &here.actor, state, after.as_deref()).await?)
}

pub async fn show(here: Here) -> Result<Response, AppError> {
    here.need_person()?;
    let state = here.query("state").and_then(|key| State::from_key(&key));
    let page = load(&here, state).await?;
    let first = here.query("after").is_none();
    let locale = here.locale;
    let head = head(locale, here.t("desk.challenges.title"), Vec::new());
    here.page(head, move || draw(locale, state, &page, first)).await
}

pub fn draw(locale: Locale, state: Option<State>, page: &Page<DeskRow>, first: bool) -> AnyView {
    let heading =
        Heading::new(t(locale, "desk.challenges.title")).lead(t(locale, "desk.challenges.lead")).draw();
    let all = url::desk_challenges();
    let values = State::ALL
        .iter()
        .map(|value| {
            let chosen = state == Some(*value);
            let href = if chosen { all.clone() } else { url::with_query(&all, &[("state", value.key())]) };
            FacetValue { label: name_of(locale, "state", value).to_owned(), href, count: None, chosen }
        })
        .collect();
    let group = Facet { title: t(locale, "desk.col.state").to_owned(), values };
    let facets = facets(locale, vec![group], state.map(|_| all.clone()));
    let rows = if page.rows.is_empty() {
        let empty =
            Empty::new(t(locale, "desk.challenges.none")).text(t(locale, "desk.challenges.none_text"));
        if state.is_some() {
            empty.way(all, t(locale, "desk.challenges.show_all")).draw()
        } else {
            empty.draw()
        }
    } else {
        home_rows::table(
            locale,
            "challenges",
            t(locale, "desk.challenges.title"),
            Desk::Organiser,
            &page.rows,
        )
    };
    let key = state.map(State::key).unwrap_or_default();
    let next = page
        .next
        .as_ref()
        .map(|after| url::with_query(&url::desk_challenges(), &[("state", key), ("after", after)]));
    let to_first = (!first).then(|| {
        let href = url::with_query(&url::desk_challenges(), &[("state", key)]);
        view! { <p><a href=href>{t(locale, "desk.first_page")}</a></p> }
    });
    (heading, facets, rows, to_first, Pager { next, ..Pager::default() }.draw(locale)).into_any()
}

//! The organiser's lists, and the form of a new one.

use axum::response::Response;
use domain::challenge::Typed;
use domain::list::ListState;
use domain::permission::{Action, Facts, decide};
use domain::view::desk::DeskList;
use leptos::prelude::*;

use super::list_form;
use super::parts::{head, list_badge};
use crate::catalogue::{name_of, t};
use crate::components::{Column, Echo, Empty, Heading, Table, button_link, cell, error_summary, when};
use crate::context::Here;
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

async fn load(here: &Here) -> Result<Vec<DeskList>, AppError> {
    Ok(store::query::desk::organiser(&here.store, &here.actor).await?.lists)
}

pub async fn show(here: Here) -> Result<Response, AppError> {
    here.need_person()?;
    let lists = load(&here).await?;
    let locale = here.locale;
    here.page(head(locale, here.t("desk.lists.title"), Vec::new()), move || draw(locale, &lists)).await
}

pub fn draw(locale: Locale, lists: &[DeskList]) -> AnyView {
    let heading = Heading::new(t(locale, "desk.lists.title")).lead(t(locale, "desk.lists.lead"));
    if lists.is_empty() {
        let empty = Empty::new(t(locale, "desk.lists.none"))
            .text(t(locale, "desk.lists.none_text"))
            .way(url::desk_list_new(), t(locale, "desk.lists.new"))
            .draw();
        return (heading.draw(), empty).into_any();
    }
    let heading = heading.action(button_link(url::desk_list_new(), t(locale, "desk.lists.new"), true));
    let mut table = Table::new("desk-lists", t(locale, "desk.lists.title")).quiet_caption().columns(vec![
        Column::head(t(locale, "desk.col.list")),
        Column::text(t(locale, "desk.col.state")),
        Column::text(t(locale, "desk.list.f.model")),
        Column::number(t(locale, "desk.col.challenges")),
        Column::text(t(locale, "desk.col.published")),
    ]);
    for list in lists {
        let name = format!("{} {}", list.content.number, locale.of(&list.content.title));
        let at = if list.state == ListState::Scheduled { list.publish_at } else { list.published_at };
        table = table.row(vec![
            cell(view! { <a href=url::desk_list(list.id)>{name}</a> }),
            list_badge(locale, list.state),
            cell(name_of(locale, "selection", &list.content.model)),
            cell(list.challenges.to_string()),
            at.map_or_else(|| cell("—"), |at| when(locale, at)),
        ]);
    }
    (heading.draw(), table.draw()).into_any()
}

pub async fn show_new(here: Here) -> Result<Response, AppError> {
    here.need_person()?;
    decide(&here.actor, Action::BuildList, &Facts::default())?;
    let echo = here.echo().await?;
    let locale = here.locale;
    let trail = vec![(url::desk_lists(), here.t("desk.lists.title").to_owned())];
    here.page(head(locale, here.t("desk.lists.new"), trail), move || draw_new(locale, &echo)).await
}

pub fn draw_new(locale: Locale, echo: &Echo) -> AnyView {
    let heading = Heading::new(t(locale, "desk.lists.new")).lead(t(locale, "desk.lists.new_lead")).draw();
    let summary = error_summary(locale, &echo.errors, &|field| list_form::label_of(locale, field));
    (heading, summary, list_form::draw(locale, None, &Typed::new(), echo)).into_any()
}

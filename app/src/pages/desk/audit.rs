//! Who did what, newest first.

use axum::response::Response;
use domain::view::Page;
use leptos::prelude::*;
use store::query::account::AuditRow;

use super::parts::head;
use crate::catalogue::{find, t};
use crate::components::{Column, Empty, Heading, Pager, Table, cell, when};
use crate::context::Here;
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

async fn load(here: &Here) -> Result<Page<AuditRow>, AppError> {
    let after = here.query("after");
    Ok(store::query::account::audit_log(&here.store, &here.actor, after.as_deref()).await?)
}

pub async fn show(here: Here) -> Result<Response, AppError> {
    here.need_person()?;
    let page = load(&here).await?;
    let first = here.query("after").is_none();
    let locale = here.locale;
    here.page(head(locale, here.t("desk.audit.title"), Vec::new()), move || draw(locale, &page, first)).await
}

pub fn draw(locale: Locale, page: &Page<AuditRow>, first: bool) -> AnyView {
    let heading = Heading::new(t(locale, "desk.audit.title")).lead(t(locale, "desk.audit.lead")).draw();
    let to_first =
        (!first).then(|| view! { <p><a href=url::desk_audit()>{t(locale, "desk.first_page")}</a></p> });
    if page.rows.is_empty() {
        let empty = Empty::new(t(locale, "desk.audit.none")).text(t(locale, "desk.audit.none_text")).draw();
        return (heading, to_first, empty).into_any();
    }
    let mut table = Table::new("audit-log", t(locale, "desk.audit.title")).quiet_caption().columns(vec![
        Column::text(t(locale, "desk.col.at")),
        Column::text(t(locale, "desk.col.who")),
        Column::head(t(locale, "desk.audit.action")),
        Column::text(t(locale, "desk.audit.subject")),
        Column::text(t(locale, "desk.audit.detail")),
    ]);
    for row in &page.rows {
        let who = if row.who.is_empty() { t(locale, "desk.system").to_owned() } else { row.who.clone() };
        let detail =
            if matches!(row.detail.as_str(), "{}" | "null") { String::new() } else { row.detail.clone() };
        table = table.row(vec![
            when(locale, row.at),
            cell(who),
            cell(action(locale, &row.action)),
            subject(locale, row),
            cell(view! { <code class="machine-text">{detail}</code> }),
        ]);
    }
    let next = page.next.as_ref().map(|after| url::with_query(&url::desk_audit(), &[("after", after)]));
    (heading, to_first, table.draw(), Pager { next, ..Pager::default() }.draw(locale)).into_any()
}

/// Acts are logged under short stable names, a challenge's steps under their own; those without words are shown bare.
fn action(locale: Locale, name: &str) -> String {
    let words =
        find(locale, &format!("desk.audit_act.{name}")).or_else(|| find(locale, &format!("step.{name}")));
    words.unwrap_or(name).to_owned()
}

/// What was acted on; the id leads to the page where the kind has one.
fn subject(locale: Locale, row: &AuditRow) -> AnyView {
    let kind = find(locale, &format!("desk.audit_kind.{}", row.subject_kind))
        .unwrap_or(&row.subject_kind)
        .to_owned();
    let href = match row.subject_kind.as_str() {
        "challenge" => row.subject_id.parse().ok().map(url::desk_challenge),
        "list" => row.subject_id.parse().ok().map(url::desk_list),
        "bid" => row.subject_id.parse().ok().map(url::bid_reading),
        _ => None,
    };
    let id = row.subject_id.clone();
    let id = match href {
        Some(href) => view! { <a class="machine-text" href=href>{id}</a> }.into_any(),
        None => view! { <code class="machine-text">{id}</code> }.into_any(),
    };
    view! { <span class="row-name">{kind}" "{id}</span> }.into_any()
}

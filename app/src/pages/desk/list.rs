//! Building one list: its challenges, what still blocks it, and its publication.

use axum::response::Response;
use domain::id::{ChallengeId, ListId};
use domain::list::ListState;
use domain::refusal::FieldError;
use domain::time::{HOUR_MS, SECOND_MS, Timestamp};
use domain::view::desk::{DeskListPage, DeskRow};
use leptos::prelude::*;

use super::list_form;
use super::parts::{head, list_badge, shown_title, state_badge};
use super::rule_fields;
use crate::catalogue::{name_of, problem, t, tf};
use crate::components::{
    Button, Column, Echo, Empty, Facts, Field, Form, Heading, Notice, Table, cell, disclosure, error_summary,
    markdown, section, wan_cell, when,
};
use crate::context::{Here, Id};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

async fn load(here: &Here, id: ListId) -> Result<DeskListPage, AppError> {
    Ok(store::query::desk::list(&here.store, &here.actor, id).await?)
}

pub async fn show(here: Here, Id(id): Id<ListId>) -> Result<Response, AppError> {
    here.need_person()?;
    let page = load(&here, id).await?;
    let (echo, now) = (here.echo().await?, here.store.now().await?);
    let locale = here.locale;
    let trail = vec![(url::desk_lists(), here.t("desk.lists.title").to_owned())];
    here.page(head(locale, &name(locale, &page), trail), move || draw(locale, &page, now, &echo)).await
}

fn name(locale: Locale, page: &DeskListPage) -> String {
    format!("{} {}", page.list.content.number, locale.of(&page.list.content.title))
}

pub fn draw(locale: Locale, page: &DeskListPage, now: Timestamp, echo: &Echo) -> AnyView {
    let content = &page.list.content;
    let heading = Heading::new(locale.of(&content.title))
        .kicker(content.number.clone())
        .badge(list_badge(locale, page.list.state))
        .draw();
    let facts = Facts::new()
        .columns()
        .row(t(locale, "desk.list.f.model"), name_of(locale, "selection", &content.model))
        .row(t(locale, "desk.col.challenges"), page.members.len().to_string())
        .some(
            t(locale, "desk.list.goes_out"),
            page.list
                .publish_at
                .filter(|_| page.list.state == ListState::Scheduled)
                .map(|at| when(locale, at)),
        )
        .some(t(locale, "desk.col.published"), page.list.published_at.map(|at| when(locale, at)))
        .draw();
    if page.list.state == ListState::Published {
        let way = view! { <p><a href=url::list(page.list.id)>{t(locale, "desk.list.public_page")}</a></p> };
        let introduction = markdown(locale.of(&content.introduction), 2);
        return (heading, facts, way, introduction, members(locale, page)).into_any();
    }
    let own_errors =
        echo.errors.iter().filter(|error| challenge_of(&error.field).is_none()).cloned().collect::<Vec<_>>();
    let summary = error_summary(locale, &own_errors, &|field| list_form::label_of(locale, field));
    let saved = list_form::to_typed(content);
    let form_open = echo.values.iter().any(|(name, _)| name == "title");
    let form = list_form::draw(
        locale,
        Some((page.list.id, page.version)),
        &saved,
        if form_open { echo } else { &NOTHING },
    );
    (
        heading,
        facts,
        summary,
        refused(locale, page, echo),
        members(locale, page),
        candidates(locale, page),
        publication(locale, page, now, echo),
        section(
            "edit",
            t(locale, "desk.list.edit"),
            disclosure(t(locale, "desk.list.edit_open"), form_open, form),
        ),
    )
        .into_any()
}

/// The publication's echo is not the edit form's.
static NOTHING: Echo = Echo { values: Vec::new(), errors: Vec::new() };

/// Publication names a challenge's field as `<challenge id>:<field>`.
fn challenge_of(field: &str) -> Option<(ChallengeId, &str)> {
    let (id, rest) = field.split_once(':')?;
    Some((id.trim().parse().ok()?, rest.trim()))
}

/// Why publication was refused, challenge by challenge, each line leading to the rule.
fn refused(locale: Locale, page: &DeskListPage, echo: &Echo) -> Option<AnyView> {
    let lines: Vec<AnyView> = echo
        .errors
        .iter()
        .filter_map(|error| challenge_of(&error.field).map(|(id, field)| (id, field, error)))
        .map(|(id, field, error)| refused_line(locale, page, id, field, error))
        .collect();
    if lines.is_empty() {
        return None;
    }
    Some(
        view! {
            <div class="error-summary" id="errors" role="alert" tabindex="-1" aria-labelledby="errors-title">
                <h2 id="errors-title">{t(locale, "desk.list.refused_title")}</h2>
                <ul>{lines}</ul>
            </div>
        }
        .into_any(),
    )
}

fn refused_line(
    locale: Locale,
    page: &DeskListPage,
    id: ChallengeId,
    field: &str,
    error: &FieldError,
) -> AnyView {
    let member = page.members.iter().find(|row| row.id == id);
    let name = member.map_or_else(|| id.to_string(), |row| shown_title(locale, &row.number, &row.title));
    let field = rule_fields::label_of(locale, field);
    view! {
        <li>
            <a href=url::desk_rule(id)>
                <b>{name}</b>
                {t(locale, "common.list_separator")}
                {field}
                {t(locale, "common.colon")}
                {problem(locale, &error.problem)}
            </a>
        </li>
    }
    .into_any()
}

fn members(locale: Locale, page: &DeskListPage) -> AnyView {
    let content = if page.members.is_empty() {
        Empty::new(t(locale, "desk.list.no_members")).text(t(locale, "desk.list.no_members_text")).draw()
    } else {
        rows(locale, page, "members", &page.members, page.list.state != ListState::Published, "list/remove")
    };
    section("members", t(locale, "desk.list.members"), content)
}

fn candidates(locale: Locale, page: &DeskListPage) -> AnyView {
    let content = if page.candidates.is_empty() {
        Empty::new(t(locale, "desk.list.no_candidates"))
            .text(t(locale, "desk.list.no_candidates_text"))
            .way(url::desk(), t(locale, "desk.title"))
            .draw()
    } else {
        rows(locale, page, "candidates", &page.candidates, true, "list/add")
    };
    section("candidates", t(locale, "desk.list.candidates"), content)
}

/// Challenges with one button each; `act` is the endpoint that takes them in or out.
fn rows(
    locale: Locale,
    page: &DeskListPage,
    id: &'static str,
    rows: &[DeskRow],
    acts: bool,
    act: &str,
) -> AnyView {
    let removes = act == "list/remove";
    let mut columns = vec![
        Column::head(t(locale, "desk.col.challenge")),
        Column::text(t(locale, "desk.col.state")),
        Column::number(t(locale, "desk.col.amount")),
        Column::text(t(locale, "desk.col.deadline")),
    ];
    if acts {
        columns.push(Column::quiet(t(locale, "desk.col.act")));
    }
    let mut table =
        Table::new(id, t(locale, if removes { "desk.list.members" } else { "desk.list.candidates" }))
            .quiet_caption()
            .columns(columns);
    for row in rows {
        let name = shown_title(locale, &row.number, &row.title);
        let blocked = removes && page.blockers.iter().any(|(blocked, _)| *blocked == row.id);
        let blocked = blocked.then(|| {
            view! { <a class="blocked" href=url::desk_rule(row.id)>{t(locale, "desk.list.blocked")}</a> }
        });
        let href = url::desk_challenge(row.id);
        let mut cells = vec![
            cell(view! { <span class="row-name"><a href=href>{name.clone()}</a>{blocked}</span> }),
            state_badge(locale, row.state),
            row.amount.map_or_else(|| cell("—"), wan_cell),
            row.closes_at.map_or_else(|| cell("—"), |at| when(locale, at)),
        ];
        if acts {
            let label = t(locale, if removes { "desk.list.remove" } else { "desk.list.add" });
            let button = Button::secondary(label).about(name);
            let form = Form::post(url::api(act)).hidden("list", page.list.id).hidden("challenge", row.id);
            cells.push(form.inline().button(button).draw());
        }
        table = table.row(cells);
    }
    table.draw()
}

/// Tomorrow at nine in Beijing. The field is never empty to begin with: sent empty, it would publish at once.
fn tomorrow_at_nine(now: Timestamp) -> Option<Timestamp> {
    let today = Timestamp::end_of_official_day(now.official_date()?)?;
    Some(today.plus_ms(SECOND_MS + 9 * HOUR_MS))
}

fn publication(locale: Locale, page: &DeskListPage, now: Timestamp, echo: &Echo) -> AnyView {
    let blockers: Vec<AnyView> = page
        .blockers
        .iter()
        .map(|(id, what)| {
            let member = page.members.iter().find(|row| row.id == *id);
            let name =
                member.map_or_else(|| what.clone(), |row| shown_title(locale, &row.number, &row.title));
            view! { <li><a href=url::desk_rule(*id)>{name}</a></li> }.into_any()
        })
        .collect();
    if !blockers.is_empty() {
        let list = view! { <ul>{blockers}</ul> }.into_any();
        let notice = Notice::warn(t(locale, "desk.list.blockers_text"))
            .title(t(locale, "desk.list.blockers"))
            .foot(list);
        return section("publish", t(locale, "desk.list.publish"), notice.draw(locale));
    }
    if page.members.is_empty() {
        let notice = Notice::info(t(locale, "desk.list.publish_empty")).draw(locale);
        return section("publish", t(locale, "desk.list.publish"), notice);
    }
    let count = page.members.len().to_string();
    let explained = tf(locale, "desk.list.publish_text", &[("count", &count)]);
    let at_once = Form::post(url::api("list/publish"))
        .hidden("list", page.list.id)
        .part(view! { <p>{t(locale, "desk.list.publish_now_text")}</p> }.into_any())
        .button(Button::primary(t(locale, "desk.list.publish_now")))
        .draw();
    let planned = page.list.publish_at.or_else(|| tomorrow_at_nine(now));
    let planned = planned.map(Timestamp::official_input).unwrap_or_default();
    let at = Field::datetime("publish_at", t(locale, "desk.list.publish_at"))
        .hint(t(locale, "desk.list.publish_at_hint"))
        .required()
        .filled(locale, echo, &planned)
        .draw(locale);
    let later = Form::post(url::api("list/publish"))
        .hidden("list", page.list.id)
        .part(at)
        .button(Button::secondary(t(locale, "desk.list.schedule")))
        .draw();
    let content = view! {
        <p>{explained}</p>
        <div class="columns">
            <div class="stack"><h3>{t(locale, "desk.list.publish_now")}</h3>{at_once}</div>
            <div class="stack"><h3>{t(locale, "desk.list.publish_later")}</h3>{later}</div>
        </div>
    };
    section("publish", t(locale, "desk.list.publish"), content)
}

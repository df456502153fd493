//! A bid as it was submitted, for everyone who may read it. Its headings stand below an `h2`.

use domain::bid::{BidContent, STATEMENTS};
use domain::challenge::Indicator;
use leptos::prelude::*;

use super::tables::{asked, indicator_name};
use crate::catalogue::{name_of, t};
use crate::components::{Column, Table, cell, markdown, wan_cell};
use crate::text::Locale;

/// `indicators` are the challenge's, in the order of the promises; names and units are blank where reviews are blind.
pub fn draw(locale: Locale, content: &BidContent, indicators: &[Indicator]) -> AnyView {
    let partners: Vec<AnyView> =
        content.partners.iter().map(|unit| view! { <li>{unit.clone()}</li> }.into_any()).collect();
    view! {
        <div class="bid-content stack-wide">
            {text(locale, "abstract_text", &content.abstract_text)}
            {text(locale, "basis", &content.basis)}
            {text(locale, "route", &content.route)}
            {text(locale, "plan", &content.plan)}
            {text(locale, "risks", &content.risks)}
            {promises(locale, content, indicators)}
            {(!partners.is_empty()).then(|| part(t(locale, "bid.f.partners"), view! { <ul>{partners}</ul> }.into_any()))}
            {team(locale, content)}
            {budget(locale, content)}
            {statements(locale, content)}
        </div>
    }
    .into_any()
}

fn part(title: &'static str, body: AnyView) -> AnyView {
    view! {
        <section>
            <h3>{title}</h3>
            {body}
        </section>
    }
    .into_any()
}

fn text(locale: Locale, field: &str, text: &str) -> Option<AnyView> {
    let title = t(locale, &format!("bid.f.{field}"));
    (!text.trim().is_empty()).then(|| part(title, markdown(text, 3)))
}

/// A dash where there is nothing.
fn shown(text: &str) -> AnyView {
    cell(if text.trim().is_empty() { "–".to_owned() } else { text.to_owned() })
}

fn promises(locale: Locale, content: &BidContent, indicators: &[Indicator]) -> Option<AnyView> {
    if content.promises.is_empty() {
        return None;
    }
    let title = t(locale, "bid.f.promises");
    let with_asked = !indicators.is_empty();
    let mut columns = vec![Column::head(t(locale, "bid.indicator"))];
    columns.extend(with_asked.then(|| Column::text(t(locale, "bid.asked"))));
    columns.push(Column::text(t(locale, "bid.f.promises.value")));
    columns.push(Column::text(t(locale, "bid.f.promises.note")));
    let mut table = Table::new("content-promises", title).quiet_caption().columns(columns);
    for (index, promise) in content.promises.iter().enumerate() {
        let indicator = indicators.get(index).filter(|indicator| indicator.name == promise.indicator);
        let mut cells = vec![match indicator {
            Some(indicator) => indicator_name(locale, indicator),
            None => shown(&promise.indicator),
        }];
        if with_asked {
            cells.push(shown(&indicator.map(asked).unwrap_or_default()));
        }
        cells.extend([shown(&promise.value), shown(&promise.note)]);
        table = table.row(cells);
    }
    Some(part(title, table.draw()))
}

fn team(locale: Locale, content: &BidContent) -> Option<AnyView> {
    if content.team.is_empty() {
        return None;
    }
    let mut table = Table::new("content-team", t(locale, "bid.team_caption")).quiet_caption().columns(vec![
        Column::head(t(locale, "bid.f.team.name")),
        Column::text(t(locale, "bid.f.team.unit")),
        Column::text(t(locale, "bid.f.team.title")),
        Column::text(t(locale, "bid.f.team.duty")),
        Column::number(t(locale, "bid.f.team.person_months")),
    ]);
    for member in &content.team {
        table = table.row(vec![
            shown(&member.name),
            shown(&member.unit),
            shown(&member.title),
            shown(&member.duty),
            cell(member.person_months.to_string()),
        ]);
    }
    Some(part(t(locale, "bid.team_caption"), table.draw()))
}

fn budget(locale: Locale, content: &BidContent) -> AnyView {
    let title = t(locale, "bid.budget_caption");
    let mut table = Table::new("content-budget", title).quiet_caption().columns(vec![
        Column::head(t(locale, "bid.f.budget.purpose")),
        Column::text(t(locale, "bid.f.budget.category")),
        Column::text(t(locale, "bid.f.budget.source")),
        Column::number(t(locale, "bid.amount_wan")),
    ]);
    for line in &content.budget {
        table = table.row(vec![
            shown(&line.purpose),
            cell(name_of(locale, "budget_category", &line.category)),
            cell(name_of(locale, "budget_source", &line.source)),
            wan_cell(line.amount),
        ]);
    }
    let foot = vec![cell(t(locale, "bid.sum")), cell(""), cell(""), wan_cell(content.budget_total)];
    part(title, table.foot(foot).draw())
}

fn statements(locale: Locale, content: &BidContent) -> AnyView {
    let made: Vec<AnyView> = STATEMENTS
        .iter()
        .filter(|key| content.statements.iter().any(|made| made == *key))
        .map(|key| view! { <li>{t(locale, &format!("bid.statement.{key}"))}</li> }.into_any())
        .collect();
    let signed = (!content.signed_by.trim().is_empty()).then(|| {
        let name = content.signed_by.clone();
        view! {
            <p>
                {t(locale, "bid.f.signed_by")}
                {t(locale, "common.colon")}
                <b>{name}</b>
            </p>
        }
    });
    part(t(locale, "bid.statements_title"), (view! { <ul>{made}</ul> }, signed).into_any())
}

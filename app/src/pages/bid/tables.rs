//! The parts of the bid form that repeat: promises, team, budget. Rows that hold something come first, then blank ones.

use domain::bid::{BudgetCategory, BudgetSource, MAX_BUDGET_LINES, MAX_TEAM};
use domain::challenge::Indicator;
use domain::money::Fen;
use leptos::prelude::*;

use super::fields::{Pen, label_of};
use crate::catalogue::{name_of, t, tf};
use crate::components::{Choice, Column, Field, Table, cell, field_id, wan};
use crate::pages::desk::rows::{row_numbers, rows_error};
use crate::text::Locale;

/// A field inside a table: its label is for those who do not see the column.
fn quiet(pen: &Pen<'_>, field: Field, name: &str) -> AnyView {
    pen.fill(field.quiet_label(), name)
}

fn line(pen: &Pen<'_>, name: String) -> AnyView {
    quiet(pen, Field::text(name.clone(), label_of(pen.locale, &name)), &name)
}

fn number(pen: &Pen<'_>, name: String) -> AnyView {
    quiet(pen, Field::number(name.clone(), label_of(pen.locale, &name)), &name)
}

/// What is asked beside what the team promises.
pub(super) fn promises(pen: &Pen<'_>, indicators: &[Indicator]) -> AnyView {
    let locale = pen.locale;
    let mut table = Table::new("promises", t(locale, "bid.f.promises")).quiet_caption().columns(vec![
        Column::head(t(locale, "bid.indicator")),
        Column::text(t(locale, "bid.asked")),
        Column::text(t(locale, "bid.f.promises.value")),
        Column::text(t(locale, "bid.f.promises.note")),
    ]);
    for (index, indicator) in indicators.iter().enumerate() {
        table = table.row(vec![
            indicator_name(locale, indicator),
            cell(asked(indicator)),
            line(pen, format!("promises.{index}.value")),
            line(pen, format!("promises.{index}.note")),
        ]);
    }
    view! { <div class="form-table">{table.draw()}</div> }.into_any()
}

/// The asked value with its unit, once.
pub fn asked(indicator: &Indicator) -> String {
    let (value, unit) = (indicator.completion.trim(), indicator.unit.trim());
    if unit.is_empty() || value.ends_with(unit) { value.to_owned() } else { format!("{value} {unit}") }
}

/// The indicator, whether it must be met, and how it is measured.
pub fn indicator_name(locale: Locale, indicator: &Indicator) -> AnyView {
    let mandatory = indicator.mandatory.then(|| {
        view! { <span class="row-note row-note-strong">{t(locale, "bid.mandatory")}</span> }
    });
    let assessment = (!indicator.assessment.trim().is_empty()).then(|| {
        let text = indicator.assessment.clone();
        view! { <span class="row-note">{text}</span> }
    });
    let name = indicator.name.clone();
    cell(view! { <span class="row-name"><span>{name}</span>{mandatory}{assessment}</span> })
}

pub(super) fn team(pen: &Pen<'_>) -> Vec<AnyView> {
    let locale = pen.locale;
    let mut table = Table::new("team", t(locale, "bid.team_caption")).columns(vec![
        Column::text(t(locale, "bid.f.team.name")),
        Column::text(t(locale, "bid.f.team.unit")),
        Column::text(t(locale, "bid.f.team.title")),
        Column::text(t(locale, "bid.f.team.duty")),
        Column::text(t(locale, "bid.f.team.person_months")),
    ]);
    for row in row_numbers(&pen.typed, "team", MAX_TEAM) {
        let at = |name: &str| format!("team.{row}.{name}");
        table = table.row(vec![
            line(pen, at("name")),
            line(pen, at("unit")),
            line(pen, at("title")),
            line(pen, at("duty")),
            number(pen, at("person_months")),
        ]);
    }
    let table = view! { <div class="form-table form-table-team">{table.draw()}</div> }.into_any();
    rows_error(locale, pen.echo, "team").into_iter().chain([table, more(locale)]).collect()
}

pub(super) fn budget(pen: &Pen<'_>, ceiling: Option<Fen>) -> Vec<AnyView> {
    let locale = pen.locale;
    let categories = BudgetCategory::ALL;
    let sources = BudgetSource::ALL;
    let mut table = Table::new("budget", t(locale, "bid.budget_caption")).columns(vec![
        Column::text(t(locale, "bid.f.budget.category")),
        Column::text(t(locale, "bid.f.budget.source")),
        Column::text(t(locale, "bid.f.budget.purpose")),
        Column::text(t(locale, "bid.amount_wan")),
    ]);
    for row in row_numbers(&pen.typed, "budget", MAX_BUDGET_LINES) {
        let at = |name: &str| format!("budget.{row}.{name}");
        let category = Field::select(
            at("category"),
            label_of(locale, &at("category")),
            categories
                .iter()
                .map(|key| Choice::new(key.key(), name_of(locale, "budget_category", key)))
                .collect(),
        );
        let source = Field::select(
            at("source"),
            label_of(locale, &at("source")),
            sources.iter().map(|key| Choice::new(key.key(), name_of(locale, "budget_source", key))).collect(),
        );
        table = table.row(vec![
            quiet(pen, category, &at("category")),
            quiet(pen, source, &at("source")),
            line(pen, at("purpose")),
            number(pen, at("amount")),
        ]);
    }
    let table = view! { <div class="form-table form-table-budget">{table.draw()}</div> }.into_any();
    let mut parts: Vec<AnyView> = rows_error(locale, pen.echo, "budget").into_iter().collect();
    parts.extend([table, more(locale), total(pen, ceiling)]);
    parts
}

/// The total as typed, and beside it what the saved lines come to.
fn total(pen: &Pen<'_>, ceiling: Option<Fen>) -> AnyView {
    let locale = pen.locale;
    let sum: Fen = pen
        .typed
        .iter()
        .filter(|(name, _)| name.starts_with("budget.") && name.ends_with(".amount"))
        .filter_map(|(_, amount)| Fen::parse_wan(amount))
        .sum();
    let field = Field::number("budget_total", label_of(locale, "budget_total"))
        .required()
        .suffix(t(locale, "bid.wan"));
    let field = match ceiling {
        Some(max) => field.hint(tf(locale, "bid.hint.budget_total", &[("max", &max.wan_text())])),
        None => field,
    };
    let sum_id = field_id("budget_sum");
    view! {
        <div class="form-sum">
            {pen.fill(field, "budget_total")}
            <p id=sum_id>
                {t(locale, "bid.budget_sum")}
                {t(locale, "common.colon")}
                <b>{wan(locale, sum)}</b>
            </p>
        </div>
    }
    .into_any()
}

fn more(locale: Locale) -> AnyView {
    view! { <p class="field-hint">{t(locale, "bid.more_rows")}</p> }.into_any()
}

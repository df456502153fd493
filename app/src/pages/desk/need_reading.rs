//! A need as it was typed, for reading: nothing is parsed, so that a need with mistakes reads as it is.

use domain::challenge::{Typed, filled_rows};
use leptos::prelude::*;

use crate::catalogue::{find, t, word};
use crate::components::{Column, Facts, Table, cell, markdown, section};
use crate::text::Locale;

pub fn draw(locale: Locale, typed: &Typed) -> AnyView {
    (
        section("facts", word(locale, "desk.need.group", "what"), facts(locale, typed)),
        section(
            "texts",
            word(locale, "desk.need.group", "texts"),
            texts(locale, typed, &["background", "difficulty", "research"]),
        ),
        section("indicators", word(locale, "desk.need.group", "indicators"), indicators(locale, typed)),
        section("milestones", word(locale, "desk.need.group", "milestones"), milestones(locale, typed)),
        section(
            "terms",
            word(locale, "desk.need.group", "terms"),
            texts(locale, typed, &["pay_terms", "conditions", "confidentiality"]),
        ),
    )
        .into_any()
}

fn get<'a>(typed: &'a Typed, field: &str) -> &'a str {
    typed.get(field).map_or("", |value| value.trim())
}

fn facts(locale: Locale, typed: &Typed) -> AnyView {
    let units = [
        ("amount", "desk.unit.wan"),
        ("ceiling", "desk.unit.wan"),
        ("self_raised", "desk.unit.percent"),
        ("period_months", "desk.unit.months"),
        ("max_partners", "desk.unit.units"),
    ];
    let names = [
        "title_en",
        "domain",
        "kind",
        "issuer_shown",
        "contact",
        "keywords",
        "amount",
        "self_raised",
        "ceiling",
        "period_months",
        "max_partners",
        "responsible_units",
        "source",
    ];
    let mut facts = Facts::new();
    for name in names {
        let value = get(typed, name);
        if value.is_empty() {
            continue;
        }
        let shown = match name {
            "domain" => find(locale, &format!("domain.{value}")).unwrap_or(value).to_owned(),
            "kind" => find(locale, &format!("challenge_kind.{value}")).unwrap_or(value).to_owned(),
            _ => match units.iter().find(|(known, _)| *known == name) {
                Some((_, unit)) => format!("{value} {}", t(locale, unit)),
                None => value.to_owned(),
            },
        };
        facts = facts.row(word(locale, "desk.need.f", name), shown);
    }
    facts.draw()
}

fn texts(locale: Locale, typed: &Typed, names: &[&str]) -> AnyView {
    let parts: Vec<AnyView> = names
        .iter()
        .map(|name| (name, get(typed, name)))
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| {
            view! { <h3>{word(locale, "desk.need.f", name)}</h3>{markdown(text, 3)} }.into_any()
        })
        .collect();
    if parts.is_empty() {
        return view! { <p class="muted">{t(locale, "desk.need.nothing_written")}</p> }.into_any();
    }
    parts.into_any()
}

fn indicators(locale: Locale, typed: &Typed) -> AnyView {
    let rows = filled_rows(typed, "indicators");
    if rows.is_empty() {
        return view! { <p class="muted">{t(locale, "desk.need.no_indicators")}</p> }.into_any();
    }
    let label = |name: &str| word(locale, "desk.need.f.indicators", name);
    let mut table = Table::new("need-indicators", word(locale, "desk.need.group", "indicators"))
        .quiet_caption()
        .columns(vec![
            Column::head(label("name")),
            Column::text(label("unit")),
            Column::text(label("start")),
            Column::text(label("mid_term")),
            Column::text(label("completion")),
            Column::text(label("assessment")),
            Column::text(label("mandatory")),
        ]);
    for row in rows {
        let value = |name: &str| get(typed, &format!("indicators.{row}.{name}")).to_owned();
        let tick = |name: &str| {
            if value(name).is_empty() { t(locale, "common.no") } else { t(locale, "common.yes") }
        };
        table = table.row(vec![
            cell(value("name")),
            cell(value("unit")),
            cell(value("start")),
            cell(value("mid_term")),
            cell(value("completion")),
            cell(value("assessment")),
            cell(tick("mandatory")),
        ]);
    }
    table.draw()
}

fn milestones(locale: Locale, typed: &Typed) -> AnyView {
    let rows = filled_rows(typed, "milestones");
    if rows.is_empty() {
        return view! { <p class="muted">{t(locale, "desk.need.no_milestones")}</p> }.into_any();
    }
    let label = |name: &str| word(locale, "desk.need.f.milestones", name);
    let mut table = Table::new("need-milestones", word(locale, "desk.need.group", "milestones"))
        .quiet_caption()
        .columns(vec![Column::head(label("title")), Column::number(label("month"))]);
    for row in rows {
        let value = |name: &str| get(typed, &format!("milestones.{row}.{name}")).to_owned();
        table = table.row(vec![cell(value("title")), cell(value("month"))]);
    }
    table.draw()
}

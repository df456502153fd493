//! What a challenge asks for: the long texts, the indicators, the terms.

use domain::challenge::{Content, Indicator};
use leptos::prelude::*;

use super::piece;
use crate::catalogue::{t, tf};
use crate::components::{Column, Facts, Table, cell, section, wan};
use crate::text::Locale;
use crate::url;

pub fn draw(locale: Locale, content: &Content) -> AnyView {
    let long = |id: &'static str, key: &str, text: &str| {
        (!text.trim().is_empty()).then(|| section(id, t(locale, key), piece::prose(locale, text, 2)))
    };
    view! {
        {long("background", "public.background", &content.background)}
        {long("difficulty", "public.difficulty", &content.difficulty)}
        {long("research", "public.research", &content.research)}
        {indicators(locale, &content.indicators)}
        {terms(locale, content)}
    }
    .into_any()
}

/// One of an indicator's texts.
type Part = fn(&Indicator) -> &str;

fn indicators(locale: Locale, rows: &[Indicator]) -> AnyView {
    let title = t(locale, "public.indicators");
    if rows.is_empty() {
        return ().into_any();
    }
    // A column nobody filled would only make the others narrow.
    let any = |of: Part| rows.iter().any(|row| !of(row).trim().is_empty());
    let optional: [(&str, Part); 5] = [
        ("public.indicator_unit", |row| row.unit.as_str()),
        ("public.indicator_start", |row| row.start.as_str()),
        ("public.indicator_mid_term", |row| row.mid_term.as_str()),
        ("public.indicator_completion", |row| row.completion.as_str()),
        ("public.indicator_assessment", |row| row.assessment.as_str()),
    ];
    let optional: Vec<(&str, Part)> = optional.into_iter().filter(|(_, of)| any(*of)).collect();
    let mut columns = vec![Column::head(t(locale, "public.indicator"))];
    columns.extend(optional.iter().map(|(key, _)| Column::text(t(locale, key))));
    columns.push(Column::text(t(locale, "public.indicator_mandatory")));
    let mut table = Table::new("indicators-table", title).quiet_caption().columns(columns);
    for row in rows {
        let lang = piece::lang_of(locale, &row.name);
        let name = row.name.clone();
        let mut cells = vec![view! { <span lang=lang>{name}</span> }.into_any()];
        cells.extend(optional.iter().map(|(_, of)| {
            let text = of(row).to_owned();
            cell(if text.trim().is_empty() { "–".to_owned() } else { text })
        }));
        let key = if row.mandatory { "public.mandatory" } else { "public.desired" };
        cells.push(cell(t(locale, key)));
        table = table.row(cells);
    }
    section("indicators", title, view! { <p>{t(locale, "public.indicators_text")}</p> {table.draw()} })
}

/// Money, time and conditions.
fn terms(locale: Locale, content: &Content) -> AnyView {
    let text = |text: &str| (!text.trim().is_empty()).then(|| piece::prose(locale, text, 2));
    let line = |text: &str| (!text.trim().is_empty()).then(|| text.to_owned());
    let self_raised = (content.self_raised_permille > 0).then(|| {
        tf(locale, "public.self_raised_value", &[("percent", &piece::percent(content.self_raised_permille))])
    });
    let period =
        content.period_months.map(|months| tf(locale, "public.months", &[("months", &months.to_string())]));
    let partners = if content.max_partners == 0 {
        t(locale, "public.no_partners").to_owned()
    } else {
        tf(locale, "public.partners_value", &[("count", &content.max_partners.to_string())])
    };
    let facts = Facts::new()
        .some(t(locale, "public.ceiling"), content.ceiling_per_winner.map(|amount| wan(locale, amount)))
        .some(t(locale, "public.self_raised"), self_raised)
        .some(t(locale, "public.pay_terms"), text(&content.pay_terms))
        .some(t(locale, "public.period"), period)
        .some(t(locale, "public.milestones"), milestones(locale, content))
        .some(t(locale, "public.conditions"), text(&content.conditions))
        .row(t(locale, "public.partners"), partners)
        .some(t(locale, "public.confidentiality"), text(&content.confidentiality))
        .some(t(locale, "public.responsible_units"), line(&content.responsible_units))
        .some(t(locale, "public.contact"), line(&content.contact))
        .some(t(locale, "public.keywords"), keywords(content));
    section("terms", t(locale, "public.terms"), facts.draw())
}

fn milestones(locale: Locale, content: &Content) -> Option<AnyView> {
    if content.milestones.is_empty() {
        return None;
    }
    let items: Vec<AnyView> = content
        .milestones
        .iter()
        .map(|milestone| {
            let month = tf(locale, "public.milestone_month", &[("month", &milestone.month.to_string())]);
            let title = milestone.title.clone();
            view! { <li><b>{month}</b>" "{title}</li> }.into_any()
        })
        .collect();
    Some(view! { <ul role="list">{items}</ul> }.into_any())
}

/// Each leads to what else there is under it.
fn keywords(content: &Content) -> Option<AnyView> {
    if content.keywords.is_empty() {
        return None;
    }
    let items: Vec<AnyView> = content
        .keywords
        .iter()
        .map(|word| {
            let href = url::challenges_with(&[("q", word)]);
            let word = word.clone();
            view! { <li><a href=href>{word}</a></li> }.into_any()
        })
        .collect();
    Some(view! { <ul class="keywords" role="list">{items}</ul> }.into_any())
}

//! The need's form: every field of a challenge, indicators and milestones as rows.
//! The names are those of `domain::challenge::Content::parse`.

use domain::challenge::{ChallengeKind, DOMAINS, MAX_INDICATORS, MAX_MILESTONES, Typed};
use domain::id::ChallengeId;
use leptos::prelude::*;

use super::rows::{row, row_numbers, rows_error, shown, wide};
use crate::catalogue::{find, name_of, t, tf, word};
use crate::components::{Button, Choice, Echo, Field, Form, TextArea, group};
use crate::pages::bid::form::keeper;
use crate::text::Locale;
use crate::url;

/// `need` is id and version of a saved need; `None` draws the form of a new one.
pub fn draw(locale: Locale, need: Option<(ChallengeId, i64)>, saved: &Typed, echo: &Echo) -> AnyView {
    let pen = Pen { locale, echo, typed: shown(echo, saved) };
    let parts = vec![what(&pen), texts(&pen), indicators(&pen), money(&pen), milestones(&pen), terms(&pen)];
    match need {
        None => Form::post(url::api("challenge/create"))
            .parts(parts)
            .button(Button::primary(t(locale, "common.save_draft")))
            .link(url::desk_needs(), t(locale, "common.cancel"))
            .draw(),
        // Saving stands first: it is what the Enter key presses.
        Some((id, version)) => Form::post(url::api("challenge/save"))
            .id("need")
            .hidden("challenge", id)
            .hidden("version", version)
            .parts(parts)
            .part(keeper(locale, url::api("challenge/save")))
            .part(view! { <p class="measure">{t(locale, "desk.need.propose_text")}</p> }.into_any())
            .button(Button::secondary(t(locale, "common.save_draft")).action(url::api("challenge/save")))
            .button(Button::primary(t(locale, "desk.need.propose")).action(url::api("challenge/propose")))
            .draw(),
    }
}

/// The label of any field of the form, `indicators.2.name` with its row.
pub fn label_of(locale: Locale, field: &str) -> String {
    let mut parts = field.splitn(3, '.');
    let (Some(first), number, name) = (parts.next(), parts.next(), parts.next()) else {
        return field.to_owned();
    };
    let (Some(number), Some(name)) = (number.and_then(|n| n.parse::<usize>().ok()), name) else {
        return find(locale, &format!("desk.need.f.{first}")).unwrap_or(first).to_owned();
    };
    let row = tf(locale, &format!("desk.need.row.{first}"), &[("number", &(number + 1).to_string())]);
    let name = find(locale, &format!("desk.need.f.{first}.{name}")).unwrap_or(name);
    tf(locale, "desk.row_field", &[("row", &row), ("field", name)])
}

struct Pen<'a> {
    locale: Locale,
    echo: &'a Echo,
    typed: Typed,
}

impl Pen<'_> {
    fn label(&self, name: &str) -> &'static str {
        let plain: Vec<&str> = name.split('.').filter(|part| part.parse::<usize>().is_err()).collect();
        word(self.locale, "desk.need.f", &plain.join("."))
    }

    fn hint(&self, name: &str) -> Option<&'static str> {
        find(self.locale, &format!("desk.need.hint.{name}"))
    }

    fn saved(&self, name: &str) -> &str {
        self.typed.get(name).map_or("", String::as_str)
    }

    fn fill(&self, field: Field, name: &str) -> AnyView {
        let field = field.filled(self.locale, self.echo, self.saved(name));
        let field = match self.hint(name) {
            Some(hint) => field.hint(hint),
            None => field,
        };
        field.draw(self.locale)
    }

    fn line(&self, name: &str) -> AnyView {
        self.fill(Field::text(name, self.label(name)), name)
    }

    fn needed(&self, name: &str) -> AnyView {
        self.fill(Field::text(name, self.label(name)).required(), name)
    }

    fn number(&self, name: &str, unit: &'static str) -> AnyView {
        let field = Field::number(name, self.label(name));
        self.fill(if unit.is_empty() { field } else { field.suffix(t(self.locale, unit)) }, name)
    }

    fn area(&self, name: &str, rows: u32, required: bool) -> AnyView {
        let area = TextArea::new(name, self.label(name)).rows(rows);
        let area = if required { area.required() } else { area };
        let area = area.filled(self.locale, self.echo, self.saved(name));
        let area = match self.hint(name) {
            Some(hint) => area.hint(hint),
            None => area,
        };
        area.draw(self.locale)
    }

    fn tick(&self, name: &str) -> AnyView {
        self.fill(Field::tick(name, self.label(name)), name)
    }

    fn legend(&self, key: &str) -> &'static str {
        word(self.locale, "desk.need.group", key)
    }
}

fn what(pen: &Pen<'_>) -> AnyView {
    let locale = pen.locale;
    let domains = DOMAINS.iter().map(|key| Choice::new(*key, word(locale, "domain", key))).collect();
    let kinds = ChallengeKind::ALL
        .iter()
        .map(|kind| {
            Choice::new(kind.key(), name_of(locale, "challenge_kind", kind)).hint(word(
                locale,
                "desk.need.kind",
                kind.key(),
            ))
        })
        .collect();
    // The store reads an empty kind as a breakthrough; the form says so instead of leaving both unmarked.
    let kind =
        if pen.saved("kind").is_empty() { ChallengeKind::Breakthrough.key() } else { pen.saved("kind") };
    let kind = Field::radios("kind", pen.label("kind"), kinds)
        .required()
        .value(kind)
        .errors(pen.echo.errors_of(locale, "kind"))
        .draw(locale);
    let fields = vec![
        pen.needed("title"),
        pen.line("title_en"),
        pen.fill(Field::select("domain", pen.label("domain"), domains).required(), "domain"),
        kind,
        pen.needed("issuer_shown"),
        pen.needed("contact"),
        pen.line("keywords"),
    ];
    group(pen.legend("what"), None, fields)
}

fn texts(pen: &Pen<'_>) -> AnyView {
    let fields = vec![
        pen.area("background", 8, true),
        pen.area("difficulty", 6, false),
        pen.area("research", 10, true),
    ];
    group(pen.legend("texts"), Some(t(pen.locale, "desk.markdown_hint").to_owned()), fields)
}

fn indicators(pen: &Pen<'_>) -> AnyView {
    let locale = pen.locale;
    let mut fields: Vec<AnyView> = rows_error(locale, pen.echo, "indicators").into_iter().collect();
    for number in row_numbers(&pen.typed, "indicators", MAX_INDICATORS) {
        let at = |name: &str| format!("indicators.{number}.{name}");
        let legend = tf(locale, "desk.need.row.indicators", &[("number", &(number + 1).to_string())]);
        let line = vec![
            wide(pen.line(&at("name"))),
            pen.line(&at("unit")),
            pen.line(&at("start")),
            pen.line(&at("mid_term")),
            pen.line(&at("completion")),
            wide(pen.line(&at("assessment"))),
            pen.tick(&at("mandatory")),
            pen.tick(&at("lower_is_better")),
        ];
        fields.push(row(legend, line));
    }
    group(pen.legend("indicators"), Some(t(locale, "desk.need.indicators_hint").to_owned()), fields)
}

fn money(pen: &Pen<'_>) -> AnyView {
    let fields = vec![
        pen.number("amount", "desk.unit.wan"),
        pen.number("self_raised", "desk.unit.percent"),
        pen.number("ceiling", "desk.unit.wan"),
        pen.area("pay_terms", 4, false),
    ];
    group(pen.legend("money"), None, fields)
}

fn milestones(pen: &Pen<'_>) -> AnyView {
    let locale = pen.locale;
    let mut fields = vec![pen.number("period_months", "desk.unit.months")];
    fields.extend(rows_error(locale, pen.echo, "milestones"));
    for number in row_numbers(&pen.typed, "milestones", MAX_MILESTONES) {
        let at = |name: &str| format!("milestones.{number}.{name}");
        let legend = tf(locale, "desk.need.row.milestones", &[("number", &(number + 1).to_string())]);
        fields.push(row(legend, vec![wide(pen.line(&at("title"))), pen.line(&at("month"))]));
    }
    group(pen.legend("milestones"), Some(t(locale, "desk.need.milestones_hint").to_owned()), fields)
}

fn terms(pen: &Pen<'_>) -> AnyView {
    let fields = vec![
        pen.area("conditions", 5, false),
        pen.number("max_partners", "desk.unit.units"),
        pen.area("confidentiality", 4, false),
        pen.line("responsible_units"),
        pen.line("source"),
    ];
    group(pen.legend("terms"), None, fields)
}

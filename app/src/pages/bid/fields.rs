//! The fields of a bid. The names are those of `domain::bid::BidContent::parse`.

use domain::bid::{ABSTRACT_MAX, STATEMENTS};
use domain::challenge::Typed;
use domain::view::bid::BidPage;
use leptos::prelude::*;

use super::tables;
use crate::catalogue::{find, t, tf};
use crate::components::{Echo, Field, Notice, TextArea, group};
use crate::pages::desk::rows::shown;
use crate::text::Locale;

/// The parts of the form in order; the words are under `bid.group.<part>`.
pub const PARTS: [&str; 6] = ["basics", "plan", "promises", "team", "budget", "signature"];

/// What the fields are drawn with.
pub(super) struct Pen<'a> {
    pub locale: Locale,
    pub echo: &'a Echo,
    pub typed: Typed,
}

pub fn draw(locale: Locale, page: &BidPage, echo: &Echo) -> Vec<AnyView> {
    let pen = Pen { locale, echo, typed: shown(echo, &page.typed) };
    let part = |name: &'static str, hint: Option<String>, fields: Vec<AnyView>| {
        let legend = t(locale, &format!("bid.group.{name}"));
        view! { <div class="form-part" id=format!("part-{name}")>{group(legend, hint, fields)}</div> }
            .into_any()
    };
    let hint = |key: &str| Some(t(locale, key).to_owned());
    let ceiling = page.challenge_content.ceiling_per_winner.or(page.challenge_content.amount);
    vec![
        part("basics", None, basics(&pen)),
        part("plan", hint("bid.hint.markdown"), plan(&pen)),
        part("promises", hint("bid.hint.promises"), promises(&pen, page)),
        part("team", None, team(&pen, page)),
        part("budget", hint("bid.hint.budget"), tables::budget(&pen, ceiling)),
        part("signature", hint("bid.hint.signature"), signature(&pen, page)),
    ]
}

/// The label of any field of the form, `budget.2.amount` with its row.
pub fn label_of(locale: Locale, field: &str) -> String {
    let mut parts = field.splitn(3, '.');
    let (first, second, third) = (parts.next().unwrap_or(field), parts.next(), parts.next());
    if let ("statements", Some(key)) = (first, second) {
        return t(locale, &format!("bid.statement.{key}")).to_owned();
    }
    let number = second.and_then(|number| number.parse::<usize>().ok());
    let (Some(number), Some(name)) = (number, third) else {
        return find(locale, &format!("bid.f.{first}")).unwrap_or(first).to_owned();
    };
    let number = number.saturating_add(1).to_string();
    let name = find(locale, &format!("bid.f.{first}.{name}")).unwrap_or(name);
    tf(locale, &format!("bid.row.{first}"), &[("number", &number), ("field", name)])
}

impl Pen<'_> {
    pub(super) fn saved(&self, name: &str) -> &str {
        self.typed.get(name).map_or("", String::as_str)
    }

    pub(super) fn fill(&self, field: Field, name: &str) -> AnyView {
        field.filled(self.locale, self.echo, self.saved(name)).draw(self.locale)
    }

    fn area(&self, name: &str, rows: u32, required: bool) -> AnyView {
        let area = TextArea::new(name, label_of(self.locale, name)).rows(rows);
        let area = if required { area.required() } else { area };
        let area = match find(self.locale, &format!("bid.hint.{name}")) {
            Some(hint) => area.hint(hint),
            None => area,
        };
        area.filled(self.locale, self.echo, self.saved(name)).draw(self.locale)
    }

    fn line(&self, name: &str) -> Field {
        Field::text(name, label_of(self.locale, name))
    }
}

fn basics(pen: &Pen<'_>) -> Vec<AnyView> {
    let count = pen.saved("abstract_text").trim().chars().filter(|c| *c != '\r').count();
    let hint = tf(
        pen.locale,
        "bid.hint.abstract",
        &[("max", &ABSTRACT_MAX.to_string()), ("count", &count.to_string())],
    );
    let summary = TextArea::new("abstract_text", label_of(pen.locale, "abstract_text"))
        .rows(8)
        .required()
        .hint(hint)
        .filled(pen.locale, pen.echo, pen.saved("abstract_text"))
        .draw(pen.locale);
    vec![pen.fill(pen.line("title").required(), "title"), summary]
}

fn plan(pen: &Pen<'_>) -> Vec<AnyView> {
    vec![
        pen.area("basis", 8, false),
        pen.area("route", 12, true),
        pen.area("plan", 8, true),
        pen.area("risks", 5, false),
    ]
}

fn promises(pen: &Pen<'_>, page: &BidPage) -> Vec<AnyView> {
    if page.challenge_content.indicators.is_empty() {
        return vec![view! { <p class="muted">{t(pen.locale, "bid.no_indicators")}</p> }.into_any()];
    }
    vec![tables::promises(pen, &page.challenge_content.indicators)]
}

fn team(pen: &Pen<'_>, page: &BidPage) -> Vec<AnyView> {
    let locale = pen.locale;
    let hint = match page.challenge_content.max_partners {
        0 => t(locale, "bid.start.no_partners").to_owned(),
        max => tf(locale, "bid.hint.partners", &[("max", &max.to_string())]),
    };
    let partners = TextArea::new("partners", label_of(locale, "partners"))
        .rows(3)
        .hint(hint)
        .filled(locale, pen.echo, pen.saved("partners"))
        .draw(locale);
    let unit = view! {
        <p>
            {t(locale, "bid.lead_unit")}
            {t(locale, "common.colon")}
            <b>{page.unit.clone()}</b>
        </p>
    };
    let mut parts = vec![unit.into_any(), partners];
    parts.extend(tables::team(pen));
    parts
}

fn signature(pen: &Pen<'_>, page: &BidPage) -> Vec<AnyView> {
    let locale = pen.locale;
    let mut parts =
        vec![pen.fill(pen.line("avoid_experts").hint(t(locale, "bid.hint.avoid_experts")), "avoid_experts")];
    parts.push(Notice::info(t(locale, "bid.pledge")).title(t(locale, "bid.pledge_title")).draw(locale));
    for key in STATEMENTS {
        let name = format!("statements.{key}");
        parts.push(pen.fill(Field::tick(name.clone(), label_of(locale, &name)).required(), &name));
    }
    let hint = tf(locale, "bid.hint.signed_by", &[("name", &page.signer)]);
    parts.push(
        pen.fill(pen.line("signed_by").narrow().required().autocomplete("off").hint(hint), "signed_by"),
    );
    parts
}

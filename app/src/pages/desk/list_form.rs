//! The list's form, for a new list and for one in preparation. The names are those of `ListContent::parse`.

use domain::challenge::Typed;
use domain::id::ListId;
use domain::list::{ListContent, SelectionModel};
use leptos::prelude::*;

use super::rows::shown;
use crate::catalogue::{find, name_of, t, word};
use crate::components::{Button, Choice, Echo, Field, Form, TextArea, group};
use crate::text::Locale;
use crate::url;

/// The label of any field of the form.
pub fn label_of(locale: Locale, field: &str) -> String {
    find(locale, &format!("desk.list.f.{field}")).unwrap_or(field).to_owned()
}

/// What the form of a saved list starts with.
pub fn to_typed(content: &ListContent) -> Typed {
    let gates = &content.gates;
    let most = if gates.max_bids_per_unit == 0 { String::new() } else { gates.max_bids_per_unit.to_string() };
    let barred = if gates.earlier_winners_barred { "yes" } else { "" };
    [
        ("number", content.number.as_str()),
        ("title", &content.title.zh),
        ("title_en", &content.title.en),
        ("introduction", &content.introduction.zh),
        ("introduction_en", &content.introduction.en),
        ("model", content.model.key()),
        ("qualification", &gates.qualification),
        ("credit", &gates.credit),
        ("max_bids_per_unit", &most),
        ("earlier_winners_barred", barred),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect()
}

/// `list` is id and version of a saved list; `None` draws the form of a new one.
pub fn draw(locale: Locale, list: Option<(ListId, i64)>, saved: &Typed, echo: &Echo) -> AnyView {
    let typed = shown(echo, saved);
    let value = |name: &str| typed.get(name).map_or("", String::as_str);
    let label = |name: &str| word(locale, "desk.list.f", name);
    let text = |name: &str| Field::text(name, label(name)).filled(locale, echo, value(name));
    let area =
        |name: &str, rows| TextArea::new(name, label(name)).rows(rows).filled(locale, echo, value(name));
    let models = SelectionModel::ALL
        .iter()
        .map(|model| Choice::new(model.key(), name_of(locale, "selection", model)))
        .collect();
    let model = if value("model").is_empty() { SelectionModel::Panel.key() } else { value("model") };
    let what = vec![
        text("number").required().narrow().hint(t(locale, "desk.list.number_hint")).draw(locale),
        text("title").required().draw(locale),
        text("title_en").draw(locale),
        area("introduction", 5).hint(t(locale, "desk.markdown_hint")).draw(locale),
        area("introduction_en", 5).draw(locale),
        Field::select("model", label("model"), models)
            .required()
            .hint(t(locale, "desk.list.model_hint"))
            .value(model)
            .errors(echo.errors_of(locale, "model"))
            .draw(locale),
    ];
    let gates = vec![
        area("qualification", 4).draw(locale),
        area("credit", 3).draw(locale),
        Field::number("max_bids_per_unit", label("max_bids_per_unit"))
            .hint(t(locale, "desk.list.max_bids_hint"))
            .filled(locale, echo, value("max_bids_per_unit"))
            .draw(locale),
        Field::tick("earlier_winners_barred", label("earlier_winners_barred"))
            .filled(locale, echo, value("earlier_winners_barred"))
            .draw(locale),
    ];
    let form = match list {
        None => Form::post(url::api("list/create")),
        Some((id, version)) => {
            Form::post(url::api("list/save")).hidden("list", id).hidden("version", version)
        }
    };
    let button = match list {
        None => Button::primary(t(locale, "desk.list.create")),
        Some(_) => Button::secondary(t(locale, "common.save")),
    };
    let form = form
        .part(group(t(locale, "desk.list.group_what"), None, what))
        .part(group(
            t(locale, "desk.list.group_gates"),
            Some(t(locale, "desk.list.gates_hint").to_owned()),
            gates,
        ))
        .button(button);
    match list {
        None => form.link(url::desk_lists(), t(locale, "common.cancel")).draw(),
        Some(_) => form.draw(),
    }
}

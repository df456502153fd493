//! One entry of the file, read into the fields of a challenge.

use std::collections::BTreeSet;

use domain::challenge::{Content, Typed};
use domain::money::Fen;
use domain::refusal::{FieldError, Problem};
use domain::words;
use serde_json::{Map, Value};

use super::ImportProblem;

/// An entry without problems.
pub(super) struct Entry {
    pub number: String,
    pub content: Content,
}

/// The form's names of fields, and the file's.
const FIELDS: &[(&str, &str)] =
    &[("title", "title_zh"), ("amount", "budget_cny"), ("issuer_shown", "publishing_unit")];

/// Fields the file may hold itself, and where they are taken from when it does not.
const DERIVED: &[(&str, &str)] =
    &[("contact", "publishing_unit"), ("background", "notes"), ("research", "indicators")];

/// The texts of one of the `indicator_rows`; the form names them alike.
const INDICATOR_TEXTS: &[&str] = &["name", "unit", "start", "mid_term", "completion", "assessment"];

pub(super) fn problem(entry: usize, title: &str, field: &str, problem: Problem) -> ImportProblem {
    ImportProblem { entry, title: title.to_owned(), field: field.to_owned(), problem }
}

/// The whole file.
pub(super) fn read(json: &[u8], list_number: &str) -> Result<Vec<Entry>, Vec<ImportProblem>> {
    let Ok(Value::Array(values)) = serde_json::from_slice(json) else {
        return Err(vec![problem(0, "", "json", Problem::UnknownChoice)]);
    };
    let mut entries = Vec::with_capacity(values.len());
    let mut problems = Vec::new();
    let (mut numbers, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for (index, value) in (1..).zip(&values) {
        let Value::Object(fields) = value else {
            problems.push(problem(index, "", "json", Problem::UnknownChoice));
            continue;
        };
        let title = text(fields, "title_zh");
        let given = text(fields, "number");
        let number = if given.is_empty() { format!("{list_number}-{index:02}") } else { given };
        let mut found = Vec::new();
        if !numbers.insert(number.clone()) {
            found.push(FieldError::new("number", Problem::NumberTaken));
        }
        if !title.is_empty() && !titles.insert(title.clone()) {
            found.push(FieldError::new("title", Problem::Duplicate));
        }
        if let Err(wrong) = words::line(&number, 32) {
            found.push(FieldError::new("number", wrong));
        }
        match content(fields, &mut found) {
            Some(content) if found.is_empty() => entries.push(Entry { number, content }),
            _ => problems.extend(
                found
                    .into_iter()
                    .map(|error| problem(index, &title, &file_field(fields, &error.field), error.problem)),
            ),
        }
    }
    if problems.is_empty() { Ok(entries) } else { Err(problems) }
}

/// A field of the form as the file names it.
fn file_field(fields: &Map<String, Value>, form: &str) -> String {
    if let Some(row) = form.strip_prefix("indicators").filter(|_| is_told(fields, "indicator_rows")) {
        return format!("indicator_rows{row}");
    }
    let derived = DERIVED.iter().filter(|(field, _)| !is_told(fields, field));
    let known = FIELDS.iter().chain(derived).find(|(field, _)| *field == form);
    known.map_or(form, |(_, file)| file).to_owned()
}

/// The entry as the need form would have it, read by the same rules.
fn content(fields: &Map<String, Value>, found: &mut Vec<FieldError>) -> Option<Content> {
    let mut form = Typed::new();
    let mut put = |field: &str, value: String| form.insert(field.to_owned(), value);
    let (title, unit) = (text(fields, "title_zh"), text(fields, "publishing_unit"));
    let asked = texts(fields, "indicators");
    put("title_en", text(fields, "title_en"));
    put("domain", text(fields, "domain").trim().to_lowercase().replace(' ', "-"));
    put("contact", own_text(fields, "contact", found).unwrap_or_else(|| unit.clone()));
    put("issuer_shown", unit);
    let about = || {
        let told = ["notes", "source"].iter().map(|name| text(fields, name)).filter(|text| !text.is_empty());
        told.collect::<Vec<String>>().join("\n\n")
    };
    let background = own_text(fields, "background", found).unwrap_or_else(about);
    put("background", if background.is_empty() { title.clone() } else { background });
    put("difficulty", own_text(fields, "difficulty", found).unwrap_or_default());
    let list = || asked.iter().map(|text| format!("- {text}")).collect::<Vec<String>>().join("\n");
    let research = own_text(fields, "research", found).unwrap_or_else(list);
    put("research", if research.is_empty() { title.clone() } else { research });
    put("conditions", text(fields, "conditions"));
    put("source", text(fields, "source"));
    put("title", title);
    put("period_months", whole(fields, "period_months", "demo_period_months", found));
    put("amount", amount(fields, found));
    match fields.get("indicator_rows").filter(|rows| !rows.is_null()) {
        Some(rows) => own_indicators(rows, &mut form, found),
        None => derived_indicators(fields, asked, &mut form),
    }
    match Content::parse(&form) {
        Ok(content) => Some(content),
        Err(refusal) => {
            found.extend(refusal.fields().iter().cloned());
            None
        }
    }
}

/// The rows as the file holds them; "≤" before the value to reach says that less is better.
fn own_indicators(rows: &Value, form: &mut Typed, found: &mut Vec<FieldError>) {
    let Value::Array(rows) = rows else {
        found.push(FieldError::new("indicator_rows", Problem::UnknownChoice));
        return;
    };
    for (index, row) in rows.iter().enumerate() {
        let Value::Object(row) = row else {
            found.push(FieldError::new(&format!("indicator_rows.{index}"), Problem::UnknownChoice));
            continue;
        };
        let at = |name: &str| format!("indicators.{index}.{name}");
        for name in INDICATOR_TEXTS {
            let mut wrong = Vec::new();
            form.insert(at(name), own_text(row, name, &mut wrong).unwrap_or_default());
            found.extend(wrong.into_iter().map(|error| FieldError::new(&at(name), error.problem)));
        }
        match row.get("mandatory").unwrap_or(&Value::Null) {
            Value::Bool(true) => drop(form.insert(at("mandatory"), "on".to_owned())),
            Value::Bool(false) | Value::Null => {}
            _ => found.push(FieldError::new(&at("mandatory"), Problem::UnknownChoice)),
        }
        if text(row, "completion").starts_with(['≤', '<']) {
            form.insert(at("lower_is_better"), "on".to_owned());
        }
    }
}

/// What can be told from texts such as "recovery ≥ 88%".
fn derived_indicators(fields: &Map<String, Value>, asked: Vec<String>, form: &mut Typed) {
    let measured = texts(fields, "demo_indicators");
    let indicators = if measured.is_empty() { asked } else { measured };
    for (row, text) in indicators.iter().enumerate() {
        let mut put = |name: &str, value: String| form.insert(format!("indicators.{row}.{name}"), value);
        let (name, completion, bound) = measure(text);
        put("name", name);
        put("completion", completion);
        put("mandatory", if bound.is_some() { "on" } else { "" }.to_owned());
        put("lower_is_better", if bound == Some(Bound::AtMost) { "on" } else { "" }.to_owned());
    }
}

fn is_told(fields: &Map<String, Value>, name: &str) -> bool {
    fields.get(name).is_some_and(|value| !value.is_null())
}

/// A text that wins over a derived one; `None` when the file does not hold it.
fn own_text(fields: &Map<String, Value>, name: &str, found: &mut Vec<FieldError>) -> Option<String> {
    match fields.get(name) {
        None | Some(Value::Null) => None,
        Some(Value::String(_) | Value::Number(_)) => Some(text(fields, name)),
        Some(_) => {
            found.push(FieldError::new(name, Problem::UnknownChoice));
            None
        }
    }
}

fn text(fields: &Map<String, Value>, name: &str) -> String {
    match fields.get(name) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn texts(fields: &Map<String, Value>, name: &str) -> Vec<String> {
    let Some(Value::Array(values)) = fields.get(name) else { return Vec::new() };
    values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The field, or the one that stands in for it when it is null.
fn given<'a>(fields: &'a Map<String, Value>, name: &str, stand_in: &str) -> Option<&'a Value> {
    let told = |name: &str| fields.get(name).filter(|value| !value.is_null());
    told(name).or_else(|| told(stand_in))
}

fn whole(fields: &Map<String, Value>, name: &str, stand_in: &str, found: &mut Vec<FieldError>) -> String {
    match given(fields, name, stand_in) {
        None => String::new(),
        Some(Value::Number(number)) if number.is_u64() => number.to_string(),
        Some(_) => {
            found.push(FieldError::new(name, Problem::NotANumber));
            String::new()
        }
    }
}

/// Whole yuan in the file, 万元 in the form.
fn amount(fields: &Map<String, Value>, found: &mut Vec<FieldError>) -> String {
    let Some(value) = given(fields, "budget_cny", "demo_budget_cny") else { return String::new() };
    let fen = value.as_i64().filter(|yuan| *yuan > 0).and_then(|yuan| yuan.checked_mul(100));
    match fen {
        Some(fen) if fen <= domain::money::MAX_FEN => Fen(fen).wan_input(),
        _ => {
            found.push(FieldError::new("amount", Problem::NotAnAmount));
            String::new()
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    AtLeast,
    AtMost,
}

/// "recovery ≥ 88%" is the indicator "recovery" with "≥ 88%" to reach; a text without a bound is both.
fn measure(text: &str) -> (String, String, Option<Bound>) {
    let signs = [("≥", Bound::AtLeast), (">=", Bound::AtLeast), ("≤", Bound::AtMost), ("<=", Bound::AtMost)];
    let first =
        signs.iter().filter_map(|(sign, bound)| Some((text.find(sign)?, *bound))).min_by_key(|(at, _)| *at);
    let shortened = |text: &str| text.trim().chars().take(words::NAME_MAX).collect::<String>();
    match first.and_then(|(at, bound)| Some((text.get(..at)?.trim(), text.get(at..)?, bound))) {
        Some((name, completion, bound)) if !name.is_empty() => {
            (name.to_owned(), shortened(completion), Some(bound))
        }
        _ => (text.to_owned(), shortened(text), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_in_the_text_is_what_must_be_reached() {
        let check = |text: &str, name: &str, completion: &str, bound: Option<Bound>| {
            assert_eq!(measure(text), (name.to_owned(), completion.to_owned(), bound), "{text}");
        };
        check(
            "重晶石选矿回收率 ≥ 88%（基线 72%）",
            "重晶石选矿回收率",
            "≥ 88%（基线 72%）",
            Some(Bound::AtLeast),
        );
        check("Fe2O3 ≤ 0.05%", "Fe2O3", "≤ 0.05%", Some(Bound::AtMost));
        check("recognition accuracy >= 85%", "recognition accuracy", ">= 85%", Some(Bound::AtLeast));
        check("6 evaluation metrics", "6 evaluation metrics", "6 evaluation metrics", None);
    }
}

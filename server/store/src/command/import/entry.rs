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
const FIELDS: &[(&str, &str)] = &[
    ("title", "title_zh"),
    ("amount", "budget_cny"),
    ("issuer_shown", "publishing_unit"),
    ("contact", "publishing_unit"),
    ("background", "notes"),
    ("research", "indicators"),
];

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
    let mut numbers = BTreeSet::new();
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
        if let Err(wrong) = words::line(&number, 32) {
            found.push(FieldError::new("number", wrong));
        }
        match content(fields, &mut found) {
            Some(content) if found.is_empty() => entries.push(Entry { number, content }),
            _ => problems.extend(found.into_iter().map(|error| {
                let known = FIELDS.iter().find(|(form, _)| *form == error.field);
                let field = known.map_or(error.field.as_str(), |(_, file)| file);
                problem(index, &title, field, error.problem)
            })),
        }
    }
    if problems.is_empty() { Ok(entries) } else { Err(problems) }
}

/// The entry as the need form would have it, read by the same rules.
fn content(fields: &Map<String, Value>, found: &mut Vec<FieldError>) -> Option<Content> {
    let mut form = Typed::new();
    let mut put = |field: &str, value: String| form.insert(field.to_owned(), value);
    let (title, unit) = (text(fields, "title_zh"), text(fields, "publishing_unit"));
    let asked = texts(fields, "indicators");
    let measured = texts(fields, "demo_indicators");
    let about: Vec<String> =
        ["notes", "source"].iter().map(|name| text(fields, name)).filter(|text| !text.is_empty()).collect();
    put("title_en", text(fields, "title_en"));
    put("domain", text(fields, "domain").trim().to_lowercase().replace(' ', "-"));
    put("contact", unit.clone());
    put("issuer_shown", unit);
    put("background", if about.is_empty() { title.clone() } else { about.join("\n\n") });
    let research: Vec<String> = asked.iter().map(|text| format!("- {text}")).collect();
    put("research", if research.is_empty() { title.clone() } else { research.join("\n") });
    put("conditions", text(fields, "conditions"));
    put("source", text(fields, "source"));
    put("title", title);
    put("period_months", whole(fields, "period_months", "demo_period_months", found));
    put("amount", amount(fields, found));
    let indicators = if measured.is_empty() { asked } else { measured };
    for (row, text) in indicators.iter().enumerate() {
        let (name, completion, bound) = measure(text);
        put(&format!("indicators.{row}.name"), name);
        put(&format!("indicators.{row}.completion"), completion);
        put(&format!("indicators.{row}.mandatory"), if bound.is_some() { "on" } else { "" }.to_owned());
        let less = bound == Some(Bound::AtMost);
        put(&format!("indicators.{row}.lower_is_better"), if less { "on" } else { "" }.to_owned());
    }
    match Content::parse(&form) {
        Ok(content) => Some(content),
        Err(refusal) => {
            found.extend(refusal.fields().iter().cloned());
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

//! What is wrong with a file, one line each: file, place, what, remedy. The words are under `fault.` in the catalogue.
//! Deliberately absent: guessing what was meant.

use app::catalogue::{self, find, t, tf, word};
use app::text::Locale;
use serde_json::{Map, Value};
use tables::{TableFault, TableProblem};

use super::ending::Stop;
use super::shown::plain;
use super::words::points;

/// Longer cell contents are cut in a message.
const SHOWN_COLUMNS: usize = 80;

/// Every fault of one file.
pub fn of_file(locale: Locale, file: &str, faults: &[TableFault]) -> Stop {
    Stop::Faults(faults.iter().map(|fault| line(locale, file, fault)).collect())
}

fn line(locale: Locale, file: &str, fault: &TableFault) -> String {
    let mut place = Vec::new();
    if let Some(sheet) = &fault.sheet {
        place.push(tf(locale, "fault.at_sheet", &[("sheet", &shown(sheet))]));
    }
    if let Some(row) = fault.row {
        place.push(tf(locale, "fault.at_row", &[("row", &row.to_string())]));
    }
    match &fault.column {
        Some(field) if is_of_field(&fault.problem) => {
            place.push(tf(locale, "fault.at_field", &[("field", &shown(&field_path(locale, field)))]));
        }
        Some(column) => place.push(tf(locale, "fault.at_column", &[("column", &shown(column))])),
        None => {}
    }
    let file = if file.is_empty() { t(locale, "tool.standard_input").to_owned() } else { shown(file) };
    let mut parts = vec![file];
    if !place.is_empty() {
        parts.push(place.join(t(locale, "fault.place_separator")));
    }
    parts.push(what(locale, &fault.problem));
    parts.join(t(locale, "common.colon"))
}

/// Whether the place is a field of a JSON object and not a column: a rule has no columns.
fn is_of_field(problem: &TableProblem) -> bool {
    use TableProblem as P;
    matches!(
        problem,
        P::Rule { .. }
            | P::WeightsSum { .. }
            | P::UnknownRuleFormat { .. }
            | P::UnknownField { .. }
            | P::MissingField { .. }
            | P::DuplicateField { .. }
            | P::UnknownChoice { .. }
            | P::UnsoundKey { .. }
            | P::SameKey { .. }
            | P::WrongShape { .. }
            | P::NotARule { .. }
    )
}

/// `rubric.criteria.0.key` with the place in the list in words and from 1.
fn field_path(locale: Locale, path: &str) -> String {
    let mut said = String::new();
    for step in path.split('.') {
        let place = step.parse::<usize>().ok().and_then(|place| place.checked_add(1));
        match place {
            Some(number) => {
                let entry = tf(locale, "fault.entry", &[("number", &number.to_string())]);
                said = format!("{said} {entry} ");
            }
            None if said.is_empty() || said.ends_with(' ') => said.push_str(step),
            None => said = format!("{said}.{step}"),
        }
    }
    said.trim().to_owned()
}

/// The problem and its remedy in words; its fields fill the placeholders of the same names.
fn what(locale: Locale, problem: &TableProblem) -> String {
    if let TableProblem::Rule { fault } = problem {
        return catalogue::problem(locale, fault);
    }
    let Ok(Value::Object(fields)) = serde_json::to_value(problem) else { return String::new() };
    let key = key(locale, problem, &fields);
    let values: Vec<(String, String)> =
        fields.iter().map(|(name, value)| (name.clone(), said(locale, name, value))).collect();
    let borrowed: Vec<(&str, &str)> =
        values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    tf(locale, &key, &borrowed)
}

/// Some problems have another sentence when a field is there, or when a number is negative.
fn key(locale: Locale, problem: &TableProblem, fields: &Map<String, Value>) -> String {
    let tag = fields.get("problem").and_then(Value::as_str).unwrap_or_default();
    let variant = match problem {
        TableProblem::UnknownColumn { nearest: Some(_), .. }
        | TableProblem::UnknownField { nearest: Some(_), .. } => "_near",
        TableProblem::WeightsSum { missing_permille, .. } if *missing_permille < 0 => "_over",
        TableProblem::JsonSyntax { detail, .. } => syntax_variant(detail),
        _ => "",
    };
    let key = format!("fault.{tag}{variant}");
    if find(locale, &key).is_some() { key } else { format!("fault.{tag}") }
}

/// The reader's own words are English; the common ones have a sentence each.
fn syntax_variant(detail: &str) -> &'static str {
    match detail {
        "trailing comma" => "_trailing_comma",
        "trailing characters" => "_rest",
        "recursion limit exceeded" => "_deep",
        _ if detail.starts_with("EOF") => "_ended",
        _ => "",
    }
}

fn said(locale: Locale, name: &str, value: &Value) -> String {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(milli) if name.ends_with("_milli") => points(milli),
            Some(permille) if name == "missing_permille" => permille.unsigned_abs().to_string(),
            Some(bytes) if bytes >= 1024 * 1024 && (name == "bytes" || name == "max") => mebibytes(bytes),
            _ => number.to_string(),
        },
        Value::String(shape) if name == "wanted" => word(locale, "json_shape", shape).to_owned(),
        Value::String(text) => shown(text),
        Value::Array(list) => {
            let texts: Vec<String> = list.iter().filter_map(Value::as_str).map(shown).collect();
            if texts.is_empty() {
                t(locale, "common.none").to_owned()
            } else {
                texts.join(t(locale, "common.list_separator"))
            }
        }
        _ => String::new(),
    }
}

/// Byte counts are told in whole MiB, up.
fn mebibytes(bytes: i64) -> String {
    format!("{} MiB", bytes.unsigned_abs().div_ceil(1024 * 1024))
}

fn shown(text: &str) -> String {
    super::shown::shortened(&plain(text), SHOWN_COLUMNS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_a_rule_is_counted_from_one_and_is_no_column() {
        let at = |field: &str, problem| TableFault {
            column: Some(field.to_owned()),
            ..TableFault::of_file(problem)
        };
        let unsound = at("rubric.criteria.0.key", TableProblem::UnsoundKey { text: "创新".to_owned() });
        let said = line(Locale::En, "rule.json", &unsound);
        assert!(said.starts_with("rule.json: field “rubric.criteria no. 1 key”: “创新” cannot"), "{said}");
        let said = line(Locale::ZhCn, "rule.json", &unsound);
        assert!(said.contains("字段“rubric.criteria 第 1 项 key”") && !said.contains('列'), "{said}");
        let said = line(Locale::ZhCn, "", &at("quality", TableProblem::Empty));
        assert!(said.contains("“quality”列"), "{said}");
    }

    #[test]
    fn broken_json_is_told_in_the_readers_language_without_a_placeholder() {
        for detail in ["EOF while parsing a list", "trailing comma", "trailing characters", "expected value"]
        {
            let problem = TableProblem::JsonSyntax { line: 2, position: 11, detail: detail.to_owned() };
            let fault = TableFault { row: Some(2), ..TableFault::of_file(problem) };
            let said = line(Locale::ZhCn, "a.json", &fault);
            assert!(!said.contains(['{', '}']) && !said.contains(detail), "{said}");
            assert_eq!(said.matches("第 2 行").count(), 1, "{said}");
        }
    }
}

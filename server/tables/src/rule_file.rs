//! A rule as a JSON file. Deliberately absent: what makes a rule complete; that is `domain::rule`.

use domain::refusal::{FieldError, Problem};
use domain::rule::{FORMAT, FULL_WEIGHT, Rule};
use serde_json::Value;

use crate::columns::nearest_of;
use crate::fault::{FAULTS_MAX, Faults, TableFault, TableProblem};
use crate::json::{Json, syntax_fault, without_place};
use crate::text::decode_unicode;

/// A rule with every text at its longest is far below this.
const BYTES_MAX: usize = 1 << 20;

/// Reads a rule: the JSON that `Rule` serialises to, complete, without unknown fields or fields given twice. UTF-8, or
/// UTF-16 with a mark. `draw_commitment` may be empty: it is filled at publication.
///
/// # Errors
/// Syntax (line and position), unknown, repeated and missing fields, and every problem of the rule at its field.
pub fn read_rule(bytes: &[u8]) -> Result<Rule, Vec<TableFault>> {
    if bytes.len() > BYTES_MAX {
        let problem = TableProblem::TooLarge { bytes: bytes.len() as u64, max: BYTES_MAX as u64 };
        return Err(vec![TableFault::of_file(problem)]);
    }
    let text = decode_unicode(bytes).map_err(|problem| vec![TableFault::of_file(problem)])?;
    let as_written = Json::parse(&text).map_err(|stop| vec![*stop])?;
    let mut faults = Faults::default();
    say_repeated(&as_written, "", &mut faults);
    // Without repeated keys the text, read once more, holds what is written.
    let value: Value = serde_json::from_str(&text).map_err(|fault| vec![syntax_fault(&fault)])?;
    let rule: Rule = match serde_json::from_str(&text) {
        Ok(rule) => rule,
        Err(fault) => {
            faults.say(shape_fault(&fault));
            return faults.finish(Rule::policy_preset());
        }
    };
    say_unknown(&value, &rule, &mut faults);
    if rule.format == 0 || rule.format > FORMAT {
        let problem = TableProblem::UnknownRuleFormat { format: rule.format, known: FORMAT };
        faults.say(at("format", problem));
    }
    for fault in rule.problems() {
        faults.say(from_field(fault));
    }
    faults.finish(rule)
}

fn at(field: &str, problem: TableProblem) -> TableFault {
    TableFault { column: Some(field.to_owned()), ..TableFault::of_file(problem) }
}

fn from_field(fault: FieldError) -> TableFault {
    let problem = match fault.problem {
        Problem::WeightsSum { sum } => {
            TableProblem::WeightsSum { sum_permille: sum, missing_permille: i64::from(FULL_WEIGHT) - sum }
        }
        fault => TableProblem::Rule { fault },
    };
    at(&fault.field, problem)
}

/// The place is the line where the reader noticed.
fn shape_fault(fault: &serde_json::Error) -> TableFault {
    let detail = without_place(fault);
    let missing = detail.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    let problem = match missing {
        Some(name) => TableProblem::MissingField { name: name.to_owned() },
        None => TableProblem::NotARule { detail },
    };
    TableFault { row: Some(fault.line()), ..TableFault::of_file(problem) }
}

fn path(parent: &str, key: &str) -> String {
    if parent.is_empty() { key.to_owned() } else { format!("{parent}.{key}") }
}

fn say_repeated(json: &Json, parent: &str, faults: &mut Faults) {
    match json {
        Json::Object(entries) => {
            let mut seen = std::collections::BTreeSet::new();
            for (key, value) in entries {
                let path = path(parent, key);
                if !seen.insert(key) {
                    faults.say(at(&path, TableProblem::DuplicateColumn { first: path.clone() }));
                }
                say_repeated(value, &path, faults);
            }
        }
        Json::List(list) => {
            for (index, value) in list.iter().enumerate() {
                say_repeated(value, &path(parent, &index.to_string()), faults);
            }
        }
        _ => {}
    }
}

/// A field is unknown when the rule does not write it back and reads just as well with nonsense in its place: fields that
/// are written only when set read nonsense with an error.
fn say_unknown(value: &Value, rule: &Rule, faults: &mut Faults) {
    let back = serde_json::to_value(rule).unwrap_or_default();
    let mut missing = Vec::new();
    collect_missing(value, &back, &mut Vec::new(), &mut missing);
    for (steps, siblings) in missing {
        if is_ignored(value, &steps) {
            let name = steps.last().cloned().unwrap_or_default();
            let nearest = nearest_of(siblings.iter().map(String::as_str), &name);
            faults.say(at(&steps.join("."), TableProblem::UnknownField { name, nearest }));
        }
    }
}

/// Paths of the keys in `given` that `back` does not have at the same place, with the keys it has there; no more of them
/// than are reported.
fn collect_missing(
    given: &Value,
    back: &Value,
    steps: &mut Vec<String>,
    missing: &mut Vec<(Vec<String>, Vec<String>)>,
) {
    let mut descend =
        |step: String, given: &Value, back: Option<&Value>, siblings: &dyn Fn() -> Vec<String>| {
            steps.push(step);
            match back {
                Some(back) => collect_missing(given, back, steps, missing),
                None if missing.len() < FAULTS_MAX => missing.push((steps.clone(), siblings())),
                None => {}
            }
            steps.pop();
        };
    match (given, back) {
        (Value::Object(given), Value::Object(known)) => {
            for (key, value) in given {
                descend(key.clone(), value, known.get(key), &|| known.keys().cloned().collect());
            }
        }
        (Value::Array(given), Value::Array(known)) => {
            for (index, (value, back)) in given.iter().zip(known).enumerate() {
                descend(index.to_string(), value, Some(back), &Vec::new);
            }
        }
        _ => {}
    }
}

/// Whether the rule reads with a fraction at this place: no field of a rule takes one.
fn is_ignored(value: &Value, steps: &[String]) -> bool {
    let mut changed = value.clone();
    let mut place = Some(&mut changed);
    for step in steps {
        place = place.and_then(|value| match value {
            Value::Array(list) => step.parse().ok().and_then(|index: usize| list.get_mut(index)),
            Value::Object(keys) => keys.get_mut(step),
            _ => None,
        });
    }
    if let Some(place) = place {
        *place = Value::from(0.5);
    }
    serde_json::from_value::<Rule>(changed).is_ok()
}

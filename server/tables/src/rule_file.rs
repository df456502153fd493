//! A rule as a JSON file. Deliberately absent: what makes a rule complete; that is `domain::rule`.

use domain::refusal::{FieldError, Problem};
use domain::rule::{FORMAT, FULL_WEIGHT, Rule};
use serde_json::Value;
use serde_path_to_error::Segment;

use crate::columns::nearest_of;
use crate::fault::{FAULTS_MAX, Faults, JsonShape, TableFault, TableProblem};
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
    if text.trim().is_empty() {
        return Err(vec![TableFault::of_file(TableProblem::NothingInside)]);
    }
    let as_written = Json::parse(&text).map_err(|stop| vec![*stop])?;
    let mut faults = Faults::default();
    say_repeated(&as_written, "", &mut faults);
    // Without repeated keys the text, read once more, holds what is written.
    let value: Value = serde_json::from_str(&text).map_err(|fault| vec![syntax_fault(&fault)])?;
    let read = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(&text));
    let rule: Rule = match read {
        Ok(rule) => rule,
        Err(fault) => {
            // What stands twice has been said.
            if !fault.inner().to_string().starts_with("duplicate field") {
                faults.say(shape_fault(&fault));
            }
            return faults.finish(Rule::policy_preset());
        }
    };
    say_unknown(&value, &rule, &mut faults);
    if rule.format == 0 || rule.format > FORMAT {
        let problem = TableProblem::UnknownRuleFormat { format: rule.format, known: FORMAT };
        faults.say(at("format", problem));
    }
    for fault in rule.problems() {
        faults.say(from_field(fault, &value));
    }
    faults.finish(rule)
}

fn at(field: &str, problem: TableProblem) -> TableFault {
    TableFault { column: Some(field.to_owned()), ..TableFault::of_file(problem) }
}

/// The domain names fields as its form does; here they are named as the file has them.
fn from_field(fault: FieldError, rule: &Value) -> TableFault {
    let written = |field: &str| rule.pointer(&format!("/{}", field.replace('.', "/")));
    let units = ["", "_milli", "_permille"].into_iter();
    let named = units.map(|unit| format!("{}{unit}", fault.field)).find(|field| written(field).is_some());
    let field = named.unwrap_or(fault.field);
    let key = written(&field).and_then(Value::as_str).filter(|_| field.ends_with(".key"));
    let problem = match fault.problem {
        Problem::Duplicate if let Some(key) = key => match is_sound_key(key) {
            true => TableProblem::SameKey { text: key.to_owned() },
            false => TableProblem::UnsoundKey { text: key.to_owned() },
        },
        Problem::WeightsSum { sum } => {
            TableProblem::WeightsSum { sum_permille: sum, missing_permille: i64::from(FULL_WEIGHT) - sum }
        }
        fault => TableProblem::Rule { fault },
    };
    at(&field, problem)
}

/// As `domain::rule` wants the keys of criteria and votes.
fn is_sound_key(key: &str) -> bool {
    let is_sound = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    !key.is_empty() && key.len() <= 32 && key.chars().all(is_sound)
}

/// The place is the field, and the line where the reader noticed.
fn shape_fault(fault: &serde_path_to_error::Error<serde_json::Error>) -> TableFault {
    let detail = without_place(fault.inner());
    let mut quoted = detail.split('`').skip(1).step_by(2).map(str::to_owned);
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    let mut steps: Vec<String> = fault.path().iter().filter_map(step).collect();
    // A link of the tie chain is looked at when the reader is past it: that line is another's.
    let row = Some(fault.inner().line()).filter(|_| steps.first().is_none_or(|step| step != TIE_CHAIN));
    let problem = if detail.starts_with("missing field `") {
        let name = quoted.next().unwrap_or_default();
        steps.push(name.clone());
        TableProblem::MissingField { name }
    } else if detail.starts_with("unknown variant `") {
        // What stands in the file may itself be in quotation marks.
        let (text, choices) = detail.rsplit_once("`, expected ").unwrap_or((&detail, ""));
        let text = text.strip_prefix("unknown variant `").unwrap_or(text).to_owned();
        let choices = choices.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        TableProblem::UnknownChoice { text, choices }
    } else if let Some(wanted) = wanted_shape(&detail) {
        TableProblem::WrongShape { wanted }
    } else {
        TableProblem::NotARule { detail }
    };
    let column = Some(steps.join(".")).filter(|field| !field.is_empty());
    TableFault { row, column, ..TableFault::of_file(problem) }
}

const TIE_CHAIN: &str = "tie_chain";

/// What the reader says it expected, where it found another kind of value or a number of another size.
fn wanted_shape(detail: &str) -> Option<JsonShape> {
    let is_shape = detail.starts_with("invalid type: ") || detail.starts_with("invalid value: integer");
    let (_, expected) = detail.rsplit_once(", expected ").filter(|_| is_shape)?;
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => Some(JsonShape::Count),
        "i32" | "i64" => Some(JsonShape::Whole),
        "a boolean" => Some(JsonShape::YesOrNo),
        "a string" | "str" => Some(JsonShape::Text),
        "a sequence" => Some(JsonShape::List),
        "a map" => Some(JsonShape::Object),
        other if other.starts_with("struct ") => Some(JsonShape::Object),
        _ => None,
    }
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
                    faults.say(at(&path, TableProblem::DuplicateField { first: path.clone() }));
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

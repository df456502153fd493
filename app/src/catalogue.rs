//! The words of the surface: flat JSON catalogues, one per language, in parts. Server only.
//! Deliberately absent: plural rules. Chinese has none; the English texts are written so that they need none.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use domain::money::Fen;
use domain::refusal::{FieldError, Problem, Refusal};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::text::Locale;

macro_rules! parts {
    ($($name:literal),+ $(,)?) => {
        /// Part name, Chinese text, English text.
        const PARTS: &[(&str, &str, &str)] = &[$((
            $name,
            include_str!(concat!("../locales/zh-CN/", $name, ".json")),
            include_str!(concat!("../locales/en/", $name, ".json")),
        )),+];
    };
}

parts!(
    "common", "public", "desk", "bid", "review", "account", "refusals", "domain", "race", "dev", "tool",
    "figures"
);

/// More distinct missing keys than this are not remembered one by one.
const MAX_MISSING: usize = 500;

/// Where a refusal's `state` may have its words, in this order.
const STATE_FAMILIES: &[&str] = &[
    "state",
    "bid_state",
    "list_state",
    "seat_state",
    "review_state",
    "gate_state",
    "team_state",
    "decision_state",
    "membership_state",
];

type Words = HashMap<String, String>;

fn words(locale: Locale) -> &'static Words {
    static CHINESE: OnceLock<Words> = OnceLock::new();
    static ENGLISH: OnceLock<Words> = OnceLock::new();
    let cell = match locale {
        Locale::ZhCn => &CHINESE,
        Locale::En => &ENGLISH,
    };
    cell.get_or_init(|| {
        let mut all = Words::new();
        for (part, chinese, english) in PARTS {
            let text = if locale == Locale::ZhCn { chinese } else { english };
            match serde_json::from_str::<Words>(text) {
                Ok(words) => all.extend(words),
                Err(fault) => tracing::error!(%part, locale = locale.tag(), %fault, "catalogue part is not a flat JSON object"),
            }
        }
        all
    })
}

/// The words under a key. A key without words shows itself in brackets: visible, never a crash.
pub fn t(locale: Locale, key: &str) -> &'static str {
    find(locale, key).unwrap_or_else(|| missing(key))
}

/// The words under a key that comes from data or an address, if there are any.
pub fn find(locale: Locale, key: &str) -> Option<&'static str> {
    words(locale).get(key).map(String::as_str)
}

/// The words under a key with `{name}` placeholders filled. Values are inserted as text, once:
/// a value that itself looks like a placeholder stays as it is.
pub fn tf(locale: Locale, key: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = t(locale, key);
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => out.push_str(value),
            None => {
                out.push('{');
                out.push_str(name);
                out.push('}');
            }
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// Words for a value that names itself: `word(locale, "state", "published")` reads `state.published`.
pub fn word(locale: Locale, family: &str, name: &str) -> &'static str {
    t(locale, &format!("{family}.{name}"))
}

/// Words for any enum that serde writes as a plain string.
pub fn name_of<T: Serialize>(locale: Locale, family: &str, value: &T) -> &'static str {
    match serde_json::to_value(value) {
        Ok(Value::String(name)) => word(locale, family, &name),
        _ => missing(family),
    }
}

/// The name of a challenge's or list's state.
pub fn state<T: Serialize>(locale: Locale, state: &T) -> &'static str {
    name_of(locale, "state", state)
}

/// Why an act did not happen and what to do now.
pub fn refusal(locale: Locale, refusal: &Refusal) -> String {
    say(locale, "refusal", refusal)
}

/// What is wrong with a field and how to mend it.
pub fn problem(locale: Locale, problem: &Problem) -> String {
    say(locale, "problem", problem)
}

/// The messages of one field, in the order they were found.
pub fn problems_of(locale: Locale, errors: &[FieldError], field: &str) -> Vec<String> {
    errors.iter().filter(|error| error.field == field).map(|error| problem(locale, &error.problem)).collect()
}

/// Key and values come from the variant's own serialised form: tag, then fields.
fn say<T: Serialize>(locale: Locale, family: &str, variant: &T) -> String {
    let fields = match serde_json::to_value(variant) {
        Ok(Value::Object(fields)) => fields,
        _ => return missing(family).to_owned(),
    };
    let tag = fields.get(family).and_then(Value::as_str).unwrap_or_default();
    let values = shown(locale, &fields);
    let borrowed: Vec<(&str, &str)> =
        values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    tf(locale, &format!("{family}.{tag}"), &borrowed)
}

/// Field values as a reader wants them: fen as 万元, states by name, numbers as they are.
fn shown(locale: Locale, fields: &Map<String, Value>) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (name, value) in fields {
        let text = match value {
            Value::Number(number) => match number.as_i64() {
                Some(fen) if name.ends_with("_fen") => Fen(fen).wan_text(),
                _ => number.to_string(),
            },
            Value::String(text) if name == "state" => any_state(locale, text),
            Value::String(text) => text.clone(),
            _ => continue,
        };
        out.push((name.clone(), text));
    }
    out
}

/// A state's name, whichever of the state tables it comes from; challenges first.
fn any_state(locale: Locale, name: &str) -> String {
    STATE_FAMILIES
        .iter()
        .find_map(|family| find(locale, &format!("{family}.{name}")))
        .unwrap_or(name)
        .to_owned()
}

/// Leaks at most [`MAX_MISSING`] short strings in the life of the process.
fn missing(key: &str) -> &'static str {
    static SEEN: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());
    let shown = format!("⟦{key}⟧");
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = seen.iter().find(|known| **known == shown) {
        return known;
    }
    if seen.len() >= MAX_MISSING {
        return "⟦…⟧";
    }
    tracing::warn!(key, "no words in the catalogue");
    let leaked: &'static str = Box::leak(shown.into_boxed_str());
    seen.push(leaked);
    leaked
}

#[cfg(test)]
#[path = "catalogue_tests.rs"]
mod tests;

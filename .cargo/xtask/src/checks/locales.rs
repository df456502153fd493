//! The two catalogues say the same things.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::{Findings, Source};
use crate::sh::{Outcome, Place};

const CATALOGUES: [&str; 2] = ["app/locales/zh-CN.json", "app/locales/en.json"];

pub fn agree(_: &Place, sources: &[Source]) -> Outcome<Findings> {
    let [first, second] = CATALOGUES.map(|path| match sources.iter().find(|source| source.path == path) {
        Some(source) => catalogue(&source.text).map_err(|fault| format!("{path}: {fault}")),
        None => Err(format!("{path} is missing")),
    });
    Ok(match (first, second) {
        (Ok(first), Ok(second)) => differences(&first, &second),
        (first, second) => first.err().into_iter().chain(second.err()).collect(),
    })
}

type Catalogue = BTreeMap<String, String>;

/// A catalogue is one flat object of texts. A key that stands twice is an error, since one of the two would be lost.
fn catalogue(text: &str) -> Outcome<Catalogue> {
    let parsed: Catalogue = serde_json::from_str(text).map_err(|fault| fault.to_string())?;
    let mut seen = BTreeSet::new();
    // Each entry stands on a line of its own.
    let keys =
        text.lines().filter_map(|line| line.trim().strip_prefix('"')?.split_once("\":").map(|(key, _)| key));
    match keys.into_iter().find(|key| !seen.insert(*key)) {
        Some(key) => Err(format!("{key} stands twice")),
        None => Ok(parsed),
    }
}

fn differences(first: &Catalogue, second: &Catalogue) -> Findings {
    let keys: BTreeSet<&String> = first.keys().chain(second.keys()).collect();
    let [zh, en] = CATALOGUES;
    keys.into_iter()
        .filter_map(|key| match (first.get(key), second.get(key)) {
            (Some(_), None) => Some(format!("{key} is not in {en}")),
            (None, _) => Some(format!("{key} is not in {zh}")),
            (Some(first), Some(second)) if first.trim().is_empty() || second.trim().is_empty() => {
                Some(format!("{key} is empty"))
            }
            (Some(first), Some(second)) => {
                let (first, second) = (placeholders(first), placeholders(second));
                (first != second)
                    .then(|| format!("{key} has the placeholders {first:?} in {zh} and {second:?} in {en}"))
            }
        })
        .collect()
}

/// The names in `{…}`.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_key_and_another_placeholder_are_found() {
        let zh = catalogue("{\n\"a\": \"{n} 项\",\n\"b\": \"乙\",\n\"c\": \"丙 {x}\"\n}").unwrap();
        let en = catalogue("{\n\"a\": \"{n} items\",\n\"c\": \"C {y}\",\n\"d\": \"\"\n}").unwrap();
        let findings = differences(&zh, &en);
        assert_eq!(findings.len(), 3, "{findings:?}");
        assert!(differences(&zh, &zh).is_empty());
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        assert!(catalogue("{\n  \"a\": \"1\",\n  \"a\": \"2\"\n}").is_err());
        assert!(catalogue("{\n  \"a\": {}\n}").is_err());
    }
}

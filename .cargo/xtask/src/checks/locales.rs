//! The two catalogues say the same things.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::{Findings, Source};
use crate::sh::{Outcome, Place};

/// Each folder holds one language in parts, by the same file names.
const FOLDERS: [&str; 2] = ["app/locales/zh-CN/", "app/locales/en/"];

pub fn agree(_: &Place, sources: &[Source]) -> Outcome<Findings> {
    Ok(match FOLDERS.map(|folder| catalogue(folder, sources)) {
        [Ok(first), Ok(second)] => differences(&first, &second),
        [first, second] => first.err().into_iter().chain(second.err()).collect(),
    })
}

type Catalogue = BTreeMap<String, String>;

fn catalogue(folder: &str, sources: &[Source]) -> Outcome<Catalogue> {
    let mut all = Catalogue::new();
    for source in
        sources.iter().filter(|source| source.path.starts_with(folder) && source.path.ends_with(".json"))
    {
        for (key, text) in entries(&source.text).map_err(|fault| format!("{}: {fault}", source.path))? {
            if all.insert(key.clone(), text).is_some() {
                return Err(format!("{}: {key} stands in another part too", source.path));
            }
        }
    }
    if all.is_empty() { Err(format!("{folder} holds no text")) } else { Ok(all) }
}

/// A part is one flat object of texts. A key that stands twice is an error, since one of the two would be lost.
fn entries(text: &str) -> Outcome<Catalogue> {
    let parsed: Catalogue = serde_json::from_str(text).map_err(|fault| fault.to_string())?;
    let mut seen = BTreeSet::new();
    // Each entry stands on a line of its own.
    let mut keys =
        text.lines().filter_map(|line| line.trim().strip_prefix('"')?.split_once("\":").map(|(key, _)| key));
    match keys.find(|key| !seen.insert(*key)) {
        Some(key) => Err(format!("{key} stands twice")),
        None => Ok(parsed),
    }
}

fn differences(first: &Catalogue, second: &Catalogue) -> Findings {
    let keys: BTreeSet<&String> = first.keys().chain(second.keys()).collect();
    let [zh, en] = FOLDERS;
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

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_missing_key_another_placeholder_and_an_empty_text_are_found() {
        let zh = source(
            "app/locales/zh-CN/a.json",
            "{\n\"a\": \"{n} 项\",\n\"b\": \"乙\",\n\"c\": \"丙 {x}\",\n\"e\": \"戊\"\n}",
        );
        let en = source(
            "app/locales/en/a.json",
            "{\n\"a\": \"{n} items\",\n\"c\": \"C {y}\",\n\"d\": \"D\",\n\"e\": \" \"\n}",
        );
        let place = Place { root: "/nowhere".into(), target: "/nowhere/target".into() };
        let findings = agree(&place, &[zh, en]).unwrap();
        assert_eq!(findings.len(), 4, "{findings:?}");
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        assert!(entries("{\n  \"a\": \"1\",\n  \"a\": \"2\"\n}").is_err());
        assert!(entries("{\n  \"a\": {}\n}").is_err());
        let parts =
            ["app/locales/en/a.json", "app/locales/en/b.json"].map(|path| source(path, "{\"a\": \"1\"}"));
        assert!(catalogue("app/locales/en/", &parts).is_err());
        assert!(catalogue("app/locales/en/", &[]).is_err());
    }
}

//! Which words may stand in which files.

use crate::checks::scan::{self, Keep};
use crate::checks::{Findings, Source};
use crate::sh::{Outcome, Place};

/// Longer files hold more than one thing.
const MAX_LINES: usize = 450;

/// What would give the pure crate a clock, chance, a thread or the outside world.
const IMPURE: [&str; 19] = [
    "async ",
    ".await",
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Instant",
    "rand::",
    "getrandom",
    "sea_orm",
    "tokio",
    "std::fs",
    "std::env",
    "std::net",
    "std::io",
    "std::thread",
    "std::process",
    "new_v4",
    "now_v7",
    "println!",
];

/// Chinese words that are data: rule presets with both languages, what marks an upper bound in an indicator's value, and
/// the demo's competition with its cast and their password.
const CHINESE_DATA: [&str; 5] = [
    "app/domain/src/preset.rs",
    "app/domain/src/bid.rs",
    "app/src/pages/account/demo.rs",
    "server/src/cli/demo",
    "server/src/demo",
];

const TOP_LEVEL: [&str; 9] =
    ["Cargo.toml", "Cargo.lock", "README.md", "app", "server", "migrations", "style", "end2end", "target"];

pub fn domain_is_pure(_: &Place, sources: &[Source]) -> Outcome<Findings> {
    let is_domain = |source: &Source| source.path.starts_with("app/domain/src/");
    Ok(IMPURE
        .iter()
        .flat_map(|word| {
            let found = search(sources, Keep::CodeOnly, is_domain, |code| scan::lines_with(code, word));
            found.into_iter().map(move |at| format!("{at}: {}", word.trim()))
        })
        .collect())
}

pub fn sql(_: &Place, sources: &[Source]) -> Outcome<Findings> {
    let speaks = ["server/store/", "server/entity/", "server/testkit/", "migrations/"];
    let is_silent = |source: &Source| !speaks.iter().any(|folder| source.path.starts_with(folder));
    Ok(["sea_orm", "sqlx"]
        .iter()
        .flat_map(|name| search(sources, Keep::CodeOnly, is_silent, |code| scan::lines_with_word(code, name)))
        .collect())
}

/// Product code only: a test may prepare the past in a transaction of its own.
pub fn transactions(_: &Place, sources: &[Source]) -> Outcome<Findings> {
    let is_elsewhere = |source: &Source| !source.path.starts_with("server/store/") && !source.is_test();
    Ok([".begin(", ".begin_with", ".transaction(", ".transaction_async(", "TransactionTrait"]
        .iter()
        .flat_map(|call| search(sources, Keep::CodeOnly, is_elsewhere, |code| scan::lines_with(code, call)))
        .collect())
}

/// SVG takes its colours from classes: `fill="#123456"` would stand outside the tokens.
pub fn drawn_colours(_: &Place, sources: &[Source]) -> Outcome<Findings> {
    let draws = |source: &Source| source.path.starts_with("app/src/");
    let attributes = ["fill=\"#", "stroke=\"#", "color=\"#", "rgb(", "style=\""];
    Ok(attributes
        .iter()
        .flat_map(|text| search(sources, Keep::Strings, draws, |code| scan::lines_with(code, text)))
        .collect())
}

pub fn sentences(_: &Place, sources: &[Source]) -> Outcome<Findings> {
    let speaks = |source: &Source| {
        let is_data = CHINESE_DATA.iter().any(|path| source.path.starts_with(path));
        !is_data && !source.is_test()
    };
    let holds = |line: &str| line.chars().any(is_han);
    Ok(search(sources, Keep::Strings, speaks, |code| scan::lines_where(code, holds)))
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

pub fn get_functions(_: &Place, sources: &[Source]) -> Outcome<Findings> {
    Ok(search(sources, Keep::CodeOnly, |_| true, |code| scan::lines_with_word(code, "GetUrl")))
}

pub fn text_areas(_: &Place, sources: &[Source]) -> Outcome<Findings> {
    let is_elsewhere = |source: &Source| !source.path.starts_with("app/src/components/") && !source.is_test();
    Ok(search(sources, Keep::Strings, is_elsewhere, |code| scan::lines_with(code, "<textarea")))
}

pub fn features(_: &Place, sources: &[Source]) -> Outcome<Findings> {
    let is_elsewhere = |source: &Source| source.path != "app/src/lib.rs";
    let holds =
        |line: &str| (line.contains("cfg") && line.contains("feature =")) || line.contains("cfg(feature");
    Ok(search(sources, Keep::CodeOnly, is_elsewhere, |code| scan::lines_where(code, holds)))
}

pub fn unsafe_code(_: &Place, sources: &[Source]) -> Outcome<Findings> {
    Ok(search(sources, Keep::CodeOnly, |_| true, |code| scan::lines_with_word(code, "unsafe")))
}

pub fn lengths(_: &Place, sources: &[Source]) -> Outcome<Findings> {
    let is_read_by_people =
        |source: &&Source| [".rs", ".css", ".ts", ".html"].iter().any(|kind| source.path.ends_with(kind));
    Ok(sources
        .iter()
        .filter(is_read_by_people)
        .map(|source| (source, source.text.lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(source, lines)| format!("{}: {lines} lines", source.path))
        .collect())
}

pub fn top_level(place: &Place, _: &[Source]) -> Outcome<Findings> {
    let entries = std::fs::read_dir(&place.root).map_err(|fault| fault.to_string())?;
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().to_str().map(str::to_owned)).collect();
    names.sort();
    Ok(names
        .into_iter()
        .filter(|name| {
            !name.starts_with('.') && !name.starts_with("LICENSE") && !TOP_LEVEL.contains(&name.as_str())
        })
        .map(|name| format!("{name} is not in the layout"))
        .collect())
}

/// Looks through the product code of every Rust file outside this crate that `concerns` is true of.
fn search(
    sources: &[Source],
    keep: Keep,
    concerns: impl Fn(&Source) -> bool,
    lines: impl Fn(&str) -> Vec<usize>,
) -> Findings {
    sources
        .iter()
        .filter(|source| source.is_rust() && !source.path.starts_with(".cargo/") && concerns(source))
        .flat_map(|source| source.at(&lines(&scan::product_code(&source.text, keep))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    fn check(run: fn(&Place, &[Source]) -> Outcome<Findings>, path: &str, text: &str, wanted: usize) {
        let place = Place { root: "/nowhere".into(), target: "/nowhere/target".into() };
        let findings = run(&place, &[source(path, text)]).unwrap();
        assert_eq!(findings.len(), wanted, "{path}: {text}: {findings:?}");
    }

    #[test]
    fn each_check_finds_what_it_is_for() {
        check(domain_is_pure, "app/domain/src/a.rs", "fn f() { Utc::now() }", 1);
        check(domain_is_pure, "app/domain/src/a.rs", "// Utc::now()\nlet x = \"tokio\";", 0);
        check(domain_is_pure, "app/src/a.rs", "async fn f() {}", 0);
        check(sql, "server/src/a.rs", "use sea_orm::X;", 1);
        check(sql, "server/src/a.rs", "use sea_orm_migration::X;", 0);
        check(sql, "server/store/src/a.rs", "use sea_orm::X;", 0);
        check(transactions, "app/src/a.rs", "db.begin().await", 1);
        check(transactions, "server/store/src/a.rs", "db.begin().await", 0);
        check(transactions, "server/tests/it/a.rs", "db.begin().await", 0);
        check(drawn_colours, "app/src/charts/a.rs", "<rect fill=\"#aabbcc\"/>", 1);
        check(drawn_colours, "app/src/charts/a.rs", "<a href=\"#face\">", 0);
        check(sentences, "app/src/a.rs", "let x = \"揭榜\";", 1);
        check(sentences, "app/src/a.rs", "/// 揭榜\nfn f() {}\n#[cfg(test)]\nmod tests { \"揭榜\" }", 0);
        check(sentences, "app/domain/src/preset.rs", "\"揭榜\"", 0);
        check(get_functions, "app/src/a.rs", "input = GetUrl", 1);
        check(text_areas, "app/src/pages/a.rs", "<textarea>", 1);
        check(text_areas, "app/src/components/a.rs", "<textarea>", 0);
        check(features, "app/src/a.rs", "#[cfg(feature = \"ssr\")]", 1);
        check(features, "app/src/lib.rs", "#[cfg(feature = \"ssr\")]", 0);
        check(features, "app/src/a.rs", "#[cfg(not(feature = \"ssr\"))]", 1);
        check(unsafe_code, "app/src/a.rs", "unsafe { }", 1);
        check(unsafe_code, "app/src/a.rs", "#![forbid(unsafe_code)]", 0);
        check(lengths, "app/src/a.rs", &"x\n".repeat(451), 1);
        check(lengths, "app/src/a.rs", &"x\n".repeat(450), 0);
    }
}

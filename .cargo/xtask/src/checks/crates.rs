//! Which crates know which.

use crate::checks::{Findings, Source};
use crate::sh::{self, Flavour, Outcome, Place};
use crate::wasm::{TARGET, Toolchain};

const OURS: [&str; 9] =
    ["app", "client", "domain", "entity", "server", "store", "tables", "testkit", "xtask"];

/// Crates that bring a clock, randomness, threads or the network; the wasm file needs none either.
const IMPURE: [&str; 9] =
    ["async-std", "axum", "getrandom", "leptos", "rand", "reqwest", "sea-orm", "sqlx", "tokio"];

/// What would make the wasm file large or tell browsers about the database.
const NOT_IN_BROWSERS: [&str; 8] =
    ["axum", "leptos_meta", "leptos_router", "regex", "sea-orm", "sqlx", "sqlx-core", "tokio"];

/// The first with SQLite 3.51.3, which repairs a WAL reset that could lose a commit.
const SQLITE_SYS: [u32; 3] = [0, 37, 0];

pub fn domain_tree(place: &Place, _: &[Source]) -> Outcome<Findings> {
    let tree = tree(place, "domain", &[])?;
    Ok(among(&tree, &IMPURE, "domain"))
}

pub fn client_tree(place: &Place, _: &[Source]) -> Outcome<Findings> {
    // leptos_config asks for regex and is linked away as a whole; that none is left is read from the finished file.
    let tree = tree(place, "client", &["--target", TARGET, "--prune", "leptos_config"])?;
    Ok(among(&tree, &NOT_IN_BROWSERS, "client"))
}

pub fn migrations_tree(place: &Place, _: &[Source]) -> Outcome<Findings> {
    let tree = tree(place, "migrations", &[])?;
    Ok(among(&tree, &OURS, "migrations"))
}

pub fn domain_for_wasm(place: &Place, _: &[Source]) -> Outcome<Findings> {
    let toolchain = Toolchain::ensure(place)?;
    let mut cargo = toolchain.cargo(place, Flavour::Dev, "check");
    Ok(sh::run(cargo.args(["-p", "domain"])).err().into_iter().collect())
}

pub fn lock(place: &Place, _: &[Source]) -> Outcome<Findings> {
    let lock = sh::read_text(&place.root.join("Cargo.lock"))?;
    Ok(lock_findings(&lock))
}

fn lock_findings(lock: &str) -> Findings {
    let mut findings = Vec::new();
    match versions(lock, "sqlx").as_slice() {
        [_] => {}
        several => findings.push(format!("sqlx in Cargo.lock: {several:?}, wanted exactly one version")),
    }
    match versions(lock, "libsqlite3-sys").as_slice() {
        [version] if numbers(version).as_slice() >= SQLITE_SYS.as_slice() => {}
        found => {
            findings.push(format!("libsqlite3-sys in Cargo.lock: {found:?}, wanted one, at least 0.37.0"))
        }
    }
    findings
}

fn versions<'a>(lock: &'a str, name: &str) -> Vec<&'a str> {
    let head = format!("name = \"{name}\"");
    let mut lines = lock.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        if line == head {
            let version = lines.next().and_then(|next| next.strip_prefix("version = "));
            found.extend(version.map(|text| text.trim_matches('"')));
        }
    }
    found
}

fn numbers(version: &str) -> Vec<u32> {
    version.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect()
}

/// Names of the crates that end up in the package: what is only run while compiling does not count.
fn tree(place: &Place, package: &str, more: &[&str]) -> Outcome<Vec<String>> {
    let mut cargo = place.cargo(Flavour::Dev);
    cargo.args(["tree", "--locked", "-p", package, "-e", "normal,no-proc-macro", "--prefix", "none"]);
    let text = sh::output(cargo.args(["--format", "{p}"]).args(more))?;
    Ok(text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect())
}

fn among(tree: &[String], refused: &[&str], package: &str) -> Findings {
    let is_there = |name: &&&str| tree.iter().any(|found| found == **name);
    refused.iter().filter(is_there).map(|name| format!("{package} depends on {name}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock_with(sqlx: &[&str], sqlite: &str) -> String {
        let package = |name: &str, version: &str| {
            format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n\n")
        };
        let mut lock: String = sqlx.iter().map(|version| package("sqlx", version)).collect();
        lock.push_str(&package("sqlx-core", "0.8.0"));
        lock.push_str(&package("libsqlite3-sys", sqlite));
        lock
    }

    #[test]
    fn a_second_sqlx_or_an_old_sqlite_is_found() {
        let cases: [(&[&str], &str, usize); 5] = [
            (&["0.9.0"], "0.37.0", 0),
            (&["0.9.0"], "0.38.1", 0),
            (&["0.9.0"], "0.36.9", 1),
            (&["0.8.6", "0.9.0"], "1.0.0", 1),
            (&[], "0.9.0", 2),
        ];
        for (sqlx, sqlite, wanted) in cases {
            let findings = lock_findings(&lock_with(sqlx, sqlite));
            assert_eq!(findings.len(), wanted, "{sqlx:?} {sqlite}: {findings:?}");
        }
    }
}

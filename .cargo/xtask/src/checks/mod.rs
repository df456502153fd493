//! What must stay true of the source, each as a named check with a message that says where and why.
//! Deliberately absent: what the compiler, clippy or a test of the product can hold.

mod crates;
mod locales;
mod scan;
mod sources;
mod styles;

use crate::sh::{self, Outcome, Place};

/// Folders that hold nothing of ours.
const NOT_OURS: [&str; 6] = [".git", "target", "node_modules", "test-results", "playwright-report", ".data"];

/// Kinds of files that are read.
const READ: [&str; 6] = ["rs", "css", "json", "ts", "html", "txt"];

/// One text file of the workspace; `path` is relative to the root, with `/` between.
pub struct Source {
    pub path: String,
    pub text: String,
}

impl Source {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether the file is a test or exists for tests only.
    fn is_test(&self) -> bool {
        self.path.contains("/tests/")
            || self.path.starts_with("server/testkit/")
            || self.path.ends_with("tests.rs")
    }

    /// `path:line` for each line.
    fn at(&self, lines: &[usize]) -> Vec<String> {
        lines.iter().map(|line| format!("{}:{line}", self.path)).collect()
    }
}

/// What a check found wrong, one line each; empty is good.
pub type Findings = Vec<String>;

struct Check {
    /// The sentence that must stay true.
    promise: &'static str,
    run: fn(&Place, &[Source]) -> Outcome<Findings>,
}

const CHECKS: [Check; 18] = [
    Check {
        promise: "domain is pure: no async, clock, randomness, input or output",
        run: sources::domain_is_pure,
    },
    Check { promise: "domain depends on nothing impure", run: crates::domain_tree },
    Check { promise: "domain compiles for wasm32 by itself", run: crates::domain_for_wasm },
    Check { promise: "the wasm file holds no router, database, runtime or regex", run: crates::client_tree },
    Check { promise: "migrations depend on nothing of ours", run: crates::migrations_tree },
    Check { promise: "Cargo.lock holds one sqlx and a libsqlite3-sys with the WAL fix", run: crates::lock },
    Check {
        promise: "only store, entity, migrations and testkit name the database crates",
        run: sources::sql,
    },
    Check { promise: "only store begins a transaction", run: sources::transactions },
    Check {
        promise: "colours, sizes and durations are literals only in style/tokens",
        run: styles::literals,
    },
    Check { promise: "drawings name no colour", run: sources::drawn_colours },
    Check { promise: "both catalogues have the same keys and placeholders", run: locales::agree },
    Check {
        promise: "Chinese sentences stand only in the catalogues and mail templates",
        run: sources::sentences,
    },
    Check { promise: "no server function is called by GET", run: sources::get_functions },
    Check { promise: "a raw <textarea> stands only in app/src/components", run: sources::text_areas },
    Check { promise: "cfg(feature) stands only in app/src/lib.rs", run: sources::features },
    Check { promise: "nothing unsafe", run: sources::unsafe_code },
    Check { promise: "files have at most 450 lines", run: sources::lengths },
    Check { promise: "the top level is as in the layout", run: sources::top_level },
];

/// Runs every check, prints each, and fails with their number where one found something.
pub fn run(place: &Place) -> Outcome {
    let sources = read_sources(place)?;
    let mut broken = 0;
    for check in &CHECKS {
        let findings = (check.run)(place, &sources)?;
        println!("  {} {}", if findings.is_empty() { "ok " } else { "NOT" }, check.promise);
        for finding in &findings {
            println!("        {finding}");
        }
        broken += usize::from(!findings.is_empty());
    }
    if broken == 0 { Ok(()) } else { Err(format!("{broken} of {} boundary checks are broken", CHECKS.len())) }
}

fn read_sources(place: &Place) -> Outcome<Vec<Source>> {
    let mut sources = Vec::new();
    for path in sh::files_below(&place.root, &NOT_OURS)? {
        if path.rsplit('.').next().is_some_and(|kind| READ.contains(&kind)) {
            let text = sh::read_text(&place.root.join(&path))?;
            sources.push(Source { path, text });
        }
    }
    Ok(sources)
}

//! `cargo xtask test`: everything that has to hold before a change is finished, step by step.
//! Deliberately absent: stopping at the first failure; a later step may tell more.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::sh::{self, Flavour, Outcome, Place};
use crate::wasm::Toolchain;
use crate::{assets, bench_scoring, checks, install};

#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Always,
    /// Not with `--fast`.
    Browser,
    /// Only with this flag: it takes long, or installs what nothing else here needs.
    Asked(&'static str),
}

impl When {
    fn is_asked_by(self, flag: &str) -> bool {
        matches!(self, Self::Asked(own) if own == flag)
    }
}

struct Step {
    name: &'static str,
    about: &'static str,
    when: When,
    run: fn(&Place) -> Outcome,
}

/// In the order in which they run: what is quick first, and the site before whatever compiles it in.
const STEPS: [Step; 12] = [
    Step { name: "format", about: "cargo fmt --check", when: When::Always, run: format },
    Step {
        name: "boundaries",
        about: "what must stay true of the source",
        when: When::Always,
        run: checks::run,
    },
    Step { name: "site", about: "wasm, style, budgets", when: When::Always, run: site },
    Step { name: "lints", about: "clippy on the server's crates", when: When::Always, run: lints },
    Step { name: "lints-wasm", about: "clippy on the browser's part", when: When::Always, run: lints_wasm },
    Step { name: "lints-build", about: "clippy on the build", when: When::Always, run: lints_build },
    Step { name: "test", about: "unit, store, HTTP and mail tests", when: When::Always, run: test },
    Step { name: "test-build", about: "tests of the build", when: When::Always, run: test_build },
    Step { name: "fuzz", about: "readers of files on damaged input", when: When::Always, run: fuzz },
    Step {
        name: "properties",
        about: "what holds of any input, on inputs nobody saw before",
        when: When::Asked("--properties"),
        run: properties,
    },
    Step {
        name: "oracle",
        about: "statistics beside Python's libraries on random panels",
        when: When::Asked("--oracle"),
        run: bench_scoring::oracle,
    },
    Step { name: "browser", about: "Playwright in Chromium", when: When::Browser, run: browser },
];

/// Runs the steps asked for. The last line is `N passed, N failed`.
pub fn run(place: &Place, arguments: &[String]) -> Outcome<ExitCode> {
    let steps = chosen(arguments)?;
    let mut failures = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        println!("\n== {}/{} {}: {}", index + 1, steps.len(), step.name, step.about);
        let began = Instant::now();
        let outcome = (step.run)(place);
        let seconds = began.elapsed().as_secs_f64();
        match outcome {
            Ok(()) => println!("== {} passed in {seconds:.1} s", step.name),
            Err(message) => {
                println!("== {} FAILED after {seconds:.1} s: {message}", step.name);
                failures.push(format!("{}: {message}", step.name));
            }
        }
    }
    println!();
    for failure in &failures {
        println!("failed: {failure}");
    }
    println!("{} passed, {} failed", steps.len() - failures.len(), failures.len());
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn chosen(arguments: &[String]) -> Outcome<Vec<&'static Step>> {
    let mut named: Vec<&str> = Vec::new();
    let mut asked: Vec<&str> = Vec::new();
    let mut is_fast = false;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--fast" => is_fast = true,
            "--step" => named.push(rest.next().ok_or("--step needs a name")?),
            flag if STEPS.iter().any(|step| step.when.is_asked_by(flag)) => asked.push(flag),
            other => {
                return Err(format!(
                    "no such flag: {other}; known are --fast, --properties, --oracle and --step NAME"
                ));
            }
        }
    }
    let known = STEPS.map(|step| step.name);
    if let Some(unknown) = named.iter().find(|name| !known.contains(name)) {
        return Err(format!("no such step: {unknown}; the steps are {}", known.join(", ")));
    }
    let is_due = |when: When| match when {
        When::Always => true,
        When::Browser => !is_fast,
        When::Asked(flag) => asked.contains(&flag),
    };
    let is_chosen =
        |step: &&Step| if named.is_empty() { is_due(step.when) } else { named.contains(&step.name) };
    Ok(STEPS.iter().filter(is_chosen).collect())
}

fn format(place: &Place) -> Outcome {
    install::cargo_part(place, "fmt", "rustfmt")?;
    sh::run(place.cargo(Flavour::Dev).args(["fmt", "--all", "--check"]))
}

fn site(place: &Place) -> Outcome {
    assets::build(place, Flavour::Dev)?.within_budget()
}

fn lints(place: &Place) -> Outcome {
    install::cargo_part(place, "clippy", "clippy")?;
    sh::run(place.cargo(Flavour::Dev).args(["clippy", "--all-targets", "--", "-D", "warnings"]))
}

fn lints_wasm(place: &Place) -> Outcome {
    let toolchain = Toolchain::ensure(place)?;
    // Debian's Rust for wasm32 has no clippy; the compiler's own warnings still count there.
    let verb = if toolchain == Toolchain::InUse { "clippy" } else { "check" };
    let mut cargo = toolchain.cargo(place, Flavour::Dev, verb);
    // Clippy goes on to the crates of the workspace that this one is made of, with the features it gives them.
    cargo.args(["-p", "client"]);
    if verb == "clippy" {
        cargo.args(["--", "-D", "warnings"]);
    }
    sh::run(&mut cargo)
}

fn lints_build(place: &Place) -> Outcome {
    sh::run(place.cargo(Flavour::Dev).args([
        "clippy",
        "-p",
        "xtask",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))
}

fn test(place: &Place) -> Outcome {
    install::postgres(place)?;
    let chance = std::env::var(CHANCES).unwrap_or_else(|_| "1".to_owned());
    sh::run(place.cargo(Flavour::Dev).arg("test").env(CHANCES, chance))
}

/// Where the property tests take their chances from. `test` gives them the same each time: a change is refused for what it
/// changed, not for a rare input that was always there. Those are looked for by `properties`.
const CHANCES: &str = "PROPTEST_RNG_SEED";

/// How many other chances one look tries: some minutes.
const ROUNDS: u64 = 20;

/// The property tests again and again on inputs that nobody saw before. A failure names its chances, and the same value
/// of `PROPTEST_RNG_SEED` brings it back.
fn properties(place: &Place) -> Outcome {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|fault| fault.to_string())?.as_secs();
    for round in now..now + ROUNDS {
        println!("{CHANCES}={round}");
        let suites: [&[&str]; 2] =
            [&["-p", "domain", "-p", "tables"], &["-p", "server", "--test", "it", "package_property"]];
        for suite in suites {
            let mut cargo = place.cargo(Flavour::Dev);
            cargo.args(["test", "--quiet"]).args(suite).env(CHANCES, round.to_string());
            sh::run(&mut cargo).map_err(|message| format!("{message}, with {CHANCES}={round}"))?;
        }
    }
    Ok(())
}

fn test_build(place: &Place) -> Outcome {
    sh::run(place.cargo(Flavour::Dev).args(["test", "-p", "xtask"]))
}

/// The attackers of the readers, a program each; see `server/fuzz`.
const FUZZERS: [&str; 4] = ["score_table", "assignment_table", "rule", "result_package"];

/// A short look with the same chances each time: that the attackers still build, that every input which once did harm is
/// harmless, and some thousand damaged ones. Whoever changes a reader lets them run for longer.
fn fuzz(place: &Place) -> Outcome {
    install::cxx(place)?;
    let (folder, target) = (place.root.join("server/fuzz"), place.target.join("fuzz"));
    let (found, corpus) = (target.join("found"), target.join("corpus"));
    empty(&found)?;
    for fuzzer in FUZZERS {
        // Whatever looks new is kept here, and forgotten: the next run has the same chances.
        empty(&corpus)?;
        let mut cargo = place.cargo(Flavour::Dev);
        cargo.current_dir(&folder).env("CARGO_TARGET_DIR", &target);
        cargo.args(["run", "--release", "--locked", "--quiet", "--bin", fuzzer, "--"]);
        cargo
            .arg(&corpus)
            .arg(format!("seeds/{fuzzer}"))
            .arg(format!("-artifact_prefix={}/", found.display()));
        cargo.args([
            "-runs=5000",
            "-seed=1",
            "-timeout=60",
            "-rss_limit_mb=2048",
            "-max_len=16384",
            "-verbosity=0",
        ]);
        sh::run(&mut cargo)?;
    }
    Ok(())
}

fn empty(folder: &Path) -> Outcome {
    sh::remove_folder(folder)?;
    sh::make_folder(folder)
}

/// `UNVEIL_BIN` names another program to look at, a release build for instance; else it is the tested one.
fn browser(place: &Place) -> Outcome {
    let chromium = install::chromium(place)?;
    if !install::node_packages(place)? {
        return Err(
            "Node and npm are needed for the browser tests; on Debian: apt-get install nodejs npm".to_owned()
        );
    }
    let program = match std::env::var_os("UNVEIL_BIN") {
        Some(named) => std::path::absolute(named).map_err(|fault| format!("UNVEIL_BIN: {fault}"))?,
        None => tested_program(place)?,
    };
    let mut playwright = place.program(place.end2end().join("node_modules/.bin/playwright"));
    playwright.current_dir(place.end2end()).arg("test").env("CHROMIUM", chromium).env("UNVEIL_BIN", program);
    playwright.env("UNVEIL_E2E_DATA", place.target.join("end2end"));
    sh::run(&mut playwright)
}

/// The program as `cargo test` builds it for the server's own tests: `cargo build` would compile our crates once more, for
/// features that only tests turn on.
fn tested_program(place: &Place) -> Outcome<PathBuf> {
    sh::run(place.cargo(Flavour::Dev).args(["test", "--no-run", "--quiet"]))?;
    Ok(place.target.join("debug/unveil"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(arguments: &[&str]) -> Outcome<Vec<&'static str>> {
        let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
        Ok(chosen(&arguments)?.iter().map(|step| step.name).collect())
    }

    #[test]
    fn flags_choose_the_steps() {
        assert_eq!(names(&[]).unwrap().len(), STEPS.len() - 2);
        assert_eq!(names(&["--oracle"]).unwrap().len(), STEPS.len() - 1);
        assert_eq!(names(&["--oracle", "--properties"]).unwrap().len(), STEPS.len());
        assert!(names(&["--fast", "--oracle"]).unwrap().contains(&"oracle"));
        assert_eq!(names(&["--step", "oracle"]).unwrap(), ["oracle"]);
        assert!(!names(&["--fast"]).unwrap().contains(&"browser"));
        assert_eq!(names(&["--step", "browser", "--fast"]).unwrap(), ["browser"]);
        assert_eq!(names(&["--step", "test", "--step", "format"]).unwrap(), ["format", "test"]);
        assert!(names(&["--step", "nothing"]).is_err());
        assert!(names(&["--step"]).is_err());
        assert!(names(&["--slow"]).is_err());
    }
}

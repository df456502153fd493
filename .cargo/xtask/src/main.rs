//! The build: `cargo xtask serve | test | build | bench`. What each does stands in [`USAGE`].
//! Deliberately absent: anything the product needs at run time.

mod assets;
mod bench;
mod bench_scoring;
mod checks;
mod install;
mod serve;
mod sh;
mod style;
mod test_steps;
mod wasm;

use std::process::ExitCode;

use crate::sh::{Outcome, Place};

const USAGE: &str = "\
cargo xtask serve [--release] [--fresh] [FLAGS]  build everything, load the demo, serve it on http://127.0.0.1:3000
                                                 --fresh empties the demo first; FLAGS go to `unveil serve`
cargo xtask test [--fast] [--step NAME]...       formatting, boundaries, lints, all tests, browser tests
                                                 --fast leaves the browser out; --oracle also compares the statistics with
                                                 Python's libraries; --properties tries what holds of any input on
                                                 other inputs each time; --step runs only the named steps
cargo xtask build [--release]                    with --release: one file with everything inside, dist/unveil in the
                                                 target folder
cargo xtask bench [scoring]                      figures of a release build, each beside a reference: the site, or the
                                                 scoring engine";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Outcome<ExitCode> {
    let (verb, rest) = match arguments.split_first() {
        Some((verb, rest)) => (verb.as_str(), rest),
        None => ("help", arguments),
    };
    match verb {
        "serve" => serve::run(&Place::find()?, rest).map(|()| ExitCode::SUCCESS),
        "test" => test_steps::run(&Place::find()?, rest),
        "bench" => bench::run(&Place::find()?, rest).map(|()| ExitCode::SUCCESS),
        "build" => build(&Place::find()?, rest).map(|()| ExitCode::SUCCESS),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => Err(format!("no such command: {other}\n{USAGE}")),
    }
}

fn build(place: &Place, arguments: &[String]) -> Outcome {
    let mut flavour = sh::Flavour::Dev;
    for argument in arguments {
        match argument.as_str() {
            "--release" => flavour = sh::Flavour::Release,
            other => return Err(format!("no such flag: {other}\n{USAGE}")),
        }
    }
    let binary = serve::build_program(place, flavour)?;
    println!("built {}", binary.display());
    Ok(())
}

//! What has to be on the machine. Installs it on Debian as root and says so first; elsewhere stops with the remedy.
//! Deliberately absent: removing or upgrading anything.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use crate::sh::{self, Outcome, Place};

/// A package mirror that needs longer does not answer.
const DOWNLOAD_LIMIT: Duration = Duration::from_secs(15 * 60);

/// Holds what the first `apt-get update` said, so that there is only one.
static UPDATED: OnceLock<Outcome> = OnceLock::new();

/// Installs Debian packages, or says in one line which and how.
///
/// `purpose` completes the sentence "… is needed for".
pub fn debian_packages(place: &Place, packages: &[&str], purpose: &str) -> Outcome {
    let line = format!("apt-get install --no-install-recommends {}", packages.join(" "));
    if !is_root() || sh::find_program("apt-get").is_none() {
        return Err(format!("{} needed for {purpose}; as root on Debian: {line}", packages.join(" ")));
    }
    println!("installing for {purpose}: {}", packages.join(" "));
    UPDATED
        .get_or_init(|| {
            let mut update = place.program("apt-get");
            sh::run_within(
                update.arg("update").arg("-qq").env("DEBIAN_FRONTEND", "noninteractive"),
                DOWNLOAD_LIMIT,
            )
        })
        .clone()?;
    let mut install = place.program("apt-get");
    install.args(["install", "-y", "-q", "--no-install-recommends"]).args(packages);
    sh::run_within(install.env("DEBIAN_FRONTEND", "noninteractive"), DOWNLOAD_LIMIT)
        .map_err(|fault| format!("{fault}; {purpose} needs: {line}"))
}

/// Asks the process table, since no environment variable tells it for certain.
fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("Uid:"))
        .and_then(|ids| ids.split_whitespace().nth(1))
        .is_some_and(|effective| effective == "0")
}

/// A subcommand of cargo that minimal toolchains lack.
pub fn cargo_part(place: &Place, subcommand: &str, component: &str) -> Outcome {
    if sh::output(place.program("cargo").args([subcommand, "--version"])).is_ok() {
        return Ok(());
    }
    if sh::find_program("rustup").is_none() {
        return Err(format!(
            "cargo {subcommand} is missing; your Rust's package for it is {component} or rust-{component}"
        ));
    }
    println!("installing for the lints: rustup component add {component}");
    sh::run_within(place.program("rustup").args(["component", "add", component]), DOWNLOAD_LIMIT)
}

/// PostgreSQL's server programs, unless `TEST_POSTGRES_URL` names a running server.
pub fn postgres(place: &Place) -> Outcome {
    if std::env::var_os("TEST_POSTGRES_URL").is_some() || has_initdb() {
        return Ok(());
    }
    debian_packages(place, &["postgresql"], "the tests on PostgreSQL (or set TEST_POSTGRES_URL)")?;
    if has_initdb() { Ok(()) } else { Err("postgresql is installed, but there is no initdb".to_owned()) }
}

fn has_initdb() -> bool {
    if sh::find_program("initdb").is_some() {
        return true;
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.map(|version| version.path().join("bin/initdb")).any(|file| file.is_file())
}

/// A compiler for the C++ that the fuzzer's runtime is written in: `CXX`, else `c++`.
pub fn cxx(place: &Place) -> Outcome {
    if std::env::var_os("CXX").is_some() || sh::find_program("c++").is_some() {
        return Ok(());
    }
    debian_packages(place, &["g++"], "the fuzzer's runtime (or set CXX to a C++ compiler you have)")
}

/// The browser of the tests: `CHROMIUM`, else Debian's, which is installed where it is missing.
pub fn chromium(place: &Place) -> Outcome<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        let is_there = named.is_file();
        return if is_there {
            Ok(named)
        } else {
            Err(format!("CHROMIUM names no file: {}", named.display()))
        };
    }
    let usual = PathBuf::from("/usr/bin/chromium");
    if !usual.is_file() {
        debian_packages(
            place,
            &["chromium", "fonts-noto-cjk"],
            "the browser tests (or set CHROMIUM to a Chromium you have)",
        )?;
    } else if !has_chinese_font() {
        debian_packages(place, &["fonts-noto-cjk"], "Chinese text in the browser tests")?;
    }
    Ok(usual)
}

fn has_chinese_font() -> bool {
    // Without fontconfig's own tool nobody can tell; the browser then draws what it has.
    sh::find_program("fc-list").is_none_or(|tool| {
        sh::output(std::process::Command::new(tool).arg(":lang=zh-cn"))
            .is_ok_and(|fonts| !fonts.trim().is_empty())
    })
}

/// The packages of `end2end/package-lock.json`. `Ok(false)` where there is no Node.
pub fn node_packages(place: &Place) -> Outcome<bool> {
    if sh::find_program("node").is_none() || sh::find_program("npm").is_none() {
        return Ok(false);
    }
    let folder = place.end2end();
    let lock = sh::sha256(&sh::read(&folder.join("package-lock.json"))?);
    let stamp = folder.join("node_modules/.lock-sha256");
    if is_stamped(&stamp, &lock) {
        return Ok(true);
    }
    println!("installing the packages of end2end/package-lock.json");
    let mut npm = place.program("npm");
    npm.current_dir(&folder)
        .args(["ci", "--no-audit", "--no-fund"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    sh::run_within(&mut npm, DOWNLOAD_LIMIT)?;
    sh::write_changed(&stamp, lock.as_bytes())?;
    Ok(true)
}

/// A Python with the libraries of `end2end/oracle/requirements.txt`, in a folder of its own below the target folder.
pub fn oracle_python(place: &Place) -> Outcome<PathBuf> {
    let requirements = place.end2end().join("oracle/requirements.txt");
    let wanted = sh::sha256(&sh::read(&requirements)?);
    let folder = place.target.join("oracle/venv");
    let (python, stamp) = (folder.join("bin/python"), folder.join(".requirements-sha256"));
    if is_stamped(&stamp, &wanted) && python.is_file() {
        return Ok(python);
    }
    println!("installing the libraries of end2end/oracle/requirements.txt");
    let make = |command: &str| {
        let mut venv = place.program(command);
        sh::run_within(venv.args(["-m", "venv", "--clear"]).arg(&folder), DOWNLOAD_LIMIT)
    };
    if make("python3").is_err() {
        debian_packages(place, &["python3", "python3-venv"], "the comparison with Python's libraries")?;
        make("python3")?;
    }
    let mut pip = place.program(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(&requirements);
    sh::run_within(&mut pip, DOWNLOAD_LIMIT)?;
    sh::write_changed(&stamp, wanted.as_bytes())?;
    Ok(python)
}

fn is_stamped(stamp: &Path, expected: &str) -> bool {
    std::fs::read_to_string(stamp).is_ok_and(|text| text == expected)
}

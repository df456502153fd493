//! The browser's part: crate `client` compiled for wasm32, bound to JavaScript, made small.
//! Deliberately absent: any freshness rule of our own; cargo decides what to compile, the rest follows the file it left.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use wasm_bindgen_cli_support::Bindgen;

use crate::install;
use crate::sh::{self, Flavour, Outcome, Place};

pub const TARGET: &str = "wasm32-unknown-unknown";

const PROFILE: &str = "wasm-release";

/// `rustup target add` takes seconds where it can reach its server.
const TARGET_ADD_LIMIT: Duration = Duration::from_secs(180);

/// Debian's own Rust with the sources of std, for machines that cannot reach rustup's server.
const DEBIAN_PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"];
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";

/// What rustc's wasm may contain, so that wasm-opt accepts it.
const WASM_OPT: [&str; 7] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-sign-ext",
    "--enable-mutable-globals",
];

/// Which Rust compiles for wasm32.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Toolchain {
    /// The one in use, with the target's std added.
    InUse,
    /// Debian's, which compiles std along.
    Debian,
}

/// Crates that betray themselves by the file names in their panic messages, and must not be in the finished file.
const NOT_IN_BROWSERS: [&str; 3] = ["/regex-automata-", "/regex-syntax-", "/leptos_router-"];

impl Toolchain {
    /// Makes sure of one. `UNVEIL_WASM_TOOLCHAIN=debian` asks for Debian's even where the other would do.
    pub fn ensure(place: &Place) -> Outcome<Self> {
        if std::env::var("UNVEIL_WASM_TOOLCHAIN").is_ok_and(|wish| wish == "debian") {
            return Self::debian(place);
        }
        if has_target(place) {
            return Ok(Self::InUse);
        }
        if sh::find_program("rustup").is_some() {
            println!("installing for the wasm file: rustup target add {TARGET}");
            let mut add = place.program("rustup");
            match sh::run_within(add.args(["target", "add", TARGET]), TARGET_ADD_LIMIT) {
                Ok(()) if has_target(place) => return Ok(Self::InUse),
                Ok(()) => println!("the target was added to another toolchain than the one in use"),
                Err(fault) => println!("{fault}; taking Debian's Rust instead"),
            }
        }
        Self::debian(place)
    }

    fn debian(place: &Place) -> Outcome<Self> {
        let is_there = DEBIAN_PACKAGES.iter().all(|package| is_installed(place, package));
        if !is_there {
            install::debian_packages(
                place,
                &DEBIAN_PACKAGES,
                "the wasm file (or: rustup target add, where it works)",
            )?;
        }
        Ok(Self::Debian)
    }

    /// `cargo <verb>` for wasm32, in a target folder of its own.
    pub fn cargo(self, place: &Place, flavour: Flavour, verb: &str) -> Command {
        let mut command = place.cargo(flavour);
        match self {
            Self::InUse => {
                command.arg(verb);
            }
            Self::Debian => {
                let mut debian = place.program(DEBIAN_CARGO);
                for (key, value) in command.get_envs() {
                    match value {
                        Some(value) => debian.env(key, value),
                        None => debian.env_remove(key),
                    };
                }
                debian.env_remove("RUSTUP_TOOLCHAIN").env_remove("LD_LIBRARY_PATH");
                debian.env("RUSTC_BOOTSTRAP", "1").env("RUSTC", DEBIAN_RUSTC);
                debian.args([verb, "-Zbuild-std=std,panic_abort"]);
                command = debian;
            }
        }
        command.env("CARGO_TARGET_DIR", self.target_folder(place)).args(["--target", TARGET]);
        command
    }

    fn target_folder(self, place: &Place) -> PathBuf {
        place.target.join(match self {
            Self::InUse => "wasm",
            Self::Debian => "wasm-debian",
        })
    }
}

fn has_target(place: &Place) -> bool {
    let mut rustc = place.program("rustc");
    rustc.args(["--print", "target-libdir", "--target", TARGET]);
    let Ok(folder) = sh::output(&mut rustc) else { return false };
    let files = std::fs::read_dir(folder.trim()).into_iter().flatten().flatten();
    files.map(|file| file.file_name()).any(|name| name.to_string_lossy().starts_with("libstd-"))
}

fn is_installed(place: &Place, package: &str) -> bool {
    let mut query = place.program("dpkg-query");
    sh::output(query.args(["-W", "-f=${Status}", package])).is_ok_and(|status| status.ends_with(" installed"))
}

/// The finished browser part.
pub struct Client {
    /// The JavaScript module that loads the wasm file from the address it is given.
    pub script: Vec<u8>,
    pub wasm: Vec<u8>,
    /// Modules the script imports, path below `snippets/` and content.
    pub snippets: Vec<(String, Vec<u8>)>,
}

/// Compiles, binds and shrinks. Without Node the wasm file stays larger, and a line says so.
pub fn build(place: &Place, flavour: Flavour) -> Outcome<Client> {
    let toolchain = Toolchain::ensure(place)?;
    println!("wasm: compiling the client");
    let mut cargo = toolchain.cargo(place, flavour, "build");
    sh::run(cargo.args(["-p", "client", "--profile", PROFILE]))?;
    let compiled = toolchain.target_folder(place).join(TARGET).join(PROFILE).join("client.wasm");
    let optimiser = optimiser(place)?;
    let folder = place.target.join("wasm-bound").join(flavour.name());
    let stamp = stamp(&compiled, optimiser.as_deref())?;
    let stamped = folder.join("stamp");
    if !std::fs::read_to_string(&stamped).is_ok_and(|old| old == stamp) {
        bind(&compiled, &folder)?;
        if let Some(optimiser) = &optimiser {
            optimise(place, optimiser, &folder.join("client_bg.wasm"))?;
        }
        sh::write_changed(&stamped, stamp.as_bytes())?;
    }
    let client = collect(&folder)?;
    let holds = |name: &&&str| client.wasm.windows(name.len()).any(|bytes| bytes == name.as_bytes());
    match NOT_IN_BROWSERS.iter().find(holds) {
        Some(name) => {
            Err(format!("the wasm file holds {}, which belongs on the server", name.trim_matches(['/', '-'])))
        }
        None => Ok(client),
    }
}

/// wasm-opt of the npm package `binaryen`, `None` without Node.
fn optimiser(place: &Place) -> Outcome<Option<PathBuf>> {
    if !install::node_packages(place)? {
        println!("wasm: there is no Node, so wasm-opt is left out and the wasm file is about twice as large");
        return Ok(None);
    }
    Ok(Some(place.end2end().join("node_modules/.bin/wasm-opt")))
}

/// Changes when the compiled file or the way it is treated does.
fn stamp(compiled: &Path, optimiser: Option<&Path>) -> Outcome<String> {
    let treatment = match optimiser {
        Some(tool) => format!("{} {}", sh::sha256(&sh::read(tool)?), WASM_OPT.join(" ")),
        None => "none".to_owned(),
    };
    Ok(format!("{} {treatment}\n", sh::sha256(&sh::read(compiled)?)))
}

fn bind(compiled: &Path, folder: &Path) -> Outcome {
    println!("wasm: binding to JavaScript");
    sh::remove_folder(folder)?;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .out_name("client")
        .web(true)
        .map_err(|fault| format!("wasm-bindgen: {fault:#}"))?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen.generate(folder).map_err(|fault| format!("wasm-bindgen: {fault:#}"))
}

fn optimise(place: &Place, tool: &Path, file: &Path) -> Outcome {
    println!("wasm: making it small");
    let smaller = file.with_extension("wasm.smaller");
    let mut command = place.program(tool);
    sh::run(command.args(WASM_OPT).arg(file).arg("-o").arg(&smaller))?;
    std::fs::rename(&smaller, file).map_err(|fault| format!("cannot replace {}: {fault}", file.display()))
}

fn collect(folder: &Path) -> Outcome<Client> {
    let mut snippets = Vec::new();
    let below = folder.join("snippets");
    if below.is_dir() {
        for name in sh::files_below(&below, &[])? {
            let content = sh::read(&below.join(&name))?;
            snippets.push((name, content));
        }
    }
    Ok(Client {
        script: sh::read(&folder.join("client.js"))?,
        wasm: sh::read(&folder.join("client_bg.wasm"))?,
        snippets,
    })
}

//! `build` and `serve`: the program, with the site inside. Deliberately absent: watching files.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};

use crate::assets;
use crate::sh::{self, Flavour, Outcome, Place};

/// Where the demo is served unless `UNVEIL_ADDR` says otherwise.
const ADDRESS: &str = "127.0.0.1:3000";

/// Builds site and server; with [`Flavour::Release`] also leaves the one file to carry away. Gives back the program.
pub fn build_program(place: &Place, flavour: Flavour) -> Outcome<PathBuf> {
    let site = assets::build(place, flavour)?;
    let program = build_server(place, flavour)?;
    match flavour {
        Flavour::Dev => Ok(program),
        Flavour::Release => take_away(place, &program, &site.client_name),
    }
}

/// The server alone, with the site that lies there.
fn build_server(place: &Place, flavour: Flavour) -> Outcome<PathBuf> {
    println!("server: compiling");
    let mut cargo = place.cargo(flavour);
    cargo.args(["build", "--bin", "unveil"]);
    let profile = match flavour {
        Flavour::Dev => "debug",
        Flavour::Release => {
            cargo.arg("--release");
            "release"
        }
    };
    sh::run(&mut cargo)?;
    Ok(place.target.join(profile).join("unveil"))
}

/// Puts the finished file into place under its name at once, since an older one may be running.
fn take_away(place: &Place, built: &Path, client_name: &str) -> Outcome<PathBuf> {
    let program = sh::read(built)?;
    if !program.windows(client_name.len()).any(|bytes| bytes == client_name.as_bytes()) {
        return Err(format!("{} was built without the site", built.display()));
    }
    let folder = place.target.join("dist");
    sh::make_folder(&folder)?;
    let (partial, finished) = (folder.join(".unveil.partial"), folder.join("unveil"));
    std::fs::copy(built, &partial)
        .and_then(|_| std::fs::rename(&partial, &finished))
        .map_err(|fault| format!("cannot write {}: {fault}", finished.display()))?;
    Ok(finished)
}

/// Builds and becomes the demo server, so that Ctrl-C reaches it alone.
pub fn run(place: &Place, arguments: &[String]) -> Outcome {
    let mut flavour = Flavour::Dev;
    let mut is_fresh = false;
    let mut passed_on = Vec::new();
    for argument in arguments {
        match argument.as_str() {
            "--release" => flavour = Flavour::Release,
            "--fresh" => is_fresh = true,
            "--" => {}
            other => passed_on.push(other),
        }
    }
    let program = build_program(place, flavour)?;
    let demo = place.target.join("demo");
    if is_fresh {
        sh::remove_folder(&demo)?;
    }
    sh::make_folder(&demo)?;
    let address = std::env::var("UNVEIL_ADDR").unwrap_or_else(|_| ADDRESS.to_owned());
    println!("serving the demo of {} on http://{address}", demo.display());
    let mut server = place.program(program);
    server.args(["serve", "--demo"]).args(passed_on);
    server.env("UNVEIL_DATA", &demo).env("UNVEIL_ADDR", address);
    Err(format!("cannot start the server: {}", server.exec()))
}

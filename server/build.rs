//! Takes the built site (folder `site` in the target folder, left by `cargo xtask`) into the program as a table.
//! Without a site the table is empty, so that a plain `cargo check` works. Only std: this runs before everything else.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let out = PathBuf::from(variable("OUT_DIR")?);
    let site = target_folder(&out)?.join("site");
    // Cargo looks at a folder's newest file, but runs this script each time while the folder is missing.
    fs::create_dir_all(&site)?;
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", site.display());

    let manifest = fs::read_to_string(site.join("manifest.json")).unwrap_or_default();
    let mut code = String::new();
    for (constant, key) in [("CLIENT", "client"), ("CSS", "css")] {
        let name = entry(&manifest, key).unwrap_or_default();
        line(&mut code, &format!("const {constant}: &str = {name:?};"));
    }
    line(&mut code, "static ASSETS: &[Asset] = &[");
    for path in files_below(&site)? {
        if !path.ends_with(".br") && !path.ends_with(".gz") && path != "manifest.json" {
            line(&mut code, &asset(&site, &path)?);
        }
    }
    line(&mut code, "];");
    fs::write(out.join("assets.rs"), code)
}

fn variable(name: &str) -> io::Result<String> {
    std::env::var(name).map_err(io::Error::other)
}

/// The target folder in use, out of `<target>/[<triple>/]<profile>/build/<package>/out`: build scripts are not told it.
fn target_folder(out: &Path) -> io::Result<PathBuf> {
    let triple = variable("TARGET")?;
    let build = out.ancestors().find(|folder| folder.ends_with("build"));
    let above_profile = build.and_then(|folder| folder.ancestors().nth(2));
    let target = match above_profile {
        Some(folder) if folder.ends_with(&triple) => folder.parent(),
        other => other,
    };
    target
        .map(Path::to_path_buf)
        .ok_or_else(|| io::Error::other(format!("no target folder above {}", out.display())))
}

/// The value of `"key": "value"` in the manifest, which has one entry a line.
fn entry<'a>(manifest: &'a str, key: &str) -> Option<&'a str> {
    let start = format!("\"{key}\": \"");
    manifest.lines().find_map(|line| line.trim().strip_prefix(&start)?.split('"').next())
}

fn asset(site: &Path, path: &str) -> io::Result<String> {
    let file = site.join(path);
    let included = |file: &Path| format!("include_bytes!({:?})", file.display().to_string());
    let packed = |ending: &str| {
        let packed = site.join(format!("{path}.{ending}"));
        if packed.is_file() { format!("Some({})", included(&packed)) } else { "None".to_owned() }
    };
    Ok(format!(
        "    Asset {{ path: {:?}, content_type: {:?}, etag: \"{:016x}\", bytes: {}, brotli: {}, gzip: {} }},",
        format!("/{path}"),
        content_type(path),
        fingerprint(&fs::read(&file)?),
        included(&file),
        packed("br"),
        packed("gz"),
    ))
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "ico" => "image/x-icon",
        "js" => "text/javascript; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// FNV-1a with 64 bits: tells two builds' files apart, promises nothing against an attacker.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Every file below, relative, sorted, so that the table does not depend on the file system.
fn files_below(folder: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_path_buf(), String::new())];
    while let Some((path, prefix)) = open.pop() {
        for entry in fs::read_dir(&path)? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                open.push((entry.path(), format!("{name}/")));
            } else {
                found.push(name);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn line(code: &mut String, text: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(code, "{text}");
}

//! `bench`: the figures of a release build, each beside a reference measured in the same run. Prints; judges nothing.
//! Loads only its own servers on loopback, bounded in time, and ends them by their process.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::sh::{self, Flavour, Outcome, Place};
use crate::{assets, bench_scoring, install, serve};

const ADDRESS: &str = "127.0.0.1:3211";
const REFERENCE: &str = "127.0.0.1:3212";
const CHALLENGES: &str = "10000";
/// Long enough for a steady p99 at a few hundred requests a second.
const SECONDS: &str = "10";
const CONNECTIONS: &str = "16";

/// A server that ends with its owner.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // A server that has ended already needs no ending.
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

impl Running {
    fn memory_mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap_or_default();
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
        kib.unwrap_or(0.0) / 1024.0
    }
}

pub fn run(place: &Place, arguments: &[String]) -> Outcome {
    match arguments {
        [] => site(place),
        [what] if what == "scoring" => bench_scoring::run(place),
        other => Err(format!("bench knows only `scoring`, not {}", other.join(" "))),
    }
}

fn site(place: &Place) -> Outcome {
    if sh::find_program("wrk").is_none() {
        install::debian_packages(place, &["wrk"], "the load of the bench")?;
    }
    let sizes = assets::build(place, Flavour::Release)?;
    let program = serve::build_program(place, Flavour::Release)?;
    let mut examples = place.cargo(Flavour::Release);
    sh::run(examples.args(["build", "--release", "-p", "server", "--examples"]))?;
    let examples = place.target.join("release/examples");
    let folder = place.target.join("bench");
    sh::remove_folder(&folder)?;
    sh::make_folder(&folder)?;
    println!("bench: filling {CHALLENGES} challenges");
    let file = folder.join("unveil.sqlite");
    let mut fill = place.program(examples.join("bulk_fill"));
    let list = sh::output(fill.arg(&file).arg(CHALLENGES))?.trim().to_owned();
    println!(
        "\nwasm {} bytes, {} in brotli; style {} bytes, {} in brotli",
        sizes.wasm, sizes.wasm_brotli, sizes.style, sizes.style_brotli
    );
    measure(place, &program, &examples, &folder, &list)
}

fn measure(place: &Place, program: &Path, examples: &Path, folder: &Path, list: &str) -> Outcome {
    let began = Instant::now();
    let server = start(place, program, folder)?;
    println!("start until ready, migrated database: {} ms", began.elapsed().as_millis());
    println!("memory idle: {:.0} MiB", server.memory_mib());
    let page = format!("http://{ADDRESS}/lists/{list}");
    let size = size_of(place, &page)?;
    println!(
        "\nlist page of {CHALLENGES} challenges, {size} bytes, {CONNECTIONS} connections, {SECONDS} s each"
    );
    let ours = load(place, &page, &[])?;
    println!("  anonymous, kept:         {ours}");
    let mut reference = place.program(examples.join("static_body"));
    let reference = Running(
        reference
            .arg(REFERENCE)
            .arg(size.to_string())
            .spawn()
            .map_err(|fault| format!("reference: {fault}"))?,
    );
    wait_for(REFERENCE)?;
    println!("  axum, static, same size: {}", load(place, &format!("http://{REFERENCE}/"), &[])?);
    drop(reference);
    // A cookie that is no session: the page is drawn each time.
    println!("  drawn for each request:  {}", load(place, &page, &["-H", "Cookie: unveil=none"])?);
    println!("\nsearch over {CHALLENGES} challenges");
    for (name, word) in [
        ("重晶石", "%E9%87%8D%E6%99%B6%E7%9F%B3"),
        ("电池 (two characters)", "%E7%94%B5%E6%B1%A0"),
        ("barite", "barite"),
    ] {
        let address = format!("http://{ADDRESS}/challenges?q={word}");
        println!("  {name}, anonymous, kept: {}", load(place, &address, &[])?);
        println!("  {name}, drawn each time: {}", load(place, &address, &["-H", "Cookie: unveil=none"])?);
    }
    println!("\nmemory under that load: {:.0} MiB", server.memory_mib());
    Ok(())
}

fn start(place: &Place, program: &Path, folder: &Path) -> Outcome<Running> {
    let mut server = place.program(PathBuf::from(program));
    server.arg("serve").env("UNVEIL_DATA", folder).env("UNVEIL_ADDR", ADDRESS).env("UNVEIL_LOG", "warn");
    let base = format!("http://{ADDRESS}");
    let child = server.env("UNVEIL_BASE_URL", base).stdout(Stdio::null()).spawn();
    let running = Running(child.map_err(|fault| format!("cannot start the server: {fault}"))?);
    wait_for(ADDRESS)?;
    Ok(running)
}

/// Until the port answers; the server listens only when it is ready.
fn wait_for(address: &str) -> Outcome {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(30) {
        if TcpStream::connect(address).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Err(format!("{address} did not answer within 30 s"))
}

fn size_of(place: &Place, address: &str) -> Outcome<usize> {
    let mut curl = place.program("curl");
    let body = sh::output(curl.args(["-sf", address]))?;
    Ok(body.len())
}

/// Requests per second, p50 and p99, in one line.
fn load(place: &Place, address: &str, more: &[&str]) -> Outcome<String> {
    let mut wrk = place.program("wrk");
    wrk.args(["-t2", "-c", CONNECTIONS, "-d", &format!("{SECONDS}s"), "--latency"]).args(more).arg(address);
    let said = sh::output(&mut wrk)?;
    let value = |label: &str| {
        let line = said.lines().find(|line| line.trim_start().starts_with(label));
        line.and_then(|line| line.split_whitespace().nth(1)).unwrap_or("?").to_owned()
    };
    let errors = said.lines().find(|line| line.contains("Non-2xx") || line.contains("Socket errors"));
    let errors = errors.map(|line| format!(" ({})", line.trim())).unwrap_or_default();
    Ok(format!("{}/s, p50 {}, p99 {}{errors}", value("Requests/sec:"), value("50%"), value("99%")))
}

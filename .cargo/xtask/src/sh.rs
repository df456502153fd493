//! Where things lie, and how other programs are run. Deliberately absent: a shell; every call is an argument list.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

/// Either a value, or one message that says what is wrong and what to do.
pub type Outcome<T = ()> = Result<T, String>;

/// No single program of the build takes longer on two cores; whatever does hangs.
pub const LIMIT: Duration = Duration::from_secs(40 * 60);

/// How often a running program is asked whether it has ended.
const POLL: Duration = Duration::from_millis(40);

/// Which of the two builds. The wasm file and the server of one build share their compiler flags, because these
/// decide which markers stand in the markup.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// The flags of `.cargo/config.toml`, debug server.
    Dev,
    /// No extra flags, optimised server.
    Release,
}

impl Flavour {
    /// A folder name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }
}

/// The folders of the build. Both paths are absolute.
pub struct Place {
    pub root: PathBuf,
    pub target: PathBuf,
}

impl Place {
    /// The workspace this program belongs to. The target folder is `CARGO_TARGET_DIR`, else `target`.
    pub fn find() -> Outcome<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .ancestors()
            .nth(2)
            .filter(|root| root.join("Cargo.lock").is_file())
            .ok_or_else(|| format!("no workspace above {}", manifest.display()))?
            .to_path_buf();
        let target = match std::env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty()) {
            Some(named) => std::path::absolute(PathBuf::from(named)).map_err(|fault| fault.to_string())?,
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// The finished assets, as the server's build script reads them.
    pub fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    pub fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }

    /// A program run from the workspace's root, free of what `cargo run` added to this one's environment: build
    /// scripts that watch those variables would otherwise run again at each change between `cargo` and `cargo xtask`.
    pub fn program(&self, name: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(name);
        command.current_dir(&self.root);
        for (key, _) in std::env::vars_os() {
            let text = key.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") || text == "CARGO" {
                command.env_remove(&key);
            }
        }
        command
    }

    /// Cargo with the flags of one build.
    pub fn cargo(&self, flavour: Flavour) -> Command {
        let mut command = self.program("cargo");
        command.env("CARGO_TARGET_DIR", &self.target);
        if flavour == Flavour::Release {
            command.env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTFLAGS", "");
        }
        command
    }
}

/// Runs to the end with output shown; an exit code other than 0 is an error that names the call.
pub fn run(command: &mut Command) -> Outcome {
    run_within(command, LIMIT)
}

/// As [`run`], killed after `limit`.
pub fn run_within(command: &mut Command, limit: Duration) -> Outcome {
    let shown = shown(command);
    let child = command.spawn().map_err(|fault| format!("cannot start `{shown}`: {fault}"))?;
    let status = wait(child, limit, &shown)?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` ended with {status}")) }
}

/// Runs silently and gives back standard output; what the program said stands in the error.
pub fn output(command: &mut Command) -> Outcome<String> {
    let shown = shown(command);
    let output =
        command.stdin(Stdio::null()).output().map_err(|fault| format!("cannot start `{shown}`: {fault}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("`{shown}` ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim()))
}

fn wait(mut child: Child, limit: Duration, shown: &str) -> Outcome<ExitStatus> {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if began.elapsed() < limit => std::thread::sleep(POLL),
            Ok(None) => {
                let killed = child.kill().and_then(|()| child.wait());
                let end = killed.map_or_else(|fault| fault.to_string(), |status| status.to_string());
                return Err(format!("`{shown}` was stopped after {} s ({end})", limit.as_secs()));
            }
            Err(fault) => return Err(format!("cannot wait for `{shown}`: {fault}")),
        }
    }
}

fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The first file of this name on `PATH`.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Lower-case hexadecimal SHA-256.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub fn read(path: &Path) -> Outcome<Vec<u8>> {
    std::fs::read(path).map_err(|fault| format!("cannot read {}: {fault}", path.display()))
}

pub fn read_text(path: &Path) -> Outcome<String> {
    std::fs::read_to_string(path).map_err(|fault| format!("cannot read {}: {fault}", path.display()))
}

/// Writes only a changed content, so that nothing downstream is rebuilt for the time stamp alone; makes the folder.
pub fn write_changed(path: &Path, bytes: &[u8]) -> Outcome<bool> {
    if std::fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    std::fs::write(path, bytes).map_err(|fault| format!("cannot write {}: {fault}", path.display()))?;
    Ok(true)
}

pub fn make_folder(path: &Path) -> Outcome {
    std::fs::create_dir_all(path).map_err(|fault| format!("cannot make {}: {fault}", path.display()))
}

/// Removes a folder with all it holds; none there is fine.
pub fn remove_folder(path: &Path) -> Outcome {
    match std::fs::remove_dir_all(path) {
        Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("cannot remove {}: {fault}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Every file below, as paths relative to `folder` with `/` between, sorted. Folders named in `skip` are not entered.
pub fn files_below(folder: &Path, skip: &[&str]) -> Outcome<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_path_buf(), String::new())];
    while let Some((path, prefix)) = open.pop() {
        let entries =
            std::fs::read_dir(&path).map_err(|fault| format!("cannot list {}: {fault}", path.display()))?;
        for entry in entries {
            let entry = entry.map_err(|fault| fault.to_string())?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type().map_err(|fault| fault.to_string())?;
            if kind.is_dir() && !skip.contains(&name.as_str()) {
                open.push((entry.path(), format!("{prefix}{name}/")));
            } else if kind.is_file() {
                found.push(format!("{prefix}{name}"));
            }
        }
    }
    found.sort();
    Ok(found)
}

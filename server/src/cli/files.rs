//! Files in and out: bounded reading, and writing that leaves either the old file or the whole new one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, IsTerminal as _, Read, Write as _};
use std::path::{Path, PathBuf};

use app::catalogue::tf;
use app::text::Locale;

use super::ending::Stop;
use super::shown::plain;

/// More than this no list of scores has: 20,000 bids with 20 experts and 20 criteria as JSON stay below.
pub const MAX_INPUT_BYTES: u64 = 256 * 1024 * 1024;

/// The name that means standard input.
const STANDARD_INPUT: &str = "-";

/// Content of the file, or of standard input for `-`.
///
/// # Errors
/// [`Stop::Failed`] in words: not there, not allowed, a folder, longer than [`MAX_INPUT_BYTES`].
pub fn read(locale: Locale, path: &Path) -> Result<Vec<u8>, Stop> {
    let shown = plain(&path.display().to_string());
    let unreadable = |fault: io::Error| {
        let why = reason(locale, &fault);
        Stop::Failed(tf(locale, "tool.file_unreadable", &[("file", &shown), ("why", &why)]))
    };
    let content = if is_standard_input(path) {
        bounded(io::stdin().lock())
    } else {
        File::open(path).and_then(bounded)
    }
    .map_err(unreadable)?;
    content.ok_or_else(|| {
        let most = (MAX_INPUT_BYTES / 1024 / 1024).to_string();
        Stop::Failed(tf(locale, "tool.file_too_large", &[("file", &shown), ("mib", &most)]))
    })
}

pub fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == STANDARD_INPUT
}

/// The last part of the name, for messages and for telling the format; nothing for standard input.
pub fn name_of(path: &Path) -> String {
    if is_standard_input(path) {
        return String::new();
    }
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// `None` when there is more than [`MAX_INPUT_BYTES`].
fn bounded(from: impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut content = Vec::new();
    from.take(MAX_INPUT_BYTES + 1).read_to_end(&mut content)?;
    Ok((content.len() as u64 <= MAX_INPUT_BYTES).then_some(content))
}

/// Refuses a file that a command reads as the one it writes, under whatever name, and standard output where a file is
/// wanted.
///
/// # Errors
/// [`Stop::Usage`] with the flag that names it.
pub fn may_write(locale: Locale, flag: &str, path: &Path, inputs: &[&Path]) -> Result<(), Stop> {
    let refused = |key: &str| {
        let shown = plain(&path.display().to_string());
        Err(Stop::Usage(tf(locale, key, &[("flag", flag), ("file", &shown)])))
    };
    if path.as_os_str() == STANDARD_INPUT {
        return refused("tool.output_is_no_file");
    }
    // What is not there yet has no other name and overwrites nothing.
    let Ok(target) = fs::canonicalize(path) else { return Ok(()) };
    let is_input = |input: &&Path| fs::canonicalize(input).is_ok_and(|input| input == target);
    let is_file = fs::metadata(&target).is_ok_and(|kind| kind.is_file());
    if is_file && inputs.iter().any(is_input) { refused("tool.output_is_input") } else { Ok(()) }
}

/// Writes beside the file first and renames last, so that whoever reads it, and a full disk, finds the old content or
/// the new, never a part. Something that is no file, such as a pipe, is written to as it is.
///
/// # Errors
/// [`Stop::Failed`] in words; the existing file is then unchanged.
pub fn write(locale: Locale, path: &Path, content: &[u8]) -> Result<(), Stop> {
    let done = match fs::metadata(path) {
        Ok(kind) if kind.is_dir() => Err(io::Error::from(ErrorKind::IsADirectory)),
        Ok(kind) if !kind.is_file() => OpenOptions::new().write(true).open(path).and_then(|mut file| {
            file.write_all(content)?;
            file.flush()
        }),
        // A link is followed, so that the file it names is replaced and not the link.
        Ok(_) => fs::canonicalize(path).and_then(|target| replace(&target, content)),
        Err(_) => replace(path, content),
    };
    done.map_err(|fault| {
        let shown = plain(&path.display().to_string());
        let why = reason(locale, &fault);
        Stop::Failed(tf(locale, "tool.file_unwritable", &[("file", &shown), ("why", &why)]))
    })
}

fn replace(target: &Path, content: &[u8]) -> io::Result<()> {
    let beside = beside(target);
    let written = fill(&beside, target, content).and_then(|()| fs::rename(&beside, target));
    if written.is_err() {
        // Nothing more can be done about what cannot even be removed.
        let _gone = fs::remove_file(&beside);
    }
    written
}

fn fill(beside: &Path, target: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(beside)?;
    file.write_all(content)?;
    if let Ok(known) = fs::metadata(target) {
        file.set_permissions(known.permissions())?;
    }
    file.sync_all()
}

/// A hidden name in the same folder, of this process alone.
fn beside(target: &Path) -> PathBuf {
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    target.with_file_name(format!(".{name}.{}.part", std::process::id()))
}

/// Writes to standard output at once. A reader who has read enough (`| head`) is no fault.
///
/// # Errors
/// [`Stop::Failed`] when it cannot be written, a full disk for one.
pub fn print(locale: Locale, text: &str) -> Result<(), Stop> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(fault) if fault.kind() != ErrorKind::BrokenPipe => {
            let why = reason(locale, &fault);
            Err(Stop::Failed(tf(locale, "tool.output_failed", &[("why", &why)])))
        }
        _ => Ok(()),
    }
}

/// Whether a person reads standard output on a terminal.
pub fn prints_to_terminal() -> bool {
    io::stdout().is_terminal()
}

/// The common reasons in the reader's language, others as the system says them.
fn reason(locale: Locale, fault: &io::Error) -> String {
    let key = match fault.kind() {
        ErrorKind::NotFound => "tool.io.not_found",
        ErrorKind::PermissionDenied => "tool.io.not_allowed",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "tool.io.full",
        ErrorKind::IsADirectory => "tool.io.folder",
        ErrorKind::ReadOnlyFilesystem => "tool.io.read_only",
        _ => return fault.to_string(),
    };
    app::catalogue::t(locale, key).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_or_not_at_all() {
        let folder = std::env::temp_dir().join(format!("unveil-files-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let target = folder.join("结果.json");
        write(Locale::En, &target, b"one").unwrap();
        write(Locale::En, &target, b"two").unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"two");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
        let Err(Stop::Failed(line)) = write(Locale::En, &folder, b"x") else {
            panic!("a folder was replaced")
        };
        assert!(line.contains("folder"), "{line}");
        let gone = folder.join("nowhere").join("x");
        let Err(Stop::Failed(line)) = write(Locale::ZhCn, &gone, b"x") else { panic!("written nowhere") };
        assert!(line.contains("找不到"), "{line}");
        fs::remove_dir_all(&folder).unwrap();
    }
}

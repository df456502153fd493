//! In which form a command gives its result: for a reader, for a program, or as a workbook.

use std::path::{Path, PathBuf};

use app::catalogue::tf;
use app::text::Locale;
use serde::Serialize;
use tables::{OutSheet, write_workbook};

use super::ending::Stop;
use super::files;
use super::shown::{plain, plain_json};

/// At most one of them; none means `--table`.
#[derive(Debug, Default, clap::Args)]
#[group(id = "form", multiple = false)]
pub struct OutputArgs {
    #[arg(long)]
    pub json: bool,
    #[arg(long)]
    pub table: bool,
    #[arg(long, value_name = "FILE")]
    pub xlsx: Option<PathBuf>,
}

impl OutputArgs {
    /// Refuses, before anything is computed, a workbook that could not be or must not be written.
    ///
    /// # Errors
    /// As [`files::may_write`].
    pub fn check(&self, locale: Locale, inputs: &[&Path]) -> Result<(), Stop> {
        self.xlsx.as_ref().map_or(Ok(()), |path| files::may_write(locale, "--xlsx", path, inputs))
    }
}

/// The JSON of a value, indented, one line at the end.
///
/// # Errors
/// None in practice: everything written has texts as keys.
pub fn json<T: Serialize>(value: &T) -> Result<String, Stop> {
    let text = serde_json::to_string_pretty(value).map_err(|fault| Stop::Failed(fault.to_string()))?;
    Ok(plain_json(&text) + "\n")
}

/// Writes the sheets as a workbook and says so.
///
/// # Errors
/// When the file cannot be written; an existing one is then unchanged.
pub fn workbook(locale: Locale, path: &Path, sheets: &[OutSheet]) -> Result<(), Stop> {
    let content = write_workbook(sheets).map_err(|fault| Stop::Failed(fault.to_string()))?;
    files::write(locale, path, &content)?;
    let shown = plain(&path.display().to_string());
    files::print(locale, &format!("{}\n", tf(locale, "tool.written", &[("file", &shown)])))
}

//! What is handed in, and how it was taken. Deliberately absent: opening files, which is the command line's.

use serde::{Deserialize, Serialize};

/// The three forms a table comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Text with one row per line, columns separated by comma, semicolon or tab.
    Csv,
    Xlsx,
    Json,
}

impl Format {
    /// By the file's name and its first bytes: an archive is a workbook whatever its name; then the ending decides; then
    /// a first `{` or `[` means JSON; anything else is CSV.
    pub fn of(file_name: &str, bytes: &[u8]) -> Self {
        if bytes.starts_with(b"PK") || bytes.starts_with(&OLE_MARK) {
            return Self::Xlsx;
        }
        let ending = file_name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        match ending.as_deref() {
            Some("xlsx" | "xlsm" | "xls") => Self::Xlsx,
            Some("json") => Self::Json,
            Some("csv" | "tsv" | "txt") => Self::Csv,
            _ => {
                let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
                let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
                if matches!(first, Some(b'{' | b'[')) { Self::Json } else { Self::Csv }
            }
        }
    }
}

/// How the older binary workbooks, and workbooks under a password, begin.
pub(crate) const OLE_MARK: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// A table as it came: the bytes of a file and what they are.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub bytes: &'a [u8],
    pub format: Format,
    /// The worksheet to read; `None`: the first.
    pub sheet: Option<&'a str>,
}

impl<'a> Source<'a> {
    pub fn new(bytes: &'a [u8], format: Format) -> Self {
        Self { bytes, format, sheet: None }
    }

    /// The format as [`Format::of`] finds it.
    pub fn of_file(file_name: &str, bytes: &'a [u8]) -> Self {
        Self::new(bytes, Format::of(file_name, bytes))
    }

    /// Reads this worksheet instead of the first.
    #[must_use]
    pub fn on_sheet(self, name: &'a str) -> Self {
        Self { sheet: Some(name), ..self }
    }
}

/// How letters were stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextEncoding {
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Marked,
    /// UTF-16 with a byte order mark, either order.
    Utf16,
    /// Taken because the text is no UTF-8 and every byte of it is sound GB18030: worth a look at the names.
    Gb18030,
}

/// How the bytes were taken, so that nothing is decided silently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadAs {
    pub format: Format,
    /// `None` for a workbook.
    pub encoding: Option<TextEncoding>,
    /// What separates columns; CSV only.
    pub separator: Option<char>,
    /// The worksheet that was read; XLSX only.
    pub sheet: Option<String>,
    /// Worksheets that were not read.
    pub sheets_unread: Vec<String>,
}

impl ReadAs {
    pub(crate) fn new(format: Format) -> Self {
        Self { format, encoding: None, separator: None, sheet: None, sheets_unread: Vec::new() }
    }
}

//! Tables out: workbooks and CSV. Deliberately absent: formulas, colours and charts.

/// One worksheet to write.
#[derive(Clone, Debug, PartialEq)]
pub struct OutSheet {
    /// Cleaned to what Excel takes: at most 31 characters, none of `[]:*?/\`, no outer apostrophe, different from the others.
    pub name: String,
    pub header: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// One cell to write.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text stays text, whatever it begins with.
    Text(String),
    /// A finite number; any other is written as an empty cell.
    Number(f64),
    Empty,
}

/// Why a workbook could not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteFault {
    #[error("sheet {sheet} holds more rows or columns than a workbook can")]
    TooLarge { sheet: String },
    #[error("no workbook: {detail}")]
    Workbook { detail: String },
}

/// An XLSX workbook: one worksheet for each of `sheets`, the heading row bold and frozen, columns as wide as their text.
///
/// # Errors
/// More rows, columns or letters than the format holds.
pub fn write_workbook(sheets: &[OutSheet]) -> Result<Vec<u8>, WriteFault> {
    let _ = sheets;
    Err(WriteFault::Workbook { detail: String::new() })
}

/// CSV text (RFC 4180: comma, CRLF). Text that a spreadsheet would take for a formula gets an apostrophe before it
/// (`=`, `+`, `-`, `@`, tab and carriage return at its beginning); numbers do not. `with_mark` puts a byte order mark
/// first, without which Excel takes UTF-8 for the local encoding.
pub fn to_csv(header: &[String], rows: &[Vec<Cell>], with_mark: bool) -> String {
    let _ = (header, rows, with_mark);
    String::new()
}

//! Tables out: workbooks and CSV. Deliberately absent: formulas, colours and charts.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

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
    #[error("sheet {sheet} holds more rows, columns or letters than a workbook can")]
    TooLarge { sheet: String },
    #[error("no workbook: {detail}")]
    Workbook { detail: String },
}

/// Rows and columns of a worksheet, by its format (ECMA-376).
const SHEET_ROWS_MAX: usize = 1_048_576;
const SHEET_COLUMNS_MAX: usize = 16_384;
/// A sheet's name, in UTF-16 units.
const SHEET_NAME_MAX: usize = 31;
/// Column widths, in letters: narrow enough to leave room for the next, wide enough for a heading.
const WIDTH_MIN: usize = 6;
const WIDTH_MAX: usize = 60;

/// An XLSX workbook: one worksheet for each of `sheets`, the heading row bold and frozen, columns as wide as their text.
/// No sheets make one empty sheet: a workbook has at least one.
///
/// # Errors
/// More rows, columns or letters than the format holds.
pub fn write_workbook(sheets: &[OutSheet]) -> Result<Vec<u8>, WriteFault> {
    let mut workbook = Workbook::new();
    let mut names = Vec::new();
    for sheet in sheets {
        let columns = sheet.rows.iter().map(Vec::len).max().unwrap_or(0).max(sheet.header.len());
        if sheet.rows.len() >= SHEET_ROWS_MAX || columns > SHEET_COLUMNS_MAX {
            return Err(WriteFault::TooLarge { sheet: sheet.name.clone() });
        }
        let name = sheet_name(&sheet.name, &names);
        names.push(name.clone());
        fill(workbook.add_worksheet(), &name, sheet).map_err(|fault| match fault {
            XlsxError::MaxStringLengthExceeded | XlsxError::RowColumnLimitError => {
                WriteFault::TooLarge { sheet: name }
            }
            other => from_writer(&other),
        })?;
    }
    workbook.save_to_buffer().map_err(|fault| from_writer(&fault))
}

fn from_writer(fault: &XlsxError) -> WriteFault {
    WriteFault::Workbook { detail: fault.to_string() }
}

fn fill(worksheet: &mut Worksheet, name: &str, sheet: &OutSheet) -> Result<(), XlsxError> {
    worksheet.set_name(name)?;
    let bold = Format::new().set_bold();
    for (column, heading) in (0..).zip(&sheet.header) {
        worksheet.write_string_with_format(0, column, heading, &bold)?;
    }
    if !sheet.header.is_empty() {
        worksheet.set_freeze_panes(1, 0)?;
    }
    for (row, cells) in (1..).zip(&sheet.rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Text(text) if !text.is_empty() => {
                    worksheet.write_string(row, column, text)?;
                }
                Cell::Number(number) if number.is_finite() => {
                    worksheet.write_number(row, column, *number)?;
                }
                Cell::Text(_) | Cell::Number(_) | Cell::Empty => {}
            }
        }
    }
    for (column, width) in (0..).zip(widths(sheet)) {
        worksheet.set_column_width(column, width as f64)?;
    }
    Ok(())
}

/// For each column the width of its widest text in letters, with a margin, within the limits.
fn widths(sheet: &OutSheet) -> Vec<usize> {
    let mut widths: Vec<usize> = sheet.header.iter().map(|heading| width(heading)).collect();
    for cells in &sheet.rows {
        if widths.len() < cells.len() {
            widths.resize(cells.len(), 0);
        }
        for (widest, cell) in widths.iter_mut().zip(cells) {
            let width = match cell {
                Cell::Text(text) => width(text),
                Cell::Number(number) => number.to_string().len(),
                Cell::Empty => 0,
            };
            *widest = width.max(*widest);
        }
    }
    widths.into_iter().map(|widest| (widest + 2).clamp(WIDTH_MIN, WIDTH_MAX)).collect()
}

/// Chinese letters take the room of two Latin ones.
fn width(text: &str) -> usize {
    let first_line = text.lines().next().unwrap_or("");
    first_line.chars().take(WIDTH_MAX).map(|letter| if letter < '\u{2E80}' { 1 } else { 2 }).sum()
}

/// What Excel takes as a sheet's name and no other sheet has (capital letters do not tell two apart).
fn sheet_name(wanted: &str, taken: &[String]) -> String {
    let clean = |letter: char| if "[]:*?/\\".contains(letter) { '-' } else { letter };
    let text: String = wanted.chars().filter(|letter| !letter.is_control()).map(clean).collect();
    let name = cut(&text, SHEET_NAME_MAX);
    // Excel keeps "History" for itself.
    let name =
        if name.is_empty() || name.eq_ignore_ascii_case("history") { format!("{name}-") } else { name };
    let is_free = |name: &str| !taken.iter().any(|other| other.to_lowercase() == name.to_lowercase());
    let numbered = (2..).map(|number: usize| {
        let mark = format!(" ({number})");
        format!("{}{mark}", cut(&name, SHEET_NAME_MAX - mark.len()))
    });
    let mut names = std::iter::once(name.clone()).chain(numbered);
    names.find(|name| is_free(name)).unwrap_or(name)
}

/// The first `max` UTF-16 units without outer white space and apostrophes.
fn cut(text: &str, max: usize) -> String {
    let outer = |letter: char| letter == '\'' || letter.is_whitespace();
    let mut left = max;
    let fits = |letter: &char| left.checked_sub(letter.len_utf16()).map(|rest| left = rest).is_some();
    let text: String = text.trim_matches(outer).chars().take_while(fits).collect();
    text.trim_matches(outer).to_owned()
}

/// CSV text (RFC 4180: comma, CRLF). Text that a spreadsheet would take for a formula gets an apostrophe before it (`=`,
/// `+`, `-`, `@`, also of full width, tab and line ends at its beginning); numbers do not. `with_mark` puts a byte order
/// mark first, without which Excel takes UTF-8 for the local encoding.
pub fn to_csv(header: &[String], rows: &[Vec<Cell>], with_mark: bool) -> String {
    let mut text = String::from(if with_mark { "\u{FEFF}" } else { "" });
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        for (column, cell) in cells.enumerate() {
            if column > 0 {
                text.push(',');
            }
            text.push_str(&cell);
        }
        text.push_str("\r\n");
    };
    if !header.is_empty() {
        line(&mut header.iter().map(|heading| text_cell(heading)));
    }
    for cells in rows {
        line(&mut cells.iter().map(|cell| match cell {
            Cell::Text(text) => text_cell(text),
            Cell::Number(number) if number.is_finite() => number.to_string(),
            Cell::Number(_) | Cell::Empty => String::new(),
        }));
    }
    text
}

fn text_cell(text: &str) -> String {
    let begins_formula = |letter: char| "=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".contains(letter);
    let guard = if text.starts_with(begins_formula) { "'" } else { "" };
    if text.contains([',', ';', '\t', '"', '\r', '\n']) || text.trim().len() != text.len() {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

//! Rows of CSV text (RFC 4180, with semicolon and tab too). Deliberately absent: mending a row that is cut or run together.

use std::borrow::Cow;

use crate::columns::letters;
use crate::fault::{Faults, Stop, TableFault, TableProblem};
use crate::rows::{COLUMNS_MAX, Kind, ROWS_MAX, Table, TakesRows, Value};
use crate::source::{ReadAs, Source};
use crate::text::decode;

/// Hands every row on and counts them.
///
/// # Errors
/// What keeps the file from being read at all.
pub(crate) fn read(
    source: Source<'_>,
    kind: &Kind,
    taker: &mut dyn TakesRows,
    faults: &mut Faults,
    read_as: &mut ReadAs,
) -> Result<usize, Stop> {
    let (text, encoding) = decode(source.bytes)?;
    read_as.encoding = Some(encoding);
    let mut lines = Lines::new(&text);
    let separator = separator(&text)?;
    read_as.separator = Some(char::from(separator));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut table = Table::new(kind, None);
    loop {
        if let Some(end) = lines.too_wide(separator) {
            let (row, _) = lines.record_until(end);
            let problem = TableProblem::TooManyColumns { max: COLUMNS_MAX };
            return Err(TableFault { row: Some(row), ..TableFault::of_file(problem) }.into());
        }
        // Never fails: the text is Unicode already and lies in memory.
        if !reader.read_record(&mut record).is_ok_and(|found| found) {
            return Ok(table.rows);
        }
        let end = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        let (row, has_loose_quote) = lines.record_until(end);
        let fault = |problem| TableFault { row: Some(row), ..TableFault::of_file(problem) };
        if has_loose_quote {
            faults.say(fault(TableProblem::LooseQuote));
        } else if !table.has_headings {
            let headings: Vec<String> = record.iter().map(|heading| heading.trim().to_owned()).collect();
            if headings.iter().any(|heading| !heading.is_empty()) && !table.headings(row, &headings, faults) {
                return Ok(table.rows);
            }
        } else if table.rows >= ROWS_MAX {
            return Err(fault(TableProblem::TooManyRows { max: ROWS_MAX }).into());
        } else {
            hand_on(&mut table, row, &record, taker, faults);
        }
    }
}

fn hand_on(
    table: &mut Table<'_>,
    row: usize,
    record: &csv::StringRecord,
    taker: &mut dyn TakesRows,
    faults: &mut Faults,
) {
    let cell = |text| if str::is_empty(text) { Value::Empty } else { Value::Text(Cow::Borrowed(text)) };
    let mut cells: Vec<Value<'_>> = record.iter().map(|text| cell(text.trim())).collect();
    let is_blank = cells.iter().all(|cell| *cell == Value::Empty);
    if !is_blank && record.len() != table.width {
        let problem = TableProblem::Ragged { expected: table.width, found: record.len() };
        // The first cell too many, or the first that is missing.
        let column = letters(record.len().min(table.width));
        return faults.say(TableFault {
            row: Some(row),
            column: Some(column),
            ..TableFault::of_file(problem)
        });
    }
    table.row(row, &mut cells, taker, faults);
}

/// What separates the cells of the heading row, the first that is not blank: the one of comma, semicolon and tab that it
/// holds outside quotation marks; a comma where it holds none, because then there is one column.
fn separator(text: &str) -> Result<u8, Stop> {
    let mut is_quoted = false;
    let mut found = Vec::new();
    for letter in text.trim_start_matches(['\r', '\n', ' ']).chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            '\r' | '\n' if !is_quoted => break,
            ',' | ';' | '\t' if !is_quoted && !found.contains(&letter) => found.push(letter),
            _ => {}
        }
    }
    match found.as_slice() {
        [] => Ok(b','),
        [only] => Ok(*only as u8),
        _ => {
            let problem = TableProblem::SeparatorUnclear { found };
            Err(TableFault { row: Some(1), ..TableFault::of_file(problem) }.into())
        }
    }
}

/// Follows the reader through the text to know each record's row as a spreadsheet counts: blank lines count, line ends
/// inside quotation marks do not.
struct Lines<'a> {
    text: &'a str,
    from: usize,
    next_row: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, from: 0, next_row: 1 }
    }

    /// Where the next record has more cells than a row may have; `None` where it does not. Asked before the record is read,
    /// because the reader notes sixteen bytes for every cell, and a file can be one row of nothing but separators.
    fn too_wide(&self, separator: u8) -> Option<usize> {
        let record = self.text.as_bytes().get(self.from..).unwrap_or_default();
        let mut separators = 0;
        let mut within = Within::Start;
        for (at, byte) in record.iter().enumerate() {
            within = match (within, *byte) {
                (Within::Quotes, b'"') => Within::Closed,
                (Within::Quotes, _) => Within::Quotes,
                (Within::Start | Within::Closed, b'"') => Within::Quotes,
                // Line ends before a record are skipped.
                (_, b'\r' | b'\n') if within == Within::Start && separators == 0 => Within::Start,
                (_, b'\r' | b'\n') => return None,
                (_, byte) if byte == separator => {
                    separators += 1;
                    if separators == COLUMNS_MAX {
                        return Some(self.from + at);
                    }
                    Within::Start
                }
                _ => Within::Plain,
            };
        }
        None
    }

    /// The row of the record that ends at `end`, and whether a quotation mark in it stands alone.
    fn record_until(&mut self, end: usize) -> (usize, bool) {
        let raw = self.text.as_bytes().get(self.from..end).unwrap_or_default();
        // The reader takes a line end of two characters in two steps.
        let is_second_half = self.from > 0
            && raw.first() == Some(&b'\n')
            && self.text.as_bytes().get(self.from - 1) == Some(&b'\r');
        let mut rest = if is_second_half { raw.get(1..).unwrap_or_default() } else { raw };
        while let Some(after) = after_line_end(rest) {
            self.next_row += 1;
            rest = after;
        }
        let row = self.next_row;
        self.next_row += 1;
        self.from = end;
        (row, rest.iter().filter(|byte| **byte == b'"').count() % 2 == 1)
    }
}

/// Where in a record a byte stands, as the reader sees it: quotation marks count only at the start of a cell.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Start,
    Plain,
    Quotes,
    /// After a quotation mark that closes, unless another follows.
    Closed,
}

fn after_line_end(bytes: &[u8]) -> Option<&[u8]> {
    bytes.strip_prefix(b"\r\n").or_else(|| bytes.strip_prefix(b"\n")).or_else(|| bytes.strip_prefix(b"\r"))
}

//! What the three formats have in common: rows of cells under known columns, handed on one by one so that a large file
//! is never held twice. Deliberately absent: what a cell means; that is for whoever takes the row.

use std::borrow::Cow;

use crate::columns::{Column, Matched, letters, match_headings};
use crate::fault::{Faults, SHEETS_MAX, TableFault, TableProblem};
use crate::source::{Format, ReadAs, Source};
use crate::{csv_rows, json_rows, workbook_rows};

/// Bytes of one file.
pub(crate) const BYTES_MAX: usize = 64 << 20;
pub(crate) const ROWS_MAX: usize = 200_000;
pub(crate) const COLUMNS_MAX: usize = 200;
/// Letters of one cell.
pub(crate) const CELL_MAX: usize = 10_000;

/// One cell as the file has it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Empty,
    Text(Cow<'a, str>),
    /// A workbook's number; JSON's come as text, digit for digit.
    Number(f64),
    Bool(bool),
    /// A list of texts; JSON only.
    List(Vec<&'a str>),
    /// Something that has been reported already.
    Faulty,
}

/// Where a row stands.
pub(crate) struct Place<'a> {
    pub(crate) sheet: Option<&'a str>,
    /// The name of the JSON list; `None` in the other forms.
    pub(crate) list: Option<&'static str>,
    pub(crate) row: usize,
    /// What each known column is called in this file.
    pub(crate) labels: &'a [String],
}

impl Place<'_> {
    pub(crate) fn fault(&self, column: usize, problem: TableProblem) -> TableFault {
        TableFault {
            sheet: self.sheet.map(str::to_owned),
            row: Some(self.row),
            column: self.labels.get(column).cloned(),
            problem,
        }
    }
}

/// Whoever makes sense of rows.
pub(crate) trait TakesRows {
    /// One row that is not blank: a cell for each known column, in their order.
    fn take(&mut self, place: &Place<'_>, cells: &[Value<'_>], faults: &mut Faults);
}

/// A kind of table: its columns, and how its JSON form names them.
pub(crate) struct Kind {
    pub(crate) columns: Vec<Column>,
    /// The first list may also stand alone, without an object around it.
    pub(crate) lists: Vec<JsonList>,
}

/// A list of objects in a JSON document.
pub(crate) struct JsonList {
    pub(crate) name: &'static str,
    pub(crate) fields: Vec<JsonField>,
}

/// A key of such an object, or of the object under its key `group`.
pub(crate) struct JsonField {
    pub(crate) group: Option<&'static str>,
    pub(crate) key: String,
    /// Position among the columns.
    pub(crate) column: usize,
}

impl Kind {
    /// A kind of table whose JSON is one list with the columns' keys.
    pub(crate) fn plain(name: &'static str, columns: Vec<Column>) -> Self {
        let field =
            |(column, known): (usize, &Column)| JsonField { group: None, key: known.key.clone(), column };
        let fields = columns.iter().enumerate().map(field).collect();
        Self { columns, lists: vec![JsonList { name, fields }] }
    }
}

/// Reads every row of `source` and hands it on.
pub(crate) fn read_rows(
    source: Source<'_>,
    kind: &Kind,
    taker: &mut dyn TakesRows,
    faults: &mut Faults,
) -> ReadAs {
    let mut read_as = ReadAs::new(source.format);
    if source.bytes.len() > BYTES_MAX {
        faults.of_file(TableProblem::TooLarge { bytes: source.bytes.len() as u64, max: BYTES_MAX as u64 });
        return read_as;
    }
    if let Some(name) = source.sheet.filter(|_| source.format != Format::Xlsx) {
        faults.of_file(TableProblem::NoWorksheets { name: name.to_owned() });
    }
    let read = match source.format {
        Format::Csv => csv_rows::read(source, kind, taker, faults, &mut read_as),
        Format::Json => json_rows::read(source, kind, taker, faults, &mut read_as),
        Format::Xlsx => workbook_rows::read(source, kind, taker, faults, &mut read_as),
    };
    match read {
        Err(stop) => faults.say(*stop),
        Ok(0) if faults.is_empty() => faults.of_file(TableProblem::NothingInside),
        Ok(_) => {}
    }
    let is_wrong_sheet = |problem: &TableProblem| {
        matches!(
            problem,
            TableProblem::NothingInside
                | TableProblem::MissingColumn { .. }
                | TableProblem::NoKnownHeading { .. }
        )
    };
    if let Some(name) = &read_as.sheet
        && !read_as.sheets_unread.is_empty()
        && faults.any(is_wrong_sheet)
    {
        let others = read_as.sheets_unread.iter().take(SHEETS_MAX).cloned().collect();
        faults.of_file(TableProblem::OtherSheets { name: name.clone(), others });
    }
    read_as
}

/// Rows under a heading row, as CSV and worksheets have them.
pub(crate) struct Table<'a> {
    kind: &'a Kind,
    sheet: Option<&'a str>,
    /// The number of cells in the heading row.
    pub(crate) width: usize,
    matched: Option<Matched>,
    pub(crate) has_headings: bool,
    /// Rows handed on.
    pub(crate) rows: usize,
}

impl<'a> Table<'a> {
    pub(crate) fn new(kind: &'a Kind, sheet: Option<&'a str>) -> Self {
        Self { kind, sheet, width: 0, matched: None, has_headings: false, rows: 0 }
    }

    /// Takes the heading row. `false`: the rows cannot be read.
    pub(crate) fn headings(&mut self, row: usize, headings: &[String], faults: &mut Faults) -> bool {
        self.has_headings = true;
        self.width = headings.len();
        let sheet = self.sheet.map(str::to_owned);
        let at = |place: usize, problem: TableProblem| TableFault {
            sheet: sheet.clone(),
            row: Some(row),
            column: headings.get(place).filter(|heading| !heading.is_empty()).cloned(),
            problem,
        };
        self.matched = match_headings(&self.kind.columns, headings, &at, faults);
        self.matched.is_some()
    }

    /// A fault in the cell at a place of the file's row.
    pub(crate) fn fault(&self, row: usize, place: usize, problem: TableProblem) -> TableFault {
        let column = self.matched.as_ref().and_then(|matched| {
            let known = matched.column_at.get(place).copied().flatten()?;
            matched.labels.get(known).cloned()
        });
        TableFault {
            sheet: self.sheet.map(str::to_owned),
            row: Some(row),
            column: Some(column.unwrap_or_else(|| letters(place))),
            problem,
        }
    }

    /// Hands a row on, unless it is blank: `cells` at their places in the file.
    pub(crate) fn row<'c>(
        &mut self,
        row: usize,
        cells: &mut Vec<Value<'c>>,
        taker: &mut dyn TakesRows,
        faults: &mut Faults,
    ) {
        if cells.iter().all(|cell| *cell == Value::Empty) {
            return;
        }
        for (place, cell) in cells.iter_mut().enumerate() {
            if let Value::Text(text) = cell
                && let Some(actual) = too_long(text)
            {
                *cell = Value::Faulty;
                faults.say(self.fault(row, place, TableProblem::TooLong { max: CELL_MAX, actual }));
            }
        }
        let Some(matched) = &self.matched else { return };
        let mut known: Vec<Value<'c>> = vec![Value::Empty; self.kind.columns.len()];
        for (place, cell) in cells.drain(..).enumerate() {
            match matched.column_at.get(place).copied().flatten() {
                Some(column) => {
                    if let Some(slot) = known.get_mut(column) {
                        *slot = cell;
                    }
                }
                // Under an unknown heading nothing more is said than that it is unknown.
                None if self.is_unnamed(place) && cell != Value::Empty => {
                    faults.say(self.fault(row, place, TableProblem::NoHeading));
                }
                None => {}
            }
        }
        self.rows += 1;
        let place = Place { sheet: self.sheet, list: None, row, labels: &matched.labels };
        taker.take(&place, &known, faults);
    }

    fn is_unnamed(&self, place: usize) -> bool {
        self.matched.as_ref().is_none_or(|matched| !matched.is_named(place))
    }
}

/// The number of letters where there are more than a cell may have.
pub(crate) fn too_long(text: &str) -> Option<usize> {
    if text.len() <= CELL_MAX {
        return None;
    }
    let letters = text.chars().count();
    (letters > CELL_MAX).then_some(letters)
}

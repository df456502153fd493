//! Rows of one worksheet. Numbers are the stored ones, not what a number format makes of them; merged cells are the empty
//! cells they are stored as. Deliberately absent: working formulas out.

use std::borrow::Cow;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxError};

use crate::archive;
use crate::columns::letters;
use crate::fault::{Faults, Stop, TableFault, TableProblem};
use crate::rows::{COLUMNS_MAX, Kind, ROWS_MAX, Table, TakesRows, Value};
use crate::source::{OLE_MARK, ReadAs, Source};

/// A cell with its place in the row.
type PlacedCell<'a> = (usize, Stored<'a>);

/// What a cell holds.
enum Stored<'a> {
    Value(DataRef<'a>),
    Formula,
}

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
    if source.bytes.starts_with(&OLE_MARK) {
        return Err(TableFault::of_file(TableProblem::OldOrLockedWorkbook).into());
    }
    guarded(|| Ok(archive::check(source.bytes)))?.map_err(TableFault::of_file)?;
    let mut workbook: Xlsx<_> = guarded(|| Xlsx::new(Cursor::new(source.bytes)))?;
    let sheet = choose_sheet(&workbook, source.sheet, read_as)?;
    let mut cells = guarded(|| workbook.worksheet_cells_reader(&sheet))?;
    let mut worksheet = Worksheet { table: Table::new(kind, Some(&sheet)), taker, faults };
    let mut row: Option<usize> = None;
    let mut waiting: Vec<PlacedCell<'_>> = Vec::new();
    while let Some(cell) = guarded(|| cells.next_cell_with_formula_metadata())? {
        let (at, place) = (cell.pos.0 as usize + 1, cell.pos.1 as usize);
        let stored = if cell.formula.is_some() { Stored::Formula } else { Stored::Value(cell.value) };
        if matches!(&stored, Stored::Value(DataRef::Empty)) {
            continue;
        }
        let fault = |problem| TableFault { sheet: Some(sheet.clone()), row: Some(at), column: None, problem };
        if place >= COLUMNS_MAX {
            return Err(fault(TableProblem::TooManyColumns { max: COLUMNS_MAX }).into());
        }
        let follows = match row {
            Some(row) if row == at => waiting.last().is_none_or(|(last, _)| *last < place),
            Some(row) => row < at,
            None => true,
        };
        if !follows {
            let detail = "cells are not in order".to_owned();
            return Err(fault(TableProblem::UnreadableWorkbook { detail }).into());
        }
        if row.is_some_and(|row| row != at) && !worksheet.row(row, &mut waiting) {
            return Ok(worksheet.table.rows);
        }
        if worksheet.table.rows >= ROWS_MAX {
            return Err(fault(TableProblem::TooManyRows { max: ROWS_MAX }).into());
        }
        row = Some(at);
        waiting.push((place, stored));
    }
    worksheet.row(row, &mut waiting);
    Ok(worksheet.table.rows)
}

/// The worksheet asked for, else the first.
fn choose_sheet<R: std::io::Read + std::io::Seek>(
    workbook: &Xlsx<R>,
    wanted: Option<&str>,
    read_as: &mut ReadAs,
) -> Result<String, Stop> {
    let worksheets = workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let known: Vec<String> = worksheets.map(|sheet| sheet.name.clone()).collect();
    let chosen = match wanted {
        Some(name) => known
            .iter()
            .find(|known| *known == name)
            .ok_or_else(|| TableProblem::UnknownSheet { name: name.to_owned(), known: known.clone() }),
        None => known.first().ok_or(TableProblem::NothingInside),
    };
    let chosen = chosen.map_err(TableFault::of_file)?.clone();
    read_as.sheets_unread = known.into_iter().filter(|known| *known != chosen).collect();
    read_as.sheet = Some(chosen.clone());
    Ok(chosen)
}

struct Worksheet<'a> {
    table: Table<'a>,
    taker: &'a mut dyn TakesRows,
    faults: &'a mut Faults,
}

impl Worksheet<'_> {
    /// Takes the cells of a row. `false`: the rows after it cannot be read.
    fn row(&mut self, row: Option<usize>, stored: &mut Vec<PlacedCell<'_>>) -> bool {
        let Some(row) = row else { return true };
        let mut cells: Vec<Value<'_>> = Vec::new();
        for (place, cell) in stored.drain(..) {
            cells.resize(place, Value::Empty);
            let value = value_of(cell, row, place).unwrap_or_else(|problem| {
                self.faults.say(self.table.fault(row, place, problem));
                Value::Faulty
            });
            cells.push(value);
        }
        if self.table.has_headings {
            self.table.row(row, &mut cells, self.taker, self.faults);
            return true;
        }
        let headings: Vec<String> = cells.iter().map(heading).collect();
        if headings.iter().all(String::is_empty) {
            return true;
        }
        self.table.headings(row, &headings, self.faults)
    }
}

fn heading(cell: &Value<'_>) -> String {
    match cell {
        Value::Text(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn value_of(stored: Stored<'_>, row: usize, place: usize) -> Result<Value<'_>, TableProblem> {
    let cell = || format!("{}{row}", letters(place));
    let Stored::Value(value) = stored else { return Err(TableProblem::Formula { cell: cell() }) };
    let text = |text: Cow<'_, str>| if text.trim().is_empty() { None } else { Some(text.trim().to_owned()) };
    Ok(match value {
        DataRef::Empty => Value::Empty,
        DataRef::Int(number) => Value::Text(Cow::Owned(number.to_string())),
        DataRef::Float(number) => Value::Number(number),
        DataRef::String(owned) => {
            text(Cow::Owned(owned)).map_or(Value::Empty, |text| Value::Text(Cow::Owned(text)))
        }
        DataRef::SharedString(shared) => match shared.trim() {
            "" => Value::Empty,
            shared => Value::Text(Cow::Borrowed(shared)),
        },
        DataRef::Bool(value) => Value::Bool(value),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => {
            return Err(TableProblem::DateCell);
        }
        DataRef::Error(error) => {
            return Err(TableProblem::ErrorCell { cell: cell(), error: error.to_string() });
        }
    })
}

/// Runs a step of the workbook reader. It subtracts unchecked where a damaged file makes it (a dimension that ends before
/// it begins): that is the file's fault and no reason to stop the process.
fn guarded<T>(step: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, Stop> {
    let problem = match catch_unwind(AssertUnwindSafe(step)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(XlsxError::Password)) => TableProblem::OldOrLockedWorkbook,
        Ok(Err(fault)) => TableProblem::UnreadableWorkbook { detail: fault.to_string() },
        Err(_) => TableProblem::UnreadableWorkbook { detail: "the reader stopped".to_owned() },
    };
    Err(TableFault::of_file(problem).into())
}

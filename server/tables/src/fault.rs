//! What is wrong with a table, and where. Every fault carries facts, never a sentence: the words are in `app/locales`.
//! Deliberately absent: an opinion about which fault matters most; they come in the order of the file.

use domain::refusal::Problem;
use serde::{Deserialize, Serialize};

/// More faults than this help nobody: the rest is counted by [`TableProblem::MoreFaults`].
pub const FAULTS_MAX: usize = 200;

/// One fault at one place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableFault {
    /// The worksheet (XLSX) or the list inside the document (JSON: `sheets`, `bids`, `reviewers`); `None` for CSV and a bare list.
    pub sheet: Option<String>,
    /// Counted from 1 as a spreadsheet shows it, the heading row included. JSON: the entry's place in its list, from 1.
    /// Rule: the line.
    pub row: Option<usize>,
    /// The heading as it stands in the file, the column's letter where there is no heading, the key path in JSON
    /// (`scores.quality`), or the field of a rule (`rubric.criteria.2.name`; places in lists from 0 here).
    pub column: Option<String>,
    #[serde(flatten)]
    pub problem: TableProblem,
}

impl TableFault {
    /// A fault of the file as a whole.
    pub fn of_file(problem: TableProblem) -> Self {
        Self { sheet: None, row: None, column: None, problem }
    }
}

/// What is wrong, with the facts a remedy needs. Scores are in milli-points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "problem")]
pub enum TableProblem {
    // The file.
    /// No row under the heading row, or nothing at all.
    NothingInside,
    TooLarge {
        bytes: u64,
        max: u64,
    },
    TooManyRows {
        max: usize,
    },
    TooManyColumns {
        max: usize,
    },
    /// The archive would unpack to more than this.
    UnpacksTooLarge {
        bytes: u64,
        max: u64,
    },
    /// Text with a zero character in it, at its line; no text has one.
    ZeroCharacter,
    /// Neither Unicode nor GB18030: the first byte that fits neither, at its line unless the file is UTF-16.
    UnknownEncoding {
        byte_offset: usize,
    },
    /// A rule is written in UTF-8 (or UTF-16 with a mark): the first byte that is not.
    NotUnicode {
        byte_offset: usize,
    },
    /// The older binary workbook (.xls), or a workbook under a password: save it as .xlsx without one.
    OldOrLockedWorkbook,
    /// The workbook is damaged. `detail` is what the reader said, in English.
    UnreadableWorkbook {
        detail: String,
    },
    UnknownSheet {
        name: String,
        known: Vec<String>,
    },
    /// A worksheet was asked for in a file that has none: CSV or JSON.
    NoWorksheets {
        name: String,
    },
    /// Said beside missing headings: this worksheet was read, and these others (the first [`SHEETS_MAX`]) were not.
    OtherSheets {
        name: String,
        others: Vec<String>,
    },
    /// The heading row holds more than one of the characters that may separate columns.
    SeparatorUnclear {
        found: Vec<char>,
    },
    /// A quotation mark in this row is never closed, or stands inside a cell without being doubled.
    LooseQuote,
    /// The row has another number of cells than the heading row.
    Ragged {
        expected: usize,
        found: usize,
    },
    /// No JSON: the line and the character in it, from 1. `detail` is what the reader said, in English.
    JsonSyntax {
        line: usize,
        position: usize,
        detail: String,
    },
    /// Another kind of JSON value is wanted here.
    WrongShape {
        wanted: JsonShape,
    },
    /// More faults were found than are listed.
    MoreFaults {
        count: usize,
    },

    // Headings and fields.
    /// None of the headings found is known. `wanted` are the keys of the columns that must be there.
    NoKnownHeading {
        wanted: Vec<String>,
        found: Vec<String>,
    },
    /// `name` is the column's key; `found` is every heading in the file.
    MissingColumn {
        name: String,
        found: Vec<String>,
    },
    /// Nothing in the rule or in this kind of table has this heading. `nearest` is the most similar one that has.
    UnknownColumn {
        name: String,
        nearest: Option<String>,
    },
    /// The heading fits more than one column: use the key.
    AmbiguousColumn {
        could_be: Vec<String>,
    },
    /// The same column stands twice; `first` is the heading (or path) of the one before.
    DuplicateColumn {
        first: String,
    },
    /// The same key stands twice in a JSON object; `first` is its path.
    DuplicateField {
        first: String,
    },
    /// A cell with something in it under no heading.
    NoHeading,

    // Cells.
    Empty,
    TooLong {
        max: usize,
        actual: usize,
    },
    ControlCharacter,
    NotANumber {
        text: String,
    },
    /// Yes or no stands where a number is wanted.
    Boolean,
    /// A date cell: dates carry no time zone and are no scores; write the text instead.
    DateCell,
    /// `cell` is the place, as `C5`: paste the value instead.
    Formula {
        cell: String,
    },
    /// `error` is what the spreadsheet shows, as `#DIV/0!`.
    ErrorCell {
        cell: String,
        error: String,
    },
    OutsideScale {
        text: String,
        min_milli: i64,
        max_milli: i64,
    },
    /// `below` and `above` are the nearest values an expert may give.
    NotOnStep {
        text: String,
        below_milli: i64,
        above_milli: i64,
    },
    UnknownVote {
        text: String,
    },
    /// Yes, no or nothing stands where a reason is wanted: nobody can tell which of the two it was meant to say.
    NoReason {
        text: String,
    },
    /// Not an instant with its zone (RFC 3339), as `2026-11-22T18:00:00+08:00`.
    NotAnInstant {
        text: String,
    },
    /// Not the text of a UUID.
    NotAnId {
        text: String,
    },
    OutOfRange {
        text: String,
        min: i64,
        max: i64,
    },
    /// A whole number is wanted, `min..=max`.
    NotWhole {
        text: String,
        min: i64,
        max: i64,
    },

    // Rows against each other.
    DuplicateReview {
        bid: String,
        reviewer: String,
        first_row: usize,
    },
    /// The same bid, expert or pair a second time.
    DuplicateName {
        name: String,
        first_row: usize,
    },
    /// Another row of the bid gives another instant.
    SealedAtDiffers {
        bid: String,
        first: String,
        first_row: usize,
    },
    /// Another entry of the same name gives another id.
    IdDiffers {
        name: String,
        first: String,
        first_row: usize,
    },
    /// Two names stand for one id: both give it, or one of them is the text of the other's id.
    SameId {
        first: String,
    },

    // Rules.
    UnknownGate {
        gate: u32,
        gates: u32,
    },
    UnknownField {
        name: String,
        nearest: Option<String>,
    },
    MissingField {
        name: String,
    },
    /// None of the words that may stand here.
    UnknownChoice {
        text: String,
        choices: Vec<String>,
    },
    /// A criterion or a vote has a key with other characters than a to z, 0 to 9 and _, none, or more than 32.
    UnsoundKey {
        text: String,
    },
    /// Two criteria or votes have the key `text`.
    SameKey {
        text: String,
    },
    /// Not a rule. `detail` is what the reader said, in English.
    NotARule {
        detail: String,
    },
    /// Written by a later version of this program.
    UnknownRuleFormat {
        format: u32,
        known: u32,
    },
    /// `missing` is what must be added to reach 1000 (negative: taken away).
    WeightsSum {
        sum_permille: i64,
        missing_permille: i64,
    },
    /// Any other problem of the rule, as its form would show it.
    Rule {
        fault: Problem,
    },
}

/// More worksheets than this are not listed.
pub(crate) const SHEETS_MAX: usize = 20;

/// The kinds of JSON values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JsonShape {
    Object,
    List,
    /// A list, or an object that holds one.
    Document,
    Text,
    TextOrNumber,
    ListOfTexts,
    YesOrNo,
    /// Any whole number.
    Whole,
    /// A whole number that is not negative.
    Count,
}

/// A fault that ends the reading.
pub(crate) type Stop = Box<TableFault>;

/// Collects faults in the order they are found, at most [`FAULTS_MAX`].
#[derive(Debug, Default)]
pub(crate) struct Faults {
    found: Vec<TableFault>,
    unlisted: usize,
}

impl Faults {
    pub(crate) fn say(&mut self, fault: TableFault) {
        if self.found.len() < FAULTS_MAX {
            self.found.push(fault);
        } else {
            self.unlisted += 1;
        }
    }

    pub(crate) fn of_file(&mut self, problem: TableProblem) {
        self.say(TableFault::of_file(problem));
    }

    /// Whether a fault listed so far is of this kind.
    pub(crate) fn any(&self, is_it: impl Fn(&TableProblem) -> bool) -> bool {
        self.found.iter().any(|fault| is_it(&fault.problem))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// `value` when nothing is wrong, else all of it.
    pub(crate) fn finish<T>(mut self, value: T) -> Result<T, Vec<TableFault>> {
        if self.found.is_empty() {
            return Ok(value);
        }
        if self.unlisted > 0 {
            self.found.push(TableFault::of_file(TableProblem::MoreFaults { count: self.unlisted }));
        }
        Err(self.found)
    }
}

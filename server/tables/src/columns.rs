//! Headings: which column is which. Deliberately absent: guessing by position.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::fault::{Faults, TableFault, TableProblem};

/// A column that a kind of table may have.
pub(crate) struct Column {
    /// What it is called in JSON and in faults.
    pub(crate) key: String,
    /// Headings it is known by, the key among them; none for a column that only JSON has.
    pub(crate) headings: Vec<String>,
    pub(crate) is_required: bool,
}

impl Column {
    /// A column of the kind of table `table` with the headings listed for it in `data/headings.json`.
    pub(crate) fn listed(table: &str, key: &str, is_required: bool) -> Self {
        let listed = WORDS.tables.get(table).and_then(|columns| columns.get(key));
        let mut headings = vec![key.to_owned()];
        headings.extend(listed.into_iter().flatten().cloned());
        Self { key: key.to_owned(), headings, is_required }
    }

    /// A column that no heading stands for: only JSON has it.
    pub(crate) fn without_heading(key: &str) -> Self {
        Self { key: key.to_owned(), headings: Vec::new(), is_required: false }
    }
}

/// What people call columns and answers, in both languages.
#[derive(Default, Deserialize)]
pub(crate) struct Words {
    pub(crate) yes: Vec<String>,
    pub(crate) no: Vec<String>,
    /// What people put where a reason is wanted without giving one.
    pub(crate) no_reason: Vec<String>,
    #[serde(flatten)]
    tables: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// The file is part of the program; a test reads it, so it is never the default.
pub(crate) static WORDS: LazyLock<Words> =
    LazyLock::new(|| serde_json::from_str(include_str!("../data/headings.json")).unwrap_or_default());

/// A heading or word as it is compared: without white space, in lower case.
pub(crate) fn fold(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Which column each heading of a file is, and what the columns are called there.
#[derive(Debug)]
pub(crate) struct Matched {
    /// For each place in the file's rows the position among the known columns; `None` where nothing may stand.
    pub(crate) column_at: Vec<Option<usize>>,
    /// For each known column its heading in the file, or its key where the file does not have it.
    pub(crate) labels: Vec<String>,
    /// For each place whether there is a heading at all, known or not.
    named: Vec<bool>,
}

impl Matched {
    pub(crate) fn is_named(&self, place: usize) -> bool {
        self.named.get(place).copied().unwrap_or(false)
    }
}

/// Finds the known column of each heading. `None` when a column that must be there is not: the rows would only repeat it.
pub(crate) fn match_headings(
    columns: &[Column],
    headings: &[String],
    at: &dyn Fn(usize, TableProblem) -> TableFault,
    faults: &mut Faults,
) -> Option<Matched> {
    let found: Vec<String> = headings.iter().filter(|heading| !heading.is_empty()).cloned().collect();
    if headings.iter().all(|heading| could_be(columns, heading).is_empty()) {
        let required = columns.iter().filter(|column| column.is_required);
        let wanted = required.map(|column| column.key.clone()).collect();
        faults.say(TableFault { column: None, ..at(0, TableProblem::NoKnownHeading { wanted, found }) });
        return None;
    }
    let mut place_of: Vec<Option<usize>> = vec![None; columns.len()];
    let mut column_at = vec![None; headings.len()];
    for (place, heading) in headings.iter().enumerate() {
        if heading.is_empty() {
            continue;
        }
        let known = could_be(columns, heading);
        let column = match known.as_slice() {
            [only] => *only,
            [] => {
                let problem =
                    TableProblem::UnknownColumn { name: heading.clone(), nearest: nearest(columns, heading) };
                faults.say(at(place, problem));
                continue;
            }
            several => {
                let could_be =
                    several.iter().filter_map(|index| columns.get(*index)).map(|c| c.key.clone()).collect();
                faults.say(at(place, TableProblem::AmbiguousColumn { could_be }));
                continue;
            }
        };
        let Some(taken) = place_of.get_mut(column) else { continue };
        if let Some(first) = taken.and_then(|first| headings.get(first)) {
            faults.say(at(place, TableProblem::DuplicateColumn { first: first.clone() }));
            continue;
        }
        *taken = Some(place);
        if let Some(slot) = column_at.get_mut(place) {
            *slot = Some(column);
        }
    }
    let mut is_complete = true;
    let mut labels = Vec::with_capacity(columns.len());
    for (column, place) in columns.iter().zip(&place_of) {
        if place.is_none() && column.is_required {
            is_complete = false;
            let problem = TableProblem::MissingColumn { name: column.key.clone(), found: found.clone() };
            faults.say(TableFault { column: None, ..at(0, problem) });
        }
        let heading = place.and_then(|place| headings.get(place));
        labels.push(heading.unwrap_or(&column.key).clone());
    }
    let named = headings.iter().map(|heading| !heading.is_empty()).collect();
    is_complete.then_some(Matched { column_at, labels, named })
}

fn could_be(columns: &[Column], heading: &str) -> Vec<usize> {
    let wanted = fold(heading);
    let is_it = |column: &Column| column.headings.iter().any(|known| fold(known) == wanted);
    columns.iter().enumerate().filter(|(_, column)| is_it(column)).map(|(index, _)| index).collect()
}

/// The known heading that differs in the fewest letters, when at most a third of them differ.
fn nearest(columns: &[Column], heading: &str) -> Option<String> {
    nearest_of(columns.iter().flat_map(|column| column.headings.iter().map(String::as_str)), heading)
}

pub(crate) fn nearest_of<'a>(known: impl Iterator<Item = &'a str>, wanted: &str) -> Option<String> {
    let wanted: Vec<char> = fold(wanted).chars().take(LETTERS_COMPARED).collect();
    known
        .map(|name| {
            let letters: Vec<char> = fold(name).chars().take(LETTERS_COMPARED).collect();
            (distance(&letters, &wanted), letters.len().max(wanted.len()), name)
        })
        .filter(|(distance, length, _)| distance * 3 <= *length)
        .min_by_key(|(distance, _, _)| *distance)
        .map(|(_, _, name)| name.to_owned())
}

/// Headings are short; longer ones differ early.
const LETTERS_COMPARED: usize = 64;

/// Letters to insert, remove or replace to make one text the other (Levenshtein 1966).
fn distance(left: &[char], right: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, a) in left.iter().enumerate() {
        let mut diagonal = line;
        let mut before = line + 1;
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (cell, b) in row.iter_mut().skip(1).zip(right) {
            let next = (diagonal + usize::from(a != b)).min(before + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = next;
            before = next;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// The letters a spreadsheet gives a column, from 0: A, B, … Z, AA.
pub(crate) fn letters(column: usize) -> String {
    let mut left = column + 1;
    let mut text = Vec::new();
    while left > 0 {
        left -= 1;
        text.push(b'A' + (left % 26) as u8);
        left /= 26;
    }
    text.into_iter().rev().map(char::from).collect()
}

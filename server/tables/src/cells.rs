//! What a cell means: a name, a score, yes or no, a count, an instant, an id, a list. Deliberately absent: rounding.

use std::borrow::Cow;

use chrono::DateTime;
use domain::refusal::Problem;
use domain::rule::Scale;
use domain::time::Timestamp;
use domain::words;
use uuid::Uuid;

use crate::columns::{WORDS, fold};
use crate::fault::{JsonShape, TableProblem};
use crate::rows::Value;

/// Letters of a name: of a bid, a reviewer, a unit, a keyword.
pub(crate) const NAME_MAX: usize = 200;

/// A workbook stores 85.3 as the nearest f64; a number further than this (in points) from a milli-point was meant finer.
const NEAR: f64 = 1e-9;

/// Why a cell does not mean what it should; `None`: it has been reported already.
pub(crate) type Unmeant = Option<TableProblem>;

/// The text of a cell as it stands; a workbook's number as its shortest decimal text.
pub(crate) fn text<'v>(cell: &'v Value<'_>) -> Result<Cow<'v, str>, Unmeant> {
    match cell {
        Value::Empty => Err(Some(TableProblem::Empty)),
        Value::Text(text) => Ok(Cow::Borrowed(text)),
        Value::Number(number) => Ok(Cow::Owned(number.to_string())),
        Value::Bool(_) => Err(Some(TableProblem::Boolean)),
        Value::List(_) => Err(Some(TableProblem::WrongShape { wanted: JsonShape::TextOrNumber })),
        Value::Faulty => Err(None),
    }
}

/// `None` for an empty cell.
pub(crate) fn optional<'v, T>(
    cell: &'v Value<'v>,
    read: impl FnOnce(&'v Value<'v>) -> Result<T, Unmeant>,
) -> Result<Option<T>, Unmeant> {
    if *cell == Value::Empty { Ok(None) } else { read(cell).map(Some) }
}

/// One line of at most [`NAME_MAX`] letters.
pub(crate) fn name(cell: &Value<'_>) -> Result<String, Unmeant> {
    line(&text(cell)?)
}

fn line(text: &str) -> Result<String, Unmeant> {
    words::line(text, NAME_MAX).map_err(|problem| Some(from_words(&problem, text)))
}

/// A reason: several lines of at most `domain::words::REASON_MAX` letters. Yes, no, a number, a tick or a dash is none.
pub(crate) fn reason(cell: &Value<'_>) -> Result<String, Unmeant> {
    if let Value::Bool(answer) = cell {
        return Err(Some(TableProblem::NoReason { text: answer.to_string() }));
    }
    let text = text(cell)?;
    let word: String = fold(&text).chars().map(half_width).collect();
    let is_answer = [&WORDS.yes, &WORDS.no, &WORDS.no_reason].into_iter().any(|known| known.contains(&word));
    if is_answer || !word.chars().any(char::is_alphabetic) {
        return Err(Some(TableProblem::NoReason { text: text.into_owned() }));
    }
    words::paragraphs(&text, words::REASON_MAX).map_err(|problem| Some(from_words(&problem, &text)))
}

/// A full-width letter, digit or mark as the one of ordinary width.
pub(crate) fn half_width(letter: char) -> char {
    match letter {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        _ => letter,
    }
}

fn from_words(problem: &Problem, text: &str) -> TableProblem {
    let count = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    match problem {
        Problem::Required => TableProblem::Empty,
        Problem::ControlCharacter => TableProblem::ControlCharacter,
        Problem::TooLong { max, actual } => {
            TableProblem::TooLong { max: count(*max), actual: count(*actual) }
        }
        Problem::OutOfRange { min, max } => {
            TableProblem::OutOfRange { text: text.to_owned(), min: *min, max: *max }
        }
        _ => TableProblem::NotANumber { text: text.to_owned() },
    }
}

/// An expert's score in milli-points. Text is read digit by digit; a workbook's number is taken for the nearest
/// milli-point within 1e-9 points.
pub(crate) fn score(cell: &Value<'_>, scale: Scale) -> Result<i64, Unmeant> {
    match cell {
        Value::Number(number) => score_of_number(*number, scale),
        _ => score_of_text(&text(cell)?, scale),
    }
}

fn score_of_text(text: &str, scale: Scale) -> Result<i64, Unmeant> {
    words::score(text, scale).map_err(|problem| {
        Some(match problem {
            Problem::OutsideScale => outside(text, scale),
            Problem::NotOnStep => match floor_milli(text) {
                Some(floor) => off_step(text, floor, scale),
                None => TableProblem::NotANumber { text: text.to_owned() },
            },
            _ => from_words(&problem, text),
        })
    })
}

/// The milli-point at or below a decimal text with any number of decimals.
fn floor_milli(text: &str) -> Option<i64> {
    let cut = match text.find(['.', '\u{FF0E}']) {
        Some(point) => {
            let end = text.char_indices().map(|(at, _)| at).filter(|at| *at > point).nth(3);
            end.map_or(text, |end| text.get(..end).unwrap_or(text))
        }
        None => text,
    };
    let milli = words::milli(cut).ok()?;
    let is_below = cut.len() < text.len() && text.trim_start().starts_with(['-', '\u{FF0D}']);
    Some(if is_below { milli - 1 } else { milli })
}

fn score_of_number(number: f64, scale: Scale) -> Result<i64, Unmeant> {
    let text = number.to_string();
    if !number.is_finite() {
        return Err(Some(TableProblem::NotANumber { text }));
    }
    // `as` saturates, and whatever saturates is outside every scale.
    let nearest = (number * 1000.0).round();
    let milli = nearest as i64;
    if milli < scale.min_milli || milli > scale.max_milli {
        return Err(Some(outside(&text, scale)));
    }
    if (number - nearest / 1000.0).abs() > NEAR {
        return Err(Some(off_step(&text, (number * 1000.0).floor() as i64, scale)));
    }
    if scale.allows(milli) { Ok(milli) } else { Err(Some(off_step(&text, milli, scale))) }
}

fn outside(text: &str, scale: Scale) -> TableProblem {
    TableProblem::OutsideScale {
        text: text.to_owned(),
        min_milli: scale.min_milli,
        max_milli: scale.max_milli,
    }
}

/// For a value between `floor` (included) and the next milli-point that is on no step.
fn off_step(text: &str, floor: i64, scale: Scale) -> TableProblem {
    if floor < scale.min_milli || floor >= scale.max_milli || scale.step_milli <= 0 {
        return outside(text, scale);
    }
    let below_milli = floor - (floor - scale.min_milli) % scale.step_milli;
    let above_milli = below_milli + scale.step_milli;
    TableProblem::NotOnStep { text: text.to_owned(), below_milli, above_milli }
}

/// Yes or no, by the words of `data/headings.json`.
pub(crate) fn yes_or_no(cell: &Value<'_>) -> Result<bool, Unmeant> {
    if let Value::Bool(answer) = cell {
        return Ok(*answer);
    }
    let text = text(cell)?;
    let word = fold(&text);
    if WORDS.yes.contains(&word) {
        Ok(true)
    } else if WORDS.no.contains(&word) {
        Ok(false)
    } else {
        Err(Some(TableProblem::UnknownVote { text: text.into_owned() }))
    }
}

/// A whole number, `min..=max`.
pub(crate) fn whole(cell: &Value<'_>, min: u32, max: u32) -> Result<u32, Unmeant> {
    let text = text(cell)?;
    let read = words::whole(&text, i64::from(min), i64::from(max));
    let not_whole =
        || TableProblem::NotWhole { text: text.to_string(), min: i64::from(min), max: i64::from(max) };
    let number = read.map_err(|problem| match from_words(&problem, &text) {
        TableProblem::NotANumber { .. } => Some(not_whole()),
        other => Some(other),
    })?;
    u32::try_from(number).or(Err(Some(not_whole())))
}

/// An instant with its zone, RFC 3339, to the millisecond.
pub(crate) fn instant(cell: &Value<'_>) -> Result<Timestamp, Unmeant> {
    let text = text(cell)?;
    match DateTime::parse_from_rfc3339(&text) {
        Ok(at) => Ok(Timestamp(at.timestamp_millis())),
        Err(_) => Err(Some(TableProblem::NotAnInstant { text: text.into_owned() })),
    }
}

/// A UUID in any of its written forms.
pub(crate) fn id(cell: &Value<'_>) -> Result<Uuid, Unmeant> {
    let text = text(cell)?;
    text.parse().or(Err(Some(TableProblem::NotAnId { text: text.into_owned() })))
}

/// Names separated by semicolons or commas, of either width; in JSON a list of texts. Empty ones fall away.
pub(crate) fn names(cell: &Value<'_>) -> Result<Vec<String>, Unmeant> {
    let separators = [';', ',', '\u{FF1B}', '\u{FF0C}', '\u{3001}'];
    let is_named = |text: &&str| !text.trim().is_empty();
    match cell {
        Value::Empty => Ok(Vec::new()),
        Value::List(texts) => texts.iter().copied().filter(is_named).map(line).collect(),
        _ => text(cell)?.split(separators).filter(is_named).map(line).collect(),
    }
}

//! How many shared texts a workbook says it has. The workbook reader makes room for that many before it has seen one, and
//! room that is not there ends the process. Deliberately absent: the texts.

use crate::archive::{Entry, MARK_LENGTH, entries, is_texts, long, number, places};
use crate::fault::TableProblem;
use crate::inflate;

/// `<si/>`: no text is written in fewer bytes.
const SMALLEST_TEXT: u64 = 5;
/// The first element ends within this much of the part; a spreadsheet writes 60 to 300 bytes.
const BEGINNING: usize = 4096;
/// A workbook has one such part; a workbook stored inside it may have another.
const PARTS_MAX: usize = 16;

const PART_MARK: &[u8; MARK_LENGTH] = b"PK\x03\x04";
const PART_HEADER_LENGTH: usize = 30;
const END_MARK: &[u8; MARK_LENGTH] = b"PK\x05\x06";
/// More than any reader searches for the end of the directory: its record and the longest comment, twice.
const TAIL: usize = 1 << 17;

/// Looks at the beginning of every part that may be taken for the shared texts.
///
/// # Errors
/// `UnreadableWorkbook` where a part promises more texts than its size could hold, or does not plainly begin with its
/// first element; where an archive has shared texts and could be read in two ways.
pub(crate) fn check_count(bytes: &[u8]) -> Result<(), TableProblem> {
    let parts: Vec<Entry<'_>> = entries(bytes).filter(is_texts).take(PARTS_MAX + 1).collect();
    if parts.is_empty() {
        return Ok(());
    }
    if parts.len() > PARTS_MAX {
        return Err(unreadable("too many parts of shared texts"));
    }
    if !begins_at_once(bytes) {
        return Err(unreadable("the directory of the archive is not where it says"));
    }
    parts.iter().try_for_each(|part| {
        let Some(packed) = packed_bytes(bytes, part) else {
            return Err(unreadable("the shared texts are not where the directory says"));
        };
        let unpacked;
        let beginning = if part.method == 0 {
            packed.get(..BEGINNING).unwrap_or(packed)
        } else {
            unpacked = inflate::beginning(packed, BEGINNING);
            &unpacked
        };
        match first_element(beginning).map(promised) {
            None => Err(unreadable("the shared texts do not begin with their first element")),
            Some(count) if count > part.size / SMALLEST_TEXT => {
                Err(unreadable("there are fewer shared texts than promised"))
            }
            Some(_) => Ok(()),
        }
    })
}

fn unreadable(detail: &str) -> TableProblem {
    TableProblem::UnreadableWorkbook { detail: detail.to_owned() }
}

/// Whether places in the archive are counted from its first byte, wherever the reader finds the end of the directory
/// (APPNOTE.TXT 6.3.10, section 4.3.16). It also reads archives that begin later and then counts from there.
fn begins_at_once(bytes: &[u8]) -> bool {
    let is_entry = |at: usize| bytes.get(at..).is_some_and(|rest| rest.starts_with(b"PK\x01\x02"));
    let from = bytes.len().saturating_sub(TAIL);
    let tail = bytes.get(from..).unwrap_or_default();
    places(tail, END_MARK).map(|at| from + at).all(|end| {
        let header = bytes.get(end..).unwrap_or_default();
        let (Some(size), Some(start)) = (long(header, 12), long(header, 16)) else { return true };
        // The size leads back to the start, unless records of a larger archive stand between the two.
        let is_found_at = |other: Option<usize>| other.is_none_or(|at| at <= start || !is_entry(at));
        // Full fields send the reader to the records of a larger archive, which no workbook of ours needs.
        let is_long = number(header, 10) == Some(usize::from(u16::MAX)) || size == u32::MAX as usize;
        !is_long && is_entry(start) && is_found_at(end.checked_sub(size))
    })
}

/// What is stored of a part, and whatever follows it in the archive.
fn packed_bytes<'a>(bytes: &'a [u8], part: &Entry<'_>) -> Option<&'a [u8]> {
    let header = bytes.get(part.offset..)?;
    let length = PART_HEADER_LENGTH + number(header, 26)? + number(header, 28)?;
    header.starts_with(PART_MARK).then(|| header.get(length..)).flatten()
}

/// The first start tag without its brackets, when nothing stands before it but a byte order mark, white space and the XML
/// declaration, and all of it is ASCII: then every encoding reads it alike.
fn first_element(beginning: &[u8]) -> Option<&str> {
    let text = beginning.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(beginning);
    let plain = text.iter().take_while(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~')).count();
    let mut text = std::str::from_utf8(text.get(..plain)?).ok()?.trim_start();
    if let Some(declaration) = text.strip_prefix("<?xml ") {
        text = declaration.split_once("?>")?.1.trim_start();
    }
    let tag = text.strip_prefix('<')?;
    let mut quote = None;
    let end = tag.find(|letter| {
        match (quote, letter) {
            (None, '>') => return true,
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
        false
    })?;
    let tag = tag.get(..end)?;
    let name = tag.split([' ', '\t', '\r', '\n', '/']).next()?;
    let is_root = name.rsplit(':').next() == Some("sst");
    is_root.then_some(tag)
}

/// The largest number that stands as `uniqueCount`; 0 where none does. The attribute `count` is none of the reader's
/// business: it counts the cells, which may share a text.
fn promised(tag: &str) -> u64 {
    let counts = tag.split("uniqueCount").skip(1).map(|after| {
        let value =
            after.trim_start_matches(|letter: char| letter.is_ascii_whitespace() || "=\"'+".contains(letter));
        let digits = value.bytes().take_while(u8::is_ascii_digit).map(|digit| u64::from(digit - b'0'));
        digits.fold(0, |number: u64, digit| number.saturating_mul(10).saturating_add(digit))
    });
    counts.max().unwrap_or(0)
}

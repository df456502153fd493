//! How many shared texts a workbook says it has. The workbook reader makes room for that many before it has seen one, and
//! room that is not there ends the process. Deliberately absent: the texts.

use crate::archive::unreadable;
use crate::fault::TableProblem;

/// `<si/>`: no text is written in fewer bytes.
const SMALLEST_TEXT: u64 = 5;
/// The first element ends within this many bytes of the part; a spreadsheet writes 60 to 300.
pub(crate) const BEGINNING: u64 = 4096;

/// Looks at the beginning of the part, which unpacks to `size` bytes at most.
///
/// # Errors
/// `UnreadableWorkbook` where it promises more texts than its size could hold, or does not plainly begin with its first
/// element.
pub(crate) fn check_count(beginning: &[u8], size: u64) -> Result<(), TableProblem> {
    match first_element(beginning).map(promised) {
        None => Err(unreadable("the shared texts do not begin with their first element")),
        Some(count) if count > size / SMALLEST_TEXT => {
            Err(unreadable("there are fewer shared texts than promised"))
        }
        Some(_) => Ok(()),
    }
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

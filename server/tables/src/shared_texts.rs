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
/// declaration, and all of it is ASCII: then every encoding reads it alike. The reader passes over whatever is not plainly
/// a start tag of that name, an element without content too, and believes a later one; so nothing but white space may
/// follow such an element.
fn first_element(beginning: &[u8]) -> Option<&str> {
    let text = beginning.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(beginning);
    let plain = text.iter().take_while(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~')).count();
    let is_all_plain = plain == text.len() && (text.len() as u64) < BEGINNING;
    let mut text = std::str::from_utf8(text.get(..plain)?).ok()?.trim_start();
    if let Some(declaration) = text.strip_prefix("<?xml ") {
        text = declaration.split_once("?>")?.1.trim_start();
    }
    let (tag, behind) = split_tag(text.strip_prefix('<')?)?;
    let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
    let is_alone = is_all_plain && behind.trim().is_empty();
    let is_root = is_root_name(tag.split([' ', '\t', '\r', '\n']).next()?);
    (is_root && (!is_empty || is_alone)).then_some(tag)
}

/// The tag up to the bracket that closes it, brackets in quotation marks passed over, and what comes behind.
fn split_tag(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    let end = text.find(|letter| {
        match (quote, letter) {
            (None, '>') => return true,
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
        false
    })?;
    Some((text.get(..end)?, text.get(end + 1..)?))
}

/// `sst`, or that behind one plain prefix: anything else is another name to the reader.
fn is_root_name(name: &str) -> bool {
    let is_prefix =
        |prefix: &str| !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_alphanumeric());
    name == "sst" || name.strip_suffix(":sst").is_some_and(is_prefix)
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

//! From bytes to text. Deliberately absent: statistics over letters; an encoding is known by its mark or by being the
//! only one of the two in use here that fits.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, GB18030};

use crate::fault::{Stop, TableFault, TableProblem};
use crate::source::TextEncoding;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// UTF-8 with or without a mark, UTF-16 with a mark, else GB18030 where every byte fits.
///
/// # Errors
/// `UnknownEncoding` with the first byte that fits nothing, which in UTF-16 without a mark is the first zero byte;
/// `ZeroCharacter` in any other text. Both at their line.
pub(crate) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, TextEncoding), Stop> {
    let unknown = |byte_offset: usize| -> Stop {
        let problem = TableProblem::UnknownEncoding { byte_offset };
        let before = bytes.get(..byte_offset).unwrap_or(bytes);
        let row = (!begins_with_wide_mark(bytes)).then(|| line_after(before));
        TableFault { row, ..TableFault::of_file(problem) }.into()
    };
    let (text, encoding) = match unicode(bytes) {
        Ok(read) => read,
        Err(byte_offset) if begins_with_mark(bytes) => return Err(unknown(byte_offset)),
        Err(_) => (Cow::Owned(gb18030(bytes).map_err(unknown)?), TextEncoding::Gb18030),
    };
    let Some(at) = text.find('\0') else { return Ok((text, encoding)) };
    // Every second byte of Latin letters in UTF-16 is zero.
    if !begins_with_mark(bytes) && bytes.iter().filter(|byte| **byte == 0).count() * 4 > bytes.len() {
        return Err(unknown(at));
    }
    let row = Some(line_after(text.as_bytes().get(..at).unwrap_or_default()));
    Err(TableFault { row, ..TableFault::of_file(TableProblem::ZeroCharacter) }.into())
}

/// The line, from 1, that follows on these bytes; a line ends with LF, CR or both.
fn line_after(bytes: &[u8]) -> usize {
    let mut line = 1;
    let mut before = 0;
    for byte in bytes {
        if *byte == b'\r' || (*byte == b'\n' && before != b'\r') {
            line += 1;
        }
        before = *byte;
    }
    line
}

/// As [`decode`], but Unicode only: JSON is exchanged in nothing else (RFC 8259, section 8.1).
///
/// # Errors
/// `NotUnicode` with the first byte that is not.
pub(crate) fn decode_unicode(bytes: &[u8]) -> Result<Cow<'_, str>, TableProblem> {
    unicode(bytes).map(|(text, _)| text).map_err(|byte_offset| TableProblem::NotUnicode { byte_offset })
}

fn begins_with_mark(bytes: &[u8]) -> bool {
    bytes.starts_with(UTF8_MARK) || begins_with_wide_mark(bytes)
}

fn begins_with_wide_mark(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xFE\xFF") || bytes.starts_with(b"\xFF\xFE")
}

fn unicode(bytes: &[u8]) -> Result<(Cow<'_, str>, TextEncoding), usize> {
    if let Some(rest) = bytes.strip_prefix(UTF8_MARK) {
        let text = std::str::from_utf8(rest).map_err(|fault| fault.valid_up_to() + UTF8_MARK.len())?;
        return Ok((Cow::Borrowed(text), TextEncoding::Utf8Marked));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return utf16(rest, u16::from_be_bytes).map(|text| (Cow::Owned(text), TextEncoding::Utf16));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return utf16(rest, u16::from_le_bytes).map(|text| (Cow::Owned(text), TextEncoding::Utf16));
    }
    let text = std::str::from_utf8(bytes).map_err(|fault| fault.valid_up_to())?;
    Ok((Cow::Borrowed(text), TextEncoding::Utf8))
}

/// `bytes` without the mark; the offset counts it.
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, usize> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut offset = 2;
    for letter in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match letter {
            Ok(letter) => {
                text.push(letter);
                offset += 2 * letter.len_utf16();
            }
            Err(_) => return Err(offset),
        }
    }
    if rest.is_empty() { Ok(text) } else { Err(offset) }
}

/// The offset of the first byte that does not fit.
fn gb18030(bytes: &[u8]) -> Result<String, usize> {
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0);
    let mut text = String::with_capacity(room);
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (DecoderResult::InputEmpty, _) => Ok(text),
        (DecoderResult::Malformed(length, after), read) => {
            Err(read.saturating_sub(usize::from(length) + usize::from(after)))
        }
        (DecoderResult::OutputFull, read) => Err(read),
    }
}

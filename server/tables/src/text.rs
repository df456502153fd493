//! From bytes to text. Deliberately absent: statistics over letters; an encoding is known by its mark or by being the
//! only one of the two in use here that fits.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, GB18030};

use crate::fault::TableProblem;
use crate::source::TextEncoding;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// UTF-8 with or without a mark, UTF-16 with a mark, else GB18030 where every byte fits.
///
/// # Errors
/// `UnknownEncoding` with the first byte that fits nothing. A zero byte fits nothing: text never holds one, and UTF-16
/// without a mark is full of them.
pub(crate) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, TextEncoding), TableProblem> {
    let (text, encoding) = match unicode(bytes) {
        Ok(read) => read,
        Err(byte_offset) if begins_with_mark(bytes) => {
            return Err(TableProblem::UnknownEncoding { byte_offset });
        }
        Err(_) => (Cow::Owned(gb18030(bytes)?), TextEncoding::Gb18030),
    };
    match text.find('\0') {
        Some(byte_offset) => Err(TableProblem::UnknownEncoding { byte_offset }),
        None => Ok((text, encoding)),
    }
}

/// As [`decode`], but Unicode only: JSON is exchanged in nothing else (RFC 8259, section 8.1).
///
/// # Errors
/// `NotUnicode` with the first byte that is not.
pub(crate) fn decode_unicode(bytes: &[u8]) -> Result<Cow<'_, str>, TableProblem> {
    unicode(bytes).map(|(text, _)| text).map_err(|byte_offset| TableProblem::NotUnicode { byte_offset })
}

fn begins_with_mark(bytes: &[u8]) -> bool {
    bytes.starts_with(UTF8_MARK) || bytes.starts_with(b"\xFE\xFF") || bytes.starts_with(b"\xFF\xFE")
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

fn gb18030(bytes: &[u8]) -> Result<String, TableProblem> {
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0);
    let mut text = String::with_capacity(room);
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (DecoderResult::InputEmpty, _) => Ok(text),
        (DecoderResult::Malformed(length, after), read) => {
            let byte_offset = read.saturating_sub(usize::from(length) + usize::from(after));
            Err(TableProblem::UnknownEncoding { byte_offset })
        }
        (DecoderResult::OutputFull, read) => Err(TableProblem::UnknownEncoding { byte_offset: read }),
    }
}

//! How much a workbook would unpack to, before anything is unpacked. Deliberately absent: unpacking.

use crate::fault::TableProblem;

/// What all parts of a workbook may unpack to.
pub(crate) const UNPACKED_MAX: u64 = 512 << 20;
/// The one part that is held in memory whole: every different text of the workbook.
pub(crate) const TEXTS_MAX: u64 = 64 << 20;

/// A central directory header, APPNOTE.TXT 6.3.10, section 4.3.12.
const HEADER_MARK: &[u8; 4] = b"PK\x01\x02";
const HEADER_LENGTH: usize = 46;

/// Adds up what the directory of the archive promises. Every place that looks like an entry counts, so that no directory
/// can be hidden from this sum; the reader unpacks no part beyond what its entry promises.
///
/// # Errors
/// `UnpacksTooLarge`.
pub(crate) fn check_unpacked_size(bytes: &[u8]) -> Result<(), TableProblem> {
    let mut total: u64 = 0;
    let mut rest = bytes;
    while let Some(at) = find(rest, HEADER_MARK) {
        let header = rest.get(at..).unwrap_or_default();
        if let Some((name, size)) = entry(header) {
            if size > TEXTS_MAX && is_texts(name) {
                return Err(TableProblem::UnpacksTooLarge { bytes: size, max: TEXTS_MAX });
            }
            total = total.saturating_add(size);
        }
        rest = header.get(HEADER_MARK.len()..).unwrap_or_default();
    }
    if total > UNPACKED_MAX {
        return Err(TableProblem::UnpacksTooLarge { bytes: total, max: UNPACKED_MAX });
    }
    Ok(())
}

fn find(bytes: &[u8], mark: &[u8; 4]) -> Option<usize> {
    bytes.windows(mark.len()).position(|window| window == mark)
}

fn is_texts(name: &[u8]) -> bool {
    name.to_ascii_lowercase().ends_with(b"sharedstrings.xml")
}

/// Name and unpacked size of the entry that begins here; `None` where the mark is only four bytes of something packed.
fn entry(header: &[u8]) -> Option<(&[u8], u64)> {
    let method = number(header, 10)?;
    let size = u32::from_le_bytes(*header.get(24..)?.first_chunk()?);
    let (name_length, extra_length) = (number(header, 28)?, number(header, 30)?);
    let name = header.get(HEADER_LENGTH..HEADER_LENGTH + name_length)?;
    // Stored or deflated: the reader knows no other method.
    if !matches!(method, 0 | 8) || name.is_empty() || name.iter().any(u8::is_ascii_control) {
        return None;
    }
    if size < u32::MAX {
        return Some((name, u64::from(size)));
    }
    let extra = header.get(HEADER_LENGTH + name_length..HEADER_LENGTH + name_length + extra_length)?;
    Some((name, long_size(extra).unwrap_or(u64::from(size))))
}

/// The size in the ZIP64 field (section 4.5.3), which comes first in it when the short one is full.
fn long_size(mut extra: &[u8]) -> Option<u64> {
    loop {
        let (kind, length) = (number(extra, 0)?, number(extra, 2)?);
        let field = extra.get(4..4 + length)?;
        if kind == 1 {
            return field.first_chunk().map(|size| u64::from_le_bytes(*size));
        }
        extra = extra.get(4 + length..)?;
    }
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.first_chunk().map(|two| usize::from(u16::from_le_bytes(*two)))
}

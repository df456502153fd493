//! How much a workbook would unpack to, before anything is unpacked. Deliberately absent: unpacking.

use crate::fault::TableProblem;

/// What all parts of a workbook may unpack to.
pub(crate) const UNPACKED_MAX: u64 = 512 << 20;
/// The one part that is held in memory whole: every different text of the workbook.
pub(crate) const TEXTS_MAX: u64 = 64 << 20;

pub(crate) const MARK_LENGTH: usize = 4;
/// A central directory header, APPNOTE.TXT 6.3.10, section 4.3.12.
const HEADER_MARK: &[u8; MARK_LENGTH] = b"PK\x01\x02";
const HEADER_LENGTH: usize = 46;

/// Adds up what the directory of the archive promises; the reader unpacks no part beyond what its entry promises.
///
/// # Errors
/// `UnpacksTooLarge`.
pub(crate) fn check_unpacked_size(bytes: &[u8]) -> Result<(), TableProblem> {
    let mut total: u64 = 0;
    for entry in entries(bytes) {
        if entry.size > TEXTS_MAX && is_texts(&entry) {
            return Err(TableProblem::UnpacksTooLarge { bytes: entry.size, max: TEXTS_MAX });
        }
        total = total.saturating_add(entry.size);
    }
    if total > UNPACKED_MAX {
        return Err(TableProblem::UnpacksTooLarge { bytes: total, max: UNPACKED_MAX });
    }
    Ok(())
}

/// What the directory says of a part.
pub(crate) struct Entry<'a> {
    name: &'a [u8],
    extra: &'a [u8],
    /// 0: stored, 8: deflated.
    pub(crate) method: usize,
    /// Unpacked.
    pub(crate) size: u64,
    /// Where its own header stands.
    pub(crate) offset: usize,
}

/// Every place that looks like an entry of the directory, so that no directory can be hidden from who looks at them.
pub(crate) fn entries(bytes: &[u8]) -> impl Iterator<Item = Entry<'_>> {
    places(bytes, HEADER_MARK).filter_map(|at| entry(bytes.get(at..)?))
}

/// Where `mark` stands.
pub(crate) fn places(bytes: &[u8], mark: &'static [u8; MARK_LENGTH]) -> impl Iterator<Item = usize> {
    bytes.windows(MARK_LENGTH).enumerate().filter(move |(_, window)| *window == mark).map(|(at, _)| at)
}

/// Whether the workbook reader may take the part for the shared texts: it looks for them in any folder and does not mind
/// capitals, and a part may have a second name in its extra field (section 4.6.9).
pub(crate) fn is_texts(entry: &Entry<'_>) -> bool {
    const NAME: &[u8] = b"sharedstrings.xml";
    let extra = entry.extra.to_ascii_lowercase();
    entry.name.to_ascii_lowercase().ends_with(NAME) || extra.windows(NAME.len()).any(|window| window == NAME)
}

/// The entry that begins here; `None` where the mark is only four bytes of something packed.
fn entry(header: &[u8]) -> Option<Entry<'_>> {
    let method = number(header, 10)?;
    let size = long(header, 24)? as u64;
    let (name_length, extra_length) = (number(header, 28)?, number(header, 30)?);
    let name = header.get(HEADER_LENGTH..HEADER_LENGTH + name_length)?;
    let extra = header.get(HEADER_LENGTH + name_length..HEADER_LENGTH + name_length + extra_length)?;
    // Stored or deflated: the reader knows no other method.
    if !matches!(method, 0 | 8) || name.is_empty() {
        return None;
    }
    let size = if size == u64::from(u32::MAX) { long_size(extra).unwrap_or(size) } else { size };
    let entry = Entry { name, extra, method, size, offset: long(header, 42)? };
    let is_plain = !name.iter().any(u8::is_ascii_control);
    (is_plain || is_texts(&entry)).then_some(entry)
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

/// Two bytes at a place.
pub(crate) fn number(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.first_chunk().map(|two| usize::from(u16::from_le_bytes(*two)))
}

/// Four bytes at a place.
pub(crate) fn long(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..)?.first_chunk()?;
    usize::try_from(u32::from_le_bytes(*four)).ok()
}

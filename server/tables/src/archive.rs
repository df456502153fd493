//! What a workbook promises, before the workbook reader believes it. The archive is opened by the same package the reader
//! opens it with, so that both see the same parts. Deliberately absent: whole parts.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::fault::TableProblem;
use crate::shared_texts;

/// What all parts of a workbook may unpack to.
const UNPACKED_MAX: u64 = 512 << 20;
/// The one part that is held in memory whole: every different text of the workbook.
const TEXTS_MAX: u64 = 64 << 20;
/// The part's name in whatever folder the workbook stands.
const TEXTS_NAME: &str = "sharedStrings.xml";

/// Adds up what the directory of the archive promises, then looks at the beginning of the shared texts. That is enough: a
/// part that unpacks to more than promised is an error to the reader.
///
/// # Errors
/// `UnpacksTooLarge`; `UnreadableWorkbook` where the archive is damaged, where two parts may be taken for the shared
/// texts, and where these are not what `shared_texts` takes.
pub(crate) fn check(bytes: &[u8]) -> Result<(), TableProblem> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut total: u64 = 0;
    let mut texts = None;
    for index in 0..archive.len() {
        let part = archive.by_index_data(index).map_err(damaged)?;
        total = total.saturating_add(part.size());
        if is_texts(&part.name().map_err(damaged)?) {
            if part.size() > TEXTS_MAX {
                return Err(TableProblem::UnpacksTooLarge { bytes: part.size(), max: TEXTS_MAX });
            }
            // Which one the reader takes hangs on capitals and on their order: no spreadsheet writes two.
            if texts.replace(index).is_some() {
                return Err(unreadable("two parts of shared texts"));
            }
        }
    }
    if total > UNPACKED_MAX {
        return Err(TableProblem::UnpacksTooLarge { bytes: total, max: UNPACKED_MAX });
    }
    let Some(texts) = texts else { return Ok(()) };
    let part = archive.by_index(texts).map_err(damaged)?;
    let size = part.size();
    let mut beginning = Vec::new();
    part.take(shared_texts::BEGINNING)
        .read_to_end(&mut beginning)
        .map_err(|fault| unreadable(&fault.to_string()))?;
    shared_texts::check_count(&beginning, size)
}

/// Whether the workbook reader may take the part for the shared texts: it looks for them in the folder that the archive's
/// first links name, minds no capitals and takes a backslash for a slash.
fn is_texts(name: &str) -> bool {
    name.rsplit(['/', '\\']).next().is_some_and(|file| file.eq_ignore_ascii_case(TEXTS_NAME))
}

fn damaged(fault: ZipError) -> TableProblem {
    unreadable(&fault.to_string())
}

pub(crate) fn unreadable(detail: &str) -> TableProblem {
    TableProblem::UnreadableWorkbook { detail: detail.to_owned() }
}

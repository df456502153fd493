//! From the fuzzer's bytes to a source: the low bits of the first byte choose the form, the rest is the content.
//! Workbooks come twice: as raw archive, and as worksheet XML that is packed here, because no mutation would ever hit
//! the checksums of an archive.

use std::io::{Cursor, Write};
use std::panic;
use std::sync::Once;

use tables::{Format, Source};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Between the worksheet and the shared strings.
const PART_BREAK: &[u8] = b"\n===\n";

const CONTENT_TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"#;
const ROOT_LINKS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="sheets" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const WORKBOOK_LINKS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;

/// Panics inside the packages that read workbooks are expected on damaged files: `tables` catches them and says that the
/// file is unreadable. Only those pass; one that is not caught still ends the run.
fn let_guarded_panics_pass() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let stop = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            let is_guarded = panic.location().is_some_and(|location| location.file().contains("/registry/"));
            if !is_guarded {
                stop(panic);
            }
        }));
    });
}

/// The first byte, and the content with its form: `0` CSV, `1` JSON, `2` a workbook, `3` the parts of one.
pub fn source_of(bytes: &[u8]) -> Option<(u8, Format, Vec<u8>)> {
    let_guarded_panics_pass();
    let (&choice, content) = bytes.split_first()?;
    Some(match choice & 3 {
        0 => (choice, Format::Csv, content.to_vec()),
        1 => (choice, Format::Json, content.to_vec()),
        2 => (choice, Format::Xlsx, content.to_vec()),
        _ => (choice, Format::Xlsx, packed(content)),
    })
}

pub fn source(format: Format, content: &[u8]) -> Source<'_> {
    Source::new(content, format)
}

/// A workbook with this worksheet, and these shared strings after the break.
fn packed(content: &[u8]) -> Vec<u8> {
    let at = content.windows(PART_BREAK.len()).position(|window| window == PART_BREAK);
    let (worksheet, strings) = match at {
        Some(at) => (&content[..at], &content[at + PART_BREAK.len()..]),
        None => (content, &b"<sst/>"[..]),
    };
    let parts = [
        ("[Content_Types].xml", CONTENT_TYPES.as_bytes()),
        ("_rels/.rels", ROOT_LINKS.as_bytes()),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_LINKS.as_bytes()),
        ("xl/worksheets/sheet1.xml", worksheet),
        ("xl/sharedStrings.xml", strings),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, part) in parts {
        archive.start_file(name, stored).unwrap();
        archive.write_all(part).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A refused table names at least one fault and not more than anybody reads; each can be written down.
pub fn check_faults(faults: &[tables::TableFault]) {
    assert!(!faults.is_empty());
    assert!(faults.len() <= tables::FAULTS_MAX + 1, "{} faults", faults.len());
    serde_json::to_string(faults).unwrap();
}

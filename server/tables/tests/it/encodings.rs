use tables::{Format, Source, TableProblem as P, TextEncoding, read_rule, read_scores};

use crate::cast::{found, plain_rule};

const TEXT: &str = "揭榜申请,专家,创新能力,质量\n东方超算,王小丫,90,80\n";
/// The same text in GB18030.
const GB: &[u8] = b"\xBD\xD2\xB0\xF1\xC9\xEA\xC7\xEB,\xD7\xA8\xBC\xD2,\xB4\xB4\xD0\xC2\xC4\xDC\xC1\xA6,\xD6\xCA\xC1\xBF\n\xB6\xAB\xB7\xBD\xB3\xAC\xCB\xE3,\xCD\xF5\xD0\xA1\xD1\xBE,90,80\n";

fn utf16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(bytes_of).collect()
}

#[track_caller]
fn check(bytes: &[u8], wanted: TextEncoding) {
    let table = read_scores(Source::of_file("scores.csv", bytes), &plain_rule(), 0).unwrap();
    assert_eq!(table.read_as.encoding, Some(wanted));
    assert_eq!(table.bids[0].name, "东方超算");
    assert_eq!(table.reviewers, ["王小丫"]);
    assert_eq!(table.sheets[0].scores_milli, [90_000, 80_000]);
}

#[test]
fn each_encoding_is_read_and_named() {
    check(TEXT.as_bytes(), TextEncoding::Utf8);
    check(format!("\u{FEFF}{TEXT}").as_bytes(), TextEncoding::Utf8Marked);
    check(&utf16(TEXT, u16::to_le_bytes), TextEncoding::Utf16);
    check(&utf16(TEXT, u16::to_be_bytes), TextEncoding::Utf16);
    check(GB, TextEncoding::Gb18030);
}

#[test]
fn what_fits_no_encoding_is_refused_at_its_byte() {
    let check = |bytes: &[u8], row: Option<usize>, problem: P| {
        let faults = read_scores(Source::new(bytes, Format::Csv), &plain_rule(), 0).unwrap_err();
        assert_eq!(found(faults), [(None, row, None, problem)], "{bytes:x?}");
    };
    let unknown = |byte_offset: usize| P::UnknownEncoding { byte_offset };
    check(b"bid,\xFF,x", Some(1), unknown(4));
    check(b"bid,x\n1\r2\r\n\xFF,x", Some(4), unknown(11));
    check(b"\xEF\xBB\xBFbid\xFF", Some(1), unknown(6));
    check(b"\xFF\xFEb\0i", None, unknown(4));
    check(b"\xFF\xFEb\0\x00\xD8d\0", None, unknown(4));
    check(b"\xFE\xFF\0b\xDC\x00", None, unknown(4));
    // UTF-16 without a mark.
    check(b"b\0i\0d\0", Some(1), unknown(1));
    check(b"bid,reviewer\nB\0,R1\n", Some(2), P::ZeroCharacter);
    let mut cut = GB.to_vec();
    cut.truncate(1);
    check(&cut, Some(1), unknown(0));
}

#[test]
fn a_rule_is_unicode() {
    let rule = serde_json::to_string(&plain_rule()).unwrap();
    assert_eq!(read_rule(rule.as_bytes()), Ok(plain_rule()));
    assert_eq!(read_rule(format!("\u{FEFF}{rule}").as_bytes()), Ok(plain_rule()));
    assert_eq!(read_rule(&utf16(&rule, u16::to_le_bytes)), Ok(plain_rule()));
    let faults = read_rule(b"{\"format\": \"\xBD\xD2\"}").unwrap_err();
    assert_eq!(found(faults), [(None, None, None, P::NotUnicode { byte_offset: 12 })]);
}

#[test]
fn the_format_is_known_by_its_bytes_and_its_name() {
    let check = |name: &str, bytes: &[u8], wanted| assert_eq!(Format::of(name, bytes), wanted, "{name}");
    check("scores.csv", b"PK\x03\x04", Format::Xlsx);
    check("scores.XLSX", b"", Format::Xlsx);
    check("scores", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Format::Xlsx);
    check("scores.json", b"bid", Format::Json);
    check("scores.csv", b"[bid", Format::Csv);
    check("-", b"\xEF\xBB\xBF \n{", Format::Json);
    check("-", b"[", Format::Json);
    check("-", b"bid,reviewer", Format::Csv);
    check("a.folder/scores", b"", Format::Csv);
}

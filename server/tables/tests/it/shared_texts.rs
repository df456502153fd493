//! The shared texts of a workbook: how many of them a part promises is not believed.

use rust_xlsxwriter::Workbook;
use tables::{Format, ScoreTable, Source, TableFault, TableProblem as P, read_scores};

use crate::archive::{Part, packed_parts, packed_texts, sheet_xml};
use crate::cast::rule;

fn read(bytes: &[u8]) -> Result<ScoreTable, Vec<TableFault>> {
    read_scores(Source::new(bytes, Format::Xlsx), &rule(), 0)
}

/// A sheet whose one row names the bid and the reviewer by shared texts 0 and 1.
fn sheet() -> String {
    sheet_xml("").replacen(r#"<c t="str"><v>B1</v></c>"#, r#"<c t="s"><v>0</v></c>"#, 1).replacen(
        r#"<c t="str"><v>R1</v></c>"#,
        r#"<c t="s"><v>1</v></c>"#,
        1,
    )
}

#[track_caller]
fn check_refused(bytes: &[u8], why: &str) {
    let faults = read(bytes).expect_err("the texts were believed");
    assert!(
        matches!(&faults[0].problem, P::UnreadableWorkbook { detail } if detail.contains(why)),
        "{faults:?}"
    );
}

const FEWER: &str = "fewer shared texts than promised";
const HIDDEN: &str = "do not begin with their first element";

const TEXTS: &str = "<si><t>Harbour</t></si><si><t>Okafor</t></si>";

#[test]
fn an_honest_count_is_read() {
    let head = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
    for texts in [
        format!("<sst>{TEXTS}</sst>"),
        format!(r#"{head}<sst count="4000000000" uniqueCount="2">{TEXTS}</sst>"#),
        format!("\u{FEFF}{head}\r\n<x:sst xmlns:x='http://x' uniqueCount = '2' a='>'>{TEXTS}</x:sst>")
            .replace("<si>", "<x:si>")
            .replace("</si>", "</x:si>")
            .replace("<t>", "<x:t>")
            .replace("</t>", "</x:t>"),
    ] {
        let table =
            read(&packed_texts(&sheet(), &texts)).unwrap_or_else(|faults| panic!("{texts} {faults:?}"));
        assert_eq!((table.bids[0].name.as_str(), table.reviewers[0].as_str()), ("Harbour", "Okafor"));
    }
    // The smallest entries there are: five bytes each.
    let texts = format!(r#"<sst uniqueCount="1002">{TEXTS}{}</sst>"#, "<si/>".repeat(1_000));
    assert!(read(&packed_texts(&sheet(), &texts)).is_ok());
}

#[test]
fn a_count_that_the_part_cannot_hold_is_refused_before_room_is_made_for_it() {
    for count in ["4294967295", "18446744073709551615", "99999999999999999999999", "0004294967295", "1000"] {
        for texts in [
            format!(r#"<sst count="{count}" uniqueCount="{count}">{TEXTS}</sst>"#),
            format!("<sst uniqueCount='{count}'>{TEXTS}</sst>"),
            format!("<sst uniqueCount = \"{count}\" uniqueCount=\"2\">{TEXTS}</sst>"),
            format!("<x:sst a='>' uniqueCount=\"{count}\">{TEXTS}</x:sst>"),
        ] {
            check_refused(&packed_texts(&sheet(), &texts), FEWER);
        }
    }
}

#[test]
fn texts_that_hide_their_first_element_are_refused() {
    let texts = format!(r#"<sst uniqueCount="4294967295">{TEXTS}</sst>"#);
    for before in [" ".repeat(100_000), format!("<!--{}-->", "x".repeat(10)), "junk".into(), "<a/>".into()] {
        check_refused(&packed_texts(&sheet(), &format!("{before}{texts}")), HIDDEN);
    }
    let long = format!("<sst {} uniqueCount='4294967295'>", "x='y' ".repeat(9_000));
    check_refused(&packed_texts(&sheet(), &long), HIDDEN);
    let shifted = "<?xml version='1.0' encoding='ISO-2022-JP'?>\u{1b}$B<sst>\u{1b}(B";
    check_refused(&packed_texts(&sheet(), shifted), HIDDEN);
}

/// `<?xml ..><sst .. count="4294967295" uniqueCount="4294967295">` and forty texts, deflated with codes of its own and
/// with the fixed ones (RFC 1951, sections 3.2.7 and 3.2.6).
const LYING_TEXTS_SIZE: usize = 1_087;
const LYING_TEXTS_CHECK_SUM: u32 = 148_585_004;
const OWN_CODES: &str = "75d4416e83301085e17d4f6179df188f0909957116917a82f600164c0312d8149b2ab97de92e521f4bff232f3ed91a7bb94fa3f8e1250d3134521f0a2938b4b11bc2ad919f1fefaf672952f6a1f3630cdcc8072779712f36a52cb6ab2135b2cf797e532ab53d4f3e1de2cc619b7cc565f2793b2e3795e6857d977ae63c8d8a8aa252931f82146d5c436e644975595727aa8f52ac61f85ef9fa6fe06c1a9ccd2ef33d8bc2aaecacfa2b4f55c34ab01a584b588fb056b09e603dc35a63c50e0eeb34e669ecd318a8b15063a2c6468d911a2b092b69e70db192b092b092b092b092b092b092b0d260a5c14ab3f355b1d260a5c14a8395062b0d569a27a5da3680fb05";
const FIXED_CODES: &str = "b3b1afc8cd51284b2d2acecccfb35532d433505248cd4bce4fc9cc4bb7550a0d71d3b55052282e49cc4b49ccc9cf4bb555aa4c2d56b2b7e3b2292e2e51006acd2bb655ca282929b0d2d72f4ece48cd4d2cd6cb2f48cd03caa4e517e5269600b945e9fac50545a98929c519a9a925b939fa46060666fab98999794a0ac9f9a57925b64a264696269666e64696a64a0aa5799985a5a9ce18127636c5997636257625a915250a0636fa257636fa2011245143aca24658458db18a9a601535c52a6a8655d41caba80556514becbec0e139ecbe33c4ee3d43ecfe33c4ee4143ec3e34c4ee4543ec7e34c4ee4943ecbe34c2ee4b231c7188dd9746d87d6984dd9746d87d6984dd9746d87d6984dd9746d87d698cdd97c6d87d698c23a962f7a531765f1a63f7a531765f1a63f7a531765f1a23f9521f5802d80100";

#[test]
fn a_first_element_that_the_reader_passes_over_hides_nothing() {
    let lie = format!(r#"<sst count="4294967295" uniqueCount="4294967295">{TEXTS}</sst>"#);
    for first in [
        "<sst/>",
        "<sst />",
        r#"<sst count="1" uniqueCount="1"/>"#,
        r#"<sst/count="1">"#,
        "<a:b:sst>",
        "<:sst>",
    ] {
        check_refused(&packed_texts(&sheet(), &format!("{first}{lie}")), HIDDEN);
    }
    // No texts at all are no lie: the sheet's own are missing then, and nothing stops.
    for none in ["<sst/>", "<sst count='0' uniqueCount='0' />\r\n"] {
        let said = format!("{:?}", read(&packed_texts(&sheet(), none)));
        assert!(!said.contains(HIDDEN), "{said}");
    }
}

fn bytes_of(digits: &str) -> Vec<u8> {
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn a_lying_count_is_found_in_deflated_texts_too() {
    let texts = format!(r#"<sst uniqueCount="4294967295">{TEXTS}</sst>"#);
    let length = u16::try_from(texts.len()).unwrap();
    let as_it_is = [&[1][..], &length.to_le_bytes(), &(!length).to_le_bytes(), texts.as_bytes()].concat();
    let texts = Part { method: 8, bytes: &as_it_is, ..Part::stored("xl/sharedStrings.xml", &texts) };
    check_refused(&packed_parts(&sheet(), &[texts]), FEWER);
    for digits in [OWN_CODES, FIXED_CODES] {
        check_refused(&packed_parts(&sheet(), &[lying_texts(&bytes_of(digits))]), FEWER);
    }
    // Cut short in the first block.
    assert!(read(&packed_parts(&sheet(), &[lying_texts(&bytes_of(OWN_CODES)[..40])])).is_err());
}

fn lying_texts(bytes: &[u8]) -> Part<'_> {
    Part {
        name: "xl/sharedStrings.xml",
        method: 8,
        unpacked_size: LYING_TEXTS_SIZE,
        check_sum: LYING_TEXTS_CHECK_SUM,
        bytes,
    }
}

#[test]
fn texts_that_a_spreadsheet_deflates_are_read() {
    for rows in [1, 3, 40, 5_000] {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.write_row(0, 0, ["bid", "reviewer", "innovation", "quality", "scope"]).unwrap();
        for row in 1..=rows {
            let names = [format!("投标 {row} {}", "å".repeat(row as usize % 40)), "R1".into()];
            sheet.write_row(row, 0, names).unwrap();
            sheet.write_row(row, 2, ["90", "85.5", "1"]).unwrap();
        }
        let table = read(&workbook.save_to_buffer().unwrap()).unwrap();
        assert_eq!(table.sheets.len(), rows as usize);
    }
}

/// Where the reader finds the directory, and how it looks for a name, decides which part it reads: the same part is
/// looked at.
#[test]
fn the_texts_that_are_looked_at_are_those_that_are_read() {
    let lie = format!(r#"<sst uniqueCount="4294967295">{TEXTS}</sst>"#);
    let lying = packed_texts(&sheet(), &lie);
    let honest = packed_texts(&sheet(), &format!("{}{}", lie.replace("4294967295", "2"), " ".repeat(9)));
    check_refused(&[honest.clone(), lying.clone()].concat(), FEWER);
    for before in [lying.as_slice(), b"junk"] {
        let table = read(&[before, &honest].concat()).unwrap();
        assert_eq!(table.bids[0].name, "Harbour");
    }
    for name in ["xl/SHAREDSTRINGS.XML", "xl\\sharedStrings.xml", "XL/sharedstrings.xml"] {
        check_refused(&packed_parts(&sheet(), &[Part::stored(name, &lie)]), FEWER);
        let texts = format!("<sst>{TEXTS}</sst>");
        let two = [Part::stored("xl/sharedStrings.xml", &texts), Part::stored(name, &texts)];
        check_refused(&packed_parts(&sheet(), &two), "two parts of shared texts");
    }
    // A second name in the extra field of the directory's entry (APPNOTE.TXT 6.3.10, section 4.6.9).
    check_refused(&renamed(packed_parts(&sheet(), &[Part::stored("xl/harmless.xml", &lie)])), FEWER);
    // The directory may hold fewer bytes than its end says, so that it seems to begin later than it does.
    let mut shifted = packed_texts(&sheet(), &lie);
    let end = shifted.len() - 22;
    shifted[end + 12] = shifted[end + 12].wrapping_sub(60);
    assert!(read(&shifted).is_err());
}

/// Gives the last part of the archive the name of the shared texts in an extra field.
fn renamed(mut archive: Vec<u8>) -> Vec<u8> {
    const NAME: &[u8] = b"xl/sharedStrings.xml";
    let end = archive.len() - 22;
    let name = "xl/harmless.xml";
    let entry = end - name.len() - 46;
    let length = u16::try_from(5 + NAME.len()).unwrap();
    let check_sum = Part::stored("", name).check_sum;
    let field = [&[0x75, 0x70][..], &length.to_le_bytes(), &[1], &check_sum.to_le_bytes(), NAME].concat();
    archive[entry + 30] = u8::try_from(field.len()).unwrap();
    archive[end + 12] += u8::try_from(field.len()).unwrap();
    archive.splice(end..end, field);
    archive
}

use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook, Worksheet};
use tables::{Format, ScoreTable, Source, TableFault, TableProblem as P, read_scores};

use crate::archive::{packed, packed_sheet, sheet_xml};
use crate::cast::{Found, found, rule};

const HEADINGS: [&str; 5] = ["bid", "reviewer", "innovation", "quality", "scope"];

/// A workbook whose one sheet has the headings and a sound row, then whatever `fill` puts there.
fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_row(0, 0, HEADINGS).unwrap();
    sheet.write_row(1, 0, ["B1", "R1"]).unwrap();
    sheet.write_row(1, 2, [90.0, 85.5, 1.0]).unwrap();
    fill(sheet);
    workbook.save_to_buffer().unwrap()
}

fn read(bytes: &[u8]) -> Result<ScoreTable, Vec<TableFault>> {
    read_scores(Source::new(bytes, Format::Xlsx), &rule(), 0)
}

/// A fault in the third row.
#[track_caller]
fn check(fill: impl FnOnce(&mut Worksheet), wanted: &[(&str, P)]) {
    let bytes = workbook(|sheet| {
        sheet.write_row(2, 0, ["B2", "R1"]).unwrap();
        sheet.write_row(2, 2, [90.0, 85.5, 1.0]).unwrap();
        fill(sheet);
    });
    let at = |(column, problem): &(&str, P)| -> Found {
        (Some("Sheet1".into()), Some(3), Some((*column).to_owned()), problem.clone())
    };
    assert_eq!(
        found(read(&bytes).expect_err("a faulty file was read")),
        wanted.iter().map(at).collect::<Vec<_>>()
    );
}

#[test]
fn cells_that_are_no_plain_values_are_refused_in_their_place() {
    let formula = |cell: &str| P::Formula { cell: cell.into() };
    check(
        |sheet| {
            sheet.write_formula(2, 2, Formula::new("=80+10").set_result("90")).unwrap();
            sheet.write_formula(2, 0, "=\"B\"&2").unwrap();
        },
        &[("bid", formula("A3")), ("innovation", formula("C3"))],
    );
    check(
        |sheet| {
            sheet.write_array_formula(2, 2, 2, 2, "=C2:C2").unwrap();
        },
        &[("innovation", formula("C3"))],
    );
    check(
        |sheet| {
            sheet.write_boolean(2, 2, true).unwrap();
            sheet.write_string(2, 3, "NaN").unwrap();
            sheet.write_string(2, 4, "maybe").unwrap();
        },
        &[
            ("innovation", P::Boolean),
            ("quality", P::NotANumber { text: "NaN".into() }),
            ("scope", P::UnknownVote { text: "maybe".into() }),
        ],
    );
    let date = ExcelDateTime::from_ymd(2026, 11, 22).unwrap();
    check(
        |sheet| {
            let style = Style::new().set_num_format("yyyy-mm-dd");
            sheet.write_datetime_with_format(2, 2, &date, &style).unwrap();
            sheet.write_blank(2, 3, &style).unwrap();
        },
        &[("innovation", P::DateCell), ("quality", P::Empty)],
    );
}

#[test]
fn stored_numbers_are_taken_for_the_milli_point_they_stand_for() {
    let with = |number: f64| {
        read(&workbook(|sheet| {
            sheet.write_number(1, 3, number).unwrap();
        }))
    };
    assert_eq!(with(0.1 + 0.4).unwrap().sheets[0].scores_milli[1], 500);
    assert_eq!(with(85.500_000_000_000_01).unwrap().sheets[0].scores_milli[1], 85_500);
    let problem = |number| with(number).unwrap_err()[0].problem.clone();
    let off =
        |text: &str, below_milli, above_milli| P::NotOnStep { text: text.into(), below_milli, above_milli };
    assert_eq!(problem(85.3), off("85.3", 85_000, 85_500));
    assert_eq!(problem(85.500_001), off("85.500001", 85_500, 86_000));
    let outside = |text: &str| P::OutsideScale { text: text.into(), min_milli: 0, max_milli: 100_000 };
    assert_eq!(problem(-0.5), outside("-0.5"));
    assert!(matches!(problem(1e300), P::OutsideScale { .. }));
}

#[test]
fn text_cells_and_numbers_for_names_are_read_as_shown() {
    let bytes = workbook(|sheet| {
        sheet.write_number(1, 0, 7).unwrap();
        sheet.write_string(1, 2, " 90 ").unwrap();
        sheet.write_boolean(1, 4, false).unwrap();
        sheet.write_row(5, 0, ["B9"]).unwrap();
    });
    let table = read(&bytes).unwrap();
    assert_eq!(table.bids.iter().map(|bid| bid.name.as_str()).collect::<Vec<_>>(), ["7", "B9"]);
    assert_eq!(
        (table.sheets[0].scores_milli[0], table.sheets[0].votes[0], table.sheets[0].row),
        (90_000, false, 2)
    );
}

#[test]
fn the_table_may_stand_anywhere_and_blank_rows_do_not_count() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_row(4, 3, HEADINGS).unwrap();
    sheet.write_row(9, 3, ["B1", "R1", "90", "x", "1"]).unwrap();
    let faults = read(&workbook.save_to_buffer().unwrap()).unwrap_err();
    let problem = P::NotANumber { text: "x".into() };
    assert_eq!(found(faults), [(Some("Sheet1".into()), Some(10), Some("quality".into()), problem)]);
}

#[test]
fn what_stands_beside_the_table_is_refused() {
    check(
        |sheet| {
            sheet.write_string(2, 6, "well done").unwrap();
        },
        &[("G", P::NoHeading)],
    );
}

#[test]
fn a_sheet_is_chosen_by_name_or_is_the_first() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("封面").unwrap().write_string(0, 0, "read me").unwrap();
    let sheet = workbook.add_worksheet().set_name("打分").unwrap();
    sheet.write_row(0, 0, HEADINGS).unwrap();
    sheet.write_row(1, 0, ["B1", "R1", "90", "85.5", "1"]).unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let source = Source::new(&bytes, Format::Xlsx);
    let wanted = ["bid", "reviewer", "innovation", "quality", "scope"].map(str::to_owned).to_vec();
    let unknown = P::NoKnownHeading { wanted, found: vec!["read me".to_owned()] };
    let others = P::OtherSheets { name: "封面".into(), others: vec!["打分".to_owned()] };
    assert_eq!(
        found(read_scores(source, &rule(), 0).unwrap_err()),
        [(Some("封面".into()), Some(1), None, unknown), (None, None, None, others)]
    );
    let table = read_scores(source.on_sheet("打分"), &rule(), 0).unwrap();
    assert_eq!(table.read_as.sheet.as_deref(), Some("打分"));
    assert_eq!(table.read_as.sheets_unread, ["封面"]);
    let faults = read_scores(source.on_sheet("分数"), &rule(), 0).unwrap_err();
    let known = vec!["封面".to_owned(), "打分".to_owned()];
    assert_eq!(faults[0].problem, P::UnknownSheet { name: "分数".into(), known });
}

#[test]
fn ceilings_hold() {
    let faults = read(&workbook(|sheet| {
        sheet.write_string(1, 200, "far").unwrap();
    }))
    .unwrap_err();
    assert_eq!(found(faults), [(Some("Sheet1".into()), Some(2), None, P::TooManyColumns { max: 200 })]);
    let table = read(&workbook(|sheet| {
        sheet.write_blank(1_048_575, 16_383, &Style::new().set_bold()).unwrap();
    }));
    assert_eq!(table.unwrap().sheets.len(), 1);
    let mut bytes = workbook(|_| ());
    set_unpacked_size(&mut bytes, b"xl/worksheets/sheet1.xml", 600 << 20);
    let P::UnpacksTooLarge { bytes: size, max } = read(&bytes).unwrap_err()[0].problem else { panic!() };
    assert!(size > 600 << 20 && max == 512 << 20);
    let mut bytes = workbook(|_| ());
    set_unpacked_size(&mut bytes, b"xl/sharedStrings.xml", 65 << 20);
    assert!(matches!(read(&bytes).unwrap_err()[0].problem, P::UnpacksTooLarge { .. }));
}

#[test]
fn an_archive_that_promises_less_than_it_holds_is_not_unpacked() {
    let mut bytes = workbook(|sheet| {
        for row in 2..2_000 {
            sheet
                .write_row(row, 0, [format!("B{row}"), "R1".into(), "90".into(), "90".into(), "1".into()])
                .unwrap();
        }
    });
    assert_eq!(read(&bytes).unwrap().sheets.len(), 1_999);
    set_unpacked_size(&mut bytes, b"xl/worksheets/sheet1.xml", 100);
    assert!(matches!(read(&bytes).unwrap_err()[0].problem, P::UnreadableWorkbook { .. }));
}

#[test]
fn errors_shared_formulas_and_disorder_in_the_stored_sheet_are_named() {
    let check = |cells: &str, row: Option<usize>, column: Option<&str>, problem: P| {
        let wanted: Found = (Some("s".into()), row, column.map(str::to_owned), problem);
        assert_eq!(found(read(&packed(cells)).unwrap_err()), [wanted], "{cells}");
    };
    let error = |error: &str| P::ErrorCell { cell: "C3".into(), error: error.into() };
    let formula = P::Formula { cell: "C3".into() };
    let row = |cell: &str| {
        format!(
            r#"<row r="3"><c r="A3" t="str"><v>B2</v></c><c r="B3" t="str"><v>R1</v></c>{cell}<c r="D3"><v>9</v></c><c r="E3" t="b"><v>1</v></c></row>"#
        )
    };
    check(&row(r#"<c r="C3" t="e"><v>#DIV/0!</v></c>"#), Some(3), Some("innovation"), error("#DIV/0!"));
    check(&row(r#"<c r="C3"><f t="shared" si="0"/><v>9</v></c>"#), Some(3), Some("innovation"), formula);
    check(
        &row(r#"<c r="C3"><v>NaN</v></c>"#),
        Some(3),
        Some("innovation"),
        P::NotANumber { text: "NaN".into() },
    );
    check(
        &row(r#"<c r="C3" t="n"><v>inf</v></c>"#),
        Some(3),
        Some("innovation"),
        P::NotANumber { text: "inf".into() },
    );
    check(&row(r#"<c r="C3" t="d"><v>2026-11-22</v></c>"#), Some(3), Some("innovation"), P::DateCell);
    let detail = "cells are not in order".to_owned();
    check(&row(r#"<c r="A3"><v>9</v></c>"#), Some(3), None, P::UnreadableWorkbook { detail });
    assert!(read(&packed(&row(r#"<c r="C3"><v>9</v></c>"#))).is_ok());
}

#[test]
fn a_dimension_that_ends_before_it_begins_does_not_stop_the_process() {
    // The workbook reader subtracts the two unchecked: a debug build would panic in it.
    let sheet = sheet_xml("").replace("A1:E3", "B2:A1");
    match read(&packed_sheet(&sheet)) {
        Ok(table) => assert_eq!(table.sheets.len(), 1),
        Err(faults) => assert!(matches!(faults[0].problem, P::UnreadableWorkbook { .. })),
    }
}

/// Overwrites the unpacked size of a part in the archive's directory and in the part's own header.
fn set_unpacked_size(bytes: &mut [u8], name: &[u8], size: u32) {
    for (mark, name_at, size_at) in [(b"PK\x01\x02", 46, 24), (b"PK\x03\x04", 30, 22)] {
        let places: Vec<usize> = (0..bytes.len())
            .filter(|at| {
                bytes[*at..].starts_with(mark) && bytes[(*at + name_at).min(bytes.len())..].starts_with(name)
            })
            .collect();
        for at in places {
            bytes[at + size_at..at + size_at + 4].copy_from_slice(&size.to_le_bytes());
        }
    }
}

#[test]
fn what_is_no_workbook_says_so() {
    let problem = |bytes: &[u8]| read(bytes).unwrap_err()[0].problem.clone();
    assert_eq!(problem(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest"), P::OldOrLockedWorkbook);
    for bytes in [&b""[..], b"PK\x03\x04", b"bid,reviewer"] {
        assert!(matches!(problem(bytes), P::UnreadableWorkbook { .. }));
    }
    let mut empty = Workbook::new();
    empty.add_worksheet();
    assert_eq!(problem(&empty.save_to_buffer().unwrap()), P::NothingInside);
}

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use tables::{Cell, OutSheet, WriteFault, to_csv, write_workbook};

use crate::cast::texts;

fn sheet(name: &str, rows: Vec<Vec<Cell>>) -> OutSheet {
    OutSheet { name: name.into(), header: texts(&["名称", "total"]), rows }
}

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn open(bytes: &[u8]) -> Xlsx<Cursor<&[u8]>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

#[test]
fn a_workbook_reads_back_as_written() {
    let rows = vec![
        vec![text("=1+1"), Cell::Number(85.25)],
        vec![text("+49"), Cell::Number(-3.0)],
        vec![text("-x"), Cell::Number(f64::NAN)],
        vec![text("@sum"), Cell::Empty],
        vec![text("东方"), text("007")],
    ];
    let bytes = write_workbook(&[sheet("排名", rows)]).unwrap();
    let mut book = open(&bytes);
    let range = book.worksheet_range("排名").unwrap();
    let text = |text: &str| Data::String(text.into());
    let read: Vec<Vec<Data>> = range.rows().map(<[Data]>::to_vec).collect();
    assert_eq!(
        read,
        [
            [text("名称"), text("total")],
            [text("=1+1"), Data::Float(85.25)],
            [text("+49"), Data::Float(-3.0)],
            [text("-x"), Data::Empty],
            [text("@sum"), Data::Empty],
            [text("东方"), text("007")],
        ]
    );
    assert!(book.worksheet_formula("排名").unwrap().is_empty());
}

#[test]
fn names_of_sheets_are_cleaned_and_kept_apart() {
    let check = |names: &[&str], wanted: &[&str]| {
        let sheets: Vec<_> = names.iter().map(|name| sheet(name, Vec::new())).collect();
        assert_eq!(open(&write_workbook(&sheets).unwrap()).sheet_names(), wanted, "{names:?}");
    };
    check(&["a/b[c]:*?\\"], &["a-b-c-----"]);
    check(&["'quoted'", " x "], &["quoted", "x"]);
    check(&["", "History"], &["-", "History-"]);
    check(&["Rank", "rank", "RANK"], &["Rank", "rank (2)", "RANK (3)"]);
    let long = "揭".repeat(40);
    check(&[&long, &long], &[&"揭".repeat(31), &format!("{} (2)", "揭".repeat(27))]);
    check(&[], &["Sheet1"]);
}

#[test]
fn what_a_workbook_cannot_hold_is_refused() {
    let long = sheet("s", vec![vec![Cell::Text("x".repeat(32_768))]]);
    assert_eq!(write_workbook(&[long]), Err(WriteFault::TooLarge { sheet: "s".into() }));
    let wide = sheet("s", vec![vec![Cell::Empty; 16_385]]);
    assert_eq!(write_workbook(&[wide]), Err(WriteFault::TooLarge { sheet: "s".into() }));
    let high = sheet("s", vec![Vec::new(); 1_048_576]);
    assert_eq!(write_workbook(&[high]), Err(WriteFault::TooLarge { sheet: "s".into() }));
}

#[test]
fn csv_is_safe_to_open_in_a_spreadsheet() {
    let check = |cell: Cell, wanted: &str| {
        assert_eq!(
            to_csv(&[], &[vec![cell.clone(), Cell::Empty]], false),
            format!("{wanted},\r\n"),
            "{cell:?}"
        );
    };
    check(text("=1+1"), "'=1+1");
    check(text("+49"), "'+49");
    check(text("-x"), "'-x");
    check(text("@sum"), "'@sum");
    check(text("\u{FF1D}1"), "'\u{FF1D}1");
    check(text("\t=1"), "\"'\t=1\"");
    check(text("\r=1"), "\"'\r=1\"");
    check(text("=\"a\",b"), "\"'=\"\"a\"\",b\"");
    check(text("a-b"), "a-b");
    check(text("two\nlines"), "\"two\nlines\"");
    check(text(" x"), "\" x\"");
    check(Cell::Number(-3.5), "-3.5");
    check(Cell::Number(f64::INFINITY), "");
    let marked = to_csv(&texts(&["名称"]), &[], true);
    assert_eq!(marked, "\u{FEFF}名称\r\n");
}

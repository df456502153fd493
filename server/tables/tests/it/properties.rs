use std::sync::LazyLock;

use domain::words::milli_text;
use proptest::prelude::*;
use tables::{
    Cell, Format, OutSheet, Source, read_bids, read_experts, read_pairs, read_rule, read_scores, to_csv,
    write_workbook,
};

use crate::archive::{packed, packed_sheet, sheet_xml};
use crate::cast::{plain_rule, rule, texts};

const FORMATS: [Format; 3] = [Format::Csv, Format::Xlsx, Format::Json];

/// Reads the bytes as everything; whatever they are, there is an answer.
fn read_as_everything(bytes: &[u8]) {
    for format in FORMATS {
        let source = Source::new(bytes, format);
        let _ = read_scores(source, &rule(), 0);
        let _ = (read_bids(source), read_experts(source), read_pairs(source));
    }
    let _ = read_rule(bytes);
}

/// A workbook as this crate writes it, to be damaged.
static WORKBOOK: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let row = |n: usize| vec![Cell::Text(format!("B{n}")), Cell::Text("R".into()), Cell::Number(90.0)];
    let header = texts(&["bid", "reviewer", "innovation"]);
    write_workbook(&[OutSheet { name: "s".into(), header, rows: (0..5).map(row).collect() }]).unwrap()
});

/// Names that are easy to get wrong on the way out and in again.
fn name() -> impl Strategy<Value = String> {
    let plain = "[a-zA-Z0-9揭榜挂帅,;\"' =@_-]{1,12}";
    plain.prop_filter("not blank", |name| !name.trim().is_empty()).prop_map(|name| name.trim().to_owned())
}

/// Reviews of different pairs, scores on the steps of the rule.
fn reviews() -> impl Strategy<Value = Vec<(String, String, i64, i64)>> {
    let score = || (0i64..=200).prop_map(|step| step * 500);
    proptest::collection::btree_map((name(), name()), (score(), score()), 1..30)
        .prop_map(|all| all.into_iter().map(|((bid, reviewer), (a, b))| (bid, reviewer, a, b)).collect())
}

fn read_back(bytes: &[u8], format: Format) -> Vec<(String, String, i64, i64)> {
    let table = read_scores(Source::new(bytes, format), &plain_rule(), 0).unwrap();
    let names = |sheet: &tables::SheetRow| {
        (table.bids[sheet.bid].name.clone(), table.reviewers[sheet.reviewer].clone())
    };
    table
        .sheets
        .iter()
        .map(|sheet| (names(sheet), sheet))
        .map(|((bid, reviewer), sheet)| (bid, reviewer, sheet.scores_milli[0], sheet.scores_milli[1]))
        .collect()
}

const HEADINGS: [&str; 4] = ["bid", "reviewer", "innovation", "quality"];

/// What worksheets are made of, sound and not.
const PIECES: &[&str] = &[
    "<row>",
    "</row>",
    "<row r=\"0\">",
    "<row r=\"4294967296\">",
    "<c r=\"XFD1048576\" t=\"str\"><v>far</v></c>",
    "<c r=\"A0\"><v>1</v></c>",
    "<c><v>90</v></c>",
    "<c t=\"s\"><v>99</v></c>",
    "<c t=\"inlineStr\"><is><t>B1</t></is></c>",
    "<c><f t=\"shared\" si=\"99999999999\" ref=\"B2:A1\">A1</f></c>",
    "<c><f>A1",
    "<c t=\"e\"><v>#WHAT</v></c>",
    "<c s=\"7\"><v>1e999</v></c>",
    "<dimension ref=\"B2:A1\"/>",
    "<sheetData>",
    "</sheetData>",
    "&#0;",
    "&bomb;",
    "<!--",
    "]]>",
    "\"",
    "<",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn arbitrary_bytes_never_stop_a_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read_as_everything(&bytes);
    }

    #[test]
    fn text_like_a_table_never_stops_a_reader(
        text in "(bid|name|expert|reviewer|fit|[,;\t\"\r\n{}\\[\\]:.0-9e=-]|innovation|quality|scope|sheets|scores|是){0,60}",
    ) {
        read_as_everything(text.as_bytes());
    }

    #[test]
    fn a_damaged_workbook_never_stops_a_reader(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut bytes = WORKBOOK.clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        read_as_everything(&bytes);
    }

    #[test]
    fn a_strange_worksheet_never_stops_a_reader(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..12),
        at in any::<prop::sample::Index>(),
    ) {
        read_as_everything(&packed(&pieces.concat()));
        let sheet = sheet_xml("");
        let at = at.index(sheet.len());
        if let (Some(before), Some(after)) = (sheet.get(..at), sheet.get(at..)) {
            read_as_everything(&packed_sheet(&format!("{before}{}{after}", pieces.concat())));
        }
    }

    #[test]
    fn what_is_written_reads_back(reviews in reviews()) {
        let rows: Vec<Vec<Cell>> = reviews
            .iter()
            .map(|(bid, reviewer, a, b)| {
                let number = |milli: &i64| Cell::Number(*milli as f64 / 1000.0);
                vec![Cell::Text(bid.clone()), Cell::Text(reviewer.clone()), number(a), number(b)]
            })
            .collect();
        let sheet = OutSheet { name: "scores".into(), header: texts(&HEADINGS), rows: rows.clone() };
        let workbook = write_workbook(std::slice::from_ref(&sheet)).unwrap();
        prop_assert_eq!(&read_back(&workbook, Format::Xlsx), &reviews);

        // The guard against formulas is the one thing that CSV adds.
        let guarded = |name: &String| if name.starts_with(['=', '@', '-']) { format!("'{name}") } else { name.clone() };
        let expected: Vec<_> =
            reviews.iter().map(|(bid, reviewer, a, b)| (guarded(bid), guarded(reviewer), *a, *b)).collect();
        let csv = to_csv(&sheet.header, &rows, true);
        prop_assert_eq!(&read_back(csv.as_bytes(), Format::Csv), &expected);

        let entries: Vec<String> = reviews
            .iter()
            .map(|(bid, reviewer, a, b)| {
                let (bid, reviewer) = (serde_json::to_string(bid).unwrap(), serde_json::to_string(reviewer).unwrap());
                let (a, b) = (milli_text(*a), milli_text(*b));
                format!(r#"{{"bid":{bid},"reviewer":{reviewer},"scores":{{"innovation":{a},"quality":{b}}}}}"#)
            })
            .collect();
        let json = format!("[{}]", entries.join(","));
        prop_assert_eq!(&read_back(json.as_bytes(), Format::Json), &reviews);
    }
}

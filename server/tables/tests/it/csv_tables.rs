use domain::time::Timestamp;
use tables::{Format, Source, TableProblem as P, bid_id, read_scores, reviewer_id};

use crate::cast::{Found, at, csv, found, plain_rule, rule, texts};

const HEAD: &str = "bid,reviewer,innovation,quality,scope\n";

#[track_caller]
fn check(rows: &str, wanted: &[Found]) {
    check_file(&format!("{HEAD}{rows}"), wanted);
}

#[track_caller]
fn check_file(text: &str, wanted: &[Found]) {
    let faults = csv(text).expect_err("a faulty file was read");
    assert_eq!(found(faults), wanted);
}

fn outside(text: &str) -> P {
    P::OutsideScale { text: text.into(), min_milli: 0, max_milli: 100_000 }
}

fn off_step(text: &str, below_milli: i64, above_milli: i64) -> P {
    P::NotOnStep { text: text.into(), below_milli, above_milli }
}

#[test]
fn every_fault_of_a_cell_names_row_column_and_remedy() {
    check("B1,R1,100.5,90,1\n", &[at(2, "innovation", outside("100.5"))]);
    check("B1,R1,-1,90,1\n", &[at(2, "innovation", outside("-1"))]);
    check("B1,R1,-0.0001,90,1\n", &[at(2, "innovation", outside("-0.0001"))]);
    check("B1,R1,100.0001,90,1\n", &[at(2, "innovation", outside("100.0001"))]);
    check("B1,R1,85.3,90,1\n", &[at(2, "innovation", off_step("85.3", 85_000, 85_500))]);
    check("B1,R1,85.50001,90,1\n", &[at(2, "innovation", off_step("85.50001", 85_500, 86_000))]);
    check("B1,R1,99.9999,90,1\n", &[at(2, "innovation", off_step("99.9999", 99_500, 100_000))]);
    check("B1,R1,,90,1\n", &[at(2, "innovation", P::Empty)]);
    for text in ["good", "8e1", "1 000", "NaN", "inf", "85.", ".5", "+85", "85%", "0x10", "9999999999999"] {
        check(&format!("B1,R1,{text},90,1\n"), &[at(2, "innovation", P::NotANumber { text: text.into() })]);
    }
    check("B1,R1,90,90,perhaps\n", &[at(2, "scope", P::UnknownVote { text: "perhaps".into() })]);
    check("B1,R1,90,90,\n", &[at(2, "scope", P::Empty)]);
    check(",R1,90,90,1\n", &[at(2, "bid", P::Empty)]);
    check("B1,,90,90,1\n", &[at(2, "reviewer", P::Empty)]);
    check("B\u{7}1,R1,90,90,1\n", &[at(2, "bid", P::ControlCharacter)]);
    let long = "B".repeat(201);
    check(&format!("{long},R1,90,90,1\n"), &[at(2, "bid", P::TooLong { max: 200, actual: 201 })]);
    let huge = "x".repeat(10_001);
    check(&format!("{huge},R1,90,90,1\n"), &[at(2, "bid", P::TooLong { max: 10_000, actual: 10_001 })]);
}

#[test]
fn rows_are_compared_with_each_other() {
    let twice = P::DuplicateReview { bid: "B1".into(), reviewer: "R1".into(), first_row: 2 };
    check("B1,R1,90,90,1\nB2,R1,80,80,1\nB1, R1 ,70,70,0\n", &[at(4, "reviewer", twice)]);
    let id = "5F3C7A2E-0000-4000-8000-000000000001";
    let first = P::SameId { first: id.into() };
    check(&format!("{id},R1,90,90,1\n{},R1,90,90,1\n", id.to_lowercase()), &[at(3, "bid", first)]);
    let text = "bid,reviewer,innovation,quality,scope,sealed_at\n\
                B1,R1,90,90,1,2026-11-22T10:00:00Z\n\
                B1,R2,90,90,1,2026-11-22T18:00:00+08:00\n\
                B1,R3,90,90,1,\n\
                B1,R4,90,90,1,2026-11-22T18:00:01+08:00\n\
                B2,R4,90,90,1,2026-11-22 18:00\n";
    let first = "2026-11-22T10:00:00Z".to_owned();
    check_file(
        text,
        &[
            at(5, "sealed_at", P::SealedAtDiffers { bid: "B1".into(), first, first_row: 2 }),
            at(6, "sealed_at", P::NotAnInstant { text: "2026-11-22 18:00".into() }),
        ],
    );
}

#[test]
fn every_fault_of_the_headings_is_named() {
    let heads = |text: &str| format!("{text}\nB1,R1,90,90,1\n");
    let file = |row, column: Option<&str>, problem| (None, Some(row), column.map(str::to_owned), problem);
    let found = texts(&["bid", "reviewer", "innovation", "scope"]);
    check_file(
        "bid,reviewer,innovation,scope\nB1,R1,90,1\n",
        &[file(1, None, P::MissingColumn { name: "quality".into(), found })],
    );
    check_file(
        "bid,reviewer,inovation,quality,scope\nB1,R1,90,90,1\n",
        &[
            at(
                1,
                "inovation",
                P::UnknownColumn { name: "inovation".into(), nearest: Some("innovation".into()) },
            ),
            file(
                1,
                None,
                P::MissingColumn {
                    name: "innovation".into(),
                    found: texts(&["bid", "reviewer", "inovation", "quality", "scope"]),
                },
            ),
        ],
    );
    check_file(
        "bid,reviewer,innovation,quality,scope,telephone\nB1,R1,90,90,1,5\nB2,R1,,90,1,5\n",
        &[
            at(1, "telephone", P::UnknownColumn { name: "telephone".into(), nearest: None }),
            at(3, "innovation", P::Empty),
        ],
    );
    check_file(
        "bid,reviewer,innovation,Quality,scope,质量\nB1,R1,90,90,1,90\n",
        &[at(1, "质量", P::DuplicateColumn { first: "Quality".into() })],
    );
    check_file(
        "bid,reviewer,innovation,quality,scope,\nB1,R1,90,90,1,\nB2,R1,90,90,1,well\n",
        &[at(3, "F", P::NoHeading)],
    );
    check_file(
        "bid,reviewer;innovation,quality,scope\n",
        &[file(1, None, P::SeparatorUnclear { found: vec![',', ';'] })],
    );
    assert!(csv(&heads("\n\"bid\",\"reviewer\",\"Innovation\n ability\",\"quality\",\"scope\"")).is_ok());
    assert!(
        csv(&heads("\"within\nscope\";bid;reviewer;innovation;quality")
            .replace("B1,R1,90,90,1", "1;B1;R1;90;90"))
        .is_ok()
    );
    assert!(csv(&heads("bid,reviewer,Innovation ABILITY,质 量,within scope")).is_ok());
}

#[test]
fn two_criteria_of_one_name_are_told_apart_by_key_only() {
    let mut rule = plain_rule();
    for criterion in &mut rule.rubric.criteria {
        criterion.name.en = "Idea".into();
    }
    let read = |text: &str| read_scores(Source::new(text.as_bytes(), Format::Csv), &rule, 0);
    let faults = read("bid,reviewer,idea,quality\nB1,R1,90,80\n").unwrap_err();
    let could_be = texts(&["innovation", "quality"]);
    assert_eq!(found(faults)[0], at(1, "idea", P::AmbiguousColumn { could_be }));
    assert!(read("bid,reviewer,innovation,quality\nB1,R1,90,80\n").is_ok());
}

#[test]
fn rows_count_as_a_spreadsheet_counts_them() {
    check(
        "\n\"B\n1\",R1,90,90,1\n\n,,,,\nB2,R2,x,90,1\n",
        &[at(3, "bid", P::ControlCharacter), at(6, "innovation", P::NotANumber { text: "x".into() })],
    );
    for end in ["\r\n", "\r", "\n"] {
        let text = ["", HEAD.trim_end(), "", "B1,R1,90,90,1", "B2,R2,x,90,1"].join(end);
        check_file(&text, &[at(5, "innovation", P::NotANumber { text: "x".into() })]);
    }
}

#[test]
fn ragged_rows_and_loose_quotes_are_not_mended() {
    check("B1,R1,90,90\n", &[at(2, "E", P::Ragged { expected: 5, found: 4 })]);
    check("B1,R1,90,5,90,1\n", &[at(2, "F", P::Ragged { expected: 5, found: 6 })]);
    let loose = |row| (None, Some(row), None, P::LooseQuote);
    check("B1,R1,90,90,1\n\"B2,R1,90,90,1\nB3,R1,90,90,1\n", &[loose(3)]);
    check("5\" pipe,R1,90,90,1\nB3,R1,90,90,1\n", &[loose(2)]);
    assert_eq!(csv(&format!("{HEAD}\"5\"\" pipe\",R1,90,90,1\n")).unwrap().bids[0].name, "5\" pipe");
}

#[test]
fn ceilings_hold() {
    let whole = |problem| vec![(None, None, None, problem)];
    let bytes = vec![b'x'; (64 << 20) + 1];
    let faults = read_scores(Source::new(&bytes, Format::Csv), &rule(), 0).unwrap_err();
    assert_eq!(found(faults), whole(P::TooLarge { bytes: (64 << 20) + 1, max: 64 << 20 }));
    let rows: String = (0..200_001).map(|n| format!("B{n},R,9,9,1\n")).collect();
    check(&rows, &[(None, Some(200_002), None, P::TooManyRows { max: 200_000 })]);
    for separator in [",", ";", "\t", "\"\",", "\"x\"y,"] {
        check_file(&separator.repeat(200), &[(None, Some(1), None, P::TooManyColumns { max: 200 })]);
    }
    let wide = |row| [(None, Some(row), None, P::TooManyColumns { max: 200 })];
    check(&format!("B1,R1,90,90,1\r\n\r\n{}\r\n", ",".repeat(5_000_000)), &wide(4));
    let most = at(2, "F", P::Ragged { expected: 5, found: 200 });
    check(&format!("{}\nB1,R1,90,90,1\n", "1,".repeat(199)), &[most]);
    // Separators and line ends between quotation marks are text; a mark inside a cell opens nothing.
    let quoted = format!("\"{}\"", ",\n\"\",,".repeat(45));
    check(&format!("{quoted},R1,90,90,1\n"), &[at(2, "bid", P::ControlCharacter)]);
    let marks = format!("a\"b\"{}", ",".repeat(200));
    check(&marks, &wide(2));
    let faulty: String = (0..250).map(|n| format!("B{n},R,x,9,1\n")).collect();
    let faults = csv(&format!("{HEAD}{faulty}")).unwrap_err();
    assert_eq!(faults.len(), tables::FAULTS_MAX + 1);
    assert_eq!(faults.last().unwrap().problem, P::MoreFaults { count: 50 });
}

#[test]
fn nothing_inside_is_a_fault_of_its_own() {
    for text in ["", "\n\n", HEAD, "\u{FEFF}"] {
        check_file(text, &[(None, None, None, P::NothingInside)]);
    }
    let faults = read_scores(Source::new(b"x", Format::Csv), &rule(), 1).unwrap_err();
    assert_eq!(found(faults), [(None, None, None, P::UnknownGate { gate: 1, gates: 0 })]);
    let asked =
        Source::new(b"bid,reviewer,innovation,quality,scope\nB1,R1,90,80,1\n", Format::Csv).on_sheet("s");
    let faults = read_scores(asked, &rule(), 0).unwrap_err();
    assert_eq!(found(faults), [(None, None, None, P::NoWorksheets { name: "s".into() })]);
}

#[test]
fn an_answer_is_no_reason_to_leave_a_sheet_out() {
    for text in ["0", "1", "no", "TRUE", "是", "否", "否 ", "Ｎｏ", "—", "√", "无", "n/a", "1.0"] {
        let said = text.trim().to_owned();
        let row = format!("bid,reviewer,innovation,quality,scope,left_out\nB1,R1,90,90,1,{text}\n");
        check_file(&row, &[at(2, "left_out", P::NoReason { text: said })]);
    }
    let table = csv("bid,reviewer,innovation,quality,scope,left_out\nB1,R1,90,90,1,回避\n").unwrap();
    assert_eq!(table.sheets[0].left_out.as_deref(), Some("回避"));
}

#[test]
fn names_that_look_alike_are_noted() {
    let table =
        csv(&format!("{HEAD}A1,Ann,90,90,1\nＡ１,ann,90,90,1\nB2,李 明,9,9,1\na 1,李明,9,9,1\n")).unwrap();
    let pair = |first: &str, later: &str| (first.to_owned(), later.to_owned());
    assert_eq!(
        table.alike,
        [pair("A1", "Ａ１"), pair("A1", "a 1"), pair("Ann", "ann"), pair("李 明", "李明")]
    );
}

#[test]
fn names_that_only_a_machine_tells_apart_are_noted() {
    // An accent of its own, a letter of another width, a ligature, and signs nobody sees.
    for (one, other) in [
        ("Jos\u{e9}", "Jose\u{301}"),
        ("\u{d55c}", "\u{1112}\u{1161}\u{11ab}"),
        ("ｶﾞ", "ガ"),
        ("ﬁeld", "field"),
        ("李\u{200b}明", "李明"),
        ("李明\u{2060}", "李明"),
        ("李\u{ad}明", "李明"),
        ("李明\u{fe0f}", "李明"),
        ("Jose\u{200b}\u{301}", "José"),
        ("李\u{3164}明", "李明"),
        ("Straße", "STRASSE"),
        ("Σας", "ΣΑΣ"),
        ("李\u{ffa0}明", "李明"),
        ("李\u{2800}明", "李明"),
    ] {
        let table = csv(&format!("{HEAD}B1,{one},90,90,1\nB1,{other},80,80,1\n")).unwrap();
        assert_eq!(table.alike, [(one.to_owned(), other.to_owned())], "{one:?}");
    }
    // Different people: letters that only resemble each other are no reason to doubt.
    let table =
        csv(&format!("{HEAD}B1,José,90,90,1\nB1,Jose,80,80,1\nB1,ガ,80,80,1\nB1,カ,80,80,1\n")).unwrap();
    assert_eq!(table.alike, []);
}

#[test]
fn a_sound_table_says_exactly_what_stands_in_it() {
    let text = "专家;揭榜申请;质量;创新能力;属于榜单范围;不计入原因;封存时间\n\
                李明;B2;85.5;90;是;;2026-11-22T18:00:00.5+08:00\n\
                王芳; B1 ;0;100;No;;\n\
                王芳;B2;85.500;60;TRUE;迟交;\n\
                张三;B1;;;;回避;\n\
                ;B3;;;;;\n";
    let table = csv(text).unwrap();
    let names: Vec<&str> = table.bids.iter().map(|bid| bid.name.as_str()).collect();
    assert_eq!(names, ["B2", "B1", "B3"]);
    assert_eq!(table.bids[0].sealed_at, Some(Timestamp(1_795_341_600_500)));
    assert_eq!(table.bids[1].sealed_at, None);
    assert_eq!(table.reviewers, ["李明", "王芳", "张三"]);
    let sheets: Vec<_> = table
        .sheets
        .iter()
        .map(|s| (s.bid, s.reviewer, s.scores_milli.clone(), s.votes.clone(), s.left_out.as_deref(), s.row))
        .collect();
    assert_eq!(
        sheets,
        [
            (0, 0, vec![90_000, 85_500], vec![true], None, 2),
            (1, 1, vec![100_000, 0], vec![false], None, 3),
            (0, 1, vec![60_000, 85_500], vec![true], Some("迟交"), 4),
            (1, 2, vec![], vec![], Some("回避"), 5),
        ]
    );
    assert_eq!(table.read_as.separator, Some(';'));
}

#[test]
fn a_tie_chain_by_sealing_needs_the_instants() {
    let mut rule = plain_rule();
    rule.tie_chain.insert(0, domain::rule::TieBreak::SealedEarlier);
    let read = |text: &str| read_scores(Source::new(text.as_bytes(), Format::Csv), &rule, 0);
    let faults = read("bid,reviewer,innovation,quality\nB1,R1,90,80\n").unwrap_err();
    assert!(matches!(&faults[0].problem, P::MissingColumn { name, .. } if name == "sealed_at"));
    let head = "bid,reviewer,innovation,quality,sealed_at\n";
    let faults =
        read(&format!("{head}B1,R1,90,80,2026-01-01T00:00:00Z\nB2,R1,90,80,\nB2,R2,90,80,\n")).unwrap_err();
    assert_eq!(found(faults), [at(3, "sealed_at", P::Empty)]);
}

#[test]
fn sizes_from_one_row_to_twenty_thousand() {
    for rows in [1, 20_000] {
        let body: String = (0..rows).map(|n| format!("B{},R{},{},70.5,1\n", n / 5, n % 5, n % 101)).collect();
        let table = csv(&format!("{HEAD}{body}")).unwrap();
        assert_eq!(table.sheets.len(), rows);
        assert_eq!(table.sheets.last().unwrap().row, rows + 1);
        assert_eq!(table.bids.len(), rows.div_ceil(5));
    }
}

#[test]
fn ids_are_the_same_on_every_machine() {
    assert_eq!(bid_id("B1").to_string(), BID_OF_B1);
    assert_ne!(bid_id("B1").0, reviewer_id("B1").0);
    let id = "5f3c7a2e-0000-4000-8000-000000000001";
    assert_eq!(bid_id(id).to_string(), id);
    assert_eq!(reviewer_id(&id.to_uppercase()).to_string(), id);
}

/// `printf 'unveil:bid:B1' | sha256sum`, the first sixteen bytes.
const BID_OF_B1: &str = "df7962d8-c319-0fc5-d418-31099bede373";

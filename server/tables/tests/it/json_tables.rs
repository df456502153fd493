use tables::{JsonShape, TableProblem as P};

use crate::cast::{Found, csv, found, json};

#[track_caller]
fn check(text: &str, wanted: &[Found]) {
    assert_eq!(found(json(text).expect_err("a faulty file was read")), wanted);
}

fn at(sheet: Option<&str>, row: usize, column: &str, problem: P) -> Found {
    (sheet.map(str::to_owned), Some(row), Some(column.to_owned()), problem)
}

const SOUND: &str = r#"{"bid":"B1","reviewer":"R1","scores":{"innovation":90,"quality":85.5},"votes":{"scope":true},"left_out":null}"#;

#[test]
fn both_forms_say_the_same_as_csv() {
    let from_csv = csv("bid,reviewer,innovation,quality,scope\nB1,R1,90,85.5,1\n").unwrap();
    for text in [format!("[{SOUND}]"), format!("{{\"sheets\":[{SOUND}]}}")] {
        let table = json(&text).unwrap();
        assert_eq!(table.bids, from_csv.bids);
        assert_eq!(table.reviewers, from_csv.reviewers);
        assert_eq!(table.sheets[0].scores_milli, from_csv.sheets[0].scores_milli);
        assert_eq!(table.sheets[0].votes, [true]);
        assert_eq!(table.sheets[0].row, 1);
    }
    let text =
        format!(r#"{{"bids":[{{"name":"B2","sealed_at":"2026-01-01T00:00:00Z"}}],"sheets":[{SOUND}]}}"#);
    let table = json(&text).unwrap();
    assert_eq!(table.bids[0].name, "B2");
    assert_eq!(table.bids[0].sealed_at.unwrap().rfc3339(), "2026-01-01T00:00:00Z");
    assert_eq!(table.sheets.len(), 1);
    assert_eq!(table.unlisted, ["B1"], "scored, and not in the file's own list");
    let listed = text.replace("[{\"name\"", "[{\"name\":\"B1\"},{\"name\"");
    assert_eq!(json(&listed).unwrap().unlisted, Vec::<String>::new());
    assert_eq!(json(&format!("[{SOUND}]")).unwrap().unlisted, Vec::<String>::new());
}

#[test]
fn numbers_are_read_digit_by_digit() {
    let with = |score: &str| format!("[{}]", SOUND.replace("85.5", score));
    assert_eq!(json(&with("0.5")).unwrap().sheets[0].scores_milli[1], 500);
    assert_eq!(json(&with("\"85.5\"")).unwrap().sheets[0].scores_milli[1], 85_500);
    let off =
        |text: &str, below_milli, above_milli| P::NotOnStep { text: text.into(), below_milli, above_milli };
    check(&with("85.5000001"), &[at(None, 1, "scores.quality", off("85.5000001", 85_500, 86_000))]);
    check(&with("1e30"), &[at(None, 1, "scores.quality", P::NotANumber { text: "1e+30".into() })]);
    check(&with("true"), &[at(None, 1, "scores.quality", P::Boolean)]);
    check(&with("null"), &[at(None, 1, "scores.quality", P::Empty)]);
    check(&with("[]"), &[at(None, 1, "scores.quality", P::WrongShape { wanted: JsonShape::TextOrNumber })]);
    check(&with("{}"), &[at(None, 1, "scores.quality", P::WrongShape { wanted: JsonShape::TextOrNumber })]);
}

#[test]
fn faults_carry_the_list_the_place_and_the_key_path() {
    let sheets = |entry: &str| format!("{{\"sheets\":[{SOUND},{entry}]}}");
    let second = |column: &str, problem| at(Some("sheets"), 2, column, problem);
    let other = SOUND.replace("B1", "B2");
    let unknown =
        |name: &str, nearest: &str| P::UnknownField { name: name.into(), nearest: Some(nearest.into()) };
    check(
        &sheets(&other.replace("\"quality\"", "\"qualty\"")),
        &[second("scores.qualty", unknown("qualty", "quality")), second("scores.quality", P::Empty)],
    );
    check(
        &sheets(&other.replace("\"left_out\"", "\"leftout\"")),
        &[second("leftout", unknown("leftout", "left_out"))],
    );
    check(
        &sheets(&other.replace("\"innovation\":90", "\"innovation\":90,\"innovation\":91")),
        &[second("scores.innovation", P::DuplicateField { first: "scores.innovation".into() })],
    );
    check(
        &sheets(&other.replace("\"votes\"", "\"scores\":{},\"votes\"")),
        &[second("scores", P::DuplicateField { first: "scores".into() })],
    );
    let twice = P::DuplicateReview { bid: "B1".into(), reviewer: "R1".into(), first_row: 1 };
    check(&sheets(SOUND), &[second("reviewer", twice)]);
    check(
        &sheets("5"),
        &[(Some("sheets".into()), Some(2), None, P::WrongShape { wanted: JsonShape::Object })],
    );
    check(
        &sheets(&other.replace("{\"scope\":true}", "7")),
        &[second("votes", P::WrongShape { wanted: JsonShape::Object }), second("votes.scope", P::Empty)],
    );
    check(
        r#"{"sheets":[],"bids":[{"name":"B1"},{"nam":"B2"}]}"#,
        &[at(Some("bids"), 2, "nam", unknown("nam", "name")), at(Some("bids"), 2, "name", P::Empty)],
    );
}

#[test]
fn the_document_itself_may_be_wrong() {
    let whole = |problem| (None, None, None, problem);
    check("5", &[whole(P::WrongShape { wanted: JsonShape::Document })]);
    check("[]", &[whole(P::NothingInside)]);
    check("{}", &[whole(P::NothingInside)]);
    let wanted = JsonShape::List;
    check("{\"sheets\":{}}", &[(None, None, Some("sheets".into()), P::WrongShape { wanted })]);
    let unknown = P::UnknownField { name: "sheet".into(), nearest: Some("sheets".into()) };
    check("{\"sheet\":[]}", &[(None, None, Some("sheet".into()), unknown)]);
    let faults = json("[\n  {\"bid\": }\n]").unwrap_err();
    assert_eq!(faults[0].row, Some(2));
    assert!(matches!(faults[0].problem, P::JsonSyntax { line: 2, position: 11, .. }), "{faults:?}");
    assert!(matches!(json("[] []").unwrap_err()[0].problem, P::JsonSyntax { line: 1, .. }));
    assert!(matches!(json(&"[".repeat(100_000)).unwrap_err()[0].problem, P::JsonSyntax { .. }));
}

//! Ids that a JSON score table gives its bids and reviewers.

use domain::id::{BidId, PersonId};
use tables::{TableProblem as P, bid_id, reviewer_id};

use crate::cast::{Found, csv, found, json};

const FIRST: &str = "019a0000-0000-7000-8000-000000000001";
const SECOND: &str = "019a0000-0000-7000-8000-000000000002";

fn bid(id: &str) -> BidId {
    BidId(id.parse().unwrap())
}

fn person(id: &str) -> PersonId {
    PersonId(id.parse().unwrap())
}

fn at(list: &str, row: usize, column: &str, problem: P) -> Found {
    (Some(list.into()), Some(row), Some(column.into()), problem)
}

/// One sheet, then whatever else the document holds.
fn document(more: &str) -> String {
    format!(
        r#"{{"sheets":[{{"bid":"B1","reviewer":"R1","scores":{{"innovation":90,"quality":85.5}},"votes":{{"scope":true}}}}],{more}}}"#
    )
}

#[track_caller]
fn check(more: &str, wanted: &[Found]) {
    assert_eq!(found(json(&document(more)).expect_err("a faulty file was read")), wanted);
}

/// The form in which the platform gives out what a panel scored: keys in the order of the alphabet, bids and reviewers
/// with their ids before the sheets, instants to the millisecond, decimal points as JSON numbers.
#[test]
fn what_the_platform_gives_out_comes_in_with_its_ids() {
    let text = format!(
        r#"{{
  "bids": [
    {{ "id": "{FIRST}", "name": "Deep-sea valve (Harbour)", "sealed_at": "2026-11-22T10:00:00.125Z" }},
    {{ "id": "{SECOND}", "name": "Deep-sea valve (Harbour) #2", "sealed_at": null }}
  ],
  "reviewers": [
    {{ "id": "{FIRST}", "name": "Okafor" }},
    {{ "id": "{SECOND}", "name": "Okafor #2" }}
  ],
  "sheets": [
    {{ "bid": "Deep-sea valve (Harbour) #2", "reviewer": "Okafor #2", "scores": {{ "innovation": 90, "quality": 85.5 }}, "votes": {{ "scope": true }} }},
    {{ "bid": "Deep-sea valve (Harbour)", "reviewer": "Okafor", "scores": {{ "innovation": 0.5, "quality": 100 }}, "votes": {{ "scope": false }} }}
  ]
}}"#
    );
    let table = json(&text).unwrap();
    let bids: Vec<_> = table.bids.iter().map(|row| (row.name.as_str(), row.id)).collect();
    assert_eq!(
        bids,
        [("Deep-sea valve (Harbour)", bid(FIRST)), ("Deep-sea valve (Harbour) #2", bid(SECOND))]
    );
    assert_eq!(table.bids[0].sealed_at.unwrap().0 % 1000, 125);
    assert_eq!(table.reviewers, ["Okafor", "Okafor #2"]);
    assert_eq!(table.reviewer_ids, [person(FIRST), person(SECOND)]);
    let sheets: Vec<_> =
        table.sheets.iter().map(|row| (row.bid, row.reviewer, row.scores_milli.clone())).collect();
    assert_eq!(sheets, [(1, 1, vec![90_000, 85_500]), (0, 0, vec![500, 100_000])]);
}

#[test]
fn a_name_without_an_id_has_the_id_of_its_name() {
    let table =
        json(&document(&format!(r#""bids":[{{"name":"B2"}},{{"name":"B3","id":"{FIRST}"}}]"#))).unwrap();
    let ids: Vec<_> = table.bids.iter().map(|row| row.id).collect();
    assert_eq!(ids, [bid_id("B1"), bid_id("B2"), bid(FIRST)]);
    assert_eq!(table.reviewer_ids, [reviewer_id("R1")]);
    let table = csv("bid,reviewer,innovation,quality,scope\nB1,R1,90,90,1\n").unwrap();
    assert_eq!((table.bids[0].id, table.reviewer_ids), (bid_id("B1"), vec![reviewer_id("R1")]));
}

#[test]
fn an_id_may_come_after_the_name_and_more_than_once() {
    let table = json(&document(&format!(
        r#""bids":[{{"name":"B1","id":"{FIRST}"}},{{"name":"B1","id":"{}"}},{{"name":"B1","id":null}}],
           "reviewers":[{{"name":"R1","id":"{SECOND}"}},{{"name":"R2"}}]"#,
        FIRST.to_uppercase()
    )))
    .unwrap();
    assert_eq!(table.bids[0].id, bid(FIRST));
    assert_eq!(table.reviewers, ["R1", "R2"]);
    assert_eq!(table.reviewer_ids, [person(SECOND), reviewer_id("R2")]);
    // A given id counts, whatever the name looks like.
    let text = format!(r#""bids":[{{"name":"{FIRST}","id":"{SECOND}"}},{{"name":"B3","id":"{FIRST}"}}]"#);
    let table = json(&document(&text)).unwrap();
    assert_eq!((table.bids[1].id, table.bids[2].id), (bid(SECOND), bid(FIRST)));
}

#[test]
fn faulty_ids_are_named_in_their_place() {
    let no_id = |text: &str| P::NotAnId { text: text.into() };
    check(r#""bids":[{"name":"B1"},{"name":"B2","id":"7"}]"#, &[at("bids", 2, "id", no_id("7"))]);
    check(r#""reviewers":[{"name":"R1","id":12}]"#, &[at("reviewers", 1, "id", no_id("12"))]);
    check(r#""bids":[{"name":"B2","id":true}]"#, &[at("bids", 1, "id", P::Boolean)]);
    let same = |first: &str| P::SameId { first: first.into() };
    check(
        &format!(r#""bids":[{{"name":"B2","id":"{FIRST}"}},{{"name":"B3","id":"{FIRST}"}}]"#),
        &[at("bids", 2, "id", same("B2"))],
    );
    check(
        &format!(r#""bids":[{{"name":"B1","id":"{FIRST}"}},{{"name":"{FIRST}"}}]"#),
        &[at("bids", 2, "name", same("B1"))],
    );
    check(
        &format!(r#""reviewers":[{{"name":"R1","id":"{FIRST}"}},{{"name":"R2","id":"{FIRST}"}}]"#),
        &[at("reviewers", 2, "id", same("R1"))],
    );
    let differs = |name: &str| P::IdDiffers { name: name.into(), first: FIRST.into(), first_row: 1 };
    check(
        &format!(r#""bids":[{{"name":"B1","id":"{FIRST}"}},{{"name":"B1","id":"{SECOND}"}}]"#),
        &[at("bids", 2, "id", differs("B1"))],
    );
    check(
        &format!(r#""reviewers":[{{"name":"R1","id":"{FIRST}"}},{{"name":"R1","id":"{SECOND}"}}]"#),
        &[at("reviewers", 2, "id", differs("R1"))],
    );
    // A bid and a reviewer are different things: they may share an id.
    let both =
        format!(r#""bids":[{{"name":"B1","id":"{FIRST}"}}],"reviewers":[{{"name":"R1","id":"{FIRST}"}}]"#);
    assert!(json(&document(&both)).is_ok());
}

#[test]
fn the_list_of_reviewers_has_a_form_of_its_own() {
    check(r#""reviewers":[{}]"#, &[at("reviewers", 1, "name", P::Empty)]);
    check(&format!(r#""reviewers":[{{"id":"{FIRST}"}}]"#), &[at("reviewers", 1, "name", P::Empty)]);
    let unknown = P::UnknownField { name: "sealed_at".into(), nearest: None };
    check(r#""reviewers":[{"name":"R1","sealed_at":null}]"#, &[at("reviewers", 1, "sealed_at", unknown)]);
    // Sheets go by names.
    let text = document("\"bids\":[]").replace("\"reviewer\"", &format!("\"id\":\"{FIRST}\",\"reviewer\""));
    let unknown = P::UnknownField { name: "id".into(), nearest: Some("bid".into()) };
    let faults = found(json(&text).unwrap_err());
    assert_eq!(faults.first(), Some(&at("sheets", 1, "id", unknown)));
}

#[test]
fn ids_have_no_column_in_the_other_forms() {
    let faults = csv("bid,reviewer,innovation,quality,scope,id\nB1,R1,90,90,1,7\n").unwrap_err();
    assert!(matches!(faults[0].problem, P::UnknownColumn { .. }), "{faults:?}");
}

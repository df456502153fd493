//! `unveil rank --earlier`: a later gate of a race, decided by the points of all gates so far.

use serde_json::{Value, json};

use crate::cli_scoring::{Said, unveil, unveil_with, write};
use crate::support::Folder;

/// The policy's rule with two gates: two go on after the first, one wins at the second.
fn race() -> Folder {
    let folder = Folder::new();
    let mut rule: Value = serde_json::from_str(&unveil(&folder, &["rules", "show", "policy"]).out).unwrap();
    let gate = |title: &str, due: i64, weight: u32, keep: u32| {
        json!({"title": {"zh": title, "en": title}, "due": due, "weight_permille": weight, "pass_mark_milli": 60_000,
            "keep": keep})
    };
    rule["max_winners"] = json!(3);
    rule["gates"] = json!([gate("样机", 1, 300, 2), gate("中试", 2, 700, 1)]);
    write(&folder, "rule.json", &rule.to_string());
    table(&folder, "gate1.csv", &[("甲", 90), ("乙", 70), ("丙", 65), ("丁", 50)]);
    folder
}

/// One expert, who gives every criterion the same points: that is the total.
fn table(folder: &Folder, name: &str, teams: &[(&str, u32)]) {
    let mut rows = "bid,reviewer,innovation,quality,effect,contribution\n".to_owned();
    for (team, points) in teams {
        rows += &format!("{team},佐藤健,{points},{points},{points},{points}\n");
    }
    write(folder, name, &rows);
}

const LINE: [&str; 8] = ["rank", "gate2.csv", "--rule", "rule.json", "--gate", "2", "--resamples", "0"];

fn rank(folder: &Folder, more: &[&str]) -> Said {
    unveil(folder, &[&LINE[..], more].concat())
}

fn standings(said: &Said) -> Value {
    let report: Value =
        serde_json::from_str(&said.out).unwrap_or_else(|fault| panic!("{fault}: {}", said.err));
    json!([report["race"], report["first"], report["draw_needed"]])
}

#[test]
fn the_points_of_all_gates_decide_and_not_those_of_the_last() {
    let folder = race();
    table(&folder, "gate2.csv", &[("甲", 70), ("乙", 80)]);
    // 0.3 x 90 + 0.7 x 70 = 76 against 0.3 x 70 + 0.7 x 80 = 77.
    let said = rank(&folder, &["--earlier", "gate1.csv", "--json"]);
    let [race, first, draws] = serde_json::from_value::<[Value; 3]>(standings(&said)).unwrap();
    let seen = |row: usize| {
        json!([
            race[row]["rank"],
            race[row]["bid"],
            race[row]["gate_totals_milli"],
            race[row]["cumulative_milli"],
            race[row]["outcome"]
        ])
    };
    assert_eq!(seen(0), json!([1, "乙", [70_000, 80_000], 77_000, "won"]));
    assert_eq!(seen(1), json!([2, "甲", [90_000, 70_000], 76_000, "cut"]));
    assert_eq!((said.code, first, draws), (Some(0), json!(["乙"]), json!([])));

    let text = rank(&folder, &["--earlier", "gate1.csv"]).out;
    let above = text.split("Below this line").next().unwrap();
    assert!(above.contains("gate 1: 300; gate 2: 700") && above.contains("won by: 乙"), "{above}");
    assert!(
        above.lines().any(|line| line.split_whitespace().eq(["1", "乙", "70.00", "80.00", "77.00", "Wins"]))
    );
    let chinese =
        unveil_with(&folder, &[&LINE[..], &["--earlier", "gate1.csv"]].concat(), &[("LANG", "zh_CN")], b"");
    assert!(chinese.out.contains("赛马胜出者为：乙"), "{}", chinese.out);
    // Without the gates before nobody is told to go on.
    let alone = rank(&folder, &["--json"]);
    assert_eq!(standings(&alone), json!([null, null, []]));
    assert!(rank(&folder, &[]).out.contains("--earlier"), "and the way to be told is named");
}

#[test]
fn a_gate_is_drawn_for_only_where_the_points_so_far_are_equal() {
    let folder = race();
    table(&folder, "gate2.csv", &[("甲", 70), ("乙", 70)]);
    assert_eq!(rank(&folder, &[]).code, Some(4), "this gate alone is a draw");
    let said = rank(&folder, &["--earlier", "gate1.csv", "--json"]);
    assert_eq!((said.code, &standings(&said)[1]), (Some(0), &json!(["甲"])));

    table(&folder, "gate1.csv", &[("甲", 70), ("乙", 70), ("丙", 65)]);
    let said = rank(&folder, &["--earlier", "gate1.csv", "--json"]);
    let [race, first, draws] = serde_json::from_value::<[Value; 3]>(standings(&said)).unwrap();
    assert_eq!((said.code, first, draws), (Some(4), Value::Null, json!([["乙", "甲"]])));
    let open = |row: usize| json!([race[row]["rank"], race[row]["rank_last"], race[row]["outcome"]]);
    assert_eq!([open(0), open(1)], [json!([1, 2, null]), json!([1, 2, null])]);
    let drawn = rank(&folder, &["--earlier", "gate1.csv", "--json", "--seed", "2026 lot"]);
    assert_eq!((drawn.code, standings(&drawn)[1].as_array().map(Vec::len)), (Some(0), Some(1)));
}

/// 0.01 x 70.15 + 0.99 x 70 = 70.0015 is shown as 70.00 and is more than 70.
#[test]
fn a_standing_that_only_looks_equal_waits_for_no_draw() {
    let folder = race();
    let mut rule: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("rule.json")).unwrap()).unwrap();
    rule["gates"][0]["weight_permille"] = json!(10);
    rule["gates"][1]["weight_permille"] = json!(990);
    write(&folder, "rule.json", &rule.to_string());
    let head = "bid,reviewer,innovation,quality,effect,contribution";
    write(&folder, "gate1.csv", &format!("{head}\n乙,佐藤健,70,70,70,70\n甲,佐藤健,70,70,70,71\n"));
    table(&folder, "gate2.csv", &[("乙", 70), ("甲", 70)]);
    let said = rank(&folder, &["--earlier", "gate1.csv", "--json"]);
    let [race, first, draws] = serde_json::from_value::<[Value; 3]>(standings(&said)).unwrap();
    assert_eq!((said.code, first, draws), (Some(0), json!(["甲"]), json!([])));
    assert_eq!(
        [&race[0]["cumulative_milli"], &race[1]["cumulative_milli"]],
        [&json!(70_000), &json!(70_000)]
    );
}

#[test]
fn whoever_is_missing_at_a_gate_or_was_cut_is_named() {
    let folder = race();
    table(&folder, "gate2.csv", &[("甲", 70), ("戊", 80), ("丙", 75)]);
    let said = rank(&folder, &["--earlier", "gate1.csv"]);
    assert_eq!((said.code, said.out.as_str()), (Some(3), ""));
    assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    assert!(said.err.starts_with("gate1.csv: “戊” has no scores at gate 1"), "{}", said.err);

    table(&folder, "gate2.csv", &[("甲", 70), ("丙", 75)]);
    let said = rank(&folder, &["--earlier", "gate1.csv"]);
    assert!(said.out.contains("“丙” was cut at gate 1 by the rule"), "{}", said.out);
    assert!(!said.out.contains("“甲” was cut"), "{}", said.out);
    assert!(said.out.contains("“乙” went on at gate 1 by the rule and has no scores here"), "{}", said.out);
    assert!(!said.out.contains("“丁” went on"), "{}", said.out);
    let (_, below) = said.out.split_once("Below this line").unwrap();
    assert!(below.contains("the scores of gate 2 alone"), "{below}");

    write(
        &folder,
        "gate2.csv",
        "bid,reviewer,innovation,quality,effect,contribution\n甲,陈立,70,70,70,70\n乙,,,,,\n",
    );
    let said = rank(&folder, &["--earlier", "gate1.csv"]);
    assert_eq!(said.code, Some(3));
    assert!(said.err.contains("“乙” has no scores at gate 2"), "{}", said.err);
}

#[test]
fn each_earlier_gate_is_given_once() {
    let folder = race();
    table(&folder, "gate2.csv", &[("甲", 70)]);
    let check = |line: &[&str], words: &str| {
        let said = unveil(&folder, line);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{}", said.err);
        assert!(said.err.contains(words), "{}", said.err);
    };
    check(&[&LINE[..], &["--earlier", "gate1.csv", "--earlier", "gate1.csv"]].concat(), "2 given, 1 needed");
    check(
        &["rank", "gate1.csv", "--rule", "rule.json", "--gate", "1", "--earlier", "gate1.csv"],
        "before gate 1 there is no gate",
    );
    check(&["rank", "-", "--rule", "rule.json", "--gate", "2", "--earlier", "-"], "standard input");
    check(&[&LINE[..], &["--earlier", "gate1.csv", "--xlsx", "gate1.csv"]].concat(), "gate1.csv");
}

//! `unveil rank --earlier`: a later gate of a race, decided by the points of all gates so far.

use serde_json::{Value, json};

use crate::cli_scoring::{Said, unveil, unveil_with, write};
use crate::support::Folder;

/// The policy's rule with two gates: two go on after the first, one wins at the second.
pub fn race() -> Folder {
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
pub fn table(folder: &Folder, name: &str, teams: &[(&str, u32)]) {
    let mut rows = "bid,reviewer,innovation,quality,effect,contribution\n".to_owned();
    for (team, points) in teams {
        rows += &format!("{team},佐藤健,{points},{points},{points},{points}\n");
    }
    write(folder, name, &rows);
}

/// Three gates: two, two, one go on.
pub fn long_race() -> Folder {
    let folder = race();
    let mut rule: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("rule.json")).unwrap()).unwrap();
    let gate = |title: &str, due: i64, weight: u32, keep: u32| {
        json!({"title": {"zh": title, "en": title}, "due": due, "weight_permille": weight, "pass_mark_milli": 10_000,
            "keep": keep})
    };
    rule["gates"] = json!([gate("一", 1, 200, 2), gate("二", 2, 300, 2), gate("三", 3, 500, 1)]);
    write(&folder, "rule.json", &rule.to_string());
    folder
}

const LINE: [&str; 8] = ["rank", "gate2.csv", "--rule", "rule.json", "--gate", "2", "--resamples", "0"];

fn rank(folder: &Folder, more: &[&str]) -> Said {
    unveil(folder, &[&LINE[..], more].concat())
}

pub fn standings(said: &Said) -> Value {
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
    assert!(said.err.starts_with("gate1.csv: “戊” has scores at gate 2 and none at gate 1"), "{}", said.err);

    table(&folder, "gate2.csv", &[("甲", 70), ("丙", 75)]);
    let said = rank(&folder, &["--earlier", "gate1.csv"]);
    assert!(said.out.contains("“丙” was cut at gate 1 by the rule"), "{}", said.out);
    assert!(!said.out.contains("“甲” was cut"), "{}", said.out);
    assert!(
        said.out.contains("“乙” went on at gate 1 by the rule and has no scores at gate 2"),
        "{}",
        said.out
    );
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

/// What `rules seed` prints for a stage of `published.json`.
fn seed_of(folder: &Folder, secret: &str, gate: &str) -> String {
    let said = unveil(folder, &["rules", "seed", "published.json", "--seed", secret, "--gate", gate]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    said.out.trim_end().to_owned()
}

#[test]
fn each_gate_is_drawn_from_its_own_seed_and_every_later_one_proves_it() {
    const SECRET: &str = "a secret that is long enough";
    let folder = race();
    let bound = unveil(&folder, &["rules", "promise", "rule.json", "--seed", SECRET]);
    assert_eq!((bound.code, bound.err.as_str()), (Some(0), ""));
    write(&folder, "published.json", &bound.out);
    let [selection, first, last] = ["0", "1", "2"].map(|gate| seed_of(&folder, SECRET, gate));
    assert_eq!(last, SECRET);
    // Four teams level at the first gate, where two go on: the draw decides who.
    table(&folder, "gate1.csv", &[("甲", 70), ("乙", 70), ("丙", 70), ("丁", 70)]);
    let run = |gate: &str, seed: &str, more: &[&str]| {
        let table = format!("gate{gate}.csv");
        let line = ["rank", &table, "--rule", "published.json", "--gate", gate, "--resamples", "0", "--json"];
        unveil(&folder, &[&line[..], &["--seed", seed], more].concat())
    };
    for wrong in [&selection, &last, "another"] {
        let said = run("1", wrong, &[]);
        assert_eq!(said.code, Some(3), "{wrong}");
        assert!(said.err.contains("gate 1") && said.err.contains("a seed of its own"), "{}", said.err);
    }
    let said = run("1", &first, &[]);
    let after: Value = serde_json::from_str(&said.out).unwrap();
    let on: Vec<String> = serde_json::from_value(after["first"].clone()).unwrap();
    assert_eq!((said.code, on.len()), (Some(0), 2), "{}", said.err);
    let promised: Value = serde_json::from_str(&bound.out).unwrap();
    assert_eq!(after["draw_commitment"], promised["draw_commitment"]);
    // The last gate is given its own seed only, and the gate before falls as it did.
    table(&folder, "gate2.csv", &[(&on[0], 80), (&on[1], 75)]);
    let said = run("2", &last, &["--earlier", "gate1.csv"]);
    let whole: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, &whole["first"]), (Some(0), &json!([on[0]])), "{}", said.err);
    assert_eq!(whole["race"][1]["outcome"], "cut");
    // By the draws of the first gate as they fell: else a team that went on is told to have been cut.
    let files = ["rank", "gate2.csv", "--rule", "published.json", "--gate", "2", "--resamples", "0"];
    let said = unveil(&folder, &[&files[..], &["--seed", &last, "--earlier", "gate1.csv"]].concat());
    assert!(said.out.contains(&on[1]) && !said.out.contains("was cut"), "{}", said.out);
    // Packed and computed again, the gate's seed is asked for too.
    let pack = |seed: &str| {
        let files =
            ["package", "gate1.csv", "--rule", "published.json", "--gate", "1", "--out", "result.json"];
        unveil(&folder, &[&files[..], &["--seed", seed]].concat())
    };
    assert_eq!((pack(&selection).code, pack(&first).code), (Some(3), Some(0)));
    assert_eq!(unveil(&folder, &["verify", "result", "result.json"]).code, Some(0));
    let exchanged = std::fs::read_to_string(folder.join("result.json")).unwrap().replace(&first, &selection);
    write(&folder, "result.json", &exchanged);
    let said = unveil(&folder, &["verify", "result", "result.json"]);
    assert_eq!(said.code, Some(5));
    assert!(said.out.contains("not the one the rule committed to"), "{}", said.out);
}

#[test]
fn a_rule_is_bound_once_and_to_one_secret() {
    let folder = race();
    let check = |arguments: &[&str], code: i32, words: &str| {
        let said = unveil(&folder, arguments);
        assert_eq!(said.code, Some(code), "{arguments:?}: {}", said.err);
        assert!(said.err.contains(words), "{arguments:?}: {}", said.err);
    };
    check(&["rules", "promise", "rule.json", "--seed", " "], 2, "blank");
    check(&["rules", "promise", "rule.json", "--seed", "short"], 0, "fewer than 16 bytes");
    check(&["rules", "seed", "rule.json", "--seed", "short"], 3, "bound to no seed");
    let bound = unveil(&folder, &["rules", "promise", "rule.json", "--seed", "long enough to be no guess"]);
    write(&folder, "published.json", &bound.out);
    check(&["rules", "promise", "published.json", "--seed", "another"], 3, "bound to a seed already");
    check(&["rules", "seed", "published.json", "--seed", "another"], 3, "bound to another secret");
    check(&["rules", "seed", "published.json", "--seed", "another", "--gate", "3"], 2, "no gate 3");
}

#[test]
fn a_draw_that_an_earlier_gate_waits_for_keeps_the_winner_open() {
    let folder = long_race();
    // Three level, two go on: one of the two here may have been cut.
    table(&folder, "gate1.csv", &[("甲", 80), ("乙", 80), ("丙", 80)]);
    table(&folder, "gate2.csv", &[("甲", 80), ("乙", 70)]);
    let line = [
        "rank",
        "gate2.csv",
        "--rule",
        "rule.json",
        "--gate",
        "2",
        "--earlier",
        "gate1.csv",
        "--resamples",
        "0",
    ];
    let said = unveil(&folder, &[&line[..], &["--json"]].concat());
    let [_, first, draws] = serde_json::from_value::<[Value; 3]>(standings(&said)).unwrap();
    assert_eq!((said.code, first), (Some(4), Value::Null));
    assert_eq!(draws, json!([["丙", "乙", "甲"]]));
    let said = unveil(&folder, &line);
    assert!(said.out.contains("who they are waits for a draw"), "{}", said.out);
    // Where a team that was cut has scores, nobody is named as going on.
    table(&folder, "gate1.csv", &[("甲", 80), ("乙", 70), ("丙", 60)]);
    table(&folder, "gate2.csv", &[("甲", 80), ("丙", 90)]);
    let said = unveil(&folder, &[&line[..], &["--json"]].concat());
    let [_, first, _] = serde_json::from_value::<[Value; 3]>(standings(&said)).unwrap();
    assert_eq!(first, Value::Null);
    let said = unveil(&folder, &line);
    assert!(said.out.contains("cannot be told while a team that was cut has scores"), "{}", said.out);
}

#[test]
fn a_bid_has_one_id_and_was_sealed_once() {
    let folder = race();
    let file = |name: &str, bid: Value| {
        let scores = json!({"innovation": 90, "quality": 90, "effect": 90, "contribution": 90});
        let sheets = json!([{"bid": "甲", "reviewer": "佐藤健", "scores": scores}]);
        write(&folder, name, &json!({"sheets": sheets, "bids": [bid]}).to_string());
    };
    let rank = || {
        unveil(
            &folder,
            &["rank", "gate2.json", "--rule", "rule.json", "--gate", "2", "--earlier", "gate1.json"],
        )
    };
    file("gate1.json", json!({"name": "甲", "sealed_at": "2026-11-22T08:00:00Z"}));
    file("gate2.json", json!({"name": "甲", "sealed_at": "2026-11-22T07:00:00Z"}));
    let said = rank();
    assert_eq!(said.code, Some(3));
    assert!(said.err.contains("“甲” has another sealing time at gate 2 than at gate 1"), "{}", said.err);
    file("gate2.json", json!({"name": "甲", "id": "019a0000-0000-7000-8000-000000000002"}));
    let said = rank();
    assert_eq!(said.code, Some(3));
    assert!(said.err.contains("“甲” has another id at gate 2 than at gate 1"), "{}", said.err);
    file("gate2.json", json!({"name": "甲"}));
    assert_eq!(rank().code, Some(0));
}

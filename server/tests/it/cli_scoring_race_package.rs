//! `unveil package --earlier` and `unveil verify`: a race in one file, and what it proves.

use serde_json::{Value, json};

use crate::cli_scoring::{Said, unveil, write};
use crate::cli_scoring_race::{long_race, race, table};
use crate::support::Folder;

#[test]
fn a_race_is_packed_whole_and_its_winner_computed_again() {
    let folder = race();
    table(&folder, "gate2.csv", &[("甲", 70), ("乙", 80)]);
    let pack = |more: &[&str]| {
        let files = ["package", "gate2.csv", "--rule", "rule.json", "--gate", "2", "--out", "race.json"];
        unveil(&folder, &[&files[..], more].concat())
    };
    let verify = || unveil(&folder, &["verify", "result", "race.json"]);
    let said = pack(&["--earlier", "gate1.csv"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert_eq!(verify().code, Some(0), "{}", verify().out);
    assert!(verify().out.contains("after gate 2 it stands as the file says"), "{}", verify().out);
    let text = std::fs::read_to_string(folder.join("race.json")).unwrap();
    let mut file: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(file["standings"][0]["outcome"], "won");
    // Another winner, in the standings alone.
    for (line, outcome, rank) in [(0, "cut", 2), (1, "won", 1)] {
        file["standings"][line]["outcome"] = json!(outcome);
        file["standings"][line]["rank"] = json!(rank);
    }
    write(&folder, "race.json", &file.to_string());
    let said = verify();
    assert_eq!(said.code, Some(5));
    let told = "“甲” in the race: published rank 1, this gate 70, so far 76, Wins; computed rank 2, this gate 70, so far 76, Cut";
    assert!(said.out.contains(told), "{}", said.out);

    let alone = pack(&[]);
    assert_eq!(alone.code, Some(0));
    assert!(alone.err.contains("gate 2 alone") && alone.err.contains("--earlier"), "{}", alone.err);
    assert_eq!(verify().code, Some(0));
    // A draw at the first gate is asked for, although it changes nothing at the second.
    table(&folder, "gate1.csv", &[("甲", 90), ("乙", 70), ("丙", 65), ("丁", 65)]);
    let said = pack(&["--earlier", "gate1.csv"]);
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(said.err.contains("--seed"), "{}", said.err);
    assert_eq!(pack(&["--earlier", "gate1.csv", "--seed", "2026 lot"]).code, Some(0));
    assert_eq!(verify().code, Some(0), "{}", verify().out);
    table(&folder, "gate2.csv", &[("甲", 70), ("丁", 80)]);
    let said = pack(&["--earlier", "gate1.csv", "--seed", "2026 lot"]);
    assert_eq!(said.code, Some(3));
    assert!(said.err.contains("“丁” was cut at gate 1"), "{}", said.err);
}

fn pack_long(folder: &Folder) -> Said {
    let files = ["package", "gate3.csv", "--rule", "rule.json", "--gate", "3", "--out", "race.json"];
    let earlier = ["--earlier", "gate1.csv", "--earlier", "gate2.csv", "--seed", "2026 lot"];
    unveil(folder, &[&files[..], &earlier[..]].concat())
}

#[test]
fn whoever_has_no_place_at_a_gate_in_the_middle_is_found_as_well() {
    let folder = long_race();
    table(&folder, "gate1.csv", &[("甲", 90), ("乙", 80), ("丙", 70)]);
    table(&folder, "gate3.csv", &[("甲", 50)]);
    // 丙 was cut at the first gate, and takes 乙's place at the second.
    table(&folder, "gate2.csv", &[("甲", 90), ("乙", 60), ("丙", 100)]);
    let said = pack_long(&folder);
    assert_eq!((said.code, said.out.as_str()), (Some(3), ""));
    assert!(
        said.err.contains("“丙” was cut at gate 1 by the rule and yet has scores at gate 2"),
        "{}",
        said.err
    );
    // 丁 was never at the first gate.
    table(&folder, "gate2.csv", &[("甲", 90), ("乙", 60), ("丁", 100)]);
    let said = pack_long(&folder);
    assert_eq!(said.code, Some(3));
    assert!(said.err.contains("gate1.csv: “丁” has scores at gate 2 and none at gate 1"), "{}", said.err);
    // 乙 is gone after the first gate: no fault, but nobody may miss it.
    table(&folder, "gate2.csv", &[("甲", 90)]);
    let said = pack_long(&folder);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let words = "“乙” went on at gate 1 by the rule and has no scores at gate 2";
    assert!(said.err.contains(words), "{}", said.err);
    let said = unveil(&folder, &["verify", "result", "race.json"]);
    assert_eq!(said.code, Some(0));
    assert!(said.out.contains(words), "{}", said.out);
    assert_eq!(said.out.matches("went on").count(), 1, "{}", said.out);
}

#[test]
fn what_would_not_verify_is_not_packed() {
    let folder = race();
    let sheet = |bid: &str| {
        json!({"bid": bid, "reviewer": "Sato", "scores":
            {"innovation": 90, "quality": 90, "effect": 90, "contribution": 90}})
    };
    let file = |name: &str, reviewer: &str| {
        let mut sheet = sheet("甲");
        sheet["reviewer"] = json!(reviewer);
        let reviewers = json!([{"name": reviewer, "id": "019a0000-0000-7000-8000-000000000002"}]);
        write(&folder, name, &json!({"sheets": [sheet], "reviewers": reviewers}).to_string());
    };
    let pack = || {
        let files = ["package", "gate2.json", "--rule", "rule.json", "--gate", "2", "--out", "race.json"];
        unveil(&folder, &[&files[..], &["--earlier", "gate1.json"]].concat())
    };
    file("gate1.json", "Sato");
    file("gate2.json", "Sato K.");
    let said = pack();
    assert_eq!((said.code, said.out.as_str()), (Some(3), ""));
    assert!(said.err.contains("called “Sato” at one gate and “Sato K.” at another"), "{}", said.err);
    // An id given at one gate and made of the name at the other is no exchange.
    file("gate1.json", "Sato");
    write(&folder, "gate2.json", &json!([sheet("甲")]).to_string());
    let said = pack();
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(unveil(&folder, &["verify", "result", "race.json"]).code, Some(0));
}

#[test]
fn what_an_identical_result_does_not_show_is_said() {
    let folder = race();
    table(&folder, "gate2.csv", &[("甲", 70), ("乙", 80)]);
    let verified = |more: &[&str]| {
        let files = ["package", "gate2.csv", "--rule", "rule.json", "--gate", "2", "--out", "race.json"];
        assert_eq!(unveil(&folder, &[&files[..], more].concat()).code, Some(0));
        let said = unveil(&folder, &["verify", "result", "race.json"]);
        assert_eq!(said.code, Some(0), "{}", said.out);
        said.out
    };
    let whole = verified(&["--earlier", "gate1.csv"]);
    for words in ["does not show", "do not count"] {
        assert!(!whole.contains(words), "{whole}");
    }
    assert!(verified(&[]).contains("holds gate 2 alone"));
    table(&folder, "gate2.csv", &[("甲", 80), ("乙", 80)]);
    let drawn = verified(&["--earlier", "gate1.csv", "--seed", "2026 lot"]);
    assert!(drawn.contains("The rule was bound to no seed before"), "{drawn}");
    let left_out = "bid,reviewer,innovation,quality,effect,contribution,left_out\n\
                    甲,佐藤健,70,70,70,70,\n乙,佐藤健,80,80,80,80,\n乙,陈立,,,,,回避\n";
    write(&folder, "gate2.csv", left_out);
    let said = verified(&["--earlier", "gate1.csv"]);
    assert!(said.contains("Of the sheets, 1 do not count"), "{said}");
}

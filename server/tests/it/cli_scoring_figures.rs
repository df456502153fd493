//! What `unveil rank` says of how sure a result is, where it could say too much.

use serde_json::Value;

use crate::cli_scoring::{RANK, Said, TIED, scored, unveil, with, write};
use crate::support::Folder;

/// Everything said, with line breaks as blanks.
fn flat(said: &Said) -> String {
    said.out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_result_that_hangs_on_one_expert_through_a_threshold_is_said_to() {
    let folder = Folder::new();
    let scores = "bid,reviewer,excellence,impact,implementation\n\
                  C,x,4,4,4\nC,y,4,4,4.5\nC,z,5,4,4\n\
                  D,x,2.5,5,5\nD,y,3,5,5\nD,z,3,5,5\n";
    write(&folder, "scores.csv", scores);
    let said = unveil(&folder, &["rank", "scores.csv", "--rule", "preset:horizon_europe_ria"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let text = flat(&said);
    assert!(
        text.contains("hangs on one person: x (then first: D). Without those scores it would change"),
        "{text}"
    );
    assert!(!text.contains("No single expert decides"), "{text}");
    assert!(text.contains("The bids after “C” do not meet the rule"), "{text}");
    assert!(!text.contains("tell “C” from “D”"), "{text}");
    assert!(text.contains("it takes bids that nothing has stopped: 2; there are: 1"), "{text}");
    let json = unveil(
        &folder,
        &["rank", "scores.csv", "--rule", "preset:horizon_europe_ria", "--json", "--resamples", "0"],
    );
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["advisory"]["without_one"], "whole_rule");
    assert_eq!(json["advisory"]["winners_without"][0]["bids"], serde_json::json!([1]));
}

#[test]
fn nothing_is_called_clear_on_a_thin_basis() {
    let folder = Folder::new();
    let head = "bid,reviewer,innovation,quality,effect,contribution";
    let check = |rows: &str, words: &[&str]| {
        write(&folder, "scores.csv", &format!("{head}\n{rows}"));
        let text = flat(&unveil(&folder, &RANK));
        for words in words {
            assert!(text.contains(words), "{words}\n{text}");
        }
        for never in ["first place is clear", "fairly clear", "in and out is clear"] {
            assert!(!text.contains(never), "{never}\n{text}");
        }
    };
    let one_sheet = "A,x,80,80,80,80\nA,y,70,70,70,70\nA,z,75,75,75,75\nB,x,60,60,60,60\nB,y,65,65,65,65\n\
                     B,z,61,61,61,61\nC,x,95,95,95,95\n";
    check(one_sheet, &["“C” is first on a single score", "C (1); A (3); B (3)"]);
    let two = "A,x,80,80,80,80\nA,y,81,81,81,81\nB,x,60,60,60,60\nB,y,61,61,61,61\n";
    check(
        two,
        &[
            "Scores of “A”: 2, fewer than five",
            "The rule asks for scores per bid: 5",
            "all their scores count",
        ],
    );
    let apart = "A,x,80,80,80,80\nA,y,80,80,71,80\nA,z,80,80,72,80\nB,x,81,80,70,80\nB,y,81,80,71,80\n\
                 B,z,81,80,72,80\nC,u,60,80,70,80\nC,v,60,80,71,80\n";
    check(apart, &["1. In short - Experts and bids fall into groups (2)"]);
    // Three bids of one expert each: it is the scores per bid that are too few, not the experts.
    check("A,x,80,80,80,80\nB,y,70,70,70,70\nC,z,75,75,75,75\n", &["no bid has more than: 1"]);
}

#[test]
fn nobody_is_first_while_a_draw_is_open() {
    let folder = Folder::new();
    write(&folder, "scores.csv", TIED);
    let said = unveil(&folder, &RANK);
    let text = flat(&said);
    let (_, below) = text.split_once("Below this line").unwrap();
    assert!(below.contains("Nobody is first yet"), "{below}");
    for never in ["is first in", "hangs on", "to lose its lead", "No single expert"] {
        assert!(!below.contains(never), "{never}\n{below}");
    }
    let json: Value = serde_json::from_str(&unveil(&folder, &with(&RANK, &["--json"])).out).unwrap();
    let order = |list: &Value| {
        let ids = list.as_array().unwrap().iter();
        ids.map(|row| row.get("bid_id").unwrap_or(&row["bid"]).to_string()).collect::<Vec<_>>()
    };
    assert_eq!(order(&json["binding"]), order(&json["advisory"]["bids"]));
    assert_eq!(json["binding"][0]["tie_broken_by"], Value::Null, "nothing was drawn");
}

#[test]
fn a_few_resamples_are_no_evidence() {
    let folder = scored();
    for few in ["1", "99"] {
        let said = unveil(&folder, &with(&RANK, &["--resamples", few]));
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{few}");
        assert!(said.err.contains("at least 100"), "{}", said.err);
    }
    assert_eq!(unveil(&folder, &with(&RANK, &["--resamples", "100"])).code, Some(0));
}

#[test]
fn a_workbook_says_by_what_the_result_came_about() {
    let folder = scored();
    assert_eq!(unveil(&folder, &with(&RANK, &["--xlsx", "result.xlsx", "--seed", "seed"])).code, Some(0));
    let bytes = std::fs::read(folder.join("result.xlsx")).unwrap();
    let source = tables::Source::of_file("result.xlsx", &bytes).on_sheet("About the result");
    // The reader of experts refuses these columns and names them, so the sheet is there and has them.
    let named = serde_json::to_string(&tables::read_experts(source).unwrap_err()).unwrap();
    assert!(named.contains("Result (binding)"), "{named}");
}

/// Who leads by the mean of all scores may trail among those who saw both.
#[test]
fn experts_who_scored_both_may_prefer_the_other() {
    let folder = Folder::new();
    let rows = |bid: &str, points: &[(&str, u32)]| {
        let row =
            |(expert, points): &(&str, u32)| format!("{bid},{expert},{points},{points},{points},{points}\n");
        points.iter().map(row).collect::<String>()
    };
    let one = [("r1", 70), ("r2", 72), ("r3", 71), ("r4", 90), ("r5", 91), ("r6", 89)];
    let other = [("r1", 75), ("r2", 77), ("r3", 77), ("r7", 70), ("r8", 71), ("r9", 69)];
    let head = "bid,reviewer,innovation,quality,effect,contribution\n";
    write(&folder, "scores.csv", &(head.to_owned() + &rows("A", &one) + &rows("B", &other)));
    let text = flat(&unveil(&folder, &RANK));
    assert!(
        text.contains("by the rule “A” is ahead, but the experts who scored both it and “B” prefer “B”"),
        "{text}"
    );
    for never in ["clear in these scores:", "tell “A” from “B”"] {
        assert!(!text.contains(never), "{never}\n{text}");
    }
}

/// Far ahead in points and close to a threshold: the points alone make no first place clear.
#[test]
fn a_first_place_close_to_a_hurdle_is_not_called_clear() {
    let folder = Folder::new();
    let mut rule: Value = serde_json::from_str(&unveil(&folder, &["rules", "show", "policy"]).out).unwrap();
    rule["rubric"]["criteria"][0]["threshold_milli"] = 60_000.into();
    rule["combination"] = "mean".into();
    write(&folder, "rule.json", &rule.to_string());
    let mut rows = "bid,reviewer,innovation,quality,effect,contribution\n".to_owned();
    for (expert, innovation) in ["r1", "r2", "r3", "r4", "r5"].iter().zip([58, 59, 62, 63, 61]) {
        rows += &format!("A,{expert},{innovation},95,95,95\nB,{expert},70,70,70,70\n");
    }
    write(&folder, "scores.csv", &rows);
    let text = flat(&unveil(&folder, &["rank", "scores.csv", "--rule", "rule.json"]));
    assert!(
        text.contains("“A” is close to failing the rule") && text.contains("fairly clear in these"),
        "{text}"
    );
    let chinese = flat(&unveil(&folder, &["rank", "scores.csv", "--rule", "rule.json", "--lang", "zh-CN"]));
    assert!(chinese.contains("离规则的门槛很近"), "{chinese}");
}

//! `unveil rank` and `unveil rules` as somebody meets them who runs no server: an empty folder, an empty environment.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::Folder;

/// What a command said.
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Runs `unveil` in this folder with nothing in its environment.
pub fn unveil(folder: &Path, line: &[&str]) -> Said {
    unveil_with(folder, line, &[], b"")
}

/// The same with variables and standard input.
pub fn unveil_with(folder: &Path, line: &[&str], variables: &[(&str, &str)], input: &[u8]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unveil"));
    command.env_clear().envs(variables.iter().copied()).current_dir(folder).args(line);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().unwrap();
    // A command that reads nothing may be gone before everything is written.
    let _written = running.stdin.take().unwrap().write_all(input);
    let Output { status, stdout, stderr } = running.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: status.code(), out: text(stdout), err: text(stderr) }
}

pub fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// Three bids, five experts; the first is clear, one sheet is left out.
pub const SCORES: &str = "\
bid,reviewer,innovation,quality,effect,contribution,left_out
重晶石回收,佐藤健,90,88,85,80,
重晶石回收,Okafor,92,90,88,85,
重晶石回收,陈立,88,86,84,82,
重晶石回收,温岩,95,92,90,88,
重晶石回收,秦瑞,85,84,80,78,
磷石膏利用,佐藤健,80,78,75,70,
磷石膏利用,Okafor,82,80,78,75,
磷石膏利用,陈立,78,76,74,72,
磷石膏利用,温岩,85,82,80,78,
磷石膏利用,秦瑞,75,74,70,68,
Zinc slag,佐藤健,55,50,52,48,
Zinc slag,Okafor,58,52,55,50,
Zinc slag,陈立,52,50,48,45,
Zinc slag,温岩,60,55,58,52,
Zinc slag,秦瑞,50,48,45,42,与投标单位同属一个集团
";

/// Ranks `scores.csv`.
pub const RANK: [&str; 4] = ["rank", "scores.csv", "--rule", "preset:policy"];

pub fn with<'a>(line: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    line.iter().chain(more).copied().collect()
}

pub fn scored() -> Folder {
    let folder = Folder::new();
    write(&folder, "scores.csv", SCORES);
    folder
}

/// The line that holds this text.
fn line<'a>(out: &'a str, text: &str) -> &'a str {
    out.lines().find(|line| line.contains(text)).unwrap_or_else(|| panic!("no line with {text}:\n{out}"))
}

#[test]
fn the_binding_result_comes_first_then_a_line_then_the_figures() {
    let folder = scored();
    let said = unveil(&folder, &RANK);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{}", said.out);
    let (above, below) = said.out.split_once("Below this line").unwrap();
    assert!(above.starts_with("Result (binding)\n"), "{above}");
    let cells: Vec<&str> = line(above, "重晶石回收").split_whitespace().collect();
    // Totals 86.65, 89.35, 85.50, 92.20 and 82.00; without the highest and the lowest the mean is 87.1667.
    assert_eq!(cells[..3], ["1", "重晶石回收", "87.17"]);
    assert_eq!(cells.last(), Some(&"Passed"));
    assert!(line(above, "Zinc slag").ends_with("Below the pass mark"));
    assert!(line(above, "By the rule at most 1 can win").contains("重晶石回收"));
    assert!(line(above, "与投标单位同属一个集团").contains("秦瑞"), "left out with its reason");
    for words in [
        "The first place is clear in these scores",
        "Range:",
        "Do not trust it",
        "Lenient +",
        "Alpha:",
        "Weights:",
    ] {
        assert!(below.contains(words), "{words}\n{below}");
    }
    assert!(!said.out.contains(['⟦', '{']), "{}", said.out);
}

#[test]
fn it_speaks_chinese_and_aligns_it() {
    let folder = scored();
    let said = unveil_with(&folder, &RANK, &[("LANG", "zh_CN.UTF-8")], b"");
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.starts_with("评审结果（有约束力）\n"), "{}", said.out);
    assert!(line(&said.out, "按规则最多 1 个获选").contains("重晶石回收"));
    assert!(line(&said.out, "Zinc slag").ends_with("低于合格线"), "{}", said.out);
    assert!(said.out.contains("以下是参考统计") && said.out.contains("不可尽信"), "{}", said.out);
    // The totals stand under each other although the names before them differ in width.
    let columns = |name: &str, total: &str| {
        let row = line(&said.out, name);
        let before = row.split_once(total).unwrap_or_else(|| panic!("{row}")).0;
        before.chars().map(|letter| if letter > '\u{1100}' { 2 } else { 1 }).sum::<usize>()
    };
    let total = |name: &str| line(&said.out, name).split_whitespace().nth(2).unwrap().to_owned();
    assert_eq!(columns("重晶石回收", &total("重晶石回收")), columns("磷石膏利用", &total("磷石膏利用")));
    let english = unveil_with(&folder, &with(&RANK, &["--lang", "en"]), &[("LANG", "zh_CN.UTF-8")], b"");
    assert!(english.out.starts_with("Result (binding)\n"));
}

#[test]
fn json_holds_the_same_ranking_whatever_the_order_of_rows() {
    let folder = scored();
    let said = unveil(&folder, &with(&RANK, &["--json", "--resamples", "500"]));
    assert_eq!(said.code, Some(0), "{}", said.err);
    let json: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(json["format"], "unveil-rank/1");
    assert_eq!(json["algorithm"]["version"], 1);
    let first = &json["binding"][0];
    assert_eq!((first["rank"].as_u64(), first["bid"].as_str()), (Some(1), Some("重晶石回收")));
    assert_eq!(first["outcome"], "passed");
    assert_eq!(first["criteria"][0]["key"], "innovation");
    assert_eq!(json["binding"][2]["sheets"], 4, "the fifth is left out");
    assert_eq!(json["left_out"][0]["row"], 16);
    assert_eq!(json["first"], serde_json::json!(["重晶石回收"]));
    assert!(json["advisory"]["bids"][0]["ranks"]["low"].is_number(), "{}", json["advisory"]);
    let mut rows: Vec<&str> = SCORES.lines().skip(1).collect();
    rows.reverse();
    let head = SCORES.lines().next().unwrap();
    write(&folder, "scores.csv", &format!("{head}\n{}\n", rows.join("\n")));
    let again = unveil(&folder, &with(&RANK, &["--json", "--resamples", "500"]));
    let again: Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!((&again["binding"], &again["advisory"]), (&json["binding"], &json["advisory"]));
}

#[test]
fn a_workbook_holds_the_result_and_reads_back() {
    let folder = scored();
    write(&folder, "result.xlsx", "old");
    let said = unveil(&folder, &with(&RANK, &["--xlsx", "result.xlsx"]));
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert_eq!(said.out, "Written: result.xlsx\n");
    let bytes = std::fs::read(folder.join("result.xlsx")).unwrap();
    let read = tables::read_bids(tables::Source::of_file("result.xlsx", &bytes));
    // The first sheet has columns that a table of bids does not: the reader names them, so it did read the sheet.
    let faults = read.unwrap_err();
    let named = serde_json::to_string(&faults).unwrap();
    assert!(named.contains("Outcome") && named.contains("Total"), "{named}");
    assert_eq!(std::fs::read_dir(&*folder).unwrap().count(), 2, "nothing is left beside it");
}

#[test]
fn every_fault_has_its_row_column_and_remedy_in_one_run() {
    let folder = Folder::new();
    let text = "bid,reviewer,innovation,quality,effect,contribution\n\
                甲,佐藤健,101,80,80,80\n\
                甲,Okafor,80,80.5,80,80\n\
                甲,佐藤健,80,80,80,80\n\
                乙,陈立,x,80,80,80\n";
    write(&folder, "scores.csv", text);
    let said = unveil(&folder, &RANK);
    assert_eq!((said.code, said.out.as_str()), (Some(3), ""), "{}", said.err);
    let lines: Vec<&str> = said.err.lines().collect();
    assert_eq!(lines.len(), 4, "{}", said.err);
    assert!(lines.iter().all(|line| line.starts_with("scores.csv: row ")), "{}", said.err);
    assert!(
        line(&said.err, "row 2").contains("“innovation”") && line(&said.err, "row 2").contains("0 to 100")
    );
    assert!(line(&said.err, "row 3").contains("80 and 81"));
    assert!(
        line(&said.err, "row 4").contains("already scored") && line(&said.err, "row 4").contains("row 2")
    );
    assert!(line(&said.err, "row 5").contains("“x” is not a number"));
    let said = unveil(&folder, &with(&RANK, &["--lang", "zh-CN"]));
    assert!(line(&said.err, "第 2 行").contains("超出分值区间"), "{}", said.err);
}

#[test]
fn a_rule_that_does_not_work_out_is_refused_before_any_score() {
    let folder = scored();
    let shown = unveil(&folder, &["rules", "show", "policy"]);
    assert_eq!(shown.code, Some(0));
    write(
        &folder,
        "rule.json",
        &shown.out.replacen("\"weight_permille\": 300", "\"weight_permille\": 310", 1),
    );
    let said = unveil(&folder, &["rank", "scores.csv", "--rule", "rule.json"]);
    assert_eq!((said.code, said.out.as_str()), (Some(3), ""));
    assert!(said.err.contains("rule.json") && said.err.contains("1010"), "{}", said.err);
    write(&folder, "rule.json", &shown.out);
    let said = unveil(&folder, &["rank", "scores.csv", "--rule", "rule.json", "--resamples", "0"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("no resamples were asked for"), "{}", said.out);
}

/// Two bids with the very same scores.
pub const TIED: &str = "\
bid,reviewer,innovation,quality,effect,contribution
乙,佐藤健,80,80,80,80
甲,佐藤健,80,80,80,80
丙,佐藤健,70,70,70,70
";

#[test]
fn a_tie_that_needs_a_draw_is_named_and_not_guessed() {
    let folder = Folder::new();
    write(&folder, "scores.csv", TIED);
    let said = unveil(&folder, &RANK);
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(said.out.replace('\n', " ").contains("everything the rule compares: 乙; 甲."), "{}", said.out);
    assert!(said.out.contains("1-2") && said.out.contains("waits for a draw"), "{}", said.out);
    let json: Value = serde_json::from_str(&unveil(&folder, &with(&RANK, &["--json"])).out).unwrap();
    assert_eq!(json["first"], Value::Null);
    assert_eq!((&json["binding"][0]["rank"], &json["binding"][0]["rank_last"]), (&1.into(), &2.into()));
    let drawn = unveil(&folder, &with(&RANK, &["--seed", "2026-11-23"]));
    assert_eq!(drawn.code, Some(0), "{}", drawn.err);
    assert!(!drawn.out.contains("1-2  "), "{}", drawn.out);
    assert!(drawn.out.lines().any(|line| line.ends_with("the draw")), "{}", drawn.out);
    assert_eq!(unveil(&folder, &with(&RANK, &["--seed", "2026-11-23"])).out, drawn.out);
}

#[test]
fn what_the_statistics_cannot_know_is_said_with_the_reason() {
    let folder = Folder::new();
    let check = |rows: &str, words: &[&str]| {
        let head = "bid,reviewer,innovation,quality,effect,contribution";
        write(&folder, "scores.csv", &format!("{head}\n{rows}"));
        let said = unveil(&folder, &with(&RANK, &["--seed", "1"]));
        assert_eq!(said.code, Some(0), "{}", said.err);
        let text = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in words {
            assert!(text.contains(words), "{words}\n{}", said.out);
        }
        for never in ["place is clear", "fairly clear"] {
            assert!(!text.contains(never), "{}", said.out);
        }
    };
    // Two groups that nobody joins.
    let apart = "A,x,80,80,80,80\nB,x,70,70,70,70\nC,y,60,60,60,60\nD,y,90,90,90,90\n";
    check(apart, &["fall into groups (2)", "[A; B / x]", "Let an expert of one group score"]);
    // Nothing but equal scores, one expert, one bid.
    let equal = "A,x,80,80,80,80\nB,x,80,80,80,80\nA,y,80,80,80,80\nB,y,80,80,80,80\n";
    check(equal, &["share it in 100 %", "what this figure compares does not differ"]);
    check("A,x,80,80,80,80\nB,x,70,70,70,70\n", &["it takes experts: 2; there are: 1"]);
    check("A,x,80,80,80,80\nA,y,70,70,70,70\n", &["it takes bids: 2; there are: 1"]);
}

#[test]
fn rules_with_votes_and_rules_where_less_is_better() {
    let folder = Folder::new();
    let votes =
        "bid,reviewer,score,scope,fund\nA,x,80,yes,yes\nA,y,90,yes,no\nB,x,75,yes,yes\nB,y,72,yes,yes\n";
    write(&folder, "scores.csv", votes);
    let said = unveil(&folder, &["rank", "scores.csv", "--rule", "preset:innovate_uk"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(line(&said.out, "   1  ").contains("B "), "{}", said.out);
    assert!(line(&said.out, "No majority").contains("1 of 2 said yes"), "{}", said.out);
    let lower = "bid,reviewer,overall_impact\nA,x,2\nA,y,3\nA,z,2\nB,x,5\nB,y,6\nB,z,7\n";
    write(&folder, "scores.csv", lower);
    let said = unveil(&folder, &["rank", "scores.csv", "--rule", "preset:nih"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(line(&said.out, "   1  ").contains("A "), "{}", said.out);
    assert!(said.out.contains("Strict +"), "{}", said.out);
}

#[test]
fn a_seed_must_be_the_committed_one() {
    let folder = scored();
    let shown = unveil(&folder, &["rules", "show", "policy"]).out;
    // SHA-256 of the text "seed".
    let hash = "19b25856e1c150ca834cffc8b59b23adbd0ec0389e58eb22b3b64768098d002b";
    write(
        &folder,
        "rule.json",
        &shown.replace("\"draw_commitment\": \"\"", &format!("\"draw_commitment\": \"{hash}\"")),
    );
    let rank = |seed: &str| unveil(&folder, &["rank", "scores.csv", "--rule", "rule.json", "--seed", seed]);
    assert_eq!(rank("seed").code, Some(0));
    assert_eq!(rank("hex:73656564").code, Some(0), "the same bytes in hex");
    let said = rank("another");
    assert_eq!((said.code, said.out.as_str()), (Some(3), ""));
    assert!(said.err.contains(hash), "{}", said.err);
}

#[test]
fn standard_input_and_hostile_names() {
    let folder = Folder::new();
    let json = r#"[{"bid": "=cmd()\u001b[2J\u202e", "reviewer": "A", "scores": {"innovation": 80, "quality": 80, "effect": 80, "contribution": 80}},
                   {"bid": "plain", "reviewer": "A", "scores": {"innovation": 70, "quality": 70, "effect": 70, "contribution": 70}}]"#;
    let line = ["rank", "-", "--rule", "preset:policy", "--json", "--resamples", "0"];
    let said = unveil_with(&folder, &line, &[], json.as_bytes());
    // Control characters are refused by the reader or shown escaped, never passed on.
    assert!(!said.out.contains(['\u{1b}', '\u{202e}']) && !said.err.contains(['\u{1b}', '\u{202e}']));
    assert!(matches!(said.code, Some(0 | 3)), "{}", said.err);
    let said = unveil_with(&folder, &line, &[], SCORES.as_bytes());
    assert_eq!(said.code, Some(0), "{}", said.err);
    let both = unveil(&folder, &["rank", "-", "--rule", "-"]);
    assert_eq!(both.code, Some(2), "{}", both.err);
}

#[test]
fn files_that_cannot_be_used_are_named_with_the_reason() {
    let folder = scored();
    let said = unveil(&folder, &["rank", "nowhere.csv", "--rule", "preset:policy"]);
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
    assert!(said.err.contains("nowhere.csv") && said.err.contains("no such file"), "{}", said.err);
    let said = unveil(&folder, &with(&RANK, &["--xlsx", "nowhere/result.xlsx"]));
    assert_eq!(said.code, Some(1), "{}", said.err);
    let said = unveil(&folder, &["rank", "scores.csv", "--rule", "preset:none"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("policy"), "the names there are: {}", said.err);
    for wrong in
        [&["--json", "--table"][..], &["--gate", "x"], &["--resamples", "-1"], &["--lang", "fr"], &["--nope"]]
    {
        let said = unveil(&folder, &with(&RANK, wrong));
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{wrong:?}: {}", said.err);
        assert!(said.err.starts_with("unveil: ") && said.err.contains("unveil rank --help"), "{}", said.err);
        let said = unveil(&folder, &with(&with(&RANK, wrong), &["--lang=zh"]));
        assert!(said.err.contains("用法见"), "{wrong:?}: {}", said.err);
    }
    let said = unveil(&folder, &["rank"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
}

#[test]
fn nothing_in_the_environment_or_the_folder_is_needed_or_touched() {
    let folder = scored();
    let wrong = [("DATABASE_URL", "mysql://x"), ("UNVEIL_LOG", "loud=="), ("UNVEIL_ADDR", "everywhere")];
    let said = unveil_with(&folder, &RANK, &wrong, b"");
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert_eq!(std::fs::read_dir(&*folder).unwrap().count(), 1, "no database, no log");
}

#[test]
fn every_tool_explains_itself_in_both_languages() {
    let folder = Folder::new();
    let tools: [&[&str]; 8] = [
        &["rank"],
        &["rules"],
        &["rules", "show"],
        &["assign"],
        &["draw"],
        &["package"],
        &["verify"],
        &["verify", "result"],
    ];
    for tool in tools {
        let english = unveil(&folder, &with(tool, &["--help"]));
        assert_eq!(english.code, Some(0), "{tool:?}: {}", english.err);
        for words in ["Usage: unveil", "Example", "Exit codes"] {
            assert!(english.out.contains(words), "{tool:?}: {words}\n{}", english.out);
        }
        let is_han = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
        assert!(!english.out.contains(is_han), "{tool:?}\n{}", english.out);
        let chinese = unveil_with(&folder, &with(tool, &["--help"]), &[("UNVEIL_LANG", "zh-CN")], b"");
        for words in ["用法：", "示例：", "退出码"] {
            assert!(chinese.out.contains(words), "{tool:?}: {words}\n{}", chinese.out);
        }
        for out in [&english.out, &chinese.out] {
            // A sample of JSON has braces; a placeholder has a name right behind one.
            let unfilled =
                out.split('{').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
            assert!(!out.contains("--smtp-url") && !out.contains('⟦') && !unfilled, "{tool:?}\n{out}");
        }
        // Every option has words.
        for option in chinese.out.lines().filter(|line| line.trim_start().starts_with("--")) {
            let index = chinese.out.find(option).unwrap();
            let after: String = chinese.out[index..].lines().take(2).collect();
            assert!(after.contains(is_han), "{tool:?}: {option}");
        }
    }
    let top = unveil(&folder, &["--help"]);
    for name in ["rank", "rules", "assign", "draw", "package", "verify", "serve"] {
        assert!(top.out.lines().any(|line| line.trim_start().starts_with(name)), "{name}\n{}", top.out);
    }
}

#[test]
fn presets_are_listed_with_their_sources() {
    let folder = Folder::new();
    let said = unveil(&folder, &["rules"]);
    assert_eq!(said.code, Some(0));
    assert!(line(&said.out, "horizon_europe_ria").contains("Horizon Europe"), "{}", said.out);
    let json: Value = serde_json::from_str(&unveil(&folder, &["rules", "--json"]).out).unwrap();
    for preset in json.as_array().unwrap() {
        let name = preset["name"].as_str().unwrap();
        let shown = unveil(&folder, &["rules", "show", name]);
        assert!(domain::rule::Rule::clone(&serde_json::from_str(&shown.out).unwrap()).problems().is_empty());
        write(&folder, "rule.json", &shown.out);
        assert!(tables::read_rule(shown.out.as_bytes()).is_ok(), "{name} can be read back");
    }
}

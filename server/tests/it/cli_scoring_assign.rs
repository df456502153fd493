//! `unveil assign` and `unveil draw`: who reviews what, and who sits on the panel.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::cli_scoring::{unveil, write};
use crate::support::Folder;

const BIDS: &str = "\
name,unit,keywords,avoid
重晶石回收,安顺矿业,浮选;尾矿,秦瑞
磷石膏利用,化工学院,化工,
锌渣处理,,浮选,
电池材料,,电化学,
";

const EXPERTS: &str = "\
name,unit,cap,keywords
佐藤健,,3,浮选;尾矿
Okafor,安顺矿业,,化工
陈立,化工学院,,浮选
温岩,,,电化学
秦瑞,,,化工
";

fn folder() -> Folder {
    let folder = Folder::new();
    write(&folder, "bids.csv", BIDS);
    write(&folder, "experts.csv", EXPERTS);
    folder
}

const ASSIGN: [&str; 5] = ["assign", "bids.csv", "experts.csv", "--per-bid", "2"];

#[test]
fn bids_get_fitting_experts_and_conflicts_are_kept() {
    let folder = folder();
    let said = unveil(&folder, &[&ASSIGN[..], &["--cap", "3", "--json"]].concat());
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{}", said.out);
    let json: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((json["is_optimal"].as_bool(), json["missing_slots"].as_u64()), (Some(true), Some(0)));
    let experts: BTreeMap<&str, Vec<&str>> = json["bids"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bid| {
            let experts = bid["experts"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
            (bid["bid"].as_str().unwrap(), experts.collect())
        })
        .collect();
    assert!(experts.values().all(|experts| experts.len() == 2), "{experts:?}");
    // Its own unit and an avoided name.
    assert!(!experts["重晶石回收"].iter().any(|name| ["Okafor", "秦瑞"].contains(name)), "{experts:?}");
    assert!(!experts["磷石膏利用"].contains(&"陈立"), "{experts:?}");
    assert!(experts["电池材料"].contains(&"温岩"), "{experts:?}");
    let loads = json["experts"].as_array().unwrap();
    assert!(loads.iter().all(|one| one["load"].as_u64() <= one["cap"].as_u64()), "{loads:?}");
    let again = unveil(&folder, &[&ASSIGN[..], &["--cap", "3", "--json"]].concat());
    assert_eq!(again.out, said.out);
}

#[test]
fn a_table_shows_loads_and_a_workbook_is_written() {
    let folder = folder();
    let said = unveil(&folder, &[&ASSIGN[..], &["--stand-by", "1"]].concat());
    assert_eq!(said.code, Some(0), "{}", said.err);
    for words in ["Assignment", "Stand-by", "Load", "nothing better keeps all the limits"] {
        assert!(said.out.contains(words), "{words}\n{}", said.out);
    }
    let said = unveil(&folder, &[&ASSIGN[..], &["--xlsx", "plan.xlsx", "--lang", "zh-CN"]].concat());
    assert_eq!((said.code, said.out.as_str()), (Some(0), "已写入 plan.xlsx\n"), "{}", said.err);
    assert!(std::fs::read(folder.join("plan.xlsx")).unwrap().starts_with(b"PK"));
}

#[test]
fn what_cannot_be_filled_is_named_with_the_reason() {
    let folder = folder();
    let said = unveil(&folder, &["assign", "bids.csv", "experts.csv", "--per-bid", "3", "--cap", "2"]);
    assert_eq!(said.code, Some(6), "{}", said.err);
    assert!(said.out.contains("Reviews that cannot be filled"), "{}", said.out);
    assert!(said.out.contains("Why:") && said.out.contains("no place left"), "{}", said.out);
    write(&folder, "bids.csv", "name,pinned\n甲,秦瑞\n乙,\n");
    write(&folder, "experts.csv", "name,cap\n秦瑞,1\n陈立,0\n");
    let line = ["assign", "bids.csv", "experts.csv", "--per-bid", "2"];
    let said = unveil(&folder, &line);
    assert_eq!(said.code, Some(6), "{}", said.err);
    // The pinned review is one of the four wanted and of the one place there is.
    assert!(said.out.contains("want 4 reviews") && said.out.contains("most 1."), "{}", said.out);
    assert_eq!(unveil(&folder, &[&line[..], &["--xlsx", "plan.xlsx"]].concat()).code, Some(6));
}

#[test]
fn pairs_and_pins_count_and_unknown_names_are_refused() {
    let folder = folder();
    write(&folder, "pairs.csv", "bid,expert,fit,conflict\n锌渣处理,秦瑞,1000,\n锌渣处理,佐藤健,0,yes\n");
    let line = [&ASSIGN[..], &["--pairs", "pairs.csv", "--json"]].concat();
    let json: Value = serde_json::from_str(&unveil(&folder, &line).out).unwrap();
    let zinc = json["bids"].as_array().unwrap().iter().find(|bid| bid["bid"] == "锌渣处理").unwrap();
    let zinc = zinc["experts"].to_string();
    assert!(zinc.contains("秦瑞") && !zinc.contains("佐藤健"), "{zinc}");
    write(&folder, "pairs.csv", "bid,expert,fit\n锌渣,秦瑞,1000\n锌渣处理,谁,5\n");
    let said = unveil(&folder, &line);
    assert_eq!((said.code, said.out.as_str()), (Some(3), ""));
    assert_eq!(said.err.lines().count(), 2, "{}", said.err);
    assert!(said.err.contains("row 2") && said.err.contains("row 3"), "{}", said.err);
    write(&folder, "bids.csv", "name,pinned,avoid\n甲,秦瑞,秦瑞\n");
    let said = unveil(&folder, &["assign", "bids.csv", "experts.csv", "--per-bid", "1"]);
    assert_eq!(said.code, Some(3));
    assert!(said.err.contains("forbidden"), "{}", said.err);
    write(&folder, "bids.csv", "nome\n甲\n");
    write(&folder, "experts.csv", "name,cap\n甲,x\n");
    let said = unveil(&folder, &ASSIGN);
    assert_eq!(said.code, Some(3));
    assert!(said.err.contains("bids.csv: ") && said.err.contains("experts.csv: row 2"), "{}", said.err);
}

const POOL: &str = "\
name,unit,keywords
佐藤健,甲院,浮选
Okafor,甲院,化工
陈立,乙校,浮选
温岩,丙所,浮选
秦瑞,丁司,浮选
赵岚,乙校,浮选
凌云,戊厂,浮选
";

#[test]
fn a_panel_is_drawn_the_same_by_everybody_and_replaced_in_order() {
    let folder = Folder::new();
    write(&folder, "pool.csv", POOL);
    let draw = |more: &[&str]| {
        let line = [&["draw", "pool.csv", "--seats", "5", "--seed", "2026-11-23"], more].concat();
        unveil(&folder, &line)
    };
    let said = draw(&["--json"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{}", said.out);
    let json: Value = serde_json::from_str(&said.out).unwrap();
    let of = |json: &Value, role: &str| -> Vec<String> {
        let order = json["order"].as_array().unwrap().iter().filter(|one| one["role"] == role);
        order.map(|one| one["expert"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((of(&json, "seated").len(), of(&json, "stand_by").len()), (5, 2));
    let mut rows: Vec<&str> = POOL.lines().skip(1).collect();
    rows.reverse();
    write(&folder, "pool.csv", &format!("name,unit,keywords\n{}\n", rows.join("\n")));
    assert_eq!(draw(&["--json"]).out, said.out, "the order of the list does not matter");
    let leaves = of(&json, "seated").remove(0);
    let replaced: Value = serde_json::from_str(&draw(&["--json", "--recuse", &leaves]).out).unwrap();
    assert_eq!(of(&replaced, "recused"), [leaves]);
    assert_eq!(of(&replaced, "seated").last(), of(&json, "stand_by").first());
    let commitment = json["commitment"].as_str().unwrap();
    assert_eq!(draw(&["--commitment", commitment]).code, Some(0));
    assert_eq!(draw(&["--commitment", "00"]).code, Some(3));
    let table = draw(&["--avoid", "凌云", "--lang", "zh-CN"]);
    assert!(table.out.contains("入席") && !table.out.contains("凌云"), "{}", table.out);
}

#[test]
fn a_pool_that_is_too_small_and_wrong_names_are_refused() {
    let folder = Folder::new();
    write(&folder, "pool.csv", POOL);
    let draw = |more: &[&str]| unveil(&folder, &[&["draw", "pool.csv", "--seed", "x"], more].concat());
    let said = draw(&["--seats", "7", "--per-unit", "1"]);
    assert_eq!((said.code, said.out.as_str()), (Some(6), ""), "{}", said.err);
    assert!(said.err.contains("missing: 2"), "{}", said.err);
    for wrong in [&["--seats", "5", "--avoid", "谁"][..], &["--seats", "5", "--recuse", "谁"]] {
        let said = draw(wrong);
        assert_eq!((said.code, said.out.as_str()), (Some(3), ""), "{wrong:?}: {}", said.err);
        assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    }
    assert_eq!(draw(&[]).code, Some(2), "seats must be given");
    let refused = |more: &[&str], words: &str| {
        let said = draw(more);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{more:?}: {}", said.err);
        assert!(said.err.contains(words), "{more:?}: {}", said.err);
    };
    for seats in ["4", "6", "3"] {
        refused(&["--seats", seats], "--seats must be odd and at least 5");
    }
    refused(
        &["--seats", "5", "--avoid", "凌云", "--recuse", "凌云"],
        "--avoid and --recuse both name “凌云”",
    );
    refused(&["--seats", "0"], "does not take 0: it takes a whole number from 1 to 99");
    refused(&["--seats", "-1"], "does not take -1: it takes a whole number from 1 to 99");
    refused(&["--seats", "5", "--per-unit", "0"], "whole number from 1 to 99");
    refused(&["--seats", "5", "--xlsx", "-"], "--xlsx writes a file");
    refused(&["--seats", "5", "--xlsx", "pool.csv"], "--xlsx pool.csv is a file that is read");
    assert_eq!(std::fs::read_to_string(folder.join("pool.csv")).unwrap(), POOL);
}

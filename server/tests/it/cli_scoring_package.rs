//! `unveil package` and `unveil verify result`: what was packed verifies, what was changed is named.

use std::path::Path;

use serde_json::Value;

use crate::cli_scoring::{SCORES, Said, unveil, unveil_with, write};
use crate::support::Folder;

const PACKAGE: [&str; 6] = ["package", "scores.csv", "--rule", "preset:policy", "--out", "result.json"];

/// Scores with a tie that only a draw decides, packed with its seed.
fn packed() -> Folder {
    let folder = Folder::new();
    let twin = SCORES.lines().filter(|row| row.starts_with("磷石膏利用,"));
    let twin: String = twin.map(|row| row.replace("磷石膏利用,", "甲,") + "\n").collect();
    write(&folder, "scores.csv", &(SCORES.to_owned() + &twin));
    let said = unveil(&folder, &[&PACKAGE[..], &["--seed", "2026-11-23"]].concat());
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{}", said.out);
    assert!(said.out.starts_with("Written: result.json, content SHA-256 "), "{}", said.out);
    folder
}

fn verify(folder: &Path) -> Said {
    unveil(folder, &["verify", "result", "result.json"])
}

fn json(folder: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join("result.json")).unwrap()).unwrap()
}

/// Changes the package, seals it anew where asked, and verifies.
fn changed(folder: &Path, reseal: bool, change: impl FnOnce(&mut Value)) -> Said {
    let mut value = json(folder);
    change(&mut value);
    if reseal {
        let package: server::cli::package::content::Package = serde_json::from_value(value).unwrap();
        write(folder, "result.json", &String::from_utf8(package.sealed().to_bytes().unwrap()).unwrap());
    } else {
        write(folder, "result.json", &value.to_string());
    }
    verify(folder)
}

#[test]
fn what_was_packed_verifies_and_the_order_of_the_input_never_shows() {
    let folder = packed();
    let said = verify(&folder);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.starts_with("Identical"), "{}", said.out);
    let bytes = std::fs::read(folder.join("result.json")).unwrap();
    let text = std::fs::read_to_string(folder.join("scores.csv")).unwrap();
    let (head, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    write(&folder, "scores.csv", &format!("{head}\n{}\n", rows.join("\n")));
    unveil(&folder, &[&PACKAGE[..], &["--seed", "2026-11-23"]].concat());
    assert_eq!(std::fs::read(folder.join("result.json")).unwrap(), bytes);
    let package = json(&folder);
    assert_eq!(package["draw"]["seed"], "2026-11-23");
    assert_eq!(package["rule_sha256"].as_str().unwrap().len(), 64);
    let piped = unveil_with(&folder, &["verify", "result", "-"], &[], &bytes);
    assert_eq!(piped.code, Some(0), "{}", piped.err);
}

#[test]
fn a_changed_score_is_named_with_what_follows_from_it() {
    let folder = packed();
    let said = changed(&folder, false, |package| {
        for sheet in package["sheets"].as_array_mut().unwrap() {
            if sheet["scores_milli"] == serde_json::json!([80000, 78000, 75000, 70000]) {
                sheet["scores_milli"][0] = 100_000.into();
            }
        }
    });
    assert_eq!(said.code, Some(5), "{}{}", said.out, said.err);
    assert!(said.out.contains("changed after it was sealed"), "{}", said.out);
    assert!(said.out.contains("“磷石膏利用”: published rank") || said.out.contains("“甲”: published rank"));
}

#[test]
fn a_forged_seal_does_not_hide_a_changed_score() {
    let folder = packed();
    let said = changed(&folder, true, |package| {
        for sheet in package["sheets"].as_array_mut().unwrap() {
            for score in sheet["scores_milli"].as_array_mut().unwrap() {
                *score = 90_000.into();
            }
        }
    });
    assert_eq!(said.code, Some(5));
    assert!(!said.out.contains("sealed") && said.out.contains("computed rank"), "{}", said.out);
}

#[test]
fn a_changed_rule_a_changed_rank_and_a_wrong_seed_are_told_apart() {
    let check = |words: &[&str], change: fn(&mut Value)| {
        let folder = packed();
        let said = changed(&folder, true, change);
        assert_eq!(said.code, Some(5), "{}{}", said.out, said.err);
        for word in words {
            assert!(said.out.contains(word), "{word}: {}", said.out);
        }
    };
    check(&["rule hash"], |package| {
        let rule = package["rule"].as_str().unwrap().replace("\"max_winners\":1", "\"max_winners\":2");
        package["rule"] = rule.into();
    });
    check(&["published rank 9, total"], |package| package["ranking"]["rows"][0]["rank"] = 9.into());
    check(&["commitment of the seed"], |package| package["draw"]["seed"] = "another".into());
    check(&["has no seed"], |package| package["draw"] = Value::Null);
    check(&["not the one the rule committed to", "rule hash"], |package| {
        let hash = "0".repeat(64);
        let rule = package["rule"].as_str().unwrap();
        package["rule"] =
            rule.replace("\"draw_commitment\":\"\"", &format!("\"draw_commitment\":\"{hash}\"")).into();
    });
    check(&["another edition"], |package| package["algorithm"]["version"] = 99.into());
    check(&["rank and total agree, the outcome differs"], |package| {
        package["ranking"]["rows"][0]["outcome"] = serde_json::json!({ "outcome": "below_pass_mark" });
    });
    check(&["published not there"], |package| {
        package["ranking"]["rows"].as_array_mut().unwrap().pop();
    });
}

#[test]
fn nothing_is_packed_while_a_draw_is_needed() {
    let folder = packed();
    std::fs::remove_file(folder.join("result.json")).unwrap();
    let said = unveil(&folder, &PACKAGE);
    assert_eq!((said.code, said.out.as_str()), (Some(4), ""), "{}", said.err);
    assert!(
        said.err.contains("甲; 磷石膏利用") || said.err.contains("甲") && said.err.contains("磷石膏利用")
    );
    assert!(!folder.join("result.json").exists());
}

#[test]
fn hostile_files_are_answered_in_one_line() {
    let folder = packed();
    let good = std::fs::read_to_string(folder.join("result.json")).unwrap();
    let files = [
        String::new(),
        "[]".to_owned(),
        "{}".to_owned(),
        "[".repeat(100_000),
        good.replacen("\"gate\": 0", "\"gate\": -1", 1),
        good.replacen("\"gate\": 0", "\"gate\": 0, \"gate\": 0", 1),
        good.replacen("\"gate\": 0", "\"gate\": 0, \"extra\": 1", 1),
        good.replacen("unveil-result/1", "unveil-result/9", 1),
        good.replacen("\\\"rubric\\\"", "\\\"rubrik\\\"", 1),
        good.replacen("80000", "80001", 1),
        good.replacen("80000", "9e99", 1),
        good[..good.len() / 2].to_owned(),
    ];
    for text in files {
        write(&folder, "result.json", &text);
        for language in ["en", "zh-CN"] {
            let said = unveil(&folder, &["verify", "result", "result.json", "--lang", language]);
            assert_eq!((said.code, said.out.as_str()), (Some(3), ""), "{:.200}: {}", text, said.err);
            assert_eq!(said.err.lines().count(), 1, "{}", said.err);
        }
    }
    std::fs::write(folder.join("result.json"), [0xff, 0xfe, 0x00]).unwrap();
    assert_eq!(verify(&folder).code, Some(3));
}

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
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("the rule committed to no seed"), "{}", said.err);
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

#[test]
fn a_seed_is_something_and_its_commitment_is_said() {
    let folder = packed();
    for wrong in ["", " ", "hex:", "hex:0", "hex:zz"] {
        let refused = |line: &[&str]| {
            let said = unveil(&folder, &[line, &["--seed", wrong]].concat());
            assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{wrong:?}: {}", said.err);
        };
        refused(&PACKAGE);
        refused(&["rank", "scores.csv", "--rule", "preset:policy"]);
        refused(&["draw", "scores.csv", "--seats", "5"]);
    }
    let said = unveil(&folder, &["rank", "scores.csv", "--rule", "preset:policy", "--seed", "seed"]);
    // SHA-256 of the text "seed".
    let commitment = "19b25856e1c150ca834cffc8b59b23adbd0ec0389e58eb22b3b64768098d002b";
    assert!((said.out + &said.err).contains(commitment));
    let said = changed(&folder, true, |package| package["draw"]["seed"] = "".into());
    assert!(said.out.contains("has no seed"), "{}", said.out);
}

#[test]
fn exchanged_names_are_found_and_given_ids_are_owned_up_to() {
    for list in ["bids", "reviewers"] {
        let folder = packed();
        let said = changed(&folder, true, |package| {
            let first = package[list][0]["name"].clone();
            package[list][0]["name"] = package[list][1]["name"].clone();
            package[list][1]["name"] = first;
        });
        assert_eq!(said.code, Some(5), "{list}: {}", said.out);
        assert_eq!(said.out.matches("is not the name its id was made of").count(), 2, "{}", said.out);
    }
    let folder = packed();
    assert!(!verify(&folder).out.contains("id of their own"));
    let ids = ["0191f3b0-1111-7000-8000-000000000001", "0191f3b0-1111-7000-8000-000000000002"];
    let scores: String = ["甲", "乙"]
        .map(|bid| {
            let scores = r#"{"innovation": 80, "quality": 80, "effect": 80, "contribution": 80}"#;
            let scores = scores.replace("80", if bid == "甲" { "80" } else { "70" });
            format!(r#"{{"bid": "{bid}", "reviewer": "佐藤健", "scores": {scores}}}"#)
        })
        .join(", ");
    let bids = format!(r#"{{"name": "甲", "id": "{}"}}, {{"name": "乙", "id": "{}"}}"#, ids[0], ids[1]);
    write(&folder, "scores.json", &format!(r#"{{"sheets": [{scores}], "bids": [{bids}]}}"#));
    let line = ["package", "scores.json", "--rule", "preset:policy", "--out", "result.json"];
    let said = unveil(&folder, &line);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let said = verify(&folder);
    assert_eq!(said.code, Some(0), "{}", said.out);
    assert!(said.out.contains("id of their own, given with the scores: 2"), "{}", said.out);
}

#[test]
fn what_is_read_is_never_written_over() {
    let folder = packed();
    let scores = std::fs::read(folder.join("scores.csv")).unwrap();
    for out in ["scores.csv", "./scores.csv", "-"] {
        let said = unveil(&folder, &["package", "scores.csv", "--rule", "preset:policy", "--out", out]);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{out}: {}", said.err);
        let said = unveil(&folder, &["rank", "scores.csv", "--rule", "preset:policy", "--xlsx", out]);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{out}: {}", said.err);
    }
    assert_eq!(std::fs::read(folder.join("scores.csv")).unwrap(), scores);
    assert!(!folder.join("-").exists());
}

#[test]
fn a_result_that_cannot_be_ranked_is_answered_in_its_own_words() {
    let folder = packed();
    let said = changed(&folder, true, |package| package["gate"] = 3.into());
    assert!(
        said.code == Some(3) && said.err.contains("gate 3") && !said.err.contains("--gate"),
        "{}",
        said.err
    );
    let said = changed(&folder, true, |package| {
        package["gate"] = 0.into();
        package["sheets"] = serde_json::json!([]);
    });
    assert!(said.out.contains("computed not ranked, no scores count"), "{}", said.out);
    write(&folder, "result.json", "{\"format\": 1}");
    assert_eq!(verify(&folder).err.matches("line 1").count(), 1, "{}", verify(&folder).err);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_standard_error_stops_nothing() {
    let folder = packed();
    let run = |line: &[&str]| {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_unveil"));
        command.env_clear().current_dir(&*folder).args(line).stderr(full).output().unwrap()
    };
    let said = run(&["rank", "scores.csv", "--rule", "preset:policy", "--seed", "x"]);
    assert_eq!(said.status.code(), Some(0));
    assert!(String::from_utf8(said.stdout).unwrap().contains("重晶石回收"));
    assert_eq!(run(&["rank", "nowhere.csv", "--rule", "preset:policy"]).status.code(), Some(1));
    assert_eq!(run(&["frobnicate"]).status.code(), Some(2));
}

#[test]
fn the_command_line_answers_in_the_language_asked_for() {
    let folder = packed();
    let said = |line: &[&str], code: i32, words: &str| {
        let said = unveil(&folder, line);
        assert_eq!(said.code, Some(code), "{line:?}: {}", said.err);
        let text = said.out + &said.err;
        assert!(text.contains(words), "{line:?}: {text}");
    };
    said(&["frobnicate", "--lang", "zh-CN"], 2, "没有命令 frobnicate");
    said(&["verify", "--lang", "zh-CN", "--help"], 0, "重新计算");
    said(&["verify", "--lang", "zh-CN"], 2, "请写明要做什么：result");
    said(&["verify", "result", "x", "--lang", "fr"], 2, "zh-CN or en");
    said(&["draw", "x.csv", "--seed", "x", "--seats", "five"], 2, "a whole number");
    said(&["rules", "--lang", "en", "show", "nope"], 2, "no rule called “nope”");
    said(&["rules", "show", "policy", "--lang", "en"], 0, "innovation");
    said(&["rules", "--lang", "zh-CN"], 0, "安顺市实施意见第十八条");
    said(
        &["rank", "scores.csv", "--rule", "preset:policy", "--gate", "99"],
        2,
        "a whole number from 0 to 10",
    );
    said(&["rank", "scores.csv", "--rule", "preset:policy", "--resamples", "-1"], 2, "from 0 to 1000000");
    said(&["rank", "scores.csv", "--rule", "preset:policy", "--top", "0"], 2, "at least 1");
}

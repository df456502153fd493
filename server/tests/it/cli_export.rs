//! The scores of the demonstration leave the database and give the same result outside it.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use domain::id::BidId;
use domain::score::{Outcome, rank};
use serde_json::Value;
use store::query::scores::panel_scores;
use store::{Clock, DatabaseSettings, Store};

use crate::support::Folder;

fn unveil(folder: &Folder, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unveil"));
    command.env_clear().env("UNVEIL_DATA", folder.join("data")).env("UNVEIL_LOG", "warn");
    let output = command.current_dir(folder.join("")).stdin(Stdio::null()).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn a_result_of_the_site_is_computed_again_without_it() {
    let folder = Folder::new();
    assert_eq!(unveil(&folder, &["demo"]).0, Some(0));
    let (code, said, fault) = unveil(&folder, &["export", "scores", "2025-1-02", "--out", "out"]);
    assert_eq!(code, Some(0), "{fault}");
    let told = said.lines().find_map(|line| line.strip_prefix("unveil ")).unwrap();
    let mut arguments: Vec<&str> = told.split(' ').collect();
    arguments.push("--json");
    let (code, ranked, fault) = unveil(&folder, &arguments);
    assert_eq!(code, Some(0), "{fault}");
    let ranked: Value = serde_json::from_str(&ranked).unwrap();

    let file = folder.join("data").join("unveil.sqlite");
    let store = Store::open(&DatabaseSettings::Sqlite { file }, Clock::default()).await.unwrap();
    let scores = panel_scores(&store, "2025-1-02", 0).await.unwrap().unwrap();
    let seed = scores.draw_seed.clone().unwrap();
    let seed: Vec<u8> =
        (0..seed.len() / 2).map(|at| u8::from_str_radix(&seed[2 * at..2 * at + 2], 16).unwrap()).collect();
    let bids: Vec<BidId> = scores.bids.iter().map(|bid| bid.id).collect();
    let expected = rank(&scores.rule, 0, &scores.sheets, &bids, &seed).unwrap();
    let place = |id: &str, rank: u64, total: i64| (id.to_owned(), rank, total);
    let outside: Vec<_> = ranked["binding"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            place(
                row["bid_id"].as_str().unwrap(),
                row["rank"].as_u64().unwrap(),
                row["total_milli"].as_i64().unwrap(),
            )
        })
        .collect();
    let inside: Vec<_> = expected
        .rows
        .iter()
        .map(|row| place(&row.bid.0.to_string(), u64::from(row.rank), row.total_milli))
        .collect();
    assert!(outside.len() > 2);
    assert_eq!(outside, inside);
    assert!(expected.rows.iter().any(|row| row.outcome == Outcome::Passed));
    let names: BTreeMap<String, String> = serde_json::from_value(ranked["names"]["experts"].clone()).unwrap();
    assert_eq!(names.len(), scores.reviewers.len());
}

#[test]
fn what_is_not_there_is_said_and_the_seed_stays_unknown_before_the_decision() {
    let folder = Folder::new();
    assert_eq!(unveil(&folder, &["demo"]).0, Some(0));
    let (code, _, fault) = unveil(&folder, &["export", "scores", "2099-9-99"]);
    assert_eq!((code, fault.contains("2099-9-99")), (Some(1), true), "{fault}");
    let (code, said, fault) = unveil(&folder, &["export", "scores", "2025-2-01", "--out", "out"]);
    assert_eq!(code, Some(0), "{fault}");
    assert!(!said.contains("--seed"), "a draw that is known before the decision could be played for: {said}");
}

//! The scores of the demonstration leave the database and give the same result outside it.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use domain::actor::Actor;
use domain::id::BidId;
use domain::score::{Outcome, rank};
use domain::view::race::RaceBoard;
use serde_json::Value;
use store::query::scores::panel_scores;
use store::{Clock, DatabaseSettings, Store, query};

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

#[tokio::test]
async fn a_race_of_the_site_is_computed_again_without_it() {
    let folder = Folder::new();
    assert_eq!(unveil(&folder, &["demo"]).0, Some(0));
    let file = folder.join("data").join("unveil.sqlite");
    let store = Store::open(&DatabaseSettings::Sqlite { file }, Clock::default()).await.unwrap();
    let results = query::public::results(&store, None).await.unwrap().rows;
    let mut boards = Vec::new();
    for row in results.iter().filter(|row| row.has_race) {
        boards.push(query::public::race(&store, &Actor::public(), row.challenge).await.unwrap());
    }
    let decided = |board: &RaceBoard| board.gates.iter().filter(|gate| gate.draw_seed.is_some()).count();
    let board = boards.iter().find(|board| decided(board) >= 2).unwrap();
    let export = |board: &RaceBoard, gate: &str| {
        let (out, number) = (format!("gate{gate}"), board.number.as_str());
        let (code, said, fault) =
            unveil(&folder, &["export", "scores", number, "--gate", gate, "--out", &out]);
        assert_eq!(code, Some(0), "{fault}");
        said.lines().find_map(|line| line.strip_prefix("unveil ")).unwrap().to_owned()
    };

    // Two gates are decided: the tables of both and the second's seed give what the board shows.
    let told = export(board, "2");
    assert!(told.contains("--seed hex:") && told.contains("--earlier gate2/scores-1.json"), "{told}");
    let (code, ranked, fault) =
        unveil(&folder, &[&told.split(' ').collect::<Vec<_>>()[..], &["--json"]].concat());
    assert_eq!(code, Some(0), "{fault}");
    let ranked: Value = serde_json::from_str(&ranked).unwrap();
    let rows = ranked["race"].as_array().unwrap();
    assert!(rows.len() > 1);
    for row in rows {
        let lane = board.lanes.iter().find(|lane| lane.bid.0.to_string() == row["bid_id"].as_str().unwrap());
        let shown = &lane.unwrap().gates[1];
        let computed = (row["rank"].as_u64(), row["cumulative_milli"].as_i64(), row["outcome"].as_str());
        let expected = (Some(u64::from(shown.rank)), Some(shown.cumulative_milli), Some(shown.outcome.key()));
        assert_eq!(computed, expected);
    }
    let mut pack: Vec<&str> = told.split(' ').collect();
    pack[0] = "package";
    pack.extend(["--out", "result.json"]);
    let (code, _, fault) = unveil(&folder, &pack);
    assert_eq!(code, Some(0), "{fault}");
    assert_eq!(unveil(&folder, &["verify", "result", "result.json"]).0, Some(0));
    // A gate that is still scored has the tables before it, and no seed.
    let running = boards.iter().find(|board| decided(board) == 1).unwrap();
    let told = export(running, "2");
    assert!(told.contains("--earlier gate2/scores-1.json") && !told.contains("--seed"), "{told}");
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

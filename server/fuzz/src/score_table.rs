//! Score tables: any bytes are a table or faults, and every table that is read can be ranked without a panic.

#![no_main]

mod input;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use domain::preset;
use domain::rule::Rule;
use domain::score::{Entrant, Sheet, rank_entrants};
use libfuzzer_sys::fuzz_target;
use tables::{ScoreTable, read_scores};

/// The policy's four criteria, and a rule with votes.
fn rules() -> &'static [Rule; 2] {
    static RULES: OnceLock<[Rule; 2]> = OnceLock::new();
    RULES.get_or_init(|| ["policy", "innovate_uk"].map(|name| preset::named(name).unwrap().rule))
}

fn check(table: &ScoreTable, rule: &Rule) {
    assert_eq!(table.reviewers.len(), table.reviewer_ids.len());
    assert_eq!(table.reviewer_ids.iter().collect::<BTreeSet<_>>().len(), table.reviewer_ids.len());
    assert_eq!(table.bids.iter().map(|bid| bid.id).collect::<BTreeSet<_>>().len(), table.bids.len());
    let scale = rule.rubric.scale;
    let sheet = |row: &tables::SheetRow| {
        assert!(row.bid < table.bids.len() && row.reviewer < table.reviewers.len() && row.row > 0);
        let is_full =
            row.scores_milli.len() == rule.rubric.criteria.len() && row.votes.len() == rule.votes.len();
        assert!(is_full || row.left_out.is_some());
        assert!(row.scores_milli.iter().all(|score| (scale.min_milli..=scale.max_milli).contains(score)));
        Sheet {
            bid: table.bids[row.bid].id,
            reviewer: table.reviewer_ids[row.reviewer],
            scores_milli: row.scores_milli.clone(),
            votes: row.votes.clone(),
        }
    };
    let sheets: Vec<(bool, Sheet)> =
        table.sheets.iter().map(|row| (row.left_out.is_none(), sheet(row))).collect();
    let counted: Vec<Sheet> =
        sheets.into_iter().filter(|(counts, _)| *counts).map(|(_, sheet)| sheet).collect();
    let entrants: Vec<Entrant> =
        table.bids.iter().map(|bid| Entrant { bid: bid.id, sealed_at: bid.sealed_at }).collect();
    // The engine may refuse, but not panic.
    if let Ok(ranking) = rank_entrants(rule, 0, &counted, &entrants, b"seed") {
        assert_eq!(ranking.rows.len(), table.bids.len());
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, format, content)) = input::source_of(bytes) else { return };
    let rule = &rules()[usize::from(choice >> 2 & 1)];
    match read_scores(input::source(format, &content), rule, 0) {
        Ok(table) => check(&table, rule),
        Err(faults) => input::check_faults(&faults),
    }
});

//! Score tables: one row per review. Deliberately absent: adding anything up.

use domain::rule::Rule;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::fault::TableFault;
use crate::source::{ReadAs, Source};

/// Everything a score table says, in the order of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreTable {
    /// In the order they first appear; a bid without sheets is listed too.
    pub bids: Vec<BidRow>,
    /// Names, in the order they first appear.
    pub reviewers: Vec<String>,
    pub sheets: Vec<SheetRow>,
    pub read_as: ReadAs,
}

/// One bid of a score table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BidRow {
    pub name: String,
    pub sealed_at: Option<Timestamp>,
}

/// One review.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SheetRow {
    /// Position in [`ScoreTable::bids`].
    pub bid: usize,
    /// Position in [`ScoreTable::reviewers`].
    pub reviewer: usize,
    /// One per criterion in the order of the rubric, each on the scale. Empty only where the sheet is left out and its
    /// scores were not given.
    pub scores_milli: Vec<i64>,
    /// One per vote of the rule, in its order. Empty under the same condition.
    pub votes: Vec<bool>,
    /// Why the sheet does not count. `None`: it counts.
    pub left_out: Option<String>,
    /// Where it stands: the row, or the place in the JSON list, from 1.
    pub row: usize,
}

/// Reads reviews scored by the rubric of `gate` (0: the selection).
///
/// # Errors
/// Every fault of the file at once, at most [`crate::FAULTS_MAX`] of them listed.
pub fn read_scores(source: Source<'_>, rule: &Rule, gate: u32) -> Result<ScoreTable, Vec<TableFault>> {
    let _ = (source, rule, gate);
    Err(vec![TableFault::of_file(crate::TableProblem::NothingInside)])
}

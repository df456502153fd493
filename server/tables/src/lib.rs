//! Tables in and out: score sheets, rules, bids and experts as CSV, XLSX and JSON; results as workbooks and CSV.
//! Every fault has its row, its column and the facts of a remedy; nothing is guessed.
//! Deliberately absent: opening files, sentences for people, and any arithmetic on scores.

mod archive;
mod assign;
mod cells;
mod columns;
mod csv_rows;
mod fault;
mod json;
mod json_rows;
mod names;
mod rows;
mod rule_file;
mod scores;
mod shared_texts;
mod source;
mod text;
mod workbook_rows;
mod write;

pub use assign::{
    BidTable, BidToReview, ExpertTable, ExpertToAssign, FIT_MAX, PairRow, PairTable, keyword_fit, read_bids,
    read_experts, read_pairs,
};
pub use fault::{FAULTS_MAX, JsonShape, TableFault, TableProblem};
pub use names::{bid_id, reviewer_id};
pub use rule_file::read_rule;
pub use scores::{BidRow, ScoreTable, SheetRow, read_scores};
pub use source::{Format, ReadAs, Source, TextEncoding};
pub use write::{Cell, OutSheet, WriteFault, to_csv, write_workbook};

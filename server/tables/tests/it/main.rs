//! Every fault of every kind of table, the encodings, and the way out and in again.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, reason = "tests may stop")]

mod archive;
mod assign_tables;
mod cast;
mod csv_tables;
mod encodings;
mod json_ids;
mod json_tables;
mod properties;
mod rules;
mod shared_texts;
mod workbooks;
mod writing;

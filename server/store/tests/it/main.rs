//! The store on both databases: every test here runs on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may stop")]

mod account;
mod account_support;
mod account_units;
mod bid;
mod bid_support;
mod challenge;
mod challenge_results;
mod import;
mod migration;
mod race;
mod review;
mod search;

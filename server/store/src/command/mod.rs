//! Use cases: one function, one transaction each.

pub mod account;
pub mod admin;
pub(crate) mod advance;
pub(crate) mod audience;
pub mod bid;
mod bid_draft;
pub mod challenge;
pub mod clock;
pub mod decision;
pub mod forms;
pub mod import;
pub mod list;
pub mod panel;
pub(crate) mod panel_facts;
mod panel_seats;
pub mod race;
pub mod review;
pub(crate) mod review_stage;
mod search_index;
pub mod steps;

#![doc = include_str!("../README.md")]
#![cfg_attr(
    test,
    allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, reason = "tests may stop")
)]

pub mod actor;
pub mod bid;
pub mod challenge;
pub mod decision;
pub mod id;
pub mod list;
pub mod match_reviewers;
pub mod money;
pub mod notice;
pub mod overview;
pub mod panel;
pub mod panel_draw;
pub mod permission;
pub mod preset;
pub mod race;
pub mod refusal;
pub mod review;
pub mod rule;
pub mod rule_form;
pub mod score;
pub mod stats;
pub mod time;
pub mod view;
pub mod words;
pub mod workday;

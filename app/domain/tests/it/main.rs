#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, reason = "tests may stop")]

mod aggregate_limits;
mod aggregate_properties;
mod agreement_properties;
mod calibrate_limits;
mod calibrate_properties;
mod cases;
mod cases_aggregate;
mod cases_agreement;
mod cases_calibrate;
mod cases_interval;
mod cases_score;
mod interval_properties;
mod interval_weights;
mod life;
mod match_properties;
mod match_reviewers;
mod match_wide;
mod overview;
mod overview_limits;
mod panel_draw;
mod permission;
mod score_plainly;
mod score_properties;
mod score_tables;
mod words;
mod workday;

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, reason = "tests may stop")]

mod life;
mod permission;
mod score_properties;
mod score_tables;
mod words;
mod workday;

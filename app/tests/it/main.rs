//! Tests of the crate from outside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests may stop")]

mod gallery;
mod kit;
mod sample;

#![doc = include_str!("../README.md")]
#![cfg_attr(
    test,
    allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, reason = "tests may stop")
)]

pub mod cli;
pub mod config;
pub mod http;
pub mod jobs;
pub mod mail;
pub mod router;
pub mod schema;
pub mod serve;
pub mod state;

pub use state::{App, build};

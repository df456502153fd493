//! The program as a whole, without a browser: letters against a real mail server, the layers, the command line.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, reason = "tests may stop")]

mod cli;
mod layers;
mod letters;
mod mail;
mod schema;
mod smtp;
mod support;

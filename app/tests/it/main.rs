//! Tests of the crate from outside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests may stop")]

mod account;
mod bid;
mod bid_gallery;
mod desk;
mod desk_challenge;
mod desk_gallery;
mod desk_sample;
mod gallery;
mod kit;
mod public;
mod public_gallery;
mod public_sample;
mod review;
mod sample;

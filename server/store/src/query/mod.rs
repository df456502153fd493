//! Reads for screens: bounded statements, always a LIMIT.

pub mod account;
pub mod bid;
pub(crate) mod bid_seal;
pub(crate) mod cards;
pub(crate) mod cursor;
pub mod desk;
mod desk_challenge;
mod desk_next;
mod desk_panel;
pub mod public;
pub mod review;
pub mod scores;
pub(crate) mod timeline;

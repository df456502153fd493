#![doc = include_str!("../README.md")]
#![cfg_attr(
    test,
    allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, reason = "tests may stop")
)]

pub mod audit;
pub mod clock;
pub mod command;
pub mod connect;
pub mod echo;
pub mod error;
pub mod invariants;
pub mod load;
pub mod outbox;
pub mod query;
pub mod save;
pub mod search;
pub mod secret;
pub mod stamp;
pub mod tx;

pub use clock::Clock;
pub use connect::{DatabaseSettings, Store};
pub use error::StoreError;

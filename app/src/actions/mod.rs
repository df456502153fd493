//! Server functions, one file per aggregate: explicit endpoint, POST, here - command - answer. Both targets: on wasm only
//! their stubs remain. Big forms arrive flattened: every field of the form that is no named argument lands in `form`,
//! exactly as typed.

pub mod account;
pub mod bid;
pub mod challenge;
pub mod list;
pub mod panel;
pub mod race;
pub mod review;

//! One file per page: `load` (store) and `draw` (view).

pub mod account;
pub mod bid;
pub mod desk;
pub mod error;
pub mod public;
pub mod review;

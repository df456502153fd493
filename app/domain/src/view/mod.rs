//! Read models: what a screen draws. Plain data with public fields, filled by `store::query` for one reader,
//! so that nothing hidden from that reader is in them.

pub mod account;
pub mod bid;
pub mod desk;
pub mod public;
pub mod race;
pub mod review;

use serde::{Deserialize, Serialize};

/// At most this many rows on one page of a list.
pub const PAGE_ROWS: u64 = 50;

/// One page of rows and where the next one starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Opaque; `None` on the last page.
    pub next: Option<String>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), next: None }
    }
}

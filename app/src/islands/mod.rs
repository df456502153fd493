//! The interactive parts. Each page works without them: they only add comfort. Plain props, finished words, no catalogue.

pub mod draft_keeper;
pub mod local_time;
pub mod sheet_total;

mod browser;

//! Pictures where people would rather look than read: drawn on the server as SVG, each with the same figures as a table.
//! Deliberately absent: script, and colour as the only sign of anything.

mod draw;
pub mod funnel;
pub mod race_lanes;
pub mod score_bars;
pub mod timeline;

pub use funnel::{Stage, funnel};
pub use race_lanes::race_lanes;
pub use score_bars::{ScoreBar, score_bars};
pub use timeline::timeline;

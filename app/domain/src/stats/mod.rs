//! Advisory statistics: how far a ranking can be trusted. They estimate, warn and compare in `f64`; each public item
//! names its formula, units, range and source, and answers [`Undefined`] with the reason where there is no figure.
//!
//! Bids and reviewers are positions (from 0) in the caller's own lists. Nothing here changes a binding result.
//! Deliberately absent: sentences for people, threads, chance without a seed.

pub mod aggregate;
pub mod agreement;
pub mod calibrate;
pub mod distribution;
pub mod interval;
pub mod panel;
mod splitmix;

use serde::{Deserialize, Serialize};

pub use panel::{Panel, PanelFault, Review};

/// Why there is no figure. Counts say what there is and what it would take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "undefined")]
#[error("{self:?}")]
pub enum Undefined {
    TooFewBids {
        have: usize,
        need: usize,
    },
    TooFewReviewers {
        have: usize,
        need: usize,
    },
    /// Scores (or pairs, or comparisons) the figure could use.
    TooFewScores {
        have: usize,
        need: usize,
    },
    /// The figure needs every reviewer's score of every bid.
    Incomplete {
        missing: usize,
    },
    /// All values are equal: the figure would be zero divided by zero.
    NoVariation,
    /// Reviewers and bids fall into groups without a common member; nothing compares one group with another.
    Disconnected {
        islands: Vec<Island>,
    },
    /// Somebody wins (or loses) every comparison, so that the estimate grows without bound.
    Unbounded,
    /// The search did not settle within its bound of steps.
    NotConverged {
        steps: usize,
    },
    /// A parameter lies outside the range its documentation promises.
    BadParameter {
        name: String,
    },
}

/// One group of bids and reviewers that no score joins to the others. Positions, ascending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Island {
    pub bids: Vec<usize>,
    pub reviewers: Vec<usize>,
}

//! The expert's desk and score sheet.

use crate::bid::BidContent;
use crate::challenge::{Content, Typed};
use crate::id::{BidId, ChallengeId, ReviewId, SeatId};
use crate::panel::{Conflict, SeatState};
use crate::review::ReviewState;
use crate::rule::Rubric;
use crate::time::Timestamp;

/// One panel the expert sits on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatRow {
    pub seat: SeatId,
    pub challenge: ChallengeId,
    pub challenge_number: String,
    pub challenge_title: String,
    pub state: SeatState,
    pub sheets: Vec<SheetRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    pub review: ReviewId,
    /// 0 is the selection, n the n-th gate.
    pub gate: u32,
    pub bid_title: String,
    /// "bid 3" where the rule is blind: empty then.
    pub unit: String,
    pub state: ReviewState,
    pub due: Option<Timestamp>,
    pub total_milli: Option<i64>,
}

/// What the expert declares on: units only, no content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclarationPage {
    pub seat: SeatId,
    pub challenge: ChallengeId,
    pub challenge_number: String,
    pub challenge_title: String,
    pub issuer_shown: String,
    pub state: SeatState,
    pub bids: Vec<DeclarationRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclarationRow {
    pub bid: BidId,
    pub unit: String,
    pub partners: Vec<String>,
    pub found: Option<Conflict>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetPage {
    pub review: ReviewId,
    pub gate: u32,
    pub gate_title: Option<crate::rule::Bilingual>,
    pub challenge: ChallengeId,
    pub challenge_number: String,
    pub challenge_content: Content,
    pub rubric: Rubric,
    pub decimals: u8,
    pub bid: BidContent,
    /// Empty where the rule is blind.
    pub unit: String,
    pub state: ReviewState,
    pub typed: Typed,
    pub version: i64,
    pub saved_at: Option<Timestamp>,
    pub due: Option<Timestamp>,
    pub may_write: bool,
    /// Where to go when this one is done.
    pub next_open: Option<ReviewId>,
    pub open_left: u32,
}

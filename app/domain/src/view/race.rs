//! The race board.

use crate::id::{BidId, ChallengeId};
use crate::race::{GateOutcome, GateState, TeamState};
use crate::rule::Bilingual;
use crate::time::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RaceBoard {
    pub challenge: ChallengeId,
    pub number: String,
    pub title: String,
    pub title_en: String,
    pub gates: Vec<BoardGate>,
    /// Best first: winner, racing by the rank of the last gate, then those cut (latest gate first), then withdrawn.
    pub lanes: Vec<Lane>,
    pub finished: bool,
    pub rule_sha256: String,
    /// Every gate draws from a seed of its own; see [`crate::rule::Rule::promise`].
    pub seed_per_gate: bool,
    /// The own team's lane, when the reader is in one.
    pub own: Option<BidId>,
    /// May withdraw the own team now.
    pub may_withdraw: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardGate {
    pub number: u32,
    pub title: Bilingual,
    pub due: Timestamp,
    pub weight_permille: u32,
    pub pass_mark_milli: i64,
    pub keep: u32,
    pub state: GateState,
    pub decided_at: Option<Timestamp>,
    /// What its ties were drawn from, hex; `None` until it is decided.
    pub draw_seed: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    pub bid: BidId,
    pub unit: String,
    pub bid_title: String,
    pub state: TeamState,
    /// The gate that cut it, or the one before which it withdrew.
    pub left_at: Option<u32>,
    pub cumulative_milli: Option<i64>,
    /// In the order of the gates; shorter for a team that left.
    pub gates: Vec<LaneGate>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneGate {
    pub gate: u32,
    pub total_milli: i64,
    pub cumulative_milli: i64,
    pub rank: u32,
    pub outcome: GateOutcome,
}

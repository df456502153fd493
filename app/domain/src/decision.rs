//! From scores to winners: proposed as a draft, applied together with its letters.
//! Deliberately absent: the arithmetic (`score`).

use serde::{Deserialize, Serialize};

use crate::challenge::State;
use crate::id::BidId;
use crate::keyed;
use crate::refusal::Refusal;
use crate::rule::Rule;
use crate::score::Ranking;
use crate::time::Timestamp;
use crate::workday;

keyed! { DecisionState { Proposed = "proposed", Applied = "applied" } }

/// A decision with everything needed to recompute it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub ranking: Ranking,
    pub winners: Vec<BidId>,
    /// Hex; its SHA-256 is the commitment in the rule.
    pub draw_seed: String,
    pub rule_sha256: String,
    pub reason: String,
}

/// # Errors
/// [`Refusal::WrongState`] outside the review; [`Refusal::ReviewsMissing`]; [`Refusal::NoBids`].
pub fn check_decidable(state: State, missing_reviews: u32, eligible_bids: usize) -> Result<(), Refusal> {
    state.after(crate::challenge::Step::Decide)?;
    if missing_reviews > 0 {
        return Err(Refusal::ReviewsMissing { missing: missing_reviews });
    }
    if eligible_bids == 0 { Err(Refusal::NoBids) } else { Ok(()) }
}

/// When publicity that starts now ends: the end of the last working day in Beijing. The day it starts counts
/// when it is a working day. `known` is false where the year's calendar is not in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicityPeriod {
    pub ends_at: Timestamp,
    pub known: bool,
}

/// `None` only for instants no calendar can name.
pub fn publicity_period(rule: &Rule, starts_at: Timestamp) -> Option<PublicityPeriod> {
    let period = workday::calendar().period_from(starts_at.official_date()?, rule.publicity_working_days);
    Some(PublicityPeriod { ends_at: Timestamp::end_of_official_day(period.ends)?, known: period.known })
}

/// # Errors
/// [`Refusal::PublicityRunning`] until the period is over.
pub fn check_awardable(
    state: State,
    publicity_ends_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Refusal> {
    state.after(crate::challenge::Step::Award)?;
    match publicity_ends_at {
        Some(at) if now > at => Ok(()),
        _ => Err(Refusal::PublicityRunning),
    }
}

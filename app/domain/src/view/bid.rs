//! The team's own bid.

use crate::bid::{BidContent, BidState, Receipt};
use crate::challenge::{Content, State, Typed};
use crate::id::{BidId, ChallengeId};
use crate::time::Timestamp;
use crate::view::public::FrozenRule;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BidRow {
    pub id: BidId,
    pub challenge: ChallengeId,
    pub challenge_number: String,
    pub challenge_title: String,
    pub title: String,
    pub state: BidState,
    /// What the team may know of the challenge's state.
    pub challenge_state: State,
    pub closes_at: Option<Timestamp>,
    pub updated_at: Timestamp,
}

/// The bid form and everything around it. `state` is what the team may know: `Won`/`Lost` only after letters left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BidPage {
    pub id: BidId,
    pub challenge: ChallengeId,
    pub challenge_number: String,
    pub challenge_content: Content,
    pub challenge_state: State,
    pub closes_at: Option<Timestamp>,
    pub rule: FrozenRule,
    pub unit: String,
    pub state: BidState,
    /// The draft as typed.
    pub typed: Typed,
    pub saved_at: Timestamp,
    pub saved_by: String,
    /// For saving without overwriting a colleague's newer text.
    pub version: i64,
    /// The last submission, when there is one.
    pub submitted: Option<BidContent>,
    pub receipt: Option<Receipt>,
    /// The draft differs from what was submitted.
    pub unsubmitted_changes: bool,
    pub may_edit: bool,
    pub may_withdraw: bool,
    pub eligibility_reason: String,
    pub signer: String,
}

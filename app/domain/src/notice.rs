//! Which notice goes to whom after which event. Deliberately absent: words (the mail templates and the inbox have them).

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// A notice to one person, with everything its words need. Stored as JSON in the outbox; holds nothing its reader
/// may not know, and no secret except the one-time links of the first group, which are stored hashed elsewhere
/// and blanked here once the mail has left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Notice {
    ConfirmAddress {
        token: String,
    },
    /// Somebody registered with an address that has an account: the owner is told, the stranger is not.
    AddressInUse,
    ResetPassword {
        token: String,
    },
    PasswordChanged,
    Invited {
        token: String,
        organisation: String,
        role: String,
        by: String,
    },
    ProposalReturned {
        challenge: About,
        reason: String,
    },
    ProposalApproved {
        challenge: About,
    },
    ListPublished {
        list_id: String,
        list_title: String,
        domain: String,
        challenges: Vec<About>,
    },
    BidReceipt {
        challenge: About,
        bid: String,
        number: String,
        received_at: Timestamp,
        content_sha256: String,
        rule_sha256: String,
    },
    BidWithdrawn {
        challenge: About,
        bid: String,
    },
    BidOpened {
        challenge: About,
        bid: String,
    },
    BidEligible {
        challenge: About,
        bid: String,
    },
    BidIneligible {
        challenge: About,
        bid: String,
        reason: String,
    },
    Seated {
        challenge: About,
        seat: String,
    },
    ScoreDue {
        challenge: About,
        due: Timestamp,
        open_sheets: u32,
    },
    /// A bidder's own result: nothing about others beyond what is public.
    Result {
        challenge: About,
        bid: String,
        won: bool,
        total_milli: i64,
        rank: u32,
        of: u32,
        criteria: Vec<CriterionPosition>,
        rule_sha256: String,
    },
    Publicity {
        challenge: About,
        ends_at: Timestamp,
    },
    Awarded {
        challenge: About,
        bid: String,
    },
    GateDue {
        challenge: About,
        gate: u32,
        gate_title: String,
        due: Timestamp,
    },
    GateResult {
        challenge: About,
        bid: String,
        gate: u32,
        gate_title: String,
        total_milli: i64,
        cumulative_milli: i64,
        rank: u32,
        of: u32,
        outcome: String,
    },
    Winner {
        challenge: About,
        bid: String,
        cumulative_milli: i64,
    },
}

/// The challenge a notice is about; mails of one challenge form a thread by its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    pub id: String,
    pub number: String,
    pub title: String,
}

/// Where a bid stands in one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriterionPosition {
    pub name_zh: String,
    pub name_en: String,
    pub score_milli: i64,
    pub rank: u32,
}

impl Notice {
    /// Every kind, as stored: one template folder and two inbox sentences each.
    pub const KINDS: &'static [&'static str] = &[
        "confirm_address",
        "address_in_use",
        "reset_password",
        "password_changed",
        "invited",
        "proposal_returned",
        "proposal_approved",
        "list_published",
        "bid_receipt",
        "bid_withdrawn",
        "bid_opened",
        "bid_eligible",
        "bid_ineligible",
        "seated",
        "score_due",
        "result",
        "publicity",
        "awarded",
        "gate_due",
        "gate_result",
        "winner",
    ];

    /// The kind as stored, one of [`Notice::KINDS`].
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ConfirmAddress { .. } => "confirm_address",
            Self::AddressInUse => "address_in_use",
            Self::ResetPassword { .. } => "reset_password",
            Self::PasswordChanged => "password_changed",
            Self::Invited { .. } => "invited",
            Self::ProposalReturned { .. } => "proposal_returned",
            Self::ProposalApproved { .. } => "proposal_approved",
            Self::ListPublished { .. } => "list_published",
            Self::BidReceipt { .. } => "bid_receipt",
            Self::BidWithdrawn { .. } => "bid_withdrawn",
            Self::BidOpened { .. } => "bid_opened",
            Self::BidEligible { .. } => "bid_eligible",
            Self::BidIneligible { .. } => "bid_ineligible",
            Self::Seated { .. } => "seated",
            Self::ScoreDue { .. } => "score_due",
            Self::Result { .. } => "result",
            Self::Publicity { .. } => "publicity",
            Self::Awarded { .. } => "awarded",
            Self::GateDue { .. } => "gate_due",
            Self::GateResult { .. } => "gate_result",
            Self::Winner { .. } => "winner",
        }
    }

    pub fn about(&self) -> Option<&About> {
        match self {
            Self::ProposalReturned { challenge, .. }
            | Self::ProposalApproved { challenge }
            | Self::BidReceipt { challenge, .. }
            | Self::BidWithdrawn { challenge, .. }
            | Self::BidOpened { challenge, .. }
            | Self::BidEligible { challenge, .. }
            | Self::BidIneligible { challenge, .. }
            | Self::Seated { challenge, .. }
            | Self::ScoreDue { challenge, .. }
            | Self::Result { challenge, .. }
            | Self::Publicity { challenge, .. }
            | Self::Awarded { challenge, .. }
            | Self::GateDue { challenge, .. }
            | Self::GateResult { challenge, .. }
            | Self::Winner { challenge, .. } => Some(challenge),
            _ => None,
        }
    }

    /// Notices whose mail carries a one-time link: never shown in the inbox.
    pub fn is_secret(&self) -> bool {
        matches!(
            self,
            Self::ConfirmAddress { .. }
                | Self::ResetPassword { .. }
                | Self::Invited { .. }
                | Self::AddressInUse
        )
    }
}

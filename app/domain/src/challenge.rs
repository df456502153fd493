//! A challenge: its states and the one table of transitions; its fields are in `content`.
//! Deliberately absent: who may take a step (`permission`) and the scoring rule (`rule`).

mod content;

pub use content::*;

use crate::keyed;
use crate::refusal::{FieldError, Problem, Refusal};
use crate::rule::Rule;
use crate::time::Timestamp;

/// What a person typed, field by field, exactly as typed. Drafts are kept in this shape, so that no draft can be
/// refused or altered by a rule.
pub type Typed = std::collections::BTreeMap<String, String>;

keyed! {
    /// Where a challenge stands.
    State {
        Draft = "draft",
        Proposed = "proposed",
        Returned = "returned",
        Approved = "approved",
        Published = "published",
        Closed = "closed",
        Opened = "opened",
        Eligibility = "eligibility",
        Review = "review",
        Decided = "decided",
        Publicity = "publicity",
        Awarded = "awarded",
        Contracted = "contracted",
        Running = "running",
        Acceptance = "acceptance",
        Finished = "finished",
        NoValidBid = "no_valid_bid",
        Cancelled = "cancelled",
        Terminated = "terminated",
        Republished = "republished",
    }
}

keyed! {
    /// An act that moves a challenge.
    Step {
        Propose = "propose",
        Return = "return",
        Approve = "approve",
        Publish = "publish",
        Close = "close",
        Open = "open",
        StartEligibility = "start_eligibility",
        StartReview = "start_review",
        Decide = "decide",
        Publicise = "publicise",
        Award = "award",
        Contract = "contract",
        Start = "start",
        StartAcceptance = "start_acceptance",
        Finish = "finish",
        DeclareNoValidBid = "declare_no_valid_bid",
        Cancel = "cancel",
        Terminate = "terminate",
        Republish = "republish",
    }
}

/// Every transition there is: from, by, to.
pub const TRANSITIONS: &[(State, Step, State)] = {
    use State as S;
    use Step as T;
    &[
        (S::Draft, T::Propose, S::Proposed),
        (S::Returned, T::Propose, S::Proposed),
        (S::Proposed, T::Return, S::Returned),
        (S::Proposed, T::Approve, S::Approved),
        (S::Approved, T::Publish, S::Published),
        (S::Published, T::Close, S::Closed),
        (S::Closed, T::Open, S::Opened),
        (S::Opened, T::StartEligibility, S::Eligibility),
        (S::Opened, T::DeclareNoValidBid, S::NoValidBid),
        (S::Eligibility, T::StartReview, S::Review),
        (S::Eligibility, T::DeclareNoValidBid, S::NoValidBid),
        (S::Review, T::Decide, S::Decided),
        (S::Review, T::DeclareNoValidBid, S::NoValidBid),
        (S::Decided, T::Publicise, S::Publicity),
        (S::Publicity, T::Award, S::Awarded),
        (S::Awarded, T::Contract, S::Contracted),
        (S::Contracted, T::Start, S::Running),
        (S::Running, T::StartAcceptance, S::Acceptance),
        (S::Acceptance, T::Finish, S::Finished),
        (S::Draft, T::Cancel, S::Cancelled),
        (S::Proposed, T::Cancel, S::Cancelled),
        (S::Returned, T::Cancel, S::Cancelled),
        (S::Approved, T::Cancel, S::Cancelled),
        (S::Published, T::Cancel, S::Cancelled),
        (S::Closed, T::Cancel, S::Cancelled),
        (S::Opened, T::Cancel, S::Cancelled),
        (S::Eligibility, T::Cancel, S::Cancelled),
        (S::Review, T::Cancel, S::Cancelled),
        (S::Awarded, T::Terminate, S::Terminated),
        (S::Contracted, T::Terminate, S::Terminated),
        (S::Running, T::Terminate, S::Terminated),
        (S::Acceptance, T::Terminate, S::Terminated),
        (S::NoValidBid, T::Republish, S::Republished),
        (S::Cancelled, T::Republish, S::Republished),
        (S::Terminated, T::Republish, S::Republished),
    ]
};

/// The main line of the timeline, in order; exits are drawn in place of what they cut off.
pub const MAIN_LINE: &[State] = &[
    State::Draft,
    State::Proposed,
    State::Approved,
    State::Published,
    State::Closed,
    State::Opened,
    State::Eligibility,
    State::Review,
    State::Decided,
    State::Publicity,
    State::Awarded,
    State::Contracted,
    State::Running,
    State::Acceptance,
    State::Finished,
];

impl State {
    /// Where `step` leads from here.
    ///
    /// # Errors
    /// [`Refusal::WrongState`] when the table has no such line.
    pub fn after(self, step: Step) -> Result<Self, Refusal> {
        TRANSITIONS
            .iter()
            .find(|(from, by, _)| *from == self && *by == step)
            .map(|(_, _, to)| *to)
            .ok_or_else(|| Refusal::WrongState { state: self.key().to_owned() })
    }

    /// Anyone may read a challenge in these states. A decided one looks like one in review until publicity.
    pub fn is_public(self) -> bool {
        !matches!(self, Self::Draft | Self::Proposed | Self::Returned | Self::Approved)
    }

    /// What the public is told: the decision stays unseen until publicity.
    pub fn shown_to_public(self) -> Self {
        if self == Self::Decided { Self::Review } else { self }
    }

    /// Bids may be read by those whose duty it is only from the opening on.
    pub fn is_sealed(self) -> bool {
        matches!(
            self,
            Self::Draft | Self::Proposed | Self::Returned | Self::Approved | Self::Published | Self::Closed
        )
    }

    /// Results may be shown to everyone.
    pub fn shows_results(self) -> bool {
        matches!(
            self,
            Self::Publicity
                | Self::Awarded
                | Self::Contracted
                | Self::Running
                | Self::Acceptance
                | Self::Finished
        )
    }

    pub fn takes_bids(self) -> bool {
        self == Self::Published
    }

    pub fn is_racing(self) -> bool {
        matches!(self, Self::Running)
    }
}

/// What publication needs: a complete rule, a deadline still ahead.
///
/// # Errors
/// [`Refusal::RuleIncomplete`], [`Refusal::DeadlineInThePast`].
pub fn check_publishable(rule: &Rule, closes_at: Option<Timestamp>, now: Timestamp) -> Result<(), Refusal> {
    let mut fields = rule.problems();
    match closes_at {
        None => fields.push(FieldError::new("closes_at", Problem::Required)),
        Some(at) if at <= now => return Err(Refusal::DeadlineInThePast),
        Some(_) => {}
    }
    if let (Some(at), Some(gate)) = (closes_at, rule.gates.first())
        && gate.due <= at
    {
        fields.push(FieldError::new("gates.0.due", Problem::NotAfterPrevious));
    }
    if fields.is_empty() { Ok(()) } else { Err(Refusal::RuleIncomplete { fields }) }
}

/// The row numbers that hold anything under `prefix.N.`, in order; blank rows of a form are no rows.
pub fn filled_rows(typed: &Typed, prefix: &str) -> Vec<usize> {
    let start = format!("{prefix}.");
    let rows: std::collections::BTreeSet<usize> = typed
        .iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .filter_map(|(field, _)| field.strip_prefix(&start)?.split_once('.')?.0.parse().ok())
        .collect();
    rows.into_iter().collect()
}

//! Why not. Every refusal is a variant; its words are in `app/locales` under [`Refusal::key`].
//! Deliberately absent: sentences, and anything that must not reach a browser.

use serde::{Deserialize, Serialize};

/// What is wrong with one field. The words are under `problem.<key>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "problem")]
pub enum Problem {
    Required,
    TooLong {
        max: i64,
        actual: i64,
    },
    TooShort {
        min: i64,
    },
    TooMany {
        max: i64,
    },
    TooFew {
        min: i64,
    },
    ControlCharacter,
    NotANumber,
    NotAnAmount,
    NotADate,
    NotAnAddress,
    OutOfRange {
        min: i64,
        max: i64,
    },
    OutsideScale,
    ScaleUnsound,
    NotOnStep,
    WeightsSum {
        sum: i64,
    },
    UnknownCriterion {
        key: String,
    },
    UnknownChoice,
    Duplicate,
    InThePast,
    NotAfterPrevious,
    TieChainOpen,
    /// Not the 64 hex digits of a SHA-256.
    NotAHash,
    /// Budget lines and the total asked for differ by this many fen.
    BudgetDoesNotAddUp {
        lines_fen: i64,
        total_fen: i64,
    },
    BelowMandatoryIndicator {
        required: String,
    },
    PasswordWeak,
    PasswordsDiffer,
    Unticked,
    SignatureDiffers,
    AddressTaken,
    NumberTaken,
    SamePersonTwice,
}

/// One message at one field. `field` is the form's name for it, list entries as `budget.2.amount`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    #[serde(flatten)]
    pub problem: Problem,
}

impl FieldError {
    pub fn new(field: &str, problem: Problem) -> Self {
        Self { field: field.to_owned(), problem }
    }
}

/// Why an act did not happen. No state has changed when one of these comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "refusal")]
#[error("{self:?}")]
pub enum Refusal {
    /// Also for what exists and is not yours: the two must look the same.
    NotFound,
    SignInNeeded,
    NotAllowed,
    Invalid {
        fields: Vec<FieldError>,
    },
    /// The state table has no such step from here.
    WrongState {
        state: String,
    },
    DeadlinePassed,
    DeadlineNotReached,
    DeadlineInThePast,
    RuleIncomplete {
        fields: Vec<FieldError>,
    },
    ListEmpty,
    ChallengeHasOtherList,
    AlreadyBid,
    NoBids,
    NotASubmittedBid,
    EligibilityOpen {
        left: u32,
    },
    ReasonNeeded,
    ConflictOfInterest,
    PanelTooSmall {
        have: u32,
        need: u32,
    },
    PanelEven,
    NotOnPanel,
    DeclarationNeeded,
    ReviewsMissing {
        missing: u32,
    },
    AlreadyDecided,
    NothingDecided,
    PublicityRunning,
    ObjectionsOpen,
    NoGates,
    GateNotOpen,
    GateBeforeOpen,
    TooFewTeams,
    TeamNotRacing,
    /// Someone else changed it first; what was typed is kept.
    ChangedMeanwhile,
    EmailUnconfirmed,
    WrongCredentials,
    TooManyAttempts {
        retry_secs: u32,
    },
    LinkInvalid,
    MembershipNotActive,
    LastOrganiser,
    BodyTooLarge {
        max_kib: u32,
    },
}

impl Refusal {
    pub fn invalid(field: &str, problem: Problem) -> Self {
        Self::Invalid { fields: vec![FieldError::new(field, problem)] }
    }

    /// `Ok` when there is nothing wrong, else all of it at once.
    pub fn from_fields(fields: Vec<FieldError>) -> Result<(), Self> {
        if fields.is_empty() { Ok(()) } else { Err(Self::Invalid { fields }) }
    }

    /// The field messages, if this refusal has any.
    pub fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid { fields } | Self::RuleIncomplete { fields } => fields,
            _ => &[],
        }
    }
}

//! What may be said to a browser when something fails: a refusal, or a ticket. Deliberately absent: any other text.

use domain::refusal::Refusal;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// The one error of pages and server functions. Holds nothing secret: without JavaScript it may pass through a browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum AppError {
    /// A rule said no; its words are in the catalogue.
    #[error("refused")]
    Refused { refusal: Refusal },
    /// A fault of ours, logged under this ticket.
    #[error("fault {ticket}")]
    Sorry { ticket: String },
    /// The database is away or full; worth trying again.
    #[error("unavailable")]
    Unavailable,
    /// The request was no form of ours, or never reached us.
    #[error("unreadable")]
    Unreadable,
}

impl AppError {
    pub const fn not_found() -> Self {
        Self::Refused { refusal: Refusal::NotFound }
    }

    /// The HTTP status: the only place that maps it.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Refused { refusal } => match refusal {
                Refusal::NotFound => 404,
                Refusal::SignInNeeded | Refusal::WrongCredentials => 401,
                Refusal::NotAllowed | Refusal::EmailUnconfirmed | Refusal::MembershipNotActive => 403,
                Refusal::TooManyAttempts { .. } => 429,
                Refusal::BodyTooLarge { .. } => 413,
                Refusal::Invalid { .. } | Refusal::RuleIncomplete { .. } => 422,
                _ => 409,
            },
            Self::Sorry { .. } => 500,
            Self::Unavailable => 503,
            Self::Unreadable => 400,
        }
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { refusal }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_error: ServerFnErrorErr) -> Self {
        Self::Unreadable
    }
}

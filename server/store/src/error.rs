//! What can go wrong below a page: a refusal with its reason, or a fault whose text stays on the server.

use domain::refusal::Refusal;
use sea_orm::DbErr;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A rule said no. Nothing was changed.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// The database cannot be reached, is full or timed out: worth trying again.
    #[error("the database is not available")]
    Unavailable(#[source] DbErr),
    /// A fault of ours. Logged once with a ticket at the boundary; never shown.
    #[error("{0}")]
    Broken(String),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Unavailable(error),
            other => {
                let text = other.to_string();
                // SQLITE_FULL, SQLITE_BUSY after its wait, SQLITE_IOERR; PostgreSQL 53100 disk full, 57P0x going down.
                let passing = [
                    "database or disk is full",
                    "database is locked",
                    "disk I/O error",
                    "No space left",
                    "57P0",
                ];
                if passing.iter().any(|sign| text.contains(sign)) {
                    Self::Unavailable(other)
                } else {
                    Self::Broken(text)
                }
            }
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(format!("stored JSON: {error}"))
    }
}

impl StoreError {
    /// The refusal, if it is one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// A violated unique constraint as a refusal at a field; everything else unchanged. For the rare race that the
    /// check before the insert did not see.
    pub fn unique(error: DbErr, refusal: Refusal) -> Self {
        match error.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => Self::Refused(refusal),
            _ => error.into(),
        }
    }
}

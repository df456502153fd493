//! Steps that a date takes: lists appear, challenges close, people are reminded, what has expired is swept away.

use store::StoreError;
use store::command::clock;

use super::Deps;

/// Publishes and closes what is due. Returns how many things changed.
///
/// # Errors
/// The first fault; each step is tried whatever became of the others.
pub async fn run_once(deps: &Deps) -> Result<usize, StoreError> {
    let published = clock::publish_due(&deps.store).await;
    let closed = clock::close_due(&deps.store).await;
    both(published, closed)
}

/// Reminds of what will be due, and sweeps away what nobody can use any more. Returns how many things changed.
///
/// # Errors
/// As [`run_once`].
pub async fn tidy_once(deps: &Deps) -> Result<usize, StoreError> {
    let reminded = clock::remind(&deps.store).await;
    let swept = clock::sweep(&deps.store).await;
    both(reminded, swept)
}

fn both(one: Result<u32, StoreError>, other: Result<u32, StoreError>) -> Result<usize, StoreError> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok(usize::try_from(one.saturating_add(other)).unwrap_or(usize::MAX)),
        (Err(fault), Err(second)) => {
            tracing::error!(%second, "a second step of the round failed too");
            Err(fault)
        }
        (Err(fault), Ok(_)) | (Ok(_), Err(fault)) => Err(fault),
    }
}

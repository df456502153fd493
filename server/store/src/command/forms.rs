//! Commands whose arguments arrive as typed text: read it, name the field if it cannot be read, then call the command.

use domain::actor::Actor;
use domain::challenge::Typed;
use domain::id::{BidId, ChallengeId, ListId, SeatId};
use domain::refusal::{Problem, Refusal};
use domain::time::Timestamp;

use super::{list, panel};
use crate::connect::Store;
use crate::error::StoreError;

/// Publishes now when `publish_at` is blank.
///
/// # Errors
/// As [`list::publish`]; [`Problem::NotADate`] at `publish_at`.
pub async fn publish_list(
    store: &Store,
    actor: &Actor,
    id: ListId,
    publish_at: &str,
) -> Result<(), StoreError> {
    list::publish(store, actor, id, optional_time("publish_at", publish_at)?).await
}

/// Starts the review; a blank `due` sets no date.
///
/// # Errors
/// As [`panel::start_review`]; [`Problem::NotADate`] at `due`.
pub async fn start_review(
    store: &Store,
    actor: &Actor,
    id: ChallengeId,
    due: &str,
) -> Result<(), StoreError> {
    panel::start_review(store, actor, id, optional_time("due", due)?).await
}

/// Declares interests: fields `conflict.<bid id>` that hold anything, and `note`.
///
/// # Errors
/// As [`panel::declare`].
pub async fn declare(store: &Store, actor: &Actor, id: SeatId, typed: &Typed) -> Result<(), StoreError> {
    let bids: Vec<BidId> = typed
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .filter_map(|(field, _)| field.strip_prefix("conflict.")?.parse().ok())
        .collect();
    panel::declare(store, actor, id, &bids, typed.get("note").map_or("", String::as_str)).await
}

fn optional_time(field: &str, text: &str) -> Result<Option<Timestamp>, Refusal> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Timestamp::parse_official(text).map(Some).ok_or_else(|| Refusal::invalid(field, Problem::NotADate))
}

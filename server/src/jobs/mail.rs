//! Sends what the outbox holds. A letter is claimed before it is sent and marked after; a crash in between sends it
//! again under the same Message-ID, and nothing is ever lost.

use std::time::Duration;

use domain::id::NoticeId;
use store::outbox::{self, Letter};
use store::{Store, StoreError};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::{Deps, Stop};
use crate::mail::Delivery;
use crate::mail::message::compose;
use crate::mail::transport::{CONNECTIONS, SEND};

/// Letters claimed at once.
const BATCH: u32 = 20;
/// How long a claim holds.
pub const LEASE: Duration = Duration::from_secs(120);
/// No letter is begun later than this after the claim. With the longest time of one letter the batch ends before its
/// lease does, so that no second worker takes up a letter that is still on its way.
const BEGIN_WITHIN: Duration = Duration::from_secs(50);
const _: () = assert!(BEGIN_WITHIN.as_secs() + SEND.as_secs() < LEASE.as_secs());
/// Rounds before other jobs of the same loop may have their turn.
const MOST_ROUNDS: usize = 500;

/// Claims and sends one batch. Returns how many letters were claimed.
///
/// # Errors
/// When the database does not answer; claimed letters come back when their lease ends.
pub async fn run_once(deps: &Deps) -> Result<usize, StoreError> {
    let (_sender, never) = Stop::channel();
    round(deps, &never).await
}

/// Batch after batch until nothing is due. Returns how many letters were claimed.
///
/// # Errors
/// As [`run_once`].
pub async fn run_all(deps: &Deps) -> Result<usize, StoreError> {
    let (_sender, never) = Stop::channel();
    run_until_empty(deps, &never).await
}

/// [`run_all`], ending early when told to stop.
pub(super) async fn run_until_empty(deps: &Deps, stop: &Stop) -> Result<usize, StoreError> {
    let mut all = 0;
    for _ in 0..MOST_ROUNDS {
        if stop.is_set() {
            break;
        }
        match round(deps, stop).await? {
            0 => break,
            claimed => all += claimed,
        }
    }
    Ok(all)
}

async fn round(deps: &Deps, stop: &Stop) -> Result<usize, StoreError> {
    let began = Instant::now();
    let lease_ms = i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX);
    let mut waiting = outbox::claim(&deps.store, BATCH, lease_ms).await?.into_iter();
    let claimed = waiting.len();
    let mut sending = JoinSet::new();
    let mut fault = None;
    loop {
        let may_begin = began.elapsed() < BEGIN_WITHIN && !stop.is_set();
        while may_begin && sending.len() < CONNECTIONS as usize {
            let Some(letter) = waiting.next() else { break };
            sending.spawn(send(deps.clone(), letter));
        }
        match sending.join_next().await {
            Some(Ok(Ok(()))) => {}
            Some(Ok(Err(error))) => fault = Some(error),
            Some(Err(error)) => tracing::error!(is_panic = error.is_panic(), "sending a letter broke off"),
            None => break,
        }
    }
    let left: Vec<NoticeId> = waiting.map(|letter| letter.id).collect();
    if !left.is_empty() {
        outbox::release(&deps.store, &left).await?;
    }
    match fault {
        Some(fault) => Err(fault),
        None => Ok(claimed),
    }
}

async fn send(deps: Deps, letter: Letter) -> Result<(), StoreError> {
    let delivery = match compose(&letter, &deps.letterhead) {
        Ok(message) => deps.transport.send(&message).await,
        Err(fault) => Delivery::Never(fault.to_string()),
    };
    let (id, kind, attempt) = (letter.id, letter.notice.kind(), letter.attempts);
    match delivery {
        Delivery::Taken => {
            tracing::info!(%id, kind, attempt, "letter sent");
            mark_sent(&deps.store, &letter).await
        }
        // The server's words may hold the address: they go into the table an organiser reads, not into the log.
        Delivery::Later(words) => {
            tracing::warn!(%id, kind, attempt, "letter did not leave, will be tried again");
            outbox::mark_failed(&deps.store, &letter, &words, false).await
        }
        Delivery::Never(words) => {
            tracing::warn!(%id, kind, attempt, "letter refused for good");
            outbox::mark_failed(&deps.store, &letter, &words, true).await
        }
    }
}

/// The letter is out: a moment's trouble with the database must not send it again.
async fn mark_sent(store: &Store, letter: &Letter) -> Result<(), StoreError> {
    match outbox::mark_sent(store, letter).await {
        Ok(()) => Ok(()),
        Err(fault) => {
            tracing::warn!(id = %letter.id, %fault, "letter left but could not be marked, trying once more");
            outbox::mark_sent(store, letter).await
        }
    }
}

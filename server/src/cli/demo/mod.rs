//! The demonstration: real published challenges as three lists in three states, with a named cast, bids and scores.
//! Everything is done through the commands a person would use, with the clock set back and brought forward, so that
//! no state can be shown that the product could not reach. Deliberately absent: rows written by hand.

mod bids;
mod cast;
mod promise;
mod review;
mod story;

use store::{Store, StoreError};

/// Fills an empty database and returns `true`; one that already holds the cast is left alone.
///
/// # Errors
/// When a command refuses or the database does not answer; what was done until then stays.
pub async fn fill(store: &Store) -> Result<bool, StoreError> {
    let texts: cast::Texts = serde_json::from_str(include_str!("texts.json"))?;
    let Some(cast) = cast::create(store, &texts).await? else { return Ok(false) };
    let told = story::Story::new(store, &texts, cast).await?.tell().await;
    store.clock.set_offset_ms(0);
    told.map(|()| true)
}

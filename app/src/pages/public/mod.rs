//! What anyone may read. Nothing on these pages for the public depends on who asks.

pub mod challenge;
pub mod challenge_rule;
pub mod challenge_texts;
pub mod home;
pub mod list;
pub mod lists;
pub mod piece;
pub mod race;
pub mod results;
pub mod search;

use axum::Router;
use axum::routing::get;

use crate::context::AppState;
use crate::url::pattern;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route(pattern::HOME, get(home::show))
        .route(pattern::LISTS, get(lists::show))
        .route(pattern::LIST, get(list::show))
        .route(pattern::CHALLENGES, get(search::show))
        .route(pattern::CHALLENGE, get(challenge::show))
        .route(pattern::CHALLENGE_RULE, get(challenge_rule::show))
        .route(pattern::RESULTS, get(results::show))
        .route(pattern::RACE, get(race::show))
}

//! A team's bids: start, write, submit, receipt, letter; and a bid as its other readers see it.
//! Deliberately absent: judging bids (`desk`, `review`).

pub mod compare;
pub mod content;
pub mod fields;
pub mod form;
pub mod letter;
pub mod list;
pub mod reading;
pub mod receipt;
pub mod start;
pub mod tables;

use axum::Router;
use axum::routing::get;

use crate::context::AppState;
use crate::url::pattern;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route(pattern::DESK_BIDS, get(list::show))
        .route(pattern::BID_NEW, get(start::show))
        .route(pattern::BID, get(form::show))
        .route(pattern::RECEIPT, get(receipt::show))
        .route(pattern::RECEIPT_FILE, get(receipt::file))
        .route(pattern::LETTER, get(letter::show))
        .route(pattern::BID_READING, get(reading::show))
}

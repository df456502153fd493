//! A person's own pages: coming in, the account, the inbox.

pub mod confirm;
pub mod demo;
pub mod inbox;
pub mod invitation;
pub mod letter_words;
pub mod organisation;
pub mod overview;
pub mod password;
pub mod register;
pub mod reset;
pub mod sign_in;
pub mod units;

use axum::Router;
use axum::routing::get;

use crate::context::AppState;
use crate::url::pattern;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route(pattern::SIGN_IN, get(sign_in::show))
        .route(pattern::REGISTER, get(register::show))
        .route(pattern::REGISTERED, get(register::show_registered))
        .route(pattern::CONFIRM, get(confirm::show))
        .route(pattern::RESET, get(reset::show))
        .route(pattern::RESET_CHOOSE, get(reset::show_choose))
        .route(pattern::PASSWORD, get(password::show))
        .route(pattern::ACCOUNT, get(overview::show))
        .route(pattern::ORGANISATION, get(organisation::show))
        .route(pattern::INVITATION, get(invitation::show))
        .route(pattern::INBOX, get(inbox::show))
}

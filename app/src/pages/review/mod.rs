//! The expert's pages: panels and sheets, the declaration of interests, the score sheet.
//! Deliberately absent: other experts' scores.

pub mod declaration;
pub mod desk;
pub mod sheet;
pub mod sheet_form;

use axum::Router;
use axum::routing::get;

use crate::context::AppState;
use crate::url::pattern;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route(pattern::DESK_REVIEWS, get(desk::show))
        .route(pattern::DECLARATION, get(declaration::show))
        .route(pattern::REVIEW, get(sheet::show))
}

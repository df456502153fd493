//! The desks of organiser and issuer: what waits, the needs, the lists, and every step of a challenge.
//! Deliberately absent: the bid and the score sheet (areas of their own), and any rule.

pub mod audit;
pub mod challenge;
pub mod challenges;
pub mod decision;
pub mod decision_letters;
pub mod eligibility;
pub mod gate;
pub mod home;
pub mod home_rows;
pub mod letters;
pub mod list;
pub mod list_form;
pub mod lists;
pub mod need;
pub mod need_form;
pub mod need_reading;
pub mod needs;
pub mod panel;
pub mod parts;
pub mod people;
pub mod rows;
pub mod rule;
pub mod rule_fields;
pub mod scores;
pub mod steps;

use axum::Router;
use axum::routing::get;

use crate::context::AppState;
use crate::url::pattern;

/// The desk's pages.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route(pattern::DESK, get(home::show))
        .route(pattern::DESK_NEEDS, get(needs::show))
        .route(pattern::NEED_NEW, get(need::show_new))
        .route(pattern::NEED, get(need::show))
        .route(pattern::DESK_LISTS, get(lists::show))
        .route(pattern::DESK_LIST_NEW, get(lists::show_new))
        .route(pattern::DESK_LIST, get(list::show))
        .route(pattern::DESK_CHALLENGES, get(challenges::show))
        .route(pattern::DESK_CHALLENGE, get(challenge::show))
        .route(pattern::DESK_RULE, get(rule::show))
        .route(pattern::DESK_ELIGIBILITY, get(eligibility::show))
        .route(pattern::DESK_PANEL, get(panel::show))
        .route(pattern::DESK_SCORES, get(scores::show))
        .route(pattern::DESK_DECISION, get(decision::show))
        .route(pattern::DESK_GATE, get(gate::show))
        .route(pattern::DESK_PEOPLE, get(people::show))
        .route(pattern::DESK_LETTERS, get(letters::show))
        .route(pattern::DESK_AUDIT, get(audit::show))
}

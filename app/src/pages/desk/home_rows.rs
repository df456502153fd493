//! Rows of challenges with the reader's next act, as the desk, the needs and the overview show them.

use domain::challenge::State;
use domain::view::desk::DeskRow;
use leptos::prelude::*;

use super::parts::{shown_title, state_badge};
use crate::catalogue::{find, t, word};
use crate::components::{Column, Table, cell, wan_cell, when};
use crate::text::Locale;
use crate::url;

/// For whom the rows are drawn: an issuer's row leads to the need, an organiser's to where the next act is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desk {
    Organiser,
    Issuer,
}

/// Where the next act on a challenge is done.
pub fn way(desk: Desk, row: &DeskRow) -> String {
    if desk == Desk::Issuer {
        let in_need = matches!(row.state, State::Draft | State::Proposed | State::Returned | State::Approved);
        return if in_need { url::need(row.id) } else { url::challenge(row.id) };
    }
    match row.next {
        Some("settle_need") => url::need(row.id),
        Some("complete_rule") => url::desk_rule(row.id),
        Some("add_to_list" | "publish_list") => url::desk_lists(),
        Some("settle_eligibility") => url::desk_eligibility(row.id),
        Some("seat_panel" | "start_review") => url::desk_panel(row.id),
        Some("propose_decision" | "apply_decision" | "publicise") => url::desk_decision(row.id),
        Some("open_gate" | "decide_gate") => url::anchor(&url::desk_challenge(row.id), "gates"),
        _ if matches!(row.state, State::Draft | State::Proposed | State::Returned) => url::need(row.id),
        _ => url::desk_challenge(row.id),
    }
}

/// The words of a row's next act, if one waits.
pub fn next_words(locale: Locale, next: Option<&'static str>) -> Option<&'static str> {
    let next = next?;
    Some(find(locale, &format!("next.{next}")).unwrap_or_else(|| t(locale, "desk.next_other")))
}

/// Who acts next where nothing waits for the reader.
fn waits_for(locale: Locale, state: State) -> &'static str {
    match state {
        State::Draft | State::Returned => word(locale, "desk.waits", "issuer"),
        State::Proposed | State::Approved | State::Closed | State::Opened | State::Eligibility => {
            word(locale, "desk.waits", "organiser")
        }
        State::Published => word(locale, "desk.waits", "teams"),
        State::Review => word(locale, "desk.waits", "experts"),
        State::Publicity => word(locale, "desk.waits", "public"),
        State::Finished | State::NoValidBid | State::Cancelled | State::Terminated | State::Republished => {
            word(locale, "desk.waits", "nobody")
        }
        _ => word(locale, "desk.waits", "organiser"),
    }
}

/// The table; `id` is unique on the page. The caption is heard only, the section's heading says the same.
pub fn table(locale: Locale, id: &str, caption: &str, desk: Desk, rows: &[DeskRow]) -> AnyView {
    let mut table = Table::new(id, caption).quiet_caption().columns(vec![
        Column::head(t(locale, "desk.col.challenge")),
        Column::text(t(locale, "desk.col.state")),
        Column::text(t(locale, "desk.col.next")),
        Column::number(t(locale, "desk.col.amount")),
        Column::text(t(locale, "desk.col.deadline")),
    ]);
    for row in rows {
        table = table.row(cells(locale, desk, row));
    }
    table.draw()
}

fn cells(locale: Locale, desk: Desk, row: &DeskRow) -> Vec<AnyView> {
    let name = shown_title(locale, &row.number, &row.title);
    let own_page = match desk {
        Desk::Organiser if row.state == State::Approved || row.state.is_public() => {
            url::desk_challenge(row.id)
        }
        _ => way(desk, row),
    };
    let issuer = (desk == Desk::Organiser && !row.issuer_shown.is_empty())
        .then(|| view! { <span class="row-note">{row.issuer_shown.clone()}</span> });
    let next = match next_words(locale, row.next) {
        Some(words) => view! { <a class="next-act" href=way(desk, row)>{words}</a> }.into_any(),
        None => view! { <span class="muted">{waits_for(locale, row.state)}</span> }.into_any(),
    };
    vec![
        cell(view! { <span class="row-name"><a href=own_page>{name}</a>{issuer}</span> }),
        state_badge(locale, row.state),
        next,
        row.amount.map_or_else(|| cell("—"), wan_cell),
        row.closes_at.map_or_else(|| cell("—"), |at| when(locale, at)),
    ]
}

//! The panel's scores: bids by experts, what is still missing, and the ranking once everything is in.

use axum::response::Response;
use domain::bid::BidState;
use domain::challenge::State;
use domain::id::ChallengeId;
use domain::review::ReviewState;
use domain::view::desk::{DeskBid, DeskChallengePage, DeskSheet};
use leptos::prelude::*;

use super::challenge::load;
use super::eligibility::sealed;
use super::parts::{ChallengeTab, challenge_head, challenge_top, shown_title};
use crate::catalogue::{name_of, t, tf};
use crate::components::{Column, Empty, Notice, Table, button_link, buttons, cell, points, section};
use crate::context::{Here, Id};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here, Id(id): Id<ChallengeId>) -> Result<Response, AppError> {
    let page = load(&here, id).await?;
    let locale = here.locale;
    let head = challenge_head(locale, &page, ChallengeTab::Scores);
    here.page(head, move || draw(locale, &page)).await
}

pub fn draw(locale: Locale, page: &DeskChallengePage) -> AnyView {
    let lead = t(locale, "desk.scores.lead").to_owned();
    let top = challenge_top(locale, page, ChallengeTab::Scores, Some(lead));
    if page.state.is_sealed() {
        return (top, sealed(locale, page)).into_any();
    }
    if matches!(page.state, State::Opened | State::Eligibility) {
        let empty = Empty::new(t(locale, "desk.scores.not_started"))
            .text(t(locale, "desk.scores.not_started_text"))
            .way(url::desk_panel(page.id), t(locale, "desk.tab.panel"))
            .draw();
        return (top, empty).into_any();
    }
    (
        top,
        standing(locale, page),
        section("matrix", t(locale, "desk.scores.matrix"), matrix(locale, page, 0)),
        section("missing", t(locale, "desk.scores.missing"), missing(locale, page, 0)),
    )
        .into_any()
}

fn standing(locale: Locale, page: &DeskChallengePage) -> AnyView {
    let way = |primary| {
        buttons(vec![button_link(url::desk_decision(page.id), t(locale, "desk.tab.decision"), primary)])
    };
    if page.state != State::Review {
        return Notice::info(t(locale, "desk.scores.over")).foot(way(false)).draw(locale);
    }
    let left = count_missing(page, 0);
    if left > 0 {
        return Notice::info(tf(locale, "desk.scores.left", &[("count", &left.to_string())])).draw(locale);
    }
    Notice::good(t(locale, "desk.scores.complete")).foot(way(true)).draw(locale)
}

/// The sheets of one stage that still wait for an expert.
pub fn count_missing(page: &DeskChallengePage, gate: u32) -> usize {
    sheets(page, gate).filter(|sheet| sheet.state == ReviewState::Assigned).count()
}

fn sheets(page: &DeskChallengePage, gate: u32) -> impl Iterator<Item = &DeskSheet> {
    page.bids.iter().flat_map(|bid| &bid.sheets).filter(move |sheet| sheet.gate == gate)
}

/// Those who are scored at this stage: eligible bids, or the teams that reached the gate.
fn scored(page: &DeskChallengePage, gate: u32) -> impl Iterator<Item = &DeskBid> {
    page.bids.iter().filter(move |bid| {
        let has_sheets = bid.sheets.iter().any(|sheet| sheet.gate == gate);
        has_sheets || (gate == 0 && matches!(bid.state, BidState::Eligible | BidState::Won | BidState::Lost))
    })
}

/// One row per bid, one column per expert; the ranking's total and place once a decision stands.
pub fn matrix(locale: Locale, page: &DeskChallengePage, gate: u32) -> AnyView {
    let experts: Vec<_> =
        page.seats.iter().filter(|seat| sheets(page, gate).any(|sheet| sheet.seat == seat.seat)).collect();
    let ranking = page.decision.as_ref().filter(|_| gate == 0).map(|(_, decision)| &decision.ranking);
    let mut columns = vec![Column::head(t(locale, "desk.scores.bid"))];
    if ranking.is_some() {
        columns.push(Column::number(t(locale, "desk.decision.rank")));
        columns.push(Column::number(t(locale, "desk.decision.total")));
    }
    columns.extend(experts.iter().map(|seat| Column::number(seat.name.clone())));
    let mut table = Table::new("score-matrix", t(locale, "desk.scores.matrix_caption"))
        .quiet_caption()
        .scroll()
        .columns(columns);
    let mut rows: Vec<&DeskBid> = scored(page, gate).collect();
    let rank_of =
        |bid: &DeskBid| ranking.and_then(|ranking| ranking.rows.iter().find(|row| row.bid == bid.id));
    rows.sort_by_key(|bid| rank_of(bid).map_or(u32::MAX, |row| row.rank));
    if rows.is_empty() {
        return Empty::new(t(locale, "desk.scores.no_rows")).draw();
    }
    for bid in rows {
        let name = shown_title(locale, "", &bid.title);
        let mut cells = vec![cell(view! {
            <span class="row-name"><a href=url::bid_reading(bid.id)>{name}</a><span class="row-note">{bid.unit.clone()}</span></span>
        })];
        if ranking.is_some() {
            let ranked = rank_of(bid);
            cells.push(cell(ranked.map_or_else(|| "—".to_owned(), |row| row.rank.to_string())));
            cells.push(cell(
                ranked.map_or_else(|| "—".to_owned(), |row| points(row.total_milli, page.rule.decimals)),
            ));
        }
        for seat in &experts {
            let sheet = bid.sheets.iter().find(|sheet| sheet.gate == gate && sheet.seat == seat.seat);
            cells.push(sheet_cell(locale, page, sheet));
        }
        table = table.row(cells);
    }
    table.draw()
}

/// A total once handed in, else the state in a word.
fn sheet_cell(locale: Locale, page: &DeskChallengePage, sheet: Option<&DeskSheet>) -> AnyView {
    let Some(sheet) = sheet else {
        return view! { <span class="muted">{t(locale, "desk.scores.no_sheet")}</span> }.into_any();
    };
    match sheet.total_milli {
        Some(total) if sheet.state == ReviewState::Submitted => cell(points(total, page.rule.decimals)),
        _ => view! { <span class="muted">{name_of(locale, "review_state", &sheet.state)}</span> }.into_any(),
    }
}

/// Who still owes sheets, and how many.
pub fn missing(locale: Locale, page: &DeskChallengePage, gate: u32) -> AnyView {
    let mut table =
        Table::new("missing-sheets", t(locale, "desk.scores.missing")).quiet_caption().columns(vec![
            Column::head(t(locale, "desk.panel.expert")),
            Column::number(t(locale, "desk.scores.handed_in")),
            Column::number(t(locale, "desk.scores.open")),
            Column::number(t(locale, "desk.scores.abstained")),
            Column::text(t(locale, "desk.panel.declaration")),
        ]);
    let mut any = false;
    for seat in &page.seats {
        let count = |state| {
            sheets(page, gate).filter(|sheet| sheet.seat == seat.seat && sheet.state == state).count()
        };
        let (open, done, abstained) =
            (count(ReviewState::Assigned), count(ReviewState::Submitted), count(ReviewState::Abstained));
        if open + done + abstained == 0 {
            continue;
        }
        any = true;
        table = table.row(vec![
            cell(seat.name.clone()),
            cell(done.to_string()),
            cell(open.to_string()),
            cell(abstained.to_string()),
            cell(name_of(locale, "seat_state", &seat.state)),
        ]);
    }
    if any { table.draw() } else { Empty::new(t(locale, "desk.scores.no_rows")).draw() }
}

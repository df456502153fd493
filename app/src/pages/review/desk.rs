//! The panels an expert sits on: first the declaration, then the sheets, open ones first.

use axum::response::Response;
use domain::panel::SeatState;
use domain::review::ReviewState;
use domain::view::review::{SeatRow, SheetRow};
use leptos::prelude::*;

use crate::catalogue::{name_of, t, tf};
use crate::components::{
    Column, Empty, Heading, Table, Tone, badge, button_link, buttons, cell, disclosure, section,
};
use crate::context::Here;
use crate::error::AppError;
use crate::pages::desk::parts::head;
use crate::pages::public::piece::moment;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here) -> Result<Response, AppError> {
    here.need_person()?;
    let seats = store::query::review::seats(&here.store, &here.actor).await?;
    let locale = here.locale;
    let head = head(locale, t(locale, "review.desk.title"), Vec::new());
    here.page(head, move || draw(locale, &seats)).await
}

pub fn draw(locale: Locale, seats: &[SeatRow]) -> AnyView {
    let heading = Heading::new(t(locale, "review.desk.title")).lead(t(locale, "review.desk.lead")).draw();
    if seats.is_empty() {
        let empty = Empty::new(t(locale, "review.desk.empty"))
            .text(t(locale, "review.desk.empty_text"))
            .way(url::challenges(), t(locale, "common.nav_challenges"))
            .draw();
        return (heading, empty).into_any();
    }
    let (waiting, quiet): (Vec<&SeatRow>, Vec<&SeatRow>) = seats.iter().partition(|seat| waits(seat));
    let panels: Vec<AnyView> = waiting.into_iter().map(|seat| panel(locale, seat)).collect();
    let nothing = panels.is_empty().then(|| view! { <p>{t(locale, "review.desk.nothing_waits")}</p> });
    let folded: Vec<AnyView> = quiet.into_iter().map(|seat| fold(locale, seat)).collect();
    let rest = (!folded.is_empty()).then(|| {
        section("quiet", t(locale, "review.desk.quiet"), view! { <div class="stack">{folded}</div> })
    });
    (heading, nothing, panels, rest).into_any()
}

/// Something is still to be done by this expert.
fn waits(seat: &SeatRow) -> bool {
    match seat.state {
        SeatState::Seated => true,
        SeatState::Declared => seat.sheets.iter().any(|sheet| sheet.state == ReviewState::Assigned),
        SeatState::Recused => false,
    }
}

/// A panel that waits for others, or is over.
fn fold(locale: Locale, seat: &SeatRow) -> AnyView {
    let title = format!("{} {}", seat.challenge_number, seat.challenge_title);
    let content = view! {
        <div class="stack">
            <p>
                {badge(seat_tone(seat.state), name_of(locale, "seat_state", &seat.state))}
                " "
                <a href=url::challenge(seat.challenge)>{t(locale, "review.desk.challenge")}</a>
            </p>
            {body(locale, seat)}
        </div>
    };
    view! { <div data-challenge=seat.challenge.to_string()>{disclosure(title, false, content)}</div> }
        .into_any()
}

pub const fn seat_tone(state: SeatState) -> Tone {
    match state {
        SeatState::Seated => Tone::Warn,
        SeatState::Declared => Tone::Good,
        SeatState::Recused => Tone::Quiet,
    }
}

pub fn sheet_badge(locale: Locale, state: ReviewState) -> AnyView {
    let tone = match state {
        ReviewState::Assigned => Tone::Open,
        ReviewState::Submitted => Tone::Good,
        ReviewState::Abstained | ReviewState::Removed => Tone::Quiet,
    };
    badge(tone, name_of(locale, "review_state", &state))
}

fn panel(locale: Locale, seat: &SeatRow) -> AnyView {
    let id = format!("panel-{}", seat.seat);
    let title = seat.challenge_title.clone();
    let number = seat.challenge_number.clone();
    view! {
        <section class="section" aria-labelledby=id.clone() data-challenge=seat.challenge.to_string()>
            <h2 id=id.clone()>
                <a href=url::challenge(seat.challenge)>{number} " " {title}</a>
            </h2>
            <p>{badge(seat_tone(seat.state), name_of(locale, "seat_state", &seat.state))}</p>
            {body(locale, seat)}
        </section>
    }
    .into_any()
}

fn body(locale: Locale, seat: &SeatRow) -> AnyView {
    let says = |key: &str| view! { <p>{t(locale, key)}</p> }.into_any();
    match seat.state {
        SeatState::Recused => says("review.desk.recused"),
        SeatState::Seated => {
            let way = button_link(url::declaration(seat.challenge), t(locale, "review.desk.declare"), true);
            (says("review.desk.declare_first"), buttons(vec![way])).into_any()
        }
        SeatState::Declared if seat.sheets.is_empty() => says("review.desk.no_sheets"),
        SeatState::Declared => (progress(locale, seat), sheets(locale, seat)).into_any(),
    }
}

fn progress(locale: Locale, seat: &SeatRow) -> AnyView {
    let open = seat.sheets.iter().filter(|sheet| sheet.state == ReviewState::Assigned).count();
    let all = seat.sheets.len().to_string();
    let done = (seat.sheets.len() - open).to_string();
    view! { <p class="muted">{tf(locale, "review.desk.progress", &[("done", &done), ("all", &all)])}</p> }
        .into_any()
}

fn sheets(locale: Locale, seat: &SeatRow) -> AnyView {
    let caption = tf(locale, "review.desk.sheets_of", &[("number", &seat.challenge_number)]);
    let mut table = Table::new(format!("sheets-{}", seat.seat), caption).quiet_caption().columns(vec![
        Column::head(t(locale, "review.bid")),
        Column::text(t(locale, "review.stage")),
        Column::text(t(locale, "review.state")),
        Column::text(t(locale, "review.due")),
        Column::number(t(locale, "review.own_total")),
    ]);
    let mut rows: Vec<&SheetRow> = seat.sheets.iter().collect();
    rows.sort_by_key(|row| (row.state != ReviewState::Assigned, row.gate, row.review));
    for row in rows {
        let unit =
            if row.unit.is_empty() { t(locale, "review.blind_unit").to_owned() } else { row.unit.clone() };
        let title = row.bid_title.clone();
        let total = row.total_milli.map_or_else(|| "–".to_owned(), domain::words::milli_text);
        table = table.row(vec![
            cell(view! {
                <span class="row-name">
                    <a href=url::review(row.review) data-sheet=row.state.key()>{title}</a>
                    <span class="row-note">{unit}</span>
                </span>
            }),
            cell(stage_name(locale, row.gate)),
            sheet_badge(locale, row.state),
            moment(row.due),
            cell(total),
        ]);
    }
    table.draw()
}

/// The selection, or the gate by its number.
pub fn stage_name(locale: Locale, gate: u32) -> String {
    match gate {
        0 => t(locale, "review.selection").to_owned(),
        number => tf(locale, "chart.gate_short", &[("number", &number.to_string())]),
    }
}

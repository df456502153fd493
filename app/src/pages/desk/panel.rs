//! The panel: who sits on it, who may be seated, and the start of the review.

use axum::response::Response;
use domain::actor::Actor;
use domain::bid::BidState;
use domain::challenge::State;
use domain::id::ChallengeId;
use domain::panel::{SeatState, check_size};
use domain::permission::Action;
use domain::refusal::Refusal;
use domain::view::desk::{DeskChallengePage, DeskSeat};
use leptos::prelude::*;

use super::challenge::load;
use super::parts::{ChallengeTab, challenge_head, challenge_top, may};
use crate::catalogue::{name_of, refusal, t, tf};
use crate::components::badge::Tone;
use crate::components::{
    Button, Column, Echo, Empty, Field, Form, Notice, Table, badge, button_link, buttons, cell,
    error_summary, section,
};
use crate::context::{Here, Id};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here, Id(id): Id<ChallengeId>) -> Result<Response, AppError> {
    let page = load(&here, id).await?;
    let echo = here.echo().await?;
    let (locale, actor) = (here.locale, here.actor.clone());
    let head = challenge_head(locale, &page, ChallengeTab::Panel);
    here.page(head, move || draw(locale, &actor, &page, &echo)).await
}

/// While these states last the store takes new experts: before the review, during it (a replacement), for the gates.
fn seats_change(state: State) -> bool {
    use State as S;
    let before = matches!(state, S::Published | S::Closed | S::Opened | S::Eligibility);
    before || matches!(state, S::Review | S::Awarded | S::Contracted | S::Running)
}

/// A seat that has been given sheets cannot be taken back.
fn has_sheets(page: &DeskChallengePage, seat: &DeskSeat) -> bool {
    page.bids.iter().flat_map(|bid| &bid.sheets).any(|sheet| sheet.seat == seat.seat)
}

pub fn draw(locale: Locale, actor: &Actor, page: &DeskChallengePage, echo: &Echo) -> AnyView {
    let lead = tf(locale, "desk.panel.lead", &[("need", &page.smallest_panel.to_string())]);
    let seats = seats_change(page.state) && may(actor, Action::SeatPanel);
    let summary = error_summary(locale, &echo.errors, &|_| t(locale, "desk.panel.due").to_owned());
    (
        challenge_top(locale, page, ChallengeTab::Panel, Some(lead)),
        summary,
        section(
            "seats",
            t(locale, "desk.panel.seats"),
            (size(locale, page), seat_table(locale, page, seats)),
        ),
        seats.then(|| section("experts", t(locale, "desk.panel.experts"), experts(locale, page))),
        section("start", t(locale, "desk.panel.start"), start(locale, actor, page, echo)),
    )
        .into_any()
}

fn active(page: &DeskChallengePage) -> u32 {
    let seats = page.seats.iter().filter(|seat| seat.state != SeatState::Recused).count();
    u32::try_from(seats).unwrap_or(u32::MAX)
}

/// How many sit, and whether that is enough and odd.
fn size(locale: Locale, page: &DeskChallengePage) -> AnyView {
    let have = active(page);
    match check_size(have, page.amount) {
        Ok(()) => {
            Notice::good(tf(locale, "desk.panel.size_good", &[("have", &have.to_string())])).draw(locale)
        }
        Err(why) => Notice::warn(refusal(locale, &why)).draw(locale),
    }
}

fn seat_badge(locale: Locale, state: SeatState) -> AnyView {
    let tone = match state {
        SeatState::Seated => Tone::Warn,
        SeatState::Declared => Tone::Good,
        SeatState::Recused => Tone::Bad,
    };
    badge(tone, name_of(locale, "seat_state", &state))
}

fn seat_table(locale: Locale, page: &DeskChallengePage, changes: bool) -> AnyView {
    if page.seats.is_empty() {
        return Empty::new(t(locale, "desk.panel.no_seats"))
            .text(t(locale, "desk.panel.no_seats_text"))
            .draw();
    }
    let mut columns = vec![
        Column::head(t(locale, "desk.panel.expert")),
        Column::text(t(locale, "desk.panel.units")),
        Column::text(t(locale, "desk.panel.declaration")),
        Column::number(t(locale, "desk.panel.conflicts")),
        Column::text(t(locale, "desk.col.note")),
    ];
    if changes {
        columns.push(Column::quiet(t(locale, "desk.col.act")));
    }
    let mut table = Table::new("seats-table", t(locale, "desk.panel.seats")).quiet_caption().columns(columns);
    for seat in &page.seats {
        let cells = seat_cells(locale, page, seat, changes);
        table = if seat.state == SeatState::Recused { table.faded_row(cells) } else { table.row(cells) };
    }
    table.draw()
}

fn seat_cells(locale: Locale, page: &DeskChallengePage, seat: &DeskSeat, changes: bool) -> Vec<AnyView> {
    let mut cells = vec![
        cell(seat.name.clone()),
        cell(seat.units.join(t(locale, "desk.separator"))),
        seat_badge(locale, seat.state),
        cell(seat.conflicts.to_string()),
        cell(seat.declared_note.clone()),
    ];
    if changes && has_sheets(page, seat) {
        cells.push(cell(""));
    } else if changes {
        let button = Button::secondary(t(locale, "desk.panel.unseat")).about(seat.name.clone());
        let form =
            Form::post(url::api("panel/unseat")).hidden("challenge", page.id).hidden("seat", seat.seat);
        cells.push(form.inline().button(button).draw());
    }
    cells
}

/// Those with the least to do come first.
fn experts(locale: Locale, page: &DeskChallengePage) -> AnyView {
    if page.experts.is_empty() {
        return Empty::new(t(locale, "desk.panel.no_experts"))
            .text(t(locale, "desk.panel.no_experts_text"))
            .way(url::desk_people(), t(locale, "desk.people.title"))
            .draw();
    }
    let mut experts: Vec<_> = page.experts.iter().collect();
    experts.sort_by(|a, b| a.load.cmp(&b.load).then_with(|| a.name.cmp(&b.name)));
    let mut table =
        Table::new("experts-table", t(locale, "desk.panel.experts")).quiet_caption().columns(vec![
            Column::head(t(locale, "desk.panel.expert")),
            Column::text(t(locale, "desk.panel.units")),
            Column::number(t(locale, "desk.panel.load")),
            Column::quiet(t(locale, "desk.col.act")),
        ]);
    for expert in experts {
        let button = Button::secondary(t(locale, "desk.panel.seat")).about(expert.name.clone());
        let form =
            Form::post(url::api("panel/seat")).hidden("challenge", page.id).hidden("person", expert.person);
        table = table.row(vec![
            cell(expert.name.clone()),
            cell(expert.units.join(t(locale, "desk.separator"))),
            cell(expert.load.to_string()),
            form.inline().button(button).draw(),
        ]);
    }
    let hint = view! { <p>{t(locale, "desk.panel.experts_hint")}</p> };
    (hint, table.draw()).into_any()
}

/// What still keeps the review from starting, or the form that starts it.
fn start(locale: Locale, actor: &Actor, page: &DeskChallengePage, echo: &Echo) -> AnyView {
    if !matches!(page.state, State::Published | State::Closed | State::Opened | State::Eligibility) {
        let way = buttons(vec![button_link(url::desk_scores(page.id), t(locale, "desk.tab.scores"), false)]);
        return Notice::info(t(locale, "desk.panel.started")).foot(way).draw(locale);
    }
    if page.state != State::Eligibility {
        return Notice::info(t(locale, "desk.panel.too_early")).draw(locale);
    }
    let unsettled = page.bids.iter().filter(|bid| bid.state == BidState::Submitted).count();
    let eligible = page.bids.iter().filter(|bid| bid.state == BidState::Eligible).count();
    if unsettled > 0 {
        let why = Refusal::EligibilityOpen { left: u32::try_from(unsettled).unwrap_or(u32::MAX) };
        let way = buttons(vec![button_link(
            url::desk_eligibility(page.id),
            t(locale, "desk.tab.eligibility"),
            false,
        )]);
        return Notice::warn(refusal(locale, &why)).foot(way).draw(locale);
    }
    if eligible == 0 {
        return Notice::warn(t(locale, "desk.eligibility.none_eligible")).draw(locale);
    }
    if check_size(active(page), page.amount).is_err() || !may(actor, Action::AssignReviews) {
        return Notice::warn(t(locale, "desk.panel.size_first")).draw(locale);
    }
    let (bids, experts) = (eligible.to_string(), active(page).to_string());
    let text = tf(locale, "desk.panel.start_text", &[("bids", &bids), ("experts", &experts)]);
    let undeclared = page.seats.iter().filter(|seat| seat.state == SeatState::Seated).count();
    let undeclared = (undeclared > 0).then(|| {
        Notice::info(tf(locale, "desk.panel.undeclared", &[("count", &undeclared.to_string())])).draw(locale)
    });
    let due = Field::datetime("due", t(locale, "desk.panel.due"))
        .hint(t(locale, "desk.beijing_hint"))
        .filled(locale, echo, "")
        .draw(locale);
    Form::post(url::api("panel/start_review"))
        .hidden("challenge", page.id)
        .part(view! { <p>{text}</p> }.into_any())
        .parts(undeclared.into_iter().collect())
        .part(due)
        .button(Button::primary(t(locale, "step.start_review")))
        .draw()
}

//! Publicity and results: who was chosen, by which rule, and how to object.

use axum::response::Response;
use domain::challenge::State;
use domain::view::Page;
use domain::view::public::{PublicWinner, ResultRow};
use leptos::prelude::*;

use super::piece;
use crate::catalogue::{t, tf};
use crate::components::{
    Card, Column, Empty, Facts, Heading, Place, Table, cell, day, hash, points, section,
};
use crate::context::{Head, Here};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

/// Totals are rounded by the rule already; public tables show two decimals for all.
pub const DECIMALS: u8 = 2;

pub async fn show(here: Here) -> Result<Response, AppError> {
    let after = here.query("after").filter(|after| !after.is_empty());
    let page = store::query::public::results(&here.store, after.as_deref()).await?;
    let locale = here.locale;
    let mut head = Head::new(here.t("common.nav_results"), Place::Results);
    head.description = Some(here.t("public.results_lead").to_owned());
    here.page(head, move || draw(locale, page, after)).await
}

pub fn draw(locale: Locale, page: Page<ResultRow>, after: Option<String>) -> AnyView {
    let content = if page.rows.is_empty() {
        Empty::new(t(locale, "public.no_results"))
            .text(t(locale, "public.no_results_text"))
            .way(url::challenges(), t(locale, "public.all_challenges"))
            .draw()
    } else {
        page.rows
            .iter()
            .enumerate()
            .map(|(index, row)| article(locale, index, row))
            .collect::<Vec<_>>()
            .into_any()
    };
    view! {
        {Heading::new(t(locale, "common.nav_results")).lead(t(locale, "public.results_lead")).draw()}
        <p><a href="#objection">{t(locale, "public.objection")}</a></p>
        {content}
        {piece::onward(locale, &url::results(), after.as_deref(), page.next.as_deref())}
        {objection(locale)}
    }
    .into_any()
}

/// One result in full.
fn article(locale: Locale, index: usize, row: &ResultRow) -> AnyView {
    let name = piece::title(locale, &row.title, &row.title_en);
    let lang = piece::lang_of(locale, &name);
    // The board opens when the race starts, not when its teams are named.
    let started = matches!(row.state, State::Running | State::Acceptance | State::Finished);
    let race = (row.has_race && started).then(|| {
        view! { <p><a href=url::race(row.challenge)>{t(locale, "public.to_race")}</a></p> }
    });
    view! {
        <article class="result">
            <div class="heading-above">
                <span>{row.number.clone()}</span>
                {piece::state_badge(locale, row.state)}
            </div>
            <h2><a href=url::challenge(row.challenge) lang=lang>{name}</a></h2>
            {winners_table(locale, &format!("winners-{index}"), row)}
            {trace(locale, row)}
            {race}
        </article>
    }
    .into_any()
}

/// A result as a card: the winners in a line.
pub fn card(locale: Locale, row: &ResultRow) -> AnyView {
    let units: Vec<&str> = row.winners.iter().map(|winner| winner.unit.as_str()).collect();
    let mut card = Card::new(piece::title(locale, &row.title, &row.title_en))
        .href(url::challenge(row.challenge))
        .kicker(row.number.clone())
        .badge(piece::state_badge(locale, row.state))
        .fact(t(locale, "public.winners"), units.join(t(locale, "common.list_separator")));
    if let Some(at) = row.publicity_ends_at {
        card = card.fact(t(locale, "public.publicity_until"), day(locale, at));
    }
    card.draw()
}

/// The winners; with totals where the rule makes them public.
pub fn winners_table(locale: Locale, id: &str, row: &ResultRow) -> AnyView {
    if row.winners.is_empty() {
        return view! { <p>{t(locale, "public.no_winner")}</p> }.into_any();
    }
    let scored = row.winners.iter().any(|winner| winner.total_milli.is_some());
    let mut columns = vec![
        Column::number(t(locale, "public.rank")),
        Column::head(t(locale, "public.unit")),
        Column::text(t(locale, "public.bid_title")),
    ];
    if scored {
        columns.push(Column::number(t(locale, "public.total")));
    }
    let mut table = Table::new(id, t(locale, "public.winners")).columns(columns);
    for winner in &row.winners {
        table = table.row(winner_cells(locale, winner, scored));
    }
    table.draw()
}

fn winner_cells(locale: Locale, winner: &PublicWinner, scored: bool) -> Vec<AnyView> {
    let lang = piece::lang_of(locale, &winner.bid_title);
    let title = winner.bid_title.clone();
    let mut cells = vec![
        cell(winner.rank.to_string()),
        cell(winner.unit.clone()),
        view! { <span lang=lang>{title}</span> }.into_any(),
    ];
    if scored {
        cells.push(cell(winner.total_milli.map_or_else(|| "–".to_owned(), |milli| points(milli, DECIMALS))));
    }
    cells
}

/// Everything somebody needs who wants to compute the result again.
pub fn trace(locale: Locale, row: &ResultRow) -> AnyView {
    let period = match (row.publicity_from, row.publicity_ends_at) {
        (Some(from), Some(to)) => Some(view! { {day(locale, from)} " – " {day(locale, to)} }.into_any()),
        (None, Some(to)) => Some(day(locale, to)),
        _ => None,
    };
    let ranked = tf(locale, "public.bids_ranked_value", &[("count", &row.bids_ranked.to_string())]);
    let seal = (!row.rule_sha256.is_empty()).then(|| {
        view! {
            {hash(locale, &row.rule_sha256)}
            " "
            <a href=url::challenge_rule(row.challenge)>{t(locale, "public.rule_file")}</a>
        }
    });
    let seed = (!row.draw_seed.is_empty()).then(|| hash(locale, &row.draw_seed));
    Facts::new()
        .some(t(locale, "public.publicity"), period)
        .row(t(locale, "public.bids_ranked"), ranked)
        .some(t(locale, "public.rule_sha256"), seal)
        .some(t(locale, "public.draw_seed"), seed)
        .draw()
}

/// How to object: written, with a real name and evidence; the objector's identity is protected.
pub fn objection(locale: Locale) -> AnyView {
    let ways = [
        "public.objection_written",
        "public.objection_name",
        "public.objection_evidence",
        "public.objection_answer",
    ];
    let items: Vec<AnyView> =
        ways.into_iter().map(|key| view! { <li>{t(locale, key)}</li> }.into_any()).collect();
    section(
        "objection",
        t(locale, "public.objection"),
        view! {
            <p>{t(locale, "public.objection_text")}</p>
            <ul class="bullets">{items}</ul>
        },
    )
}

//! What each bidder's letter will say, before it leaves.

use domain::decision::Decision;
use domain::score::RankedBid;
use domain::view::desk::DeskChallengePage;
use leptos::prelude::*;

use super::decision::bid_names;
use super::parts::shown_title;
use crate::catalogue::{t, tf};
use crate::components::{Column, Paper, Table, cell, disclosure, points};
use crate::text::Locale;

/// More letters than this are counted, not drawn.
const SHOWN: usize = 30;

/// One letter per ranked bid, each folded under the bidder's name.
pub fn letters(locale: Locale, page: &DeskChallengePage, decision: &Decision) -> AnyView {
    let rows = &decision.ranking.rows;
    let drawn: Vec<AnyView> =
        rows.iter().take(SHOWN).map(|row| folded(locale, page, decision, row)).collect();
    let more = rows.len().saturating_sub(SHOWN);
    let more = (more > 0).then(
        || view! { <p>{tf(locale, "desk.decision.letters_more", &[("count", &more.to_string())])}</p> },
    );
    (view! { <p>{t(locale, "desk.decision.letters_text")}</p> }, drawn, more).into_any()
}

fn folded(locale: Locale, page: &DeskChallengePage, decision: &Decision, row: &RankedBid) -> AnyView {
    let won = decision.winners.contains(&row.bid);
    let (unit, title) = bid_names(locale, page, row.bid);
    let words = t(locale, if won { "desk.decision.winner" } else { "desk.decision.not_winner" });
    let summary = [unit.as_str(), t(locale, "common.colon"), words].concat();
    disclosure(summary, false, letter(locale, page, decision, row, (unit, title)))
}

fn letter(
    locale: Locale,
    page: &DeskChallengePage,
    decision: &Decision,
    row: &RankedBid,
    names: (String, String),
) -> AnyView {
    let won = decision.winners.contains(&row.bid);
    let (unit, title) = names;
    let challenge = shown_title(locale, &page.number, &page.title);
    let total = points(row.total_milli, page.rule.decimals);
    let (rank, of) = (row.rank.to_string(), decision.ranking.rows.len().to_string());
    let key = if won { "desk.decision.letter_won" } else { "desk.decision.letter_lost" };
    let result = tf(locale, key, &[("bid", &title), ("challenge", &challenge)]);
    let standing =
        tf(locale, "desk.decision.letter_standing", &[("total", &total), ("rank", &rank), ("of", &of)]);
    let table_id = format!("letter-{}", row.rank);
    Paper::new(t(locale, "common.name_full"), t(locale, "desk.decision.letter_title"))
        .number(page.number.clone())
        .part(view! { <p>{tf(locale, "desk.decision.letter_to", &[("unit", &unit)])}</p> })
        .part(view! { <p>{result}</p> })
        .part(view! { <p>{standing}</p> })
        .part(positions(locale, table_id, page, decision, row))
        .draw()
}

/// The bid's score in each criterion and its place among all that were scored.
fn positions(
    locale: Locale,
    id: String,
    page: &DeskChallengePage,
    decision: &Decision,
    row: &RankedBid,
) -> AnyView {
    let mut table = Table::new(id, t(locale, "desk.decision.positions")).columns(vec![
        Column::head(t(locale, "desk.rule.f.criteria.name")),
        Column::number(t(locale, "desk.decision.score")),
        Column::number(t(locale, "desk.decision.position")),
    ]);
    for (index, criterion) in page.rule.rubric.criteria.iter().enumerate() {
        let Some(own) = row.per_criterion_milli.get(index) else { continue };
        let better = decision.ranking.rows.iter().filter_map(|other| other.per_criterion_milli.get(index));
        let position = better.filter(|score| *score > own).count() + 1;
        table = table.row(vec![
            cell(locale.of(&criterion.name).to_owned()),
            cell(points(*own, page.rule.decimals)),
            cell(position.to_string()),
        ]);
    }
    table.draw()
}

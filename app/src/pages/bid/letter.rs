//! The team's own letter once the decision is applied: result, total, place and every criterion. Nothing about others.

use axum::response::Response;
use domain::id::BidId;
use domain::notice::{CriterionPosition, Notice};
use domain::rule::Bilingual;
use domain::time::Timestamp;
use domain::view::bid::BidPage;
use leptos::prelude::*;

use crate::catalogue::{t, tf};
use crate::components::{
    Column, Empty, Facts, Heading, Paper, Table, Tone, badge, button_link, cell, day, hash, points,
};
use crate::context::{Here, Id};
use crate::error::AppError;
use crate::pages::desk::parts::head;
use crate::pages::public::piece::title;
use crate::text::Locale;
use crate::url;

/// The inbox is read this far back, 50 notices a page.
const MAX_INBOX_PAGES: usize = 20;

/// What the letter says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub won: bool,
    pub total_milli: i64,
    pub rank: u32,
    pub of: u32,
    pub criteria: Vec<CriterionPosition>,
    pub rule_sha256: String,
    pub sent_at: Timestamp,
}

pub async fn show(here: Here, Id(id): Id<BidId>) -> Result<Response, AppError> {
    here.need_person()?;
    let page = store::query::bid::bid(&here.store, &here.actor, id).await?;
    let letter = find_letter(&here, id).await?;
    let locale = here.locale;
    let trail = vec![(url::desk_bids(), t(locale, "bid.list.title").to_owned())];
    let head = head(locale, t(locale, "bid.letter.title"), trail);
    here.page(head, move || draw(locale, &page, letter.as_ref())).await
}

/// The letter as it reached the reader's inbox.
async fn find_letter(here: &Here, id: BidId) -> Result<Option<Letter>, AppError> {
    let own = id.to_string();
    let mut after: Option<String> = None;
    for _ in 0..MAX_INBOX_PAGES {
        let page = store::query::account::inbox(&here.store, &here.actor, after.as_deref()).await?;
        let found = page.rows.into_iter().find_map(|row| match row.notice {
            Notice::Result { bid, won, total_milli, rank, of, criteria, rule_sha256, .. } if bid == own => {
                Some(Letter { won, total_milli, rank, of, criteria, rule_sha256, sent_at: row.created_at })
            }
            _ => None,
        });
        if found.is_some() {
            return Ok(found);
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(None)
}

pub fn draw(locale: Locale, page: &BidPage, letter: Option<&Letter>) -> AnyView {
    let heading = Heading::new(t(locale, "bid.letter.title"))
        .action(button_link(url::bid(page.id), t(locale, "bid.receipt.back"), false))
        .draw();
    let Some(letter) = letter else {
        let empty = Empty::new(t(locale, "bid.letter.none"))
            .text(t(locale, "bid.letter.none_text"))
            .way(url::inbox(), t(locale, "common.inbox"))
            .draw();
        return (heading, empty).into_any();
    };
    let content = &page.challenge_content;
    let named = format!("{} {}", page.challenge_number, title(locale, &content.title, &content.title_en));
    let words = if letter.won { "bid.letter.won" } else { "bid.letter.lost" };
    let paper = Paper::new(t(locale, "common.name_full"), t(locale, "bid.letter.title"))
        .number(page.challenge_number.clone())
        .part(view! { <p>{tf(locale, "bid.letter.to", &[("unit", &page.unit)])}</p> })
        .part(view! { <p>{tf(locale, words, &[("challenge", &named)])}</p> })
        .part(result(locale, page, letter))
        .part(criteria(locale, page, letter))
        .part(view! { <p>{t(locale, "bid.letter.next")}</p> })
        .foot(day(locale, letter.sent_at))
        .draw();
    (heading, paper).into_any()
}

fn result(locale: Locale, page: &BidPage, letter: &Letter) -> AnyView {
    let (tone, word) =
        if letter.won { (Tone::Good, "bid_state.won") } else { (Tone::Quiet, "bid_state.lost") };
    let place =
        tf(locale, "bid.letter.place", &[("rank", &letter.rank.to_string()), ("of", &letter.of.to_string())]);
    Facts::new()
        .row(t(locale, "bid.letter.result"), badge(tone, t(locale, word)))
        .row(t(locale, "bid.letter.total"), points(letter.total_milli, page.rule.rule.decimals))
        .row(t(locale, "bid.letter.rank"), place)
        .row(t(locale, "bid.receipt.rule_hash"), hash(locale, &letter.rule_sha256))
        .draw()
}

fn criteria(locale: Locale, page: &BidPage, letter: &Letter) -> Option<AnyView> {
    if letter.criteria.is_empty() {
        return None;
    }
    let mut table = Table::new("criteria", t(locale, "bid.letter.criteria")).columns(vec![
        Column::head(t(locale, "chart.criterion")),
        Column::number(t(locale, "chart.score")),
        Column::number(t(locale, "bid.letter.rank")),
    ]);
    for criterion in &letter.criteria {
        let name = Bilingual { zh: criterion.name_zh.clone(), en: criterion.name_en.clone() };
        table = table.row(vec![
            cell(locale.of(&name).to_owned()),
            cell(points(criterion.score_milli, page.rule.rule.decimals)),
            cell(criterion.rank.to_string()),
        ]);
    }
    Some(table.draw())
}

//! What the platform promises to have received, to print and as a file.

use axum::response::{IntoResponse, Response};
use domain::bid::Receipt;
use domain::id::BidId;
use domain::view::bid::BidPage;
use http::header;
use leptos::prelude::*;

use crate::catalogue::{t, tf};
use crate::components::{Facts, Heading, Paper, button_link, day, when};
use crate::context::{Here, Id};
use crate::error::AppError;
use crate::pages::desk::parts::head;
use crate::pages::public::piece::title;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here, Id(id): Id<BidId>) -> Result<Response, AppError> {
    let (page, receipt) = load(&here, id).await?;
    let locale = here.locale;
    let trail = vec![(url::desk_bids(), t(locale, "bid.list.title").to_owned())];
    let head = head(locale, t(locale, "bid.receipt.title"), trail);
    here.page(head, move || draw(locale, &page, &receipt)).await
}

/// Receipt and content as JSON: the content's canonical form is what the hash was made of.
pub async fn file(here: Here, Id(id): Id<BidId>) -> Result<Response, AppError> {
    let (page, receipt) = load(&here, id).await?;
    let body = serde_json::json!({ "receipt": receipt, "content": page.submitted }).to_string();
    let name: String =
        receipt.number.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.json\"")),
    ];
    Ok((headers, body).into_response())
}

async fn load(here: &Here, id: BidId) -> Result<(BidPage, Receipt), AppError> {
    here.need_person()?;
    let page = store::query::bid::bid(&here.store, &here.actor, id).await?;
    let receipt = page.receipt.clone().ok_or_else(AppError::not_found)?;
    Ok((page, receipt))
}

pub fn draw(locale: Locale, page: &BidPage, receipt: &Receipt) -> AnyView {
    let heading = Heading::new(t(locale, "bid.receipt.title"))
        .lead(t(locale, "bid.receipt.lead"))
        .action(button_link(url::receipt_file(page.id), t(locale, "bid.receipt.file"), false))
        .action(button_link(url::bid(page.id), t(locale, "bid.receipt.back"), false))
        .draw();
    let paper = Paper::new(t(locale, "common.name_full"), t(locale, "bid.receipt.title"))
        .number(receipt.number.clone())
        .part(view! { <p>{tf(locale, "bid.receipt.words", &[("unit", &page.unit)])}</p> })
        .part(facts(locale, page, receipt))
        .part(view! { <p class="small muted">{t(locale, "bid.receipt.verify")}</p> })
        .foot(day(locale, receipt.received_at))
        .draw();
    (heading, paper).into_any()
}

fn facts(locale: Locale, page: &BidPage, receipt: &Receipt) -> AnyView {
    let content = &page.challenge_content;
    let challenge =
        format!("{} {}", receipt.challenge_number, title(locale, &content.title, &content.title_en));
    let bid_title = page.submitted.as_ref().map(|submitted| submitted.title.clone());
    let code = |text: &str| {
        let text = text.to_owned();
        view! { <code class="hash-full">{text}</code> }
    };
    Facts::new()
        .row(t(locale, "bid.challenge"), challenge)
        .row(t(locale, "bid.lead_unit"), page.unit.clone())
        .some(t(locale, "bid.f.title"), bid_title)
        .row(t(locale, "bid.receipt.received_at"), when(locale, receipt.received_at))
        .row(t(locale, "bid.receipt.revision"), receipt.revision.to_string())
        .row(t(locale, "bid.receipt.content_hash"), code(&receipt.content_sha256))
        .row(t(locale, "bid.receipt.rule_hash"), code(&receipt.rule_sha256))
        .draw()
}

//! The bids of the reader's units.

use axum::response::Response;
use domain::bid::BidState;
use domain::view::bid::BidRow;
use leptos::prelude::*;

use crate::catalogue::t;
use crate::components::{Column, Empty, Heading, Table, cell};
use crate::context::{Head, Here};
use crate::error::AppError;
use crate::pages::desk::parts::{bid_badge, head};
use crate::pages::public::piece::moment;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here) -> Result<Response, AppError> {
    here.need_person()?;
    let rows = store::query::bid::own_bids(&here.store, &here.actor).await?;
    let locale = here.locale;
    let head: Head = head(locale, t(locale, "bid.list.title"), Vec::new());
    here.page(head, move || draw(locale, &rows)).await
}

pub fn draw(locale: Locale, rows: &[BidRow]) -> AnyView {
    let heading = Heading::new(t(locale, "bid.list.title")).lead(t(locale, "bid.list.lead")).draw();
    if rows.is_empty() {
        let empty = Empty::new(t(locale, "bid.list.empty"))
            .text(t(locale, "bid.list.empty_text"))
            .way(url::challenges_with(&[("state", "published")]), t(locale, "bid.list.find"))
            .way(url::account(), t(locale, "bid.list.account"))
            .draw();
        return (heading, empty).into_any();
    }
    let mut table = Table::new("bids", t(locale, "bid.list.title")).quiet_caption().columns(vec![
        Column::head(t(locale, "bid.list.bid")),
        Column::text(t(locale, "bid.state")),
        Column::text(t(locale, "bid.list.closes_at")),
        Column::text(t(locale, "bid.list.updated_at")),
    ]);
    for row in rows {
        let cells = vec![
            name(locale, row),
            bid_badge(locale, row.state),
            moment(row.closes_at),
            moment(Some(row.updated_at)),
        ];
        table = match row.state {
            BidState::Withdrawn => table.faded_row(cells),
            _ => table.row(cells),
        };
    }
    (heading, table.draw()).into_any()
}

fn name(locale: Locale, row: &BidRow) -> AnyView {
    let title =
        if row.title.trim().is_empty() { t(locale, "bid.untitled").to_owned() } else { row.title.clone() };
    let challenge = format!("{} {}", row.challenge_number, row.challenge_title);
    cell(view! {
        <span class="row-name">
            <a href=url::bid(row.id)>{title}</a>
            <span class="row-note">{challenge}</span>
        </span>
    })
}

//! The inbox: every letter as a sentence or two, and the page it is about. The source of truth; mail is a copy.

use axum::response::Response;
use domain::notice::{CriterionPosition, Notice};
use domain::view::Page;
use domain::view::account::InboxRow;
use leptos::prelude::*;

use super::letter_words::{self, Words};
use crate::catalogue::{t, tf};
use crate::components::{Button, Column, Empty, Form, Heading, Place, Table, cell, disclosure, points, when};
use crate::context::{Head, Here};
use crate::error::AppError;
use crate::pages::public::piece;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here) -> Result<Response, AppError> {
    here.need_person()?;
    let after = here.query("after").filter(|after| !after.is_empty());
    let page = store::query::account::inbox(&here.store, &here.actor, after.as_deref()).await?;
    let unread = store::query::account::count_unread(&here.store, &here.actor).await?;
    let locale = here.locale;
    let head = Head::new(here.t("common.inbox"), Place::Inbox);
    here.page(head, move || draw(locale, page, unread, after)).await
}

pub fn draw(locale: Locale, page: Page<InboxRow>, unread: u32, after: Option<String>) -> AnyView {
    let mut heading = Heading::new(t(locale, "common.inbox"));
    if unread > 0 {
        let all = Form::post(url::api("account/mark_all_read"))
            .inline()
            .button(Button::secondary(t(locale, "account.mark_all_read")))
            .draw();
        heading = heading.lead(tf(locale, "common.unread", &[("count", &unread.to_string())])).action(all);
    }
    let content = if page.rows.is_empty() {
        Empty::new(t(locale, "account.inbox_empty"))
            .text(t(locale, "account.inbox_empty_text"))
            .way(url::challenges(), t(locale, "common.nav_challenges"))
            .way(url::account(), t(locale, "account.follows"))
            .draw()
    } else {
        let rows: Vec<AnyView> =
            page.rows.iter().enumerate().map(|(index, row)| letter(locale, index, row)).collect();
        view! { <ul class="letters" role="list">{rows}</ul> }.into_any()
    };
    view! {
        {heading.draw()}
        {content}
        {piece::onward(locale, &url::inbox(), after.as_deref(), page.next.as_deref())}
    }
    .into_any()
}

fn letter(locale: Locale, index: usize, row: &InboxRow) -> AnyView {
    let Words { title, text, href } = letter_words::of(locale, &row.notice);
    let unread = row.read_at.is_none();
    let mark = unread.then(|| view! { <span class="letter-new">{t(locale, "account.unread")}</span> });
    let heading = match href {
        Some(href) => view! { <a href=href>{title.clone()}</a> }.into_any(),
        None => title.clone().into_any(),
    };
    let read = unread.then(|| {
        Form::post(url::api("account/mark_read"))
            .inline()
            .hidden("notice", row.id)
            .button(Button::quiet(t(locale, "account.mark_read")).about(title))
            .draw()
    });
    view! {
        <li class=if unread { "letter letter-unread" } else { "letter" }>
            <div class="letter-head">{mark}{when(locale, row.created_at)}</div>
            <h2 class="letter-title">{heading}</h2>
            <p>{text}</p>
            {positions(locale, index, &row.notice)}
            {read}
        </li>
    }
    .into_any()
}

/// A bidder's own position in each criterion.
fn positions(locale: Locale, index: usize, notice: &Notice) -> AnyView {
    let Notice::Result { criteria, of, .. } = notice else { return ().into_any() };
    if criteria.is_empty() {
        return ().into_any();
    }
    let mut table = Table::new(format!("positions-{index}"), t(locale, "account.positions"))
        .quiet_caption()
        .columns(vec![
            Column::head(t(locale, "chart.criterion")),
            Column::number(t(locale, "chart.score")),
            Column::number(t(locale, "account.position")),
        ]);
    for criterion in criteria {
        let place = tf(
            locale,
            "account.position_value",
            &[("rank", &criterion.rank.to_string()), ("of", &of.to_string())],
        );
        table = table.row(vec![
            cell(criterion_name(locale, criterion)),
            cell(points(criterion.score_milli, letter_words::DECIMALS)),
            cell(place),
        ]);
    }
    disclosure(t(locale, "account.positions"), false, table.draw())
}

fn criterion_name(locale: Locale, criterion: &CriterionPosition) -> String {
    piece::title(locale, &criterion.name_zh, &criterion.name_en)
}

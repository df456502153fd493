//! Letters that could not be delivered.

use axum::response::Response;
use leptos::prelude::*;
use store::query::account::DeadLetter;

use super::parts::head;
use crate::catalogue::{find, t};
use crate::components::{Button, Column, Empty, Form, Heading, Table, cell, when};
use crate::context::Here;
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

async fn load(here: &Here) -> Result<Vec<DeadLetter>, AppError> {
    Ok(store::query::account::dead_letters(&here.store, &here.actor).await?)
}

pub async fn show(here: Here) -> Result<Response, AppError> {
    here.need_person()?;
    let letters = load(&here).await?;
    let locale = here.locale;
    here.page(head(locale, here.t("desk.letters.title"), Vec::new()), move || draw(locale, &letters)).await
}

pub fn draw(locale: Locale, letters: &[DeadLetter]) -> AnyView {
    let heading = Heading::new(t(locale, "desk.letters.title")).lead(t(locale, "desk.letters.lead")).draw();
    if letters.is_empty() {
        let empty = Empty::new(t(locale, "desk.letters.none"))
            .text(t(locale, "desk.letters.none_text"))
            .way(url::desk(), t(locale, "desk.title"))
            .draw();
        return (heading, empty).into_any();
    }
    let mut table =
        Table::new("dead-letters", t(locale, "desk.letters.title")).quiet_caption().columns(vec![
            Column::head(t(locale, "desk.letters.to")),
            Column::text(t(locale, "desk.letters.kind")),
            Column::text(t(locale, "desk.letters.created")),
            Column::number(t(locale, "desk.letters.attempts")),
            Column::text(t(locale, "desk.letters.error")),
            Column::quiet(t(locale, "desk.col.act")),
        ]);
    for letter in letters {
        let kind =
            find(locale, &format!("desk.letter_kind.{}", letter.kind)).unwrap_or(&letter.kind).to_owned();
        let retry = Form::post(url::api("account/retry_letter"))
            .inline()
            .hidden("notice", letter.id)
            .button(Button::secondary(t(locale, "desk.letters.retry")).about(letter.address.clone()))
            .draw();
        table = table.row(vec![
            cell(letter.address.clone()),
            cell(kind),
            when(locale, letter.created_at),
            cell(letter.attempts.to_string()),
            cell(view! { <span class="machine-text" lang="en">{letter.last_error.clone()}</span> }),
            retry,
        ]);
    }
    (heading, table.draw()).into_any()
}

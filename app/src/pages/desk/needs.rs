//! The issuer's needs, newest first.

use axum::response::Response;
use domain::permission::{Action, Facts, decide};
use domain::view::desk::DeskRow;
use leptos::prelude::*;

use super::home_rows::{self, Desk};
use super::parts::head;
use crate::catalogue::t;
use crate::components::{Empty, Heading, button_link};
use crate::context::Here;
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

async fn load(here: &Here) -> Result<Vec<DeskRow>, AppError> {
    Ok(store::query::desk::needs(&here.store, &here.actor).await?)
}

pub async fn show(here: Here) -> Result<Response, AppError> {
    here.need_person()?;
    let rows = load(&here).await?;
    let may_draft = decide(&here.actor, Action::DraftNeed, &Facts::default()).is_ok();
    let locale = here.locale;
    here.page(head(locale, here.t("desk.needs.title"), Vec::new()), move || draw(locale, &rows, may_draft))
        .await
}

pub fn draw(locale: Locale, rows: &[DeskRow], may_draft: bool) -> AnyView {
    let mut heading = Heading::new(t(locale, "desk.needs.title")).lead(t(locale, "desk.needs.lead"));
    if may_draft && !rows.is_empty() {
        heading = heading.action(button_link(url::need_new(), t(locale, "desk.needs.new"), true));
    }
    if !rows.is_empty() {
        let table = home_rows::table(locale, "needs", t(locale, "desk.needs.title"), Desk::Issuer, rows);
        return (heading.draw(), table).into_any();
    }
    let empty = Empty::new(t(locale, "desk.needs.none"));
    let empty = if may_draft {
        empty.text(t(locale, "desk.needs.none_text")).way(url::need_new(), t(locale, "desk.needs.new"))
    } else {
        empty
            .text(t(locale, "desk.needs.not_issuer"))
            .way(url::account(), t(locale, "desk.home.register_unit"))
            .way(url::challenges(), t(locale, "desk.home.see_challenges"))
    };
    (heading.draw(), empty.draw()).into_any()
}

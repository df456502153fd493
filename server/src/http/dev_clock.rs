//! The demonstration's clock: a page and a button that move it forward and do at once what has become due.
//! Mounted in demonstration mode only. Deliberately absent: moving back; what happened stays happened.

use app::components::{Button, Facts, Field, Form, Heading, Place, when};
use app::context::{AppState, Head, Here};
use app::error::AppError;
use axum::Router;
use axum::extract::Form as FormBody;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::time::DAY_MS;
use leptos::prelude::*;
use serde::Deserialize;

use crate::jobs::{self, Deps};

const PATH: &str = "/dev/clock";
/// A race of several years in a handful of moves, and never past what a calendar can name.
const MOST_DAYS: i64 = 400;

#[derive(Deserialize)]
struct Move {
    days: i64,
}

/// Nothing but the demonstration mounts this.
pub fn router(deps: Deps) -> Router<AppState> {
    let turn = move |FormBody(form): FormBody<Move>| turn(deps.clone(), form);
    Router::new().route(PATH, get(show).post(turn))
}

async fn turn(deps: Deps, form: Move) -> Result<Response, AppError> {
    deps.store.clock.advance_ms(form.days.clamp(0, MOST_DAYS) * DAY_MS);
    jobs::clock::run_once(&deps).await?;
    jobs::clock::tidy_once(&deps).await?;
    jobs::mail::run_all(&deps).await?;
    Ok(Redirect::to(PATH).into_response())
}

async fn show(here: Here) -> Result<Response, AppError> {
    let now = here.store.now().await?;
    let locale = here.locale;
    let t = move |key| app::catalogue::t(locale, key);
    here.page(Head::new(t("dev.clock_title"), Place::Elsewhere), move || {
        let form = Form::post(PATH)
            .part(Field::number("days", t("dev.clock_days")).value("1").required().narrow().draw(locale))
            .button(Button::primary(t("dev.clock_move")));
        view! {
            {Heading::new(t("dev.clock_title")).lead(t("dev.clock_hint")).draw()}
            {Facts::new().row(t("dev.clock_now"), when(locale, now)).draw()}
            {form.draw()}
        }
    })
    .await
}

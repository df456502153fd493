//! The letters the demonstration wrote, in a browser. Mounted in demonstration mode only.

use std::sync::Arc;

use app::components::layout::Place;
use app::context::{AppState, Head, Here};
use app::error::AppError;
use app::text::Locale;
use app::url::safe_back;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use leptos::html::div;
use leptos::prelude::*;

use crate::mail::folder::{Folder, KeptLetter};

/// `/dev/mail` and `/dev/mail/{name}`.
pub fn router(folder: Folder) -> Router<AppState> {
    Router::new()
        .route("/dev/mail", get(list))
        .route("/dev/mail/{name}", get(show))
        .layer(Extension(Arc::new(folder)))
}

#[derive(Template)]
#[template(path = "dev/mail.html")]
struct MailPage {
    chinese: bool,
    letters: Vec<KeptLetter>,
}

#[derive(Template)]
#[template(path = "dev/letter.html")]
struct LetterPage {
    chinese: bool,
    letter: KeptLetter,
    paragraphs: Vec<Vec<Line>>,
}

/// A line of a letter; an address of ours alone on its line is a link.
enum Line {
    Words(String),
    Link(String, String),
}

async fn list(here: Here, Extension(folder): Extension<Arc<Folder>>) -> Result<Response, AppError> {
    let letters = folder.list().await.map_err(unreadable)?;
    page(&here, "/dev/mail", &MailPage { chinese: is_chinese(&here), letters }).await
}

async fn show(
    here: Here,
    Path(name): Path<String>,
    Extension(folder): Extension<Arc<Folder>>,
) -> Result<Response, AppError> {
    let letter = folder.find(&name).await.map_err(unreadable)?.ok_or_else(AppError::not_found)?;
    let paragraphs = read(&letter.text, &here.state.base_url);
    let title = letter.subject.clone();
    page(&here, &title, &LetterPage { chinese: is_chinese(&here), letter, paragraphs }).await
}

async fn page(here: &Here, title: &str, content: &impl Template) -> Result<Response, AppError> {
    let html = content.render().map_err(unreadable)?;
    here.page(Head::new(title, Place::Elsewhere), move || div().inner_html(html)).await
}

fn is_chinese(here: &Here) -> bool {
    here.locale == Locale::ZhCn
}

fn unreadable(fault: impl std::fmt::Display) -> AppError {
    tracing::error!(%fault, "page of the demonstration");
    AppError::Unavailable
}

fn read(text: &str, base_url: &str) -> Vec<Vec<Line>> {
    let line = |line: &str| match line.strip_prefix(base_url) {
        Some(path) if safe_back(path) == path => Line::Link(line.to_owned(), path.to_owned()),
        _ => Line::Words(line.to_owned()),
    };
    text.replace("\r\n", "\n").split("\n\n").map(|paragraph| paragraph.lines().map(line).collect()).collect()
}

//! Every address and the page that answers it. Deliberately absent: leptos_router; each page is loaded, then drawn,
//! then answered with its true status.

use axum::Router;
use axum::extract::{Form, Request};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use domain::refusal::Refusal;
use http::{StatusCode, header};
use serde::Deserialize;

use crate::context::{AppState, Here, to_sign_in};
use crate::error::AppError;
use crate::pages;
use crate::text::{LOCALE_COOKIE, LOOK_COOKIE, Locale, Look, TextSize};
use crate::url::{self, pattern};

/// All pages. Errors of every route, also of those merged in later by the server, are drawn by [`draw_errors`].
pub fn router() -> Router<AppState> {
    Router::new()
        .merge(pages::public::routes())
        .merge(pages::account::routes())
        .merge(pages::desk::routes())
        .merge(pages::bid::routes())
        .merge(pages::review::routes())
        .route(pattern::SETTINGS_LOOK, post(save_look))
        .route(pattern::SETTINGS_LANGUAGE, post(save_language))
        .fallback(|| async { AppError::not_found() })
}

/// Turns bare error answers into pages in the reader's language: layer it around all routes.
pub fn with_error_pages(router: Router<AppState>, state: AppState) -> Router<AppState> {
    router.layer(from_fn_with_state(state, draw_errors))
}

async fn draw_errors(here: Here, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let drawn = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.to_str().is_ok_and(|kind| kind.starts_with("text/html")));
    if !(status.is_client_error() || status.is_server_error()) || drawn || !here.accepts_html {
        return response;
    }
    let error = response.extensions().get::<AppError>().cloned().unwrap_or_else(|| from_status(status));
    if error == (AppError::Refused { refusal: Refusal::SignInNeeded }) {
        return to_sign_in(&here);
    }
    let mut page = here.error_page(&error);
    if error.status() != status.as_u16() {
        *page.status_mut() = status;
    }
    if let Some(retry) = response.headers().get(header::RETRY_AFTER) {
        page.headers_mut().insert(header::RETRY_AFTER, retry.clone());
    }
    page
}

fn from_status(status: StatusCode) -> AppError {
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => AppError::not_found(),
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::BodyTooLarge { max_kib: BODY_MAX_KIB }.into(),
        StatusCode::TOO_MANY_REQUESTS => Refusal::TooManyAttempts { retry_secs: 60 }.into(),
        StatusCode::UNAUTHORIZED => Refusal::SignInNeeded.into(),
        StatusCode::FORBIDDEN => Refusal::NotAllowed.into(),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT | StatusCode::REQUEST_TIMEOUT => {
            AppError::Unavailable
        }
        status if status.is_client_error() => AppError::Unreadable,
        _ => AppError::Sorry { ticket: "-".to_owned() },
    }
}

/// The largest form: a bid with every field full is about 200 KiB of text, percent-encoded up to three times that.
pub const BODY_MAX_KIB: u32 = 1024;

#[derive(Deserialize)]
struct LookForm {
    size: Option<String>,
    contrast: Option<String>,
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
struct LanguageForm {
    #[serde(default)]
    locale: String,
    #[serde(default)]
    back: String,
}

async fn save_look(here: Here, Form(form): Form<LookForm>) -> Response {
    let size = form.size.as_deref().and_then(TextSize::from_key).unwrap_or(here.look.size);
    let high_contrast = form.contrast.map_or(here.look.high_contrast, |contrast| contrast == "high");
    remember(&here, LOOK_COOKIE, &Look { size, high_contrast }.cookie(), &form.back)
}

async fn save_language(here: Here, Form(form): Form<LanguageForm>) -> Result<Response, AppError> {
    let locale = Locale::from_tag(&form.locale).unwrap_or(here.locale);
    if here.signed_in() {
        store::command::account::set_locale(&here.store, &here.actor, locale.tag()).await?;
    }
    Ok(remember(&here, LOCALE_COOKIE, locale.tag(), &form.back))
}

fn remember(here: &Here, name: &str, value: &str, back: &str) -> Response {
    let secure = if here.state.secure_cookies { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax{secure}");
    ([(header::SET_COOKIE, cookie)], Redirect::to(url::safe_back(back))).into_response()
}

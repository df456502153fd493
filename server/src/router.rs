//! Every route and every layer, on one page.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, Request, Response};
use axum::middleware::{from_fn, from_fn_with_state};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::{ConfigError, CsrfLayer};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;
use tracing::Span;

use crate::http::headers::Policy;
use crate::http::kept::Kept;
use crate::http::session::Sessions;
use crate::http::{assets, body, dev_clock, dev_mail, faults, functions, headers, health, kept, session};
use crate::jobs::Deps;
use crate::mail::folder::Folder;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The whole program as one service. `letters` and `background` are for the demonstration's own pages; `longest` bounds
/// every answer.
///
/// # Errors
/// When the base address cannot be an origin.
pub fn router(
    sessions: Sessions,
    letters: Folder,
    background: Deps,
    longest: Duration,
) -> Result<Router, ConfigError> {
    let state = sessions.state.clone();
    let policy = Policy::new(&state.assets.client, state.base_url.starts_with("https://"));
    let csrf = CsrfLayer::new().add_trusted_origin(&state.base_url)?;

    // Pages, server functions, and what only the demonstration has.
    let mut routes = app::routes::router().merge(functions::router());
    if state.demo {
        routes = routes.merge(dev_mail::router(letters)).merge(dev_clock::router(background));
    }

    let guarded = routes.layer(
        ServiceBuilder::new()
            // A panic is one request's trouble.
            .layer(CatchPanicLayer::custom(faults::panicked))
            // Nobody waits for ever.
            .layer(TimeoutLayer::with_status_code(faults::TOO_SLOW, longest))
            // Nothing is changed by a page of somebody else: Sec-Fetch-Site and Origin must be ours.
            .layer(csrf)
            // Forms have a ceiling, and the readers of bodies keep to it.
            .layer(from_fn(body::limit))
            .layer(DefaultBodyLimit::max(body::MAX_BYTES)),
    );
    let personal = app::routes::with_error_pages(guarded, state.clone())
        // Who asks. Outside the error pages, which are drawn for somebody.
        .layer(from_fn_with_state(sessions, session::resolve));

    let whole = Router::new()
        .merge(assets::router())
        .merge(health::router(state.store.clone()))
        .merge(personal)
        .layer(
            ServiceBuilder::new()
                // A name for each request, taken over from a proxy, told to the browser.
                .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
                .layer(
                    TraceLayer::new_for_http()
                        .make_span_with(span)
                        .on_request(())
                        .on_response(log_slow)
                        .on_failure(()),
                )
                .layer(PropagateRequestIdLayer::new(REQUEST_ID))
                // Pages for anonymous readers, kept as they leave: with headers, compressed.
                .layer(from_fn_with_state(Kept::new(state.clone()), kept::serve))
                // What a browser may do with our pages.
                .layer(from_fn_with_state(policy, headers::add))
                // Only what is not compressed yet.
                .layer(CompressionLayer::new()),
        )
        .with_state(state);
    Ok(whole)
}

/// Names the request in the log: its id, method and path. The query may hold a token, headers and bodies a person.
fn span<B>(request: &Request<B>) -> Span {
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    let id: String = id.chars().take(64).collect();
    tracing::info_span!("request", id, method = %request.method(), path = request.uri().path())
}

/// Faults are logged where they happen; an answer that never came happens nowhere else.
fn log_slow<B>(response: &Response<B>, took: Duration, _span: &Span) {
    let (status, took_ms) = (response.status().as_u16(), took.as_millis());
    if response.status() == faults::TOO_SLOW {
        tracing::error!(took_ms, "no answer in time");
    } else {
        tracing::debug!(status, took_ms, "answered");
    }
}

//! The door of the server functions: each at its own address, POST only, with errors under their true status.

use app::context::AppState;
use app::error::AppError;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, REFERER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use leptos::prelude::provide_context;
use leptos::server_fn::axum::server_fn_paths;

/// Errors are a few words of JSON.
const ERROR_LONGEST: usize = 256 * 1024;

/// One route per server function. An address that is none is left to the pages' fallback, so that it looks like any
/// other page that does not exist.
pub fn router() -> Router<AppState> {
    app::register::register();
    let mut paths: Vec<&str> = server_fn_paths().map(|(path, _method)| path).collect();
    paths.sort_unstable();
    paths.dedup();
    paths.into_iter().fold(Router::new(), |router, path| router.route(path, post(call)))
}

/// The library would send a form back to where it says it came from, errors in the address. Our functions say
/// themselves where to go on, and other errors become a page: so the library sees a program's request, while the
/// function sees the request as it was.
async fn call(State(state): State<AppState>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let as_it_was = parts.clone();
    parts.headers.remove(REFERER);
    parts.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let provide = move || {
        provide_context(as_it_was.clone());
        provide_context(state.clone());
    };
    let request = Request::from_parts(parts, body);
    let response = leptos_axum::handle_server_fns_with_context(provide, request).await.into_response();
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        with_true_status(response).await
    } else {
        response
    }
}

/// The library answers every error with 500; the error itself knows better, and the pages need it to draw it.
async fn with_true_status(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, ERROR_LONGEST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Ok(error) = serde_json::from_slice::<AppError>(&bytes) {
        parts.status = StatusCode::from_u16(error.status()).unwrap_or(parts.status);
        parts.extensions.insert(error);
    }
    Response::from_parts(parts, Body::from(bytes))
}

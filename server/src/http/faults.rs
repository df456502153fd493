//! What becomes of a request that breaks off: a panic, or no answer in time. Each is logged once, here.

use std::any::Any;

use app::error::AppError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// The status of an answer that took too long; the pages show it as a passing trouble.
pub const TOO_SLOW: StatusCode = StatusCode::GATEWAY_TIMEOUT;

/// The answer to a request whose handler panicked. The words of the panic stay in the log.
pub fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let ticket: String = store::secret::new_token().chars().take(8).collect();
    let words = cause.downcast_ref::<&str>().map(|words| (*words).to_owned());
    let words = words.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!(%ticket, words, "a handler panicked");
    AppError::Sorry { ticket }.into_response()
}

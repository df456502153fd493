//! How much a request may bring. Too large a form is answered with a page, which a browser only shows when what it
//! sends has been taken in; so the surplus is read and thrown away, up to a bound.

use app::error::AppError;
use app::routes::BODY_MAX_KIB;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::refusal::Refusal;

/// The largest body of a form, in bytes.
pub const MAX_BYTES: usize = BODY_MAX_KIB as usize * 1024;
/// What is read of a body that is too large, before the connection is simply closed.
const THROWN_AWAY: usize = 16 * 1024 * 1024;

/// Refuses bodies over [`MAX_BYTES`], whether their length was announced or not.
pub async fn limit(request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let announced = parts
        .headers
        .get(CONTENT_LENGTH)
        .map(|value| value.to_str().ok().and_then(|text| text.parse::<usize>().ok()));
    match announced {
        // The connection itself holds the sender to the announced length.
        Some(Some(length)) if length <= MAX_BYTES => next.run(Request::from_parts(parts, body)).await,
        Some(_) => {
            throw_away(body).await;
            too_large()
        }
        None => match to_bytes(body, MAX_BYTES).await {
            Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
            Err(_too_large_or_broken) => too_large(),
        },
    }
}

fn too_large() -> Response {
    AppError::from(Refusal::BodyTooLarge { max_kib: BODY_MAX_KIB }).into_response()
}

async fn throw_away(body: Body) {
    use http_body_util::BodyExt as _;
    let mut body = body;
    let mut read = 0;
    while read < THROWN_AWAY {
        match body.frame().await {
            Some(Ok(frame)) => read += frame.data_ref().map_or(0, |data| data.len()),
            Some(Err(_)) | None => return,
        }
    }
}

//! For those who watch the program: `/healthz` says that it runs, `/readyz` that it can work.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use store::Store;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

/// Longer than this the database counts as away.
const PATIENCE: Duration = Duration::from_secs(2);
/// An answer is good for this long: asking takes the write lock, and anybody may ask.
const KEPT: Duration = Duration::from_secs(1);

#[derive(Clone)]
struct Readiness {
    store: Store,
    last: Arc<Mutex<Option<(Instant, bool)>>>,
}

/// Both routes.
pub fn router<S: Clone + Send + Sync + 'static>(store: Store) -> Router<S> {
    let readiness = Readiness { store, last: Arc::default() };
    Router::new()
        .route("/healthz", get(|| async { answer(true) }))
        .route("/readyz", get(ready))
        .with_state(readiness)
}

async fn ready(State(readiness): State<Readiness>) -> Response {
    let mut last = readiness.last.lock().await;
    if let Some((at, is_ready)) = *last
        && at.elapsed() < KEPT
    {
        return answer(is_ready);
    }
    let is_ready = match timeout(PATIENCE, readiness.store.check_ready()).await {
        Ok(Ok(())) => true,
        Ok(Err(fault)) => {
            tracing::warn!(%fault, "not ready");
            false
        }
        Err(_elapsed) => {
            tracing::warn!("not ready: the database does not answer in time");
            false
        }
    };
    *last = Some((Instant::now(), is_ready));
    answer(is_ready)
}

fn answer(is_well: bool) -> Response {
    let (status, word) =
        if is_well { (StatusCode::OK, "ok\n") } else { (StatusCode::SERVICE_UNAVAILABLE, "not ready\n") };
    (status, [(CACHE_CONTROL, "no-store")], word).into_response()
}

//! Listening, and stopping in good order.

use std::net::SocketAddr;
use std::time::Duration;

use store::Store;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::cli::Fault;
use crate::config::Config;
use crate::jobs::{self, Stop};
use crate::schema::words;
use crate::state::build;

/// Serves until SIGTERM or SIGINT: then takes no new connection, lets open requests and the letters under way end
/// (at most the configured time), gives back claims, and closes the database.
///
/// # Errors
/// When the address cannot be listened on or the configuration cannot be used.
pub async fn serve(config: &Config, store: Store, demo: bool) -> Result<(), Fault> {
    let app = build(config, store.clone(), demo)?;
    let listener = TcpListener::bind(config.http.addr)
        .await
        .map_err(|fault| Fault::Failed(format!("cannot listen on {}: {fault}", config.http.addr)))?;
    let (stopping, stop) = Stop::channel();
    let jobs = tokio::spawn(jobs::run(app.background, stop.clone()));
    let mut told = stop.clone();
    let service = app.router.into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async move {
        axum::serve(listener, service).with_graceful_shutdown(async move { told.wait().await }).await
    });
    tracing::info!(address = %config.http.addr, url = config.http.base_url, database = store.backend_name(), demo, "listening");

    wait_for_signal().await;
    tracing::info!("stopping");
    // Fails only when every listener of the signal is gone, and then everything has stopped.
    let _told = stopping.send(true);
    drain(server, jobs, config.limits.drain).await;
    store.close().await.map_err(|fault| Fault::Failed(format!("closing the database: {}", words(&fault))))?;
    tracing::info!("stopped");
    Ok(())
}

async fn drain<T>(server: JoinHandle<T>, jobs: JoinHandle<()>, longest: Duration) {
    let (stop_server, stop_jobs) = (server.abort_handle(), jobs.abort_handle());
    let both = async {
        let _ended = server.await;
        let _ended = jobs.await;
    };
    if timeout(longest, both).await.is_err() {
        tracing::warn!("some requests or letters did not end in time");
        stop_server.abort();
        stop_jobs.abort();
    }
}

async fn wait_for_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(fault) => {
                tracing::warn!(%fault, "SIGTERM cannot be waited for, only SIGINT");
                let _interrupted = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    let _interrupted = interrupt.await;
}

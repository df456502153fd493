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
    // Before anybody can see that it runs.
    let signals = Signals::catch()?;
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

    signals.wait().await;
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

/// SIGTERM and SIGINT, caught from now on; elsewhere Ctrl-C, caught while it is waited for.
struct Signals {
    #[cfg(unix)]
    caught: Vec<tokio::signal::unix::Signal>,
}

impl Signals {
    #[cfg(unix)]
    fn catch() -> Result<Self, Fault> {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::terminate(), SignalKind::interrupt()];
        let caught: std::io::Result<Vec<_>> = kinds.into_iter().map(signal).collect();
        let uncaught = |fault| Fault::Failed(format!("cannot catch signals: {fault}"));
        Ok(Self { caught: caught.map_err(uncaught)? })
    }

    #[cfg(not(unix))]
    fn catch() -> Result<Self, Fault> {
        Ok(Self {})
    }

    #[cfg(unix)]
    async fn wait(mut self) {
        std::future::poll_fn(|context| {
            let is_given = self.caught.iter_mut().any(|signal| signal.poll_recv(context).is_ready());
            if is_given { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        })
        .await;
    }

    #[cfg(not(unix))]
    async fn wait(self) {
        let _interrupted = tokio::signal::ctrl_c().await;
    }
}

//! The parts of the program put together: what answers requests, and what runs by the clock.

use std::sync::Arc;

use app::context::{AppState, AssetNames};
use axum::Router;
use store::Store;

use crate::config::{Config, ConfigFault};
use crate::http::assets;
use crate::http::session::Sessions;
use crate::jobs::Deps;
use crate::mail::folder::Folder;
use crate::mail::{Letterhead, Transport};
use crate::router::router;

/// The program, not yet listening.
pub struct App {
    pub router: Router,
    /// For [`crate::jobs::run`]; tests tick single jobs with it.
    pub background: Deps,
}

/// Puts the program together over an open, migrated store.
///
/// # Errors
/// When an address in the configuration cannot be used.
pub fn build(config: &Config, store: Store, demo: bool) -> Result<App, ConfigFault> {
    let folder = Folder::new(config.database.data.join("mail"));
    let transport = match &config.mail.smtp {
        Some(smtp) => Transport::smtp(smtp)?,
        None => Transport::Files(folder.clone()),
    };
    let letterhead = Letterhead {
        from: config.mail.from.clone(),
        base_url: config.http.base_url.clone(),
        host: config.http.host.clone(),
    };
    let names = assets::names();
    let state = AppState {
        store: store.clone(),
        assets: AssetNames { css: names.css.to_owned(), client: names.client.to_owned() },
        base_url: config.http.base_url.clone(),
        demo,
        secure_cookies: config.http.is_secure,
    };
    let sessions = Sessions { state, trusted_proxies: config.http.trusted_proxies.clone().into() };
    let background = Deps { store, transport: Arc::new(transport), letterhead: Arc::new(letterhead) };
    let router = router(sessions, folder, background.clone(), config.limits.request)
        .map_err(|fault| ConfigFault::new("UNVEIL_BASE_URL", format!("cannot be an origin: {fault}")))?;
    Ok(App { router, background })
}

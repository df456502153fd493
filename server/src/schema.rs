//! Opening the database and bringing its schema up to this build. Deliberately absent: going down, which nobody does
//! to live data.

use std::time::Duration;

use migrations::{Migrator, MigratorTrait};
use store::{Clock, Store, StoreError};

use crate::cli::Fault;
use crate::config::Config;

/// Instances that start together migrate the same database. Each migration is one transaction, so all but one fail
/// cleanly and look again; this many looks are enough for the longest migration there is.
const LOOKS: u32 = 60;
const BETWEEN_LOOKS: Duration = Duration::from_millis(250);

/// Opens the database without touching its schema.
///
/// # Errors
/// When the folder cannot be made or the database not be reached.
pub async fn open(config: &Config) -> Result<Store, Fault> {
    config.database.make_folder()?;
    Store::open(&config.database.settings(), Clock::default()).await.map_err(|fault| {
        let place = match &config.database.url {
            Some(url) => url.masked_url(),
            None => config.database.sqlite_file().display().to_string(),
        };
        Fault::Failed(format!("cannot open the database {place}: {}", words(&fault)))
    })
}

/// Applies every migration that is missing. Returns how many there were; any number of instances may do so at once.
///
/// # Errors
/// When a migration fails for another reason than somebody else applying it.
pub async fn migrate(store: &Store) -> Result<usize, Fault> {
    let connection = store.migration_connection();
    let mut missing = None;
    let mut trouble = String::new();
    for look in 0..LOOKS {
        if look > 0 {
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        match Migrator::get_pending_migrations(connection).await {
            Ok(pending) => {
                let first = *missing.get_or_insert(pending.len());
                if pending.is_empty() {
                    return Ok(first);
                }
            }
            Err(fault) => {
                trouble = fault.to_string();
                continue;
            }
        }
        match Migrator::up(connection, None).await {
            Ok(()) => return Ok(missing.unwrap_or(0)),
            Err(fault) => {
                tracing::info!(%fault, "migration did not go through, looking again");
                trouble = fault.to_string();
            }
        }
    }
    Err(Fault::Failed(format!("cannot bring the schema up to date: {trouble}")))
}

/// The fault with its cause: the reason why a database cannot be reached is what an operator needs.
pub(crate) fn words(fault: &StoreError) -> String {
    match fault {
        StoreError::Unavailable(cause) => format!("{fault}: {cause}"),
        other => other.to_string(),
    }
}

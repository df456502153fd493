//! Opening the database. SQLite: one writer, several read-only readers, WAL, synchronous FULL. PostgreSQL: one pool.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::time::Timestamp;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::error::StoreError;
use crate::stamp::Stamp;

/// Which database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseSettings {
    /// The file; its folder must exist.
    Sqlite { file: PathBuf },
    /// `postgres://…`, with an optional schema (tests).
    Postgres { url: String, schema: Option<String> },
}

/// Readers of SQLite: more than cores gain nothing, fewer starve pages behind one slow read.
const SQLITE_READERS: u32 = 4;
/// Connections one instance takes from PostgreSQL.
const POSTGRES_POOL: u32 = 10;
/// The release that mended a corruption in the write-ahead log.
const SQLITE_NEEDED: (u32, u32, u32) = (3, 51, 3);
const ACQUIRE: Duration = Duration::from_secs(10);
const STATEMENT: Duration = Duration::from_secs(30);

/// The open database. Cheap to clone; the pools inside are shared and private to this crate.
#[derive(Clone)]
pub struct Store {
    pub(crate) writer: DatabaseConnection,
    pub(crate) reader: DatabaseConnection,
    pub clock: Clock,
    /// Password hashes in flight: each takes 19 MiB and a core.
    pub(crate) hashing: Arc<Semaphore>,
    stamp: Arc<Stamp>,
}

impl Store {
    /// Opens the pools. Does not migrate.
    ///
    /// # Errors
    /// When the database cannot be reached, or SQLite is older than 3.51.3.
    pub async fn open(settings: &DatabaseSettings, clock: Clock) -> Result<Self, StoreError> {
        let (writer, reader) = match settings {
            DatabaseSettings::Sqlite { file } => {
                let writer = sqlite(file, 1, false).await?;
                check_sqlite(&writer).await?;
                (writer, sqlite(file, SQLITE_READERS, true).await?)
            }
            DatabaseSettings::Postgres { url, schema } => {
                let mut options = ConnectOptions::new(url.clone());
                options
                    .max_connections(POSTGRES_POOL)
                    .acquire_timeout(ACQUIRE)
                    .statement_timeout(STATEMENT)
                    .set_application_name("unveil")
                    .sqlx_logging(false)
                    .record_stmt_in_spans(false);
                if let Some(schema) = schema {
                    options.set_schema_search_path(schema.clone());
                }
                let pool = Database::connect(options).await?;
                check_encoding(&pool).await?;
                (pool.clone(), pool)
            }
        };
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let stamp = Arc::new(Stamp::new(reader.clone()));
        Ok(Self { writer, reader, clock, hashing: Arc::new(Semaphore::new(cores)), stamp })
    }

    /// The connection migrations run on.
    pub fn migration_connection(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// The database's clock, outside any transaction: for pages and jobs.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn now(&self) -> Result<Timestamp, StoreError> {
        now(&self.reader, &self.clock).await
    }

    /// A number that changes with everything public: read after this call began, so never stale.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn public_stamp(&self) -> Result<i64, StoreError> {
        self.stamp.read().await
    }

    /// Whether the database answers and can be written.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check_ready(&self) -> Result<(), StoreError> {
        self.now().await?;
        let tx = self.begin().await?;
        tx.connection().execute_unprepared("UPDATE stamp SET value = value WHERE id = 1").await?;
        tx.roll_back().await
    }

    /// `sqlite` or `postgres`.
    pub fn backend_name(&self) -> &'static str {
        match self.writer.get_database_backend() {
            DbBackend::Postgres => "postgres",
            _ => "sqlite",
        }
    }

    /// Closes the pools; SQLite checkpoints its log.
    ///
    /// # Errors
    /// When closing fails.
    pub async fn close(self) -> Result<(), StoreError> {
        self.reader.close().await?;
        self.writer.close().await?;
        Ok(())
    }
}

/// The database's clock in milliseconds plus the offset.
pub(crate) async fn now(connection: &impl ConnectionTrait, clock: &Clock) -> Result<Timestamp, StoreError> {
    let backend = connection.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms",
        _ => "SELECT CAST(round(unixepoch('now', 'subsec') * 1000) AS INTEGER) AS ms",
    };
    let row = connection.query_one_raw(Statement::from_string(backend, sql)).await?;
    let ms: i64 = match row {
        Some(row) => row.try_get("", "ms")?,
        None => return Err(StoreError::Broken("the database's clock gave no row".to_owned())),
    };
    Ok(Timestamp(ms).plus_ms(clock.offset_ms()))
}

async fn sqlite(
    file: &std::path::Path,
    connections: u32,
    read_only: bool,
) -> Result<DatabaseConnection, StoreError> {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", file.display()));
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(ACQUIRE)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |options| {
            use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
            let options = options
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(5))
                .foreign_keys(true)
                .pragma("temp_store", "memory")
                .pragma("trusted_schema", "OFF")
                // 16 MiB of pages per connection: the whole index of a province's challenges.
                .pragma("cache_size", "-16384")
                .statement_cache_capacity(200);
            if read_only { options.pragma("query_only", "ON") } else { options }
        });
    Ok(Database::connect(options).await?)
}

async fn check_sqlite(connection: &DatabaseConnection) -> Result<(), StoreError> {
    let row = connection
        .query_one_raw(Statement::from_string(DbBackend::Sqlite, "SELECT sqlite_version() AS version"))
        .await?;
    let version: String = row.map(|row| row.try_get("", "version")).transpose()?.unwrap_or_default();
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) < SQLITE_NEEDED {
        return Err(StoreError::Broken(format!(
            "SQLite {version} is too old: 3.51.3 mends its write-ahead log"
        )));
    }
    Ok(())
}

/// Anything but UTF-8 would lose Chinese text or refuse it.
async fn check_encoding(connection: &DatabaseConnection) -> Result<(), StoreError> {
    let row = connection
        .query_one_raw(Statement::from_string(
            DbBackend::Postgres,
            "SELECT current_setting('server_encoding') AS name",
        ))
        .await?;
    let name: String = row.map(|row| row.try_get("", "name")).transpose()?.unwrap_or_default();
    if name == "UTF8" {
        return Ok(());
    }
    Err(StoreError::Broken(format!(
        "the PostgreSQL database is encoded as {name}: create it with ENCODING 'UTF8'"
    )))
}

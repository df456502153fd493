//! An empty, migrated database for one test.

use std::path::PathBuf;

use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database};
use store::{Clock, DatabaseSettings, Store};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::postgres;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// A database of one's own, gone when dropped (a schema of a server named by `TEST_POSTGRES_URL` too).
pub struct TestDb {
    pub store: Store,
    pub clock: Clock,
    pub settings: DatabaseSettings,
    folder: Option<PathBuf>,
}

impl TestDb {
    /// Opens and migrates it.
    pub async fn open(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => {
                let folder = new_folder("db");
                let file = folder.join("unveil.sqlite");
                std::fs::write(&file, template().await).expect("a copy of the migrated file");
                Self::with(DatabaseSettings::Sqlite { file }, Some(folder)).await
            }
            Backend::Postgres => {
                let db = Self::unmigrated(backend).await;
                Migrator::up(db.store.migration_connection(), None).await.expect("migrations");
                db
            }
        }
    }

    /// Opens it without a single table, for tests of the migrations themselves.
    pub async fn unmigrated(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => {
                let folder = new_folder("db");
                let file = folder.join("unveil.sqlite");
                Self::with(DatabaseSettings::Sqlite { file }, Some(folder)).await
            }
            Backend::Postgres => {
                // Starting the cluster takes seconds and blocks.
                let url = tokio::task::spawn_blocking(postgres::url).await.expect("a server");
                let schema = format!("unveil_test_{}", Uuid::new_v4().simple());
                execute(url, &format!("CREATE SCHEMA {schema}")).await;
                let settings = DatabaseSettings::Postgres { url: url.to_owned(), schema: Some(schema) };
                Self::with(settings, None).await
            }
        }
    }

    async fn with(settings: DatabaseSettings, folder: Option<PathBuf>) -> Self {
        let clock = Clock::default();
        let store = Store::open(&settings, clock.clone()).await.expect("the database opens");
        Self { store, clock, settings, folder }
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            // What is left over in a temporary folder harms nobody.
            let _gone = std::fs::remove_dir_all(folder);
        }
        if let DatabaseSettings::Postgres { url, schema: Some(schema) } = &self.settings
            && std::env::var_os("TEST_POSTGRES_URL").is_some()
        {
            let (url, sql) = (url.clone(), format!("DROP SCHEMA {schema} CASCADE"));
            let dropping = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.expect("a runtime").block_on(execute(&url, &sql));
            });
            let _left_over = dropping.join();
        }
    }
}

/// A migrated SQLite file that tests copy, made once per process.
async fn template() -> &'static [u8] {
    static FILE: OnceCell<Vec<u8>> = OnceCell::const_new();
    FILE.get_or_init(|| async {
        let folder = new_folder("template");
        let file = folder.join("unveil.sqlite");
        let store = Store::open(&DatabaseSettings::Sqlite { file: file.clone() }, Clock::default()).await;
        let store = store.expect("the database opens");
        Migrator::up(store.migration_connection(), None).await.expect("migrations");
        store.close().await.expect("closes");
        let bytes = std::fs::read(&file).expect("the file just made");
        std::fs::remove_dir_all(folder).expect("the folder just made");
        bytes
    })
    .await
}

/// A new folder under the temporary one; short, because a socket's path may have 107 bytes.
pub fn new_folder(purpose: &str) -> PathBuf {
    let name = format!("unveil-{purpose}-{}", Uuid::new_v4().simple());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).expect("a folder in the temporary folder");
    folder
}

async fn execute(url: &str, sql: &str) {
    let connection = Database::connect(url).await.expect("the server answers");
    connection.execute_unprepared(sql).await.expect("a schema");
    connection.close().await.expect("closes");
}

//! Bringing the schema up, also when several instances start at the same moment.

use server::schema::migrate;
use store::{Clock, Store};
use testkit::{Backend, TestDb};

async fn start_together(backend: Backend) {
    let db = TestDb::unmigrated(backend).await;
    let starts = (0..4).map(|_| {
        let settings = db.settings.clone();
        tokio::spawn(async move {
            let store = Store::open(&settings, Clock::default()).await.unwrap();
            migrate(&store).await.unwrap();
            assert_eq!(migrate(&store).await.unwrap(), 0);
            store.check_ready().await.unwrap();
        })
    });
    for start in starts.collect::<Vec<_>>() {
        start.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_on_one_server_migrate_once() {
    start_together(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_on_one_file_migrate_once() {
    start_together(Backend::Sqlite).await;
}

//! Fills a new SQLite file with a list of many challenges: `bulk_fill FILE COUNT`. Prints the id of the list.

#![expect(clippy::expect_used, reason = "a measurement that cannot be prepared must stop")]

use migrations::{Migrator, MigratorTrait};
use store::{Clock, DatabaseSettings, Store};

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().expect("a file").into();
    let count = arguments.next().and_then(|text| text.parse().ok()).expect("a count");
    let store = Store::open(&DatabaseSettings::Sqlite { file }, Clock::default()).await.expect("a database");
    Migrator::up(store.migration_connection(), None).await.expect("the schema");
    println!("{}", testkit::bulk::publish_list(&store, count).await);
    store.close().await.expect("closing");
}

//! The schema comes and goes without a trace, and is what the entities say.

use migrations::{Migrator, MigratorTrait};
use sea_orm::{EntityTrait, PaginatorTrait};
use testkit::{Backend, TestDb};

async fn up_down_up(backend: Backend) {
    let db = TestDb::unmigrated(backend).await;
    let connection = db.store.migration_connection();
    Migrator::up(connection, None).await.unwrap();
    assert_eq!(db.store.public_stamp().await.unwrap(), 1);
    Migrator::down(connection, None).await.unwrap();
    assert!(db.store.public_stamp().await.is_err(), "the tables are gone");
    Migrator::up(connection, None).await.unwrap();
    db.store.check_ready().await.unwrap();
    assert_eq!(store::invariants::find_violations(&db.store).await.unwrap(), vec![]);
    macro_rules! readable {
        ($($table:ident),+) => {$(
            assert!(entity::$table::Entity::find().all(connection).await.is_ok(), stringify!($table));
        )+};
    }
    readable!(attempt, audit, bid, challenge, challenge_event, challenge_list, conflict, decision, follow);
    readable!(form_echo, gate, gate_line, membership, notice, organisation, person, racing_team, review);
    readable!(search_term, seat, session, token);
    assert_eq!(entity::stamp::Entity::find().count(connection).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_go_up_down_and_up_on_sqlite() {
    up_down_up(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_go_up_down_and_up_on_postgres() {
    up_down_up(Backend::Postgres).await;
}

testkit::both! {
    async fn the_cast_is_there_and_time_begins_on_a_monday(world) {
        assert!(world.now().await.official_text().starts_with("2026-03-02 09:00"));
        assert_eq!(world.actor("ling").held.len(), 2);
        assert_eq!(world.unit("chen"), world.unit("university"));
    }
}

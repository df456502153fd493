#![doc = include_str!("../README.md")]
#![expect(clippy::expect_used, reason = "a test that cannot be prepared must stop")]

pub mod bulk;
mod postgres;
pub mod samples;
pub mod stages;
mod test_db;
pub mod world;

pub use test_db::{Backend, TestDb};
pub use world::{PASSWORD, World};

/// Makes of one test two, `<name>::sqlite` and `<name>::postgres`, each in a world of its own:
///
/// ```ignore
/// testkit::both! {
///     /// What must hold.
///     async fn a_stranger_sees_no_draft(world) { … world.store … }
/// }
/// ```
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn run($world: &$crate::World) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::world::with($crate::Backend::Sqlite, async |world| run(world).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::world::with($crate::Backend::Postgres, async |world| run(world).await).await;
            }
        }
    )+};
}

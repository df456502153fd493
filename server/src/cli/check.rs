//! `unveil check`: what must hold of the database.

use store::{Store, invariants};

use super::Fault;

/// Prints every invariant that does not hold with the number of rows against it.
///
/// # Errors
/// When there is one, or the database does not answer.
pub async fn check(store: &Store) -> Result<(), Fault> {
    let broken = invariants::find_violations(store).await?;
    for (name, rows) in &broken {
        println!("does not hold: {name} ({rows} rows)");
    }
    match broken.len() {
        0 => {
            println!("{} invariants hold", invariants::INVARIANTS.len());
            Ok(())
        }
        count => Err(Fault::Failed(format!("{count} invariants do not hold"))),
    }
}

//! The transaction a command works in.

use domain::time::Timestamp;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::connect::{Store, now};
use crate::error::StoreError;

/// An open transaction. Dropped without [`Tx::commit`] it leaves nothing behind.
pub struct Tx {
    inner: DatabaseTransaction,
    /// The clock of the database, read after the transaction got its lock.
    pub now: Timestamp,
    public: bool,
}

impl Store {
    /// Begins a write. On SQLite the write lock is taken at once, so that nothing read in it can change before commit.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let inner = self.writer.begin_with_options(options).await?;
        let now = now(&inner, &self.clock).await?;
        Ok(Tx { inner, now, public: false })
    }
}

impl Tx {
    /// For `load`, `save`, `outbox` and `audit`.
    pub fn connection(&self) -> &DatabaseTransaction {
        &self.inner
    }

    /// Something anyone may read has changed: kept pages are dropped at commit.
    pub fn touches_public(&mut self) {
        self.public = true;
    }

    /// # Errors
    /// When the commit fails; nothing was written then.
    pub async fn commit(self) -> Result<(), StoreError> {
        if self.public {
            self.inner.execute_unprepared("UPDATE stamp SET value = value + 1 WHERE id = 1").await?;
        }
        self.inner.commit().await?;
        Ok(())
    }

    /// Ends without writing anything.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn roll_back(self) -> Result<(), StoreError> {
        self.inner.rollback().await?;
        Ok(())
    }
}

//! How often a secret may be tried. Counted before the secret is looked at, so that parallel guesses count too.

use domain::refusal::Refusal;
use domain::time::MINUTE_MS;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use crate::connect::Store;
use crate::error::StoreError;
use crate::secret;

/// Attempts are counted in fixed windows of this length.
pub(crate) const WINDOW_MS: i64 = 15 * MINUTE_MS;

/// Guesses at one account's secret: enough for a person with three passwords and a wrong keyboard layout.
const PER_ACCOUNT: i64 = 10;
/// Guesses from one address: a university behind one address has many people who mistype.
const PER_ADDRESS: i64 = 100;
/// Letters a stranger can make us send to one address, or one person can ask for.
const LETTERS: i64 = 5;
/// Invitations one person sends: a panel and its secretariat at one sitting.
const INVITATIONS: i64 = 60;

/// What is counted. Addresses are hashed: the table is no list of who tried what.
#[derive(Clone, Copy, Debug)]
pub(super) enum Counted<'a> {
    Account(&'a str),
    Address(&'a str),
    LettersTo(&'a str),
    InvitationsBy(&'a str),
}

impl Counted<'_> {
    fn key(self, act: &str) -> String {
        let (kind, subject) = match self {
            Self::Account(subject) => ("account", subject),
            Self::Address(subject) => ("address", subject),
            Self::LettersTo(subject) => ("letters", subject),
            Self::InvitationsBy(subject) => ("invitations", subject),
        };
        secret::token_hash(&format!("{act} {kind} {subject}"))
    }

    const fn limit(self) -> i64 {
        match self {
            Self::Account(_) => PER_ACCOUNT,
            Self::Address(_) => PER_ADDRESS,
            Self::LettersTo(_) => LETTERS,
            Self::InvitationsBy(_) => INVITATIONS,
        }
    }
}

#[derive(FromQueryResult)]
struct Window {
    window_start: i64,
    count: i64,
}

/// Counts one attempt at `act` for each subject, in their order (the same everywhere, so that no two wait for each
/// other).
///
/// # Errors
/// [`Refusal::TooManyAttempts`] with the seconds until the window ends.
pub(super) async fn count(store: &Store, act: &str, subjects: &[Counted<'_>]) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    let backend = tx.connection().get_database_backend();
    let mut refusal = None;
    for subject in subjects {
        let sql = "INSERT INTO attempt (key, window_start, count) VALUES ($1, $2, 1) ON CONFLICT (key) DO UPDATE SET \
                   count = CASE WHEN attempt.window_start <= $3 THEN 1 ELSE attempt.count + 1 END, \
                   window_start = CASE WHEN attempt.window_start <= $3 THEN $2 ELSE attempt.window_start END \
                   RETURNING window_start, count";
        let values = [subject.key(act).into(), tx.now.0.into(), tx.now.plus_ms(-WINDOW_MS).0.into()];
        let statement = Statement::from_sql_and_values(backend, sql, values);
        let window = Window::find_by_statement(statement).one(tx.connection()).await?;
        if let Some(window) = window
            && window.count > subject.limit()
        {
            let left_ms = (window.window_start + WINDOW_MS - tx.now.0).clamp(1_000, WINDOW_MS);
            refusal =
                Some(Refusal::TooManyAttempts { retry_secs: u32::try_from(left_ms / 1_000).unwrap_or(1) });
        }
    }
    tx.commit().await?;
    refusal.map_or(Ok(()), |refusal| Err(refusal.into()))
}

/// The secret was right: this account starts anew, and the address is not charged for people who know their secrets.
pub(super) async fn forgive(
    store: &Store,
    act: &str,
    account: &str,
    address: &str,
) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    let backend = tx.connection().get_database_backend();
    let address_key = Counted::Address(address).key(act);
    let sql = "UPDATE attempt SET count = count - 1 WHERE key = $1 AND count > 0";
    tx.connection().execute_raw(Statement::from_sql_and_values(backend, sql, [address_key.into()])).await?;
    let account_key = Counted::Account(account).key(act);
    let sql = "DELETE FROM attempt WHERE key = $1";
    tx.connection().execute_raw(Statement::from_sql_and_values(backend, sql, [account_key.into()])).await?;
    tx.commit().await
}

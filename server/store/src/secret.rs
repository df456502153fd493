//! Passwords and tokens. Only hashes are stored; comparing takes the same time whether an account exists or not.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

use crate::connect::Store;
use crate::error::StoreError;

/// Longer input is refused before it is hashed: hashing must not be a way to burn the server's time.
pub const PASSWORD_MAX_BYTES: usize = 1024;

/// 256 random bits as 43 URL-safe characters.
pub fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes())
}

/// 32 random bytes from the operating system.
pub fn random_bytes() -> [u8; 32] {
    rand::random()
}

/// SHA-256 in hex: what the database keeps of a token.
pub fn token_hash(token: &str) -> String {
    domain::rule::hex(&Sha256::digest(token.as_bytes()))
}

/// Hashes with Argon2id at the crate's defaults (19 MiB, 2 passes), a bounded number at a time.
///
/// # Errors
/// When hashing fails or the server is stopping.
pub async fn hash_password(store: &Store, password: &str) -> Result<String, StoreError> {
    let _permit = permit(store).await?;
    let password = password.to_owned();
    run(move || hash_now(&password)).await
}

/// Whether the password fits; with `None` a hash nobody knows the password of is compared, for equal time.
/// The second value says that the hash was made with older parameters and should be renewed.
///
/// # Errors
/// When hashing fails or the server is stopping.
pub async fn verify_password(
    store: &Store,
    password: &str,
    hash: Option<&str>,
) -> Result<(bool, bool), StoreError> {
    if password.len() > PASSWORD_MAX_BYTES {
        return Ok((false, false));
    }
    let _permit = permit(store).await?;
    let (password, known) = (password.to_owned(), hash.map(str::to_owned));
    run(move || {
        let hash = match &known {
            Some(hash) => hash.as_str(),
            None => nobodys_hash()?,
        };
        let parsed = PasswordHash::new(hash).map_err(|error| StoreError::Broken(error.to_string()))?;
        let fits = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
        let current = hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$");
        Ok((fits && known.is_some(), !current))
    })
    .await
}

async fn permit(store: &Store) -> Result<tokio::sync::OwnedSemaphorePermit, StoreError> {
    let stopped = |_closed| StoreError::Broken("stopping".to_owned());
    store.hashing.clone().acquire_owned().await.map_err(stopped)
}

async fn run<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| StoreError::Broken(error.to_string()))?
}

fn hash_now(password: &str) -> Result<String, StoreError> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    Ok(hash.map_err(|error| StoreError::Broken(error.to_string()))?.to_string())
}

fn nobodys_hash() -> Result<&'static str, StoreError> {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash);
    }
    let hash = hash_now(&new_token())?;
    Ok(HASH.get_or_init(|| hash))
}

/// Whether a password is too easy to guess (zxcvbn below 3), given words an attacker would try first.
pub fn is_weak(password: &str, context: &[&str]) -> bool {
    // The estimate costs time that grows with length; what is strong in its first 100 characters is strong.
    let head: String = password.chars().take(100).collect();
    let estimate = zxcvbn::zxcvbn(&head, context);
    u8::from(estimate.score()) < 3
}

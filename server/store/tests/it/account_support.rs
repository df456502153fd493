//! Letters as their readers get them.

use domain::notice::Notice;
use store::command::account::{Client, Registration};
use store::outbox;
use testkit::World;

pub const NEW_PASSWORD: &str = "a kiln of its own in 1998";

pub fn client() -> Client {
    Client { address: "192.0.2.1".to_owned(), user_agent: "test".to_owned() }
}

/// Letters waiting for an address, oldest first. They are claimed: a second call sees only newer ones.
pub async fn letters(world: &World, address: &str) -> Vec<Notice> {
    let claimed = outbox::claim(&world.store, 1_000, 3_600_000).await.unwrap();
    let mut own: Vec<_> = claimed.into_iter().filter(|letter| letter.to.address == address).collect();
    own.sort_by_key(|letter| letter.id);
    own.into_iter().map(|letter| letter.notice).collect()
}

/// The one-time link in the last letter.
pub async fn mailed_token(world: &World, address: &str) -> String {
    match letters(world, address).await.pop() {
        Some(
            Notice::ConfirmAddress { token }
            | Notice::ResetPassword { token }
            | Notice::Invited { token, .. },
        ) => token,
        other => panic!("no link for {address}: {other:?}"),
    }
}

pub fn registration(email: &str) -> Registration {
    Registration {
        name: "Mo Newcomer".to_owned(),
        email: email.to_owned(),
        password: NEW_PASSWORD.to_owned(),
        repeat: NEW_PASSWORD.to_owned(),
        locale: "en".to_owned(),
    }
}

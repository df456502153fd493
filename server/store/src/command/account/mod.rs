//! Accounts: who a person is, how they prove it, and which units they act for.
//! Deliberately absent: cookies and links (the pages make them from the tokens returned or mailed here).

mod admin;
mod attempts;
mod inbox;
mod invitation;
mod membership;
mod password;
mod preference;
mod registration;
mod session;
mod token;
mod unit;

pub use admin::{admin_create, retry_letter};
pub use inbox::{mark_all_read, mark_read};
pub use invitation::{invitation_accept, invite};
pub use membership::change_membership;
pub use password::{change_password, request_reset, reset_password};
pub use preference::{follow, set_locale, unfollow};
pub(crate) use registration::{NewPerson, confirm, insert as insert_person};
pub use registration::{Registration, confirm_email, register, resend_confirmation};
pub use session::{
    ABSOLUTE_LIMIT_MS, Client, IDLE_LIMIT_MS, SignedIn, end_other_sessions, rotate_session, sign_in, sign_out,
};
pub(crate) use unit::{insert as insert_unit, join};
pub use unit::{name_key, register_unit};

pub(crate) use attempts::WINDOW_MS as ATTEMPT_WINDOW_MS;
pub(crate) use token::{INVITE, find_live};

use domain::actor::Actor;
use domain::id::PersonId;
use domain::refusal::Refusal;

/// Languages a person may choose; the first is the default.
pub const LOCALES: &[&str] = &["zh-CN", "en"];

/// The person behind the request.
///
/// # Errors
/// [`Refusal::SignInNeeded`].
pub(crate) fn signed_in(actor: &Actor) -> Result<PersonId, Refusal> {
    actor.person.ok_or(Refusal::SignInNeeded)
}

/// What sign-in compares: the address without regard to case and outer blanks.
pub(crate) fn email_key(email: &str) -> String {
    email.trim().chars().filter(|c| !c.is_control()).flat_map(char::to_lowercase).collect()
}

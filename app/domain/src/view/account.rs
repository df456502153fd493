//! A person's own pages: account and inbox.

use crate::actor::{MembershipState, OrganisationKind, Role};
use crate::id::{MembershipId, NoticeId, OrganisationId};
use crate::notice::Notice;
use crate::time::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountPage {
    pub name: String,
    pub email: String,
    pub email_confirmed: bool,
    pub locale: String,
    pub memberships: Vec<MembershipRow>,
    pub sessions: Vec<SessionRow>,
    pub follows: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembershipRow {
    pub id: MembershipId,
    pub organisation: OrganisationId,
    pub organisation_name: String,
    pub kind: OrganisationKind,
    pub role: Role,
    pub state: MembershipState,
    pub expires_at: Option<Timestamp>,
    /// The reader's colleagues in it (name or address, role, state), when the reader is active there.
    pub colleagues: Vec<Colleague>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    pub membership: MembershipId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub state: MembershipState,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub user_agent: String,
    pub is_this_one: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxRow {
    pub id: NoticeId,
    pub notice: Notice,
    pub created_at: Timestamp,
    pub read_at: Option<Timestamp>,
}

/// What an invitation link opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationPage {
    pub organisation_name: String,
    pub role: Role,
    pub email: String,
    /// The address has an account already: sign in instead of registering.
    pub has_account: bool,
}

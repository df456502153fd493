//! What the pages about memberships share.

use domain::actor::{Actor, MembershipState, OrganisationKind, Role};
use domain::id::OrganisationId;

use crate::components::Tone;

pub const fn tone(state: MembershipState) -> Tone {
    match state {
        MembershipState::Invited => Tone::Open,
        MembershipState::Active => Tone::Good,
        MembershipState::Suspended => Tone::Warn,
        MembershipState::Left | MembershipState::Expired => Tone::Quiet,
    }
}

/// The roles this reader may offer in this unit: organisers those of the authority, others the ones they hold.
/// The command decides again.
pub fn offered(actor: &Actor, organisation: OrganisationId, kind: OrganisationKind) -> Vec<Role> {
    if kind == OrganisationKind::Authority {
        if actor.has_in(Role::Organiser, organisation) {
            return vec![Role::Expert, Role::Organiser, Role::Auditor];
        }
        return Vec::new();
    }
    [Role::Team, Role::Issuer].into_iter().filter(|role| actor.has_in(*role, organisation)).collect()
}

/// Whether this reader may suspend or take back a colleague's role here.
pub fn may_change(actor: &Actor, organisation: OrganisationId, role: Role) -> bool {
    match role {
        Role::Organiser | Role::Expert | Role::Auditor => actor.has_in(Role::Organiser, organisation),
        Role::Issuer | Role::Team => actor.has_in(role, organisation),
    }
}

pub fn label_key(field: &str) -> &'static str {
    match field {
        "kind" => "account.kind",
        "credit_code" => "account.credit_code",
        "domain" => "account.domain",
        "email" => "account.email",
        "role" => "account.role",
        _ => "account.unit_name",
    }
}

//! Who acts. Deliberately absent: sessions and passwords (they are the store's).

use serde::{Deserialize, Serialize};

use crate::id::{OrganisationId, PersonId};

/// Declares an enum that is stored and shown by a stable snake-case key.
#[macro_export]
macro_rules! keyed {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $key:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $key)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable key: in the database, in URLs and in the catalogue.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }

            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

keyed! {
    /// What a membership lets a person do in its organisation. See product: people.
    Role {
        Organiser = "organiser",
        Issuer = "issuer",
        Team = "team",
        Expert = "expert",
        Auditor = "auditor",
    }
}

keyed! {
    MembershipState {
        Invited = "invited",
        Active = "active",
        Suspended = "suspended",
        Left = "left",
        Expired = "expired",
    }
}

keyed! {
    OrganisationKind {
        Authority = "authority",
        Enterprise = "enterprise",
        University = "university",
        Institute = "institute",
        Other = "other",
    }
}

/// One active role in one organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub role: Role,
    pub organisation: OrganisationId,
    pub organisation_name: String,
}

/// Whoever is behind a request. `person` is `None` for the public; `held` lists active memberships only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub person: Option<PersonId>,
    pub name: String,
    pub email: String,
    pub email_confirmed: bool,
    pub held: Vec<Held>,
}

impl Actor {
    pub fn public() -> Self {
        Self::default()
    }

    pub fn has(&self, role: Role) -> bool {
        self.held.iter().any(|held| held.role == role)
    }

    pub fn has_in(&self, role: Role, organisation: OrganisationId) -> bool {
        self.held.iter().any(|held| held.role == role && held.organisation == organisation)
    }

    pub fn is_in(&self, organisation: OrganisationId) -> bool {
        self.held.iter().any(|held| held.organisation == organisation)
    }

    /// The first organisation the person holds the role in.
    pub fn organisation_for(&self, role: Role) -> Option<OrganisationId> {
        self.held.iter().find(|held| held.role == role).map(|held| held.organisation)
    }
}

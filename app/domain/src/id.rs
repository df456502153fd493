//! Identifiers: one newtype per table row a person can name. Deliberately absent: making them (the store does).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

id! {
    /// A person with an account.
    PersonId,
    /// An organisation: authority, enterprise, university, institute.
    OrganisationId,
    /// A person's role in an organisation.
    MembershipId,
    /// A published batch of challenges (榜单).
    ListId,
    /// One challenge (榜题). Its race, when it has one, is named by the same id.
    ChallengeId,
    /// One team's bid on one challenge (揭榜申请).
    BidId,
    /// An expert's seat on the panel of one challenge.
    SeatId,
    /// One expert's score sheet for one bid at one stage.
    ReviewId,
    /// One notice to one person.
    NoticeId,
}

//! The named cast of the demonstration: who can be tried with one press. Never shown outside demo mode.

use domain::actor::Role;

/// The password of every demo account; the demo data is filled with the same.
pub const DEMO_PASSWORD: &str = "揭榜-demo-2026!";

/// One of the cast. Names are in the catalogue under `demo.<key>`.
#[derive(Clone, Copy, Debug)]
pub struct Player {
    pub key: &'static str,
    pub email: &'static str,
    pub role: Role,
}

/// In the order of the story: who publishes, who asks, who bids, who judges, who watches.
pub const CAST: &[Player] = &[
    Player { key: "rui", email: "rui@unveil.example", role: Role::Organiser },
    Player { key: "ling", email: "ling@unveil.example", role: Role::Issuer },
    Player { key: "chen", email: "chen@unveil.example", role: Role::Team },
    Player { key: "zhao", email: "zhao@unveil.example", role: Role::Team },
    Player { key: "okafor", email: "okafor@unveil.example", role: Role::Expert },
    Player { key: "sato", email: "sato@unveil.example", role: Role::Expert },
    Player { key: "wen", email: "wen@unveil.example", role: Role::Auditor },
];

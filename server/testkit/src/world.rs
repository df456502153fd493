//! The named cast in a database of its own, and the clock.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use domain::actor::{Actor, Held, MembershipState, OrganisationKind, Role};
use domain::id::{MembershipId, OrganisationId, PersonId};
use domain::time::Timestamp;
use entity::{membership, organisation, person};
use sea_orm::{ActiveModelTrait, DatabaseConnection, Set};
use store::{Clock, Store, secret};
use uuid::Uuid;

use crate::test_db::{Backend, TestDb};

/// Everybody's password.
pub const PASSWORD: &str = "barite lifts the heaviest mud 72";

/// Where the clock stands when a world begins: Monday 2026-03-02, 09:00 in Beijing. The holidays of 2026 are known.
pub const BEGINNING: Timestamp = Timestamp(1_772_413_200_000);

/// Experts of the cast, in the order they are seated.
pub const EXPERTS: [&str; 7] = ["okafor", "sato", "novak", "haddad", "silva", "kim", "larsen"];

/// Team leads of the cast.
pub const TEAMS: [&str; 3] = ["chen", "zhao", "sun"];

/// `(key, name, locale, unit, roles)`.
type Member = (&'static str, &'static str, &'static str, &'static str, &'static [Role]);

const UNITS: &[(&str, &str, OrganisationKind)] = &[
    ("authority", "安顺市科学技术局", OrganisationKind::Authority),
    ("enterprise", "贵州重晶石科技有限公司", OrganisationKind::Enterprise),
    ("university", "清河大学", OrganisationKind::University),
    ("institute", "北岭矿冶研究院", OrganisationKind::Institute),
    ("laboratory", "南湖材料实验室", OrganisationKind::Other),
];

const MEMBERS: &[Member] = &[
    ("rui", "芮文", "zh-CN", "authority", &[Role::Organiser]),
    ("wen", "闻静", "zh-CN", "authority", &[Role::Auditor]),
    ("ling", "凌云", "zh-CN", "enterprise", &[Role::Issuer, Role::Team]),
    ("chen", "陈思源", "zh-CN", "university", &[Role::Team]),
    ("zhao", "赵北", "zh-CN", "institute", &[Role::Team]),
    ("sun", "孙南", "zh-CN", "laboratory", &[Role::Team]),
    ("okafor", "Ada Okafor", "en", "authority", &[Role::Expert]),
    ("sato", "佐藤健", "zh-CN", "authority", &[Role::Expert]),
    ("novak", "Jana Novak", "en", "authority", &[Role::Expert]),
    ("haddad", "Omar Haddad", "en", "authority", &[Role::Expert]),
    ("silva", "Rita Silva", "en", "authority", &[Role::Expert]),
    ("kim", "Kim Minseo", "en", "authority", &[Role::Expert]),
    ("larsen", "Nils Larsen", "en", "authority", &[Role::Expert]),
    ("stranger", "生人", "zh-CN", "", &[]),
];

/// A database with the cast in it.
pub struct World {
    pub store: Store,
    pub clock: Clock,
    pub db: TestDb,
    actors: BTreeMap<String, Actor>,
    units: BTreeMap<String, OrganisationId>,
}

/// Runs a test in a world of its own; afterwards every invariant of the store must hold.
pub async fn with(backend: Backend, test: impl AsyncFnOnce(&World)) {
    let world = World::new(backend).await;
    test(&world).await;
    world.check_invariants().await;
}

impl World {
    pub async fn new(backend: Backend) -> Self {
        let db = TestDb::open(backend).await;
        let clock = db.clock.clone();
        let store = db.store.clone();
        let mut world = Self { store, clock, db, actors: BTreeMap::new(), units: BTreeMap::new() };
        world.set_time(BEGINNING).await;
        for (key, name, kind) in UNITS {
            world.add_unit(key, name, *kind).await;
        }
        for (key, name, locale, unit, roles) in MEMBERS {
            world.add_person(key, name, locale).await;
            for role in *roles {
                world.add_membership(key, unit, *role).await;
            }
        }
        world
    }

    /// Whoever it is, with the memberships given so far: a key of the cast, or `public`.
    pub fn actor(&self, key: &str) -> Actor {
        match key {
            "public" => Actor::public(),
            key => self.actors.get(key).unwrap_or_else(|| panic!("nobody called {key}")).clone(),
        }
    }

    pub fn person(&self, key: &str) -> PersonId {
        self.actor(key).person.expect("a person")
    }

    /// `chen@unveil.test`
    pub fn email(&self, key: &str) -> String {
        self.actor(key).email
    }

    /// A unit by its key (`authority`, `enterprise`, `university`, `institute`, `laboratory`), or the first unit of a
    /// person (`chen`).
    pub fn unit(&self, key: &str) -> OrganisationId {
        let own = || self.actors.get(key)?.held.first().map(|held| held.organisation);
        self.units.get(key).copied().or_else(own).unwrap_or_else(|| panic!("no unit {key}"))
    }

    /// A new unit, as if it had registered.
    pub async fn add_unit(&mut self, key: &str, name: &str, kind: OrganisationKind) -> OrganisationId {
        let id = store::save::new_id();
        let row = organisation::ActiveModel {
            id: Set(id),
            name: Set(name.to_owned()),
            name_key: Set(store::command::account::name_key(name)),
            kind: Set(kind.key().to_owned()),
            credit_code: Set(String::new()),
            created_at: Set(BEGINNING.0),
        };
        row.insert(self.connection()).await.expect("a unit");
        self.units.insert(key.to_owned(), OrganisationId(id));
        OrganisationId(id)
    }

    /// A new person with a confirmed address and everybody's password.
    pub async fn add_person(&mut self, key: &str, name: &str, locale: &str) -> PersonId {
        let (id, email) = (store::save::new_id(), format!("{key}@unveil.test"));
        let row = person::ActiveModel {
            id: Set(id),
            email: Set(email.clone()),
            email_key: Set(email.clone()),
            name: Set(name.to_owned()),
            password_hash: Set(password_hash(&self.store).await),
            locale: Set(locale.to_owned()),
            email_confirmed_at: Set(Some(BEGINNING.0)),
            suspended_at: Set(None),
            created_at: Set(BEGINNING.0),
            version: Set(1),
        };
        row.insert(self.connection()).await.expect("a person");
        let actor = Actor {
            person: Some(PersonId(id)),
            name: name.to_owned(),
            email,
            email_confirmed: true,
            held: Vec::new(),
        };
        self.actors.insert(key.to_owned(), actor);
        PersonId(id)
    }

    /// An active role of a person in a unit.
    pub async fn add_membership(&mut self, person: &str, unit: &str, role: Role) -> MembershipId {
        let organisation = self.unit(unit);
        let id = store::save::new_id();
        let row = membership::ActiveModel {
            id: Set(id),
            organisation_id: Set(organisation.0),
            person_id: Set(Some(self.person(person).0)),
            email_key: Set(self.email(person)),
            role: Set(role.key().to_owned()),
            state: Set(MembershipState::Active.key().to_owned()),
            invited_by: Set(None),
            expires_at: Set(None),
            created_at: Set(BEGINNING.0),
            changed_at: Set(BEGINNING.0),
        };
        row.insert(self.connection()).await.expect("a membership");
        let organisation_name = self.unit_name(organisation.0).await;
        let actor = self.actors.get_mut(person).expect("a person of the cast");
        actor.held.push(Held { role, organisation, organisation_name });
        MembershipId(id)
    }

    /// One more team lead with a unit of its own.
    pub async fn add_team(&mut self, key: &str) -> Actor {
        self.add_unit(&format!("{key} unit"), &format!("Unit of {key}"), OrganisationKind::Institute).await;
        self.add_person(key, &format!("Lead {key}"), "en").await;
        self.add_membership(key, &format!("{key} unit"), Role::Team).await;
        self.actor(key)
    }

    /// Sets the clock of the product; it goes on running from there.
    pub async fn set_time(&self, at: Timestamp) {
        let now = self.store.now().await.expect("the database's clock");
        self.clock.advance_ms(at.0 - now.0);
    }

    pub async fn now(&self) -> Timestamp {
        self.store.now().await.expect("the database's clock")
    }

    /// For rows of the past and looks behind the queries. On SQLite this is the only writer: keep no stream open.
    pub fn connection(&self) -> &DatabaseConnection {
        self.store.migration_connection()
    }

    /// # Panics
    /// When a query that must return no row returns one.
    pub async fn check_invariants(&self) {
        let broken = store::invariants::find_violations(&self.store).await.expect("the invariants run");
        assert_eq!(broken, vec![], "invariants broken");
    }

    async fn unit_name(&self, id: Uuid) -> String {
        store::load::unit_name(self.connection(), id).await.expect("a unit")
    }
}

/// The hash of [`PASSWORD`], made once per process: it takes the server's memory and time by design.
async fn password_hash(store: &Store) -> String {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return hash.clone();
    }
    let hash = secret::hash_password(store, PASSWORD).await.expect("a hash");
    HASH.get_or_init(|| hash).clone()
}

//! Who is in the demonstration.

use std::collections::BTreeMap;

use domain::actor::{Actor, OrganisationKind, Role};
use domain::refusal::{FieldError, Problem, Refusal};
use serde::Deserialize;
use store::command::admin;
use store::{Store, StoreError, secret};

#[derive(Deserialize)]
pub struct Texts {
    pub password: String,
    pub units: Vec<UnitText>,
    pub people: Vec<PersonText>,
    pub lists: Vec<ListText>,
    pub qualification: String,
    pub credit: String,
    pub gates: Vec<GateText>,
    pub fields: Vec<FieldText>,
    pub bid: BidText,
    pub comments: BTreeMap<String, Bands>,
    pub overall: Bands,
    pub gate_comments: Bands,
    pub gate_overall: Bands,
    pub reasons: BTreeMap<String, String>,
    pub needs: Vec<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
pub struct UnitText {
    pub key: String,
    pub name: String,
    pub kind: OrganisationKind,
}

#[derive(Deserialize)]
pub struct PersonText {
    pub key: String,
    pub name: String,
    pub locale: String,
    pub unit: String,
    pub roles: Vec<Role>,
}

#[derive(Deserialize)]
pub struct ListText {
    pub number: String,
    pub title: String,
    pub title_en: String,
    pub introduction: String,
    pub introduction_en: String,
    pub model: String,
}

#[derive(Deserialize)]
pub struct GateText {
    pub title: String,
    pub title_en: String,
}

#[derive(Deserialize)]
pub struct BidText {
    pub basis: Vec<String>,
    pub plan: Vec<String>,
    pub risks: Vec<String>,
    /// One for each line of the budget.
    pub purposes: Vec<String>,
    pub titles: Vec<String>,
    pub surnames: Vec<String>,
    pub given: Vec<String>,
}

/// How people of one field of work write.
#[derive(Deserialize)]
pub struct FieldText {
    /// Domains, and words of a challenge's title.
    pub matches: Vec<String>,
    /// Who bids in it, by key, most likely first.
    pub teams: Vec<String>,
    pub approaches: Vec<String>,
    pub abstracts: Vec<String>,
    pub routes: Vec<String>,
    pub duties: Vec<String>,
}

/// What an expert says of something good, of something fair and of something weak.
#[derive(Deserialize)]
pub struct Bands {
    high: Vec<String>,
    middle: Vec<String>,
    low: Vec<String>,
}

impl Bands {
    /// The sentences that fit a score of 0 to 100.
    pub fn of(&self, score: i64) -> &[String] {
        match score {
            85.. => &self.high,
            72..85 => &self.middle,
            _ => &self.low,
        }
    }
}

/// Persons by key.
pub struct Cast {
    people: BTreeMap<String, Actor>,
}

impl Cast {
    /// # Errors
    /// [`Refusal::NotFound`] for a key that is not in the texts.
    pub fn actor(&self, key: &str) -> Result<&Actor, StoreError> {
        self.people.get(key).ok_or_else(|| Refusal::NotFound.into())
    }

    /// Everybody who holds the role, in the order of their keys.
    pub fn with_role(&self, role: Role) -> Vec<&Actor> {
        self.people.values().filter(|actor| actor.has(role)).collect()
    }
}

/// `None` when the cast is there already.
pub async fn create(store: &Store, texts: &Texts) -> Result<Option<Cast>, StoreError> {
    let mut people = BTreeMap::new();
    let password_hash = secret::hash_password(store, &texts.password).await?;
    for person in &texts.people {
        let email = format!("{}@unveil.example", person.key);
        let new = admin::NewPerson {
            email: &email,
            name: &person.name,
            password_hash: &password_hash,
            locale: &person.locale,
        };
        let id = match admin::create_person(store, &new).await {
            Ok(id) => id,
            Err(StoreError::Refused(refusal)) if is_taken(&refusal) => return Ok(None),
            Err(error) => return Err(error),
        };
        if let Some(unit) = texts.units.iter().find(|unit| unit.key == person.unit) {
            let unit = admin::ensure_unit(store, &unit.name, unit.kind).await?;
            for role in &person.roles {
                admin::grant(store, id, unit, *role).await?;
            }
        }
        people.insert(person.key.clone(), admin::actor(store, id).await?);
    }
    Ok(Some(Cast { people }))
}

fn is_taken(refusal: &Refusal) -> bool {
    refusal.fields() == [FieldError::new("email", Problem::AddressTaken)]
}

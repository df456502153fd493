//! Setting up by the operator's hand: confirmed persons, units, roles. Not reachable over HTTP; the command line and the
//! demo call it. Deliberately absent: permission checks (whoever runs the program has the database anyway).

use domain::actor::{Actor, Held, MembershipState, OrganisationKind, Role};
use domain::id::{OrganisationId, PersonId};
use domain::refusal::Refusal;
use domain::words;
use entity::{membership, organisation, person};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::account;
use crate::audit::{self, Subject};
use crate::connect::Store;
use crate::error::StoreError;

/// A person as the operator knows them. The hash comes from [`crate::secret::hash_password`].
pub struct NewPerson<'a> {
    pub email: &'a str,
    pub name: &'a str,
    pub password_hash: &'a str,
    pub locale: &'a str,
}

/// Creates a person with a confirmed address.
///
/// # Errors
/// [`domain::refusal::Problem::AddressTaken`] at `email`; unreadable words at their field.
pub async fn create_person(store: &Store, new: &NewPerson<'_>) -> Result<PersonId, StoreError> {
    let mut form = words::Form::default();
    let email = form.take("email", words::email(new.email));
    let name = form.take("name", words::line(new.name, words::NAME_MAX));
    form.finish()?;
    let tx = store.begin().await?;
    let row =
        account::NewPerson { name, email, hash: new.password_hash.to_owned(), locale: new.locale.to_owned() };
    let id = PersonId(account::insert_person(&tx, row).await?.id);
    account::confirm(&tx, id.0).await?;
    let subject = id.to_string();
    audit::record(
        &tx,
        None,
        "admin_create_person",
        Subject { kind: "person", id: &subject },
        serde_json::json!({}),
    )
    .await?;
    tx.commit().await?;
    Ok(id)
}

/// The unit of this name, created when there is none.
///
/// # Errors
/// An unreadable name at `organisation`.
pub async fn ensure_unit(
    store: &Store,
    name: &str,
    kind: OrganisationKind,
) -> Result<OrganisationId, StoreError> {
    let name =
        words::line(name, words::LINE_MAX).map_err(|problem| Refusal::invalid("organisation", problem))?;
    let tx = store.begin().await?;
    let known =
        organisation::Entity::find().filter(organisation::Column::NameKey.eq(account::name_key(&name)));
    if let Some(unit) = known.one(tx.connection()).await? {
        tx.roll_back().await?;
        return Ok(OrganisationId(unit.id));
    }
    let id = OrganisationId(account::insert_unit(&tx, &name, kind, "").await?);
    tx.commit().await?;
    Ok(id)
}

/// Gives an active role, without an end.
///
/// # Errors
/// When the person is unknown or the database does not answer.
pub async fn grant(
    store: &Store,
    person: PersonId,
    unit: OrganisationId,
    role: Role,
) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    let row = crate::load::person(&tx, person).await?;
    account::join(&tx, unit.0, person.0, &row.email_key, role).await?;
    let (subject, detail) =
        (person.to_string(), serde_json::json!({ "role": role.key(), "unit": unit.to_string() }));
    audit::record(&tx, None, "admin_grant", Subject { kind: "person", id: &subject }, detail).await?;
    tx.commit().await
}

/// The person as an actor, for acts done on their behalf by the operator's own tools.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn actor(store: &Store, id: PersonId) -> Result<Actor, StoreError> {
    let person = person::Entity::find_by_id(id.0).one(&store.reader).await?.ok_or(Refusal::NotFound)?;
    let roles = membership::Entity::find()
        .filter(membership::Column::PersonId.eq(id.0))
        .filter(membership::Column::State.eq(MembershipState::Active.key()))
        .all(&store.reader)
        .await?;
    let mut held = Vec::with_capacity(roles.len());
    for row in roles {
        let Some(role) = Role::from_key(&row.role) else { continue };
        let organisation_name = crate::load::unit_name(&store.reader, row.organisation_id).await?;
        held.push(Held { role, organisation: OrganisationId(row.organisation_id), organisation_name });
    }
    Ok(Actor {
        person: Some(id),
        name: person.name,
        email: person.email,
        email_confirmed: person.email_confirmed_at.is_some(),
        held,
    })
}

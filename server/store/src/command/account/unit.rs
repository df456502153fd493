//! A unit registers itself through its first person.

use domain::actor::{Actor, MembershipState, OrganisationKind, Role};
use domain::challenge::Typed;
use domain::id::OrganisationId;
use domain::permission::{self, Action, Facts};
use domain::refusal::{Problem, Refusal};
use domain::words::{self, Form};
use entity::{membership, organisation};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use super::{email_key, signed_in};
use crate::audit::{self, Subject};
use crate::connect::Store;
use crate::error::StoreError;
use crate::save;
use crate::tx::Tx;

/// Longest credit code; the Chinese one has 18 characters, foreign register numbers may have more.
const CREDIT_CODE_MAX: usize = 32;

/// Authorities are made by `admin create`: nobody becomes one by a form.
const KINDS: &[&str] = &["enterprise", "university", "institute", "other"];

/// Registers a unit. An enterprise may post challenges and bid; every other unit may bid.
///
/// # Errors
/// [`Refusal::EmailUnconfirmed`]; [`Refusal::Invalid`] at `name`, `kind`, `credit_code`.
pub async fn register_unit(
    store: &Store,
    actor: &Actor,
    typed: &Typed,
) -> Result<OrganisationId, StoreError> {
    permission::decide(actor, Action::RegisterUnit, &Facts::default())?;
    let person = signed_in(actor)?;
    let get = |field: &str| typed.get(field).map_or("", String::as_str);
    let mut form = Form::default();
    let name = form.take("name", words::line(get("name"), words::NAME_MAX));
    let kind = form.take("kind", words::choice(get("kind"), KINDS));
    let code = form.take("credit_code", words::optional_line(get("credit_code"), CREDIT_CODE_MAX));
    form.finish()?;
    let kind = OrganisationKind::from_key(&kind).unwrap_or(OrganisationKind::Other);
    let tx = store.begin().await?;
    let id = insert(&tx, &name, kind, &code).await?;
    let roles: &[Role] =
        if kind == OrganisationKind::Enterprise { &[Role::Issuer, Role::Team] } else { &[Role::Team] };
    for role in roles {
        join(&tx, id, person.0, &email_key(&actor.email), *role).await?;
    }
    let subject = Subject { kind: "organisation", id: &id.to_string() };
    audit::record(&tx, Some(person), "register_unit", subject, serde_json::json!({ "kind": kind.key() }))
        .await?;
    tx.commit().await?;
    Ok(OrganisationId(id))
}

/// What tells two units apart: the name without blanks, case and the width of its brackets.
pub fn name_key(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            other => other,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

pub(crate) async fn insert(
    tx: &Tx,
    name: &str,
    kind: OrganisationKind,
    credit_code: &str,
) -> Result<Uuid, StoreError> {
    let id = save::new_id();
    let row = organisation::ActiveModel {
        id: Set(id),
        name: Set(name.to_owned()),
        name_key: Set(name_key(name)),
        kind: Set(kind.key().to_owned()),
        credit_code: Set(credit_code.to_owned()),
        created_at: Set(tx.now.0),
    };
    let taken = Refusal::invalid("name", Problem::Duplicate);
    row.insert(tx.connection()).await.map_err(|error| StoreError::unique(error, taken))?;
    Ok(id)
}

/// An active role from now on.
pub(crate) async fn join(
    tx: &Tx,
    organisation: Uuid,
    person: Uuid,
    email_key: &str,
    role: Role,
) -> Result<(), StoreError> {
    let row = membership::ActiveModel {
        id: Set(save::new_id()),
        organisation_id: Set(organisation),
        person_id: Set(Some(person)),
        email_key: Set(email_key.to_owned()),
        role: Set(role.key().to_owned()),
        state: Set(MembershipState::Active.key().to_owned()),
        invited_by: Set(None),
        expires_at: Set(None),
        created_at: Set(tx.now.0),
        changed_at: Set(tx.now.0),
    };
    row.insert(tx.connection()).await?;
    Ok(())
}

//! Inviting by address, and coming.

use domain::actor::{Actor, MembershipState, Role};
use domain::id::OrganisationId;
use domain::notice::Notice;
use domain::permission::{self, Action, Facts};
use domain::refusal::{Problem, Refusal};
use domain::words;
use entity::{membership, organisation, person};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::attempts::{self, Counted};
use super::registration::confirm;
use super::token::{self, Holder};
use super::{email_key, signed_in};
use crate::audit::{self, Subject};
use crate::connect::Store;
use crate::error::StoreError;
use crate::outbox::{self, Recipient};
use crate::save;
use crate::tx::Tx;

/// Invites an address to a role: organisers invite organisers, experts and auditors into their authority; others
/// invite into their unit to a role they hold themselves. Inviting again sends a new link and kills the old one.
///
/// # Errors
/// [`Refusal::NotAllowed`]; at `email` a bad address, or one that has the role already ([`Problem::Duplicate`]);
/// [`Refusal::TooManyAttempts`].
pub async fn invite(
    store: &Store,
    actor: &Actor,
    organisation: OrganisationId,
    email: &str,
    role: Role,
) -> Result<(), StoreError> {
    let by = signed_in(actor)?;
    let facts = Facts { lead_unit: Some(organisation), ..Facts::default() };
    permission::decide(actor, Action::InviteMember, &facts)?;
    if !may_give(actor, organisation, role) {
        return Err(Refusal::NotAllowed.into());
    }
    if !actor.email_confirmed {
        return Err(Refusal::EmailUnconfirmed.into());
    }
    let email = words::email(email).map_err(|problem| Refusal::invalid("email", problem))?;
    let key = email_key(&email);
    attempts::count(store, "invite", &[Counted::InvitationsBy(&by.to_string())]).await?;
    let tx = store.begin().await?;
    let unit = organisation::Entity::find_by_id(organisation.0).one(tx.connection()).await?;
    let unit = unit.ok_or(Refusal::NotFound)?;
    let membership = invited(&tx, organisation, &key, role, by.0).await?;
    let holder = Holder { person: None, membership: Some(membership), email_key: &key };
    let token = token::issue(&tx, token::INVITE, &holder).await?;
    let known = person::Entity::find().filter(person::Column::EmailKey.eq(&key)).one(tx.connection()).await?;
    let recipient = match &known {
        Some(person) => Recipient::from(person),
        None => Recipient {
            person: None,
            address: email,
            name: String::new(),
            locale: inviter_locale(&tx, by.0).await?,
        },
    };
    let notice = Notice::Invited {
        token,
        organisation: unit.name,
        role: role.key().to_owned(),
        by: actor.name.clone(),
    };
    outbox::post(&tx, &recipient, &notice).await?;
    let subject = Subject { kind: "membership", id: &membership.to_string() };
    audit::record(&tx, Some(by), "invite", subject, serde_json::json!({ "role": role.key() })).await?;
    tx.commit().await
}

fn may_give(actor: &Actor, organisation: OrganisationId, role: Role) -> bool {
    let organises = actor.has_in(Role::Organiser, organisation);
    match role {
        Role::Organiser | Role::Expert | Role::Auditor => organises,
        Role::Issuer | Role::Team => actor.has_in(role, organisation),
    }
}

/// The membership in its invited state: new, or one that ended before.
async fn invited(
    tx: &Tx,
    organisation: OrganisationId,
    email_key: &str,
    role: Role,
    by: uuid::Uuid,
) -> Result<uuid::Uuid, StoreError> {
    let duplicate = || Refusal::invalid("email", Problem::Duplicate);
    let known = membership::Entity::find()
        .filter(membership::Column::OrganisationId.eq(organisation.0))
        .filter(membership::Column::EmailKey.eq(email_key))
        .filter(membership::Column::Role.eq(role.key()))
        .lock_exclusive()
        .one(tx.connection())
        .await?;
    let Some(known) = known else {
        let row = membership::ActiveModel {
            id: Set(save::new_id()),
            organisation_id: Set(organisation.0),
            person_id: Set(None),
            email_key: Set(email_key.to_owned()),
            role: Set(role.key().to_owned()),
            state: Set(MembershipState::Invited.key().to_owned()),
            invited_by: Set(Some(by)),
            expires_at: Set(None),
            created_at: Set(tx.now.0),
            changed_at: Set(tx.now.0),
        };
        let row =
            row.insert(tx.connection()).await.map_err(|error| StoreError::unique(error, duplicate()))?;
        return Ok(row.id);
    };
    let over = known.expires_at.is_some_and(|at| at <= tx.now.0);
    let ended = matches!(
        MembershipState::from_key(&known.state),
        Some(MembershipState::Invited | MembershipState::Left | MembershipState::Expired)
    );
    if !over && !ended {
        return Err(duplicate().into());
    }
    let id = known.id;
    let mut row: membership::ActiveModel = known.into();
    row.state = Set(MembershipState::Invited.key().to_owned());
    row.invited_by = Set(Some(by));
    row.expires_at = Set(None);
    row.changed_at = Set(tx.now.0);
    row.update(tx.connection()).await?;
    Ok(id)
}

async fn inviter_locale(tx: &Tx, id: uuid::Uuid) -> Result<String, StoreError> {
    let inviter = person::Entity::find_by_id(id).one(tx.connection()).await?;
    Ok(inviter.map(|person| person.locale).unwrap_or_default())
}

/// Takes the role. Only with the address that was invited; the link proves that address.
///
/// # Errors
/// [`Refusal::LinkInvalid`]; [`Refusal::NotAllowed`] for another address (the link stays good).
pub async fn invitation_accept(store: &Store, actor: &Actor, token: &str) -> Result<(), StoreError> {
    let person = signed_in(actor)?;
    let tx = store.begin().await?;
    let link = token::redeem(&tx, token::INVITE, token).await?;
    if link.email_key != email_key(&actor.email) {
        return Err(Refusal::NotAllowed.into());
    }
    let id = link.membership_id.ok_or(Refusal::LinkInvalid)?;
    let known = membership::Entity::find_by_id(id).lock_exclusive().one(tx.connection()).await?;
    let known =
        known.filter(|row| row.state == MembershipState::Invited.key()).ok_or(Refusal::LinkInvalid)?;
    let mut row: membership::ActiveModel = known.into();
    row.person_id = Set(Some(person.0));
    row.state = Set(MembershipState::Active.key().to_owned());
    row.changed_at = Set(tx.now.0);
    row.update(tx.connection()).await?;
    confirm(&tx, person.0).await?;
    let subject = Subject { kind: "membership", id: &id.to_string() };
    audit::record(&tx, Some(person), "accept_invitation", subject, serde_json::Value::Null).await?;
    tx.commit().await
}

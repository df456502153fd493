//! What the operator and the organiser do about accounts and letters.

use domain::actor::{Actor, OrganisationKind, Role};
use domain::id::{NoticeId, PersonId};
use domain::permission::{self, Action, Facts};
use domain::refusal::{Problem, Refusal};
use domain::words::{self, Form};
use entity::{notice, organisation};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::registration::{NewPerson, confirm, insert, locale, new_password, record};
use super::{email_key, signed_in, unit};
use crate::audit::{self, Subject};
use crate::connect::Store;
use crate::error::StoreError;
use crate::secret;

/// From the command line: a confirmed person who organises the authority of this name, which is made if there is none.
///
/// # Errors
/// [`Refusal::Invalid`] at `email` (taken), `name`, `password`, `organisation` (a unit of another kind).
pub async fn admin_create(
    store: &Store,
    email: &str,
    name: &str,
    password: &str,
    organisation_name: &str,
) -> Result<PersonId, StoreError> {
    let mut form = Form::default();
    let name = form.take("name", words::line(name, words::NAME_MAX));
    let email = form.take("email", words::email(email));
    let unit_name = form.take("organisation", words::line(organisation_name, words::NAME_MAX));
    let chosen = new_password(&mut form, password, password, &[&name, &email]);
    form.finish()?;
    let hash = secret::hash_password(store, &chosen).await?;
    let tx = store.begin().await?;
    let known = organisation::Entity::find()
        .filter(organisation::Column::NameKey.eq(unit::name_key(&unit_name)))
        .one(tx.connection())
        .await?;
    let authority = match known {
        Some(known) if known.kind == OrganisationKind::Authority.key() => known.id,
        Some(_) => return Err(Refusal::invalid("organisation", Problem::Duplicate).into()),
        None => unit::insert(&tx, &unit_name, OrganisationKind::Authority, "").await?,
    };
    let person = insert(&tx, NewPerson { name, email, hash, locale: locale("") }).await?;
    confirm(&tx, person.id).await?;
    unit::join(&tx, authority, person.id, &email_key(&person.email), Role::Organiser).await?;
    record(&tx, person.id, "admin_create").await?;
    tx.commit().await?;
    Ok(PersonId(person.id))
}

/// A letter that was laid aside goes out again.
///
/// # Errors
/// [`Refusal::NotFound`] for others than organisers, and when it is not laid aside.
pub async fn retry_letter(store: &Store, actor: &Actor, id: NoticeId) -> Result<(), StoreError> {
    permission::decide(actor, Action::ReadDeadLetters, &Facts::default())?;
    let by = signed_in(actor)?;
    let tx = store.begin().await?;
    let done = notice::Entity::update_many()
        .col_expr(notice::Column::State, Expr::value("waiting"))
        .col_expr(notice::Column::Attempts, Expr::value(0i64))
        .col_expr(notice::Column::NextAt, Expr::value(tx.now.0))
        .filter(notice::Column::Id.eq(id.0))
        .filter(notice::Column::State.eq("dead"))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 {
        return Err(Refusal::NotFound.into());
    }
    let subject = Subject { kind: "notice", id: &id.to_string() };
    audit::record(&tx, Some(by), "retry_letter", subject, serde_json::Value::Null).await?;
    tx.commit().await
}

//! The people of the organiser's own authority: who is there in which role, and inviting more.

use axum::response::Response;
use domain::actor::{Actor, MembershipState, Role};
use domain::id::OrganisationId;
use domain::permission::{Action, Facts, decide};
use domain::view::account::{AccountPage, Colleague, MembershipRow};
use leptos::prelude::*;

use super::parts::{head, line_input};
use crate::catalogue::{name_of, t, word};
use crate::components::badge::Tone;
use crate::components::{Button, Column, Empty, Form, Heading, Table, badge, cell};
use crate::context::Here;
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

/// Roles an organiser gives in the own authority.
const GIVEN: [Role; 3] = [Role::Expert, Role::Organiser, Role::Auditor];

async fn load(here: &Here) -> Result<AccountPage, AppError> {
    decide(&here.actor, Action::ReadOrganiserDesk, &Facts::default())?;
    Ok(store::query::account::account(&here.store, &here.actor, here.session_token()).await?)
}

pub async fn show(here: Here) -> Result<Response, AppError> {
    here.need_person()?;
    let page = load(&here).await?;
    let (locale, actor) = (here.locale, here.actor.clone());
    here.page(head(locale, here.t("desk.people.title"), Vec::new()), move || draw(locale, &actor, &page))
        .await
}

pub fn draw(locale: Locale, actor: &Actor, page: &AccountPage) -> AnyView {
    let heading = Heading::new(t(locale, "desk.people.title")).lead(t(locale, "desk.people.lead")).draw();
    let own: Vec<&MembershipRow> = page
        .memberships
        .iter()
        .filter(|row| row.role == Role::Organiser && row.state == MembershipState::Active)
        .collect();
    let units: Vec<AnyView> = own.into_iter().map(|row| unit(locale, actor, row)).collect();
    (heading, units).into_any()
}

fn unit(locale: Locale, actor: &Actor, row: &MembershipRow) -> AnyView {
    let people = if row.colleagues.is_empty() {
        Empty::new(t(locale, "desk.people.none")).text(t(locale, "desk.people.none_text")).draw()
    } else {
        colleagues(locale, actor, row)
    };
    let name = row.organisation_name.clone();
    view! {
        <section class="section">
            <h2>{name}</h2>
            {people}
            <h3>{t(locale, "desk.people.invite")}</h3>
            {invite(locale, row.organisation)}
        </section>
    }
    .into_any()
}

fn colleagues(locale: Locale, actor: &Actor, row: &MembershipRow) -> AnyView {
    let mut table = Table::new(format!("people-{}", row.organisation), t(locale, "desk.people.members"))
        .quiet_caption()
        .columns(vec![
            Column::head(t(locale, "desk.people.name")),
            Column::text(t(locale, "desk.people.email")),
            Column::text(t(locale, "desk.people.role")),
            Column::text(t(locale, "desk.col.state")),
            Column::quiet(t(locale, "desk.col.act")),
        ]);
    for colleague in &row.colleagues {
        let name = if colleague.name.is_empty() { "—".to_owned() } else { colleague.name.clone() };
        table = table.row(vec![
            cell(name),
            cell(colleague.email.clone()),
            cell(name_of(locale, "role", &colleague.role)),
            membership_badge(locale, colleague.state),
            act(locale, actor, colleague),
        ]);
    }
    table.draw()
}

fn membership_badge(locale: Locale, state: MembershipState) -> AnyView {
    let tone = match state {
        MembershipState::Invited => Tone::Warn,
        MembershipState::Active => Tone::Good,
        MembershipState::Suspended => Tone::Bad,
        MembershipState::Left | MembershipState::Expired => Tone::Quiet,
    };
    badge(tone, name_of(locale, "membership_state", &state))
}

/// One's own membership is left on the account page, not here.
fn act(locale: Locale, actor: &Actor, colleague: &Colleague) -> AnyView {
    if colleague.email == actor.email {
        return view! { <span class="muted">{t(locale, "desk.people.you")}</span> }.into_any();
    }
    let (state, label) = match colleague.state {
        MembershipState::Active => (MembershipState::Suspended, "desk.people.suspend"),
        MembershipState::Suspended => (MembershipState::Active, "desk.people.reactivate"),
        _ => return cell(""),
    };
    Form::post(url::api("account/change_membership"))
        .inline()
        .hidden("membership", colleague.membership)
        .hidden("state", state.key())
        .button(Button::secondary(t(locale, label)).about(colleague.name.clone()))
        .draw()
}

/// Element ids carry the unit: one person may organise for two authorities.
fn invite(locale: Locale, organisation: OrganisationId) -> AnyView {
    let email_id = format!("email-{organisation}");
    let role_id = format!("role-{organisation}");
    let options: Vec<AnyView> = GIVEN
        .iter()
        .map(|role| view! { <option value=role.key()>{name_of(locale, "role", role)}</option> }.into_any())
        .collect();
    let roles: Vec<AnyView> = GIVEN
        .iter()
        .map(|role| {
            view! { <li><b>{name_of(locale, "role", role)}</b>{t(locale, "common.colon")}{word(locale, "desk.people.role_text", role.key())}</li> }
                .into_any()
        })
        .collect();
    let role = view! {
        <div class="field">
            <label class="field-label" for=role_id.clone()>{t(locale, "desk.people.role")}</label>
            <select class="control control-narrow" id=role_id name="role">{options}</select>
        </div>
    };
    let form = Form::post(url::api("account/invite"))
        .hidden("organisation", organisation)
        .part(line_input(email_id, "email", t(locale, "desk.people.email").to_owned(), String::new()))
        .part(role.into_any())
        .button(Button::primary(t(locale, "desk.people.invite_button")))
        .draw();
    view! { <p>{t(locale, "desk.people.invite_text")}</p><ul>{roles}</ul>{form} }.into_any()
}

//! One's own unit: colleagues with their roles, inviting others, leaving. Other units' pages do not exist.

use axum::response::Response;
use domain::actor::{MembershipState, OrganisationKind, Role};
use domain::id::{MembershipId, OrganisationId};
use domain::view::account::{Colleague, MembershipRow};
use leptos::prelude::*;

use super::units;
use crate::catalogue::{name_of, t, tf};
use crate::components::{
    Button, Choice, Column, Echo, Empty, Field, Form, Heading, Place, Table, Tone, badge, breadcrumbs, cell,
    disclosure, error_summary, section,
};
use crate::context::{Head, Here, Id};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

/// One unit as its member sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub id: OrganisationId,
    pub name: String,
    pub kind: OrganisationKind,
    /// The reader's own active roles here.
    pub own: Vec<(MembershipId, Role)>,
    pub colleagues: Vec<(Colleague, bool)>,
    /// Roles the reader may invite to.
    pub offered: Vec<Role>,
}

pub async fn show(here: Here, Id(id): Id<OrganisationId>) -> Result<Response, AppError> {
    here.need_person()?;
    let view = load(&here, id).await?;
    let echo = here.echo().await?;
    let locale = here.locale;
    let name = view.name.clone();
    let mut head = Head::new(name.clone(), Place::Account);
    head.breadcrumbs = Some(Box::new(move || {
        breadcrumbs(locale, vec![(url::account(), t(locale, "account.title").to_owned())], name)
    }));
    here.page(head, move || draw(locale, &view, &echo)).await
}

async fn load(here: &Here, id: OrganisationId) -> Result<View, AppError> {
    let page = store::query::account::account(&here.store, &here.actor, here.session_token()).await?;
    let rows: Vec<MembershipRow> = page
        .memberships
        .into_iter()
        .filter(|row| row.organisation == id && row.state == MembershipState::Active)
        .collect();
    let first = rows.first().ok_or_else(AppError::not_found)?;
    let (name, kind) = (first.organisation_name.clone(), first.kind);
    let own: Vec<(MembershipId, Role)> = rows.iter().map(|row| (row.id, row.role)).collect();
    let mut colleagues: Vec<(Colleague, bool)> = Vec::new();
    for colleague in rows.into_iter().flat_map(|row| row.colleagues) {
        let is_own = own.iter().any(|(membership, _)| *membership == colleague.membership);
        let known = colleagues.iter().any(|(other, _)| other.membership == colleague.membership);
        if !is_own && !known {
            let may_change = units::may_change(&here.actor, id, colleague.role);
            colleagues.push((colleague, may_change));
        }
    }
    let offered = units::offered(&here.actor, id, kind);
    Ok(View { id, name, kind, own, colleagues, offered })
}

pub fn draw(locale: Locale, view: &View, echo: &Echo) -> AnyView {
    let label_of = |field: &str| t(locale, units::label_key(field)).to_owned();
    let roles: Vec<&str> = view.own.iter().map(|(_, role)| name_of(locale, "role", role)).collect();
    let lead = tf(locale, "account.own_roles", &[("roles", &roles.join(t(locale, "common.list_separator")))]);
    view! {
        {Heading::new(view.name.clone())
            .kicker(name_of(locale, "organisation_kind", &view.kind))
            .lead(lead)
            .draw()}
        {error_summary(locale, &echo.errors, &label_of)}
        {section("colleagues", t(locale, "account.colleagues"), colleagues(locale, view))}
        {invite(locale, view, echo)}
        {section("leave", t(locale, "account.leave"), leave(locale, view))}
    }
    .into_any()
}

fn colleagues(locale: Locale, view: &View) -> AnyView {
    if view.colleagues.is_empty() {
        let mut empty =
            Empty::new(t(locale, "account.no_colleagues")).text(t(locale, "account.no_colleagues_text"));
        if !view.offered.is_empty() {
            empty = empty.way("#invite", t(locale, "account.invite"));
        }
        return empty.draw();
    }
    let mut table =
        Table::new("colleagues-table", t(locale, "account.colleagues")).quiet_caption().columns(vec![
            Column::head(t(locale, "account.name")),
            Column::text(t(locale, "account.email")),
            Column::text(t(locale, "account.role")),
            Column::text(t(locale, "account.membership_state")),
            Column::quiet(t(locale, "account.acts")),
        ]);
    for (colleague, may_change) in &view.colleagues {
        let name = if colleague.name.trim().is_empty() { &colleague.email } else { &colleague.name };
        let act = if *may_change { acts(locale, colleague) } else { ().into_any() };
        let cells = vec![
            cell(name.clone()),
            cell(colleague.email.clone()),
            cell(name_of(locale, "role", &colleague.role)),
            badge(units::tone(colleague.state), name_of(locale, "membership_state", &colleague.state)),
            act,
        ];
        let here = matches!(colleague.state, MembershipState::Active | MembershipState::Invited);
        table = if here { table.row(cells) } else { table.faded_row(cells) };
    }
    table.draw()
}

/// Suspend, let back in, or take back an invitation.
fn acts(locale: Locale, colleague: &Colleague) -> AnyView {
    let (to, label) = match colleague.state {
        MembershipState::Active => (MembershipState::Suspended, "account.suspend"),
        MembershipState::Suspended => (MembershipState::Active, "account.reactivate"),
        MembershipState::Invited => (MembershipState::Left, "account.take_back"),
        MembershipState::Left | MembershipState::Expired => return ().into_any(),
    };
    let who = if colleague.name.trim().is_empty() { &colleague.email } else { &colleague.name };
    change(colleague.membership, to, Button::secondary(t(locale, label)).about(who.clone()))
}

fn change(membership: MembershipId, to: MembershipState, button: Button) -> AnyView {
    Form::post(url::api("account/change_membership"))
        .inline()
        .hidden("membership", membership)
        .hidden("state", to.key())
        .button(button)
        .draw()
}

fn invite(locale: Locale, view: &View, echo: &Echo) -> AnyView {
    if view.offered.is_empty() {
        return ().into_any();
    }
    let first = view.offered.first().map_or("", |role| role.key());
    let choices = view
        .offered
        .iter()
        .map(|role| {
            Choice::new(role.key(), name_of(locale, "role", role)).hint(name_of(
                locale,
                "account.role_text",
                role,
            ))
        })
        .collect();
    let email = Field::email("email", t(locale, "account.email")).filled(locale, echo, "").required();
    let form = Form::post(url::api("account/invite"))
        .hidden("organisation", view.id)
        .part(email.hint(t(locale, "account.invite_hint")).autocomplete("off").draw(locale))
        .part(Field::radios("role", t(locale, "account.role"), choices).value(first).required().draw(locale))
        .button(Button::primary(t(locale, "account.invite_button")))
        .draw();
    section("invite", t(locale, "account.invite"), form)
}

fn leave(locale: Locale, view: &View) -> AnyView {
    let rows: Vec<AnyView> = view
        .own
        .iter()
        .map(|(membership, role)| {
            let name = name_of(locale, "role", role);
            let button = Button::danger(t(locale, "account.leave_button")).about(name);
            let form = change(*membership, MembershipState::Left, button);
            view! { <li><span>{badge(Tone::Good, name)}</span>{form}</li> }.into_any()
        })
        .collect();
    let body =
        view! { <p>{t(locale, "account.leave_text")}</p> <ul class="act-rows" role="list">{rows}</ul> };
    disclosure(t(locale, "account.leave_open"), false, body)
}

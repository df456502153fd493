//! The account: who one is, which roles one has where, what one follows, where one is signed in.

use axum::response::Response;
use domain::actor::{MembershipState, OrganisationKind};
use domain::challenge::DOMAINS;
use domain::permission::{self, Action, Facts as PermissionFacts};
use domain::view::account::{AccountPage, MembershipRow, SessionRow};
use leptos::prelude::*;

use super::units;
use crate::catalogue::{name_of, t, tf};
use crate::components::{
    Button, Choice, Column, Echo, Empty, Facts, Field, Form, Heading, Notice, Place, Table, badge,
    button_link, buttons, cell, day, disclosure, error_summary, section, when,
};
use crate::context::{Head, Here};
use crate::error::AppError;
use crate::pages::public::piece::domain_name;
use crate::text::Locale;
use crate::url;

/// Browsers describe themselves at length; the beginning tells one from another.
const MAX_AGENT_CHARS: usize = 80;

pub async fn show(here: Here) -> Result<Response, AppError> {
    here.need_person()?;
    let page = store::query::account::account(&here.store, &here.actor, here.session_token()).await?;
    let may_register =
        permission::decide(&here.actor, Action::RegisterUnit, &PermissionFacts::default()).is_ok();
    let echo = here.echo().await?;
    let locale = here.locale;
    let head = Head::new(here.t("account.title"), Place::Account);
    here.page(head, move || draw(locale, page, may_register, &echo)).await
}

pub fn draw(locale: Locale, page: AccountPage, may_register: bool, echo: &Echo) -> AnyView {
    let label_of = |field: &str| t(locale, units::label_key(field)).to_owned();
    view! {
        {Heading::new(t(locale, "account.title")).draw()}
        {error_summary(locale, &echo.errors, &label_of)}
        {unconfirmed(locale, &page)}
        {profile(locale, &page)}
        {section("memberships", t(locale, "account.memberships"), memberships(locale, &page.memberships))}
        {section("unit", t(locale, "account.register_unit"), register_unit(locale, &page, may_register, echo))}
        {section("follows", t(locale, "account.follows"), follows(locale, &page.follows))}
        {section("sessions", t(locale, "account.sessions"), sessions(locale, &page.sessions))}
    }
    .into_any()
}

/// Until the address is confirmed, nothing can be posted or submitted.
fn unconfirmed(locale: Locale, page: &AccountPage) -> AnyView {
    if page.email_confirmed {
        return ().into_any();
    }
    let again = Form::post(url::api("account/resend_confirmation"))
        .inline()
        .button(Button::secondary(t(locale, "account.resend")))
        .draw();
    let text = tf(locale, "account.unconfirmed_text", &[("email", &page.email)]);
    Notice::warn(text).title(t(locale, "account.unconfirmed")).foot(again).draw(locale)
}

fn profile(locale: Locale, page: &AccountPage) -> AnyView {
    let confirmed = if page.email_confirmed { "account.confirmed" } else { "account.not_confirmed" };
    let language = Locale::from_tag(&page.locale).unwrap_or_default();
    let other = language.other();
    let switch = Form::post(url::settings_language())
        .inline()
        .hidden("locale", other.tag())
        .hidden("back", url::account())
        .button(Button::quiet(tf(
            locale,
            "account.switch_language",
            &[("language", t(other, "common.language_own"))],
        )))
        .draw();
    view! {
        {Facts::new()
            .row(t(locale, "account.name"), page.name.clone())
            .row(
                t(locale, "account.email"),
                view! { {page.email.clone()} " " <span class="muted small">{t(locale, confirmed)}</span> },
            )
            .row(
                t(locale, "account.language"),
                view! { <div class="row-act">{t(language, "common.language_own")}{switch}</div> },
            )
            .draw()}
        {buttons(vec![
            button_link(url::password(), t(locale, "account.change_password"), false),
            button_link(url::inbox(), t(locale, "common.inbox"), false),
        ])}
    }
    .into_any()
}

fn memberships(locale: Locale, rows: &[MembershipRow]) -> AnyView {
    if rows.is_empty() {
        return Empty::new(t(locale, "account.no_memberships"))
            .text(t(locale, "account.no_memberships_text"))
            .way("#unit", t(locale, "account.register_unit"))
            .draw();
    }
    let mut table =
        Table::new("memberships-table", t(locale, "account.memberships")).quiet_caption().columns(vec![
            Column::head(t(locale, "account.organisation")),
            Column::text(t(locale, "account.kind")),
            Column::text(t(locale, "account.role")),
            Column::text(t(locale, "account.membership_state")),
            Column::text(t(locale, "account.expires")),
        ]);
    for row in rows {
        let active = row.state == MembershipState::Active;
        let name = row.organisation_name.clone();
        let name = if active {
            view! { <a href=url::organisation(row.organisation)>{name}</a> }.into_any()
        } else {
            name.into_any()
        };
        let cells = vec![
            name,
            cell(name_of(locale, "organisation_kind", &row.kind)),
            cell(name_of(locale, "role", &row.role)),
            badge(units::tone(row.state), name_of(locale, "membership_state", &row.state)),
            row.expires_at.map_or_else(|| cell("–"), |at| day(locale, at)),
        ];
        table = if active { table.row(cells) } else { table.faded_row(cells) };
    }
    view! { {table.draw()} <p class="muted small">{t(locale, "account.memberships_text")}</p> }.into_any()
}

fn register_unit(locale: Locale, page: &AccountPage, may_register: bool, echo: &Echo) -> AnyView {
    if !may_register {
        return Notice::info(t(locale, "account.register_unit_confirm_first")).draw(locale);
    }
    let member = page.memberships.iter().any(|row| row.state == MembershipState::Active);
    let intro = if member { "account.register_unit_another" } else { "account.register_unit_text" };
    let kinds = OrganisationKind::ALL
        .iter()
        .filter(|kind| **kind != OrganisationKind::Authority)
        .map(|kind| Choice::new(kind.key(), name_of(locale, "organisation_kind", kind)))
        .collect();
    let form = Form::post(url::api("account/register_unit"))
        .part(
            Field::text("name", t(locale, "account.unit_name"))
                .filled(locale, echo, "")
                .hint(t(locale, "account.unit_name_hint"))
                .autocomplete("organization")
                .required()
                .draw(locale),
        )
        .part(
            Field::select("kind", t(locale, "account.kind"), kinds)
                .filled(locale, echo, "")
                .hint(t(locale, "account.kind_hint"))
                .required()
                .draw(locale),
        )
        .part(
            Field::text("credit_code", t(locale, "account.credit_code"))
                .filled(locale, echo, "")
                .hint(t(locale, "account.credit_code_hint"))
                .narrow()
                .draw(locale),
        )
        .button(Button::primary(t(locale, "account.register_unit")))
        .draw();
    let body = view! { <p>{t(locale, intro)}</p> {form} };
    if member {
        disclosure(t(locale, "account.register_unit"), !echo.errors.is_empty(), body)
    } else {
        body.into_any()
    }
}

fn follows(locale: Locale, domains: &[String]) -> AnyView {
    let rows: Vec<AnyView> = domains
        .iter()
        .map(|key| {
            let name = domain_name(locale, key);
            let href = url::challenges_with(&[("domain", key)]);
            let form = Form::post(url::api("account/unfollow"))
                .inline()
                .hidden("domain", key)
                .hidden("back", url::account())
                .button(Button::secondary(t(locale, "account.unfollow")).about(name.clone()))
                .draw();
            view! { <li><a href=href>{name}</a>{form}</li> }.into_any()
        })
        .collect();
    let listed = (!rows.is_empty()).then(|| view! { <ul class="act-rows" role="list">{rows}</ul> });
    let left: Vec<Choice> = DOMAINS
        .iter()
        .filter(|key| !domains.iter().any(|followed| followed == *key))
        .map(|key| Choice::new(*key, domain_name(locale, key)))
        .collect();
    let add = (!left.is_empty()).then(|| {
        Form::post(url::api("account/follow"))
            .inline()
            .hidden("back", url::account())
            .part(Field::select("domain", t(locale, "account.domain"), left).narrow().required().draw(locale))
            .button(Button::secondary(t(locale, "account.follow")))
            .draw()
    });
    view! { <p>{t(locale, "account.follows_text")}</p> {listed} {add} }.into_any()
}

fn sessions(locale: Locale, rows: &[SessionRow]) -> AnyView {
    let mut table =
        Table::new("sessions-table", t(locale, "account.sessions")).quiet_caption().columns(vec![
            Column::head(t(locale, "account.browser")),
            Column::text(t(locale, "account.signed_in_at")),
            Column::text(t(locale, "account.last_seen_at")),
        ]);
    for row in rows {
        let agent: String = row.user_agent.chars().take(MAX_AGENT_CHARS).collect();
        let agent = if agent.is_empty() { t(locale, "account.unknown_browser").to_owned() } else { agent };
        let mark = row
            .is_this_one
            .then(|| view! { <span class="row-note">{t(locale, "account.this_session")}</span> });
        let cells = vec![
            view! { <span class="row-name">{agent}{mark}</span> }.into_any(),
            when(locale, row.created_at),
            when(locale, row.last_seen_at),
        ];
        table = if row.is_this_one { table.marked_row(cells) } else { table.row(cells) };
    }
    let end = (rows.len() > 1).then(|| {
        Form::post(url::api("account/end_other_sessions"))
            .button(Button::secondary(t(locale, "account.end_other_sessions")))
            .draw()
    });
    view! { {table.draw()} {end} }.into_any()
}

//! Changing the password while signed in.

use axum::response::Response;
use leptos::prelude::*;

use super::register::{at_form_fields, label_key, new_password};
use crate::catalogue::t;
use crate::components::{Button, Echo, Field, Form, Heading, Place, breadcrumbs, error_summary};
use crate::context::{Head, Here};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here) -> Result<Response, AppError> {
    here.need_person()?;
    let echo = at_form_fields(here.echo().await?);
    let locale = here.locale;
    let mut head = Head::new(here.t("account.change_password"), Place::Account);
    head.breadcrumbs = Some(Box::new(move || {
        let trail = vec![(url::account(), t(locale, "account.title").to_owned())];
        breadcrumbs(locale, trail, t(locale, "account.change_password"))
    }));
    let email = here.actor.email.clone();
    here.page(head, move || draw(locale, &email, &echo)).await
}

pub fn draw(locale: Locale, email: &str, echo: &Echo) -> AnyView {
    let label_of = |field: &str| t(locale, label_key(field)).to_owned();
    let form = Form::post(url::api("account/change_password"))
        // Password managers file the new password under it.
        .part(view! { <input type="text" autocomplete="username" value=email.to_owned() readonly=true hidden=true /> }.into_any())
        .part(
            Field::password("old_password", t(locale, "account.old_password"), "current-password")
                .errors(echo.errors_of(locale, "old_password"))
                .required()
                .draw(locale),
        )
        .parts(new_password(locale, echo))
        .button(Button::primary(t(locale, "account.change_password")))
        .link(url::account(), t(locale, "common.cancel"))
        .draw();
    view! {
        {Heading::new(t(locale, "account.change_password")).lead(t(locale, "account.change_password_lead")).draw()}
        {error_summary(locale, &echo.errors, &label_of)}
        {form}
    }
    .into_any()
}

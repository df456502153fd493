//! Making an account, and the page after it: the same whether the address was known or not.

use axum::response::Response;
use leptos::prelude::*;

use crate::catalogue::t;
use crate::components::{
    Button, Echo, Field, Form, Heading, Notice, Place, button_link, buttons, error_summary,
};
use crate::context::{Head, Here};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

/// Where the demonstration shows the letters it would have sent.
const DEMO_MAIL: &str = "/dev/mail";

pub async fn show(here: Here) -> Result<Response, AppError> {
    let echo = at_form_fields(here.echo().await?);
    let email = here.query("email").unwrap_or_default();
    let next = here.query("next").unwrap_or_default();
    let locale = here.locale;
    let head = Head::new(here.t("account.register_title"), Place::Account);
    here.page(head, move || draw(locale, &email, &next, &echo)).await
}

/// `email` is filled in when an invitation led here.
pub fn draw(locale: Locale, email: &str, next: &str, echo: &Echo) -> AnyView {
    let label_of = |field: &str| t(locale, label_key(field)).to_owned();
    let form = Form::post(url::api("account/register"))
        .part(
            Field::text("name", t(locale, "account.name"))
                .filled(locale, echo, "")
                .hint(t(locale, "account.name_hint"))
                .autocomplete("name")
                .required()
                .draw(locale),
        )
        .part(
            Field::email("email", t(locale, "account.email"))
                .filled(locale, echo, email)
                .hint(t(locale, "account.email_hint"))
                .required()
                .draw(locale),
        )
        .parts(new_password(locale, echo))
        .button(Button::primary(t(locale, "account.register_button")))
        .draw();
    let sign_in = url::with_query(&url::sign_in(), &[("next", next)]);
    view! {
        {Heading::new(t(locale, "account.register_title")).lead(t(locale, "account.register_lead")).draw()}
        {error_summary(locale, &echo.errors, &label_of)}
        {form}
        <p>
            {t(locale, "account.have_account")}
            " "
            <a href=sign_in>{t(locale, "common.sign_in")}</a>
        </p>
    }
    .into_any()
}

/// A new password, twice.
pub(super) fn new_password(locale: Locale, echo: &Echo) -> Vec<AnyView> {
    let errors = |name: &str| echo.errors_of(locale, name);
    vec![
        Field::password("password", t(locale, "account.new_password"), "new-password")
            .hint(t(locale, "account.password_hint"))
            .errors(errors("password"))
            .required()
            .draw(locale),
        Field::password("repeat_password", t(locale, "account.repeat_password"), "new-password")
            .errors(errors("repeat_password"))
            .required()
            .draw(locale),
    ]
}

/// The store names the second password `repeat`, the form `repeat_password`: messages go where the form has its field.
pub(super) fn at_form_fields(mut echo: Echo) -> Echo {
    for error in echo.errors.iter_mut().filter(|error| error.field == "repeat") {
        error.field = "repeat_password".to_owned();
    }
    echo
}

pub(super) fn label_key(field: &str) -> &'static str {
    match field {
        "name" => "account.name",
        "email" => "account.email",
        "old_password" => "account.old_password",
        "repeat_password" => "account.repeat_password",
        _ => "account.new_password",
    }
}

pub async fn show_registered(here: Here) -> Result<Response, AppError> {
    let (locale, demo) = (here.locale, here.state.demo);
    let head = Head::new(here.t("account.registered_title"), Place::Account);
    here.page(head, move || draw_registered(locale, demo)).await
}

pub fn draw_registered(locale: Locale, demo: bool) -> AnyView {
    let mail = demo.then(|| {
        let link = view! { <a href=DEMO_MAIL>{t(locale, "demo.mail_link")}</a> }.into_any();
        Notice::info(t(locale, "demo.mail")).foot(link).draw(locale)
    });
    view! {
        {Heading::new(t(locale, "account.registered_title")).lead(t(locale, "account.registered_lead")).draw()}
        {mail}
        <p>{t(locale, "account.registered_nothing")}</p>
        {buttons(vec![button_link(url::sign_in(), t(locale, "common.sign_in"), true)])}
    }
    .into_any()
}

//! How an action ends: onward, or back to the form with everything that was typed. Also what a session's cookie looks
//! like. Deliberately absent: deciding anything.

use domain::challenge::Typed;
use domain::refusal::Refusal;
use http::{StatusCode, header};
use leptos::prelude::*;
use store::StoreError;
use store::echo::Echo;

use crate::context::{Here, session_cookie_name};
use crate::error::AppError;
use crate::url;

impl Here {
    /// Sets the session cookie and says where to go: back to where the reader wanted to, else to the desk.
    pub fn begin_session(&self, signed: &store::command::account::SignedIn, next: &str) -> String {
        set_cookie(&self.session_cookie(&signed.token));
        if url::safe_back(next) == "/" { url::desk() } else { next.to_owned() }
    }

    /// Signing in over a live session ends the old one.
    ///
    /// # Errors
    /// The sign-in's own, or when the database does not answer.
    pub async fn instead_of_old_session<T>(&self, done: Result<T, StoreError>) -> Result<T, StoreError> {
        let value = done?;
        if self.session.is_some() {
            store::command::account::sign_out(&self.store, self.session_token()).await?;
        }
        Ok(value)
    }

    /// After a change of password: this browser goes on under a new token, all others are out.
    pub fn renew_session(&self, token: &str) -> String {
        set_cookie(&self.session_cookie(token));
        url::done(&url::account(), "password_changed")
    }

    /// After an act that gave the reader another role: the same session goes on under a new token.
    ///
    /// # Errors
    /// The act's own, or when the database does not answer; the role stays then, under the old token.
    pub async fn with_new_role<T>(&self, done: Result<T, StoreError>) -> Result<T, StoreError> {
        let value = done?;
        let token =
            store::command::account::rotate_session(&self.store, &self.actor, self.session_token()).await?;
        set_cookie(&self.session_cookie(&token));
        Ok(value)
    }

    /// Removes the cookie.
    pub fn end_session(&self) -> String {
        let secure = if self.state.secure_cookies { "; Secure" } else { "" };
        set_cookie(&format!(
            "{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}",
            self.session_cookie_name()
        ));
        url::done(&url::home(), "signed_out")
    }

    /// `__Host-` binds the cookie to this host and to HTTPS; plain HTTP (a laptop) cannot have it.
    pub const fn session_cookie_name(&self) -> &'static str {
        session_cookie_name(self.state.secure_cookies)
    }

    fn session_cookie(&self, token: &str) -> String {
        let secure = if self.state.secure_cookies { "; Secure" } else { "" };
        format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}", self.session_cookie_name())
    }

    /// Ends an action: on success onward; on a refusal back to the form with everything that was typed, passwords
    /// left out. Callers that asked for JSON get the value or the error itself.
    ///
    /// # Errors
    /// What cannot be shown at the form: absent things and faults.
    pub async fn answer<T, V: Default>(
        &self,
        done: Result<T, StoreError>,
        typed: Typed,
        back: String,
        next: impl FnOnce(T) -> (String, V),
    ) -> Result<V, AppError> {
        let error = match done {
            Ok(value) => {
                let (address, value) = next(value);
                go_to(&address);
                return Ok(value);
            }
            Err(error) => AppError::from(error),
        };
        match error {
            AppError::Refused { refusal } if self.accepts_html && refusal != Refusal::NotFound => {
                if refusal == Refusal::SignInNeeded {
                    go_to(&url::with_query(&url::sign_in(), &[("next", &back)]));
                    return Ok(V::default());
                }
                let typed = typed.into_iter().filter(|(name, _)| !name.contains("password")).collect();
                let echo = Echo { typed, refusal: Some(refusal) };
                let token = store::echo::keep(&self.store, self.actor.person, &echo).await?;
                go_to(&url::anchor(&url::with_query(&back, &[("echo", &token)]), "errors"));
                Ok(V::default())
            }
            error => {
                set_status(error.status());
                Err(error)
            }
        }
    }
}

/// The registration form as the store wants it.
pub fn registration(here: &Here, form: &Typed) -> store::command::account::Registration {
    let get = |name: &str| form.get(name).cloned().unwrap_or_default();
    store::command::account::Registration {
        name: get("name"),
        email: get("email"),
        password: get("password"),
        repeat: get("repeat_password"),
        locale: here.locale.tag().to_owned(),
    }
}

/// Sends the browser on; for JSON callers the address is a header.
pub fn go_to(address: &str) {
    leptos_axum::redirect(address);
}

fn set_status(status: u16) {
    if let (Some(response), Ok(status)) =
        (use_context::<leptos_axum::ResponseOptions>(), StatusCode::from_u16(status))
    {
        response.set_status(status);
    }
}

/// Adds a cookie to a server function's answer.
pub fn set_cookie(value: &str) {
    if let (Some(response), Ok(value)) =
        (use_context::<leptos_axum::ResponseOptions>(), header::HeaderValue::from_str(value))
    {
        response.append_header(header::SET_COOKIE, value);
    }
}

//! What a request brings along: the store, the reader, the language, and the ways to answer.
//! Deliberately absent: cookies of the session (they are the server's) and any rule.

use axum::extract::{FromRequestParts, Path};
use axum::response::{IntoResponse, Redirect, Response};
use domain::actor::Actor;
use domain::refusal::Refusal;
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use leptos::prelude::*;
use store::echo::Echo;
use store::{Store, StoreError};

use crate::catalogue;
use crate::components::form::Echo as FormEcho;
use crate::components::layout::{Frame, Place, Reader, page};
use crate::components::notice::Flash;
use crate::error::AppError;
use crate::shell::Shell;
use crate::text::{LOCALE_COOKIE, LOOK_COOKIE, Locale, Look};
use crate::url;

/// File names of this build's style sheet and browser program.
#[derive(Clone, Debug, Default)]
pub struct AssetNames {
    pub css: String,
    pub client: String,
}

/// What every request shares.
#[derive(Clone)]
pub struct AppState {
    pub store: Store,
    pub assets: AssetNames,
    /// `https://unveil.example.org`, without a slash at the end: the only source of absolute links.
    pub base_url: String,
    pub demo: bool,
    pub secure_cookies: bool,
}

/// Who asks: put into the request by the server's session layer.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    pub actor: Actor,
    /// The account's language, when signed in.
    pub locale: Option<String>,
    pub session: Option<String>,
    /// Client address as rate limits see it.
    pub address: String,
    pub user_agent: String,
}

/// One request, ready for a page or an action.
#[derive(Clone)]
pub struct Here {
    pub state: AppState,
    pub store: Store,
    pub actor: Actor,
    pub session: Option<String>,
    pub locale: Locale,
    pub look: Look,
    /// Path and query.
    pub address: String,
    pub client: store::command::account::Client,
    /// An ordinary form or link: answer with a page or a redirect, not with JSON.
    pub accepts_html: bool,
}

/// The document's name and place, as a page states them.
#[derive(Default)]
pub struct Head {
    pub title: String,
    pub description: Option<String>,
    pub place: Place,
    pub breadcrumbs: Option<Box<dyn FnOnce() -> AnyView + Send>>,
    pub status: Option<StatusCode>,
}

impl Head {
    pub fn new(title: impl Into<String>, place: Place) -> Self {
        Self { title: title.into(), place, ..Self::default() }
    }
}

impl Here {
    fn new(state: AppState, parts: &Parts) -> Self {
        let visitor = parts.extensions.get::<Visitor>().cloned().unwrap_or_default();
        let cookie = |name: &str| cookie(&parts.headers, name);
        let accept_language = text(&parts.headers, header::ACCEPT_LANGUAGE);
        let chosen = cookie(LOCALE_COOKIE).or(visitor.locale);
        Self {
            store: state.store.clone(),
            state,
            actor: visitor.actor,
            session: visitor.session,
            locale: Locale::choose(chosen.as_deref(), accept_language.as_deref()),
            look: cookie(LOOK_COOKIE).map(|value| Look::from_cookie(&value)).unwrap_or_default(),
            address: parts.uri.path_and_query().map_or("/", |full| full.as_str()).to_owned(),
            client: store::command::account::Client {
                address: visitor.address,
                user_agent: visitor.user_agent,
            },
            accepts_html: text(&parts.headers, header::ACCEPT)
                .is_none_or(|accept| accept.contains("text/html")),
        }
    }

    pub fn t(&self, key: &str) -> &'static str {
        catalogue::t(self.locale, key)
    }

    /// The token behind this request's cookie; empty for the public.
    pub fn session_token(&self) -> &str {
        self.session.as_deref().unwrap_or_default()
    }

    pub fn signed_in(&self) -> bool {
        self.actor.person.is_some()
    }

    /// # Errors
    /// [`Refusal::SignInNeeded`] for the public: pages answer it with the way to the sign-in page and back.
    pub fn need_person(&self) -> Result<domain::id::PersonId, AppError> {
        self.actor.person.ok_or_else(|| Refusal::SignInNeeded.into())
    }

    /// A value of this address's query.
    pub fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.address.split_once('?')?;
        query
            .split('&')
            .take(40)
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| decode(value))
    }

    /// What a refused form held, when the address carries its token; else empty.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn echo(&self) -> Result<FormEcho, AppError> {
        Ok(self.find_echo().await?.map(form_echo).unwrap_or_default())
    }

    async fn find_echo(&self) -> Result<Option<Echo>, AppError> {
        match self.query("echo") {
            Some(token) => Ok(store::echo::find(&self.store, self.actor.person, &token).await?),
            None => Ok(None),
        }
    }

    /// Draws the whole document.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn page<V: IntoView + 'static>(
        &self,
        head: Head,
        content: impl FnOnce() -> V,
    ) -> Result<Response, AppError> {
        let unread = if self.signed_in() {
            store::query::account::count_unread(&self.store, &self.actor).await?
        } else {
            0
        };
        let reader = self.actor.person.map(|_| Reader {
            name: self.actor.name.clone(),
            unread: u64::from(unread),
            has_desk: true,
        });
        let flash = self.flash().await?;
        Ok(self.draw(head, reader, flash, content))
    }

    fn draw<V: IntoView + 'static>(
        &self,
        head: Head,
        reader: Option<Reader>,
        flash: Option<Flash>,
        content: impl FnOnce() -> V,
    ) -> Response {
        let shell = Shell {
            locale: self.locale,
            look: self.look,
            title: head.title,
            description: head.description,
            css: self.state.assets.css.clone(),
            client: self.state.assets.client.clone(),
            private: self.signed_in(),
        };
        let (locale, look, demo, here) =
            (self.locale, self.look, self.state.demo, self.address_without_echo());
        let (place, breadcrumbs) = (head.place, head.breadcrumbs);
        let html = shell.document(move || {
            let breadcrumbs = breadcrumbs.map(|draw| draw());
            page(Frame { locale, look, place, reader, here, flash, breadcrumbs, demo }, content())
        });
        let status = head.status.unwrap_or(StatusCode::OK);
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_LANGUAGE, self.locale.tag()),
            (header::VARY, "Cookie, Accept-Language, Accept-Encoding"),
        ];
        (status, headers, html).into_response()
    }

    /// `?done=<key>` or the refusal of an echo that names no field.
    async fn flash(&self) -> Result<Option<Flash>, AppError> {
        if let Some(key) = self.query("done") {
            let known = catalogue::find(self.locale, &format!("done.{key}"));
            return Ok(known.map(|words| Flash::Done(words.to_owned())));
        }
        let refusal = self.find_echo().await?.and_then(|echo| echo.refusal);
        Ok(refusal.filter(|refusal| refusal.fields().is_empty()).map(Flash::Refused))
    }

    /// This address for the switches to come back to, without what is shown only once.
    fn address_without_echo(&self) -> String {
        let Some((path, query)) = self.address.split_once('?') else { return self.address.clone() };
        let kept: Vec<&str> = query
            .split('&')
            .filter(|pair| !pair.starts_with("echo=") && !pair.starts_with("done="))
            .collect();
        if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
    }

    /// A page for what went wrong. Draws without the database, which may be the thing that is gone.
    pub fn error_page(&self, error: &AppError) -> Response {
        let locale = self.locale;
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let (title, words, ticket) = match error {
            AppError::Refused { refusal } => (
                catalogue::t(locale, "error.refused_title").to_owned(),
                catalogue::refusal(locale, refusal),
                None,
            ),
            AppError::Sorry { ticket } => (
                catalogue::t(locale, "error.sorry_title").to_owned(),
                catalogue::t(locale, "error.sorry").to_owned(),
                Some(ticket.clone()),
            ),
            AppError::Unavailable => (
                catalogue::t(locale, "error.unavailable_title").to_owned(),
                catalogue::t(locale, "error.unavailable").to_owned(),
                None,
            ),
            AppError::Unreadable => (
                catalogue::t(locale, "error.unreadable_title").to_owned(),
                catalogue::t(locale, "error.unreadable").to_owned(),
                None,
            ),
        };
        let title = if status == StatusCode::NOT_FOUND {
            catalogue::t(locale, "error.not_found_title").to_owned()
        } else {
            title
        };
        let reader =
            self.actor.person.map(|_| Reader { name: self.actor.name.clone(), unread: 0, has_desk: true });
        let mut head = Head::new(title.clone(), Place::Elsewhere);
        head.status = Some(status);
        self.draw(head, reader, None, move || crate::pages::error::draw(locale, title, words, ticket))
    }
}

/// Inside a server function: the request it came with.
///
/// # Errors
/// [`AppError::Unreadable`] outside a request.
pub async fn here() -> Result<Here, AppError> {
    let parts = use_context::<Parts>().ok_or(AppError::Unreadable)?;
    let state = use_context::<AppState>().ok_or(AppError::Unreadable)?;
    Ok(Here::new(state, &parts))
}

/// The name of the session cookie; the server's session layer reads it.
pub const fn session_cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-unveil" } else { "unveil" }
}

impl FromRequestParts<AppState> for Here {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, AppError> {
        Ok(Self::new(state.clone(), parts))
    }
}

/// An id in the path; anything that is no id is a page that does not exist.
pub struct Id<T>(pub T);

impl<T: std::str::FromStr> FromRequestParts<AppState> for Id<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, AppError> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_rejection| AppError::not_found())?;
        text.parse().map(Self).map_err(|_unreadable| AppError::not_found())
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(refusal) => Self::Refused { refusal },
            StoreError::Unavailable(cause) => {
                tracing::error!(%cause, "database unavailable");
                Self::Unavailable
            }
            StoreError::Broken(cause) => {
                let ticket = store::secret::new_token().chars().take(8).collect::<String>();
                tracing::error!(%ticket, %cause, "fault");
                Self::Sorry { ticket }
            }
        }
    }
}

impl IntoResponse for AppError {
    /// Status and the error itself; `routes` draws the page around it, which needs the reader's language.
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// To the sign-in page and back.
pub fn to_sign_in(here: &Here) -> Response {
    Redirect::to(&url::with_query(&url::sign_in(), &[("next", &here.address)])).into_response()
}

fn form_echo(echo: Echo) -> FormEcho {
    let errors = echo.refusal.map(|refusal| refusal.fields().to_vec()).unwrap_or_default();
    FormEcho { values: echo.typed.into_iter().collect(), errors }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// A cookie's value by name; the first one wins.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// `%E9…` and `+` of a query value; what is no UTF-8 becomes replacement characters.
fn decode(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let hex = [rest.next(), rest.next()];
                let digit = |byte: Option<u8>| byte.and_then(|b| char::from(b).to_digit(16));
                match (digit(hex[0]), digit(hex[1])) {
                    (Some(high), Some(low)) => bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?')),
                    _ => bytes.push(b'%'),
                }
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

//! The program over a database, asked as browsers and other programs ask it.

use std::path::PathBuf;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION};
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request, StatusCode};
use domain::challenge::Typed;
use store::{Clock, DatabaseSettings, Store};
use testkit::World;
use tower::ServiceExt as _;

use crate::support::{Folder, config};

pub const PLAIN: &str = "http://localhost:3000";
pub const SECURE: &str = "https://unveil.example.org";
/// What browsers send along for a page.
pub const BROWSER: &str = "text/html,application/xhtml+xml,*/*;q=0.8";
pub const PROGRAM: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The program, not listening.
pub struct Site {
    pub router: Router,
    cookie: &'static str,
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    /// Empty without one.
    pub fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |value| value.to_str().unwrap())
    }
}

/// Who asks in a test; the token of a session, or nobody.
pub type Token<'a> = Option<&'a str>;

impl Site {
    pub fn new(store: &Store) -> Self {
        Self::at(store, PLAIN)
    }

    pub fn at(store: &Store, base_url: &str) -> Self {
        let app = server::build(&config(&Folder::new(), Some(base_url)), store.clone(), false).unwrap();
        Self { router: app.router, cookie: if base_url == SECURE { "__Host-unveil" } else { "unveil" } }
    }

    pub async fn send(&self, request: Builder, body: String) -> Answer {
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 20_000_000).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    /// The value of the cookie header for this session, with whatever else.
    pub fn cookies(&self, token: Token<'_>, others: &str) -> String {
        let own = token.map(|token| format!("{}={token}; ", self.cookie)).unwrap_or_default();
        format!("{own}{others}")
    }

    /// A page as a browser asks for it, in this language.
    pub async fn page_in(&self, path: &str, token: Token<'_>, locale: &str) -> Answer {
        let cookies = self.cookies(token, &format!("locale={locale}"));
        self.send(Request::get(path).header(ACCEPT, BROWSER).header(COOKIE, cookies), String::new()).await
    }

    pub async fn page(&self, path: &str, token: Token<'_>) -> Answer {
        self.page_in(path, token, "zh-CN").await
    }

    /// A page as a program asks for it: refusals keep their status.
    pub async fn read(&self, path: &str, token: Token<'_>) -> Answer {
        let cookies = self.cookies(token, "look=normal.plain");
        self.send(Request::get(path).header(ACCEPT, PROGRAM).header(COOKIE, cookies), String::new()).await
    }

    async fn post(&self, path: &str, token: Token<'_>, accept: &str, typed: &Typed) -> Answer {
        let request = Request::post(path)
            .header(ACCEPT, accept)
            .header(CONTENT_TYPE, FORM)
            .header(COOKIE, self.cookies(token, "look=normal.plain"));
        self.send(request, encoded(typed)).await
    }

    /// A form as a browser without JavaScript sends it.
    pub async fn form(&self, path: &str, token: Token<'_>, typed: &Typed) -> Answer {
        self.post(path, token, BROWSER, typed).await
    }

    /// The same as a program sends it.
    pub async fn call(&self, path: &str, token: Token<'_>, typed: &Typed) -> Answer {
        self.post(path, token, PROGRAM, typed).await
    }

    /// Sends a form that must come back: the pages it comes back to, in Chinese and in English.
    pub async fn returned(&self, path: &str, token: Token<'_>, typed: &Typed) -> [String; 2] {
        let answer = self.form(path, token, typed).await;
        assert!(answer.status.is_redirection(), "{path}: {} {}", answer.status, answer.text());
        let address = answer.location().split('#').next().unwrap().to_owned();
        assert!(!address.contains("done="), "{path}: was not refused: {address}");
        let mut pages = Vec::new();
        for locale in ["zh-CN", "en"] {
            let page = self.page_in(&address, token, locale).await;
            assert_eq!(page.status, StatusCode::OK, "{address}");
            pages.push(page.text());
        }
        pages.try_into().unwrap()
    }
}

/// A form's body. Blank values are sent too, as browsers do.
pub fn encoded(typed: &Typed) -> String {
    let one = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' => char::from(byte).to_string(),
                other => format!("%{other:02X}"),
            })
            .collect()
    };
    let pairs: Vec<String> =
        typed.iter().map(|(name, value)| format!("{}={}", one(name), one(value))).collect();
    pairs.join("&")
}

/// A form with more fields.
pub fn with(typed: &Typed, fields: &[(&str, &str)]) -> Typed {
    let mut all = typed.clone();
    all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    all
}

/// The bytes of a SQLite world: every committed write changes them.
#[derive(Clone, PartialEq, Eq)]
pub struct Bytes {
    file: Vec<u8>,
    log: Vec<u8>,
}

impl Bytes {
    pub fn of(settings: &DatabaseSettings) -> Self {
        let DatabaseSettings::Sqlite { file } = settings else { panic!("only SQLite is a file") };
        Self { file: std::fs::read(file).unwrap(), log: std::fs::read(log_of(file)).unwrap_or_default() }
    }

    pub fn hold(&self, needle: &[u8]) -> bool {
        let find = |bytes: &[u8]| bytes.windows(needle.len()).any(|part| part == needle);
        find(&self.file) || find(&self.log)
    }
}

fn log_of(file: &std::path::Path) -> PathBuf {
    PathBuf::from(format!("{}-wal", file.display()))
}

/// A copy of a world that a test may change without harm to the next.
pub struct Copy {
    pub site: Site,
    pub store: Store,
    _folder: Folder,
}

impl Copy {
    pub async fn of(bytes: &Bytes, clock: &Clock) -> Self {
        let folder = Folder::new();
        let file = folder.join("unveil.sqlite");
        std::fs::write(&file, &bytes.file).unwrap();
        std::fs::write(log_of(&file), &bytes.log).unwrap();
        let settings = DatabaseSettings::Sqlite { file };
        let store = Store::open(&settings, clock.clone()).await.unwrap();
        Self { site: Site::new(&store), store, _folder: folder }
    }

    pub async fn close(self) {
        self.store.close().await.unwrap();
    }
}

/// The bytes of this world; it must be a SQLite one.
pub fn bytes_of(world: &World) -> Bytes {
    Bytes::of(&world.db.settings)
}

//! Rendered pages for anonymous readers, kept until anything public changes. A page is served only when the public
//! stamp, read after the request arrived, is the one it was drawn under: so it is never stale, on any number of
//! instances. Deliberately absent: anything for a request that carries a session, a refused form or a done message.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use app::context::{AppState, cookie, session_cookie_name};
use app::text::{LOCALE_COOKIE, LOOK_COOKIE, Locale, Look};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

/// Everything kept together: about 2,000 pages of a list.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// A longer page is drawn each time.
const MAX_PAGE_BYTES: usize = 512 * 1024;
/// A longer address is nobody's bookmark.
const MAX_ADDRESS: usize = 512;
/// What shows the time of day ("closes today") may lag by this much although nothing was written.
const MAX_AGE: Duration = Duration::from_secs(20);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    address: String,
    locale: Locale,
    look: Look,
    encoding: Encoding,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

impl Encoding {
    const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Plain => "identity",
        }
    }
}

struct Page {
    stamp: i64,
    drawn: Instant,
    headers: HeaderMap,
    body: Bytes,
}

#[derive(Default)]
struct Shelf {
    pages: HashMap<Key, Arc<Page>>,
    bytes: usize,
}

/// Kept pages and what is needed to know whether they still hold.
#[derive(Clone)]
pub struct Kept {
    state: AppState,
    shelf: Arc<RwLock<Shelf>>,
}

impl Kept {
    pub fn new(state: AppState) -> Self {
        Self { state, shelf: Arc::default() }
    }

    fn find(&self, key: &Key, stamp: i64) -> Option<Arc<Page>> {
        let shelf = self.shelf.read().ok()?;
        let page = shelf.pages.get(key)?;
        (page.stamp == stamp && page.drawn.elapsed() < MAX_AGE).then(|| page.clone())
    }

    fn keep(&self, key: Key, page: Page) {
        let Ok(mut shelf) = self.shelf.write() else { return };
        if shelf.bytes + page.body.len() > MAX_BYTES {
            *shelf = Shelf::default();
        }
        shelf.bytes += page.body.len();
        if let Some(before) = shelf.pages.insert(key, Arc::new(page)) {
            shelf.bytes = shelf.bytes.saturating_sub(before.body.len());
        }
    }
}

/// The layer: outermost but for what differs per response (request id).
pub async fn serve(State(kept): State<Kept>, request: Request, next: Next) -> Response {
    let Some(key) = key(&request, kept.state.secure_cookies) else { return next.run(request).await };
    // When the stamp cannot be read the page could not be drawn either; let it fail in its own words.
    let Ok(stamp) = kept.state.store.public_stamp().await else { return next.run(request).await };
    if let Some(page) = kept.find(&key, stamp) {
        return answer(&page);
    }
    let response = next.run(request).await;
    if response.status() != StatusCode::OK || response.headers().contains_key(header::SET_COOKIE) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, MAX_PAGE_BYTES * 8).await else {
        let mut gone = Response::new(Body::empty());
        *gone.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        return gone;
    };
    // The layer below reads wishes more finely (`x-gzip`, qualities): what it chose otherwise is for this reader only.
    let encoding = parts.headers.get(header::CONTENT_ENCODING);
    let fits = encoding.is_none_or(|chosen| chosen == key.encoding.name());
    if fits && body.len() <= MAX_PAGE_BYTES {
        let page = Page { stamp, drawn: Instant::now(), headers: parts.headers.clone(), body: body.clone() };
        kept.keep(key, page);
    }
    Response::from_parts(parts, Body::from(body))
}

fn answer(page: &Page) -> Response {
    let mut response = Response::new(Body::from(page.body.clone()));
    *response.headers_mut() = page.headers.clone();
    response
}

/// `None` for whatever is not an anonymous reading of a public page.
fn key(request: &Request, secure: bool) -> Option<Key> {
    if request.method() != Method::GET {
        return None;
    }
    let path = request.uri().path();
    let public = path == "/"
        || ["/lists", "/challenges", "/results", "/race"].iter().any(|start| {
            path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
    let address = request.uri().path_and_query()?.as_str();
    let passing = request.uri().query().is_some_and(|query| {
        query.split('&').any(|pair| pair.starts_with("echo=") || pair.starts_with("done="))
    });
    let headers = request.headers();
    if !public
        || passing
        || address.len() > MAX_ADDRESS
        || cookie(headers, session_cookie_name(secure)).is_some()
    {
        return None;
    }
    let accepts_html = text(headers, header::ACCEPT)
        .is_none_or(|accept| accept.contains("text/html") || accept.contains("*/*"));
    let language = text(headers, header::ACCEPT_LANGUAGE);
    accepts_html.then(|| Key {
        address: address.to_owned(),
        locale: Locale::choose(cookie(headers, LOCALE_COOKIE).as_deref(), language),
        look: cookie(headers, LOOK_COOKIE).map(|value| Look::from_cookie(&value)).unwrap_or_default(),
        encoding: encoding(text(headers, header::ACCEPT_ENCODING).unwrap_or_default()),
    })
}

/// The same preference as the compression layer's: brotli before gzip; a refused one (`q=0`) is not taken.
fn encoding(accepted: &str) -> Encoding {
    let takes = |name: &str| {
        accepted.split(',').any(|entry| {
            let (coding, quality) = entry.trim().split_once(';').unwrap_or((entry.trim(), ""));
            coding == name && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    };
    if takes("br") {
        Encoding::Brotli
    } else if takes("gzip") {
        Encoding::Gzip
    } else {
        Encoding::Plain
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

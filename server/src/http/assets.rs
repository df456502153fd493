//! The files of the site, out of the program itself: `/pkg/…` by content-hashed names, and the few that browsers ask
//! for at the root. Deliberately absent: reading from disk, and anything a person uploaded.

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// One file with its compressed forms, as the build script found them.
struct Asset {
    path: &'static str,
    content_type: &'static str,
    /// Hash of the plain bytes; each form's tag is made from it.
    etag: &'static str,
    bytes: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// A name below `/pkg` holds a hash of its content, so no copy of it is ever stale.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The root files keep their names; an hour bounds how long an old one is seen.
const ONE_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// What a page's head has to name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssetNames {
    /// File name of the style sheet below `/pkg/`, e.g. `main-0123456789abcdef.css`; empty where the program was built
    /// without a site.
    pub css: &'static str,
    /// Common name of the browser's part: `/pkg/<client>.js` and `/pkg/<client>_bg.wasm`, as Leptos names them after
    /// its `output_name`; empty where the program was built without a site.
    pub client: &'static str,
}

/// The names of this build.
pub const fn names() -> AssetNames {
    AssetNames { css: CSS, client: CLIENT }
}

/// Serves every file of the site; an unknown name below `/pkg` is 404. Needs no state.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    router_of(ASSETS)
}

fn router_of<S: Clone + Send + Sync + 'static>(assets: &'static [Asset]) -> Router<S> {
    let packaged = move |Path(name): Path<String>, headers: HeaderMap| async move {
        let found = assets.iter().find(|asset| asset.path.strip_prefix("/pkg/") == Some(name.as_str()));
        found.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |asset| answer(asset, &headers, FOREVER))
    };
    let router = Router::new().route("/pkg/{*name}", get(packaged));
    assets.iter().filter(|asset| !asset.path.starts_with("/pkg/")).fold(router, |router, asset| {
        router.route(
            asset.path,
            get(move |headers: HeaderMap| async move { answer(asset, &headers, ONE_HOUR) }),
        )
    })
}

fn answer(asset: &'static Asset, headers: &HeaderMap, cache: HeaderValue) -> Response {
    let (encoding, bytes) = negotiate(asset, headers);
    let tag = match encoding {
        Some(encoding) => format!("\"{}-{encoding}\"", asset.etag),
        None => format!("\"{}\"", asset.etag),
    };
    let is_known = is_known(headers, &tag);
    let mut response =
        if is_known { StatusCode::NOT_MODIFIED.into_response() } else { Response::new(Body::from(bytes)) };
    let answer_headers = response.headers_mut();
    answer_headers.insert(CACHE_CONTROL, cache);
    answer_headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answer_headers.insert(ETAG, tag);
    }
    if !is_known {
        answer_headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
        if let Some(encoding) = encoding {
            answer_headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
    }
    response
}

/// Whether the browser already holds exactly this form.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    words(headers, IF_NONE_MATCH).any(|word| word == "*" || word.strip_prefix("W/").unwrap_or(word) == tag)
}

/// The smallest form the browser accepts.
fn negotiate(asset: &'static Asset, headers: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
    let forms = [("br", asset.brotli), ("gzip", asset.gzip)];
    forms
        .into_iter()
        .find_map(|(encoding, bytes)| {
            bytes.filter(|_| is_accepted(headers, encoding)).map(|bytes| (Some(encoding), bytes))
        })
        .unwrap_or((None, asset.bytes))
}

/// Whether `Accept-Encoding` names this encoding, or `*`, with a quality above zero. A name counts before `*`.
fn is_accepted(headers: &HeaderMap, encoding: &str) -> bool {
    let quality_of = |wanted: &str| {
        words(headers, ACCEPT_ENCODING).find_map(|word| {
            let (name, parameters) = word.split_once(';').unwrap_or((word, ""));
            if !name.trim().eq_ignore_ascii_case(wanted) {
                return None;
            }
            let quality =
                parameters.trim().strip_prefix("q=").and_then(|text| text.trim().parse::<f32>().ok());
            Some(quality.unwrap_or(1.0))
        })
    };
    quality_of(encoding).or_else(|| quality_of("*")).is_some_and(|quality| quality > 0.0)
}

/// The comma-separated words of a header, however many lines it has.
fn words(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
        .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use axum::http::Request;
    use tower::ServiceExt as _;

    static TABLE: &[Asset] = &[
        Asset {
            path: "/pkg/main-1.css",
            content_type: "text/css; charset=utf-8",
            etag: "aa",
            bytes: b"plain",
            brotli: Some(b"br"),
            gzip: Some(b"gz"),
        },
        Asset {
            path: "/favicon.svg",
            content_type: "image/svg+xml",
            etag: "bb",
            bytes: b"<svg/>",
            brotli: None,
            gzip: None,
        },
    ];

    async fn fetch(path: &str, headers: &[(HeaderName, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
        let request = headers
            .iter()
            .fold(Request::get(path), |request, (name, value)| request.header(name, *value))
            .body(Body::empty())
            .unwrap();
        let response = router_of::<()>(TABLE).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, to_bytes(body, 1_000).await.unwrap().to_vec())
    }

    #[tokio::test]
    async fn the_encoding_is_negotiated() {
        let cases = [
            ("gzip, deflate, br, zstd", Some("br"), "br"),
            ("gzip", Some("gzip"), "gz"),
            ("br;q=0, gzip;q=0.5", Some("gzip"), "gz"),
            ("br; q=0.0, *", Some("gzip"), "gz"),
            ("*", Some("br"), "br"),
            ("*;q=0", None, "plain"),
            ("identity", None, "plain"),
            ("", None, "plain"),
        ];
        for (accepted, encoding, content) in cases {
            let (status, headers, body) = fetch("/pkg/main-1.css", &[(ACCEPT_ENCODING, accepted)]).await;
            assert_eq!(status, StatusCode::OK, "{accepted}");
            assert_eq!(
                headers.get(CONTENT_ENCODING).map(|value| value.to_str().unwrap()),
                encoding,
                "{accepted}"
            );
            assert_eq!(body, content.as_bytes(), "{accepted}");
            assert_eq!(headers[VARY], "accept-encoding");
            assert_eq!(headers[CONTENT_TYPE], "text/css; charset=utf-8");
            assert_eq!(headers[CACHE_CONTROL], "public, max-age=31536000, immutable");
        }
    }

    #[tokio::test]
    async fn a_known_tag_is_answered_without_a_body_and_only_for_its_own_form() {
        let (_, headers, _) = fetch("/pkg/main-1.css", &[(ACCEPT_ENCODING, "br")]).await;
        let tag = headers[ETAG].to_str().unwrap().to_owned();
        let (status, headers, body) = fetch(
            "/pkg/main-1.css",
            &[(ACCEPT_ENCODING, "br"), (IF_NONE_MATCH, &format!("\"zz\", W/{tag}"))],
        )
        .await;
        assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(headers[ETAG], tag);
        let (status, _, body) = fetch("/pkg/main-1.css", &[(IF_NONE_MATCH, &tag)]).await;
        assert_eq!((status, body.as_slice()), (StatusCode::OK, b"plain".as_slice()));
    }

    #[tokio::test]
    async fn root_files_stand_at_the_root_and_are_not_kept_for_ever() {
        let (status, headers, body) = fetch("/favicon.svg", &[(ACCEPT_ENCODING, "br")]).await;
        assert_eq!((status, body.as_slice()), (StatusCode::OK, b"<svg/>".as_slice()));
        assert_eq!(headers[CACHE_CONTROL], "public, max-age=3600");
        assert!(headers.get(CONTENT_ENCODING).is_none());
    }

    #[tokio::test]
    async fn an_unknown_name_is_not_found() {
        for path in ["/pkg/main-2.css", "/pkg/../Cargo.toml", "/pkg/favicon.svg", "/main-1.css"] {
            assert_eq!(fetch(path, &[]).await.0, StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn a_built_site_names_files_that_are_there() {
        let AssetNames { css, client } = names();
        for path in [css.to_owned(), format!("{client}.js"), format!("{client}_bg.wasm")] {
            let is_there = ASSETS.iter().any(|asset| asset.path.strip_prefix("/pkg/") == Some(path.as_str()));
            assert!(is_there || ASSETS.is_empty(), "{path}");
        }
    }
}

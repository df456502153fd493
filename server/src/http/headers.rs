//! Headers that every answer carries: what a browser may do with our pages.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// The headers, made once.
#[derive(Clone)]
pub struct Policy {
    headers: Arc<[(HeaderName, HeaderValue)]>,
}

impl Policy {
    /// `client` names the browser's program, whose starting script is allowed by its hash; `is_secure` says that people
    /// come by https, and only by https.
    pub fn new(client: &str, is_secure: bool) -> Self {
        let fixed =
            |name: &'static str, value| (HeaderName::from_static(name), HeaderValue::from_static(value));
        let mut headers = vec![
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
            (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            fixed("cross-origin-opener-policy", "same-origin"),
            fixed("cross-origin-resource-policy", "same-origin"),
            fixed(
                "permissions-policy",
                "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), browsing-topics=()",
            ),
        ];
        if let Ok(policy) = HeaderValue::from_str(&content_security_policy(client)) {
            headers.push((CONTENT_SECURITY_POLICY, policy));
        }
        if is_secure {
            let a_year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
            headers.push((STRICT_TRANSPORT_SECURITY, a_year));
        }
        Self { headers: headers.into() }
    }
}

/// By hash, not by nonce: pages that are kept rendered are the same for everybody.
fn content_security_policy(client: &str) -> String {
    let mut scripts = vec!["'self'".to_owned(), "'wasm-unsafe-eval'".to_owned()];
    if !client.is_empty() {
        scripts.extend(app::shell::inline_script_hashes(client));
    }
    format!(
        "default-src 'self'; script-src {}; style-src 'self'; img-src 'self' data:; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        scripts.join(" ")
    )
}

/// Adds them; what an inner layer has set stays. A page that says nothing about keeping it may not be kept on the way.
pub async fn add(State(policy): State<Policy>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in policy.headers.iter() {
        if !headers.contains_key(name) {
            headers.insert(name.clone(), value.clone());
        }
    }
    let is_page = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page && !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
    response
}

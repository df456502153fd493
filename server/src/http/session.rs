//! Who asks: the cookie and the address of a request become the visitor that pages see.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use app::context::{AppState, Here, Visitor, cookie, session_cookie_name};
use app::error::AppError;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::config::network::{Network, counted, plain};

/// Tokens have 43 characters; whatever is much longer is no token.
const TOKEN_LONGEST: usize = 64;
/// What is kept of a browser's name.
const USER_AGENT_LONGEST: usize = 200;

const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");

/// What the layer needs.
#[derive(Clone)]
pub struct Sessions {
    pub state: AppState,
    pub trusted_proxies: Arc<[Network]>,
}

/// Puts the [`Visitor`] into the request. Without a cookie the database is not asked. Pages for somebody who is signed
/// in are never kept, neither by the browser nor on the way.
pub async fn resolve(State(sessions): State<Sessions>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let mut visitor = Visitor {
        address: client_address(peer, &parts.headers, &sessions.trusted_proxies)
            .map(counted)
            .unwrap_or_default(),
        user_agent: user_agent(&parts.headers),
        ..Visitor::default()
    };
    let token = cookie(&parts.headers, session_cookie_name(sessions.state.secure_cookies))
        .filter(|token| !token.is_empty() && token.len() <= TOKEN_LONGEST);
    let Some(token) = token else {
        parts.extensions.insert(visitor);
        return next.run(Request::from_parts(parts, body)).await;
    };
    let found = store::query::account::find_actor(&sessions.state.store, &token).await;
    let fault = match found {
        Ok(Some(known)) => {
            visitor.actor = known.actor;
            visitor.locale = Some(known.locale);
            visitor.session = Some(token);
            None
        }
        Ok(None) => None,
        Err(fault) => Some(AppError::from(fault)),
    };
    parts.extensions.insert(visitor);
    let mut response = match fault {
        None => next.run(Request::from_parts(parts, body)).await,
        // Not knowing who asks is no reason to treat somebody as a stranger.
        Some(fault) => match Here::from_request_parts(&mut parts, &sessions.state).await {
            Ok(here) if here.accepts_html => here.error_page(&fault),
            _ => fault.into_response(),
        },
    };
    forbid_keeping(&mut response);
    response
}

fn forbid_keeping(response: &mut Response) {
    let headers = response.headers_mut();
    let is_page = headers.get(CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page || !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// The peer; behind proxies that are trusted, the nearest hop that is none of them. What a client wrote itself into
/// the header stands further left and is never reached.
fn client_address(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[Network]) -> Option<IpAddr> {
    let mut address = peer.map(plain)?;
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let lines: Vec<&str> =
        headers.get_all(FORWARDED).iter().filter_map(|value| value.to_str().ok()).collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(',')).map(str::trim);
    for hop in hops {
        if !is_trusted(address) {
            break;
        }
        match hop.parse::<IpAddr>().or_else(|_no_ip| hop.parse::<SocketAddr>().map(|socket| socket.ip())) {
            Ok(hop) => address = plain(hop),
            Err(_unreadable) => break,
        }
    }
    Some(address)
}

fn user_agent(headers: &HeaderMap) -> String {
    let name = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    name.chars().take(USER_AGENT_LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted: Vec<Network> = vec!["10.0.0.0/8".parse().unwrap(), "127.0.0.1".parse().unwrap()];
        let check = |peer: &str, lines: &[&str], expected: &str| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(FORWARDED, line.parse().unwrap());
            }
            let found = client_address(Some(peer.parse().unwrap()), &headers, &trusted);
            assert_eq!(found, Some(expected.parse().unwrap()), "{peer} {lines:?}");
        };
        check("203.0.113.9", &[], "203.0.113.9");
        check("203.0.113.9", &["198.51.100.1"], "203.0.113.9");
        check("127.0.0.1", &["198.51.100.1"], "198.51.100.1");
        check("127.0.0.1", &["6.6.6.6, 198.51.100.1"], "198.51.100.1");
        check("127.0.0.1", &["6.6.6.6", "198.51.100.1, 10.1.1.1"], "198.51.100.1");
        check("127.0.0.1", &["198.51.100.1:443"], "198.51.100.1");
        check("127.0.0.1", &["6.6.6.6, unknown"], "127.0.0.1");
        check("::ffff:127.0.0.1", &["2001:db8::1"], "2001:db8::1");
        check("127.0.0.1", &["10.1.1.1, 10.1.1.2"], "10.1.1.1");
    }
}

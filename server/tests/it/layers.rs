//! What every route has around it: headers, limits, sessions, errors as pages. No page's content is looked at here.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE,
    STRICT_TRANSPORT_SECURITY,
};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use server::http::body::MAX_BYTES;
use store::command::account::{Client, sign_in};
use testkit::{Backend, PASSWORD, World};
use tower::ServiceExt as _;

use crate::support::{Folder, config};

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

fn program(world: &World, base_url: &str, demo: bool) -> Router {
    server::build(&config(&Folder::new(), Some(base_url)), world.store.clone(), demo).unwrap().router
}

async fn ask(program: &Router, request: axum::http::request::Builder, body: impl Into<Body>) -> Answer {
    let response = program.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 10_000_000).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

fn get(path: &str) -> axum::http::request::Builder {
    Request::get(path).header(ACCEPT, "text/html")
}

fn post(path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(ACCEPT, "text/html")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
}

#[tokio::test]
async fn the_watchers_get_their_word() {
    let world = World::new(Backend::Sqlite).await;
    let program = program(&world, "http://localhost:3000", false);
    for path in ["/healthz", "/readyz"] {
        let answer = ask(&program, get(path), "").await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "ok\n"), "{path}");
    }
}

#[tokio::test]
async fn every_answer_says_what_a_browser_may_do() {
    let world = World::new(Backend::Sqlite).await;
    let plain = program(&world, "http://localhost:3000", false);
    let secure = program(&world, "https://unveil.example.org", false);
    for path in ["/healthz", "/nowhere", "/pkg/none.js"] {
        let answer = ask(&plain, get(path), "").await;
        let policy = answer.headers[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        for part in
            ["default-src 'self'", "object-src 'none'", "frame-ancestors 'none'", "form-action 'self'"]
        {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["referrer-policy"], "same-origin");
        assert!(answer.headers.contains_key("x-request-id"));
        assert!(!answer.headers.contains_key(STRICT_TRANSPORT_SECURITY));
        let answer = ask(&secure, get(path), "").await;
        assert!(answer.headers.contains_key(STRICT_TRANSPORT_SECURITY), "{path}");
    }
}

#[tokio::test]
async fn what_does_not_exist_is_a_page_with_its_status() {
    let world = World::new(Backend::Sqlite).await;
    let program = program(&world, "http://localhost:3000", false);
    for (request, status) in [
        (get("/nowhere"), StatusCode::NOT_FOUND),
        (get("/api/nothing/at_all"), StatusCode::NOT_FOUND),
        (get("/dev/mail"), StatusCode::NOT_FOUND),
        (get("/dev/clock"), StatusCode::NOT_FOUND),
        (get("/settings/look"), StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let answer = ask(&program, request, "").await;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert!(answer.body.starts_with("<!DOCTYPE html>"), "{}", answer.body);
        assert!(answer.headers.contains_key(CACHE_CONTROL));
    }
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let world = World::new(Backend::Sqlite).await;
    let program = program(&world, "https://unveil.example.org", false);
    let form = || post("/settings/language").header("host", "unveil.example.org");
    let cases = [
        (form().header("sec-fetch-site", "cross-site"), StatusCode::FORBIDDEN),
        (form().header("sec-fetch-site", "same-site"), StatusCode::FORBIDDEN),
        (form().header(ORIGIN, "https://evil.example"), StatusCode::FORBIDDEN),
        (form().header("sec-fetch-site", "same-origin"), StatusCode::SEE_OTHER),
        (form().header(ORIGIN, "https://unveil.example.org"), StatusCode::SEE_OTHER),
    ];
    for (request, status) in cases {
        let answer = ask(&program, request, "locale=en&back=/lists").await;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert_eq!(answer.headers.contains_key(SET_COOKIE), status == StatusCode::SEE_OTHER);
        if status == StatusCode::SEE_OTHER {
            assert_eq!(answer.headers[LOCATION], "/lists");
        } else {
            assert!(answer.body.starts_with("<!DOCTYPE html>"));
        }
    }
}

#[tokio::test]
async fn a_form_that_is_too_large_is_told_so() {
    let world = World::new(Backend::Sqlite).await;
    let program = program(&world, "http://localhost:3000", false);
    let body = "x".repeat(MAX_BYTES + 1);
    let announced = post("/settings/language").header("content-length", body.len());
    let answer = ask(&program, announced, body.clone()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.starts_with("<!DOCTYPE html>"), "{}", answer.body);
    let answer = ask(&program, post("/settings/language"), body.clone()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let fits =
        ask(&program, post("/settings/language"), format!("locale=en&back={}", "x".repeat(MAX_BYTES - 100)))
            .await;
    assert_eq!(fits.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_is_known_by_its_cookie_and_its_pages_are_not_kept() {
    let world = World::new(Backend::Sqlite).await;
    let client = Client { address: "203.0.113.9".to_owned(), user_agent: "test".to_owned() };
    let signed_in = sign_in(&world.store, &world.email("rui"), PASSWORD, &client).await.unwrap();
    let name = world.actor("rui").name;
    for (base_url, right, wrong) in [
        ("http://localhost:3000", "unveil", "__Host-unveil"),
        ("https://unveil.example.org", "__Host-unveil", "unveil"),
    ] {
        let program = program(&world, base_url, false);
        let known =
            ask(&program, get("/nowhere").header(COOKIE, format!("{right}={}", signed_in.token)), "").await;
        assert!(known.body.contains(&name), "{base_url}");
        assert_eq!(known.headers[CACHE_CONTROL], "no-store");
        for cookie in [format!("{wrong}={}", signed_in.token), format!("{right}=forged"), format!("{right}=")]
        {
            let stranger = ask(&program, get("/nowhere").header(COOKIE, cookie), "").await;
            assert!(!stranger.body.contains(&name), "{base_url}");
        }
    }
}

#[tokio::test]
async fn the_demonstration_shows_its_letters() {
    let world = World::new(Backend::Sqlite).await;
    let folder = Folder::new();
    let app = server::build(&config(&folder, None), world.store.clone(), true).unwrap();
    let notice = domain::notice::Notice::ConfirmAddress { token: "t".to_owned() };
    crate::support::post(&world.store, "<b>@unveil.test", &notice).await;
    crate::support::post(&world.store, "chen@unveil.test", &notice).await;
    server::jobs::mail::run_all(&app.background).await.unwrap();
    let list = ask(&app.router, get("/dev/mail"), "").await;
    assert_eq!(list.status, StatusCode::OK, "{}", list.body);
    let path = list.body.split("href=\"").find(|part| part.starts_with("/dev/mail/")).unwrap();
    let path = path.split('"').next().unwrap();
    let letter = ask(&app.router, get(path), "").await;
    assert!(letter.body.contains("href=\"/account/confirm?token=t\""), "{}", letter.body);
    let none = ask(&app.router, get("/dev/mail/none"), "").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn server_functions_answer_forms_and_programs() {
    let world = World::new(Backend::Sqlite).await;
    let program = program(&world, "http://localhost:3000", false);
    let form = format!("email={}&password={}", world.email("rui"), PASSWORD.replace(' ', "+"));
    let signed_in = ask(&program, post("/api/account/sign_in"), form).await;
    assert!(signed_in.status.is_redirection(), "{} {}", signed_in.status, signed_in.body);
    assert!(signed_in.headers[SET_COOKIE].to_str().unwrap().starts_with("unveil="));
    assert!(signed_in.headers[SET_COOKIE].to_str().unwrap().contains("HttpOnly; SameSite=Lax"));

    // What cannot be read is a page with its status, never a way back to where the request says it came from.
    let elsewhere = post("/api/account/sign_in").header("referer", "https://evil.example/");
    let unreadable = ask(&program, elsewhere, "nonsense").await;
    assert_eq!(unreadable.status, StatusCode::BAD_REQUEST, "{}", unreadable.body);
    assert!(unreadable.body.starts_with("<!DOCTYPE html>"));
    assert!(!unreadable.headers.contains_key(LOCATION));

    let mut json = post("/api/account/sign_in");
    json.headers_mut().unwrap().insert(ACCEPT, "application/json".parse().unwrap());
    let refused = ask(&program, json, "email=nobody@unveil.test&password=wrong").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.body);
    assert!(refused.body.contains("wrong_credentials"), "{}", refused.body);

    let read = ask(&program, get("/api/account/sign_in"), "").await;
    assert_eq!(read.status, StatusCode::METHOD_NOT_ALLOWED);
}

//! The doors of the house: requests of other sites, reading that must not write, cookies, headers, ways out.

use app::url::{self, pattern};
use axum::http::header::{ACCEPT, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request};
use domain::challenge::Typed;
use leptos::server_fn::axum::server_fn_paths;
use testkit::samples::typed;
use testkit::{Backend, PASSWORD, World};

use crate::access::{ROLES, address, cast, states, tokens};
use crate::access_forms::{Forms, OTHER_PASSWORD, subjects_of};
use crate::life_site::{BROWSER, Copy, PLAIN, SECURE, Site, bytes_of, encoded};
use crate::life_story::Story;

const EVIL: [&str; 9] = [
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "/x\r\nset-cookie: a=b",
    "evil.example",
    " //evil.example",
];

fn set_cookies(headers: &HeaderMap) -> Vec<String> {
    headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_other_site_can_press_a_button() {
    let story = Story::told(cast().await).await;
    let forms = Forms::of(&story).await;
    let rui = story.world.sign_in("rui").await;
    let before = bytes_of(&story.world);
    for base in [PLAIN, SECURE] {
        let site = Site::at(&story.world.store, base);
        let host = base.split("//").nth(1).unwrap();
        let mut paths: Vec<&str> = server_fn_paths().map(|(path, _)| path).collect();
        paths.extend([pattern::SETTINGS_LANGUAGE, pattern::SETTINGS_LOOK]);
        for path in paths {
            let body = encoded(&forms.form(path, &story.subject(subjects_of(path)[0])));
            let foreign: [&[(&str, &str)]; 5] = [
                &[("sec-fetch-site", "cross-site")],
                &[("sec-fetch-site", "same-site")],
                &[("origin", "https://evil.example")],
                &[("origin", "null")],
                &[("origin", "https://unveil.example.org.evil.example")],
            ];
            for headers in foreign {
                let mut request = Request::post(path)
                    .header("host", host)
                    .header(ACCEPT, BROWSER)
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .header(COOKIE, site.cookies(Some(&rui), ""));
                for (name, value) in headers {
                    request = request.header(*name, *value);
                }
                let answer = site.send(request, body.clone()).await;
                assert_eq!(answer.status.as_u16(), 403, "{path} {headers:?}");
                assert_eq!(set_cookies(&answer.headers), Vec::<String>::new(), "{path}");
            }
        }
    }
    assert!(before == bytes_of(&story.world), "a refused request wrote something");
}

/// Routes whose reading is logged, and the only readers for whom it is.
fn is_logged(route: &str, who: &str) -> bool {
    let read_bid = route == pattern::BID_READING;
    read_bid || (who == "wen" && route.starts_with("/desk/challenges/{id}") && route != pattern::BID_NEW)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_writes_nothing() {
    let story = Story::told(cast().await).await;
    let tokens = tokens(&story.world).await;
    let site = Site::new(&story.world.store);
    let mut logged = 0;
    for ((_, who), token) in ROLES.iter().zip(&tokens) {
        for route in pattern::ALL.iter().chain(&["/healthz", "/readyz", "/nowhere"]) {
            for state in states(route) {
                let path = address(route, &story, &story.subject(state));
                for method in [Method::GET, Method::HEAD] {
                    let before = bytes_of(&story.world);
                    let request = Request::builder()
                        .method(method.clone())
                        .uri(&path)
                        .header(ACCEPT, BROWSER)
                        .header(COOKIE, site.cookies(token.as_deref(), ""));
                    let answer = site.send(request, String::new()).await;
                    if method == Method::HEAD {
                        assert!(answer.bytes.is_empty(), "HEAD {path}");
                    }
                    let changed = before != bytes_of(&story.world);
                    assert!(!changed || is_logged(route, who), "{method} {path} for {who} wrote something");
                    logged += usize::from(changed);
                }
            }
        }
        for (path, _) in server_fn_paths() {
            let before = bytes_of(&story.world);
            for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE, Method::PATCH] {
                let request = Request::builder()
                    .method(method.clone())
                    .uri(format!("{path}?email=a&password=b"))
                    .header(COOKIE, site.cookies(token.as_deref(), ""));
                assert_eq!(site.send(request, String::new()).await.status.as_u16(), 405, "{method} {path}");
            }
            assert!(before == bytes_of(&story.world), "{path} wrote something");
        }
    }
    assert!(logged > 0, "a logged reading is a write: the comparison can fail");
}

#[tokio::test]
async fn cookies_are_bound_to_the_house() {
    let world = World::new(Backend::Sqlite).await;
    let site = Site::at(&world.store, SECURE);
    let form = typed(&[("email", &world.email("chen")), ("password", PASSWORD)]);
    let signed_in = site.form("/api/account/sign_in", None, &form).await;
    let cookies = set_cookies(&signed_in.headers);
    assert_eq!(cookies.len(), 1, "{cookies:?}");
    let token = cookies[0].strip_prefix("__Host-unveil=").unwrap().split(';').next().unwrap().to_owned();
    assert!(token.len() >= 43, "{token}");
    let guards = |cookie: &str, names: &[&str]| {
        for name in names {
            assert!(cookie.split("; ").any(|part| part == *name), "{cookie}: no {name}");
        }
        assert!(!cookie.to_ascii_lowercase().contains("domain="), "{cookie}");
    };
    guards(&cookies[0], &["Path=/", "HttpOnly", "SameSite=Lax", "Secure"]);
    let new = [("old_password", PASSWORD), ("password", OTHER_PASSWORD), ("repeat_password", OTHER_PASSWORD)];
    let changed = site.form("/api/account/change_password", Some(&token), &typed(&new)).await;
    let renewed = set_cookies(&changed.headers);
    assert!(renewed[0].starts_with("__Host-unveil=") && !renewed[0].contains(&token), "{renewed:?}");
    guards(&renewed[0], &["Path=/", "HttpOnly", "SameSite=Lax", "Secure"]);
    let token = renewed[0].split(['=', ';']).nth(1).unwrap().to_owned();
    let ended = site.form("/api/account/sign_out", Some(&token), &Typed::new()).await;
    let ended = set_cookies(&ended.headers);
    assert!(ended[0].starts_with("__Host-unveil=; "), "{ended:?}");
    guards(&ended[0], &["Path=/", "Max-Age=0", "HttpOnly", "SameSite=Lax", "Secure"]);
    for (path, fields) in [
        ("/settings/look", [("size", "large"), ("back", "/")]),
        ("/settings/language", [("locale", "en"), ("back", "/")]),
    ] {
        let answer = site.form(path, None, &typed(&fields)).await;
        guards(&set_cookies(&answer.headers)[0], &["Path=/", "SameSite=Lax", "Secure"]);
    }
}

#[tokio::test]
async fn a_session_begins_under_a_new_name() {
    let world = World::new(Backend::Sqlite).await;
    let site = Site::new(&world.store);
    let form = typed(&[("email", &world.email("chen")), ("password", PASSWORD)]);
    let planted = "x".repeat(43);
    let old = world.sign_in("zhao").await;
    let mut seen = vec![planted.clone(), old.clone()];
    for before in [planted.as_str(), old.as_str()] {
        let answer = site.form("/api/account/sign_in", Some(before), &form).await;
        let cookies = set_cookies(&answer.headers);
        let token = cookies[0].split(['=', ';']).nth(1).unwrap().to_owned();
        assert!(!seen.contains(&token), "a session goes on under a name that was known before");
        let page = site.page(&url::account(), Some(&token)).await.text();
        assert!(page.contains(&world.actor("chen").name));
        seen.push(token);
    }
    assert_eq!(site.read(&url::account(), Some(&planted)).await.status.as_u16(), 401);
    // What ended stays ended.
    let token = seen.last().unwrap().clone();
    site.form("/api/account/sign_out", Some(&token), &Typed::new()).await;
    assert_eq!(site.read(&url::account(), Some(&token)).await.status.as_u16(), 401);
}

#[tokio::test]
async fn no_password_comes_back_or_stays() {
    let world = World::new(Backend::Sqlite).await;
    let site = Site::new(&world.store);
    let chen = world.sign_in("chen").await;
    let secret = "kanarienvogel";
    let repeat = "kanarienvogel-2";
    let fields =
        [("password", secret), ("repeat_password", repeat), ("old_password", secret), ("token", "Zm9v")];
    let mine = [("name", "新人"), ("email", "chen@unveil.test")];
    let form = crate::life_site::with(&typed(&fields), &mine);
    for (path, token) in [
        ("account/register", None),
        ("account/sign_in", None),
        ("account/reset_password", None),
        ("account/change_password", Some(chen.as_str())),
    ] {
        let pages = site.returned(&url::api(path), token, &form).await;
        for page in pages {
            assert!(!page.contains(secret), "{path}: the password is on the page");
        }
    }
    assert!(!bytes_of(&world).hold(secret.as_bytes()), "a password is kept as typed");
    assert!(bytes_of(&world).hold("新人".as_bytes()), "the other fields are kept: the search can find");
}

#[tokio::test]
async fn no_way_back_leads_out_of_the_house() {
    let world = World::new(Backend::Sqlite).await;
    let site = Site::new(&world.store);
    let chen = world.sign_in("chen").await;
    let sign_in = [("email", world.email("chen")), ("password", PASSWORD.to_owned())];
    for evil in EVIL {
        let inside = |place: &str, at: &str| {
            let ours = place.starts_with('/')
                && !place.starts_with("//")
                && !place.contains(['\\', '\t', '\r', '\n']);
            assert!(ours, "{at} with {evil:?} leads to {place:?}");
            assert!(
                !place.contains("evil.example") || place.contains('?'),
                "{at} with {evil:?} leads to {place:?}"
            );
        };
        let with_next: Typed =
            sign_in.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let with_next = crate::life_site::with(&with_next, &[("next", evil)]);
        let answer = site.form("/api/account/sign_in", None, &with_next).await;
        assert!(answer.status.is_redirection(), "{evil:?}: {}", answer.status);
        inside(answer.location(), "sign_in");
        let wrong = crate::life_site::with(&with_next, &[("password", "wrong")]);
        inside(site.form("/api/account/sign_in", None, &wrong).await.location(), "a refused sign_in");
        let shown = url::with_query(&url::sign_in(), &[("next", evil)]);
        inside(site.page(&shown, Some(&chen)).await.location(), "the sign-in page of somebody signed in");
        for (path, name, value) in [
            ("/api/account/follow", "domain", "mineral-resources"),
            ("/api/account/unfollow", "domain", "mineral-resources"),
            ("/api/account/follow", "domain", "nonsense"),
            ("/settings/look", "size", "large"),
            ("/settings/language", "locale", "en"),
        ] {
            let answer = site.form(path, Some(&chen), &typed(&[(name, value), ("back", evil)])).await;
            assert!(answer.status.is_redirection(), "{path}: {}", answer.status);
            inside(answer.location(), path);
            assert!(set_cookies(&answer.headers).iter().all(|cookie| !cookie.starts_with("a=")), "{path}");
        }
    }
    // What no address of ours can hold is no fault either.
    let odd = sign_in.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let odd = crate::life_site::with(&odd, &[("next", "/challenges?q=重晶石")]);
    let answer = site.form("/api/account/sign_in", None, &odd).await;
    assert!(answer.status.is_redirection(), "{} {}", answer.status, answer.text());
    for path in ["/api/account/follow", "/settings/look"] {
        let form =
            typed(&[("domain", "mineral-resources"), ("size", "large"), ("back", "/challenges?q=重晶石")]);
        let answer = site.form(path, Some(&chen), &form).await;
        assert!(answer.status.is_redirection(), "{path}: {} {}", answer.status, answer.text());
    }
    // A good one is followed.
    let good = typed(&[("size", "large"), ("back", "/challenges?q=a")]);
    assert_eq!(site.form("/settings/look", None, &good).await.location(), "/challenges?q=a");
}

fn check_headers(headers: &HeaderMap, secure: bool, at: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        let found = headers.get(name).unwrap_or_else(|| panic!("{at}: no {name}"));
        assert_eq!(found, value, "{at}");
    }
    assert!(headers.contains_key("permissions-policy") && headers.contains_key("x-request-id"), "{at}");
    assert_eq!(headers.contains_key("strict-transport-security"), secure, "{at}");
    let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
    for part in [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.split("; ").any(|own| own == part), "{at}: {policy}");
    }
    let scripts = policy.split("; ").find(|part| part.starts_with("script-src")).unwrap();
    for word in scripts.split(' ').skip(1) {
        let fine = ["'self'", "'wasm-unsafe-eval'"].contains(&word) || word.starts_with("'sha256-");
        assert!(fine, "{at}: {word} in {policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{at}: {policy}");
    assert!(!policy.contains('*') && !policy.contains("http"), "{at}: {policy}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_carries_its_guards_and_no_page_breaks_them() {
    let story = Story::told(cast().await).await;
    let tokens = tokens(&story.world).await;
    for base in [PLAIN, SECURE] {
        let site = Site::at(&story.world.store, base);
        let secure = base == SECURE;
        for ((_, who), token) in ROLES.iter().zip(&tokens) {
            for route in pattern::ALL.iter().chain(&[
                "/healthz",
                "/readyz",
                "/nowhere",
                "/pkg/none.js",
                "/favicon.svg",
            ]) {
                let state = *states(route).last().unwrap();
                let path = address(route, &story, &story.subject(state));
                let answer = site.page(&path, token.as_deref()).await;
                check_headers(&answer.headers, secure, &path);
                let page = answer.text();
                let kind = answer.headers.get(CONTENT_TYPE).map_or("", |kind| kind.to_str().unwrap());
                if kind.starts_with("text/html") {
                    assert!(answer.headers.contains_key("cache-control"), "{path}");
                    unbroken(&page, &format!("{path} for {who}"));
                }
                if token.is_some() && kind.starts_with("text/html") {
                    assert_eq!(answer.headers["cache-control"], "no-store", "{path} for {who}");
                }
            }
        }
        let redirect = site.form("/settings/look", None, &typed(&[("size", "large")])).await;
        check_headers(&redirect.headers, secure, "a redirect");
        let foreign = Request::post("/settings/look").header(ORIGIN, "https://evil.example");
        check_headers(&site.send(foreign, String::new()).await.headers, secure, "a forbidden request");
    }
    // A database that is gone: a fault, with the same guards.
    let copy = Copy::of(&bytes_of(&story.world), &story.world.clock).await;
    copy.store.clone().close().await.unwrap();
    let answer = copy.site.page(&url::lists(), None).await;
    assert!(answer.status.is_server_error(), "{}", answer.status);
    check_headers(&answer.headers, false, "a fault");
    unbroken(&answer.text(), "a fault");
    for name in ["sqlx", "SELECT", "pool", "sqlite"] {
        assert!(!answer.text().contains(name), "a fault speaks of {name}: {}", answer.text());
    }
}

/// Nothing the policy forbids: inline styles and handlers, scripts and files of others.
fn unbroken(page: &str, at: &str) {
    for tag in page.split('<').skip(1).map(|part| part.split('>').next().unwrap()) {
        assert!(!tag.contains(" style=\""), "{at}: {tag}");
        let handler = tag.split(' ').skip(1).any(|word| word.starts_with("on") && word.contains("=\""));
        assert!(!handler, "{at}: {tag}");
        for name in ["src=\"", "action=\""] {
            if let Some((_, value)) = tag.split_once(name) {
                assert!(value.starts_with('/') && !value.starts_with("//"), "{at}: {tag}");
            }
        }
    }
}

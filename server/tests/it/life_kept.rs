//! Pages kept for anonymous readers: really kept, never stale, never anybody else's.

use std::io::Write as _;
use std::process::{Command, Stdio};

use app::url;
use axum::http::Request;
use axum::http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING};
use domain::challenge::Step;
use domain::time::Timestamp;
use store::command::{clock, decision, list};
use testkit::samples::race_rule;
use testkit::{Backend, World};

use crate::life_site::{Answer, BROWSER, Site};
use crate::life_story::{PANEL, score_all, start_review, step, submit_titled};

/// What [`testkit::bulk::publish_list`] puts into the tables behind the program's back, as nothing else can: a page
/// that shows it was drawn anew, one that does not was kept.
const UNANNOUNCED: &str = "万题榜单";

async fn ask(site: &Site, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path).header(ACCEPT, BROWSER);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    site.send(request, String::new()).await
}

async fn text(site: &Site, path: &str, headers: &[(&str, &str)]) -> String {
    ask(site, path, headers).await.text()
}

testkit::both! {
    /// Kept for the anonymous, drawn for everybody with a session, and fresh as soon as something is published.
    async fn a_page_is_kept_for_strangers_only_and_only_while_it_holds(world) {
        let site = Site::new(&world.store);
        let chen = world.sign_in("chen").await;
        let session = format!("unveil={chen}");
        let lists = url::lists();
        let before = text(&site, &lists, &[]).await;
        assert!(!before.contains(UNANNOUNCED));
        testkit::bulk::publish_list(&world.store, 3).await;
        assert_eq!(text(&site, &lists, &[]).await, before, "the page was not kept");
        // Another language, another look, another page of the same route, a refused form: none of them is that page.
        for headers in [
            [("cookie", "locale=en")],
            [("cookie", "look=large.plain")],
            [("cookie", "look=normal.high")],
            [("accept-language", "en")],
        ] {
            let page = text(&site, &lists, &headers).await;
            assert_ne!(page, before, "{headers:?}");
            let english = headers[0].1.contains("en") && !headers[0].1.contains("look");
            assert!(page.contains(if english { "A list of ten thousand" } else { UNANNOUNCED }), "{headers:?}");
        }
        for path in ["/lists?echo=x", "/lists?done=saved", "/lists?after="] {
            assert!(text(&site, path, &[]).await.contains(UNANNOUNCED), "{path}");
        }
        // Whoever holds a cookie, a good one or not, is answered from the tables, and what they get is not kept.
        for cookies in [session.as_str(), "unveil=forged", "unveil=", "locale=zh-CN; unveil=x; look=normal.plain"] {
            let own = ask(&site, &lists, &[("cookie", cookies)]).await;
            assert!(own.text().contains(UNANNOUNCED), "{cookies}");
            assert_eq!(own.text().contains(&world.actor("chen").name), cookies == session, "{cookies}");
            if cookies == session {
                assert_eq!(own.headers["cache-control"], "no-store");
            }
        }
        assert_eq!(text(&site, &lists, &[]).await, before);
        // Publishing announces itself.
        let challenge = world.open_challenge().await;
        let after = text(&site, &lists, &[]).await;
        assert!(after.contains(UNANNOUNCED) && after.contains("2026-1"), "{after}");
        assert!(!after.contains(&world.actor("chen").name));
        assert_eq!(text(&site, &lists, &[("cookie", "locale=zh-CN")]).await, after, "one language, one page");
        assert_eq!(site.page(&url::challenge(challenge), None).await.status.as_u16(), 200);
    }
}

/// Every public page of the challenge, as anybody sees it.
async fn seen(site: &Site, challenge: domain::id::ChallengeId, list: domain::id::ListId) -> Vec<String> {
    let paths = [
        url::home(),
        url::lists(),
        url::list(list),
        url::challenges(),
        url::challenge(challenge),
        url::results(),
        url::race(challenge),
    ];
    let mut pages = Vec::new();
    for path in paths {
        pages.push(text(site, &path, &[]).await);
    }
    pages
}

/// Beside the program that keeps its pages stands one that has nothing kept: they must say the same after each step.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_step_leaves_a_stale_page() {
    let world = World::new(Backend::Sqlite).await;
    let keeping = Site::new(&world.store);
    let rui = world.actor("rui");
    let closes_at = world.deadline().await;
    let challenge = world.approved(&race_rule(closes_at), "2026-1-01", closes_at).await;
    let list = world.list_of("2026-1", &[challenge]).await;
    let mut before = seen(&keeping, challenge, list).await;
    let mut changes = 0;
    let mut check = async |act: &str| {
        let kept = seen(&keeping, challenge, list).await;
        let drawn = seen(&Site::new(&world.store), challenge, list).await;
        for (kept, drawn) in kept.iter().zip(&drawn) {
            assert!(kept == drawn, "after {act} a stale page is served:\n{kept}\n---\n{drawn}");
        }
        changes += usize::from(kept != before);
        before = kept;
    };
    list::publish(&world.store, &rui, list, None).await.unwrap();
    check("publish").await;
    let bids = [
        submit_titled(&world, "chen", challenge, "低碱浮选").await,
        submit_titled(&world, "zhao", challenge, "重选联合").await,
    ];
    check("bids").await;
    world.set_time(Timestamp(closes_at.0 + 1_000)).await;
    clock::close_due(&world.store).await.unwrap();
    check("close by the clock").await;
    step(&world, challenge, Step::Open).await;
    check("open").await;
    start_review(&world, challenge, &bids, PANEL).await;
    check("start_review").await;
    score_all(&world, challenge, 0).await;
    decision::propose(&world.store, &rui, challenge, "by the rule").await.unwrap();
    decision::apply(&world.store, &rui, challenge).await.unwrap();
    check("decide").await;
    step(&world, challenge, Step::Publicise).await;
    check("publicise").await;
    let ends_at = world.challenge(challenge).await.publicity_ends_at.unwrap();
    world.set_time(Timestamp(ends_at + 1_000)).await;
    for next in [Step::Award, Step::Contract, Step::Start] {
        step(&world, challenge, next).await;
        check(next.key()).await;
    }
    store::command::race::open_gate(&world.store, &rui, challenge, 1).await.unwrap();
    check("open_gate").await;
    score_all(&world, challenge, 1).await;
    check("gate scores").await;
    store::command::race::decide_gate(&world.store, &rui, challenge, 1).await.unwrap();
    check("decide_gate").await;
    store::command::race::withdraw(&world.store, &world.actor("chen"), bids[0]).await.unwrap();
    check("withdraw").await;
    step(&world, challenge, Step::Terminate).await;
    check("terminate").await;
    assert!(changes >= 8, "only {changes} steps show: the comparison is of nothing");
    world.check_invariants().await;
}

/// Plain bytes of a body, by a program that has nothing to do with ours. Node is there: the browser tests need it.
fn decoded(encoding: &str, bytes: &[u8]) -> Vec<u8> {
    let function = match encoding {
        "br" => "brotliDecompressSync",
        "gzip" => "gunzipSync",
        _ => return bytes.to_vec(),
    };
    let script = format!(
        "const c=[];process.stdin.on('data',d=>c.push(d));process.stdin.on('end',()=>\
         process.stdout.write(require('zlib').{function}(Buffer.concat(c))))"
    );
    let mut node = Command::new("node")
        .args(["-e", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    node.stdin.take().unwrap().write_all(bytes).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "{encoding} cannot be read");
    output.stdout
}

/// Whatever one reader accepts, the next one gets what it accepts itself.
#[tokio::test]
async fn a_kept_page_is_sent_as_the_reader_can_read_it() {
    let world = World::new(Backend::Sqlite).await;
    let challenge = world.open_challenge().await;
    let path = url::challenge(challenge);
    let plain = ask(&Site::new(&world.store), &path, &[]).await;
    assert!(!plain.headers.contains_key(CONTENT_ENCODING));
    // Each odd wish first, on a program of its own, then the plain ones that must not get its page.
    let wishes = [
        "br",
        "gzip",
        "identity",
        "gzip, deflate, br, zstd",
        "br;q=0.1, gzip;q=1.0",
        "gzip;q=0, br",
        "x-gzip",
        "GZIP",
        "BR",
        "*",
        "br;q=0.0, *",
        "deflate",
        "",
        "br;q=0.001",
        "br ; q=1",
        "gzip;q=nonsense",
    ];
    for first in wishes {
        let site = Site::new(&world.store);
        for accepted in [first, "br", "gzip", "identity", "", first] {
            let answer = ask(&site, &path, &[(ACCEPT_ENCODING.as_str(), accepted)]).await;
            let encoding = answer.headers.get(CONTENT_ENCODING).map_or("", |value| value.to_str().unwrap());
            let wish = accepted.to_ascii_lowercase();
            assert!(
                encoding.is_empty() || wish.contains(encoding) || wish.contains('*'),
                "after {first:?}, {accepted:?} gets {encoding}"
            );
            let readable = decoded(encoding, &answer.bytes) == plain.bytes;
            assert!(readable, "after {first:?}, {accepted:?} gets something else as {encoding:?}");
        }
    }
    let both = Request::get(&path).header(ACCEPT_ENCODING, "identity").header(ACCEPT_ENCODING, "gzip");
    let site = Site::new(&world.store);
    site.send(both, String::new()).await;
    let next = ask(&site, &path, &[(ACCEPT_ENCODING.as_str(), "identity")]).await;
    assert!(
        !next.headers.contains_key(CONTENT_ENCODING) && next.bytes == plain.bytes,
        "two lines of one header"
    );
}

//! What is sealed or somebody else's leaves no trace: not a word, not a count, not another answer.

use app::url::{self, pattern};
use domain::challenge::{Step, Typed};
use domain::id::BidId;
use store::command::bid;
use store::query;
use testkit::samples::{filled_bid, filled_need, typed};
use uuid::Uuid;

use crate::access::{ROLES, address, cast, tokens};
use crate::life_site::{Bytes, Copy, Site, bytes_of, with};
use crate::life_story::{Story, Subject, nothing, open, step, submit, submit_titled};

const BID_PAGES: [&str; 5] =
    [pattern::BID, pattern::RECEIPT, pattern::RECEIPT_FILE, pattern::LETTER, pattern::BID_READING];

/// Everybody but the bid's own unit.
fn outsiders(tokens: &[Option<String>]) -> impl Iterator<Item = (&'static str, Option<&str>)> {
    let all = ROLES.iter().zip(tokens).map(|((_, who), token)| (*who, token.as_deref()));
    all.filter(|(who, _)| !["chen", "bo"].contains(who))
}

fn without(text: &str, id: BidId) -> String {
    text.replace(&id.to_string(), "ID")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bid_of_others_looks_like_none() {
    let world = cast().await;
    let challenge = world.open_challenge().await;
    let real = submit_titled(&world, "chen", challenge, "低碱浮选").await;
    let draft_of_zhao = bid::start(&world.store, &world.actor("zhao"), challenge).await.unwrap();
    let random = BidId(Uuid::now_v7());
    let tokens = tokens(&world).await;
    let site = Site::new(&world.store);
    for (who, token) in outsiders(&tokens) {
        for route in BID_PAGES {
            let ask = async |id: BidId| {
                let page = site.page_in(&route.replace("{id}", &id.to_string()), token, "en").await;
                (page.status, page.headers.get("location").cloned(), without(&page.text(), id))
            };
            let (status, place, body) = ask(real).await;
            let (other_status, other_place, other_body) = ask(random).await;
            assert_eq!((status, &body), (other_status, &other_body), "{route} for {who}");
            if token.is_some() {
                assert_eq!((status.as_u16(), place, other_place), (404, None, None), "{route} for {who}");
            }
        }
        for verb in ["bid/save", "bid/submit", "bid/withdraw", "race/withdraw", "panel/settle_eligibility"] {
            let ask = async |id: BidId| {
                let form = with(
                    &filled_bid("x", "y"),
                    &[
                        ("challenge", &challenge.to_string()),
                        ("bid", &id.to_string()),
                        ("version", "1"),
                        ("eligible", "true"),
                    ],
                );
                let program = site.call(&url::api(verb), token, &form).await;
                let browser = site.form(&url::api(verb), token, &form).await;
                let place = browser.location().replace(&id.to_string(), "ID");
                (program.status, program.text(), browser.status, place, without(&browser.text(), id))
            };
            assert_eq!(ask(real).await, ask(random).await, "{verb} for {who}");
        }
    }
    // A draft is nobody's business either, and the own one is not refused: the comparison can fail.
    let zhao = world.sign_in("zhao").await;
    assert_eq!(site.page(&url::bid(draft_of_zhao), Some(&zhao)).await.status.as_u16(), 200);
    world.check_invariants().await;
}

/// Every page that outsiders can ask for, in an order that puts the audit log before readings that are logged.
async fn all_pages(
    story: &Story,
    subject: &Subject,
    site: &Site,
    tokens: &[Option<String>],
) -> Vec<(String, String)> {
    let mut routes = pattern::ALL.to_vec();
    routes.sort_by_key(|route| *route != pattern::DESK_AUDIT);
    let mut pages = Vec::new();
    for (who, token) in outsiders(tokens) {
        for route in &routes {
            let path = address(route, story, subject);
            let answer = site.page(&path, token).await;
            pages.push((format!("{who} {path}"), answer.text()));
        }
    }
    pages
}

async fn look(
    story: &Story,
    subject: &Subject,
    bytes: &Bytes,
    tokens: &[Option<String>],
    act: impl AsyncFnOnce(&Copy),
) -> Vec<(String, String)> {
    let before = story.world.now().await;
    let copy = Copy::of(bytes, &story.world.clock).await;
    act(&copy).await;
    // Acting took time that readings would show.
    story.world.set_time(before).await;
    let pages = all_pages(story, subject, &copy.site, tokens).await;
    story.world.set_time(before).await;
    copy.close().await;
    pages
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_the_same_whether_or_not_hidden_rows_exist() {
    let world = cast().await;
    let challenge = world.open_challenge().await;
    submit_titled(&world, "zhao", challenge, "重选联合").await;
    let tokens = tokens(&world).await;
    let bytes = bytes_of(&world);
    let list = domain::id::ListId(world.challenge(challenge).await.list_id.unwrap());
    let subject = Subject { list, ..nothing("sealed", challenge) };
    let story = Story { world, subjects: vec![subject] };
    let untouched = look(&story, &subject, &bytes, &tokens, async |_| {}).await;
    let with_bids = look(&story, &subject, &bytes, &tokens, async |copy| {
        let (chen, sun) = (story.world.actor("chen"), story.world.actor("sun"));
        let start = async |actor| bid::start(&copy.store, actor, challenge).await.unwrap();
        let own = start(&chen).await;
        let form = filled_bid("低碱浮选", &chen.name);
        bid::submit(&copy.store, &chen, own, &form, 1).await.unwrap();
        // And one that was taken back, by somebody who then looks at no page.
        let other = start(&sun).await;
        bid::submit(&copy.store, &sun, other, &filled_bid("化学选矿", &sun.name), 1).await.unwrap();
        bid::withdraw(&copy.store, &sun, other).await.unwrap();
    })
    .await;
    compare(&untouched, &with_bids, "sun");
    assert!(differ(&untouched, &with_bids) > 0, "Sun's own desk shows the bid: the comparison can fail");
    // A draft of the issuer is seen by the issuer and by those who read needs, and by nobody else.
    let with_draft = look(&story, &subject, &bytes, &tokens, async |copy| {
        let need = with(&filled_need(), &[("title", "尚未提出的需求")]);
        store::command::challenge::create_need(&copy.store, &story.world.actor("ling"), &need).await.unwrap();
    })
    .await;
    for who in ["public", "stranger", "mo", "zhao", "sun", "okafor", "kim"] {
        let of = |pages: &[(String, String)]| -> Vec<_> {
            pages.iter().filter(|(name, _)| name.split(' ').next() == Some(who)).cloned().collect()
        };
        compare(&of(&untouched), &of(&with_draft), "");
    }
    let seen = differ(&untouched, &with_draft);
    assert!(seen > 0, "the issuer's own desk shows the draft: the comparison can fail");
}

fn differ(before: &[(String, String)], after: &[(String, String)]) -> usize {
    before.iter().zip(after).filter(|(before, after)| before != after).count()
}

fn compare(before: &[(String, String)], after: &[(String, String)], but: &str) {
    assert_eq!(before.len(), after.len());
    for ((name, old), (_, new)) in before.iter().zip(after) {
        if name.split(' ').next() == Some(but) {
            continue;
        }
        let at = old.bytes().zip(new.bytes()).position(|(a, b)| a != b);
        let at = at.unwrap_or(old.len().min(new.len()));
        let around = |text: &str| -> String {
            String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(200)..(at + 200).min(text.len())])
                .into()
        };
        assert!(old == new, "{name} tells of a hidden row:\n{}\n---\n{}", around(old), around(new));
    }
}

/// A bid whose every free text can be recognised anywhere.
fn canary_bid(signer: &str) -> (Typed, Vec<&'static str>) {
    let marked = [
        ("title", "金丝雀题目"),
        ("abstract_text", "金丝雀摘要"),
        ("basis", "金丝雀基础"),
        ("route", "金丝雀路线"),
        ("plan", "金丝雀计划"),
        ("risks", "金丝雀风险"),
        ("partners", "金丝雀协作单位"),
        ("promises.0.note", "金丝雀承诺"),
        ("budget.0.purpose", "金丝雀用途"),
        ("team.0.name", "金丝雀成员"),
        ("team.0.unit", "金丝雀研究室"),
        ("avoid_experts", "金丝雀回避"),
    ];
    (with(&filled_bid("", signer), &marked), marked.iter().map(|(_, mark)| *mark).collect())
}

async fn canary_story() -> (Story, BidId, Vec<String>) {
    let world = cast().await;
    let challenge = world.open_challenge().await;
    let rui = world.actor("rui");
    for expert in ["okafor", "silva"] {
        let person = world.person(expert);
        store::command::panel::seat(&world.store, &rui, challenge, person).await.unwrap();
    }
    let chen = world.actor("chen");
    let (form, marks) = canary_bid(&chen.name);
    let bid = submit(&world, "chen", challenge, &form).await;
    submit_titled(&world, "zhao", challenge, "重选联合").await;
    let page = query::bid::bid(&world.store, &chen, bid).await.unwrap();
    let receipt = page.receipt.unwrap();
    let mut marks: Vec<String> = marks.into_iter().map(str::to_owned).collect();
    marks.extend([receipt.number, receipt.content_sha256]);
    let list = domain::id::ListId(world.challenge(challenge).await.list_id.unwrap());
    let subject = Subject { list, bid, ..nothing("sealed", challenge) };
    (Story { world, subjects: vec![subject] }, bid, marks)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_word_of_a_sealed_bid_is_anywhere() {
    let (story, bid, marks) = canary_story().await;
    let subject = story.subject("sealed");
    let mut tokens = tokens(&story.world).await;
    let site = Site::new(&story.world.store);
    search(&story, &subject, &site, &tokens, &marks).await;
    // The deadline alone opens nothing, nor does closing.
    let closes_at = story.world.challenge(subject.challenge).await.closes_at.unwrap();
    story.world.set_time(domain::time::Timestamp(closes_at + 1_000)).await;
    tokens = crate::access::tokens(&story.world).await;
    search(&story, &subject, &site, &tokens, &marks).await;
    step(&story.world, subject.challenge, Step::Close).await;
    search(&story, &subject, &site, &tokens, &marks).await;
    // The search can find: once opened, the organiser reads every word, the panel learns the units; nobody else anything.
    step(&story.world, subject.challenge, Step::Open).await;
    let rui = story.world.sign_in("rui").await;
    let reading = site.page(&url::bid_reading(bid), Some(&rui)).await.text();
    assert!(marks.iter().take(12).all(|mark| reading.contains(mark.as_str())), "{reading}");
    let readers = ["rui", "wen", "okafor", "silva"];
    let few =
        ROLES.iter().zip(&tokens).map(|((_, who), token)| token.clone().filter(|_| !readers.contains(who)));
    let few: Vec<Option<String>> = few.collect();
    search(&story, &subject, &site, &few, &marks).await;
}

async fn search(story: &Story, subject: &Subject, site: &Site, tokens: &[Option<String>], marks: &[String]) {
    let (unit, lead) = ("清河大学", story.world.actor("chen").name);
    let own_id = subject.bid.to_string();
    for (who, token) in outsiders(tokens) {
        let mut paths: Vec<(&str, String)> =
            pattern::ALL.iter().map(|route| (*route, address(route, story, subject))).collect();
        for mark in ["金丝雀题目", "金丝雀", unit] {
            paths.push((pattern::CHALLENGES, url::challenges_with(&[("q", mark)])));
        }
        for (route, path) in paths {
            let page = site.page(&path, token).await.text();
            // What was searched for stands in the field again.
            let asked = path.contains("q=");
            for mark in marks.iter().filter(|_| !asked) {
                assert!(!page.contains(mark.as_str()), "{who} reads {mark} of a sealed bid at {path}");
            }
            if !path.contains(&own_id) {
                assert!(!page.contains(&own_id), "{who} learns the id of a sealed bid at {path}");
            }
            // Who has an account, and who signed in, is no secret of a bid.
            let directory =
                [pattern::DESK_PEOPLE, pattern::ORGANISATION, pattern::DESK_AUDIT].contains(&route) || asked;
            for name in [unit, lead.as_str()].into_iter().filter(|_| !directory) {
                assert!(!page.contains(name), "{who} reads {name} at {path} while sealed");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opening_too_early_opens_nothing() {
    let (story, bid, _) = canary_story().await;
    let world = &story.world;
    let challenge = story.subject("sealed").challenge;
    let site = Site::new(&world.store);
    let rui = world.sign_in("rui").await;
    let form = |step: &str| typed(&[("challenge", &challenge.to_string()), ("step", step)]);
    for step in ["close", "open", "start_eligibility"] {
        let [zh, en] = site.returned("/api/challenge/step", Some(&rui), &form(step)).await;
        let refusal = if step == "start_eligibility" {
            domain::refusal::Refusal::WrongState { state: "published".to_owned() }
        } else {
            domain::refusal::Refusal::DeadlineNotReached
        };
        crate::hostile_forms::says(&zh, &en, &refusal);
    }
    assert_eq!(site.page(&url::bid_reading(bid), Some(&rui)).await.status.as_u16(), 404);
    assert_eq!(world.challenge(challenge).await.state, "published");
    open(world, challenge).await;
    let rui = world.sign_in("rui").await;
    assert_eq!(site.page(&url::bid_reading(bid), Some(&rui)).await.status.as_u16(), 200);
}

//! Bad input through the forms: a message at the field in both languages, what was typed kept, nothing lost.

use app::catalogue;
use app::text::Locale;
use app::url;
use domain::challenge::Typed;
use domain::id::{BidId, ChallengeId};
use domain::refusal::{Problem, Refusal};
use domain::time::{MINUTE_MS, Timestamp};
use server::http::body::MAX_BYTES;
use store::command::{bid, list};
use store::query;
use testkit::samples::{filled_bid, filled_list, filled_sheet, panel_rule, typed};
use testkit::stages::rule_form_with;
use testkit::{Backend, World};

use crate::life_site::{Site, with};
use crate::life_story::{self, open, submit_titled};

fn escaped(text: &str) -> String {
    app::components::text_area::escape(text)
}

/// What a browser would put into the field, read off the page.
fn unescaped(html: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .iter()
        .fold(html.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// The text inside the text area of this name; the first line break is the parser's.
fn text_area(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\"");
    let at = page
        .match_indices("<textarea")
        .find(|(at, _)| page[*at..].split('>').next().is_some_and(|tag| tag.contains(&mark)));
    let (at, _) = at.unwrap_or_else(|| panic!("no text area {name} in {page}"));
    let body = page[at..].split_once('>').unwrap().1.split_once("</textarea>").unwrap().0;
    unescaped(body.strip_prefix('\n').unwrap())
}

/// The value of the input of this name.
fn value_of(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\"");
    let tag = page
        .match_indices("<input")
        .map(|(at, _)| page[at..].split('>').next().unwrap())
        .find(|tag| tag.contains(&mark))
        .unwrap_or_else(|| panic!("no field {name} in {page}"));
    unescaped(tag.split_once(" value=\"").map_or("", |(_, rest)| rest.split('"').next().unwrap()))
}

/// Both pages give this reason.
pub fn says(zh: &str, en: &str, refusal: &Refusal) {
    for (page, locale) in [(zh, Locale::ZhCn), (en, Locale::En)] {
        let words = escaped(&catalogue::refusal(locale, refusal));
        assert!(unescaped(page).contains(&unescaped(&words)), "{words} is not in {page}");
    }
}

/// Both pages say this at this field: beside it, tied to it, and in the summary that links to it.
fn says_at(pages: &[String; 2], field: &str, problem: &Problem) {
    says_beside(pages, field, "-error", problem);
    let id = format!("field-{}", field.replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    for page in pages {
        let mark = format!("id=\"{id}\"");
        let tag = page.match_indices(mark.as_str()).map(|(at, _)| {
            let start = page[..at].rfind('<').unwrap();
            page[start..].split('>').next().unwrap()
        });
        let mut tags = tag.filter(|tag| tag.contains("aria-describedby"));
        assert!(tags.any(|tag| tag.contains(&format!("{id}-error"))), "{field} is not tied to its message");
    }
}

/// Both pages say this above the fields of this name, and in the summary that links there.
fn says_above(pages: &[String; 2], field: &str, problem: &Problem) {
    says_beside(pages, field, "", problem);
}

fn says_beside(pages: &[String; 2], field: &str, place: &str, problem: &Problem) {
    let id = format!("field-{}", field.replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    for (page, locale) in pages.iter().zip([Locale::ZhCn, Locale::En]) {
        let words = catalogue::problem(locale, problem);
        let beside = page.split_once(&format!("id=\"{id}{place}\""));
        let (_, beside) = beside.unwrap_or_else(|| panic!("nothing at {field}: {page}"));
        let beside = unescaped(beside.split_once("</p>").unwrap().0);
        assert!(beside.contains(&words), "{field}: {beside} instead of {words}");
        assert!(page.contains(&format!("href=\"#{id}\"")), "{field} is not in the summary: {page}");
    }
}

async fn own_draft(world: &World) -> (Site, String, ChallengeId, BidId) {
    let challenge = world.open_challenge().await;
    let bid = bid::start(&world.store, &world.actor("chen"), challenge).await.unwrap();
    (Site::new(&world.store), world.sign_in("chen").await, challenge, bid)
}

fn of_bid(typed: &Typed, bid: BidId, version: i64) -> Typed {
    with(typed, &[("bid", &bid.to_string()), ("version", &version.to_string())])
}

testkit::both! {
    /// Whatever is typed into a draft comes back as it was, as text.
    async fn a_draft_keeps_everything(world) {
        let (site, chen, _, bid) = own_draft(world).await;
        let title = format!("\"><script>alert(1)</script>{}", "题".repeat(10_000));
        let mean = "</textarea><script>alert(2)</script>\n\n&amp; &lt;b&gt; <!-- ' \" \u{202e}\u{2028}";
        let control = "a\u{0}b\u{1b}[31m\u{7f}c\u{85}";
        let long = "\n第一行之前有空行".to_owned() + &"长".repeat(20_000);
        let form = with(
            &filled_bid(&title, "陈思源"),
            &[("abstract_text", mean), ("basis", control), ("route", &long), ("promises.0.note", mean)],
        );
        let answer = site.form("/api/bid/save", Some(&chen), &of_bid(&form, bid, 1)).await;
        assert!(answer.location().contains("done=saved"), "{} {}", answer.status, answer.location());
        let kept = query::bid::bid(&world.store, &world.actor("chen"), bid).await.unwrap();
        assert_eq!(kept.typed, form);
        for locale in ["zh-CN", "en"] {
            let page = site.page_in(&url::bid(bid), Some(&chen), locale).await.text();
            assert!(!page.contains("<script>alert"), "{page}");
            assert_eq!(text_area(&page, "abstract_text"), mean);
            assert_eq!(text_area(&page, "basis"), control);
            assert_eq!(text_area(&page, "route"), long);
            assert_eq!(value_of(&page, "title"), title);
            assert_eq!(value_of(&page, "promises.0.note"), mean);
        }
        let list = site.page(&url::desk_bids(), Some(&chen)).await.text();
        assert!(!list.contains("<script>alert"));
        // Handing it in names each of them, and keeps them all the same.
        let pages = site.returned("/api/bid/submit", Some(&chen), &of_bid(&form, bid, kept.version)).await;
        let actual = i64::try_from(title.chars().count()).unwrap();
        says_at(&pages, "title", &Problem::TooLong { max: 200, actual });
        says_at(&pages, "basis", &Problem::ControlCharacter);
        assert_eq!(text_area(&pages[0], "basis"), control);
        assert_eq!(value_of(&pages[1], "title"), title);
        let after = query::bid::bid(&world.store, &world.actor("chen"), bid).await.unwrap();
        assert_eq!((after.typed, after.receipt), (form, None));
    }

    /// Names and words with characters a database may refuse are answered, never a fault.
    async fn strange_characters_are_no_fault(world) {
        let site = Site::new(&world.store);
        let chen = world.sign_in("chen").await;
        let strange = "a\u{0}b\u{1b}@x\u{202e}";
        for (path, fields) in [
            ("account/sign_in", [("email", strange), ("password", strange)]),
            ("account/request_reset", [("email", strange), ("password", strange)]),
            ("account/confirm", [("token", strange), ("password", strange)]),
            ("account/accept_invitation", [("token", strange), ("password", strange)]),
            ("account/follow", [("domain", strange), ("back", strange)]),
            ("account/unfollow", [("domain", strange), ("back", strange)]),
            ("account/register_unit", [("name", strange), ("kind", "institute")]),
            ("account/register", [("name", strange), ("email", strange)]),
        ] {
            for token in [None, Some(chen.as_str())] {
                let answer = site.call(&url::api(path), token, &typed(&fields)).await;
                assert!(answer.status.as_u16() < 500, "{path}: {} {}", answer.status, answer.text());
            }
        }
        for path in [
            "/challenges?q=a%00b%1b", "/challenges?q=%ff%fe", "/challenges?domain=%00&after=%00", "/lists?after=%00",
            "/results?after=a%00", "/account/confirm?token=%00", "/account/invitation?token=%00", "/?echo=%00",
            "/challenges?state=%00&amount=%00&sort=%00", "/desk/bids?echo=%00&done=%00", "/inbox?after=%00",
        ] {
            for token in [None, Some(chen.as_str())] {
                let answer = site.page(path, token).await;
                assert!(answer.status.as_u16() < 500, "{path}: {}", answer.status);
            }
        }
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_told_so_and_one_just_under_keeps_its_words() {
    let world = World::new(Backend::Sqlite).await;
    let (site, chen, _, bid) = own_draft(&world).await;
    let over = of_bid(&typed(&[("plan", &"x".repeat(MAX_BYTES))]), bid, 1);
    let refused = Refusal::BodyTooLarge { max_kib: 1024 };
    let page = site.form("/api/bid/save", Some(&chen), &over).await;
    assert_eq!(page.status.as_u16(), 413);
    assert!(unescaped(&page.text()).contains(&catalogue::refusal(Locale::ZhCn, &refused)), "{}", page.text());
    let program = site.call("/api/bid/save", Some(&chen), &over).await;
    assert_eq!(program.status.as_u16(), 413);
    assert!(!program.text().contains("<html"), "a program gets no page: {}", program.text());
    // More than a draft may hold, less than a request may: the form comes back with all of it.
    let plan = "y".repeat(500 * 1024);
    let pages =
        site.returned("/api/bid/save", Some(&chen), &of_bid(&typed(&[("plan", &plan)]), bid, 1)).await;
    says(&pages[0], &pages[1], &Refusal::BodyTooLarge { max_kib: 400 });
    assert_eq!(text_area(&pages[0], "plan"), plan);
}

#[tokio::test]
async fn a_rule_with_faults_is_kept_and_each_fault_named() {
    let world = World::new(Backend::Sqlite).await;
    let closes_at = world.deadline().await;
    let challenge = world.approved(&panel_rule(), "2026-1-01", closes_at).await;
    let site = Site::new(&world.store);
    let rui = world.sign_in("rui").await;
    let past = Timestamp(world.now().await.0 - 60 * MINUTE_MS);
    let send = async |form: &Typed| {
        let version = world.challenge(challenge).await.version.to_string();
        let form = with(form, &[("challenge", &challenge.to_string()), ("version", &version)]);
        let answer = site.form("/api/challenge/save_rule", Some(&rui), &form).await;
        assert!(answer.status.is_redirection(), "{}", answer.text());
        let address = answer.location().split('#').next().unwrap().to_owned();
        let mut pages = Vec::new();
        for locale in ["zh-CN", "en"] {
            pages.push(site.page_in(&address, Some(&rui), locale).await.text());
        }
        <[String; 2]>::try_from(pages).unwrap()
    };
    let rule = rule_form_with(&panel_rule(), "2026-1-01", closes_at);
    let pages = send(&with(&rule, &[("criteria.0.weight", "950")])).await;
    let sum: i64 =
        950 + panel_rule().rubric.criteria.iter().skip(1).map(|c| i64::from(c.weight_permille)).sum::<i64>();
    assert_ne!(sum, 1000);
    says_above(&pages, "criteria", &Problem::WeightsSum { sum });
    assert_eq!(value_of(&pages[0], "criteria.0.weight"), "950");

    let pages = send(&with(&rule, &[("closes_at", &past.official_input())])).await;
    says_at(&pages, "closes_at", &Problem::InThePast);
    assert_eq!(value_of(&pages[1], "closes_at"), past.official_input());

    let pages = send(&with(&rule, &[("pass_mark", "sechzig"), ("closes_at", "tomorrow")])).await;
    says_at(&pages, "pass_mark", &Problem::NotANumber);
    assert_eq!(value_of(&pages[0], "pass_mark"), "sechzig");
}

#[tokio::test]
async fn an_incomplete_rule_is_not_published() {
    let world = World::new(Backend::Sqlite).await;
    let rui = world.actor("rui");
    let challenge = world.proposed_need().await;
    store::command::challenge::approve(&world.store, &rui, challenge).await.unwrap();
    let id = list::create(&world.store, &rui, &filled_list("2026-1")).await.unwrap();
    list::add(&world.store, &rui, id, challenge).await.unwrap();
    let site = Site::new(&world.store);
    let token = world.sign_in("rui").await;
    let form = typed(&[("list", &id.to_string()), ("publish_at", "")]);
    let pages = site.returned("/api/list/publish", Some(&token), &form).await;
    for (page, locale) in pages.iter().zip([Locale::ZhCn, Locale::En]) {
        let summary = page.split_once("id=\"errors\"").unwrap().1.split_once("</ul>").unwrap().0;
        assert!(summary.contains(&url::desk_rule(challenge)), "{summary}");
        assert!(summary.contains(&catalogue::problem(locale, &Problem::Required)), "{summary}");
    }
    let refused = site.call("/api/list/publish", Some(&token), &form).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text());
    assert_eq!(world.challenge(challenge).await.state, "approved");
    assert_eq!(site.page(&url::challenge(challenge), None).await.status.as_u16(), 404);

    // A complete one is not published in the past, nor at a time nobody can read.
    let whole = world.approved(&panel_rule(), "2026-2-01", world.deadline().await).await;
    let id = world.list_of("2026-2", &[whole]).await;
    for (time, problem) in [("2020-01-01T00:00", Problem::InThePast), ("tomorrow", Problem::NotADate)] {
        let form = typed(&[("list", &id.to_string()), ("publish_at", time)]);
        let pages = site.returned("/api/list/publish", Some(&token), &form).await;
        says_at(&pages, "publish_at", &problem);
        assert_eq!(value_of(&pages[0], "publish_at"), time);
    }
}

#[tokio::test]
async fn a_second_late_is_late_and_loses_nothing() {
    let world = World::new(Backend::Sqlite).await;
    let (site, _, challenge, bid) = own_draft(&world).await;
    let closes_at = world.challenge(challenge).await.closes_at.unwrap();
    world.set_time(Timestamp(closes_at + 1_000)).await;
    let chen = world.sign_in("chen").await;
    let mark = "迟到一秒的正文";
    let form = with(&filled_bid("迟到", "陈思源"), &[("route", mark)]);
    let pages = site.returned("/api/bid/submit", Some(&chen), &of_bid(&form, bid, 1)).await;
    says(&pages[0], &pages[1], &Refusal::DeadlinePassed);
    for page in &pages {
        assert!(page.contains(mark), "what was typed is not on the page: {page}");
    }
    let answer = site.call("/api/bid/submit", Some(&chen), &of_bid(&form, bid, 2)).await;
    assert_eq!(answer.status.as_u16(), 409, "{}", answer.text());
    let kept = query::bid::bid(&world.store, &world.actor("chen"), bid).await.unwrap();
    assert_eq!((kept.typed, kept.receipt), (form, None));
    world.check_invariants().await;
}

#[tokio::test]
async fn scores_outside_scale_or_step_and_missing_sheets_are_named() {
    let world = World::new(Backend::Sqlite).await;
    let challenge = world.open_challenge().await;
    let bid = submit_titled(&world, "chen", challenge, "低碱浮选").await;
    open(&world, challenge).await;
    life_story::start_review(&world, challenge, &[bid], life_story::PANEL).await;
    let sheet = life_story::sheets(&world, "okafor", challenge, 0).await[0];
    let site = Site::new(&world.store);
    let (okafor, rui) = (world.sign_in("okafor").await, world.sign_in("rui").await);
    let keys: Vec<String> =
        panel_rule().rubric.criteria.iter().map(|c| format!("scores.{}", c.key)).collect();
    let form = with(
        &filled_sheet("80"),
        &[
            (&keys[0], "101"),
            (&keys[1], "70.5"),
            (&keys[2], "-1"),
            (&keys[3], "achtzig"),
            ("overall", "</textarea><script>alert(3)</script>"),
            ("review", &sheet.to_string()),
            ("version", "1"),
        ],
    );
    let pages = site.returned("/api/review/submit", Some(&okafor), &form).await;
    says_at(&pages, &keys[0], &Problem::OutsideScale);
    says_at(&pages, &keys[1], &Problem::NotOnStep);
    says_at(&pages, &keys[2], &Problem::OutsideScale);
    says_at(&pages, &keys[3], &Problem::NotANumber);
    for (key, typed) in keys.iter().zip(["101", "70.5", "-1", "achtzig"]) {
        assert_eq!(value_of(&pages[0], key), typed);
    }
    assert_eq!(text_area(&pages[1], "overall"), "</textarea><script>alert(3)</script>");
    assert!(!pages[0].contains("<script>alert"));

    let form = typed(&[("challenge", &challenge.to_string()), ("reason", "先行决定的理由")]);
    let pages = site.returned("/api/decision/propose", Some(&rui), &form).await;
    says(&pages[0], &pages[1], &Refusal::ReviewsMissing { missing: 5 });
    assert_eq!(text_area(&pages[0], "reason"), "先行决定的理由");
}

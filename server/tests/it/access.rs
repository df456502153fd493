//! Every route and every server function, asked by everybody: the answers are a committed table.
//! Regenerate with UNVEIL_BLESS=1, and look at what has changed.

use std::fmt::Write as _;

use app::url::pattern;
use axum::http::StatusCode;
use domain::actor::{OrganisationKind, Role};
use leptos::server_fn::axum::server_fn_paths;
use testkit::{Backend, World};

use crate::access_forms::{Forms, subjects_of};
use crate::life_site::{Copy, Site, bytes_of};
use crate::life_story::{Story, Subject};

/// Column, and who of the cast stands in it.
pub const ROLES: &[(&str, &str)] = &[
    ("publ", "public"),
    ("stra", "stranger"),
    ("orga", "rui"),
    ("audi", "wen"),
    ("issu", "ling"),
    ("iss2", "mo"),
    ("team", "chen"),
    ("mate", "bo"),
    ("riva", "zhao"),
    ("tea3", "sun"),
    ("expe", "okafor"),
    ("unde", "silva"),
    ("unse", "kim"),
];

const LEGEND: &str = "\
# Status per route, state of its subject, and who asks as a program (Accept: application/json).
# Subjects: draft, proposed, approved: Ling's needs. sealed: published, two bids in. review: opened, a panel of five at
# work. running: two teams race, the first gate is open. Bids are Chen's, sheets and seats Okafor's.
# publ nobody; stra signed in, no role; orga organiser; audi auditor; issu the issuer; iss2 another issuer; team the
# bid's team lead; mate a colleague in the lead's unit; riva a team with a bid of its own; tea3 a team without;
# expe seated and declared (sealed: only seated); unde seated, not declared; unse an expert without a seat.
# Regenerate with UNVEIL_BLESS=1.
";

/// Routes of the server itself, beside pages and functions.
const OTHERS: &[&str] =
    &["/healthz", "/readyz", "/pkg/none.js", "/dev/mail", "/dev/mail/none", "/dev/clock", "/nowhere"];

/// A world with one more issuer and a colleague of Chen's.
pub async fn cast() -> World {
    let mut world = World::new(Backend::Sqlite).await;
    world.add_unit("mill", "北山钢铁有限公司", OrganisationKind::Enterprise).await;
    world.add_person("mo", "莫言平", "zh-CN").await;
    world.add_membership("mo", "mill", Role::Issuer).await;
    world.add_person("bo", "薄一川", "zh-CN").await;
    world.add_membership("bo", "university", Role::Team).await;
    world
}

/// A session of everybody, in the order of [`ROLES`].
pub async fn tokens(world: &World) -> Vec<Option<String>> {
    let mut tokens = Vec::new();
    for (_, who) in ROLES {
        tokens.push(if *who == "public" { None } else { Some(world.sign_in(who).await) });
    }
    tokens
}

/// What stands for `{id}` in this pattern, and of which subjects.
pub fn address(pattern: &str, story: &Story, subject: &Subject) -> String {
    let id = match pattern {
        pattern::LIST | pattern::DESK_LIST => subject.list.to_string(),
        pattern::ORGANISATION => story.world.unit("university").to_string(),
        pattern::REVIEW => subject.review.to_string(),
        pattern::BID | pattern::RECEIPT | pattern::RECEIPT_FILE | pattern::LETTER | pattern::BID_READING => {
            subject.bid.to_string()
        }
        _ => subject.challenge.to_string(),
    };
    pattern.replace("{id}", &id).replace("{gate}", "1")
}

pub fn states(pattern: &str) -> &'static [&'static str] {
    match pattern {
        pattern::LIST | pattern::DESK_LIST => &["approved", "sealed"],
        pattern::BID | pattern::RECEIPT | pattern::RECEIPT_FILE | pattern::LETTER | pattern::BID_READING => {
            &["sealed", "review", "running"]
        }
        pattern::REVIEW => &["review", "running"],
        other if other.contains("{id}") && other != pattern::ORGANISATION => {
            &["draft", "proposed", "approved", "sealed", "review", "running"]
        }
        _ => &["sealed"],
    }
}

struct Table {
    text: String,
}

impl Table {
    fn new() -> Self {
        let columns: Vec<&str> = ROLES.iter().map(|(column, _)| *column).collect();
        let mut text = LEGEND.to_owned();
        writeln!(text, "{:<52}{:<10}{}", "", "", columns.join(" ")).unwrap();
        Self { text }
    }

    fn row(&mut self, route: &str, state: &str, statuses: &[StatusCode]) {
        let statuses: Vec<String> = statuses.iter().map(|status| format!("{:<4}", status.as_u16())).collect();
        writeln!(self.text, "{route:<52}{state:<10}{}", statuses.join(" ").trim_end()).unwrap();
    }
}

async fn sweep_pages(story: &Story, tokens: &[Option<String>], table: &mut Table) {
    let copy = Copy::of(&bytes_of(&story.world), &story.world.clock).await;
    let site = &copy.site;
    for route in pattern::ALL.iter().chain(OTHERS) {
        let named = route.contains("{id}");
        for state in states(route) {
            let path = address(route, story, &story.subject(state));
            let mut statuses = Vec::new();
            for token in tokens {
                statuses.push(site.read(&path, token.as_deref()).await.status);
            }
            table.row(&format!("GET {route}"), if named { state } else { "" }, &statuses);
        }
    }
}

async fn sweep_functions(story: &Story, tokens: &[Option<String>], table: &mut Table) {
    let bytes = bytes_of(&story.world);
    let forms = Forms::of(story).await;
    let mut copy = Copy::of(&bytes, &story.world.clock).await;
    let mut paths: Vec<&str> = server_fn_paths().map(|(path, _)| path).collect();
    paths.extend([pattern::SETTINGS_LOOK, pattern::SETTINGS_LANGUAGE]);
    paths.sort_unstable();
    paths.dedup();
    assert!(paths.len() > 40, "{paths:?}");
    for path in paths {
        for state in subjects_of(path) {
            let form = forms.form(path, &story.subject(state));
            let mut statuses = Vec::new();
            for token in tokens {
                let status = copy.site.call(path, token.as_deref(), &form).await.status;
                statuses.push(status);
                // What happened for one must not be there for the next; attempts are counted when refused, too.
                if status.is_success() || status.is_redirection() || path.starts_with("/api/account/") {
                    let used = std::mem::replace(&mut copy, Copy::of(&bytes, &story.world.clock).await);
                    used.close().await;
                }
            }
            let named = subjects_of(path).len() > 1;
            table.row(&format!("POST {path}"), if named { state } else { "" }, &statuses);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_at_every_door() {
    let story = Story::told(cast().await).await;
    let tokens = tokens(&story.world).await;
    let mut table = Table::new();
    sweep_pages(&story, &tokens, &mut table).await;
    sweep_functions(&story, &tokens, &mut table).await;
    for line in table.text.lines().filter(|line| !line.starts_with('#')) {
        let fault = line.split_whitespace().any(|word| word.len() == 3 && word.starts_with('5'));
        assert!(!fault, "a fault of ours: {line}");
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/access_matrix.txt");
    if std::env::var_os("UNVEIL_BLESS").is_some() {
        std::fs::write(path, &table.text).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    for (now, before) in table.text.lines().zip(committed.lines()) {
        assert_eq!(now, before, "who may do what has changed; if meant, regenerate with UNVEIL_BLESS=1");
    }
    assert_eq!(table.text.lines().count(), committed.lines().count(), "routes came or went");
}

/// The router itself names its routes; one that no list knows would be swept by nobody.
#[tokio::test]
async fn no_route_is_unlisted() {
    let world = World::new(Backend::Sqlite).await;
    let site = Site::new(&world.store);
    let shown = format!("{:?}", site.router);
    let mut found = 0;
    for part in shown.split("): \"/").skip(1) {
        let path = format!("/{}", part.split('"').next().unwrap());
        found += 1;
        let is_file = path.rsplit('/').next().unwrap().contains('.') && path.matches('/').count() == 1;
        let listed = pattern::ALL.contains(&path.as_str())
            || ["/healthz", "/readyz", "/pkg/{*name}"].contains(&path.as_str())
            || server_fn_paths().any(|(known, _)| known == path);
        // Axum names the fallback like a route.
        let fallback = path == "/" || path.starts_with("/{*__private");
        assert!(listed || is_file || fallback, "{path} is in no list of routes");
    }
    assert!(
        found >= pattern::ALL.len(),
        "the router says nothing: {}",
        shown.chars().take(500).collect::<String>()
    );
}

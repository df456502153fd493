//! The public pages, the account and the inbox to be looked at: written to `target/gallery` when `UNVEIL_GALLERY` is set.

use app::components::{Echo, Frame, Place, page};
use app::pages::account::{inbox, invitation, organisation, overview, register, sign_in};
use app::pages::public::{challenge, home, list, lists, race, results, search};
use app::shell::{Shell, to_html};
use app::text::Locale;
use domain::view::Page;
use leptos::prelude::*;

use crate::{account, public_sample, sample};

type Draw = fn(Locale) -> AnyView;

const PAGES: &[(&str, Place, Draw)] = &[
    ("p-home", Place::Home, |l| home::draw(l, public_sample::home_page(3), false)),
    ("p-lists", Place::Lists, |l| {
        lists::draw(l, Page { rows: vec![public_sample::list_card(); 3], next: Some("x".into()) }, None)
    }),
    ("p-list", Place::Lists, |l| {
        let challenges = Page {
            rows: vec![public_sample::card("重晶石绿色高效选矿关键技术"); 4],
            next: None,
        };
        list::draw(l, domain::view::public::ListPage { card: public_sample::list_card(), challenges }, None)
    }),
    ("p-challenge", Place::Challenges, |l| challenge::draw(l, public_sample::challenge_page())),
    ("p-result", Place::Challenges, |l| {
        let winners = Some(public_sample::result());
        challenge::draw(l, domain::view::public::ChallengePage { winners, ..public_sample::challenge_page() })
    }),
    ("p-search", Place::Challenges, |l| {
        let query = domain::view::public::SearchQuery {
            words: "重晶石".into(),
            open_only: true,
            ..Default::default()
        };
        search::draw(l, public_sample::search_page(query, 5))
    }),
    ("p-nothing", Place::Challenges, |l| {
        let query =
            domain::view::public::SearchQuery { words: "zzz".into(), open_only: true, ..Default::default() };
        let none = domain::view::public::SearchPage {
            hits: Page::default(),
            ..public_sample::search_page(query, 0)
        };
        search::draw(l, none)
    }),
    ("p-results", Place::Results, |l| {
        results::draw(
            l,
            Page { rows: vec![public_sample::result(), public_sample::result()], next: None },
            None,
        )
    }),
    ("p-race", Place::Results, |l| race::draw(l, sample::board())),
    ("p-sign-in", Place::Account, |l| sign_in::draw(l, "/desk", true, &Echo::default())),
    ("p-register", Place::Account, |l| register::draw(l, "", "", &Echo::default())),
    ("p-account", Place::Account, |l| overview::draw(l, account::account(), true, &Echo::default())),
    ("p-unit", Place::Account, |l| organisation::draw(l, &account::unit(), &Echo::default())),
    ("p-invitation", Place::Account, |l| {
        invitation::draw(l, &account::invitation_page("广东省科学技术厅"), "tok", invitation::Opener::Invited)
    }),
    ("p-inbox", Place::Inbox, |l| inbox::draw(l, account::inbox_page(), 9, None)),
];

#[test]
fn write_the_gallery() {
    if std::env::var_os("UNVEIL_GALLERY").is_none() {
        return;
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/gallery");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, place, draw) in PAGES {
        for (locale, suffix) in [(Locale::ZhCn, "zh"), (Locale::En, "en")] {
            let (place, draw) = (*place, *draw);
            let frame = Frame { locale, place, here: "/".into(), demo: true, ..Frame::default() };
            let body = to_html(move || page(frame, draw(locale)));
            let html = Shell { locale, title: (*name).into(), css: "main.css".into(), ..Shell::default() }
                .wrap(&body);
            let html = html.replace("/pkg/main.css", "main.css").replace("/favicon.svg", "");
            std::fs::write(folder.join(format!("{name}-{suffix}.html")), html).unwrap();
        }
    }
}

//! The desk's pages to be looked at: written to `target/gallery` when `UNVEIL_GALLERY` is set.

use app::components::{Echo, Frame, Place, Reader, page};
use app::pages::desk::*;
use app::shell::{Shell, to_html};
use app::text::Locale;
use domain::actor::Role;
use domain::bid::BidState;
use domain::challenge::State;
use domain::decision::DecisionState;
use domain::list::ListState;
use domain::race::GateState;
use domain::view::Page;
use domain::view::desk::{DeskListPage, ExpertChoice};
use leptos::prelude::*;

use crate::desk_sample as sample;

type Draw = fn(Locale) -> AnyView;

const PAGES: &[(&str, Draw)] = &[
    ("d-home", |l| home::draw(l, &sample::actor(Role::ALL), crate::desk::full_desk())),
    ("d-nobody", |l| home::draw(l, &sample::actor(&[]), home::DeskHome::default())),
    ("d-need", |l| need::draw(l, &sample::need(State::Returned, true, false), &Echo::default())),
    ("d-settle", |l| need::draw(l, &sample::need(State::Proposed, false, true), &Echo::default())),
    ("d-lists", |l| {
        lists::draw(l, &[sample::list(ListState::Scheduled), sample::list(ListState::Published)])
    }),
    ("d-list", |l| {
        let page = DeskListPage { blockers: Vec::new(), ..sample::list_page(ListState::Preparing) };
        list::draw(l, &page, sample::NOW, &Echo::default())
    }),
    ("d-challenges", |l| {
        let rows = vec![
            sample::row("重晶石绿色高效选矿", State::Eligibility, Some("settle_eligibility"));
            3
        ];
        challenges::draw(l, Some(State::Eligibility), &Page { rows, next: None }, true)
    }),
    ("d-challenge", |l| {
        challenge::draw(
            l,
            &sample::actor(&[Role::Organiser]),
            &sample::page(State::Opened),
            sample::NOW,
            &Echo::default(),
        )
    }),
    ("d-rule", |l| {
        rule::draw(l, &sample::actor(&[Role::Organiser]), &sample::page(State::Approved), &Echo::default())
    }),
    ("d-eligibility", |l| {
        let mut page = sample::page(State::Eligibility);
        page.bids = sample::bids(BidState::Submitted, false, false);
        eligibility::draw(l, &sample::actor(&[Role::Organiser]), &page, &Echo::default())
    }),
    ("d-panel", |l| {
        let mut page = sample::page(State::Eligibility);
        page.seats = sample::seats(5);
        page.experts = vec![ExpertChoice {
            person: "01890000-0000-7000-8000-000000000099".parse().unwrap(),
            name: "Nils Larsen".into(),
            units: vec!["安顺学院".into()],
            load: 3,
        }];
        panel::draw(l, &sample::actor(&[Role::Organiser]), &page, &Echo::default())
    }),
    ("d-scores", |l| scores::draw(l, &sample::in_review(true))),
    ("d-decision", |l| {
        let page = sample::decided(DecisionState::Proposed);
        decision::draw(l, &sample::actor(&[Role::Organiser]), &page, &Echo::default())
    }),
    ("d-gate", |l| gate::draw(l, &sample::actor(&[Role::Organiser]), &sample::racing(GateState::Open), 2)),
    ("d-people", |l| people::draw(l, &sample::actor(&[Role::Organiser]), &sample::account())),
];

#[test]
fn write_the_gallery() {
    if std::env::var_os("UNVEIL_GALLERY").is_none() {
        return;
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/gallery");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, draw) in PAGES {
        for (locale, suffix) in [(Locale::ZhCn, "zh"), (Locale::En, "en")] {
            let draw = *draw;
            let reader = Some(Reader { name: "芮文".into(), unread: 3, has_desk: true });
            let frame = Frame {
                locale,
                place: Place::Desk,
                reader,
                here: "/".into(),
                demo: true,
                ..Frame::default()
            };
            let body = to_html(move || page(frame, draw(locale)));
            let html = Shell { locale, title: (*name).into(), css: "main.css".into(), ..Shell::default() }
                .wrap(&body);
            let html = html.replace("/pkg/main.css", "main.css").replace("/favicon.svg", "");
            std::fs::write(folder.join(format!("{name}-{suffix}.html")), html).unwrap();
        }
    }
}

//! What organiser and issuer see on their desks, in both languages, at every stage, with nothing, one thing and many,
//! and with hostile texts.

use app::catalogue::t;
use app::components::Echo;
use app::pages::desk::home::DeskHome;
use app::pages::desk::*;
use app::text::Locale;
use domain::actor::{Actor, Role};
use domain::bid::BidState;
use domain::challenge::{State, Typed};
use domain::decision::DecisionState;
use domain::list::ListState;
use domain::panel::SeatState;
use domain::refusal::{FieldError, Problem};
use domain::view::Page;
use domain::view::bid::BidRow;
use domain::view::desk::*;
use domain::view::review::{SeatRow, SheetRow};
use store::query::account::{AuditRow, DeadLetter};

use crate::desk_sample::*;
use crate::public::{NASTY, check, html};
use crate::sample::{at, bid_id, challenge_id};

const ROLES: &[Role] = &[Role::Organiser];

pub fn organiser() -> Actor {
    actor(ROLES)
}

pub fn lacks(html: &str, parts: &[&str]) {
    for part in parts {
        assert!(!html.contains(part), "{part} in {html}");
    }
}

pub fn full_desk() -> DeskHome {
    DeskHome {
        organiser: Some(OrganiserDesk {
            waiting: vec![
                row("重晶石绿色高效选矿", State::Proposed, Some("settle_need")),
                row("磷石膏高值化利用", State::Approved, Some("complete_rule")),
                row("煤矸石制备陶粒", State::Review, Some("propose_decision")),
            ],
            lists: vec![list(ListState::Preparing), list(ListState::Published)],
            counts: vec![(State::Proposed, 1), (State::Published, 12), (State::Review, 0)],
            dead_letters: 2,
        }),
        needs: Some(vec![row("重晶石绿色高效选矿", State::Returned, Some("revise_need"))]),
        bids: Some(vec![BidRow {
            id: bid_id(1),
            challenge: challenge_id(),
            challenge_number: "2026-1-07".into(),
            challenge_title: "重晶石绿色高效选矿".into(),
            title: "低碱浮选".into(),
            state: BidState::Draft,
            challenge_state: State::Published,
            closes_at: Some(at("2026-12-20 18:00")),
            updated_at: at("2026-11-20 09:00"),
        }]),
        seats: Some(vec![seat_row(SeatState::Seated), seat_row(SeatState::Declared)]),
    }
}

fn seat_row(state: SeatState) -> SeatRow {
    SeatRow {
        seat: "01890000-0000-7000-8000-000000000077".parse().unwrap(),
        challenge: challenge_id(),
        challenge_number: "2026-1-07".into(),
        challenge_title: "重晶石绿色高效选矿".into(),
        state,
        sheets: vec![SheetRow {
            review: "01890000-0000-7000-8000-000000000078".parse().unwrap(),
            gate: 0,
            bid_title: "低碱浮选".into(),
            unit: String::new(),
            state: domain::review::ReviewState::Assigned,
            due: Some(at("2026-12-24 18:00")),
            total_milli: None,
        }],
    }
}

#[test]
fn each_role_finds_its_next_act() {
    for locale in Locale::ALL {
        let html = html(move || home::draw(locale, &actor(Role::ALL), full_desk()));
        let challenge = format!("/desk/challenges/{}", challenge_id());
        check(
            &html,
            &[
                t(locale, "next.settle_need"),
                t(locale, "next.propose_decision"),
                t(locale, "next.revise_need"),
                t(locale, "desk.bid.finish"),
                t(locale, "desk.seat.declare"),
                &format!("href=\"/desk/needs/{}\"", challenge_id()),
                &format!("href=\"{challenge}/rule\""),
                &format!("href=\"{challenge}/decision\""),
                &format!("href=\"/desk/reviews/declare/{}\"", challenge_id()),
                "href=\"/desk/reviews/01890000-0000-7000-8000-000000000078\"",
                "/desk/challenges?state=published",
                "/desk/letters",
                "/desk/audit",
            ],
        );
    }
}

#[test]
fn an_empty_desk_says_what_to_do() {
    for locale in Locale::ALL {
        let nobody = html(move || home::draw(locale, &actor(&[]), DeskHome::default()));
        check(
            &nobody,
            &[t(locale, "desk.home.no_role"), t(locale, "desk.home.register_unit"), "href=\"/account\""],
        );
        let empty = DeskHome {
            organiser: Some(OrganiserDesk::default()),
            needs: Some(Vec::new()),
            bids: Some(Vec::new()),
            seats: Some(Vec::new()),
        };
        let html = html(move || home::draw(locale, &actor(Role::ALL), empty));
        check(
            &html,
            &[
                t(locale, "desk.home.nothing_waits"),
                t(locale, "desk.lists.none"),
                t(locale, "desk.needs.none"),
                t(locale, "desk.home.no_bids"),
                t(locale, "desk.home.no_seats"),
                "/desk/needs/new",
                "/desk/lists/new",
            ],
        );
        lacks(&html, &["<table"]);
    }
}

#[test]
fn every_next_act_of_the_store_has_words() {
    for key in store::query::desk::NEXT_KEYS {
        for locale in Locale::ALL {
            assert!(!t(locale, &format!("next.{key}")).contains('⟦'), "{key}");
        }
    }
}

#[test]
fn a_draft_need_is_saved_or_proposed_by_its_two_buttons() {
    for locale in Locale::ALL {
        let html = html(move || need::draw(locale, &need(State::Draft, true, false), &Echo::default()));
        check(
            &html,
            &[
                "formaction=\"/api/challenge/save\"",
                "formaction=\"/api/challenge/propose\"",
                "name=\"version\" value=\"4\"",
                "name=\"indicators.0.name\"",
                "name=\"indicators.3.completion\"",
                "name=\"milestones.3.month\"",
                "name=\"confidentiality\"",
            ],
        );
        lacks(&html, &["name=\"indicators.4.name\"", "challenge/approve"]);
        assert!(html.find("challenge/save\"").unwrap() < html.find("challenge/propose\"").unwrap());
    }
}

#[test]
fn a_refused_need_keeps_what_was_typed_and_names_each_field() {
    let echo = Echo {
        values: vec![
            ("title".into(), NASTY.into()),
            ("background".into(), NASTY.into()),
            ("indicators.2.name".into(), "品位".into()),
        ],
        errors: vec![
            FieldError::new("title", Problem::TooLong { max: 200, actual: 10_000 }),
            FieldError::new("indicators.2.completion", Problem::Required),
            FieldError::new("indicators", Problem::TooMany { max: 30 }),
        ],
    };
    for locale in Locale::ALL {
        let echo = echo.clone();
        let html = html(move || need::draw(locale, &need(State::Draft, true, false), &echo));
        check(
            &html,
            &[
                "&lt;/textarea&gt;&lt;script&gt;",
                "href=\"#field-indicators-2-completion\"",
                "id=\"field-indicators-2-completion\"",
                "id=\"field-indicators\"",
                "10000",
                t(locale, "desk.need.f.indicators.completion"),
            ],
        );
    }
}

#[test]
fn the_organiser_reads_and_settles() {
    for locale in Locale::ALL {
        let html = html(move || need::draw(locale, &need(State::Proposed, false, true), &Echo::default()));
        check(
            &html,
            &["/api/challenge/approve", "/api/challenge/return", "name=\"reason\"", "BaSO4", "<strong>"],
        );
        lacks(&html, &["name=\"title\"", "challenge/propose"]);
    }
    let returned = html(|| need::draw(Locale::ZhCn, &need(State::Returned, true, false), &Echo::default()));
    check(&returned, &["请补充考核方式"]);
    let waiting = html(|| need::draw(Locale::ZhCn, &need(State::Proposed, false, false), &Echo::default()));
    lacks(&waiting, &["/api/challenge"]);
}

#[test]
fn lists_are_built_and_published() {
    for locale in Locale::ALL {
        let html_of =
            move |page: DeskListPage| html(move || list::draw(locale, &page, NOW, &Echo::default()));
        let blocked = html_of(list_page(ListState::Preparing));
        check(
            &blocked,
            &[
                t(locale, "desk.list.blockers"),
                &format!("/desk/challenges/{}/rule", challenge_id()),
                "/api/list/add",
                "/api/list/remove",
            ],
        );
        lacks(&blocked, &["/api/list/publish"]);
        let ready = html_of(DeskListPage { blockers: Vec::new(), ..list_page(ListState::Scheduled) });
        check(
            &ready,
            &[
                "/api/list/publish",
                "name=\"publish_at\"",
                "2026-12-01T09:00",
                "name=\"earlier_winners_barred\"",
            ],
        );
        let unplanned = html_of(DeskListPage { blockers: Vec::new(), ..list_page(ListState::Preparing) });
        check(&unplanned, &["value=\"2026-05-11T09:00\""]);
        let public = html_of(list_page(ListState::Published));
        lacks(&public, &["/api/list"]);
        let none = html(move || lists::draw(locale, &[]));
        check(&none, &[t(locale, "desk.lists.none"), "/desk/lists/new"]);
    }
}

#[test]
fn a_refused_publication_leads_to_the_rules() {
    let echo = Echo {
        values: vec![("publish_at".into(), "2020-01-01T00:00".into())],
        errors: vec![FieldError::new(
            &format!("{}:rubric.criteria", challenge_id()),
            Problem::WeightsSum { sum: 999 },
        )],
    };
    let page = DeskListPage { blockers: Vec::new(), ..list_page(ListState::Preparing) };
    let html = html(move || list::draw(Locale::ZhCn, &page, NOW, &echo));
    check(&html, &["id=\"errors\"", "999", "重晶石绿色高效选矿", "2020-01-01T00:00"]);
}

#[test]
fn the_overview_narrows_by_state() {
    for locale in Locale::ALL {
        let page = Page { rows: vec![row("甲", State::Published, None); 3], next: Some("cursor".into()) };
        let html = html(move || challenges::draw(locale, Some(State::Published), &page, true));
        check(&html, &["/desk/challenges?state=published&amp;after=cursor", t(locale, "desk.waits.teams")]);
    }
    let none = html(|| challenges::draw(Locale::En, None, &Page::default(), true));
    check(&none, &["No challenges here"]);
}

#[test]
fn people_letters_and_the_log_draw_with_nothing_and_with_hostile_texts() {
    for locale in Locale::ALL {
        let people = html(move || people::draw(locale, &organiser(), &account()));
        check(
            &people,
            &[
                "/api/account/invite",
                "/api/account/change_membership",
                "value=\"suspended\"",
                "value=\"active\"",
                "Ada Okafor",
            ],
        );
        let letter = DeadLetter {
            id: "01890000-0000-7000-8000-000000000055".parse().unwrap(),
            kind: "bid_receipt".into(),
            address: NASTY.into(),
            attempts: 12,
            last_error: NASTY.into(),
            created_at: at("2026-11-20 09:00"),
        };
        let letters_html = html(move || letters::draw(locale, std::slice::from_ref(&letter)));
        check(&letters_html, &["/api/account/retry_letter", t(locale, "desk.letter_kind.bid_receipt")]);
        check(&html(move || letters::draw(locale, &[])), &[t(locale, "desk.letters.none")]);
        let entry = |action: &str| AuditRow {
            at: at("2026-11-20 09:00"),
            who: String::new(),
            action: action.into(),
            subject_kind: "challenge".into(),
            subject_id: challenge_id().to_string(),
            detail: format!("{{\"x\":\"{NASTY}\"}}"),
        };
        let page = Page {
            rows: vec![entry("bid.submit"), entry("publish"), entry("something_new")],
            next: Some("9".into()),
        };
        let log = html(move || audit::draw(locale, &page, false));
        check(
            &log,
            &[
                t(locale, "desk.audit_act.bid.submit"),
                t(locale, "step.publish"),
                "something_new",
                "/desk/audit?after=9",
            ],
        );
        check(&html(move || audit::draw(locale, &Page::default(), true)), &[t(locale, "desk.audit.none")]);
    }
}

#[test]
fn very_long_and_hostile_titles_stay_text() {
    let long = "榜".repeat(10_000);
    for title in [NASTY.to_owned(), long, String::new()] {
        for state in [State::Approved, State::Published, State::Review] {
            let mut page =
                if state == State::Review { decided(DecisionState::Proposed) } else { page(state) };
            page.title = title.clone();
            for bid in &mut page.bids {
                bid.title = title.clone();
                bid.unit = title.clone();
            }
            let rows = vec![row(&title, state, Some("settle_need"))];
            let typed: Typed = [("title".to_owned(), title.clone())].into();
            let need = NeedPage { typed, ..need(State::Proposed, false, true) };
            html(move || {
                use leptos::prelude::IntoAny;
                let echo = Echo::default();
                (
                    challenge::draw(Locale::ZhCn, &organiser(), &page, NOW, &echo),
                    decision::draw(Locale::ZhCn, &organiser(), &page, &echo),
                    eligibility::draw(Locale::ZhCn, &organiser(), &page, &echo),
                    needs::draw(Locale::ZhCn, &rows, true),
                    need::draw(Locale::ZhCn, &need, &echo),
                )
                    .into_any()
            });
        }
    }
}

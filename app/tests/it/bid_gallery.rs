//! The team's and the expert's pages, to be looked at. Written to `target/gallery` when `UNVEIL_GALLERY` is set.

use app::components::{Echo, Frame, Place, page};
use app::pages::bid::{form, letter, list, reading, receipt, start};
use app::pages::review::{declaration, desk, sheet};
use app::shell::{Shell, to_html};
use app::text::Locale;
use domain::bid::BidState;
use domain::challenge::State;
use domain::notice::CriterionPosition;
use domain::panel::{Conflict, SeatState};
use domain::refusal::{FieldError, Problem};
use domain::review::ReviewState;
use domain::view::bid::BidPage;
use domain::view::public::ChallengeDoors;
use domain::view::review::DeclarationRow;
use leptos::prelude::*;
use store::query::bid::BidReading;

use crate::sample::{at, bid_id, challenge_id};
use crate::{bid, review};

type Draw = fn(Locale) -> AnyView;

fn unit(n: u32, name: &str, found: Option<Conflict>) -> DeclarationRow {
    DeclarationRow {
        bid: bid_id(n),
        unit: name.into(),
        partners: vec!["贵州大学".into(), "中南大学".into()],
        found,
    }
}

fn refused() -> Echo {
    let mut values = bid::bid_typed();
    values.insert("budget_total".into(), "180".into());
    values.remove("statements.liability");
    Echo {
        values: values.into_iter().collect(),
        errors: vec![
            FieldError::new(
                "promises.0.value",
                Problem::BelowMandatoryIndicator { required: "≥ 88 %".into() },
            ),
            FieldError::new("budget.0.amount", Problem::NotAnAmount),
            FieldError::new(
                "budget_total",
                Problem::BudgetDoesNotAddUp { lines_fen: 180_500_000, total_fen: 180_000_000 },
            ),
            FieldError::new("statements.liability", Problem::Unticked),
        ],
    }
}

fn sent() -> letter::Letter {
    let criterion = |zh: &str, en: &str, score_milli, rank| CriterionPosition {
        name_zh: zh.into(),
        name_en: en.into(),
        score_milli,
        rank,
    };
    letter::Letter {
        won: true,
        total_milli: 88_400,
        rank: 1,
        of: 3,
        criteria: vec![
            criterion("创新能力", "Innovation ability", 91_250, 2),
            criterion("质量", "Quality", 80_000, 1),
        ],
        rule_sha256: "ab".repeat(32),
        sent_at: at("2026-12-30 09:00"),
    }
}

const PAGES: &[(&str, Draw)] = &[
    ("b-list", |l| {
        let rows = [
            bid::row(1, "低碱浮选提高回收率与伴生萤石回收", BidState::Submitted),
            bid::row(2, "", BidState::Draft),
            bid::row(3, "旧方案", BidState::Withdrawn),
        ];
        list::draw(l, &rows)
    }),
    ("b-none", |l| list::draw(l, &[])),
    ("b-start", |l| {
        let doors = ChallengeDoors { may_bid: true, signed_in: true, ..ChallengeDoors::default() };
        start::draw(l, &bid::challenge_page(doors, State::Published))
    }),
    ("b-form", |l| form::draw(l, &bid::bid_page(BidState::Draft), &refused())),
    ("b-again", |l| {
        let changed = BidPage { unsubmitted_changes: true, ..bid::bid_page(BidState::Submitted) };
        form::draw(l, &changed, &Echo::default())
    }),
    ("b-compare", |l| {
        let mut own = bid::bid_typed();
        own.insert("route".into(), "我的路线\n\n第二段".into());
        let echo = Echo { values: own.into_iter().collect(), errors: Vec::new() };
        form::draw(l, &bid::bid_page(BidState::Draft), &echo)
    }),
    ("b-closed", |l| {
        let closed = BidPage { may_edit: false, may_withdraw: false, ..bid::bid_page(BidState::Submitted) };
        form::draw(l, &closed, &Echo::default())
    }),
    ("b-receipt", |l| {
        let page = bid::bid_page(BidState::Submitted);
        receipt::draw(l, &page, page.receipt.as_ref().unwrap())
    }),
    ("b-letter", |l| letter::draw(l, &bid::bid_page(BidState::Won), Some(&sent()))),
    ("b-read", |l| {
        let content = bid::bid_content(&bid::challenge_content(1).indicators);
        let reading = BidReading {
            id: bid_id(1),
            challenge: challenge_id(),
            challenge_number: "2026-07".into(),
            challenge_title: "重晶石高效选矿".into(),
            unit: "安顺学院".into(),
            content,
            state: BidState::Eligible,
            submitted_at: Some(at("2026-12-01 09:30")),
            eligibility_reason: String::new(),
        };
        reading::draw(l, &reading)
    }),
    ("r-desk", |l| {
        let sheets = vec![
            review::sheet_row(1, ReviewState::Submitted),
            review::sheet_row(2, ReviewState::Assigned),
            review::sheet_row(3, ReviewState::Abstained),
        ];
        let mut seats = vec![
            review::seat(SeatState::Seated, Vec::new()),
            review::seat(SeatState::Declared, sheets),
            review::seat(SeatState::Recused, Vec::new()),
        ];
        for seat in &mut seats {
            seat.challenge_title = "重晶石高效综合回收与选矿回收率提升技术研究".into();
        }
        desk::draw(l, &seats)
    }),
    ("r-declare", |l| {
        let bids = vec![
            unit(1, "安顺学院", None),
            unit(2, "清华大学", Some(Conflict::SameUnit)),
            unit(3, "江门研究院", None),
        ];
        let mut page = review::declaration_page(SeatState::Seated, bids);
        page.challenge_title = "重晶石高效选矿".into();
        page.issuer_shown = "贵州重晶石公司".into();
        declaration::draw(l, &page, &Echo::default())
    }),
    ("r-sheet", |l| {
        sheet::draw(l, &review::sheet_page(ReviewState::Assigned, &review::ALL_SCORES), &Echo::default())
    }),
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
            let frame =
                Frame { locale, place: Place::Desk, here: "/".into(), demo: true, ..Frame::default() };
            let body = to_html(move || page(frame, draw(locale)));
            let html = Shell { locale, title: (*name).into(), css: "main.css".into(), ..Shell::default() }
                .wrap(&body);
            let html = html.replace("/pkg/main.css", "../../style/main.css").replace("/favicon.svg", "");
            std::fs::write(folder.join(format!("{name}-{suffix}.html")), html).unwrap();
        }
    }
}

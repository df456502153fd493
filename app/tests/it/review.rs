//! What an expert sees: panels, the declaration, the score sheet; both languages, every state, hostile texts.

use app::components::Echo;
use app::pages::review::{declaration, desk, sheet};
use app::text::Locale;
use domain::challenge::Typed;
use domain::id::{ReviewId, SeatId};
use domain::panel::{Conflict, SeatState};
use domain::refusal::{FieldError, Problem};
use domain::review::ReviewState;
use domain::rule::{Bilingual, Rule, Scale};
use domain::view::review::{DeclarationPage, DeclarationRow, SeatRow, SheetPage, SheetRow};

use crate::bid::{bid_content, challenge_content, typed};
use crate::public::{NASTY, check, html};
use crate::sample::{at, bid_id, challenge_id};

fn review_id(n: u32) -> ReviewId {
    format!("01890000-0000-7000-8000-0000000001{n:02}").parse().unwrap()
}

fn seat_id() -> SeatId {
    "01890000-0000-7000-8000-000000000200".parse().unwrap()
}

pub fn sheet_row(n: u32, state: ReviewState) -> SheetRow {
    SheetRow {
        review: review_id(n),
        gate: 0,
        bid_title: format!("方案{n}"),
        unit: String::new(),
        state,
        due: Some(at("2026-12-28 18:00")),
        total_milli: (state == ReviewState::Submitted).then_some(84_400),
    }
}

pub fn seat(state: SeatState, sheets: Vec<SheetRow>) -> SeatRow {
    SeatRow {
        seat: seat_id(),
        challenge: challenge_id(),
        challenge_number: "2026-07".into(),
        challenge_title: "长".repeat(10_000),
        state,
        sheets,
    }
}

#[test]
fn the_desk_asks_for_the_declaration_first_and_lists_open_sheets_first() {
    for locale in Locale::ALL {
        check(&html(|| desk::draw(locale, &[])), &["href=\"/challenges\""]);
        let seats = vec![seat(SeatState::Seated, Vec::new())];
        check(
            &html(move || desk::draw(locale, &seats)),
            &[&format!("/desk/reviews/declare/{}", challenge_id())],
        );
        let sheets = vec![sheet_row(1, ReviewState::Submitted), sheet_row(2, ReviewState::Assigned)];
        let seats = vec![seat(SeatState::Declared, sheets), seat(SeatState::Recused, Vec::new())];
        let html = html(move || desk::draw(locale, &seats));
        let data = format!("data-challenge=\"{}\"", challenge_id());
        check(&html, &[&data, "data-sheet=\"assigned\"", "84.4", "2026-12-28 18:00"]);
        check(&html, &["<summary>2026-07"]);
        assert!(html.find("方案2").unwrap() < html.find("方案1").unwrap(), "open sheets first");
    }
}

pub fn declaration_page(state: SeatState, bids: Vec<DeclarationRow>) -> DeclarationPage {
    DeclarationPage {
        seat: seat_id(),
        challenge: challenge_id(),
        challenge_number: "2026-07".into(),
        challenge_title: NASTY.into(),
        issuer_shown: NASTY.into(),
        state,
        bids,
    }
}

fn unit(n: u32, found: Option<Conflict>) -> DeclarationRow {
    DeclarationRow {
        bid: bid_id(n),
        unit: NASTY.into(),
        partners: vec!["贵州大学".into(), NASTY.into()],
        found,
    }
}

#[test]
fn the_declaration_lists_units_to_tick_and_leaves_found_conflicts_alone() {
    for locale in Locale::ALL {
        let page =
            declaration_page(SeatState::Seated, vec![unit(1, None), unit(2, Some(Conflict::SameUnit))]);
        let html = html(move || declaration::draw(locale, &page, &Echo::default()));
        check(
            &html,
            &[
                "action=\"/api/panel/declare\"",
                "action=\"/api/panel/recuse\"",
                &format!("name=\"conflict.{}\"", bid_id(1)),
                &format!("name=\"seat\" value=\"{}\"", seat_id()),
                "贵州大学",
            ],
        );
        assert!(!html.contains(&format!("name=\"conflict.{}\"", bid_id(2))));
        assert_eq!(html.matches("id=\"field-note\"").count(), 1, "ids are unique");
    }
}

#[test]
fn nothing_is_declared_twice_nor_while_sealed() {
    let cases = [
        (declaration_page(SeatState::Seated, Vec::new()), true),
        (declaration_page(SeatState::Declared, vec![unit(1, Some(Conflict::Declared))]), false),
        (declaration_page(SeatState::Recused, Vec::new()), false),
    ];
    for (page, may_recuse) in cases {
        for locale in Locale::ALL {
            let page = page.clone();
            let html = html(move || declaration::draw(locale, &page, &Echo::default()));
            assert!(!html.contains("/api/panel/declare"), "{html}");
            assert_eq!(html.contains("/api/panel/recuse"), may_recuse);
            check(&html, &["href=\"/desk/reviews\""]);
        }
    }
}

pub fn sheet_page(state: ReviewState, saved: &[(&str, &str)]) -> SheetPage {
    let challenge_content = challenge_content(1);
    SheetPage {
        review: review_id(1),
        gate: 0,
        gate_title: None,
        challenge: challenge_id(),
        challenge_number: "2026-07".into(),
        bid: bid_content(&challenge_content.indicators),
        challenge_content,
        rubric: Rule::policy_preset().rubric,
        decimals: 2,
        unit: "安顺学院".into(),
        state,
        typed: typed(saved),
        version: 3,
        saved_at: None,
        due: Some(at("2026-12-28 18:00")),
        may_write: true,
        next_open: Some(review_id(2)),
        open_left: 2,
    }
}

fn drawn(locale: Locale, page: SheetPage, echo: Echo) -> String {
    html(move || sheet::draw(locale, &page, &echo))
}

pub const ALL_SCORES: [(&str, &str); 4] = [
    ("scores.innovation", "90"),
    ("scores.quality", "80"),
    ("scores.effect", "70"),
    ("scores.contribution", "60"),
];

#[test]
fn the_sheet_shows_bid_scale_anchors_and_the_running_total() {
    for locale in Locale::ALL {
        let html = drawn(locale, sheet_page(ReviewState::Assigned, &ALL_SCORES), Echo::default());
        check(
            &html,
            &[
                "action=\"/api/review/save\"",
                "formaction=\"/api/review/submit\"",
                "action=\"/api/review/abstain\"",
                "name=\"version\" value=\"3\"",
                "name=\"scores.innovation\" type=\"number\" value=\"90\"",
                "min=\"0\" max=\"100\" step=\"1\"",
                "name=\"comments.effect\"",
                "name=\"private_note\"",
                "77.50",
                "浮选柱",
                &format!("/desk/reviews/{}", review_id(2)),
            ],
        );
        assert!(html.contains(if locale == Locale::ZhCn { "90 分起" } else { "from 90" }), "{html}");
    }
}

#[test]
fn missing_scores_are_counted_without_script_too() {
    let html = drawn(Locale::En, sheet_page(ReviewState::Assigned, &ALL_SCORES[..3]), Echo::default());
    check(&html, &["Missing or off the scale: 1"]);
}

#[test]
fn short_scales_are_lists() {
    let mut page = sheet_page(ReviewState::Assigned, &[("scores.quality", "2.5")]);
    page.rubric.scale = Scale { min_milli: 0, max_milli: 5_000, step_milli: 500 };
    page.rubric.criteria[0].threshold_milli = Some(3_000);
    page.rubric.criteria[0].veto = true;
    let html = drawn(Locale::ZhCn, page, Echo::default());
    check(&html, &["<option value=\"2.5\" selected", "<option value=\"5\"", "一票否决"]);
    assert!(!html.contains("type=\"number\""));
}

#[test]
fn each_state_says_what_may_still_be_done() {
    let over = |state| SheetPage { may_write: false, next_open: None, ..sheet_page(state, &ALL_SCORES) };
    let cases = [
        (sheet_page(ReviewState::Submitted, &ALL_SCORES), "再次提交才生效", true),
        (sheet_page(ReviewState::Abstained, &[]), "您已对这份申请弃权", true),
        (over(ReviewState::Submitted), "不能再修改", false),
        (over(ReviewState::Assigned), "评分表不能再填写", false),
        (over(ReviewState::Removed), "不再需要", false),
    ];
    for (page, words, writable) in cases {
        for locale in Locale::ALL {
            let html = drawn(locale, page.clone(), Echo::default());
            assert_eq!(html.contains("/api/review/save"), writable);
            if locale == Locale::ZhCn {
                check(&html, &[words]);
            }
        }
    }
}

#[test]
fn a_refused_sheet_keeps_its_scores_and_a_refused_abstention_touches_none() {
    let mut values: Typed = typed(&ALL_SCORES);
    values.insert("scores.effect".into(), "101".into());
    values.insert("overall".into(), NASTY.into());
    let echo = Echo {
        values: values.into_iter().collect(),
        errors: vec![FieldError::new("scores.effect", Problem::OutsideScale)],
    };
    let html = drawn(Locale::ZhCn, sheet_page(ReviewState::Assigned, &[]), echo);
    check(&html, &["href=\"#field-scores-effect\"", "value=\"101\"", "实效", "&lt;/textarea&gt;"]);
    let abstained = Echo { values: vec![("reason".into(), String::new())], errors: Vec::new() };
    let html = drawn(Locale::ZhCn, sheet_page(ReviewState::Assigned, &ALL_SCORES), abstained);
    check(
        &html,
        &["name=\"scores.innovation\" type=\"number\" value=\"90\"", "<details open class=\"disclosure\""],
    );
    assert!(!html.contains("两份内容不一致"));
}

#[test]
fn a_blind_sheet_at_a_gate_names_nobody() {
    let mut page = sheet_page(ReviewState::Assigned, &[]);
    page.unit = String::new();
    page.gate = 2;
    page.gate_title = Some(Bilingual::new("中试", "Pilot run"));
    page.bid.partners.clear();
    page.bid.signed_by.clear();
    page.bid.title = NASTY.into();
    page.rubric.criteria[0].name = Bilingual::new(NASTY, "");
    for locale in Locale::ALL {
        let html = drawn(locale, page.clone(), Echo::default());
        assert!(!html.contains("安顺学院"));
        check(&html, &[if locale == Locale::ZhCn { "匿名评审" } else { "Blind review" }]);
    }
}

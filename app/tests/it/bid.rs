//! What a team sees of its bids, in both languages, in every state, with nothing, one thing and many, and hostile texts.

use app::components::Echo;
use app::pages::bid::{content, fields, form, letter, list, reading, receipt, start};
use app::text::Locale;
use domain::bid::{BidContent, BidState, BidTerms, Receipt, STATEMENTS};
use domain::challenge::{Content, Indicator, State, Typed};
use domain::money::Fen;
use domain::notice::CriterionPosition;
use domain::refusal::{FieldError, Problem};
use domain::rule::Rule;
use domain::view::bid::{BidPage, BidRow};
use domain::view::public::{ChallengeDoors, ChallengePage, FrozenRule};
use store::query::bid::BidReading;

use crate::public::{NASTY, check, html};
use crate::sample::{at, bid_id, challenge_id};

pub fn typed(fields: &[(&str, &str)]) -> Typed {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub fn challenge_content(indicators: usize) -> Content {
    let mut need = typed(&[
        ("title", "重晶石高效选矿"),
        ("title_en", "Efficient beneficiation of barite"),
        ("domain", "mineral-resources"),
        ("issuer_shown", "贵州重晶石公司"),
        ("contact", "凌云"),
        ("background", "低品位矿占 **六成**。"),
        ("research", "浮选药剂与流程。"),
        ("amount", "300"),
        ("ceiling", "200"),
        ("max_partners", "3"),
    ]);
    for row in 0..indicators {
        need.insert(format!("indicators.{row}.name"), format!("指标{row}"));
        need.insert(format!("indicators.{row}.unit"), "%".into());
        need.insert(format!("indicators.{row}.completion"), "≥ 88".into());
        need.insert(format!("indicators.{row}.mandatory"), "yes".into());
    }
    Content::parse(&need).unwrap()
}

pub fn bid_typed() -> Typed {
    let mut bid = typed(&[
        ("title", "低碱浮选"),
        ("abstract_text", "以低碱浮选提高回收率。"),
        ("route", "# 第一步\n\n- 药剂"),
        ("plan", "两年"),
        ("partners", "贵州大学\n中南大学"),
        ("promises.0.value", "90"),
        ("promises.0.note", "三种矿样"),
        ("budget.0.category", "equipment"),
        ("budget.0.source", "award"),
        ("budget.0.purpose", "浮选柱"),
        ("budget.0.amount", "120"),
        ("budget.1.category", "labour"),
        ("budget.1.source", "self_raised"),
        ("budget.1.purpose", "人员"),
        ("budget.1.amount", "60.5"),
        ("budget_total", "180.5"),
        ("team.0.name", "王工"),
        ("team.0.person_months", "18"),
        ("avoid_experts", "某某"),
        ("signed_by", "陈立"),
    ]);
    for key in STATEMENTS {
        bid.insert(format!("statements.{key}"), "yes".into());
    }
    bid
}

pub fn bid_content(indicators: &[Indicator]) -> BidContent {
    let terms = BidTerms { indicators, ceiling: Some(Fen(200_000_000)), max_partners: 3, signer: "陈立" };
    BidContent::parse(&bid_typed(), &terms).unwrap()
}

pub fn bid_page(state: BidState) -> BidPage {
    let challenge_content = challenge_content(1);
    let submitted = bid_content(&challenge_content.indicators);
    let rule = Rule::policy_preset();
    let frozen = rule.freeze();
    let receipt = Receipt {
        number: "UV-2026-07-1a2b3c4d".into(),
        challenge_number: "2026-07".into(),
        bid: bid_id(1),
        received_at: at("2026-12-01 09:30"),
        content_sha256: submitted.hash(),
        rule_sha256: frozen.hash.clone(),
        revision: 2,
    };
    let sent = !matches!(state, BidState::Draft | BidState::Withdrawn);
    BidPage {
        id: bid_id(1),
        challenge: challenge_id(),
        challenge_number: "2026-07".into(),
        challenge_content,
        challenge_state: State::Published,
        closes_at: Some(at("2026-12-20 18:00")),
        rule: FrozenRule { rule, canonical: frozen.canonical, sha256: frozen.hash },
        unit: "安顺学院".into(),
        state,
        typed: bid_typed(),
        saved_at: at("2026-12-02 10:00"),
        saved_by: "李四".into(),
        version: 7,
        submitted: sent.then_some(submitted),
        receipt: sent.then_some(receipt),
        unsubmitted_changes: false,
        may_edit: matches!(state, BidState::Draft | BidState::Submitted | BidState::Withdrawn),
        may_withdraw: state == BidState::Submitted,
        eligibility_reason: String::new(),
        signer: "陈立".into(),
    }
}

fn drawn(locale: Locale, page: BidPage, echo: Echo) -> String {
    html(move || form::draw(locale, &page, &echo))
}

#[test]
fn the_form_holds_everything_that_was_saved_and_three_blank_rows() {
    for locale in Locale::ALL {
        let html = drawn(locale, bid_page(BidState::Draft), Echo::default());
        check(
            &html,
            &[
                "action=\"/api/bid/save\"",
                "formaction=\"/api/bid/submit\"",
                "name=\"version\" value=\"7\"",
                &format!("name=\"bid\" value=\"{}\"", bid_id(1)),
                "name=\"promises.0.value\"",
                "name=\"budget.1.amount\"",
                "name=\"budget.4.amount\"",
                "name=\"team.3.name\"",
                "name=\"statements.liability\"",
                "<leptos-island",
                "data-draft-keeper",
                "低碱浮选",
            ],
        );
        assert!(!html.contains("name=\"budget.5.amount\""));
        assert!(!html.contains("/api/bid/withdraw"));
        assert!(
            html.find("/api/bid/save").unwrap() < html.find("/api/bid/submit").unwrap(),
            "Enter must save"
        );
        for key in STATEMENTS {
            assert!(!fields::label_of(locale, &format!("statements.{key}")).contains('⟦'));
        }
    }
}

#[test]
fn the_sum_of_the_lines_is_computed() {
    let html = drawn(Locale::ZhCn, bid_page(BidState::Draft), Echo::default());
    check(&html, &["180.5 万元", "≥ 88 %", "必达"]);
}

#[test]
fn each_state_says_what_it_means() {
    let changed = BidPage { unsubmitted_changes: true, ..bid_page(BidState::Submitted) };
    let closed = BidPage { may_edit: false, may_withdraw: false, ..bid_page(BidState::Submitted) };
    let late = BidPage { may_edit: false, ..bid_page(BidState::Draft) };
    let refused =
        BidPage { eligibility_reason: "缺少法人证明".into(), ..bid_page(BidState::Ineligible) };
    let cases = [
        (bid_page(BidState::Draft), "尚未提交"),
        (bid_page(BidState::Submitted), "已提交并密封"),
        (changed, "有改动尚未提交"),
        (closed, "保持密封"),
        (late, "没有提交"),
        (bid_page(BidState::Withdrawn), "已撤回，目前不计入"),
        (bid_page(BidState::Eligible), "进入专家评审"),
        (refused, "缺少法人证明"),
        (bid_page(BidState::Won), "/letter"),
        (bid_page(BidState::Lost), "/letter"),
    ];
    for (page, words) in cases {
        for locale in Locale::ALL {
            let (editable, withdrawable) = (page.may_edit, page.may_withdraw);
            let html = drawn(locale, page.clone(), Echo::default());
            assert_eq!(html.contains("/api/bid/save"), editable, "{:?}", page.state);
            assert_eq!(html.contains("/api/bid/withdraw"), withdrawable, "{:?}", page.state);
            if locale == Locale::ZhCn {
                check(&html, &[words]);
            }
        }
    }
}

#[test]
fn a_winner_of_a_race_is_led_to_the_board() {
    let mut page = bid_page(BidState::Won);
    page.challenge_state = State::Running;
    assert!(!drawn(Locale::En, page.clone(), Echo::default()).contains("/race/"));
    page.rule.rule.gates = vec![domain::rule::Gate {
        title: domain::rule::Bilingual::new("中试", "Pilot"),
        due: at("2027-06-01 18:00"),
        weight_permille: 1_000,
        pass_mark_milli: 60_000,
        keep: 1,
        rubric: None,
    }];
    check(&drawn(Locale::En, page, Echo::default()), &[&format!("/race/{}", challenge_id())]);
}

#[test]
fn a_refused_form_comes_back_whole_with_a_link_to_each_problem() {
    let mut values = bid_typed();
    values.insert("budget_total".into(), "180".into());
    values.insert("route".into(), NASTY.into());
    values.remove("statements.liability");
    let echo = Echo {
        values: values.into_iter().collect(),
        errors: vec![
            FieldError::new(
                "budget_total",
                Problem::BudgetDoesNotAddUp { lines_fen: 180_500_000, total_fen: 180_000_000 },
            ),
            FieldError::new("budget.0.amount", Problem::NotAnAmount),
            FieldError::new("statements.liability", Problem::Unticked),
            FieldError::new("team", Problem::Required),
        ],
    };
    let html = drawn(Locale::ZhCn, bid_page(BidState::Draft), echo);
    check(
        &html,
        &[
            "href=\"#field-budget-total\"",
            "预算第 1 行：金额（万元）",
            "href=\"#field-team\"",
            "id=\"field-team\"",
            "&lt;/textarea&gt;&lt;script&gt;",
            "value=\"180\"",
        ],
    );
    assert_eq!(html.matches("checked").count(), STATEMENTS.len() - 1, "the unticked box stays unticked");
}

#[test]
fn a_colleagues_newer_text_is_shown_beside_ones_own() {
    let mut own = bid_typed();
    own.insert("route".into(), "我的路线".into());
    let echo = Echo { values: own.into_iter().collect(), errors: Vec::new() };
    let html = drawn(Locale::ZhCn, bid_page(BidState::Draft), echo);
    check(&html, &["两份内容不一致", "技术路线", "我的路线"]);
    assert!(!html.contains("data-draft-keeper"), "nothing saves by itself while two texts differ");
    let same = Echo { values: bid_typed().into_iter().collect(), errors: Vec::new() };
    assert!(!drawn(Locale::ZhCn, bid_page(BidState::Draft), same).contains("两份内容不一致"));
}

#[test]
fn hostile_and_endless_texts_stay_texts() {
    let mut page = bid_page(BidState::Submitted);
    page.challenge_content.title = "长".repeat(10_000);
    page.saved_by = NASTY.into();
    page.unit = NASTY.into();
    page.challenge_content.indicators[0].name = NASTY.into();
    for value in page.typed.values_mut() {
        *value = NASTY.to_owned();
    }
    for locale in Locale::ALL {
        drawn(locale, page.clone(), Echo::default());
        let left = BidPage { may_edit: false, submitted: None, receipt: None, ..page.clone() };
        drawn(locale, BidPage { state: BidState::Draft, ..left }, Echo::default());
    }
}

#[test]
fn a_challenge_without_indicators_and_a_form_without_anything_are_drawn() {
    let mut page = bid_page(BidState::Draft);
    page.challenge_content = challenge_content(0);
    page.typed = Typed::new();
    check(&drawn(Locale::En, page, Echo::default()), &["no measured indicators", "Untitled bid"]);
}

pub fn row(n: u32, title: &str, state: BidState) -> BidRow {
    BidRow {
        id: bid_id(n),
        challenge: challenge_id(),
        challenge_number: "2026-07".into(),
        challenge_title: "重晶石".into(),
        title: title.into(),
        state,
        challenge_state: State::Published,
        closes_at: Some(at("2026-12-20 18:00")),
        updated_at: at("2026-12-02 10:00"),
    }
}

#[test]
fn the_list_says_what_to_do_when_it_is_empty_and_links_every_bid() {
    for locale in Locale::ALL {
        check(
            &html(|| list::draw(locale, &[])),
            &["href=\"/challenges?state=published\"", "href=\"/account\""],
        );
        let rows = vec![row(1, "", BidState::Draft), row(2, NASTY, BidState::Withdrawn)];
        let html = html(move || list::draw(locale, &rows));
        check(
            &html,
            &[&format!("/desk/bids/{}", bid_id(1)), &format!("/desk/bids/{}", bid_id(2)), "row-faded"],
        );
    }
}

pub fn challenge_page(doors: ChallengeDoors, state: State) -> ChallengePage {
    ChallengePage {
        id: challenge_id(),
        number: "2026-07".into(),
        list: None,
        content: challenge_content(1),
        state,
        published_at: None,
        closes_at: Some(at("2026-12-20 18:00")),
        publicity_ends_at: None,
        publicity_calendar_known: true,
        timeline: Vec::new(),
        rule: None,
        winners: None,
        doors,
    }
}

#[test]
fn starting_is_offered_only_to_those_who_may() {
    let may = ChallengeDoors { may_bid: true, signed_in: true, ..ChallengeDoors::default() };
    let issuer = ChallengeDoors { issuer: true, signed_in: true, ..ChallengeDoors::default() };
    for locale in Locale::ALL {
        let page = challenge_page(may.clone(), State::Published);
        check(&html(move || start::draw(locale, &page)), &["action=\"/api/bid/start\"", "2026-12-20 18:00"]);
        for (doors, state) in [
            (issuer.clone(), State::Published),
            (ChallengeDoors::default(), State::Closed),
            (ChallengeDoors::default(), State::Published),
        ] {
            let page = challenge_page(doors, state);
            let html = html(move || start::draw(locale, &page));
            assert!(!html.contains("/api/bid/start"), "{html}");
        }
    }
}

#[test]
fn the_receipt_shows_number_time_and_both_hashes_whole() {
    for locale in Locale::ALL {
        let page = bid_page(BidState::Submitted);
        let given = page.receipt.clone().unwrap();
        let (content, rule) = (given.content_sha256.clone(), given.rule_sha256.clone());
        let html = html(move || receipt::draw(locale, &page, &given));
        check(
            &html,
            &["UV-2026-07-1a2b3c4d", "2026-12-01 09:30", &content, &rule, "/receipt.json", "安顺学院"],
        );
    }
}

#[test]
fn the_letter_gives_the_own_result_and_nothing_before_there_is_one() {
    let criterion = |zh: &str, score_milli, rank| CriterionPosition {
        name_zh: zh.into(),
        name_en: "Innovation".into(),
        score_milli,
        rank,
    };
    let sent = letter::Letter {
        won: true,
        total_milli: 88_400,
        rank: 1,
        of: 3,
        criteria: vec![criterion("创新能力", 91_250, 2), criterion("质量", 80_000, 1)],
        rule_sha256: "ab".repeat(32),
        sent_at: at("2026-12-30 09:00"),
    };
    for locale in Locale::ALL {
        for won in [true, false] {
            let letter = letter::Letter { won, ..sent.clone() };
            let page = bid_page(if won { BidState::Won } else { BidState::Lost });
            let html = html(move || letter::draw(locale, &page, Some(&letter)));
            check(&html, &["88.40", "91.25"]);
            assert!(
                html.contains(if locale == Locale::ZhCn { "第 1 名，共 3 份参评" } else { "1 of 3" }),
                "{html}"
            );
        }
        let page = bid_page(BidState::Eligible);
        check(&html(move || letter::draw(locale, &page, None)), &["href=\"/inbox\""]);
    }
}

#[test]
fn readers_see_the_content_and_that_the_reading_is_logged() {
    let page = challenge_content(1);
    let mut content = bid_content(&page.indicators);
    content.route = NASTY.into();
    content.team[0].name = String::new();
    for locale in Locale::ALL {
        let reading = BidReading {
            id: bid_id(1),
            challenge: challenge_id(),
            challenge_number: "2026-07".into(),
            challenge_title: "长".repeat(10_000),
            unit: NASTY.into(),
            content: content.clone(),
            state: BidState::Eligible,
            submitted_at: Some(at("2026-12-01 09:30")),
            eligibility_reason: String::new(),
        };
        let html = html(move || reading::draw(locale, &reading));
        check(&html, &["&lt;script&gt;", "贵州大学", "浮选柱", "180.5", "–"]);
    }
}

#[test]
fn what_was_asked_stands_beside_what_is_promised() {
    let page = challenge_content(2);
    let mut content = bid_content(&page.indicators[..1]);
    content.promises.push(domain::bid::Promise::default());
    let html = html(move || content::draw(Locale::ZhCn, &content, &page.indicators));
    check(&html, &["指标0", "≥ 88 %", "90", "三种矿样"]);
}

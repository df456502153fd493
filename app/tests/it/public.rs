//! What readers see on the public pages, in both languages, with nothing, one thing and many, and with hostile texts.

use app::pages::public::{challenge, home, list, lists, race, results, search};
use app::shell::to_html;
use app::text::Locale;
use domain::challenge::State;
use domain::view::Page;
use domain::view::public::*;
use leptos::prelude::*;

use crate::public_sample::{card, challenge_page, home_page, list_card, result, rule, search_page};
use crate::sample::{bid_id, board};

pub const NASTY: &str = "</textarea><script>alert(1)</script>\"><img src=x onerror=alert(1)>";

pub fn html(draw: impl FnOnce() -> AnyView) -> String {
    let html = to_html(draw);
    assert!(!html.contains('⟦'), "words are missing: {}", around(&html, '⟦'));
    assert!(!html.contains("<script"), "{html}");
    assert!(!html.contains("<img"), "{html}");
    html
}

fn around(html: &str, mark: char) -> String {
    html.split(mark)
        .skip(1)
        .map(|rest| rest.chars().take(60).collect::<String>())
        .collect::<Vec<_>>()
        .join(" … ")
}

pub fn check(html: &str, parts: &[&str]) {
    for part in parts {
        assert!(html.contains(part), "no {part} in {html}");
    }
}

#[test]
fn home_says_what_is_open_and_how_it_works() {
    let zh = html(|| home::draw(Locale::ZhCn, home_page(2), false));
    check(
        &zh,
        &[
            "难题张榜",
            "12,480",
            "即将截止",
            "重晶石绿色高效选矿关键技术",
            "2026-12-20 18:00",
            "张榜：先定规则",
        ],
    );
    check(&zh, &["href=\"/account/register\"", "href=\"/challenges?state=published\""]);
    let en = html(|| home::draw(Locale::En, home_page(1), true));
    check(
        &en,
        &[
            "Closing soon",
            "Green barite beneficiation",
            "124.8",
            "href=\"/desk\"",
            "Post: the rule comes first",
        ],
    );
    let empty = html(|| home::draw(Locale::ZhCn, HomePage::default(), false));
    check(&empty, &["目前没有正在揭榜的榜题", "还没有发布榜单"]);
    assert!(!empty.contains("id=\"races\""));
}

#[test]
fn lists_and_a_list_show_their_figures_and_lead_on() {
    let page = Page { rows: vec![list_card()], next: Some("abc".into()) };
    let zh = html(|| lists::draw(Locale::ZhCn, page, None));
    check(
        &zh,
        &["2026 年第一批揭榜挂帅榜单", "揭榜中 12 · 专家评审 6", "href=\"/lists?after=abc\"", "12,480 万元"],
    );
    check(&html(|| lists::draw(Locale::En, Page::default(), None)), &["No list has been published yet"]);
    let page = ListPage {
        card: list_card(),
        challenges: Page { rows: vec![card("题目"), card("x")], next: None },
    };
    let en = html(|| list::draw(Locale::En, page, Some("x".into())));
    check(
        &en,
        &[
            "First list of 2026",
            "Who may bid",
            "At most 2 per lead unit",
            "gate to gate",
            "Back to the first page",
        ],
    );
}

#[test]
fn a_challenge_shows_everything_a_bidder_needs() {
    let zh = html(|| challenge::draw(Locale::ZhCn, challenge_page()));
    check(
        &zh,
        &[
            "重晶石绿色高效选矿关键技术",
            "lang=\"en\" class=\"lead\">Green barite beneficiation",
            "1,234.5 万元",
            "2026-12-20 18:00",
            "北京时间",
            "<strong>七成</strong>",
            "<h3>现状</h3>",
            "必达",
            "期望",
            "30 %",
            "27.5 %",
            "不低于 30.5%",
            "60 分，任一专家低于此分即不通过",
            "去掉一个最高总分",
            "“实效”得分高者在前",
            "样机验证",
            "/rule.json",
            &rule().freeze().hash,
            "登录后揭榜",
            "href=\"/account/sign-in?next=%2Fchallenges%2F",
        ],
    );
    let en = html(|| challenge::draw(Locale::En, challenge_page()));
    check(
        &en,
        &[
            "Green barite beneficiation",
            "lang=\"zh-CN\" class=\"lead\">重晶石",
            "CNY 12.345 million",
            "Sign in to bid",
            "Issuer",
        ],
    );
}

#[test]
fn the_public_way_begins_at_publication_and_names_no_decision() {
    let mut page = challenge_page();
    let earlier = TimelineStep { state: State::Draft, standing: Standing::Done, at: None, who: None };
    page.timeline.insert(0, earlier);
    let zh = html(|| challenge::draw(Locale::ZhCn, page));
    check(&zh, &["资格审查", "公示中"]);
    assert!(!zh.contains("起草中") && !zh.contains("拟定结果"), "{zh}");
}

#[test]
fn the_doors_follow_what_the_reader_may_do() {
    let with = |state, doors| {
        let page = ChallengePage { state, doors, ..challenge_page() };
        html(|| challenge::draw(Locale::En, page))
    };
    let signed_in = ChallengeDoors { signed_in: true, ..ChallengeDoors::default() };
    let may_bid = with(State::Published, ChallengeDoors { may_bid: true, ..signed_in.clone() });
    check(&may_bid, &["Start a bid", "/bid\"", "action=\"/api/account/follow\""]);
    let own = with(
        State::Review,
        ChallengeDoors { own_bid: Some(bid_id(2)), follows_domain: true, ..signed_in.clone() },
    );
    check(&own, &["Open your unit's bid", "action=\"/api/account/unfollow\""]);
    let no_role = with(State::Published, signed_in.clone());
    check(&no_role, &["Bids are made by units", "href=\"/account\""]);
    let issuer = with(State::Published, ChallengeDoors { issuer: true, ..signed_in.clone() });
    check(&issuer, &["Your unit posted this challenge"]);
    let organiser = with(State::Review, ChallengeDoors { organiser: true, ..signed_in });
    check(&organiser, &["Open on the desk"]);
    let over = with(State::Finished, ChallengeDoors::default());
    check(&over, &["See the race"]);
    assert!(!over.contains("Sign in to bid") && !over.contains("Start a bid"));
}

#[test]
fn winners_stand_on_the_page_once_they_are_public() {
    let page = ChallengePage {
        state: State::Publicity,
        winners: Some(result()),
        publicity_ends_at: result().publicity_ends_at,
        publicity_calendar_known: false,
        ..challenge_page()
    };
    let zh = html(|| challenge::draw(Locale::ZhCn, page));
    check(&zh, &["id=\"result\"", "南方理工大学", "88.69", "如何提出异议", "放假安排尚未公布"]);
    assert!(!html(|| challenge::draw(Locale::ZhCn, challenge_page())).contains("id=\"result\""));
}

#[test]
fn texts_people_wrote_stay_texts() {
    let mut page = challenge_page();
    let long = "榜".repeat(10_000);
    page.content.title = format!("{NASTY}{long}");
    page.content.title_en = NASTY.into();
    page.content.background = NASTY.into();
    page.content.indicators[0].name = NASTY.into();
    page.content.keywords = vec![NASTY.into()];
    page.content.source = "javascript:alert(1)".into();
    page.content.milestones[0].title = NASTY.into();
    page.winners = Some(ResultRow { title: NASTY.into(), ..result() });
    let drawn = html(|| challenge::draw(Locale::ZhCn, page));
    check(&drawn, &["&lt;/textarea&gt;", &long, "javascript:alert(1)"]);
    assert!(!drawn.contains("href=\"javascript"));
    let page = SearchPage {
        query: SearchQuery { words: NASTY.into(), ..SearchQuery::default() },
        hits: Page { rows: vec![card(NASTY)], next: None },
        total: 1,
        ..SearchPage::default()
    };
    html(|| search::draw(Locale::ZhCn, page));
    let mut board = board();
    board.title = NASTY.into();
    board.lanes[1].unit = NASTY.into();
    html(|| race::draw(Locale::ZhCn, board));
}

#[test]
fn a_search_can_be_narrowed_shared_and_undone() {
    let query =
        SearchQuery { words: "重晶石".into(), state: Some(State::Review), ..SearchQuery::default() };
    let zh = html(|| search::draw(Locale::ZhCn, search_page(query, 2)));
    let words = "q=%E9%87%8D%E6%99%B6%E7%9F%B3";
    check(
        &zh,
        &[
            "共 2 道榜题",
            &format!("href=\"/challenges?{words}&amp;state=published\""),
            &format!("href=\"/challenges?{words}\""),
            &format!("/challenges?{words}&amp;domain=metallurgy&amp;state=review"),
            &format!("/challenges?{words}&amp;state=review&amp;after=c2"),
            &format!("/challenges?{words}&amp;state=review&amp;sort=deadline"),
            "value=\"重晶石\"",
            "清除全部筛选",
        ],
    );
    assert!(!zh.contains("未注明金额"), "a value without hits is no choice");
}

#[test]
fn a_search_without_hits_says_what_else_to_try() {
    let words = SearchQuery { words: "zzz".into(), ..SearchQuery::default() };
    let narrowed = SearchQuery { open_only: true, ..words.clone() };
    let filters = SearchQuery { domain: Some("metallurgy".into()), ..SearchQuery::default() };
    for (query, expected) in [
        (words, "Try a shorter or more common word"),
        (narrowed, "Keep the words, drop the filters"),
        (filters, "Nothing meets all of these choices"),
    ] {
        let page = SearchPage { hits: Page::default(), total: 0, ..search_page(query, 0) };
        check(
            &html(|| search::draw(Locale::En, page)),
            &["No challenge matches", expected, "All challenges"],
        );
    }
}

#[test]
fn an_address_typed_by_a_person_is_read_kindly() {
    let pairs = [
        ("q", " 重晶石 "),
        ("domain", "no-such"),
        ("state", "draft"),
        ("amount", "x"),
        ("open", "1"),
        ("sort", "amount"),
    ];
    let query = search::read(&|name| {
        pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    });
    let expected = SearchQuery {
        words: "重晶石".into(),
        open_only: true,
        sort: Some(SearchSort::Amount),
        ..SearchQuery::default()
    };
    assert_eq!(query, expected);
    let address = search::address(&query);
    assert_eq!(address, "/challenges?q=%E9%87%8D%E6%99%B6%E7%9F%B3&open=1&sort=amount");
}

#[test]
fn results_name_winners_the_seal_and_how_to_object() {
    let page = Page { rows: vec![result(), ResultRow { winners: vec![], ..result() }], next: None };
    let zh = html(|| results::draw(Locale::ZhCn, page, None));
    assert!(!zh.contains("/race/"), "no board before the race");
    let racing = Page { rows: vec![ResultRow { state: State::Running, ..result() }], next: None };
    check(&html(|| results::draw(Locale::ZhCn, racing, None)), &["/race/"]);
    check(
        &zh,
        &[
            "南方理工大学",
            "88.69",
            "2026年5月8日",
            "2026年5月14日",
            "cd34",
            "真实姓名",
            "没有单位达到中榜条件",
        ],
    );
    let mut hidden = result();
    hidden.winners.iter_mut().for_each(|winner| winner.total_milli = None);
    let en = html(|| results::draw(Locale::En, Page { rows: vec![hidden], next: None }, None));
    assert!(!en.contains(">Score<"), "no column for scores nobody may see");
    check(&html(|| results::draw(Locale::En, Page::default(), None)), &["No results yet", "How to object"]);
}

#[test]
fn the_race_board_shows_lanes_gates_and_the_own_way_out() {
    let zh = html(|| race::draw(Locale::ZhCn, board()));
    check(
        &zh,
        &[
            "赛马进程",
            "江门新材料研究院以累计 88.69 分胜出",
            "样机验证",
            "20 %",
            "退出赛马",
            "action=\"/api/race/withdraw\"",
        ],
    );
    let mut others = board();
    others.own = None;
    others.may_withdraw = false;
    let en = html(|| race::draw(Locale::En, others));
    check(&en, &["Race board", "Prototype check", "Decides the winner"]);
    assert!(!en.contains("/api/race/withdraw"));
    let mut none = board();
    none.lanes.clear();
    check(&html(|| race::draw(Locale::En, none)), &["The race has not started"]);
}

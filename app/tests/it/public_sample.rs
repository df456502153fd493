//! What the public pages are drawn from in tests: a challenge, its list, its result, a search.

use domain::challenge::{ChallengeKind, Content, Indicator, Milestone, State};
use domain::id::ListId;
use domain::list::{BidderGates, ListContent, SelectionModel};
use domain::money::Fen;
use domain::rule::{Bilingual, Gate, Rule, TieBreak};
use domain::view::Page;
use domain::view::public::*;

use crate::sample::{at, challenge_id, steps};

pub fn list_id() -> ListId {
    "01890000-0000-7000-8000-000000000009".parse().unwrap()
}

pub fn card(title: &str) -> ChallengeCard {
    ChallengeCard {
        id: challenge_id(),
        number: "2026-07".into(),
        title: title.into(),
        title_en: "Green barite beneficiation".into(),
        domain: "mineral-resources".into(),
        issuer_shown: "贵州某矿业集团有限公司".into(),
        amount: Some(Fen(1_234_500_000)),
        state: State::Published,
        closes_at: Some(at("2026-12-20 18:00")),
        has_race: true,
    }
}

pub fn list_card() -> ListCard {
    ListCard {
        id: list_id(),
        content: ListContent {
            number: "2026-1".into(),
            title: Bilingual::new("2026 年第一批揭榜挂帅榜单", "First list of 2026"),
            introduction: Bilingual::new("面向全国公开征集。", "Open to all."),
            model: SelectionModel::HorseRace,
            gates: BidderGates {
                qualification: "具备相应研究基础".into(),
                credit: "无科研失信记录".into(),
                max_bids_per_unit: 2,
                earlier_winners_barred: true,
            },
        },
        published_at: Some(at("2026-03-02 09:00")),
        challenges: 18,
        amount_total: Fen(12_480_000_000),
        closes_next: Some(at("2026-12-20 18:00")),
        states: vec![(State::Published, 12), (State::Review, 6)],
    }
}

pub fn result() -> ResultRow {
    let winner = |unit: &str, rank, total| PublicWinner {
        unit: unit.into(),
        bid_title: "一种绿色选矿路线".into(),
        total_milli: Some(total),
        rank,
    };
    ResultRow {
        challenge: challenge_id(),
        number: "2026-07".into(),
        title: "重晶石绿色高效选矿关键技术".into(),
        title_en: "Green barite beneficiation".into(),
        state: State::Publicity,
        winners: vec![winner("南方理工大学", 1, 88_690), winner("江门新材料研究院", 2, 86_200)],
        bids_ranked: 5,
        publicity_from: Some(at("2026-05-08 09:00")),
        publicity_ends_at: Some(at("2026-05-14 23:59")),
        rule_sha256: "ab12".repeat(16),
        draw_seed: "cd34".repeat(16),
        has_race: true,
    }
}

pub fn rule() -> Rule {
    let mut rule = Rule::policy_preset();
    rule.rubric.criteria[0].threshold_milli = Some(60_000);
    rule.rubric.criteria[0].veto = true;
    rule.rubric.criteria[1].weight_permille = 275;
    rule.rubric.criteria[2].weight_permille = 275;
    rule.tie_chain =
        vec![TieBreak::Criterion { key: "effect".into() }, TieBreak::FirstPlaces, TieBreak::Draw];
    rule.draw_commitment = "ef56".repeat(16);
    rule.max_winners = 3;
    let gate = |zh: &str, en: &str, due: &str, weight_permille, keep| Gate {
        title: Bilingual::new(zh, en),
        due: at(due),
        weight_permille,
        pass_mark_milli: 60_000,
        keep,
        rubric: None,
    };
    rule.gates = vec![
        gate("样机验证", "Prototype check", "2027-03-30 18:00", 400, 2),
        gate("现场应用", "Field use", "2027-09-30 18:00", 600, 1),
    ];
    rule
}

pub fn challenge_page() -> ChallengePage {
    let frozen = rule().freeze();
    let indicator = |name: &str, mandatory| Indicator {
        name: name.into(),
        unit: "%".into(),
        completion: "≥ 95".into(),
        assessment: "第三方检测报告".into(),
        mandatory,
        ..Indicator::default()
    };
    ChallengePage {
        id: challenge_id(),
        number: "2026-07".into(),
        list: Some((list_id(), list_card().content)),
        content: Content {
            title: "重晶石绿色高效选矿关键技术".into(),
            title_en: "Green barite beneficiation".into(),
            domain: "mineral-resources".into(),
            kind: ChallengeKind::Breakthrough,
            issuer_shown: "贵州某矿业集团有限公司".into(),
            contact: "凌经理 0851-0000 0000".into(),
            background: "## 现状\n\n低品位重晶石占储量的 **七成**。".into(),
            difficulty: "共伴生矿物嵌布粒度细。".into(),
            research: "1. 浮选药剂\n2. 选矿装备".into(),
            indicators: vec![indicator("BaSO₄ 回收率", true), indicator("吨矿水耗下降", false)],
            amount: Some(Fen(1_234_500_000)),
            self_raised_permille: 305,
            ceiling_per_winner: Some(Fen(600_000_000)),
            pay_terms: "分三期拨付。".into(),
            period_months: Some(24),
            milestones: vec![Milestone { title: "完成小试".into(), month: 6 }],
            conditions: "具备中试条件。".into(),
            max_partners: 3,
            confidentiality: String::new(),
            responsible_units: "省科技厅资源处".into(),
            keywords: vec!["重晶石".into(), "浮选".into()],
            source: "https://example.cn/list/2026-1".into(),
        },
        state: State::Published,
        published_at: Some(at("2026-03-02 09:00")),
        closes_at: Some(at("2026-12-20 18:00")),
        publicity_ends_at: None,
        publicity_calendar_known: true,
        timeline: steps(),
        rule: Some(FrozenRule { rule: rule(), canonical: frozen.canonical, sha256: frozen.hash }),
        winners: None,
        doors: ChallengeDoors::default(),
    }
}

pub fn home_page(cards: usize) -> HomePage {
    HomePage {
        counts: HomeCounts {
            lists: 3,
            open: 18,
            in_review: 12,
            racing: 6,
            finished: 2,
            amount_open: Fen(12_480_000_000),
        },
        lists: (0..cards).map(|_| list_card()).collect(),
        closing_soon: (0..cards).map(|_| card("重晶石绿色高效选矿关键技术")).collect(),
        races: (0..cards).map(|_| card("每bit极致性价比的存储技术")).collect(),
        results: (0..cards).map(|_| result()).collect(),
    }
}

pub fn search_page(query: SearchQuery, hits: usize) -> SearchPage {
    SearchPage {
        query,
        hits: Page {
            rows: (0..hits).map(|_| card("重晶石绿色高效选矿关键技术")).collect(),
            next: Some("c2".into()),
        },
        total: hits as u64,
        domains: vec![("mineral-resources".into(), 3), ("metallurgy".into(), 1)],
        states: vec![(State::Published, 2), (State::Review, 2)],
        amounts: vec![(AmountBand::UpTo100Wan, 1), (AmountBand::NotStated, 0)],
    }
}

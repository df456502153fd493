//! A race, a timeline and a few words to show in the gallery.

use app::text::Locale;
use domain::challenge::State;
use domain::id::{BidId, ChallengeId};
use domain::race::{GateOutcome, GateState, TeamState};
use domain::rule::Bilingual;
use domain::time::Timestamp;
use domain::view::public::{Standing, TimelineStep};
use domain::view::race::{BoardGate, Lane, LaneGate, RaceBoard};

pub fn zh_or(locale: Locale, zh: &str, en: &str) -> String {
    match locale {
        Locale::ZhCn => zh.to_owned(),
        Locale::En => en.to_owned(),
    }
}

pub fn at(text: &str) -> Timestamp {
    Timestamp::parse_official(text).unwrap()
}

pub fn challenge_id() -> ChallengeId {
    "01890000-0000-7000-8000-000000000001".parse().unwrap()
}

pub fn bid_id(n: u32) -> BidId {
    format!("01890000-0000-7000-8000-0000000000{n:02}").parse().unwrap()
}

pub fn board() -> RaceBoard {
    let gate = |number: u32, zh: &str, en: &str, due: &str, weight, keep, state| BoardGate {
        number,
        title: Bilingual::new(zh, en),
        due: at(due),
        weight_permille: weight,
        pass_mark_milli: 60_000,
        keep,
        state,
        decided_at: None,
        draw_seed: (state == GateState::Decided).then(|| format!("{number:02}").repeat(32)),
    };
    let run = |gate, total_milli, cumulative_milli, rank, outcome| LaneGate {
        gate,
        total_milli,
        cumulative_milli,
        rank,
        outcome,
    };
    let lane = |n, unit: &str, state, left_at, gates: Vec<LaneGate>| Lane {
        bid: bid_id(n),
        unit: unit.into(),
        bid_title: "一种路线".into(),
        state,
        left_at,
        cumulative_milli: gates.last().map(|gate| gate.cumulative_milli),
        gates,
    };
    use GateOutcome::{Continue, Cut, Won};
    RaceBoard {
        challenge: challenge_id(),
        number: "2026-07".into(),
        title: "重晶石绿色高效选矿".into(),
        title_en: "Green barite beneficiation".into(),
        gates: vec![
            gate(1, "样机验证", "Prototype check", "2026-06-30 18:00", 200, 3, GateState::Decided),
            gate(2, "中试", "Pilot run", "2026-09-30 18:00", 300, 2, GateState::Decided),
            gate(3, "现场应用", "Field use", "2026-12-31 18:00", 500, 1, GateState::Decided),
        ],
        lanes: vec![
            lane(
                1,
                "江门新材料研究院",
                TeamState::Won,
                None,
                vec![
                    run(1, 86_200, 17_240, 2, Continue),
                    run(2, 88_000, 43_640, 1, Continue),
                    run(3, 90_100, 88_690, 1, Won),
                ],
            ),
            lane(
                2,
                "南方理工大学",
                TeamState::Racing,
                None,
                vec![run(1, 88_400, 17_680, 1, Continue), run(2, 84_000, 42_880, 2, Continue)],
            ),
            lane(
                3,
                "国家重点矿产资源综合利用与绿色选矿技术创新中心",
                TeamState::Cut,
                Some(2),
                vec![run(1, 80_000, 16_000, 3, Continue), run(2, 71_500, 37_450, 3, Cut)],
            ),
            lane(4, "华东冶金联合体", TeamState::Cut, Some(1), vec![run(1, 58_000, 11_600, 4, Cut)]),
            lane(5, "西部大学", TeamState::Withdrawn, Some(1), vec![]),
        ],
        finished: false,
        rule_sha256: "ab".repeat(32),
        seed_per_gate: true,
        own: Some(bid_id(2)),
        may_withdraw: true,
    }
}

pub fn steps() -> Vec<TimelineStep> {
    let step = |state, standing, date: &str, who| TimelineStep {
        state,
        standing,
        at: (!date.is_empty()).then(|| at(&format!("{date} 12:00"))),
        who,
    };
    use Standing::{Ahead, Done, Here};
    vec![
        step(State::Published, Done, "2026-03-02", None),
        step(State::Closed, Done, "2026-04-15", None),
        step(State::Opened, Done, "2026-04-16", None),
        step(State::Eligibility, Done, "2026-04-20", None),
        step(State::Review, Here, "2026-05-08", Some("experts")),
        step(State::Decided, Ahead, "", None),
        step(State::Publicity, Ahead, "2026-05-20", None),
        step(State::Awarded, Ahead, "", None),
        step(State::Contracted, Ahead, "", None),
        step(State::Running, Ahead, "", None),
        step(State::Acceptance, Ahead, "", None),
        step(State::Finished, Ahead, "2027-12-31", None),
    ]
}

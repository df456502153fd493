//! A challenge on the desk at each of its stages, and the people around it.

use domain::actor::{Actor, Held, MembershipState, OrganisationKind, Role};
use domain::bid::BidState;
use domain::challenge::{State, Step, TRANSITIONS, Typed};
use domain::decision::{Decision, DecisionState};
use domain::id::{ListId, MembershipId, OrganisationId, PersonId, ReviewId, SeatId};
use domain::list::{BidderGates, ListContent, ListState, SelectionModel};
use domain::money::Fen;
use domain::panel::SeatState;
use domain::race::GateState;
use domain::review::ReviewState;
use domain::rule::{Bilingual, Gate, Rule, TieBreak};
use domain::score::{Outcome, RankedBid, Ranking};
use domain::time::Timestamp;
use domain::view::account::{AccountPage, Colleague, MembershipRow};
use domain::view::desk::*;

use crate::sample::{at, bid_id, board, challenge_id, steps};

fn id<T: std::str::FromStr>(kind: u32, number: u32) -> T
where
    T::Err: std::fmt::Debug,
{
    format!("01890000-0000-7000-8000-0000{kind:04}{number:04}").parse().unwrap()
}

/// After the deadline of [`page`]: 2026-05-10 09:00 in Beijing.
pub const NOW: Timestamp = Timestamp(1_778_374_800_000);

pub fn list_id() -> ListId {
    id(7, 1)
}

pub fn actor(roles: &[Role]) -> Actor {
    let held = |role: &Role| Held {
        role: *role,
        organisation: id(2, 1),
        organisation_name: "安顺市科学技术局".into(),
    };
    Actor {
        person: Some(id::<PersonId>(1, 1)),
        name: "芮文".into(),
        email: "rui@unveil.test".into(),
        email_confirmed: true,
        held: roles.iter().map(held).collect(),
    }
}

pub fn row(title: &str, state: State, next: Option<&'static str>) -> DeskRow {
    DeskRow {
        id: challenge_id(),
        number: "2026-1-07".into(),
        title: title.into(),
        issuer_shown: "贵州某矿业集团有限公司".into(),
        state,
        closes_at: Some(at("2026-12-20 18:00")),
        amount: Some(Fen(1_234_500_000)),
        next,
        updated_at: at("2026-11-20 09:00"),
    }
}

pub fn list_content() -> ListContent {
    ListContent {
        number: "2026-1".into(),
        title: Bilingual::new("2026 年第一批揭榜挂帅榜单", "First list of 2026"),
        introduction: Bilingual::new("面向**全国**征集。", "Open to all."),
        model: SelectionModel::HorseRace,
        gates: BidderGates {
            qualification: "具有独立法人资格。".into(),
            credit: "无失信记录。".into(),
            max_bids_per_unit: 2,
            earlier_winners_barred: true,
        },
    }
}

pub fn list(state: ListState) -> DeskList {
    DeskList {
        id: list_id(),
        content: list_content(),
        state,
        publish_at: (state == ListState::Scheduled).then(|| at("2026-12-01 09:00")),
        published_at: (state == ListState::Published).then(|| at("2026-11-01 09:00")),
        challenges: 2,
    }
}

pub fn list_page(state: ListState) -> DeskListPage {
    DeskListPage {
        list: list(state),
        version: 3,
        members: vec![row("重晶石绿色高效选矿", State::Approved, Some("complete_rule"))],
        candidates: vec![row("磷石膏高值化利用", State::Approved, Some("add_to_list"))],
        blockers: vec![(challenge_id(), "closes_at".into()), (challenge_id(), "rubric.criteria".into())],
    }
}

pub fn race_rule() -> Rule {
    let gate = |zh: &str, en: &str, due: &str, weight_permille, keep| Gate {
        title: Bilingual::new(zh, en),
        due: at(due),
        weight_permille,
        pass_mark_milli: 60_000,
        keep,
        rubric: None,
    };
    Rule {
        max_winners: 3,
        draw_commitment: "cd34".repeat(16),
        gates: vec![
            gate("样机验证", "Prototype check", "2027-06-30 18:00", 200, 3),
            gate("中试", "Pilot run", "2027-09-30 18:00", 300, 2),
            gate("现场应用", "Field use", "2027-12-31 18:00", 500, 1),
        ],
        ..Rule::policy_preset()
    }
}

const UNITS: [&str; 3] =
    ["江门新材料研究院", "南方理工大学", "国家重点矿产资源综合利用与绿色选矿技术创新中心"];
const EXPERTS: [&str; 5] = ["Ada Okafor", "佐藤健", "何静", "林涛", "马莉"];

fn sheet(bid: u32, seat: u32, gate: u32, missing: bool) -> DeskSheet {
    let open = missing && bid == 2 && seat == 4;
    DeskSheet {
        review: id::<ReviewId>(5, bid * 100 + gate * 10 + seat),
        seat: id::<SeatId>(4, seat),
        expert: EXPERTS[seat as usize].into(),
        gate,
        state: if open { ReviewState::Assigned } else { ReviewState::Submitted },
        total_milli: (!open).then(|| 70_000 + i64::from(bid) * 3_250 + i64::from(seat) * 500),
    }
}

/// Three bids; sheets of the selection when `sheets`, one of them open when `missing`.
pub fn bids(state: BidState, sheets: bool, missing: bool) -> Vec<DeskBid> {
    (1..=3u32)
        .map(|number| DeskBid {
            id: bid_id(number),
            title: format!("低碱浮选路线 {number}"),
            unit: UNITS[number as usize - 1].into(),
            state,
            submitted_at: Some(at("2026-04-14 17:59")),
            asked: Fen(180_500_000),
            eligibility_reason: if state == BidState::Ineligible {
                "缺少资质证明".into()
            } else {
                String::new()
            },
            sheets: if sheets {
                (0..5).map(|seat| sheet(number, seat, 0, missing)).collect()
            } else {
                Vec::new()
            },
            team_state: None,
        })
        .collect()
}

pub fn seats(count: u32) -> Vec<DeskSeat> {
    (0..count)
        .map(|number| DeskSeat {
            seat: id(4, number),
            person: id(1, 10 + number),
            name: EXPERTS[number as usize].into(),
            units: vec!["安顺学院".into(), "矿冶学会".into()],
            state: if number == 0 { SeatState::Seated } else { SeatState::Declared },
            declared_note: if number == 1 { "曾与南方理工大学合作".into() } else { String::new() },
            conflicts: u32::from(number == 1),
        })
        .collect()
}

pub fn decision() -> Decision {
    let ranked = |bid, rank, total_milli, outcome, tie: Option<TieBreak>| RankedBid {
        bid: bid_id(bid),
        rank,
        total_milli,
        per_criterion_milli: [total_milli + 1_000, total_milli - 500, total_milli, total_milli - 250].into(),
        sheets: 5,
        outcome,
        tie_broken_by: tie,
        first_places: 3 - rank,
    };
    let tie = Some(TieBreak::Criterion { key: "innovation".into() });
    Decision {
        ranking: Ranking {
            rows: vec![
                ranked(3, 1, 84_400, Outcome::Passed, tie.clone()),
                ranked(1, 2, 84_400, Outcome::Passed, tie),
                ranked(2, 3, 58_250, Outcome::BelowThreshold { key: "quality".into() }, None),
            ],
        },
        winners: vec![bid_id(3)],
        draw_seed: "5eed".repeat(16),
        rule_sha256: "ab12".repeat(16),
        reason: "专家组一致意见".into(),
    }
}

pub fn page(state: State) -> DeskChallengePage {
    let public = state.is_public();
    let opened = public && !state.is_sealed();
    let steps_here: Vec<Step> =
        TRANSITIONS.iter().filter(|(from, _, _)| *from == state).map(|(_, step, _)| *step).collect();
    DeskChallengePage {
        id: challenge_id(),
        number: if public { "2026-1-07".into() } else { String::new() },
        title: "重晶石绿色高效选矿关键技术".into(),
        amount: Some(Fen(300_000_000)),
        state,
        version: 5,
        list: public.then(|| (list_id(), list_content())),
        closes_at: public.then(|| at("2026-04-15 18:00")),
        publicity_ends_at: None,
        timeline: steps(),
        rule: race_rule(),
        rule_sha256: public.then(|| "ab12".repeat(16)),
        rule_typed: Default::default(),
        rule_problems: Vec::new(),
        steps: steps_here,
        bids: if opened { bids(BidState::Eligible, false, false) } else { Vec::new() },
        seats: Vec::new(),
        experts: Vec::new(),
        smallest_panel: 5,
        decision: None,
        stage: 0,
        sheets_missing: 0,
        gates: Vec::new(),
        race: None,
        history: vec![HistoryRow {
            at: at("2026-03-02 09:00"),
            who: String::new(),
            from: State::Approved,
            to: State::Published,
            note: String::new(),
        }],
    }
}

/// In review with five experts; one sheet open when `missing`.
pub fn in_review(missing: bool) -> DeskChallengePage {
    DeskChallengePage {
        bids: bids(BidState::Eligible, true, missing),
        seats: seats(5),
        sheets_missing: u32::from(missing),
        ..page(State::Review)
    }
}

pub fn decided(state: DecisionState) -> DeskChallengePage {
    let stage = if state == DecisionState::Proposed { State::Review } else { State::Decided };
    DeskChallengePage {
        decision: Some((state, decision())),
        steps: page(stage).steps,
        state: stage,
        ..in_review(false)
    }
}

/// Running, with the first gate decided and the second in the given state.
pub fn racing(second: GateState) -> DeskChallengePage {
    let gate = |number, state| DeskGate { number, state, sheets_missing: 0 };
    let mut bids = bids(BidState::Won, true, false);
    for (number, bid) in (1u32..).zip(&mut bids) {
        bid.sheets = (0..5).map(|seat| sheet(number, seat, 2, false)).collect();
    }
    DeskChallengePage {
        bids,
        seats: seats(5),
        stage: 2,
        gates: vec![gate(1, GateState::Decided), gate(2, second), gate(3, GateState::Waiting)],
        race: Some(board()),
        ..page(State::Running)
    }
}

pub fn need(state: State, edit: bool, settle: bool) -> NeedPage {
    let typed: Typed = [
        ("title", "重晶石绿色高效选矿关键技术"),
        ("domain", "mineral-resources"),
        ("issuer_shown", "某大型矿业企业"),
        ("contact", "凌云 0851-0000000"),
        ("background", "低品位矿占 **六成**，回收率不足 70%。"),
        ("research", "浮选药剂与流程。"),
        ("amount", "300"),
        ("period_months", "24"),
        ("indicators.0.name", "BaSO4 品位"),
        ("indicators.0.unit", "%"),
        ("indicators.0.completion", "≥ 95"),
        ("indicators.0.mandatory", "yes"),
        ("milestones.0.title", "小试"),
        ("milestones.0.month", "6"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    NeedPage {
        id: challenge_id(),
        state,
        typed,
        version: 4,
        saved_at: at("2026-11-20 09:00"),
        returned_reason: if state == State::Returned {
            "请补充考核方式".into()
        } else {
            String::new()
        },
        issuer_unit: "贵州重晶石科技有限公司".into(),
        may_edit: edit,
        may_settle: settle,
    }
}

pub fn account() -> AccountPage {
    let colleague = |number, name: &str, role, state| Colleague {
        membership: id(6, number),
        name: name.into(),
        email: format!("p{number}@unveil.test"),
        role,
        state,
    };
    AccountPage {
        name: "芮文".into(),
        email: "rui@unveil.test".into(),
        email_confirmed: true,
        locale: "zh-CN".into(),
        memberships: vec![MembershipRow {
            id: id::<MembershipId>(6, 1),
            organisation: id::<OrganisationId>(2, 1),
            organisation_name: "安顺市科学技术局".into(),
            kind: OrganisationKind::Authority,
            role: Role::Organiser,
            state: MembershipState::Active,
            expires_at: None,
            colleagues: vec![
                colleague(2, "Ada Okafor", Role::Expert, MembershipState::Active),
                colleague(3, "", Role::Auditor, MembershipState::Invited),
                colleague(4, "何静", Role::Expert, MembershipState::Suspended),
            ],
        }],
        sessions: Vec::new(),
        follows: Vec::new(),
    }
}

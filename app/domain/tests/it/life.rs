//! States and their transitions, deadlines, bids' promises and the gates of a race.

use domain::bid::{self, BidContent, BidState, BidTerms, STATEMENTS, falls_short};
use domain::challenge::{Indicator, MAIN_LINE, State, Step, TRANSITIONS, Typed, check_publishable};
use domain::decision;
use domain::id::BidId;
use domain::money::Fen;
use domain::race::{self, GateOutcome, GateState, RacingTeam};
use domain::refusal::{FieldError, Problem, Refusal};
use domain::rule::{Bilingual, Gate, Rule};
use domain::score::{Outcome, RankedBid, Ranking};
use domain::time::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

#[test]
fn every_step_from_every_state_is_in_the_table_or_refused() {
    for state in State::ALL {
        for step in Step::ALL {
            let listed: Vec<State> = TRANSITIONS
                .iter()
                .filter(|(from, by, _)| from == state && by == step)
                .map(|(_, _, to)| *to)
                .collect();
            match state.after(*step) {
                Ok(to) => assert_eq!(listed, [to]),
                Err(Refusal::WrongState { state: named }) => {
                    assert!(listed.is_empty());
                    assert_eq!(named, state.key());
                }
                Err(other) => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn the_main_line_can_be_walked_and_never_skips() {
    for pair in MAIN_LINE.windows(2) {
        assert!(TRANSITIONS.iter().any(|(from, _, to)| *from == pair[0] && *to == pair[1]), "{pair:?}");
    }
    for (from, step, to) in TRANSITIONS {
        let place = |state: &State| MAIN_LINE.iter().position(|known| known == state);
        if let (Some(from_place), Some(to_place)) = (place(from), place(to)) {
            // A returned need is proposed again from aside of the line; everything else moves by one.
            assert_eq!(to_place, from_place + 1, "{from:?} {step:?}");
        }
    }
}

proptest! {
    #[test]
    fn no_walk_reaches_money_without_a_decision_and_publicity(steps in prop::collection::vec(0..Step::ALL.len(), 0..60)) {
        let mut state = State::Draft;
        let mut seen = vec![state];
        for step in steps {
            if let Ok(next) = state.after(Step::ALL[step]) {
                state = next;
                seen.push(state);
            }
        }
        if seen.contains(&State::Awarded) {
            for needed in [State::Published, State::Closed, State::Opened, State::Eligibility, State::Review, State::Decided, State::Publicity] {
                prop_assert!(seen.contains(&needed));
            }
        }
    }
}

#[test]
fn publication_needs_a_complete_rule_and_a_deadline_ahead() {
    let now = Timestamp(1_000_000);
    let rule = Rule::policy_preset();
    assert_eq!(check_publishable(&rule, Some(now.plus_ms(1)), now), Ok(()));
    assert_eq!(check_publishable(&rule, Some(now), now), Err(Refusal::DeadlineInThePast));
    let missing = FieldError::new("closes_at", Problem::Required);
    assert_eq!(check_publishable(&rule, None, now), Err(Refusal::RuleIncomplete { fields: vec![missing] }));
    let mut uneven = rule;
    uneven.rubric.criteria[0].weight_permille += 1;
    let problem = FieldError::new("rubric.criteria", Problem::WeightsSum { sum: 1001 });
    assert_eq!(
        check_publishable(&uneven, Some(now.plus_ms(1)), now),
        Err(Refusal::RuleIncomplete { fields: vec![problem] })
    );
}

#[test]
fn the_deadline_is_inclusive_to_the_millisecond() {
    let closes = Some(Timestamp(5_000));
    let check = |state, now: i64, expected| {
        assert_eq!(bid::check_open_for_bids(state, closes, Timestamp(now)), expected, "{state:?} {now}");
    };
    check(State::Published, 4_999, Ok(()));
    check(State::Published, 5_000, Ok(()));
    check(State::Published, 5_001, Err(Refusal::DeadlinePassed));
    check(State::Closed, 4_999, Err(Refusal::DeadlinePassed));
    check(State::Approved, 1, Err(Refusal::WrongState { state: "approved".to_owned() }));
}

#[test]
fn bids_move_only_as_they_may() {
    use BidState as S;
    assert_eq!(S::Draft.submit(), Ok(S::Submitted));
    assert_eq!(S::Withdrawn.submit(), Ok(S::Submitted));
    assert!(S::Eligible.submit().is_err());
    assert_eq!(S::Draft.withdraw(), Err(Refusal::NotASubmittedBid));
    assert_eq!(S::Submitted.withdraw(), Ok(S::Withdrawn));
    assert_eq!(S::Submitted.settle_eligibility(false, " "), Err(Refusal::ReasonNeeded));
    assert_eq!(S::Ineligible.settle_eligibility(true, ""), Ok(S::Eligible));
    assert_eq!(S::Withdrawn.settle_eligibility(true, ""), Err(Refusal::NotASubmittedBid));
}

#[test]
fn a_promise_is_compared_by_its_number_in_the_asked_direction() {
    for (promised, asked, lower, short) in [
        ("≥ 95 %", "≥ 95 %", false, false),
        ("94.9%", "≥ 95 %", false, true),
        ("96", "≥95", false, false),
        ("3.1", "≤ 3", false, true),
        ("2", "≤ 3", false, false),
        ("12", "10", true, true),
        ("1,200", "≥ 1000", false, false),
        ("grade A", "grade B", false, false),
        ("不低于 80", "不低于 85", false, true),
        ("-5", "-10", true, true),
    ] {
        assert_eq!(falls_short(promised, asked, lower), short, "{promised} for {asked}");
    }
}

fn bid_form() -> Typed {
    let mut typed: Typed = [
        ("title", "方案"),
        ("abstract_text", "摘要"),
        ("route", "路线"),
        ("plan", "计划"),
        ("promises.0.value", "96"),
        ("budget.0.category", "equipment"),
        ("budget.0.source", "award"),
        ("budget.0.purpose", "设备"),
        ("budget.0.amount", "60"),
        ("budget.1.category", "labour"),
        ("budget.1.source", "self_raised"),
        ("budget.1.purpose", "人员"),
        ("budget.1.amount", "40.5"),
        // A row of select boxes at their default is no row.
        ("budget.2.category", "other"),
        ("budget.2.source", "award"),
        ("budget_total", "100.5"),
        ("team.0.name", "陈立"),
        ("signed_by", "陈立"),
    ]
    .into_iter()
    .map(|(field, value)| (field.to_owned(), value.to_owned()))
    .collect();
    for statement in STATEMENTS {
        typed.insert(format!("statements.{statement}"), "yes".to_owned());
    }
    typed
}

fn problems(change: impl FnOnce(&mut Typed)) -> Vec<FieldError> {
    let mut typed = bid_form();
    change(&mut typed);
    let indicators = [Indicator {
        name: "回收率".into(),
        completion: "≥ 95".into(),
        unit: "%".into(),
        mandatory: true,
        ..Indicator::default()
    }];
    let terms = BidTerms {
        indicators: &indicators,
        ceiling: Some(Fen::parse_wan("80").unwrap()),
        max_partners: 1,
        signer: "陈立",
    };
    match BidContent::parse(&typed, &terms) {
        Ok(content) => {
            assert_eq!(content.budget.len(), 2);
            assert_eq!(content.hash().len(), 64);
            Vec::new()
        }
        Err(refusal) => refusal.fields().to_vec(),
    }
}

#[test]
fn every_problem_of_a_bid_is_named_at_its_field() {
    let set = |field: &'static str, value: &'static str| {
        move |typed: &mut Typed| drop(typed.insert(field.to_owned(), value.to_owned()))
    };
    assert_eq!(problems(|_| {}), vec![]);
    let unbalanced = Problem::BudgetDoesNotAddUp { lines_fen: 100_500_000, total_fen: 100_000_000 };
    assert_eq!(problems(set("budget_total", "100")), [FieldError::new("budget_total", unbalanced)]);
    let below = Problem::BelowMandatoryIndicator { required: "≥ 95 %".to_owned() };
    assert_eq!(problems(set("promises.0.value", "94")), [FieldError::new("promises.0.value", below)]);
    assert_eq!(problems(set("signed_by", "别人")), [FieldError::new("signed_by", Problem::SignatureDiffers)]);
    let unticked = FieldError::new("statements.no_secrets", Problem::Unticked);
    assert_eq!(problems(|typed| drop(typed.remove("statements.no_secrets"))), [unticked]);
    assert_eq!(
        problems(set("partners", "甲\n乙")),
        [FieldError::new("partners", Problem::TooMany { max: 1 })]
    );
    assert_eq!(problems(set("title", "a\u{7}b")), [FieldError::new("title", Problem::ControlCharacter)]);
    assert_eq!(problems(set("route", "</textarea><script>alert(1)</script>")), vec![]);
    let long: &'static str = Box::leak("长".repeat(10_000).into_boxed_str());
    let too_long = Problem::TooLong { max: 200, actual: 10_000 };
    assert_eq!(problems(set("title", long)), [FieldError::new("title", too_long)]);
}

#[test]
fn award_waits_for_publicity_in_working_days() {
    let start = Timestamp::parse_official("2023-04-27T10:00").unwrap();
    let period = decision::publicity_period(&Rule::policy_preset(), start).unwrap();
    assert!(period.known);
    assert_eq!(period.ends_at.official_text(), "2023-05-06 23:59");
    let wait = decision::check_awardable(State::Publicity, Some(period.ends_at), period.ends_at);
    assert_eq!(wait, Err(Refusal::PublicityRunning));
    let after = period.ends_at.plus_ms(1);
    assert_eq!(decision::check_awardable(State::Publicity, Some(period.ends_at), after), Ok(()));
    assert!(decision::check_awardable(State::Review, Some(period.ends_at), after).is_err());
}

fn race_rule() -> Rule {
    let gate = |weight_permille, keep, due| Gate {
        title: Bilingual::new("关", "gate"),
        due: Timestamp(due),
        weight_permille,
        pass_mark_milli: 60_000,
        keep,
        rubric: None,
    };
    Rule { max_winners: 3, gates: vec![gate(400, 2, 1), gate(600, 1, 2)], ..Rule::policy_preset() }
}

fn team(number: u128, earlier: &[i64]) -> RacingTeam {
    RacingTeam { bid: BidId(Uuid::from_u128(number)), earlier_totals_milli: earlier.to_vec() }
}

fn ranking(totals: &[(u128, i64)]) -> Ranking {
    let rows = totals.iter().zip(1u32..).map(|((number, total), rank)| RankedBid {
        bid: BidId(Uuid::from_u128(*number)),
        rank,
        total_milli: *total,
        per_criterion_milli: Default::default(),
        sheets: 5,
        outcome: if *total >= 60_000 { Outcome::Passed } else { Outcome::BelowPassMark },
        tie_broken_by: None,
        first_places: 0,
    });
    Ranking { rows: rows.collect() }
}

#[test]
fn a_gate_keeps_the_best_who_pass_and_cuts_the_rest() {
    let teams = [team(1, &[]), team(2, &[]), team(3, &[])];
    let lines =
        race::decide_gate(&race_rule(), 1, &teams, &ranking(&[(2, 90_000), (1, 80_000), (3, 79_999)]))
            .unwrap();
    let outcomes: Vec<(u128, GateOutcome)> =
        lines.iter().map(|line| (line.bid.0.as_u128(), line.outcome)).collect();
    assert_eq!(outcomes, [(2, GateOutcome::Continue), (1, GateOutcome::Continue), (3, GateOutcome::Cut)]);
    assert_eq!(lines[0].cumulative_milli, 36_000);
    let lines =
        race::decide_gate(&race_rule(), 1, &teams, &ranking(&[(2, 59_999), (1, 59_000), (3, 10_000)]))
            .unwrap();
    assert!(lines.iter().all(|line| line.outcome == GateOutcome::Cut), "nobody passes, nobody goes on");
}

#[test]
fn the_last_gate_has_one_winner_by_the_cumulative_score() {
    let teams = [team(1, &[90_000]), team(2, &[70_000])];
    // 1: 0.4*90 + 0.6*70 = 78; 2: 0.4*70 + 0.6*80 = 76: the better last gate does not win.
    let lines = race::decide_gate(&race_rule(), 2, &teams, &ranking(&[(2, 80_000), (1, 70_000)])).unwrap();
    assert_eq!(lines[0].bid, BidId(Uuid::from_u128(1)));
    assert_eq!((lines[0].cumulative_milli, lines[0].outcome), (78_000, GateOutcome::Won));
    assert_eq!((lines[1].cumulative_milli, lines[1].outcome), (76_000, GateOutcome::Cut));
}

#[test]
fn standings_on_the_way_are_compared_before_they_are_rounded() {
    let mut rule = race_rule();
    let weights = [100, 100, 800];
    rule.gates = (1..)
        .zip(weights)
        .map(|(at, weight)| Gate {
            weight_permille: weight,
            keep: 1,
            due: Timestamp(at),
            ..rule.gates[0].clone()
        })
        .collect();
    // 0.1*70 + 0.1*80 = 15.000 and 0.1*80.04 + 0.1*70 = 15.004: both are shown as 15.00, and the gate's own order is
    // the other way round.
    let teams = [team(1, &[70_000]), team(2, &[80_040])];
    let lines = race::decide_gate(&rule, 2, &teams, &ranking(&[(1, 80_000), (2, 70_000)])).unwrap();
    let seen: Vec<(u128, i64, GateOutcome)> =
        lines.iter().map(|line| (line.bid.0.as_u128(), line.cumulative_milli, line.outcome)).collect();
    assert_eq!(seen, [(2, 15_000, GateOutcome::Continue), (1, 15_000, GateOutcome::Cut)]);
    // Equal standings follow the gate's own order.
    let teams = [team(1, &[70_000]), team(2, &[80_000])];
    let lines = race::decide_gate(&rule, 2, &teams, &ranking(&[(1, 80_000), (2, 70_000)])).unwrap();
    assert_eq!(lines[0].bid, teams[0].bid);
}

#[test]
fn a_team_without_a_total_for_each_gate_before_decides_nothing() {
    for earlier in [&[][..], &[70_000, 70_000]] {
        let teams = [team(1, &[80_000]), team(2, earlier)];
        let decided = race::decide_gate(&race_rule(), 2, &teams, &ranking(&[(1, 80_000), (2, 70_000)]));
        assert_eq!(decided, Err(Refusal::ReviewsMissing { missing: 1 }));
    }
}

#[test]
fn gates_open_in_order_and_only_for_racing_teams() {
    let rule = race_rule();
    assert_eq!(race::check_open_gate(&rule, &[], 1, 3), Ok(()));
    assert_eq!(race::check_open_gate(&rule, &[GateState::Open], 2, 3), Err(Refusal::GateBeforeOpen));
    assert_eq!(race::check_open_gate(&rule, &[GateState::Decided], 2, 3), Ok(()));
    assert_eq!(race::check_open_gate(&rule, &[GateState::Decided], 2, 0), Err(Refusal::TooFewTeams));
    assert_eq!(race::check_open_gate(&rule, &[], 3, 3), Err(Refusal::NoGates));
    assert!(race::check_open_gate(&rule, &[GateState::Decided], 1, 3).is_err());
    let missing = race::decide_gate(&rule, 1, &[team(1, &[]), team(9, &[])], &ranking(&[(1, 70_000)]));
    assert_eq!(missing, Err(Refusal::ReviewsMissing { missing: 1 }));
}

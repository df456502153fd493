//! A challenge's own pages on the desk: its steps, rule, eligibility, panel, scores, decision and gates.

use app::catalogue::t;
use app::components::Echo;
use app::pages::desk::*;
use app::text::Locale;
use domain::actor::Role;
use domain::bid::BidState;
use domain::challenge::State;
use domain::decision::DecisionState;
use domain::race::{GateState, TeamState};
use domain::refusal::{FieldError, Problem};
use domain::rule_form;
use domain::time::DAY_MS;
use domain::view::desk::*;

use crate::desk::{lacks, organiser};
use crate::desk_sample::*;
use crate::public::{NASTY, check, html};
use crate::sample::bid_id;

#[test]
fn a_sealed_challenge_shows_no_bids_and_only_its_steps() {
    for locale in Locale::ALL {
        let html = html(move || {
            challenge::draw(locale, &organiser(), &page(State::Published), NOW, &Echo::default())
        });
        check(
            &html,
            &["value=\"close\"", "value=\"cancel\"", "name=\"note\"", t(locale, "desk.challenge.sealed")],
        );
        lacks(&html, &["value=\"open\"", "低碱浮选", t(locale, "desk.challenge.bids")]);
    }
}

#[test]
fn every_state_draws_on_every_page() {
    for state in State::ALL {
        for locale in Locale::ALL {
            let page = page(*state);
            let html = html(move || {
                use leptos::prelude::IntoAny;
                let (who, echo) = (organiser(), Echo::default());
                (
                    challenge::draw(locale, &who, &page, NOW, &echo),
                    rule::draw(locale, &who, &page, &echo),
                    eligibility::draw(locale, &who, &page, &echo),
                    panel::draw(locale, &who, &page, &echo),
                    scores::draw(locale, &page),
                    decision::draw(locale, &who, &page, &echo),
                    gate::draw(locale, &who, &page, 1),
                )
                    .into_any()
            });
            assert!(html.contains("<h1>"));
        }
    }
}

#[test]
fn an_auditor_sees_the_same_without_a_button() {
    let auditor = || actor(&[Role::Auditor]);
    let pages = [
        page(State::Eligibility),
        in_review(false),
        decided(DecisionState::Proposed),
        racing(GateState::Open),
    ];
    for page in pages {
        let html = html(move || {
            use leptos::prelude::IntoAny;
            let echo = Echo::default();
            (
                challenge::draw(Locale::En, &auditor(), &page, NOW, &echo),
                eligibility::draw(Locale::En, &auditor(), &page, &echo),
                panel::draw(Locale::En, &auditor(), &page, &echo),
                decision::draw(Locale::En, &auditor(), &page, &echo),
                gate::draw(Locale::En, &auditor(), &page, 2),
            )
                .into_any()
        });
        lacks(&html, &["action=\"/api"]);
    }
}

#[test]
fn the_rule_form_holds_every_field_and_sums_the_weights() {
    for locale in Locale::ALL {
        let html = html(move || rule::draw(locale, &organiser(), &page(State::Approved), &Echo::default()));
        for name in rule_form::to_typed(&race_rule()).keys() {
            assert!(html.contains(&format!("name=\"{name}\"")), "no field {name}");
        }
        check(
            &html,
            &[
                "name=\"number\"",
                "name=\"closes_at\"",
                "name=\"criteria.6.weight\"",
                "name=\"gates.5.due\"",
                "1000‰",
            ],
        );
        lacks(&html, &["name=\"criteria.7.weight\""]);
    }
}

#[test]
fn problems_of_the_rule_stand_at_their_fields() {
    let mut approved = page(State::Approved);
    approved.rule.rubric.criteria[0].weight_permille = 299;
    approved.rule_problems = vec![
        FieldError::new("rubric.criteria", Problem::WeightsSum { sum: 999 }),
        FieldError::new("rubric.criteria.1.threshold", Problem::OutsideScale),
        FieldError::new("closes_at", Problem::Required),
        FieldError::new("gates.2.keep", Problem::OutOfRange { min: 1, max: 1 }),
    ];
    for locale in Locale::ALL {
        let approved = approved.clone();
        let html = html(move || rule::draw(locale, &organiser(), &approved, &Echo::default()));
        for field in ["number", "criteria", "criteria-1-threshold", "closes-at", "gates-2-keep"] {
            check(&html, &[&format!("href=\"#field-{field}\""), &format!("id=\"field-{field}\"")]);
        }
        check(&html, &["999"]);
    }
}

#[test]
fn eligibility_asks_for_a_conclusion_on_each_bid() {
    let mut page = page(State::Eligibility);
    page.bids = bids(BidState::Submitted, false, false);
    page.bids[1].state = BidState::Ineligible;
    page.bids[1].eligibility_reason = NASTY.into();
    for locale in Locale::ALL {
        let page = page.clone();
        let html = html(move || eligibility::draw(locale, &organiser(), &page, &Echo::default()));
        check(
            &html,
            &[
                "data-state=\"submitted\"",
                "name=\"eligible\" value=\"true\"",
                "name=\"eligible\" value=\"false\"",
                &format!("id=\"reason-{}\"", bid_id(1)),
                &format!("/desk/bids/{}/read", bid_id(1)),
                "具有独立法人资格",
                t(locale, "desk.eligibility.unsettled"),
            ],
        );
    }
}

#[test]
fn the_panel_says_what_keeps_the_review_from_starting() {
    let draw = |page: DeskChallengePage| {
        html(move || panel::draw(Locale::En, &organiser(), &page, &Echo::default()))
    };
    let mut page = page(State::Eligibility);
    page.experts = vec![ExpertChoice {
        person: "01890000-0000-7000-8000-000000000099".parse().unwrap(),
        name: "马莉".into(),
        units: vec!["安顺学院".into()],
        load: 3,
    }];
    page.seats = seats(4);
    let few = draw(page.clone());
    check(&few, &["4", "/api/panel/seat", "/api/panel/unseat", "must reach its size"]);
    lacks(&few, &["/api/panel/start_review"]);
    page.seats = seats(5);
    let ready = draw(page.clone());
    check(&ready, &["/api/panel/start_review", "name=\"due\"", "not declared yet: 1"]);
    page.bids[0].state = BidState::Submitted;
    lacks(&draw(page), &["/api/panel/start_review"]);
}

#[test]
fn there_is_no_ranking_before_all_scores_are_in() {
    let missing = html(|| scores::draw(Locale::En, &in_review(true)));
    check(&missing, &["Sheets still missing: 1", "To be scored", "Ada Okafor"]);
    lacks(&missing, &["Rank"]);
    let undecided = html(|| decision::draw(Locale::En, &organiser(), &in_review(true), &Echo::default()));
    lacks(&undecided, &["/api/decision"]);
    let complete = html(|| decision::draw(Locale::En, &organiser(), &in_review(false), &Echo::default()));
    check(&complete, &["/api/decision/propose"]);
}

#[test]
fn a_proposed_decision_is_shown_with_its_letters_and_without_its_seed() {
    for locale in Locale::ALL {
        let html = html(move || {
            decision::draw(locale, &organiser(), &decided(DecisionState::Proposed), &Echo::default())
        });
        check(
            &html,
            &[
                "/api/decision/apply",
                "/api/decision/propose",
                "84.40",
                "58.25",
                t(locale, "desk.decision.winner"),
            ],
        );
        lacks(&html, &[&"5eed".repeat(16)]);
        assert!(html.contains(t(locale, "outcome.below_threshold")));
    }
    let applied = html(|| {
        decision::draw(Locale::ZhCn, &organiser(), &decided(DecisionState::Applied), &Echo::default())
    });
    check(&applied, &["value=\"publicise\"", &"5eed".repeat(16)]);
    lacks(&applied, &["/api/decision"]);
}

#[test]
fn gates_are_opened_scored_and_decided_in_order() {
    let draw =
        |page: DeskChallengePage, number| html(move || gate::draw(Locale::ZhCn, &organiser(), &page, number));
    check(&draw(racing(GateState::Waiting), 2), &["/api/race/open_gate", "name=\"gate\" value=\"2\""]);
    lacks(&draw(racing(GateState::Waiting), 3), &["/api/race"]);
    check(&draw(racing(GateState::Open), 2), &["/api/race/decide_gate", "Ada Okafor"]);
    let decided = draw(racing(GateState::Decided), 1);
    check(&decided, &["江门新材料研究院", "86.20", "晋级"]);
    lacks(&decided, &["/api/race"]);
}

#[test]
fn steps_wait_for_the_calendar_and_for_what_they_need() {
    let draw = |page: DeskChallengePage, now| {
        html(move || challenge::draw(Locale::En, &organiser(), &page, now, &Echo::default()))
    };
    let early = draw(page(State::Published), NOW.plus_ms(-60 * DAY_MS));
    lacks(&early, &["value=\"close\""]);
    check(&early, &["Not before", "2026-04-15 18:00"]);
    let publicity = DeskChallengePage { publicity_ends_at: Some(NOW), ..page(State::Publicity) };
    lacks(&draw(publicity.clone(), NOW), &["value=\"award\""]);
    check(&draw(publicity, NOW.plus_ms(1)), &["value=\"award\""]);
    let mut eligibility = page(State::Eligibility);
    lacks(&draw(eligibility.clone(), NOW), &["value=\"declare_no_valid_bid\""]);
    eligibility.bids = bids(BidState::Ineligible, false, false);
    check(&draw(eligibility, NOW), &["value=\"declare_no_valid_bid\""]);
    let mut racing = racing(GateState::Decided);
    lacks(&draw(racing.clone(), NOW), &["value=\"start_acceptance\""]);
    racing.bids[0].team_state = Some(TeamState::Won);
    check(&draw(racing, NOW), &["value=\"start_acceptance\"", "value=\"terminate\""]);
}

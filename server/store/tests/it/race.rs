//! The whole life in the store, and the race at its end.

use domain::bid::BidState;
use domain::challenge::{State, Step};
use domain::id::{BidId, ChallengeId};
use domain::notice::Notice;
use domain::race::{GateState, TeamState};
use domain::refusal::Refusal;
use domain::rule::hex;
use domain::score::rank;
use domain::time::{DAY_MS, Timestamp};
use entity::{gate_line, racing_team};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use sha2::{Digest, Sha256};
use store::command::{race, steps};
use store::query;
use store::query::scores::panel_scores;
use testkit::World;
use testkit::samples::{panel_rule, race_rule};

use crate::bid_support::{
    CLOSES, decide, notices, open_challenge, refusal, run_project, score_all, sheets, start_review, step,
    submit,
};

/// Three teams racing.
async fn racing(world: &World) -> (ChallengeId, [BidId; 3]) {
    let id = open_challenge(world, &race_rule(CLOSES)).await;
    let mut bids = Vec::new();
    for (who, title) in [("chen", "Alpha"), ("zhao", "Beta"), ("sun", "Gamma")] {
        bids.push(submit(world, who, id, title).await.0);
    }
    start_review(world, id, &bids).await;
    score_all(world, 0, &[("Alpha", "80"), ("Beta", "75"), ("Gamma", "70")]).await;
    decide(world, id).await;
    run_project(world, id).await;
    (id, [bids[0], bids[1], bids[2]])
}

/// What the board shows of the seeds that the gates drew from, as bytes.
async fn shown_seeds(world: &World, id: ChallengeId) -> Vec<Option<Vec<u8>>> {
    let board = query::public::race(&world.store, &world.actor("public"), id).await.unwrap();
    let bytes = |hex: String| {
        (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap()).collect()
    };
    board.gates.into_iter().map(|gate| gate.draw_seed.map(bytes)).collect()
}

async fn team(world: &World, bid: BidId) -> (TeamState, Option<i64>, Option<i64>) {
    let row = racing_team::Entity::find_by_id(bid.0).one(world.connection()).await.unwrap().unwrap();
    (TeamState::from_key(&row.state).unwrap(), row.left_at, row.cumulative_milli)
}

testkit::both! {
    /// Need, list, bids, opening, eligibility, panel, decision, publicity, award, two gates, a winner.
    async fn from_bid_to_race_winner(world) {
        let (id, [alpha, beta, gamma]) = racing(world).await;
        let (store, rui) = (&world.store, world.actor("rui"));
        for who in ["chen", "zhao", "sun"] {
            for kind in ["bid_receipt", "bid_opened", "bid_eligible", "result", "publicity", "awarded"] {
                assert_eq!(notices(world, who, kind).await.len(), 1, "{who} {kind}");
            }
        }
        let waiting = query::desk::organiser(store, &rui).await.unwrap().waiting;
        assert_eq!(waiting[0].next, Some("open_gate"));
        assert_eq!(refusal(race::decide_gate(store, &rui, id, 1).await), Refusal::GateNotOpen);
        assert_eq!(refusal(race::open_gate(store, &rui, id, 2).await), Refusal::GateBeforeOpen);
        assert_eq!(refusal(race::open_gate(store, &rui, id, 3).await), Refusal::NoGates);
        assert_eq!(refusal(race::open_gate(store, &world.actor("chen"), id, 1).await), Refusal::NotFound);
        race::open_gate(store, &rui, id, 1).await.unwrap();
        let again = refusal(race::open_gate(store, &rui, id, 1).await);
        assert_eq!(again, Refusal::WrongState { state: "open".to_owned() });
        let missing = refusal(race::decide_gate(store, &rui, id, 1).await);
        assert_eq!(missing, Refusal::ReviewsMissing { missing: 15 });
        let desk = query::desk::challenge(store, &rui, id).await.unwrap();
        assert_eq!((desk.stage, desk.sheets_missing), (1, 15));
        assert_eq!(desk.gates[0].state, GateState::Open);
        score_all(world, 1, &[("Alpha", "70"), ("Beta", "90"), ("Gamma", "65")]).await;
        assert_eq!(query::desk::organiser(store, &rui).await.unwrap().waiting[0].next, Some("decide_gate"));
        race::decide_gate(store, &rui, id, 1).await.unwrap();
        // Gate 1 weighs 0.4: a cumulative score grows to its full height at the last gate.
        assert_eq!(team(world, beta).await, (TeamState::Racing, None, Some(36_000)));
        assert_eq!(team(world, alpha).await, (TeamState::Racing, None, Some(28_000)));
        assert_eq!(team(world, gamma).await, (TeamState::Cut, Some(1), Some(26_000)));
        let letters = notices(world, "sun", "gate_result").await;
        let [Notice::GateResult { rank: 3, of: 3, outcome, gate_title, .. }] = letters.as_slice() else {
            panic!("{letters:?}")
        };
        assert_eq!((outcome.as_str(), gate_title.as_str()), ("cut", "小试"));
        refusal(steps::step(store, &rui, id, Step::StartAcceptance, "").await);
        race::open_gate(store, &rui, id, 2).await.unwrap();
        assert_eq!(sheets(world, "okafor", 2).await.len(), 2);
        score_all(world, 2, &[("Alpha", "88"), ("Beta", "80")]).await;
        race::decide_gate(store, &rui, id, 2).await.unwrap();
        // 0.4 x 90 + 0.6 x 80 = 84; 0.4 x 70 + 0.6 x 88 = 80.8.
        assert_eq!(team(world, beta).await, (TeamState::Won, None, Some(84_000)));
        assert_eq!(team(world, alpha).await, (TeamState::Cut, Some(2), Some(80_800)));
        assert_eq!(notices(world, "zhao", "winner").await.len(), 1);
        assert_eq!(notices(world, "chen", "winner").await.len(), 0);
        assert_eq!(notices(world, "sun", "gate_result").await.len(), 1);
        let lines = gate_line::Entity::find().order_by_asc(gate_line::Column::Gate).all(world.connection());
        assert_eq!(lines.await.unwrap().len(), 5);
        step(world, id, Step::StartAcceptance).await;
        step(world, id, Step::Finish).await;
        let desk = query::desk::challenge(store, &rui, id).await.unwrap();
        assert_eq!(desk.state, State::Finished);
        let own = query::bid::own_bids(store, &world.actor("zhao")).await.unwrap();
        assert_eq!((own[0].state, own[0].challenge_state), (BidState::Won, State::Finished));
    }

    /// Whoever scores a gate cannot know who wins its draws: each gate's seed is shown when it is decided, and was promised
    /// before anybody bid.
    async fn every_gate_draws_from_a_seed_that_nobody_knew_before(world) {
        let (id, _) = racing(world).await;
        let (store, rui) = (&world.store, world.actor("rui"));
        let results = query::public::results(store, None).await.unwrap();
        let selection = results.rows[0].draw_seed.clone();
        let number = results.rows[0].number.clone();
        let exported = async |gate: u32| panel_scores(store, &number, gate).await.unwrap().unwrap().draw_seed;
        assert_eq!(exported(0).await.as_ref(), Some(&selection));
        let mut before = selection;
        for gate in [1, 2] {
            race::open_gate(store, &rui, id, gate).await.unwrap();
            score_all(world, gate, &[]).await;
            assert_eq!(exported(gate).await, None, "not before gate {gate} is decided");
            assert!(shown_seeds(world, id).await.iter().skip(gate as usize - 1).all(Option::is_none));
            race::decide_gate(store, &rui, id, gate).await.unwrap();
            let seed = shown_seeds(world, id).await[gate as usize - 1].clone().unwrap();
            assert_eq!(hex(&Sha256::digest(&seed)), before, "gate {gate} was bound by what was known");
            before = hex(&seed);
            assert_eq!(exported(gate).await.as_ref(), Some(&before));
            // Everybody has the same points: the draw alone decides.
            let scores = panel_scores(store, &number, gate).await.unwrap().unwrap();
            let bids: Vec<BidId> = scores.bids.iter().map(|bid| bid.id).collect();
            let drawn = rank(&scores.rule, gate, &scores.sheets, &bids, &seed).unwrap();
            let board = query::public::race(store, &rui, id).await.unwrap();
            for row in &drawn.rows {
                let lane = board.lanes.iter().find(|lane| lane.bid == row.bid).unwrap();
                assert_eq!(lane.gates[gate as usize - 1].rank, row.rank);
            }
            assert!(board.lanes.windows(2).all(|pair| pair[0].gates.last().unwrap().rank
                < pair[1].gates.last().unwrap().rank
                || pair[0].state != pair[1].state));
        }
    }

    /// A team that leaves is out of the gate; its open sheets go; the rest race on.
    async fn a_team_withdraws(world) {
        let (id, [alpha, beta, gamma]) = racing(world).await;
        let (store, rui) = (&world.store, world.actor("rui"));
        race::open_gate(store, &rui, id, 1).await.unwrap();
        for other in ["zhao", "rui", "stranger"] {
            let refused = refusal(race::withdraw(store, &world.actor(other), alpha).await);
            assert_eq!(refused, Refusal::NotFound, "{other}");
        }
        race::withdraw(store, &world.actor("chen"), alpha).await.unwrap();
        let again = refusal(race::withdraw(store, &world.actor("chen"), alpha).await);
        assert_eq!(again, Refusal::TeamNotRacing);
        assert_eq!(team(world, alpha).await, (TeamState::Withdrawn, Some(1), None));
        assert_eq!(sheets(world, "okafor", 1).await.len(), 2);
        let number = world.challenge(id).await.number.unwrap();
        let exported = async || -> Vec<BidId> {
            let scores = panel_scores(store, &number, 1).await.unwrap().unwrap();
            scores.bids.iter().map(|bid| bid.id).collect()
        };
        assert_eq!(exported().await, [beta, gamma], "who left takes no part, outside as here");
        score_all(world, 1, &[("Beta", "55"), ("Gamma", "61")]).await;
        race::decide_gate(store, &rui, id, 1).await.unwrap();
        assert_eq!(exported().await, [beta, gamma]);
        // 55 is below the gate's pass mark of 60, although two may go on.
        assert_eq!(team(world, beta).await, (TeamState::Cut, Some(1), Some(22_000)));
        race::withdraw(store, &world.actor("sun"), gamma).await.unwrap();
        assert_eq!(team(world, gamma).await, (TeamState::Withdrawn, Some(2), Some(24_400)));
        assert_eq!(refusal(race::open_gate(store, &rui, id, 2).await), Refusal::TooFewTeams);
        assert_eq!(notices(world, "chen", "gate_result").await.len(), 0);
        let lines = gate_line::Entity::find().filter(gate_line::Column::BidId.eq(alpha.0));
        assert!(lines.all(world.connection()).await.unwrap().is_empty());
    }

    /// Without gates there is no race.
    async fn no_gates_no_race(world) {
        let id = open_challenge(world, &panel_rule()).await;
        let (own, _) = submit(world, "chen", id, "Only").await;
        start_review(world, id, &[own]).await;
        score_all(world, 0, &[]).await;
        let (store, rui) = (&world.store, world.actor("rui"));
        let early = refusal(race::open_gate(store, &rui, id, 1).await);
        assert_eq!(early, Refusal::WrongState { state: "review".to_owned() });
        decide(world, id).await;
        run_project(world, id).await;
        assert_eq!(refusal(race::open_gate(store, &rui, id, 1).await), Refusal::NoGates);
        assert_eq!(refusal(race::withdraw(store, &world.actor("chen"), own).await), Refusal::TeamNotRacing);
        let waiting = query::desk::organiser(store, &rui).await.unwrap().waiting;
        assert_eq!(waiting[0].next, Some("start_acceptance"));
    }

    /// The desk says what waits, step by step, and pages through everything.
    async fn the_desk_knows_what_waits(world) {
        let (store, rui) = (&world.store, world.actor("rui"));
        let next = async || {
            let desk = query::desk::organiser(store, &rui).await.unwrap();
            desk.waiting.first().and_then(|row| row.next)
        };
        assert_eq!(next().await, None);
        let id = open_challenge(world, &panel_rule()).await;
        assert_eq!(next().await, None);
        let (own, _) = submit(world, "chen", id, "Only").await;
        world.set_time(Timestamp(CLOSES.0 + DAY_MS)).await;
        assert_eq!(next().await, Some("close"));
        step(world, id, Step::Close).await;
        assert_eq!(next().await, Some("open"));
        step(world, id, Step::Open).await;
        assert_eq!(next().await, Some("start_eligibility"));
        step(world, id, Step::StartEligibility).await;
        assert_eq!(next().await, Some("settle_eligibility"));
        store::command::panel::settle_eligibility(store, &rui, own, true, "").await.unwrap();
        assert_eq!(next().await, Some("seat_panel"));
        crate::bid_support::seat_panel(world, id).await;
        assert_eq!(next().await, Some("start_review"));
        store::command::panel::start_review(store, &rui, id, None).await.unwrap();
        assert_eq!(next().await, None);
        score_all(world, 0, &[]).await;
        assert_eq!(next().await, Some("propose_decision"));
        store::command::decision::propose(store, &rui, id, "").await.unwrap();
        assert_eq!(next().await, Some("apply_decision"));
        store::command::decision::apply(store, &rui, id).await.unwrap();
        assert_eq!(next().await, Some("publicise"));
        let page = query::desk::challenges(store, &rui, Some(State::Decided), None).await.unwrap();
        assert_eq!((page.rows.len(), page.next), (1, None));
        let none = query::desk::challenges(store, &rui, None, Some(&id.to_string())).await.unwrap();
        assert_eq!(none.rows, vec![]);
        assert_eq!(refusal(query::desk::organiser(store, &world.actor("ling")).await), Refusal::NotFound);
        assert_eq!(refusal(query::desk::needs(store, &world.actor("public")).await), Refusal::SignInNeeded);
    }
}

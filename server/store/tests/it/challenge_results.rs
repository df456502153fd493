//! What the public sees of a result and a race, and whom the clock reminds.

use domain::challenge::{State, Step};
use domain::id::{BidId, ChallengeId};
use domain::notice::Notice;
use domain::refusal::Refusal;
use domain::rule::{Rule, hex};
use domain::time::{DAY_MS, MINUTE_MS, Timestamp};
use domain::view::public::Standing;
use entity::review;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};
use store::command::{clock, race, steps};
use store::query::public;
use testkit::World;
use testkit::samples::{panel_rule, race_rule};

use crate::bid_support::{
    CLOSES, decide, notices, open_challenge, refusal, run_project, score_all, start_review, step, submit,
};

/// Chen before Zhao, decided but not yet public.
async fn decided(world: &World, rule: &Rule) -> (ChallengeId, [BidId; 2]) {
    let id = open_challenge(world, rule).await;
    let alpha = submit(world, "chen", id, "Alpha").await.0;
    let beta = submit(world, "zhao", id, "Beta").await.0;
    start_review(world, id, &[alpha, beta]).await;
    score_all(world, 0, &[("Alpha", "90"), ("Beta", "80")]).await;
    decide(world, id).await;
    (id, [alpha, beta])
}

testkit::both! {
    async fn a_result_is_seen_from_publicity_on_and_the_award_waits(world) {
        let (store, rui, reader) = (&world.store, world.actor("rui"), world.actor("public"));
        let (id, _) = decided(world, &panel_rule()).await;
        let page = public::challenge(store, &reader, id).await.unwrap();
        assert_eq!((page.state, page.winners), (State::Review, None));
        assert!(public::results(store, None).await.unwrap().rows.is_empty());
        let here = page.timeline.iter().find(|step| step.standing == Standing::Here).unwrap();
        assert_eq!((here.state, here.who), (State::Review, Some("experts")));
        step(world, id, Step::Publicise).await;
        let results = public::results(store, None).await.unwrap();
        let row = &results.rows[0];
        assert_eq!((row.winners.len(), row.winners[0].unit.as_str(), row.bids_ranked), (1, "清河大学", 2));
        assert_eq!(row.winners[0].total_milli, Some(90_000));
        let page = public::challenge(store, &reader, id).await.unwrap();
        assert_eq!(page.winners.as_ref(), Some(row));
        let seed: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&row.draw_seed[at * 2..at * 2 + 2], 16).unwrap()).collect();
        assert_eq!(page.rule.unwrap().rule.draw_commitment, hex(&Sha256::digest(&seed)));
        let ends_at = page.publicity_ends_at.unwrap();
        assert!(page.publicity_calendar_known);
        assert_eq!(refusal(steps::step(store, &rui, id, Step::Award, "").await), Refusal::PublicityRunning);
        world.set_time(ends_at.plus_ms(-MINUTE_MS)).await;
        assert_eq!(refusal(steps::step(store, &rui, id, Step::Award, "").await), Refusal::PublicityRunning);
        world.set_time(ends_at.plus_ms(1_000)).await;
        step(world, id, Step::Award).await;
        assert_eq!(notices(world, "chen", "awarded").await.len(), 1);
        assert_eq!(notices(world, "zhao", "awarded").await.len(), 0);
        assert_eq!(public::home(store).await.unwrap().results.len(), 1);
    }

    async fn scores_stay_private_where_the_rule_says_so(world) {
        let rule = Rule { scores_public: false, ..race_rule(CLOSES) };
        let (id, [alpha, _]) = decided(world, &rule).await;
        run_project(world, id).await;
        assert_eq!(public::results(&world.store, None).await.unwrap().rows[0].winners[0].total_milli, None);
        race::open_gate(&world.store, &world.actor("rui"), id, 1).await.unwrap();
        score_all(world, 1, &[("Alpha", "90"), ("Beta", "80")]).await;
        race::decide_gate(&world.store, &world.actor("rui"), id, 1).await.unwrap();
        let board = public::race(&world.store, &world.actor("public"), id).await.unwrap();
        assert!(board.lanes.iter().all(|lane| lane.cumulative_milli.is_none() && lane.gates.is_empty()));
        let board = public::race(&world.store, &world.actor("chen"), id).await.unwrap();
        assert_eq!((board.own, board.may_withdraw), (Some(alpha), true));
        let seen: Vec<bool> = board.lanes.iter().map(|lane| lane.cumulative_milli.is_some()).collect();
        assert_eq!(seen.iter().filter(|seen| **seen).count(), 1, "the own lane only");
        let board = public::race(&world.store, &world.actor("rui"), id).await.unwrap();
        assert!(board.lanes.iter().all(|lane| lane.gates.len() == 1));
    }

    async fn experts_and_teams_are_reminded_once(world) {
        let store = &world.store;
        let (id, bids) = {
            let id = open_challenge(world, &race_rule(CLOSES)).await;
            let alpha = submit(world, "chen", id, "Alpha").await.0;
            let beta = submit(world, "zhao", id, "Beta").await.0;
            start_review(world, id, &[alpha, beta]).await;
            (id, [alpha, beta])
        };
        let due = Timestamp(world.now().await.0 + 10 * DAY_MS);
        review::Entity::update_many()
            .col_expr(review::Column::DueAt, Expr::value(due.0))
            .filter(review::Column::ChallengeId.eq(id.0))
            .exec(world.connection())
            .await
            .unwrap();
        assert_eq!(clock::remind(store).await.unwrap(), 0);
        world.set_time(due.plus_ms(-3 * DAY_MS)).await;
        assert_eq!(clock::remind(store).await.unwrap(), 5);
        assert_eq!(clock::remind(store).await.unwrap(), 0);
        let letters = notices(world, "okafor", "score_due").await;
        assert!(matches!(&letters[..], [Notice::ScoreDue { open_sheets: 2, .. }]), "{letters:?}");
        score_all(world, 0, &[("Alpha", "90"), ("Beta", "80")]).await;
        decide(world, id).await;
        run_project(world, id).await;
        assert_eq!(clock::remind(store).await.unwrap(), 0);
        let gate = race_rule(CLOSES).gates[0].due;
        world.set_time(gate.plus_ms(-7 * DAY_MS + MINUTE_MS)).await;
        race::withdraw(store, &world.actor("zhao"), bids[1]).await.unwrap();
        assert_eq!(clock::remind(store).await.unwrap(), 1);
        assert_eq!(clock::remind(store).await.unwrap(), 0);
        let letters = notices(world, "chen", "gate_due").await;
        assert!(matches!(&letters[..], [Notice::GateDue { gate: 1, gate_title, .. }] if gate_title == "小试"));
        let early = steps::step(store, &world.actor("rui"), id, Step::StartAcceptance, "").await;
        assert_eq!(refusal(early), Refusal::WrongState { state: "running".to_owned() });
        assert_eq!(public::home(store).await.unwrap().counts.racing, 1);
    }
}

//! A competition brought to where a test wants it, through the commands that people use.

use domain::bid::Receipt;
use domain::challenge::{Step, Typed};
use domain::id::{BidId, ChallengeId, ReviewId, SeatId};
use domain::refusal::Refusal;
use domain::rule::Rule;
use domain::rule_form;
use domain::time::{DAY_MS, SECOND_MS, Timestamp};
use store::command::{bid, challenge, decision, list, panel, review, steps};
use store::{StoreError, query};
use testkit::World;
use testkit::samples::{filled_bid, filled_list, filled_need, filled_sheet};
use testkit::world::{BEGINNING, EXPERTS};

/// Ten days after the beginning.
pub const CLOSES: Timestamp = Timestamp(BEGINNING.0 + 10 * DAY_MS);

/// What was refused, and why; a fault or a success fails the test.
pub fn refusal<T: std::fmt::Debug>(result: Result<T, StoreError>) -> Refusal {
    match result {
        Err(StoreError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// A published challenge of Ling's with this rule, open until [`CLOSES`].
pub async fn open_challenge(world: &World, rule: &Rule) -> ChallengeId {
    open_numbered(world, rule, "2026-01").await
}

pub async fn open_numbered(world: &World, rule: &Rule, number: &str) -> ChallengeId {
    let (store, ling, rui) = (&world.store, world.actor("ling"), world.actor("rui"));
    let id = challenge::create_need(store, &ling, &filled_need()).await.unwrap();
    let version = query::desk::need(store, &ling, id).await.unwrap().version;
    challenge::propose(store, &ling, id, &filled_need(), version).await.unwrap();
    challenge::approve(store, &rui, id).await.unwrap();
    let mut form = rule_form::to_typed(rule);
    form.insert("number".to_owned(), number.to_owned());
    form.insert("closes_at".to_owned(), CLOSES.official_input());
    let version = query::desk::need(store, &rui, id).await.unwrap().version;
    assert_eq!(challenge::save_rule(store, &rui, id, &form, version).await.unwrap(), vec![]);
    let batch = list::create(store, &rui, &filled_list(&format!("list {number}"))).await.unwrap();
    list::add(store, &rui, batch, id).await.unwrap();
    list::publish(store, &rui, batch, None).await.unwrap();
    id
}

/// A bid with this title, started and submitted.
pub async fn submit(world: &World, who: &str, challenge: ChallengeId, title: &str) -> (BidId, Receipt) {
    let actor = world.actor(who);
    submit_typed(world, who, challenge, &filled_bid(title, &actor.name)).await
}

pub async fn submit_typed(
    world: &World,
    who: &str,
    challenge: ChallengeId,
    typed: &Typed,
) -> (BidId, Receipt) {
    let actor = world.actor(who);
    let id = bid::start(&world.store, &actor, challenge).await.unwrap();
    let version = query::bid::bid(&world.store, &actor, id).await.unwrap().version;
    (id, bid::submit(&world.store, &actor, id, typed, version).await.unwrap())
}

/// A step by the organiser.
pub async fn step(world: &World, challenge: ChallengeId, step: Step) {
    steps::step(&world.store, &world.actor("rui"), challenge, step, "because").await.unwrap();
}

/// Past the deadline, closed, opened, in the eligibility check.
pub async fn open_bids(world: &World, challenge: ChallengeId) {
    world.set_time(CLOSES.plus_ms(SECOND_MS)).await;
    step(world, challenge, Step::Close).await;
    step(world, challenge, Step::Open).await;
    step(world, challenge, Step::StartEligibility).await;
}

/// The first five experts seated and declared without conflicts of their own.
pub async fn seat_panel(world: &World, challenge: ChallengeId) -> Vec<(&'static str, SeatId)> {
    let mut seats = Vec::new();
    for expert in EXPERTS.into_iter().take(5) {
        let seat =
            panel::seat(&world.store, &world.actor("rui"), challenge, world.person(expert)).await.unwrap();
        panel::declare(&world.store, &world.actor(expert), seat, &[], "").await.unwrap();
        seats.push((expert, seat));
    }
    seats
}

/// Bids eligible, panel seated, review started.
pub async fn start_review(world: &World, challenge: ChallengeId, bids: &[BidId]) {
    open_bids(world, challenge).await;
    for bid in bids {
        panel::settle_eligibility(&world.store, &world.actor("rui"), *bid, true, "").await.unwrap();
    }
    seat_panel(world, challenge).await;
    panel::start_review(&world.store, &world.actor("rui"), challenge, None).await.unwrap();
}

/// The sheets of an expert at one stage, with the title of the bid.
pub async fn sheets(world: &World, expert: &str, gate: u32) -> Vec<(ReviewId, String)> {
    let seats = query::review::seats(&world.store, &world.actor(expert)).await.unwrap();
    let sheets = seats.into_iter().flat_map(|seat| seat.sheets).filter(|sheet| sheet.gate == gate);
    sheets.map(|sheet| (sheet.review, sheet.bid_title)).collect()
}

/// Hands in a sheet that gives every criterion this score.
pub async fn hand_in(world: &World, expert: &str, id: ReviewId, score: &str) -> Result<(), StoreError> {
    let actor = world.actor(expert);
    let version = query::review::sheet(&world.store, &actor, id).await?.version;
    review::submit(&world.store, &actor, id, &filled_sheet(score), version).await
}

/// Everybody scores everything at one stage: bids by their title.
pub async fn score_all(world: &World, gate: u32, scores: &[(&str, &str)]) {
    for expert in EXPERTS.into_iter().take(5) {
        for (id, title) in sheets(world, expert, gate).await {
            let score = scores.iter().find(|(bid, _)| *bid == title).map_or("70", |(_, score)| *score);
            hand_in(world, expert, id, score).await.unwrap();
        }
    }
}

/// Decision proposed and applied.
pub async fn decide(world: &World, challenge: ChallengeId) {
    decision::propose(&world.store, &world.actor("rui"), challenge, "by the rule").await.unwrap();
    decision::apply(&world.store, &world.actor("rui"), challenge).await.unwrap();
}

/// From decided to running.
pub async fn run_project(world: &World, challenge: ChallengeId) {
    step(world, challenge, Step::Publicise).await;
    let page = query::desk::challenge(&world.store, &world.actor("rui"), challenge).await.unwrap();
    world.set_time(page.publicity_ends_at.unwrap().plus_ms(SECOND_MS)).await;
    for next in [Step::Award, Step::Contract, Step::Start] {
        step(world, challenge, next).await;
    }
}

/// How many notices of this kind a person has.
pub async fn notices(world: &World, who: &str, kind: &str) -> Vec<domain::notice::Notice> {
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    let rows = entity::notice::Entity::find()
        .filter(entity::notice::Column::PersonId.eq(world.person(who).0))
        .filter(entity::notice::Column::Kind.eq(kind))
        .all(world.connection())
        .await
        .unwrap();
    rows.iter().map(|row| store::load::json(&row.body).unwrap()).collect()
}

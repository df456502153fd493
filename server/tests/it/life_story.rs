//! Challenges in every state that matters to who may see what, each with two bids, made by the commands people use.

use domain::challenge::{Step, Typed};
use domain::id::{BidId, ChallengeId, ListId, ReviewId, SeatId};
use domain::rule::Rule;
use domain::time::SECOND_MS;
use store::command::{bid, decision, panel, race, review, steps};
use store::query;
use testkit::World;
use testkit::samples::{filled_bid, filled_sheet, panel_rule, race_rule};
use testkit::world::EXPERTS;
use uuid::Uuid;

/// The panel; its last member has not declared interests.
pub const PANEL: usize = 5;

/// Submits a bid and returns it.
pub async fn submit(world: &World, who: &str, challenge: ChallengeId, typed: &Typed) -> BidId {
    let actor = world.actor(who);
    let id = bid::start(&world.store, &actor, challenge).await.unwrap();
    let version = query::bid::bid(&world.store, &actor, id).await.unwrap().version;
    bid::submit(&world.store, &actor, id, typed, version).await.unwrap();
    id
}

pub async fn submit_titled(world: &World, who: &str, challenge: ChallengeId, title: &str) -> BidId {
    submit(world, who, challenge, &filled_bid(title, &world.actor(who).name)).await
}

pub async fn step(world: &World, challenge: ChallengeId, step: Step) {
    steps::step(&world.store, &world.actor("rui"), challenge, step, "because").await.unwrap();
}

/// Past the deadline, closed and opened.
pub async fn open(world: &World, challenge: ChallengeId) {
    let closes_at = world.challenge(challenge).await.closes_at.unwrap();
    world.set_time(domain::time::Timestamp(closes_at).plus_ms(SECOND_MS)).await;
    step(world, challenge, Step::Close).await;
    step(world, challenge, Step::Open).await;
}

/// Opened bids found eligible and handed to the panel; the last of it has not declared.
pub async fn start_review(
    world: &World,
    challenge: ChallengeId,
    bids: &[BidId],
    declared: usize,
) -> Vec<SeatId> {
    let (store, rui) = (&world.store, world.actor("rui"));
    step(world, challenge, Step::StartEligibility).await;
    for bid in bids {
        panel::settle_eligibility(store, &rui, *bid, true, "").await.unwrap();
    }
    let mut seats = Vec::new();
    for expert in EXPERTS.into_iter().take(PANEL) {
        seats.push(panel::seat(store, &rui, challenge, world.person(expert)).await.unwrap());
    }
    for (expert, seat) in EXPERTS.into_iter().zip(&seats).take(declared) {
        panel::declare(store, &world.actor(expert), *seat, &[], "").await.unwrap();
    }
    panel::start_review(store, &rui, challenge, None).await.unwrap();
    seats
}

/// The sheets of an expert on a challenge at one stage.
pub async fn sheets(world: &World, expert: &str, challenge: ChallengeId, gate: u32) -> Vec<ReviewId> {
    let seats = query::review::seats(&world.store, &world.actor(expert)).await.unwrap();
    let own = seats.into_iter().filter(|seat| seat.challenge == challenge).flat_map(|seat| seat.sheets);
    own.filter(|sheet| sheet.gate == gate).map(|sheet| sheet.review).collect()
}

pub async fn score_all(world: &World, challenge: ChallengeId, gate: u32) {
    for (expert, score) in EXPERTS.into_iter().take(PANEL).zip(["70", "75", "80", "85", "90"]) {
        let actor = world.actor(expert);
        for id in sheets(world, expert, challenge, gate).await {
            let version = query::review::sheet(&world.store, &actor, id).await.unwrap().version;
            review::submit(&world.store, &actor, id, &filled_sheet(score), version).await.unwrap();
        }
    }
}

/// Reviewed, decided, publicised, awarded and running, the first gate open.
pub async fn run_race(world: &World, challenge: ChallengeId, bids: &[BidId]) -> Vec<SeatId> {
    let (store, rui) = (&world.store, world.actor("rui"));
    open(world, challenge).await;
    let seats = start_review(world, challenge, bids, PANEL).await;
    score_all(world, challenge, 0).await;
    decision::propose(store, &rui, challenge, "by the rule").await.unwrap();
    decision::apply(store, &rui, challenge).await.unwrap();
    step(world, challenge, Step::Publicise).await;
    let ends_at = world.challenge(challenge).await.publicity_ends_at.unwrap();
    world.set_time(domain::time::Timestamp(ends_at).plus_ms(SECOND_MS)).await;
    for next in [Step::Award, Step::Contract, Step::Start] {
        step(world, challenge, next).await;
    }
    race::open_gate(store, &rui, challenge, 1).await.unwrap();
    seats
}

/// What a route's ids stand for; ids of what is not there are ids of nothing.
#[derive(Clone, Copy)]
pub struct Subject {
    pub name: &'static str,
    pub challenge: ChallengeId,
    pub list: ListId,
    /// Chen's.
    pub bid: BidId,
    pub bid_version: i64,
    /// Okafor's.
    pub seat: SeatId,
    /// Okafor's, on Chen's bid.
    pub review: ReviewId,
}

pub fn nothing(name: &'static str, challenge: ChallengeId) -> Subject {
    let id = Uuid::now_v7;
    Subject {
        name,
        challenge,
        list: ListId(id()),
        bid: BidId(id()),
        bid_version: 1,
        seat: SeatId(id()),
        review: ReviewId(id()),
    }
}

/// One challenge per state.
pub struct Story {
    pub world: World,
    pub subjects: Vec<Subject>,
}

impl Story {
    pub fn subject(&self, name: &str) -> Subject {
        *self.subjects.iter().find(|subject| subject.name == name).unwrap()
    }

    /// Tells it: drafts of Ling's need, a sealed competition, one in review, one racing at its first gate.
    pub async fn told(world: World) -> Self {
        let mut story = Self { world, subjects: Vec::new() };
        let closes_at = story.world.deadline().await;
        story.compete("running", "2026-1", &race_rule(closes_at)).await;
        story.compete("review", "2026-2", &panel_rule()).await;
        story.compete("sealed", "2026-3", &panel_rule()).await;
        let world = &story.world;
        let draft = nothing("draft", world.draft_need().await);
        let proposed = nothing("proposed", world.proposed_need().await);
        let approved = world.approved(&panel_rule(), "2026-4-01", world.deadline().await).await;
        let list = world.list_of("2026-4", &[approved]).await;
        let approved = Subject { list, ..nothing("approved", approved) };
        story.subjects.extend([draft, proposed, approved]);
        story
    }

    async fn compete(&mut self, name: &'static str, number: &str, rule: &Rule) {
        let world = &self.world;
        let challenge = world.open_numbered(rule, number).await;
        let bid = submit_titled(world, "chen", challenge, "低碱浮选").await;
        let rival = submit_titled(world, "zhao", challenge, "重选联合").await;
        let seats = match name {
            "running" => run_race(world, challenge, &[bid, rival]).await,
            "review" => {
                open(world, challenge).await;
                start_review(world, challenge, &[bid, rival], PANEL - 1).await
            }
            _ => {
                let (store, rui) = (&world.store, world.actor("rui"));
                let mut seats = Vec::new();
                for expert in ["okafor", "silva"] {
                    seats.push(panel::seat(store, &rui, challenge, world.person(expert)).await.unwrap());
                }
                seats
            }
        };
        let gate = u32::from(name == "running");
        let review = sheets(world, "okafor", challenge, gate).await.first().copied();
        let row = world.challenge(challenge).await;
        let page = query::bid::bid(&world.store, &world.actor("chen"), bid).await.unwrap();
        self.subjects.push(Subject {
            list: ListId(row.list_id.unwrap()),
            bid,
            bid_version: page.version,
            seat: seats[0],
            review: review.unwrap_or(ReviewId(Uuid::now_v7())),
            ..nothing(name, challenge)
        });
    }
}

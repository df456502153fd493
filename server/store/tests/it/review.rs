//! Eligibility, panel, sheets, decision: who sees what, and what is refused.

use domain::actor::Role;
use domain::bid::BidState;
use domain::challenge::{State, Step};
use domain::decision::DecisionState;
use domain::notice::Notice;
use domain::panel::SeatState;
use domain::refusal::{Problem, Refusal};
use domain::review::ReviewState;
use domain::rule::{Rule, TieBreak};
use sha2::{Digest, Sha256};
use store::command::{decision, panel, review, steps};
use store::query;
use testkit::samples::{filled_bid, filled_sheet, panel_rule};
use testkit::world::EXPERTS;
use testkit::{Backend, World};

use crate::bid_support::{
    decide, hand_in, notices, open_bids, open_challenge, refusal, score_all, seat_panel, sheets,
    start_review, step, submit, submit_typed,
};

testkit::both! {
    /// Everything a review needs before it starts.
    async fn a_review_starts_only_when_all_is_ready(world) {
        let id = open_challenge(world, &panel_rule()).await;
        let (store, rui) = (&world.store, world.actor("rui"));
        let (one, _) = submit(world, "chen", id, "One").await;
        let (two, _) = submit(world, "zhao", id, "Two").await;
        refusal(panel::start_review(store, &rui, id, None).await);
        open_bids(world, id).await;
        let start = async || refusal(panel::start_review(store, &rui, id, None).await);
        assert_eq!(start().await, Refusal::EligibilityOpen { left: 2 });
        assert_eq!(refusal(panel::settle_eligibility(store, &rui, one, false, " ").await), Refusal::ReasonNeeded);
        panel::settle_eligibility(store, &rui, one, false, "no licence").await.unwrap();
        panel::settle_eligibility(store, &rui, two, false, "no licence").await.unwrap();
        assert_eq!(start().await, Refusal::NoBids);
        panel::settle_eligibility(store, &rui, one, true, "").await.unwrap();
        panel::settle_eligibility(store, &rui, one, true, "").await.unwrap();
        assert_eq!(notices(world, "chen", "bid_eligible").await.len(), 1);
        assert_eq!(notices(world, "chen", "bid_ineligible").await.len(), 1);
        assert_eq!(start().await, Refusal::PanelTooSmall { have: 0, need: 5 });
        assert_eq!(refusal(panel::seat(store, &rui, id, world.person("chen")).await), Refusal::NotFound);
        for expert in EXPERTS.into_iter().take(6) {
            let seat = panel::seat(store, &rui, id, world.person(expert)).await.unwrap();
            let again = panel::seat(store, &rui, id, world.person(expert)).await.unwrap();
            assert_eq!(seat, again);
            assert_eq!(notices(world, expert, "seated").await.len(), 1);
        }
        assert_eq!(start().await, Refusal::PanelEven);
        let desk = query::desk::challenge(store, &rui, id).await.unwrap();
        assert_eq!(desk.experts.len(), 1);
        panel::unseat(store, &rui, desk.seats[5].seat).await.unwrap();
        let past = world.now().await.plus_ms(-1);
        let late = refusal(panel::start_review(store, &rui, id, Some(past)).await);
        assert_eq!(late, Refusal::invalid("due", Problem::InThePast));
        panel::start_review(store, &rui, id, None).await.unwrap();
        let desk = query::desk::challenge(store, &rui, id).await.unwrap();
        assert_eq!((desk.state, desk.sheets_missing, desk.stage), (State::Review, 5, 0));
        let settled = panel::settle_eligibility(store, &rui, one, false, "late").await;
        assert_eq!(refusal(settled), Refusal::WrongState { state: "review".to_owned() });
    }

    /// Sheets: own, declared, on the scale, until the stage is decided; others' scores are nowhere.
    async fn an_expert_writes_only_the_own_sheet(world) {
        let id = open_challenge(world, &panel_rule()).await;
        let (own, _) = submit(world, "chen", id, "One").await;
        let (other, _) = submit(world, "zhao", id, "Two").await;
        start_review(world, id, &[own, other]).await;
        let (store, okafor) = (&world.store, world.actor("okafor"));
        let open = sheets(world, "okafor", 0).await;
        assert_eq!(open.len(), 2);
        let sheet = open[0].0;
        for stranger in ["sato", "rui", "chen", "wen"] {
            let actor = world.actor(stranger);
            assert_eq!(refusal(query::review::sheet(store, &actor, sheet).await), Refusal::NotFound, "{stranger}");
            let saved = review::save(store, &actor, sheet, &filled_sheet("50"), 1).await;
            assert_eq!(refusal(saved), Refusal::NotFound, "{stranger}");
        }
        let mut typed = filled_sheet("70");
        typed.insert("scores.innovation".to_owned(), "101".to_owned());
        typed.insert("scores.quality".to_owned(), "70.5".to_owned());
        typed.insert("scores.effect".to_owned(), String::new());
        let refused = refusal(review::submit(store, &okafor, sheet, &typed, 1).await);
        let fields: Vec<&str> = refused.fields().iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, vec!["scores.innovation", "scores.quality", "scores.effect"]);
        let page = query::review::sheet(store, &okafor, sheet).await.unwrap();
        assert_eq!((page.typed, page.state, page.open_left), (typed, ReviewState::Assigned, 2));
        let stale = review::save(store, &okafor, sheet, &filled_sheet("60"), 1).await;
        assert_eq!(refusal(stale), Refusal::ChangedMeanwhile);
        hand_in(world, "okafor", sheet, "80").await.unwrap();
        let rows = query::review::seats(store, &okafor).await.unwrap().remove(0).sheets;
        assert_eq!(rows.iter().filter(|row| row.total_milli == Some(80_000)).count(), 1);
        let sato = query::review::seats(store, &world.actor("sato")).await.unwrap().remove(0).sheets;
        assert!(sato.iter().all(|row| row.total_milli.is_none()));
        score_all(world, 0, &[]).await;
        hand_in(world, "okafor", sheet, "81").await.unwrap();
        decide(world, id).await;
        let late = refusal(hand_in(world, "okafor", sheet, "90").await);
        assert!(matches!(late, Refusal::WrongState { .. }), "{late:?}");
        let page = query::review::sheet(store, &okafor, sheet).await.unwrap();
        assert!(!page.may_write);
    }

    /// A decision with reviews missing is refused; a draft is nobody's but the office's; applied it is everybody's letter.
    async fn a_decision_is_a_draft_until_it_is_applied(world) {
        let id = open_challenge(world, &panel_rule()).await;
        let (best, _) = submit(world, "chen", id, "Best").await;
        let (second, _) = submit(world, "zhao", id, "Second").await;
        start_review(world, id, &[best, second]).await;
        let (store, rui) = (&world.store, world.actor("rui"));
        assert_eq!(refusal(decision::apply(store, &rui, id).await), Refusal::NothingDecided);
        let missing = refusal(decision::propose(store, &rui, id, "").await);
        assert_eq!(missing, Refusal::ReviewsMissing { missing: 10 });
        let abstained = sheets(world, "okafor", 0).await[0].0;
        score_all(world, 0, &[("Best", "90"), ("Second", "75")]).await;
        decision::propose(store, &rui, id, "draft").await.unwrap();
        let chen = world.actor("chen");
        let seen = query::bid::bid(store, &chen, best).await.unwrap();
        assert_eq!((seen.state, seen.challenge_state), (BidState::Eligible, State::Review));
        let office = query::desk::challenge(store, &world.actor("wen"), id).await.unwrap();
        assert_eq!(office.decision.unwrap().0, DecisionState::Proposed);
        assert_eq!(office.steps, vec![]);
        assert_eq!(refusal(query::desk::challenge(store, &chen, id).await), Refusal::NotFound);
        assert_eq!(notices(world, "chen", "result").await, vec![]);
        let okafor = world.actor("okafor");
        review::abstain(store, &okafor, abstained, "too close to my own field").await.unwrap();
        assert_eq!(refusal(decision::apply(store, &rui, id).await), Refusal::ChangedMeanwhile);
        decision::propose(store, &rui, id, "anew").await.unwrap();
        decision::apply(store, &rui, id).await.unwrap();
        assert_eq!(refusal(decision::apply(store, &rui, id).await), Refusal::AlreadyDecided);
        assert_eq!(refusal(decision::propose(store, &rui, id, "").await), Refusal::AlreadyDecided);
        let seen = query::bid::bid(store, &chen, best).await.unwrap();
        assert_eq!((seen.state, seen.challenge_state), (BidState::Won, State::Decided));
        let ling = query::desk::needs(store, &world.actor("ling")).await.unwrap();
        assert_eq!(ling[0].state, State::Review);
        let ling = world.actor("ling");
        assert_eq!(refusal(query::bid::bid_content(store, &ling, best).await), Refusal::NotFound);
        let expert = query::bid::bid_content(store, &okafor, best).await.unwrap();
        assert_eq!(expert.state, BidState::Eligible);
        let letters = notices(world, "zhao", "result").await;
        let [Notice::Result { won, rank, of, total_milli, criteria, .. }] = letters.as_slice() else {
            panic!("{letters:?}")
        };
        assert_eq!((*won, *rank, *of, *total_milli), (false, 2, 2, 75_000));
        assert!(criteria.iter().all(|row| (row.rank, row.score_milli) == (2, 75_000)));
        assert_eq!(criteria.len(), 4);
        step(world, id, Step::Publicise).await;
        assert_eq!(query::bid::bid_content(store, &ling, best).await.unwrap().content.avoid_experts, "");
        assert_eq!(refusal(query::bid::bid_content(store, &ling, second).await), Refusal::NotFound);
        let early = refusal(steps::step(store, &rui, id, Step::Award, "").await);
        assert_eq!(early, Refusal::PublicityRunning);
    }

    /// Nobody passes: no award can come of it, only "no valid bid".
    async fn when_nobody_passes_nothing_is_applied(world) {
        let id = open_challenge(world, &panel_rule()).await;
        let (own, _) = submit(world, "chen", id, "Weak").await;
        start_review(world, id, &[own]).await;
        score_all(world, 0, &[("Weak", "30")]).await;
        let (store, rui) = (&world.store, world.actor("rui"));
        decision::propose(store, &rui, id, "").await.unwrap();
        assert_eq!(refusal(decision::apply(store, &rui, id).await), Refusal::NoBids);
        step(world, id, Step::DeclareNoValidBid).await;
    }

    /// Bids equal in everything fall by the draw, which anyone recomputes from the published seed.
    async fn ties_fall_by_a_draw_anyone_can_repeat(world) {
        let id = open_challenge(world, &panel_rule()).await;
        let mut bids = Vec::new();
        for (who, title) in [("chen", "A"), ("zhao", "B"), ("sun", "C")] {
            bids.push(submit(world, who, id, title).await.0);
        }
        start_review(world, id, &bids).await;
        score_all(world, 0, &[]).await;
        decide(world, id).await;
        let desk = query::desk::challenge(&world.store, &world.actor("rui"), id).await.unwrap();
        let (_, decided) = desk.decision.unwrap();
        let seed: Vec<u8> = (0..decided.draw_seed.len() / 2)
            .map(|at| u8::from_str_radix(&decided.draw_seed[at * 2..at * 2 + 2], 16).unwrap())
            .collect();
        assert_eq!(domain::rule::hex(&Sha256::digest(&seed)), desk.rule.draw_commitment);
        bids.sort_by_key(|bid| Sha256::new().chain_update(&seed).chain_update(bid.0.as_bytes()).finalize().to_vec());
        let ranked: Vec<_> = decided.ranking.rows.iter().map(|row| row.bid).collect();
        assert_eq!(ranked, bids);
        assert!(decided.ranking.rows.iter().all(|row| row.tie_broken_by == Some(TieBreak::Draw)));
        assert_eq!(decided.winners, bids[..1]);
    }

    /// Under a blind rule an expert sees no unit and no name, and cannot go round by the bid's id.
    async fn blind_means_blind(world) {
        let id = open_challenge(world, &Rule { blind: true, ..panel_rule() }).await;
        let mut typed = filled_bid("Nameless", "陈思源");
        typed.insert("partners".to_owned(), "某某研究所".to_owned());
        typed.insert("avoid_experts".to_owned(), "佐藤健".to_owned());
        let (own, _) = submit_typed(world, "chen", id, &typed).await;
        start_review(world, id, &[own]).await;
        let (store, okafor) = (&world.store, world.actor("okafor"));
        let seats = query::review::seats(store, &okafor).await.unwrap();
        assert_eq!(seats[0].sheets[0].unit, "");
        let page = query::review::sheet(store, &okafor, seats[0].sheets[0].review).await.unwrap();
        assert_eq!(page.unit, "");
        let shown = format!("{:?}", page.bid);
        for name in ["陈思源", "王工", "选矿研究室", "某某研究所", "佐藤健"] {
            assert!(!shown.contains(name), "{name}");
        }
        assert_eq!(refusal(query::bid::bid_content(store, &okafor, own).await), Refusal::NotFound);
        // Named by the team: no sheet, and the reason is not told.
        assert_eq!(sheets(world, "sato", 0).await, vec![]);
        let page = query::review::declaration(store, &world.actor("sato"), seats_of(world, "sato").await).await;
        assert_eq!(page.unwrap().bids[0].found, None);
        let desk = query::desk::challenge(store, &world.actor("rui"), id).await.unwrap();
        assert_eq!(desk.bids[0].unit, "清河大学");
    }

    /// A seat declares before it reads; whoever gives the seat up leaves no open sheet, and somebody else takes over.
    async fn declaring_giving_up_and_replacing(world) {
        let id = open_challenge(world, &panel_rule()).await;
        let (own, _) = submit(world, "chen", id, "One").await;
        open_bids(world, id).await;
        let (store, rui) = (&world.store, world.actor("rui"));
        panel::settle_eligibility(store, &rui, own, true, "").await.unwrap();
        let seats = seat_panel(world, id).await;
        panel::unseat(store, &rui, seats[4].1).await.unwrap();
        let late = panel::seat(store, &rui, id, world.person("kim")).await.unwrap();
        panel::start_review(store, &rui, id, None).await.unwrap();
        assert_eq!(sheets(world, "kim", 0).await, vec![]);
        let kim = world.actor("kim");
        let review = first_sheet(world, "kim").await;
        let refused = refusal(query::review::sheet(store, &kim, review).await);
        assert_eq!(refused, Refusal::DeclarationNeeded);
        assert_eq!(refusal(query::bid::bid_content(store, &kim, own).await), Refusal::DeclarationNeeded);
        let refused = refusal(review::save(store, &kim, review, &filled_sheet("50"), 1).await);
        assert_eq!(refused, Refusal::DeclarationNeeded);
        let foreign = panel::declare(store, &world.actor("okafor"), late, &[], "").await;
        assert_eq!(refusal(foreign), Refusal::NotFound);
        panel::declare(store, &kim, late, &[own], "my former student").await.unwrap();
        assert_eq!(refusal(query::review::sheet(store, &kim, review).await), Refusal::ConflictOfInterest);
        assert_eq!(sheets(world, "kim", 0).await, vec![]);
        let okafor = world.actor("okafor");
        assert_eq!(refusal(panel::recuse(store, &okafor, seats[0].1, " ").await), Refusal::ReasonNeeded);
        panel::recuse(store, &okafor, seats[0].1, "illness").await.unwrap();
        assert_eq!(refusal(panel::seat(store, &rui, id, world.person("okafor")).await), Refusal::ConflictOfInterest);
        let larsen = panel::seat(store, &rui, id, world.person("larsen")).await.unwrap();
        panel::declare(store, &world.actor("larsen"), larsen, &[], "").await.unwrap();
        let desk = query::desk::challenge(store, &rui, id).await.unwrap();
        assert_eq!(desk.sheets_missing, 4);
        assert!(desk.seats.iter().any(|seat| seat.state == SeatState::Recused && seat.declared_note == "illness"));
        for expert in ["sato", "novak", "haddad", "larsen"] {
            let sheet = sheets(world, expert, 0).await[0].0;
            hand_in(world, expert, sheet, "80").await.unwrap();
        }
        decide(world, id).await;
    }
}

async fn seats_of(world: &World, expert: &str) -> domain::id::SeatId {
    query::review::seats(&world.store, &world.actor(expert)).await.unwrap()[0].seat
}

/// The first sheet in the table, also one that its expert does not see yet.
async fn first_sheet(world: &World, expert: &str) -> domain::id::ReviewId {
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    let row = entity::review::Entity::find()
        .filter(entity::review::Column::PersonId.eq(world.person(expert).0))
        .one(world.connection())
        .await
        .unwrap();
    domain::id::ReviewId(row.unwrap().id)
}

/// Units speak for themselves: an expert of the bidding unit gets no sheet for it, one of the issuer no seat at all.
async fn units_keep_experts_away(backend: Backend) {
    let mut world = World::new(backend).await;
    world.add_membership("sato", "university", Role::Team).await;
    world.add_membership("larsen", "enterprise", Role::Team).await;
    let id = open_challenge(&world, &panel_rule()).await;
    let (own, _) = submit(&world, "chen", id, "Own").await;
    let (other, _) = submit(&world, "zhao", id, "Other").await;
    start_review(&world, id, &[own, other]).await;
    let seated = panel::seat(&world.store, &world.actor("rui"), id, world.person("larsen")).await;
    assert_eq!(refusal(seated), Refusal::ConflictOfInterest);
    let titles: Vec<String> = sheets(&world, "sato", 0).await.into_iter().map(|(_, title)| title).collect();
    assert_eq!(titles, vec!["Other"]);
    let sato = world.actor("sato");
    // Sato belongs to the team's unit and reads the own bid as its team, not as an expert.
    assert!(query::bid::bid_content(&world.store, &sato, own).await.is_ok());
    assert!(query::bid::bid_content(&world.store, &sato, other).await.is_ok());
    let desk = query::desk::challenge(&world.store, &world.actor("rui"), id).await.unwrap();
    assert_eq!(desk.sheets_missing, 9);
    score_all(&world, 0, &[]).await;
    decide(&world, id).await;
    world.check_invariants().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn units_keep_experts_away_sqlite() {
    units_keep_experts_away(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn units_keep_experts_away_postgres() {
    units_keep_experts_away(Backend::Postgres).await;
}

//! Bids: sealed, in time, never lost, counted once.

use domain::bid::BidState;
use domain::challenge::{State, Step};
use domain::refusal::{Problem, Refusal};
use domain::time::{SECOND_MS, Timestamp};
use store::command::{bid, panel, steps};
use store::query;
use testkit::samples::{filled_bid, panel_rule};
use testkit::{Backend, World};

use crate::bid_support::{CLOSES, notices, open_bids, open_challenge, refusal, submit};

testkit::both! {
    /// While sealed, nobody but the team can read a bid, or learn that there is one.
    async fn sealed_bids_are_sealed(world) {
        let id = open_challenge(world, &panel_rule()).await;
        let (own, _) = submit(world, "chen", id, "Flotation").await;
        let store = &world.store;
        let rui = world.actor("rui");
        let seat = panel::seat(store, &rui, id, world.person("okafor")).await.unwrap();
        let check = async || {
            for other in ["zhao", "ling", "rui", "wen", "okafor", "stranger"] {
                let actor = world.actor(other);
                assert_eq!(refusal(query::bid::bid_content(store, &actor, own).await), Refusal::NotFound, "{other}");
                assert_eq!(refusal(query::bid::bid(store, &actor, own).await), Refusal::NotFound, "{other}");
                assert_eq!(query::bid::own_bids(store, &actor).await.unwrap(), vec![], "{other}");
                let kept = bid::save(store, &actor, own, &filled_bid("x", &actor.name), 1).await;
                assert_eq!(refusal(kept), Refusal::NotFound, "{other}");
                assert_eq!(refusal(bid::withdraw(store, &actor, own).await), Refusal::NotFound, "{other}");
            }
            let public = world.actor("public");
            assert_eq!(refusal(query::bid::bid_content(store, &public, own).await), Refusal::SignInNeeded);
            assert_eq!(refusal(query::bid::bid(store, &public, own).await), Refusal::SignInNeeded);
            let settled = panel::settle_eligibility(store, &rui, own, true, "").await;
            assert_eq!(refusal(settled), Refusal::NotFound);
            for office in ["rui", "wen"] {
                let desk = query::desk::challenge(store, &world.actor(office), id).await.unwrap();
                assert_eq!(desk.bids, vec![], "{office}");
            }
            let page = query::review::declaration(store, &world.actor("okafor"), seat).await.unwrap();
            assert_eq!(page.bids, vec![]);
        };
        // A receipt that could not be mailed says that somebody bid.
        let letters = store::outbox::claim(store, 100, 60_000).await.unwrap();
        for letter in letters.iter().filter(|letter| letter.notice.kind() == "bid_receipt") {
            store::outbox::mark_failed(store, letter, "no such mailbox", true).await.unwrap();
        }
        assert_eq!(query::desk::organiser(store, &rui).await.unwrap().dead_letters, 0);
        check().await;
        world.set_time(CLOSES.plus_ms(SECOND_MS)).await;
        check().await;
        crate::bid_support::step(world, id, Step::Close).await;
        check().await;
        // Cancelled before the opening: sealed for ever.
        crate::bid_support::step(world, id, Step::Cancel).await;
        check().await;
        let mine = query::bid::bid(store, &world.actor("chen"), own).await.unwrap();
        assert_eq!(mine.submitted.unwrap().title, "Flotation");
    }

    /// A second late is refused, what was typed is kept, nothing is received.
    async fn a_second_late_is_late(world) {
        let id = open_challenge(world, &panel_rule()).await;
        let (store, chen) = (&world.store, world.actor("chen"));
        let own = bid::start(store, &chen, id).await.unwrap();
        let typed = filled_bid("Late", &chen.name);
        world.set_time(CLOSES.plus_ms(SECOND_MS)).await;
        assert_eq!(refusal(bid::submit(store, &chen, own, &typed, 1).await), Refusal::DeadlinePassed);
        let page = query::bid::bid(store, &chen, own).await.unwrap();
        assert_eq!((page.typed, page.state, page.receipt), (typed.clone(), BidState::Draft, None));
        assert!(!page.may_edit);
        let saved = bid::save(store, &chen, own, &filled_bid("Later", &chen.name), page.version).await;
        assert_eq!(refusal(saved), Refusal::DeadlinePassed);
        let zhao = world.actor("zhao");
        assert_eq!(refusal(bid::start(store, &zhao, id).await), Refusal::DeadlinePassed);
        assert_eq!(bid::start(store, &chen, id).await.unwrap(), own);
    }

    /// Up to the deadline a bid is in time, and no receipt names a later moment.
    async fn in_time_until_the_deadline(world) {
        let id = open_challenge(world, &panel_rule()).await;
        world.set_time(CLOSES.plus_ms(-20 * SECOND_MS)).await;
        let (_, receipt) = submit(world, "chen", id, "Just in time").await;
        assert!(receipt.received_at <= CLOSES && receipt.received_at > CLOSES.plus_ms(-20 * SECOND_MS - 1));
        let at = |now: Timestamp| domain::bid::check_open_for_bids(State::Published, Some(CLOSES), now);
        assert_eq!(at(CLOSES), Ok(()));
        assert_eq!(at(CLOSES.plus_ms(1)), Err(Refusal::DeadlinePassed));
    }

    /// The same submission twice, one after the other and at once, is one submission with one receipt.
    async fn submitting_twice_gives_one_receipt(world) {
        let id = open_challenge(world, &panel_rule()).await;
        let (store, chen) = (&world.store, world.actor("chen"));
        let (first, second) = tokio::join!(bid::start(store, &chen, id), bid::start(store, &chen, id));
        let own = first.unwrap();
        assert_eq!(own, second.unwrap());
        let typed = filled_bid("Twice", &chen.name);
        let (left, right) =
            tokio::join!(bid::submit(store, &chen, own, &typed, 1), bid::submit(store, &chen, own, &typed, 1));
        let receipt = left.unwrap();
        assert_eq!(receipt, right.unwrap());
        // Also with a version from before, and after the deadline: the answer to a lost answer.
        world.set_time(CLOSES.plus_ms(SECOND_MS)).await;
        assert_eq!(bid::submit(store, &chen, own, &typed, 1).await.unwrap(), receipt);
        assert_eq!(receipt.revision, 1);
        assert_eq!(notices(world, "chen", "bid_receipt").await.len(), 1);
        let page = query::bid::bid(store, &chen, own).await.unwrap();
        assert_eq!(page.receipt, Some(receipt.clone()));
        assert_eq!(page.submitted.unwrap().hash(), receipt.content_sha256);
        assert!(!page.unsubmitted_changes);
    }

    /// A replaced bid is one bid, with the later text; a withdrawn one is not opened.
    async fn replaced_counts_once_and_withdrawn_not_at_all(world) {
        let id = open_challenge(world, &panel_rule()).await;
        let (store, chen, zhao) = (&world.store, world.actor("chen"), world.actor("zhao"));
        let (own, before) = submit(world, "chen", id, "First").await;
        let (same, after) = submit(world, "chen", id, "Second").await;
        assert_eq!((own, after.revision), (same, 2));
        assert_ne!(before.number, after.number);
        let (gone, _) = submit(world, "zhao", id, "Gone").await;
        bid::withdraw(store, &zhao, gone).await.unwrap();
        assert_eq!(refusal(bid::withdraw(store, &zhao, gone).await), Refusal::NotASubmittedBid);
        assert_eq!(notices(world, "zhao", "bid_withdrawn").await.len(), 1);
        open_bids(world, id).await;
        assert_eq!(refusal(bid::withdraw(store, &chen, own).await), Refusal::DeadlinePassed);
        let desk = query::desk::challenge(store, &world.actor("rui"), id).await.unwrap();
        let opened: Vec<&str> = desk.bids.iter().map(|bid| bid.title.as_str()).collect();
        assert_eq!(opened, vec!["Second"]);
        assert_eq!(notices(world, "chen", "bid_opened").await.len(), 1);
        assert_eq!(notices(world, "zhao", "bid_opened").await.len(), 0);
        let rui = world.actor("rui");
        assert_eq!(refusal(query::bid::bid_content(store, &rui, gone).await), Refusal::NotFound);
        assert_eq!(query::bid::bid_content(store, &rui, own).await.unwrap().content.title, "Second");
        let settled = panel::settle_eligibility(store, &rui, gone, true, "").await;
        assert_eq!(refusal(settled), Refusal::NotFound);
    }

    /// A refused submission names its fields and keeps every character.
    async fn a_refused_submission_keeps_what_was_typed(world) {
        let id = open_challenge(world, &panel_rule()).await;
        let (store, chen) = (&world.store, world.actor("chen"));
        let own = bid::start(store, &chen, id).await.unwrap();
        let mut typed = filled_bid(&"题".repeat(10_000), "Somebody else");
        typed.insert("route".to_owned(), "a\u{0}b</textarea><script>".to_owned());
        typed.insert("budget_total".to_owned(), "999".to_owned());
        typed.insert("promises.0.value".to_owned(), "80".to_owned());
        let refused = refusal(bid::submit(store, &chen, own, &typed, 1).await);
        let fields: Vec<&str> = refused.fields().iter().map(|error| error.field.as_str()).collect();
        for field in ["title", "route", "budget_total", "promises.0.value", "signed_by"] {
            assert!(fields.contains(&field), "{field} in {fields:?}");
        }
        let required = Problem::BelowMandatoryIndicator { required: "≥ 88 %".to_owned() };
        assert!(refused.fields().iter().any(|error| error.problem == required));
        let page = query::bid::bid(store, &chen, own).await.unwrap();
        assert_eq!((page.typed, page.state), (typed, BidState::Draft));
        let huge = filled_bid(&"x".repeat(500_000), &chen.name);
        let refused = refusal(bid::save(store, &chen, own, &huge, page.version).await);
        assert_eq!(refused, Refusal::BodyTooLarge { max_kib: 400 });
    }

    /// Two tabs: the older one is told, the newer text stays.
    async fn two_tabs_never_overwrite_each_other(world) {
        let id = open_challenge(world, &panel_rule()).await;
        let (store, chen) = (&world.store, world.actor("chen"));
        let own = bid::start(store, &chen, id).await.unwrap();
        let (one, two) = (filled_bid("One", &chen.name), filled_bid("Two", &chen.name));
        assert_eq!(bid::save(store, &chen, own, &one, 1).await.unwrap(), 2);
        assert_eq!(refusal(bid::save(store, &chen, own, &two, 1).await), Refusal::ChangedMeanwhile);
        assert_eq!(refusal(bid::submit(store, &chen, own, &two, 1).await), Refusal::ChangedMeanwhile);
        // The same text again is no change, whatever its version.
        assert_eq!(bid::save(store, &chen, own, &one, 1).await.unwrap(), 2);
        assert_eq!(query::bid::bid(store, &chen, own).await.unwrap().typed, one);
        bid::submit(store, &chen, own, &one, 2).await.unwrap();
        let version = query::bid::bid(store, &chen, own).await.unwrap().version;
        bid::save(store, &chen, own, &two, version).await.unwrap();
        let page = query::bid::bid(store, &chen, own).await.unwrap();
        assert!(page.unsubmitted_changes);
        assert_eq!(page.submitted.unwrap().title, "One");
    }

    /// Who may start a bid.
    async fn not_everybody_may_bid(world) {
        let id = open_challenge(world, &panel_rule()).await;
        let store = &world.store;
        let check = async |who: &str, expected: Refusal| {
            assert_eq!(refusal(bid::start(store, &world.actor(who), id).await), expected, "{who}");
        };
        check("public", Refusal::SignInNeeded).await;
        check("ling", Refusal::ConflictOfInterest).await;
        check("stranger", Refusal::MembershipNotActive).await;
        check("rui", Refusal::MembershipNotActive).await;
        let mut unconfirmed = world.actor("chen");
        unconfirmed.email_confirmed = false;
        assert_eq!(refusal(bid::start(store, &unconfirmed, id).await), Refusal::EmailUnconfirmed);
        let (ling, need) = (world.actor("ling"), testkit::samples::filled_need());
        let draft = store::command::challenge::create_need(store, &ling, &need).await.unwrap();
        assert_eq!(refusal(bid::start(store, &world.actor("chen"), draft).await), Refusal::NotFound);
    }

    /// Nobody opens before the deadline, and nobody but the organiser at all.
    async fn opening_before_the_deadline_is_refused(world) {
        let id = open_challenge(world, &panel_rule()).await;
        submit(world, "chen", id, "Early").await;
        let store = &world.store;
        let rui = world.actor("rui");
        assert_eq!(
            refusal(steps::step(store, &rui, id, Step::Close, "").await),
            Refusal::DeadlineNotReached
        );
        refusal(steps::step(store, &rui, id, Step::Open, "").await);
        world.set_time(CLOSES.plus_ms(SECOND_MS)).await;
        for other in ["ling", "chen", "okafor", "wen"] {
            let refused = refusal(steps::step(store, &world.actor(other), id, Step::Close, "").await);
            assert_eq!(refused, Refusal::NotFound, "{other}");
        }
    }
}

/// Twenty teams at once around the deadline, while the clock closes the challenge: whoever is in has a receipt from before it, whoever is not, has none.
async fn twenty_teams_at_the_deadline(backend: Backend) {
    let mut world = World::new(backend).await;
    let id = open_challenge(&world, &panel_rule()).await;
    let mut teams = Vec::new();
    for number in 0..20 {
        let actor = world.add_team(&format!("team{number}")).await;
        let own = bid::start(&world.store, &actor, id).await.unwrap();
        teams.push((actor, own));
    }
    world.set_time(CLOSES.plus_ms(-300)).await;
    let closing = tokio::spawn({
        let store = world.store.clone();
        async move {
            while store::command::clock::close_due(&store).await.unwrap() == 0 {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        }
    });
    let mut running = tokio::task::JoinSet::new();
    for (number, (actor, own)) in teams.clone().into_iter().enumerate() {
        let store = world.store.clone();
        running.spawn(async move {
            tokio::time::sleep(std::time::Duration::from_millis(number as u64 * 30)).await;
            let typed = filled_bid(&format!("Bid {number}"), &actor.name);
            (actor.clone(), own, bid::submit(&store, &actor, own, &typed, 1).await)
        });
    }
    let mut received = 0;
    while let Some(done) = running.join_next().await {
        let (actor, own, result) = done.unwrap();
        let page = query::bid::bid(&world.store, &actor, own).await.unwrap();
        assert!(page.typed.get("title").is_some_and(|title| title.starts_with("Bid ")), "text kept");
        match result {
            Ok(receipt) => {
                received += 1;
                assert!(receipt.received_at <= CLOSES);
                assert_eq!((page.state, page.receipt), (BidState::Submitted, Some(receipt)));
            }
            Err(error) => {
                assert_eq!(error.refusal(), Some(&Refusal::DeadlinePassed), "{error:?}");
                assert_eq!((page.state, page.receipt), (BidState::Draft, None));
            }
        }
    }
    tokio::time::timeout(std::time::Duration::from_secs(20), closing).await.unwrap().unwrap();
    crate::bid_support::step(&world, id, Step::Open).await;
    let desk = query::desk::challenge(&world.store, &world.actor("rui"), id).await.unwrap();
    assert_eq!(desk.bids.len(), received);
    eprintln!("{received} of 20 in time");
    world.check_invariants().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_teams_at_the_deadline_sqlite() {
    twenty_teams_at_the_deadline(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_teams_at_the_deadline_postgres() {
    twenty_teams_at_the_deadline(Backend::Postgres).await;
}

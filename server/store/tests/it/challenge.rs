//! A need on its way to the list, and the rule that becomes final.

use domain::challenge::{State, Step, Typed};
use domain::id::ChallengeId;
use domain::notice::Notice;
use domain::refusal::{FieldError, Problem, Refusal};
use domain::rule::{Rule, hex};
use domain::time::{DAY_MS, MINUTE_MS, Timestamp};
use sha2::{Digest, Sha256};
use store::command::{account, challenge, clock, list, steps};
use store::query::public;
use testkit::World;
use testkit::samples::{filled_list, filled_need, panel_rule, race_rule};
use testkit::stages::rule_form_with;

use crate::account_support::letters;
use crate::bid_support::refusal;

async fn typed(world: &World, id: ChallengeId) -> Typed {
    serde_json::from_str(&world.challenge(id).await.typed).unwrap()
}

fn fields(refusal: &Refusal) -> Vec<&str> {
    refusal.fields().iter().map(|error| error.field.as_str()).collect()
}

testkit::both! {
    async fn anything_typed_is_kept_and_a_stale_tab_is_refused(world) {
        let (store, ling) = (&world.store, world.actor("ling"));
        let mut form = Typed::new();
        form.insert("title".to_owned(), "长".repeat(10_000));
        form.insert("background".to_owned(), "</textarea><script>alert(1)</script>\u{0}".to_owned());
        let id = challenge::create_need(store, &ling, &form).await.unwrap();
        assert_eq!(typed(world, id).await.get("title"), form.get("title"));
        assert_eq!(typed(world, id).await.get("background"), form.get("background"));
        form.insert("title".to_owned(), "改".to_owned());
        assert_eq!(challenge::save_need(store, &ling, id, &form, 1).await.unwrap(), 2);
        let late = challenge::save_need(store, &ling, id, &filled_need(), 1).await;
        assert_eq!(refusal(late), Refusal::ChangedMeanwhile);
        assert_eq!(typed(world, id).await.get("title").unwrap(), "改");
        form.insert("background".to_owned(), "x".repeat(500_000));
        let large = challenge::save_need(store, &ling, id, &form, 2).await;
        assert_eq!(refusal(large), Refusal::BodyTooLarge { max_kib: 400 });
        for who in ["chen", "rui", "okafor", "stranger"] {
            let answer = challenge::save_need(store, &world.actor(who), id, &filled_need(), 2).await;
            assert_eq!(refusal(answer), Refusal::NotFound, "{who}");
        }
        let unknown = ChallengeId(store::save::new_id());
        assert_eq!(refusal(challenge::save_need(store, &ling, unknown, &form, 1).await), Refusal::NotFound);
        let stranger = challenge::create_need(store, &world.actor("chen"), &form).await;
        assert_eq!(refusal(stranger), Refusal::MembershipNotActive);
    }

    async fn a_refused_proposal_is_kept_as_typed(world) {
        let (store, ling) = (&world.store, world.actor("ling"));
        let id = world.draft_need().await;
        let mut form = filled_need();
        form.insert("amount".to_owned(), "viel".to_owned());
        form.insert("contact".to_owned(), String::new());
        let refused = refusal(challenge::propose(store, &ling, id, &form, 1).await);
        assert_eq!(fields(&refused), ["contact", "amount"]);
        assert_eq!(typed(world, id).await, form);
        let row = world.challenge(id).await;
        assert_eq!((row.state.as_str(), row.version), ("draft", 2));
        challenge::propose(store, &ling, id, &filled_need(), 2).await.unwrap();
        let again = challenge::save_need(store, &ling, id, &form, 4).await;
        assert_eq!(refusal(again), Refusal::WrongState { state: "proposed".to_owned() });
    }

    async fn a_need_goes_back_with_a_reason_and_comes_again(world) {
        let (store, ling, rui) = (&world.store, world.actor("ling"), world.actor("rui"));
        let id = world.proposed_need().await;
        assert_eq!(refusal(challenge::return_need(store, &rui, id, " ").await), Refusal::ReasonNeeded);
        assert_eq!(refusal(challenge::return_need(store, &ling, id, "x").await), Refusal::NotFound);
        challenge::return_need(store, &rui, id, "请补充指标").await.unwrap();
        let sent = letters(world, "ling@unveil.test").await;
        assert!(matches!(&sent[..], [Notice::ProposalReturned { reason, .. }] if reason == "请补充指标"));
        let version = world.challenge(id).await.version;
        challenge::propose(store, &ling, id, &filled_need(), version).await.unwrap();
        challenge::approve(store, &rui, id).await.unwrap();
        assert!(matches!(&letters(world, "ling@unveil.test").await[..], [Notice::ProposalApproved { .. }]));
        assert!(matches!(refusal(challenge::approve(store, &rui, id).await), Refusal::WrongState { .. }));
        let row = world.challenge(id).await;
        assert!(serde_json::from_str::<Rule>(&row.rule.unwrap()).unwrap().problems().is_empty());
    }

    async fn an_open_rule_is_kept_and_says_what_is_missing(world) {
        let (store, rui) = (&world.store, world.actor("rui"));
        let id = world.proposed_need().await;
        challenge::approve(store, &rui, id).await.unwrap();
        let deadline = world.deadline().await;
        let mut rule = panel_rule();
        rule.rubric.criteria[0].weight_permille = 299;
        let mut form = rule_form_with(&rule, "2026-1-01", deadline);
        form.insert("closes_at".to_owned(), "2020-01-01T09:00".to_owned());
        let version = world.challenge(id).await.version;
        let open = challenge::save_rule(store, &rui, id, &form, version).await.unwrap();
        assert!(open.iter().any(|error| error.problem == Problem::WeightsSum { sum: 999 }), "{open:?}");
        assert!(open.contains(&FieldError::new("closes_at", Problem::InThePast)));
        let list = world.list_of("2026-1", &[id]).await;
        let refused = refusal(list::publish(store, &rui, list, None).await);
        assert!(fields(&refused).iter().all(|field| field.starts_with(&format!("{id}:"))), "{refused:?}");
        assert!(matches!(refused, Refusal::RuleIncomplete { .. }));
        // A form that cannot be read must not leave an older rule to be published.
        let good = rule_form_with(&panel_rule(), "2026-1-01", deadline);
        let version = world.challenge(id).await.version;
        assert_eq!(challenge::save_rule(store, &rui, id, &good, version).await.unwrap(), vec![]);
        let mut broken = good.clone();
        broken.insert("criteria.0.weight".to_owned(), "viel".to_owned());
        assert!(!challenge::save_rule(store, &rui, id, &broken, version + 1).await.unwrap().is_empty());
        assert!(matches!(refusal(list::publish(store, &rui, list, None).await), Refusal::RuleIncomplete { .. }));
        let stale = challenge::save_rule(store, &rui, id, &good, version).await;
        assert_eq!(refusal(stale), Refusal::ChangedMeanwhile);
        assert_eq!(world.challenge(id).await.state, "approved");
    }

    async fn a_number_is_given_once(world) {
        let (store, rui, deadline) = (&world.store, world.actor("rui"), world.deadline().await);
        world.approved(&panel_rule(), "2026-1-01", deadline).await;
        let second = world.approved(&panel_rule(), "2026-1-02", deadline).await;
        let version = world.challenge(second).await.version;
        let form = rule_form_with(&panel_rule(), "2026-1-01", deadline);
        let open = challenge::save_rule(store, &rui, second, &form, version).await.unwrap();
        assert_eq!(open, vec![FieldError::new("number", Problem::NumberTaken)]);
        assert_eq!(world.challenge(second).await.number.as_deref(), Some("2026-1-02"));
        list::create(store, &rui, &filled_list("2026-1")).await.unwrap();
        let again = list::create(store, &rui, &filled_list("2026-1")).await;
        assert_eq!(refusal(again), Refusal::invalid("number", Problem::NumberTaken));
    }

    async fn publication_makes_the_rule_final_and_tells_followers(world) {
        let (store, rui) = (&world.store, world.actor("rui"));
        account::follow(store, &world.actor("chen"), "mineral-resources").await.unwrap();
        account::follow(store, &world.actor("zhao"), "ecology").await.unwrap();
        let before = store.public_stamp().await.unwrap();
        let id = world.open_challenge().await;
        assert!(store.public_stamp().await.unwrap() > before);
        let row = world.challenge(id).await;
        let rule: Rule = serde_json::from_str(row.rule.as_deref().unwrap()).unwrap();
        let frozen = rule.freeze();
        assert_eq!((Some(&frozen.canonical), Some(&frozen.hash)), (row.rule.as_ref(), row.rule_sha256.as_ref()));
        let seed = row.draw_seed.clone().unwrap();
        let bytes: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&seed[at * 2..at * 2 + 2], 16).unwrap()).collect();
        assert_eq!(rule.draw_commitment, hex(&Sha256::digest(rule.seed_at(0, &bytes))), "the commitment is to the seed");
        let form = rule_form_with(&race_rule(world.now().await), "2026-1-01", world.deadline().await);
        let changed = challenge::save_rule(store, &rui, id, &form, row.version).await;
        assert_eq!(refusal(changed), Refusal::WrongState { state: "published".to_owned() });
        let told = letters(world, "chen@unveil.test").await;
        assert!(matches!(&told[..], [Notice::ListPublished { challenges, .. }] if challenges.len() == 1));
        assert_eq!(letters(world, "zhao@unveil.test").await, vec![]);
        let page = public::challenge(store, &world.actor("public"), id).await.unwrap();
        assert_eq!(page.rule.unwrap().sha256, frozen.hash);
    }

    async fn a_list_goes_out_at_its_time_by_the_clock(world) {
        let (store, rui, deadline) = (&world.store, world.actor("rui"), world.deadline().await);
        let id = world.approved(&panel_rule(), "2026-1-01", deadline).await;
        let list = world.list_of("2026-1", &[id]).await;
        let now = world.now().await;
        let past = list::publish(store, &rui, list, Some(now.plus_ms(-1))).await;
        assert_eq!(refusal(past), Refusal::invalid("publish_at", Problem::InThePast));
        list::publish(store, &rui, list, Some(now.plus_ms(DAY_MS))).await.unwrap();
        assert_eq!(clock::publish_due(store).await.unwrap(), 0);
        assert_eq!(refusal(public::list(store, list, None).await), Refusal::NotFound);
        world.clock.advance_ms(DAY_MS);
        assert_eq!(clock::publish_due(store).await.unwrap(), 1);
        assert_eq!(clock::publish_due(store).await.unwrap(), 0);
        let page = public::list(store, list, None).await.unwrap();
        assert_eq!((page.card.challenges, page.challenges.rows.len()), (1, 1));
        assert!(matches!(refusal(list::publish(store, &rui, list, None).await), Refusal::WrongState { .. }));
    }

    async fn a_scheduled_list_whose_deadline_has_passed_goes_back(world) {
        let (store, rui, deadline) = (&world.store, world.actor("rui"), world.deadline().await);
        let id = world.approved(&panel_rule(), "2026-1-01", deadline).await;
        let list = world.list_of("2026-1", &[id]).await;
        let behind = list::publish(store, &rui, list, Some(deadline)).await;
        assert!(matches!(refusal(behind), Refusal::RuleIncomplete { .. }), "it would close as it opens");
        list::publish(store, &rui, list, Some(deadline.plus_ms(-MINUTE_MS))).await.unwrap();
        world.set_time(deadline).await;
        assert_eq!(clock::publish_due(store).await.unwrap(), 0);
        assert_eq!(world.challenge(id).await.state, "approved");
        assert!(matches!(refusal(list::publish(store, &rui, list, None).await), Refusal::RuleIncomplete { .. }));
    }

    async fn lists_take_only_approved_challenges_of_no_other_list(world) {
        let (store, rui, deadline) = (&world.store, world.actor("rui"), world.deadline().await);
        let (draft, approved) = (world.draft_need().await, world.approved(&panel_rule(), "A-1", deadline).await);
        let (first, second) = (world.list_of("2026-1", &[]).await, world.list_of("2026-2", &[]).await);
        assert_eq!(refusal(list::publish(store, &rui, first, None).await), Refusal::ListEmpty);
        assert!(matches!(refusal(list::add(store, &rui, first, draft).await), Refusal::WrongState { .. }));
        list::add(store, &rui, first, approved).await.unwrap();
        list::add(store, &rui, first, approved).await.unwrap();
        assert_eq!(refusal(list::add(store, &rui, second, approved).await), Refusal::ChallengeHasOtherList);
        assert_eq!(refusal(list::remove(store, &rui, second, approved).await), Refusal::NotFound);
        list::remove(store, &rui, first, approved).await.unwrap();
        list::add(store, &rui, second, approved).await.unwrap();
        for who in ["ling", "chen", "wen", "okafor", "stranger"] {
            let answer = list::publish(store, &world.actor(who), second, None).await;
            assert_eq!(refusal(answer), Refusal::NotFound, "{who}");
        }
        let mut form = filled_list("2026-2");
        form.insert("title".to_owned(), "新名".to_owned());
        list::save(store, &rui, second, &form, 1).await.unwrap();
        assert_eq!(refusal(list::save(store, &rui, second, &form, 1).await), Refusal::ChangedMeanwhile);
        list::publish(store, &rui, second, None).await.unwrap();
        assert!(matches!(refusal(list::save(store, &rui, second, &form, 3).await), Refusal::WrongState { .. }));
    }

    async fn the_deadline_closes_and_nothing_opens_before(world) {
        let (store, rui) = (&world.store, world.actor("rui"));
        let id = world.open_challenge().await;
        let closes_at = Timestamp(world.challenge(id).await.closes_at.unwrap());
        for step in [Step::Close, Step::Open] {
            assert_eq!(refusal(steps::step(store, &rui, id, step, "").await), Refusal::DeadlineNotReached);
        }
        assert_eq!(clock::close_due(store).await.unwrap(), 0);
        world.set_time(closes_at.plus_ms(1_000)).await;
        let unclosed = steps::step(store, &rui, id, Step::Open, "").await;
        assert_eq!(refusal(unclosed), Refusal::WrongState { state: "published".to_owned() });
        assert_eq!(clock::close_due(store).await.unwrap(), 1);
        assert_eq!(clock::close_due(store).await.unwrap(), 0);
        steps::step(store, &rui, id, Step::Open, "").await.unwrap();
        assert_eq!(refusal(steps::step(store, &world.actor("ling"), id, Step::StartEligibility, "").await), Refusal::NotFound);
        steps::step(store, &rui, id, Step::DeclareNoValidBid, "").await.unwrap();
        let page = public::challenge(store, &world.actor("public"), id).await.unwrap();
        assert_eq!(page.state, State::NoValidBid);
        let last = page.timeline.last().unwrap();
        assert_eq!((last.state, last.at.is_some()), (State::NoValidBid, true));
    }

    async fn an_exit_needs_a_reason_and_what_was_public_stays_so(world) {
        let (store, rui) = (&world.store, world.actor("rui"));
        let (draft, open) = (world.draft_need().await, world.open_challenge().await);
        assert_eq!(refusal(steps::step(store, &rui, open, Step::Cancel, "").await), Refusal::ReasonNeeded);
        steps::step(store, &rui, open, Step::Cancel, "资金取消").await.unwrap();
        steps::step(store, &rui, draft, Step::Cancel, "重复").await.unwrap();
        let public_actor = world.actor("public");
        assert_eq!(public::challenge(store, &public_actor, open).await.unwrap().state, State::Cancelled);
        assert_eq!(refusal(public::challenge(store, &public_actor, draft).await), Refusal::NotFound);
        assert!(matches!(refusal(steps::step(store, &rui, draft, Step::Republish, "").await), Refusal::WrongState { .. }));
        steps::step(store, &rui, open, Step::Republish, "").await.unwrap();
        let page = public::challenge(store, &public_actor, open).await.unwrap();
        let states: Vec<State> = page.timeline.iter().map(|step| step.state).collect();
        assert_eq!(states[states.len() - 2..], [State::Cancelled, State::Republished]);
        use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
        let again = entity::challenge::Entity::find()
            .filter(entity::challenge::Column::State.eq("approved"))
            .all(world.connection())
            .await
            .unwrap();
        assert_eq!((again.len(), again[0].number.clone(), again[0].list_id), (1, None, None));
    }

    async fn nobody_sees_what_is_not_published(world) {
        let store = &world.store;
        let id = world.approved(&panel_rule(), "2026-1-01", world.deadline().await).await;
        for who in ["public", "stranger", "chen", "ling", "rui"] {
            let page = public::challenge(store, &world.actor(who), id).await;
            assert_eq!(refusal(page), Refusal::NotFound, "{who}");
        }
        let unknown = ChallengeId(store::save::new_id());
        assert_eq!(refusal(public::race(store, &world.actor("rui"), unknown).await), Refusal::NotFound);
        assert_eq!(refusal(public::race(store, &world.actor("rui"), id).await), Refusal::NotFound);
        let home = public::home(store).await.unwrap();
        assert_eq!((home.counts.open, home.closing_soon.len(), home.lists.len()), (0, 0, 0));
    }

    async fn the_home_page_counts_what_is_open(world) {
        let id = world.open_challenge().await;
        let home = public::home(&world.store).await.unwrap();
        assert_eq!((home.counts.open, home.counts.lists, home.closing_soon[0].id), (1, 1, id));
        assert_eq!(home.counts.amount_open.wan_text(), "300");
        assert_eq!(home.lists[0].states, vec![(State::Published, 1)]);
        let page = public::lists(&world.store, None).await.unwrap();
        assert_eq!((page.rows.len(), page.next), (1, None));
        let chen = public::challenge(&world.store, &world.actor("chen"), id).await.unwrap();
        assert!(chen.doors.may_bid && !chen.doors.issuer);
        let ling = public::challenge(&world.store, &world.actor("ling"), id).await.unwrap();
        assert!(!ling.doors.may_bid && ling.doors.issuer);
    }
}

//! The outbox against a mail server that is down, busy, slow, or goes away in mid-sentence.

use std::time::Duration;

use domain::notice::Notice;
use mail_parser::MessageParser;
use server::jobs::mail::{LEASE, run_all, run_once};
use store::Store;
use store::outbox::{self, BACKOFF_FIRST_MS, BACKOFF_MAX_MS, Letter, MAX_ATTEMPTS};

use crate::smtp::{Fault, SmtpServer};
use crate::support::{post, worker, worker_within};

const LEASE_MS: i64 = LEASE.as_millis() as i64;

fn ids(server: &SmtpServer) -> Vec<String> {
    let id = |bytes: &Vec<u8>| {
        let message = MessageParser::default().parse(bytes).unwrap();
        message.message_id().unwrap().to_owned()
    };
    server.taken().iter().map(id).collect()
}

async fn claim(store: &Store) -> Vec<Letter> {
    outbox::claim(store, 100, LEASE_MS).await.unwrap()
}

testkit::both! {
    async fn a_letter_arrives_once(world) {
        let server = SmtpServer::start(&[]).await;
        post(&world.store, "chen@unveil.test", &Notice::ConfirmAddress { token: "once".to_owned() }).await;
        let worker = worker(&world.store, &server.url());
        assert_eq!(run_once(&worker).await.unwrap(), 1);
        assert_eq!(run_once(&worker).await.unwrap(), 0);
        let taken = server.taken();
        assert_eq!(taken.len(), 1);
        let message = MessageParser::default().parse(&taken[0]).unwrap();
        assert_eq!(message.to().unwrap().first().unwrap().address(), Some("chen@unveil.test"));
        assert!(message.body_text(0).unwrap().contains("/account/confirm?token=once"));
    }

    async fn a_server_that_is_down_costs_nothing_but_time(world) {
        let addr = SmtpServer::start(&[]).await.addr;
        tokio::time::sleep(Duration::from_millis(50)).await;
        for number in 0..5 {
            post(&world.store, &format!("a{number}@unveil.test"), &Notice::PasswordChanged).await;
        }
        let worker = worker(&world.store, &format!("smtp://{addr}"));
        assert_eq!(run_once(&worker).await.unwrap(), 5);
        assert_eq!(run_once(&worker).await.unwrap(), 0, "not before the wait is over");
        let server = SmtpServer::start_at(addr, &[]).await;
        world.clock.advance_ms(BACKOFF_FIRST_MS);
        assert_eq!(run_once(&worker).await.unwrap(), 5);
        assert_eq!(server.taken().len(), 5);
    }

    async fn a_busy_server_is_asked_again_and_a_refusing_one_is_not(world) {
        let server = SmtpServer::start(&[Fault::Answer(451)]).await;
        let worker = worker(&world.store, &server.url());
        post(&world.store, "busy@unveil.test", &Notice::PasswordChanged).await;
        assert_eq!(run_once(&worker).await.unwrap(), 1);
        world.clock.advance_ms(BACKOFF_FIRST_MS);
        assert_eq!(run_once(&worker).await.unwrap(), 1);
        assert_eq!(server.taken().len(), 1);

        let server = SmtpServer::start(&[Fault::Answer(550)]).await;
        let worker = self::worker(&world.store, &server.url());
        post(&world.store, "gone@unveil.test", &Notice::PasswordChanged).await;
        assert_eq!(run_once(&worker).await.unwrap(), 1);
        world.clock.advance_ms(BACKOFF_MAX_MS);
        assert_eq!(run_once(&worker).await.unwrap(), 0);
        let dead = store::query::account::dead_letters(&world.store, &world.actor("rui")).await.unwrap();
        assert_eq!(dead.len(), 1);
        assert_eq!(dead[0].address, "gone@unveil.test");
        assert!(dead[0].last_error.contains("550") || dead[0].last_error.contains("script"), "{}", dead[0].last_error);

        store::command::account::retry_letter(&world.store, &world.actor("rui"), dead[0].id).await.unwrap();
        assert_eq!(run_once(&worker).await.unwrap(), 1);
        assert_eq!(server.taken().len(), 1);
    }

    async fn a_server_that_does_not_let_us_in_does_not_condemn_the_letter(world) {
        let server = SmtpServer::start(&[Fault::Answer(530)]).await;
        let worker = worker(&world.store, &server.url());
        post(&world.store, "chen@unveil.test", &Notice::PasswordChanged).await;
        run_once(&worker).await.unwrap();
        world.clock.advance_ms(BACKOFF_FIRST_MS);
        assert_eq!(run_once(&worker).await.unwrap(), 1);
        assert_eq!(server.taken().len(), 1);
    }

    async fn a_letter_whose_receipt_was_lost_comes_again_under_the_same_name(world) {
        let server = SmtpServer::start(&[Fault::DropAfterDot]).await;
        let worker = worker(&world.store, &server.url());
        post(&world.store, "chen@unveil.test", &Notice::PasswordChanged).await;
        run_once(&worker).await.unwrap();
        world.clock.advance_ms(BACKOFF_FIRST_MS);
        run_once(&worker).await.unwrap();
        world.clock.advance_ms(BACKOFF_MAX_MS);
        assert_eq!(run_once(&worker).await.unwrap(), 0);
        let ids = ids(&server);
        assert_eq!(ids.len(), 2);
        assert_eq!(ids[0], ids[1]);
        assert_eq!(server.taken()[0], server.taken()[1]);
    }

    async fn a_slow_answer_is_never_taken_for_the_next_letters(world) {
        let server = SmtpServer::start(&[Fault::Slow(Duration::from_millis(900)), Fault::Answer(550)]).await;
        let worker = worker_within(&world.store, &server.url(), Duration::from_millis(300));
        post(&world.store, "slow@unveil.test", &Notice::PasswordChanged).await;
        assert_eq!(run_once(&worker).await.unwrap(), 1);
        post(&world.store, "next@unveil.test", &Notice::PasswordChanged).await;
        assert_eq!(run_once(&worker).await.unwrap(), 1);
        let dead = store::query::account::dead_letters(&world.store, &world.actor("rui")).await.unwrap();
        assert_eq!(dead.iter().map(|letter| letter.address.as_str()).collect::<Vec<_>>(), ["next@unveil.test"]);
        world.clock.advance_ms(BACKOFF_FIRST_MS);
        assert_eq!(run_once(&worker).await.unwrap(), 1, "the slow one is tried again");
        let ids = ids(&server);
        assert_eq!((ids.len(), &ids[0]), (2, &ids[1]));
    }

    async fn two_workers_share_the_letters(world) {
        let server = SmtpServer::start(&[]).await;
        for number in 0..60 {
            post(&world.store, &format!("a{number}@unveil.test"), &Notice::PasswordChanged).await;
        }
        let (one, other) = (worker(&world.store, &server.url()), worker(&world.store, &server.url()));
        let (one, other) = tokio::join!(run_all(&one), run_all(&other));
        assert_eq!(one.unwrap() + other.unwrap(), 60);
        let mut ids = ids(&server);
        ids.sort();
        ids.dedup();
        assert_eq!((ids.len(), server.taken().len()), (60, 60));
    }

    async fn claims_are_never_held_twice(world) {
        for number in 0..30 {
            post(&world.store, &format!("a{number}@unveil.test"), &Notice::PasswordChanged).await;
        }
        let claims = (0..6).map(|_| {
            let store = world.store.clone();
            tokio::spawn(async move { outbox::claim(&store, 7, LEASE_MS).await.unwrap() })
        });
        let mut held = Vec::new();
        for claim in claims.collect::<Vec<_>>() {
            held.extend(claim.await.unwrap().into_iter().map(|letter| letter.id));
        }
        held.extend(claim(&world.store).await.into_iter().map(|letter| letter.id));
        assert_eq!(held.len(), 30);
        held.sort();
        held.dedup();
        assert_eq!(held.len(), 30);
    }

    async fn a_worker_that_died_loses_its_claim(world) {
        post(&world.store, "chen@unveil.test", &Notice::PasswordChanged).await;
        let first = claim(&world.store).await;
        assert_eq!(first.len(), 1);
        world.clock.advance_ms(LEASE_MS - 5_000);
        assert_eq!(claim(&world.store).await, vec![]);
        world.clock.advance_ms(5_000);
        let second = claim(&world.store).await;
        assert_eq!(second.len(), 1);
        assert_eq!((second[0].id, second[0].attempts), (first[0].id, 2));
        outbox::release(&world.store, &[second[0].id]).await.unwrap();
        assert_eq!(claim(&world.store).await.len(), 1, "what is given back is free at once");
    }

    async fn waits_double_and_end_where_an_organiser_sees_it(world) {
        post(&world.store, "chen@unveil.test", &Notice::PasswordChanged).await;
        let mut wait = BACKOFF_FIRST_MS;
        for attempt in 1..=MAX_ATTEMPTS {
            let letter = claim(&world.store).await.remove(0);
            assert_eq!(letter.attempts, attempt);
            outbox::mark_failed(&world.store, &letter, "451 later\r\nX: y", false).await.unwrap();
            world.clock.advance_ms(wait - 5_000);
            assert_eq!(claim(&world.store).await, vec![], "attempt {attempt}");
            world.clock.advance_ms(5_000);
            wait = (wait * 2).min(BACKOFF_MAX_MS);
        }
        world.clock.advance_ms(BACKOFF_MAX_MS * 10);
        assert_eq!(claim(&world.store).await, vec![]);
        let dead = store::query::account::dead_letters(&world.store, &world.actor("rui")).await.unwrap();
        assert_eq!(dead[0].last_error, "451 laterX: y");
    }

    async fn a_letter_that_cannot_be_addressed_is_laid_aside(world) {
        let server = SmtpServer::start(&[]).await;
        post(&world.store, "no address", &Notice::PasswordChanged).await;
        post(&world.store, "chen@unveil.test", &Notice::PasswordChanged).await;
        assert_eq!(run_once(&worker(&world.store, &server.url())).await.unwrap(), 2);
        assert_eq!(server.taken().len(), 1);
        let dead = store::query::account::dead_letters(&world.store, &world.actor("rui")).await.unwrap();
        assert_eq!(dead.len(), 1);
    }
}

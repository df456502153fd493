//! Accounts: registering, signing in, forgetting.

use domain::notice::Notice;
use domain::refusal::{FieldError, Problem, Refusal};
use domain::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use entity::{person, session};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use store::command::account::{self, Client, Registration};
use store::query::account::find_actor;
use testkit::PASSWORD;

use crate::account_support::{NEW_PASSWORD, client, letters, mailed_token, registration};
use crate::bid_support::refusal;

testkit::both! {
    async fn a_newcomer_registers_confirms_once_and_signs_in(world) {
        let store = &world.store;
        account::register(store, registration("Mo@New.test")).await.unwrap();
        let signed_in = account::sign_in(store, " mo@new.TEST ", NEW_PASSWORD, &client()).await.unwrap();
        assert_eq!(signed_in.locale, "en");
        let visitor = find_actor(store, &signed_in.token).await.unwrap().unwrap();
        assert!(!visitor.actor.email_confirmed);
        let token = mailed_token(world, "Mo@new.test").await;
        account::confirm_email(store, &token).await.unwrap();
        assert_eq!(refusal(account::confirm_email(store, &token).await), Refusal::LinkInvalid);
        assert!(find_actor(store, &signed_in.token).await.unwrap().unwrap().actor.email_confirmed);
    }

    async fn an_old_confirmation_link_is_dead_and_a_new_one_can_be_had(world) {
        let store = &world.store;
        account::register(store, registration("mo@new.test")).await.unwrap();
        let first = mailed_token(world, "mo@new.test").await;
        let session = account::sign_in(store, "mo@new.test", NEW_PASSWORD, &client()).await.unwrap();
        let actor = find_actor(store, &session.token).await.unwrap().unwrap().actor;
        account::resend_confirmation(store, &actor).await.unwrap();
        let second = mailed_token(world, "mo@new.test").await;
        assert_eq!(refusal(account::confirm_email(store, &first).await), Refusal::LinkInvalid);
        world.clock.advance_ms(24 * HOUR_MS);
        assert_eq!(refusal(account::confirm_email(store, &second).await), Refusal::LinkInvalid);
        account::resend_confirmation(store, &actor).await.unwrap();
        account::confirm_email(store, &mailed_token(world, "mo@new.test").await).await.unwrap();
    }

    async fn a_known_address_gets_the_same_answer_and_its_owner_a_letter(world) {
        let chen = world.email("chen");
        account::register(&world.store, registration(&chen)).await.unwrap();
        assert_eq!(letters(world, &chen).await, vec![Notice::AddressInUse]);
        assert_eq!(person::Entity::find().filter(person::Column::EmailKey.eq(&chen)).count(world.connection()).await.unwrap(), 1);
        assert!(account::sign_in(&world.store, &chen, PASSWORD, &client()).await.is_ok());
        // Nobody can make us write letter after letter to somebody.
        for _ in 0..10 {
            account::register(&world.store, registration(&chen)).await.unwrap();
        }
        assert_eq!(letters(world, &chen).await.len(), 4);
    }

    async fn a_bad_registration_names_every_field(world) {
        let bad = Registration {
            name: "  ".to_owned(),
            email: "nobody".to_owned(),
            password: "password1234".to_owned(),
            repeat: "password1235".to_owned(),
            locale: "xx".to_owned(),
        };
        let expected = vec![
            FieldError::new("name", Problem::Required),
            FieldError::new("email", Problem::NotAnAddress),
            FieldError::new("password", Problem::PasswordWeak),
            FieldError::new("repeat", Problem::PasswordsDiffer),
        ];
        assert_eq!(refusal(account::register(&world.store, bad).await), Refusal::Invalid { fields: expected });
    }

    async fn unknown_wrong_and_suspended_look_the_same(world) {
        let store = &world.store;
        let row = person::Entity::find_by_id(world.person("zhao").0).one(world.connection()).await.unwrap().unwrap();
        let mut row: person::ActiveModel = row.into();
        row.suspended_at = Set(Some(1));
        row.update(world.connection()).await.unwrap();
        for (email, password) in [
            ("nobody@unveil.test", PASSWORD),
            ("chen@unveil.test", "wrong"),
            ("zhao@unveil.test", PASSWORD),
            ("chen@unveil.test\u{0}", "wrong"),
            ("", ""),
        ] {
            let answer = account::sign_in(store, email, password, &client()).await;
            assert_eq!(refusal(answer), Refusal::WrongCredentials, "{email}");
        }
        for email in ["nobody@unveil.test", "zhao@unveil.test", "chen@unveil.test"] {
            account::request_reset(store, email, &client()).await.unwrap();
        }
        assert_eq!(letters(world, "zhao@unveil.test").await, vec![]);
    }

    async fn guesses_are_counted_per_account_and_time_heals(world) {
        let store = &world.store;
        let from = |n: usize| Client { address: format!("198.51.100.{n}"), user_agent: String::new() };
        for n in 0..10 {
            let answer = account::sign_in(store, "chen@unveil.test", "guess", &from(n)).await;
            assert_eq!(refusal(answer), Refusal::WrongCredentials);
        }
        let right = account::sign_in(store, "chen@unveil.test", PASSWORD, &from(11)).await;
        let Refusal::TooManyAttempts { retry_secs } = refusal(right) else { panic!("let in") };
        assert!((1..=900).contains(&retry_secs));
        // The same for an address that has no account, or counting would tell them apart.
        for n in 0..11 {
            let answer = refusal(account::sign_in(store, "nobody@unveil.test", "guess", &from(n)).await);
            assert_eq!(matches!(answer, Refusal::TooManyAttempts { .. }), n == 10, "{n}");
        }
        world.clock.advance_ms(15 * MINUTE_MS);
        account::sign_in(store, "chen@unveil.test", PASSWORD, &from(11)).await.unwrap();
    }

    async fn guesses_are_counted_per_address_but_people_who_know_are_not_charged(world) {
        let store = &world.store;
        for _ in 0..12 {
            account::sign_in(store, "chen@unveil.test", PASSWORD, &client()).await.unwrap();
        }
        for n in 0..100 {
            let answer = account::sign_in(store, &format!("guess{n}@unveil.test"), "x", &client()).await;
            assert_eq!(refusal(answer), Refusal::WrongCredentials, "{n}");
        }
        let answer = refusal(account::sign_in(store, "chen@unveil.test", PASSWORD, &client()).await);
        assert!(matches!(answer, Refusal::TooManyAttempts { .. }));
        let elsewhere = Client { address: "203.0.113.9".to_owned(), ..client() };
        account::sign_in(store, "chen@unveil.test", PASSWORD, &elsewhere).await.unwrap();
    }

    async fn a_session_ends_when_idle_and_when_old(world) {
        let store = &world.store;
        let token = world.sign_in("chen").await;
        world.clock.advance_ms(12 * HOUR_MS - MINUTE_MS);
        assert!(find_actor(store, &token).await.unwrap().is_some(), "seen just in time");
        world.clock.advance_ms(12 * HOUR_MS - MINUTE_MS);
        assert!(find_actor(store, &token).await.unwrap().is_some(), "the last look counted");
        world.clock.advance_ms(12 * HOUR_MS + MINUTE_MS);
        assert_eq!(find_actor(store, &token).await.unwrap(), None, "idle");
        let token = world.sign_in("chen").await;
        for _ in 0..28 {
            world.clock.advance_ms(12 * HOUR_MS - 2 * MINUTE_MS);
            assert!(find_actor(store, &token).await.unwrap().is_some());
        }
        world.clock.advance_ms(HOUR_MS);
        assert_eq!(find_actor(store, &token).await.unwrap(), None, "fourteen days");
        store::command::clock::sweep(store).await.unwrap();
        assert_eq!(session::Entity::find().count(world.connection()).await.unwrap(), 0);
    }

    async fn signing_out_ends_this_session_only(world) {
        let (here, there) = (world.sign_in("chen").await, world.sign_in("chen").await);
        account::sign_out(&world.store, &here).await.unwrap();
        account::sign_out(&world.store, "no such session").await.unwrap();
        assert_eq!(find_actor(&world.store, &here).await.unwrap(), None);
        assert!(find_actor(&world.store, &there).await.unwrap().is_some());
        let third = world.sign_in("chen").await;
        account::end_other_sessions(&world.store, &world.actor("chen"), &third).await.unwrap();
        assert_eq!(find_actor(&world.store, &there).await.unwrap(), None);
        let fourth = account::rotate_session(&world.store, &world.actor("chen"), &third).await.unwrap();
        assert_eq!(find_actor(&world.store, &third).await.unwrap(), None);
        assert!(find_actor(&world.store, &fourth).await.unwrap().is_some());
        let stranger = account::rotate_session(&world.store, &world.actor("stranger"), &fourth).await;
        assert_eq!(refusal(stranger), Refusal::SignInNeeded);
    }

    async fn a_reset_works_once_within_half_an_hour_and_ends_all_sessions(world) {
        let (store, chen) = (&world.store, "chen@unveil.test");
        let session = world.sign_in("chen").await;
        account::request_reset(store, chen, &client()).await.unwrap();
        let first = mailed_token(world, chen).await;
        account::request_reset(store, "CHEN@unveil.test", &client()).await.unwrap();
        let second = mailed_token(world, chen).await;
        let reset = async |token: &str, new: &str| account::reset_password(store, token, new, new, &client()).await;
        assert_eq!(refusal(reset(&first, NEW_PASSWORD).await), Refusal::LinkInvalid, "older links die");
        assert!(matches!(refusal(reset(&second, "short").await), Refusal::Invalid { .. }));
        reset(&second, NEW_PASSWORD).await.unwrap();
        assert_eq!(refusal(reset(&second, PASSWORD).await), Refusal::LinkInvalid, "single use");
        assert_eq!(find_actor(store, &session).await.unwrap(), None);
        assert_eq!(letters(world, chen).await, vec![Notice::PasswordChanged]);
        let old = account::sign_in(store, chen, PASSWORD, &client()).await;
        assert_eq!(refusal(old), Refusal::WrongCredentials);
        account::sign_in(store, chen, NEW_PASSWORD, &client()).await.unwrap();
        account::request_reset(store, chen, &client()).await.unwrap();
        let late = mailed_token(world, chen).await;
        world.clock.advance_ms(30 * MINUTE_MS);
        assert_eq!(refusal(reset(&late, PASSWORD).await), Refusal::LinkInvalid, "too late");
    }

    async fn reset_letters_are_limited_alike_for_known_and_unknown(world) {
        for address in ["chen@unveil.test", "nobody@unveil.test"] {
            for _ in 0..5 {
                account::request_reset(&world.store, address, &client()).await.unwrap();
            }
            let answer = refusal(account::request_reset(&world.store, address, &client()).await);
            assert!(matches!(answer, Refusal::TooManyAttempts { .. }), "{address}");
        }
    }

    async fn a_changed_password_ends_the_other_sessions_and_renames_the_own(world) {
        let (store, chen) = (&world.store, world.actor("chen"));
        let (own, other) = (world.sign_in("chen").await, world.sign_in("chen").await);
        let change = async |old: &str, new: &str| {
            account::change_password(store, &chen, &own, old, new, new, &client()).await
        };
        assert_eq!(refusal(change("wrong", NEW_PASSWORD).await), Refusal::WrongCredentials);
        assert!(matches!(refusal(change(PASSWORD, "chen chen chen").await), Refusal::Invalid { .. }));
        let renamed = change(PASSWORD, NEW_PASSWORD).await.unwrap();
        for ended in [&own, &other] {
            assert_eq!(find_actor(store, ended).await.unwrap(), None);
        }
        assert!(find_actor(store, &renamed).await.unwrap().is_some());
        assert_eq!(letters(world, "chen@unveil.test").await, vec![Notice::PasswordChanged]);
    }

    async fn an_old_hash_is_renewed_at_sign_in(world) {
        use argon2::{Argon2, PasswordHasher};
        let weak = argon2::Params::new(8, 1, 1, None).unwrap();
        let hasher = Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, weak);
        let old = hasher.hash_password(PASSWORD.as_bytes()).unwrap().to_string();
        let row = person::Entity::find_by_id(world.person("chen").0).one(world.connection()).await.unwrap().unwrap();
        let mut row: person::ActiveModel = row.into();
        row.password_hash = Set(old.clone());
        row.update(world.connection()).await.unwrap();
        world.sign_in("chen").await;
        let row = person::Entity::find_by_id(world.person("chen").0).one(world.connection()).await.unwrap().unwrap();
        assert!(row.password_hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", row.password_hash);
        world.sign_in("chen").await;
    }

    async fn sweeping_leaves_what_still_lives(world) {
        let (store, chen) = (&world.store, "chen@unveil.test");
        let token = world.sign_in("chen").await;
        account::request_reset(store, chen, &client()).await.unwrap();
        store::command::clock::sweep(store).await.unwrap();
        assert!(find_actor(store, &token).await.unwrap().is_some());
        let link = mailed_token(world, chen).await;
        account::reset_password(store, &link, NEW_PASSWORD, NEW_PASSWORD, &client()).await.unwrap();
        world.clock.advance_ms(15 * DAY_MS);
        assert!(store::command::clock::sweep(store).await.unwrap() > 0);
        assert_eq!(entity::token::Entity::find().count(world.connection()).await.unwrap(), 0);
        assert_eq!(entity::attempt::Entity::find().count(world.connection()).await.unwrap(), 0);
    }
}

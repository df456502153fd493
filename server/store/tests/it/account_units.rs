//! Units, invitations, roles, and a person's own pages.

use domain::actor::{MembershipState, Role};
use domain::id::MembershipId;
use domain::refusal::{FieldError, Problem, Refusal};
use domain::time::DAY_MS;
use entity::membership;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use store::command::account;
use store::query::account as pages;
use testkit::World;
use testkit::samples::typed;

use crate::account_support::{letters, mailed_token};
use crate::bid_support::refusal;

async fn membership(world: &World, person: &str, role: Role) -> membership::Model {
    membership::Entity::find()
        .filter(membership::Column::EmailKey.eq(world.email(person)))
        .filter(membership::Column::Role.eq(role.key()))
        .one(world.connection())
        .await
        .unwrap()
        .unwrap()
}

async fn change(
    world: &World,
    by: &str,
    id: uuid::Uuid,
    to: MembershipState,
) -> Result<(), store::StoreError> {
    account::change_membership(&world.store, &world.actor(by), MembershipId(id), to).await
}

testkit::both! {
    async fn a_unit_registers_and_its_name_is_taken_however_written(world) {
        let (store, stranger) = (&world.store, world.actor("stranger"));
        let form = typed(&[("name", "云岭（贵州）科技 Ltd"), ("kind", "enterprise"), ("credit_code", "91520000MA6")]);
        let unit = account::register_unit(store, &stranger, &form).await.unwrap();
        let token = world.sign_in("stranger").await;
        let actor = pages::find_actor(store, &token).await.unwrap().unwrap().actor;
        assert!(actor.has_in(Role::Issuer, unit) && actor.has_in(Role::Team, unit));
        let again = typed(&[("name", "云岭(贵州)科技ltd"), ("kind", "university")]);
        let taken = FieldError::new("name", Problem::Duplicate);
        let answer = account::register_unit(store, &world.actor("chen"), &again).await;
        assert_eq!(refusal(answer), Refusal::Invalid { fields: vec![taken] });
        let authority = typed(&[("name", "省科技厅"), ("kind", "authority")]);
        let unknown = FieldError::new("kind", Problem::UnknownChoice);
        let answer = account::register_unit(store, &stranger, &authority).await;
        assert_eq!(refusal(answer), Refusal::Invalid { fields: vec![unknown] });
        let answer = account::register_unit(store, &world.actor("public"), &form).await;
        assert_eq!(refusal(answer), Refusal::SignInNeeded);
    }

    async fn roles_are_given_only_by_who_may_give_them(world) {
        let check = async |by: &str, unit: &str, role: Role, allowed: bool| {
            let (actor, unit_id) = (world.actor(by), world.unit(unit));
            let answer = account::invite(&world.store, &actor, unit_id, "new@unveil.test", role).await;
            if allowed {
                answer.unwrap_or_else(|error| panic!("{by} {unit} {role:?}: {error}"));
            } else {
                assert_eq!(refusal(answer), Refusal::NotAllowed, "{by} {unit} {role:?}");
            }
        };
        check("rui", "authority", Role::Organiser, true).await;
        check("rui", "authority", Role::Expert, true).await;
        check("rui", "authority", Role::Auditor, true).await;
        check("rui", "authority", Role::Team, false).await;
        check("rui", "university", Role::Team, false).await;
        check("okafor", "authority", Role::Organiser, false).await;
        check("okafor", "authority", Role::Expert, false).await;
        check("chen", "university", Role::Team, true).await;
        check("chen", "university", Role::Issuer, false).await;
        check("chen", "university", Role::Expert, false).await;
        check("chen", "institute", Role::Team, false).await;
        check("ling", "enterprise", Role::Issuer, true).await;
        check("stranger", "university", Role::Team, false).await;
    }

    async fn an_invitation_is_for_one_address_and_one_time(world) {
        let (store, chen, stranger) = (&world.store, world.actor("chen"), world.actor("stranger"));
        let unit = world.unit("chen");
        account::invite(store, &chen, unit, "Stranger@unveil.test", Role::Team).await.unwrap();
        let first = mailed_token(world, "stranger@unveil.test").await;
        account::invite(store, &chen, unit, "stranger@unveil.test", Role::Team).await.unwrap();
        let second = mailed_token(world, "stranger@unveil.test").await;
        assert_eq!(refusal(pages::invitation(store, &first).await), Refusal::LinkInvalid);
        let page = pages::invitation(store, &second).await.unwrap();
        assert_eq!((page.role, page.has_account, page.organisation_name.as_str()), (Role::Team, true, "清河大学"));
        let zhao = world.actor("zhao");
        assert_eq!(refusal(account::invitation_accept(store, &zhao, &second).await), Refusal::NotAllowed);
        account::invitation_accept(store, &stranger, &second).await.unwrap();
        assert_eq!(refusal(account::invitation_accept(store, &stranger, &second).await), Refusal::LinkInvalid);
        let token = world.sign_in("stranger").await;
        let actor = pages::find_actor(store, &token).await.unwrap().unwrap().actor;
        assert!(actor.has_in(Role::Team, unit));
        let duplicate = Refusal::invalid("email", Problem::Duplicate);
        let again = account::invite(store, &chen, unit, "stranger@unveil.test", Role::Team).await;
        assert_eq!(refusal(again), duplicate);
        account::invite(store, &chen, unit, "late@unveil.test", Role::Team).await.unwrap();
        let late = mailed_token(world, "late@unveil.test").await;
        world.clock.advance_ms(14 * DAY_MS);
        assert_eq!(refusal(pages::invitation(store, &late).await), Refusal::LinkInvalid);
    }

    async fn only_active_memberships_count(world) {
        let token = world.sign_in("chen").await;
        let roles = async || pages::find_actor(&world.store, &token).await.unwrap().unwrap().actor.held.len();
        assert_eq!(roles().await, 1);
        for state in MembershipState::ALL {
            let mut row: membership::ActiveModel = membership(world, "chen", Role::Team).await.into();
            row.state = Set(state.key().to_owned());
            row.update(world.connection()).await.unwrap();
            assert_eq!(roles().await, usize::from(*state == MembershipState::Active), "{state:?}");
        }
        let mut row: membership::ActiveModel = membership(world, "chen", Role::Team).await.into();
        row.state = Set("active".to_owned());
        row.expires_at = Set(Some(world.now().await.0 - 1));
        row.update(world.connection()).await.unwrap();
        assert_eq!(roles().await, 0, "its time is over");
        let page = pages::account(&world.store, &world.actor("chen"), &token).await.unwrap();
        assert_eq!(page.memberships[0].state, MembershipState::Expired);
        assert!(page.memberships[0].colleagues.is_empty(), "who is out sees nobody");
    }

    async fn colleagues_are_suspended_and_their_sessions_end(world) {
        account::invite(&world.store, &world.actor("chen"), world.unit("chen"), "stranger@unveil.test", Role::Team).await.unwrap();
        let link = mailed_token(world, "stranger@unveil.test").await;
        account::invitation_accept(&world.store, &world.actor("stranger"), &link).await.unwrap();
        let (token, row) = (world.sign_in("stranger").await, membership(world, "stranger", Role::Team).await);
        assert_eq!(refusal(change(world, "zhao", row.id, MembershipState::Suspended).await), Refusal::NotFound);
        assert_eq!(refusal(change(world, "rui", row.id, MembershipState::Suspended).await), Refusal::NotFound);
        change(world, "chen", row.id, MembershipState::Suspended).await.unwrap();
        assert_eq!(pages::find_actor(&world.store, &token).await.unwrap(), None);
        let own = change(world, "stranger", row.id, MembershipState::Active).await;
        assert!(matches!(refusal(own), Refusal::WrongState { .. }), "nobody lifts the own suspension");
        change(world, "chen", row.id, MembershipState::Active).await.unwrap();
        change(world, "stranger", row.id, MembershipState::Left).await.unwrap();
        account::invite(&world.store, &world.actor("chen"), world.unit("chen"), "stranger@unveil.test", Role::Team).await.unwrap();
    }

    async fn the_last_organiser_stays(world) {
        let rui = membership(world, "rui", Role::Organiser).await;
        assert_eq!(refusal(change(world, "rui", rui.id, MembershipState::Left).await), Refusal::LastOrganiser);
        let authority = world.unit("authority");
        account::invite(&world.store, &world.actor("rui"), authority, "wen@unveil.test", Role::Organiser).await.unwrap();
        assert_eq!(refusal(change(world, "rui", rui.id, MembershipState::Left).await), Refusal::LastOrganiser);
        let link = mailed_token(world, "wen@unveil.test").await;
        account::invitation_accept(&world.store, &world.actor("wen"), &link).await.unwrap();
        change(world, "rui", rui.id, MembershipState::Left).await.unwrap();
    }

    async fn the_operator_makes_the_first_organiser(world) {
        let (store, password) = (&world.store, crate::account_support::NEW_PASSWORD);
        let id = account::admin_create(store, "first@unveil.test", "First", password, "新设主管部门").await.unwrap();
        let session = account::sign_in(store, "first@unveil.test", password, &crate::account_support::client()).await.unwrap();
        assert_eq!(session.person, id);
        let actor = pages::find_actor(store, &session.token).await.unwrap().unwrap().actor;
        assert!(actor.email_confirmed && actor.has(Role::Organiser));
        let taken = account::admin_create(store, "FIRST@unveil.test", "First", password, "新设主管部门").await;
        assert_eq!(refusal(taken), Refusal::invalid("email", Problem::AddressTaken));
        let other_kind = account::admin_create(store, "b@unveil.test", "B", password, "清河大学").await;
        assert_eq!(refusal(other_kind), Refusal::invalid("organisation", Problem::Duplicate));
    }

    async fn the_inbox_is_ones_own_and_holds_no_link(world) {
        let (store, ling, chen) = (&world.store, world.actor("ling"), world.actor("chen"));
        let need = world.proposed_need().await;
        store::command::challenge::return_need(store, &world.actor("rui"), need, "请补充").await.unwrap();
        account::request_reset(store, "ling@unveil.test", &crate::account_support::client()).await.unwrap();
        assert_eq!(pages::count_unread(store, &ling).await.unwrap(), 1);
        let page = pages::inbox(store, &ling, None).await.unwrap();
        assert_eq!(page.rows.len(), 1, "the reset link is mail only");
        assert_eq!(refusal(account::mark_read(store, &chen, page.rows[0].id).await), Refusal::NotFound);
        account::mark_read(store, &ling, page.rows[0].id).await.unwrap();
        account::mark_read(store, &ling, page.rows[0].id).await.unwrap();
        assert_eq!(pages::count_unread(store, &ling).await.unwrap(), 0);
        account::mark_all_read(store, &ling).await.unwrap();
        assert_eq!(pages::count_unread(store, &world.actor("public")).await.unwrap(), 0);
        assert_eq!(refusal(pages::inbox(store, &world.actor("public"), None).await), Refusal::SignInNeeded);
        assert_eq!(letters(world, "ling@unveil.test").await.len(), 2);
    }

    async fn a_long_inbox_has_pages(world) {
        use domain::notice::Notice;
        let (store, chen) = (&world.store, world.actor("chen"));
        let tx = store.begin().await.unwrap();
        for _ in 0..120 {
            store::outbox::post_to_persons(&tx, &[world.person("chen").0], &Notice::PasswordChanged).await.unwrap();
        }
        tx.commit().await.unwrap();
        let (mut seen, mut after) = (std::collections::BTreeSet::new(), None);
        loop {
            let page = pages::inbox(store, &chen, after.as_deref()).await.unwrap();
            seen.extend(page.rows.iter().map(|row| row.id));
            after = page.next;
            if after.is_none() { break; }
        }
        assert_eq!(seen.len(), 120);
        assert_eq!(pages::inbox(store, &chen, Some("nonsense")).await.unwrap().rows.len(), 50);
    }

    async fn preferences_are_kept_and_unknown_ones_refused(world) {
        let (store, chen) = (&world.store, world.actor("chen"));
        account::follow(store, &chen, "metallurgy").await.unwrap();
        account::follow(store, &chen, "metallurgy").await.unwrap();
        account::follow(store, &chen, "ecology").await.unwrap();
        account::unfollow(store, &chen, "ecology").await.unwrap();
        account::set_locale(store, &chen, "en").await.unwrap();
        assert!(matches!(refusal(account::follow(store, &chen, "alchemy").await), Refusal::Invalid { .. }));
        assert!(matches!(refusal(account::set_locale(store, &chen, "fr").await), Refusal::Invalid { .. }));
        let token = world.sign_in("chen").await;
        world.sign_in("chen").await;
        let page = pages::account(store, &chen, &token).await.unwrap();
        assert_eq!((page.locale.as_str(), page.follows), ("en", vec!["metallurgy".to_owned()]));
        assert_eq!(page.sessions.iter().filter(|session| session.is_this_one).count(), 1);
        assert_eq!(page.sessions.len(), 2);
    }

    async fn oversight_is_for_those_whose_duty_it_is(world) {
        let store = &world.store;
        let row = entity::notice::ActiveModel {
            state: Set("dead".to_owned()),
            ..Default::default()
        };
        account::request_reset(store, "chen@unveil.test", &crate::account_support::client()).await.unwrap();
        entity::notice::Entity::update_many().set(row).filter(entity::notice::Column::Kind.eq("reset_password")).exec(world.connection()).await.unwrap();
        let dead = pages::dead_letters(store, &world.actor("rui")).await.unwrap();
        assert_eq!((dead.len(), dead[0].kind.as_str()), (1, "reset_password"));
        assert_eq!(refusal(pages::dead_letters(store, &world.actor("wen")).await), Refusal::NotFound);
        assert_eq!(refusal(account::retry_letter(store, &world.actor("chen"), dead[0].id).await), Refusal::NotFound);
        account::retry_letter(store, &world.actor("rui"), dead[0].id).await.unwrap();
        assert_eq!(refusal(account::retry_letter(store, &world.actor("rui"), dead[0].id).await), Refusal::NotFound);
        assert_eq!(letters(world, "chen@unveil.test").await.len(), 1);
        let log = pages::audit_log(store, &world.actor("wen"), None).await.unwrap();
        let line = log.rows.iter().find(|row| row.action == "request_reset").unwrap();
        assert_eq!(line.who, "陈思源");
        assert_eq!(refusal(pages::audit_log(store, &world.actor("okafor"), None).await), Refusal::NotFound);
    }
}

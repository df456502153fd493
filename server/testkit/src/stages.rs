//! A challenge brought to a state through real commands, as the cast would.

use domain::challenge::Typed;
use domain::id::{ChallengeId, ListId};
use domain::rule::Rule;
use domain::rule_form;
use domain::time::{DAY_MS, Timestamp};
use entity::challenge;
use sea_orm::EntityTrait;
use store::command::account::Client;
use store::command::{account, challenge as needs, list};

use crate::World;
use crate::samples;
use crate::world::PASSWORD;

/// Bids are open for so long in a world.
pub const OPEN_DAYS: i64 = 30;

impl World {
    /// A session of somebody of the cast; the token is what the cookie holds.
    pub async fn sign_in(&self, key: &str) -> String {
        let client = Client { address: "192.0.2.7".to_owned(), user_agent: "test".to_owned() };
        let signed_in = account::sign_in(&self.store, &self.email(key), PASSWORD, &client).await;
        signed_in.expect("the cast knows its password").token
    }

    /// Ling's need, not yet proposed.
    pub async fn draft_need(&self) -> ChallengeId {
        let need = samples::filled_need();
        needs::create_need(&self.store, &self.actor("ling"), &need).await.expect("a draft")
    }

    /// Ling's need, proposed.
    pub async fn proposed_need(&self) -> ChallengeId {
        self.proposed(&samples::filled_need()).await
    }

    /// A need of Ling's with other fields, proposed.
    pub async fn proposed(&self, need: &Typed) -> ChallengeId {
        let ling = self.actor("ling");
        let id = needs::create_need(&self.store, &ling, need).await.expect("a draft");
        let version = self.challenge(id).await.version;
        needs::propose(&self.store, &ling, id, need, version).await.expect("a proposal");
        id
    }

    /// Approved, with this rule, number and deadline.
    pub async fn approved(&self, rule: &Rule, number: &str, closes_at: Timestamp) -> ChallengeId {
        self.approved_need(&samples::filled_need(), rule, number, closes_at).await
    }

    /// The same for a need with other fields.
    pub async fn approved_need(
        &self,
        need: &Typed,
        rule: &Rule,
        number: &str,
        closes_at: Timestamp,
    ) -> ChallengeId {
        let id = self.proposed(need).await;
        needs::approve(&self.store, &self.actor("rui"), id).await.expect("an approval");
        let form = rule_form_with(rule, number, closes_at);
        let version = self.challenge(id).await.version;
        let open = needs::save_rule(&self.store, &self.actor("rui"), id, &form, version).await;
        assert_eq!(open.expect("the rule is kept"), vec![], "the rule is complete");
        id
    }

    /// A list of Rui's with these challenges, not yet out.
    pub async fn list_of(&self, number: &str, challenges: &[ChallengeId]) -> ListId {
        let rui = self.actor("rui");
        let id = list::create(&self.store, &rui, &samples::filled_list(number)).await.expect("a list");
        for challenge in challenges {
            list::add(&self.store, &rui, id, *challenge).await.expect("a challenge on the list");
        }
        id
    }

    /// A published challenge, alone on list `2026-1`, that takes bids for [`OPEN_DAYS`]. One per world.
    pub async fn open_challenge(&self) -> ChallengeId {
        self.open_challenge_with(&samples::panel_rule()).await
    }

    /// The same with up to three winners who race through two gates.
    pub async fn open_race(&self) -> ChallengeId {
        let closes_at = self.deadline().await;
        self.open_challenge_with(&samples::race_rule(closes_at)).await
    }

    /// The same with this rule.
    pub async fn open_challenge_with(&self, rule: &Rule) -> ChallengeId {
        self.open_numbered(rule, "2026-1").await
    }

    /// Published as the first challenge `<list number>-01` of a list of this number.
    pub async fn open_numbered(&self, rule: &Rule, list_number: &str) -> ChallengeId {
        let closes_at = self.deadline().await;
        let id = self.approved(rule, &format!("{list_number}-01"), closes_at).await;
        let list = self.list_of(list_number, &[id]).await;
        list::publish(&self.store, &self.actor("rui"), list, None).await.expect("published");
        id
    }

    /// The deadline of a challenge opened now: in [`OPEN_DAYS`] days, at a full minute.
    pub async fn deadline(&self) -> Timestamp {
        Timestamp(self.now().await.plus_ms(OPEN_DAYS * DAY_MS).0 / 60_000 * 60_000)
    }

    /// The row itself, for looks behind the queries.
    pub async fn challenge(&self, id: ChallengeId) -> challenge::Model {
        let row = challenge::Entity::find_by_id(id.0).one(self.connection()).await;
        row.expect("the database answers").expect("a challenge")
    }
}

/// The rule form with its two fields that are not part of the rule.
pub fn rule_form_with(rule: &Rule, number: &str, closes_at: Timestamp) -> Typed {
    let mut form = rule_form::to_typed(rule);
    form.insert("number".to_owned(), number.to_owned());
    form.insert("closes_at".to_owned(), closes_at.official_input());
    form
}

//! What happened, in the order it happened: 2025-1 raced to its second gate, 2025-2 is in review, 2026-1 is open.

use std::collections::BTreeMap;

use domain::challenge::{Step, Typed};
use domain::id::{BidId, ChallengeId};
use domain::rule::{Bilingual, Gate, Rule};
use domain::time::{DAY_MS, Timestamp};
use store::command::import::{self, ImportFailure, ImportOptions, IssuerPolicy};
use store::{Store, StoreError, command, query};

use super::bids::field_of;
use super::cast::{Cast, Texts};

/// The published and composed challenges, as imported.
const CHALLENGES: &str = include_str!("challenges.json");
/// Entries of each list by their place in the file; the rest are on the open list.
const FIRST: &[usize] = &[34, 0, 1, 13, 15, 17, 19, 22, 24, 29, 36, 37];
const SECOND: &[usize] = &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18];

/// Small numbers that are the same on every machine (splitmix64 with a fixed seed).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound.max(1)
    }

    pub(super) fn pick(&mut self, from: &[String]) -> String {
        let index = self.below(from.len() as u64) as usize;
        from.get(index).cloned().unwrap_or_default()
    }
}

pub(super) struct Story<'a> {
    pub(super) store: &'a Store,
    pub(super) texts: &'a Texts,
    pub(super) cast: std::sync::Arc<Cast>,
    pub(super) dice: Dice,
    /// How many bids have been written: who bids on the same challenge takes another approach.
    pub(super) written: usize,
    /// How good each bid is, on the scale of the scores.
    pub(super) quality: BTreeMap<BidId, i64>,
    /// How many challenges have been scored.
    pub(super) scored: usize,
    today: Timestamp,
}

impl<'a> Story<'a> {
    pub(super) async fn new(store: &'a Store, texts: &'a Texts, cast: Cast) -> Result<Self, StoreError> {
        let today = store.now().await?;
        Ok(Self {
            store,
            texts,
            cast: std::sync::Arc::new(cast),
            dice: Dice::new(2026),
            written: 0,
            quality: BTreeMap::new(),
            scored: 0,
            today,
        })
    }

    pub(super) async fn tell(&mut self) -> Result<(), StoreError> {
        let first = self.publish(0, FIRST, -290, -250).await?;
        self.first_list_until_the_race(&first).await?;
        let second = self.publish(1, SECOND, -80, -20).await?;
        self.second_list_into_review(&second).await?;
        let rest: Vec<usize> = (0..46).filter(|n| !FIRST.contains(n) && !SECOND.contains(n)).collect();
        let third = self.publish(2, &rest, -12, 35).await?;
        self.third_list_takes_bids(&third).await?;
        self.race_reaches_its_second_gate(&first).await?;
        self.needs().await
    }

    /// The clock of the story: so many days from today.
    fn at(&self, days: i64) {
        self.store.clock.set_offset_ms(days * DAY_MS);
    }

    /// `hour` o'clock in Beijing, so many days from today.
    pub(super) fn day(&self, days: i64, hour: i64) -> Timestamp {
        let date = self.today.plus_ms(days * DAY_MS).official_date();
        let text = date.map(|date| format!("{date}T{hour:02}:00")).unwrap_or_default();
        Timestamp::parse_official(&text).unwrap_or(self.today)
    }

    pub(super) fn reason(&self, key: &str) -> &'a str {
        self.texts.reasons.get(key).map_or("", String::as_str)
    }

    /// Imports the entries, gives each its rule and publishes them as one list.
    async fn publish(
        &mut self,
        list: usize,
        entries: &[usize],
        published: i64,
        closes: i64,
    ) -> Result<Vec<ChallengeId>, StoreError> {
        self.at(published - 20);
        let text = self.texts.lists.get(list).ok_or_else(|| StoreError::Broken("demo list".to_owned()))?;
        let all: Vec<serde_json::Value> = serde_json::from_str(CHALLENGES)?;
        let chosen: Vec<&serde_json::Value> = entries.iter().filter_map(|entry| all.get(*entry)).collect();
        let json = serde_json::to_vec(&chosen)?;
        let options = ImportOptions {
            list_number: text.number.clone(),
            list_title: Bilingual::new(&text.title, &text.title_en),
            issuer: IssuerPolicy::PublishingUnit,
        };
        let report = match import::challenges(self.store, &json, &options).await {
            Ok(report) => report,
            Err(ImportFailure::Store(error)) => return Err(error),
            Err(ImportFailure::Problems(problems)) => {
                return Err(StoreError::Broken(format!("{problems:?}")));
            }
        };
        let cast = self.cast.clone();
        let rui = cast.actor("rui")?;
        let version = query::desk::list(self.store, rui, report.list).await?.version;
        command::list::save(self.store, rui, report.list, &self.list_form(text), version).await?;
        for (place, id) in report.challenges.iter().enumerate() {
            let races = list == 0 && place < 2;
            let mut typed = domain::rule_form::to_typed(&self.rule(races, closes));
            typed.insert("number".to_owned(), format!("{}-{:02}", text.number, place + 1));
            typed.insert("closes_at".to_owned(), self.day(closes, 18).official_input());
            let version = query::desk::challenge(self.store, rui, *id).await?.version;
            let open = command::challenge::save_rule(self.store, rui, *id, &typed, version).await?;
            if !open.is_empty() {
                return Err(StoreError::Broken(format!("demo rule: {open:?}")));
            }
        }
        self.at(published);
        command::list::publish(self.store, rui, report.list, None).await?;
        Ok(report.challenges)
    }

    fn list_form(&self, text: &super::cast::ListText) -> Typed {
        let fields = [
            ("number", text.number.as_str()),
            ("title", &text.title),
            ("title_en", &text.title_en),
            ("introduction", &text.introduction),
            ("introduction_en", &text.introduction_en),
            ("model", &text.model),
            ("qualification", &self.texts.qualification),
            ("credit", &self.texts.credit),
            ("max_bids_per_unit", "0"),
        ];
        fields.into_iter().map(|(field, value)| (field.to_owned(), value.to_owned())).collect()
    }

    fn rule(&self, races: bool, closes: i64) -> Rule {
        let mut rule = Rule::policy_preset();
        if races {
            rule.max_winners = 4;
            let plan = [(closes + 132, 200, 3), (closes + 252, 300, 2), (closes + 372, 500, 1)];
            rule.gates = self
                .texts
                .gates
                .iter()
                .zip(plan)
                .map(|(text, (due, weight_permille, keep))| Gate {
                    title: Bilingual::new(&text.title, &text.title_en),
                    due: self.day(due, 18),
                    weight_permille,
                    pass_mark_milli: 60_000,
                    keep,
                    rubric: None,
                })
                .collect();
        }
        rule
    }

    /// Bids of `count` teams of the field, taking turns.
    async fn bids(&mut self, id: ChallengeId, count: usize, from: usize) -> Result<(), StoreError> {
        let cast = self.cast.clone();
        let page = query::public::challenge(self.store, cast.actor("rui")?, id).await?;
        let teams = &field_of(&self.texts.fields, &page.content)?.teams;
        for team in teams.iter().cycle().skip(from).take(count.min(teams.len())) {
            self.submit_bid(cast.actor(team)?, id).await?;
        }
        Ok(())
    }

    async fn step(&self, id: ChallengeId, step: Step, note: &str) -> Result<(), StoreError> {
        command::steps::step(self.store, self.cast.actor("rui")?, id, step, note).await
    }

    async fn decide(&mut self, id: ChallengeId) -> Result<(), StoreError> {
        let cast = self.cast.clone();
        let rui = cast.actor("rui")?;
        command::decision::propose(self.store, rui, id, self.reason("decision")).await?;
        command::decision::apply(self.store, rui, id).await
    }

    async fn first_list_until_the_race(&mut self, ids: &[ChallengeId]) -> Result<(), StoreError> {
        self.at(-262);
        for (place, id) in ids.iter().enumerate() {
            // One challenge of the list finds nobody.
            let count = if place == 11 { 0 } else { 4 + place % 2 };
            self.bids(*id, count, place).await?;
        }
        self.at(-249);
        command::clock::close_due(self.store).await?;
        for (place, id) in ids.iter().enumerate() {
            if place == 11 {
                self.step(*id, Step::Open, "").await?;
                self.step(*id, Step::DeclareNoValidBid, self.reason("no_bid")).await?;
                continue;
            }
            self.at(-248);
            self.open_and_check(*id, place >= 2 && place % 2 == 1).await?;
            self.at(-246);
            self.start_review(*id, -238).await?;
            self.at(-240);
            self.score(*id, 0, 0).await?;
            // Two decisions of the list took longer: their publicity is running today.
            self.at(if place >= 9 { -4 } else { -237 });
            self.decide(*id).await?;
            self.at(if place >= 9 { -2 } else { -236 });
            self.step(*id, Step::Publicise, "").await?;
        }
        for (place, id) in ids.iter().enumerate().take(9) {
            self.at(-220);
            self.step(*id, Step::Award, "").await?;
            if place == 8 {
                continue;
            }
            self.at(-214);
            self.step(*id, Step::Contract, "").await?;
            if place == 7 {
                continue;
            }
            self.at(-210);
            self.step(*id, Step::Start, "").await?;
            if place == 4 {
                self.at(-60);
                self.step(*id, Step::Terminate, self.reason("terminated")).await?;
            }
            if place == 5 || place == 6 {
                self.at(-40);
                self.step(*id, Step::StartAcceptance, "").await?;
            }
            if place == 6 {
                self.at(-20);
                self.step(*id, Step::Finish, "").await?;
            }
        }
        Ok(())
    }

    /// The first challenge stands at its second gate with some sheets still missing; the second has run to its end.
    async fn race_reaches_its_second_gate(&mut self, ids: &[ChallengeId]) -> Result<(), StoreError> {
        let cast = self.cast.clone();
        let rui = cast.actor("rui")?;
        for (place, id) in ids.iter().enumerate().take(2) {
            let last = if place == 0 { 2 } else { 3 };
            for gate in 1..=last {
                self.at(-120 + i64::from(gate - 1) * 59);
                command::race::open_gate(self.store, rui, *id, gate).await?;
                let here = place == 0 && gate == 2;
                self.score(*id, gate, if here { 2 } else { 0 }).await?;
                if !here {
                    command::race::decide_gate(self.store, rui, *id, gate).await?;
                }
            }
        }
        Ok(())
    }

    async fn second_list_into_review(&mut self, ids: &[ChallengeId]) -> Result<(), StoreError> {
        self.at(-30);
        for (place, id) in ids.iter().enumerate() {
            self.bids(*id, 3 + place % 3, place).await?;
        }
        self.at(-19);
        command::clock::close_due(self.store).await?;
        for (place, id) in ids.iter().enumerate() {
            match place {
                // One still closed, one just opened: so that every act of the desk can be tried.
                13 => {}
                12 => self.step(*id, Step::Open, "").await?,
                _ => {
                    self.at(-18);
                    self.open_and_check(*id, place % 3 == 2).await?;
                    if place == 11 {
                        continue;
                    }
                    self.at(-14);
                    self.start_review(*id, 6).await?;
                    self.at(-5);
                    // One is complete and waits for its decision; the others miss one to three sheets a bid.
                    self.score(*id, 0, if place == 0 { 0 } else { 1 + place % 3 }).await?;
                }
            }
        }
        Ok(())
    }

    async fn third_list_takes_bids(&mut self, ids: &[ChallengeId]) -> Result<(), StoreError> {
        let cast = self.cast.clone();
        for (place, id) in ids.iter().enumerate() {
            self.at(-6);
            if place % 3 == 0 {
                self.bids(*id, 1 + place % 3, place).await?;
            }
        }
        self.at(-2);
        let chen = cast.actor("chen")?;
        if let (Some(submitted), Some(draft)) = (ids.get(10), ids.get(11)) {
            self.submit_bid(chen, *submitted).await?;
            self.draft_bid(chen, *draft).await?;
        }
        for (follower, domain) in
            [("chen", "new-materials"), ("zhao", "mineral-resources"), ("shen", "biomedicine")]
        {
            command::account::follow(self.store, cast.actor(follower)?, domain).await?;
        }
        Ok(())
    }

    /// The needs register: one of each state before publication.
    async fn needs(&mut self) -> Result<(), StoreError> {
        let cast = self.cast.clone();
        let (ling, rui) = (cast.actor("ling")?, cast.actor("rui")?);
        for (place, need) in self.texts.needs.iter().enumerate() {
            self.at(-9 + i64::try_from(place).unwrap_or(0));
            let mut typed = need.clone();
            let state = typed.remove("state").unwrap_or_default();
            let unit = ling.held.first().map(|held| held.organisation_name.clone()).unwrap_or_default();
            typed.insert("issuer_shown".to_owned(), unit);
            typed.insert("contact".to_owned(), format!("{} {}", ling.name, ling.email));
            typed.insert("kind".to_owned(), "breakthrough".to_owned());
            typed.insert("period_months".to_owned(), "24".to_owned());
            let id = command::challenge::create_need(self.store, ling, &typed).await?;
            if state == "draft" {
                continue;
            }
            let version = query::desk::need(self.store, ling, id).await?.version;
            command::challenge::propose(self.store, ling, id, &typed, version).await?;
            match state.as_str() {
                "returned" => {
                    command::challenge::return_need(self.store, rui, id, self.reason("returned")).await?;
                }
                "approved" => command::challenge::approve(self.store, rui, id).await?,
                _ => {}
            }
        }
        self.store.clock.set_offset_ms(0);
        Ok(())
    }
}

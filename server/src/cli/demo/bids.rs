//! Bids of the demonstration: complete, plausible, and signed by their own leads.

use domain::actor::Actor;
use domain::bid::STATEMENTS;
use domain::challenge::Typed;
use domain::id::{BidId, ChallengeId};
use domain::money::{Fen, WAN_FEN};
use domain::view::bid::BidPage;
use store::{StoreError, command, query};

use super::story::{Dice, Story};

impl Story<'_> {
    /// Starts, fills and submits a bid.
    pub(super) async fn submit_bid(
        &mut self,
        team: &Actor,
        challenge: ChallengeId,
    ) -> Result<BidId, StoreError> {
        let id = command::bid::start(self.store, team, challenge).await?;
        let page = query::bid::bid(self.store, team, id).await?;
        let typed = self.bid_form(&page, team);
        command::bid::submit(self.store, team, id, &typed, page.version).await?;
        Ok(id)
    }

    /// Starts a bid and leaves it half written, as drafts are.
    pub(super) async fn draft_bid(&mut self, team: &Actor, challenge: ChallengeId) -> Result<(), StoreError> {
        let id = command::bid::start(self.store, team, challenge).await?;
        let page = query::bid::bid(self.store, team, id).await?;
        let mut typed = self.bid_form(&page, team);
        typed.retain(|field, _| !field.starts_with("statements.") && field != "signed_by" && field != "plan");
        command::bid::save(self.store, team, id, &typed, page.version).await?;
        Ok(())
    }

    fn bid_form(&mut self, page: &BidPage, team: &Actor) -> Typed {
        let (texts, dice) = (self.texts, &mut self.dice);
        let mut typed = Typed::new();
        let mut put = |field: &str, value: &str| typed.insert(field.to_owned(), value.to_owned());
        let approach = dice.pick(&texts.approaches);
        let title = &page.challenge_content.title;
        put("title", &format!("{title}：{approach}"));
        put(
            "abstract_text",
            &texts.bid.abstract_text.replace("{title}", title).replace("{approach}", &approach),
        );
        put("basis", &texts.bid.basis);
        put("route", &texts.bid.route);
        put("plan", &texts.bid.plan);
        put("risks", &texts.bid.risks);
        for (index, indicator) in page.challenge_content.indicators.iter().enumerate() {
            put(&format!("promises.{index}.value"), &indicator.completion);
        }
        let award = page.challenge_content.amount.unwrap_or(Fen(200 * WAN_FEN)).0 / WAN_FEN;
        let lines = [
            ("equipment", "award", award * 30 / 100),
            ("materials", "award", award * 20 / 100),
            ("testing", "award", award * 15 / 100),
            ("labour", "self_raised", award * 25 / 100),
            ("cooperation", "award", award * 10 / 100),
        ];
        for (row, (category, source, wan)) in lines.iter().enumerate() {
            put(&format!("budget.{row}.category"), category);
            put(&format!("budget.{row}.source"), source);
            put(
                &format!("budget.{row}.purpose"),
                &texts.bid.duties.get(row % 4).cloned().unwrap_or_default(),
            );
            put(&format!("budget.{row}.amount"), &wan.to_string());
        }
        put("budget_total", &lines.iter().map(|line| line.2).sum::<i64>().to_string());
        let unit = team.held.first().map(|held| held.organisation_name.clone()).unwrap_or_default();
        for row in 0..4 {
            let name = if row == 0 { team.name.clone() } else { person_name(dice, &texts.bid) };
            put(&format!("team.{row}.name"), &name);
            put(&format!("team.{row}.unit"), &unit);
            put(&format!("team.{row}.title"), &texts.bid.titles.get(row).cloned().unwrap_or_default());
            put(&format!("team.{row}.duty"), &texts.bid.duties.get(row).cloned().unwrap_or_default());
            put(&format!("team.{row}.person_months"), &(8 + dice.below(10)).to_string());
        }
        for statement in STATEMENTS {
            put(&format!("statements.{statement}"), "yes");
        }
        put("signed_by", &team.name);
        typed
    }
}

fn person_name(dice: &mut Dice, texts: &super::cast::BidText) -> String {
    format!("{}{}", dice.pick(&texts.surnames), dice.pick(&texts.given))
}

//! Bids of the demonstration: complete, plausible, and signed by their own leads.

use domain::actor::Actor;
use domain::bid::STATEMENTS;
use domain::challenge::{Content, Typed};
use domain::id::{BidId, ChallengeId};
use domain::money::{Fen, WAN_FEN};
use domain::view::bid::BidPage;
use store::{StoreError, command, query};

use super::cast::FieldText;
use super::promise::promise;
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
        let typed = self.bid_form(&page, team)?;
        command::bid::submit(self.store, team, id, &typed, page.version).await?;
        Ok(id)
    }

    /// Starts a bid and leaves it half written, as drafts are.
    pub(super) async fn draft_bid(&mut self, team: &Actor, challenge: ChallengeId) -> Result<(), StoreError> {
        let id = command::bid::start(self.store, team, challenge).await?;
        let page = query::bid::bid(self.store, team, id).await?;
        let mut typed = self.bid_form(&page, team)?;
        typed.retain(|field, _| !field.starts_with("statements.") && field != "signed_by" && field != "plan");
        command::bid::save(self.store, team, id, &typed, page.version).await?;
        Ok(())
    }

    fn bid_form(&mut self, page: &BidPage, team: &Actor) -> Result<Typed, StoreError> {
        let (texts, dice) = (self.texts, &mut self.dice);
        let mut typed = Typed::new();
        let mut put = |field: &str, value: &str| typed.insert(field.to_owned(), value.to_owned());
        let asked = &page.challenge_content;
        let field = field_of(&texts.fields, asked)?;
        self.written += 1;
        let approach = field.approaches.iter().cycle().nth(self.written % field.approaches.len().max(1));
        let approach = approach.map_or("", String::as_str);
        put("title", approach);
        let abstract_text = dice.pick(&field.abstracts);
        put("abstract_text", &abstract_text.replace("{title}", &asked.title).replace("{approach}", approach));
        put("basis", &dice.pick(&texts.bid.basis));
        put("route", &dice.pick(&field.routes));
        put("plan", &plan(&texts.bid.plan, asked.period_months));
        put("risks", &dice.pick(&texts.bid.risks));
        for (index, indicator) in asked.indicators.iter().enumerate() {
            let value = promise(&indicator.completion, &indicator.unit, indicator.lower_is_better, dice);
            put(&format!("promises.{index}.value"), &value);
        }
        let award = asked.amount.unwrap_or(Fen(200 * WAN_FEN)).0 / WAN_FEN;
        let lines = [
            ("equipment", "award", award * 30 / 100),
            ("materials", "award", award * 20 / 100),
            ("testing", "award", award * 15 / 100),
            ("labour", "self_raised", award * (15 + dice.below(16).cast_signed()) / 100),
            ("cooperation", "award", award * 10 / 100),
        ];
        for (row, (category, source, wan)) in lines.iter().enumerate() {
            put(&format!("budget.{row}.category"), category);
            put(&format!("budget.{row}.source"), source);
            put(&format!("budget.{row}.purpose"), &texts.bid.purposes.get(row).cloned().unwrap_or_default());
            put(&format!("budget.{row}.amount"), &wan.to_string());
        }
        put("budget_total", &lines.iter().map(|line| line.2).sum::<i64>().to_string());
        let unit = team.held.first().map(|held| held.organisation_name.clone()).unwrap_or_default();
        for row in 0..4 {
            let name = if row == 0 { team.name.clone() } else { person_name(dice, &texts.bid) };
            put(&format!("team.{row}.name"), &name);
            put(&format!("team.{row}.unit"), &unit);
            put(&format!("team.{row}.title"), &texts.bid.titles.get(row).cloned().unwrap_or_default());
            put(&format!("team.{row}.duty"), &field.duties.get(row).cloned().unwrap_or_default());
            put(&format!("team.{row}.person_months"), &(8 + dice.below(10)).to_string());
        }
        for statement in STATEMENTS {
            put(&format!("statements.{statement}"), "yes");
        }
        put("signed_by", &team.name);
        Ok(typed)
    }
}

/// How people write of what is asked: the first field that names the domain or a word of the title; the last one for what nobody names.
pub(super) fn field_of<'a>(fields: &'a [FieldText], asked: &Content) -> Result<&'a FieldText, StoreError> {
    let fits = |field: &&FieldText| {
        field.matches.iter().any(|word| *word == asked.domain || asked.title.contains(word.as_str()))
    };
    let field = fields.iter().find(fits).or(fields.last());
    field.ok_or_else(|| StoreError::Broken("demo texts name no field of work".to_owned()))
}

/// The stages of the work, spread over the months there are.
fn plan(stages: &[String], period_months: Option<u32>) -> String {
    let months = period_months.unwrap_or(24);
    let count = u32::try_from(stages.len()).unwrap_or(1);
    if months < count {
        return stages.join("；") + "。";
    }
    let spans = stages.iter().zip(0..).map(|(stage, place): (&String, u32)| {
        let (first, last) = (months * place / count + 1, months * (place + 1) / count);
        format!("- 第 {first}—{last} 个月：{stage}")
    });
    spans.collect::<Vec<String>>().join("\n")
}

fn person_name(dice: &mut Dice, texts: &super::cast::BidText) -> String {
    format!("{}{}", dice.pick(&texts.surnames), dice.pick(&texts.given))
}

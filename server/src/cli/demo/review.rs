//! Panels and score sheets of the demonstration.

use domain::actor::{Actor, Role};
use domain::challenge::Typed;
use domain::id::ChallengeId;
use domain::review::ReviewState;
use domain::view::desk::DeskChallengePage;
use store::{StoreError, command, query};

use super::story::Story;

/// How good the bids of one challenge are, in the order they came; challenges take turns. Some stand so close that
/// one expert decides, and the fourth holds a bid below the pass mark of 60.
const QUALITY: &[[i64; 6]] = &[
    [86, 91, 79, 85, 72, 76],
    [78, 88, 87, 82, 70, 75],
    [74, 83, 90, 68, 84, 79],
    [87, 56, 86, 80, 73, 77],
    [92, 85, 71, 91, 78, 69],
    [70, 76, 84, 83, 88, 80],
    [81, 82, 93, 75, 86, 72],
];

impl Story<'_> {
    /// Opens the bids and settles eligibility; the last of several bids may be turned away.
    pub(super) async fn open_and_check(
        &mut self,
        id: ChallengeId,
        reject_last: bool,
    ) -> Result<(), StoreError> {
        let rui = self.cast.actor("rui")?;
        command::steps::step(self.store, rui, id, domain::challenge::Step::Open, "").await?;
        command::steps::step(self.store, rui, id, domain::challenge::Step::StartEligibility, "").await?;
        let page = query::desk::challenge(self.store, rui, id).await?;
        let last = page.bids.len();
        for (place, bid) in page.bids.iter().enumerate() {
            let eligible = !(reject_last && last > 3 && place + 1 == last);
            let reason = if eligible { "" } else { self.reason("ineligible") };
            command::panel::settle_eligibility(self.store, rui, bid.id, eligible, reason).await?;
        }
        Ok(())
    }

    /// Seats five experts, who all declare, and starts the review.
    pub(super) async fn start_review(&mut self, id: ChallengeId, due_days: i64) -> Result<(), StoreError> {
        let rui = self.cast.actor("rui")?;
        let experts: Vec<Actor> = self.cast.with_role(Role::Expert).into_iter().cloned().collect();
        let first = self.dice.below(experts.len() as u64) as usize;
        for expert in experts.iter().cycle().skip(first).take(5) {
            if let Some(person) = expert.person {
                command::panel::seat(self.store, rui, id, person).await?;
            }
        }
        for seat in query::desk::challenge(self.store, rui, id).await?.seats {
            let expert = experts.iter().find(|expert| expert.person == Some(seat.person));
            if let Some(expert) = expert {
                command::panel::declare(self.store, expert, seat.seat, &[], "").await?;
            }
        }
        command::panel::start_review(self.store, rui, id, Some(self.day(due_days, 18))).await
    }

    /// Writes the open sheets of a stage; `leave` experts per bid have not yet scored.
    pub(super) async fn score(
        &mut self,
        id: ChallengeId,
        stage: u32,
        leave: usize,
    ) -> Result<(), StoreError> {
        let rui = self.cast.actor("rui")?.clone();
        let page = query::desk::challenge(self.store, &rui, id).await?;
        for (place, bid) in page.bids.iter().enumerate() {
            let open: Vec<_> = bid
                .sheets
                .iter()
                .filter(|sheet| sheet.gate == stage && sheet.state == ReviewState::Assigned)
                .collect();
            let profile = QUALITY.iter().cycle().nth(self.scored % QUALITY.len());
            let first = profile.and_then(|bids| bids.iter().cycle().nth(place)).copied().unwrap_or(80);
            let quality = self.quality.entry(bid.id).or_insert(first);
            if stage > 0 {
                // Between gates some gain and some lose, most gain; no racing team falls apart.
                *quality = (*quality + self.dice.below(8).cast_signed() - 3).clamp(68, 93);
            }
            let quality = *quality;
            for (turn, sheet) in open.iter().enumerate().take(open.len().saturating_sub(leave)) {
                let Some(expert) = self.seated(&page, sheet.seat) else { continue };
                let severity = [0, 3, -4, 1, -2].get(turn % 5).copied().unwrap_or(0);
                let sheet_page = query::review::sheet(self.store, &expert, sheet.review).await?;
                let keys: Vec<String> = sheet_page.rubric.criteria.iter().map(|c| c.key.clone()).collect();
                let typed = self.sheet_form(&keys, quality + severity, stage > 0);
                command::review::submit(self.store, &expert, sheet.review, &typed, sheet_page.version)
                    .await?;
            }
        }
        if stage == 0 {
            self.scored += 1;
        }
        Ok(())
    }

    fn seated(&self, page: &DeskChallengePage, seat: domain::id::SeatId) -> Option<Actor> {
        let person = page.seats.iter().find(|known| known.seat == seat)?.person;
        self.cast.with_role(Role::Expert).into_iter().find(|expert| expert.person == Some(person)).cloned()
    }

    fn sheet_form(&mut self, keys: &[String], around: i64, gate: bool) -> Typed {
        let texts = self.texts;
        let mut typed = Typed::new();
        for key in keys {
            let score = (around + self.dice.below(9).cast_signed() - 4).clamp(40, 99);
            typed.insert(format!("scores.{key}"), score.to_string());
            let said = if gate { Some(&texts.gate_comments) } else { texts.comments.get(key) };
            if let Some(said) = said {
                typed.insert(format!("comments.{key}"), self.dice.pick(said.of(score)));
            }
        }
        let overall = if gate { &texts.gate_overall } else { &texts.overall };
        typed.insert("overall".to_owned(), self.dice.pick(overall.of(around)));
        typed
    }
}

//! How often a bid would miss a hurdle of the rule were its own sheets drawn again: rank intervals compare points and do
//! not see this. Deliberately absent: other bids; a hurdle is between a bid and the rule.

use uuid::Uuid;

use super::Contest;
use crate::id::{BidId, PersonId};
use crate::score::{Entrant, Outcome, ScoreProblem, Sheet, rank_entrants};
use crate::stats::interval::{Chance, indices_per_draw};
use crate::time::Timestamp;

/// Of the first so many bids in binding order; those behind are rarely asked about.
const MOST_BIDS: usize = 20;
/// A share near 5 % is then known to 0.7 points (one standard error).
const RESAMPLES: u32 = 1_000;

/// For the first [`MOST_BIDS`] bids the share, 0 to 1, of [`RESAMPLES`] drawings with replacement from the bid's own
/// sheets in which the rule lets it fail: by a vote, a veto, a threshold, the plain sum or the pass mark. The same on
/// every machine, since the bid's id is the seed. Empty where the rule has no hurdle.
///
/// # Errors
/// As [`rank_entrants`]; never where the contest has a ranking.
pub(super) fn shares_missed(contest: &Contest<'_>, bids: &[BidId]) -> Result<Vec<f64>, ScoreProblem> {
    if !has_hurdles(contest) {
        return Ok(Vec::new());
    }
    bids.iter().take(MOST_BIDS).map(|bid| share_missed(contest, *bid)).collect()
}

fn has_hurdles(contest: &Contest<'_>) -> bool {
    let (rule, gate) = (contest.rule, contest.gate);
    rule.pass_mark_at(gate).is_some()
        || rule.plain_sum_mark_at(gate).is_some()
        || !rule.votes_at(gate).is_empty()
        || rule.rubric_at(gate).criteria.iter().any(|criterion| criterion.threshold_milli.is_some())
}

fn share_missed(contest: &Contest<'_>, bid: BidId) -> Result<f64, ScoreProblem> {
    let mut own: Vec<&Sheet> = contest.sheets.iter().filter(|sheet| sheet.bid == bid).collect();
    own.sort_by_key(|sheet| sheet.reviewer);
    // A sheet may be drawn twice, and no expert scores a bid twice: each drawn sheet gets an expert of its own.
    let named = |(number, sheet): (u128, &&Sheet)| Sheet {
        reviewer: PersonId(Uuid::from_u128(number)),
        ..Sheet::clone(sheet)
    };
    let mut drawn: Vec<Sheet> = (0..).zip(&own).map(named).collect();
    let entrant = [Entrant { bid, sealed_at: Some(Timestamp(0)) }];
    let chance = Chance::of(bid.0.as_bytes());
    let per_draw = indices_per_draw(own.len());
    let mut missed = 0_u32;
    for resample in 0..RESAMPLES {
        let mut places = drawn.iter_mut();
        chance.stream(resample).indices(0, own.len(), per_draw, |at| {
            if let (Some(sheet), Some(from)) = (places.next(), own.get(at)) {
                sheet.scores_milli.clone_from(&from.scores_milli);
                sheet.votes.clone_from(&from.votes);
            }
        });
        let ranking = rank_entrants(contest.rule, contest.gate, &drawn, &entrant, &[])?;
        missed += u32::from(ranking.rows.first().is_some_and(|row| row.outcome != Outcome::Passed));
    }
    Ok(f64::from(missed) / f64::from(RESAMPLES))
}

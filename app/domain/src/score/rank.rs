//! From sheets to ranks. Deliberately absent: what a rank leads to.

use std::ops::Range;

use super::combine::{AllCombined, Combiner};
use super::gather;
use super::stage::{Stage, Standing, Verdict};
use super::tie::{self, Field, Parted};
use super::{CriterionScores, Entrant, Outcome, RankedBid, Ranking, ScoreProblem, Sheet, count};
use crate::id::BidId;
use crate::rule::{Direction, Rule, TieBreak};
use crate::time::Timestamp;

/// [`rank_entrants`] for callers without times of sealing.
///
/// # Errors
/// Those of [`rank_entrants`]; [`ScoreProblem::SealingTimeMissing`] where the tie chain asks for the times.
pub fn rank(
    rule: &Rule,
    gate: u32,
    sheets: &[Sheet],
    bids: &[BidId],
    draw_seed: &[u8],
) -> Result<Ranking, ScoreProblem> {
    let stage = Stage::of(rule, gate)?;
    let tally = Tally::of(&stage, sheets, bids)?;
    if let (true, Some(bid)) = (rule.needs_sealing_times(), bids.first()) {
        return Err(ScoreProblem::SealingTimeMissing { bid: *bid });
    }
    Ok(tally.ranking(&stage, &[], draw_seed).ranking)
}

/// Ranks all `entrants`: those that passed by rounded total, then those that failed by rounded total, then those
/// without sheets. Equal totals fall by the tie chain. Gate 0 is the selection, which alone asks votes and the plain
/// sum; gate n uses the rubric and the pass mark of that gate. The order of `sheets` and of `entrants` never matters.
/// Time grows with the number of sheets and, by sorting, a little faster than the number of bids.
///
/// # Errors
/// When the gate, the rubric, the entrants or a sheet are not what the rule allows; nothing is skipped silently.
pub fn rank_entrants(
    rule: &Rule,
    gate: u32,
    sheets: &[Sheet],
    entrants: &[Entrant],
    draw_seed: &[u8],
) -> Result<Ranking, ScoreProblem> {
    placed(rule, gate, sheets, entrants, draw_seed).map(|placed| placed.ranking)
}

/// A ranking, and which of its rows stand in their order by the draw alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawnRanking {
    pub ranking: Ranking,
    /// Positions in `ranking.rows`: runs of at least two, all of which the chain before the draw leaves equal. Bids
    /// without sheets are in none: they have no rank to draw for.
    pub drawn: Vec<Range<usize>>,
}

/// [`rank_entrants`] for callers who have not drawn yet, or who say who was drawn against whom.
///
/// # Errors
/// Those of [`rank_entrants`].
pub fn rank_with_draws(
    rule: &Rule,
    gate: u32,
    sheets: &[Sheet],
    entrants: &[Entrant],
    draw_seed: &[u8],
) -> Result<DrawnRanking, ScoreProblem> {
    let Placed { ranking, parted, scored } = placed(rule, gate, sheets, entrants, draw_seed)?;
    Ok(DrawnRanking { ranking, drawn: drawn(&parted, scored, &rule.tie_chain) })
}

fn placed(
    rule: &Rule,
    gate: u32,
    sheets: &[Sheet],
    entrants: &[Entrant],
    draw_seed: &[u8],
) -> Result<Placed, ScoreProblem> {
    let stage = Stage::of(rule, gate)?;
    let bids: Vec<BidId> = entrants.iter().map(|entrant| entrant.bid).collect();
    let tally = Tally::of(&stage, sheets, &bids)?;
    let sealed_at = if rule.needs_sealing_times() { sealing_times(entrants)? } else { Vec::new() };
    Ok(tally.ranking(&stage, &sealed_at, draw_seed))
}

fn sealing_times(entrants: &[Entrant]) -> Result<Vec<Timestamp>, ScoreProblem> {
    let missing = |entrant: &Entrant| ScoreProblem::SealingTimeMissing { bid: entrant.bid };
    entrants.iter().map(|entrant| entrant.sealed_at.ok_or_else(|| missing(entrant))).collect()
}

/// What is known of every bid, by its number, before any is compared with another.
struct Tally {
    combined: AllCombined,
    standings: Vec<Standing>,
}

impl Tally {
    fn of(stage: &Stage<'_>, sheets: &[Sheet], bids: &[BidId]) -> Result<Self, ScoreProblem> {
        let mut combined = AllCombined::none(stage.rubric, bids.len());
        let mut combiner = Combiner::new(stage.rule);
        let mut standings: Vec<Standing> = bids.iter().map(|bid| Standing::without_sheets(*bid)).collect();
        let gathered = gather::by_bid(stage.rubric, stage.votes.len(), sheets, bids, |bid, of_bid| {
            combined.put(bid, &mut combiner, of_bid);
            if let Some(standing) = standings.get_mut(bid as usize) {
                standing.take(stage, of_bid, combined.of(bid));
            }
        })?;
        tie::count_first_places(&gathered, stage.rule.better, &mut standings);
        Ok(Self { combined, standings })
    }

    fn ranking(&self, stage: &Stage<'_>, sealed_at: &[Timestamp], seed: &[u8]) -> Placed {
        let (rubric, better) = (stage.rubric, stage.rule.better);
        let (standings, combined) = (self.standings.as_slice(), &self.combined);
        let field = Field { rubric, better, standings, sealed_at, combined, seed };
        let ByTotal { mut order, mut parted, scored } = by_total(&self.standings, better);
        field.settle(&stage.rule.tie_chain, &mut order, &mut parted);
        let rows = Rows { stage, tally: self, parted: &parted };
        let ranking = Ranking { rows: rows.in_order(&order) };
        Placed { ranking, parted, scored }
    }
}

/// A ranking with what it was made from.
struct Placed {
    ranking: Ranking,
    /// What parts each row from the next.
    parted: Vec<Parted>,
    /// Rows with sheets; the others stand behind them.
    scored: usize,
}

/// The runs of the first `scored` rows between which nothing but the draw stands.
fn drawn(parted: &[Parted], scored: usize, chain: &[TieBreak]) -> Vec<Range<usize>> {
    let draw = chain.iter().position(|link| *link == TieBreak::Draw).unwrap_or(chain.len());
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, between) in parted.iter().enumerate().take(scored.saturating_sub(1)) {
        match runs.last_mut() {
            _ if between.link() != Some(draw) => {}
            Some(run) if run.end == at + 1 => run.end = at + 2,
            _ => runs.push(at..at + 2),
        }
    }
    runs
}

struct ByTotal {
    /// Bid numbers by group, then by total.
    order: Vec<u32>,
    /// What parts each from the next.
    parted: Vec<Parted>,
    /// How many of them have sheets; those without stand last.
    scored: usize,
}

fn by_total(standings: &[Standing], better: Direction) -> ByTotal {
    // One number that sorts as group and total do: a criterion adds at most 10^8 to a total.
    let place = |standing: &Standing| {
        let total = match better {
            Direction::Higher => (1 << 60) - standing.total_milli,
            Direction::Lower => standing.total_milli,
        };
        (u64::from(standing.group()) << 61) + total.unsigned_abs()
    };
    let mut places: Vec<(u64, u32)> = standings.iter().map(place).zip(0..).collect();
    places.sort_unstable_by_key(|(place, _)| *place);
    let parted = places.iter().zip(places.iter().skip(1));
    let parted = parted.map(|(left, right)| if left.0 == right.0 { Parted::NotYet } else { Parted::ByTotal });
    ByTotal {
        parted: parted.collect(),
        scored: places.partition_point(|(place, _)| place >> 61 < 2),
        order: places.iter().map(|(_, number)| *number).collect(),
    }
}

/// Everything that stands in the rows.
struct Rows<'a> {
    stage: &'a Stage<'a>,
    tally: &'a Tally,
    parted: &'a [Parted],
}

impl Rows<'_> {
    fn in_order(&self, order: &[u32]) -> Vec<RankedBid> {
        order.iter().enumerate().map(|(index, number)| self.row(index, *number)).collect()
    }

    #[expect(clippy::indexing_slicing, reason = "numbers are below the number of bids")]
    fn row(&self, index: usize, number: u32) -> RankedBid {
        let standing = &self.tally.standings[number as usize];
        let combined = self.tally.combined.of(number);
        // In sorted order the neighbours need at least as many links as any other pair.
        let link_at = |index: Option<usize>| self.parted.get(index?)?.link();
        let deepest = link_at(index.checked_sub(1)).max(link_at(Some(index)));
        RankedBid {
            bid: standing.bid,
            rank: count(index + 1),
            total_milli: standing.total_milli,
            per_criterion_milli: if standing.sheets > 0 {
                combined.per_criterion_milli()
            } else {
                CriterionScores::new()
            },
            sheets: standing.sheets,
            outcome: self.outcome(standing),
            tie_broken_by: deepest
                .map(|link| self.stage.rule.tie_chain.get(link).cloned().unwrap_or(TieBreak::Draw)),
            first_places: standing.first_places,
        }
    }

    fn outcome(&self, standing: &Standing) -> Outcome {
        let key_of = |criterion: u32| {
            let criterion = self.stage.rubric.criteria.get(criterion as usize);
            criterion.map(|criterion| criterion.key.clone()).unwrap_or_default()
        };
        match standing.verdict {
            Verdict::Passed => Outcome::Passed,
            Verdict::VoteLost { question, yes } => {
                let vote = self.stage.votes.get(question as usize);
                let key = vote.map(|vote| vote.key.clone()).unwrap_or_default();
                Outcome::VoteLost { key, yes, of: standing.sheets }
            }
            Verdict::Vetoed { criterion } => Outcome::Vetoed { key: key_of(criterion) },
            Verdict::BelowThreshold { criterion } => Outcome::BelowThreshold { key: key_of(criterion) },
            Verdict::BelowPlainSum => Outcome::BelowPlainSum,
            Verdict::BelowPassMark => Outcome::BelowPassMark,
            Verdict::NoSheets => Outcome::NoSheets,
        }
    }
}

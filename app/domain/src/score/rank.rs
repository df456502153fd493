//! From sheets to ranks. Deliberately absent: what a rank leads to.

use super::combine::{AllCombined, Combined};
use super::gather::{Gathered, OfBid};
use super::tie::{self, Field, Parted};
use super::{Entrant, Outcome, RankedBid, Ranking, ScoreProblem, Sheet, VoteCount, count};
use crate::id::BidId;
use crate::rule::{Direction, Rubric, Rule, TieBreak, Vote, is_countable};
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
    Ok(tally.ranking(&stage, bids, &[], draw_seed))
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
    let bids: Vec<BidId> = entrants.iter().map(|entrant| entrant.bid).collect();
    if !rule.needs_sealing_times() {
        return rank(rule, gate, sheets, &bids, draw_seed);
    }
    let stage = Stage::of(rule, gate)?;
    let tally = Tally::of(&stage, sheets, &bids)?;
    let missing = |entrant: &Entrant| ScoreProblem::SealingTimeMissing { bid: entrant.bid };
    let sealed_at = entrants.iter().map(|entrant| entrant.sealed_at.ok_or_else(|| missing(entrant)));
    let sealed_at = sealed_at.collect::<Result<Vec<Timestamp>, ScoreProblem>>()?;
    Ok(tally.ranking(&stage, &bids, &sealed_at, draw_seed))
}

/// What is known of every bid, by its number, before any is compared with another.
struct Tally {
    combined: AllCombined,
    standings: Vec<Standing>,
    first_places: Vec<u32>,
}

impl Tally {
    fn of(stage: &Stage<'_>, sheets: &[Sheet], bids: &[BidId]) -> Result<Self, ScoreProblem> {
        let gathered = Gathered::new(stage.rubric, stage.votes.len(), sheets, bids)?;
        let combined = AllCombined::new(stage.rule, stage.rubric, &gathered);
        let standing = |(number, of_bid)| Standing::of(stage, of_bid, combined.of(number));
        let standings = (0..).zip(gathered.of_bids()).map(standing).collect();
        let first_places = tie::first_places(&gathered, stage.rule.better);
        Ok(Self { combined, standings, first_places })
    }

    fn ranking(&self, stage: &Stage<'_>, bids: &[BidId], sealed_at: &[Timestamp], seed: &[u8]) -> Ranking {
        let (rubric, better) = (stage.rubric, stage.rule.better);
        let (combined, first_places) = (&self.combined, self.first_places.as_slice());
        let field = Field { rubric, better, bids, sealed_at, combined, first_places, seed };
        let (mut order, mut parted) = by_total(&self.standings, better);
        field.settle(&stage.rule.tie_chain, &mut order, &mut parted);
        let rows = Rows { stage, tally: self, bids, parted: &parted };
        Ranking { rows: rows.in_order(&order) }
    }
}

/// One bid before it has a rank.
struct Standing {
    total_milli: i64,
    sheets: u32,
    verdict: Verdict,
}

/// An [`Outcome`] that names criteria and questions by their position: a failure of many bids need not copy keys.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Passed,
    VoteLost { question: u32, yes: u32 },
    Vetoed { criterion: u32 },
    BelowThreshold { criterion: u32 },
    BelowPlainSum,
    BelowPassMark,
    NoSheets,
}

impl Standing {
    fn of(stage: &Stage<'_>, of_bid: OfBid<'_>, combined: Combined<'_>) -> Self {
        let sheets = count(of_bid.count());
        if sheets == 0 {
            return Self { total_milli: 0, sheets, verdict: Verdict::NoSheets };
        }
        let total_milli = combined.total_milli(stage.rubric, stage.rule.decimals);
        Self { total_milli, sheets, verdict: stage.verdict(of_bid, combined, total_milli) }
    }

    /// Passed, failed, not scored.
    fn group(&self) -> u8 {
        match self.verdict {
            Verdict::Passed => 0,
            Verdict::NoSheets => 2,
            _ => 1,
        }
    }
}

/// The rule at one gate: what is scored, and what a bid must reach.
struct Stage<'a> {
    rule: &'a Rule,
    rubric: &'a Rubric,
    votes: &'a [Vote],
    /// Position, mark and whether a single expert may veto.
    thresholds: Vec<(u32, i64, bool)>,
    plain_sum_mark_milli: Option<i64>,
    pass_mark_milli: Option<i64>,
}

impl<'a> Stage<'a> {
    fn of(rule: &'a Rule, gate: u32) -> Result<Self, ScoreProblem> {
        if gate > 0 && rule.gate(gate).is_none() {
            return Err(ScoreProblem::UnknownGate { gate });
        }
        let rubric = rule.rubric_at(gate);
        if !rule.is_bounded() || !is_countable(rubric, rule.totals) {
            return Err(ScoreProblem::RubricUnsound);
        }
        let criteria = (0..).zip(&rubric.criteria);
        Ok(Self {
            rule,
            rubric,
            votes: rule.votes_at(gate),
            thresholds: criteria.filter_map(|(index, c)| Some((index, c.threshold_milli?, c.veto))).collect(),
            plain_sum_mark_milli: rule.plain_sum_mark_milli.filter(|_| gate == 0),
            pass_mark_milli: rule.gate(gate).map_or(rule.pass_mark_milli, |gate| Some(gate.pass_mark_milli)),
        })
    }

    /// The first reason to fail, in the order that [`Outcome`] promises.
    fn verdict(&self, of_bid: OfBid<'_>, combined: Combined<'_>, total_milli: i64) -> Verdict {
        let better = self.rule.better;
        for question in 0..count(self.votes.len()) {
            let count = VoteCount::of(of_bid.votes(question as usize));
            if !count.carries() {
                return Verdict::VoteLost { question, yes: count.yes };
            }
        }
        for (criterion, mark, veto) in self.thresholds.iter().copied() {
            if veto && of_bid.scores(criterion as usize).any(|milli| better.misses(&milli, &mark)) {
                return Verdict::Vetoed { criterion };
            }
        }
        for (criterion, mark, _) in self.thresholds.iter().copied() {
            if combined.misses(criterion as usize, mark, better) {
                return Verdict::BelowThreshold { criterion };
            }
        }
        if self.plain_sum_mark_milli.is_some_and(|mark| combined.sum_misses(mark, better)) {
            return Verdict::BelowPlainSum;
        }
        if self.pass_mark_milli.is_some_and(|mark| better.misses(&total_milli, &mark)) {
            return Verdict::BelowPassMark;
        }
        Verdict::Passed
    }
}

/// Bid numbers by group, then by total; and what parts each from the next.
fn by_total(standings: &[Standing], better: Direction) -> (Vec<u32>, Vec<Parted>) {
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
    (places.iter().map(|(_, number)| *number).collect(), parted.collect())
}

/// Everything that stands in the rows.
struct Rows<'a> {
    stage: &'a Stage<'a>,
    tally: &'a Tally,
    bids: &'a [BidId],
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
            bid: self.bids[number as usize],
            rank: count(index + 1),
            total_milli: standing.total_milli,
            per_criterion_milli: if standing.sheets > 0 {
                combined.per_criterion_milli()
            } else {
                Vec::new()
            },
            sheets: standing.sheets,
            outcome: self.outcome(standing),
            tie_broken_by: deepest
                .map(|link| self.stage.rule.tie_chain.get(link).cloned().unwrap_or(TieBreak::Draw)),
            first_places: self.tally.first_places[number as usize],
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

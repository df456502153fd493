//! The rule at one gate, and what a bid is by it before it is compared with any other. Deliberately absent: ranks.

use super::combine::Combined;
use super::gather::OfBid;
use super::{ScoreProblem, VoteCount, count};
use crate::id::BidId;
use crate::rule::{Rubric, Rule, Vote, is_countable};

/// The rule at one gate: what is scored, and what a bid must reach.
pub(super) struct Stage<'a> {
    pub(super) rule: &'a Rule,
    pub(super) rubric: &'a Rubric,
    pub(super) votes: &'a [Vote],
    /// Position, mark and whether a single expert may veto.
    thresholds: Vec<(u32, i64, bool)>,
    plain_sum_mark_milli: Option<i64>,
    pass_mark_milli: Option<i64>,
}

impl<'a> Stage<'a> {
    /// # Errors
    /// [`ScoreProblem::UnknownGate`], [`ScoreProblem::RubricUnsound`].
    pub(super) fn of(rule: &'a Rule, gate: u32) -> Result<Self, ScoreProblem> {
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
            plain_sum_mark_milli: rule.plain_sum_mark_at(gate),
            pass_mark_milli: rule.pass_mark_at(gate),
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

/// One bid before it has a rank.
#[derive(Clone, Copy)]
pub(super) struct Standing {
    pub(super) bid: BidId,
    pub(super) total_milli: i64,
    pub(super) sheets: u32,
    /// See [`RankedBid::first_places`](super::RankedBid).
    pub(super) first_places: u32,
    pub(super) verdict: Verdict,
}

/// An [`Outcome`] that names criteria and questions by their position: a failure of many bids need not copy keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Passed,
    VoteLost { question: u32, yes: u32 },
    Vetoed { criterion: u32 },
    BelowThreshold { criterion: u32 },
    BelowPlainSum,
    BelowPassMark,
    NoSheets,
}

impl Standing {
    pub(super) fn without_sheets(bid: BidId) -> Self {
        Self { bid, total_milli: 0, sheets: 0, first_places: 0, verdict: Verdict::NoSheets }
    }

    pub(super) fn take(&mut self, stage: &Stage<'_>, of_bid: OfBid<'_>, combined: Combined<'_>) {
        self.sheets = count(of_bid.count());
        self.total_milli = combined.total_milli(stage.rubric, stage.rule.decimals);
        self.verdict = stage.verdict(of_bid, combined, self.total_milli);
    }

    /// Passed, failed, not scored.
    pub(super) fn group(&self) -> u8 {
        match self.verdict {
            Verdict::Passed => 0,
            Verdict::NoSheets => 2,
            _ => 1,
        }
    }
}

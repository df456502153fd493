//! From sheets to ranks. Deliberately absent: what a rank leads to.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::combine::Combined;
use super::tie::{self, TieFacts};
use super::{Entrant, Outcome, RankedBid, Ranking, ScoreProblem, Sheet};
use crate::id::BidId;
use crate::rule::{Rubric, Rule, TieBreak, is_countable};

/// Ranks all `bids`: those that passed by rounded total, then those that failed by rounded total, then those
/// without sheets in the order of the draw. Equal totals fall by the tie chain. Gate 0 is the selection; gate n
/// uses the rubric and the pass mark of that gate. The order of `sheets` and of `bids` never matters.
///
/// # Errors
/// When the gate, the rubric, the bids or a sheet are not what the rule allows; nothing is skipped silently.
pub fn rank(
    rule: &Rule,
    gate: u32,
    sheets: &[Sheet],
    bids: &[BidId],
    draw_seed: &[u8],
) -> Result<Ranking, ScoreProblem> {
    let entrants: Vec<Entrant> = bids.iter().map(|bid| Entrant { bid: *bid, sealed_at: None }).collect();
    rank_entrants(rule, gate, sheets, &entrants, draw_seed)
}

/// [`rank`] with the times of sealing.
///
/// # Errors
/// Those of [`rank`].
pub fn rank_entrants(
    rule: &Rule,
    gate: u32,
    sheets: &[Sheet],
    entrants: &[Entrant],
    draw_seed: &[u8],
) -> Result<Ranking, ScoreProblem> {
    let bids: Vec<BidId> = entrants.iter().map(|entrant| entrant.bid).collect();
    let bids = &bids[..];
    if gate > 0 && rule.gate(gate).is_none() {
        return Err(ScoreProblem::UnknownGate { gate });
    }
    let rubric = rule.rubric_at(gate);
    if !is_countable(rubric, rule.totals) {
        return Err(ScoreProblem::RubricUnsound);
    }
    check_bids(bids)?;
    check_sheets(rubric, sheets, bids)?;

    let pass_mark = rule.gate(gate).map_or(rule.pass_mark_milli, |gate| Some(gate.pass_mark_milli));
    let first_places = tie::first_places(rubric, sheets);
    let mut scores: BTreeMap<BidId, Vec<&[i64]>> = bids.iter().map(|bid| (*bid, Vec::new())).collect();
    for sheet in sheets {
        scores.entry(sheet.bid).or_default().push(&sheet.scores_milli);
    }
    let mut standings: Vec<Standing> = scores
        .into_iter()
        .map(|(bid, sheets)| {
            let combined = Combined::of(rubric, rule.combination, &sheets);
            let total_milli =
                combined.as_ref().map_or(0, |combined| combined.total_milli(rubric, rule.decimals));
            let outcome = outcome(rubric, &sheets, combined.as_ref(), total_milli, pass_mark);
            let places = first_places.get(&bid).copied().unwrap_or(0);
            let facts = TieFacts::new(bid, combined, places, draw_seed);
            Standing { facts, total_milli, sheets: count(sheets.len()), outcome }
        })
        .collect();
    standings.sort_by(|left, right| left.compare(right, rubric, &rule.tie_chain).0);
    Ok(Ranking { rows: rows(&standings, rubric, &rule.tie_chain) })
}

/// One bid before it has a rank.
struct Standing {
    facts: TieFacts,
    total_milli: i64,
    sheets: u32,
    outcome: Outcome,
}

impl Standing {
    /// Passed, failed, not scored.
    fn group(&self) -> u8 {
        match self.outcome {
            Outcome::Passed => 0,
            Outcome::NoSheets => 2,
            _ => 1,
        }
    }

    /// The order of two bids, and the link of the chain that decided it when their totals tie.
    fn compare(&self, other: &Self, rubric: &Rubric, chain: &[TieBreak]) -> (Ordering, Option<usize>) {
        let by_total = (self.group(), -self.total_milli).cmp(&(other.group(), -other.total_milli));
        if by_total != Ordering::Equal {
            return (by_total, None);
        }
        let verdict = tie::compare(rubric, chain, &self.facts, &other.facts);
        (verdict.order, Some(verdict.link))
    }
}

fn rows(standings: &[Standing], rubric: &Rubric, chain: &[TieBreak]) -> Vec<RankedBid> {
    // In sorted order the neighbours need at least as many links as any other pair.
    let links: Vec<Option<usize>> = standings
        .iter()
        .zip(standings.iter().skip(1))
        .map(|(above, below)| above.compare(below, rubric, chain).1)
        .collect();
    let link_between = |above: Option<usize>| above.and_then(|index| links.get(index).copied()).flatten();
    let row = |(index, standing): (usize, &Standing)| {
        let deepest = link_between(index.checked_sub(1)).max(link_between(Some(index)));
        RankedBid {
            bid: standing.facts.bid,
            rank: count(index + 1),
            total_milli: standing.total_milli,
            per_criterion_milli: standing
                .facts
                .combined
                .as_ref()
                .map(Combined::per_criterion_milli)
                .unwrap_or_default(),
            sheets: standing.sheets,
            outcome: standing.outcome.clone(),
            tie_broken_by: deepest.map(|link| chain.get(link).cloned().unwrap_or(TieBreak::Draw)),
            first_places: standing.facts.first_places,
        }
    };
    standings.iter().enumerate().map(row).collect()
}

fn outcome(
    rubric: &Rubric,
    sheets: &[&[i64]],
    combined: Option<&Combined>,
    total_milli: i64,
    pass_mark_milli: Option<i64>,
) -> Outcome {
    let Some(combined) = combined else { return Outcome::NoSheets };
    let marks = || {
        let all = rubric.criteria.iter().enumerate();
        all.filter_map(|(index, criterion)| Some((index, criterion, criterion.threshold_milli?)))
    };
    let any_below = |index: usize, mark: i64| {
        sheets.iter().any(|scores| scores.get(index).is_some_and(|milli| *milli < mark))
    };
    if let Some((_, criterion, _)) = marks().find(|(index, c, mark)| c.veto && any_below(*index, *mark)) {
        return Outcome::Vetoed { key: criterion.key.clone() };
    }
    if let Some((_, criterion, _)) = marks().find(|(index, _, mark)| combined.is_below(*index, *mark)) {
        return Outcome::BelowThreshold { key: criterion.key.clone() };
    }
    if pass_mark_milli.is_some_and(|mark| total_milli < mark) {
        return Outcome::BelowPassMark;
    }
    Outcome::Passed
}

fn check_bids(bids: &[BidId]) -> Result<(), ScoreProblem> {
    let mut seen = BTreeSet::new();
    match bids.iter().find(|bid| !seen.insert(**bid)) {
        Some(bid) => Err(ScoreProblem::DuplicateBid { bid: *bid }),
        None => Ok(()),
    }
}

fn check_sheets(rubric: &Rubric, sheets: &[Sheet], bids: &[BidId]) -> Result<(), ScoreProblem> {
    let known: BTreeSet<BidId> = bids.iter().copied().collect();
    let mut seen = BTreeSet::new();
    for sheet in sheets {
        let (bid, reviewer) = (sheet.bid, sheet.reviewer);
        if !known.contains(&bid) {
            return Err(ScoreProblem::UnknownBid { bid });
        }
        if !seen.insert((bid, reviewer)) {
            return Err(ScoreProblem::DuplicateSheet { bid, reviewer });
        }
        let (expected, actual) = (count(rubric.criteria.len()), count(sheet.scores_milli.len()));
        if expected != actual {
            return Err(ScoreProblem::WrongLength { bid, reviewer, expected, actual });
        }
        for (criterion, milli) in rubric.criteria.iter().zip(&sheet.scores_milli) {
            let key = || criterion.key.clone();
            if *milli < rubric.scale.min_milli || *milli > rubric.scale.max_milli {
                return Err(ScoreProblem::OutsideScale { bid, reviewer, key: key() });
            }
            if !rubric.scale.allows(*milli) {
                return Err(ScoreProblem::NotOnStep { bid, reviewer, key: key() });
            }
        }
    }
    Ok(())
}

/// Counts here are of bids and sheets held in memory: far below the limit.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

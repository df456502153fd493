//! Sheets, bid by bid: which bid and which expert each is of, what it weighs, and that nothing is wrong with any.
//! Deliberately absent: combining them.

use std::borrow::Borrow;
use std::collections::BTreeSet;

use super::numbering::Numbering;
use super::{ScoreProblem, Sheet, count};
use crate::id::{BidId, PersonId};
use crate::rule::{Rubric, Scale};

/// What reading all sheets gave. Bids and experts go by number: a bid by its position among the bids, an expert by
/// the first sheet that was read.
pub(super) struct Gathered {
    /// One for each sheet, in no order that means anything.
    pub(super) read: Vec<Read>,
    pub(super) experts: usize,
}

/// What reading one sheet gave.
#[derive(Clone, Copy)]
pub(super) struct Read {
    pub(super) bid: u32,
    pub(super) expert: u32,
    /// The weighted total in thousandths of a milli-point.
    pub(super) weight: i64,
}

/// The sheets of one bid, at least one, each sound.
#[derive(Clone, Copy)]
pub(super) struct OfBid<'a> {
    sheets: &'a [&'a Sheet],
    /// Parallel to `sheets`.
    read: &'a [Read],
}

impl<'a> OfBid<'a> {
    pub(super) fn count(self) -> usize {
        self.sheets.len()
    }

    /// The answers to question `index`.
    pub(super) fn votes(self, index: usize) -> impl Iterator<Item = bool> {
        self.sheets.iter().filter_map(move |sheet| sheet.votes.get(index).copied())
    }

    /// The scores of each sheet.
    pub(super) fn rows(self) -> impl Iterator<Item = &'a [i64]> {
        self.sheets.iter().map(|sheet| sheet.scores_milli.as_slice())
    }

    /// The scores of the sheet with the lowest and of the one with the highest weighted total, two different sheets
    /// if there are two. Among sheets with the same extreme total the scores themselves decide, never the order or the
    /// name of the expert.
    pub(super) fn extremes(self) -> [&'a [i64]; 2] {
        let mut weights = self.read.iter().map(|read| read.weight).zip(0..);
        let Some(first) = weights.next() else { return [&[], &[]] };
        let (mut lowest, mut highest, mut is_tied) = (first, first, false);
        // Without a branch on what is larger: nobody can foresee it.
        for (weight, at) in weights {
            is_tied |= weight == lowest.0 || weight == highest.0;
            lowest = if weight < lowest.0 { (weight, at) } else { lowest };
            highest = if weight > highest.0 { (weight, at) } else { highest };
        }
        if is_tied {
            let weighed = || self.read.iter().map(|read| read.weight).zip(self.rows());
            return [weighed().min(), weighed().max()].map(|row| row.map_or(&[] as &[i64], |(_, row)| row));
        }
        let row =
            |at: usize| self.sheets.get(at).map_or(&[] as &[i64], |sheet| sheet.scores_milli.as_slice());
        [row(lowest.1), row(highest.1)]
    }

    /// The scores of criterion `index`.
    pub(super) fn scores(self, index: usize) -> impl Iterator<Item = i64> {
        self.rows().filter_map(move |row| row.get(index).copied())
    }
}

/// Gives the sheets of each bid that has any to `take`, with the number of the bid. If the sheets of a bid do not lie
/// together `take` may see a part of them first; the last call for a bid is the one that counts.
///
/// # Errors
/// The first problem in the order of `sheets`; of several in one sheet: unknown bid, second sheet of the same expert,
/// number of scores, number of votes, a score. Then no call counts.
pub(super) fn by_bid(
    rubric: &Rubric,
    votes: usize,
    sheets: &[Sheet],
    bids: &[BidId],
    mut take: impl FnMut(u32, OfBid<'_>),
) -> Result<Gathered, ScoreProblem> {
    let numbers = number(bids)?;
    let check = Check::of(rubric, votes);
    // Sheets mostly come bid by bid; else they are put in that order first.
    let found = match Reader::new(&check, &numbers, bids, sheets.len()).read(sheets, &mut take) {
        Err(Trouble::Apart) => {
            let order = positions_by_bid(&numbers, bids, sheets);
            let sheets: Vec<&Sheet> = order.iter().filter_map(|at| sheets.get(*at as usize)).collect();
            Reader::new(&check, &numbers, bids, sheets.len()).read(&sheets, &mut take)
        }
        found => found,
    };
    // Whatever stops the reader is found again; were it not, no ranking would still be the right answer.
    found.map_err(|_trouble| {
        first_problem(rubric, votes, sheets, &numbers).unwrap_or(ScoreProblem::RubricUnsound)
    })
}

/// Why reading stopped.
enum Trouble {
    /// The sheets of a bid do not lie together.
    Apart,
    /// A sheet of an unknown bid, a second one of the same expert, or one that the rubric does not allow.
    Unsound,
}

struct Reader<'a> {
    check: &'a Check,
    numbers: &'a Numbering,
    bids: &'a [BidId],
    experts: Experts,
    read: Vec<Read>,
    /// By the number of a bid: whether its sheets have been read.
    is_done: Vec<bool>,
}

impl<'a> Reader<'a> {
    fn new(check: &'a Check, numbers: &'a Numbering, bids: &'a [BidId], sheets: usize) -> Self {
        let (experts, read) = (Experts::default(), Vec::with_capacity(sheets));
        Self { check, numbers, bids, experts, read, is_done: vec![false; bids.len()] }
    }

    fn read<S: Borrow<Sheet>>(
        mut self,
        sheets: &[S],
        take: &mut impl FnMut(u32, OfBid<'_>),
    ) -> Result<Gathered, Trouble> {
        let mut group: Vec<&Sheet> = Vec::new();
        let mut next = 0;
        for same in sheets.chunk_by(|left, right| left.borrow().bid == right.borrow().bid) {
            group.clear();
            group.extend(same.iter().map(Borrow::borrow));
            let Some(first) = group.first() else { continue };
            let bid = self.number_of(first.bid, next).ok_or(Trouble::Unsound)?;
            next = bid + 1;
            let done = self.is_done.get_mut(bid as usize).ok_or(Trouble::Unsound)?;
            if std::mem::replace(done, true) {
                return Err(Trouble::Apart);
            }
            let read = self.read_bid(bid, &group)?;
            take(bid, OfBid { sheets: &group, read });
        }
        Ok(Gathered { read: self.read, experts: self.experts.numbers.len() })
    }

    /// Bids mostly come in their order: then nothing is looked up.
    fn number_of(&self, bid: BidId, guess: u32) -> Option<u32> {
        let is_guessed = self.bids.get(guess as usize) == Some(&bid);
        if is_guessed { Some(guess) } else { self.numbers.number(bid.0.as_u128()) }
    }

    fn read_bid(&mut self, bid: u32, sheets: &[&Sheet]) -> Result<&[Read], Trouble> {
        let start = self.read.len();
        let mut is_sound = true;
        for sheet in sheets {
            let (expert, is_first) = self.experts.number(sheet.reviewer, bid);
            let (weight, is_allowed) = self.check.read(sheet);
            is_sound &= is_first & is_allowed;
            self.read.push(Read { bid, expert, weight });
        }
        if is_sound { Ok(self.read.get(start..).unwrap_or_default()) } else { Err(Trouble::Unsound) }
    }
}

/// Numbers experts by their first sheets. Sheets mostly come with the experts of each bid in the same order: whoever
/// came after the latest expert the last time is tried before looking up.
struct Experts {
    numbers: Numbering,
    /// By their numbers.
    seen: Vec<Seen>,
    latest: u32,
}

#[derive(Clone, Copy)]
struct Seen {
    /// The number of the bid of the expert's latest sheet.
    bid: u32,
    /// Who came next the last time; at first the expert again.
    next: u32,
}

impl Default for Experts {
    fn default() -> Self {
        Self { numbers: Numbering::for_about(0), seen: Vec::new(), latest: 0 }
    }
}

impl Experts {
    /// The expert's number, and whether this is the first sheet of the bid by this expert.
    fn number(&mut self, reviewer: PersonId, bid: u32) -> (u32, bool) {
        let key = reviewer.0.as_u128();
        let guess = self.seen.get(self.latest as usize).map(|latest| latest.next);
        let guessed = guess.filter(|guess| self.numbers.has(*guess, key));
        let expert = guessed.unwrap_or_else(|| self.look_up(key));
        self.latest = expert;
        let seen = self.seen.get_mut(expert as usize);
        (expert, seen.is_some_and(|seen| std::mem::replace(&mut seen.bid, bid) != bid))
    }

    fn look_up(&mut self, key: u128) -> u32 {
        let (expert, is_new) = self.numbers.add(key);
        if is_new {
            self.seen.push(Seen { bid: u32::MAX, next: expert });
        }
        if let Some(latest) = self.seen.get_mut(self.latest as usize) {
            latest.next = expert;
        }
        expert
    }
}

/// Positions of the sheets in the order of their bids; sheets of unknown bids last.
fn positions_by_bid(numbers: &Numbering, bids: &[BidId], sheets: &[Sheet]) -> Vec<u32> {
    let unknown = count(bids.len());
    let number = |sheet: &Sheet| numbers.number(sheet.bid.0.as_u128()).unwrap_or(unknown);
    let mut keyed: Vec<u64> = Vec::with_capacity(sheets.len());
    keyed.extend(sheets.iter().zip(0_u64..).map(|(sheet, at)| (u64::from(number(sheet)) << 32) | at));
    keyed.sort_unstable();
    keyed.into_iter().map(|keyed| keyed as u32).collect()
}

fn number(bids: &[BidId]) -> Result<Numbering, ScoreProblem> {
    let mut numbers = Numbering::for_about(bids.len());
    let second = bids.iter().find(|bid| !numbers.add(bid.0.as_u128()).1);
    second.map_or(Ok(numbers), |bid| Err(ScoreProblem::DuplicateBid { bid: *bid }))
}

/// What is wrong, in the order that [`by_bid`] promises. Slower than reading, for it looks everything up.
fn first_problem(
    rubric: &Rubric,
    votes: usize,
    sheets: &[Sheet],
    numbers: &Numbering,
) -> Option<ScoreProblem> {
    let mut seen = BTreeSet::new();
    sheets.iter().find_map(|sheet| {
        let (bid, reviewer) = (sheet.bid, sheet.reviewer);
        if numbers.number(bid.0.as_u128()).is_none() {
            return Some(ScoreProblem::UnknownBid { bid });
        }
        if !seen.insert((bid, reviewer)) {
            return Some(ScoreProblem::DuplicateSheet { bid, reviewer });
        }
        sheet_problem(rubric, votes, sheet)
    })
}

fn sheet_problem(rubric: &Rubric, votes: usize, sheet: &Sheet) -> Option<ScoreProblem> {
    let (bid, reviewer) = (sheet.bid, sheet.reviewer);
    if sheet.scores_milli.len() != rubric.criteria.len() {
        let (expected, actual) = (count(rubric.criteria.len()), count(sheet.scores_milli.len()));
        return Some(ScoreProblem::WrongLength { bid, reviewer, expected, actual });
    }
    if sheet.votes.len() != votes {
        let (expected, actual) = (count(votes), count(sheet.votes.len()));
        return Some(ScoreProblem::WrongVotes { bid, reviewer, expected, actual });
    }
    let scale = rubric.scale;
    let mut scored = rubric.criteria.iter().zip(&sheet.scores_milli);
    let (criterion, milli) = scored.find(|(_, milli)| !scale.allows(**milli))?;
    let key = criterion.key.clone();
    let is_outside = *milli < scale.min_milli || *milli > scale.max_milli;
    Some(if is_outside {
        ScoreProblem::OutsideScale { bid, reviewer, key }
    } else {
        ScoreProblem::NotOnStep { bid, reviewer, key }
    })
}

/// Reads a sheet in one go: what it weighs, and whether something is wrong with it.
///
/// It asks [`Scale::allows`] without a division for every score (Lemire, Kaser and Kurz 2019, "Faster remainder by
/// direct computation"): below `2^32`, `n` is a multiple of `d` just when `n * ceil(2^64 / d)`, modulo `2^64`, is less
/// than that factor.
struct Check {
    weights: Vec<i64>,
    votes: usize,
    min: i64,
    span: u64,
    factor_less_one: u64,
}

impl Check {
    /// Of a sound scale: steps and spans of at most a million.
    fn of(rubric: &Rubric, votes: usize) -> Self {
        let scale: Scale = rubric.scale;
        Self {
            weights: rubric.criteria.iter().map(|criterion| i64::from(criterion.weight_permille)).collect(),
            votes,
            min: scale.min_milli,
            span: scale.max_milli.abs_diff(scale.min_milli),
            factor_less_one: u64::MAX / scale.step_milli.unsigned_abs().max(1),
        }
    }

    /// The weight means nothing unless the sheet is sound.
    fn read(&self, sheet: &Sheet) -> (i64, bool) {
        let mut weight = 0_i64;
        let mut is_sound = sheet.scores_milli.len() == self.weights.len() && sheet.votes.len() == self.votes;
        for (of_criterion, milli) in self.weights.iter().zip(&sheet.scores_milli) {
            // Sound scores are too small to wrap.
            weight = weight.wrapping_add(of_criterion.wrapping_mul(*milli));
            is_sound &= self.allows(*milli);
        }
        (weight, is_sound)
    }

    fn allows(&self, milli: i64) -> bool {
        let offset = milli.wrapping_sub(self.min).cast_unsigned();
        let remainder = offset.wrapping_mul(self.factor_less_one.wrapping_add(1));
        offset <= self.span && remainder <= self.factor_less_one
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Rule;

    #[test]
    fn a_check_allows_what_the_scale_allows() {
        for (min_milli, max_milli, step_milli) in [
            (0, 100_000, 1_000),
            (1_000, 9_000, 1_000),
            (0, 5_000, 500),
            (7, 1_000, 331),
            (3, 90, 1),
            (0, 1, 1),
        ] {
            let scale = Scale { min_milli, max_milli, step_milli };
            assert!(scale.is_sound());
            let check = Check::of(&Rubric { scale, ..Rule::policy_preset().rubric }, 0);
            for milli in (-2_000..=102_000).chain([i64::MIN, i64::MAX, i64::MIN + min_milli]) {
                assert_eq!(check.allows(milli), scale.allows(milli), "{scale:?} {milli}");
            }
        }
    }
}

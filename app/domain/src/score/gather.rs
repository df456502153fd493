//! Sheets by bid: which bid and which expert each is of, what it weighs, and that nothing is wrong with any.
//! Deliberately absent: combining them.

use super::numbering::Numbering;
use super::{ScoreProblem, Sheet, count};
use crate::id::BidId;
use crate::rule::{Rubric, Scale};

/// Sheets in the order of their bids. Bids and experts go by number from here on: a bid by its position among the
/// bids, an expert by the position of the first sheet.
pub(super) struct Gathered<'a> {
    sheets: &'a [Sheet],
    /// Parallel to `sheets`.
    read: Vec<Read>,
    /// The scores of all sheets, one sheet after the other: each is looked at more than once, and those of a sound
    /// scale fit.
    scores: Vec<i32>,
    criteria: usize,
    order: Order,
    experts: usize,
}

/// What reading one sheet gave.
#[derive(Clone, Copy)]
pub(super) struct Read {
    pub(super) bid: u32,
    pub(super) expert: u32,
    /// The weighted total in thousandths of a milli-point.
    pub(super) weight: i64,
}

impl<'a> Gathered<'a> {
    /// # Errors
    /// The first problem in the order of `sheets`; of several in one sheet: unknown bid, second sheet of the same
    /// expert, number of scores, number of votes, a score.
    pub(super) fn new(
        rubric: &Rubric,
        votes: usize,
        sheets: &'a [Sheet],
        bids: &[BidId],
    ) -> Result<Self, ScoreProblem> {
        let numbers = number(bids)?;
        let check = Check::of(rubric, votes);
        let mut experts = Numbering::for_about(0);
        let mut read = Vec::with_capacity(sheets.len());
        let criteria = rubric.criteria.len();
        let mut scores = Vec::with_capacity(sheets.len() * criteria);
        let mut problem = None;
        let mut latest = 0;
        for sheet in sheets {
            // Sheets mostly come bid by bid, and bids in their order: then nothing is looked up.
            let is_next = |number: &u32| bids.get(*number as usize) == Some(&sheet.bid);
            let guessed = [latest, latest + 1].into_iter().find(is_next);
            let Some(bid) = guessed.or_else(|| numbers.number(sheet.bid.0.as_u128())) else {
                problem = Some(ScoreProblem::UnknownBid { bid: sheet.bid });
                break;
            };
            latest = bid;
            let (expert, _) = experts.add(sheet.reviewer.0.as_u128());
            let (weight, is_sound) = check.read(sheet, &mut scores);
            read.push(Read { bid, expert, weight });
            if !is_sound {
                problem = Some(sheet_problem(rubric, votes, sheet));
                break;
            }
        }
        let order = Order::by_bid(bids.len(), &read);
        if let Some(second) = order.first_duplicate(experts.len(), &read).and_then(|at| sheets.get(at)) {
            return Err(ScoreProblem::DuplicateSheet { bid: second.bid, reviewer: second.reviewer });
        }
        let experts = experts.len();
        problem.map_or(Ok(Self { sheets, read, scores, criteria, order, experts }), Err)
    }

    pub(super) fn bid_count(&self) -> usize {
        self.order.starts.len() - 1
    }

    pub(super) fn expert_count(&self) -> usize {
        self.experts
    }

    /// What reading every sheet gave, in no order that means anything.
    pub(super) fn read(&self) -> &[Read] {
        &self.read
    }

    /// The sheets of each bid, in the order of the bids.
    pub(super) fn of_bids(&self) -> impl Iterator<Item = OfBid<'_>> {
        let mut rest = self.order.positions.as_slice();
        self.order.starts.iter().zip(self.order.starts.iter().skip(1)).map(move |(start, end)| {
            let (positions, behind) = rest.split_at_checked((end - start) as usize).unwrap_or((rest, &[]));
            rest = behind;
            OfBid { gathered: self, positions }
        })
    }
}

/// The sheets of one bid.
#[derive(Clone, Copy)]
pub(super) struct OfBid<'a> {
    gathered: &'a Gathered<'a>,
    positions: &'a [u32],
}

impl<'a> OfBid<'a> {
    pub(super) fn count(self) -> usize {
        self.positions.len()
    }

    /// The answers to question `index`.
    pub(super) fn votes(self, index: usize) -> impl Iterator<Item = bool> {
        let sheets = self.positions.iter().filter_map(move |at| self.gathered.sheets.get(*at as usize));
        sheets.filter_map(move |sheet| sheet.votes.get(index).copied())
    }

    /// The scores of each sheet.
    #[expect(clippy::indexing_slicing, reason = "positions are below the number of sheets, each of one row")]
    pub(super) fn rows(self) -> impl Iterator<Item = &'a [i32]> {
        let criteria = self.gathered.criteria;
        let start = move |at: &u32| *at as usize * criteria;
        self.positions.iter().map(start).map(move |start| &self.gathered.scores[start..start + criteria])
    }

    /// The scores of each sheet behind its weight.
    #[expect(clippy::indexing_slicing, reason = "positions are below the number of sheets")]
    pub(super) fn weighed(self) -> impl Iterator<Item = (i64, &'a [i32])> {
        let weights = self.positions.iter().map(move |at| self.gathered.read[*at as usize].weight);
        weights.zip(self.rows())
    }

    /// The scores of criterion `index`.
    pub(super) fn scores(self, index: usize) -> impl Iterator<Item = i64> {
        self.rows().filter_map(move |row| row.get(index).copied().map(i64::from))
    }
}

/// Positions of sheets by bid, in the order of the sheets within a bid.
struct Order {
    /// The sheets of bid `b` begin at `starts[b]` and end before `starts[b + 1]`.
    starts: Vec<u32>,
    positions: Vec<u32>,
}

impl Order {
    /// A counting sort.
    #[expect(
        clippy::indexing_slicing,
        reason = "bids were numbered below `bids`; ends are at most read.len()"
    )]
    fn by_bid(bids: usize, read: &[Read]) -> Self {
        // First the number of sheets one place to the right, then where each bid ends, at last where it starts.
        let mut starts = vec![0_u32; bids + 1];
        for sheet in read {
            starts[sheet.bid as usize] += 1;
        }
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        let mut positions = vec![0; read.len()];
        for (position, sheet) in read.iter().enumerate().rev() {
            let start = &mut starts[sheet.bid as usize];
            *start -= 1;
            positions[*start as usize] = count(position);
        }
        Self { starts, positions }
    }

    /// The first position, in the order of the sheets, of a second sheet by the same expert of the same bid.
    #[expect(clippy::indexing_slicing, reason = "positions are below read.len(), experts below `experts`")]
    fn first_duplicate(&self, experts: usize, read: &[Read]) -> Option<usize> {
        let mut latest_bid = vec![u32::MAX; experts];
        let is_second = |position: &usize| {
            let Read { bid, expert, .. } = read[*position];
            std::mem::replace(&mut latest_bid[expert as usize], bid) == bid
        };
        self.positions.iter().map(|position| *position as usize).filter(is_second).min()
    }
}

fn number(bids: &[BidId]) -> Result<Numbering, ScoreProblem> {
    let mut numbers = Numbering::for_about(bids.len());
    let second = bids.iter().find(|bid| !numbers.add(bid.0.as_u128()).1);
    second.map_or(Ok(numbers), |bid| Err(ScoreProblem::DuplicateBid { bid: *bid }))
}

/// What exactly is wrong with a sheet of which something is.
fn sheet_problem(rubric: &Rubric, votes: usize, sheet: &Sheet) -> ScoreProblem {
    let (bid, reviewer) = (sheet.bid, sheet.reviewer);
    if sheet.scores_milli.len() != rubric.criteria.len() {
        let (expected, actual) = (count(rubric.criteria.len()), count(sheet.scores_milli.len()));
        return ScoreProblem::WrongLength { bid, reviewer, expected, actual };
    }
    let mut scored = rubric.criteria.iter().zip(&sheet.scores_milli);
    if let Some((criterion, milli)) = scored.find(|(_, milli)| !rubric.scale.allows(**milli))
        && sheet.votes.len() == votes
    {
        let key = criterion.key.clone();
        let is_outside = *milli < rubric.scale.min_milli || *milli > rubric.scale.max_milli;
        return if is_outside {
            ScoreProblem::OutsideScale { bid, reviewer, key }
        } else {
            ScoreProblem::NotOnStep { bid, reviewer, key }
        };
    }
    let (expected, actual) = (count(votes), count(sheet.votes.len()));
    ScoreProblem::WrongVotes { bid, reviewer, expected, actual }
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

    /// Puts the scores behind `scores`; they and the weight mean nothing unless the sheet is sound.
    fn read(&self, sheet: &Sheet, scores: &mut Vec<i32>) -> (i64, bool) {
        let mut weight = 0_i64;
        let mut is_sound = sheet.scores_milli.len() == self.weights.len() && sheet.votes.len() == self.votes;
        for (of_criterion, milli) in self.weights.iter().zip(&sheet.scores_milli) {
            // Sound scores are too small to wrap.
            weight = weight.wrapping_add(of_criterion.wrapping_mul(*milli));
            is_sound &= self.allows(*milli);
        }
        scores.extend(sheet.scores_milli.iter().map(|milli| *milli as i32));
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

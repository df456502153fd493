//! Who would win without each reviewer by the rule itself: votes, vetoes, thresholds, marks, tie chain and draw.
//! Deliberately absent: a judgement of that reviewer, and estimates.

use std::collections::HashMap;

use super::hurdles::shares_missed;
use super::{BidFigures, Evidence, WinnersWithout};
use crate::id::{BidId, PersonId};
use crate::rule::Rule;
use crate::score::{DrawnRanking, Entrant, Outcome, ScoreProblem, Sheet, rank_with_draws};
use crate::stats::Undefined;
use crate::stats::interval::Pivotal;

/// Up to this many bids times reviewers, the whole rule is applied again without each reviewer.
pub const MOST_RERUNS: usize = 200_000;

/// All that a binding ranking is made from.
#[derive(Clone, Copy, Debug)]
pub struct Contest<'a> {
    pub rule: &'a Rule,
    pub gate: u32,
    pub sheets: &'a [Sheet],
    pub entrants: &'a [Entrant],
    /// `None` while nobody has drawn.
    pub seed: Option<&'a [u8]>,
}

impl Contest<'_> {
    /// The binding ranking of these sheets. Without a seed the rows of one drawn run stand in no order that means
    /// anything.
    ///
    /// # Errors
    /// As [`rank_with_draws`].
    pub fn ranking(&self, sheets: &[Sheet]) -> Result<DrawnRanking, ScoreProblem> {
        rank_with_draws(self.rule, self.gate, sheets, self.entrants, self.seed.unwrap_or_default())
    }
}

/// The bids that pass, with everybody and without each reviewer, by the whole rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Reruns {
    with_all: Vec<Place>,
    /// One per reviewer, by position.
    without: Vec<Vec<Place>>,
}

/// Where a bid that passes stands; between the two ranks while only a draw can tell.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    bid: usize,
    best: u32,
    worst: u32,
}

impl Reruns {
    /// `None` where this would be more than [`MOST_RERUNS`].
    ///
    /// Time: one ranking per reviewer.
    ///
    /// # Errors
    /// As [`rank_with_draws`]; never where the contest has a ranking.
    pub(super) fn of(
        contest: &Contest<'_>,
        bids: &[BidId],
        reviewers: &[PersonId],
    ) -> Result<Option<Self>, ScoreProblem> {
        if bids.len().saturating_mul(reviewers.len()) > MOST_RERUNS {
            return Ok(None);
        }
        let positions: HashMap<BidId, usize> = bids.iter().copied().zip(0..).collect();
        let places = |sheets: &[Sheet]| Ok(places(contest, &contest.ranking(sheets)?, &positions));
        let with_all = places(contest.sheets)?;
        // Sheets by reviewer: whoever is left out is turned to the end and cut off, and nothing is copied again.
        let mut sheets = contest.sheets.to_vec();
        sheets.sort_by_key(|sheet| sheet.reviewer);
        let first = reviewers.first().map_or(0, |one| sheets.partition_point(|sheet| sheet.reviewer < *one));
        sheets.rotate_left(first);
        let mut without = Vec::with_capacity(reviewers.len());
        for reviewer in reviewers {
            // Reviewers of bids that are not ranked stand between those that are asked for.
            let skipped = sheets.iter().take_while(|sheet| sheet.reviewer != *reviewer).count();
            sheets.rotate_left(skipped);
            let own = sheets.iter().take_while(|sheet| sheet.reviewer == *reviewer).count();
            sheets.rotate_left(own);
            let left = sheets.get(..sheets.len() - own).unwrap_or_default();
            without.push(places(left)?);
        }
        Ok(Some(Self { with_all, without }))
    }

    /// Reviewers on whom the first place or the first `places` hang.
    pub(super) fn pivotal(&self, places: usize) -> Result<Pivotal, Undefined> {
        self.enough()?;
        let differs = |top_k: usize| {
            let now = top(&self.with_all, top_k);
            let changed = |(_, run): &(usize, &Vec<Place>)| top(run, top_k) != now;
            self.without.iter().enumerate().filter(changed).map(|(reviewer, _)| reviewer).collect()
        };
        Ok(Pivotal { top_k: places, winner: differs(1), top: differs(places) })
    }

    fn enough(&self) -> Result<(), Undefined> {
        match self.without.len() {
            have @ 0..2 => Err(Undefined::TooFewReviewers { have, need: 2 }),
            _ => Ok(()),
        }
    }

    /// Who would win without each of these reviewers.
    pub(super) fn winners(&self, reviewers: &[usize]) -> Vec<WinnersWithout> {
        let of = |reviewer: &usize| {
            Some(WinnersWithout { reviewer: *reviewer, bids: top(self.without.get(*reviewer)?, 1) })
        };
        reviewers.iter().filter_map(of).collect()
    }

    /// Best and worst rank over all runs in which the bid passes, and whether there is one in which it does not.
    pub(super) fn mark(&self, bids: &mut [BidFigures]) {
        if self.enough().is_err() {
            return;
        }
        let mut passes = vec![0_usize; bids.len()];
        for place in self.without.iter().flatten() {
            let (Some(bid), Some(passes)) = (bids.get_mut(place.bid), passes.get_mut(place.bid)) else {
                continue;
            };
            *passes += 1;
            let (best, worst) = bid.ranks_without_one.unwrap_or((place.best, place.worst));
            bid.ranks_without_one = Some((best.min(place.best), worst.max(place.worst)));
        }
        for (bid, passes) in bids.iter_mut().zip(passes) {
            bid.may_fail_without_one = passes < self.without.len();
        }
    }
}

/// The bids that can be among the first `count`, by position.
fn top(places: &[Place], count: usize) -> Vec<usize> {
    let mut bids: Vec<usize> = places
        .iter()
        .filter(|place| usize::try_from(place.best).is_ok_and(|best| best <= count))
        .map(|place| place.bid)
        .collect();
    bids.sort_unstable();
    bids
}

fn places(contest: &Contest<'_>, ranked: &DrawnRanking, positions: &HashMap<BidId, usize>) -> Vec<Place> {
    let mut bounds: Vec<(u32, u32)> = ranked.ranking.rows.iter().map(|row| (row.rank, row.rank)).collect();
    let open = if contest.seed.is_some() { &[] } else { ranked.drawn.as_slice() };
    for run in open {
        let Some(run) = bounds.get_mut(run.clone()) else { continue };
        if let (Some((first, _)), Some((_, last))) = (run.first().copied(), run.last().copied()) {
            run.fill((first, last));
        }
    }
    let rows = ranked.ranking.rows.iter().zip(bounds).filter(|(row, _)| row.outcome == Outcome::Passed);
    rows.filter_map(|(row, (best, worst))| Some(Place { bid: *positions.get(&row.bid)?, best, worst }))
        .collect()
}

impl Evidence {
    /// With what the whole rule gives without each reviewer; unchanged beyond [`MOST_RERUNS`]. `contest` is the one
    /// that this evidence is of.
    ///
    /// # Errors
    /// As [`rank_with_draws`]; never where the contest has a ranking.
    pub fn under_the_rule(mut self, contest: &Contest<'_>) -> Result<Self, ScoreProblem> {
        self.reruns = Reruns::of(contest, &self.bids, &self.reviewers)?;
        self.missed = shares_missed(contest, &self.bids)?;
        Ok(self)
    }
}

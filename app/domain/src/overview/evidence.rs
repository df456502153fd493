//! From score sheets and their binding ranking to what the statistics read. Deliberately absent: the statistics.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::Reruns;
use crate::id::{BidId, PersonId};
use crate::rule::{Combination, Direction, Rubric, Rule};
use crate::score::{Outcome, Ranking, Sheet};
use crate::stats::interval::{Combine, Layer, RankedQuantity};
use crate::stats::{Panel, PanelFault, Review};

const MILLI: f64 = 1000.0;

/// What there is to judge a ranking by. Bids are positions in binding order, reviewers positions by ascending id.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The bids that have sheets, best rank first.
    pub bids: Vec<BidId>,
    pub reviewers: Vec<PersonId>,
    /// The weighted total of each sheet, in points.
    pub panel: Panel,
    /// Positions of the bids that could win: none that failed a vote, a veto, a threshold or the plain sum. A bid below
    /// the pass mark is among them, since other sheets might lift it.
    pub contending: Vec<usize>,
    /// The same positions in the order of the bids' ids: what is resampled must not depend on how a draw fell.
    pub by_id: Vec<usize>,
    /// What the rule ranks contending bids by; bid `i` of it is `by_id[i]`.
    pub quantity: RankedQuantity,
    /// Combined scores of the contending bids, one row per bid, one column per criterion, in points.
    pub criteria: Vec<f64>,
    /// Where the rule leaves out extreme totals: the weights decide which sheets these are.
    pub dropping: Option<Dropping>,
    /// Per criterion, 1 counts it once (a factor) or is the whole weight (a mean).
    pub weights: Vec<f64>,
    /// Two steps of the scale in every criterion, as a total, in points: nearer than this is no score far from others.
    pub near: f64,
    pub lower_is_better: bool,
    /// How many win, or go on: at least 1, at most as many as contend.
    pub places: usize,
    /// See [`Evidence::under_the_rule`].
    pub reruns: Option<Reruns>,
    /// Of the first bids, see [`BidFigures::misses_hurdle`](super::BidFigures::misses_hurdle).
    pub missed: Vec<f64>,
}

/// What is needed to leave out extreme totals anew under other weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Dropping {
    /// Per contending bid, in the order of [`Evidence::contending`], the criterion scores of its sheets in points, sheet
    /// after sheet.
    pub sheets: Vec<Vec<f64>>,
    /// Of fewer sheets none is left out.
    pub min_scores: usize,
}

impl Evidence {
    /// `ranking` is the binding one of these very sheets; sheets of bids it does not name are left out.
    ///
    /// # Errors
    /// [`PanelFault`] for two sheets of one expert on one bid, which a binding ranking never has.
    pub fn new(rule: &Rule, gate: u32, sheets: &[Sheet], ranking: &Ranking) -> Result<Self, PanelFault> {
        let rubric = rule.rubric_at(gate);
        let rows: Vec<_> = ranking.rows.iter().filter(|row| row.outcome != Outcome::NoSheets).collect();
        let bids: Vec<BidId> = rows.iter().map(|row| row.bid).collect();
        // Who scored none of these bids would be an island of their own.
        let known: HashSet<BidId> = bids.iter().copied().collect();
        let reviewers: BTreeSet<PersonId> =
            sheets.iter().filter(|sheet| known.contains(&sheet.bid)).map(|sheet| sheet.reviewer).collect();
        let reviewers: Vec<PersonId> = reviewers.into_iter().collect();
        let is_contending = |outcome: &Outcome| matches!(outcome, Outcome::Passed | Outcome::BelowPassMark);
        let contending: Vec<usize> = rows
            .iter()
            .enumerate()
            .filter(|(_, row)| is_contending(&row.outcome))
            .map(|(at, _)| at)
            .collect();
        let placed = Placed::of(&bids, &reviewers, sheets);
        let weights = weights(rubric);
        let panel = placed.panel(bids.len(), reviewers.len(), |sheet| total(rubric, &sheet.scores_milli))?;
        let mut by_id = contending.clone();
        by_id.sort_by_key(|at| bids.get(*at).copied());
        let quantity = quantity(rule, rubric, &placed.among(&by_id), by_id.len(), reviewers.len())?;
        let criteria = contending
            .iter()
            .filter_map(|at| rows.get(*at))
            .flat_map(|row| row.per_criterion_milli.iter().map(|milli| *milli as f64 / MILLI))
            .collect();
        let dropping = (rule.combination == Combination::DropExtremesOnTotals).then(|| Dropping {
            sheets: placed.among(&contending).scores_of_each(contending.len()),
            min_scores: rule.sheets_to_drop_from() as usize,
        });
        let wanted = rule.gate(gate).map_or(rule.max_winners, |gate| gate.keep) as usize;
        Ok(Self {
            places: wanted.clamp(1, contending.len().max(1)),
            bids,
            reviewers,
            panel,
            contending,
            by_id,
            quantity,
            criteria,
            dropping,
            near: 2.0 * rubric.scale.step_milli as f64 / MILLI * weights.iter().sum::<f64>(),
            weights,
            lower_is_better: rule.better == Direction::Lower,
            reruns: None,
            missed: Vec::new(),
        })
    }
}

/// Sheets with the positions of their bid and reviewer.
struct Placed<'a> {
    sheets: Vec<(u32, u32, &'a Sheet)>,
}

impl<'a> Placed<'a> {
    fn of(bids: &[BidId], reviewers: &[PersonId], sheets: &'a [Sheet]) -> Self {
        let bid_at: HashMap<BidId, u32> = bids.iter().copied().zip(0..).collect();
        let reviewer_at: HashMap<PersonId, u32> = reviewers.iter().copied().zip(0..).collect();
        let place =
            |sheet: &'a Sheet| Some((*bid_at.get(&sheet.bid)?, *reviewer_at.get(&sheet.reviewer)?, sheet));
        Self { sheets: sheets.iter().filter_map(place).collect() }
    }

    /// Only the bids at these positions, numbered anew in this order.
    fn among(&self, positions: &[usize]) -> Self {
        let renumbered: HashMap<usize, u32> = positions.iter().copied().zip(0..).collect();
        let keep = |(bid, reviewer, sheet): &(u32, u32, &'a Sheet)| {
            Some((*renumbered.get(&(*bid as usize))?, *reviewer, *sheet))
        };
        Self { sheets: self.sheets.iter().filter_map(keep).collect() }
    }

    /// The criterion scores of each bid's sheets in points, sheet after sheet.
    fn scores_of_each(&self, bids: usize) -> Vec<Vec<f64>> {
        let mut each = vec![Vec::new(); bids];
        for (bid, _, sheet) in &self.sheets {
            if let Some(of_bid) = each.get_mut(*bid as usize) {
                of_bid.extend(sheet.scores_milli.iter().map(|milli| *milli as f64 / MILLI));
            }
        }
        each
    }

    fn panel(
        &self,
        bids: usize,
        reviewers: usize,
        score: impl Fn(&Sheet) -> f64,
    ) -> Result<Panel, PanelFault> {
        let review = |(bid, reviewer, sheet): &(u32, u32, &Sheet)| Review {
            bid: *bid,
            reviewer: *reviewer,
            score: score(sheet),
        };
        Panel::new(bids, reviewers, self.sheets.iter().map(review))
    }
}

fn weights(rubric: &Rubric) -> Vec<f64> {
    rubric.criteria.iter().map(|criterion| f64::from(criterion.weight_permille) / MILLI).collect()
}

/// Added up in whole numbers and divided once, so that equal totals are equal numbers.
fn total(rubric: &Rubric, scores_milli: &[i64]) -> f64 {
    let weighed = rubric.criteria.iter().zip(scores_milli);
    let sum: i64 = weighed.map(|(criterion, milli)| i64::from(criterion.weight_permille) * milli).sum();
    sum as f64 / (MILLI * MILLI)
}

/// The rule's own combination: on totals one layer of weighted totals, per criterion one layer each.
fn quantity(
    rule: &Rule,
    rubric: &Rubric,
    placed: &Placed<'_>,
    bids: usize,
    reviewers: usize,
) -> Result<RankedQuantity, PanelFault> {
    let min_scores = rule.sheets_to_drop_from() as usize;
    let weights = weights(rubric);
    let combine = match rule.combination {
        Combination::Mean => Combine::Mean,
        Combination::DropExtremesOnTotals | Combination::DropExtremesPerCriterion => {
            Combine::DropExtremes { min_scores }
        }
        Combination::MedianPerCriterion => Combine::Median,
    };
    let on_totals = matches!(rule.combination, Combination::Mean | Combination::DropExtremesOnTotals);
    let layers = if on_totals {
        let panel = placed.panel(bids, reviewers, |sheet| total(rubric, &sheet.scores_milli))?;
        vec![Layer { weight: 1.0, panel }]
    } else {
        let layer = |(criterion, weight): (usize, &f64)| {
            let score =
                |sheet: &Sheet| sheet.scores_milli.get(criterion).map_or(0.0, |milli| *milli as f64 / MILLI);
            Ok(Layer { weight: *weight, panel: placed.panel(bids, reviewers, score)? })
        };
        weights.iter().enumerate().map(layer).collect::<Result<_, PanelFault>>()?
    };
    Ok(RankedQuantity { layers, combine, lower_is_better: rule.better == Direction::Lower })
}

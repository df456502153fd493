//! How little one weight would have to change for another bid to win where the weights also decide which sheets count:
//! of each bid one highest and one lowest weighted total are left out, and which ones these are changes with the weights.
//! Deliberately absent: changes of all weights together, whose nearest point lies in one of very many pieces of the simplex.

use super::super::Undefined;
use super::sensitivity::{TRACE, WeightChange, bad, keep_nearer, sum_of};

/// Per criterion, the smallest change of its weight alone that ends the first bid's lead, with extremes on totals left out
/// again at every weight. Entries mean what those of [`WeightSensitivity::one_weight`](super::WeightSensitivity) mean: the
/// other weights keep their proportions and the sum stays (when they are all zero, what is freed is spread evenly); at the
/// change a rival draws level, any more and it is ahead; 0 where it is ahead already or pulls ahead at once; `None` when
/// no weight from 0 to the sum does it.
///
/// `bids` holds one list per bid: the criterion scores of its sheets in points, sheet after sheet, each as wide as
/// `weights` (in any unit). `first` is the bid that is first in the binding ranking. Of `min_scores` sheets or more (at
/// least 3) the highest and the lowest total are left out, of fewer none. A bid without sheets is no rival.
///
/// Along such a change the total of a sheet is a straight line. The highest of a bid's lines is a convex chain of pieces, the
/// lowest a concave one, so that the bid's total has at most `2 (sheets - 1)` bends, which are found one after the other;
/// between the bends of both bids the distance of a rival is straight and crosses zero where interpolation says. Exact to
/// rounding. A rival is left aside when, each sheet taken at its best within reach, it stays below the first bid's least:
/// the trimmed mean never falls when a sheet rises. `O(sheets^2)` per rival and criterion at worst.
///
/// Source: the definition; for weights in general Triantaphyllou & Sánchez (1997), Decision Sciences 28:151-194.
///
/// # Errors
/// [`Undefined::BadParameter`] names `weights` (none, negative, not finite, all zero), `bids` (not finite, or not whole
/// sheets) or `first` (no such bid, or without sheets); [`Undefined::TooFewBids`] below 2 bids with sheets.
pub fn one_weight_dropping_extremes(
    bids: &[Vec<f64>],
    weights: &[f64],
    first: usize,
    min_scores: usize,
    lower_is_better: bool,
) -> Result<Vec<Option<WeightChange>>, Undefined> {
    let sum = sum_of(weights)?;
    let is_sound =
        |bid: &Vec<f64>| bid.len().is_multiple_of(weights.len()) && bid.iter().all(|s| s.is_finite());
    if !bids.iter().all(is_sound) {
        return Err(bad("bids"));
    }
    let have = bids.iter().filter(|bid| !bid.is_empty()).count();
    if have < 2 {
        return Err(Undefined::TooFewBids { have, need: 2 });
    }
    let of_first = bids.get(first).filter(|bid| !bid.is_empty()).ok_or_else(|| bad("first"))?;
    let largest = bids.iter().flatten().fold(0.0_f64, |largest, score| largest.max(score.abs()));
    let turn =
        Turn { weights, sum, better: if lower_is_better { -1.0 } else { 1.0 }, trace: TRACE * largest * sum };
    let mut search = Search { turn: &turn, min_scores: min_scores.max(3), found: vec![None; weights.len()] };
    let mut lines = Lines::default();
    let ways: Vec<Way> = turn.ways().map(|way| search.along(of_first, way, &mut lines)).collect();
    for (bid, sheets) in bids.iter().enumerate().filter(|(bid, sheets)| *bid != first && !sheets.is_empty()) {
        search.rival(bid, sheets, &ways, &mut lines);
    }
    Ok(search.found)
}

/// How weights are changed.
struct Turn<'a> {
    weights: &'a [f64],
    sum: f64,
    /// -1 where lower is better: all scores change their sign, and which sheets are left out stays the same.
    better: f64,
    trace: f64,
}

impl Turn<'_> {
    /// Each criterion's weight upwards and downwards, with the way there is to go.
    fn ways(&self) -> impl Iterator<Item = (usize, f64, f64)> {
        self.weights.iter().enumerate().flat_map(|(criterion, &weight)| {
            [(criterion, 1.0, (self.sum - weight).max(0.0)), (criterion, -1.0, weight)]
        })
    }

    /// A sheet's total under the present weights.
    fn level(&self, sheet: &[f64]) -> f64 {
        self.better * sheet.iter().zip(self.weights).map(|(score, weight)| score * weight).sum::<f64>()
    }

    /// By how much a sheet's total grows for every unit of one criterion's weight.
    fn slope(&self, sheet: &[f64], level: f64, criterion: usize) -> f64 {
        let weight = self.weights.get(criterion).copied().unwrap_or_default();
        let score = self.better * sheet.get(criterion).copied().unwrap_or_default();
        let (rest, others) = (self.sum - weight, sheet.len() - 1);
        if rest > self.sum * TRACE {
            score - (level - weight * score) / rest
        } else if others > 0 {
            score - (self.better * sheet.iter().sum::<f64>() - score) / others as f64
        } else {
            0.0
        }
    }
}

/// The first bid along one way.
struct Way {
    criterion: usize,
    direction: f64,
    room: f64,
    pieces: Vec<Piece>,
    /// The lowest total from the start to the end of each piece.
    lowest: Vec<f64>,
}

/// A straight piece of a bid's total: from this distance on, `level + slope * distance`.
#[derive(Clone, Copy)]
struct Piece {
    from: f64,
    level: f64,
    slope: f64,
}

impl Piece {
    fn at(self, distance: f64) -> f64 {
        self.level + self.slope * distance
    }
}

struct Search<'a> {
    turn: &'a Turn<'a>,
    min_scores: usize,
    found: Vec<Option<WeightChange>>,
}

impl Search<'_> {
    fn along(
        &self,
        sheets: &[f64],
        (criterion, direction, room): (usize, f64, f64),
        lines: &mut Lines,
    ) -> Way {
        lines.read(self.turn, sheets);
        lines.turn_to(self.turn, sheets, criterion, direction);
        let mut pieces = Vec::new();
        lines.pieces(self.min_scores, room, &mut pieces);
        let ends = pieces.iter().skip(1).map(|piece| piece.from).chain([room]);
        let mut least = f64::INFINITY;
        let lowest = pieces
            .iter()
            .zip(ends)
            .map(|(piece, end)| {
                least = least.min(piece.at(piece.from)).min(piece.at(end));
                least
            })
            .collect();
        Way { criterion, direction, room, pieces, lowest }
    }

    fn rival(&mut self, bid: usize, sheets: &[f64], ways: &[Way], lines: &mut Lines) {
        let Self { turn, min_scores, .. } = *self;
        lines.read(turn, sheets);
        let Some(now) = ways.first().and_then(|way| way.pieces.first()) else { return };
        let is_ahead = lines.trimmed(min_scores, |(level, _)| level) - now.level > turn.trace;
        let mut pieces = Vec::new();
        for way in ways {
            let weight = turn.weights.get(way.criterion).copied().unwrap_or_default();
            let Some(found) = self.found.get_mut(way.criterion) else { continue };
            if is_ahead {
                keep_nearer(found, 0.0, weight, bid);
                continue;
            }
            let reach = found.as_ref().map_or(way.room, |found| found.change.abs().min(way.room));
            if reach <= 0.0 {
                continue;
            }
            lines.turn_to(turn, sheets, way.criterion, way.direction);
            let most = lines.trimmed(min_scores, |(level, slope)| level + (slope * reach).max(0.0));
            let last = way.pieces.partition_point(|piece| piece.from < reach).saturating_sub(1);
            if way.lowest.get(last).is_some_and(|least| most - least <= turn.trace) {
                continue;
            }
            lines.pieces(min_scores, reach, &mut pieces);
            if let Some(distance) = crossing(&way.pieces, &pieces, reach, turn.trace) {
                keep_nearer(found, way.direction * distance, weight, bid);
            }
        }
    }
}

/// The least distance beyond which the rival is ahead, if there is one below `reach`.
fn crossing(first: &[Piece], rival: &[Piece], reach: f64, trace: f64) -> Option<f64> {
    let (mut first, mut rival) = (first.iter().copied().peekable(), rival.iter().copied().peekable());
    let (mut own, mut other) = (first.next()?, rival.next()?);
    let mut from = 0.0_f64;
    let lead = |own: Piece, other: Piece, distance: f64| {
        let lead = other.at(distance) - own.at(distance);
        if lead.abs() <= trace { 0.0 } else { lead }
    };
    loop {
        let next = |piece: Option<&Piece>| piece.map_or(f64::INFINITY, |piece| piece.from);
        let (own_bend, other_bend) = (next(first.peek()), next(rival.peek()));
        let to = own_bend.min(other_bend).min(reach);
        let (before, after) = (lead(own, other, from), lead(own, other, to));
        if after > 0.0 {
            return Some(if before >= 0.0 { from } else { from + (to - from) * (before / (before - after)) });
        }
        if to >= reach {
            return None;
        }
        from = to;
        own = if own_bend <= to { first.next()? } else { own };
        other = if other_bend <= to { rival.next()? } else { other };
    }
}

/// The totals of a bid's sheets along one way, as level and slope. Kept from bid to bid for their memory.
#[derive(Default)]
struct Lines {
    lines: Vec<(f64, f64)>,
}

impl Lines {
    fn read(&mut self, turn: &Turn<'_>, sheets: &[f64]) {
        self.lines.clear();
        self.lines.extend(sheets.chunks_exact(turn.weights.len()).map(|sheet| (turn.level(sheet), 0.0)));
    }

    fn turn_to(&mut self, turn: &Turn<'_>, sheets: &[f64], criterion: usize, direction: f64) {
        for (line, sheet) in self.lines.iter_mut().zip(sheets.chunks_exact(turn.weights.len())) {
            line.1 = direction * turn.slope(sheet, line.0, criterion);
        }
    }

    /// What the rule makes of one value per sheet.
    fn trimmed(&self, min_scores: usize, value: impl Fn((f64, f64)) -> f64) -> f64 {
        let (mut sum, mut lowest, mut highest) = (0.0, f64::INFINITY, f64::NEG_INFINITY);
        for &line in &self.lines {
            let value = value(line);
            (sum, lowest, highest) = (sum + value, value.min(lowest), value.max(highest));
        }
        let number = self.lines.len();
        if number < min_scores { sum / number as f64 } else { (sum - lowest - highest) / (number - 2) as f64 }
    }

    /// The bid's total from here to `reach`, piece by piece.
    fn pieces(&self, min_scores: usize, reach: f64, pieces: &mut Vec<Piece>) {
        pieces.clear();
        let number = self.lines.len();
        let sum = self.lines.iter().fold((0.0, 0.0), |sum, line| (sum.0 + line.0, sum.1 + line.1));
        if number < min_scores {
            let kept = number as f64;
            pieces.push(Piece { from: 0.0, level: sum.0 / kept, slope: sum.1 / kept });
            return;
        }
        let kept = (number - 2) as f64;
        let (mut from, mut highest, mut lowest) = (0.0, self.extreme(1.0), self.extreme(-1.0));
        loop {
            pieces.push(Piece {
                from,
                level: (sum.0 - highest.0 - lowest.0) / kept,
                slope: (sum.1 - highest.1 - lowest.1) / kept,
            });
            let (above, below) = (self.overtaking(highest, 1.0, from), self.overtaking(lowest, -1.0, from));
            from = above.0.min(below.0);
            if from >= reach {
                return;
            }
            // Slopes only grow above and only fall below: at most one bend for each line on either side.
            highest = if above.0 <= from { above.1 } else { highest };
            lowest = if below.0 <= from { below.1 } else { lowest };
        }
    }

    /// The highest line at the start (sign 1) or the lowest (sign -1); of equal ones the one that will be.
    fn extreme(&self, sign: f64) -> (f64, f64) {
        let further = |one: &(f64, f64), other: &(f64, f64)| {
            (sign * one.0).total_cmp(&(sign * other.0)).then((sign * one.1).total_cmp(&(sign * other.1)))
        };
        self.lines.iter().copied().max_by(further).unwrap_or_default()
    }

    /// Where the next line overtakes `line`, not before `from`, and which; of several the steepest.
    fn overtaking(&self, line: (f64, f64), sign: f64, from: f64) -> (f64, (f64, f64)) {
        let mut next = (f64::INFINITY, line);
        for &other in &self.lines {
            let gain = sign * (other.1 - line.1);
            if gain <= 0.0 {
                continue;
            }
            let place = (sign * (line.0 - other.0) / gain).max(from);
            let is_steeper = sign * (other.1 - next.1.1) > 0.0;
            if place < next.0 || (place <= next.0 && is_steeper) {
                next = (place, other);
            }
        }
        next
    }
}

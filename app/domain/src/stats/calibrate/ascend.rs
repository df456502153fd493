//! The way up the restricted likelihood, from one start or several. Deliberately absent: the likelihood itself, which comes in
//! as a function.

use super::super::Undefined;
use super::design::dot;
use super::restricted::Look;
use super::system::Ratios;

/// Steps of one search; each at most [`HALVINGS`] looks. It usually takes fewer than ten.
const STEPS: usize = 100;
const HALVINGS: usize = 40;

/// Where scores are many, the average information leads there in so many steps; where they are few it is far from the true
/// curvature, and what the steps themselves show is better.
const AVERAGED_STEPS: usize = 4;

/// A step below this part of the ratio ends the search.
pub(super) const SETTLED: f64 = 1e-10;
/// The same where the likelihood itself is an average over draws.
pub(super) const SETTLED_BY_DRAWS: f64 = 1e-6;

/// Differences of the likelihood below this part of it may be rounding.
const ROUNDING: f64 = 1e-8;

/// The ratios at which the likelihood is looked at for further starts, for bids as for reviewers: none, and from far below to
/// far above the error.
const GRID: [f64; 11] = [0.0, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0];

/// Where one search ended.
pub(super) struct End {
    pub(super) steps: usize,
    pub(super) look: Look,
    /// Whether nothing permitted leads further up.
    is_settled: bool,
}

impl End {
    fn log_likelihood(&self) -> f64 {
        self.look.log_likelihood.unwrap_or(f64::NEG_INFINITY)
    }
}

/// The highest end of the searches from `first` and, `with_grid`, from every point of the grid that is higher than all of its
/// neighbours there: the likelihood of few scores may have several summits, mostly one of them at a ratio of 0.
///
/// # Errors
/// [`Undefined::NotConverged`] when the highest point seen is not the end of its search; what `look` says of `first` or on
/// the way up from there.
pub(super) fn climb(
    look: &impl Fn(Ratios) -> Result<Look, Undefined>,
    first: Look,
    settled: f64,
    with_grid: bool,
) -> Result<End, Undefined> {
    let mut best = ascend(look, first, settled)?;
    for start in if with_grid { grid_summits(look) } else { Vec::new() } {
        // A start where the equations break down shows nothing.
        let Ok(end) = ascend(look, start, settled) else { continue };
        let margin = ROUNDING * (1.0 + best.log_likelihood().abs());
        // Of two ends of one height, the settled one; else the first.
        let is_repair = end.is_settled && !best.is_settled;
        if end.log_likelihood() > best.log_likelihood() + if is_repair { -margin } else { margin } {
            best = end;
        }
    }
    if best.is_settled { Ok(best) } else { Err(Undefined::NotConverged { steps: best.steps }) }
}

/// The looks at those points of the grid that no neighbour is above; of equal neighbours the first.
fn grid_summits(look: &impl Fn(Ratios) -> Result<Look, Undefined>) -> Vec<Look> {
    let places = GRID.iter().flat_map(|&bid| GRID.iter().map(move |&reviewer| Ratios { bid, reviewer }));
    let looks: Vec<Option<Look>> = places.map(|ratios| look(ratios).ok()).collect();
    let heights: Vec<f64> = looks
        .iter()
        .map(|look| look.as_ref().and_then(|look| look.log_likelihood).unwrap_or(f64::NEG_INFINITY))
        .collect();
    let is_summit = |place: usize, height: f64| {
        let (row, column) = (place / GRID.len(), place % GRID.len());
        heights.iter().enumerate().all(|(other, &there)| {
            let near = (other / GRID.len()).abs_diff(row) <= 1 && (other % GRID.len()).abs_diff(column) <= 1;
            !near || there < height || (there <= height && other >= place)
        })
    };
    let found = looks.into_iter().zip(&heights).enumerate();
    found.filter_map(|(place, (look, height))| look.filter(|_| is_summit(place, *height))).collect()
}

/// Ascends to where no permitted step gains anything.
fn ascend(
    look: &impl Fn(Ratios) -> Result<Look, Undefined>,
    first: Look,
    settled: f64,
) -> Result<End, Undefined> {
    let mut at = first;
    let mut curvature = at.information;
    for step in 0..STEPS {
        let direction = direction(&at, curvature);
        let ratios = [at.ratios.bid, at.ratios.reviewer];
        // Large ratios lose digits in the equations.
        let allowed = settled * (1.0 + 1e-4 * ratios[0].max(ratios[1]));
        let is_small = |(size, ratio): (&f64, &f64)| size.abs() <= allowed * (ratio + 1e-3);
        if direction.iter().zip(&ratios).all(is_small) {
            return Ok(End { steps: step, look: at, is_settled: true });
        }
        let mut length = 1.0;
        let mut better = None;
        for _ in 0..HALVINGS {
            let moved = |ratio: f64, size: f64| (ratio + length * size).clamp(0.0, 10.0 * ratio + 1.0);
            let [by_bid, by_reviewer] = direction;
            let target = Ratios {
                bid: moved(at.ratios.bid, by_bid),
                reviewer: moved(at.ratios.reviewer, by_reviewer),
            };
            let there = look(target)?;
            if gain(&at, &there) >= 0.0 {
                better = Some(there);
                break;
            }
            length *= 0.5;
        }
        match better {
            Some(there) if there.ratios != at.ratios => {
                let learned = if step < AVERAGED_STEPS { None } else { secant(curvature, &at, &there) };
                curvature = learned.unwrap_or(there.information);
                at = there;
            }
            // No step however short goes up. That is the end where the whole step promised no more than rounding hides;
            // otherwise slope and likelihood contradict each other, and this is no maximum.
            _ => {
                let promised = 0.5 * dot(&promising(&at, direction), &at.slope);
                let hidden = ROUNDING * (1.0 + at.log_likelihood.unwrap_or_default().abs());
                return Ok(End { steps: step, is_settled: promised <= hidden, look: at });
            }
        }
    }
    Ok(End { steps: STEPS, look: at, is_settled: false })
}

/// What of a step the bounds allow.
fn promising(at: &Look, direction: [f64; 2]) -> [f64; 2] {
    let allowed = |ratio: f64, size: f64| (ratio + size).max(0.0) - ratio;
    let [bid, reviewer] = direction;
    [allowed(at.ratios.bid, bid), allowed(at.ratios.reviewer, reviewer)]
}

/// By how much the likelihood grew. Where the difference drowns in its own rounding, and where the likelihood is not known,
/// by the slopes at both ends.
fn gain(from: &Look, to: &Look) -> f64 {
    if let (Some(before), Some(after)) = (from.log_likelihood, to.log_likelihood)
        && (after - before).abs() > ROUNDING * (1.0 + before.abs())
    {
        return after - before;
    }
    let step = [to.ratios.bid - from.ratios.bid, to.ratios.reviewer - from.ratios.reviewer];
    0.5 * (dot(&step, &from.slope) + dot(&step, &to.slope))
}

/// What the step taught about the curvature (Broyden, Fletcher, Goldfarb and Shanno's update); `None` where the likelihood
/// bends upwards.
fn secant(curvature: [f64; 3], from: &Look, to: &Look) -> Option<[f64; 3]> {
    let step = [to.ratios.bid - from.ratios.bid, to.ratios.reviewer - from.ratios.reviewer];
    let [before, after] = [from.slope, to.slope];
    let fall = [before[0] - after[0], before[1] - after[1]];
    let [bid, cross, reviewer] = curvature;
    let foreseen = [bid * step[0] + cross * step[1], cross * step[0] + reviewer * step[1]];
    let (seen, planned) = (dot(&step, &fall), dot(&step, &foreseen));
    let updated = |old: f64, left: usize, right: usize| {
        Some(
            old - foreseen.get(left)? * foreseen.get(right)? / planned
                + fall.get(left)? * fall.get(right)? / seen,
        )
    };
    if seen <= 0.0 || planned <= 0.0 {
        return None;
    }
    Some([updated(bid, 0, 0)?, updated(cross, 0, 1)?, updated(reviewer, 1, 1)?])
}

/// Slope over curvature, a component at 0 that wants to be negative held there.
fn direction(at: &Look, curvature: [f64; 3]) -> [f64; 2] {
    let [slope_bid, slope_reviewer] = at.slope;
    let [bid, cross, reviewer] = curvature;
    let alone = |slope: f64, own: f64| if own > 0.0 { slope / own } else { slope };
    let hold_bid = at.ratios.bid <= 0.0 && slope_bid <= 0.0;
    let hold_reviewer = at.ratios.reviewer <= 0.0 && slope_reviewer <= 0.0;
    match (hold_bid, hold_reviewer) {
        (true, true) => [0.0, 0.0],
        (true, false) => [0.0, alone(slope_reviewer, reviewer)],
        (false, true) => [alone(slope_bid, bid), 0.0],
        (false, false) => {
            let determinant = bid * reviewer - cross * cross;
            if determinant <= 1e-12 * bid * reviewer {
                return [alone(slope_bid, bid), alone(slope_reviewer, reviewer)];
            }
            let by_bid = (reviewer * slope_bid - cross * slope_reviewer) / determinant;
            let by_reviewer = (bid * slope_reviewer - cross * slope_bid) / determinant;
            if at.ratios.bid <= 0.0 && by_bid < 0.0 {
                [0.0, alone(slope_reviewer, reviewer)]
            } else if at.ratios.reviewer <= 0.0 && by_reviewer < 0.0 {
                [alone(slope_bid, bid), 0.0]
            } else {
                [by_bid, by_reviewer]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A likelihood in the bids' ratio alone.
    fn one_way(
        height: impl Fn(f64) -> f64,
        slope: impl Fn(f64) -> f64,
    ) -> impl Fn(Ratios) -> Result<Look, Undefined> {
        move |ratios| {
            let at = ratios.bid;
            Ok(Look {
                ratios,
                mean: 0.0,
                var_residual: 1.0,
                log_likelihood: Some(height(at)),
                slope: [slope(at), -1.0],
                information: [1.0, 0.0, 1.0],
            })
        }
    }

    const START: Ratios = Ratios { bid: 1.0, reviewer: 0.0 };

    #[test]
    fn a_slope_that_the_likelihood_contradicts_is_no_maximum() {
        // Every step upwards falls off a cliff, however short it is.
        let cliff = one_way(|at| if at > 1.0 { -2.0 } else { -1.0 }, |_| 1.0);
        let end = ascend(&cliff, cliff(START).unwrap(), SETTLED).unwrap();
        assert!(!end.is_settled && end.steps == 0);
        let refused = climb(&cliff, cliff(START).unwrap(), SETTLED, false);
        assert_eq!(refused.err(), Some(Undefined::NotConverged { steps: 0 }));
    }

    #[test]
    fn a_slope_that_rounding_hides_is_an_end() {
        // What the step promises, a half of the slope's square, is less than the last digits of the likelihood.
        let flat = one_way(|at| if at > 1.0 { -2.0 } else { -1.0 }, |_| 1e-5);
        let end = climb(&flat, flat(START).unwrap(), SETTLED, false).unwrap();
        assert_eq!((end.steps, end.look.ratios), (0, START));
    }

    #[test]
    fn the_higher_of_two_summits_counts_and_a_step_too_many_is_told() {
        // Summits at 0 and, higher, at 50; a valley at 20.
        let slope = |at: f64| -1e-4 * at * (at - 20.0) * (at - 50.0) - if at <= 0.0 { 1e-3 } else { 0.0 };
        let height = |at: f64| {
            let antiderivative = at.powi(4) / 4.0 - 70.0 * at.powi(3) / 3.0 + 500.0 * at * at;
            -1e-4 * antiderivative
        };
        let two = one_way(height, slope);
        let far = two(Ratios { bid: 60.0, reviewer: 0.0 }).unwrap();
        assert!(height(50.0) > height(0.0));
        let near = two(Ratios { bid: 1.0, reviewer: 0.0 }).unwrap();
        assert!(climb(&two, near, SETTLED, false).unwrap().look.ratios.bid < 1e-6);
        let near = two(Ratios { bid: 1.0, reviewer: 0.0 }).unwrap();
        assert!((climb(&two, near, SETTLED, true).unwrap().look.ratios.bid - 50.0).abs() < 1e-6);
        assert!((climb(&two, far, SETTLED, true).unwrap().look.ratios.bid - 50.0).abs() < 1e-6);
        // A likelihood without an upper end is never settled.
        let endless = one_way(|at| at, |_| 1.0);
        let end = ascend(&endless, endless(START).unwrap(), SETTLED).unwrap();
        assert!(!end.is_settled && end.steps == STEPS);
    }
}

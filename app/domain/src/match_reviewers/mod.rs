//! Who reviews what: so many reviewers for each bid, no expert above its cap, no forbidden pair, every pin kept.
//!
//! Among all matchings that keep these, in this order: the fewest empty places, the greatest total fit, the most even
//! load (least sum of squared loads). The three are exact; between matchings equal in all of them the choice is the same
//! on every machine and depends on nothing but the positions of bids and experts.
//!
//! Method: network simplex on the most promising pairs (`network`, `tree`), prices put to all pairs (`candidates`),
//! exchanges at equal fit (`even`), and a check of the result against a bound computed anew from every pair (`proof`).
//! Deliberately absent: what fit means, conflicts of interest, names, threads, chance.

mod candidates;
mod even;
mod network;
mod proof;
mod request;
mod shortage;
mod tree;

use serde::{Deserialize, Serialize};

use candidates::Solution;
use request::Problem;
pub use request::{MAX_FIT, MAX_PAIRS, Request, RequestFault, StandBy, StandByPlaces};
pub use shortage::Shortage;

/// Who reviews what, and how sure it is that nothing better exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matching {
    /// The experts of each bid, pins included, ascending.
    pub assigned: Vec<Vec<u32>>,
    /// The sum of the fits of all assigned pairs, pins included.
    pub total_fit: i64,
    /// Reviews of each expert, pins included.
    pub loads: Vec<u32>,
    /// Bids with empty places, ascending: no matching has fewer empty places in all.
    pub missing: Vec<Missing>,
    /// Why they stay empty; `wanted - places` of all groups add up to all empty places.
    pub shortages: Vec<Shortage>,
    pub proof: Proof,
    /// The experts who stand by for each bid, ascending; none of them is assigned to it.
    pub stand_by: Vec<Vec<u32>>,
    pub stand_by_missing: Vec<Missing>,
}

/// Empty places of a bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    pub bid: u32,
    pub slots: u32,
}

/// What anybody can check a matching by without solving anything. With `dear` the cost of an empty place, `p` the
/// prices and `v` the values, no choice of pairs (pins apart, which add their fit to every choice) has a total fit, less
/// `dear` for each empty place, above `sum cap p + sum (need v + sum max(0, fit - p - v))`, the inner sum over the
/// pairs of a bid that are neither forbidden nor pinned (Ahuja, Magnanti and Orlin 1993, ch. 9.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// True when that bound was recomputed from every pair and equals what the matching has. False only if the search
    /// was stopped by its bound of steps; the matching is sound even then, and its missing places and load are as good
    /// as was found.
    pub is_optimal: bool,
    /// The greatest total fit, pins included, of any matching with as few empty places; none when there is no proof.
    pub greatest_fit: Option<i64>,
    /// Per expert what one more place would add, in fit; 0 where places are left, `2 dear` where there is none to give.
    pub prices: Vec<i64>,
    /// Per bid what its last place adds, in fit, after the price of the expert; `-dear` where places stay empty, `dear`
    /// where none is needed beyond the pins.
    pub values: Vec<i64>,
    pub dear: i64,
}

/// Matches reviewers to bids.
///
/// Work grows with bids x experts for looking at every pair a few times, and in practice little faster than the number
/// of bids for the rest; the memory is about twice the request's.
///
/// # Errors
/// Every [`RequestFault`] of the request: pins that are forbidden, twice there, over a cap or more than needed, fits
/// missing or out of range, positions that do not exist, more than [`MAX_PAIRS`] pairs.
pub fn match_reviewers(request: &Request) -> Result<Matching, Vec<RequestFault>> {
    let mut problem = request.problem()?;
    let solution = solve(&problem);
    let missing = missing(&problem, &solution.assigned);
    let empty = missing.iter().map(|missing| u64::from(missing.slots)).sum();
    let found = fit_of(request, &solution.assigned);
    let bound = proof::bound(&problem, &solution, empty).filter(|_| solution.is_settled);
    let is_optimal = bound == Some(found);
    let shortages =
        if empty > 0 && is_optimal { shortage::shortages(&problem, &solution.assigned) } else { Vec::new() };
    let mut assigned = solution.assigned;
    for &(bid, expert) in &request.pinned {
        if let Some(experts) = assigned.get_mut(bid as usize) {
            experts.push(expert);
            experts.sort_unstable();
        }
    }
    let total_fit = fit_of(request, &assigned);
    let proof = Proof {
        is_optimal,
        greatest_fit: bound.map(|bound| bound + total_fit - found),
        prices: solution.prices,
        values: solution.values,
        dear: problem.dear(),
    };
    let loads = loads(request.caps.len(), &assigned);
    let (stand_by, stand_by_missing) = if request.stand_by.per_bid == 0 {
        (vec![Vec::new(); assigned.len()], Vec::new())
    } else {
        stand_by(request, &mut problem, &assigned, &loads)
    };
    Ok(Matching { assigned, total_fit, loads, missing, shortages, proof, stand_by, stand_by_missing })
}

fn solve(problem: &Problem) -> Solution {
    let mut solution = candidates::solve(problem);
    if solution.is_settled {
        even::even_out(problem, &mut solution);
    }
    solution
}

fn stand_by(
    request: &Request,
    problem: &mut Problem,
    assigned: &[Vec<u32>],
    loads: &[u32],
) -> (Vec<Vec<u32>>, Vec<Missing>) {
    for (bid, experts) in (0..).zip(assigned) {
        for &expert in experts {
            problem.forbid(bid, expert);
        }
    }
    // Who needs nobody needs nobody to stand by.
    let per_bid = |needs: &u32| if *needs > 0 { request.stand_by.per_bid } else { 0 };
    problem.needs = request.needs.iter().map(per_bid).collect();
    problem.base = loads.to_vec();
    problem.caps = request.caps.iter().zip(loads).map(|(&cap, &load)| places(request, cap, load)).collect();
    let solution = solve(problem);
    let missing = missing(problem, &solution.assigned);
    (solution.assigned, missing)
}

fn places(request: &Request, cap: u32, load: u32) -> u32 {
    match request.stand_by.places {
        StandByPlaces::Spare => cap.saturating_sub(load),
        StandByPlaces::Each(places) if cap > 0 => places,
        StandByPlaces::Each(_) => 0,
    }
}

fn missing(problem: &Problem, assigned: &[Vec<u32>]) -> Vec<Missing> {
    let open = (0..).zip(problem.needs.iter().zip(assigned));
    open.map(|(bid, (&need, experts))| Missing { bid, slots: need.saturating_sub(experts.len() as u32) })
        .filter(|missing| missing.slots > 0)
        .collect()
}

fn fit_of(request: &Request, assigned: &[Vec<u32>]) -> i64 {
    let experts = request.caps.len();
    let pairs = assigned.iter().enumerate().flat_map(|(bid, list)| list.iter().map(move |&one| (bid, one)));
    pairs
        .filter_map(|(bid, expert)| request.fit.get(bid * experts + expert as usize))
        .map(|&fit| i64::from(fit))
        .sum()
}

fn loads(experts: usize, assigned: &[Vec<u32>]) -> Vec<u32> {
    let mut loads = vec![0; experts];
    for &expert in assigned.iter().flatten() {
        if let Some(load) = loads.get_mut(expert as usize) {
            *load += 1;
        }
    }
    loads
}

//! What is asked for, and what makes no sense to ask. Deliberately absent: conflicts of interest (`panel` finds them;
//! here they arrive as forbidden pairs).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// The greatest fit of a pair.
pub const MAX_FIT: i32 = 1_000_000;
/// The greatest number of pairs of a bid and an expert. So many fits take 2 GiB; thirteen times 20,000 bids and 2,000 experts.
pub const MAX_PAIRS: usize = 1 << 29;

/// Who could review what. Bids and experts are positions from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Reviews that each bid needs.
    pub needs: Vec<u32>,
    /// Reviews that each expert takes at most.
    pub caps: Vec<u32>,
    /// How well each expert fits each bid, 0 to [`MAX_FIT`], the experts of the first bid first.
    pub fit: Vec<i32>,
    /// Pairs (bid, expert) that must not be; naming one twice changes nothing.
    pub forbidden: Vec<(u32, u32)>,
    /// Pairs (bid, expert) that are decided already.
    pub pinned: Vec<(u32, u32)>,
    pub stand_by: StandBy,
}

/// Reviewers who step in. They are matched after the main matching is fixed and never change it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandBy {
    /// Further reviewers for each bid.
    pub per_bid: u32,
    pub places: StandByPlaces,
}

/// For how many bids an expert stands by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandByPlaces {
    /// As many as the main matching left free under the expert's cap: called in for all of them, nobody exceeds it.
    #[default]
    Spare,
    /// This many whatever the load, for standing by is rarely called on. An expert whose cap is 0 still never stands by.
    Each(u32),
}

/// What is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "fault")]
#[error("{self:?}")]
pub enum RequestFault {
    TooManyPairs { bids: usize, experts: usize },
    FitsMissing { have: usize, need: usize },
    FitOutside { bid: u32, expert: u32, fit: i32 },
    ForbiddenUnknown { bid: u32, expert: u32 },
    PinUnknown { bid: u32, expert: u32 },
    PinForbidden { bid: u32, expert: u32 },
    PinTwice { bid: u32, expert: u32 },
    PinsOverCap { expert: u32, cap: u32, pins: u32 },
    PinsOverNeed { bid: u32, need: u32, pins: u32 },
}

/// A request without its pins: they are out of the needs and caps, in the load, and not to be matched again.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub(super) needs: Vec<u32>,
    pub(super) caps: Vec<u32>,
    /// Load that is there before.
    pub(super) base: Vec<u32>,
    /// As in the request, -1 where a pair must not be.
    pub(super) fit: Vec<i32>,
    /// How often a pair may be chosen: once, or more where a bid stands for several.
    pub(super) per_pair: u32,
    pub(super) greatest_fit: i32,
}

impl Problem {
    pub(super) fn row(&self, bid: usize) -> &[i32] {
        let experts = self.caps.len();
        self.fit.get(bid * experts..(bid + 1) * experts).unwrap_or_default()
    }

    pub(super) fn forbid(&mut self, bid: u32, expert: u32) {
        let at = bid as usize * self.caps.len() + expert as usize;
        if let Some(fit) = self.fit.get_mut(at) {
            *fit = -1;
        }
    }

    /// What an empty place costs: more than any chain of exchanges can win or lose. A chain that fills a place gives up
    /// at most one pair per expert, each at most the greatest fit. With at most [`MAX_PAIRS`] pairs the smaller side is below
    /// 2^15 and this below 2^35, so that prices (one such cost and one chain each way) stay far below 2^63.
    pub(super) fn dear(&self) -> i64 {
        let longest = self.needs.len().min(self.caps.len()) as i64 + 2;
        longest * i64::from(self.greatest_fit) + 1
    }
}

impl Request {
    /// The request as a problem.
    ///
    /// # Errors
    /// Every fault there is, in the order of the request's fields; those of the pins need the others to be sound.
    pub(super) fn problem(&self) -> Result<Problem, Vec<RequestFault>> {
        let (bids, experts) = (self.needs.len(), self.caps.len());
        let pairs = bids.checked_mul(experts).filter(|&pairs| pairs <= MAX_PAIRS);
        if pairs.is_none() || bids > MAX_PAIRS || experts > MAX_PAIRS {
            return Err(vec![RequestFault::TooManyPairs { bids, experts }]);
        }
        let need = bids * experts;
        if self.fit.len() != need {
            return Err(vec![RequestFault::FitsMissing { have: self.fit.len(), need }]);
        }
        let outside = self.fit.iter().enumerate().filter(|(_, fit)| !(0..=MAX_FIT).contains(*fit));
        let mut faults: Vec<RequestFault> = outside
            .map(|(at, &fit)| RequestFault::FitOutside {
                bid: (at / experts) as u32,
                expert: (at % experts) as u32,
                fit,
            })
            .collect();
        let is_known = |bid: u32, expert: u32| (bid as usize) < bids && (expert as usize) < experts;
        let unknown = self.forbidden.iter().filter(|(bid, expert)| !is_known(*bid, *expert));
        faults.extend(unknown.map(|&(bid, expert)| RequestFault::ForbiddenUnknown { bid, expert }));
        let unknown = self.pinned.iter().filter(|(bid, expert)| !is_known(*bid, *expert));
        faults.extend(unknown.map(|&(bid, expert)| RequestFault::PinUnknown { bid, expert }));
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut problem = Problem {
            needs: self.needs.clone(),
            caps: self.caps.clone(),
            base: vec![0; experts],
            fit: self.fit.clone(),
            per_pair: 1,
            greatest_fit: self.fit.iter().copied().max().unwrap_or(0),
        };
        for &(bid, expert) in &self.forbidden {
            problem.forbid(bid, expert);
        }
        self.pin(&mut problem)?;
        Ok(problem)
    }

    fn pin(&self, problem: &mut Problem) -> Result<(), Vec<RequestFault>> {
        let mut faults = Vec::new();
        let mut seen = BTreeSet::new();
        let mut of_bid = vec![0u32; self.needs.len()];
        for &(bid, expert) in &self.pinned {
            if !seen.insert((bid, expert)) {
                faults.push(RequestFault::PinTwice { bid, expert });
                continue;
            }
            if problem.row(bid as usize).get(expert as usize).is_some_and(|&fit| fit < 0) {
                faults.push(RequestFault::PinForbidden { bid, expert });
            }
            for count in of_bid.get_mut(bid as usize).into_iter().chain(problem.base.get_mut(expert as usize))
            {
                *count += 1;
            }
        }
        for (bid, (need, &pins)) in (0..).zip(problem.needs.iter_mut().zip(&of_bid)) {
            match need.checked_sub(pins) {
                Some(open) => *need = open,
                None => faults.push(RequestFault::PinsOverNeed { bid, need: *need, pins }),
            }
        }
        for (expert, (cap, &pins)) in (0..).zip(problem.caps.iter_mut().zip(&problem.base)) {
            match cap.checked_sub(pins) {
                Some(open) => *cap = open,
                None => faults.push(RequestFault::PinsOverCap { expert, cap: *cap, pins }),
            }
        }
        for (bid, expert) in seen {
            problem.forbid(bid, expert);
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

//! The tie chain. Deliberately absent: chance; the draw is a hash that anyone can recompute.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Sheet;
use super::combine::{Combined, sheet_weight};
use crate::id::{BidId, PersonId};
use crate::rule::{Rubric, TieBreak};

/// What the chain may look at.
#[derive(Clone, Debug)]
pub(super) struct TieFacts {
    pub(super) bid: BidId,
    pub(super) combined: Option<Combined>,
    pub(super) first_places: u32,
    draw: [u8; 32],
}

impl TieFacts {
    /// The lot of a bid is SHA-256 of the seed followed by the sixteen bytes of its id; the lowest is drawn first.
    pub(super) fn new(bid: BidId, combined: Option<Combined>, first_places: u32, seed: &[u8]) -> Self {
        let draw = Sha256::new().chain_update(seed).chain_update(bid.0.as_bytes()).finalize().into();
        Self { bid, combined, first_places, draw }
    }
}

/// How two bids with the same total stand to each other.
pub(super) struct Verdict {
    pub(super) order: Ordering,
    /// Position in the chain of the link that decided; the length of the chain for the draw that is always behind it.
    pub(super) link: usize,
}

/// Goes down the chain until a link separates the two. A criterion that this rubric does not have separates nothing
/// (a gate may have a rubric of its own); an unfinished chain ends in the draw all the same, so the order is total.
pub(super) fn compare(rubric: &Rubric, chain: &[TieBreak], left: &TieFacts, right: &TieFacts) -> Verdict {
    for (link, by) in chain.iter().enumerate() {
        let order = match by {
            TieBreak::Criterion { key } => by_criterion(rubric, key, left, right),
            TieBreak::FirstPlaces => right.first_places.cmp(&left.first_places),
            TieBreak::SealedEarlier => Ordering::Equal,
            TieBreak::Draw => by_draw(left, right),
        };
        if order != Ordering::Equal {
            return Verdict { order, link };
        }
    }
    Verdict { order: by_draw(left, right), link: chain.len() }
}

fn by_criterion(rubric: &Rubric, key: &str, left: &TieFacts, right: &TieFacts) -> Ordering {
    let index = rubric.criteria.iter().position(|criterion| criterion.key == key);
    match (index, &left.combined, &right.combined) {
        (Some(index), Some(left), Some(right)) => right.compare(left, index),
        _ => Ordering::Equal,
    }
}

fn by_draw(left: &TieFacts, right: &TieFacts) -> Ordering {
    (left.draw, left.bid).cmp(&(right.draw, right.bid))
}

/// For each bid, how many experts gave it the highest or joint highest weighted total among the bids they scored.
pub(super) fn first_places(rubric: &Rubric, sheets: &[Sheet]) -> BTreeMap<BidId, u32> {
    let mut best: BTreeMap<PersonId, (i128, Vec<BidId>)> = BTreeMap::new();
    for sheet in sheets {
        let total = sheet_weight(rubric, &sheet.scores_milli);
        let (highest, bids) = best.entry(sheet.reviewer).or_insert((total, Vec::new()));
        match total.cmp(highest) {
            Ordering::Greater => (*highest, *bids) = (total, vec![sheet.bid]),
            Ordering::Equal => bids.push(sheet.bid),
            Ordering::Less => {}
        }
    }
    let mut count = BTreeMap::new();
    for bid in best.into_values().flat_map(|(_, bids)| bids) {
        *count.entry(bid).or_insert(0) += 1;
    }
    count
}

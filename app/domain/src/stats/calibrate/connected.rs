//! Which bids and reviewers are joined by scores. Offsets can only be compared within such a group.

use super::super::{Island, Panel};

/// Disjoint sets of reviewers; a bid belongs to the set of any of its reviewers.
pub(super) struct Links {
    parent: Vec<u32>,
}

impl Links {
    pub(super) fn of(panel: &Panel) -> Self {
        let mut links = Self { parent: (0u32..).take(panel.reviewers()).collect() };
        for bid in 0..panel.bids() {
            let (reviewers, _) = panel.of_bid(bid);
            let Some((&first, others)) = reviewers.split_first() else { continue };
            let mut root = links.root(first);
            for &other in others {
                let other = links.root(other);
                // The lower position stays the root, so that the outcome does not depend on the order of the bids.
                let (low, high) = (root.min(other), root.max(other));
                if let Some(parent) = links.parent.get_mut(high as usize) {
                    *parent = low;
                }
                root = low;
            }
        }
        links
    }

    /// The set a reviewer is in, named by its lowest member.
    pub(super) fn root(&mut self, reviewer: u32) -> u32 {
        let mut at = reviewer;
        loop {
            let parent = self.parent.get(at as usize).copied().unwrap_or(at);
            if parent == at {
                return at;
            }
            let above = self.parent.get(parent as usize).copied().unwrap_or(parent);
            if let Some(place) = self.parent.get_mut(at as usize) {
                *place = above;
            }
            at = above;
        }
    }

    /// Every reviewer's set.
    pub(super) fn roots(&mut self) -> Vec<u32> {
        (0u32..).take(self.parent.len()).map(|reviewer| self.root(reviewer)).collect()
    }
}

/// The groups of bids and reviewers that scores join, found with disjoint sets in nearly linear time.
///
/// Every bid and every reviewer is named exactly once, ascending within an island; islands follow their lowest bid. A bid
/// without scores and a reviewer without bids are islands of their own. One island means that all can be compared; with
/// `c` islands the additive model lacks `c - 1` comparisons (its rank deficiency beyond the common constant).
///
/// Source: connectedness of the two-way layout, Searle (1971), Linear Models, ch. 7.
pub fn islands(panel: &Panel) -> Vec<Island> {
    let mut links = Links::of(panel);
    let mut island_of_root: Vec<Option<usize>> = vec![None; panel.reviewers()];
    let mut islands: Vec<Island> = Vec::new();
    for bid in 0..panel.bids() {
        let (reviewers, _) = panel.of_bid(bid);
        let root = reviewers.first().map(|&reviewer| links.root(reviewer) as usize);
        let known = root.and_then(|root| island_of_root.get(root).copied().flatten());
        if let Some(island) = known.and_then(|known| islands.get_mut(known)) {
            island.bids.push(bid);
            continue;
        }
        if let Some(place) = root.and_then(|root| island_of_root.get_mut(root)) {
            *place = Some(islands.len());
        }
        islands.push(Island { bids: vec![bid], reviewers: Vec::new() });
    }
    for (reviewer, root) in links.roots().into_iter().enumerate() {
        let known = island_of_root.get(root as usize).copied().flatten();
        match known.and_then(|known| islands.get_mut(known)) {
            Some(island) => island.reviewers.push(reviewer),
            None => islands.push(Island { bids: Vec::new(), reviewers: vec![reviewer] }),
        }
    }
    islands
}

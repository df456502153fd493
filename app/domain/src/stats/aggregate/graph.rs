//! Who beats whom: whether a finite worth exists for everybody (Ford 1957: only if no group of items wins or loses all
//! its comparisons with the others).

/// Arrows from winner to loser.
pub(super) struct Beats {
    losers: Vec<Vec<usize>>,
    winners: Vec<Vec<usize>>,
}

impl Beats {
    pub(super) fn new(items: usize) -> Self {
        Self { losers: vec![Vec::new(); items], winners: vec![Vec::new(); items] }
    }

    /// Positions beyond the items are ignored.
    pub(super) fn add(&mut self, winner: usize, loser: usize) {
        if winner == loser || loser >= self.losers.len() {
            return;
        }
        if let Some(losers) = self.losers.get_mut(winner) {
            losers.push(loser);
            if let Some(winners) = self.winners.get_mut(loser) {
                winners.push(winner);
            }
        }
    }

    /// Items that arrows join in any direction, each group ascending, groups by their first item.
    pub(super) fn groups(&self) -> Vec<Vec<usize>> {
        let mut is_seen = vec![false; self.losers.len()];
        let mut groups = Vec::new();
        for start in 0..self.losers.len() {
            if is_seen.get(start).is_some_and(|seen| !seen) {
                let mut group = reach(start, &[&self.losers, &self.winners], &mut is_seen);
                group.sort_unstable();
                groups.push(group);
            }
        }
        groups
    }

    /// Whether every item is reached from every other along the arrows.
    pub(super) fn is_strong(&self) -> bool {
        let items = self.losers.len();
        [&self.losers, &self.winners].into_iter().all(|arrows| {
            let mut is_seen = vec![false; items];
            items == 0 || reach(0, &[arrows], &mut is_seen).len() == items
        })
    }
}

/// Everything reached from `start`, itself included.
fn reach(start: usize, arrows: &[&Vec<Vec<usize>>], is_seen: &mut [bool]) -> Vec<usize> {
    let mut reached = vec![start];
    if let Some(seen) = is_seen.get_mut(start) {
        *seen = true;
    }
    let mut next = 0;
    while let Some(&item) = reached.get(next) {
        next += 1;
        for &neighbour in arrows.iter().filter_map(|lists| lists.get(item)).flatten() {
            if let Some(seen @ false) = is_seen.get_mut(neighbour) {
                *seen = true;
                reached.push(neighbour);
            }
        }
    }
    reached
}

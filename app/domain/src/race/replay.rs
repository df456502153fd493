//! A race computed again from the score tables of its gates. Deliberately absent: who left between two gates; whoever is an
//! entrant of a gate takes part in it.

use std::collections::{BTreeMap, BTreeSet};

use super::{GateLine, GateOutcome, RacingTeam, decide_gate};
use crate::id::BidId;
use crate::rule::Rule;
use crate::score::{DrawnRanking, Entrant, Outcome, ScoreProblem, Sheet, rank_with_draws};

/// What one gate was decided by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateTable {
    pub sheets: Vec<Sheet>,
    pub entrants: Vec<Entrant>,
}

/// One gate, decided.
#[derive(Clone, Debug)]
pub struct ReplayedGate {
    /// By the scores of this gate alone.
    pub ranked: DrawnRanking,
    /// By the points of all gates so far; only teams that every gate so far scored.
    pub lines: Vec<GateLine>,
}

/// All gates so far.
#[derive(Clone, Debug)]
pub struct Replay {
    /// In their order; the last is the one in question.
    pub gates: Vec<ReplayedGate>,
    /// One total for each gate that scored the team without a gap, from the first on.
    pub totals_milli: BTreeMap<BidId, Vec<i64>>,
    /// Entrants of the last gate that a gate did not score, with its number. While there are any, the last gate has no
    /// lines: who goes on cannot be told.
    pub unscored: Vec<(BidId, u32)>,
}

impl Replay {
    /// Decides gate after gate. `seed` is that of the last of these gates; the seeds before follow from it, see
    /// [`Rule::seed_before`]. Without one, equal standings fall in an order that means nothing.
    ///
    /// # Errors
    /// The first gate whose scores do not fit the rule, with its number.
    pub fn of(rule: &Rule, tables: &[GateTable], seed: Option<&[u8]>) -> Result<Self, (u32, ScoreProblem)> {
        let mut race = Self { gates: Vec::new(), totals_milli: BTreeMap::new(), unscored: Vec::new() };
        let last = u32::try_from(tables.len()).unwrap_or(u32::MAX);
        for (gate, table) in (1..=last).zip(tables) {
            let seed = seed.map(|seed| rule.seed_before(last - gate, seed)).unwrap_or_default();
            let ranked = rank_with_draws(rule, gate, &table.sheets, &table.entrants, &seed)
                .map_err(|problem| (gate, problem))?;
            let lines = race.decide(rule, gate, &ranked, gate == last);
            race.gates.push(ReplayedGate { ranked, lines });
        }
        Ok(race)
    }

    fn decide(&mut self, rule: &Rule, gate: u32, ranked: &DrawnRanking, is_last: bool) -> Vec<GateLine> {
        let gates_before = gate.saturating_sub(1) as usize;
        let (mut teams, mut totals) = (Vec::new(), Vec::new());
        for row in &ranked.ranking.rows {
            let earlier = self.totals_milli.get(&row.bid).cloned().unwrap_or_default();
            let missed = if earlier.len() < gates_before {
                earlier.len() + 1
            } else if row.outcome == Outcome::NoSheets {
                gate as usize
            } else {
                totals.push((row.bid, row.total_milli));
                teams.push(RacingTeam { bid: row.bid, earlier_totals_milli: earlier });
                continue;
            };
            if is_last {
                self.unscored.push((row.bid, u32::try_from(missed).unwrap_or(u32::MAX)));
            }
        }
        if !self.unscored.is_empty() {
            return Vec::new();
        }
        for (bid, total_milli) in totals {
            self.totals_milli.entry(bid).or_default().push(total_milli);
        }
        // Every team has its totals, so only a gate that the rule does not have could be refused.
        decide_gate(rule, gate, &teams, &ranked.ranking).unwrap_or_default()
    }

    /// Teams in the last gate that an earlier one had cut, with the number of the first that did.
    pub fn cut_before(&self) -> Vec<(BidId, u32)> {
        let Some((last, before)) = self.gates.split_last() else { return Vec::new() };
        let here: BTreeSet<BidId> = last.lines.iter().map(|line| line.bid).collect();
        let mut cut: BTreeMap<BidId, u32> = BTreeMap::new();
        for (gate, decided) in (1..).zip(before) {
            let out = decided.lines.iter().filter(|line| line.outcome == GateOutcome::Cut);
            for line in out.filter(|line| here.contains(&line.bid)) {
                cut.entry(line.bid).or_insert(gate);
            }
        }
        cut.into_iter().collect()
    }
}

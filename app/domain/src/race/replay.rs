//! A race computed again from the score tables of its gates. Deliberately absent: who left between two gates and why;
//! whoever has sheets at a gate takes part in it.

use std::collections::{BTreeMap, BTreeSet};

use super::{GateLine, GateOutcome, RacingTeam, decide_gate};
use crate::id::BidId;
use crate::rule::Rule;
use crate::score::{DrawnRanking, Entrant, Outcome, ScoreProblem, Sheet, exact_standing, rank_with_draws};
use crate::time::Timestamp;

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
    /// By the points of all gates so far.
    pub lines: Vec<ReplayedLine>,
}

/// A team after a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayedLine {
    /// As it falls by the seed; without one, teams level down to the draw stand in an order that means nothing.
    pub decided: GateLine,
    /// Best and worst place; they differ while a draw is needed.
    pub places: (u32, u32),
    /// `None` while a draw decides it.
    pub outcome: Option<GateOutcome>,
}

/// A team at a gate, and the earlier gate that speaks against its being there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutOfPlace {
    pub bid: BidId,
    /// Where it is.
    pub here: u32,
    /// The other gate.
    pub gate: u32,
}

/// All gates so far.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// In their order; the last is the one in question. Fewer than there are tables when a team is `unscored`.
    pub gates: Vec<ReplayedGate>,
    /// One total for each gate, from the first on, for each team as long as it took part.
    pub totals_milli: BTreeMap<BidId, Vec<i64>>,
    /// Teams with sheets at a gate (`here`) that an earlier one did not score (`gate`), and entrants of the last gate without
    /// sheets there (both are the last). Who goes on from that gate cannot be told; nothing after it is decided.
    pub unscored: Vec<OutOfPlace>,
    /// Teams with sheets at a gate that an earlier one had cut by the rule.
    pub cut_before: Vec<OutOfPlace>,
    /// Teams with another time of sealing at a gate than at an earlier one: a bid is sealed once.
    pub resealed: Vec<OutOfPlace>,
    /// Teams that a gate (`gate`) let go on and that have no sheets at the next (`here`): whether they left cannot be seen.
    pub gone: Vec<OutOfPlace>,
}

impl Replay {
    /// Decides gate after gate. `seed` is that of the last of these gates; the seeds before follow from it, see
    /// [`Rule::seed_before`].
    ///
    /// # Errors
    /// The first gate whose scores do not fit the rule, with its number.
    pub fn of(rule: &Rule, tables: &[GateTable], seed: Option<&[u8]>) -> Result<Self, (u32, ScoreProblem)> {
        let mut race = Self { resealed: resealed(tables), ..Self::default() };
        let last = u32::try_from(tables.len()).unwrap_or(u32::MAX);
        // The first gate that cut a team, known without a draw still to be made.
        let mut cut: BTreeMap<BidId, u32> = BTreeMap::new();
        for (gate, table) in (1..=last).zip(tables) {
            let at_gate = seed.map(|seed| rule.seed_before(last - gate, seed)).unwrap_or_default();
            let ranked = rank_with_draws(rule, gate, &table.sheets, &table.entrants, &at_gate)
                .map_err(|problem| (gate, problem))?;
            let Some(lines) = race.decide(rule, gate, &ranked, gate == last) else { return Ok(race) };
            let lines = race.with_draws(rule, gate, &ranked, lines, seed.is_some());
            let before = race.gates.last().map(|gate| gate.lines.as_slice()).unwrap_or_default();
            race.gone.extend(left_between(before, &lines, gate));
            for line in &lines {
                let bid = line.decided.bid;
                race.cut_before.extend(cut.get(&bid).map(|gate_before| OutOfPlace {
                    bid,
                    here: gate,
                    gate: *gate_before,
                }));
                if line.outcome == Some(GateOutcome::Cut) {
                    cut.entry(bid).or_insert(gate);
                }
            }
            race.gates.push(ReplayedGate { ranked, lines });
        }
        Ok(race)
    }

    /// `None` when a team lacks scores.
    fn decide(
        &mut self,
        rule: &Rule,
        gate: u32,
        ranked: &DrawnRanking,
        is_last: bool,
    ) -> Option<Vec<GateLine>> {
        let gates_before = gate.saturating_sub(1) as usize;
        let (mut teams, mut totals) = (Vec::new(), Vec::new());
        for row in &ranked.ranking.rows {
            let bid = row.bid;
            let earlier = self.totals_milli.get(&bid).cloned().unwrap_or_default();
            let has_sheets = row.outcome != Outcome::NoSheets;
            if earlier.len() < gates_before && (has_sheets || is_last) {
                let missed = u32::try_from(earlier.len() + 1).unwrap_or(u32::MAX);
                self.unscored.push(OutOfPlace { bid, here: gate, gate: missed });
            } else if has_sheets {
                totals.push((bid, row.total_milli));
                teams.push(RacingTeam { bid, earlier_totals_milli: earlier });
            } else if is_last {
                self.unscored.push(OutOfPlace { bid, here: gate, gate });
            }
        }
        if !self.unscored.is_empty() {
            return None;
        }
        for (bid, total_milli) in totals {
            self.totals_milli.entry(bid).or_default().push(total_milli);
        }
        // Every team has its totals, so only a gate that the rule does not have could be refused.
        Some(decide_gate(rule, gate, &teams, &ranked.ranking).unwrap_or_default())
    }

    /// What is open at a gate without a seed: teams next to each other with equal standings that the gate would draw for.
    fn with_draws(
        &self,
        rule: &Rule,
        gate: u32,
        ranked: &DrawnRanking,
        lines: Vec<GateLine>,
        has_seed: bool,
    ) -> Vec<ReplayedLine> {
        let members = ranked.drawn.iter().enumerate().flat_map(|(run, rows)| {
            let rows = ranked.ranking.rows.get(rows.clone()).unwrap_or_default();
            rows.iter().map(move |row| (row.bid, run))
        });
        let run_of: BTreeMap<BidId, usize> = members.collect();
        let gates = rule.gates.iter().take(gate as usize);
        let weights: Vec<u32> = gates.map(|gate| gate.weight_permille).collect();
        // Not the standing that is shown: rounded, it looks equal where the order is not.
        let standing = |bid: &BidId| {
            exact_standing(&weights, self.totals_milli.get(bid).map(Vec::as_slice).unwrap_or_default())
        };
        let is_open = |above: &GateLine, below: &GateLine| {
            let run = run_of.get(&above.bid);
            !has_seed
                && run.is_some()
                && run == run_of.get(&below.bid)
                && standing(&above.bid) == standing(&below.bid)
        };
        let groups = lines.chunk_by(is_open).map(|group| {
            let places =
                group.first().zip(group.last()).map_or((0, 0), |(first, last)| (first.rank, last.rank));
            let on = group.iter().filter(|line| line.outcome != GateOutcome::Cut).count();
            let is_known = on == 0 || on == group.len();
            let line = move |line: &GateLine| ReplayedLine {
                decided: line.clone(),
                places,
                outcome: is_known.then_some(line.outcome),
            };
            group.iter().map(line).collect::<Vec<_>>()
        });
        groups.flatten().collect()
    }
}

/// The first time of sealing that a gate gives for a team, against every other.
fn resealed(tables: &[GateTable]) -> Vec<OutOfPlace> {
    let mut first: BTreeMap<BidId, (u32, Timestamp)> = BTreeMap::new();
    let mut found = Vec::new();
    for (here, table) in (1..).zip(tables) {
        for (bid, at) in table.entrants.iter().filter_map(|one| Some((one.bid, one.sealed_at?))) {
            let (gate, sealed_at) = *first.entry(bid).or_insert((here, at));
            if sealed_at != at {
                found.push(OutOfPlace { bid, here, gate });
            }
        }
    }
    found
}

/// Teams that the gate before `here` let go on and that are not among the lines of `here`.
fn left_between<'a>(
    before: &'a [ReplayedLine],
    lines: &'a [ReplayedLine],
    here: u32,
) -> impl Iterator<Item = OutOfPlace> + 'a {
    let is_here: BTreeSet<BidId> = lines.iter().map(|line| line.decided.bid).collect();
    let went_on = before.iter().filter(|line| line.outcome == Some(GateOutcome::Continue));
    went_on
        .map(|line| line.decided.bid)
        .filter(move |bid| !is_here.contains(bid))
        .map(move |bid| OutOfPlace { bid, here, gate: here - 1 })
}

//! A gate from the second on: the points of all gates so far, and who goes on by them, as the site decides it.
//! Deliberately absent: who left the race between two gates; whoever has scores at this gate takes part.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use app::catalogue::tf;
use app::text::Locale;
use domain::id::BidId;
use domain::race::{GateLine, GateOutcome, RacingTeam, decide_gate};
use domain::rule::Rule;
use domain::score::{DrawnRanking, Outcome, exact_standing};
use serde::Serialize;

use super::binding::{ranked, sorted_names};
use super::scored::Scored;
use crate::cli::ending::Stop;
use crate::cli::files;
use crate::cli::shown::plain;

/// The standings after a gate.
#[derive(Clone, Debug)]
pub struct RaceSoFar {
    /// In the order of the race.
    pub rows: Vec<RaceRow>,
    /// Names of teams that only a draw separates, where there is no seed.
    pub waiting: Vec<Vec<String>>,
    /// Names of those who go on, or of the winner, best first; `None` while a draw decides it.
    pub first: Option<Vec<String>>,
    /// Teams with scores here that an earlier gate had cut, and which gate that was.
    pub cut_before: Vec<(String, u32)>,
    /// Teams that the gate before let go on and that have no scores here, and which gate that was.
    pub gone: Vec<(String, u32)>,
}

/// One team's standing.
#[derive(Clone, Debug, Serialize)]
pub struct RaceRow {
    pub rank: u32,
    /// Differs from `rank` where a draw is still needed: the team lies between the two.
    pub rank_last: u32,
    pub bid: String,
    pub bid_id: BidId,
    /// One per gate so far.
    pub gate_totals_milli: Vec<i64>,
    pub cumulative_milli: i64,
    /// `None` while a draw decides it.
    pub outcome: Option<GateOutcome>,
}

/// Refuses tables of gates that are not all gates before this one; none at all is no fault.
///
/// # Errors
/// [`Stop::Usage`].
pub fn check_earlier(locale: Locale, gate: u32, scores: &Path, earlier: &[PathBuf]) -> Result<(), Stop> {
    if earlier.is_empty() {
        return Ok(());
    }
    let from_input = earlier.iter().map(PathBuf::as_path).chain([scores]);
    if from_input.filter(|path| files::is_standard_input(path)).count() > 1 {
        return Err(Stop::Usage(app::catalogue::t(locale, "tool.both_standard_input").to_owned()));
    }
    let needed = gate.saturating_sub(1);
    if u32::try_from(earlier.len()) == Ok(needed) {
        return Ok(());
    }
    let key = if needed == 0 { "tool.race.none_before" } else { "tool.race.files" };
    let (gate, needed, given) = (gate.to_string(), needed.to_string(), earlier.len().to_string());
    let values = [("gate", gate.as_str()), ("needed", &needed), ("given", &given)];
    Err(Stop::Usage(tf(locale, key, &values)))
}

impl RaceSoFar {
    /// Ranks the tables of the earlier gates, one each in their order, and decides gate after gate. `now` is the ranking
    /// of the gate that `scored` is of.
    ///
    /// # Errors
    /// Faults of those tables; a team without scores at one of the gates.
    pub fn of(
        locale: Locale,
        scored: &Scored,
        now: &DrawnRanking,
        earlier: &[PathBuf],
    ) -> Result<Self, Stop> {
        let mut race =
            Race { locale, rule: &scored.rule, has_drawn: scored.seed.is_some(), totals: BTreeMap::new() };
        let mut cut: BTreeMap<BidId, u32> = BTreeMap::new();
        let mut gone = Vec::new();
        for (path, gate) in earlier.iter().zip(1..) {
            let stage = scored.at_gate(locale, path, gate)?;
            let decided = race.decide(&stage, &ranked(locale, &stage)?, None)?;
            if gate + 1 == scored.gate {
                let names = stage.bid_names();
                let went_on = decided.iter().filter(|line| line.outcome == Some(GateOutcome::Continue));
                let is_here = |bid: BidId| scored.bid_ids.contains(&bid);
                let left = went_on.filter(|line| !is_here(line.decided.bid));
                let name = |line: &Line| names.get(&line.decided.bid).copied().unwrap_or_default().to_owned();
                gone.extend(left.map(|line| (name(line), gate)));
            }
            let is_cut = |line: &&Line| line.outcome == Some(GateOutcome::Cut);
            for line in decided.iter().filter(is_cut) {
                cut.entry(line.decided.bid).or_insert(gate);
            }
        }
        let lines = race.decide(scored, now, Some(earlier))?;
        let names = scored.bid_names();
        let name = |bid: &BidId| names.get(bid).copied().unwrap_or_default().to_owned();
        let goes_on = |line: &&Line| line.decided.outcome != GateOutcome::Cut;
        let first = lines.iter().all(|line| line.outcome.is_some());
        let first = first.then(|| lines.iter().filter(goes_on).map(|line| name(&line.decided.bid)).collect());
        let waiting = lines.chunk_by(|above, below| above.places == below.places);
        let waiting = waiting.filter(|group| group.len() > 1);
        let waiting = waiting.map(|group| sorted_names(&names, group.iter().map(|line| line.decided.bid)));
        let row = |line: &Line| RaceRow {
            rank: line.places.0,
            rank_last: line.places.1,
            bid: name(&line.decided.bid),
            bid_id: line.decided.bid,
            gate_totals_milli: race.totals.get(&line.decided.bid).cloned().unwrap_or_default(),
            cumulative_milli: line.decided.cumulative_milli,
            outcome: line.outcome,
        };
        let cut_before = lines.iter().filter_map(|line| {
            let gate = cut.get(&line.decided.bid)?;
            Some((name(&line.decided.bid), *gate))
        });
        Ok(Self {
            waiting: waiting.collect(),
            first,
            cut_before: cut_before.collect(),
            gone,
            rows: lines.iter().map(row).collect(),
        })
    }
}

/// A team after a gate.
struct Line {
    decided: GateLine,
    /// Best and worst place; they differ while a draw is needed.
    places: (u32, u32),
    /// `None` while a draw decides it.
    outcome: Option<GateOutcome>,
}

struct Race<'a> {
    locale: Locale,
    rule: &'a Rule,
    has_drawn: bool,
    /// By team, one total per gate so far.
    totals: BTreeMap<BidId, Vec<i64>>,
}

impl Race<'_> {
    /// Decides the gate of `stage` and keeps its totals. `tables` are those of the gates before, for saying which of them
    /// lacks a team; `None`: teams that a gate did not score take no part.
    fn decide(
        &mut self,
        stage: &Scored,
        ranked: &DrawnRanking,
        tables: Option<&[PathBuf]>,
    ) -> Result<Vec<Line>, Stop> {
        let gates_before = stage.gate.saturating_sub(1) as usize;
        let names = stage.bid_names();
        let (mut teams, mut totals) = (Vec::new(), Vec::new());
        let mut faults = Vec::new();
        for row in &ranked.ranking.rows {
            let earlier = self.totals.get(&row.bid).cloned().unwrap_or_default();
            let name = || plain(names.get(&row.bid).copied().unwrap_or_default());
            if row.outcome == Outcome::NoSheets {
                if tables.is_some() {
                    let gate = stage.gate.to_string();
                    faults.push(tf(self.locale, "tool.race.unscored", &[("bid", &name()), ("gate", &gate)]));
                }
            } else if earlier.len() == gates_before {
                totals.push((row.bid, row.total_milli));
                teams.push(RacingTeam { bid: row.bid, earlier_totals_milli: earlier });
            } else if let Some(table) = tables.and_then(|tables| tables.get(earlier.len())) {
                let (gate, file) = ((earlier.len() + 1).to_string(), plain(&files::name_of(table)));
                let values = [("bid", name()), ("gate", gate), ("file", file)];
                let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
                faults.push(tf(self.locale, "tool.race.missing", &values));
            }
        }
        if !faults.is_empty() {
            return Err(Stop::Faults(faults));
        }
        for (bid, total_milli) in totals {
            self.totals.entry(bid).or_default().push(total_milli);
        }
        // Nothing is missing, so the gate is decided.
        let lines = decide_gate(self.rule, stage.gate, &teams, &ranked.ranking).unwrap_or_default();
        Ok(self.with_draws(lines, ranked))
    }

    /// What is open without a seed: teams next to each other with equal standings that the gate would draw for.
    fn with_draws(&self, lines: Vec<GateLine>, ranked: &DrawnRanking) -> Vec<Line> {
        let runs = ranked.drawn.iter().enumerate();
        let members = runs.flat_map(|(run, rows)| {
            let rows = ranked.ranking.rows.get(rows.clone()).unwrap_or_default();
            rows.iter().map(move |row| (row.bid, run))
        });
        let run_of: BTreeMap<BidId, usize> = members.collect();
        let weights: Vec<u32> = self.rule.gates.iter().map(|gate| gate.weight_permille).collect();
        // Not the standing that is shown: rounded, it looks equal where the order is not.
        let standing = |bid: &BidId| {
            exact_standing(&weights, self.totals.get(bid).map(Vec::as_slice).unwrap_or_default())
        };
        let is_open = |above: &GateLine, below: &GateLine| {
            let run = run_of.get(&above.bid);
            !self.has_drawn
                && run.is_some()
                && run == run_of.get(&below.bid)
                && standing(&above.bid) == standing(&below.bid)
        };
        let groups = lines.chunk_by(is_open).map(|group| {
            let places =
                group.first().zip(group.last()).map_or((0, 0), |(first, last)| (first.rank, last.rank));
            let on = group.iter().filter(|line| line.outcome != GateOutcome::Cut).count();
            let is_known = on == 0 || on == group.len();
            let line = move |line: &GateLine| Line {
                decided: line.clone(),
                places,
                outcome: is_known.then_some(line.outcome),
            };
            group.iter().map(line).collect::<Vec<_>>()
        });
        groups.flatten().collect()
    }
}

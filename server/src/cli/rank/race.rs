//! A gate from the second on: the points of all gates so far, and who goes on by them, as the site decides it.
//! Deliberately absent: who left the race between two gates; whoever has scores at this gate takes part.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use app::catalogue::tf;
use app::text::Locale;
use domain::id::BidId;
use domain::race::{GateLine, GateOutcome, GateTable, Replay, ReplayedGate};
use domain::score::exact_standing;
use serde::Serialize;

use super::binding::{score_problem, sorted_names};
use super::scored::Scored;
use crate::cli::ending::Stop;
use crate::cli::files;
use crate::cli::shown::plain;

/// The standings after a gate.
#[derive(Clone, Debug)]
pub struct RaceSoFar {
    /// The tables of the gates before, in their order.
    pub before: Vec<Scored>,
    pub replay: Replay,
    /// In the order of the race.
    pub rows: Vec<RaceRow>,
    /// Names of teams that only a draw separates, where there is no seed.
    pub waiting: Vec<Vec<String>>,
    /// Names of those who go on, or of the winner, best first; `None` while a draw decides it.
    pub first: Option<Vec<String>>,
    /// Teams with scores here that an earlier gate had cut, and which gate that was.
    pub cut_before: Vec<TeamAtGate>,
    /// Teams that the gate before let go on and that have no scores here, and which gate that was.
    pub gone: Vec<TeamAtGate>,
}

/// A team by name, and the gate in question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TeamAtGate {
    pub bid: String,
    pub gate: u32,
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

impl TeamAtGate {
    /// What is said of it: `cut_before` or `gone`.
    pub fn words(&self, locale: Locale, why: &str) -> String {
        let (bid, gate) = (plain(&self.bid), self.gate.to_string());
        tf(locale, &format!("tool.race.{why}"), &[("bid", &bid), ("gate", &gate)])
    }
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
    /// Ranks the tables of the earlier gates, one each in their order, and decides gate after gate.
    ///
    /// # Errors
    /// Faults of those tables; a team without scores at one of the gates.
    pub fn of(locale: Locale, scored: &Scored, earlier: &[PathBuf]) -> Result<Self, Stop> {
        let before = earlier.iter().zip(1..).map(|(path, gate)| scored.at_gate(locale, path, gate));
        let before = before.collect::<Result<Vec<_>, _>>()?;
        let stages = || before.iter().chain([scored]);
        let table = |stage: &Scored| GateTable { sheets: stage.sheets(), entrants: stage.entrants() };
        let tables: Vec<GateTable> = stages().map(table).collect();
        let seed = scored.seed.as_ref().map(|seed| seed.bytes.as_slice());
        let replay = Replay::of(&scored.rule, &tables, seed).map_err(|(gate, problem)| {
            let names = stages().find(|stage| stage.gate == gate).map(Scored::bid_names).unwrap_or_default();
            Stop::Faults(vec![score_problem(locale, &problem, &names)])
        })?;
        let faults = unscored(locale, scored, &replay, earlier);
        if !faults.is_empty() {
            return Err(Stop::Faults(faults));
        }
        let decided = stages().zip(&replay.gates).map(|(stage, gate)| with_draws(stage, gate, &replay));
        let mut decided: Vec<Vec<Line>> = decided.collect();
        let lines = decided.pop().unwrap_or_default();
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
            gate_totals_milli: replay.totals_milli.get(&line.decided.bid).cloned().unwrap_or_default(),
            cumulative_milli: line.decided.cumulative_milli,
            outcome: line.outcome,
        };
        Ok(Self {
            waiting: waiting.collect(),
            first,
            rows: lines.iter().map(row).collect(),
            cut_before: cut_before(&decided, &lines, &names),
            gone: gone(scored, &before, decided.last()),
            before,
            replay,
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

/// Teams of this gate that lack scores, each in a sentence.
fn unscored(locale: Locale, scored: &Scored, replay: &Replay, earlier: &[PathBuf]) -> Vec<String> {
    let names = scored.bid_names();
    let said = replay.unscored.iter().map(|(bid, gate)| {
        let bid = plain(names.get(bid).copied().unwrap_or_default());
        let number = gate.to_string();
        match earlier.get((*gate as usize).saturating_sub(1)) {
            None => tf(locale, "tool.race.unscored", &[("bid", &bid), ("gate", &number)]),
            Some(table) => {
                let file = plain(&files::name_of(table));
                tf(locale, "tool.race.missing", &[("bid", &bid), ("gate", &number), ("file", &file)])
            }
        }
    });
    said.collect()
}

/// Teams of this gate that one before had cut, whatever draw is still open.
fn cut_before(before: &[Vec<Line>], lines: &[Line], names: &BTreeMap<BidId, &str>) -> Vec<TeamAtGate> {
    let mut cut: BTreeMap<BidId, u32> = BTreeMap::new();
    for (gate, decided) in (1..).zip(before) {
        for line in decided.iter().filter(|line| line.outcome == Some(GateOutcome::Cut)) {
            cut.entry(line.decided.bid).or_insert(gate);
        }
    }
    let team = |line: &Line| {
        let (bid, gate) = cut.get_key_value(&line.decided.bid)?;
        Some(TeamAtGate { bid: names.get(bid).copied().unwrap_or_default().to_owned(), gate: *gate })
    };
    lines.iter().filter_map(team).collect()
}

/// Teams that the gate before let go on and that have no scores at this one.
fn gone(scored: &Scored, before: &[Scored], decided: Option<&Vec<Line>>) -> Vec<TeamAtGate> {
    let (Some(stage), Some(decided)) = (before.last(), decided) else { return Vec::new() };
    let (names, here) = (stage.bid_names(), scored.bid_names());
    let went_on = decided.iter().filter(|line| line.outcome == Some(GateOutcome::Continue));
    let left = went_on.map(|line| line.decided.bid).filter(|bid| !here.contains_key(bid));
    let team =
        |bid| TeamAtGate { bid: names.get(&bid).copied().unwrap_or_default().to_owned(), gate: stage.gate };
    left.map(team).collect()
}

/// What is open at a gate without a seed: teams next to each other with equal standings that the gate would draw for.
fn with_draws(stage: &Scored, gate: &ReplayedGate, replay: &Replay) -> Vec<Line> {
    let ranked = &gate.ranked;
    let runs = ranked.drawn.iter().enumerate();
    let members = runs.flat_map(|(run, rows)| {
        let rows = ranked.ranking.rows.get(rows.clone()).unwrap_or_default();
        rows.iter().map(move |row| (row.bid, run))
    });
    let run_of: BTreeMap<BidId, usize> = members.collect();
    let weights: Vec<u32> =
        stage.rule.gates.iter().take(stage.gate as usize).map(|gate| gate.weight_permille).collect();
    // Not the standing that is shown: rounded, it looks equal where the order is not.
    let standing = |bid: &BidId| {
        exact_standing(&weights, replay.totals_milli.get(bid).map(Vec::as_slice).unwrap_or_default())
    };
    let is_open = |above: &GateLine, below: &GateLine| {
        let run = run_of.get(&above.bid);
        stage.seed.is_none()
            && run.is_some()
            && run == run_of.get(&below.bid)
            && standing(&above.bid) == standing(&below.bid)
    };
    let groups = gate.lines.chunk_by(is_open).map(|group| {
        let places = group.first().zip(group.last()).map_or((0, 0), |(first, last)| (first.rank, last.rank));
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

//! A gate from the second on: the points of all gates so far, and who goes on by them, as the site decides it.
//! Deliberately absent: who left the race between two gates; whoever has scores at this gate takes part.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use app::catalogue::tf;
use app::text::Locale;
use domain::id::BidId;
use domain::race::{GateOutcome, GateTable, OutOfPlace, Replay, ReplayedLine};
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
    /// Teams with scores at a gate that an earlier one had cut.
    pub cut_before: Vec<TeamOutOfPlace>,
    /// Teams that a gate let go on and that have no scores at the next.
    pub gone: Vec<TeamOutOfPlace>,
}

/// A team by name, where it is or is missing, and the earlier gate in question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TeamOutOfPlace {
    pub bid: String,
    pub here: u32,
    pub gate: u32,
}

impl TeamOutOfPlace {
    /// By name.
    pub fn new(names: &BTreeMap<BidId, &str>, found: OutOfPlace) -> Self {
        let bid = names.get(&found.bid).map_or_else(|| found.bid.to_string(), |name| (*name).to_owned());
        Self { bid, here: found.here, gate: found.gate }
    }

    /// What is said of it under `key`.
    pub fn words(&self, locale: Locale, key: &str) -> String {
        let (bid, here, gate) = (plain(&self.bid), self.here.to_string(), self.gate.to_string());
        tf(locale, key, &[("bid", &bid), ("here", &here), ("gate", &gate)])
    }
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
        let all_names: BTreeMap<BidId, &str> = stages().flat_map(Scored::bid_names).collect();
        let named = |found: &[OutOfPlace]| {
            found.iter().map(|one| TeamOutOfPlace::new(&all_names, *one)).collect::<Vec<_>>()
        };
        let lacking = named(&replay.unscored).into_iter();
        let mut faults: Vec<String> = lacking.map(|team| unscored(locale, &team, &before, earlier)).collect();
        faults.extend(named(&replay.resealed).iter().map(|team| team.words(locale, "tool.race.sealed_at")));
        if !faults.is_empty() {
            return Err(Stop::Faults(faults));
        }
        let lines = replay.gates.last().map(|gate| gate.lines.as_slice()).unwrap_or_default();
        let name = |bid: &BidId| all_names.get(bid).copied().unwrap_or_default().to_owned();
        let goes_on = |line: &&ReplayedLine| line.decided.outcome != GateOutcome::Cut;
        // A draw that an earlier gate still waits for may cut a team of this one.
        let all_lines = || replay.gates.iter().flat_map(|gate| &gate.lines);
        let is_known = replay.cut_before.is_empty() && all_lines().all(|line| line.outcome.is_some());
        let first =
            is_known.then(|| lines.iter().filter(goes_on).map(|line| name(&line.decided.bid)).collect());
        let last = replay.gates.len().saturating_sub(1);
        let groups = replay.gates.iter().enumerate().flat_map(|(at, gate)| {
            let groups = gate.lines.chunk_by(|above, below| above.places == below.places);
            let is_open =
                move |group: &&[ReplayedLine]| at == last || group.iter().any(|line| line.outcome.is_none());
            groups.filter(is_open)
        });
        let waiting = groups.filter(|group| group.len() > 1);
        let waiting =
            waiting.map(|group| sorted_names(&all_names, group.iter().map(|line| line.decided.bid)));
        let row = |line: &ReplayedLine| RaceRow {
            rank: line.places.0,
            rank_last: line.places.1,
            bid: name(&line.decided.bid),
            bid_id: line.decided.bid,
            gate_totals_milli: replay.totals_milli.get(&line.decided.bid).cloned().unwrap_or_default(),
            cumulative_milli: line.decided.cumulative_milli,
            outcome: line.outcome,
        };
        let (waiting, rows) = (waiting.collect(), lines.iter().map(row).collect());
        let (cut_before, gone) = (named(&replay.cut_before), named(&replay.gone));
        Ok(Self { waiting, first, rows, cut_before, gone, before, replay })
    }
}

/// A team that a gate did not score, and in which table it is missing.
fn unscored(locale: Locale, team: &TeamOutOfPlace, before: &[Scored], earlier: &[PathBuf]) -> String {
    if team.gate == team.here {
        return team.words(locale, "tool.race.unscored");
    }
    let stage = before.get((team.gate as usize).saturating_sub(1));
    if stage.is_some_and(|stage| stage.table.bids.iter().any(|bid| bid.name == team.bid)) {
        return team.words(locale, "tool.race.other_id");
    }
    let table = earlier.get((team.gate as usize).saturating_sub(1));
    let file = table.map(|table| files::name_of(table)).unwrap_or_default();
    [plain(&file), team.words(locale, "tool.race.missing")].join(app::catalogue::t(locale, "common.colon"))
}

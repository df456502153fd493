//! The binding ranking with names, and what is still open where a draw is needed and no seed was given.
//! Deliberately absent: every advisory figure.

use std::collections::BTreeMap;
use std::path::PathBuf;

use app::catalogue::{t, tf};
use app::text::Locale;
use domain::id::BidId;
use domain::rule::TieBreak;
use domain::score::{DrawnRanking, Outcome, RankedBid, Ranking, ScoreProblem, rank_with_draws, winners};
use serde::Serialize;

use super::race::RaceSoFar;
use super::scored::Scored;
use crate::cli::ending::Stop;
use crate::cli::shown::plain;
use crate::cli::words;

/// The ranking of one stage.
#[derive(Clone, Debug)]
pub struct Binding {
    pub ranking: Ranking,
    /// Rows in the order they are shown: that of the ranking; bids that wait for a draw by name.
    pub rows: Vec<BindingRow>,
    /// Names of bids that only a draw separates, where there is no seed.
    pub waiting: Vec<Vec<String>>,
    /// Names of the bids that the rule lets win or go on, best first; `None` while a draw decides that, and from the second
    /// gate on without the tables of the earlier gates, which count too.
    pub first: Option<Vec<String>>,
    pub race: Option<RaceSoFar>,
}

/// One bid as it is shown and written.
#[derive(Clone, Debug, Serialize)]
pub struct BindingRow {
    /// `None` for a bid without scores.
    pub rank: Option<u32>,
    /// Differs from `rank` where a draw is still needed: the bid lies between the two.
    pub rank_last: Option<u32>,
    pub bid: String,
    pub bid_id: BidId,
    pub total_milli: Option<i64>,
    pub criteria: Vec<CriterionScore>,
    pub sheets: u32,
    #[serde(flatten)]
    pub outcome: Outcome,
    /// `None` as well while the draw is still to be made.
    pub tie_broken_by: Option<TieBreak>,
    pub first_places: u32,
}

/// The combined score of one criterion.
#[derive(Clone, Debug, Serialize)]
pub struct CriterionScore {
    pub key: String,
    pub score_milli: i64,
}

impl Binding {
    /// Ranks what was read; from the second gate on with the race so far where the tables of the `earlier` gates are
    /// given.
    ///
    /// # Errors
    /// [`Stop::Faults`] when the rule asks for what the scores do not have, such as times of sealing; those of
    /// [`RaceSoFar::of`].
    pub fn of(locale: Locale, scored: &Scored, earlier: &[PathBuf]) -> Result<Self, Stop> {
        let race = match earlier {
            [] => None,
            earlier => Some(RaceSoFar::of(locale, scored, earlier)?),
        };
        let by_race = race.as_ref().and_then(|race| race.replay.gates.last());
        let DrawnRanking { ranking, drawn } = match by_race {
            Some(gate) => gate.ranked.clone(),
            None => ranked(locale, scored)?,
        };
        let names = scored.bid_names();
        let open = if scored.seed.is_some() { Vec::new() } else { drawn };
        let groups: Vec<&[RankedBid]> = open.into_iter().filter_map(|run| ranking.rows.get(run)).collect();
        let (waiting, first) = match &race {
            Some(race) => (race.waiting.clone(), race.first.clone()),
            None => decided_alone(scored, &ranking, &groups, &names),
        };
        let rows = rows(scored, &ranking, &groups, &names);
        Ok(Self { rows, waiting, first, race, ranking })
    }
}

/// What this stage says by itself: who waits for a draw, and who wins or goes on.
fn decided_alone(
    scored: &Scored,
    ranking: &Ranking,
    groups: &[&[RankedBid]],
    names: &BTreeMap<BidId, &str>,
) -> (Vec<Vec<String>>, Option<Vec<String>>) {
    let keep = scored.rule.gate(scored.gate).map_or(scored.rule.max_winners, |gate| gate.keep);
    let may_go_on = winners(ranking, keep);
    let is_open = groups.iter().any(|group| {
        let inside = group.iter().filter(|row| may_go_on.contains(&row.bid)).count();
        inside > 0 && inside < group.len()
    });
    // From the second gate on the points of earlier gates count too, and they are not here.
    let is_told = !is_open && scored.gate < 2;
    let name = |bid: &BidId| names.get(bid).copied().unwrap_or_default().to_owned();
    let waiting = groups.iter().map(|group| sorted_names(names, group.iter().map(|row| row.bid)));
    (waiting.collect(), is_told.then(|| may_go_on.iter().map(name).collect()))
}

/// The names of bids that stand in no order.
pub fn sorted_names(names: &BTreeMap<BidId, &str>, bids: impl Iterator<Item = BidId>) -> Vec<String> {
    let mut said: Vec<String> =
        bids.map(|bid| names.get(&bid).copied().unwrap_or_default().to_owned()).collect();
    said.sort();
    said
}

/// The binding ranking of one stage.
///
/// # Errors
/// [`Stop::Faults`] when the rule asks for what the scores do not have.
pub fn ranked(locale: Locale, scored: &Scored) -> Result<DrawnRanking, Stop> {
    let seed = scored.seed.as_ref().map(|seed| seed.bytes.as_slice()).unwrap_or_default();
    rank_with_draws(&scored.rule, scored.gate, &scored.sheets(), &scored.entrants(), seed)
        .map_err(|problem| Stop::Faults(vec![score_problem(locale, &problem, &scored.bid_names())]))
}

fn rows(
    scored: &Scored,
    ranking: &Ranking,
    groups: &[&[RankedBid]],
    names: &BTreeMap<BidId, &str>,
) -> Vec<BindingRow> {
    let keys = scored.rule.rubric_at(scored.gate).criteria.iter().map(|criterion| &criterion.key);
    let bounds: BTreeMap<BidId, (u32, u32)> = groups
        .iter()
        .filter_map(|group| Some((group, (group.first()?.rank, group.last()?.rank))))
        .flat_map(|(group, bounds)| group.iter().map(move |row| (row.bid, bounds)))
        .collect();
    let row = |row: &RankedBid| {
        let is_unscored = row.outcome == Outcome::NoSheets;
        let (rank, rank_last) = bounds.get(&row.bid).copied().unwrap_or((row.rank, row.rank));
        let scores = keys.clone().zip(&row.per_criterion_milli);
        BindingRow {
            rank: (!is_unscored).then_some(rank),
            rank_last: (!is_unscored).then_some(rank_last),
            bid: names.get(&row.bid).copied().unwrap_or_default().to_owned(),
            bid_id: row.bid,
            total_milli: (!is_unscored).then_some(row.total_milli),
            criteria: scores
                .map(|(key, milli)| CriterionScore { key: key.clone(), score_milli: *milli })
                .collect(),
            sheets: row.sheets,
            outcome: row.outcome.clone(),
            tie_broken_by: row.tie_broken_by.clone().filter(|_| !is_unscored && rank == rank_last),
            first_places: row.first_places,
        }
    };
    let mut rows: Vec<BindingRow> = ranking.rows.iter().map(row).collect();
    rows.sort_by(|left, right| {
        let place = |row: &BindingRow| row.rank.unwrap_or(u32::MAX);
        let both_wait = left.rank != left.rank_last || left.rank.is_none();
        let by_name = if both_wait { left.bid.cmp(&right.bid) } else { std::cmp::Ordering::Equal };
        place(left).cmp(&place(right)).then(by_name)
    });
    rows
}

/// Why there is no ranking, with names for ids.
pub fn score_problem(locale: Locale, problem: &ScoreProblem, names: &BTreeMap<BidId, &str>) -> String {
    let (tag, bid, key) = match problem {
        ScoreProblem::UnknownGate { .. } => ("unknown_gate", None, ""),
        ScoreProblem::RubricUnsound => ("rubric_unsound", None, ""),
        ScoreProblem::DuplicateBid { bid } => ("duplicate_bid", Some(bid), ""),
        ScoreProblem::UnknownBid { bid } => ("unknown_bid", Some(bid), ""),
        ScoreProblem::DuplicateSheet { bid, .. } => ("duplicate_sheet", Some(bid), ""),
        ScoreProblem::WrongLength { bid, .. } => ("wrong_length", Some(bid), ""),
        ScoreProblem::WrongVotes { bid, .. } => ("wrong_votes", Some(bid), ""),
        ScoreProblem::SealingTimeMissing { bid } => ("sealing_time_missing", Some(bid), ""),
        ScoreProblem::OutsideScale { bid, key, .. } => ("outside_scale", Some(bid), key.as_str()),
        ScoreProblem::NotOnStep { bid, key, .. } => ("not_on_step", Some(bid), key.as_str()),
    };
    let bid = bid.map(|bid| names.get(bid).map_or_else(|| bid.to_string(), |name| plain(name)));
    let values = [("bid", bid.as_deref().unwrap_or_default()), ("criterion", &plain(key))];
    tf(locale, &format!("tool.score.{tag}"), &values)
}

/// `2`, or `2-3` while a draw is needed, or a dash without scores.
pub fn rank_words(row: &BindingRow) -> String {
    row.rank.map_or_else(|| "-".to_owned(), |rank| rank_range(rank, row.rank_last.unwrap_or(rank)))
}

/// `2`, or `2-3`.
pub fn rank_range(first: u32, last: u32) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

impl BindingRow {
    /// Whether only a draw that nobody has made can say where the bid stands.
    pub fn waits(&self) -> bool {
        self.rank != self.rank_last
    }
}

/// How the chain placed the bid; empty where its total stands alone.
pub fn tie_words(locale: Locale, scored: &Scored, row: &BindingRow) -> String {
    if row.waits() {
        return t(locale, "tool.tie.draw_open").to_owned();
    }
    let said = |link: &TieBreak| words::tie(locale, &scored.rule, scored.gate, link);
    row.tie_broken_by.as_ref().map(said).unwrap_or_default()
}

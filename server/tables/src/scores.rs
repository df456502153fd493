//! Score tables: one row per review. Deliberately absent: adding anything up.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use domain::id::{BidId, PersonId};
use domain::rule::{Rule, Scale};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cells;
use crate::columns::Column;
use crate::fault::{Faults, TableFault, TableProblem};
use crate::names::{Names, alike, bid_id, reviewer_id};
use crate::rows::{JsonField, JsonList, Kind, Place, TakesRows, Value, read_rows};
use crate::source::{ReadAs, Source};

/// Everything a score table says, in the order of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreTable {
    /// In the order they first appear; a bid without sheets is listed too.
    pub bids: Vec<BidRow>,
    /// Names, in the order they first appear.
    pub reviewers: Vec<String>,
    /// One per name in `reviewers`, each once: the id the file gives, else [`reviewer_id`] of the name.
    pub reviewer_ids: Vec<PersonId>,
    pub sheets: Vec<SheetRow>,
    /// Names of bids, then of reviewers, that differ from an earlier one only in capitals, in width (`Ａ` and `A`) or in
    /// white space: the earlier name and this one. They are taken for two; whoever wrote them may have meant one.
    pub alike: Vec<(String, String)>,
    /// Names of bids with sheets that the JSON file's own list of bids does not have, where it has such a list. They take
    /// part; whoever wrote them may have meant a bid of the list.
    pub unlisted: Vec<String>,
    pub read_as: ReadAs,
}

/// One bid of a score table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BidRow {
    pub name: String,
    /// The id the file gives, else [`bid_id`] of the name. No two bids have the same.
    pub id: BidId,
    pub sealed_at: Option<Timestamp>,
}

/// One review.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SheetRow {
    /// Position in [`ScoreTable::bids`].
    pub bid: usize,
    /// Position in [`ScoreTable::reviewers`].
    pub reviewer: usize,
    /// One per criterion in the order of the rubric, each on the scale. Empty only where the sheet is left out and its
    /// scores were not given.
    pub scores_milli: Vec<i64>,
    /// One per vote of the rule, in its order. Empty under the same condition.
    pub votes: Vec<bool>,
    /// Why the sheet does not count. `None`: it counts.
    pub left_out: Option<String>,
    /// Where it stands: the row, or the place in the JSON list, from 1.
    pub row: usize,
}

/// Reads reviews scored by the rubric of `gate` (0: the selection).
///
/// Columns: `bid`, `reviewer`, one for each criterion and each vote of the rule (by key or by name in either language),
/// and optionally `sealed_at` (needed where the tie chain asks for it) and `left_out`. A row with a bid and nothing else
/// lists a bid without reviews. JSON: `{"sheets": [{"bid", "reviewer", "scores": {}, "votes": {}, "sealed_at",
/// "left_out"}], "bids": [{"name", "id", "sealed_at"}], "reviewers": [{"name", "id"}]}`, or the list of sheets alone. Only
/// JSON gives ids.
///
/// # Errors
/// Every fault of the file at once, at most [`crate::FAULTS_MAX`] of them listed.
pub fn read_scores(source: Source<'_>, rule: &Rule, gate: u32) -> Result<ScoreTable, Vec<TableFault>> {
    if gate > 0 && rule.gate(gate).is_none() {
        let gates = u32::try_from(rule.gates.len()).unwrap_or(u32::MAX);
        return Err(vec![TableFault::of_file(TableProblem::UnknownGate { gate, gates })]);
    }
    let mut faults = Faults::default();
    let kind = kind(rule, gate);
    let mut reviews = Reviews::new(rule, gate);
    let read_as = read_rows(source, &kind, &mut reviews, &mut faults);
    if rule.needs_sealing_times() && faults.is_empty() {
        reviews.say_unsealed(&mut faults);
    }
    let unlisted = reviews.unlisted();
    let Reviews { bids, sealed, reviewers, sheets, .. } = reviews;
    let ((names, ids), (reviewers, reviewer_ids)) = (bids.finish(&mut faults), reviewers.finish(&mut faults));
    let alike = alike(&names).chain(alike(&reviewers)).collect();
    let sealed = sealed.into_iter().map(|sealed| sealed.at.map(|first| first.at));
    let rows = names.into_iter().zip(ids).zip(sealed);
    let bids = rows.map(|((name, id), sealed_at)| BidRow { name, id: BidId(id), sealed_at }).collect();
    let reviewer_ids = reviewer_ids.into_iter().map(PersonId).collect();
    faults.finish(ScoreTable { bids, reviewers, reviewer_ids, sheets, alike, unlisted, read_as })
}

const BID: usize = 0;
const REVIEWER: usize = 1;
const SEALED_AT: usize = 2;
const LEFT_OUT: usize = 3;
const ID: usize = 4;
const FIRST_SCORE: usize = 5;

/// The JSON lists of bids and of reviewers with their ids.
const BIDS: &str = "bids";
const REVIEWERS: &str = "reviewers";

fn kind(rule: &Rule, gate: u32) -> Kind {
    let mut columns = vec![
        Column::listed("scores", "bid", true),
        Column::listed("scores", "reviewer", true),
        Column::listed("scores", "sealed_at", rule.needs_sealing_times()),
        Column::listed("scores", "left_out", false),
        Column::without_heading("id"),
    ];
    let plain = |(column, known): (usize, &Column)| JsonField { group: None, key: known.key.clone(), column };
    let mut fields: Vec<JsonField> = columns.iter().enumerate().take(ID).map(plain).collect();
    let criteria = rule.rubric_at(gate).criteria.iter().map(|asked| ("scores", &asked.key, &asked.name));
    let votes = rule.votes_at(gate).iter().map(|asked| ("votes", &asked.key, &asked.name));
    for (group, key, name) in criteria.chain(votes) {
        fields.push(JsonField { group: Some(group), key: key.clone(), column: columns.len() });
        let headings = [key, &name.zh, &name.en].into_iter().filter(|heading| !heading.trim().is_empty());
        columns.push(Column { key: key.clone(), headings: headings.cloned().collect(), is_required: true });
    }
    let plain = |key: &str, column| JsonField { group: None, key: key.to_owned(), column };
    let bids = vec![plain("name", BID), plain("sealed_at", SEALED_AT), plain("id", ID)];
    let reviewers = vec![plain("name", REVIEWER), plain("id", ID)];
    let lists = vec![
        JsonList { name: "sheets", fields },
        JsonList { name: BIDS, fields: bids },
        JsonList { name: REVIEWERS, fields: reviewers },
    ];
    Kind { columns, lists }
}

/// What is known of a bid's sealing.
struct Sealing {
    at: Option<FirstSealing>,
    /// What is wrong, where the bid first stands, if no row gives the instant and the rule asks for it.
    missing: TableFault,
}

struct FirstSealing {
    at: Timestamp,
    text: String,
    row: usize,
}

struct Reviews {
    scale: Scale,
    criteria: usize,
    votes: usize,
    bids: Names,
    /// Those of the JSON file's own list.
    listed: BTreeSet<usize>,
    /// For each bid.
    sealed: Vec<Sealing>,
    reviewers: Names,
    sheets: Vec<SheetRow>,
    /// Row of the review of each pair of bid and reviewer.
    rows: HashMap<(usize, usize), usize>,
}

impl Reviews {
    fn new(rule: &Rule, gate: u32) -> Self {
        let rubric = rule.rubric_at(gate);
        Self {
            scale: rubric.scale,
            criteria: rubric.criteria.len(),
            votes: rule.votes_at(gate).len(),
            bids: Names::new(|name| bid_id(name).0),
            listed: BTreeSet::new(),
            sealed: Vec::new(),
            reviewers: Names::new(|name| reviewer_id(name).0),
            sheets: Vec::new(),
            rows: HashMap::new(),
        }
    }

    fn sealed_at(&mut self, bid: usize, place: &Place<'_>, cell: &Value<'_>, faults: &mut Faults) {
        if self.sealed.len() <= bid {
            let missing = place.fault(SEALED_AT, TableProblem::Empty);
            self.sealed.push(Sealing { at: None, missing });
        }
        let Some(Some(at)) = said(cells::optional(cell, cells::instant), place, SEALED_AT, faults) else {
            return;
        };
        let Some(known) = self.sealed.get_mut(bid) else { return };
        match &known.at {
            Some(first) if first.at != at => {
                let bid = self.bids.list.get(bid).cloned().unwrap_or_default();
                let problem =
                    TableProblem::SealedAtDiffers { bid, first: first.text.clone(), first_row: first.row };
                faults.say(place.fault(SEALED_AT, problem));
            }
            Some(_) => {}
            None => {
                let text = cells::text(cell).map(std::borrow::Cow::into_owned).unwrap_or_default();
                known.at = Some(FirstSealing { at, text, row: place.row });
            }
        }
    }

    fn unlisted(&self) -> Vec<String> {
        let scored: BTreeSet<usize> = self.sheets.iter().map(|sheet| sheet.bid).collect();
        let has_list = !self.listed.is_empty();
        let missing = scored.difference(&self.listed).filter(|_| has_list);
        missing.filter_map(|bid| self.bids.list.get(*bid).cloned()).collect()
    }

    /// For a rule whose tie chain asks for the time of sealing.
    fn say_unsealed(&self, faults: &mut Faults) {
        for sealing in self.sealed.iter().filter(|sealing| sealing.at.is_none()) {
            faults.say(sealing.missing.clone());
        }
    }

    /// Reads `count` cells from `first` on; `None` after saying what is wrong with them.
    fn read_each<T>(
        place: &Place<'_>,
        cells: &[Value<'_>],
        (first, count): (usize, usize),
        faults: &mut Faults,
        read: impl Fn(&Value<'_>) -> Result<T, cells::Unmeant>,
    ) -> Option<Vec<T>> {
        let mut all = Vec::with_capacity(count);
        for (column, cell) in cells.iter().enumerate().skip(first).take(count) {
            all.extend(said(read(cell), place, column, faults));
        }
        (all.len() == count).then_some(all)
    }
}

impl TakesRows for Reviews {
    fn take(&mut self, place: &Place<'_>, cells: &[Value<'_>], faults: &mut Faults) {
        let cell = |column: usize| cells.get(column).unwrap_or(&Value::Empty);
        if place.list == Some(REVIEWERS) {
            if let Some(reviewer) = self.reviewers.position(cell(REVIEWER), place, REVIEWER, faults) {
                self.reviewers.give_id(reviewer, cell(ID), (place, ID), faults);
            }
            return;
        }
        let bid = self.bids.position(cell(BID), place, BID, faults);
        if let Some(bid) = bid {
            if place.list == Some(BIDS) {
                self.listed.insert(bid);
            }
            self.bids.give_id(bid, cell(ID), (place, ID), faults);
            self.sealed_at(bid, place, cell(SEALED_AT), faults);
        }
        let marks = cells.get(FIRST_SCORE..).unwrap_or_default();
        let is_unscored = marks.iter().all(|cell| *cell == Value::Empty);
        if is_unscored && *cell(REVIEWER) == Value::Empty && *cell(LEFT_OUT) == Value::Empty {
            return;
        }
        let reviewer = self.reviewers.position(cell(REVIEWER), place, REVIEWER, faults);
        let left_out = said(cells::optional(cell(LEFT_OUT), cells::reason), place, LEFT_OUT, faults);
        let (scores, votes) = if is_unscored && left_out.as_ref().is_some_and(Option::is_some) {
            (Some(Vec::new()), Some(Vec::new()))
        } else {
            let (scale, votes_from) = (self.scale, FIRST_SCORE + self.criteria);
            let score = |cell: &Value<'_>| cells::score(cell, scale);
            (
                Self::read_each(place, cells, (FIRST_SCORE, self.criteria), faults, score),
                Self::read_each(place, cells, (votes_from, self.votes), faults, cells::yes_or_no),
            )
        };
        let (Some(bid), Some(reviewer)) = (bid, reviewer) else { return };
        match self.rows.entry((bid, reviewer)) {
            Entry::Occupied(first) => {
                let name =
                    |names: &Names, position: usize| names.list.get(position).cloned().unwrap_or_default();
                let problem = TableProblem::DuplicateReview {
                    bid: name(&self.bids, bid),
                    reviewer: name(&self.reviewers, reviewer),
                    first_row: *first.get(),
                };
                faults.say(place.fault(REVIEWER, problem));
            }
            Entry::Vacant(free) => {
                free.insert(place.row);
                if let (Some(scores_milli), Some(votes), Some(left_out)) = (scores, votes, left_out) {
                    self.sheets.push(SheetRow {
                        bid,
                        reviewer,
                        scores_milli,
                        votes,
                        left_out,
                        row: place.row,
                    });
                }
            }
        }
    }
}

/// What a cell means; `None` after saying why it means nothing.
pub(crate) fn said<T>(
    read: Result<T, cells::Unmeant>,
    place: &Place<'_>,
    column: usize,
    faults: &mut Faults,
) -> Option<T> {
    match read {
        Ok(value) => return Some(value),
        Err(Some(problem)) => faults.say(place.fault(column, problem)),
        Err(None) => {}
    }
    None
}

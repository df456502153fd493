//! The tables of an assignment: bids, experts and pairs of both. Deliberately absent: deciding who reviews what.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::cells::{self, optional};
use crate::columns::{Column, fold};
use crate::fault::{Faults, TableFault, TableProblem};
use crate::rows::{Kind, Place, TakesRows, Value, read_rows};
use crate::scores::said;
use crate::source::{ReadAs, Source};

/// The best fit of an expert to a bid; the worst is 0.
pub const FIT_MAX: u32 = 1000;
/// More reviews of one bid than a rule can ask for (`reviews_per_bid`).
const NEEDS_MAX: u32 = 50;
/// More reviews than one person can write in a round.
const CAP_MAX: u32 = 10_000;

/// Bids that want reviewers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BidTable {
    pub bids: Vec<BidToReview>,
    pub read_as: ReadAs,
}

/// One bid that wants reviewers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BidToReview {
    pub name: String,
    /// Reviews wanted, 1 to 50; `None`: as many as every other bid.
    pub needs: Option<u32>,
    /// The bidding unit: its own experts do not review it.
    pub unit: Option<String>,
    pub keywords: Vec<String>,
    /// Experts, by name, who must not review it.
    pub avoid: Vec<String>,
    /// Experts, by name, who must review it.
    pub pinned: Vec<String>,
    /// The row, or the place in the JSON list, from 1.
    pub row: usize,
}

/// Experts who can review.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExpertTable {
    pub experts: Vec<ExpertToAssign>,
    pub read_as: ReadAs,
}

/// One expert who can review.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExpertToAssign {
    pub name: String,
    pub unit: Option<String>,
    /// Most reviews this expert takes, 0 to 10,000; `None`: as many as every other expert.
    pub cap: Option<u32>,
    pub keywords: Vec<String>,
    pub row: usize,
}

/// How pairs of bid and expert stand to each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairTable {
    pub pairs: Vec<PairRow>,
    pub read_as: ReadAs,
}

/// One pair of bid and expert, by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairRow {
    pub bid: String,
    pub expert: String,
    /// 0 to [`FIT_MAX`].
    pub fit: u32,
    /// The expert must not review the bid.
    pub conflict: bool,
    pub row: usize,
}

/// Reads bids: `name`, and optionally `needs`, `unit`, `keywords`, `avoid`, `pinned`. Lists in one cell are separated by
/// semicolons or commas; in JSON they are lists of texts. JSON: `{"bids": [..]}` or the list alone.
///
/// # Errors
/// Every fault of the file at once.
pub fn read_bids(source: Source<'_>) -> Result<BidTable, Vec<TableFault>> {
    let keys = ["name", "needs", "unit", "keywords", "avoid", "pinned"];
    let (bids, read_as) = read_list(source, "bids", (&keys, 1), |row, faults| {
        let name = row.said(0, cells::name, faults);
        let needs = row.said(1, |cell| optional(cell, |cell| cells::whole(cell, 1, NEEDS_MAX)), faults);
        let unit = row.said(2, |cell| optional(cell, cells::name), faults);
        let keywords = row.said(3, cells::names, faults);
        let avoid = row.said(4, cells::names, faults);
        let pinned = row.said(5, cells::names, faults);
        let bid = name.as_ref().and_then(|name| {
            Some(BidToReview {
                name: name.clone(),
                needs: needs?,
                unit: unit?,
                keywords: keywords?,
                avoid: avoid?,
                pinned: pinned?,
                row: row.place.row,
            })
        });
        (name, bid)
    })?;
    Ok(BidTable { bids, read_as })
}

/// Reads experts: `name`, and optionally `unit`, `cap`, `keywords`. JSON: `{"experts": [..]}` or the list alone.
///
/// # Errors
/// Every fault of the file at once.
pub fn read_experts(source: Source<'_>) -> Result<ExpertTable, Vec<TableFault>> {
    let keys = ["name", "unit", "cap", "keywords"];
    let (experts, read_as) = read_list(source, "experts", (&keys, 1), |row, faults| {
        let name = row.said(0, cells::name, faults);
        let unit = row.said(1, |cell| optional(cell, cells::name), faults);
        let cap = row.said(2, |cell| optional(cell, |cell| cells::whole(cell, 0, CAP_MAX)), faults);
        let keywords = row.said(3, cells::names, faults);
        let row = row.place.row;
        let expert = name.as_ref().and_then(|name| {
            let (unit, cap, keywords) = (unit?, cap?, keywords?);
            Some(ExpertToAssign { name: name.clone(), unit, cap, keywords, row })
        });
        (name, expert)
    })?;
    Ok(ExpertTable { experts, read_as })
}

/// Reads pairs: `bid`, `expert`, `fit` (0 to 1000) and optionally `conflict` (yes or no); a pair in conflict needs no fit.
/// JSON: `{"pairs": [..]}` or the list alone.
///
/// # Errors
/// Every fault of the file at once.
pub fn read_pairs(source: Source<'_>) -> Result<PairTable, Vec<TableFault>> {
    let keys = ["bid", "expert", "fit", "conflict"];
    let (pairs, read_as) = read_list(source, "pairs", (&keys, 3), |row, faults| {
        let bid = row.said(0, cells::name, faults);
        let expert = row.said(1, cells::name, faults);
        let conflict =
            row.said(3, |cell| optional(cell, cells::yes_or_no), faults).map(Option::unwrap_or_default);
        let fit = match (row.cell(2), conflict) {
            (Value::Empty, Some(true)) => Some(0),
            _ => row.said(2, |cell| cells::whole(cell, 0, FIT_MAX), faults),
        };
        let (names, row) = (bid.zip(expert), row.place.row);
        let pair = names
            .clone()
            .and_then(|(bid, expert)| Some(PairRow { bid, expert, fit: fit?, conflict: conflict?, row }));
        (names, pair)
    })?;
    Ok(PairTable { pairs, read_as })
}

/// A row in the hands of whoever reads it.
struct Row<'a> {
    place: &'a Place<'a>,
    cells: &'a [Value<'a>],
}

impl<'a> Row<'a> {
    fn cell(&self, column: usize) -> &'a Value<'a> {
        self.cells.get(column).unwrap_or(&Value::Empty)
    }

    fn said<T>(
        &self,
        column: usize,
        read: impl FnOnce(&'a Value<'a>) -> Result<T, cells::Unmeant>,
        faults: &mut Faults,
    ) -> Option<T> {
        said(read(self.cell(column)), self.place, column, faults)
    }
}

/// What names an entry, so that it stands there once.
trait Named: Eq + std::hash::Hash {
    fn shown(&self) -> String;
}

impl Named for String {
    fn shown(&self) -> String {
        self.clone()
    }
}

impl Named for (String, String) {
    fn shown(&self) -> String {
        format!("{} / {}", self.0, self.1)
    }
}

struct List<N, T, F> {
    entries: Vec<T>,
    rows: HashMap<N, usize>,
    read: F,
}

/// What names the entry, and the entry: either may be missing, so that a faulty entry still counts as a name.
type Entry<N, T> = (Option<N>, Option<T>);

impl<N: Named, T, F: Fn(&Row<'_>, &mut Faults) -> Entry<N, T>> TakesRows for List<N, T, F> {
    fn take(&mut self, place: &Place<'_>, cells: &[Value<'_>], faults: &mut Faults) {
        let (Some(name), entry) = (self.read)(&Row { place, cells }, faults) else { return };
        if let Some(first_row) = self.rows.get(&name) {
            let problem = TableProblem::DuplicateName { name: name.shown(), first_row: *first_row };
            return faults.say(place.fault(0, problem));
        }
        self.rows.insert(name, place.row);
        self.entries.extend(entry);
    }
}

/// Reads a table of one entry per row; the first `required` of its keys must be there.
fn read_list<N: Named, T>(
    source: Source<'_>,
    table: &'static str,
    (keys, required): (&[&str], usize),
    read: impl Fn(&Row<'_>, &mut Faults) -> Entry<N, T>,
) -> Result<(Vec<T>, ReadAs), Vec<TableFault>> {
    let column = |(index, key): (usize, &&str)| Column::listed(table, key, index < required);
    let kind = Kind::plain(table, keys.iter().enumerate().map(column).collect());
    let mut list = List { entries: Vec::new(), rows: HashMap::new(), read };
    let mut faults = Faults::default();
    let read_as = read_rows(source, &kind, &mut list, &mut faults);
    faults.finish((list.entries, read_as))
}

/// The share of the bid's keywords that the expert has, in permille rounded down, 0 to [`FIT_MAX`]; capital letters and
/// white space do not matter. 0 for a bid without keywords.
pub fn keyword_fit(bid: &[String], expert: &[String]) -> u32 {
    let folded = |words: &[String]| words.iter().map(|word| fold(word)).collect::<BTreeSet<_>>();
    let (wanted, has) = (folded(bid), folded(expert));
    let shared = wanted.intersection(&has).count() * FIT_MAX as usize;
    shared.checked_div(wanted.len()).and_then(|fit| u32::try_from(fit).ok()).unwrap_or(0)
}

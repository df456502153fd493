//! The tables of an assignment: bids, experts and pairs of both. Deliberately absent: deciding who reviews what.

use serde::{Deserialize, Serialize};

use crate::fault::TableFault;
use crate::source::{ReadAs, Source};

/// The best fit of an expert to a bid; the worst is 0.
pub const FIT_MAX: u32 = 1000;

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
/// semicolons or commas; in JSON they are lists of texts.
///
/// # Errors
/// Every fault of the file at once.
pub fn read_bids(source: Source<'_>) -> Result<BidTable, Vec<TableFault>> {
    let _ = source;
    Err(vec![TableFault::of_file(crate::TableProblem::NothingInside)])
}

/// Reads experts: `name`, and optionally `unit`, `cap`, `keywords`.
///
/// # Errors
/// Every fault of the file at once.
pub fn read_experts(source: Source<'_>) -> Result<ExpertTable, Vec<TableFault>> {
    let _ = source;
    Err(vec![TableFault::of_file(crate::TableProblem::NothingInside)])
}

/// Reads pairs: `bid`, `expert`, `fit` (0 to 1000) and optionally `conflict` (yes or no).
///
/// # Errors
/// Every fault of the file at once.
pub fn read_pairs(source: Source<'_>) -> Result<PairTable, Vec<TableFault>> {
    let _ = source;
    Err(vec![TableFault::of_file(crate::TableProblem::NothingInside)])
}

/// The share of the bid's keywords that the expert has, in permille rounded down, 0 to [`FIT_MAX`]; capital letters and
/// white space do not matter. 0 for a bid without keywords.
pub fn keyword_fit(bid: &[String], expert: &[String]) -> u32 {
    let fold = |words: &[String]| {
        words.iter().map(|word| crate::columns::fold(word)).collect::<std::collections::BTreeSet<_>>()
    };
    let (wanted, has) = (fold(bid), fold(expert));
    let shared = wanted.intersection(&has).count();
    if wanted.is_empty() { 0 } else { (shared * FIT_MAX as usize / wanted.len()) as u32 }
}

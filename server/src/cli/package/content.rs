//! A result in one file: everything that decided it, and what came out. Bytes in, values out; pure, so that a fuzzer can
//! drive it. Deliberately absent: opening files, and sentences.

use std::collections::BTreeSet;

use domain::id::{BidId, PersonId};
use domain::rule::{FORMAT as FORMAT_OF_RULES, Rule, hex};
use domain::score::{Entrant, Ranking, Sheet};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What the file says it is.
pub const FORMAT: &str = "unveil-result/1";
/// Raised whenever the same inputs may give another ranking.
pub const ALGORITHM_VERSION: u32 = 1;
/// Longer files are no result.
pub const MAX_BYTES: usize = 256 * 1024 * 1024;
/// More than any competition has; hostile files end here and not in memory.
pub const MAX_ENTRIES: usize = 2_000_000;

/// Which computation, and which edition of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Algorithm {
    pub name: String,
    pub version: u32,
}

impl Algorithm {
    /// The one this program computes.
    pub fn current() -> Self {
        Self { name: "unveil-score".to_owned(), version: ALGORITHM_VERSION }
    }
}

/// A bid under its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedBid {
    pub id: BidId,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed_at: Option<Timestamp>,
}

/// An expert under their name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedReviewer {
    pub id: PersonId,
    pub name: String,
}

/// A score sheet, counted or left out with a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackedSheet {
    pub bid: BidId,
    pub reviewer: PersonId,
    pub scores_milli: Vec<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub votes: Vec<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<String>,
}

/// The seed of the draw and SHA-256 of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draw {
    pub seed: String,
    pub commitment: String,
}

/// The whole file. Lists are ordered by id, so that the order of the input never shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    pub format: String,
    pub algorithm: Algorithm,
    /// The frozen rule: canonical JSON as one text, byte for byte what was hashed.
    pub rule: String,
    pub rule_sha256: String,
    pub gate: u32,
    pub draw: Option<Draw>,
    pub bids: Vec<NamedBid>,
    pub reviewers: Vec<NamedReviewer>,
    pub sheets: Vec<PackedSheet>,
    pub ranking: Ranking,
    /// SHA-256 (hex) of the canonical JSON of all the fields above.
    #[serde(default)]
    pub sha256: String,
}

/// Why bytes are no package. `detail` is what the reader said, in English.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageFault {
    #[error("longer than {max} bytes")]
    TooLarge { max: usize },
    #[error("line {line}, column {column}")]
    Unreadable { line: usize, column: usize },
    #[error("format {found}")]
    OtherFormat { found: String },
    #[error("more than {max} entries")]
    TooMany { max: usize },
    #[error("{id} stands twice")]
    Twice { id: String },
    #[error("{id} has no name")]
    Nameless { id: String },
    #[error("the rule is no rule: {detail}")]
    NotARule { detail: String },
}

impl Package {
    /// Puts the lists in order and seals the whole.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        self.bids.sort_by_key(|bid| bid.id);
        self.reviewers.sort_by_key(|reviewer| reviewer.id);
        self.sheets.sort_by_key(|sheet| (sheet.bid, sheet.reviewer));
        self.sha256 = self.content_sha256();
        self
    }

    /// SHA-256 of everything but the seal itself, in canonical JSON (keys sorted, no white space).
    pub fn content_sha256(&self) -> String {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let Some(fields) = value.as_object_mut() {
            fields.remove("sha256");
        }
        hex(&Sha256::digest(value.to_string().as_bytes()))
    }

    /// As it is written to a file: indented for readers, one line at the end.
    ///
    /// # Errors
    /// None in practice: every key is a text.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads a file. Every field must be known and stand once; depth, length and the number of entries are bounded.
    ///
    /// # Errors
    /// The first fault.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PackageFault> {
        if bytes.len() > MAX_BYTES {
            return Err(PackageFault::TooLarge { max: MAX_BYTES });
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let package: Self = serde_json::from_slice(bytes)
            .map_err(|fault| PackageFault::Unreadable { line: fault.line(), column: fault.column() })?;
        if package.format != FORMAT {
            return Err(PackageFault::OtherFormat { found: package.format });
        }
        package.check_lists()?;
        Ok(package)
    }

    fn check_lists(&self) -> Result<(), PackageFault> {
        let lists = [self.bids.len(), self.reviewers.len(), self.sheets.len(), self.ranking.rows.len()];
        if lists.iter().any(|length| *length > MAX_ENTRIES) {
            return Err(PackageFault::TooMany { max: MAX_ENTRIES });
        }
        let mut bids = BTreeSet::new();
        if let Some(twice) = self.bids.iter().find(|bid| !bids.insert(bid.id)) {
            return Err(PackageFault::Twice { id: twice.id.to_string() });
        }
        let mut reviewers = BTreeSet::new();
        if let Some(twice) = self.reviewers.iter().find(|reviewer| !reviewers.insert(reviewer.id)) {
            return Err(PackageFault::Twice { id: twice.id.to_string() });
        }
        let mut rows = BTreeSet::new();
        if let Some(twice) = self.ranking.rows.iter().find(|row| !rows.insert(row.bid)) {
            return Err(PackageFault::Twice { id: twice.bid.to_string() });
        }
        for sheet in &self.sheets {
            if !bids.contains(&sheet.bid) {
                return Err(PackageFault::Nameless { id: sheet.bid.to_string() });
            }
            if !reviewers.contains(&sheet.reviewer) {
                return Err(PackageFault::Nameless { id: sheet.reviewer.to_string() });
            }
        }
        Ok(())
    }

    /// The rule that the text spells.
    ///
    /// # Errors
    /// When it spells none, one that may not be published, or one that says more than this program would compute: a field
    /// that is not known here would be ignored, and the result called the same.
    pub fn parsed_rule(&self) -> Result<Rule, PackageFault> {
        let not_a_rule = |detail: String| PackageFault::NotARule { detail };
        let rule: Rule = serde_json::from_str(&self.rule).map_err(|fault| not_a_rule(place_of(&fault)))?;
        if !rule.is_bounded() {
            return Err(not_a_rule("rubric".to_owned()));
        }
        if rule.format != FORMAT_OF_RULES {
            return Err(not_a_rule("format".to_owned()));
        }
        let problems: Vec<String> = rule.problems().into_iter().map(|problem| problem.field).collect();
        if !problems.is_empty() {
            return Err(not_a_rule(problems.join(", ")));
        }
        if rule.freeze().canonical != self.rule {
            return Err(not_a_rule("canonical JSON".to_owned()));
        }
        Ok(rule)
    }

    /// Every bid, as the ranking wants it.
    pub fn entrants(&self) -> Vec<Entrant> {
        self.bids.iter().map(|bid| Entrant { bid: bid.id, sealed_at: bid.sealed_at }).collect()
    }

    /// The sheets that count.
    pub fn counted_sheets(&self) -> Vec<Sheet> {
        let counted = self.sheets.iter().filter(|sheet| sheet.left_out.is_none());
        counted
            .map(|sheet| Sheet {
                bid: sheet.bid,
                reviewer: sheet.reviewer,
                scores_milli: sheet.scores_milli.clone(),
                votes: sheet.votes.clone(),
            })
            .collect()
    }
}

/// Line and column: the reader's own words are English.
fn place_of(fault: &serde_json::Error) -> String {
    format!("{}:{}", fault.line(), fault.column())
}

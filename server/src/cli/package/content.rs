//! A result in one file: everything that decided it, and what came out. Bytes in, values out; pure, so that a fuzzer can
//! drive it. Deliberately absent: opening files, and sentences.

use std::collections::BTreeSet;
use std::fmt::Display;

use domain::id::{BidId, PersonId};
use domain::race::{GateLine, GateTable};
use domain::rule::{FORMAT as FORMAT_OF_RULES, MAX_GATES, Rule, hex};
use domain::score::{Entrant, Ranking, Sheet};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What the file of one stage says it is.
pub const FORMAT: &str = "unveil-result/1";
/// What the file of a race says it is: with the tables of the gates before and the standings.
pub const RACE_FORMAT: &str = "unveil-result/2";
/// Raised whenever the same inputs may give another ranking.
pub const ALGORITHM_VERSION: u32 = 1;
/// Longer files are no result, and are not written: 200,000 sheets of four criteria are four fifths of it. Reading takes
/// twenty to thirty times as much memory.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;
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

/// The score table of a gate before the one in question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackedGate {
    pub bids: Vec<NamedBid>,
    pub reviewers: Vec<NamedReviewer>,
    pub sheets: Vec<PackedSheet>,
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
    /// Of a race: every gate before `gate`, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<PackedGate>,
    pub ranking: Ranking,
    /// Of a race: how it stands after `gate`, in the order of the race.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standings: Vec<GateLine>,
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
    /// `field` is the path of what this program would not write; it would change nothing and be hashed by nobody.
    #[error("unknown field {field}")]
    UnknownField { field: String },
    #[error("gate {gate} with {given} gates before it")]
    Gates { gate: u32, given: usize },
    #[error("the rule is no rule: {detail}")]
    NotARule { detail: String },
}

impl Package {
    /// Puts the lists in order and seals the whole.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        put_in_order(&mut self.bids, &mut self.reviewers, &mut self.sheets);
        for gate in &mut self.earlier {
            put_in_order(&mut gate.bids, &mut gate.reviewers, &mut gate.sheets);
        }
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
        if package.format != FORMAT && package.format != RACE_FORMAT {
            return Err(PackageFault::OtherFormat { found: package.format });
        }
        package.check_lists()?;
        package.check_nothing_else(bytes)?;
        Ok(package)
    }

    fn check_lists(&self) -> Result<(), PackageFault> {
        let is_race = self.format == RACE_FORMAT;
        let (needed, given) = (self.gate.saturating_sub(1) as usize, self.earlier.len());
        if is_race && (given != needed || !(1..MAX_GATES).contains(&given)) {
            return Err(PackageFault::Gates { gate: self.gate, given });
        }
        let race_only = [("earlier", given > 0), ("standings", !self.standings.is_empty())];
        if let Some((field, _)) = race_only.into_iter().find(|(_, is_there)| *is_there && !is_race) {
            return Err(PackageFault::UnknownField { field: field.to_owned() });
        }
        check_table(&self.bids, &self.reviewers, &self.sheets)?;
        for gate in &self.earlier {
            check_table(&gate.bids, &gate.reviewers, &gate.sheets)?;
        }
        check_each_once(self.ranking.rows.iter().map(|row| row.bid))?;
        check_each_once(self.standings.iter().map(|line| line.bid))
    }

    /// Some parts of a ranking are read without a look at fields that nobody knows.
    fn check_nothing_else(&self, bytes: &[u8]) -> Result<(), PackageFault> {
        let read: Value = serde_json::from_slice(bytes)
            .map_err(|fault| PackageFault::Unreadable { line: fault.line(), column: fault.column() })?;
        let written = serde_json::to_value(self).unwrap_or_default();
        let mut steps = Vec::new();
        match first_difference(&read, &written, &mut steps) {
            true => Err(PackageFault::UnknownField { field: steps.join(".") }),
            false => Ok(()),
        }
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
        entrants(&self.bids)
    }

    /// The sheets that count.
    pub fn counted_sheets(&self) -> Vec<Sheet> {
        counted(&self.sheets)
    }

    /// The tables of all gates so far, this one last.
    pub fn gate_tables(&self) -> Vec<GateTable> {
        let before = self.earlier.iter();
        let before =
            before.map(|gate| GateTable { sheets: counted(&gate.sheets), entrants: entrants(&gate.bids) });
        before.chain([GateTable { sheets: self.counted_sheets(), entrants: self.entrants() }]).collect()
    }
}

/// Whether two documents differ; `steps` then leads to the first place where they do.
fn first_difference(read: &Value, written: &Value, steps: &mut Vec<String>) -> bool {
    match (read, written) {
        (Value::Object(read), Value::Object(written)) => {
            // A file may do without its seal, and then has no content that would be the sealed one.
            let more = read.keys().find(|key| !written.contains_key(*key));
            let fewer = written.keys().find(|key| !read.contains_key(*key) && *key != "sha256");
            if let Some(key) = more.or(fewer) {
                steps.push(key.clone());
                return true;
            }
            read.iter().any(|(key, value)| {
                steps.push(key.clone());
                let differs = written.get(key).is_some_and(|written| first_difference(value, written, steps));
                if !differs {
                    steps.pop();
                }
                differs
            })
        }
        (Value::Array(read), Value::Array(written)) => {
            let pairs = read.iter().zip(written).enumerate();
            read.len() != written.len()
                || pairs.into_iter().any(|(place, (read, written))| {
                    steps.push(place.to_string());
                    let differs = first_difference(read, written, steps);
                    if !differs {
                        steps.pop();
                    }
                    differs
                })
        }
        _ => read != written,
    }
}

fn put_in_order(bids: &mut [NamedBid], reviewers: &mut [NamedReviewer], sheets: &mut [PackedSheet]) {
    bids.sort_by_key(|bid| bid.id);
    reviewers.sort_by_key(|reviewer| reviewer.id);
    sheets.sort_by_key(|sheet| (sheet.bid, sheet.reviewer));
}

/// Every id once, and every sheet of somebody who is listed.
fn check_table(
    bids: &[NamedBid],
    reviewers: &[NamedReviewer],
    sheets: &[PackedSheet],
) -> Result<(), PackageFault> {
    if sheets.len() > MAX_ENTRIES {
        return Err(PackageFault::TooMany { max: MAX_ENTRIES });
    }
    check_each_once(bids.iter().map(|bid| bid.id))?;
    check_each_once(reviewers.iter().map(|reviewer| reviewer.id))?;
    check_names("bids.name", bids.iter().map(|bid| bid.name.as_str()))?;
    check_names("reviewers.name", reviewers.iter().map(|reviewer| reviewer.name.as_str()))?;
    let mut pairs = BTreeSet::new();
    let bids: BTreeSet<BidId> = bids.iter().map(|bid| bid.id).collect();
    let reviewers: BTreeSet<PersonId> = reviewers.iter().map(|reviewer| reviewer.id).collect();
    for sheet in sheets {
        if !bids.contains(&sheet.bid) {
            return Err(PackageFault::Nameless { id: sheet.bid.to_string() });
        }
        if !reviewers.contains(&sheet.reviewer) {
            return Err(PackageFault::Nameless { id: sheet.reviewer.to_string() });
        }
        let is_blank = sheet.left_out.as_ref().is_some_and(|reason| reason.trim().is_empty());
        if is_blank || !pairs.insert((sheet.bid, sheet.reviewer)) {
            let field = if is_blank { "sheets.left_out" } else { "sheets.reviewer" };
            return Err(PackageFault::UnknownField { field: field.to_owned() });
        }
    }
    Ok(())
}

/// A score table goes by names: each has one, and no two the same.
fn check_names<'a>(field: &str, names: impl Iterator<Item = &'a str>) -> Result<(), PackageFault> {
    let mut seen = BTreeSet::new();
    for name in names {
        if name.trim().is_empty() || !seen.insert(name) {
            return Err(PackageFault::UnknownField { field: field.to_owned() });
        }
    }
    Ok(())
}

fn check_each_once<Id: Ord + Copy + Display>(
    ids: impl ExactSizeIterator<Item = Id>,
) -> Result<(), PackageFault> {
    if ids.len() > MAX_ENTRIES {
        return Err(PackageFault::TooMany { max: MAX_ENTRIES });
    }
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(PackageFault::Twice { id: id.to_string() });
        }
    }
    Ok(())
}

fn entrants(bids: &[NamedBid]) -> Vec<Entrant> {
    bids.iter().map(|bid| Entrant { bid: bid.id, sealed_at: bid.sealed_at }).collect()
}

fn counted(sheets: &[PackedSheet]) -> Vec<Sheet> {
    let counted = sheets.iter().filter(|sheet| sheet.left_out.is_none());
    let sheet = |sheet: &PackedSheet| Sheet {
        bid: sheet.bid,
        reviewer: sheet.reviewer,
        scores_milli: sheet.scores_milli.clone(),
        votes: sheet.votes.clone(),
    };
    counted.map(sheet).collect()
}

/// Line and column: the reader's own words are English.
fn place_of(fault: &serde_json::Error) -> String {
    format!("{}:{}", fault.line(), fault.column())
}

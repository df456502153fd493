//! Computing a packaged result again and naming every difference. Pure. Deliberately absent: an opinion about which of
//! two differing values is right.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::BidId;
use domain::rule::{Rule, TieBreak, hex};
use domain::score::{Outcome, RankedBid, ScoreProblem, rank_entrants};
use sha2::{Digest, Sha256};
use tables::{bid_id, reviewer_id};

use super::content::{ALGORITHM_VERSION, Algorithm, Package, PackageFault};
use crate::cli::seed::{Seed, is_blank};

/// Something in the file that is not what the computation gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The file was changed after it was sealed.
    Content { published: String, computed: String },
    /// The hash is not that of the rule beside it.
    RuleHash { published: String, computed: String },
    /// The commitment is not that of the seed beside it.
    Commitment { published: String, computed: String },
    /// The seed is not the one the rule committed to.
    Promise { promised: String, computed: String },
    /// A tie goes down to the draw, and the file has no seed or a blank one.
    SeedMissing,
    /// Another edition of the computation wrote the file.
    Algorithm { name: String, version: u32 },
    /// A name that is not the one its id was made of.
    Name { name: String },
    /// A bid at another place or with another total; `None` where one of the two does not have the bid.
    Row { bid: BidId, published: Option<Place>, computed: Option<Place> },
    /// Rank and total agree, something else of the row does not.
    Detail { bid: BidId, part: Part },
}

/// Where a bid stands; without a sheet that counts it stands nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub rank: u32,
    pub total_milli: i64,
    pub has_scores: bool,
}

/// What differs in a row beside rank and total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Outcome,
    Criteria,
    Sheets,
    Tie,
    FirstPlaces,
}

/// Why nothing can be computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotComputable {
    Package(PackageFault),
    Score(ScoreProblem),
}

/// Every difference, the seals first, then the rows in the order of the computed ranking. Empty: identical.
///
/// # Errors
/// When the rule is none or the sheets do not fit it.
pub fn differences(package: &Package) -> Result<Vec<Difference>, NotComputable> {
    let rule = package.parsed_rule().map_err(NotComputable::Package)?;
    let mut found = seals(package, &rule);
    found.extend(names_exchanged(package));
    let seed = package.draw.as_ref().map(|draw| Seed::new(&draw.seed).bytes).unwrap_or_default();
    let (sheets, entrants) = (package.counted_sheets(), package.entrants());
    let computed =
        rank_entrants(&rule, package.gate, &sheets, &entrants, &seed).map_err(NotComputable::Score)?;
    let is_drawn =
        |row: &RankedBid| row.tie_broken_by == Some(TieBreak::Draw) && row.outcome != Outcome::NoSheets;
    let has_seed = package.draw.as_ref().is_some_and(|draw| !is_blank(&draw.seed));
    if !has_seed && computed.rows.iter().any(is_drawn) {
        found.push(Difference::SeedMissing);
    }
    let mut published: BTreeMap<BidId, &RankedBid> =
        package.ranking.rows.iter().map(|row| (row.bid, row)).collect();
    for row in &computed.rows {
        match published.remove(&row.bid) {
            Some(other) => found.extend(between(other, row)),
            None => found.push(Difference::Row { bid: row.bid, published: None, computed: Some(place(row)) }),
        }
    }
    let extra = package.ranking.rows.iter().filter(|row| published.contains_key(&row.bid));
    found.extend(extra.map(|row| Difference::Row {
        bid: row.bid,
        published: Some(place(row)),
        computed: None,
    }));
    Ok(found)
}

/// Every name with its id and the id that the name makes; bids first.
fn named_ids(package: &Package) -> [Vec<(&str, u128, u128)>; 2] {
    let bids = package.bids.iter();
    let bids = bids.map(|bid| (bid.name.as_str(), bid.id.0.as_u128(), bid_id(&bid.name).0.as_u128()));
    let reviewers = package.reviewers.iter();
    let reviewers =
        reviewers.map(|one| (one.name.as_str(), one.id.0.as_u128(), reviewer_id(&one.name).0.as_u128()));
    [bids.collect(), reviewers.collect()]
}

/// Names whose ids were given with the score table: nothing in the file ties the one to the other.
pub fn names_with_given_ids(package: &Package) -> usize {
    named_ids(package).iter().flatten().filter(|(_, id, made)| id != made).count()
}

/// Names that were exchanged or replaced. A name that makes another entry's id is; so is one beside names that make
/// theirs, unless its id has the form of a UUID that was given (RFC 9562, variant 2, versions 1 to 8).
fn names_exchanged(package: &Package) -> Vec<Difference> {
    let mut found = Vec::new();
    for list in named_ids(package) {
        let ids: BTreeSet<u128> = list.iter().map(|(_, id, _)| *id).collect();
        let has_made = list.iter().any(|(_, id, made)| id == made);
        let is_given = |id: u128| (id >> 62) & 3 == 2 && (1..=8).contains(&((id >> 76) & 15));
        let wrong = list
            .iter()
            .filter(|(_, id, made)| id != made && (ids.contains(made) || has_made && !is_given(*id)));
        found.extend(wrong.map(|(name, ..)| Difference::Name { name: (*name).to_owned() }));
    }
    found
}

/// Hashes and commitments.
fn seals(package: &Package, rule: &Rule) -> Vec<Difference> {
    let mut found = Vec::new();
    let computed = package.content_sha256();
    if computed != package.sha256 {
        found.push(Difference::Content { published: package.sha256.clone(), computed });
    }
    let computed = hex(&Sha256::digest(package.rule.as_bytes()));
    if computed != package.rule_sha256 {
        found.push(Difference::RuleHash { published: package.rule_sha256.clone(), computed });
    }
    if let Some(draw) = &package.draw {
        let seed = Seed::new(&draw.seed);
        let computed = seed.commitment();
        if computed != draw.commitment {
            found.push(Difference::Commitment {
                published: draw.commitment.clone(),
                computed: computed.clone(),
            });
        }
        if !seed.keeps_promise_of(rule, package.gate) {
            let computed = rule.commitment_of(package.gate, &seed.bytes);
            found.push(Difference::Promise { promised: rule.draw_commitment.clone(), computed });
        }
    }
    let Algorithm { name, version } = &package.algorithm;
    if *name != Algorithm::current().name || *version != ALGORITHM_VERSION {
        found.push(Difference::Algorithm { name: name.clone(), version: *version });
    }
    found
}

fn between(published: &RankedBid, computed: &RankedBid) -> Vec<Difference> {
    let bid = computed.bid;
    if place(published) != place(computed) {
        let (published, computed) = (Some(place(published)), Some(place(computed)));
        return vec![Difference::Row { bid, published, computed }];
    }
    let parts = [
        (published.outcome != computed.outcome, Part::Outcome),
        (published.per_criterion_milli != computed.per_criterion_milli, Part::Criteria),
        (published.sheets != computed.sheets, Part::Sheets),
        (published.tie_broken_by != computed.tie_broken_by, Part::Tie),
        (published.first_places != computed.first_places, Part::FirstPlaces),
    ];
    let differing = parts.into_iter().filter(|(differs, _)| *differs);
    differing.map(|(_, part)| Difference::Detail { bid, part }).collect()
}

fn place(row: &RankedBid) -> Place {
    Place { rank: row.rank, total_milli: row.total_milli, has_scores: row.outcome != Outcome::NoSheets }
}

//! Computing a packaged result again and naming every difference. Pure. Deliberately absent: an opinion about which of
//! two differing values is right.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::BidId;
use domain::race::{GateLine, OutOfPlace, Replay};
use domain::rule::{Rule, TieBreak, hex};
use domain::score::{Outcome, RankedBid, Ranking, ScoreProblem, rank_entrants};
use sha2::{Digest, Sha256};
use tables::{bid_id, reviewer_id};

use super::content::{ALGORITHM_VERSION, Algorithm, NamedBid, NamedReviewer, Package, PackageFault};
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
    /// A team that stands elsewhere in the race, with other points so far or another outcome.
    Standing { bid: BidId, published: Option<GateLine>, computed: Option<GateLine> },
    /// A team that an earlier gate had cut by the rule and that has scores at a later one.
    CutBefore(OutOfPlace),
    /// A team with another time of sealing at a later gate.
    Resealed(OutOfPlace),
    /// An id with two names at two gates.
    Renamed { one: String, other: String },
    /// Everything agrees but the order of the rows.
    Order,
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
    /// The scores of this gate (0 is the selection) do not fit the rule.
    Score(u32, ScoreProblem),
    /// A team of the race that a gate did not score.
    Unscored(OutOfPlace),
}

/// A package computed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The seals first, then the rows in the order of the computed ranking, then those of the race. Empty: identical.
    pub differences: Vec<Difference>,
    pub reservations: Reservations,
}

/// What an identical result does not show, and who reads it should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservations {
    /// Teams of a race that a gate let go on and that have no scores at the next.
    pub gone: Vec<OutOfPlace>,
    /// A later gate without those before it.
    pub is_gate_alone: bool,
    /// A draw whose seed nobody was bound to.
    pub is_unbound: bool,
    /// Sheets of this gate that do not count.
    pub left_out: usize,
}

/// [`Checked::differences`].
///
/// # Errors
/// As [`check`].
pub fn differences(package: &Package) -> Result<Vec<Difference>, NotComputable> {
    check(package).map(|checked| checked.differences)
}

/// Computes the package again.
///
/// # Errors
/// When the rule is none, the sheets do not fit it, or a team of the race lacks scores.
pub fn check(package: &Package) -> Result<Checked, NotComputable> {
    let rule = package.parsed_rule().map_err(NotComputable::Package)?;
    let mut found = seals(package, &rule);
    found.extend(names_exchanged(package));
    let seed = package.draw.as_ref().filter(|draw| !is_blank(&draw.seed));
    let seed = seed.map(|draw| Seed::new(&draw.seed).bytes);
    let race = race_of(package, &rule, seed.as_deref())?;
    let alone;
    let rankings: Vec<&Ranking> = match &race {
        Some(race) => race.gates.iter().map(|gate| &gate.ranked.ranking).collect(),
        None => {
            let (sheets, entrants) = (package.counted_sheets(), package.entrants());
            let seed = seed.as_deref().unwrap_or_default();
            alone = rank_entrants(&rule, package.gate, &sheets, &entrants, seed)
                .map_err(|problem| NotComputable::Score(package.gate, problem))?;
            vec![&alone]
        }
    };
    let is_drawn = rankings.iter().any(|ranking| has_draw(ranking));
    if seed.is_none() && is_drawn {
        found.push(Difference::SeedMissing);
    }
    let computed = rankings.last().map(|ranking| ranking.rows.as_slice()).unwrap_or_default();
    let before = found.len();
    let no_row = |bid, published: Option<&RankedBid>, computed: Option<&RankedBid>| {
        let (published, computed) = (published.map(place), computed.map(place));
        vec![Difference::Row { bid, published, computed }]
    };
    found.extend(against(&package.ranking.rows, computed, |row| row.bid, between, no_row));
    let mut is_in_order =
        package.ranking.rows.iter().map(|row| row.bid).eq(computed.iter().map(|row| row.bid));
    if let Some(race) = &race {
        let lines = race.gates.last().map(|gate| gate.lines.as_slice()).unwrap_or_default();
        let lines: Vec<GateLine> = lines.iter().map(|line| line.decided.clone()).collect();
        let standing = |bid, published: Option<&GateLine>, computed: Option<&GateLine>| {
            vec![Difference::Standing { bid, published: published.cloned(), computed: computed.cloned() }]
        };
        let differs = |published: &GateLine, computed: &GateLine| {
            if published == computed {
                return Vec::new();
            }
            standing(computed.bid, Some(published), Some(computed))
        };
        found.extend(against(&package.standings, &lines, |line| line.bid, differs, standing));
        found.extend(race.cut_before.iter().copied().map(Difference::CutBefore));
        found.extend(race.resealed.iter().copied().map(Difference::Resealed));
        is_in_order &= package.standings.iter().map(|line| line.bid).eq(lines.iter().map(|line| line.bid));
    }
    if found.len() == before && !is_in_order {
        found.push(Difference::Order);
    }
    let reservations = Reservations {
        is_gate_alone: package.gate > 1 && race.is_none(),
        is_unbound: is_drawn && rule.draw_commitment.is_empty(),
        left_out: package.sheets.iter().filter(|sheet| sheet.left_out.is_some()).count(),
        gone: race.map(|race| race.gone).unwrap_or_default(),
    };
    Ok(Checked { differences: found, reservations })
}

/// The race computed again; `None` for the package of one stage.
fn race_of(package: &Package, rule: &Rule, seed: Option<&[u8]>) -> Result<Option<Replay>, NotComputable> {
    if package.earlier.is_empty() {
        return Ok(None);
    }
    let race = Replay::of(rule, &package.gate_tables(), seed);
    let race = race.map_err(|(gate, problem)| NotComputable::Score(gate, problem))?;
    match race.unscored.first() {
        Some(team) => Err(NotComputable::Unscored(*team)),
        None => Ok(Some(race)),
    }
}

/// Whether a tie among scored bids went down to the draw.
pub fn has_draw(ranking: &Ranking) -> bool {
    let is_drawn =
        |row: &RankedBid| row.tie_broken_by == Some(TieBreak::Draw) && row.outcome != Outcome::NoSheets;
    ranking.rows.iter().any(is_drawn)
}

/// What is computed, row by row, against what was published; then what was published beside it.
fn against<Row>(
    published: &[Row],
    computed: &[Row],
    bid: impl Fn(&Row) -> BidId,
    between: impl Fn(&Row, &Row) -> Vec<Difference>,
    alone: impl Fn(BidId, Option<&Row>, Option<&Row>) -> Vec<Difference>,
) -> Vec<Difference> {
    let mut left: BTreeMap<BidId, &Row> = published.iter().map(|row| (bid(row), row)).collect();
    let mut found = Vec::new();
    for row in computed {
        found.extend(match left.remove(&bid(row)) {
            Some(other) => between(other, row),
            None => alone(bid(row), None, Some(row)),
        });
    }
    let extra = published.iter().filter(|row| left.contains_key(&bid(row)));
    found.extend(extra.flat_map(|row| alone(bid(row), Some(row), None)));
    found
}

/// A name, its id, and the id that the name makes.
type NamedId<'a> = (&'a str, u128, u128);

fn ids_of_bids(bids: &[NamedBid]) -> Vec<NamedId<'_>> {
    let id = |bid: &NamedBid| (bid.id.0.as_u128(), bid_id(&bid.name).0.as_u128());
    bids.iter().map(|bid| (bid.name.as_str(), id(bid).0, id(bid).1)).collect()
}

fn ids_of_reviewers(reviewers: &[NamedReviewer]) -> Vec<NamedId<'_>> {
    let id = |one: &NamedReviewer| (one.id.0.as_u128(), reviewer_id(&one.name).0.as_u128());
    reviewers.iter().map(|one| (one.name.as_str(), id(one).0, id(one).1)).collect()
}

/// The bids of each gate so far, then the reviewers.
fn named_ids(package: &Package) -> [Vec<Vec<NamedId<'_>>>; 2] {
    let bids = package.earlier.iter().map(|gate| ids_of_bids(&gate.bids));
    let reviewers = package.earlier.iter().map(|gate| ids_of_reviewers(&gate.reviewers));
    [
        bids.chain([ids_of_bids(&package.bids)]).collect(),
        reviewers.chain([ids_of_reviewers(&package.reviewers)]).collect(),
    ]
}

/// Names whose ids were given with the score table: nothing in the file ties the one to the other.
pub fn names_with_given_ids(package: &Package) -> usize {
    let given = |gates: &Vec<Vec<NamedId<'_>>>| {
        let all = gates.iter().flatten().filter(|(_, id, made)| id != made);
        all.map(|(_, id, _)| *id).collect::<BTreeSet<u128>>().len()
    };
    named_ids(package).iter().map(given).sum()
}

/// Names that were exchanged or replaced. A name that makes another entry's id is; so is one beside names that make
/// theirs, unless its id has the form of a UUID that was given (RFC 9562, variant 2, versions 1 to 8). Each gate has its own
/// list; an id with two names at two gates is found across them.
fn names_exchanged(package: &Package) -> Vec<Difference> {
    let mut found = Vec::new();
    for gates in named_ids(package) {
        let mut name_of: BTreeMap<u128, &str> = BTreeMap::new();
        let mut renamed = BTreeSet::new();
        for list in &gates {
            let ids: BTreeSet<u128> = list.iter().map(|(_, id, _)| *id).collect();
            let has_made = list.iter().any(|(_, id, made)| id == made);
            let is_given = |id: u128| (id >> 62) & 3 == 2 && (1..=8).contains(&((id >> 76) & 15));
            for (name, id, made) in list {
                if id != made && (ids.contains(made) || has_made && !is_given(*id)) {
                    found.push(Difference::Name { name: (*name).to_owned() });
                } else if *name_of.entry(*id).or_insert(name) != *name && renamed.insert(*id) {
                    let one = name_of.get(id).copied().unwrap_or_default().to_owned();
                    found.push(Difference::Renamed { one, other: (*name).to_owned() });
                }
            }
        }
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

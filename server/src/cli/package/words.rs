//! What is said of a package: why it is none, why nothing can be computed from it, and what differs. Deliberately absent:
//! finding that out, see `compare`.

use std::collections::BTreeMap;

use app::catalogue::{t, tf, word};
use app::text::Locale;
use domain::id::BidId;
use domain::race::GateLine;
use domain::score::ScoreProblem;

use super::compare::{Difference, NotComputable, Part, Place};
use super::content::{ALGORITHM_VERSION, Package, PackageFault};
use crate::cli::rank::{TeamOutOfPlace, score_problem};
use crate::cli::shown::plain;
use crate::cli::words::points;

/// Differences beyond this many are counted, not listed.
pub const LISTED: usize = 200;

/// Every bid of the file by its name.
pub fn names_of(package: &Package) -> BTreeMap<BidId, &str> {
    let bids = package.earlier.iter().flat_map(|gate| &gate.bids).chain(&package.bids);
    bids.map(|bid| (bid.id, bid.name.as_str())).collect()
}

/// Why nothing can be computed, in words.
pub fn not_computable(locale: Locale, package: &Package, fault: &NotComputable) -> String {
    let names = names_of(package);
    match fault {
        NotComputable::Package(fault) => said(locale, fault),
        NotComputable::Score(gate, ScoreProblem::UnknownGate { .. }) => {
            tf(locale, "tool.verify.unknown_gate", &[("gate", &gate.to_string())])
        }
        NotComputable::Score(_, problem) => score_problem(locale, problem, &names),
        NotComputable::Unscored(team) => {
            let key = if team.here == team.gate { "tool.race.unscored" } else { "tool.race.missing" };
            TeamOutOfPlace::new(&names, *team).words(locale, key)
        }
    }
}

/// One difference in words.
pub fn difference(locale: Locale, names: &BTreeMap<BidId, &str>, difference: &Difference) -> String {
    let name = |bid: &BidId| names.get(bid).map_or_else(|| bid.to_string(), |name| plain(name));
    let pair = |key: &str, published: &str, computed: &str| {
        let (published, computed) = (plain(published), plain(computed));
        tf(locale, key, &[("published", &published), ("computed", &computed)])
    };
    let of_bid = |key: &str, bid: &BidId, published: &str, computed: &str| {
        tf(locale, key, &[("bid", &name(bid)), ("published", published), ("computed", computed)])
    };
    match difference {
        Difference::Content { published, computed } => pair("tool.verify.content", published, computed),
        Difference::RuleHash { published, computed } => pair("tool.verify.rule_hash", published, computed),
        Difference::Commitment { published, computed } => pair("tool.verify.commitment", published, computed),
        Difference::Promise { promised, computed } => pair("tool.verify.promise", promised, computed),
        Difference::SeedMissing => t(locale, "tool.verify.seed_missing").to_owned(),
        Difference::Algorithm { name, version } => {
            let (name, version) = (plain(name), version.to_string());
            let ours = ALGORITHM_VERSION.to_string();
            tf(locale, "tool.verify.algorithm", &[("name", &name), ("version", &version), ("ours", &ours)])
        }
        Difference::Name { name } => tf(locale, "tool.verify.name", &[("name", &plain(name))]),
        Difference::Row { bid, published, computed } => {
            let (published, computed) = (place(locale, published.as_ref()), place(locale, computed.as_ref()));
            of_bid("tool.verify.row", bid, &published, &computed)
        }
        Difference::Detail { bid, part } => {
            let part = match part {
                Part::Outcome => "outcome",
                Part::Criteria => "criteria",
                Part::Sheets => "sheets",
                Part::Tie => "tie",
                Part::FirstPlaces => "first_places",
            };
            let part = t(locale, &format!("tool.verify.part.{part}"));
            tf(locale, "tool.verify.detail", &[("bid", &name(bid)), ("part", part)])
        }
        Difference::Standing { bid, published, computed } => {
            let (published, computed) =
                (standing(locale, published.as_ref()), standing(locale, computed.as_ref()));
            of_bid("tool.verify.standing", bid, &published, &computed)
        }
        Difference::CutBefore(team) => {
            TeamOutOfPlace::new(names, *team).words(locale, "tool.verify.cut_before")
        }
        Difference::Resealed(team) => {
            TeamOutOfPlace::new(names, *team).words(locale, "tool.verify.sealed_at")
        }
        Difference::Renamed { one, other } => {
            tf(locale, "tool.verify.renamed", &[("one", &plain(one)), ("other", &plain(other))])
        }
        Difference::Order => t(locale, "tool.verify.order").to_owned(),
    }
}

fn place(locale: Locale, place: Option<&Place>) -> String {
    match place {
        Some(Place { has_scores: false, .. }) => t(locale, "tool.verify.no_scores").to_owned(),
        Some(Place { rank, total_milli, .. }) => {
            let (rank, total) = (rank.to_string(), points(*total_milli));
            tf(locale, "tool.verify.place", &[("rank", &rank), ("total", &total)])
        }
        None => t(locale, "tool.verify.not_there").to_owned(),
    }
}

fn standing(locale: Locale, line: Option<&GateLine>) -> String {
    let Some(line) = line else { return t(locale, "tool.verify.not_there").to_owned() };
    let values = [
        ("rank", line.rank.to_string()),
        ("total", points(line.gate_total_milli)),
        ("so_far", points(line.cumulative_milli)),
        ("outcome", word(locale, "gate_outcome", line.outcome.key()).to_owned()),
    ];
    let borrowed = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    tf(locale, "tool.verify.in_the_race", &borrowed)
}

/// Why bytes are no package, in words.
pub fn said(locale: Locale, fault: &PackageFault) -> String {
    let one = |key: &str, name: &str, value: &str| tf(locale, key, &[(name, &plain(value))]);
    match fault {
        PackageFault::TooLarge { max } => {
            one("tool.verify.too_large", "mib", &(max / 1024 / 1024).to_string())
        }
        PackageFault::Unreadable { line, column } => {
            let (line, column) = (line.to_string(), column.to_string());
            tf(locale, "tool.verify.unreadable", &[("line", &line), ("column", &column)])
        }
        PackageFault::UnknownField { field } => one("tool.verify.unknown_field", "field", field),
        PackageFault::OtherFormat { found } => one("tool.verify.other_format", "found", found),
        PackageFault::TooMany { max } => one("tool.verify.too_many", "max", &max.to_string()),
        PackageFault::Twice { id } => one("tool.verify.twice", "id", id),
        PackageFault::Nameless { id } => one("tool.verify.nameless", "id", id),
        PackageFault::Gates { gate, given } => {
            let needed = gate.saturating_sub(1).to_string();
            let (gate, given) = (gate.to_string(), given.to_string());
            tf(locale, "tool.verify.gates", &[("gate", &gate), ("needed", &needed), ("given", &given)])
        }
        PackageFault::NotARule { detail } => one("tool.verify.not_a_rule", "detail", detail),
    }
}

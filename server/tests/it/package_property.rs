//! Whatever is packed verifies, and a rule that the program would not follow to the letter never does.

use domain::id::BidId;
use domain::preset;
use domain::race::{GateOutcome, OutOfPlace, Replay};
use domain::rule::{Bilingual, Gate, Rule};
use domain::score::{Sheet, rank_entrants};
use domain::time::Timestamp;
use proptest::prelude::*;
use server::cli::package::compare::{Difference, NotComputable, differences};
use server::cli::package::content::{
    Algorithm, Draw, FORMAT, NamedBid, NamedReviewer, Package, PackageFault, PackedGate, PackedSheet,
    RACE_FORMAT,
};
use sha2::{Digest, Sha256};
use tables::{bid_id, reviewer_id};

/// Bids by reviewers; a number picks the scores and the votes of a sheet, `None` is no sheet.
fn competition() -> impl Strategy<Value = (usize, Vec<Vec<Option<u64>>>, String)> {
    let sheet = prop::option::weighted(0.8, 0..u64::MAX);
    (1usize..6, 0..preset::all().len()).prop_flat_map(move |(reviewers, rule)| {
        let rows = prop::collection::vec(prop::collection::vec(sheet.clone(), reviewers), 1..8);
        // A seed has something to draw with; what a blank one leads to is a test of its own.
        (Just(rule), rows, "[a-z0-9 甲]{0,11}[a-z0-9甲]")
    })
}

fn packed(rule: &Rule, table: &[Vec<Option<u64>>], seed: &str) -> Package {
    let scale = rule.rubric.scale;
    let steps = u64::try_from((scale.max_milli - scale.min_milli) / scale.step_milli).unwrap() + 1;
    let bids: Vec<NamedBid> = (0..table.len())
        .map(|bid| {
            let name = format!("投标 {bid}");
            let sealed_at = rule.needs_sealing_times().then_some(Timestamp(i64::try_from(bid).unwrap()));
            NamedBid { id: bid_id(&name), name, sealed_at }
        })
        .collect();
    let reviewers: Vec<NamedReviewer> = (0..table.iter().map(Vec::len).max().unwrap_or(0))
        .map(|reviewer| format!("专家 {reviewer}"))
        .map(|name| NamedReviewer { id: reviewer_id(&name), name })
        .collect();
    let score = |number: u64, criterion: usize| {
        let step = number.rotate_left(u32::try_from(criterion * 7).unwrap()) % steps;
        scale.min_milli + i64::try_from(step).unwrap() * scale.step_milli
    };
    let mut sheets = Vec::new();
    for (bid, row) in bids.iter().zip(table) {
        for (reviewer, number) in reviewers.iter().zip(row) {
            let Some(number) = number else { continue };
            let scores_milli = (0..rule.rubric.criteria.len()).map(|at| score(*number, at)).collect();
            let votes = (0..rule.votes.len()).map(|vote| number >> vote & 1 == 1).collect();
            let left_out = (number % 11 == 0).then(|| "迟交".to_owned());
            sheets.push(PackedSheet { bid: bid.id, reviewer: reviewer.id, scores_milli, votes, left_out });
        }
    }
    let frozen = rule.freeze();
    let mut package = Package {
        format: FORMAT.to_owned(),
        algorithm: Algorithm::current(),
        rule: frozen.canonical,
        rule_sha256: frozen.hash,
        gate: 0,
        draw: Some(Draw {
            seed: seed.to_owned(),
            commitment: domain::rule::hex(&Sha256::digest(seed.as_bytes())),
        }),
        bids,
        reviewers,
        sheets,
        earlier: Vec::new(),
        ranking: domain::score::Ranking::default(),
        standings: Vec::new(),
        sha256: String::new(),
    };
    let counted: Vec<Sheet> = package.counted_sheets();
    package.ranking = rank_entrants(rule, 0, &counted, &package.entrants(), seed.as_bytes()).unwrap();
    package.sealed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_packed_verifies_after_any_way_through_a_file((rule, table, seed) in competition()) {
        let rule = preset::all().swap_remove(rule).rule;
        let package = packed(&rule, &table, &seed);
        let read = Package::from_bytes(&package.to_bytes().unwrap()).unwrap();
        prop_assert_eq!(&read, &package);
        prop_assert_eq!(differences(&read), Ok(Vec::new()));
    }

    #[test]
    fn any_other_total_is_noticed((rule, table, seed) in competition(), which in 0usize..8, by in 1i64..5_000) {
        let rule = preset::all().swap_remove(rule).rule;
        let mut package = packed(&rule, &table, &seed);
        let which = which % package.ranking.rows.len();
        package.ranking.rows[which].total_milli += by;
        let found = differences(&package.sealed()).unwrap();
        let named = found.iter().any(|difference| matches!(difference, Difference::Row { .. }));
        prop_assert!(named, "{:?}", found);
    }
}

#[test]
fn a_drawn_tie_needs_a_seed_that_is_not_blank_and_a_ranking_without_one_does_not() {
    let level = [vec![Some(5), Some(9)], vec![Some(5), Some(9)]];
    let apart = [vec![Some(90), Some(90)], vec![Some(3), Some(3)]];
    let rule = Rule::policy_preset();
    let without = |table: &[Vec<Option<u64>>]| {
        let mut package = packed(&rule, table, "");
        package.draw = None;
        differences(&package.sealed())
    };
    for seed in ["", " ", "\u{3000}", "hex:", "hex: "] {
        // What is blank as text is not always blank as bytes; neither is a seed.
        let found = differences(&packed(&rule, &level, seed)).unwrap();
        assert!(found.contains(&Difference::SeedMissing), "{seed:?}: {found:?}");
        assert!(!differences(&packed(&rule, &apart, seed)).unwrap().contains(&Difference::SeedMissing));
    }
    assert_eq!(without(&level), Ok(vec![Difference::SeedMissing]));
    assert_eq!(without(&apart), Ok(Vec::new()));
    assert_eq!(differences(&packed(&rule, &level, "揭榜")), Ok(Vec::new()));
}

/// A rule with gates, bound to a secret: four, two, one go on.
fn race_rule(secret: &str) -> Rule {
    let mut rule = Rule::policy_preset();
    let gate = |number: i64, keep: u32, weight_permille: u32| Gate {
        title: Bilingual::new("关", "gate"),
        due: Timestamp(number),
        weight_permille,
        pass_mark_milli: 20_000,
        keep,
        rubric: None,
    };
    rule.gates = vec![gate(1, 4, 300), gate(2, 2, 300), gate(3, 1, 400)];
    rule.max_winners = 7;
    rule.promise(secret.as_bytes());
    rule
}

/// The package after `gates` gates of a race; whoever the rule cuts has no scores at the next. `None` when nobody goes on
/// before that.
fn packed_race(gates: u32, teams: usize, steps: &[u8], secret: &str) -> Option<Package> {
    let rule = race_rule(secret);
    let mut racing: Vec<usize> = (0..teams).collect();
    let mut steps = steps.iter().cycle();
    let mut tables: Vec<PackedGate> = Vec::new();
    for gate in 1..=gates {
        let named = |team: &usize| {
            let name = format!("队 {team}");
            NamedBid { id: bid_id(&name), name, sealed_at: None }
        };
        let bids: Vec<NamedBid> = racing.iter().map(named).collect();
        let reviewers = vec![NamedReviewer { id: reviewer_id("佐藤健"), name: "佐藤健".into() }];
        let sheet = |bid: &NamedBid| PackedSheet {
            bid: bid.id,
            reviewer: reviewers[0].id,
            // Few values, so that many are level and the draw is asked.
            scores_milli: (0..4).map(|_| i64::from(*steps.next().unwrap() % 3) * 30_000).collect(),
            votes: Vec::new(),
            left_out: None,
        };
        let sheets = bids.iter().map(sheet).collect();
        tables.push(PackedGate { bids, reviewers, sheets });
        let mut package = race_package(&rule, gate, tables.clone(), secret);
        let replay =
            Replay::of(&rule, &package.gate_tables(), Some(&rule.seed_at(gate, secret.as_bytes()))).unwrap();
        let last = replay.gates.last().unwrap();
        package.ranking = last.ranked.ranking.clone();
        let lines = last.lines.iter().map(|line| line.decided.clone());
        package.standings = if gate > 1 { lines.collect() } else { Vec::new() };
        if gate == gates {
            return Some(package.sealed());
        }
        let goes_on = |team: &usize| {
            let id = bid_id(&format!("队 {team}"));
            last.lines
                .iter()
                .any(|line| line.decided.bid == id && line.outcome == Some(GateOutcome::Continue))
        };
        racing.retain(goes_on);
        if racing.is_empty() {
            return None;
        }
    }
    None
}

fn race_package(rule: &Rule, gate: u32, mut tables: Vec<PackedGate>, secret: &str) -> Package {
    let PackedGate { bids, reviewers, sheets } = tables.pop().unwrap();
    let frozen = rule.freeze();
    let seed = rule.seed_at(gate, secret.as_bytes());
    Package {
        format: if tables.is_empty() { FORMAT } else { RACE_FORMAT }.to_owned(),
        algorithm: Algorithm::current(),
        rule: frozen.canonical,
        rule_sha256: frozen.hash,
        gate,
        draw: Some(Draw {
            seed: format!("hex:{}", domain::rule::hex(&seed)),
            commitment: domain::rule::hex(&Sha256::digest(&seed)),
        }),
        bids,
        reviewers,
        sheets,
        earlier: tables,
        ranking: domain::score::Ranking::default(),
        standings: Vec::new(),
        sha256: String::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_packed_race_verifies_and_no_standing_of_it_can_be_changed(
        (gates, teams) in (1u32..=3, 1usize..8),
        steps in prop::collection::vec(any::<u8>(), 1..60),
        (which, by) in (any::<prop::sample::Index>(), 1i64..5_000),
    ) {
        let Some(package) = packed_race(gates, teams, &steps, "a secret of the race") else { return Ok(()) };
        let mut read = Package::from_bytes(&package.to_bytes().unwrap()).unwrap();
        prop_assert_eq!(&read, &package);
        prop_assert_eq!(differences(&read), Ok(Vec::new()));
        if read.standings.is_empty() {
            return Ok(());
        }
        let line = which.index(read.standings.len());
        read.standings[line].cumulative_milli += by;
        let bid = read.standings[line].bid;
        let found = differences(&read.clone().sealed()).unwrap();
        let named = |found: &[Difference]| {
            matches!(found, [Difference::Standing { bid: named, .. }] if *named == bid)
        };
        prop_assert!(named(&found), "{:?}", found);
        read.standings.remove(line);
        let found = differences(&read.sealed()).unwrap();
        prop_assert!(named(&found), "{:?}", found);
    }
}

#[test]
fn a_team_that_the_rule_had_cut_or_that_lacks_a_gate_is_named() {
    // Seven teams from best to worst: four go on.
    let steps: Vec<u8> = (0..7u8).flat_map(|team| [if team < 4 { 2 } else { 1 }; 4]).collect();
    let package = packed_race(2, 7, &steps, "secret").unwrap();
    let cut = bid_id("队 6");
    let mut with_cut = package.clone();
    with_cut.bids.push(NamedBid { id: cut, name: "队 6".into(), sealed_at: None });
    let sheet = PackedSheet { bid: cut, ..with_cut.sheets[0].clone() };
    with_cut.sheets.push(sheet);
    let found = differences(&with_cut.sealed()).unwrap();
    let out = OutOfPlace { bid: cut, here: 2, gate: 1 };
    assert!(found.contains(&Difference::CutBefore(out)), "{found:?}");
    let mut lacking = package.clone();
    lacking.earlier[0].sheets.retain(|sheet| sheet.bid != package.bids[0].id);
    let out = OutOfPlace { bid: package.bids[0].id, here: 2, gate: 1 };
    assert_eq!(differences(&lacking.sealed()), Err(NotComputable::Unscored(out)));
    // What the file says besides is not passed over: nobody hashes it.
    let mut text: serde_json::Value = serde_json::to_value(&package).unwrap();
    text["standings"][0]["remark"] = "disqualified".into();
    let read = Package::from_bytes(text.to_string().as_bytes());
    assert_eq!(read, Err(PackageFault::UnknownField { field: "standings.0.remark".into() }));
    // Names as a score table goes by them, one sheet of each expert, reasons that say something.
    let check = |field: &str, change: fn(&mut Package)| {
        let mut changed = package.clone();
        change(&mut changed);
        let read = Package::from_bytes(&changed.sealed().to_bytes().unwrap());
        assert_eq!(read, Err(PackageFault::UnknownField { field: field.into() }));
    };
    check("bids.name", |package| package.bids[1].name = package.bids[0].name.clone());
    check("bids.name", |package| package.earlier[0].bids[0].name = " ".into());
    check("sheets.left_out", |package| package.sheets[0].left_out = Some(String::new()));
    check("sheets.reviewer", |package| package.sheets.push(package.sheets[0].clone()));
    let mut resealed = package.clone();
    let bid = resealed.bids[0].id;
    let at_both = resealed.earlier[0].bids.iter_mut().chain(&mut resealed.bids).filter(|one| one.id == bid);
    (1..).zip(at_both).for_each(|(at, one)| one.sealed_at = Some(Timestamp(at)));
    let again = OutOfPlace { bid, here: 2, gate: 1 };
    assert_eq!(differences(&resealed.sealed()), Ok(vec![Difference::Resealed(again)]));
    let mut reversed = package.clone();
    reversed.standings.reverse();
    assert_eq!(differences(&reversed.sealed()), Ok(vec![Difference::Order]));
    // The gates before are as many as the gate says.
    let mut short = package.clone();
    short.gate = 3;
    let read = Package::from_bytes(&short.sealed().to_bytes().unwrap());
    assert_eq!(read, Err(PackageFault::Gates { gate: 3, given: 1 }));
    // Who has one name at one gate and another at the next was renamed.
    let mut renamed = package;
    let id = uuid::Uuid::now_v7();
    for bid in renamed.bids.iter_mut().chain(&mut renamed.earlier[0].bids).filter(|bid| bid.name == "队 0") {
        bid.id = BidId(id);
    }
    let old = bid_id("队 0");
    let sheets = renamed.earlier[0].sheets.iter_mut().chain(&mut renamed.sheets);
    sheets.filter(|sheet| sheet.bid == old).for_each(|sheet| sheet.bid = BidId(id));
    renamed.bids.iter_mut().find(|bid| bid.id.0 == id).unwrap().name = "队 九".into();
    let found = differences(&renamed.sealed()).unwrap();
    let renamed = Difference::Renamed { one: "队 0".into(), other: "队 九".into() };
    assert!(found.contains(&renamed), "{found:?}");
}

fn with_rule_text(change: impl FnOnce(&mut serde_json::Value)) -> Result<Vec<Difference>, NotComputable> {
    let mut package =
        packed(&Rule::policy_preset(), &[vec![Some(3), Some(5)], vec![Some(7), Some(1)]], "seed");
    let mut rule: serde_json::Value = serde_json::from_str(&package.rule).unwrap();
    change(&mut rule);
    package.rule = rule.to_string();
    package.rule_sha256 = domain::rule::hex(&Sha256::digest(package.rule.as_bytes()));
    differences(&package.sealed())
}

#[test]
fn a_rule_that_would_not_be_followed_to_the_letter_is_refused() {
    assert_eq!(with_rule_text(|_| {}), Ok(Vec::new()));
    let check = |what: &str, change: fn(&mut serde_json::Value)| {
        let found = with_rule_text(change);
        assert!(
            matches!(found, Err(NotComputable::Package(PackageFault::NotARule { .. }))),
            "{what}: {found:?}"
        );
    };
    check("a field nobody reads", |rule| rule["minimum_sheets"] = 7.into());
    check("another format", |rule| rule["format"] = 99.into());
    check("no winners", |rule| rule["max_winners"] = 0.into());
    check("more criteria than a sheet may have", |rule| {
        let one = rule["rubric"]["criteria"][0].clone();
        rule["rubric"]["criteria"] = serde_json::Value::Array(vec![one; 60_000]);
    });
    check("an endless tie chain", |rule| {
        let one = rule["tie_chain"][1].clone();
        rule["tie_chain"] = serde_json::Value::Array(vec![one; 120_000]);
    });
}

/// A seed that is refused at once leads an attacker nowhere.
#[test]
fn what_the_attacker_begins_with_is_sound() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/result_package");
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 3);
    for file in files {
        let package = Package::from_bytes(&std::fs::read(&file).unwrap()).unwrap();
        assert_eq!(differences(&package), Ok(Vec::new()), "{}", file.display());
    }
}

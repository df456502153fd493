//! The reference cases that the binding result meets.

use std::collections::BTreeMap;

use domain::money::Fen;
use domain::preset;
use domain::rule::{Combination, Rule, Scale, TieBreak};
use domain::score::{
    Axis, Contender, Cumulative, Cut, Entrant, Outcome, RankedBid, Ranking, Sheet, StageOutcome, TwoPeriods,
    amount_ranks, down_select, exact_standing, rank, rank_entrants, sheet_total_milli, split_fen, winners,
};
use domain::time::Timestamp;
use serde_json::Value;

use crate::cases::{Case, numbers, rows};
use crate::score_tables::{bid, reviewer, rubric, rule};

fn preset(key: &str) -> Rule {
    preset::named(key).unwrap().rule
}

fn milli(points: f64) -> i64 {
    (points * 1000.0).round() as i64
}

fn points(milli: i64) -> f64 {
    milli as f64 / 1000.0
}

/// One bid's sheets, one row of points per expert.
fn sheets(number: u128, rows: &[Vec<f64>]) -> Vec<Sheet> {
    let sheet = |(expert, row): (usize, &Vec<f64>)| Sheet {
        bid: bid(number),
        reviewer: reviewer(expert as u128),
        scores_milli: row.iter().map(|points| milli(*points)).collect(),
        votes: Vec::new(),
    };
    rows.iter().enumerate().map(sheet).collect()
}

fn single(rule: &Rule, rows: &[Vec<f64>]) -> RankedBid {
    rank(rule, 0, &sheets(1, rows), &[bid(1)], b"seed").unwrap().rows.remove(0)
}

fn table(value: &Value) -> Vec<Vec<f64>> {
    rows(value).into_iter().map(|row| row.into_iter().map(Option::unwrap).collect()).collect()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Bids by the names of the case, numbered from 1 in the order of the list.
fn named(items: &Value) -> Vec<String> {
    items.as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn names_in_order(ranking: &Ranking, names: &[String]) -> Vec<String> {
    ranking.rows.iter().map(|row| names[row.bid.0.as_u128() as usize - 1].clone()).collect()
}

#[test]
fn weighted_rubric_two_orders() {
    let case = Case::named("weighted_rubric_two_orders");
    let panel = table(&case.input()["reviewer_by_criterion"]);
    let weights = ["technical", "team", "budget", "benefit", "integrity_risk"]
        .map(|key| milli(case.input()["weights"][key].as_f64().unwrap()) as u32);
    let by = |combination| {
        let mut rule = rule(rubric(Scale::HUNDRED, &weights), combination);
        rule.decimals = 3;
        single(&rule, &panel)
    };
    let mean = by(Combination::Mean);
    case.meets("/mean_of_totals", points(mean.total_milli));
    for (index, criterion) in mean.per_criterion_milli.iter().enumerate() {
        case.meets(&format!("/criterion_means/{index}"), points(*criterion));
    }
    case.meets("/drop1_of_totals", points(by(Combination::DropExtremesOnTotals).total_milli));
    // A published total has at most three decimals, the case has more.
    let dropped = points(by(Combination::DropExtremesPerCriterion).total_milli);
    let expected = case.expected()["criterion_drop1_then_weight"].as_f64().unwrap();
    assert_eq!(milli(expected), milli(dropped));
    for (index, row) in panel.iter().enumerate() {
        let scores: Vec<Option<i64>> = row.iter().map(|points| Some(milli(*points))).collect();
        let total = sheet_total_milli(&rubric(Scale::HUNDRED, &weights), &scores, 2).unwrap();
        case.meets(&format!("/reviewer_totals/{index}"), points(total));
    }
}

#[test]
fn drop_high_low() {
    let case = Case::named("drop_high_low");
    let column = |field: &str| -> Vec<Vec<f64>> {
        numbers(&case.input()[field]).into_iter().map(|score| vec![score]).collect()
    };
    let by = |combination, least, scores: &str| {
        let mut rule = rule(rubric(Scale::HUNDRED, &[1000]), combination);
        (rule.decimals, rule.min_scores_to_drop) = (3, least);
        points(single(&rule, &column(scores)).total_milli)
    };
    case.meets("/mean", by(Combination::Mean, None, "scores"));
    case.meets("/median", by(Combination::MedianPerCriterion, None, "scores"));
    for dropping in [Combination::DropExtremesOnTotals, Combination::DropExtremesPerCriterion] {
        let expected = case.expected()["drop1"].as_f64().unwrap();
        assert_eq!(milli(by(dropping, None, "scores")), milli(expected));
        // Four scores: the rule must allow it; only one of the tied highest goes.
        case.meets("/tied_drop1", by(dropping, Some(3), "tied"));
        assert_eq!(by(dropping, None, "tied"), 82.5);
        // Fewer than three: nothing to drop from.
        assert_eq!(by(dropping, Some(3), "short"), 85.0);
    }
}

#[test]
fn median_per_criterion() {
    let case = Case::named("median_per_criterion");
    let experts = table(&case.input()["experts"]);
    let check = |key: &str, outcome: Outcome| {
        let row = single(&preset(key), &experts);
        for (index, median) in row.per_criterion_milli.iter().enumerate() {
            case.meets(&format!("/medians/{index}"), points(*median));
        }
        case.meets("/overall", points(row.per_criterion_milli.iter().sum()));
        case.meets("/normalised", points(row.total_milli));
        assert_eq!(row.outcome, outcome, "{key}");
    };
    // 12.75 points: enough for the second phase, not for the first.
    check("h2020_sme_phase_1", Outcome::BelowPlainSum);
    check("h2020_sme_phase_2", Outcome::Passed);
}

#[test]
fn horizon_thresholds_tiebreak() {
    let case = Case::named("horizon_thresholds_tiebreak");
    let proposals = &case.input()["proposals"];
    let names = named(proposals);
    let scores = |proposal: &Value| ["E", "I", "M"].map(|key| proposal[key].as_f64().unwrap()).to_vec();
    let all: Vec<Sheet> = (1..)
        .zip(proposals.as_array().unwrap())
        .flat_map(|(number, proposal)| sheets(number, &[scores(proposal)]))
        .collect();
    let bids = [1, 2, 3, 4, 5].map(bid);
    let by = |key: &str| rank(&preset(key), 0, &all, &bids, b"seed").unwrap();
    let passed =
        |ranking: &Ranking| names_in_order(ranking, &names)[..winners(ranking, u32::MAX).len()].to_vec();
    let (research, innovation) = (by("horizon_europe_ria"), by("horizon_europe_ia"));
    assert_eq!(passed(&research), texts(&case.expected()["ria_order"]));
    assert_eq!(passed(&innovation), texts(&case.expected()["ia_order_impact_weight_1_5"]));
    for (name, row) in names_in_order(&innovation, &names).iter().zip(&innovation.rows).take(3) {
        case.meets(&format!("/ia_scores/{name}"), points(row.total_milli));
    }
    for ranking in [&research, &innovation] {
        let mut eligible = passed(ranking);
        eligible.sort();
        assert_eq!(eligible, texts(&case.expected()["eligible"]));
    }
    let outcome_of = |name: &str| {
        let at = names_in_order(&research, &names).iter().position(|known| known == name).unwrap();
        research.rows[at].outcome.clone()
    };
    assert_eq!(outcome_of("P1"), Outcome::BelowThreshold { key: "implementation".to_owned() });
    assert_eq!(outcome_of("P4"), Outcome::BelowPlainSum);
    // Research ties fall by excellence first, innovation ties by impact first.
    let first_link = |key| preset(key).tie_chain.remove(0);
    assert_eq!(first_link("horizon_europe_ria"), TieBreak::Criterion { key: "excellence".into() });
    assert_eq!(first_link("horizon_europe_ia"), TieBreak::Criterion { key: "impact".into() });
}

#[test]
fn innovate_uk_gates() {
    let case = Case::named("innovate_uk_gates");
    let check = |application: &Value| {
        let id = application["id"].as_str().unwrap();
        let asked = |field: &str| numbers(&application[field]).into_iter().map(|vote| vote == 1.0);
        let votes = asked("in_scope").zip(asked("fund")).map(|(scope, fund)| vec![scope, fund]);
        let scores: Vec<Vec<f64>> =
            numbers(&application["scores"]).into_iter().map(|score| vec![score]).collect();
        let mut all = sheets(1, &scores);
        all.iter_mut().zip(votes).for_each(|(sheet, votes)| sheet.votes = votes);
        let result =
            |all: &[Sheet]| rank(&preset("innovate_uk"), 0, all, &[bid(1)], b"seed").unwrap().rows.remove(0);
        case.meets(&format!("/{id}/mean_all"), points(result(&all).total_milli));
        let removed = numbers(&application["outlier_removed"]);
        let kept = all.iter().zip(0..).filter(|(_, at)| !removed.contains(&f64::from(*at)));
        let row = result(&kept.map(|(sheet, _)| sheet.clone()).collect::<Vec<Sheet>>());
        if !removed.is_empty() {
            case.meets(&format!("/{id}/mean_kept"), points(row.total_milli));
        }
        assert_eq!(row.outcome == Outcome::Passed, case.expected()[id]["passes"].as_bool().unwrap(), "{id}");
        let reason = match &row.outcome {
            Outcome::Passed => None,
            Outcome::BelowPassMark => Some("below 70".to_owned()),
            Outcome::VoteLost { key, yes, of } if key == "fund" => {
                Some(format!("funding vote {yes} of {of}"))
            }
            other => Some(format!("{other:?}")),
        };
        assert_eq!(reason.as_deref(), case.expected()[id]["reason"].as_str(), "{id}");
    };
    case.input()["applications"].as_array().unwrap().iter().for_each(check);
}

#[test]
fn rank_increment_or_total() {
    let case = Case::named("rank_increment_or_total");
    let firms = case.input()["rows"].as_array().unwrap();
    let amounts: Vec<TwoPeriods> = firms
        .iter()
        .map(|row| TwoPeriods { before: row[1].as_i64().unwrap(), now: row[2].as_i64().unwrap() })
        .collect();
    let ranks = amount_ranks(&amounts);
    for ((firm, amount), ranks) in firms.iter().zip(amounts).zip(ranks) {
        let name = firm[0].as_str().unwrap();
        case.meets(&format!("/increment/{name}"), amount.increment() as f64);
        case.meets(&format!("/growth_rate/{name}"), amount.growth().unwrap().value());
        for (list, axis) in [
            ("increment_rank", Axis::Increment),
            ("total_rank", Axis::Total),
            ("best_of_two_rank", Axis::BetterOfBoth),
        ] {
            case.meets(&format!("/{list}/{name}"), f64::from(ranks.by(axis)));
        }
    }
}

#[test]
fn staged_funding_split() {
    let case = Case::named("staged_funding_split");
    let shares: Vec<u32> =
        numbers(&case.input()["shares"]).into_iter().map(|share| milli(share) as u32).collect();
    for (row, total) in numbers(&case.input()["total_cents"]).into_iter().enumerate() {
        let parts = split_fen(Fen(total as i64), &shares).unwrap();
        assert_eq!(parts.iter().copied().sum::<Fen>(), Fen(total as i64));
        for (index, part) in parts.into_iter().enumerate() {
            case.meets(&format!("/parts/{row}/{index}"), part.0 as f64);
        }
    }
}

/// The teams that reach a stage with their totals so far, in the order in which they stand.
fn after_stage(case: &Case, stage: usize, teams: &[(String, Vec<i64>)]) -> Vec<(String, StageOutcome)> {
    let weights: Vec<u32> =
        numbers(&case.input()["weights"]).into_iter().map(|weight| milli(weight) as u32).collect();
    let contender = |(_, totals): &(String, Vec<i64>)| Contender {
        stage_milli: totals[stage],
        standing: exact_standing(&weights, &totals[..=stage]),
        failed: false,
    };
    let cut = Cut {
        keep: numbers(&case.input()["keep"])[stage] as u32,
        pass_mark_milli: milli(case.input()["pass_mark"].as_f64().unwrap()),
        better: domain::rule::Direction::Higher,
    };
    let contenders: Vec<Contender> = teams.iter().map(contender).collect();
    let key = ["", "/cumulative_after_stage2", "/final_if_T2_scored_84_stage3"][stage];
    for (name, totals) in teams.iter().filter(|_| stage > 0) {
        let standing = Cumulative::PerWeightSoFar.milli(&weights, &totals[..=stage], 2);
        case.meets(&format!("{key}/{name}"), points(standing));
    }
    let places = down_select(cut, &contenders);
    places.into_iter().map(|place| (teams[place.contender].0.clone(), place.outcome)).collect()
}

#[test]
fn horse_race_downselect() {
    let case = Case::named("horse_race_downselect");
    let scores: BTreeMap<String, Vec<Option<f64>>> =
        serde_json::from_value(case.input()["stage_scores"].clone()).unwrap();
    // The case asks what if the runner-up had scored 84 at the last stage.
    let total = |name: &str, stage: usize, score: Option<f64>| match (name, stage) {
        ("T2", 2) => 84_000,
        _ => score.map_or(0, milli),
    };
    let mut teams: Vec<(String, Vec<i64>)> = scores
        .iter()
        .map(|(name, scores)| {
            let stages = scores.iter().enumerate();
            (name.clone(), stages.map(|(stage, score)| total(name, stage, *score)).collect())
        })
        .collect();
    let mut go_on = |stage: usize| {
        let places = after_stage(&case, stage, &teams);
        let on = places.iter().filter(|(_, outcome)| *outcome == StageOutcome::GoesOn);
        let on: Vec<String> = on.map(|(name, _)| name.clone()).collect();
        teams.retain(|(name, _)| on.contains(name));
        (on, places.last().cloned())
    };
    let (first, last) = go_on(0);
    assert_eq!(first, texts(&case.expected()["after_stage1"]));
    assert_eq!(last, Some(("T4".to_owned(), StageOutcome::Failed)));
    let (second, last) = go_on(1);
    assert_eq!(second, texts(&case.expected()["after_stage2"]));
    assert_eq!(last, Some(("T1".to_owned(), StageOutcome::NotKept)));
    assert_eq!(go_on(2).0, [case.expected()["winner"].as_str().unwrap()]);
}

/// Totals, technical scores and first places as the case has them, made of five experts' sheets.
#[test]
fn deterministic_tie_break_chain() {
    let case = Case::named("deterministic_tie_break_chain");
    let bids = case.input()["bids"].as_array().unwrap();
    let names = named(&case.input()["bids"]);
    let tenths = Scale { min_milli: 0, max_milli: 100_000, step_milli: 100 };
    let mut rule = rule(rubric(tenths, &[500, 500]), Combination::Mean);
    rule.tie_chain = vec![
        TieBreak::Criterion { key: "c0".into() },
        TieBreak::FirstPlaces,
        TieBreak::SealedEarlier,
        TieBreak::Draw,
    ];
    // Who places whom first: the first three experts B, the last two A and D alike; C is steady below.
    let firsts = |id: &str| match id {
        "B" => [true, true, true, false, false],
        "C" => [false; 5],
        _ => [false, false, false, true, true],
    };
    let other = |bid: &Value| 2.0 * bid["total"].as_f64().unwrap() - bid["technical"].as_f64().unwrap();
    let mut all = Vec::new();
    let mut entrants = Vec::new();
    for (number, entry) in (1..).zip(bids) {
        let first = firsts(entry["id"].as_str().unwrap());
        let count = first.iter().filter(|is_first| **is_first).count() as f64;
        assert_eq!(count, entry["firsts"].as_f64().unwrap());
        // Six above the mean where first, as much below in sum where not.
        let rows = first.map(|is_first| {
            let around = match is_first {
                true => 6.0,
                false => -6.0 * count / (5.0 - count),
            };
            let points = ((other(entry) + around) * 10.0).round() / 10.0;
            vec![entry["technical"].as_f64().unwrap(), points]
        });
        all.extend(sheets(number, &rows));
        let sealed = entry["sealed"].as_str().unwrap().trim_end_matches("+08:00");
        let sealed_at = Timestamp::parse_official(&sealed[..16]);
        assert!(sealed_at.is_some(), "{sealed}");
        entrants.push(Entrant { bid: bid(number), sealed_at });
    }
    let ranking = rank_entrants(&rule, 0, &all, &entrants, b"seed").unwrap();
    assert_eq!(names_in_order(&ranking, &names), texts(&case.expected()["order"]));
    for row in &ranking.rows {
        let entry = &bids[row.bid.0.as_u128() as usize - 1];
        assert_eq!(points(row.total_milli), entry["total"].as_f64().unwrap());
        assert_eq!(f64::from(row.first_places), entry["firsts"].as_f64().unwrap());
    }
    let links: Vec<Option<TieBreak>> = ranking.rows.into_iter().map(|row| row.tie_broken_by).collect();
    let [technical, first_places, sealed, _] = &rule.tie_chain[..] else { panic!("four links") };
    assert_eq!(links, [technical, first_places, sealed, sealed].map(|link| Some(link.clone())));
}

/// No case, but the rule of the agency in numbers: ten times the mean as a whole number, the lowest first.
#[test]
fn the_lowest_overall_impact_comes_first() {
    let rule = preset("nih");
    let panel = |scores: [f64; 3]| scores.map(|score| vec![score]).to_vec();
    let all = [
        sheets(1, &panel([5.0, 5.0, 4.0])),
        sheets(2, &panel([1.0, 1.0, 1.0])),
        sheets(3, &panel([9.0, 9.0, 9.0])),
    ];
    let ranking = rank(&rule, 0, &all.concat(), &[1, 2, 3].map(bid), b"seed").unwrap();
    let rows: Vec<_> = ranking.rows.iter().map(|row| (row.bid, row.total_milli, row.first_places)).collect();
    assert_eq!(rows, [(bid(2), 10_000, 3), (bid(1), 47_000, 0), (bid(3), 90_000, 0)]);
    let mut lined = rule;
    lined.pass_mark_milli = Some(47_000);
    let ranking = rank(&lined, 0, &all.concat(), &[1, 2, 3].map(bid), b"seed").unwrap();
    assert_eq!(winners(&ranking, 3), [bid(2), bid(1)]);
}

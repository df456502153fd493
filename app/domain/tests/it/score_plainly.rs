//! The binding ranking once more, from its definition and as slowly as it likes: what the engine is compared with.

use std::cmp::{Ordering, Reverse};

use domain::rule::{Combination, Direction, Rule, TieBreak, Totals, Vote};
use domain::score::{Entrant, Outcome, RankedBid, Ranking, Sheet};
use sha2::{Digest, Sha256};

/// Every number of sheets that these tests hand in divides this.
const COMMON: i64 = 840;

/// One bid, its combined scores in 840ths of a milli-point.
struct Plain<'a> {
    entrant: &'a Entrant,
    sheets: Vec<&'a Sheet>,
    criteria: Vec<i64>,
    total_milli: i64,
    outcome: Outcome,
    first_places: u32,
}

/// The ranking of a selection, link by link.
pub fn rank_plainly(rule: &Rule, sheets: &[Sheet], entrants: &[Entrant], seed: &[u8]) -> Ranking {
    let mut bids: Vec<Plain> = entrants.iter().map(|entrant| plain(rule, sheets, entrant)).collect();
    bids.sort_by(|left, right| compare(rule, seed, left, right).0);
    let tied = |left: usize, right: usize| match (bids.get(left), bids.get(right)) {
        (Some(left), Some(right)) => compare(rule, seed, left, right).1,
        _ => None,
    };
    let row = |(index, bid): (usize, &Plain)| RankedBid {
        bid: bid.entrant.bid,
        rank: index as u32 + 1,
        total_milli: bid.total_milli,
        per_criterion_milli: bid
            .criteria
            .iter()
            .map(|sum| (2 * sum + COMMON).div_euclid(2 * COMMON))
            .collect(),
        sheets: bid.sheets.len() as u32,
        outcome: bid.outcome.clone(),
        tie_broken_by: tied(index.wrapping_sub(1), index)
            .max(tied(index, index + 1))
            .map(|link| rule.tie_chain[link].clone()),
        first_places: bid.first_places,
    };
    Ranking { rows: bids.iter().enumerate().map(row).collect() }
}

fn plain<'a>(rule: &Rule, all: &'a [Sheet], entrant: &'a Entrant) -> Plain<'a> {
    let sheets: Vec<&Sheet> = all.iter().filter(|sheet| sheet.bid == entrant.bid).collect();
    if sheets.is_empty() {
        let outcome = Outcome::NoSheets;
        return Plain { entrant, sheets, criteria: vec![], total_milli: 0, outcome, first_places: 0 };
    }
    let criteria = combined(rule, &sheets);
    let weighed = criteria.iter().zip(&rule.rubric.criteria);
    let exact: i64 = weighed.map(|(sum, c)| sum * i64::from(c.weight_permille)).sum();
    let step = COMMON * 1000 * 10_i64.pow(3 - u32::from(rule.decimals));
    let total_milli = (2 * exact + step).div_euclid(2 * step) * 10_i64.pow(3 - u32::from(rule.decimals));
    let outcome = outcome(rule, &sheets, &criteria, total_milli);
    let is_first = |sheet: &&&Sheet| {
        let mut of_expert = all.iter().filter(|other| other.reviewer == sheet.reviewer);
        of_expert.all(|other| !is_worse(rule, weight(rule, sheet), weight(rule, other)))
    };
    let first_places = sheets.iter().filter(is_first).count() as u32;
    Plain { entrant, sheets, criteria, total_milli, outcome, first_places }
}

fn weight(rule: &Rule, sheet: &Sheet) -> i64 {
    let scored = rule.rubric.criteria.iter().zip(&sheet.scores_milli);
    scored.map(|(criterion, milli)| i64::from(criterion.weight_permille) * milli).sum()
}

/// Each criterion in 840ths.
fn combined(rule: &Rule, sheets: &[&Sheet]) -> Vec<i64> {
    let drops = sheets.len() >= rule.min_scores_to_drop.unwrap_or(5) as usize;
    let mut kept = sheets.to_vec();
    if rule.combination == Combination::DropExtremesOnTotals && drops {
        kept.sort_by_key(|sheet| (weight(rule, sheet), sheet.scores_milli.clone()));
        kept = kept[1..kept.len() - 1].to_vec();
    }
    let column = |index: usize| {
        let mut scores: Vec<i64> = kept.iter().map(|sheet| sheet.scores_milli[index]).collect();
        scores.sort_unstable();
        let scores = match rule.combination {
            Combination::DropExtremesPerCriterion if drops => scores[1..scores.len() - 1].to_vec(),
            Combination::MedianPerCriterion => vec![scores[(scores.len() - 1) / 2], scores[scores.len() / 2]],
            _ => scores,
        };
        scores.iter().sum::<i64>() * COMMON / scores.len() as i64
    };
    (0..rule.rubric.criteria.len()).map(column).collect()
}

fn is_worse(rule: &Rule, value: i64, mark: i64) -> bool {
    match rule.better {
        Direction::Higher => value < mark,
        Direction::Lower => value > mark,
    }
}

fn outcome(rule: &Rule, sheets: &[&Sheet], criteria: &[i64], total_milli: i64) -> Outcome {
    for (index, vote) in rule.votes.iter().enumerate() {
        let yes = sheets.iter().filter(|sheet| sheet.votes[index]).count() as u32;
        let of = sheets.len() as u32;
        if yes <= of / 2 {
            return Outcome::VoteLost { key: vote.key.clone(), yes, of };
        }
    }
    let marks =
        || rule.rubric.criteria.iter().zip(0..).filter_map(|(c, at)| Some((c, at, c.threshold_milli?)));
    for (criterion, at, mark) in marks().filter(|(criterion, ..)| criterion.veto) {
        if sheets.iter().any(|sheet| is_worse(rule, sheet.scores_milli[at], mark)) {
            return Outcome::Vetoed { key: criterion.key.clone() };
        }
    }
    for (criterion, at, mark) in marks() {
        if is_worse(rule, criteria[at], mark * COMMON) {
            return Outcome::BelowThreshold { key: criterion.key.clone() };
        }
    }
    let sum = criteria.iter().sum::<i64>();
    if rule.plain_sum_mark_milli.is_some_and(|mark| is_worse(rule, sum, mark * COMMON)) {
        return Outcome::BelowPlainSum;
    }
    if rule.pass_mark_milli.is_some_and(|mark| is_worse(rule, total_milli, mark)) {
        return Outcome::BelowPassMark;
    }
    Outcome::Passed
}

fn compare(rule: &Rule, seed: &[u8], left: &Plain, right: &Plain) -> (Ordering, Option<usize>) {
    let group = |bid: &Plain| match bid.outcome {
        Outcome::Passed => 0,
        Outcome::NoSheets => 2,
        _ => 1,
    };
    let better = |left: i64, right: i64| match rule.better {
        Direction::Higher => right.cmp(&left),
        Direction::Lower => left.cmp(&right),
    };
    let order = group(left).cmp(&group(right)).then(better(left.total_milli, right.total_milli));
    if order != Ordering::Equal {
        return (order, None);
    }
    let lot = |bid: &Plain| Sha256::digest([seed, bid.entrant.bid.0.as_bytes()].concat()).to_vec();
    for (link, by) in rule.tie_chain.iter().enumerate() {
        let order = match by {
            TieBreak::Criterion { key } => {
                let at = rule.rubric.criteria.iter().position(|criterion| *criterion.key == **key).unwrap();
                match (left.criteria.get(at), right.criteria.get(at)) {
                    (Some(left), Some(right)) => better(*left, *right),
                    _ => Ordering::Equal,
                }
            }
            TieBreak::FirstPlaces => Reverse(left.first_places).cmp(&Reverse(right.first_places)),
            TieBreak::SealedEarlier => left.entrant.sealed_at.unwrap().cmp(&right.entrant.sealed_at.unwrap()),
            TieBreak::Draw => lot(left).cmp(&lot(right)),
        };
        if order != Ordering::Equal {
            return (order, Some(link));
        }
    }
    panic!("the draw decides");
}

mod engine {
    use domain::preset;
    use domain::rule::{Bilingual, Scale};
    use domain::score::{rank, rank_entrants};
    use domain::time::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::score_tables::{bid, reviewer, rubric, rule};

    /// Few values, so that ties are frequent.
    const COARSE: Scale = Scale { min_milli: 1_000, max_milli: 7_000, step_milli: 1_000 };

    #[derive(Clone, Debug)]
    struct Competition {
        rule: Rule,
        sheets: Vec<Sheet>,
        entrants: Vec<Entrant>,
    }

    fn rules() -> impl Strategy<Value = Rule> {
        let links = ["c0", "c1"].map(|key| TieBreak::Criterion { key: key.into() });
        let links = [links.to_vec(), vec![TieBreak::FirstPlaces, TieBreak::SealedEarlier]].concat();
        let ways = prop::sample::select(vec![
            Combination::Mean,
            Combination::DropExtremesOnTotals,
            Combination::DropExtremesPerCriterion,
            Combination::MedianPerCriterion,
        ]);
        let totals = prop_oneof![
            Just((Totals::WeightedMean, vec![1000, 0])),
            Just((Totals::WeightedMean, vec![300, 700])),
            Just((Totals::FactorSum, vec![1500, 1000])),
            Just((Totals::FactorSum, vec![0, 10_000])),
        ];
        let marks = (
            prop::option::of(1_000_i64..20_000),
            prop::option::of(2_000_i64..12_000),
            prop::option::of(1_000_i64..7_000),
            any::<bool>(),
            0_usize..3,
        );
        let turns = (0_u8..=3, prop::bool::ANY, prop::option::of(3_u32..8));
        (ways, totals, marks, turns, prop::sample::subsequence(links, 0..=4).prop_shuffle()).prop_map(
            |(
                combination,
                (totals, weights),
                marks,
                (decimals, lower, min_scores_to_drop),
                mut tie_chain,
            )| {
                let mut rubric = rubric(COARSE, &weights);
                (rubric.criteria[1].threshold_milli, rubric.criteria[1].veto) = (marks.2, marks.3);
                tie_chain.push(TieBreak::Draw);
                let vote = |n: usize| Vote { key: format!("v{n}"), name: Bilingual::new("n", "") };
                Rule {
                    totals,
                    better: if lower { Direction::Lower } else { Direction::Higher },
                    min_scores_to_drop,
                    decimals,
                    pass_mark_milli: marks.0,
                    plain_sum_mark_milli: marks.1,
                    votes: (0..marks.4).map(vote).collect(),
                    tie_chain,
                    ..rule(rubric, combination)
                }
            },
        )
    }

    /// Up to nine bids and eight experts; about one sheet in six is missing.
    fn competitions() -> impl Strategy<Value = Competition> {
        (rules(), 1_u128..=9, 0_u128..=8).prop_flat_map(|(rule, bids, experts)| {
            let scores = prop::collection::vec(1_i64..=7, rule.rubric.criteria.len());
            let votes = prop::collection::vec(prop::bool::weighted(0.8), rule.votes.len());
            let sheets = prop::collection::vec(
                prop::option::weighted(0.85, (scores, votes)),
                (bids * experts) as usize,
            );
            let sealed = prop::collection::vec(0_i64..4, bids as usize);
            (sheets, sealed).prop_map(move |(sheets, sealed)| {
                let pairs = (0..bids).flat_map(|b| (0..experts).map(move |r| (bid(b), reviewer(r))));
                let sheet = |((bid, reviewer), filled): (_, Option<(Vec<i64>, Vec<bool>)>)| {
                    let (points, votes) = filled?;
                    Some(Sheet {
                        bid,
                        reviewer,
                        scores_milli: points.iter().map(|p| p * 1000).collect(),
                        votes,
                    })
                };
                let entrant = |(number, at)| Entrant { bid: bid(number), sealed_at: Some(Timestamp(at)) };
                Competition {
                    rule: rule.clone(),
                    sheets: pairs.zip(sheets).filter_map(sheet).collect(),
                    entrants: (0..).zip(sealed).map(entrant).collect(),
                }
            })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn ranks_as_the_definition_does(
            (competition, sheets, entrants) in competitions().prop_flat_map(|c| {
                let sheets = Just(c.sheets.clone()).prop_shuffle();
                let entrants = Just(c.entrants.clone()).prop_shuffle();
                (Just(c), sheets, entrants)
            })
        ) {
            let rule = &competition.rule;
            let plain = rank_plainly(rule, &competition.sheets, &competition.entrants, b"seed");
            prop_assert_eq!(rank_entrants(rule, 0, &sheets, &entrants, b"seed"), Ok(plain));
        }
    }

    proptest! {
        /// Factors have no unit: each three times as large gives the same ranking, totals three times as large.
        /// Without rounding, because a rounded total may tie where the threefold does not.
        #[test]
        fn scaling_factors_leaves_the_ranking(competition in competitions(), times in 2_u32..=9) {
            let Competition { mut rule, mut sheets, entrants } = competition;
            (rule.totals, rule.combination, rule.decimals) = (Totals::FactorSum, Combination::Mean, 3);
            rule.pass_mark_milli = None;
            // One sheet a bid: nothing is divided, and totals of whole points with whole factors are whole.
            sheets.dedup_by_key(|sheet| sheet.bid);
            for (criterion, factor) in rule.rubric.criteria.iter_mut().zip([2_000, 3_000]) {
                criterion.weight_permille = factor;
            }
            let plain = rank_entrants(&rule, 0, &sheets, &entrants, b"seed").unwrap();
            rule.rubric.criteria.iter_mut().for_each(|criterion| criterion.weight_permille *= times);
            let mut scaled = rank_entrants(&rule, 0, &sheets, &entrants, b"seed").unwrap();
            for row in &mut scaled.rows {
                prop_assert_eq!(row.total_milli % i64::from(times), 0);
                row.total_milli /= i64::from(times);
            }
            prop_assert_eq!(scaled, plain);
        }

        /// Criteria have no order of their own: turned round together with their weights and scores, the same ranking.
        #[test]
        fn permuting_criteria_with_their_weights_leaves_the_ranking(competition in competitions()) {
            let Competition { mut rule, mut sheets, entrants } = competition;
            // Which of two sheets with the same extreme total goes, shows in the criteria and falls by the first of them.
            if rule.combination == Combination::DropExtremesOnTotals {
                rule.combination = Combination::DropExtremesPerCriterion;
            }
            let mut plain = rank_entrants(&rule, 0, &sheets, &entrants, b"seed").unwrap();
            rule.rubric.criteria.reverse();
            sheets.iter_mut().for_each(|sheet| sheet.scores_milli.reverse());
            plain.rows.iter_mut().for_each(|row| row.per_criterion_milli.reverse());
            prop_assert_eq!(rank_entrants(&rule, 0, &sheets, &entrants, b"seed").unwrap(), plain);
        }
    }

    #[test]
    fn a_chain_that_asks_for_sealing_times_gets_all_or_says_whose_is_missing() {
        let mut rule = preset::named("innovate_uk").unwrap().rule;
        rule.votes.clear();
        rule.tie_chain = vec![TieBreak::SealedEarlier, TieBreak::Draw];
        let sealed = |at: Option<i64>, number| Entrant { bid: bid(number), sealed_at: at.map(Timestamp) };
        let sheet = |number| Sheet {
            bid: bid(number),
            reviewer: reviewer(1),
            scores_milli: vec![80_000],
            votes: Vec::new(),
        };
        let sheets = [sheet(1), sheet(2)];
        let missing = |number| Err(domain::score::ScoreProblem::SealingTimeMissing { bid: bid(number) });
        let check = |entrants: &[Entrant]| rank_entrants(&rule, 0, &sheets, entrants, b"seed");
        assert_eq!(check(&[sealed(Some(1), 1), sealed(None, 2)]), missing(2));
        assert_eq!(rank(&rule, 0, &sheets, &[bid(1), bid(2)], b"seed"), missing(1));
        let ranking = check(&[sealed(Some(5), 1), sealed(Some(4), 2)]).unwrap();
        assert_eq!(ranking.rows[0].bid, bid(2));
        assert_eq!(ranking.rows[0].tie_broken_by, Some(TieBreak::SealedEarlier));
        rule.tie_chain = vec![TieBreak::Draw];
        assert!(rank_entrants(&rule, 0, &sheets, &[sealed(None, 1), sealed(None, 2)], b"seed").is_ok());
    }
}

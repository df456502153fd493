use std::collections::BTreeSet;

use domain::id::BidId;
use domain::rule::{Combination, Rule, Scale, TieBreak};
use domain::score::{Outcome, RankedBid, Ranking, Sheet, rank, sheet_total_milli, winners};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::score_tables::{bid, reviewer, rubric, rule};

/// Few values, so that ties are frequent.
const COARSE: Scale = Scale { min_milli: 0, max_milli: 10_000, step_milli: 1_000 };

#[derive(Clone, Debug)]
struct Competition {
    rule: Rule,
    sheets: Vec<Sheet>,
    bids: Vec<BidId>,
}

impl Competition {
    fn rank(&self) -> Ranking {
        rank(&self.rule, 0, &self.sheets, &self.bids, b"seed").unwrap()
    }
}

fn combinations() -> impl Strategy<Value = Combination> {
    prop_oneof![
        Just(Combination::Mean),
        Just(Combination::DropExtremesOnTotals),
        Just(Combination::DropExtremesPerCriterion),
        Just(Combination::MedianPerCriterion),
    ]
}

fn weights() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(0_u32..=1000, 0..4).prop_map(|mut cuts| {
        cuts.sort_unstable();
        cuts.push(1000);
        let mut before = 0;
        cuts.into_iter().map(|cut| cut - std::mem::replace(&mut before, cut)).collect()
    })
}

fn rules() -> impl Strategy<Value = Rule> {
    let marks = (prop::option::of(2_000_i64..6_000), prop::option::of(2_000_i64..6_000), any::<bool>());
    (weights(), combinations(), 0_u8..=3, marks, 0_usize..3).prop_map(
        |(weights, combination, decimals, marks, chain)| {
            let mut rule = rule(rubric(COARSE, &weights), combination);
            rule.decimals = decimals;
            (rule.pass_mark_milli, rule.rubric.criteria[0].threshold_milli, rule.rubric.criteria[0].veto) =
                marks;
            let links = [TieBreak::Criterion { key: "c0".into() }, TieBreak::FirstPlaces, TieBreak::Draw];
            rule.tie_chain = links[chain..].to_vec();
            rule
        },
    )
}

/// Up to eight bids and seven reviewers; about one sheet in six is missing.
fn competitions() -> impl Strategy<Value = Competition> {
    (rules(), 1_u128..=8, prop_oneof![0_u128..=7, 5_u128..=7]).prop_flat_map(|(rule, bids, reviewers)| {
        let criteria = rule.rubric.criteria.len();
        let row = prop::option::weighted(0.85, prop::collection::vec(0_i64..=10, criteria));
        prop::collection::vec(row, (bids * reviewers) as usize).prop_map(move |rows| {
            let pairs = (0..bids).flat_map(|b| (0..reviewers).map(move |r| (bid(b), reviewer(r))));
            let sheet = |((bid, reviewer), row): (_, Option<Vec<i64>>)| {
                let scores_milli = row?.into_iter().map(|points| points * 1000).collect();
                Some(Sheet { bid, reviewer, scores_milli, votes: Vec::new() })
            };
            let sheets = pairs.zip(rows).filter_map(sheet).collect();
            Competition { rule: rule.clone(), sheets, bids: (0..bids).map(bid).collect() }
        })
    })
}

fn without_marks(mut competition: Competition) -> Competition {
    competition.rule.pass_mark_milli = None;
    competition.rule.rubric.criteria[0].threshold_milli = None;
    competition
}

fn group(row: &RankedBid) -> u8 {
    match row.outcome {
        Outcome::Passed => 0,
        Outcome::NoSheets => 2,
        _ => 1,
    }
}

/// The total by the definition, in 840ths: every number of sheets up to eight divides that.
fn total_by_definition(rule: &Rule, rows: &[Vec<i64>]) -> i64 {
    let weigh = |row: &[i64]| -> i64 {
        row.iter().zip(&rule.rubric.criteria).map(|(score, c)| score * i64::from(c.weight_permille)).sum()
    };
    let mean = |mut values: Vec<i64>, drop: bool| {
        values.sort_unstable();
        let values = if drop { &values[1..values.len() - 1] } else { &values[..] };
        values.iter().sum::<i64>() * 840 / values.len() as i64
    };
    let column = |index: usize| -> Vec<i64> { rows.iter().map(|row| row[index]).collect() };
    let median = |mut values: Vec<i64>| {
        values.sort_unstable();
        (values[(values.len() - 1) / 2] + values[values.len() / 2]) * 420
    };
    let many = rows.len() >= 5;
    let columns = 0..rule.rubric.criteria.len();
    let exact = match rule.combination {
        Combination::Mean => mean(rows.iter().map(|row| weigh(row)).collect(), false),
        Combination::DropExtremesOnTotals => mean(rows.iter().map(|row| weigh(row)).collect(), many),
        Combination::DropExtremesPerCriterion => {
            weigh(&columns.map(|c| mean(column(c), many)).collect::<Vec<_>>())
        }
        Combination::MedianPerCriterion => weigh(&columns.map(|c| median(column(c))).collect::<Vec<_>>()),
    };
    let unit = 10_i64.pow(3 - u32::from(rule.decimals));
    let step = 840 * 1000 * unit;
    (exact / step + i64::from(exact % step * 2 >= step)) * unit
}

proptest! {
    #[test]
    fn the_ranking_is_total(competition in competitions()) {
        let ranking = competition.rank();
        let ranks: Vec<u32> = ranking.rows.iter().map(|row| row.rank).collect();
        prop_assert_eq!(ranks, (1..=competition.bids.len() as u32).collect::<Vec<_>>());
        let ranked: BTreeSet<BidId> = ranking.rows.iter().map(|row| row.bid).collect();
        prop_assert_eq!(ranked, competition.bids.iter().copied().collect::<BTreeSet<_>>());
        for pair in ranking.rows.windows(2) {
            let (above, below) = (&pair[0], &pair[1]);
            prop_assert!((group(above), -above.total_milli) <= (group(below), -below.total_milli));
            if (group(above), above.total_milli) == (group(below), below.total_milli) {
                prop_assert!(above.tie_broken_by.is_some() && below.tie_broken_by.is_some());
            }
        }
    }

    #[test]
    fn the_order_of_sheets_and_bids_never_matters(
        (competition, sheets, bids) in competitions().prop_flat_map(|c| {
            let sheets = Just(c.sheets.clone()).prop_shuffle();
            let bids = Just(c.bids.clone()).prop_shuffle();
            (Just(c), sheets, bids)
        })
    ) {
        let expected = competition.rank();
        prop_assert_eq!(Competition { sheets, bids, ..competition }.rank(), expected);
    }

    /// Who gave which sheet is no argument: giving every reviewer another name changes nothing.
    #[test]
    fn the_names_of_reviewers_never_matter(
        (competition, names) in (competitions(), Just((0_u128..7).collect::<Vec<_>>()).prop_shuffle())
    ) {
        let expected = competition.rank();
        let mut renamed = competition;
        for sheet in &mut renamed.sheets {
            sheet.reviewer = reviewer(names[(sheet.reviewer.0.as_u128() - 1_000) as usize]);
        }
        prop_assert_eq!(renamed.rank(), expected);
    }

    #[test]
    fn totals_are_what_the_definition_says(competition in competitions()) {
        for row in competition.rank().rows {
            let of_bid = competition.sheets.iter().filter(|sheet| sheet.bid == row.bid);
            let scores: Vec<Vec<i64>> = of_bid.map(|sheet| sheet.scores_milli.clone()).collect();
            prop_assert_eq!(scores.len() as u32, row.sheets);
            if !scores.is_empty() {
                prop_assert_eq!(row.total_milli, total_by_definition(&competition.rule, &scores));
            }
        }
    }

    /// On a scale twice as wide, everybody one whole point (or more) better: same order, totals up by that much.
    #[test]
    fn a_shift_of_all_scores_shifts_all_totals(competition in competitions(), points in 1_i64..=10) {
        let mut plain = without_marks(competition);
        plain.rule.rubric.scale.max_milli = 20_000;
        let mut shifted = plain.clone();
        shifted.sheets.iter_mut().flat_map(|s| &mut s.scores_milli).for_each(|score| *score += points * 1000);
        let mut expected = plain.rank();
        for row in expected.rows.iter_mut().filter(|row| row.sheets > 0) {
            row.total_milli += points * 1000;
            row.per_criterion_milli.iter_mut().for_each(|score| *score += points * 1000);
        }
        prop_assert_eq!(shifted.rank(), expected);
    }

    /// Ten times the points on ten times the scale, one decimal fewer: the same ranking, ten times the totals.
    #[test]
    fn scaling_all_scores_scales_all_totals(competition in competitions()) {
        let mut plain = without_marks(competition);
        plain.rule.decimals = plain.rule.decimals.max(1);
        let mut scaled = plain.clone();
        let scale = plain.rule.rubric.scale;
        scaled.rule.rubric.scale = Scale { max_milli: scale.max_milli * 10, ..scale };
        scaled.rule.decimals -= 1;
        scaled.sheets.iter_mut().flat_map(|s| &mut s.scores_milli).for_each(|score| *score *= 10);
        let (plain, scaled) = (plain.rank(), scaled.rank());
        for (row, tenfold) in plain.rows.iter().zip(&scaled.rows) {
            prop_assert_eq!((row.bid, row.total_milli * 10), (tenfold.bid, tenfold.total_milli));
            prop_assert_eq!((&row.tie_broken_by, row.first_places), (&tenfold.tie_broken_by, tenfold.first_places));
        }
    }

    /// A panel of one mind gives the total that each of its sheets shows.
    #[test]
    fn a_unanimous_panel_gives_the_total_of_its_sheets(
        rule in rules(), scores in prop::collection::vec(0_i64..=10, 5), panel in 1_u128..=9
    ) {
        let scores_milli: Vec<i64> = rule.rubric.criteria.iter().zip(scores).map(|(_, points)| points * 1000).collect();
        let typed: Vec<Option<i64>> = scores_milli.iter().copied().map(Some).collect();
        let shown = sheet_total_milli(&rule.rubric, &typed, rule.decimals);
        let sheet = |number| Sheet { bid: bid(1), reviewer: reviewer(number), scores_milli: scores_milli.clone(), votes: Vec::new() };
        let competition = Competition { sheets: (0..panel).map(sheet).collect(), bids: vec![bid(1)], rule };
        let row = competition.rank().rows.remove(0);
        prop_assert_eq!(Some(row.total_milli), shown);
        prop_assert_eq!(row.per_criterion_milli.as_slice(), scores_milli.as_slice());
        prop_assert_eq!(u128::from(row.first_places), panel);
    }

    #[test]
    fn a_better_score_never_lowers_a_total(
        competition in competitions(), which in any::<Index>(), criterion in any::<Index>()
    ) {
        prop_assume!(!competition.sheets.is_empty());
        let mut better = competition.clone();
        let sheet = which.index(better.sheets.len());
        let score = criterion.index(better.rule.rubric.criteria.len());
        better.sheets[sheet].scores_milli[score] = COARSE.max_milli;
        let total = |ranking: Ranking| {
            ranking.rows.into_iter().find(|row| row.bid == competition.sheets[sheet].bid).map(|row| row.total_milli)
        };
        prop_assert!(total(better.rank()) >= total(competition.rank()));
    }

    /// Without first places, which look at all bids, taking one bid away leaves the order of the others alone.
    #[test]
    fn the_order_of_two_bids_is_their_own_affair(competition in competitions(), which in any::<Index>()) {
        let mut whole = competition;
        whole.rule.tie_chain = vec![TieBreak::Criterion { key: "c0".into() }, TieBreak::Draw];
        let gone = whole.bids[which.index(whole.bids.len())];
        let mut rest = whole.clone();
        rest.bids.retain(|bid| *bid != gone);
        rest.sheets.retain(|sheet| sheet.bid != gone);
        let left = |ranking: Ranking| -> Vec<BidId> {
            ranking.rows.into_iter().map(|row| row.bid).filter(|bid| *bid != gone).collect()
        };
        prop_assert_eq!(left(rest.rank()), left(whole.rank()));
    }

    #[test]
    fn winners_are_the_first_that_passed(competition in competitions(), max in 0_u32..10) {
        let ranking = competition.rank();
        let won = winners(&ranking, max);
        let passed = ranking.rows.iter().filter(|row| row.outcome == Outcome::Passed).count();
        prop_assert_eq!(won.len(), passed.min(max as usize));
        let first: Vec<BidId> = ranking.rows.iter().map(|row| row.bid).take(won.len()).collect();
        prop_assert_eq!(won, first);
    }

    #[test]
    fn a_ranking_survives_storage(competition in competitions()) {
        let ranking = competition.rank();
        let stored = serde_json::to_string(&ranking).unwrap();
        prop_assert_eq!(serde_json::from_str::<Ranking>(&stored).unwrap(), ranking);
    }
}

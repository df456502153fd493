//! Small panels whose results were worked out by hand; the reference cases themselves are in `cases_score.rs`.

use std::ops::Range;

use domain::id::{BidId, PersonId};
use domain::rule::{Bilingual, Combination, Criterion, Gate, Rubric, Rule, Scale, TieBreak, Totals, Vote};
use domain::score::{
    Entrant, Outcome, RankedBid, Ranking, ScoreProblem, Sheet, cumulative_milli, rank, rank_entrants,
    rank_with_draws, sheet_total_milli, winners,
};
use domain::time::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub fn bid(number: u128) -> BidId {
    BidId(Uuid::from_u128(number))
}

pub fn reviewer(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(1_000 + number))
}

/// Criteria `c0`, `c1`, … with these weights.
pub fn rubric(scale: Scale, weights: &[u32]) -> Rubric {
    let criterion = |(index, weight): (usize, &u32)| Criterion {
        key: format!("c{index}"),
        name: Bilingual::new("n", ""),
        guidance: Bilingual::default(),
        weight_permille: *weight,
        threshold_milli: None,
        veto: false,
        anchors: Vec::new(),
    };
    Rubric { scale, criteria: weights.iter().enumerate().map(criterion).collect() }
}

pub fn rule(rubric: Rubric, combination: Combination) -> Rule {
    let tie_chain = vec![TieBreak::Draw];
    Rule { rubric, combination, tie_chain, pass_mark_milli: None, decimals: 2, ..Rule::policy_preset() }
}

const TENTHS: Scale = Scale { min_milli: 0, max_milli: 100_000, step_milli: 100 };

/// Sheets of one bid, one row of points per reviewer.
fn sheets(number: u128, rows: &[&[f64]]) -> Vec<Sheet> {
    let sheet = |(index, row): (usize, &&[f64])| Sheet {
        bid: bid(number),
        reviewer: reviewer(index as u128),
        scores_milli: row.iter().map(|points| (points * 1000.0).round() as i64).collect(),
        votes: Vec::new(),
    };
    rows.iter().enumerate().map(sheet).collect()
}

fn single(rule: &Rule, rows: &[&[f64]]) -> RankedBid {
    rank(rule, 0, &sheets(1, rows), &[bid(1)], b"seed").unwrap().rows.remove(0)
}

fn order(ranking: &Ranking) -> Vec<BidId> {
    ranking.rows.iter().map(|row| row.bid).collect()
}

const PANEL: [&[f64]; 5] = [
    &[88.0, 90.0, 75.0, 80.0, 95.0],
    &[82.0, 85.0, 80.0, 85.0, 90.0],
    &[90.0, 78.0, 70.0, 88.0, 95.0],
    &[60.0, 70.0, 65.0, 60.0, 80.0],
    &[86.0, 88.0, 78.0, 82.0, 92.0],
];

#[test]
fn each_combination_has_its_own_total_and_criteria() {
    let weights = [350, 250, 150, 150, 100];
    let check = |combination, total_milli, per_criterion_milli: [i64; 5]| {
        let row = single(&rule(rubric(Scale::HUNDRED, &weights), combination), &PANEL);
        assert_eq!(
            (row.total_milli, row.per_criterion_milli.as_slice()),
            (total_milli, &per_criterion_milli[..])
        );
        assert_eq!((row.sheets, row.outcome), (5, Outcome::Passed));
    };
    check(Combination::Mean, 80_900, [81_200, 82_200, 73_600, 79_000, 90_400]);
    check(Combination::DropExtremesOnTotals, 84_400, [86_000, 83_667, 76_000, 85_000, 92_333]);
    check(Combination::DropExtremesPerCriterion, 83_520, [85_333, 83_667, 74_333, 82_333, 92_333]);
    check(Combination::MedianPerCriterion, 84_100, [86_000, 85_000, 75_000, 82_000, 92_000]);

    let rubric = rubric(Scale::HUNDRED, &weights);
    let totals = PANEL.map(|row| {
        let scores: Vec<Option<i64>> = row.iter().map(|points| Some((points * 1000.0) as i64)).collect();
        sheet_total_milli(&rubric, &scores, 2)
    });
    assert_eq!(totals, [Some(86_050), Some(83_700), Some(84_200), Some(65_250), Some(85_300)]);
}

#[test]
fn one_highest_and_one_lowest_go_when_there_are_five() {
    let check = |combination, scores: &[f64], total_milli| {
        let rows: Vec<Vec<f64>> = scores.iter().map(|score| vec![*score]).collect();
        let rows: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
        let row = single(&rule(rubric(Scale::HUNDRED, &[1000]), combination), &rows);
        assert_eq!(row.total_milli, total_milli, "{combination:?} {scores:?}");
    };
    let five = [78.0, 85.0, 88.0, 91.0, 62.0];
    check(Combination::Mean, &five, 80_800);
    check(Combination::MedianPerCriterion, &five, 85_000);
    for dropping in [Combination::DropExtremesOnTotals, Combination::DropExtremesPerCriterion] {
        check(dropping, &five, 83_670);
        // Only one of the tied highest goes.
        check(dropping, &[90.0, 90.0, 80.0, 70.0, 75.0], 81_670);
        check(dropping, &[70.0, 70.0, 70.0, 70.0, 70.0], 70_000);
        // Too few to drop from: the plain mean.
        check(dropping, &[90.0, 90.0, 80.0, 70.0], 82_500);
        check(dropping, &[80.0, 90.0], 85_000);
        check(dropping, &[80.0], 80_000);
    }
    check(Combination::MedianPerCriterion, &[80.0, 91.0], 85_500);
    check(Combination::MedianPerCriterion, &[70.0, 80.0, 91.0, 99.0], 85_500);
}

/// Which of two sheets with the same extreme total is left out shows in the criteria, and must not hang on who wrote it.
#[test]
fn tied_extremes_fall_by_their_scores_alone() {
    let rule = rule(rubric(Scale::HUNDRED, &[500, 500]), Combination::DropExtremesOnTotals);
    let mut rows: [&[f64]; 6] =
        [&[50.0, 40.0], &[40.0, 50.0], &[70.0, 70.0], &[60.0, 60.0], &[80.0, 90.0], &[90.0, 80.0]];
    let row = single(&rule, &rows);
    // Left out: of the lowest totals the one with less in the first criterion, of the highest the one with more.
    assert_eq!((row.total_milli, row.per_criterion_milli.as_slice()), (65_000, &[65_000, 65_000][..]));
    rows.reverse();
    assert_eq!(single(&rule, &rows), row);
    rows.swap(0, 1);
    assert_eq!(single(&rule, &rows), row);
}

#[test]
fn the_pass_mark_meets_the_published_total() {
    let mut rule = rule(rubric(TENTHS, &[500, 500]), Combination::Mean);
    (rule.pass_mark_milli, rule.decimals) = (Some(60_000), 1);
    let row = single(&rule, &[&[59.9, 60.0]]);
    assert_eq!((row.total_milli, row.outcome), (60_000, Outcome::Passed));
}

#[test]
fn a_threshold_meets_the_combined_score_unrounded() {
    let mut rule = rule(rubric(Scale::HUNDRED, &[500, 500]), Combination::Mean);
    rule.rubric.criteria[0].threshold_milli = Some(60_000);
    let check = |third: f64, outcome| {
        let row = single(&rule, &[&[50.0, 90.0], &[60.0, 90.0], &[third, 90.0]]);
        assert_eq!(row.outcome, outcome, "{third}");
    };
    check(69.0, Outcome::BelowThreshold { key: "c0".to_owned() });
    check(70.0, Outcome::Passed);
}

/// Bid 1 has two sheets and the better first criterion, bid 2 has three and the larger sum.
#[test]
fn tied_bids_with_unequal_numbers_of_sheets_compare_by_fractions() {
    let mut rule = rule(rubric(Scale::HUNDRED, &[500, 500]), Combination::Mean);
    rule.tie_chain.insert(0, TieBreak::Criterion { key: "c0".into() });
    let two = sheets(1, &[&[80.0, 60.0], &[80.0, 60.0]]);
    let three = sheets(2, &[&[70.0, 70.0], &[70.0, 70.0], &[70.0, 70.0]]);
    let ranking = rank(&rule, 0, &[two, three].concat(), &[1, 2].map(bid), b"seed").unwrap();
    assert_eq!(order(&ranking), [1, 2].map(bid));
    assert!(ranking.rows.iter().all(|row| row.total_milli == 70_000));
}

#[test]
fn one_veto_fails_what_the_mean_forgives() {
    let mut rule = rule(rubric(Scale::HUNDRED, &[500, 500]), Combination::DropExtremesOnTotals);
    rule.rubric.criteria[1].threshold_milli = Some(60_000);
    let rows: [&[f64]; 5] = [&[90.0, 90.0], &[90.0, 59.0], &[90.0, 60.0], &[80.0, 80.0], &[80.0, 81.0]];
    assert_eq!(single(&rule, &rows).outcome, Outcome::Passed);
    rule.rubric.criteria[1].veto = true;
    // The vetoing sheet is the one dropped from the total; its veto stands.
    assert_eq!(single(&rule, &rows).outcome, Outcome::Vetoed { key: "c1".to_owned() });
    assert_eq!(single(&rule, &[&[90.0, 60.0]]).outcome, Outcome::Passed);
}

/// Totals 85.2 each; technical 88 but for C; first places A 2, B 3, C 0, D 2.
#[test]
fn a_tie_falls_by_criterion_then_first_places_then_the_draw() {
    let (a, b, c, d) = (1, 2, 3, 4);
    let steady = |high: [bool; 5], top: f64, low: f64| {
        high.map(|is_high| if is_high { [88.0, top] } else { [88.0, low] })
    };
    let last_two = steady([false, false, false, true, true], 92.0, 76.0);
    let first_three = steady([true, true, true, false, false], 92.0, 68.0);
    let rows = [(a, last_two), (b, first_three), (c, [[90.5, 79.9]; 5]), (d, last_two)];
    let all: Vec<Sheet> = rows
        .iter()
        .flat_map(|(number, rows)| sheets(*number, &rows.each_ref().map(|row| &row[..])))
        .collect();
    let mut rule = rule(rubric(TENTHS, &[500, 500]), Combination::Mean);
    rule.tie_chain = vec![TieBreak::Criterion { key: "c0".into() }, TieBreak::FirstPlaces, TieBreak::Draw];

    let lot = |number| -> Vec<u8> {
        Sha256::new().chain_update(b"seed").chain_update(bid(number).0.as_bytes()).finalize().to_vec()
    };
    let drawn = if lot(a) < lot(d) { [a, d] } else { [d, a] };
    let ranking = rank(&rule, 0, &all, &[a, b, c, d].map(bid), b"seed").unwrap();
    assert_eq!(order(&ranking), [c, b, drawn[0], drawn[1]].map(bid));
    let rows: Vec<(i64, u32, Option<TieBreak>)> =
        ranking.rows.into_iter().map(|row| (row.total_milli, row.first_places, row.tie_broken_by)).collect();
    let expected = [
        (85_200, 0, Some(rule.tie_chain[0].clone())),
        (85_200, 3, Some(TieBreak::FirstPlaces)),
        (85_200, 2, Some(TieBreak::Draw)),
        (85_200, 2, Some(TieBreak::Draw)),
    ];
    assert_eq!(rows, expected);
}

#[test]
fn only_bids_that_nothing_but_the_draw_separates_are_drawn_together() {
    let drawn = |rule: &Rule, all: &[Sheet], entrants: &[Entrant]| -> Vec<Vec<BidId>> {
        let ranked = rank_with_draws(rule, 0, all, entrants, b"seed").unwrap();
        assert_eq!(Ok(&ranked.ranking), rank_entrants(rule, 0, all, entrants, b"seed").as_ref());
        let group = |run: &Range<usize>| {
            let mut bids: Vec<BidId> = ranked.ranking.rows[run.clone()].iter().map(|row| row.bid).collect();
            bids.sort();
            bids
        };
        ranked.drawn.iter().map(group).collect()
    };
    let sealed = |number, at| Entrant { bid: bid(number), sealed_at: Some(Timestamp(at)) };
    let mut rule = rule(rubric(Scale::HUNDRED, &[1000]), Combination::Mean);
    rule.pass_mark_milli = Some(60_000);

    // Two pairs, equal but for the time of sealing; two that failed; one that stands alone; two without sheets.
    let points = [80.0, 80.0, 80.0, 80.0, 50.0, 50.0, 70.0];
    let all: Vec<Sheet> = (1..).zip(points).flat_map(|(number, point)| sheets(number, &[&[point]])).collect();
    let entrants: Vec<Entrant> =
        (1..=9).zip([5, 4, 5, 4, 1, 1, 1, 1, 1]).map(|(number, at)| sealed(number, at)).collect();
    assert_eq!(drawn(&rule, &all, &entrants), [vec![1, 2, 3, 4], vec![5, 6]].map(|group| bids(&group)));
    rule.tie_chain = vec![TieBreak::SealedEarlier, TieBreak::Draw];
    assert_eq!(drawn(&rule, &all, &entrants), [vec![2, 4], vec![1, 3], vec![5, 6]].map(|group| bids(&group)));
    rule.tie_chain = vec![TieBreak::SealedEarlier];
    assert_eq!(drawn(&rule, &all, &entrants).len(), 3);

    // Means of seven and of nine sheets that differ by less than a milli-point: a rounded score cannot tell.
    let mut rule = self::rule(rubric(Scale::HUNDRED, &[500, 500]), Combination::Mean);
    rule.rubric.scale.step_milli = 1;
    rule.tie_chain.insert(0, TieBreak::Criterion { key: "c0".into() });
    let almost = |number, of: usize, milli: f64| {
        let mut rows = vec![vec![80.0, 60.0]; of];
        rows[0] = vec![80.0 + milli / 1000.0, 60.0 - milli / 1000.0];
        sheets(number, &rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
    };
    let all = [almost(1, 7, 3.0), almost(2, 9, 4.0), almost(3, 7, 3.0), almost(4, 9, 4.0)].concat();
    let entrants: Vec<Entrant> = (1..=4).map(|number| sealed(number, 0)).collect();
    assert_eq!(drawn(&rule, &all, &entrants), [vec![2, 4], vec![1, 3]].map(|group| bids(&group)));
}

fn bids(numbers: &[u128]) -> Vec<BidId> {
    numbers.iter().map(|number| bid(*number)).collect()
}

#[test]
fn another_seed_draws_another_order() {
    let rule = rule(rubric(Scale::HUNDRED, &[1000]), Combination::Mean);
    let all: Vec<Sheet> = (1..=8).flat_map(|number| sheets(number, &[&[70.0]])).collect();
    let bids: Vec<BidId> = (1..=8).map(bid).collect();
    let draw = |seed: &[u8]| order(&rank(&rule, 0, &all, &bids, seed).unwrap());
    assert_eq!(draw(b"one"), draw(b"one"));
    assert_ne!(draw(b"one"), draw(b"two"));
}

#[test]
fn bids_without_sheets_come_last_behind_those_that_failed() {
    let mut rule = rule(rubric(Scale::HUNDRED, &[1000]), Combination::Mean);
    rule.pass_mark_milli = Some(60_000);
    let all = [sheets(1, &[&[0.0]]), sheets(2, &[&[99.0]])].concat();
    let ranking = rank(&rule, 0, &all, &[3, 1, 2].map(bid), b"seed").unwrap();
    assert_eq!(order(&ranking), [2, 1, 3].map(bid));
    let last = ranking.rows[2].clone();
    assert_eq!((last.rank, last.sheets, last.total_milli, last.outcome), (3, 0, 0, Outcome::NoSheets));
    assert_eq!(winners(&ranking, 3), [bid(2)]);
    assert_eq!(winners(&ranking, 0), []);
    assert_eq!(rank(&rule, 0, &[], &[], b"seed"), Ok(Ranking::default()));
}

fn gate(pass_mark_milli: i64, rubric: Option<Rubric>) -> Gate {
    let title = Bilingual::new("t", "");
    Gate { title, due: Timestamp(0), weight_permille: 500, pass_mark_milli, keep: 1, rubric }
}

#[test]
fn a_gate_has_its_own_pass_mark_and_may_have_its_own_rubric() {
    let mut rule = rule(rubric(Scale::HUNDRED, &[1000]), Combination::Mean);
    rule.pass_mark_milli = Some(90_000);
    rule.tie_chain.insert(0, TieBreak::Criterion { key: "c1".into() });
    rule.gates = vec![gate(60_000, None), gate(80_000, Some(rubric(Scale::HUNDRED, &[400, 600])))];
    let check = |number, row: &[f64], total_milli, outcome| {
        let ranking = rank(&rule, number, &sheets(1, &[row]), &[bid(1)], b"seed").unwrap();
        assert_eq!((ranking.rows[0].total_milli, ranking.rows[0].outcome.clone()), (total_milli, outcome));
    };
    check(0, &[75.0], 75_000, Outcome::BelowPassMark);
    check(1, &[75.0], 75_000, Outcome::Passed);
    check(2, &[75.0, 80.0], 78_000, Outcome::BelowPassMark);
    check(2, &[80.0, 80.0], 80_000, Outcome::Passed);
    assert_eq!(rank(&rule, 3, &[], &[], b""), Err(ScoreProblem::UnknownGate { gate: 3 }));
}

/// The source divides by the weights so far, we do not: after two gates of 20 % and 30 % ours is half of it.
#[test]
fn gate_points_add_up_to_the_scale_of_the_rubric() {
    let weights = [200, 300, 500];
    let check =
        |totals: &[i64], milli| assert_eq!(cumulative_milli(&weights, totals, 2), milli, "{totals:?}");
    check(&[72_000, 80_000], 76_800 / 2);
    check(&[90_000, 70_000], 78_000 / 2);
    check(&[68_000, 85_000], 78_200 / 2);
    check(&[68_000, 85_000, 91_000], 84_600);
    check(&[90_000, 70_000, 84_000], 81_000);
    check(&[], 0);
    assert_eq!(cumulative_milli(&[333, 333, 334], &[33_330, 33_330, 33_340], 2), 33_330);
    assert_eq!(cumulative_milli(&[500], &[33_330], 2), 16_670);
    assert_eq!(cumulative_milli(&[u32::MAX; 3], &[i64::MAX; 3], 0), i64::MAX);
}

#[test]
fn a_sheet_has_no_total_until_it_is_complete_and_sound() {
    let rubric = rubric(TENTHS, &[335, 665]);
    let check = |scores: &[Option<i64>], decimals, total| {
        assert_eq!(sheet_total_milli(&rubric, scores, decimals), total, "{scores:?}");
    };
    check(&[Some(80_100), Some(70_300)], 3, Some(73_583));
    check(&[Some(80_100), Some(70_300)], 2, Some(73_580));
    check(&[Some(80_100), Some(70_300)], 0, Some(74_000));
    check(&[Some(80_100), None], 2, None);
    check(&[Some(80_100)], 2, None);
    check(&[Some(80_100), Some(70_350)], 2, None);
    check(&[Some(80_100), Some(100_100)], 2, None);
    check(&[], 2, None);
}

#[test]
fn nothing_unsound_is_ranked() {
    let sound = rule(rubric(Scale::HUNDRED, &[500, 500]), Combination::Mean);
    let (team, okafor) = (bid(1), reviewer(0));
    let key = || "c1".to_owned();
    let check = |rule: &Rule, sheets: &[Sheet], bids: &[BidId], problem: ScoreProblem| {
        assert_eq!(rank(rule, 0, sheets, bids, b"seed"), Err(problem));
    };
    let good = sheets(1, &[&[80.0, 80.0]]);
    check(&sound, &good, &[team, team], ScoreProblem::DuplicateBid { bid: team });
    check(&sound, &good, &[bid(2)], ScoreProblem::UnknownBid { bid: team });
    let twice = [good.clone(), good.clone()].concat();
    check(&sound, &twice, &[team], ScoreProblem::DuplicateSheet { bid: team, reviewer: okafor });
    let wrong = ScoreProblem::WrongLength { bid: team, reviewer: okafor, expected: 2, actual: 1 };
    check(&sound, &sheets(1, &[&[80.0]]), &[team], wrong);
    for points in [-1.0, 101.0] {
        let outside = ScoreProblem::OutsideScale { bid: team, reviewer: okafor, key: key() };
        check(&sound, &sheets(1, &[&[80.0, points]]), &[team], outside);
    }
    let off_step = ScoreProblem::NotOnStep { bid: team, reviewer: okafor, key: key() };
    check(&sound, &sheets(1, &[&[80.0, 80.5]]), &[team], off_step);
    let answered = sheets(1, &[&[80.0, 80.0]]).into_iter().map(|sheet| Sheet { votes: vec![true], ..sheet });
    let asked = ScoreProblem::WrongVotes { bid: team, reviewer: okafor, expected: 0, actual: 1 };
    check(&sound, &answered.collect::<Vec<Sheet>>(), &[team], asked);
    let mut voting = sound.clone();
    voting.votes = vec![Vote { key: "scope".to_owned(), name: Bilingual::new("n", "") }];
    let unasked = ScoreProblem::WrongVotes { bid: team, reviewer: okafor, expected: 1, actual: 0 };
    check(&voting, &good, &[team], unasked);
    for factors in [&[0, 0][..], &[], &[100_001, 0]] {
        let mut unsound = rule(rubric(Scale::HUNDRED, factors), Combination::Mean);
        unsound.totals = Totals::FactorSum;
        check(&unsound, &good, &[team], ScoreProblem::RubricUnsound);
    }
    for weights in [&[500, 499][..], &[], &[u32::MAX, 1001]] {
        let unsound = rule(rubric(Scale::HUNDRED, weights), Combination::Mean);
        check(&unsound, &good, &[team], ScoreProblem::RubricUnsound);
    }
    let flat = Scale { min_milli: 0, max_milli: 0, step_milli: 0 };
    check(&rule(rubric(flat, &[500, 500]), Combination::Mean), &good, &[team], ScoreProblem::RubricUnsound);
}

#[test]
fn of_several_problems_the_first_sheet_with_one_is_named() {
    let rule = rule(rubric(Scale::HUNDRED, &[1000]), Combination::Mean);
    let (one, two) = (sheets(1, &[&[80.0]]), sheets(2, &[&[80.0]]));
    let off_step = sheets(2, &[&[70.0], &[80.5]]).split_off(1);
    let duplicate = |bid| ScoreProblem::DuplicateSheet { bid, reviewer: reviewer(0) };
    let check = |order: &[&Vec<Sheet>], problem: ScoreProblem| {
        let all: Vec<Sheet> = order.iter().flat_map(|sheets| sheets.iter().cloned()).collect();
        assert_eq!(rank(&rule, 0, &all, &[1, 2].map(bid), b"seed"), Err(problem));
    };
    check(&[&one, &two, &two, &one], duplicate(bid(2)));
    check(&[&one, &two, &one, &two], duplicate(bid(1)));
    check(&[&one, &one, &off_step], duplicate(bid(1)));
    let key = "c0".to_owned();
    let wrong = ScoreProblem::NotOnStep { bid: bid(2), reviewer: reviewer(1), key };
    check(&[&one, &off_step, &one], wrong);
    check(&[&one, &sheets(3, &[&[1.0]]), &one], ScoreProblem::UnknownBid { bid: bid(3) });
}

/// Votes and the plain sum belong to the selection: a gate asks neither.
#[test]
fn a_gate_asks_no_votes_and_no_plain_sum() {
    let mut rule = rule(rubric(Scale::HUNDRED, &[1000]), Combination::Mean);
    rule.votes = vec![Vote { key: "scope".to_owned(), name: Bilingual::new("n", "") }];
    rule.plain_sum_mark_milli = Some(90_000);
    rule.gates = vec![gate(60_000, None)];
    let at_gate = rank(&rule, 1, &sheets(1, &[&[75.0]]), &[bid(1)], b"seed").unwrap();
    assert_eq!(at_gate.rows[0].outcome, Outcome::Passed);
    let voted = sheets(1, &[&[75.0]]).into_iter().map(|sheet| Sheet { votes: vec![true], ..sheet });
    let selected = rank(&rule, 0, &voted.collect::<Vec<Sheet>>(), &[bid(1)], b"seed").unwrap();
    assert_eq!(selected.rows[0].outcome, Outcome::BelowPlainSum);
}

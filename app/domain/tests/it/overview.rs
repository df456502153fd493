//! The advisory figures of a whole stage: what belongs to whom, and what is said where a figure does not exist.

use domain::id::{BidId, PersonId};
use domain::overview::{self, Contest, Evidence, Overview, Settings, WithoutOne};
use domain::preset;
use domain::rule::{Combination, Rule};
use domain::score::{Entrant, Ranking, Sheet, rank};
use domain::stats::Undefined;
use domain::stats::interval::{Sampling, Scheme};
use uuid::Uuid;

pub fn bid(number: u128) -> BidId {
    BidId(Uuid::from_u128(number))
}

fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

/// One row per bid, one column per reviewer, whole points in every criterion; `None`: no sheet.
pub fn sheets(rule: &Rule, table: &[&[Option<i64>]]) -> Vec<Sheet> {
    let criteria = rule.rubric.criteria.len();
    let sheet = |b: usize, r: usize, points: i64| Sheet {
        bid: bid(b as u128 + 1),
        reviewer: person(r as u128 + 1),
        scores_milli: vec![points * 1000; criteria],
        votes: vec![true; rule.votes.len()],
    };
    table
        .iter()
        .enumerate()
        .flat_map(|(b, row)| {
            row.iter().enumerate().filter_map(move |(r, points)| points.map(|points| (b, r, points)))
        })
        .map(|(b, r, points)| sheet(b, r, points))
        .collect()
}

fn ranked(rule: &Rule, sheets: &[Sheet], bids: usize) -> Ranking {
    let bids: Vec<BidId> = (1..=bids as u128).map(bid).collect();
    rank(rule, 0, sheets, &bids, b"seed").unwrap()
}

pub fn figures(rule: &Rule, sheets: &[Sheet], bids: usize) -> (Ranking, Overview) {
    let ranking = ranked(rule, sheets, bids);
    let evidence = Evidence::new(rule, 0, sheets, &ranking).unwrap();
    let settings = Settings { resamples: 2_000, ..Settings::default() };
    let intervals = overview::bootstrap(&evidence, &settings)
        .map(|bootstrap| bootstrap.finish(bootstrap.run(0..bootstrap.resamples())));
    let overview = overview::overview(&evidence, &settings, intervals);
    (ranking, overview)
}

/// 81, 84, 78 … as a full row.
pub fn row(points: &[i64]) -> Vec<Option<i64>> {
    points.iter().copied().map(Some).collect()
}

pub fn mean_rule() -> Rule {
    Rule { combination: Combination::Mean, ..Rule::policy_preset() }
}

#[test]
fn figures_stand_in_binding_order_and_belong_to_their_bid() {
    let rule = mean_rule();
    let rows = [row(&[70, 72, 68, 71, 69]), row(&[90, 88, 92, 91, 89]), row(&[80, 79, 81, 82, 78])];
    let rows: Vec<&[Option<i64>]> = rows.iter().map(Vec::as_slice).collect();
    let (ranking, overview) = figures(&rule, &sheets(&rule, &rows), 3);
    let order: Vec<BidId> = overview.bids.iter().map(|figures| figures.bid).collect();
    assert_eq!(order, [bid(2), bid(3), bid(1)]);
    assert_eq!(order, ranking.rows.iter().map(|row| row.bid).collect::<Vec<_>>());
    let best = &overview.bids[0];
    assert_eq!((best.scores, best.mean), (5, 90.0));
    let ranks = best.ranks.unwrap();
    assert_eq!((ranks.low, ranks.high, ranks.p_first), (1, 1, 1.0));
    assert_eq!(best.ranks_without_one, Some((1, 1)));
    // Everybody scored everybody: strictness cancels, and calibrated points are the plain means.
    assert!((best.calibrated.unwrap() - 90.0).abs() < 1e-9);
    assert_eq!(best.calibrated_rank, Some(1));
    let gap = best.to_next.unwrap();
    assert!((gap.mean - 10.0).abs() < 1e-12 && gap.distinguishable);
    assert_eq!(overview.bids[2].to_next, None);
    let resampling = overview.resampling.known().unwrap();
    assert_eq!(
        (resampling.scheme, resampling.sampling),
        (Scheme::Crossed, Sampling::Exact { distinct: 126 })
    );
    assert!(overview.agreement.icc.known().is_some());
    assert!(overview.agreement.reliability.known().unwrap().panel > 0.95);
    assert_eq!(overview.pivotal.known().unwrap().winner, Vec::<usize>::new());
    assert_eq!(
        overview.consensus.known().unwrap().kemeny.as_ref().unwrap().known().unwrap().order,
        [0, 1, 2]
    );
    assert_eq!(overview.islands.len(), 1);
}

#[test]
fn a_difference_that_all_reviewers_see_alike_has_no_width() {
    let rule = mean_rule();
    let rows = [row(&[80, 70, 90]), row(&[78, 68, 88]), row(&[78, 68, 88])];
    let rows: Vec<&[Option<i64>]> = rows.iter().map(Vec::as_slice).collect();
    let (_, overview) = figures(&rule, &sheets(&rule, &rows), 3);
    let gap = overview.bids[0].to_next.unwrap();
    assert_eq!(
        (gap.mean, gap.interval, gap.distinguishable),
        (2.0, None, false),
        "three may agree by chance"
    );
    let tie = overview.bids[1].to_next.unwrap();
    assert_eq!((tie.mean, tie.p, tie.distinguishable), (0.0, 1.0, false));
}

#[test]
fn a_strict_reviewer_is_taken_out_of_the_comparison() {
    let rule = mean_rule();
    // Reviewer 3 gives ten points less than the others and happened to judge bid 2.
    let table: [&[Option<i64>]; 3] =
        [&[Some(80), Some(80), None], &[None, Some(82), Some(72)], &[Some(78), None, Some(68)]];
    let (_, overview) = figures(&rule, &sheets(&rule, &table), 3);
    let first = overview.bids.iter().find(|figures| figures.calibrated_rank == Some(1)).unwrap();
    assert_eq!(first.bid, bid(2), "by points bid 1 leads, by calibrated points bid 2");
    assert_eq!(overview.bids[0].bid, bid(1));
    let offset = overview.reviewers[2].offset.unwrap();
    assert!((offset + 20.0 / 3.0).abs() < 1e-9, "{offset}");
}

#[test]
fn who_failed_a_hurdle_takes_no_place_from_the_others() {
    let mut rule = mean_rule();
    rule.rubric.criteria[0].threshold_milli = Some(60_000);
    let rows = [row(&[80, 80, 80]), row(&[70, 70, 70]), row(&[50, 50, 50])];
    let rows: Vec<&[Option<i64>]> = rows.iter().map(Vec::as_slice).collect();
    let (_, overview) = figures(&rule, &sheets(&rule, &rows), 3);
    assert_eq!(overview.bids.len(), 3);
    assert!(overview.bids[1].ranks.is_some());
    assert_eq!(overview.bids[2].ranks, None, "below the threshold");
    assert!(overview.bids[2].calibrated.is_some(), "but its scores still tell about the reviewers");
}

#[test]
fn sheets_of_bids_that_are_not_ranked_leave_no_trace() {
    let rule = mean_rule();
    let table: [&[Option<i64>]; 3] =
        [&[Some(80), Some(84), None], &[Some(70), Some(75), None], &[None, None, Some(90)]];
    let sheets = sheets(&rule, &table);
    let ranking = rank(&rule, 0, &sheets[..4], &[bid(1), bid(2)], b"seed").unwrap();
    let evidence = Evidence::new(&rule, 0, &sheets, &ranking).unwrap();
    assert_eq!((evidence.bids.len(), evidence.reviewers.len()), (2, 2));
    let nobody = overview::overview(&evidence, &Settings::default(), Err(Undefined::NoVariation));
    assert_eq!((nobody.islands.len(), nobody.calibration_missing), (1, None));
}

#[test]
fn less_is_better_where_the_rule_says_so() {
    let nih = preset::named("nih").unwrap().rule;
    let rows = [row(&[2, 1, 2, 2]), row(&[5, 4, 5, 5]), row(&[8, 7, 9, 8])];
    let rows: Vec<&[Option<i64>]> = rows.iter().map(Vec::as_slice).collect();
    let (ranking, overview) = figures(&nih, &sheets(&nih, &rows), 3);
    assert_eq!(ranking.rows[0].bid, bid(1));
    assert!(overview.lower_is_better);
    assert_eq!(overview.bids[0].calibrated_rank, Some(1));
    assert!(overview.bids[0].expected_rank.unwrap() < 1.2);
    assert!(overview.bids[0].p_place.unwrap() > overview.bids[1].p_place.unwrap());
    assert_eq!(overview.bids[0].ranks.unwrap().p_first, 1.0);
}

fn few_reviewers(reason: Option<&Undefined>) -> bool {
    matches!(reason, Some(Undefined::TooFewReviewers { .. }))
}

#[test]
fn what_does_not_exist_says_why() {
    let rule = mean_rule();
    let check = |table: &[&[Option<i64>]], reason: fn(&Overview) -> bool| {
        let (_, overview) = figures(&rule, &sheets(&rule, table), table.len());
        assert!(reason(&overview), "{table:?}: {overview:?}");
        // Figures and reasons survive the way out and back.
        let text = serde_json::to_string(&overview).unwrap();
        assert_eq!(serde_json::from_str::<Overview>(&text).unwrap(), overview);
    };
    check(&[&[Some(80)], &[Some(70)]], |o| {
        few_reviewers(o.agreement.icc.undefined()) && few_reviewers(o.resampling.undefined())
    });
    check(&[&[Some(80), Some(70), Some(75)]], |o| {
        matches!(o.resampling.undefined(), Some(Undefined::TooFewBids { have: 1, need: 2 }))
    });
    check(&[&[Some(80), Some(80)], &[Some(80), Some(80)]], |o| {
        matches!(o.agreement.alpha_interval.undefined(), Some(Undefined::NoVariation))
    });
    check(&[&[Some(80), Some(70), None, None], &[None, None, Some(75), Some(71)]], |o| {
        matches!(&o.calibration_missing, Some(Undefined::Disconnected { islands }) if islands.len() == 2)
            && o.islands.len() == 2
    });
    check(&[], |o| o.bids.is_empty() && o.resampling.undefined().is_some());
}

/// By the whole rule, with this seed.
pub fn by_the_rule(rule: &Rule, sheets: &[Sheet], bids: usize, seed: Option<&[u8]>) -> Overview {
    let entrants: Vec<Entrant> =
        (1..=bids as u128).map(|number| Entrant { bid: bid(number), sealed_at: None }).collect();
    let contest = Contest { rule, gate: 0, sheets, entrants: &entrants, seed };
    let ranking = contest.ranking(sheets).unwrap().ranking;
    let evidence = Evidence::new(rule, 0, sheets, &ranking).unwrap().under_the_rule(&contest).unwrap();
    overview::overview(&evidence, &Settings::default(), Err(Undefined::NoVariation))
}

/// Scores per criterion; rows are bids, then reviewers.
pub fn by_criterion(rule: &Rule, table: &[&[&[i64]]]) -> Vec<Sheet> {
    let of_bid = |(b, row): (usize, &&[&[i64]])| {
        let sheet = |(r, scores): (usize, &&[i64])| Sheet {
            bid: bid(b as u128 + 1),
            reviewer: person(r as u128 + 1),
            scores_milli: scores.to_vec(),
            votes: vec![true; rule.votes.len()],
        };
        row.iter().enumerate().map(sheet).collect::<Vec<_>>()
    };
    table.iter().enumerate().flat_map(of_bid).collect()
}

#[test]
fn without_one_reviewer_a_bid_below_a_threshold_may_pass_and_win() {
    let rule = preset::named("horizon_europe_ria").unwrap().rule;
    // Bid 2 misses the threshold of 3 in the first criterion only because of reviewer 1.
    let sheets = by_criterion(
        &rule,
        &[
            &[&[4_000, 4_000, 4_000], &[4_000, 4_000, 4_500], &[5_000, 4_000, 4_000]],
            &[&[2_500, 5_000, 5_000], &[3_000, 5_000, 5_000], &[3_000, 5_000, 5_000]],
        ],
    );
    let overview = by_the_rule(&rule, &sheets, 2, Some(b"seed"));
    assert_eq!(overview.without_one, WithoutOne::WholeRule);
    assert_eq!(overview.bids[0].bid, bid(1));
    assert_eq!(overview.pivotal.known().unwrap().winner, [0]);
    let winners: Vec<(usize, &[usize])> =
        overview.winners_without.iter().map(|one| (one.reviewer, one.bids.as_slice())).collect();
    assert_eq!(winners, [(0, &[1][..])]);
    assert_eq!(
        (overview.bids[0].ranks_without_one, overview.bids[0].may_fail_without_one),
        (Some((1, 2)), false)
    );
    assert_eq!(
        (overview.bids[1].ranks_without_one, overview.bids[1].may_fail_without_one),
        (Some((1, 1)), true)
    );
    // The figure that looks at scores alone does not see it, and says what it rests on.
    let (_, scores_only) = figures(&rule, &sheets, 2);
    assert_eq!(scores_only.without_one, WithoutOne::ScoresInTheRace);
}

#[test]
fn without_one_reviewer_a_vote_may_be_lost() {
    let rule = preset::named("innovate_uk").unwrap().rule;
    let table = [row(&[90, 90, 90]), row(&[70, 70, 70])];
    let rows: Vec<&[Option<i64>]> = table.iter().map(Vec::as_slice).collect();
    let mut sheets = sheets(&rule, &rows);
    // Bid 1 has two of three; without one of those two it has not more than half.
    sheets[2].votes = vec![false; rule.votes.len()];
    let overview = by_the_rule(&rule, &sheets, 2, Some(b"seed"));
    assert_eq!(overview.pivotal.known().unwrap().winner, [0, 1]);
    assert!(overview.bids[0].may_fail_without_one && !overview.bids[1].may_fail_without_one);
    assert_eq!(overview.bids[1].ranks_without_one, Some((1, 2)));
}

#[test]
fn a_draw_that_nobody_made_has_no_first() {
    let rule = mean_rule();
    let table = [row(&[80, 80, 80]), row(&[80, 80, 80]), row(&[70, 70, 70])];
    let rows: Vec<&[Option<i64>]> = table.iter().map(Vec::as_slice).collect();
    let sheets = sheets(&rule, &rows);
    let open = by_the_rule(&rule, &sheets, 3, None);
    let of = |number| open.bids.iter().find(|figures| figures.bid == bid(number)).unwrap().ranks_without_one;
    assert_eq!((of(1), of(2), of(3)), (Some((1, 2)), Some((1, 2)), Some((3, 3))));
    let drawn = by_the_rule(&rule, &sheets, 3, Some(b"seed"));
    let ranks: Vec<_> = drawn.bids.iter().map(|figures| figures.ranks_without_one).collect();
    assert_eq!(ranks, [Some((1, 1)), Some((2, 2)), Some((3, 3))]);
}

#[test]
fn beyond_the_bound_only_the_scores_are_looked_at() {
    let rule = mean_rule();
    let bids = 1 + overview::MOST_RERUNS / 400;
    let sheets: Vec<Sheet> = (0..bids)
        .flat_map(|b| [(b, b % 400), (b, (b + 1) % 400)])
        .map(|(b, r)| Sheet {
            bid: bid(b as u128 + 1),
            reviewer: person(r as u128 + 1),
            scores_milli: vec![60_000 + (b as i64 % 40) * 1_000; 4],
            votes: Vec::new(),
        })
        .collect();
    assert_eq!(by_the_rule(&rule, &sheets, bids, Some(b"seed")).without_one, WithoutOne::ScoresInTheRace);
    let one_less: Vec<Sheet> = sheets.into_iter().filter(|sheet| sheet.bid != bid(bids as u128)).collect();
    assert_eq!(by_the_rule(&rule, &one_less, bids - 1, Some(b"seed")).without_one, WithoutOne::WholeRule);
}

#[test]
fn who_failed_takes_no_calibrated_rank_and_no_chance_from_the_others() {
    let mut rule = mean_rule();
    rule.rubric.criteria[0].threshold_milli = Some(60_000);
    rule.rubric.criteria[0].veto = true;
    let rows = [row(&[95, 96, 97, 55]), row(&[80, 82, 81, 79]), row(&[70, 73, 71, 69])];
    let rows: Vec<&[Option<i64>]> = rows.iter().map(Vec::as_slice).collect();
    let (ranking, overview) = figures(&rule, &sheets(&rule, &rows), 3);
    assert_eq!(ranking.rows[0].bid, bid(2));
    let of = |id: BidId| overview.bids.iter().find(|figures| figures.bid == id).unwrap();
    assert_eq!((of(bid(2)).calibrated_rank, of(bid(3)).calibrated_rank), (Some(1), Some(2)));
    assert!(of(bid(2)).expected_rank.unwrap() < 1.5 && of(bid(2)).p_place.unwrap() > 0.5);
    let failed = of(bid(1));
    assert_eq!((failed.calibrated_rank, failed.expected_rank, failed.p_place), (None, None, None));
    assert_eq!(overview.consensus.known().unwrap().borda.known().unwrap().order, [0, 1]);
}

#[test]
fn how_a_draw_falls_changes_no_figure() {
    let rule = mean_rule();
    // Bids 2 to 7 tie and are drawn; experts scored different bids, so that chance takes part in the figures.
    let mut table: Vec<Vec<Option<i64>>> = vec![row(&[90, 91, 89, 92, 90, 88])];
    for shift in 0..6 {
        let mut of_bid = vec![Some(80), Some(70), Some(75), None, None, None];
        of_bid.rotate_right(shift);
        table.push(of_bid);
    }
    let table: Vec<&[Option<i64>]> = table.iter().map(Vec::as_slice).collect();
    let sheets = sheets(&rule, &table);
    let bids: Vec<BidId> = (1..=7).map(bid).collect();
    let with_seed = |seed: &[u8]| {
        let ranking = rank(&rule, 0, &sheets, &bids, seed).unwrap();
        let evidence = Evidence::new(&rule, 0, &sheets, &ranking).unwrap();
        let settings = Settings { resamples: 500, ..Settings::default() };
        let bootstrap = overview::bootstrap(&evidence, &settings).unwrap();
        let intervals = bootstrap.finish(bootstrap.run(0..bootstrap.resamples()));
        let mut figures = overview::overview(&evidence, &settings, Ok(intervals)).bids;
        let order: Vec<BidId> = figures.iter().map(|figures| figures.bid).collect();
        figures.sort_by_key(|figures| figures.bid);
        let ranks: Vec<_> = figures
            .into_iter()
            .map(|figures| (figures.ranks, figures.expected_rank, figures.p_place))
            .collect();
        (order, ranks)
    };
    let (one, two) = (with_seed(b"one"), with_seed(b"another"));
    assert_ne!(one.0, two.0, "the draw falls differently");
    assert_eq!(one.1, two.1);
}

#[test]
fn few_scores_still_give_the_order_that_contradicts_them_least() {
    let rule = mean_rule();
    let table: [&[Option<i64>]; 3] =
        [&[Some(90), Some(85), None], &[Some(80), None, Some(75)], &[None, Some(70), Some(60)]];
    let (_, overview) = figures(&rule, &sheets(&rule, &table), 3);
    let consensus = overview.consensus.known().unwrap();
    assert!(matches!(consensus.borda.undefined(), Some(Undefined::Incomplete { missing: 3 })));
    assert_eq!(consensus.kemeny.as_ref().unwrap().known().unwrap().order, [0, 1, 2]);
}

#[test]
fn one_score_far_from_equal_ones_is_noticed() {
    let rule = mean_rule();
    let rows = [row(&[80, 80, 80, 80, 5]), row(&[70, 71, 72, 73, 74])];
    let rows: Vec<&[Option<i64>]> = rows.iter().map(Vec::as_slice).collect();
    let (_, overview) = figures(&rule, &sheets(&rule, &rows), 2);
    let found: Vec<_> = overview.outlying.iter().map(|one| (one.reviewer, one.score)).collect();
    assert_eq!(found, [(4, 5.0)]);
    assert_eq!(overview.bids[overview.outlying[0].bid].bid, bid(1));
}

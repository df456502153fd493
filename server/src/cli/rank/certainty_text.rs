//! How sure each place is, and each expert's strictness: two tables with a sentence per column. Deliberately absent:
//! figures of the panel as a whole.

use app::catalogue::{t, tf};
use app::text::Locale;
use domain::overview::{BidFigures, Gap, WithoutOne};
use domain::rule::Combination;
use domain::stats::Undefined;
use domain::stats::interval::{Sampling, Scheme};

use super::advisory::Advisory;
use super::binding::{rank_range, rank_words};
use super::section::{Section, decimals, interval, percent};
use crate::cli::text_table::{Column, TextTable};

const NAME_COLUMNS: usize = 24;

/// A row per bid.
pub fn of_bids(locale: Locale, advisory: &Advisory<'_>) -> Section {
    let mut section = Section::new(t(locale, "figure.bids.title"));
    section.table = Some(bid_table(locale, advisory));
    let figures = &advisory.overview;
    let out_of_ten = decimals(figures.confidence * 10.0, 0);
    match (figures.resampling.known(), figures.resampling.undefined()) {
        (Some(known), _) => {
            let how = match known.sampling {
                Sampling::Exact { distinct } => {
                    tf(locale, "figure.bids.counted", &[("count", &distinct.to_string())])
                }
                Sampling::Sampled { resamples } => {
                    tf(locale, "figure.bids.drawn", &[("count", &resamples.to_string())])
                }
            };
            section.say(tf(locale, "figure.bids.range", &[("often", &out_of_ten), ("how", &how)]));
            let scheme = match known.scheme {
                Scheme::Crossed => "figure.bids.crossed",
                Scheme::Nested => "figure.bids.nested",
            };
            section.say(t(locale, scheme));
            if figures.bids.iter().any(|bid| bid.ranks.is_none() || bid.misses_hurdle.is_some()) {
                section.say(t(locale, "figure.bids.not_in_race"));
            }
            if known.single_reviews > 0 {
                let count = known.single_reviews.to_string();
                section.say(tf(locale, "figure.bids.single_reviews", &[("count", &count)]));
            }
            section.say(match figures.places {
                1 => t(locale, "figure.bids.chance_first").to_owned(),
                places => tf(locale, "figure.bids.chance", &[("places", &places.to_string())]),
            });
        }
        (None, Some(reason)) => {
            let why = advisory.reason_in_race(locale, reason);
            section.say(tf(locale, "figure.bids.no_range", &[("why", &why)]));
        }
        (None, None) => {}
    }
    section.say(without_one(locale, advisory));
    match &figures.calibration_missing {
        None => section.say(t(locale, "figure.bids.calibrated")),
        Some(reason) => {
            let why = advisory.reason(locale, reason);
            section.say(tf(locale, "figure.bids.not_calibrated", &[("why", &why)]));
        }
    }
    section.say(expected(locale, advisory));
    section.say(t(locale, "figure.bids.spread"));
    section.say(tf(locale, "figure.bids.lead", &[("often", &out_of_ten)]));
    let compares = figures.bids.iter().any(|bid| bid.to_next.is_some());
    if compares && advisory.scored.rule.combination != Combination::Mean {
        section.say(t(locale, "figure.bids.lead_all_sheets"));
    }
    section
}

/// What is meant by the ranks without one expert, or why there are none.
fn without_one(locale: Locale, advisory: &Advisory<'_>) -> String {
    let figures = &advisory.overview;
    match (figures.pivotal.undefined(), figures.without_one) {
        (Some(reason), _) => {
            let why = advisory.reason_in_race(locale, reason);
            tf(locale, "figure.bids.no_without_one", &[("why", &why)])
        }
        (None, WithoutOne::WholeRule) => t(locale, "figure.bids.without_one").to_owned(),
        (None, WithoutOne::ScoresInTheRace) => t(locale, "figure.bids.without_one_scores").to_owned(),
    }
}

/// What is meant by the expected rank, or why there is none.
fn expected(locale: Locale, advisory: &Advisory<'_>) -> String {
    let figures = &advisory.overview;
    if figures.bids.iter().any(|bid| bid.expected_rank.is_some()) {
        return t(locale, "figure.bids.expected").to_owned();
    }
    let apart = Undefined::Disconnected { islands: figures.islands.clone() };
    let reason = match figures.mixed.undefined() {
        Some(reason) => reason,
        None if figures.islands.len() > 1 => &apart,
        None => &Undefined::NoVariation,
    };
    tf(locale, "figure.bids.no_expected", &[("why", &advisory.reason(locale, reason))])
}

fn bid_table(locale: Locale, advisory: &Advisory<'_>) -> TextTable {
    let figures = &advisory.overview;
    let chance = match figures.places {
        1 => t(locale, "figure.bids.column_chance_first").to_owned(),
        places => tf(locale, "figure.bids.column_chance", &[("places", &places.to_string())]),
    };
    let mut table = TextTable::new(vec![
        Column::figures(t(locale, "tool.rank.rank")),
        Column::words(t(locale, "tool.rank.bid")).at_most(NAME_COLUMNS),
        Column::figures(t(locale, "figure.bids.column_range")),
        Column::figures(&chance),
        Column::figures(t(locale, "figure.bids.column_without_one")),
        Column::figures(t(locale, "figure.bids.column_calibrated")),
        Column::figures(t(locale, "figure.bids.column_calibrated_rank")),
        Column::figures(t(locale, "figure.bids.column_expected")),
        Column::figures(t(locale, "figure.bids.column_spread")),
        Column::figures(t(locale, "figure.bids.column_lead")),
    ]);
    for (position, bid) in figures.bids.iter().enumerate() {
        table.row(bid_cells(locale, advisory, position, bid));
    }
    table
}

fn bid_cells(locale: Locale, advisory: &Advisory<'_>, position: usize, bid: &BidFigures) -> Vec<String> {
    let row = advisory.row(position);
    // A bid that waits for the draw has no next one yet, and one that the rule stops is behind for that reason.
    let is_compared = advisory.is_placed(position) && advisory.is_placed(position + 1);
    let or_dash = |cell: Option<String>| cell.unwrap_or_else(|| "-".to_owned());
    let points = |value: Option<f64>| or_dash(value.map(|value| decimals(value, 2)));
    // Where less is better, being ahead is having fewer points.
    let lead = |gap: Gap| {
        let is_turned = advisory.overview.lower_is_better;
        let mean = decimals(if is_turned { -gap.mean } else { gap.mean }, 2);
        let around = match gap.interval {
            None => t(locale, "figure.bids.lead_alike").to_owned(),
            Some((low, high)) if is_turned => interval(-high, -low, 2),
            Some((low, high)) => interval(low, high, 2),
        };
        format!("{mean} {around}")
    };
    vec![
        row.map(rank_words).unwrap_or_default(),
        advisory.bid_name(position),
        or_dash(bid.ranks.map(|interval| rank_range(interval.low, interval.high))),
        or_dash(bid.ranks.map(|interval| percent(interval.p_top_k))),
        or_dash(bid.ranks_without_one.map(|(best, worst)| {
            let fails = if bid.may_fail_without_one { " / -" } else { "" };
            format!("{}{fails}", rank_range(best, worst))
        })),
        points(bid.calibrated),
        or_dash(bid.calibrated_rank.map(|rank| rank.to_string())),
        or_dash(bid.expected_rank.map(|rank| decimals(rank, 1))),
        points(bid.spread),
        or_dash(bid.to_next.filter(|_| is_compared).map(lead)),
    ]
}

/// A row per expert.
pub fn of_experts(locale: Locale, advisory: &Advisory<'_>) -> Section {
    let (offset_title, offset_words) = match advisory.overview.lower_is_better {
        false => ("figure.experts.column_offset", "figure.experts.offset"),
        true => ("figure.experts.column_offset_lower", "figure.experts.offset_lower"),
    };
    let mut section = Section::new(t(locale, "figure.experts.title"));
    let mut table = TextTable::new(vec![
        Column::words(t(locale, "tool.rank.expert")).at_most(NAME_COLUMNS),
        Column::figures(t(locale, "figure.experts.column_bids")),
        Column::figures(t(locale, "figure.experts.column_mean")),
        Column::figures(t(locale, offset_title)),
        Column::figures(t(locale, "figure.experts.column_agreement")),
    ]);
    let mut order: Vec<usize> = (0..advisory.overview.reviewers.len()).collect();
    order.sort_by_key(|position| advisory.expert_name(*position));
    for (position, expert) in
        order.into_iter().filter_map(|at| Some((at, advisory.overview.reviewers.get(at)?)))
    {
        let signed = |value: f64| {
            let text = decimals(value, 2);
            if value > 0.0 && text != "0.00" { format!("+{text}") } else { text }
        };
        table.row(vec![
            advisory.expert_name(position),
            expert.scores.to_string(),
            decimals(expert.mean, 2),
            expert.offset.map_or_else(|| "-".to_owned(), signed),
            expert.agreement_with_others.map_or_else(|| "-".to_owned(), |rho| decimals(rho, 2)),
        ]);
    }
    section.table = Some(table);
    match &advisory.overview.calibration_missing {
        None => section.say(t(locale, offset_words)),
        Some(reason) => {
            let values = [("name", t(locale, offset_title)), ("why", &advisory.reason(locale, reason))];
            section.say(tf(locale, "figure.missing", &values));
        }
    }
    section.say(t(locale, "figure.experts.agreement"));
    section
}

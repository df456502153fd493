//! Whether the experts saw the same, and what would change the winner. Deliberately absent: figures of single bids.

use app::catalogue::{t, tf};
use app::text::Locale;
use domain::overview::{BordaOrder, Figure, GOOD_RELIABILITY};
use domain::rule::Combination;
use domain::stats::Undefined;
use domain::stats::aggregate::Search;
use domain::stats::agreement::Icc;

use super::advisory::{Advisory, joined};
use super::section::{Section, decimals, interval, percent};
use super::short_text::{no_single_expert, winners_without};
use crate::cli::text_table::{Column, TextTable};

const NAME_COLUMNS: usize = 24;
/// Outlying scores beyond this many are counted.
const OUTLYING: usize = 20;
/// Where agreement begins to be called moderate, good, excellent (Koo and Li 2016).
const GRADES: [(f64, &str); 3] = [(0.9, "excellent"), (0.75, "good"), (0.5, "moderate")];
/// Where alpha begins to bear tentative conclusions, and conclusions (Krippendorff 2004).
const ALPHA_GRADES: [(f64, &str); 2] = [(0.8, "reliable"), (0.667, "tentative")];

/// One row of the table of agreement.
struct Row {
    name: String,
    value: String,
    range: String,
    grade: &'static str,
}

/// Coefficients of agreement with what they mean.
pub fn of_agreement(locale: Locale, advisory: &Advisory<'_>) -> Section {
    let agreement = &advisory.overview.agreement;
    let mut section = Section::new(t(locale, "figure.agreement.title"));
    let mut rows = Vec::new();
    let mut missing: Vec<(&str, &Undefined)> = Vec::new();
    match &agreement.reliability {
        Figure::Known(known) => {
            let value = |name: &str, value: f64| row(locale, t(locale, name), value, None);
            rows.push(value("figure.agreement.single", known.single));
            rows.push(value("figure.agreement.panel", known.panel));
            let reviews = decimals(known.reviews_per_bid, 1);
            let mut lead = tf(
                locale,
                "figure.agreement.lead",
                &[("share", &percent(known.single)), ("panel", &percent(known.panel)), ("reviews", &reviews)],
            );
            let good = percent(GOOD_RELIABILITY);
            lead.push_str(&match known.needed {
                Some(needed) => {
                    let values = [("needed", needed.to_string()), ("good", good)];
                    let borrowed = values.each_ref().map(|(name, value)| (*name, value.as_str()));
                    tf(locale, "figure.agreement.needed", &borrowed)
                }
                None => tf(locale, "figure.agreement.never", &[("good", &good)]),
            });
            section.lead.push(lead);
        }
        Figure::Unknown(reason) => missing.push(("figure.agreement.panel", reason)),
    }
    match &agreement.icc {
        Figure::Known(icc) => {
            let forms = [
                ("ICC(1,1)", Some(icc.icc_1_1)),
                ("ICC(2,1)", Some(icc.icc_2_1)),
                ("ICC(3,1)", Some(icc.icc_3_1)),
                ("ICC(1,k)", Some(icc.icc_1_k)),
                ("ICC(2,k)", icc.icc_2_k),
                ("ICC(3,k)", Some(icc.icc_3_k)),
            ];
            let known = forms.into_iter().filter_map(|(name, icc)| Some((name, icc?)));
            rows.extend(known.map(|(name, icc)| row(locale, name, icc.value, Some(icc))));
        }
        Figure::Unknown(reason) => missing.push(("figure.agreement.icc_name", reason)),
    }
    for (name, alpha) in [
        ("figure.agreement.alpha_interval", &agreement.alpha_interval),
        ("figure.agreement.alpha_ordinal", &agreement.alpha_ordinal),
    ] {
        match alpha {
            Figure::Known(alpha) => {
                let mut row = row(locale, t(locale, name), alpha.alpha, None);
                row.grade = grade(locale, alpha.alpha, &ALPHA_GRADES, "not_reliable");
                rows.push(row);
            }
            Figure::Unknown(reason) => missing.push((name, reason)),
        }
    }
    match &agreement.kendall_w {
        Figure::Known(known) => {
            let mut w = row(locale, t(locale, "figure.agreement.w"), known.w, None);
            let p = if known.p < 0.001 {
                "p < 0.001".to_owned()
            } else {
                format!("p = {}", decimals(known.p, 3))
            };
            w.range = p;
            w.grade = "";
            rows.push(w);
        }
        Figure::Unknown(reason) => missing.push(("figure.agreement.w", reason)),
    }
    section.table = Some(agreement_table(locale, &rows));
    say_agreement(locale, advisory, &mut section, &missing);
    section
}

fn row(locale: Locale, name: &str, value: f64, icc: Option<Icc>) -> Row {
    Row {
        name: name.to_owned(),
        value: decimals(value, 3),
        range: icc.map(|icc| interval(icc.low, icc.high, 3)).unwrap_or_default(),
        grade: reliability_grade(locale, value),
    }
}

/// What a value is called, by the three decimals that are shown.
fn grade(locale: Locale, value: f64, grades: &[(f64, &str)], below: &str) -> &'static str {
    let shown = (value * 1000.0).round() / 1000.0;
    let grade = grades.iter().find(|(from, _)| shown >= *from).map_or(below, |(_, grade)| grade);
    t(locale, &format!("figure.grade.{grade}"))
}

/// What a reliability or an intraclass correlation is called.
pub fn reliability_grade(locale: Locale, value: f64) -> &'static str {
    grade(locale, value, &GRADES, "poor")
}

fn agreement_table(locale: Locale, rows: &[Row]) -> TextTable {
    let mut table = TextTable::new(vec![
        Column::words(t(locale, "figure.agreement.column_name")),
        Column::figures(t(locale, "figure.agreement.column_value")),
        Column::words(t(locale, "figure.agreement.column_range")),
        Column::words(t(locale, "figure.agreement.column_grade")),
    ]);
    for row in rows {
        table.row(vec![row.name.clone(), row.value.clone(), row.range.clone(), row.grade.to_owned()]);
    }
    table
}

fn say_agreement(
    locale: Locale,
    advisory: &Advisory<'_>,
    section: &mut Section,
    missing: &[(&str, &Undefined)],
) {
    let agreement = &advisory.overview.agreement;
    let is_missing = |name: &str| missing.iter().any(|(other, _)| *other == name);
    if !is_missing("figure.agreement.panel") {
        section.say(t(locale, "figure.agreement.reliability"));
    }
    if let Some(known) = agreement.icc.known() {
        let often = decimals(known.confidence * 10.0, 0);
        section.say(tf(locale, "figure.agreement.icc", &[("often", &often)]));
        if known.icc_2_k.is_none() {
            section.say(t(locale, "figure.agreement.no_icc_2_k"));
        }
    }
    if !is_missing("figure.agreement.alpha_interval") {
        section.say(t(locale, "figure.agreement.alpha"));
    }
    if agreement.kendall_w.known().is_some() {
        section.say(t(locale, "figure.agreement.concordance"));
    }
    if section.table.as_ref().is_some_and(|table| !table.is_empty()) {
        section.say(t(locale, "figure.agreement.grades"));
    }
    if let Some(mixed) = advisory.overview.mixed.known() {
        let all = mixed.var_bid + mixed.var_reviewer + mixed.var_residual;
        if all > 0.0 {
            let share = |part: f64| percent(part / all);
            let values = [
                ("bids", share(mixed.var_bid)),
                ("experts", share(mixed.var_reviewer)),
                ("rest", share(mixed.var_residual)),
            ];
            let borrowed = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            section.say(tf(locale, "figure.agreement.shares", &borrowed));
        }
    }
    for (name, reason) in missing {
        let why = advisory.reason(locale, reason);
        section.say(tf(locale, "figure.missing", &[("name", t(locale, name)), ("why", &why)]));
    }
}

/// Weights, single experts, single scores, and the order by preferences.
pub fn of_changes(locale: Locale, advisory: &Advisory<'_>) -> Section {
    let mut section = Section::new(t(locale, "figure.changes.title"));
    if advisory.has_no_first() {
        section.say(t(locale, "figure.changes.no_first"));
    } else {
        weights(locale, advisory, &mut section);
        pivotal(locale, advisory, &mut section);
    }
    consensus(locale, advisory, &mut section);
    section
}

fn weights(locale: Locale, advisory: &Advisory<'_>, section: &mut Section) {
    let sensitivity = match &advisory.overview.weights {
        Figure::Known(known) => known,
        Figure::Unknown(reason) => {
            let why = advisory.reason_in_race(locale, reason);
            let name = t(locale, "figure.changes.weights_name");
            section.say(tf(locale, "figure.missing", &[("name", name), ("why", &why)]));
            return;
        }
    };
    let mut table = TextTable::new(vec![
        Column::words(t(locale, "figure.changes.column_criterion")),
        Column::figures(t(locale, "figure.changes.column_weight")),
        Column::figures(t(locale, "figure.changes.column_until")),
        Column::words(t(locale, "figure.changes.column_then")).at_most(NAME_COLUMNS),
    ]);
    let criteria = &advisory.scored.rule.rubric_at(advisory.scored.gate).criteria;
    for (criterion, change) in criteria.iter().zip(&sensitivity.one_weight) {
        let weight = decimals(f64::from(criterion.weight_permille) / 1000.0, 3);
        let (until, then) = match change {
            Some(change) => (decimals(change.weight, 3), advisory.bid_name(change.bid)),
            None => ("-".to_owned(), t(locale, "figure.changes.never").to_owned()),
        };
        table.row(vec![locale.of(&criterion.name).to_owned(), weight, until, then]);
    }
    section.table = Some(table);
    section.say(tf(locale, "figure.changes.weights", &[("winner", &advisory.bid_name(sensitivity.winner))]));
    if let Some(change) = &sensitivity.all_weights {
        let (distance, bid) = (decimals(change.distance, 3), advisory.bid_name(change.bid));
        section.say(tf(locale, "figure.changes.all_weights", &[("distance", &distance), ("bid", &bid)]));
    } else {
        section.say(t(locale, "figure.changes.all_weights_never"));
    }
    if advisory.scored.rule.combination == Combination::DropExtremesOnTotals {
        section.say(t(locale, "figure.changes.all_weights_kept"));
    }
}

fn pivotal(locale: Locale, advisory: &Advisory<'_>, section: &mut Section) {
    let names = |positions: &[usize]| {
        let names: Vec<String> = positions.iter().map(|position| advisory.expert_name(*position)).collect();
        joined(locale, &names)
    };
    match &advisory.overview.pivotal {
        Figure::Known(known) if known.winner.is_empty() && known.top.is_empty() => {
            section.say_all(no_single_expert(locale, advisory));
        }
        Figure::Known(known) => {
            if !known.winner.is_empty() {
                let experts = winners_without(locale, advisory);
                section.say(tf(locale, "figure.changes.pivot_winner", &[("experts", &experts)]));
            }
            if known.top_k > 1 && !known.top.is_empty() {
                let places = known.top_k.to_string();
                let values = [("experts", names(&known.top)), ("places", places)];
                let borrowed = values.each_ref().map(|(name, value)| (*name, value.as_str()));
                section.say(tf(locale, "figure.changes.pivot_top", &borrowed));
            }
        }
        Figure::Unknown(reason) => {
            let why = advisory.reason_in_race(locale, reason);
            let name = t(locale, "figure.changes.pivot_name");
            section.say(tf(locale, "figure.missing", &[("name", name), ("why", &why)]));
        }
    }
}

fn consensus(locale: Locale, advisory: &Advisory<'_>, section: &mut Section) {
    let ordered = |positions: &[usize]| {
        let names: Vec<String> = positions.iter().map(|position| advisory.bid_name(*position)).collect();
        joined(locale, &names)
    };
    let missing = |section: &mut Section, reason: &Undefined| {
        let why = advisory.reason(locale, reason);
        let name = t(locale, "figure.changes.borda_name");
        section.say(tf(locale, "figure.missing", &[("name", name), ("why", &why)]));
    };
    let known = match &advisory.overview.consensus {
        Figure::Known(known) => known,
        Figure::Unknown(reason) => return missing(section, reason),
    };
    match &known.borda {
        Figure::Known(known) => {
            section.say(tf(
                locale,
                "figure.changes.borda",
                &[("order", &by_points(locale, advisory, known))],
            ));
        }
        Figure::Unknown(reason) => missing(section, reason),
    }
    if let Some(Figure::Known(kemeny)) = &known.kemeny {
        let key = match kemeny.search {
            Search::Exact => "figure.changes.kemeny",
            Search::Heuristic => "figure.changes.kemeny_heuristic",
        };
        section.say(tf(locale, key, &[("order", &ordered(&kemeny.order))]));
    }
}

/// Names in order; an equals sign stands between those with equal points.
fn by_points(locale: Locale, advisory: &Advisory<'_>, known: &BordaOrder) -> String {
    let places: Vec<(&usize, &f64)> = known.order.iter().zip(&known.points).collect();
    let level = places.chunk_by(|(_, left), (_, right)| left == right);
    let named = level.map(|group| {
        let names: Vec<String> = group.iter().map(|(position, _)| advisory.bid_name(**position)).collect();
        names.join(" = ")
    });
    joined(locale, &named.collect::<Vec<_>>())
}

/// Scores far from the rest of their bid; nothing when there are none.
pub fn of_outlying(locale: Locale, advisory: &Advisory<'_>) -> Option<Section> {
    let outlying = &advisory.overview.outlying;
    if outlying.is_empty() {
        return None;
    }
    let mut section = Section::new(t(locale, "figure.outlying.title"));
    let mut table = TextTable::new(vec![
        Column::words(t(locale, "tool.rank.bid")).at_most(NAME_COLUMNS),
        Column::words(t(locale, "tool.rank.expert")).at_most(NAME_COLUMNS),
        Column::figures(t(locale, "figure.outlying.column_score")),
        Column::figures(t(locale, "figure.outlying.column_median")),
        Column::figures(t(locale, "figure.outlying.column_z")),
    ]);
    for score in outlying.iter().take(OUTLYING) {
        table.row(vec![
            advisory.bid_name(score.bid),
            advisory.expert_name(score.reviewer),
            decimals(score.score, 2),
            decimals(score.median, 2),
            decimals(score.modified_z, 1),
        ]);
    }
    section.table = Some(table);
    if let Some(more) = outlying.len().checked_sub(OUTLYING).filter(|more| *more > 0) {
        section.say(tf(locale, "figure.outlying.more", &[("more", &more.to_string())]));
    }
    section.say(t(locale, "figure.outlying.meaning"));
    Some(section)
}

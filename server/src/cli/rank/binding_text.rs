//! The binding ranking as text and as worksheets. Deliberately absent: advisory figures, which come below a line.

use std::collections::BTreeSet;

use app::catalogue::{t, tf, word};
use app::text::Locale;
use tables::OutSheet;

use domain::rule::{Combination, Direction, Gate};

use super::advisory::joined as joined_few;
use super::binding::{Binding, BindingRow, rank_range, rank_words, tie_words};
use super::race::RaceSoFar;
use super::scored::Scored;
use crate::cli::seed::Seed;
use crate::cli::shown::{plain, wrapped};
use crate::cli::text_table::{Column, TextTable};
use crate::cli::words::{self, decimals_for, fixed};

/// Widest a name, a criterion's title and a reason get on a terminal.
const NAME_COLUMNS: usize = 28;
const CRITERION_COLUMNS: usize = 12;
const REASON_COLUMNS: usize = 34;
/// Sentences are broken after this many columns, which every terminal has.
pub const PROSE_COLUMNS: usize = 78;

/// Everything binding as lines of text.
pub fn lines(locale: Locale, scored: &Scored, binding: &Binding, for_terminal: bool) -> Vec<String> {
    let mut lines = vec![t(locale, "tool.rank.binding_title").to_owned()];
    lines.extend(wrapped(&basis(locale, scored), PROSE_COLUMNS));
    lines.push(String::new());
    lines.extend(ranking(locale, scored, binding).lines(for_terminal));
    if let Some(race) = &binding.race {
        lines.push(String::new());
        lines.extend(wrapped(&standings_basis(locale, scored), PROSE_COLUMNS));
        lines.push(String::new());
        lines.extend(standings(locale, scored, race).lines(for_terminal));
    }
    lines.push(String::new());
    lines.extend(verdict(locale, scored, binding).iter().flat_map(|text| wrapped(text, PROSE_COLUMNS)));
    let left_out = left_out(locale, scored);
    if !left_out.is_empty() {
        lines.push(String::new());
        lines.extend(wrapped(t(locale, "tool.rank.left_out"), PROSE_COLUMNS));
        lines.extend(left_out.lines(for_terminal));
    }
    lines
}

/// By which rule, at which stage, from how much.
fn basis(locale: Locale, scored: &Scored) -> String {
    let hash: String = scored.rule.freeze().hash.chars().take(16).collect();
    let counted = scored.table.sheets.iter().filter(|sheet| sheet.left_out.is_none());
    let experts: BTreeSet<usize> = counted.clone().map(|sheet| sheet.reviewer).collect();
    let stage = match scored.rule.gate(scored.gate) {
        None => t(locale, "tool.rank.selection").to_owned(),
        Some(gate) => {
            let number = scored.gate.to_string();
            tf(locale, "tool.rank.gate", &[("number", &number), ("title", &plain(locale.of(&gate.title)))])
        }
    };
    let (bids, experts) = (scored.table.bids.len().to_string(), experts.len().to_string());
    let values = [
        ("rule", hash.as_str()),
        ("stage", &stage),
        ("bids", &bids),
        ("experts", &experts),
        ("sheets", &counted.count().to_string()),
    ];
    tf(locale, "tool.rank.basis", &values)
}

fn ranking(locale: Locale, scored: &Scored, binding: &Binding) -> TextTable {
    let criteria = &scored.rule.rubric_at(scored.gate).criteria;
    let has_ties = binding.rows.iter().any(|row| row.tie_broken_by.is_some() || row.waits());
    let mut columns = vec![
        Column::figures(t(locale, "tool.rank.rank")),
        Column::words(t(locale, "tool.rank.bid")).at_most(NAME_COLUMNS),
        Column::figures(t(locale, "tool.rank.total")),
    ];
    columns
        .extend(criteria.iter().map(|one| Column::figures(locale.of(&one.name)).at_most(CRITERION_COLUMNS)));
    columns.push(Column::figures(t(locale, "tool.rank.sheets")));
    columns.push(Column::words(t(locale, "tool.rank.outcome")).at_most(REASON_COLUMNS));
    if has_ties {
        columns.push(Column::words(t(locale, "tool.rank.tie")).at_most(REASON_COLUMNS));
    }
    let per_criterion = decimals_for(scores(binding), 0);
    let mut table = TextTable::new(columns);
    for row in &binding.rows {
        let mut cells = vec![rank_words(row), row.bid.clone(), total(scored, row)];
        let score = |index: usize| row.criteria.get(index).map(|one| fixed(one.score_milli, per_criterion));
        cells.extend((0..criteria.len()).map(|index| score(index).unwrap_or_default()));
        cells.push(row.sheets.to_string());
        cells.push(words::outcome(locale, &scored.rule, scored.gate, &row.outcome));
        cells.push(tie_words(locale, scored, row));
        table.row(cells);
    }
    table
}

/// How the gates so far count.
fn standings_basis(locale: Locale, scored: &Scored) -> String {
    let weight = |(gate, number): (&Gate, u32)| {
        let (number, weight) = (number.to_string(), gate.weight_permille.to_string());
        tf(locale, "tool.race.weight", &[("number", &number), ("weight", &weight)])
    };
    let weights: Vec<String> = scored.rule.gates.iter().zip(1..=scored.gate).map(weight).collect();
    let gate = scored.gate.to_string();
    let weights = weights.join(t(locale, "common.list_separator"));
    tf(locale, "tool.race.basis", &[("gate", &gate), ("weights", &weights)])
}

/// Each team with the points of every gate so far.
fn standings(locale: Locale, scored: &Scored, race: &RaceSoFar) -> TextTable {
    let of_gate = |number: u32| tf(locale, "tool.race.column_gate", &[("number", &number.to_string())]);
    let mut columns = vec![
        Column::figures(t(locale, "tool.rank.rank")),
        Column::words(t(locale, "tool.rank.bid")).at_most(NAME_COLUMNS),
    ];
    columns.extend((1..=scored.gate).map(|number| Column::figures(&of_gate(number))));
    columns.push(Column::figures(t(locale, "tool.race.column_so_far")));
    columns.push(Column::words(t(locale, "tool.rank.outcome")).at_most(REASON_COLUMNS));
    let mut table = TextTable::new(columns);
    for row in &race.rows {
        let mut cells = vec![rank_range(row.rank, row.rank_last), row.bid.clone()];
        cells.extend(row.gate_totals_milli.iter().map(|milli| fixed(*milli, scored.rule.decimals)));
        cells.push(fixed(row.cumulative_milli, scored.rule.decimals));
        let outcome = row.outcome.map(|outcome| word(locale, "gate_outcome", outcome.key()));
        cells.push(outcome.unwrap_or_else(|| t(locale, "tool.tie.draw_open")).to_owned());
        table.row(cells);
    }
    table
}

fn scores(binding: &Binding) -> impl Iterator<Item = i64> + '_ {
    binding.rows.iter().flat_map(|row| row.criteria.iter().map(|one| one.score_milli))
}

fn total(scored: &Scored, row: &BindingRow) -> String {
    row.total_milli.map(|milli| fixed(milli, scored.rule.decimals)).unwrap_or_default()
}

/// Who may win or go on, and which draws are still to be made.
pub fn verdict(locale: Locale, scored: &Scored, binding: &Binding) -> Vec<String> {
    let separator = t(locale, "common.list_separator");
    let joined = |names: &[String]| names.iter().map(|name| plain(name)).collect::<Vec<_>>().join(separator);
    let mut out = Vec::new();
    let (key, most) = match scored.rule.gate(scored.gate) {
        None => ("winners", scored.rule.max_winners),
        Some(gate) => ("go_on", gate.keep),
    };
    let most = most.to_string();
    out.push(match &binding.first {
        Some(names) if names.is_empty() => t(locale, "tool.rank.nobody").to_owned(),
        Some(names) if binding.race.is_some() && scored.gate as usize == scored.rule.gates.len() => {
            tf(locale, "tool.race.won", &[("names", &joined(names))])
        }
        Some(names) => tf(locale, &format!("tool.rank.{key}"), &[("most", &most), ("names", &joined(names))]),
        None if scored.gate > 1 && binding.race.is_none() => t(locale, "tool.rank.gate_alone").to_owned(),
        None if binding.race.as_ref().is_some_and(|race| !race.cut_before.is_empty()) => {
            t(locale, "tool.race.out_of_place").to_owned()
        }
        None => tf(locale, "tool.rank.open", &[("most", &most)]),
    });
    if let Some(race) = &binding.race {
        out.extend(race.cut_before.iter().map(|team| team.words(locale, "tool.race.cut_before")));
        out.extend(race.gone.iter().map(|team| team.words(locale, "tool.race.gone")));
    }
    for names in &binding.waiting {
        out.push(tf(locale, "tool.rank.draw_needed", &[("names", &joined(names))]));
    }
    if !binding.waiting.is_empty() {
        out.push(t(locale, "tool.rank.draw_how").to_owned());
    }
    out.extend(conditions(locale, scored, binding));
    out
}

/// What the rule asked for and these sheets do not have, and how to read the totals.
fn conditions(locale: Locale, scored: &Scored, binding: &Binding) -> Vec<String> {
    let rule = &scored.rule;
    let mut out = scored.seed.as_ref().map_or_else(Vec::new, |seed| seed.notes(locale, rule, scored.gate));
    if rule.better == Direction::Lower {
        out.push(t(locale, "figure.binding.lower").to_owned());
    }
    // Bids with fewer sheets than that, each with its number.
    let mut below = |key: &str, needed: u32, least: u32| {
        let is_short = |row: &&BindingRow| row.sheets < needed && row.sheets >= least;
        let short: Vec<String> = binding
            .rows
            .iter()
            .filter(is_short)
            .map(|row| {
                let sheets = row.sheets.to_string();
                tf(locale, "figure.binding.with_sheets", &[("bid", &plain(&row.bid)), ("sheets", &sheets)])
            })
            .collect();
        if !short.is_empty() {
            let needed = needed.to_string();
            out.push(tf(locale, key, &[("needed", &needed), ("names", &joined_few(locale, &short))]));
        }
    };
    below("figure.binding.too_few_reviews", rule.reviews_per_bid, 0);
    let drops =
        matches!(rule.combination, Combination::DropExtremesOnTotals | Combination::DropExtremesPerCriterion);
    if drops {
        below("figure.binding.not_dropped", rule.sheets_to_drop_from(), 1);
    }
    out
}

/// Sheets that do not count, with the reason given in the file.
fn left_out(locale: Locale, scored: &Scored) -> TextTable {
    let mut table = TextTable::new(vec![
        Column::figures(t(locale, "tool.rank.row")),
        Column::words(t(locale, "tool.rank.bid")).at_most(NAME_COLUMNS),
        Column::words(t(locale, "tool.rank.expert")).at_most(NAME_COLUMNS),
        Column::words(t(locale, "tool.rank.reason")).at_most(REASON_COLUMNS),
    ]);
    for sheet in &scored.table.sheets {
        let Some(reason) = &sheet.left_out else { continue };
        let name = |name: Option<&str>| name.unwrap_or_default().to_owned();
        table.row(vec![
            sheet.row.to_string(),
            name(scored.bid_name(sheet.bid)),
            name(scored.reviewer_name(sheet.reviewer)),
            reason.clone(),
        ]);
    }
    table
}

/// By what the result came about, and what it says, in words.
fn account(locale: Locale, scored: &Scored, binding: &Binding) -> TextTable {
    let mut table = TextTable::new(vec![
        Column::words(t(locale, "tool.rank.binding_title")),
        Column::words(t(locale, "figure.binding.value")),
    ]);
    let mut say = |name: &str, value: String| table.row(vec![t(locale, name).to_owned(), value]);
    say("figure.binding.basis", basis(locale, scored));
    say("figure.binding.rule_hash", scored.rule.freeze().hash);
    say("figure.binding.gate", scored.gate.to_string());
    let promised = &scored.rule.draw_commitment;
    let none = || t(locale, "figure.binding.none").to_owned();
    say("figure.binding.promised", if promised.is_empty() { none() } else { promised.clone() });
    say("figure.binding.seed", scored.seed.as_ref().map_or_else(none, Seed::commitment));
    for sentence in verdict(locale, scored, binding) {
        say("figure.binding.said", sentence);
    }
    table
}

/// The ranking, what it says in words, and the sheets left out where there are any.
pub fn worksheets(locale: Locale, scored: &Scored, binding: &Binding) -> Vec<OutSheet> {
    let mut sheets = vec![ranking(locale, scored, binding).worksheet(t(locale, "tool.rank.sheet_binding"))];
    if let Some(race) = &binding.race {
        sheets.push(standings(locale, scored, race).worksheet(t(locale, "tool.race.sheet")));
    }
    sheets.push(account(locale, scored, binding).worksheet(t(locale, "figure.binding.sheet")));
    let left_out = left_out(locale, scored);
    if !left_out.is_empty() {
        sheets.push(left_out.worksheet(t(locale, "tool.rank.sheet_left_out")));
    }
    sheets
}

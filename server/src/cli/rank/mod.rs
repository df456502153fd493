//! `unveil rank`: the binding ranking, a line, and below it how sure it is. Deliberately absent: arithmetic; all of it is
//! in `domain`.

mod advisory;
mod binding;
mod binding_text;
mod certainty_text;
mod panel_text;
mod parallel;
mod race;
mod scored;
mod section;
mod short_text;

use std::path::{Path, PathBuf};

use app::catalogue::{t, tf};
use app::text::Locale;
use domain::overview::Overview;
use serde::Serialize;
use tables::TextEncoding;

use self::advisory::{Advisory, Names};
use self::race::RaceRow;
use self::section::Section;
use super::ending::{Ending, Stop, say};
use super::language::parse_locale;
use super::output::OutputArgs;
use super::package::content::Algorithm;
use super::shown::{plain, width};
use super::text_table::{Column, TextTable};
use super::{files, output};

pub use binding::{Binding, BindingRow, score_problem};
pub use binding_text::PROSE_COLUMNS;
pub use race::{TeamOutOfPlace, check_earlier};
pub use scored::{Scored, ScoredArgs};

/// Fewer resamples than this show nothing but their own chance; none at all leaves them out.
const LEAST_RESAMPLES: u32 = 100;

#[derive(Debug, clap::Args)]
pub struct RankArgs {
    #[command(flatten)]
    scored: ScoredArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[arg(long, value_name = "SCORES")]
    earlier: Vec<PathBuf>,
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    #[arg(value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    resamples: u32,
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..))]
    top: Option<u32>,
    #[arg(long, value_name = "LANGUAGE", value_parser = parse_locale)]
    lang: Option<Locale>,
}

/// The JSON of `unveil rank`; the names of its fields are documented in the README of this crate.
#[derive(Serialize)]
struct Report<'a> {
    format: &'static str,
    algorithm: Algorithm,
    rule_sha256: String,
    gate: u32,
    draw_commitment: Option<String>,
    binding: &'a [BindingRow],
    first: &'a Option<Vec<String>>,
    draw_needed: &'a [Vec<String>],
    race: Option<&'a [RaceRow]>,
    cut_before: &'a [TeamOutOfPlace],
    gone: &'a [TeamOutOfPlace],
    left_out: Vec<LeftOut<'a>>,
    advisory: &'a Overview,
    names: Names<'a>,
}

/// A sheet that does not count.
#[derive(Serialize)]
struct LeftOut<'a> {
    row: usize,
    bid: &'a str,
    expert: &'a str,
    reason: &'a str,
}

/// Reads, ranks, prints. The binding result is printed before the figures below it are computed.
///
/// # Errors
/// Faults of the input, all at once; files that cannot be read or written.
pub fn run(locale: Locale, args: &RankArgs) -> Result<Ending, Stop> {
    let inputs = [&args.scored.scores, &args.scored.rule].into_iter().chain(&args.earlier);
    args.output.check(locale, &inputs.map(PathBuf::as_path).collect::<Vec<_>>())?;
    check_earlier(locale, args.scored.gate, &args.scored.scores, &args.earlier)?;
    if (1..LEAST_RESAMPLES).contains(&args.resamples) {
        let least = LEAST_RESAMPLES.to_string();
        return Err(Stop::Usage(tf(locale, "figure.resamples_few", &[("least", &least)])));
    }
    let scored = Scored::read(locale, &args.scored)?;
    note_reading(locale, &args.scored.scores, &scored);
    let binding = Binding::of(locale, &scored, &args.earlier)?;
    for (path, stage) in args.earlier.iter().zip(binding.race.iter().flat_map(|race| &race.before)) {
        note_reading(locale, path, stage);
    }
    let advisory = || Advisory::of(locale, &scored, &binding, args.resamples, args.top);
    if let Some(path) = &args.output.xlsx {
        let mut sheets = binding_text::worksheets(locale, &scored, &binding);
        let sections = sections(locale, &advisory()?);
        sheets.extend(sections.iter().filter_map(Section::worksheet));
        let mut notes = TextTable::new(vec![Column::words(t(locale, "figure.notes_title"))]);
        notes.row(vec![t(locale, "figure.line").to_owned()]);
        sections.iter().flat_map(Section::words).for_each(|words| notes.row(vec![words.clone()]));
        sheets.push(notes.worksheet(t(locale, "figure.notes_title")));
        output::workbook(locale, path, &sheets)?;
    } else if args.output.json {
        let advisory = advisory()?;
        files::print(locale, &output::json(&report(&scored, &binding, &advisory))?)?;
    } else {
        let for_terminal = files::prints_to_terminal();
        let lines = binding_text::lines(locale, &scored, &binding, for_terminal);
        files::print(locale, &(lines.join("\n") + "\n"))?;
        files::print(locale, &below_the_line(locale, &advisory()?, for_terminal))?;
    }
    Ok(if binding.waiting.is_empty() { Ending::Done } else { Ending::DrawNeeded })
}

/// The line and everything under it.
fn below_the_line(locale: Locale, advisory: &Advisory<'_>, for_terminal: bool) -> String {
    let line = t(locale, "figure.line");
    let rule = "=".repeat(width(line).max(PROSE_COLUMNS));
    let mut lines = vec![String::new(), rule.clone(), line.to_owned(), rule];
    let sections = sections(locale, advisory);
    if sections.is_empty() {
        lines.push(t(locale, "figure.nothing").to_owned());
    }
    for (section, number) in sections.iter().zip(1..) {
        lines.push(String::new());
        lines.extend(section.lines(number, for_terminal));
    }
    lines.join("\n") + "\n"
}

/// Every part there is something to say in; none without scores.
fn sections(locale: Locale, advisory: &Advisory<'_>) -> Vec<Section> {
    if advisory.overview.bids.is_empty() {
        return Vec::new();
    }
    let mut sections = vec![short_text::in_short(locale, advisory)];
    sections.push(certainty_text::of_bids(locale, advisory));
    sections.push(panel_text::of_changes(locale, advisory));
    sections.push(panel_text::of_agreement(locale, advisory));
    sections.push(certainty_text::of_experts(locale, advisory));
    sections.extend(panel_text::of_outlying(locale, advisory));
    sections
}

fn report<'a>(scored: &'a Scored, binding: &'a Binding, advisory: &'a Advisory<'_>) -> Report<'a> {
    let left_out = scored.table.sheets.iter().filter_map(|sheet| {
        Some(LeftOut {
            row: sheet.row,
            bid: scored.bid_name(sheet.bid)?,
            expert: scored.reviewer_name(sheet.reviewer)?,
            reason: sheet.left_out.as_deref()?,
        })
    });
    Report {
        format: "unveil-rank/1",
        algorithm: Algorithm::current(),
        rule_sha256: scored.rule.freeze().hash,
        gate: scored.gate,
        draw_commitment: scored.seed.as_ref().map(|seed| scored.rule.commitment_of(scored.gate, &seed.bytes)),
        binding: &binding.rows,
        first: &binding.first,
        draw_needed: &binding.waiting,
        race: binding.race.as_ref().map(|race| race.rows.as_slice()),
        cut_before: binding.race.as_ref().map(|race| race.cut_before.as_slice()).unwrap_or_default(),
        gone: binding.race.as_ref().map(|race| race.gone.as_slice()).unwrap_or_default(),
        left_out: left_out.collect(),
        advisory: &advisory.overview,
        names: advisory.names(),
    }
}

/// Pairs of names that look alike beyond this many are not told one by one.
const ALIKE: usize = 6;

/// What was taken for granted about the file, so that nothing is decided silently.
pub fn note_reading(locale: Locale, path: &Path, scored: &Scored) {
    let name = plain(&files::name_of(path));
    let read_as = &scored.table.read_as;
    if read_as.encoding == Some(TextEncoding::Gb18030) {
        say(&tf(locale, "tool.note_gb18030", &[("file", &name)]));
    }
    if !read_as.sheets_unread.is_empty() {
        let unread: Vec<String> = read_as.sheets_unread.iter().map(|sheet| plain(sheet)).collect();
        let unread = unread.join(t(locale, "common.list_separator"));
        let read = plain(read_as.sheet.as_deref().unwrap_or_default());
        say(&tf(locale, "tool.note_sheets", &[("file", &name), ("sheet", &read), ("unread", &unread)]));
    }
    for name in scored.table.unlisted.iter().take(ALIKE) {
        say(&tf(locale, "tool.note_unlisted", &[("bid", &plain(name))]));
    }
    for (earlier, later) in scored.table.alike.iter().take(ALIKE) {
        say(&tf(locale, "tool.note_alike", &[("one", &plain(earlier)), ("other", &plain(later))]));
    }
}

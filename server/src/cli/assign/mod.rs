//! `unveil assign`: who reviews what. Deliberately absent: the search, which is `domain::match_reviewers`.

mod request;
mod shown_result;

use std::path::{Path, PathBuf};

use app::catalogue::t;
use app::text::Locale;
use domain::match_reviewers::match_reviewers;
use tables::{Source, TableFault, read_bids, read_experts, read_pairs};

use self::request::Asked;
use super::ending::{Ending, Stop, say};
use super::language::parse_locale;
use super::output::OutputArgs;
use super::{faults, files, output};

#[derive(Debug, clap::Args)]
pub struct AssignArgs {
    #[arg(value_name = "BIDS")]
    bids: PathBuf,
    #[arg(value_name = "EXPERTS")]
    experts: PathBuf,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=50))]
    per_bid: u32,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    cap: Option<u32>,
    #[arg(long, value_name = "FILE")]
    pairs: Option<PathBuf>,
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=10))]
    stand_by: u32,
    #[command(flatten)]
    output: OutputArgs,
    #[arg(long, value_name = "LANGUAGE", value_parser = parse_locale)]
    lang: Option<Locale>,
}

/// Reads, assigns, prints.
///
/// # Errors
/// Faults of the input, all of them; files that cannot be read or written.
pub fn run(locale: Locale, args: &AssignArgs) -> Result<Ending, Stop> {
    let inputs = [Some(&args.bids), Some(&args.experts), args.pairs.as_ref()];
    if inputs.into_iter().flatten().filter(|path| files::is_standard_input(path)).count() > 1 {
        return Err(Stop::Usage(t(locale, "tool.both_standard_input").to_owned()));
    }
    args.output.check(locale, &inputs.into_iter().flatten().map(PathBuf::as_path).collect::<Vec<_>>())?;
    // All three are read before anything is refused, so that one run names every fault.
    let bids = table(locale, &args.bids, read_bids);
    let experts = table(locale, &args.experts, read_experts);
    let pairs = args.pairs.as_ref().map(|path| table(locale, path, read_pairs)).transpose();
    let (bids, experts, pairs) = together(bids, experts, pairs)?;
    let asked = Asked {
        bids: &bids,
        experts: &experts,
        pairs: pairs.as_ref(),
        per_bid: args.per_bid,
        cap: args.cap,
        stand_by: args.stand_by,
    };
    let prepared = asked.request(locale)?;
    prepared.notes.iter().for_each(|note| say(note));
    let matching = match_reviewers(&prepared.request)
        .map_err(|faults| Stop::Faults(faults.iter().map(|fault| asked.said(locale, fault)).collect()))?;
    let result = shown_result::Assignment::new(&asked, &prepared.request, &matching);
    if let Some(path) = &args.output.xlsx {
        output::workbook(locale, path, &result.worksheets(locale))?;
    } else if args.output.json {
        files::print(locale, &output::json(&result)?)?;
    } else {
        let lines = result.lines(locale, files::prints_to_terminal());
        files::print(locale, &(lines.join("\n") + "\n"))?;
    }
    Ok(if matching.missing.is_empty() { Ending::Done } else { Ending::SlotsMissing })
}

fn table<T>(
    locale: Locale,
    path: &Path,
    read: impl FnOnce(Source<'_>) -> Result<T, Vec<TableFault>>,
) -> Result<T, Stop> {
    let bytes = files::read(locale, path)?;
    let name = files::name_of(path);
    read(Source::of_file(&name, &bytes)).map_err(|found| faults::of_file(locale, &name, &found))
}

/// All of them, or every fault of all of them. A file that cannot be read at all comes first.
fn together<A, B, C>(
    first: Result<A, Stop>,
    second: Result<B, Stop>,
    third: Result<C, Stop>,
) -> Result<(A, B, C), Stop> {
    match (first, second, third) {
        (Ok(first), Ok(second), Ok(third)) => Ok((first, second, third)),
        (first, second, third) => {
            let mut lines = Vec::new();
            for stop in [first.err(), second.err(), third.err()].into_iter().flatten() {
                match stop {
                    Stop::Faults(found) => lines.extend(found),
                    other => return Err(other),
                }
            }
            Err(Stop::Faults(lines))
        }
    }
}

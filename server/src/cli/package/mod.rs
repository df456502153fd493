//! `unveil package`: a result and everything that decided it, in one file that anybody can compute again.

pub mod compare;
pub mod content;

use std::path::PathBuf;

use app::catalogue::{t, tf};
use app::text::Locale;

use self::content::{Algorithm, Draw, FORMAT, NamedBid, NamedReviewer, Package, PackedSheet};
use super::ending::{Ending, Stop, say};
use super::files;
use super::language::parse_locale;
use super::rank::{Binding, Scored, ScoredArgs, note_reading};
use super::shown::plain;

#[derive(Debug, clap::Args)]
pub struct PackageArgs {
    #[command(flatten)]
    scored: ScoredArgs,
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[arg(long, value_name = "LANGUAGE", value_parser = parse_locale)]
    lang: Option<Locale>,
}

/// Ranks and writes the package.
///
/// # Errors
/// Faults of the input; files that cannot be read or written. Nothing is written while a draw is needed.
pub fn run(locale: Locale, args: &PackageArgs) -> Result<Ending, Stop> {
    files::may_write(locale, "--out", &args.out, &[&args.scored.scores, &args.scored.rule])?;
    let scored = Scored::read(locale, &args.scored)?;
    note_reading(locale, &args.scored.scores, &scored);
    for note in scored.seed.iter().flat_map(|seed| seed.notes(locale, &scored.rule, scored.gate)) {
        say(&note);
    }
    let binding = Binding::of(locale, &scored, &[])?;
    if !binding.waiting.is_empty() {
        for names in &binding.waiting {
            let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
            let names = names.join(t(locale, "common.list_separator"));
            say(&tf(locale, "tool.rank.draw_needed", &[("names", &names)]));
        }
        say(t(locale, "tool.package.draw_first"));
        return Ok(Ending::DrawNeeded);
    }
    let package = pack(&scored, &binding);
    let bytes = package.to_bytes().map_err(|fault| Stop::Failed(fault.to_string()))?;
    files::write(locale, &args.out, &bytes)?;
    let file = plain(&args.out.display().to_string());
    let said = tf(locale, "tool.package.written", &[("file", &file), ("sha256", &package.sha256)]);
    files::print(locale, &(said + "\n"))?;
    Ok(Ending::Done)
}

/// The package of a ranking.
pub fn pack(scored: &Scored, binding: &Binding) -> Package {
    let frozen = scored.rule.freeze();
    let bids = scored.entrants().into_iter().zip(&scored.table.bids).map(|(entrant, bid)| NamedBid {
        id: entrant.bid,
        name: bid.name.clone(),
        sealed_at: entrant.sealed_at,
    });
    let reviewers =
        scored.reviewer_names().into_iter().map(|(id, name)| NamedReviewer { id, name: name.to_owned() });
    let sheets = scored.table.sheets.iter().filter_map(|row| {
        let sheet = scored.sheet(row)?;
        Some(PackedSheet {
            bid: sheet.bid,
            reviewer: sheet.reviewer,
            scores_milli: sheet.scores_milli,
            votes: sheet.votes,
            left_out: row.left_out.clone(),
        })
    });
    Package {
        format: FORMAT.to_owned(),
        algorithm: Algorithm::current(),
        rule: frozen.canonical,
        rule_sha256: frozen.hash,
        gate: scored.gate,
        draw: scored
            .seed
            .as_ref()
            .map(|seed| Draw { seed: seed.text.clone(), commitment: seed.commitment() }),
        bids: bids.collect(),
        reviewers: reviewers.collect(),
        sheets: sheets.collect(),
        ranking: binding.ranking.clone(),
        sha256: String::new(),
    }
    .sealed()
}

//! `unveil package`: a result and everything that decided it, in one file that anybody can compute again.

pub mod compare;
pub mod content;
pub mod words;

use std::path::PathBuf;

use app::catalogue::{t, tf};
use app::text::Locale;

use self::compare::{differences, has_draw};
use self::content::{
    Algorithm, Draw, FORMAT, MAX_BYTES, NamedBid, NamedReviewer, Package, PackedGate, PackedSheet,
    RACE_FORMAT,
};
use self::words::{LISTED, difference, names_of, not_computable};
use super::ending::{Ending, Stop, say};
use super::files;
use super::language::parse_locale;
use super::rank::{Binding, Scored, ScoredArgs, check_earlier, note_reading};
use super::shown::plain;

#[derive(Debug, clap::Args)]
pub struct PackageArgs {
    #[command(flatten)]
    scored: ScoredArgs,
    #[arg(long, value_name = "SCORES")]
    earlier: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[arg(long, value_name = "LANGUAGE", value_parser = parse_locale)]
    lang: Option<Locale>,
}

/// Ranks and writes the package.
///
/// # Errors
/// Faults of the input; files that cannot be read or written. Nothing is written while a draw is needed, nor what
/// `unveil verify` would not call identical.
pub fn run(locale: Locale, args: &PackageArgs) -> Result<Ending, Stop> {
    let inputs = [&args.scored.scores, &args.scored.rule].into_iter().chain(&args.earlier);
    files::may_write(locale, "--out", &args.out, &inputs.map(PathBuf::as_path).collect::<Vec<_>>())?;
    check_earlier(locale, args.scored.gate, &args.scored.scores, &args.earlier)?;
    let scored = Scored::read(locale, &args.scored)?;
    note_reading(locale, &args.scored.scores, &scored);
    for note in scored.seed.iter().flat_map(|seed| seed.notes(locale, &scored.rule, scored.gate)) {
        say(&note);
    }
    let binding = Binding::of(locale, &scored, &args.earlier)?;
    for (path, stage) in args.earlier.iter().zip(binding.race.iter().flat_map(|race| &race.before)) {
        note_reading(locale, path, stage);
    }
    if needs_seed(&scored, &binding) {
        for names in &binding.waiting {
            let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
            let names = names.join(t(locale, "common.list_separator"));
            say(&tf(locale, "tool.rank.draw_needed", &[("names", &names)]));
        }
        say(t(locale, "tool.package.draw_first"));
        return Ok(Ending::DrawNeeded);
    }
    if scored.gate > 1 && binding.race.is_none() {
        say(&tf(locale, "tool.package.gate_alone", &[("gate", &scored.gate.to_string())]));
    }
    for team in binding.race.iter().flat_map(|race| &race.gone) {
        say(&team.words(locale, "tool.race.gone"));
    }
    let package = pack(&scored, &binding);
    refuse_what_differs(locale, &package)?;
    let bytes = package.to_bytes().map_err(|fault| Stop::Failed(fault.to_string()))?;
    if bytes.len() > MAX_BYTES {
        let mib = (MAX_BYTES / 1024 / 1024).to_string();
        return Err(Stop::Faults(vec![tf(locale, "tool.package.too_large", &[("mib", &mib)])]));
    }
    files::write(locale, &args.out, &bytes)?;
    let file = plain(&args.out.display().to_string());
    let said = tf(locale, "tool.package.written", &[("file", &file), ("sha256", &package.sha256)]);
    files::print(locale, &(said + "\n"))?;
    Ok(Ending::Done)
}

/// Whatever `unveil verify` would not call identical is not written: a team that the rule had cut, a name with another's id.
fn refuse_what_differs(locale: Locale, package: &Package) -> Result<(), Stop> {
    let found =
        differences(package).map_err(|fault| Stop::Faults(vec![not_computable(locale, package, &fault)]))?;
    if found.is_empty() {
        return Ok(());
    }
    let names = names_of(package);
    let head = tf(locale, "tool.package.differs", &[("count", &found.len().to_string())]);
    let listed = found.iter().take(LISTED).map(|one| difference(locale, &names, one));
    Err(Stop::Faults([head].into_iter().chain(listed).collect()))
}

/// Whether a draw was asked for and there is nothing to draw with; of a race at any gate so far.
fn needs_seed(scored: &Scored, binding: &Binding) -> bool {
    let before = binding.race.iter().flat_map(|race| &race.replay.gates).map(|gate| &gate.ranked.ranking);
    scored.seed.is_none() && before.chain([&binding.ranking]).any(has_draw)
}

/// The package of a ranking, of a race with the gates before.
pub fn pack(scored: &Scored, binding: &Binding) -> Package {
    let frozen = scored.rule.freeze();
    let PackedGate { bids, reviewers, sheets } = table_of(scored);
    let race = binding.race.as_ref();
    let lines = race.and_then(|race| race.replay.gates.last()).map(|gate| gate.lines.as_slice());
    let lines = lines.unwrap_or_default().iter().map(|line| line.decided.clone());
    Package {
        format: if race.is_some() { RACE_FORMAT } else { FORMAT }.to_owned(),
        algorithm: Algorithm::current(),
        rule: frozen.canonical,
        rule_sha256: frozen.hash,
        gate: scored.gate,
        draw: scored
            .seed
            .as_ref()
            .map(|seed| Draw { seed: seed.text.clone(), commitment: seed.commitment() }),
        bids,
        reviewers,
        sheets,
        earlier: race.iter().flat_map(|race| &race.before).map(table_of).collect(),
        ranking: binding.ranking.clone(),
        standings: lines.collect(),
        sha256: String::new(),
    }
    .sealed()
}

/// Everybody of a score table by name, and every sheet.
fn table_of(scored: &Scored) -> PackedGate {
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
    PackedGate { bids: bids.collect(), reviewers: reviewers.collect(), sheets: sheets.collect() }
}

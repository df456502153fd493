//! `unveil verify result`: computes a packaged result again and says in words what differs.

use std::path::PathBuf;

use app::catalogue::{t, tf};
use app::text::Locale;
use clap::Subcommand;

use super::ending::{Ending, Stop};
use super::files;
use super::language::parse_locale;
use super::package::compare::{Checked, check, names_with_given_ids};
use super::package::content::Package;
use super::package::words::{LISTED, difference, names_of, not_computable, said};
use super::rank::TeamOutOfPlace;
use super::shown::plain;

#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct VerifyArgs {
    #[command(subcommand)]
    command: VerifyCommand,
    #[arg(long, value_name = "LANGUAGE", value_parser = parse_locale, global = true)]
    lang: Option<Locale>,
}

#[derive(Debug, Subcommand)]
enum VerifyCommand {
    Result(ResultArgs),
}

#[derive(Debug, clap::Args)]
struct ResultArgs {
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Prints what differs, or that nothing does.
///
/// # Errors
/// When the file is no package or nothing can be computed from it.
pub fn run(locale: Locale, args: &VerifyArgs) -> Result<Ending, Stop> {
    let VerifyCommand::Result(args) = &args.command;
    let bytes = files::read(locale, &args.file)?;
    let file = plain(&files::name_of(&args.file));
    let unusable =
        |words: String| Stop::Faults(vec![[file.as_str(), &words].join(t(locale, "common.colon"))]);
    let package = Package::from_bytes(&bytes).map_err(|fault| unusable(said(locale, &fault)))?;
    let Checked { differences: found, reservations } =
        check(&package).map_err(|fault| unusable(not_computable(locale, &package, &fault)))?;
    if found.is_empty() {
        let (bids, sheets) = (package.bids.len().to_string(), package.sheets.len().to_string());
        let values = [("bids", bids.as_str()), ("sheets", &sheets), ("sha256", &package.sha256)];
        let mut lines = vec![tf(locale, "tool.verify.identical", &values)];
        if !package.earlier.is_empty() {
            lines.push(tf(locale, "tool.verify.race", &[("gate", &package.gate.to_string())]));
        }
        if reservations.left_out > 0 {
            let count = reservations.left_out.to_string();
            lines.push(tf(locale, "tool.verify.left_out", &[("count", &count)]));
        }
        if reservations.is_gate_alone {
            lines.push(tf(locale, "tool.verify.gate_alone", &[("gate", &package.gate.to_string())]));
        }
        if reservations.is_unbound {
            lines.push(t(locale, "tool.verify.unbound").to_owned());
        }
        let names = names_of(&package);
        let gone = reservations.gone.into_iter().map(|team| TeamOutOfPlace::new(&names, team));
        lines.extend(gone.map(|team| team.words(locale, "tool.verify.gone")));
        lines.push(t(locale, "tool.verify.what_it_proves").to_owned());
        let given = names_with_given_ids(&package);
        if given > 0 {
            lines.push(tf(locale, "tool.verify.given_ids", &[("count", &given.to_string())]));
        }
        files::print(locale, &(lines.join("\n") + "\n"))?;
        return Ok(Ending::Done);
    }
    let mut lines = vec![tf(locale, "tool.verify.differs", &[("count", &found.len().to_string())])];
    let names = names_of(&package);
    lines.extend(found.iter().take(LISTED).map(|one| difference(locale, &names, one)));
    if found.len() > LISTED {
        lines.push(tf(locale, "tool.verify.more", &[("count", &(found.len() - LISTED).to_string())]));
    }
    files::print(locale, &(lines.join("\n") + "\n"))?;
    Ok(Ending::Differs)
}

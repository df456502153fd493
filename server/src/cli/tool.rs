//! The commands that need no database, no settings and no log: files in, figures out. Their texts are in the catalogue
//! part `tool`, under the command's name.

use app::text::Locale;
use clap::Subcommand;

use super::ending::{Ending, Stop};
use super::{assign, draw, package, rank, rules, verify};

#[derive(Debug, Subcommand)]
pub enum Tool {
    Rank(rank::RankArgs),
    Rules(rules::RulesArgs),
    Assign(assign::AssignArgs),
    Draw(draw::DrawArgs),
    Package(package::PackageArgs),
    Verify(verify::VerifyArgs),
}

impl Tool {
    /// As they are typed.
    pub const NAMES: [&str; 6] = ["rank", "rules", "assign", "draw", "package", "verify"];

    /// Does what the command says and prints it.
    ///
    /// # Errors
    /// [`Stop`], in words.
    pub fn run(&self, locale: Locale) -> Result<Ending, Stop> {
        match self {
            Self::Rank(args) => rank::run(locale, args),
            Self::Rules(args) => rules::run(locale, args),
            Self::Assign(args) => assign::run(locale, args),
            Self::Draw(args) => draw::run(locale, args),
            Self::Package(args) => package::run(locale, args),
            Self::Verify(args) => verify::run(locale, args),
        }
    }
}

//! What can be set from outside: flags over environment over defaults, one file per concern, each value documented on
//! its field. Deliberately absent: a configuration file, and anything that a person sets in the program itself.

mod database;
mod http;
mod limits;
mod log;
mod mail;
pub mod network;
mod secret;
mod show;

pub use database::{DatabaseArgs, DatabaseConfig};
pub use http::{HttpArgs, HttpConfig};
pub use limits::{LimitsArgs, LimitsConfig};
pub use log::{LogArgs, LogConfig, LogFormat};
pub use mail::{MailArgs, MailConfig, Smtp};
pub use secret::Secret;
pub use show::show;

/// The flags and variables as given, before anything is read into them.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub http: HttpArgs,
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub mail: MailArgs,
    #[command(flatten)]
    pub limits: LimitsArgs,
    #[command(flatten)]
    pub log: LogArgs,
}

/// Everything the program goes by, checked.
#[derive(Clone, Debug)]
pub struct Config {
    pub http: HttpConfig,
    pub database: DatabaseConfig,
    pub mail: MailConfig,
    pub limits: LimitsConfig,
    pub log: LogConfig,
}

impl Config {
    /// Checks every value. Reads the files behind `*_FILE`, and nothing else.
    ///
    /// # Errors
    /// The first value that cannot be used.
    pub fn resolve(args: &Args) -> Result<Self, ConfigFault> {
        let http = args.http.resolve()?;
        let database = args.database.resolve()?;
        let mail = args.mail.resolve(&http)?;
        Ok(Self { http, database, mail, limits: args.limits.resolve()?, log: args.log.resolve()? })
    }
}

/// A value that cannot be used: one line that names it and says what would do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {problem}")]
pub struct ConfigFault {
    /// The environment variable; the flag beside it has the same name in lower case.
    pub setting: &'static str,
    pub problem: String,
}

impl ConfigFault {
    pub(crate) fn new(setting: &'static str, problem: impl Into<String>) -> Self {
        let problem = problem.into();
        // One line, whatever was typed.
        let problem = problem.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        Self { setting, problem }
    }
}

/// A given value; one that is blank counts as not given, because container files often pass on empty variables.
pub(crate) fn given(value: Option<&String>) -> Option<&str> {
    value.map(|value| value.trim()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests;

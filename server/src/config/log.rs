//! What is written to standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use super::{ConfigFault, given};

const DEFAULT_FILTER: &str = "info";

#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Log")]
pub struct LogArgs {
    /// What to log: error, warn, info, debug, trace, also per part as in info,server::jobs=debug [default: info]
    #[arg(long, env = "UNVEIL_LOG", value_name = "FILTER", global = true, hide_env_values = true)]
    pub log: Option<String>,

    /// text for people, json for machines [default: text]
    #[arg(long, env = "UNVEIL_LOG_FORMAT", value_name = "FORMAT", global = true, hide_env_values = true)]
    pub log_format: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    pub filter: String,
    pub format: LogFormat,
}

impl LogArgs {
    pub(super) fn resolve(&self) -> Result<LogConfig, ConfigFault> {
        let filter = given(self.log.as_ref()).unwrap_or(DEFAULT_FILTER).to_owned();
        EnvFilter::try_new(&filter).map_err(|fault| {
            ConfigFault::new(
                "UNVEIL_LOG",
                format!("`{filter}` is no filter such as info or info,server=debug: {fault}"),
            )
        })?;
        let format = match given(self.log_format.as_ref()) {
            None | Some("text") => LogFormat::Text,
            Some("json") => LogFormat::Json,
            Some(other) => {
                return Err(ConfigFault::new(
                    "UNVEIL_LOG_FORMAT",
                    format!("`{other}` is neither text nor json"),
                ));
            }
        };
        Ok(LogConfig { filter, format })
    }
}

impl LogConfig {
    /// Starts logging to standard error; a second start in one process changes nothing.
    pub fn start(&self) {
        let filter = EnvFilter::try_new(&self.filter).unwrap_or_default();
        let builder = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(std::io::stderr);
        // Fails only when something logs already, which is what was wanted.
        let _started = match self.format {
            LogFormat::Text => builder.try_init(),
            LogFormat::Json => builder.json().try_init(),
        };
    }
}

//! How long things may take.

use std::time::Duration;

use super::{ConfigFault, given};

#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitsArgs {
    /// Longest time for one answer, in seconds, 1 to 600 [default: 30]
    #[arg(long, env = "UNVEIL_REQUEST_SECS", value_name = "SECONDS", global = true, hide_env_values = true)]
    pub request_secs: Option<String>,

    /// Longest wait for open requests when the program is told to stop, in seconds, 0 to 600 [default: 30]
    #[arg(long, env = "UNVEIL_DRAIN_SECS", value_name = "SECONDS", global = true, hide_env_values = true)]
    pub drain_secs: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitsConfig {
    pub request: Duration,
    pub drain: Duration,
}

impl LimitsArgs {
    pub(super) fn resolve(&self) -> Result<LimitsConfig, ConfigFault> {
        Ok(LimitsConfig {
            request: seconds(self.request_secs.as_ref(), "UNVEIL_REQUEST_SECS", 1, 30)?,
            drain: seconds(self.drain_secs.as_ref(), "UNVEIL_DRAIN_SECS", 0, 30)?,
        })
    }
}

fn seconds(
    value: Option<&String>,
    setting: &'static str,
    least: u64,
    default: u64,
) -> Result<Duration, ConfigFault> {
    let Some(text) = given(value) else { return Ok(Duration::from_secs(default)) };
    match text.parse() {
        Ok(secs) if (least..=600).contains(&secs) => Ok(Duration::from_secs(secs)),
        _ => Err(ConfigFault::new(setting, format!("`{text}` is no number of seconds from {least} to 600"))),
    }
}

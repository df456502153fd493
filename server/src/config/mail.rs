//! How letters leave.

use std::net::IpAddr;

use axum::http::Uri;
use lettre::message::Mailbox;

use super::http::HttpConfig;
use super::secret::{self, Secret};
use super::{ConfigFault, given};

#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Mail")]
pub struct MailArgs {
    /// Server that takes letters: smtps://user:password@host, or smtp:// with STARTTLS, which only this machine may do
    /// without [default: none; letters become .eml files in the data folder]
    #[arg(long, env = "SMTP_URL", value_name = "URL", global = true, hide_env_values = true)]
    pub smtp_url: Option<String>,

    /// A file that holds the value of SMTP_URL
    #[arg(long, env = "SMTP_URL_FILE", value_name = "FILE", global = true, hide_env_values = true)]
    pub smtp_url_file: Option<String>,

    /// Sender of every letter: address, or name and address in angle brackets [default: Unveil <no-reply@host>]
    #[arg(long, env = "UNVEIL_MAIL_FROM", value_name = "SENDER", global = true, hide_env_values = true)]
    pub mail_from: Option<String>,
}

#[derive(Clone, Debug)]
pub struct MailConfig {
    /// `None`: letters become files.
    pub smtp: Option<Smtp>,
    pub from: Mailbox,
}

/// A mail server, in the form the client library reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Smtp {
    pub url: Secret,
}

impl MailArgs {
    pub(super) fn resolve(&self, http: &HttpConfig) -> Result<MailConfig, ConfigFault> {
        let url =
            secret::read(self.smtp_url.as_ref(), self.smtp_url_file.as_ref(), "SMTP_URL", "SMTP_URL_FILE")?;
        let smtp = url.map(|url| read_smtp(&url)).transpose()?;
        let from = match given(self.mail_from.as_ref()) {
            Some(text) => text.parse().map_err(|_unreadable| {
                ConfigFault::new(
                    "UNVEIL_MAIL_FROM",
                    format!("`{text}` is no sender such as Unveil <unveil@example.org>"),
                )
            })?,
            None => default_sender(&http.host)?,
        };
        Ok(MailConfig { smtp, from })
    }
}

fn default_sender(host: &str) -> Result<Mailbox, ConfigFault> {
    let is_name = host.trim_matches(['[', ']']).parse::<IpAddr>().is_err();
    let host = if is_name { host } else { "localhost" };
    let address = format!("no-reply@{host}").parse().map_err(|_unreadable| {
        ConfigFault::new("UNVEIL_MAIL_FROM", format!("must be given: `no-reply@{host}` is no mail address"))
    })?;
    Ok(Mailbox::new(Some("Unveil".to_owned()), address))
}

/// Passwords and letters travel encrypted: plain `smtp://` turns into required STARTTLS except towards this machine.
fn read_smtp(url: &Secret) -> Result<Smtp, ConfigFault> {
    let fault = |problem: &str| ConfigFault::new("SMTP_URL", problem);
    let uri: Uri = url.reveal().parse().map_err(|_unreadable| {
        fault("is no address such as smtps://user:password@mail.example.org (special letters as %40)")
    })?;
    if uri.query().is_some() || !matches!(uri.path(), "" | "/") {
        return Err(fault("must end after host and port"));
    }
    let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(|| fault("names no host"))?;
    let bare = url.reveal().trim_end_matches('/');
    match uri.scheme_str() {
        Some("smtps") => Ok(Smtp { url: Secret::new(bare) }),
        Some("smtp") if is_this_machine(host) => Ok(Smtp { url: Secret::new(bare) }),
        Some("smtp") => Ok(Smtp { url: Secret::new(format!("{bare}?tls=required")) }),
        _ => Err(fault("must begin with smtp:// or smtps://")),
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.trim_matches(['[', ']']).parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

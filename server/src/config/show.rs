//! `unveil config show`: each value and where it came from.

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::{Config, LogFormat};

/// One line per setting: variable, value with secrets masked, origin.
pub fn show(config: &Config, matches: &ArgMatches) -> String {
    let optional = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let proxies: Vec<String> = config.http.trusted_proxies.iter().map(ToString::to_string).collect();
    let format = if config.log.format == LogFormat::Json { "json" } else { "text" };
    let rows: Vec<(&str, &[&str], String)> = vec![
        ("UNVEIL_ADDR", &["addr"], config.http.addr.to_string()),
        ("UNVEIL_BASE_URL", &["base_url"], config.http.base_url.clone()),
        (
            "UNVEIL_TRUSTED_PROXIES",
            &["trusted_proxies"],
            optional(Some(proxies.join(",")).filter(|all| !all.is_empty())),
        ),
        ("UNVEIL_DATA", &["data"], config.database.data.display().to_string()),
        (
            "DATABASE_URL",
            &["database_url", "database_url_file"],
            optional(config.database.url.as_ref().map(|url| url.masked_url())),
        ),
        (
            "SMTP_URL",
            &["smtp_url", "smtp_url_file"],
            optional(config.mail.smtp.as_ref().map(|smtp| smtp.url.masked_url())),
        ),
        ("UNVEIL_MAIL_FROM", &["mail_from"], config.mail.from.to_string()),
        ("UNVEIL_REQUEST_SECS", &["request_secs"], config.limits.request.as_secs().to_string()),
        ("UNVEIL_DRAIN_SECS", &["drain_secs"], config.limits.drain.as_secs().to_string()),
        ("UNVEIL_LOG", &["log"], config.log.filter.clone()),
        ("UNVEIL_LOG_FORMAT", &["log_format"], format.to_owned()),
    ];
    let width = rows.iter().map(|(_, _, value)| value.chars().count()).max().unwrap_or(0).min(60);
    rows.iter()
        .map(|(name, ids, value)| format!("{name:<22}  {value:<width$}  {}\n", origin(matches, name, ids)))
        .collect()
}

fn origin(matches: &ArgMatches, name: &str, ids: &[&str]) -> String {
    let set = ids.iter().find_map(|id| {
        let is_blank =
            matches.try_get_one::<String>(id).ok().flatten().is_none_or(|value| value.trim().is_empty());
        if is_blank { None } else { Some((id, matches.value_source(id)?)) }
    });
    match set {
        Some((id, ValueSource::CommandLine)) => format!("flag --{}", id.replace('_', "-")),
        Some((id, _)) if id.ends_with("_file") => format!("environment {name}_FILE"),
        Some(_) => format!("environment {name}"),
        None => "default".to_owned(),
    }
}

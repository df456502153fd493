//! Values that must not be seen: given directly or in a file, and masked wherever they are written.

use std::fmt;

use super::{ConfigFault, given};

/// A text that shows itself only on request.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself: for the connection it opens, never for a log.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// An address with scheme, user and host, but neither password nor query.
    pub fn masked_url(&self) -> String {
        let (scheme, rest) = self.0.split_once("://").unwrap_or(("", &self.0));
        let (rest, query) = rest.split_once('?').map_or((rest, ""), |(rest, _)| (rest, "?…"));
        let shown = match rest.rsplit_once('@') {
            Some((user, host)) => match user.split_once(':') {
                Some((name, _password)) => format!("{name}:***@{host}"),
                None => format!("{user}@{host}"),
            },
            None => rest.to_owned(),
        };
        format!("{scheme}://{shown}{query}")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

/// A secret from its variable or from the file that its `_FILE` names; both at once are refused.
pub(super) fn read(
    direct: Option<&String>,
    file: Option<&String>,
    setting: &'static str,
    file_setting: &'static str,
) -> Result<Option<Secret>, ConfigFault> {
    match (given(direct), given(file)) {
        (Some(_), Some(_)) => {
            Err(ConfigFault::new(setting, format!("is given beside {file_setting}; keep one of them")))
        }
        (Some(text), None) => Ok(Some(Secret::new(text))),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path)
                .map_err(|fault| ConfigFault::new(file_setting, format!("cannot read `{path}`: {fault}")))?;
            match text.trim() {
                "" => Err(ConfigFault::new(file_setting, format!("`{path}` is empty"))),
                text => Ok(Some(Secret::new(text))),
            }
        }
        (None, None) => Ok(None),
    }
}

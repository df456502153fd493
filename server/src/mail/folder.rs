//! Letters as files: one `.eml` each, under a name that sorts by time, so that a letter that leaves twice is one file.

use std::path::{Path, PathBuf};

use domain::time::Timestamp;
use lettre::Message;
use lettre::message::header::{self, Header};
use mail_parser::MessageParser;

/// The most letters one look at the folder returns.
const MOST_LISTED: usize = 200;
/// Longer files are none of ours.
const LONGEST: u64 = 1024 * 1024;

/// The folder; made when the first letter arrives.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

/// A letter as the folder shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptLetter {
    /// File name without its ending: what [`Folder::find`] takes.
    pub name: String,
    pub to: String,
    pub subject: String,
    pub sent_at: Timestamp,
    pub text: String,
}

impl Folder {
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the letter, whole or not at all.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub async fn keep(&self, message: &Message) -> std::io::Result<()> {
        tokio::fs::create_dir_all(&self.path).await?;
        let name = file_name(message);
        let (draft, file) = (self.path.join(format!("{name}.part")), self.path.join(format!("{name}.eml")));
        tokio::fs::write(&draft, message.formatted()).await?;
        tokio::fs::rename(draft, file).await
    }

    /// The newest first; without their text.
    ///
    /// # Errors
    /// When the folder is there and cannot be read.
    pub async fn list(&self) -> std::io::Result<Vec<KeptLetter>> {
        let mut names = Vec::new();
        let mut entries = match tokio::fs::read_dir(&self.path).await {
            Ok(entries) => entries,
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(fault) => return Err(fault),
        };
        while let Some(entry) = entries.next_entry().await? {
            if let Some(name) = entry.file_name().to_str().and_then(|name| name.strip_suffix(".eml")) {
                names.push(name.to_owned());
            }
        }
        names.sort_unstable_by(|one, other| other.cmp(one));
        names.truncate(MOST_LISTED);
        let mut letters = Vec::with_capacity(names.len());
        for name in names {
            letters
                .extend(self.find(&name).await?.map(|letter| KeptLetter { text: String::new(), ..letter }));
        }
        Ok(letters)
    }

    /// One letter by its name; `None` for a name that is none of ours.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub async fn find(&self, name: &str) -> std::io::Result<Option<KeptLetter>> {
        if name.is_empty()
            || name.len() > 100
            || !name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
        {
            return Ok(None);
        }
        let file = self.path.join(format!("{name}.eml"));
        match tokio::fs::metadata(&file).await {
            Ok(found) if found.len() <= LONGEST => {}
            Ok(_) => return Ok(None),
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(fault) => return Err(fault),
        }
        let bytes = tokio::fs::read(file).await?;
        Ok(read(name, &bytes))
    }
}

/// Date, then the left side of the Message-ID.
fn file_name(message: &Message) -> String {
    let headers = message.headers();
    let date = headers.get_raw(header::Date::name().as_ref()).unwrap_or_default();
    let sent = chrono::DateTime::parse_from_rfc2822(date).map(|at| at.timestamp()).unwrap_or_default();
    let id = headers.get::<header::MessageId>().map(|id| id.as_ref().to_owned()).unwrap_or_default();
    let id = id.trim_start_matches('<').split('@').next().unwrap_or_default();
    let id: String = id.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
    format!("{sent:012}-{id}")
}

fn read(name: &str, bytes: &[u8]) -> Option<KeptLetter> {
    let message = MessageParser::default().parse(bytes)?;
    let to = message.to().and_then(|to| to.first()).and_then(|to| to.address()).unwrap_or_default();
    Some(KeptLetter {
        name: name.to_owned(),
        to: to.to_owned(),
        subject: message.subject().unwrap_or_default().to_owned(),
        sent_at: Timestamp(message.date().map_or(0, |date| date.to_timestamp().saturating_mul(1_000))),
        text: message.body_text(0).unwrap_or_default().into_owned(),
    })
}

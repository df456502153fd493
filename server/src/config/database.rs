//! Where everything is kept.

use std::path::{Path, PathBuf};

use store::DatabaseSettings;

use super::secret::{self, Secret};
use super::{ConfigFault, given};

const DEFAULT_DATA: &str = "data";

#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Data")]
pub struct DatabaseArgs {
    /// Folder of the SQLite file and of letters that are not sent by SMTP; made when it is missing [default: ./data]
    #[arg(long, env = "UNVEIL_DATA", value_name = "FOLDER", global = true, hide_env_values = true)]
    pub data: Option<String>,

    /// PostgreSQL instead of SQLite: postgres://user:password@host/database
    #[arg(long, env = "DATABASE_URL", value_name = "URL", global = true, hide_env_values = true)]
    pub database_url: Option<String>,

    /// A file that holds the value of DATABASE_URL
    #[arg(long, env = "DATABASE_URL_FILE", value_name = "FILE", global = true, hide_env_values = true)]
    pub database_url_file: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseConfig {
    pub data: PathBuf,
    /// PostgreSQL, when it is given.
    pub url: Option<Secret>,
}

impl DatabaseArgs {
    pub(super) fn resolve(&self) -> Result<DatabaseConfig, ConfigFault> {
        let data = PathBuf::from(given(self.data.as_ref()).unwrap_or(DEFAULT_DATA));
        if data.exists() && !data.is_dir() {
            return Err(ConfigFault::new("UNVEIL_DATA", format!("`{}` is no folder", data.display())));
        }
        let url = secret::read(
            self.database_url.as_ref(),
            self.database_url_file.as_ref(),
            "DATABASE_URL",
            "DATABASE_URL_FILE",
        )?;
        let known = ["postgres://", "postgresql://"];
        if let Some(url) = &url
            && !known.iter().any(|scheme| url.reveal().starts_with(scheme))
        {
            return Err(ConfigFault::new(
                "DATABASE_URL",
                "must begin with postgres://; SQLite needs no address, only UNVEIL_DATA",
            ));
        }
        Ok(DatabaseConfig { data, url })
    }
}

impl DatabaseConfig {
    /// What the store opens.
    pub fn settings(&self) -> DatabaseSettings {
        match &self.url {
            Some(url) => DatabaseSettings::Postgres { url: url.reveal().to_owned(), schema: None },
            None => DatabaseSettings::Sqlite { file: self.sqlite_file() },
        }
    }

    pub fn sqlite_file(&self) -> PathBuf {
        self.data.join("unveil.sqlite")
    }

    /// Makes the folder, for the program's own account only: everybody's bids are in it.
    ///
    /// # Errors
    /// When it can neither be found nor made.
    pub fn make_folder(&self) -> Result<(), ConfigFault> {
        make_private(&self.data).map_err(|fault| {
            ConfigFault::new(
                "UNVEIL_DATA",
                format!("cannot make the folder `{}`: {fault}", self.data.display()),
            )
        })
    }
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

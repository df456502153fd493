//! The command line. Each command is one function that ends with a [`Fault`] or not at all badly.

mod admin;
mod assign;
mod check;
pub mod demo;
mod draw;
mod ending;
mod export;
mod faults;
mod files;
mod import;
mod language;
mod output;
pub mod package;
mod rank;
mod rule_source;
mod rules;
mod seed;
mod seed_words;
mod shown;
mod text_table;
mod tool;
mod verify;
mod words;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use app::catalogue::tf;
use app::text::Locale;
use clap::error::ErrorKind;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
use store::{Store, StoreError};

use crate::config::{self, Args, Config, ConfigFault};
use crate::schema::words;
use crate::{schema, serve};

use self::tool::Tool;

/// Unveil: open competitions for technical challenges.
///
/// Settings come from flags, else from environment variables, else from defaults; `unveil config show` tells which.
#[derive(Debug, Parser)]
#[command(
    name = "unveil",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Cli {
    #[command(flatten)]
    config: Args,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site, send letters and watch the clock, until told to stop; brings the schema up to date first
    Serve {
        /// Fill an empty database with the demonstration first, and offer its pages /dev/mail and /dev/clock
        #[arg(long)]
        demo: bool,
    },
    /// Bring the database's schema up to date and end
    Migrate,
    /// Read records from a file
    #[command(subcommand)]
    Import(Import),
    /// Write records to files
    #[command(subcommand)]
    Export(Export),
    /// Fill an empty database with the demonstration and end
    Demo,
    /// Look for anything in the database that must not be; ends with 1 when there is
    Check,
    /// Look after accounts
    #[command(subcommand)]
    Admin(Admin),
    /// Look at the settings
    #[command(subcommand)]
    Config(ConfigCommand),
    #[command(flatten)]
    Tool(Tool),
}

#[derive(Debug, Subcommand)]
enum Import {
    /// Challenges from a JSON file, as approved challenges; all of them or none
    Challenges(import::ChallengesArgs),
}

#[derive(Debug, Subcommand)]
enum Export {
    /// What a panel scored and by which rule, for `unveil rank` and `unveil package`
    Scores(export::ScoresArgs),
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// Create an organiser, with the authority if there is none of that name; asks for the password
    Create(admin::CreateArgs),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print every setting and where it came from, secrets masked
    Show,
}

/// Why a command did not do what it is for.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Exit code 2.
    #[error(transparent)]
    Config(#[from] ConfigFault),
    /// Exit code 1.
    #[error("{0}")]
    Failed(String),
}

impl From<StoreError> for Fault {
    fn from(fault: StoreError) -> Self {
        Self::Failed(words(&fault))
    }
}

impl Fault {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Config(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::FAILURE,
        }
    }
}

/// Reads the command line and does what it says.
pub async fn run(line: impl IntoIterator<Item = OsString>) -> ExitCode {
    let line: Vec<OsString> = line.into_iter().collect();
    let locale = language::chosen(&line, |name| std::env::var_os(name));
    let read = language::localised(Cli::command(), locale).try_get_matches_from(&line).and_then(|matches| {
        let cli = Cli::from_arg_matches(&matches)?;
        Ok((cli, matches))
    });
    let outcome = match read {
        // Files in, figures out: no settings, no log, no database.
        Ok((Cli { command: Command::Tool(tool), .. }, _)) => return ending::end(&tool.run(locale)),
        Ok((cli, matches)) => execute(cli, &matches).await,
        Err(fault) => return not_read(locale, &line, &fault),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            ending::say(&format!("unveil: {fault}"));
            fault.exit_code()
        }
    }
}

/// Help and version end here too, well. What is wrong with the line of a tool is said in the reader's language.
fn not_read(locale: Locale, line: &[OsString], fault: &clap::Error) -> ExitCode {
    let is_help = matches!(
        fault.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    let first = line.get(1).and_then(|name| name.to_str()).unwrap_or_default();
    let is_command = Cli::command().find_subcommand(first).is_some();
    let spoken = match Tool::NAMES.contains(&first) {
        true => Some(format!("unveil {first}")),
        // Before any command, or no command at all.
        false => (!is_command).then(|| "unveil".to_owned()),
    };
    match spoken {
        Some(command) if !is_help => {
            let hint = tf(locale, "tool.usage.hint", &[("command", &command)]);
            ending::say(&format!("unveil: {}\n{hint}", language::usage_fault(locale, fault)));
        }
        _ => {
            let _shown = fault.print();
        }
    }
    u8::try_from(fault.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

async fn execute(cli: Cli, matches: &ArgMatches) -> Result<(), Fault> {
    let config = Config::resolve(&cli.config)?;
    config.log.start();
    match cli.command {
        Command::Serve { demo } => {
            let store = open_migrated(&config).await?;
            if demo && demo::fill(&store).await? {
                tracing::info!("demonstration filled in");
            }
            serve::serve(&config, store, demo).await
        }
        Command::Migrate => {
            let store = schema::open(&config).await?;
            let applied = schema::migrate(&store).await?;
            println!("{applied} migrations applied");
            close(store).await
        }
        Command::Import(Import::Challenges(args)) => {
            import::challenges(&open_migrated(&config).await?, &args).await
        }
        Command::Export(Export::Scores(args)) => export::scores(&open_migrated(&config).await?, &args).await,
        Command::Demo => fill(&config).await,
        Command::Check => check::check(&open_migrated(&config).await?).await,
        Command::Admin(Admin::Create(args)) => admin::create(&open_migrated(&config).await?, &args).await,
        Command::Config(ConfigCommand::Show) => {
            print!("{}", config::show(&config, matches));
            Ok(())
        }
        // Tools have run before anything was configured.
        Command::Tool(_) => Ok(()),
    }
}

async fn open_migrated(config: &Config) -> Result<Store, Fault> {
    let store = schema::open(config).await?;
    schema::migrate(&store).await?;
    Ok(store)
}

async fn close(store: Store) -> Result<(), Fault> {
    Ok(store.close().await?)
}

async fn fill(config: &Config) -> Result<(), Fault> {
    let store = open_migrated(config).await?;
    let is_filled = demo::fill(&store).await?;
    close(store).await?;
    if is_filled {
        println!("demonstration filled in; start it with: unveil serve --demo");
        Ok(())
    } else {
        Err(Fault::Failed("the database is not empty; the demonstration wants one of its own".to_owned()))
    }
}

/// The file's content, or a line that names it.
fn read_file(path: &PathBuf) -> Result<Vec<u8>, Fault> {
    std::fs::read(path).map_err(|fault| Fault::Failed(format!("cannot read {}: {fault}", path.display())))
}

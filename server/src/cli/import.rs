//! `unveil import challenges`: needs from a file, all of them or none.

use std::path::PathBuf;

use app::catalogue;
use app::text::Locale;
use domain::rule::Bilingual;
use store::Store;
use store::command::import::{self, ImportFailure, ImportOptions, IssuerPolicy};

use super::ending::say;
use super::{Fault, read_file};

#[derive(Debug, clap::Args)]
pub struct ChallengesArgs {
    /// JSON file: an array of objects, of which `title_zh` and `domain` are needed
    file: PathBuf,
    /// Number of the list they are put on, made when it is new; entries without a number get it and a counter
    /// [default: this year and -I, such as 2026-I]
    #[arg(long, value_name = "NUMBER")]
    list_number: Option<String>,
    /// Title of a new list in Chinese [default: the file's name]
    #[arg(long, value_name = "TITLE")]
    list_title: Option<String>,
    /// Title of a new list in English [default: as in Chinese]
    #[arg(long, value_name = "TITLE")]
    list_title_en: Option<String>,
}

/// Reads the file and prints how many challenges came of it.
///
/// # Errors
/// When the file cannot be read, or anything in it cannot be used: every problem is printed with its entry.
pub async fn challenges(store: &Store, args: &ChallengesArgs) -> Result<(), Fault> {
    let json = read_file(&args.file)?;
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let title = args.list_title.clone().unwrap_or(name);
    let title_en = args.list_title_en.clone().unwrap_or_else(|| title.clone());
    let options = ImportOptions {
        list_number: match &args.list_number {
            Some(number) => number.clone(),
            None => format!("{}-I", store.now().await?.official_text().chars().take(4).collect::<String>()),
        },
        list_title: Bilingual::new(&title, &title_en),
        issuer: IssuerPolicy::PublishingUnit,
    };
    match import::challenges(store, &json, &options).await {
        Ok(report) => {
            println!("{} challenges imported on list {}", report.created, options.list_number);
            Ok(())
        }
        Err(ImportFailure::Store(fault)) => Err(fault.into()),
        Err(ImportFailure::Problems(problems)) => {
            for problem in &problems {
                let words = catalogue::problem(Locale::En, &problem.problem);
                say(&format!("entry {} ({}): {}: {words}", problem.entry, problem.title, problem.field));
            }
            Err(Fault::Failed(format!("{} problems, nothing imported", problems.len())))
        }
    }
}

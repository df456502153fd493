//! `unveil import challenges`: needs from a file, all of them or none.

use std::path::PathBuf;

use app::catalogue;
use app::text::Locale;
use domain::rule::Bilingual;
use store::Store;
use store::command::import::{self, ImportFailure, ImportOptions};

use super::{Fault, read_file};

#[derive(Debug, clap::Args)]
pub struct ChallengesArgs {
    /// JSON file: an array of objects, of which `title_zh` and `domain` are needed
    file: PathBuf,
    /// Number of a list to put them on, such as 2026-1; without it they wait for the organiser
    #[arg(long, value_name = "NUMBER", default_value = "")]
    list_number: String,
    /// Title of that list in Chinese
    #[arg(long, value_name = "TITLE", default_value = "")]
    list_title: String,
    /// Title of that list in English
    #[arg(long, value_name = "TITLE", default_value = "")]
    list_title_en: String,
}

/// Reads the file and prints how many challenges came of it.
///
/// # Errors
/// When the file cannot be read, or anything in it cannot be used: every problem is printed with its entry.
pub async fn challenges(store: &Store, args: &ChallengesArgs) -> Result<(), Fault> {
    let json = read_file(&args.file)?;
    let options = ImportOptions {
        list_number: args.list_number.clone(),
        list_title: Bilingual::new(&args.list_title, &args.list_title_en),
    };
    match import::challenges(store, &json, &options).await {
        Ok(report) => {
            println!("{} challenges imported", report.created);
            Ok(())
        }
        Err(ImportFailure::Store(fault)) => Err(fault.into()),
        Err(ImportFailure::Problems(problems)) => {
            for problem in &problems {
                let words = catalogue::problem(Locale::En, &problem.problem);
                eprintln!("entry {} ({}): {}: {words}", problem.entry, problem.title, problem.field);
            }
            Err(Fault::Failed(format!("{} problems, nothing imported", problems.len())))
        }
    }
}

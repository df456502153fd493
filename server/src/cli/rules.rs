//! `unveil rules`: ready rules with their sources, to rank by or to edit.

use app::catalogue::{t, tf};
use app::text::Locale;
use clap::Subcommand;
use domain::preset;
use domain::rule::Rule;
use serde::Serialize;

use super::ending::{Ending, Stop};
use super::language::parse_locale;
use super::{files, output};
use crate::cli::text_table::{Column, TextTable};

#[derive(Debug, clap::Args)]
pub struct RulesArgs {
    #[command(subcommand)]
    command: Option<RulesCommand>,
    #[arg(long)]
    json: bool,
    #[arg(long, value_name = "LANGUAGE", value_parser = parse_locale, global = true)]
    lang: Option<Locale>,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    Show {
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// One preset in JSON.
#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    criteria: usize,
    source: String,
    rule_sha256: String,
}

/// Lists the presets, or prints one as RULE.json.
///
/// # Errors
/// When there is none of that name.
pub fn run(locale: Locale, args: &RulesArgs) -> Result<Ending, Stop> {
    let text = match &args.command {
        Some(RulesCommand::Show { name }) => output::json(&named(locale, name)?)?,
        None if args.json => output::json(&list(locale))?,
        None => table(locale),
    };
    files::print(locale, &text)?;
    Ok(Ending::Done)
}

/// The preset of this name.
///
/// # Errors
/// [`Stop::Usage`] with the names there are.
pub fn named(locale: Locale, name: &str) -> Result<Rule, Stop> {
    let all = preset::all();
    let names: Vec<&str> = all.iter().map(|preset| preset.key).collect();
    let known = names.join(t(locale, "common.list_separator"));
    let found = all.into_iter().find(|preset| preset.key == name);
    found.map(|preset| preset.rule).ok_or_else(|| {
        let name = super::shown::plain(name);
        Stop::Usage(tf(locale, "tool.rules.unknown", &[("name", &name), ("known", &known)]))
    })
}

fn list(locale: Locale) -> Vec<Listed<'static>> {
    let listed = |preset: preset::Preset| Listed {
        name: preset.key,
        criteria: preset.rule.rubric.criteria.len(),
        source: locale.of(&preset.source).to_owned(),
        rule_sha256: preset.rule.freeze().hash,
    };
    preset::all().into_iter().map(listed).collect()
}

fn table(locale: Locale) -> String {
    let mut table = TextTable::new(vec![
        Column::words(t(locale, "tool.rules.name")),
        Column::figures(t(locale, "tool.rules.criteria")),
        Column::words(t(locale, "tool.rules.source")),
    ]);
    for listed in list(locale) {
        table.row(vec![listed.name.to_owned(), listed.criteria.to_string(), listed.source]);
    }
    let mut text = table.lines(false).join("\n");
    text.push_str("\n\n");
    text.push_str(t(locale, "tool.rules.next"));
    text.push('\n');
    text
}

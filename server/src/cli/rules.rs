//! `unveil rules`: ready rules with their sources, to rank by or to edit; binding a rule to the draws to come. Deliberately
//! absent: making a secret, whoever draws brings it; and rule files whose faults are mended here.

use std::path::{Path, PathBuf};

use app::catalogue::{t, tf};
use app::text::Locale;
use clap::Subcommand;
use domain::preset;
use domain::rule::Rule;
use serde::Serialize;

use super::ending::{Ending, Stop, say};
use super::language::parse_locale;
use super::rule_source::{named, rule};
use super::seed::{Seed, is_blank};
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
    Promise {
        #[arg(value_name = "RULE.json")]
        rule: PathBuf,
        #[arg(long, value_name = "TEXT")]
        seed: String,
    },
    Seed {
        #[arg(value_name = "RULE.json")]
        rule: PathBuf,
        #[arg(long, value_name = "TEXT")]
        seed: String,
        #[arg(long, value_name = "NUMBER", default_value_t = 0)]
        gate: u32,
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

/// Lists the presets, prints one as RULE.json, binds a rule to a secret, or tells a stage's seed from it.
///
/// # Errors
/// When there is none of that name; faults of the rule; a secret that is blank or another than the rule was bound to.
pub fn run(locale: Locale, args: &RulesArgs) -> Result<Ending, Stop> {
    let text = match &args.command {
        Some(RulesCommand::Show { name }) => output::json(&named(locale, name)?)?,
        Some(RulesCommand::Promise { rule, seed }) => output::json(&promised(locale, rule, seed)?)?,
        Some(RulesCommand::Seed { rule, seed, gate }) => seed_of(locale, rule, seed, *gate)?,
        None if args.json => output::json(&list(locale))?,
        None => table(locale),
    };
    files::print(locale, &text)?;
    Ok(Ending::Done)
}

/// The rule bound to a secret, which every stage's seed is made of.
fn promised(locale: Locale, path: &Path, secret: &str) -> Result<Rule, Stop> {
    if is_blank(secret) {
        return Err(Stop::Usage(t(locale, "tool.rules.secret_blank").to_owned()));
    }
    let (mut rule, secret) = (rule(locale, path)?, Seed::given(locale, secret)?);
    if !rule.draw_commitment.is_empty() {
        let promised = [("promised", rule.draw_commitment.as_str())];
        return Err(Stop::Faults(vec![tf(locale, "tool.rules.promised_before", &promised)]));
    }
    rule.promise(&secret.bytes);
    if secret.is_guessable() {
        say(t(locale, "tool.rules.secret_short"));
    }
    Ok(rule)
}

/// One line: what `--seed` takes at this stage.
fn seed_of(locale: Locale, path: &Path, secret: &str, gate: u32) -> Result<String, Stop> {
    let (rule, secret) = (rule(locale, path)?, Seed::given(locale, secret)?);
    let last = u32::try_from(rule.gates.len()).unwrap_or(u32::MAX);
    if gate > last {
        let values = [("gate", gate.to_string()), ("gates", last.to_string())];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        return Err(Stop::Usage(tf(locale, "tool.rules.no_gate", &values)));
    }
    if rule.draw_commitment.is_empty() {
        return Err(Stop::Faults(vec![t(locale, "tool.rules.not_promised").to_owned()]));
    }
    if !secret.keeps_promise_of(&rule, last) {
        let given = rule.commitment_of(last, &secret.bytes);
        let values = [("promised", rule.draw_commitment.as_str()), ("given", &given)];
        return Err(Stop::Faults(vec![tf(locale, "tool.rules.other_secret", &values)]));
    }
    Ok(secret.before(&rule, last - gate).text + "\n")
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

//! Where a command takes its rule from: a file, standard input, or a preset by name. Deliberately absent: what makes a rule
//! complete; that is `domain::rule`.

use std::path::Path;

use app::catalogue::{t, tf};
use app::text::Locale;
use domain::preset;
use domain::rule::Rule;
use tables::read_rule;

use super::ending::Stop;
use super::shown::plain;
use super::{faults, files};

/// How a preset is named where a rule is wanted.
const PRESET: &str = "preset:";

/// A rule from a file, from standard input, or a preset by name.
///
/// # Errors
/// All faults of the rule.
pub fn rule(locale: Locale, path: &Path) -> Result<Rule, Stop> {
    if let Some(name) = path.to_str().and_then(|text| text.strip_prefix(PRESET)) {
        return named(locale, name);
    }
    let bytes = files::read(locale, path)?;
    read_rule(&bytes).map_err(|found| faults::of_file(locale, &files::name_of(path), &found))
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
        let name = plain(name);
        Stop::Usage(tf(locale, "tool.rules.unknown", &[("name", &name), ("known", &known)]))
    })
}

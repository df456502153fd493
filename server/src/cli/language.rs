//! The language of the command line: which one, and clap's texts in it. Help texts live in the catalogue part `tool`
//! under the command's path and the argument's name. Deliberately absent: the texts of the commands of the server,
//! which are beside their arguments; their summaries and the first page are in the catalogue.

use std::error::Error as _;
use std::ffi::{OsStr, OsString};

use app::catalogue::{find, t, tf};
use app::text::Locale;
use clap::builder::styling::Styles;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};

use super::shown::{plain, wrapped};
use super::tool::Tool;

/// The help of an argument, which stands to the right of its name, and running text.
const HELP_COLUMNS: usize = 72;
const TEXT_COLUMNS: usize = 96;

/// Read in this order after the flag; the first that is set decides.
const SYSTEM: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// `--lang`, else `UNVEIL_LANG`, else Chinese where the system's language begins with `zh`, else English. A language
/// that is not known counts as not given; `--lang` itself is refused later, when the line is read.
pub fn chosen(line: &[OsString], variable: impl Fn(&str) -> Option<OsString>) -> Locale {
    let known = |value: Option<OsString>| Locale::from_tag(value?.to_str()?);
    let system = || {
        let value = SYSTEM.iter().filter_map(|name| variable(name)).find(|value| !value.is_empty());
        known(value).filter(|locale| *locale == Locale::ZhCn)
    };
    known(flag(line)).or_else(|| known(variable("UNVEIL_LANG"))).or_else(system).unwrap_or(Locale::En)
}

/// The value of the last `--lang` before `--`.
fn flag(line: &[OsString]) -> Option<OsString> {
    let mut value = None;
    let mut arguments = line.iter().take_while(|argument| *argument != "--");
    while let Some(argument) = arguments.next() {
        if argument == "--lang" {
            value = arguments.next().cloned();
        } else if let Some(after) = argument.to_str().and_then(|text| text.strip_prefix("--lang=")) {
            value = Some(OsStr::new(after).to_owned());
        }
    }
    value
}

/// Reads `--lang`.
///
/// # Errors
/// The value, when it is none of the two languages.
pub fn parse_locale(value: &str) -> Result<Locale, String> {
    Locale::from_tag(value).ok_or_else(|| "zh-CN, en".to_owned())
}

/// The whole command with the texts of this language; the server's settings do not show in tools that have none.
pub fn localised(mut command: Command, locale: Locale) -> Command {
    let settings: Vec<Arg> =
        command.get_arguments().filter(|argument| argument.is_global_set()).cloned().collect();
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(&name, |sub| {
            if Tool::NAMES.contains(&name.as_str()) {
                let hidden = settings.iter().map(|setting| setting.clone().hide(true));
                tool(sub.args(hidden), locale, &name)
            } else {
                let sub = with_help(sub.args(settings.clone()), locale);
                match find(locale, &format!("tool.{name}.about")) {
                    Some(about) => sub.about(about),
                    None => sub,
                }
            }
        });
    }
    first_page(command, locale)
}

fn help_flag(locale: Locale) -> Arg {
    Arg::new("help").short('h').long("help").action(ArgAction::Help).help(t(locale, "tool.arg.help"))
}

/// What the first page turns off is off below it too.
fn with_help(mut command: Command, locale: Locale) -> Command {
    let below: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in below {
        command = command.mut_subcommand(name, |sub| with_help(sub, locale));
    }
    command.arg(help_flag(locale))
}

/// `unveil --help`: the commands. The settings of the server are told by the commands that have them.
fn first_page(command: Command, locale: Locale) -> Command {
    command
        .styles(Styles::plain())
        .mut_args(|argument| if argument.is_global_set() { argument.hide(true) } else { argument })
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .arg(help_flag(locale))
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help(t(locale, "tool.arg.version")),
        )
        .help_template(template(locale, true))
        .subcommand_help_heading(t(locale, "tool.heading.commands"))
        .about(t(locale, "tool.first_page.about"))
        .long_about(None)
        .override_usage(t(locale, "tool.first_page.usage"))
        .after_help(broken(t(locale, "tool.first_page.after")))
}

/// One command and those below it; `path` is its place in the catalogue, as in `rules.show`.
fn tool(command: Command, locale: Locale, path: &str) -> Command {
    let text = |part: &str| find(locale, &format!("tool.{path}.{part}"));
    let below: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let has_below = !below.is_empty();
    let mut command = command
        .styles(Styles::plain())
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .arg(help_flag(locale))
        .help_template(template(locale, has_below))
        .subcommand_help_heading(t(locale, "tool.heading.commands"))
        .mut_args(|argument| in_words(argument, locale, path));
    if let Some(about) = text("about") {
        command = command.about(about);
    }
    if let Some(long) = text("long") {
        command = command.long_about(long);
    }
    if let Some(after) = text("after") {
        command = command.after_help(broken(after));
    }
    if let Some(usage) = text("usage") {
        command = command.override_usage(usage);
    }
    for name in below {
        let path = format!("{path}.{name}");
        command = command.mut_subcommand(name, |sub| tool(sub, locale, &path));
    }
    command
}

fn template(locale: Locale, has_below: bool) -> String {
    let usage = t(locale, "tool.heading.usage");
    let commands = t(locale, "tool.heading.commands");
    let below = if has_below { format!("{commands}\n{{subcommands}}\n\n") } else { String::new() };
    let options = t(locale, "tool.heading.options");
    let arguments = t(locale, "tool.heading.arguments");
    let positionals = if has_below { String::new() } else { format!("{arguments}\n{{positionals}}\n\n") };
    format!(
        "{{about-with-newline}}\n{usage} {{usage}}\n\n{below}{positionals}{options}\n{{options}}{{after-help}}\n"
    )
}

/// The text of an argument: of this command, else the one all commands share.
fn in_words(argument: Arg, locale: Locale, path: &str) -> Arg {
    let id = argument.get_id().to_string();
    let takes_value = argument.get_action().takes_values();
    let argument = if takes_value {
        // A number below zero is then a number out of range and no unknown flag.
        argument.hide_default_value(true).hide_possible_values(true).allow_negative_numbers(true)
    } else {
        argument
    };
    let own = format!("tool.{path}.arg.{id}");
    match find(locale, &own).or_else(|| find(locale, &format!("tool.arg.{id}"))) {
        Some(words) => argument.help(wrapped(words, HELP_COLUMNS).join("\n")),
        None => argument,
    }
}

/// Every line of the text broken where it is long.
fn broken(text: &str) -> String {
    let line = |line: &str| {
        if line.starts_with(' ') { line.to_owned() } else { wrapped(line, TEXT_COLUMNS).join("\n") }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// What is wrong with the command line, in one line and a hint.
pub fn usage_fault(locale: Locale, fault: &clap::Error) -> String {
    let said = |kind: ContextKind| match fault.get(kind) {
        Some(ContextValue::String(text)) => plain(text),
        Some(ContextValue::Strings(texts)) => plain(&texts.join(" ")),
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let key = match fault.kind() {
        ErrorKind::UnknownArgument => "tool.usage.unknown_argument",
        ErrorKind::InvalidSubcommand => "tool.usage.unknown_command",
        ErrorKind::MissingSubcommand => "tool.usage.missing_command",
        ErrorKind::MissingRequiredArgument => "tool.usage.missing",
        ErrorKind::ArgumentConflict => "tool.usage.conflict",
        ErrorKind::NoEquals | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            "tool.usage.no_value"
        }
        ErrorKind::InvalidValue if said(ContextKind::InvalidValue).is_empty() => "tool.usage.no_value",
        ErrorKind::ValueValidation if is_no_number(fault) => "tool.usage.not_whole",
        ErrorKind::ValueValidation if said(ContextKind::InvalidArg).starts_with("--lang") => {
            "tool.usage.language"
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => "tool.usage.invalid_value",
        ErrorKind::InvalidUtf8 => "tool.usage.not_utf8",
        _ => "tool.usage.other",
    };
    let name = match fault.kind() {
        ErrorKind::InvalidSubcommand => said(ContextKind::InvalidSubcommand),
        ErrorKind::MissingSubcommand => said(ContextKind::ValidSubcommand),
        _ => said(ContextKind::InvalidArg),
    };
    let allowed = (fault.kind() == ErrorKind::ValueValidation).then(|| allowed(fault)).flatten();
    let key = match &allowed {
        Some((_, Some(_))) => "tool.usage.out_of_range",
        Some((_, None)) => "tool.usage.below_range",
        None => key,
    };
    let (least, most) = allowed.unwrap_or_default();
    let most = most.unwrap_or_default();
    let (value, other) = (said(ContextKind::InvalidValue), said(ContextKind::PriorArg));
    tf(
        locale,
        key,
        &[("name", &name), ("value", &value), ("other", &other), ("least", &least), ("most", &most)],
    )
}

fn is_no_number(fault: &clap::Error) -> bool {
    fault.source().is_some_and(|source| source.is::<std::num::ParseIntError>())
}

/// The least and the most that a number may be, out of what clap's reader of ranges says (`0..=10`, `1..`).
fn allowed(fault: &clap::Error) -> Option<(String, Option<String>)> {
    let said = fault.source()?.to_string();
    let (_, range) = said.rsplit_once(" is not in ")?;
    let (least, most) = range.split_once("..")?;
    let most = most.trim_start_matches('=');
    // Where nobody set a limit it is that of the type, which tells a reader nothing.
    let most = (!most.is_empty() && most != u32::MAX.to_string()).then(|| most.to_owned());
    Some((least.to_owned(), most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &[&str], variables: &[(&str, &str)], expected: Locale) {
        let line: Vec<OsString> = line.iter().map(OsString::from).collect();
        let variable =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        assert_eq!(chosen(&line, variable), expected, "{line:?} {variables:?}");
    }

    #[test]
    fn the_flag_wins_then_our_variable_then_the_system() {
        check(&[], &[], Locale::En);
        check(&[], &[("LANG", "zh_CN.UTF-8")], Locale::ZhCn);
        check(&[], &[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")], Locale::En);
        check(&[], &[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "")], Locale::ZhCn);
        check(&[], &[("LANG", "de_DE"), ("UNVEIL_LANG", "zh-CN")], Locale::ZhCn);
        check(&[], &[("LANG", "zh_CN"), ("UNVEIL_LANG", "en")], Locale::En);
        check(&["rank", "--lang", "en"], &[("UNVEIL_LANG", "zh-CN")], Locale::En);
        check(&["rank", "--lang=zh-CN"], &[("UNVEIL_LANG", "en")], Locale::ZhCn);
        check(&["rank", "--", "--lang=zh-CN"], &[], Locale::En);
        check(&["rank", "--lang"], &[("LANG", "zh")], Locale::ZhCn);
    }
}

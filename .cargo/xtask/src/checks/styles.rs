//! Style sheets take colours, sizes and durations from the tokens.

use crate::checks::scan::is_word;
use crate::checks::{Findings, Source};
use crate::sh::{Outcome, Place};

/// Units of absolute or root-relative sizes and of durations. Percent, `fr`, `em`, `ch` and the viewport units relate to
/// something near and are free.
const UNITS: [&str; 9] = ["px", "rem", "ms", "s", "pt", "pc", "cm", "mm", "in"];

/// Words that name a colour; `currentcolor`, `transparent` and the system colours name none.
const COLOURS: [&str; 22] = [
    "aqua", "beige", "black", "blue", "brown", "crimson", "cyan", "gold", "gray", "green", "grey", "lime",
    "magenta", "maroon", "navy", "orange", "pink", "purple", "red", "silver", "white", "yellow",
];

const COLOUR_FUNCTIONS: [&str; 10] =
    ["rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "lch(", "oklab(", "oklch(", "color("];

pub fn literals(_: &Place, sources: &[Source]) -> Outcome<Findings> {
    let is_checked = |source: &&Source| {
        source.path.starts_with("style/")
            && source.path.ends_with(".css")
            && !source.path.starts_with("style/tokens/")
            && !source.path.starts_with("style/public/")
    };
    Ok(sources
        .iter()
        .filter(is_checked)
        .flat_map(|source| {
            declarations(&source.text).into_iter().filter_map(|(line, declaration)| {
                let (_, value) = declaration.split_once(':')?;
                literal(value).map(|found| format!("{}:{line}: {found} in `{declaration}`", source.path))
            })
        })
        .collect())
}

/// Every `property: value` with the line it ends on. What stands before a `{` is a selector or a condition.
fn declarations(css: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let (mut line, mut depth, mut quote) = (1, 0usize, None);
    let mut text = String::new();
    let plain = without_comments(css);
    for letter in plain.chars() {
        line += usize::from(letter == '\n');
        match (letter, quote) {
            (_, Some(open)) => {
                quote = Some(open).filter(|open| *open != letter);
                continue;
            }
            ('"' | '\'', None) => {
                quote = Some(letter);
                continue;
            }
            ('(', None) => depth += 1,
            (')', None) => depth = depth.saturating_sub(1),
            ('{', None) if depth == 0 => text.clear(),
            (';' | '}', None) if depth == 0 => {
                let statement = std::mem::take(&mut text);
                let statement = statement.split_whitespace().collect::<Vec<_>>().join(" ");
                if !statement.is_empty() && !statement.starts_with('@') {
                    found.push((line, statement));
                }
            }
            _ => {
                text.push(letter);
                continue;
            }
        }
        if matches!(letter, '(' | ')') {
            text.push(letter);
        }
    }
    found
}

fn without_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        let (comment, next) = after.split_once("*/").unwrap_or((after, ""));
        out.extend(comment.chars().filter(|letter| *letter == '\n'));
        rest = next;
    }
    out.push_str(rest);
    out
}

/// The first literal of a value that belongs into a token.
fn literal(value: &str) -> Option<String> {
    let lower = value.to_ascii_lowercase();
    let function = COLOUR_FUNCTIONS.iter().find(|name| {
        lower.match_indices(**name).any(|(at, _)| {
            lower.get(..at).and_then(|text| text.chars().next_back()).is_none_or(|letter| !is_name(letter))
        })
    });
    if let Some(name) = function {
        return Some(format!("the colour {name}…)"));
    }
    let mut words = lower.split(|letter: char| !is_name(letter) && !matches!(letter, '.' | '#' | '%'));
    words.find_map(|word| match word.strip_prefix('#') {
        Some(_) => Some(format!("the colour {word}")),
        None if COLOURS.contains(&word) => Some(format!("the colour {word}")),
        None => is_measure(word).then(|| format!("the size or duration {word}")),
    })
}

fn is_name(letter: char) -> bool {
    is_word(letter) || letter == '-'
}

/// A number with one of [`UNITS`], except zero and the hairline of one pixel.
fn is_measure(word: &str) -> bool {
    let word = word.strip_prefix('-').unwrap_or(word);
    let unit = word.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    let number = word.strip_suffix(unit).unwrap_or_default();
    if number.is_empty() || !UNITS.contains(&unit) {
        return false;
    }
    let is_zero = number.parse::<f64>().is_ok_and(|value| value == 0.0);
    !is_zero && word != "1px"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_found_and_relative_values_are_free() {
        let refused = [
            "12px",
            "-2px",
            "0.5rem",
            ".25rem",
            "200ms",
            ".2s",
            "#fff",
            "1px solid #ABC",
            "rgb(0 0 0 / 50%)",
            "Red",
            "calc(100% - 3px)",
            "1px solid red",
            "oklch(50% 0 0)",
            "2cm",
        ];
        for value in refused {
            assert!(literal(value).is_some(), "{value}");
        }
        let free = [
            "0",
            "0px",
            "1px",
            "1px solid var(--line)",
            "var(--space-2)",
            "1fr minmax(0, 2fr)",
            "50%",
            "1.5",
            "60ch",
            "1em",
            "100dvh",
            "transparent",
            "currentcolor",
            "canvastext",
            "color-mix(in oklab, var(--a) 20%, transparent)",
            "var(--red-2)",
            "calc(var(--a) * 2)",
            "nowrap",
            "repeat(auto-fit, 1fr)",
            "0s",
            "span 2",
            "none",
        ];
        for value in free {
            assert_eq!(literal(value), None, "{value}");
        }
    }

    #[test]
    fn only_values_of_declarations_are_read() {
        let css = "/* 3px\n */ @import \"a.css\" layer(b);\n#face:hover, a:not(.x) {\n  color: var(--c);\n\
                   @media (min-width: 40rem) { margin: 0; content: \"3px; #fff\" }\n  top: 2px\n}\n\
                   a { background: url(data:x;#fff) }";
        let found = declarations(css);
        let texts: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
        let wanted = ["color: var(--c)", "margin: 0", "content:", "top: 2px", "background: url(data:x;#fff)"];
        assert_eq!(texts, wanted);
        assert_eq!(found[3].0, 7);
    }
}

//! The form of a letter: reads a filled template into blocks and sets them as text and as HTML.

use app::catalogue::t;
use app::text::Locale;
use askama::Template;

use super::message::Letterhead;

/// A letter ready for its envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line without control characters.
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// A paragraph of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Block {
    Words(Vec<String>),
    /// Lines that began with `- `.
    Items(Vec<String>),
    /// Lines of the form `| name | value`.
    Facts(Vec<(String, String)>),
}

/// Subject, blocks, and the button: its words and its path.
#[derive(Debug, PartialEq, Eq)]
struct Parts {
    subject: String,
    blocks: Vec<Block>,
    button: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    lang: &'a str,
    brand: &'a str,
    subject: &'a str,
    greeting: &'a str,
    blocks: &'a [Block],
    button: Option<(&'a str, &'a str)>,
    farewell: &'a [String],
    footer: &'a [String],
}

/// Sets `letter` (a filled template) between the greeting and the farewell of `frame`. Links are made absolute with
/// the configured address and nothing else.
pub(super) fn lay_out(letter: &str, frame: &str, locale: Locale, head: &Letterhead) -> Rendered {
    let parts = read(letter);
    let mut frame = paragraphs(frame).into_iter();
    let greeting = frame.next().unwrap_or_default().join(" ");
    let (farewell, footer) = (frame.next().unwrap_or_default(), frame.next().unwrap_or_default());
    let button = parts.button.map(|(label, path)| (label, format!("{}{path}", head.base_url)));
    let html = Html {
        lang: locale.tag(),
        brand: t(locale, "common.name_full"),
        subject: &parts.subject,
        greeting: &greeting,
        blocks: &parts.blocks,
        button: button.as_ref().map(|(label, address)| (label.as_str(), address.as_str())),
        farewell: &farewell,
        footer: &footer,
    };
    // Writing into a String cannot fail; were it to, the text part still says everything.
    let html = html.render().unwrap_or_default();
    let mut text = vec![greeting.clone()];
    text.extend(parts.blocks.iter().map(|block| as_text(block, locale)));
    text.extend(
        button.map(|(label, address)| format!("{}\n{address}", named(&label, "", locale).trim_end())),
    );
    text.push(farewell.join("\n"));
    text.push(format!("-- \n{}", footer.join("\n")));
    Rendered { subject: parts.subject, text: format!("{}\n", text.join("\n\n")), html }
}

fn as_text(block: &Block, locale: Locale) -> String {
    let lines: Vec<String> = match block {
        Block::Words(lines) => lines.clone(),
        Block::Items(items) => items.iter().map(|item| format!("- {item}")).collect(),
        Block::Facts(facts) => facts.iter().map(|(name, value)| named(name, value, locale)).collect(),
    };
    lines.join("\n")
}

/// `name: value` with the colon of the language.
fn named(name: &str, value: &str, locale: Locale) -> String {
    let colon = match locale {
        Locale::ZhCn => "：",
        Locale::En => ": ",
    };
    format!("{name}{colon}{value}")
}

fn read(letter: &str) -> Parts {
    let mut paragraphs = paragraphs(letter).into_iter();
    let subject = paragraphs.next().unwrap_or_default().join(" ");
    let mut rest: Vec<Vec<String>> = paragraphs.collect();
    let button = rest.last().and_then(|last| as_button(last));
    if button.is_some() {
        rest.pop();
    }
    Parts { subject, blocks: rest.into_iter().map(as_block).collect(), button }
}

/// Runs of lines between blank ones.
fn paragraphs(text: &str) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim) {
        if !line.is_empty() {
            open.push(line.to_owned());
        } else if !open.is_empty() {
            all.push(std::mem::take(&mut open));
        }
    }
    if !open.is_empty() {
        all.push(open);
    }
    all
}

fn as_button(lines: &[String]) -> Option<(String, String)> {
    let [line] = lines else { return None };
    let (label, path) = line.strip_prefix('[')?.strip_suffix(')')?.split_once("](")?;
    path.starts_with('/').then(|| (label.to_owned(), path.to_owned()))
}

fn as_block(lines: Vec<String>) -> Block {
    let items: Option<Vec<String>> =
        lines.iter().map(|line| line.strip_prefix("- ").map(str::to_owned)).collect();
    if let Some(items) = items {
        return Block::Items(items);
    }
    let fact = |line: &String| {
        let (name, value) = line.strip_prefix("| ")?.split_once(" | ")?;
        Some((name.to_owned(), value.to_owned()))
    };
    match lines.iter().map(fact).collect() {
        Some(facts) => Block::Facts(facts),
        None => Block::Words(lines),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_read_by_its_shape() {
        let parts = read("Subject\n\nOne\ntwo\n\n\n- a\n- b\n\n| x | 1 | 2\n| y | z\n\n[Go](/there?x=1)\n");
        assert_eq!(parts.subject, "Subject");
        assert_eq!(parts.button, Some(("Go".to_owned(), "/there?x=1".to_owned())));
        let text = |words: &str| words.to_owned();
        assert_eq!(
            parts.blocks,
            vec![
                Block::Words(vec![text("One"), text("two")]),
                Block::Items(vec![text("a"), text("b")]),
                Block::Facts(vec![(text("x"), text("1 | 2")), (text("y"), text("z"))]),
            ]
        );
    }

    #[test]
    fn only_the_last_line_is_a_button_and_only_with_a_path_of_ours() {
        assert_eq!(read("S\n\n[Go](/x)\n\nwords").button, None);
        assert_eq!(read("S\n\n[Go](https://evil.example)").button, None);
    }
}

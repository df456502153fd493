//! Long texts people write, as HTML we trust: raw HTML is shown as text, links go to http(s) and mailto only, pictures
//! become links, and headings start below the page's own.

use leptos::prelude::*;
use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};

/// More input than this is cut at a character: a page stays a page.
const MAX_BYTES: usize = 400_000;

/// The text drawn; `shift` is the level of the heading above it (2: the text's own begin at `h3`).
pub fn markdown(text: &str, shift: u8) -> AnyView {
    let body = to_html(text, shift);
    view! { <div class="prose" inner_html=body></div> }.into_any()
}

/// The same as a string of safe HTML.
pub fn to_html(text: &str, shift: u8) -> String {
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut levels = Levels { top: shift + 1, above: Vec::new() };
    let events = Parser::new_ext(text, options).map(|event| tame(event, &mut levels));
    let mut out = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut out, events);
    out
}

/// The headings above the current place, as written. Each heading becomes one level deeper than the one it stands
/// under, so that no level is skipped whatever the writer began with.
struct Levels {
    /// The level of the outermost headings.
    top: u8,
    above: Vec<HeadingLevel>,
}

impl Levels {
    fn enter(&mut self, level: HeadingLevel) -> HeadingLevel {
        self.above.retain(|written| *written < level);
        self.above.push(level);
        self.current()
    }

    fn current(&self) -> HeadingLevel {
        let level = usize::from(self.top) + self.above.len().saturating_sub(1);
        HeadingLevel::try_from(level.min(6)).unwrap_or(HeadingLevel::H6)
    }
}

fn tame<'a>(event: Event<'a>, levels: &mut Levels) -> Event<'a> {
    match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Heading { level, .. }) => {
            let level = levels.enter(level);
            Event::Start(Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() })
        }
        Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Heading(levels.current())),
        Event::Start(Tag::Link { link_type, dest_url, title, .. }) => link(link_type, dest_url, title),
        Event::Start(Tag::Image { dest_url, title, .. }) => link(LinkType::Inline, dest_url, title),
        Event::End(TagEnd::Image) => Event::End(TagEnd::Link),
        other => other,
    }
}

fn link<'a>(link_type: LinkType, dest_url: CowStr<'a>, title: CowStr<'a>) -> Event<'a> {
    let bare_mail = link_type == LinkType::Email;
    let lower = dest_url.trim().to_ascii_lowercase();
    let known =
        bare_mail || ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    let dest_url = if known { dest_url } else { CowStr::Borrowed("#") };
    Event::Start(Tag::Link { link_type, dest_url, title, id: CowStr::Borrowed("") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_writer_types_becomes_script() {
        let check = |text: &str, expected: &str| assert_eq!(to_html(text, 2).trim(), expected, "{text}");
        check("# 背景", "<h3>背景</h3>");
        check("### x", "<h3>x</h3>");
        check("# a\n### b\n# c", "<h3>a</h3>\n<h4>b</h4>\n<h3>c</h3>");
        check("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>");
        check("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>");
        check("[x](javascript:alert(1))", "<p><a href=\"#\">x</a></p>");
        check("[x](JaVaScRiPt:alert(1))", "<p><a href=\"#\">x</a></p>");
        check("[x](data:text/html,1)", "<p><a href=\"#\">x</a></p>");
        check("[x](//evil.example)", "<p><a href=\"#\">x</a></p>");
        check("[x](https://a.example/?a=1&b=2)", "<p><a href=\"https://a.example/?a=1&amp;b=2\">x</a></p>");
        check("<who@a.example>", "<p><a href=\"mailto:who@a.example\">who@a.example</a></p>");
        check("![p](https://a.example/x.png)", "<p><a href=\"https://a.example/x.png\">p</a></p>");
    }

    #[test]
    fn a_very_long_text_is_cut_at_a_character() {
        assert!(to_html(&"榜".repeat(MAX_BYTES), 2).len() < MAX_BYTES * 2);
    }
}

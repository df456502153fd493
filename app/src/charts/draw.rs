//! A sheet to draw on. Coordinates are whole units of which 16 make the reader's text size, so pictures grow with it.

use std::fmt::Write;

use leptos::prelude::*;

use crate::catalogue::t;
use crate::components::text_area::escape;
use crate::text::Locale;

/// Width of drawings for the full column.
pub(super) const WIDE: i32 = 960;
/// Width of drawings for a phone of 390 px.
pub(super) const NARROW: i32 = 344;

/// Where a text is anchored.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A text's size in units, and its class for colour and weight.
#[derive(Clone, Copy)]
pub(super) struct Ink {
    pub size: i32,
    pub class: &'static str,
}

pub(super) const STRONG: Ink = Ink { size: 16, class: "d-strong" };
pub(super) const PLAIN: Ink = Ink { size: 15, class: "d-plain" };
pub(super) const SMALL: Ink = Ink { size: 13, class: "d-muted" };
pub(super) const ACCENT: Ink = Ink { size: 14, class: "d-accent" };

pub(super) struct Drawing {
    width: i32,
    height: i32,
    body: String,
}

impl Drawing {
    pub(super) fn new(width: i32) -> Self {
        Self { width, height: 0, body: String::with_capacity(4_000) }
    }

    pub(super) fn set_height(&mut self, height: i32) {
        self.height = height;
    }

    pub(super) fn line(&mut self, class: &str, from: (i32, i32), to: (i32, i32)) {
        let ((x1, y1), (x2, y2)) = (from, to);
        // Writing into a String cannot fail.
        let _ =
            write!(self.body, "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>");
    }

    pub(super) fn circle(&mut self, class: &str, at: (i32, i32), radius: i32) {
        let _ =
            write!(self.body, "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"{radius}\"/>", at.0, at.1);
    }

    pub(super) fn rect(&mut self, class: &str, at: (i32, i32), size: (i32, i32), radius: i32) {
        let ((x, y), (w, h)) = (at, (size.0.max(0), size.1.max(0)));
        let _ = write!(
            self.body,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"{radius}\"/>"
        );
    }

    pub(super) fn path(&mut self, class: &str, d: &str) {
        let _ = write!(self.body, "<path class=\"{class}\" d=\"{d}\"/>");
    }

    pub(super) fn text(&mut self, ink: Ink, at: (i32, i32), anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let _ = write!(
            self.body,
            "<text class=\"{}\" font-size=\"{}\" x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            ink.class,
            ink.size,
            at.0,
            at.1,
            escape(text)
        );
    }

    /// Text in lines that fit `width`, the first baseline at `at`; gives the baseline after the last.
    pub(super) fn lines(
        &mut self,
        ink: Ink,
        at: (i32, i32),
        anchor: Anchor,
        text: &str,
        fit: (i32, usize),
    ) -> i32 {
        let mut y = at.1;
        for line in wrap(text, fit.0, ink.size, fit.1) {
            self.text(ink, (at.0, y), anchor, &line);
            y += ink.size * 5 / 4;
        }
        y
    }

    fn finish(self, id: &str, title: &str, description: &str) -> String {
        format!(
            "<svg class=\"drawing\" viewBox=\"0 0 {w} {h}\" width=\"{rw}rem\" height=\"{rh}rem\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-desc\"><title id=\"{id}-title\">{title}</title>\
             <desc id=\"{id}-desc\">{desc}</desc>{body}</svg>",
            w = self.width,
            h = self.height,
            rw = f64::from(self.width) / 16.0,
            rh = f64::from(self.height) / 16.0,
            title = escape(title),
            desc = escape(description),
            body = self.body
        )
    }
}

/// Roughly how wide a text will be: Han and full-width signs are square, the rest a little over half.
pub(super) fn width_of(text: &str, size: i32) -> i32 {
    text.chars().map(|c| if is_square(c) { size * 100 } else { size * 56 }).sum::<i32>() / 100
}

fn is_square(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFF60 | 0x20000..=0x3FFFF)
}

/// At most `max_lines` lines of at most `width`; what does not fit ends in an ellipsis.
pub(super) fn wrap(text: &str, width: i32, size: i32, max_lines: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in words(text) {
        let full = lines.len() >= max_lines;
        let Some(line) = lines.last_mut() else { break };
        if width_of(line.trim_end(), size) + width_of(word.trim_end(), size) <= width || line.is_empty() {
            line.push_str(word);
        } else if !full {
            lines.push(word.to_owned());
        } else {
            line.push('…');
            break;
        }
    }
    lines.iter().map(|line| cut(line.trim(), width, size)).collect()
}

/// Latin words with the blank after them; each Han character by itself.
fn words(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    for (index, c) in text.char_indices() {
        let end = index + c.len_utf8();
        if c.is_whitespace() || is_square(c) {
            if is_square(c) && start < index {
                out.push(text.get(start..index).unwrap_or_default());
                start = index;
            }
            out.push(text.get(start..end).unwrap_or_default());
            start = end;
        }
    }
    if start < text.len() {
        out.push(text.get(start..).unwrap_or_default());
    }
    out
}

/// One line, cut with an ellipsis where it is too long.
pub(super) fn cut(text: &str, width: i32, size: i32) -> String {
    if width_of(text, size) <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.trim_end_matches('…').chars() {
        if width_of(&out, size) + size * 2 > width {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// A picture with its words and its table.
pub(super) struct Picture {
    /// Unique on the page.
    pub id: String,
    pub title: String,
    pub description: String,
    pub wide: Drawing,
    pub narrow: Drawing,
    pub table: AnyView,
    /// The table stands open beneath the picture instead of folding.
    pub table_open: bool,
}

impl Picture {
    pub(super) fn draw(self, locale: Locale) -> AnyView {
        let wide = self.wide.finish(&format!("{}-wide", self.id), &self.title, &self.description);
        let narrow = self.narrow.finish(&format!("{}-narrow", self.id), &self.title, &self.description);
        let table = if self.table_open {
            self.table
        } else {
            view! {
                <details class="chart-table">
                    <summary>{t(locale, "chart.as_table")}</summary>
                    {self.table}
                </details>
            }
            .into_any()
        };
        view! {
            <figure class="chart" id=self.id>
                <div class="chart-wide" inner_html=wide></div>
                <div class="chart-narrow" inner_html=narrow></div>
                {table}
            </figure>
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_labels_break_and_end_in_an_ellipsis() {
        assert_eq!(wrap("Eligibility check", 90, 14, 2), vec!["Eligibility", "check"]);
        assert_eq!(wrap("资格审查", 28, 14, 2), vec!["资格", "审查"]);
        assert_eq!(wrap("资格审查与形式审查", 28, 14, 2).len(), 2);
        assert!(wrap("资格审查与形式审查", 42, 14, 2)[1].ends_with('…'));
        assert_eq!(wrap("", 10, 14, 2), vec![""]);
    }

    #[test]
    fn words_in_a_picture_are_escaped() {
        let mut sheet = Drawing::new(10);
        sheet.text(PLAIN, (0, 0), Anchor::Start, "</svg><script>");
        assert!(sheet.finish("a", "<b>", "c").contains("&lt;/svg&gt;&lt;script&gt;"));
    }
}

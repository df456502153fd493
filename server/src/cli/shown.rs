//! Text from files as a terminal may show it: measured in columns, without control characters. Deliberately absent:
//! graphemes; a family emoji counts as its parts, which shifts a column and harms nobody.

/// Columns a terminal uses for the text: 2 for East Asian wide letters, 0 for marks that join the letter before.
pub fn width(text: &str) -> usize {
    text.chars().map(letter_width).sum()
}

/// Wide and full-width ranges of Unicode's East Asian Width (UAX #11), joined where nothing narrow lies between.
fn letter_width(letter: char) -> usize {
    match u32::from(letter) {
        0x0300..=0x036f | 0x200b..=0x200d | 0x20d0..=0x20ff | 0xfe00..=0xfe0f | 0xfe20..=0xfe2f => 0,
        0x1100..=0x115f
        | 0x231a..=0x231b
        | 0x2e80..=0x303e
        | 0x3041..=0x33ff
        | 0x3400..=0x4dbf
        | 0x4e00..=0xa4cf
        | 0xa960..=0xa97f
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x16fe0..=0x18cff
        | 0x1aff0..=0x1b2ff
        | 0x1f300..=0x1f64f
        | 0x1f680..=0x1f6ff
        | 0x1f900..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// The text with everything that could steer a terminal, break a line or turn the reading direction written out, as
/// in `\u{1b}`.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if steers(letter) {
            out.extend(letter.escape_unicode());
        } else {
            out.push(letter);
        }
    }
    out
}

/// JSON that is safe to show: `serde_json` writes out the controls below U+0020, this does the rest of them.
pub fn plain_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter != '\n' && steers(letter) && u32::from(letter) <= 0xffff {
            out.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            out.push(letter);
        }
    }
    out
}

/// Controls (C0, DEL, C1), line and paragraph separators, marks that turn the reading direction, the byte order mark.
fn steers(letter: char) -> bool {
    letter.is_control()
        || matches!(u32::from(letter), 0x061c | 0x200e..=0x200f | 0x2028..=0x202e | 0x2066..=0x2069 | 0xfeff)
}

/// The text cut to `columns`, ending in an ellipsis where something is missing.
pub fn shortened(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let (mut out, mut used) = (String::new(), 0);
    for letter in text.chars() {
        let next = letter_width(letter);
        if used + next + 1 > columns {
            break;
        }
        out.push(letter);
        used += next;
    }
    out.push('\u{2026}');
    out
}

/// Breaks a paragraph into lines of at most `columns`: at blanks, or anywhere beside a wide letter, where Chinese may
/// be broken. A mark that ends a phrase never begins a line.
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut used) = (String::new(), 0);
    for piece in pieces(text) {
        let wide = width(piece.trim_end());
        if used > 0 && used + wide > columns {
            lines.push(line.trim_end().to_owned());
            (line, used) = (String::new(), 0);
        }
        let piece = if line.is_empty() { piece.trim_start() } else { piece };
        line.push_str(piece);
        used += width(piece);
    }
    if !line.trim_end().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// What stays together: a word with the blanks after it, or one wide letter with the marks after it.
fn pieces(text: &str) -> Vec<&str> {
    let mut cuts = Vec::new();
    let mut before: Option<char> = None;
    for (at, letter) in text.char_indices() {
        if let Some(before) = before {
            let after_blank = before == ' ' && letter != ' ';
            let beside_wide = letter_width(before) == 2 || letter_width(letter) == 2;
            let stays = letter == ' ' || is_closing(letter) || is_opening(before);
            if (after_blank || beside_wide) && !stays {
                cuts.push(at);
            }
        }
        before = Some(letter);
    }
    let mut rest = text;
    let mut taken = 0;
    let mut out = Vec::with_capacity(cuts.len() + 1);
    for cut in cuts {
        let (piece, after) = rest.split_at_checked(cut - taken).unwrap_or((rest, ""));
        out.push(piece);
        (rest, taken) = (after, cut);
    }
    out.push(rest);
    out
}

fn is_closing(letter: char) -> bool {
    matches!(letter, ',' | '.' | ';' | ':' | '!' | '?' | ')' | ']' | '%')
        || matches!(
            u32::from(letter),
            0x2019
                | 0x201d
                | 0x2026
                | 0x3001
                | 0x3002
                | 0x3009
                | 0x300b
                | 0x300d
                | 0x300f
                | 0x3011
                | 0xff01
                | 0xff05
                | 0xff09
                | 0xff0c
                | 0xff1a
                | 0xff1b
                | 0xff1f
        )
}

fn is_opening(letter: char) -> bool {
    matches!(letter, '(' | '[')
        || matches!(u32::from(letter), 0x2018 | 0x201c | 0x3008 | 0x300a | 0x300c | 0x300e | 0x3010 | 0xff08)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_columns_and_marks_none() {
        for (text, columns) in
            [("abc", 3), ("重晶石", 6), ("e\u{301}", 1), ("A（1）", 6), ("한국", 4), ("…", 1)]
        {
            assert_eq!(width(text), columns, "{text}");
        }
        assert_eq!(shortened("重晶石回收", 7), "重晶石…");
        assert_eq!(shortened("重晶石", 6), "重晶石");
        assert_eq!(shortened("barite", 4), "bar…");
    }

    #[test]
    fn nothing_in_a_name_steers_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\n\u{9b}\u{202e}"), r"a\u{1b}[2Jb\u{a}\u{9b}\u{202e}");
        assert_eq!(plain("重晶石 (A)"), "重晶石 (A)");
        let json = plain_json("{\"a\": \"\u{9b}\u{7f}\u{202e}重\"}\n");
        assert_eq!(json, "{\"a\": \"\\u009b\\u007f\\u202e重\"}\n");
        let back: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(back["a"], "\u{9b}\u{7f}\u{202e}重");
    }

    #[test]
    fn paragraphs_break_at_blanks_and_between_chinese_letters() {
        assert_eq!(wrapped("one two three", 8), ["one two", "three"]);
        assert_eq!(wrapped("一致性系数，越高越好。", 12), ["一致性系数，", "越高越好。"]);
        assert_eq!(wrapped("一致性系数，越高", 10), ["一致性系", "数，越高"]);
        assert_eq!(wrapped("系数 ICC(2,1) 为 0.5", 10), ["系数", "ICC(2,1)", "为 0.5"]);
        assert_eq!(wrapped("averyveryverylongword", 5), ["averyveryverylongword"]);
        assert!(wrapped("", 10).is_empty());
    }
}

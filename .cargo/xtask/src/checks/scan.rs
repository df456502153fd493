//! Reads Rust well enough for word searches: blanks comments and, where asked, strings, keeping every line in place.
//! Deliberately absent: a parser; macros and attributes are plain text here.

/// What is left of the text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    Strings,
    CodeOnly,
}

/// The text with comments as blanks, cut at the first line `#[cfg(test)]` (tests stand last in a file).
pub fn product_code(text: &str, keep: Keep) -> String {
    let code = blank(text, keep);
    let mut kept = String::with_capacity(code.len());
    for line in code.lines().take_while(|line| line.trim() != "#[cfg(test)]") {
        kept.push_str(line);
        kept.push('\n');
    }
    kept
}

/// The text with comments, and maybe strings, as blanks.
pub fn blank(text: &str, keep: Keep) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (length, is_kept) = token(rest, first, out.chars().next_back(), keep);
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if is_kept {
            out.push_str(piece);
        } else {
            out.extend(piece.chars().map(|letter| if letter == '\n' { '\n' } else { ' ' }));
        }
        rest = after;
    }
    out
}

/// Length in bytes of the token at the start, and whether it stays.
fn token(rest: &str, first: char, before: Option<char>, keep: Keep) -> (usize, bool) {
    let strings_stay = keep == Keep::Strings;
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), false);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), false);
    }
    let starts_word = before.is_none_or(|letter| !is_word(letter));
    if starts_word && let Some(length) = raw_string(rest) {
        return (length, strings_stay);
    }
    match first {
        '"' => (quoted(rest), strings_stay),
        '\'' => match character(rest) {
            Some(length) => (length, strings_stay),
            None => (1, true),
        },
        _ => (first.len_utf8(), true),
    }
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0usize;
    let mut letters = rest.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match (letter, letters.peek().map(|(_, next)| *next)) {
            ('/', Some('*')) => {
                depth += 1;
                letters.next();
            }
            ('*', Some('/')) => {
                depth -= 1;
                letters.next();
                if depth == 0 {
                    return at + 2;
                }
            }
            _ => {}
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#`, `br"…"`; `None` for anything else, a raw identifier included.
fn raw_string(rest: &str) -> Option<usize> {
    let marked = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = marked.len() - marked.trim_start_matches('#').len();
    let body = marked.trim_start_matches('#').strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = body.find(&close)? + close.len();
    Some(rest.len() - body.len() + end)
}

/// A string up to its closing quote.
fn quoted(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// A character literal; `None` for a lifetime.
fn character(rest: &str) -> Option<usize> {
    let body = rest.get(1..)?;
    let first = body.chars().next()?;
    if first == '\\' {
        // The quote may itself be escaped, so the search starts after the escaped letter.
        let escaped = body.chars().nth(1)?;
        let from = 1 + 1 + escaped.len_utf8();
        return Some(from + rest.get(from..)?.find('\'')? + 1);
    }
    let end = 1 + first.len_utf8();
    rest.get(end..)?.starts_with('\'').then_some(end + 1)
}

pub fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Line numbers, from 1, where `word` stands as a whole word.
pub fn lines_with_word(code: &str, word: &str) -> Vec<usize> {
    let holds = |line: &str| {
        line.match_indices(word).any(|(at, _)| {
            let before = line.get(..at).and_then(|text| text.chars().next_back());
            let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
            before.is_none_or(|letter| !is_word(letter)) && after.is_none_or(|letter| !is_word(letter))
        })
    };
    lines_where(code, holds)
}

/// Line numbers, from 1, where `text` stands anywhere.
pub fn lines_with(code: &str, text: &str) -> Vec<usize> {
    lines_where(code, |line| line.contains(text))
}

/// Line numbers, from 1, that `holds` is true of.
pub fn lines_where(code: &str, holds: impl Fn(&str) -> bool) -> Vec<usize> {
    code.lines().enumerate().filter(|(_, line)| holds(line)).map(|(index, _)| index + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_blanked_in_place() {
        let cases = [
            ("a // b\nc", "a\nc", "a\nc"),
            ("a /* b /* c */ d */ e", "a e", "a e"),
            (r#"let x = "// no \" comment"; // yes"#, r#"let x = "// no \" comment";"#, "let x = ;"),
            (r##"f(r#"raw " // text"#, 1)"##, r##"f(r#"raw " // text"#, 1)"##, "f( , 1)"),
            ("fn f<'a>(x: &'a str) {} // c", "fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}"),
            ("m('\"', '\\'', '//') // c", "m('\"', '\\'', '", "m( , , '"),
            ("r#type // c", "r#type", "r#type"),
        ];
        let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ;", ";");
        for (text, with_strings, code_only) in cases {
            assert_eq!(squeeze(&blank(text, Keep::Strings)), squeeze(with_strings), "{text}");
            assert_eq!(squeeze(&blank(text, Keep::CodeOnly)), squeeze(code_only), "{text}");
            assert_eq!(blank(text, Keep::CodeOnly).lines().count(), text.lines().count(), "{text}");
        }
    }

    #[test]
    fn tests_are_no_product_code() {
        assert_eq!(product_code("a\n#[cfg(test)]\nmod tests { b }\n", Keep::Strings), "a\n");
    }

    #[test]
    fn words_are_whole_and_lines_counted_from_one() {
        assert_eq!(lines_with_word("a\nsea_orm::X\nsea_orm_migration\nuse sea_orm;", "sea_orm"), [2, 4]);
        assert_eq!(lines_with("x\ny x", "x"), [1, 2]);
    }
}

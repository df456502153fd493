//! One part of the advisory figures: a title, what to remember, a table, a sentence per figure. And how estimates are
//! written. Deliberately absent: exact scores, see `words`.

use tables::OutSheet;

use super::binding_text::PROSE_COLUMNS;
use crate::cli::shown::wrapped;
use crate::cli::text_table::TextTable;

/// Where the text of a sentence in a list begins.
const BULLET: &str = "- ";

/// One part.
pub struct Section {
    pub title: String,
    /// Before the table.
    pub lead: Vec<String>,
    pub table: Option<TextTable>,
    /// After it, one each.
    sentences: Vec<String>,
}

impl Section {
    pub fn new(title: &str) -> Self {
        Self { title: title.to_owned(), lead: Vec::new(), table: None, sentences: Vec::new() }
    }

    pub fn say(&mut self, sentence: impl Into<String>) {
        self.sentences.push(sentence.into());
    }

    /// A sentence, where there is one.
    pub fn say_all(&mut self, sentences: impl IntoIterator<Item = String>) {
        self.sentences.extend(sentences);
    }

    /// `number` counts the parts from 1.
    pub fn lines(&self, number: usize, for_terminal: bool) -> Vec<String> {
        let mut lines = vec![format!("{number}. {}", self.title)];
        lines.extend(self.lead.iter().flat_map(|text| wrapped(text, PROSE_COLUMNS)));
        if let Some(table) = self.table.as_ref().filter(|table| !table.is_empty()) {
            lines.push(String::new());
            lines.extend(table.lines(for_terminal));
            lines.push(String::new());
        }
        for sentence in &self.sentences {
            let broken = wrapped(sentence, PROSE_COLUMNS - BULLET.len());
            let indented = broken.iter().enumerate().map(|(index, line)| {
                let start = if index == 0 { BULLET } else { "  " };
                format!("{start}{line}")
            });
            lines.extend(indented);
        }
        lines
    }

    /// Its table as a worksheet of that name.
    pub fn worksheet(&self) -> Option<OutSheet> {
        self.table.as_ref().filter(|table| !table.is_empty()).map(|table| table.worksheet(&self.title))
    }

    /// Everything that is said in words.
    pub fn words(&self) -> impl Iterator<Item = &String> {
        self.lead.iter().chain(&self.sentences)
    }
}

/// An estimate with this many decimals, never `-0.00`; empty where it is no number.
pub fn decimals(value: f64, count: usize) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let text = format!("{value:.count$}");
    let is_zero = text.chars().all(|letter| matches!(letter, '-' | '0' | '.'));
    if is_zero { text.trim_start_matches('-').to_owned() } else { text }
}

/// `[0.12, 0.85]`; an end without a bound is `−∞` or `∞`.
pub fn interval(low: f64, high: f64, count: usize) -> String {
    let end = |value: f64| match value {
        f64::NEG_INFINITY => "−∞".to_owned(),
        f64::INFINITY => "∞".to_owned(),
        value => decimals(value, count),
    };
    format!("[{}, {}]", end(low), end(high))
}

/// Whole percent; what is not quite none or all is not called so.
pub fn percent(share: f64) -> String {
    match share * 100.0 {
        hundred if hundred > 0.0 && hundred < 1.0 => "< 1 %".to_owned(),
        hundred if hundred > 99.0 && hundred < 100.0 => "> 99 %".to_owned(),
        hundred => format!("{} %", decimals(hundred, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_claim_no_more_than_they_are() {
        for (share, text) in
            [(0.0, "0 %"), (0.001, "< 1 %"), (0.5, "50 %"), (0.9951, "> 99 %"), (1.0, "100 %")]
        {
            assert_eq!(percent(share), text);
        }
        assert_eq!((decimals(-0.0001, 2), decimals(-0.5, 1)), ("0.00".into(), "-0.5".into()));
        assert_eq!(decimals(f64::NAN, 2), "");
    }
}

//! Headings: which column is which. Deliberately absent: guessing by position.

/// A heading or word as it is compared: without white space, in lower case.
pub(crate) fn fold(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

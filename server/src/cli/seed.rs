//! The seed of a draw as people write it down; pure, since a fuzzer drives it too. Deliberately absent: making one (whoever
//! draws commits to theirs first) and sentences, which are in `seed_words`.

use domain::rule::{Rule, hex};
use sha2::{Digest, Sha256};

/// What stands before hex digits of any number.
const HEX: &str = "hex:";

/// A seed and the bytes it stands for: 64 hex digits, as the site shows its seeds, and hex digits after `hex:` are the
/// bytes they spell; any other text is its UTF-8 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    pub text: String,
    pub bytes: Vec<u8>,
}

impl Seed {
    pub fn new(text: &str) -> Self {
        let bytes = spelled(text).unwrap_or_else(|| text.as_bytes().to_vec());
        Self { text: text.to_owned(), bytes }
    }

    /// SHA-256 of the bytes in lower-case hex: what is published before anybody bids.
    pub fn commitment(&self) -> String {
        hex(&Sha256::digest(&self.bytes))
    }

    /// Whether this is the seed that the rule promised for this gate (0 is the selection); a rule without a promise takes
    /// any.
    pub fn keeps_promise_of(&self, rule: &Rule, gate: u32) -> bool {
        rule.takes_seed(gate, &self.bytes)
    }

    /// The seed of the stage that lies this many before, where this one is a gate's.
    #[must_use]
    pub fn before(&self, rule: &Rule, stages: u32) -> Self {
        let bytes = rule.seed_before(stages, &self.bytes);
        if bytes == self.bytes { self.clone() } else { Self { text: format!("{HEX}{}", hex(&bytes)), bytes } }
    }
}

/// Whether there is nothing to draw with.
pub fn is_blank(text: &str) -> bool {
    text.strip_prefix(HEX).unwrap_or(text).trim().is_empty()
}

/// Whether it begins like hex digits and does not spell whole bytes.
pub fn is_misspelled(text: &str) -> bool {
    text.starts_with(HEX) && spelled(text).is_none()
}

/// The bytes that hex digits spell.
fn spelled(text: &str) -> Option<Vec<u8>> {
    let digits = match text.strip_prefix(HEX) {
        Some(digits) => digits,
        None if text.len() == 64 => text,
        None => return None,
    };
    if digits.len() % 2 != 0 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let byte = |index: usize| u8::from_str_radix(digits.get(2 * index..2 * index + 2)?, 16).ok();
    (0..digits.len() / 2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_seeds_are_the_bytes_they_spell_and_words_are_text() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Seed::new("").commitment(), empty);
        assert_eq!(Seed::new(empty).bytes.len(), 32);
        assert_eq!(Seed::new(&empty.to_uppercase()), Seed { text: empty.to_uppercase(), ..Seed::new(empty) });
        assert_eq!(Seed::new("hex:00Ff").bytes, [0, 255]);
        assert_eq!((Seed::new("hex:0").bytes.len(), Seed::new("hex:zz").bytes.len()), (5, 6));
        assert_eq!(Seed::new(&empty[1..]).bytes.len(), 63);
        assert_eq!(Seed::new(&"揭".repeat(32)).bytes.len(), 96);
        assert!(["", "  ", "\u{3000}", "hex:", "hex: "].into_iter().all(is_blank));
        assert!(["hex:0", "hex:zz"].into_iter().all(is_misspelled));
        assert!(!is_blank("hex:00Ff") && !is_misspelled("hex:00Ff"));
        let mut rule = Rule::policy_preset();
        assert!(Seed::new("any").keeps_promise_of(&rule, 0));
        rule.promise("重晶石".as_bytes());
        assert!(
            Seed::new("重晶石").keeps_promise_of(&rule, 0) && !Seed::new("any").keeps_promise_of(&rule, 0)
        );
    }
}

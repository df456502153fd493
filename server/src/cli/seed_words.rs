//! What is said about a seed. Deliberately absent: what a seed is, see `seed`.

use app::catalogue::{t, tf};
use app::text::Locale;
use domain::rule::Rule;

use super::ending::Stop;
use super::seed::{Seed, is_blank, is_misspelled};
use super::shown::plain;

/// A shorter seed can be found from its commitment by trying.
const FEWEST_BYTES: usize = 16;

impl Seed {
    /// A seed from the command line.
    ///
    /// # Errors
    /// [`Stop::Usage`]: nothing but blanks, which is no seed but a forgotten one; `hex:` before what is no whole bytes.
    pub fn given(locale: Locale, text: &str) -> Result<Self, Stop> {
        if is_blank(text) {
            return Err(Stop::Usage(t(locale, "tool.seed_blank").to_owned()));
        }
        if is_misspelled(text) {
            return Err(Stop::Usage(tf(locale, "tool.seed_not_hex", &[("seed", &plain(text))])));
        }
        Ok(Self::new(text))
    }

    /// Whether whoever knows the commitment could find the seed by trying.
    pub fn is_guessable(&self) -> bool {
        self.bytes.len() < FEWEST_BYTES
    }

    /// What whoever draws at this gate (0 is the selection) should know: the commitment, and that nothing binds the seed
    /// where the rule promised none.
    pub fn notes(&self, locale: Locale, rule: &Rule, gate: u32) -> Vec<String> {
        let commitment = rule.commitment_of(gate, &self.bytes);
        let is_own = rule.seed_per_gate && gate > 0;
        let key = if is_own { "tool.seed_leads_to" } else { "tool.seed_commitment" };
        let mut notes = vec![tf(locale, key, &[("commitment", &commitment)])];
        if rule.draw_commitment.is_empty() {
            notes.push(t(locale, "tool.seed_unbound").to_owned());
        } else if self.is_guessable() {
            notes.push(t(locale, "tool.seed_short").to_owned());
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forgotten_or_misspelled_seed_is_refused() {
        for wrong in ["", "  ", "\u{3000}", "hex:", "hex: ", "hex:0", "hex:zz"] {
            assert!(matches!(Seed::given(Locale::En, wrong), Err(Stop::Usage(_))), "{wrong:?}");
        }
        assert_eq!(Seed::given(Locale::En, "hex:00Ff"), Ok(Seed::new("hex:00Ff")));
    }
}

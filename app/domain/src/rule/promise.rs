//! What a rule promises of its draws: one hash, published before anybody bids, binds the seed of the selection and of every
//! gate, and the seed that one stage shows says nothing about the next. Deliberately absent: making the secret; whoever
//! publishes draws it.

use sha2::{Digest, Sha256};

use super::{Rule, hex};

impl Rule {
    /// Binds the rule to a secret. With gates to come, each stage draws from a seed of its own, a link of a hash chain
    /// (L. Lamport, Password authentication with insecure communication, CACM 24(11), 1981): the secret is the seed of the
    /// last gate, SHA-256 of a stage's seed is the seed of the stage before, and SHA-256 of the selection's is the promise.
    pub fn promise(&mut self, secret: &[u8]) {
        self.seed_per_gate = !self.gates.is_empty();
        self.draw_commitment = self.commitment_of(0, &self.seed_at(0, secret));
    }

    /// The seed of stage `gate` (0 is the selection) of a rule that was bound to `secret`.
    pub fn seed_at(&self, gate: u32, secret: &[u8]) -> Vec<u8> {
        let last = u32::try_from(self.gates.len()).unwrap_or(u32::MAX);
        self.seed_before(last.saturating_sub(gate), secret)
    }

    /// The seed of the stage that lies `stages` before the one that draws from `seed`: no secret to whoever knows this one.
    pub fn seed_before(&self, stages: u32, seed: &[u8]) -> Vec<u8> {
        let stages = stages.min(u32::try_from(self.gates.len()).unwrap_or(u32::MAX));
        let steps = if self.seed_per_gate { stages } else { 0 };
        (0..steps).fold(seed.to_vec(), |later, _| Sha256::digest(&later).to_vec())
    }

    /// Whether this is the seed that the rule promised for stage `gate` (0 is the selection). A rule without a promise takes
    /// any.
    pub fn takes_seed(&self, gate: u32, seed: &[u8]) -> bool {
        self.draw_commitment.is_empty()
            || self.draw_commitment.eq_ignore_ascii_case(&self.commitment_of(gate, seed))
    }

    /// The promise that a rule makes whose stage `gate` draws from `seed`, in lower-case hex.
    pub fn commitment_of(&self, gate: u32, seed: &[u8]) -> String {
        hex(&Sha256::digest(self.seed_before(gate, seed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Bilingual, Gate};
    use crate::time::Timestamp;

    fn race() -> Rule {
        let gate = |number: i64| Gate {
            title: Bilingual::new("闸", ""),
            due: Timestamp(number),
            weight_permille: 500,
            pass_mark_milli: 60_000,
            keep: 1,
            rubric: None,
        };
        Rule { gates: (0..3).map(gate).collect(), ..Rule::policy_preset() }
    }

    #[test]
    fn every_stage_has_a_seed_of_its_own_and_each_shows_only_those_before() {
        let mut rule = race();
        rule.promise(b"secret");
        let seeds: Vec<Vec<u8>> = (0..=3).map(|gate| rule.seed_at(gate, b"secret")).collect();
        assert_eq!(seeds[3], b"secret");
        assert_eq!(hex(&Sha256::digest(&seeds[0])), rule.draw_commitment);
        for (gate, seed) in (0..).zip(&seeds) {
            for (other, candidate) in (0..).zip(&seeds) {
                assert_eq!(rule.takes_seed(gate, candidate), gate == other, "gate {gate}, seed of {other}");
            }
            for back in 0..=gate {
                assert_eq!(rule.seed_before(back, seed), seeds[(gate - back) as usize]);
            }
        }
        assert!(!rule.takes_seed(1, b"another"));
        assert!(!rule.takes_seed(u32::MAX, b"another"), "bounded by the gates there are");
    }

    #[test]
    fn a_rule_published_with_one_seed_for_all_stages_still_draws_from_it() {
        let mut rule = race();
        rule.draw_commitment = hex(&Sha256::digest(b"one"));
        for gate in 0..=3 {
            assert_eq!(rule.seed_at(gate, b"one"), b"one");
            assert!(rule.takes_seed(gate, b"one") && !rule.takes_seed(gate, b"two"));
        }
        assert!(!rule.freeze().canonical.contains("seed_per_gate"), "its hash stands in receipts");
    }

    #[test]
    fn without_gates_the_promise_is_of_the_secret_itself() {
        let mut rule = Rule::policy_preset();
        assert!(rule.takes_seed(0, b"any"));
        rule.promise("重晶石".as_bytes());
        assert_eq!(rule.draw_commitment, hex(&Sha256::digest("重晶石")));
        assert!(rule.takes_seed(0, "重晶石".as_bytes()) && !rule.takes_seed(0, b"any"));
        assert!(!rule.freeze().canonical.contains("seed_per_gate"));
    }
}

//! The frozen rule of a challenge: what is scored, how scores combine, who passes, how ties fall, how the race runs.
//! Published once, hashed, never edited after. Deliberately absent: formulas as text; a rule is plain data.

mod problems;
mod promise;

use std::cmp::Ordering;
use std::sync::Arc;

pub(crate) use problems::is_countable;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::time::Timestamp;

/// Weights are permille and must sum to this. As a factor: counted once.
pub const FULL_WEIGHT: u32 = 1000;
/// No criterion counts more than a hundred times; see [`Totals::FactorSum`].
pub const MAX_FACTOR: u32 = 100 * FULL_WEIGHT;
/// Dropping one highest and one lowest needs at least this many scores, else too little is left.
/// A rule may say otherwise, see [`Rule::min_scores_to_drop`].
pub const MIN_SCORES_TO_DROP: u32 = 5;
/// More questions than this belong into the rubric.
pub const MAX_VOTES: usize = 10;
/// Every criterion once, first places, sealing time and the draw: a longer chain repeats itself.
pub const MAX_TIE_LINKS: usize = MAX_CRITERIA + 3;
/// More criteria than this no expert can hold on one page.
pub const MAX_CRITERIA: usize = 20;
/// More gates than this no race has had (the longest in the record has four).
pub const MAX_GATES: usize = 10;

/// A text in both languages. `en` may be empty: readers then see `zh`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    pub zh: String,
    #[serde(default)]
    pub en: String,
}

impl Bilingual {
    pub fn new(zh: &str, en: &str) -> Self {
        Self { zh: zh.to_owned(), en: en.to_owned() }
    }
}

/// The values an expert may give, in milli-points: `min`, `min + step`, … `max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scale {
    pub min_milli: i64,
    pub max_milli: i64,
    pub step_milli: i64,
}

impl Scale {
    /// 0 to 100 in whole points: the usual scale of Chinese open-list reviews.
    pub const HUNDRED: Self = Self { min_milli: 0, max_milli: 100_000, step_milli: 1_000 };

    pub fn is_sound(self) -> bool {
        self.step_milli > 0
            && self.max_milli > self.min_milli
            && self.min_milli >= 0
            && self.max_milli <= 1_000_000
            && (self.max_milli - self.min_milli) % self.step_milli == 0
    }

    /// Whether an expert may give this value.
    pub fn allows(self, milli: i64) -> bool {
        milli >= self.min_milli
            && milli <= self.max_milli
            && self.step_milli > 0
            && (milli - self.min_milli) % self.step_milli == 0
    }
}

/// What a value on the scale means, in words, so that two experts mean the same by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    pub from_milli: i64,
    pub text: Bilingual,
}

/// One question the panel scores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// Stable name inside the rule, `[a-z0-9_]{1,32}`: score sheets and the tie chain refer to it.
    pub key: String,
    pub name: Bilingual,
    #[serde(default)]
    pub guidance: Bilingual,
    /// A share of [`FULL_WEIGHT`], or a factor in permille; see [`Totals`].
    pub weight_permille: u32,
    /// A combined score of the criterion worse than this fails the bid.
    #[serde(default)]
    pub threshold_milli: Option<i64>,
    /// When set, any single expert's score worse than the threshold fails the bid, whatever the rest say.
    #[serde(default)]
    pub veto: bool,
    #[serde(default)]
    pub anchors: Vec<Anchor>,
}

/// Criteria on one common scale. What a total of them is, says [`Totals`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rubric {
    pub scale: Scale,
    pub criteria: Vec<Criterion>,
}

/// How the sheets of several experts become one result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Combination {
    Mean,
    /// One highest and one lowest weighted total are left out when there are enough sheets.
    DropExtremesOnTotals,
    /// One highest and one lowest score are left out in each criterion when there are enough sheets.
    DropExtremesPerCriterion,
    MedianPerCriterion,
}

/// How the criteria of a bid become its total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Totals {
    /// `sum(weight * score) / 1000`; the weights sum to 1000, so a total is on the scale of the rubric.
    #[default]
    WeightedMean,
    /// `sum(factor * score) / 1000`; a factor of 1000 counts a criterion once, 0 not at all. The factors have no sum
    /// to keep; a total lies between the lowest and the highest score times `sum(factor) / 1000`.
    FactorSum,
}

/// Which end of the scale is the good one. It turns ranks, thresholds, vetoes, pass marks, first places and the
/// criteria of the tie chain; never the rounding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    #[default]
    Higher,
    Lower,
}

impl Direction {
    /// `Less` when `left` is the better one: the order of a ranking.
    pub fn order<T: Ord>(self, left: &T, right: &T) -> Ordering {
        match self {
            Self::Higher => right.cmp(left),
            Self::Lower => left.cmp(right),
        }
    }

    /// Whether `value` does not reach `mark`.
    pub fn misses<T: Ord>(self, value: &T, mark: &T) -> bool {
        self.order(value, mark) == Ordering::Greater
    }
}

/// A question that every sheet answers with yes or no. More than half of all sheets of a bid must say yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// Stable name inside the rule, `[a-z0-9_]{1,32}`; no criterion has the same.
    pub key: String,
    pub name: Bilingual,
}

/// One link of the tie chain; the first that separates two bids decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum TieBreak {
    /// Better combined score of this criterion first. The key is shared: a ranking names it once for every tie.
    Criterion { key: Arc<str> },
    /// More experts who placed the bid alone or jointly first among those they scored.
    FirstPlaces,
    /// The bid that was sealed earlier first. It rewards whoever uploads fast, so no preset has it; it needs the
    /// sealing time of every bid.
    SealedEarlier,
    /// SHA-256 of the committed seed and the bid: the last link, always decides.
    Draw,
}

/// A checkpoint of the horse race.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    pub title: Bilingual,
    pub due: Timestamp,
    /// Share of this gate in the cumulative score; all gates sum to 1000.
    pub weight_permille: u32,
    /// A gate score below this ends the race for the team.
    pub pass_mark_milli: i64,
    /// At most this many teams go on; at the last gate: 1.
    pub keep: u32,
    /// `None`: the rubric of the rule.
    #[serde(default)]
    pub rubric: Option<Rubric>,
}

/// Everything that decides a competition. See [`Rule::problems`] for what makes it complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Version of this format, so that an old rule can still be recomputed.
    pub format: u32,
    pub rubric: Rubric,
    pub combination: Combination,
    #[serde(default, skip_serializing_if = "is_default")]
    pub totals: Totals,
    #[serde(default, skip_serializing_if = "is_default")]
    pub better: Direction,
    /// Fewer sheets than this, and nothing is dropped: the plain mean. `None`: [`MIN_SCORES_TO_DROP`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_scores_to_drop: Option<u32>,
    /// Totals are rounded half up to this many decimals, once, at the end (0 to 3).
    pub decimals: u8,
    /// A rounded total worse than this fails the bid.
    #[serde(default)]
    pub pass_mark_milli: Option<i64>,
    /// The unrounded sum of all combined scores, each criterion counted once whatever its weight, must reach this.
    /// Asked at the selection, not at gates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain_sum_mark_milli: Option<i64>,
    /// Asked at the selection, not at gates; see [`Rule::votes_at`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub votes: Vec<Vote>,
    pub tie_chain: Vec<TieBreak>,
    /// SHA-256 (hex) of the selection's draw seed; the seed itself is shown with the decision. Empty until publication.
    #[serde(default)]
    pub draw_commitment: String,
    /// Every gate draws from a seed of its own, shown when it is decided; see [`Rule::promise`]. Rules published before this
    /// existed draw all stages from one seed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub seed_per_gate: bool,
    pub max_winners: u32,
    pub reviews_per_bid: u32,
    /// Experts see "bid 1, bid 2" instead of units and names.
    #[serde(default)]
    pub blind: bool,
    #[serde(default)]
    pub scores_public: bool,
    pub publicity_working_days: u32,
    pub ip_term: Bilingual,
    #[serde(default)]
    pub gates: Vec<Gate>,
}

/// What stands for "not said" is not written: a rule published before a field existed keeps its bytes and its hash.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The format written by this program.
pub const FORMAT: u32 = 1;

impl Rule {
    /// The policy's own four criteria; see [`crate::preset`].
    pub fn policy_preset() -> Self {
        crate::preset::policy()
    }

    /// The rubric that gate `number` (1-based) is scored by; 0 is the selection.
    pub fn rubric_at(&self, number: u32) -> &Rubric {
        let gate = number.checked_sub(1).and_then(|index| self.gates.get(index as usize));
        gate.and_then(|gate| gate.rubric.as_ref()).unwrap_or(&self.rubric)
    }

    pub fn gate(&self, number: u32) -> Option<&Gate> {
        self.gates.get(number.checked_sub(1)? as usize)
    }

    /// The questions that a sheet of gate `number` answers; only those of the selection (0) have any.
    pub fn votes_at(&self, number: u32) -> &[Vote] {
        if number == 0 { &self.votes } else { &[] }
    }

    /// The mark that a rounded total must reach at gate `number`; 0 is the selection.
    pub fn pass_mark_at(&self, number: u32) -> Option<i64> {
        self.gate(number).map_or(self.pass_mark_milli, |gate| Some(gate.pass_mark_milli))
    }

    /// The mark that the plain sum must reach at gate `number`; only the selection (0) has any.
    pub fn plain_sum_mark_at(&self, number: u32) -> Option<i64> {
        self.plain_sum_mark_milli.filter(|_| number == 0)
    }

    /// Of fewer sheets than this nothing is dropped.
    pub fn sheets_to_drop_from(&self) -> u32 {
        self.min_scores_to_drop.unwrap_or(MIN_SCORES_TO_DROP)
    }

    /// Whether two equal totals may fall by the time of sealing.
    pub fn needs_sealing_times(&self) -> bool {
        self.tie_chain.contains(&TieBreak::SealedEarlier)
    }

    /// Canonical JSON (keys sorted, no white space) and its SHA-256 in hex: what stands on the page, in
    /// receipts and in letters. RFC 8785 for the subset used here: integers, strings, booleans, null.
    pub fn freeze(&self) -> Frozen {
        let value = serde_json::to_value(self).unwrap_or_default();
        // serde_json's map is ordered by key unless `preserve_order` is on; the test below guards it.
        let canonical = value.to_string();
        let hash = hex(&Sha256::digest(canonical.as_bytes()));
        Frozen { canonical, hash }
    }
}

/// A rule after publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    pub canonical: String,
    /// 64 lower-case hex digits.
    pub hash: String,
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::{FieldError, Problem};

    #[test]
    fn the_policy_preset_is_complete() {
        assert_eq!(Rule::policy_preset().problems(), vec![]);
    }

    #[test]
    fn canonical_json_sorts_keys_and_survives_a_round_trip() {
        let rule = Rule::policy_preset();
        let frozen = rule.freeze();
        assert!(frozen.canonical.starts_with(r#"{"blind":false,"combination":"#), "{}", frozen.canonical);
        let back: Rule = serde_json::from_str(&frozen.canonical).unwrap();
        assert_eq!(back, rule);
        assert_eq!(back.freeze(), frozen);
        let mut changed = rule;
        changed.max_winners = 2;
        assert_ne!(changed.freeze().hash, frozen.hash);
    }

    /// The hash stands in receipts and letters of rules published before votes, factors and directions existed.
    #[test]
    fn a_rule_of_the_first_days_keeps_its_hash() {
        let frozen = Rule::policy_preset().freeze();
        assert_eq!(frozen.hash, "49558f4d3169b5687135901d3839712a05a17f8c12d33c96aa12bf1d0d4dbadb");
    }

    #[test]
    fn a_link_of_the_tie_chain_that_is_never_asked_is_no_part_of_a_rule() {
        let mut rule = Rule::policy_preset();
        let innovation = TieBreak::Criterion { key: "innovation".into() };
        rule.tie_chain = vec![TieBreak::Draw, innovation.clone(), TieBreak::Draw];
        assert_eq!(rule.problems(), vec![FieldError::new("tie_chain.2", Problem::Duplicate)]);
        rule.tie_chain = vec![innovation.clone(), innovation, TieBreak::Draw];
        assert_eq!(rule.problems(), vec![FieldError::new("tie_chain.1", Problem::Duplicate)]);
    }

    #[test]
    fn a_promise_that_no_seed_can_keep_is_no_part_of_a_rule() {
        let mut rule = Rule::policy_preset();
        for (commitment, is_sound) in
            [("zz", false), (&"g".repeat(64), false), (&"a0".repeat(32), true), ("", true)]
        {
            rule.draw_commitment = commitment.to_owned();
            let expected = [FieldError::new("draw_commitment", Problem::NotAHash)];
            assert_eq!(rule.problems(), expected[usize::from(is_sound)..], "{commitment}");
        }
    }

    #[test]
    fn weights_that_do_not_sum_are_named_with_their_sum() {
        let mut rule = Rule::policy_preset();
        rule.rubric.criteria[0].weight_permille = 299;
        assert_eq!(
            rule.problems(),
            vec![FieldError::new("rubric.criteria", Problem::WeightsSum { sum: 999 })]
        );
    }
}

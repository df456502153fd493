//! The frozen rule of a challenge: what is scored, how scores combine, who passes, how ties fall, how the race runs.
//! Published once, hashed, never edited after. Deliberately absent: formulas as text; a rule is plain data.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::refusal::{FieldError, Problem};
use crate::time::Timestamp;

/// Weights are permille and must sum to this.
pub const FULL_WEIGHT: u32 = 1000;
/// Dropping one highest and one lowest needs at least this many scores, else too little is left.
pub const MIN_SCORES_TO_DROP: usize = 5;
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
    pub weight_permille: u32,
    /// A combined score of the criterion below this fails the bid.
    #[serde(default)]
    pub threshold_milli: Option<i64>,
    /// When set, any single expert's score below the threshold fails the bid, whatever the rest say.
    #[serde(default)]
    pub veto: bool,
    #[serde(default)]
    pub anchors: Vec<Anchor>,
}

/// Criteria on one common scale. Totals are on the same scale: the weighted mean of the criteria.
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
    /// One highest and one lowest weighted total are left out when there are five or more.
    DropExtremesOnTotals,
    /// One highest and one lowest score are left out in each criterion when there are five or more.
    DropExtremesPerCriterion,
    MedianPerCriterion,
}

/// One link of the tie chain; the first that separates two bids decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum TieBreak {
    /// Higher combined score of this criterion first.
    Criterion { key: String },
    /// More experts who placed the bid alone or jointly first among those they scored.
    FirstPlaces,
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
    /// Totals are rounded half up to this many decimals, once, at the end (0 to 3).
    pub decimals: u8,
    #[serde(default)]
    pub pass_mark_milli: Option<i64>,
    pub tie_chain: Vec<TieBreak>,
    /// SHA-256 (hex) of the draw seed; the seed itself is shown with the decision. Empty until publication.
    #[serde(default)]
    pub draw_commitment: String,
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

/// The format written by this program.
pub const FORMAT: u32 = 1;

impl Rule {
    /// The policy's own four criteria: innovation ability, quality, effect, contribution
    /// (implementation opinion, item 18), equal in weight, five working days of publicity.
    pub fn policy_preset() -> Self {
        let criterion = |key: &str, zh: &str, en: &str, weight| Criterion {
            key: key.to_owned(),
            name: Bilingual::new(zh, en),
            guidance: Bilingual::default(),
            weight_permille: weight,
            threshold_milli: None,
            veto: false,
            anchors: standard_anchors(),
        };
        Self {
            format: FORMAT,
            rubric: Rubric {
                scale: Scale::HUNDRED,
                criteria: vec![
                    criterion("innovation", "创新能力", "Innovation ability", 300),
                    criterion("quality", "质量", "Quality", 300),
                    criterion("effect", "实效", "Effect", 250),
                    criterion("contribution", "贡献", "Contribution", 150),
                ],
            },
            combination: Combination::DropExtremesOnTotals,
            decimals: 2,
            pass_mark_milli: Some(60_000),
            tie_chain: vec![
                TieBreak::Criterion { key: "innovation".to_owned() },
                TieBreak::FirstPlaces,
                TieBreak::Draw,
            ],
            draw_commitment: String::new(),
            max_winners: 1,
            reviews_per_bid: 5,
            blind: false,
            scores_public: true,
            publicity_working_days: 5,
            ip_term: Bilingual::new(
                "知识产权归属由发榜方与揭榜方在合同中约定；未约定的归完成方所有。",
                "Ownership of results is agreed in the contract; without agreement it stays with whoever made them.",
            ),
            gates: Vec::new(),
        }
    }

    /// The rubric that gate `number` (1-based) is scored by; 0 is the selection.
    pub fn rubric_at(&self, number: u32) -> &Rubric {
        let gate = number.checked_sub(1).and_then(|index| self.gates.get(index as usize));
        gate.and_then(|gate| gate.rubric.as_ref()).unwrap_or(&self.rubric)
    }

    pub fn gate(&self, number: u32) -> Option<&Gate> {
        self.gates.get(number.checked_sub(1)? as usize)
    }

    /// Everything that keeps this rule from being published, each at its field. Empty means complete.
    pub fn problems(&self) -> Vec<FieldError> {
        let mut found = Vec::new();
        rubric_problems(&self.rubric, "rubric", &mut found);
        let mut say = |field: &str, problem: Problem| found.push(FieldError::new(field, problem));
        if self.decimals > 3 {
            say("decimals", Problem::OutOfRange { min: 0, max: 3 });
        }
        if self.pass_mark_milli.is_some_and(|mark| !within(self.rubric.scale, mark)) {
            say("pass_mark", Problem::OutsideScale);
        }
        if self.tie_chain.last() != Some(&TieBreak::Draw) {
            say("tie_chain", Problem::TieChainOpen);
        }
        for link in &self.tie_chain {
            if let TieBreak::Criterion { key } = link
                && !self.rubric.criteria.iter().any(|c| &c.key == key)
            {
                say("tie_chain", Problem::UnknownCriterion { key: key.clone() });
            }
        }
        for (field, value, min, max) in [
            ("max_winners", self.max_winners, 1, 50),
            ("reviews_per_bid", self.reviews_per_bid, 1, 50),
            ("publicity_working_days", self.publicity_working_days, 1, 60),
        ] {
            if value < min || value > max {
                say(field, Problem::OutOfRange { min: i64::from(min), max: i64::from(max) });
            }
        }
        if self.ip_term.zh.trim().is_empty() {
            say("ip_term", Problem::Required);
        }
        self.gate_problems(&mut found);
        found
    }

    fn gate_problems(&self, found: &mut Vec<FieldError>) {
        if self.gates.is_empty() {
            return;
        }
        let sum: u32 = self.gates.iter().map(|gate| gate.weight_permille).fold(0, u32::saturating_add);
        if sum != FULL_WEIGHT {
            found.push(FieldError::new("gates", Problem::WeightsSum { sum: i64::from(sum) }));
        }
        if self.gates.len() > MAX_GATES {
            found.push(FieldError::new("gates", Problem::TooMany { max: MAX_GATES as i64 }));
        }
        let mut before: Option<&Gate> = None;
        for (index, gate) in self.gates.iter().enumerate() {
            let at = |name: &str| format!("gates.{index}.{name}");
            if gate.title.zh.trim().is_empty() {
                found.push(FieldError::new(&at("title"), Problem::Required));
            }
            if gate.keep == 0 || gate.keep > before.map_or(self.max_winners, |earlier| earlier.keep) {
                let max = before.map_or(self.max_winners, |earlier| earlier.keep);
                found.push(FieldError::new(&at("keep"), Problem::OutOfRange { min: 1, max: i64::from(max) }));
            }
            if before.is_some_and(|earlier| gate.due <= earlier.due) {
                found.push(FieldError::new(&at("due"), Problem::NotAfterPrevious));
            }
            let rubric = gate.rubric.as_ref().unwrap_or(&self.rubric);
            if !within(rubric.scale, gate.pass_mark_milli) {
                found.push(FieldError::new(&at("pass_mark"), Problem::OutsideScale));
            }
            if let Some(rubric) = &gate.rubric {
                rubric_problems(rubric, &at("rubric"), found);
                if rubric.scale != self.rubric.scale {
                    found.push(FieldError::new(&at("rubric.scale"), Problem::OutsideScale));
                }
            }
            before = Some(gate);
        }
        if self.gates.last().is_some_and(|gate| gate.keep != 1) {
            let last = self.gates.len() - 1;
            found
                .push(FieldError::new(&format!("gates.{last}.keep"), Problem::OutOfRange { min: 1, max: 1 }));
        }
        if self.max_winners < 2 {
            found.push(FieldError::new("max_winners", Problem::OutOfRange { min: 2, max: 50 }));
        }
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

fn within(scale: Scale, milli: i64) -> bool {
    milli >= scale.min_milli && milli <= scale.max_milli
}

fn rubric_problems(rubric: &Rubric, prefix: &str, found: &mut Vec<FieldError>) {
    let mut say =
        |name: String, problem: Problem| found.push(FieldError::new(&format!("{prefix}.{name}"), problem));
    if !rubric.scale.is_sound() {
        say("scale".into(), Problem::ScaleUnsound);
    }
    if rubric.criteria.is_empty() {
        say("criteria".into(), Problem::Required);
        return;
    }
    if rubric.criteria.len() > MAX_CRITERIA {
        say("criteria".into(), Problem::TooMany { max: MAX_CRITERIA as i64 });
    }
    let sum: u32 = rubric.criteria.iter().map(|c| c.weight_permille).fold(0, u32::saturating_add);
    if sum != FULL_WEIGHT {
        say("criteria".into(), Problem::WeightsSum { sum: i64::from(sum) });
    }
    for (index, criterion) in rubric.criteria.iter().enumerate() {
        let at = |name: &str| format!("criteria.{index}.{name}");
        let key = &criterion.key;
        let sound = !key.is_empty()
            && key.len() <= 32
            && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !sound || rubric.criteria.iter().filter(|other| &other.key == key).count() > 1 {
            say(at("key"), Problem::Duplicate);
        }
        if criterion.name.zh.trim().is_empty() {
            say(at("name"), Problem::Required);
        }
        if criterion.threshold_milli.is_some_and(|mark| !within(rubric.scale, mark)) {
            say(at("threshold"), Problem::OutsideScale);
        }
        if criterion.veto && criterion.threshold_milli.is_none() {
            say(at("threshold"), Problem::Required);
        }
    }
}

fn standard_anchors() -> Vec<Anchor> {
    [
        (90_000, "优秀：全面达到并有突出之处", "Outstanding: meets everything and exceeds in places"),
        (75_000, "良好：达到要求，个别不足", "Good: meets the requirement with minor gaps"),
        (60_000, "合格：基本达到，有明显不足", "Adequate: meets the core, with clear gaps"),
        (0, "不合格：未达到要求", "Inadequate: does not meet the requirement"),
    ]
    .into_iter()
    .map(|(from_milli, zh, en)| Anchor { from_milli, text: Bilingual::new(zh, en) })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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

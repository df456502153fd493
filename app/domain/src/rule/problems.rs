//! What keeps a rule from being published. Deliberately absent: the words, which are in the catalogues.

use super::{
    FULL_WEIGHT, Gate, MAX_CRITERIA, MAX_FACTOR, MAX_GATES, MAX_TIE_LINKS, MAX_VOTES, Rubric, Rule, Scale,
    TieBreak, Totals,
};
use crate::refusal::{FieldError, Problem};

impl Rule {
    /// Everything that keeps this rule from being published, each at its field. Empty means complete.
    pub fn problems(&self) -> Vec<FieldError> {
        let mut found = Vec::new();
        rubric_problems(&self.rubric, self.totals, "rubric", &mut found);
        let mut say = |field: &str, problem: Problem| found.push(FieldError::new(field, problem));
        if self.decimals > 3 {
            say("decimals", Problem::OutOfRange { min: 0, max: 3 });
        }
        if let Some(problem) = self.pass_mark_milli.and_then(|mark| self.mark_problem(&self.rubric, mark)) {
            say("pass_mark", problem);
        }
        let (least, most) = plain_sum_range(&self.rubric);
        if self.plain_sum_mark_milli.is_some_and(|mark| mark < least || mark > most) {
            say("plain_sum_mark", points_range(least, most));
        }
        if self.min_scores_to_drop.is_some_and(|number| !(3..=20).contains(&number)) {
            say("min_scores_to_drop", Problem::OutOfRange { min: 3, max: 20 });
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
        let is_hash = self.draw_commitment.len() == 64
            && self.draw_commitment.bytes().all(|digit| digit.is_ascii_hexdigit());
        if !self.draw_commitment.is_empty() && !is_hash {
            say("draw_commitment", Problem::NotAHash);
        }
        self.tie_problems(&mut found);
        self.vote_problems(&mut found);
        self.gate_problems(&mut found);
        found
    }

    /// Whether every list is within its limit. Whatever walks through a rule that somebody handed in asks this first.
    pub fn is_bounded(&self) -> bool {
        let mut rubrics =
            std::iter::once(&self.rubric).chain(self.gates.iter().filter_map(|gate| gate.rubric.as_ref()));
        self.gates.len() <= MAX_GATES
            && self.votes.len() <= MAX_VOTES
            && self.tie_chain.len() <= MAX_TIE_LINKS
            && rubrics.all(|rubric| rubric.criteria.len() <= MAX_CRITERIA)
    }

    /// The least and the greatest total that sheets of this rubric can have, in milli-points.
    pub fn total_range_milli(&self, rubric: &Rubric) -> (i64, i64) {
        let factors = match self.totals {
            Totals::WeightedMean => i64::from(FULL_WEIGHT),
            Totals::FactorSum => i64::from(weight_sum(rubric)),
        };
        let full = i64::from(FULL_WEIGHT);
        let counted = |milli: i64| factors.saturating_mul(milli);
        let least = counted(rubric.scale.min_milli).div_euclid(full);
        let most = counted(rubric.scale.max_milli).saturating_add(full - 1).div_euclid(full);
        (least, most)
    }

    /// What is wrong with a mark that totals of this rubric are to reach.
    fn mark_problem(&self, rubric: &Rubric, mark_milli: i64) -> Option<Problem> {
        let (least, most) = self.total_range_milli(rubric);
        match self.totals {
            _ if (least..=most).contains(&mark_milli) => None,
            Totals::WeightedMean => Some(Problem::OutsideScale),
            Totals::FactorSum => Some(points_range(least, most)),
        }
    }

    fn tie_problems(&self, found: &mut Vec<FieldError>) {
        let mut say = |problem: Problem| found.push(FieldError::new("tie_chain", problem));
        if self.tie_chain.last() != Some(&TieBreak::Draw) {
            say(Problem::TieChainOpen);
        }
        if self.tie_chain.len() > MAX_TIE_LINKS {
            say(Problem::TooMany { max: MAX_TIE_LINKS as i64 });
        }
        for link in &self.tie_chain {
            if let TieBreak::Criterion { key } = link
                && !self.rubric.criteria.iter().any(|c| *c.key == **key)
            {
                say(Problem::UnknownCriterion { key: key.to_string() });
            }
        }
        // A link again, or one behind a draw, is never asked: the rule would promise what nobody does.
        for (index, link) in self.tie_chain.iter().enumerate().take(MAX_TIE_LINKS) {
            if self.tie_chain.len() <= MAX_TIE_LINKS
                && self.tie_chain.iter().take(index).any(|before| before == link)
            {
                found.push(FieldError::new(&format!("tie_chain.{index}"), Problem::Duplicate));
            }
        }
    }

    fn vote_problems(&self, found: &mut Vec<FieldError>) {
        if self.votes.len() > MAX_VOTES {
            found.push(FieldError::new("votes", Problem::TooMany { max: MAX_VOTES as i64 }));
        }
        for (index, vote) in self.votes.iter().enumerate() {
            let of_criterion = self.rubric.criteria.iter().any(|criterion| criterion.key == vote.key);
            let of_other = self.votes.iter().filter(|other| other.key == vote.key).count() > 1;
            if !is_key(&vote.key) || of_criterion || of_other {
                found.push(FieldError::new(&format!("votes.{index}.key"), Problem::Duplicate));
            }
            if vote.name.zh.trim().is_empty() {
                found.push(FieldError::new(&format!("votes.{index}.name"), Problem::Required));
            }
        }
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
            let most = before.map_or(self.max_winners, |earlier| earlier.keep);
            if gate.keep == 0 || gate.keep > most {
                found
                    .push(FieldError::new(&at("keep"), Problem::OutOfRange { min: 1, max: i64::from(most) }));
            }
            if before.is_some_and(|earlier| gate.due <= earlier.due) {
                found.push(FieldError::new(&at("due"), Problem::NotAfterPrevious));
            }
            let rubric = gate.rubric.as_ref().unwrap_or(&self.rubric);
            if let Some(problem) = self.mark_problem(rubric, gate.pass_mark_milli) {
                found.push(FieldError::new(&at("pass_mark"), problem));
            }
            if let Some(rubric) = &gate.rubric {
                self.gate_rubric_problems(rubric, &at("rubric"), found);
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

    /// Gate totals add up to one standing, so all must lie between the same ends.
    fn gate_rubric_problems(&self, rubric: &Rubric, prefix: &str, found: &mut Vec<FieldError>) {
        rubric_problems(rubric, self.totals, prefix, found);
        if rubric.scale != self.rubric.scale {
            found.push(FieldError::new(&format!("{prefix}.scale"), Problem::OutsideScale));
        }
        let sum = i64::from(weight_sum(&self.rubric));
        if self.totals == Totals::FactorSum && i64::from(weight_sum(rubric)) != sum {
            let problem = Problem::OutOfRange { min: sum, max: sum };
            found.push(FieldError::new(&format!("{prefix}.criteria"), problem));
        }
    }
}

/// Whether scores of this rubric can be combined at all: a sound scale, and weights that mean something.
pub(crate) fn is_countable(rubric: &Rubric, totals: Totals) -> bool {
    let sum = weight_sum(rubric);
    let weights = match totals {
        Totals::WeightedMean => sum == FULL_WEIGHT,
        Totals::FactorSum => sum > 0 && rubric.criteria.iter().all(|c| c.weight_permille <= MAX_FACTOR),
    };
    rubric.scale.is_sound() && weights
}

fn weight_sum(rubric: &Rubric) -> u32 {
    rubric.criteria.iter().map(|c| c.weight_permille).fold(0, u32::saturating_add)
}

fn plain_sum_range(rubric: &Rubric) -> (i64, i64) {
    let number = i64::try_from(rubric.criteria.len()).unwrap_or(i64::MAX);
    (rubric.scale.min_milli.saturating_mul(number), rubric.scale.max_milli.saturating_mul(number))
}

/// The whole points between two ends in milli-points.
fn points_range(least_milli: i64, most_milli: i64) -> Problem {
    Problem::OutOfRange {
        min: least_milli.saturating_add(999).div_euclid(1000),
        max: most_milli.div_euclid(1000),
    }
}

fn within(scale: Scale, milli: i64) -> bool {
    milli >= scale.min_milli && milli <= scale.max_milli
}

fn is_key(key: &str) -> bool {
    let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !key.is_empty() && key.len() <= 32 && key.chars().all(sound)
}

fn rubric_problems(rubric: &Rubric, totals: Totals, prefix: &str, found: &mut Vec<FieldError>) {
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
    let sum = weight_sum(rubric);
    match totals {
        Totals::WeightedMean if sum != FULL_WEIGHT => {
            say("criteria".into(), Problem::WeightsSum { sum: i64::from(sum) });
        }
        Totals::FactorSum if sum == 0 => {
            say("criteria.0.weight".into(), Problem::OutOfRange { min: 1, max: i64::from(MAX_FACTOR) });
        }
        _ => {}
    }
    for (index, criterion) in rubric.criteria.iter().enumerate() {
        let at = |name: &str| format!("criteria.{index}.{name}");
        let key = &criterion.key;
        if !is_key(key) || rubric.criteria.iter().filter(|other| &other.key == key).count() > 1 {
            say(at("key"), Problem::Duplicate);
        }
        if criterion.name.zh.trim().is_empty() {
            say(at("name"), Problem::Required);
        }
        if totals == Totals::FactorSum && criterion.weight_permille > MAX_FACTOR {
            say(at("weight"), Problem::OutOfRange { min: 0, max: i64::from(MAX_FACTOR) });
        }
        if criterion.threshold_milli.is_some_and(|mark| !within(rubric.scale, mark)) {
            say(at("threshold"), Problem::OutsideScale);
        }
        if criterion.veto && criterion.threshold_milli.is_none() {
            say(at("threshold"), Problem::Required);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preset;
    use crate::rule::{Bilingual, Vote};

    #[track_caller]
    fn check(change: impl FnOnce(&mut Rule), field: &str, problem: Problem) {
        let mut rule = preset::named("horizon_europe_ia").unwrap().rule;
        change(&mut rule);
        assert_eq!(rule.problems(), vec![FieldError::new(field, problem)]);
    }

    #[test]
    fn factors_need_no_sum_but_bounds() {
        let range = |min, max| Problem::OutOfRange { min, max };
        let none = |rule: &mut Rule| rule.rubric.criteria.iter_mut().for_each(|c| c.weight_permille = 0);
        check(none, "rubric.criteria.0.weight", range(1, 100_000));
        let huge = |rule: &mut Rule| rule.rubric.criteria[1].weight_permille = 100_001;
        check(huge, "rubric.criteria.1.weight", range(0, 100_000));
        // Impact counts one and a half times, so a total of 17.5 is possible and 17.6 is not.
        check(|rule| rule.pass_mark_milli = Some(17_501), "pass_mark", range(0, 17));
        let mut rule = preset::named("horizon_europe_ia").unwrap().rule;
        rule.pass_mark_milli = Some(17_500);
        assert_eq!(rule.problems(), vec![]);
        let shares = |rule: &mut Rule| rule.totals = Totals::WeightedMean;
        check(shares, "rubric.criteria", Problem::WeightsSum { sum: 3_500 });
    }

    #[test]
    fn marks_and_counts_out_of_reach_are_named() {
        let range = |min, max| Problem::OutOfRange { min, max };
        check(|rule| rule.plain_sum_mark_milli = Some(15_001), "plain_sum_mark", range(0, 15));
        check(|rule| rule.plain_sum_mark_milli = Some(-1), "plain_sum_mark", range(0, 15));
        check(|rule| rule.min_scores_to_drop = Some(2), "min_scores_to_drop", range(3, 20));
        check(|rule| rule.min_scores_to_drop = Some(21), "min_scores_to_drop", range(3, 20));
        let repeat = |rule: &mut Rule| rule.tie_chain = vec![TieBreak::Draw; MAX_TIE_LINKS + 1];
        check(repeat, "tie_chain", Problem::TooMany { max: MAX_TIE_LINKS as i64 });
    }

    #[test]
    fn a_vote_needs_a_name_and_a_key_of_its_own() {
        let vote = |key: &str, zh: &str| Vote { key: key.to_owned(), name: Bilingual::new(zh, "") };
        check(|rule| rule.votes = vec![vote("scope", " ")], "votes.0.name", Problem::Required);
        for key in ["", "In scope", "impact"] {
            check(|rule| rule.votes = vec![vote(key, "n")], "votes.0.key", Problem::Duplicate);
        }
        let many = |rule: &mut Rule| rule.votes = (0..11).map(|n| vote(&format!("v{n}"), "n")).collect();
        check(many, "votes", Problem::TooMany { max: 10 });
    }

    #[test]
    fn gates_with_factors_share_their_range() {
        let mut rule = preset::named("horizon_europe_ia").unwrap().rule;
        rule.max_winners = 2;
        let gate = Gate {
            title: Bilingual::new("n", ""),
            due: crate::time::Timestamp(0),
            weight_permille: 1000,
            pass_mark_milli: 17_000,
            keep: 1,
            rubric: Some(rule.rubric.clone()),
        };
        rule.gates = vec![gate];
        assert_eq!(rule.problems(), vec![]);
        let own = rule.gates[0].rubric.as_mut().unwrap();
        own.criteria[0].weight_permille = 2_000;
        let expected =
            FieldError::new("gates.0.rubric.criteria", Problem::OutOfRange { min: 3_500, max: 3_500 });
        assert_eq!(rule.problems(), vec![expected]);
    }
}

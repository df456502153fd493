//! The rule as a form: every field typed, every problem at its field. Deliberately absent: completeness
//! ([`Rule::problems`]); a rule may be saved long before it can be published.
//!
//! Field names: `scale.min scale.max scale.step`, `criteria.N.{key,name,name_en,guidance,weight,threshold,veto}`,
//! `combination`, `decimals`, `pass_mark`, `tie_criterion` (key or empty), `tie_first_places`, `max_winners`,
//! `reviews_per_bid`, `blind`, `scores_public`, `publicity_working_days`, `ip_term`, `ip_term_en`,
//! `gates.N.{title,title_en,due,weight,pass_mark,keep}`.

use crate::challenge::{Typed, filled_rows};
use crate::refusal::{FieldError, Problem};
use crate::rule::{
    Bilingual, Combination, Criterion, Direction, FORMAT, Gate, MAX_CRITERIA, MAX_GATES, Rubric, Rule, Scale,
    TieBreak, Totals,
};
use crate::time::Timestamp;
use crate::words::{self, Form};

/// The keys of [`Combination`] in forms and in the catalogue (`combination.<key>`).
pub const COMBINATIONS: &[(&str, Combination)] = &[
    ("mean", Combination::Mean),
    ("drop_extremes_on_totals", Combination::DropExtremesOnTotals),
    ("drop_extremes_per_criterion", Combination::DropExtremesPerCriterion),
    ("median_per_criterion", Combination::MedianPerCriterion),
];

/// The form's key of a combination.
pub fn combination_key(combination: Combination) -> &'static str {
    COMBINATIONS.iter().find(|(_, known)| *known == combination).map_or("mean", |(key, _)| key)
}

struct Reader<'a> {
    typed: &'a Typed,
    form: Form,
}

impl Reader<'_> {
    fn get(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }

    fn ticked(&self, field: &str) -> bool {
        !self.get(field).trim().is_empty()
    }

    fn milli(&mut self, field: &str) -> i64 {
        let read = required(self.get(field)).and_then(words::milli);
        self.form.take(field, read)
    }

    fn optional_milli(&mut self, field: &str) -> Option<i64> {
        if self.ticked(field) { Some(self.milli(field)) } else { None }
    }

    fn count(&mut self, field: &str, min: i64, max: i64) -> u32 {
        let read = required(self.get(field)).and_then(|text| words::whole(text, min, max));
        u32::try_from(self.form.take(field, read)).unwrap_or(0)
    }

    fn line(&mut self, field: &str) -> String {
        let read = words::line(self.get(field), words::LINE_MAX);
        self.form.take(field, read)
    }

    fn optional(&mut self, field: &str) -> String {
        let read = words::optional_paragraphs(self.get(field), words::TEXT_MAX);
        self.form.take(field, read)
    }

    fn criterion(&mut self, row: usize) -> Criterion {
        let at = |name: &str| format!("criteria.{row}.{name}");
        let key = self.get(&at("key")).trim().to_owned();
        Criterion {
            key: if key.is_empty() { format!("c{}", row + 1) } else { key },
            name: Bilingual { zh: self.line(&at("name")), en: self.optional(&at("name_en")) },
            guidance: Bilingual { zh: self.optional(&at("guidance")), en: self.optional(&at("guidance_en")) },
            weight_permille: self.count(&at("weight"), 0, 1000),
            threshold_milli: self.optional_milli(&at("threshold")),
            veto: self.ticked(&at("veto")),
            anchors: self.anchors(row),
        }
    }

    /// One anchor a line: `90 = words`; English after ` | `.
    fn anchors(&mut self, row: usize) -> Vec<crate::rule::Anchor> {
        let field = format!("criteria.{row}.anchors");
        let text = self.optional(&field);
        let mut anchors = Vec::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()).take(20) {
            let Some((value, meaning)) = line.split_once(['=', '＝']) else {
                self.form.say(&field, Problem::NotANumber);
                continue;
            };
            let from_milli = self.form.take(&field, words::milli(value));
            let (zh, en) = meaning.split_once('|').unwrap_or((meaning, ""));
            anchors.push(crate::rule::Anchor { from_milli, text: Bilingual::new(zh.trim(), en.trim()) });
        }
        anchors
    }

    fn gate(&mut self, row: usize) -> Gate {
        let at = |name: &str| format!("gates.{row}.{name}");
        let due = match (self.get(&at("due")).trim(), Timestamp::parse_official(self.get(&at("due")))) {
            ("", _) => Err(Problem::Required),
            (_, None) => Err(Problem::NotADate),
            (_, Some(due)) => Ok(due),
        };
        Gate {
            title: Bilingual { zh: self.line(&at("title")), en: self.optional(&at("title_en")) },
            due: self.form.take(&at("due"), due),
            weight_permille: self.count(&at("weight"), 0, 1000),
            pass_mark_milli: self.milli(&at("pass_mark")),
            keep: self.count(&at("keep"), 1, 50),
            rubric: None,
        }
    }

    /// Rows with a name or a number; select boxes and ticks alone are a blank row.
    fn rows(&self, prefix: &str, telling: &[&str], max: usize) -> Vec<usize> {
        let mut rows = filled_rows(self.typed, prefix);
        rows.retain(|row| telling.iter().any(|name| self.ticked(&format!("{prefix}.{row}.{name}"))));
        rows.truncate(max + 1);
        rows
    }
}

fn required(text: &str) -> Result<&str, Problem> {
    if text.trim().is_empty() { Err(Problem::Required) } else { Ok(text) }
}

/// Reads the form. The draw's commitment is left empty: publication fills it.
///
/// # Errors
/// Every field that cannot be read.
pub fn parse(typed: &Typed) -> Result<Rule, Vec<FieldError>> {
    let mut reader = Reader { typed, form: Form::default() };
    let scale = Scale {
        min_milli: reader.milli("scale.min"),
        max_milli: reader.milli("scale.max"),
        step_milli: reader.milli("scale.step"),
    };
    let criteria_rows = reader.rows("criteria", &["name", "weight"], MAX_CRITERIA);
    let criteria = criteria_rows.into_iter().map(|row| reader.criterion(row)).collect();
    let combination = COMBINATIONS.iter().find(|(key, _)| *key == reader.get("combination")).map(|(_, c)| *c);
    let combination = combination.unwrap_or_else(|| {
        reader.form.say("combination", Problem::UnknownChoice);
        Combination::Mean
    });
    let mut tie_chain = Vec::new();
    let tie_criterion = reader.get("tie_criterion").trim().to_owned();
    if !tie_criterion.is_empty() {
        tie_chain.push(TieBreak::Criterion { key: tie_criterion.into() });
    }
    if reader.ticked("tie_first_places") {
        tie_chain.push(TieBreak::FirstPlaces);
    }
    tie_chain.push(TieBreak::Draw);
    let gate_rows = reader.rows("gates", &["title", "due", "weight"], MAX_GATES);
    let gates = gate_rows.into_iter().map(|row| reader.gate(row)).collect();
    let rule = Rule {
        format: FORMAT,
        rubric: Rubric { scale, criteria },
        combination,
        totals: Totals::default(),
        better: Direction::default(),
        min_scores_to_drop: None,
        decimals: u8::try_from(reader.count("decimals", 0, 3)).unwrap_or(2),
        pass_mark_milli: reader.optional_milli("pass_mark"),
        plain_sum_mark_milli: None,
        votes: Vec::new(),
        tie_chain,
        draw_commitment: String::new(),
        seed_per_gate: false,
        max_winners: reader.count("max_winners", 1, 50),
        reviews_per_bid: reader.count("reviews_per_bid", 1, 50),
        blind: reader.ticked("blind"),
        scores_public: reader.ticked("scores_public"),
        publicity_working_days: reader.count("publicity_working_days", 1, 60),
        ip_term: Bilingual { zh: reader.optional("ip_term"), en: reader.optional("ip_term_en") },
        gates,
    };
    if reader.form.errors.is_empty() { Ok(rule) } else { Err(reader.form.errors) }
}

/// The form that [`parse`] reads back to the same rule. What it has no field for is left out: rubrics of single gates,
/// the commitment, factors, a scale whose low end is the good one, votes, the plain sum, the least number of scores
/// to drop from, and sealing times in the tie chain.
pub fn to_typed(rule: &Rule) -> Typed {
    let mut typed = Typed::new();
    let mut put = |field: String, value: String| typed.insert(field, value);
    let on = |yes: bool| if yes { "yes".to_owned() } else { String::new() };
    put("scale.min".into(), words::milli_text(rule.rubric.scale.min_milli));
    put("scale.max".into(), words::milli_text(rule.rubric.scale.max_milli));
    put("scale.step".into(), words::milli_text(rule.rubric.scale.step_milli));
    for (row, criterion) in rule.rubric.criteria.iter().enumerate() {
        let at = |name: &str| format!("criteria.{row}.{name}");
        put(at("key"), criterion.key.clone());
        put(at("name"), criterion.name.zh.clone());
        put(at("name_en"), criterion.name.en.clone());
        put(at("guidance"), criterion.guidance.zh.clone());
        put(at("guidance_en"), criterion.guidance.en.clone());
        put(at("weight"), criterion.weight_permille.to_string());
        put(at("threshold"), criterion.threshold_milli.map(words::milli_text).unwrap_or_default());
        put(at("veto"), on(criterion.veto));
        let anchors: Vec<String> = criterion
            .anchors
            .iter()
            .map(|anchor| {
                let value = words::milli_text(anchor.from_milli);
                if anchor.text.en.is_empty() {
                    format!("{value} = {}", anchor.text.zh)
                } else {
                    format!("{value} = {} | {}", anchor.text.zh, anchor.text.en)
                }
            })
            .collect();
        put(at("anchors"), anchors.join("\n"));
    }
    put("combination".into(), combination_key(rule.combination).to_owned());
    put("decimals".into(), rule.decimals.to_string());
    put("pass_mark".into(), rule.pass_mark_milli.map(words::milli_text).unwrap_or_default());
    let tie_criterion = rule.tie_chain.iter().find_map(|link| match link {
        TieBreak::Criterion { key } => Some(key.to_string()),
        _ => None,
    });
    put("tie_criterion".into(), tie_criterion.unwrap_or_default());
    put("tie_first_places".into(), on(rule.tie_chain.contains(&TieBreak::FirstPlaces)));
    put("max_winners".into(), rule.max_winners.to_string());
    put("reviews_per_bid".into(), rule.reviews_per_bid.to_string());
    put("blind".into(), on(rule.blind));
    put("scores_public".into(), on(rule.scores_public));
    put("publicity_working_days".into(), rule.publicity_working_days.to_string());
    put("ip_term".into(), rule.ip_term.zh.clone());
    put("ip_term_en".into(), rule.ip_term.en.clone());
    for (row, gate) in rule.gates.iter().enumerate() {
        let at = |name: &str| format!("gates.{row}.{name}");
        put(at("title"), gate.title.zh.clone());
        put(at("title_en"), gate.title.en.clone());
        put(at("due"), gate.due.official_input());
        put(at("weight"), gate.weight_permille.to_string());
        put(at("pass_mark"), words::milli_text(gate.pass_mark_milli));
        put(at("keep"), gate.keep.to_string());
    }
    typed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_gates() -> Rule {
        let mut rule = Rule::policy_preset();
        rule.max_winners = 3;
        rule.gates = vec![
            Gate {
                title: Bilingual::new("样机", "Prototype"),
                due: Timestamp::parse_official("2026-06-30T18:00").unwrap(),
                weight_permille: 400,
                pass_mark_milli: 60_000,
                keep: 2,
                rubric: None,
            },
            Gate {
                title: Bilingual::new("中试", "Pilot"),
                due: Timestamp::parse_official("2026-12-31T18:00").unwrap(),
                weight_permille: 600,
                pass_mark_milli: 60_500,
                keep: 1,
                rubric: None,
            },
        ];
        rule
    }

    #[test]
    fn a_rule_survives_its_form() {
        for rule in [Rule::policy_preset(), with_gates()] {
            assert_eq!(rule.problems(), vec![]);
            assert_eq!(parse(&to_typed(&rule)), Ok(rule));
        }
    }

    #[test]
    fn every_unreadable_field_is_named() {
        let mut typed = to_typed(&with_gates());
        for (field, value) in
            [("criteria.1.weight", "x"), ("gates.0.due", "soon"), ("decimals", "9"), ("combination", "magic")]
        {
            typed.insert(field.to_owned(), value.to_owned());
        }
        let fields: Vec<String> = parse(&typed).unwrap_err().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["criteria.1.weight", "combination", "gates.0.due", "decimals"]);
    }

    #[test]
    fn blank_rows_of_the_form_are_no_criteria() {
        let mut typed = to_typed(&Rule::policy_preset());
        typed.insert("criteria.7.veto".to_owned(), "yes".to_owned());
        typed.insert("criteria.8.name".to_owned(), "  ".to_owned());
        assert_eq!(parse(&typed).unwrap().rubric.criteria.len(), 4);
    }
}

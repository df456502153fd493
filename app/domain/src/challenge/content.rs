//! The fields of a challenge, and the need form they are read from. Long texts are Markdown.

use serde::{Deserialize, Serialize};

use super::{Typed, filled_rows};
use crate::keyed;
use crate::money::{Fen, MAX_FEN};
use crate::refusal::{FieldError, Problem, Refusal};
use crate::words::{self, Form};

keyed! {
    ChallengeKind { Breakthrough = "breakthrough", Transfer = "transfer" }
}

/// The taxonomy of challenge domains: stable keys, words in the catalogue under `domain.<key>`.
pub const DOMAINS: &[&str] = &[
    "new-materials",
    "information-technology",
    "artificial-intelligence",
    "advanced-equipment",
    "biomedicine",
    "biomedical-materials",
    "biomedical-engineering",
    "biomedicine-and-agriculture",
    "agriculture-and-food",
    "new-energy",
    "mineral-resources",
    "metallurgy",
    "instruments",
    "cybersecurity",
    "rail-transport",
    "intelligent-transport",
    "aviation-electronics",
    "aviation-equipment",
    "quantum-computing",
    "ecology",
    "digital-technology",
    "urban-technology",
    "culture-and-tourism",
    "energy-saving-and-materials",
];

/// One measurable promise asked for. Values are text because tests read "≥ 95 %" as well as "grade A";
/// when both `completion` and a bid's promise start with a number, the numbers are compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indicator {
    pub name: String,
    pub unit: String,
    pub start: String,
    pub mid_term: String,
    pub completion: String,
    pub assessment: String,
    pub mandatory: bool,
    /// `true`: less is better (cost, energy, weight).
    #[serde(default)]
    pub lower_is_better: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    pub title: String,
    /// Months after the start.
    pub month: u32,
}

/// The fields of a challenge after parsing. Long texts are Markdown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub title: String,
    pub title_en: String,
    pub domain: String,
    pub kind: ChallengeKind,
    /// The unit named in public; a masked enterprise shows a description instead.
    pub issuer_shown: String,
    pub contact: String,
    pub background: String,
    pub difficulty: String,
    pub research: String,
    pub indicators: Vec<Indicator>,
    pub amount: Option<Fen>,
    /// Share the winner raises itself, permille of the amount.
    pub self_raised_permille: u32,
    pub ceiling_per_winner: Option<Fen>,
    pub pay_terms: String,
    pub period_months: Option<u32>,
    pub milestones: Vec<Milestone>,
    pub conditions: String,
    pub max_partners: u32,
    pub confidentiality: String,
    pub responsible_units: String,
    pub keywords: Vec<String>,
    /// Where a published text comes from, when it was imported.
    #[serde(default)]
    pub source: String,
}

/// Rows offered by the forms; more are refused with a message.
pub const MAX_INDICATORS: usize = 30;
pub const MAX_MILESTONES: usize = 20;
pub const MAX_KEYWORDS: usize = 20;

impl Content {
    /// Reads a need form. All problems at once.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] naming each field as the form names it (`indicators.0.name`).
    pub fn parse(typed: &Typed) -> Result<Self, Refusal> {
        let get = |field: &str| typed.get(field).map_or("", String::as_str);
        let mut form = Form::default();
        let content = Self {
            title: form.take("title", words::line(get("title"), words::TITLE_MAX)),
            title_en: form.take("title_en", words::optional_line(get("title_en"), words::TITLE_MAX)),
            domain: form.take("domain", words::choice(get("domain"), DOMAINS)),
            kind: ChallengeKind::from_key(get("kind")).unwrap_or(ChallengeKind::Breakthrough),
            issuer_shown: form.take("issuer_shown", words::line(get("issuer_shown"), words::LINE_MAX)),
            contact: form.take("contact", words::line(get("contact"), words::LINE_MAX)),
            background: form.take("background", words::paragraphs(get("background"), words::TEXT_MAX)),
            difficulty: form
                .take("difficulty", words::optional_paragraphs(get("difficulty"), words::TEXT_MAX)),
            research: form.take("research", words::paragraphs(get("research"), words::TEXT_MAX)),
            indicators: indicators(typed, &mut form),
            amount: form.take("amount", amount(get("amount"))),
            self_raised_permille: form.take("self_raised", percent_to_permille(get("self_raised"))),
            ceiling_per_winner: form.take("ceiling", amount(get("ceiling"))),
            pay_terms: form.take("pay_terms", words::optional_paragraphs(get("pay_terms"), words::TEXT_MAX)),
            period_months: form.take("period_months", optional_count(get("period_months"), 1, 120)),
            milestones: milestones(typed, &mut form),
            conditions: form
                .take("conditions", words::optional_paragraphs(get("conditions"), words::TEXT_MAX)),
            max_partners: form.take("max_partners", optional_count(get("max_partners"), 0, 20)).unwrap_or(4),
            confidentiality: form
                .take("confidentiality", words::optional_paragraphs(get("confidentiality"), words::TEXT_MAX)),
            responsible_units: form
                .take("responsible_units", words::optional_line(get("responsible_units"), words::LINE_MAX)),
            keywords: keywords(get("keywords"), &mut form),
            source: form.take("source", words::optional_line(get("source"), words::LINE_MAX)),
        };
        form.finish()?;
        Ok(content)
    }

    /// The form that [`Content::parse`] reads back to the same content.
    pub fn to_typed(&self) -> Typed {
        let mut typed = Typed::new();
        let mut put = |field: &str, value: &str| typed.insert(field.to_owned(), value.to_owned());
        put("title", &self.title);
        put("title_en", &self.title_en);
        put("domain", &self.domain);
        put("kind", self.kind.key());
        put("issuer_shown", &self.issuer_shown);
        put("contact", &self.contact);
        put("background", &self.background);
        put("difficulty", &self.difficulty);
        put("research", &self.research);
        put("amount", &self.amount.map(Fen::wan_input).unwrap_or_default());
        put("self_raised", &words::milli_text(i64::from(self.self_raised_permille) * 100));
        put("ceiling", &self.ceiling_per_winner.map(Fen::wan_input).unwrap_or_default());
        put("pay_terms", &self.pay_terms);
        put("period_months", &self.period_months.map(|m| m.to_string()).unwrap_or_default());
        put("conditions", &self.conditions);
        put("max_partners", &self.max_partners.to_string());
        put("confidentiality", &self.confidentiality);
        put("responsible_units", &self.responsible_units);
        put("keywords", &self.keywords.join("，"));
        put("source", &self.source);
        for (index, row) in self.indicators.iter().enumerate() {
            put(&format!("indicators.{index}.name"), &row.name);
            put(&format!("indicators.{index}.unit"), &row.unit);
            put(&format!("indicators.{index}.start"), &row.start);
            put(&format!("indicators.{index}.mid_term"), &row.mid_term);
            put(&format!("indicators.{index}.completion"), &row.completion);
            put(&format!("indicators.{index}.assessment"), &row.assessment);
            put(&format!("indicators.{index}.mandatory"), if row.mandatory { "on" } else { "" });
            put(&format!("indicators.{index}.lower_is_better"), if row.lower_is_better { "on" } else { "" });
        }
        for (index, row) in self.milestones.iter().enumerate() {
            put(&format!("milestones.{index}.title"), &row.title);
            put(&format!("milestones.{index}.month"), &row.month.to_string());
        }
        typed
    }
}

fn indicators(typed: &Typed, form: &mut Form) -> Vec<Indicator> {
    let rows = filled_rows(typed, "indicators");
    if rows.len() > MAX_INDICATORS {
        form.errors.push(FieldError::new("indicators", Problem::TooMany { max: MAX_INDICATORS as i64 }));
        return Vec::new();
    }
    rows.into_iter()
        .map(|row| {
            let at = |name: &str| format!("indicators.{row}.{name}");
            let get = |name: &str| typed.get(&at(name)).map_or("", String::as_str);
            Indicator {
                name: form.take(&at("name"), words::line(get("name"), words::LINE_MAX)),
                unit: form.take(&at("unit"), words::optional_line(get("unit"), words::NAME_MAX)),
                start: form.take(&at("start"), words::optional_line(get("start"), words::NAME_MAX)),
                mid_term: form.take(&at("mid_term"), words::optional_line(get("mid_term"), words::NAME_MAX)),
                completion: form.take(&at("completion"), words::line(get("completion"), words::NAME_MAX)),
                assessment: form
                    .take(&at("assessment"), words::optional_line(get("assessment"), words::LINE_MAX)),
                mandatory: !get("mandatory").is_empty(),
                lower_is_better: !get("lower_is_better").is_empty(),
            }
        })
        .collect()
}

fn milestones(typed: &Typed, form: &mut Form) -> Vec<Milestone> {
    let rows = filled_rows(typed, "milestones");
    if rows.len() > MAX_MILESTONES {
        form.errors.push(FieldError::new("milestones", Problem::TooMany { max: MAX_MILESTONES as i64 }));
        return Vec::new();
    }
    rows.into_iter()
        .map(|row| {
            let at = |name: &str| format!("milestones.{row}.{name}");
            let get = |name: &str| typed.get(&at(name)).map_or("", String::as_str);
            Milestone {
                title: form.take(&at("title"), words::line(get("title"), words::LINE_MAX)),
                month: u32::try_from(form.take(&at("month"), words::whole(get("month"), 0, 120)))
                    .unwrap_or(0),
            }
        })
        .collect()
}

fn keywords(text: &str, form: &mut Form) -> Vec<String> {
    let line = form.take("keywords", words::optional_line(text, words::LINE_MAX));
    let words: Vec<String> = line
        .split([',', '，', '、', ';', '；'])
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    if words.len() > MAX_KEYWORDS {
        form.errors.push(FieldError::new("keywords", Problem::TooMany { max: MAX_KEYWORDS as i64 }));
    }
    words
}

fn amount(text: &str) -> Result<Option<Fen>, Problem> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    match Fen::parse_wan(text) {
        Some(fen) if fen.0 > 0 && fen.0 <= MAX_FEN => Ok(Some(fen)),
        _ => Err(Problem::NotAnAmount),
    }
}

fn optional_count(text: &str, min: i64, max: i64) -> Result<Option<u32>, Problem> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let value = words::whole(text, min, max)?;
    Ok(u32::try_from(value).ok())
}

/// "12.5" (percent) to 125 permille; empty is 0.
fn percent_to_permille(text: &str) -> Result<u32, Problem> {
    if text.trim().is_empty() {
        return Ok(0);
    }
    let out_of_range = Problem::OutOfRange { min: 0, max: 100 };
    let milli = words::milli(text)?;
    if !(0..=100_000).contains(&milli) {
        return Err(out_of_range);
    }
    u32::try_from(milli / 100).map_err(|_too_large| out_of_range)
}

//! A bid (揭榜申请): what a team promises, and when it may still change its mind.
//! Deliberately absent: reading someone else's bid (`permission`) and scoring it (`score`).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::challenge::{self, Indicator, Typed, filled_rows};
use crate::keyed;
use crate::money::Fen;
use crate::refusal::{FieldError, Problem, Refusal};
use crate::rule::hex;
use crate::time::Timestamp;
use crate::words::{self, Form};

keyed! {
    /// Where a bid stands. `Submitted` is sealed until the opening.
    BidState {
        Draft = "draft",
        Submitted = "submitted",
        Withdrawn = "withdrawn",
        Eligible = "eligible",
        Ineligible = "ineligible",
        Won = "won",
        Lost = "lost",
    }
}

keyed! {
    BudgetCategory {
        Equipment = "equipment",
        Materials = "materials",
        Testing = "testing",
        Labour = "labour",
        Cooperation = "cooperation",
        Travel = "travel",
        Indirect = "indirect",
        Other = "other",
    }
}

keyed! {
    BudgetSource { Award = "award", SelfRaised = "self_raised", OtherPublic = "other_public" }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetLine {
    pub category: BudgetCategory,
    pub source: BudgetSource,
    pub purpose: String,
    pub amount: Fen,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamMember {
    pub name: String,
    pub unit: String,
    pub title: String,
    pub duty: String,
    pub person_months: u32,
}

/// A promise against one indicator of the challenge, in the challenge's order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    pub indicator: String,
    pub value: String,
    pub note: String,
}

/// The fields of a bid after parsing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BidContent {
    pub title: String,
    pub abstract_text: String,
    pub basis: String,
    pub route: String,
    pub plan: String,
    pub risks: String,
    pub partners: Vec<String>,
    pub promises: Vec<Promise>,
    pub budget: Vec<BudgetLine>,
    pub budget_total: Fen,
    pub team: Vec<TeamMember>,
    pub avoid_experts: String,
    /// Keys of [`STATEMENTS`], all of them.
    pub statements: Vec<String>,
    /// Commitment letter (军令状) and integrity pledge, signed with the lead's own name.
    pub signed_by: String,
}

/// The five statements every bid makes (template of the national application form): true, no duplicate
/// bid, no secrets in the file, accepts inspection, answers for breaches.
pub const STATEMENTS: &[&str] =
    &["true_content", "no_duplicate", "no_secrets", "accept_inspection", "liability"];

pub const MAX_BUDGET_LINES: usize = 60;
pub const MAX_TEAM: usize = 100;
pub const MAX_PARTNERS: usize = 20;

/// What a bid is held against.
pub struct BidTerms<'a> {
    pub indicators: &'a [Indicator],
    pub ceiling: Option<Fen>,
    pub max_partners: u32,
    /// The name of the person who submits: the signature must repeat it.
    pub signer: &'a str,
}

impl BidContent {
    /// Reads a bid form whole; every problem at its field.
    ///
    /// # Errors
    /// [`Refusal::Invalid`]: budget lines that do not add up, promises below a mandatory indicator, unticked
    /// statements, a signature that is not the signer's name, and all the words and numbers.
    pub fn parse(typed: &Typed, terms: &BidTerms<'_>) -> Result<Self, Refusal> {
        let get = |field: &str| typed.get(field).map_or("", String::as_str);
        let mut form = Form::default();
        let long =
            |form: &mut Form, field: &str| form.take(field, words::paragraphs(get(field), words::TEXT_MAX));
        let content = Self {
            title: form.take("title", words::line(get("title"), words::TITLE_MAX)),
            abstract_text: form.take("abstract_text", words::paragraphs(get("abstract_text"), ABSTRACT_MAX)),
            basis: form.take("basis", words::optional_paragraphs(get("basis"), words::TEXT_MAX)),
            route: long(&mut form, "route"),
            plan: long(&mut form, "plan"),
            risks: form.take("risks", words::optional_paragraphs(get("risks"), words::TEXT_MAX)),
            partners: partners(get("partners"), terms.max_partners, &mut form),
            promises: promises(typed, terms.indicators, &mut form),
            budget: budget(typed, &mut form),
            budget_total: form
                .take("budget_total", Fen::parse_wan(get("budget_total")).ok_or(Problem::NotAnAmount)),
            team: team(typed, &mut form),
            avoid_experts: form
                .take("avoid_experts", words::optional_line(get("avoid_experts"), words::LINE_MAX)),
            statements: statements(typed, &mut form),
            signed_by: form.take("signed_by", words::line(get("signed_by"), words::NAME_MAX)),
        };
        check_budget(&content, terms, &mut form);
        if !content.signed_by.is_empty() && content.signed_by != terms.signer.trim() {
            form.errors.push(FieldError::new("signed_by", Problem::SignatureDiffers));
        }
        form.finish()?;
        Ok(content)
    }

    /// SHA-256 (hex) of the content as canonical JSON: what the receipt promises to have received.
    pub fn hash(&self) -> String {
        let canonical = serde_json::to_value(self).unwrap_or_default().to_string();
        hex(&Sha256::digest(canonical.as_bytes()))
    }
}

/// About 1,500 characters in the national form; two thousand leave room for English.
pub const ABSTRACT_MAX: usize = 2_000;

/// Whether a bid on this challenge may be written or submitted at this moment. A submission at the very
/// millisecond of the deadline is in time; one after it is not.
///
/// # Errors
/// [`Refusal::DeadlinePassed`], [`Refusal::WrongState`].
pub fn check_open_for_bids(
    challenge: challenge::State,
    closes_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Refusal> {
    if closes_at.is_some_and(|at| now > at) || challenge == challenge::State::Closed {
        return Err(Refusal::DeadlinePassed);
    }
    if !challenge.takes_bids() {
        return Err(Refusal::WrongState { state: challenge.key().to_owned() });
    }
    Ok(())
}

impl BidState {
    /// Submitting again replaces what was submitted before.
    ///
    /// # Errors
    /// [`Refusal::WrongState`] once the bid has been opened.
    pub fn submit(self) -> Result<Self, Refusal> {
        match self {
            Self::Draft | Self::Submitted | Self::Withdrawn => Ok(Self::Submitted),
            other => Err(other.wrong()),
        }
    }

    /// # Errors
    /// [`Refusal::NotASubmittedBid`] when there is nothing to withdraw.
    pub fn withdraw(self) -> Result<Self, Refusal> {
        match self {
            Self::Submitted => Ok(Self::Withdrawn),
            _ => Err(Refusal::NotASubmittedBid),
        }
    }

    /// Eligibility may be decided and re-decided until the review starts.
    ///
    /// # Errors
    /// [`Refusal::NotASubmittedBid`]; [`Refusal::ReasonNeeded`] for an exclusion without a reason.
    pub fn settle_eligibility(self, eligible: bool, reason: &str) -> Result<Self, Refusal> {
        match self {
            Self::Submitted | Self::Eligible | Self::Ineligible if eligible => Ok(Self::Eligible),
            Self::Submitted | Self::Eligible | Self::Ineligible if reason.trim().is_empty() => {
                Err(Refusal::ReasonNeeded)
            }
            Self::Submitted | Self::Eligible | Self::Ineligible => Ok(Self::Ineligible),
            _ => Err(Refusal::NotASubmittedBid),
        }
    }

    fn wrong(self) -> Refusal {
        Refusal::WrongState { state: self.key().to_owned() }
    }
}

fn partners(text: &str, max: u32, form: &mut Form) -> Vec<String> {
    let text = form.take("partners", words::optional_paragraphs(text, words::TEXT_MAX));
    let units: Vec<String> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let max = (max as usize).min(MAX_PARTNERS);
    if units.len() > max {
        form.errors.push(FieldError::new("partners", Problem::TooMany { max: max as i64 }));
    }
    if units.iter().any(|unit| unit.chars().count() > words::LINE_MAX) {
        let problem = Problem::TooLong { max: words::LINE_MAX as i64, actual: text.chars().count() as i64 };
        form.errors.push(FieldError::new("partners", problem));
    }
    units
}

fn promises(typed: &Typed, indicators: &[Indicator], form: &mut Form) -> Vec<Promise> {
    let mut promises = Vec::with_capacity(indicators.len());
    for (index, indicator) in indicators.iter().enumerate() {
        let at = |name: &str| format!("promises.{index}.{name}");
        let get = |name: &str| typed.get(&at(name)).map_or("", String::as_str);
        let value = if indicator.mandatory {
            form.take(&at("value"), words::line(get("value"), words::NAME_MAX))
        } else {
            form.take(&at("value"), words::optional_line(get("value"), words::NAME_MAX))
        };
        if indicator.mandatory && falls_short(&value, &indicator.completion, indicator.lower_is_better) {
            let required = format!("{} {}", indicator.completion, indicator.unit).trim().to_owned();
            form.errors.push(FieldError::new(&at("value"), Problem::BelowMandatoryIndicator { required }));
        }
        let note = form.take(&at("note"), words::optional_line(get("note"), words::LINE_MAX));
        promises.push(Promise { indicator: indicator.name.clone(), value, note });
    }
    promises
}

/// Whether a promised value is worse than the asked one, when both hold a number that can be compared.
/// "≥ 95 %" asks for 95; "≤ 3" and indicators marked so ask for less.
pub fn falls_short(promised: &str, asked: &str, lower_is_better: bool) -> bool {
    let (Some(promise), Some(ask)) = (first_number_micro(promised), first_number_micro(asked)) else {
        return false;
    };
    let less = lower_is_better
        || ['≤', '<', '＜', '不'].iter().any(|sign| asked.trim().starts_with(*sign))
            && !asked.contains("不低于");
    if less { promise > ask } else { promise < ask }
}

/// The first decimal number in a text, in millionths; `None` where there is none or it is absurdly long.
fn first_number_micro(text: &str) -> Option<i128> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let negative = text.get(..start)?.ends_with(['-', '−']);
    let rest: String = text
        .get(start..)?
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        .filter(|c| *c != ',')
        .collect();
    let (whole, fraction) = rest.split_once('.').unwrap_or((&rest, ""));
    let fraction: String = fraction.chars().filter(char::is_ascii_digit).take(6).collect();
    if whole.len() > 18 {
        return None;
    }
    let value = whole.parse::<i128>().ok()? * 1_000_000 + format!("{fraction:0<6}").parse::<i128>().ok()?;
    Some(if negative { -value } else { value })
}

fn budget(typed: &Typed, form: &mut Form) -> Vec<BudgetLine> {
    let rows: Vec<usize> = filled_rows(typed, "budget")
        .into_iter()
        // A row whose select boxes stand at their default but holds no amount and no purpose is a blank row.
        .filter(|row| {
            ["amount", "purpose"]
                .iter()
                .any(|name| typed.get(&format!("budget.{row}.{name}")).is_some_and(|v| !v.trim().is_empty()))
        })
        .collect();
    if rows.is_empty() {
        form.errors.push(FieldError::new("budget", Problem::Required));
    }
    if rows.len() > MAX_BUDGET_LINES {
        form.errors.push(FieldError::new("budget", Problem::TooMany { max: MAX_BUDGET_LINES as i64 }));
        return Vec::new();
    }
    rows.into_iter()
        .map(|row| {
            let at = |name: &str| format!("budget.{row}.{name}");
            let get = |name: &str| typed.get(&at(name)).map_or("", String::as_str);
            BudgetLine {
                category: BudgetCategory::from_key(get("category")).unwrap_or(BudgetCategory::Other),
                source: BudgetSource::from_key(get("source")).unwrap_or(BudgetSource::Award),
                purpose: form.take(&at("purpose"), words::line(get("purpose"), words::LINE_MAX)),
                amount: form.take(&at("amount"), Fen::parse_wan(get("amount")).ok_or(Problem::NotAnAmount)),
            }
        })
        .collect()
}

fn team(typed: &Typed, form: &mut Form) -> Vec<TeamMember> {
    let rows = filled_rows(typed, "team");
    if rows.is_empty() {
        form.errors.push(FieldError::new("team", Problem::Required));
    }
    if rows.len() > MAX_TEAM {
        form.errors.push(FieldError::new("team", Problem::TooMany { max: MAX_TEAM as i64 }));
        return Vec::new();
    }
    rows.into_iter()
        .map(|row| {
            let at = |name: &str| format!("team.{row}.{name}");
            let get = |name: &str| typed.get(&at(name)).map_or("", String::as_str);
            let months = if get("person_months").trim().is_empty() { "0" } else { get("person_months") };
            TeamMember {
                name: form.take(&at("name"), words::line(get("name"), words::NAME_MAX)),
                unit: form.take(&at("unit"), words::optional_line(get("unit"), words::LINE_MAX)),
                title: form.take(&at("title"), words::optional_line(get("title"), words::NAME_MAX)),
                duty: form.take(&at("duty"), words::optional_line(get("duty"), words::LINE_MAX)),
                person_months: u32::try_from(form.take(&at("person_months"), words::whole(months, 0, 600)))
                    .unwrap_or(0),
            }
        })
        .collect()
}

fn statements(typed: &Typed, form: &mut Form) -> Vec<String> {
    let mut made = Vec::new();
    for key in STATEMENTS {
        let field = format!("statements.{key}");
        if typed.get(&field).is_some_and(|value| !value.is_empty()) {
            made.push((*key).to_owned());
        } else {
            form.errors.push(FieldError::new(&field, Problem::Unticked));
        }
    }
    made
}

fn check_budget(content: &BidContent, terms: &BidTerms<'_>, form: &mut Form) {
    let lines: Fen = content.budget.iter().map(|line| line.amount).sum();
    if !content.budget.is_empty() && lines != content.budget_total {
        let problem = Problem::BudgetDoesNotAddUp { lines_fen: lines.0, total_fen: content.budget_total.0 };
        form.errors.push(FieldError::new("budget_total", problem));
    }
    let asked: Fen =
        content.budget.iter().filter(|line| line.source == BudgetSource::Award).map(|line| line.amount).sum();
    if let Some(ceiling) = terms.ceiling
        && asked > ceiling
    {
        let problem = Problem::OutOfRange { min: 0, max: ceiling.0 / crate::money::WAN_FEN };
        form.errors.push(FieldError::new("budget_total", problem));
    }
}

/// The proof a team takes away. Every field of it is durable before it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub number: String,
    pub challenge_number: String,
    pub bid: crate::id::BidId,
    pub received_at: Timestamp,
    pub content_sha256: String,
    pub rule_sha256: String,
    /// Which submission of this bid it is; replacing counts up.
    pub revision: u32,
}

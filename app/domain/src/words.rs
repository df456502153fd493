//! What a person typed, read once at the door: every form goes through these and nothing else parses text.
//! Lengths count characters, not bytes. Markup is text like any other; drawing it safely is the page's duty.
//! Deliberately absent: Unicode normalisation, and any opinion on what a field means.

use crate::refusal::{FieldError, Problem, Refusal};
use crate::rule::Scale;

/// A title fits two lines of a table.
pub const TITLE_MAX: usize = 200;
/// The longest official unit name on record has 43 characters; foreign ones run longer.
pub const NAME_MAX: usize = 100;
/// Any other single-line field: an indicator, a unit of measure, a condition.
pub const LINE_MAX: usize = 500;
/// What is typed into a search box.
pub const QUERY_MAX: usize = 100;
/// A reason or a comment: about one printed page.
pub const REASON_MAX: usize = 2_000;
/// One long section of a challenge or a bid: about ten printed pages.
pub const TEXT_MAX: usize = 20_000;
/// RFC 5321 allows 256 for a path including its angle brackets.
pub const EMAIL_MAX: usize = 254;
/// RFC 5321, section 4.5.3.1.1.
const EMAIL_LOCAL_MAX: usize = 64;
/// RFC 1035, section 2.3.4.
const DOMAIN_LABEL_MAX: usize = 63;
/// NIST SP 800-63B asks for 15 where a password stands alone; 12 together with a strength estimate.
pub const PASSWORD_MIN: usize = 12;
/// Enough for any passphrase, little enough to hash.
pub const PASSWORD_MAX: usize = 256;
/// More digits than this cannot be meant, and fewer always fit `i64` in milli-units.
const DIGITS_MAX: usize = 12;

/// One line: outer white space removed, not blank, at most `max` characters.
///
/// # Errors
/// `Required`, `ControlCharacter` (line breaks and tabs inside the line, bidirectional overrides), `TooLong`.
pub fn line(text: &str, max: usize) -> Result<String, Problem> {
    required(optional_line(text, max)?)
}

/// As [`line`], but may be empty.
///
/// # Errors
/// `ControlCharacter`, `TooLong`.
pub fn optional_line(text: &str, max: usize) -> Result<String, Problem> {
    let text = text.trim();
    if text.chars().any(|c| is_control(c) || is_line_break(c)) {
        return Err(Problem::ControlCharacter);
    }
    within(visible(text), max)
}

/// Several lines: line ends become LF, blank lines before and white space after are removed, not blank, at most
/// `max` characters. Tabs and a first line's indent stay: pasted tables and Chinese paragraphs start with them.
///
/// # Errors
/// `Required`, `ControlCharacter` (all but LF and tab), `TooLong`.
pub fn paragraphs(text: &str, max: usize) -> Result<String, Problem> {
    required(optional_paragraphs(text, max)?)
}

/// As [`paragraphs`], but may be empty.
///
/// # Errors
/// `ControlCharacter`, `TooLong`.
pub fn optional_paragraphs(text: &str, max: usize) -> Result<String, Problem> {
    // Word processors separate lines by U+2028 and U+2029.
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let text = text.trim_end().trim_start_matches('\n');
    if text.chars().any(|c| is_control(c) && !matches!(c, '\n' | '\t')) {
        return Err(Problem::ControlCharacter);
    }
    within(visible(text), max)
}

/// A mail address as SMTP without extensions carries it: ASCII, one `@`, a dotted domain. The domain part comes
/// back in lower case; the local part keeps its case, because only its host may fold it.
///
/// # Errors
/// `Required`, `ControlCharacter`, `TooLong`, `NotAnAddress`.
pub fn email(text: &str) -> Result<String, Problem> {
    let text = line(text, EMAIL_MAX)?;
    let (local, domain) = text.rsplit_once('@').ok_or(Problem::NotAnAddress)?;
    let domain = domain.to_ascii_lowercase();
    if is_local_part(local) && is_domain(&domain) {
        Ok(format!("{local}@{domain}"))
    } else {
        Err(Problem::NotAnAddress)
    }
}

/// A new password's length, 12 to 256 characters of any kind, kept exactly as typed. Strength is estimated
/// elsewhere.
///
/// # Errors
/// `Required`, `TooShort`, `TooLong`.
pub fn password_shape(text: &str) -> Result<String, Problem> {
    if text.is_empty() {
        return Err(Problem::Required);
    }
    if text.chars().count() < PASSWORD_MIN {
        return Err(Problem::TooShort { min: as_count(PASSWORD_MIN) });
    }
    within(text, PASSWORD_MAX)
}

/// One of the values a select or a group of radio buttons offers, compared exactly.
///
/// # Errors
/// `Required`, `UnknownChoice`.
pub fn choice(text: &str, allowed: &[&str]) -> Result<String, Problem> {
    let text = required(text.trim().to_owned())?;
    if allowed.contains(&text.as_str()) { Ok(text) } else { Err(Problem::UnknownChoice) }
}

/// A whole number without separators, `min..=max`. Full-width digits count as digits.
///
/// # Errors
/// `Required`, `NotANumber`, `OutOfRange`.
pub fn whole(text: &str, min: i64, max: i64) -> Result<i64, Problem> {
    let text = half_width(text)?;
    let (sign, digits) = signed(&text);
    if digits.is_empty() || !all_digits(digits) {
        return Err(Problem::NotANumber);
    }
    let significant = digits.trim_start_matches('0');
    let magnitude = if significant.is_empty() { Some(0) } else { significant.parse::<i64>().ok() };
    match magnitude.map(|value| value * sign) {
        Some(value) if value >= min && value <= max => Ok(value),
        _ => Err(Problem::OutOfRange { min, max }),
    }
}

/// A decimal with at most three decimals in thousandths: `85.5` is 85,500. No separators, no exponent.
///
/// # Errors
/// `Required`, `NotANumber`.
pub fn milli(text: &str) -> Result<i64, Problem> {
    match decimal(text)? {
        Decimal::Milli(value) => Ok(value),
        Decimal::TooFine => Err(Problem::NotANumber),
    }
}

/// Milli-points as people write them, without trailing zeros: `85_500` is "85.5". [`milli`] reads it back.
pub fn milli_text(milli: i64) -> String {
    let sign = if milli < 0 { "-" } else { "" };
    let (whole, rest) = (milli.unsigned_abs() / 1_000, milli.unsigned_abs() % 1_000);
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    format!("{sign}{whole}.{}", format!("{rest:03}").trim_end_matches('0'))
}

/// An expert's score in milli-points.
///
/// # Errors
/// `Required`, `NotANumber`, `OutsideScale`, `NotOnStep`.
pub fn score(text: &str, scale: Scale) -> Result<i64, Problem> {
    match decimal(text)? {
        Decimal::Milli(value) if value < scale.min_milli || value > scale.max_milli => {
            Err(Problem::OutsideScale)
        }
        Decimal::Milli(value) if scale.allows(value) => Ok(value),
        Decimal::Milli(_) | Decimal::TooFine => Err(Problem::NotOnStep),
    }
}

/// Collects every problem of a form, so that all of them are reported at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    pub errors: Vec<FieldError>,
}

impl Form {
    /// The parsed value; a default in its place, and the problem noted at `field`, when there is none.
    pub fn take<T: Default>(&mut self, field: &str, read: Result<T, Problem>) -> T {
        match read {
            Ok(value) => value,
            Err(problem) => {
                self.say(field, problem);
                T::default()
            }
        }
    }

    /// Notes a problem that parsing one field alone cannot see.
    pub fn say(&mut self, field: &str, problem: Problem) {
        self.errors.push(FieldError::new(field, problem));
    }

    /// # Errors
    /// `Invalid` with all problems, in the order they were found.
    pub fn finish(self) -> Result<(), Refusal> {
        Refusal::from_fields(self.errors)
    }
}

enum Decimal {
    Milli(i64),
    /// A number, but with more than three decimals.
    TooFine,
}

fn decimal(text: &str) -> Result<Decimal, Problem> {
    let text = half_width(text)?;
    let (sign, unsigned) = signed(&text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((_, "")) => return Err(Problem::NotANumber),
        Some((whole, fraction)) => (whole, fraction.trim_end_matches('0')),
        None => (unsigned, ""),
    };
    if whole.is_empty() || whole.len() > DIGITS_MAX || !all_digits(whole) || !all_digits(fraction) {
        return Err(Problem::NotANumber);
    }
    if fraction.len() > 3 {
        return Ok(Decimal::TooFine);
    }
    let magnitude = format!("{whole}{fraction:0<3}").parse::<i64>();
    magnitude.map(|value| Decimal::Milli(value * sign)).or(Err(Problem::NotANumber))
}

/// Trimmed, with the digits, point and minus of Chinese input methods in their ASCII form.
fn half_width(text: &str) -> Result<String, Problem> {
    let fold = |c: char| match c {
        '\u{FF10}'..='\u{FF19}' | '\u{FF0E}' | '\u{FF0D}' => {
            u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c)
        }
        _ => c,
    };
    required(text.trim().chars().map(fold).collect())
}

fn signed(text: &str) -> (i64, &str) {
    text.strip_prefix('-').map_or((1, text), |rest| (-1, rest))
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn required(text: String) -> Result<String, Problem> {
    if text.is_empty() { Err(Problem::Required) } else { Ok(text) }
}

fn within(text: &str, max: usize) -> Result<String, Problem> {
    let actual = text.chars().count();
    if actual > max {
        return Err(Problem::TooLong { max: as_count(max), actual: as_count(actual) });
    }
    Ok(text.to_owned())
}

fn as_count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Nothing at all, when all there is cannot be seen: a title of zero-width spaces is no title.
fn visible(text: &str) -> &str {
    let blank = |c: char| {
        c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{3164}')
    };
    if text.chars().all(blank) { "" } else { text }
}

/// C0 and C1 controls, and the characters that make text read in another order than it is stored.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// RFC 5322 `dot-atom`; quoted local parts are legal and never meant.
fn is_local_part(local: &str) -> bool {
    let atext = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    local.len() <= EMAIL_LOCAL_MAX && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(atext))
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= DOMAIN_LABEL_MAX
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let numeric_top = domain.rsplit('.').next().is_some_and(all_digits);
    domain.contains('.') && !numeric_top && domain.split('.').all(label)
}

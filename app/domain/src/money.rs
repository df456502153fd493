//! Money in whole fen. Deliberately absent: floating point and currencies other than CNY.

use serde::{Deserialize, Serialize};

/// An amount in fen (1/100 yuan). Never negative where a person typed it; see [`Fen::parse_wan`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

/// 1 万元 in fen.
pub const WAN_FEN: i64 = 10_000 * 100;

/// No amount above 1 trillion yuan is believed: it keeps every sum of 1,000 lines far inside `i64`.
pub const MAX_FEN: i64 = 100_000_000_000_000;

impl Fen {
    /// Reads an amount in 万元 with up to six decimals (`12`, `12.5`, `1,200`); `None` for anything else,
    /// for a negative amount and above [`MAX_FEN`].
    pub fn parse_wan(text: &str) -> Option<Self> {
        parse_decimal(text, 6).map(Self)
    }

    /// The amount in 万元 without trailing zeros: `12.5`.
    pub fn wan_input(self) -> String {
        let (whole, rest) = (self.0 / WAN_FEN, (self.0 % WAN_FEN).unsigned_abs());
        if rest == 0 {
            return whole.to_string();
        }
        let decimals = format!("{rest:06}");
        format!("{whole}.{}", decimals.trim_end_matches('0'))
    }

    /// The amount in 万元 with thousands separators: `1,234.5`.
    pub fn wan_text(self) -> String {
        let input = self.wan_input();
        match input.split_once('.') {
            Some((whole, rest)) => format!("{}.{rest}", thousands(whole)),
            None => thousands(&input),
        }
    }

    /// The amount in yuan with thousands separators and two decimals: `12,345.00`.
    pub fn yuan_text(self) -> String {
        format!("{}.{:02}", thousands(&(self.0 / 100).to_string()), (self.0 % 100).abs())
    }
}

impl std::iter::Sum for Fen {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        Self(iter.fold(0i64, |sum, fen| sum.saturating_add(fen.0)))
    }
}

fn thousands(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{sign}{out}")
}

/// Reads a plain decimal into an integer of `10^-scale` units.
fn parse_decimal(text: &str, scale: usize) -> Option<i64> {
    let text: String = text.trim().chars().filter(|c| !matches!(c, ',' | '，' | ' ' | '_')).collect();
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || rest.len() > scale || !digits(whole) || !digits(rest) {
        return None;
    }
    let unit = 10i64.checked_pow(u32::try_from(scale).ok()?)?;
    let padded = format!("{rest:0<scale$}");
    let fraction = if padded.is_empty() { 0 } else { padded.parse::<i64>().ok()? };
    let value = whole.parse::<i64>().ok()?.checked_mul(unit)?.checked_add(fraction)?;
    (value <= MAX_FEN).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_and_print_without_loss() {
        let check =
            |typed: &str, fen: Option<i64>| assert_eq!(Fen::parse_wan(typed).map(|f| f.0), fen, "{typed}");
        check("12.5", Some(12_500_000));
        check(" 1,200 ", Some(1_200_000_000));
        check("0.000001", Some(1));
        check("0.0000001", None);
        check("-1", None);
        check("1e3", None);
        check("", None);
        check("100000000", Some(MAX_FEN));
        check("100000000.000001", None);
        assert_eq!(Fen(12_500_000).wan_text(), "12.5");
        assert_eq!(Fen(1_234_500_000).wan_text(), "1,234.5");
        assert_eq!(Fen(1_234_567).yuan_text(), "12,345.67");
        assert_eq!(Fen(1).wan_input(), "0.000001");
    }
}

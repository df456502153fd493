//! What a team of the demonstration promises: what was asked, or slightly better.

use domain::words;

use super::story::Dice;

/// Words and signs before the number that is asked for.
const BOUNDS: &[&str] = &["不小于", "不低于", "不大于", "不高于", "≥", "≤"];

/// "≥ 92" of per cent becomes "92" to "93.5", "≤ 0.05" "0.05" to "0.047"; what is no number is promised as asked.
pub(super) fn promise(asked: &str, unit: &str, lower_is_better: bool, dice: &mut Dice) -> String {
    let asked = asked.trim();
    let number = BOUNDS.iter().find_map(|bound| asked.strip_prefix(bound)).unwrap_or(asked).trim();
    let Ok(milli) = words::milli(number) else { return number.to_owned() };
    let (step, bound) = step(number, milli, unit == "%");
    let better = dice.below(bound).cast_signed() * step;
    let promised = if lower_is_better {
        milli - better
    } else if unit == "%" && milli < 100_000 {
        // Between what is asked and the whole; more than the whole is asked of growth and elongation only.
        (milli + better).min((milli + 100_000) / 2)
    } else {
        milli + better
    };
    words::milli_text(promised)
}

/// By how much a promise may be better, in thousandths, and how many such steps there are with none.
fn step(number: &str, milli: i64, percent: bool) -> (i64, u64) {
    match number.split_once('.') {
        Some((_, fraction)) => {
            let last_digit = 10_i64.pow(3_u32.saturating_sub(fraction.len().try_into().unwrap_or(3)));
            if milli < 1_000 { ((last_digit / 10).max(1), 4) } else { (last_digit, 4) }
        }
        // One more of very few is no small promise.
        None if milli <= 2_000 => (1_000, 1),
        None if milli < 20_000 => (1_000, 2),
        None if milli < 200_000 => (if percent { 500 } else { 1_000 }, 4),
        None => (1_000 * 10_i64.pow(number.len().saturating_sub(2).try_into().unwrap_or(0)), 3),
    }
}

#[cfg(test)]
mod tests {
    use domain::bid::falls_short;

    use super::*;

    #[test]
    fn promises_are_at_or_slightly_above_what_is_asked() {
        let mut dice = Dice::new(1);
        for (asked, unit, lower) in [
            ("≥ 92", "%", false),
            ("≥ 98", "%", false),
            ("≥ 700", "%", false),
            ("≤ 0.05", "%", true),
            ("≤ 1", "mg/kg", true),
            ("≥ 4.20", "g/cm³", false),
            ("≥ 16000", "次", false),
            ("≤ 340", "kg", true),
            ("≥ 5", "处", false),
        ] {
            for _ in 0..50 {
                let promised = promise(asked, unit, lower, &mut dice);
                assert!(!falls_short(&promised, asked, lower), "{promised} for {asked}");
                let (value, least) =
                    (words::milli(&promised).unwrap(), words::milli(asked.get(4..).unwrap()).unwrap());
                assert!((value - least).abs() * 4 <= least, "{promised} for {asked}");
                assert!(unit != "%" || least > 100_000 || value < 100_000, "{promised} for {asked}");
            }
        }
    }

    #[test]
    fn what_is_no_number_is_promised_as_asked() {
        let mut dice = Dice::new(1);
        assert_eq!(promise("2π", "sr", false, &mut dice), "2π");
        assert_eq!(promise("不小于 12×10×8", "m", false, &mut dice), "12×10×8");
    }
}

//! How the values of a binding result are said on the command line. Deliberately absent: the sentences themselves.

use app::catalogue::{t, tf, word};
use app::text::Locale;
use domain::rule::{Rule, TieBreak};
use domain::score::Outcome;

/// Milli-points without needless decimals: `85`, `85.5`, `-0.125`.
pub fn points(milli: i64) -> String {
    let whole = fixed(milli, 3);
    whole.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Milli-points with exactly this many decimals, 0 to 3; the rest is cut, so ask for enough.
pub fn fixed(milli: i64, decimals: u8) -> String {
    let (sign, size) = if milli < 0 { ("-", milli.unsigned_abs()) } else { ("", milli.unsigned_abs()) };
    let (whole, rest) = (size / 1000, size % 1000);
    match decimals {
        0 => format!("{sign}{whole}"),
        1 => format!("{sign}{whole}.{}", rest / 100),
        2 => format!("{sign}{whole}.{:02}", rest / 10),
        _ => format!("{sign}{whole}.{rest:03}"),
    }
}

/// The fewest decimals, at least `least`, that show all of these exactly.
pub fn decimals_for(values: impl Iterator<Item = i64>, least: u8) -> u8 {
    let needed = |milli: i64| match milli {
        milli if milli % 10 != 0 => 3,
        milli if milli % 100 != 0 => 2,
        milli if milli % 1000 != 0 => 1,
        _ => 0,
    };
    values.map(needed).fold(least.min(3), u8::max)
}

/// A criterion by its name at this gate; the key where the rubric has none of it.
pub fn criterion_name<'a>(locale: Locale, rule: &'a Rule, gate: u32, key: &'a str) -> &'a str {
    let found = rule.rubric_at(gate).criteria.iter().find(|criterion| criterion.key == key);
    found.map_or(key, |criterion| locale.of(&criterion.name))
}

/// Whether a bid may win, and if not, why.
pub fn outcome(locale: Locale, rule: &Rule, gate: u32, outcome: &Outcome) -> String {
    let of_criterion = |kind: &str, key: &str| {
        let name = criterion_name(locale, rule, gate, key);
        [word(locale, "outcome", kind), name].join(t(locale, "common.colon"))
    };
    match outcome {
        Outcome::Passed => word(locale, "outcome", "passed").to_owned(),
        Outcome::VoteLost { key, yes, of } => {
            let vote = rule.votes.iter().find(|vote| &vote.key == key);
            let question = vote.map_or(key.as_str(), |vote| locale.of(&vote.name));
            let (yes, of) = (yes.to_string(), of.to_string());
            tf(locale, "tool.vote_lost", &[("question", question), ("yes", &yes), ("of", &of)])
        }
        Outcome::BelowThreshold { key } => of_criterion("below_threshold", key),
        Outcome::Vetoed { key } => of_criterion("vetoed", key),
        Outcome::BelowPlainSum => word(locale, "outcome", "below_plain_sum").to_owned(),
        Outcome::BelowPassMark => word(locale, "outcome", "below_pass_mark").to_owned(),
        Outcome::NoSheets => word(locale, "outcome", "no_sheets").to_owned(),
    }
}

/// Which link of the chain separated bids with the same total.
pub fn tie(locale: Locale, rule: &Rule, gate: u32, link: &TieBreak) -> String {
    match link {
        TieBreak::Criterion { key } => {
            let name = criterion_name(locale, rule, gate, key);
            tf(locale, "tool.tie.criterion", &[("criterion", name)])
        }
        TieBreak::FirstPlaces => t(locale, "tool.tie.first_places").to_owned(),
        TieBreak::SealedEarlier => t(locale, "tool.tie.sealed_earlier").to_owned(),
        TieBreak::Draw => t(locale, "tool.tie.draw").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_shown_exactly() {
        for (milli, text) in [(85_000, "85"), (85_500, "85.5"), (-125, "-0.125"), (0, "0"), (100_000, "100")]
        {
            assert_eq!(points(milli), text);
        }
        assert_eq!(fixed(84_450, 2), "84.45");
        assert_eq!(fixed(84_400, 0), "84");
        assert_eq!(decimals_for([85_000, 85_500].into_iter(), 0), 1);
        assert_eq!(decimals_for([85_000].into_iter(), 2), 2);
        assert_eq!(decimals_for([85_001].into_iter(), 0), 3);
    }
}

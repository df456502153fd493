//! What to remember of the advisory figures, in a few sentences before any table. Deliberately absent: figures that
//! need an explanation.

use app::catalogue::{t, tf};
use app::text::Locale;

use super::advisory::Advisory;
use super::panel_text::reliability_grade;
use super::section::{Section, percent};

/// From this share of resamples on a first place is called clear, from the other on likely.
const CLEAR: f64 = 0.95;
const LIKELY: f64 = 0.8;

/// As many sentences as there is something to say.
pub fn in_short(locale: Locale, advisory: &Advisory<'_>) -> Section {
    let mut section = Section::new(t(locale, "figure.short.title"));
    section.say_all(headline(locale, advisory));
    section.say_all(boundary(locale, advisory));
    section.say_all(single_experts(locale, advisory));
    section.say_all(agreement(locale, advisory));
    section
}

/// How safe the first place is. Where several bids often share it, being first means little.
fn headline(locale: Locale, advisory: &Advisory<'_>) -> Option<String> {
    let chance = advisory.overview.bids.first()?.ranks?.p_first;
    let shared = advisory.overview.resampling.known()?.tied_first;
    if shared > 1.0 - CLEAR {
        return Some(tf(locale, "figure.bids.first_shared", &[("share", &chance_words(locale, shared))]));
    }
    let key = match chance {
        chance if chance >= CLEAR => "figure.bids.first_clear",
        chance if chance >= LIKELY => "figure.bids.first_likely",
        _ => "figure.bids.first_open",
    };
    Some(tf(locale, key, &[("bid", &advisory.bid_name(0)), ("chance", &chance_words(locale, chance))]))
}

/// A share inside a sentence, where no sign may stand for words.
fn chance_words(locale: Locale, share: f64) -> String {
    match share * 100.0 {
        hundred if hundred > 0.0 && hundred < 1.0 => t(locale, "figure.below_one_percent").to_owned(),
        hundred if hundred > 99.0 && hundred < 100.0 => t(locale, "figure.above_99_percent").to_owned(),
        _ => percent(share),
    }
}

/// Whether the experts tell the last bid with a place from the first without one.
fn boundary(locale: Locale, advisory: &Advisory<'_>) -> Option<String> {
    let last = advisory.overview.places.checked_sub(1)?;
    let gap = advisory.overview.bids.get(last)?.to_next?;
    let (one, other) = (advisory.bid_name(last), advisory.bid_name(last + 1));
    let key = if gap.distinguishable { "figure.bids.boundary_clear" } else { "figure.bids.boundary_open" };
    Some(tf(locale, key, &[("one", &one), ("other", &other)]))
}

/// Whether the first place hangs on one person.
fn single_experts(locale: Locale, advisory: &Advisory<'_>) -> Option<String> {
    let pivotal = advisory.overview.pivotal.known()?;
    if pivotal.winner.is_empty() {
        return Some(t(locale, "figure.short.no_single_expert").to_owned());
    }
    let names: Vec<String> = pivotal.winner.iter().map(|position| advisory.expert_name(*position)).collect();
    let names = advisory.joined(locale, &names);
    let key =
        if pivotal.winner.len() == 1 { "figure.short.one_expert" } else { "figure.short.single_experts" };
    Some(tf(locale, key, &[("experts", &names)]))
}

fn agreement(locale: Locale, advisory: &Advisory<'_>) -> Option<String> {
    let reliability = advisory.overview.agreement.reliability.known()?;
    let grade = reliability_grade(locale, reliability.panel);
    let share = percent(reliability.panel);
    Some(tf(locale, "figure.short.agreement", &[("grade", grade), ("share", &share)]))
}

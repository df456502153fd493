//! What to remember of the advisory figures, in a few sentences before any table. Deliberately absent: figures that
//! need an explanation.

use app::catalogue::{t, tf};
use app::text::Locale;
use domain::overview::WithoutOne;
use domain::score::Outcome;

use super::advisory::{Advisory, ENOUGH_SHEETS, joined};
use super::binding::BindingRow;
use super::panel_text::reliability_grade;
use super::section::{Section, percent};

/// From this share of resamples on a first place is called clear, from the other on likely.
const CLEAR: f64 = 0.95;
const LIKELY: f64 = 0.8;

/// As many sentences as there is something to say.
pub fn in_short(locale: Locale, advisory: &Advisory<'_>) -> Section {
    let mut section = Section::new(t(locale, "figure.short.title"));
    let gate = advisory.scored.gate;
    if gate > 1 {
        section.say(tf(locale, "figure.short.gate_alone", &[("gate", &gate.to_string())]));
    }
    section.say_all(headline(locale, advisory));
    // From the second gate on the line between in and out is drawn by all gates so far.
    section.say_all(boundary(locale, advisory).filter(|_| gate < 2));
    section.say_all(single_experts(locale, advisory));
    section.say_all(agreement(locale, advisory));
    section
}

/// What there is too little of first; then how safe the first place is. Where several bids often share it, being first
/// means little.
fn headline(locale: Locale, advisory: &Advisory<'_>) -> Vec<String> {
    let mut out = Vec::new();
    let figures = &advisory.overview;
    if figures.bids.len() == 1 {
        out.push(t(locale, "figure.short.one_bid").to_owned());
    }
    if figures.islands.len() > 1 {
        let count = figures.islands.len().to_string();
        out.push(tf(locale, "figure.short.islands", &[("count", &count)]));
    }
    if advisory.has_no_first() {
        let waits = advisory.row(0).is_some_and(BindingRow::waits);
        out.push(t(locale, if waits { "figure.short.draw_open" } else { "figure.short.nobody" }).to_owned());
        return out;
    }
    let name = advisory.bid_name(0);
    match figures.bids.first().map_or(0, |bid| bid.scores) {
        1 => out.push(tf(locale, "figure.short.one_sheet", &[("bid", &name)])),
        few if few < ENOUGH_SHEETS => {
            let values = [("bid", name.as_str()), ("count", &few.to_string())];
            out.push(tf(locale, "figure.short.few_sheets", &values));
        }
        _ => {}
    }
    let misses = figures.bids.first().and_then(|bid| bid.misses_hurdle).filter(|share| *share > 1.0 - CLEAR);
    out.extend(chance_of_first(locale, advisory, &name, misses.is_some()));
    out.extend(misses.map(|share| {
        let values = [("bid", name.as_str()), ("share", &chance_words(locale, share))];
        tf(locale, "figure.bids.first_hurdle", &values)
    }));
    out
}

/// Whether the experts who scored both tell a bid from the next one, and if so, which of the two they prefer.
fn preferred(advisory: &Advisory<'_>, position: usize) -> Option<Preferred> {
    let gap = advisory.overview.bids.get(position)?.to_next?;
    let leads = (gap.mean > 0.0) != advisory.overview.lower_is_better;
    Some(match (gap.distinguishable, leads) {
        (false, _) => Preferred::Neither,
        (true, true) => Preferred::This,
        (true, false) => Preferred::Next,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Preferred {
    This,
    Next,
    Neither,
}

fn chance_of_first(
    locale: Locale,
    advisory: &Advisory<'_>,
    name: &str,
    may_miss_hurdle: bool,
) -> Option<String> {
    let chance = advisory.overview.bids.first()?.ranks?.p_first;
    let shared = advisory.overview.resampling.known()?.tied_first;
    if shared > 1.0 - CLEAR {
        return Some(tf(locale, "figure.bids.first_shared", &[("share", &chance_words(locale, shared))]));
    }
    if advisory.is_placed(1) && preferred(advisory, 0) == Some(Preferred::Next) {
        let other = advisory.bid_name(1);
        return Some(tf(locale, "figure.bids.first_against", &[("bid", name), ("other", &other)]));
    }
    let is_thin = advisory.has_thin_basis(0);
    let key = match chance {
        chance if chance < LIKELY => "figure.bids.first_open",
        _ if is_thin => "figure.bids.first_unsure",
        chance if chance >= CLEAR && !may_miss_hurdle => "figure.bids.first_clear",
        _ => "figure.bids.first_likely",
    };
    Some(tf(locale, key, &[("bid", name), ("chance", &chance_words(locale, chance))]))
}

/// A share inside a sentence, where no sign may stand for words.
fn chance_words(locale: Locale, share: f64) -> String {
    match share * 100.0 {
        hundred if hundred > 0.0 && hundred < 1.0 => t(locale, "figure.below_one_percent").to_owned(),
        hundred if hundred > 99.0 && hundred < 100.0 => t(locale, "figure.above_99_percent").to_owned(),
        _ => percent(share),
    }
}

/// Whether the experts tell the last bid with a place from the first without one. A bid that the rule stops is out for
/// that reason, whatever the difference.
fn boundary(locale: Locale, advisory: &Advisory<'_>) -> Option<String> {
    let last = advisory.overview.places.checked_sub(1)?;
    if !advisory.is_placed(last) {
        return None;
    }
    let (one, other) = (advisory.bid_name(last), advisory.bid_name(last + 1));
    let next = advisory.row(last + 1)?;
    if next.outcome != Outcome::Passed {
        return Some(tf(locale, "figure.bids.boundary_rule", &[("one", &one)]));
    }
    let is_thin = advisory.has_thin_basis(last) || advisory.has_thin_basis(last + 1);
    let key = match preferred(advisory, last)? {
        Preferred::Neither => "figure.bids.boundary_open",
        // With one place the headline has said so.
        Preferred::Next if last == 0 => return None,
        Preferred::Next => "figure.bids.boundary_against",
        Preferred::This if is_thin || next.waits() => return None,
        Preferred::This => "figure.bids.boundary_clear",
    };
    Some(tf(locale, key, &[("one", &one), ("other", &other)]))
}

/// Whether the first place hangs on one person.
fn single_experts(locale: Locale, advisory: &Advisory<'_>) -> Option<String> {
    let pivotal = advisory.overview.pivotal.known()?;
    if advisory.has_no_first() {
        return None;
    }
    if pivotal.winner.is_empty() {
        return no_single_expert(locale, advisory);
    }
    let key =
        if pivotal.winner.len() == 1 { "figure.short.one_expert" } else { "figure.short.single_experts" };
    Some(tf(locale, key, &[("experts", &winners_without(locale, advisory))]))
}

/// That no single expert decides the first place, where the whole rule was looked at and there is a choice; else what
/// was looked at.
pub fn no_single_expert(locale: Locale, advisory: &Advisory<'_>) -> Option<String> {
    let figures = &advisory.overview;
    match figures.without_one {
        WithoutOne::ScoresInTheRace => Some(t(locale, "figure.short.scores_only").to_owned()),
        WithoutOne::WholeRule if figures.bids.len() < 2 || figures.islands.len() > 1 => None,
        WithoutOne::WholeRule => Some(t(locale, "figure.short.no_single_expert").to_owned()),
    }
}

/// The experts without whom the first place changes, each with who would have it.
pub fn winners_without(locale: Locale, advisory: &Advisory<'_>) -> String {
    let figures = &advisory.overview;
    let Some(pivotal) = figures.pivotal.known() else { return String::new() };
    let named = |reviewer: &usize| {
        let expert = advisory.expert_name(*reviewer);
        let Some(found) = figures.winners_without.iter().find(|one| one.reviewer == *reviewer) else {
            return expert;
        };
        let bids: Vec<String> = found.bids.iter().map(|bid| advisory.bid_name(*bid)).collect();
        let key = if bids.is_empty() { "figure.short.then_nobody" } else { "figure.short.then_winner" };
        tf(locale, key, &[("expert", &expert), ("bids", &joined(locale, &bids))])
    };
    joined(locale, &pivotal.winner.iter().map(named).collect::<Vec<_>>())
}

fn agreement(locale: Locale, advisory: &Advisory<'_>) -> Option<String> {
    let reliability = advisory.overview.agreement.reliability.known()?;
    let grade = reliability_grade(locale, reliability.panel);
    let share = percent(reliability.panel);
    Some(tf(locale, "figure.short.agreement", &[("grade", grade), ("share", &share)]))
}

//! Pieces that several public pages share: names, states, tables of challenges, the way to the next page.

use domain::challenge::State;
use domain::time::Timestamp;
use domain::view::public::{ChallengeCard, ListCard};
use leptos::prelude::*;

use crate::catalogue::{find, state, t, tf};
use crate::components::{Card, Column, Table, Tone, badge, cell, day, wan, wan_cell};
use crate::text::Locale;
use crate::url;

/// The title a reader of this language sees first; Chinese where there is no English.
pub fn title(locale: Locale, chinese: &str, english: &str) -> String {
    match locale {
        Locale::En if !english.trim().is_empty() => english.to_owned(),
        _ => chinese.to_owned(),
    }
}

/// The title in the other language, if there is one.
pub fn other_title(locale: Locale, chinese: &str, english: &str) -> Option<String> {
    if english.trim().is_empty() {
        return None;
    }
    match locale {
        Locale::En => Some(chinese.to_owned()),
        Locale::ZhCn => Some(english.to_owned()),
    }
}

/// `lang` of a text somebody wrote, where it differs from the page's: Han characters on an English page, none on a
/// Chinese one.
pub fn lang_of(locale: Locale, text: &str) -> Option<&'static str> {
    let has_han = text.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}'));
    let has_latin = text.chars().any(|c| c.is_ascii_alphabetic());
    match locale {
        Locale::En => has_han.then_some("zh-CN"),
        Locale::ZhCn => (!has_han && has_latin).then_some("en"),
    }
}

pub const fn tone(state: State) -> Tone {
    match state {
        State::Draft | State::Closed | State::Republished => Tone::Quiet,
        State::Published => Tone::Open,
        State::Proposed
        | State::Opened
        | State::Eligibility
        | State::Review
        | State::Decided
        | State::Running
        | State::Acceptance => Tone::Running,
        State::Approved | State::Awarded | State::Contracted | State::Finished => Tone::Good,
        State::Returned | State::Publicity => Tone::Warn,
        State::NoValidBid | State::Cancelled | State::Terminated => Tone::Bad,
    }
}

pub fn state_badge(locale: Locale, now: State) -> AnyView {
    badge(tone(now), state(locale, &now))
}

/// The name of a domain; an unknown key shows as it is.
pub fn domain_name(locale: Locale, key: &str) -> String {
    find(locale, &format!("domain.{key}")).unwrap_or(key).to_owned()
}

/// Permille as percent with as many decimals as it needs: `300` is `30`, `125` is `12.5`.
pub fn percent(permille: u32) -> String {
    match permille % 10 {
        0 => (permille / 10).to_string(),
        rest => format!("{}.{rest}", permille / 10),
    }
}

/// An instant in a column whose heading names the zone.
pub fn moment(at: Option<Timestamp>) -> AnyView {
    match at {
        Some(at) => view! { <time class="when" datetime=at.rfc3339()>{at.official_text()}</time> }.into_any(),
        None => cell("–"),
    }
}

/// Challenges one per row: number, title with issuer and domain, amount, deadline, state.
pub fn challenge_table(locale: Locale, id: &str, caption: &str, rows: &[ChallengeCard]) -> AnyView {
    let mut table = Table::new(id, caption).quiet_caption().columns(vec![
        Column::text(t(locale, "public.number")),
        Column::head(t(locale, "public.title")),
        Column::number(t(locale, "public.amount_column")),
        Column::text(t(locale, "public.closes_at_zone")),
        Column::text(t(locale, "public.state")),
    ]);
    for row in rows {
        let amount = match (row.amount, locale) {
            (None, _) => cell(t(locale, "common.not_stated")),
            (Some(amount), Locale::ZhCn) => wan_cell(amount),
            (Some(amount), Locale::En) => wan(locale, amount),
        };
        table = table.row(vec![
            view! { <span class="nowrap">{row.number.clone()}</span> }.into_any(),
            challenge_name(locale, row),
            amount,
            moment(row.closes_at),
            state_badge(locale, row.state),
        ]);
    }
    table.draw()
}

fn challenge_name(locale: Locale, row: &ChallengeCard) -> AnyView {
    let name = title(locale, &row.title, &row.title_en);
    let lang = lang_of(locale, &name);
    let mut notes = vec![row.issuer_shown.clone(), domain_name(locale, &row.domain)];
    if row.has_race {
        notes.push(t(locale, "selection.horse_race").to_owned());
    }
    notes.retain(|note| !note.trim().is_empty());
    view! {
        <span class="row-name">
            <a href=url::challenge(row.id) lang=lang>{name}</a>
            <span class="row-note">{notes.join(" · ")}</span>
        </span>
    }
    .into_any()
}

/// A list as a card.
pub fn list_card(locale: Locale, list: &ListCard, level: u8) -> AnyView {
    let mut card = Card::new(locale.of(&list.content.title))
        .href(url::list(list.id))
        .level(level)
        .kicker(tf(locale, "public.list_number", &[("number", &list.content.number)]))
        .badge(badge(Tone::Quiet, crate::catalogue::name_of(locale, "selection", &list.content.model)))
        .fact(t(locale, "public.challenges"), list.challenges.to_string())
        .fact(t(locale, "public.amount_total"), wan(locale, list.amount_total));
    if let Some(at) = list.published_at {
        card = card.fact(t(locale, "public.published_at"), day(locale, at));
    }
    if let Some(at) = list.closes_next {
        card = card.fact(t(locale, "public.closes_next"), day(locale, at));
    }
    let counts: Vec<String> = list
        .states
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(of, count)| format!("{} {count}", state(locale, of)))
        .collect();
    if !counts.is_empty() {
        card = card.summary(counts.join(" · "));
    }
    card.draw()
}

/// Onward through a list by cursor, and back to its beginning; `address` is the page without a cursor.
pub fn onward(locale: Locale, address: &str, after: Option<&str>, next: Option<&str>) -> AnyView {
    if after.is_none() && next.is_none() {
        return ().into_any();
    }
    let first = after.map(|_| {
        view! { <a class="button button-secondary" rel="first" href=address.to_owned()>{t(locale, "public.first_page")}</a> }
    });
    let next = next.map(|cursor| {
        let href = url::with_query(address, &[("after", cursor)]);
        view! { <a class="button button-secondary" rel="next" href=href>{t(locale, "common.next")}</a> }
    });
    view! { <nav class="pager" aria-label=t(locale, "common.pages")>{first}{next}</nav> }.into_any()
}

/// A long text, with its language where that differs from the page's.
pub fn prose(locale: Locale, text: &str, shift: u8) -> AnyView {
    let lang = lang_of(locale, text);
    view! { <div lang=lang>{crate::components::markdown(text, shift)}</div> }.into_any()
}

//! What several pages of the desk draw alike.

use domain::actor::Actor;
use domain::bid::BidState;
use domain::challenge::State;
use domain::list::ListState;
use domain::permission::{Action, Facts, decide};
use domain::view::desk::DeskChallengePage;
use leptos::prelude::*;

use crate::catalogue::{name_of, t, tf};
use crate::components::{Heading, Place, Tab, Tone, badge, breadcrumbs, tabs};
use crate::context::Head;
use crate::text::Locale;
use crate::url;

/// May this person do it here? For acts that need no facts beyond the role.
pub fn may(actor: &Actor, action: Action) -> bool {
    decide(actor, action, &Facts::default()).is_ok()
}

/// Longer titles are cut where they only name the way: breadcrumbs and the window.
const SHORT_TITLE: usize = 32;

/// The beginning of a text, with an ellipsis where it was cut.
pub fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(SHORT_TITLE).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Name and place of a page below the desk; `trail` stands between the desk and the page.
pub fn head(locale: Locale, title: &str, trail: Vec<(String, String)>) -> Head {
    let title = shorten(title);
    let mut head = Head::new(title.clone(), Place::Desk);
    head.breadcrumbs = Some(Box::new(move || {
        let mut all = vec![(url::desk(), t(locale, "desk.title").to_owned())];
        all.extend(trail);
        breadcrumbs(locale, all, title)
    }));
    head
}

/// Name and place of one of a challenge's own pages.
pub fn challenge_head(locale: Locale, page: &DeskChallengePage, tab: ChallengeTab) -> Head {
    let mut trail = vec![(url::desk_challenges(), t(locale, "desk.challenges.title").to_owned())];
    let name = shown_title(locale, &page.number, &page.title);
    if tab == ChallengeTab::Overview {
        return head(locale, &name, trail);
    }
    trail.push((url::desk_challenge(page.id), shorten(&name)));
    head(locale, &tab.label(locale), trail)
}

/// `2026-1-03 title`; a title that was never typed is named as such.
pub fn shown_title(locale: Locale, number: &str, title: &str) -> String {
    let title = if title.trim().is_empty() { t(locale, "desk.untitled") } else { title };
    if number.is_empty() { title.to_owned() } else { format!("{number} {title}") }
}

/// A challenge's state as a badge.
pub fn state_badge(locale: Locale, state: State) -> AnyView {
    let tone = match state {
        State::Draft | State::Closed | State::Republished => Tone::Quiet,
        State::Published | State::Running => Tone::Open,
        State::Opened | State::Eligibility | State::Review | State::Acceptance | State::Approved => {
            Tone::Running
        }
        State::Awarded | State::Contracted | State::Finished => Tone::Good,
        State::Proposed | State::Returned | State::Decided | State::Publicity => Tone::Warn,
        State::NoValidBid | State::Cancelled | State::Terminated => Tone::Bad,
    };
    badge(tone, name_of(locale, "state", &state))
}

/// A bid's state as the organiser knows it.
pub fn bid_badge(locale: Locale, state: BidState) -> AnyView {
    let tone = match state {
        BidState::Draft | BidState::Withdrawn | BidState::Lost => Tone::Quiet,
        BidState::Submitted => Tone::Running,
        BidState::Eligible | BidState::Won => Tone::Good,
        BidState::Ineligible => Tone::Bad,
    };
    badge(tone, name_of(locale, "bid_state", &state))
}

/// After the opening "submitted" waits for its eligibility check; the seal is broken.
pub fn opened_bid_badge(locale: Locale, state: BidState) -> AnyView {
    if state == BidState::Submitted {
        return badge(Tone::Warn, t(locale, "desk.eligibility.unsettled"));
    }
    bid_badge(locale, state)
}

pub fn list_badge(locale: Locale, state: ListState) -> AnyView {
    let tone = match state {
        ListState::Preparing => Tone::Quiet,
        ListState::Scheduled => Tone::Warn,
        ListState::Published => Tone::Open,
    };
    badge(tone, name_of(locale, "list_state", &state))
}

/// Which of a challenge's pages is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChallengeTab {
    Overview,
    Rule,
    Eligibility,
    Panel,
    Scores,
    Decision,
    Gate(u32),
}

impl ChallengeTab {
    pub fn label(self, locale: Locale) -> String {
        match self {
            Self::Overview => t(locale, "desk.tab.overview").to_owned(),
            Self::Rule => t(locale, "desk.tab.rule").to_owned(),
            Self::Eligibility => t(locale, "desk.tab.eligibility").to_owned(),
            Self::Panel => t(locale, "desk.tab.panel").to_owned(),
            Self::Scores => t(locale, "desk.tab.scores").to_owned(),
            Self::Decision => t(locale, "desk.tab.decision").to_owned(),
            Self::Gate(number) => tf(locale, "desk.tab.gate", &[("number", &number.to_string())]),
        }
    }

    fn href(self, page: &DeskChallengePage) -> String {
        match self {
            Self::Overview => url::desk_challenge(page.id),
            Self::Rule => url::desk_rule(page.id),
            Self::Eligibility => url::desk_eligibility(page.id),
            Self::Panel => url::desk_panel(page.id),
            Self::Scores => url::desk_scores(page.id),
            Self::Decision => url::desk_decision(page.id),
            Self::Gate(number) => url::desk_gate(page.id, number),
        }
    }
}

/// Heading and tabs at the top of each of a challenge's pages.
pub fn challenge_top(
    locale: Locale,
    page: &DeskChallengePage,
    here: ChallengeTab,
    lead: Option<String>,
) -> AnyView {
    let name = shown_title(locale, &page.number, &page.title);
    let heading = if here == ChallengeTab::Overview {
        let title = if page.title.trim().is_empty() {
            t(locale, "desk.untitled").to_owned()
        } else {
            page.title.clone()
        };
        Heading::new(title).kicker(page.number.clone())
    } else {
        Heading::new(here.label(locale)).kicker(view! { <a href=url::desk_challenge(page.id)>{name}</a> })
    };
    let heading = heading.badge(state_badge(locale, page.state));
    let heading = match lead {
        Some(lead) => heading.lead(lead),
        None => heading,
    };
    (heading.draw(), challenge_tabs(locale, page, here)).into_any()
}

fn challenge_tabs(locale: Locale, page: &DeskChallengePage, here: ChallengeTab) -> AnyView {
    use ChallengeTab as Tabs;
    let mut all = vec![Tabs::Overview, Tabs::Rule];
    if !matches!(page.state, State::Draft | State::Proposed | State::Returned | State::Approved) {
        all.extend([Tabs::Eligibility, Tabs::Panel, Tabs::Scores, Tabs::Decision]);
        all.extend((1u32..).take(page.rule.gates.len()).map(Tabs::Gate));
    }
    let unsettled = page.bids.iter().filter(|bid| bid.state == BidState::Submitted).count() as u64;
    let items = all
        .into_iter()
        .map(|tab| Tab {
            label: tab.label(locale),
            href: tab.href(page),
            current: tab == here,
            count: match tab {
                Tabs::Rule if !page.rule_problems.is_empty() => Some(page.rule_problems.len() as u64),
                Tabs::Eligibility if page.state == State::Eligibility && unsettled > 0 => Some(unsettled),
                Tabs::Scores if page.stage == 0 && page.sheets_missing > 0 => {
                    Some(u64::from(page.sheets_missing))
                }
                _ => None,
            },
        })
        .collect();
    tabs(t(locale, "desk.tab.label"), items)
}

/// A one-line text input with an element id of its own, for small forms that repeat on a page under the same name.
pub fn line_input(id: String, name: &'static str, label: String, value: String) -> AnyView {
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <input class="control" type="text" id=id name=name value=value autocomplete="off" />
        </div>
    }
    .into_any()
}

//! One challenge: what is asked, by when, for how much, by which rule, and where it stands.

use axum::response::Response;
use domain::challenge::State;
use domain::id::ChallengeId;
use domain::view::public::{ChallengeDoors, ChallengePage, TimelineStep};
use leptos::prelude::*;

use super::{challenge_rule, challenge_texts, piece, results};
use crate::catalogue::{name_of, t};
use crate::charts::timeline;
use crate::components::{
    Button, Facts, Form, Heading, Notice, Place, breadcrumbs, button_link, buttons, day, section, wan, when,
};
use crate::context::{Head, Here, Id};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

/// More of the background than this is no description any more.
const DESCRIPTION_CHARS: usize = 160;

pub async fn show(here: Here, Id(id): Id<ChallengeId>) -> Result<Response, AppError> {
    let page = store::query::public::challenge(&here.store, &here.actor, id).await?;
    let locale = here.locale;
    let title = piece::title(locale, &page.content.title, &page.content.title_en);
    let mut trail = vec![(url::lists(), t(locale, "common.nav_lists").to_owned())];
    if let Some((list, content)) = &page.list {
        trail.push((url::list(*list), locale.of(&content.title).to_owned()));
    }
    let number = page.number.clone();
    let mut head = Head::new(title, Place::Challenges);
    head.description = Some(page.content.background.chars().take(DESCRIPTION_CHARS).collect());
    head.breadcrumbs = Some(Box::new(move || breadcrumbs(locale, trail, number)));
    here.page(head, move || draw(locale, page)).await
}

pub fn draw(locale: Locale, page: ChallengePage) -> AnyView {
    let content = &page.content;
    let title = piece::title(locale, &content.title, &content.title_en);
    let other = piece::other_title(locale, &content.title, &content.title_en).map(|other| {
        let lang = piece::lang_of(locale, &other);
        view! { <p class="lead" lang=lang>{other}</p> }
    });
    let kicker = [
        page.number.clone(),
        piece::domain_name(locale, &content.domain),
        name_of(locale, "challenge_kind", &content.kind).to_owned(),
    ]
    .join(" · ");
    view! {
        {Heading::new(title).kicker(kicker).badge(piece::state_badge(locale, page.state)).draw()}
        {other}
        {key_facts(locale, &page)}
        {doors(locale, &page)}
        {result(locale, &page)}
        {contents(locale, &page)}
        {section("timeline", t(locale, "chart.timeline"), timeline(locale, "way", &way(&page)))}
        {challenge_texts::draw(locale, content)}
        {challenge_rule::section_of(locale, &page)}
        {documents(locale, &page)}
    }
    .into_any()
}

/// The stops anyone may know of: from publication on, without the decision, which looks like the review until publicity.
fn way(page: &ChallengePage) -> Vec<TimelineStep> {
    let shown = |state: State| state.is_public() && state.shown_to_public() == state;
    page.timeline.iter().filter(|step| shown(step.state)).cloned().collect()
}

fn key_facts(locale: Locale, page: &ChallengePage) -> AnyView {
    let content = &page.content;
    let amount = match content.amount {
        Some(amount) => wan(locale, amount),
        None => t(locale, "common.not_stated").into_any(),
    };
    Facts::new()
        .columns()
        .row(t(locale, "public.amount"), amount)
        .some(t(locale, "public.closes_at"), page.closes_at.map(|at| when(locale, at)))
        .row(t(locale, "public.issuer"), content.issuer_shown.clone())
        .some(t(locale, "public.published_at"), page.published_at.map(|at| day(locale, at)))
        .draw()
}

/// What this reader can do here.
fn doors(locale: Locale, page: &ChallengePage) -> AnyView {
    let doors = &page.doors;
    let here = url::challenge(page.id);
    let open = page.state == State::Published;
    let mut ways = Vec::new();
    if let Some(bid) = doors.own_bid {
        ways.push(button_link(url::bid(bid), t(locale, "public.own_bid"), true));
    } else if doors.may_bid {
        ways.push(button_link(url::bid_new(page.id), t(locale, "public.start_bid"), true));
    } else if open && !doors.signed_in {
        let address = url::with_query(&url::sign_in(), &[("next", &here)]);
        ways.push(button_link(address, t(locale, "public.sign_in_to_bid"), true));
    }
    if has_board(page) {
        ways.push(button_link(url::race(page.id), t(locale, "public.to_race"), ways.is_empty()));
    }
    if doors.organiser {
        ways.push(button_link(url::desk_challenge(page.id), t(locale, "public.to_desk"), false));
    } else if doors.issuer {
        ways.push(button_link(url::need(page.id), t(locale, "public.to_need"), false));
    }
    if doors.signed_in {
        ways.push(follow(locale, page, &here));
    }
    let why_not = why_no_bid(locale, open, doors);
    if ways.is_empty() {
        return why_not;
    }
    view! { {buttons(ways)} {why_not} }.into_any()
}

/// A signed-in reader who cannot bid learns what would change that.
fn why_no_bid(locale: Locale, open: bool, doors: &ChallengeDoors) -> AnyView {
    let nothing = !open || doors.may_bid || doors.own_bid.is_some() || !doors.signed_in || doors.organiser;
    if nothing {
        return ().into_any();
    }
    let key = if doors.issuer { "public.no_bid_issuer" } else { "public.no_bid_role" };
    let foot = view! { <a href=url::account()>{t(locale, "public.to_account")}</a> }.into_any();
    let notice = Notice::info(t(locale, key));
    if doors.issuer { notice.draw(locale) } else { notice.foot(foot).draw(locale) }
}

fn follow(locale: Locale, page: &ChallengePage, here: &str) -> AnyView {
    let (act, label) = if page.doors.follows_domain {
        ("account/unfollow", "public.unfollow")
    } else {
        ("account/follow", "public.follow")
    };
    Form::post(url::api(act))
        .inline()
        .hidden("domain", &page.content.domain)
        .hidden("back", here)
        .button(Button::secondary(t(locale, label)).about(piece::domain_name(locale, &page.content.domain)))
        .draw()
}

/// Whether the race has a board by now.
fn has_board(page: &ChallengePage) -> bool {
    let gates = page.rule.as_ref().is_some_and(|frozen| !frozen.rule.gates.is_empty());
    gates && matches!(page.state, State::Running | State::Acceptance | State::Finished)
}

/// Publicity and winners, as soon as anyone may know them.
fn result(locale: Locale, page: &ChallengePage) -> AnyView {
    let Some(row) = &page.winners else { return ().into_any() };
    let unknown = (!page.publicity_calendar_known && page.publicity_ends_at.is_some())
        .then(|| Notice::warn(t(locale, "public.calendar_unknown")).draw(locale));
    section(
        "result",
        t(locale, "public.result"),
        view! {
            {results::winners_table(locale, "winners", row)}
            {results::trace(locale, row)}
            {unknown}
            <p><a href=url::anchor(&url::results(), "objection")>{t(locale, "public.objection")}</a></p>
        },
    )
}

/// Jump marks: the page is long.
fn contents(locale: Locale, page: &ChallengePage) -> AnyView {
    let mut marks = vec![("timeline", "chart.timeline"), ("background", "public.background")];
    if !page.content.indicators.is_empty() {
        marks.push(("indicators", "public.indicators"));
    }
    marks.push(("terms", "public.terms"));
    if page.rule.is_some() {
        marks.push(("rule", "public.rule"));
    }
    marks.push(("documents", "public.documents"));
    let items: Vec<AnyView> = marks
        .into_iter()
        .map(|(id, key)| view! { <li><a href=format!("#{id}")>{t(locale, key)}</a></li> }.into_any())
        .collect();
    view! {
        <nav class="contents" aria-label=t(locale, "public.contents")>
            <ul role="list">{items}</ul>
        </nav>
    }
    .into_any()
}

fn documents(locale: Locale, page: &ChallengePage) -> AnyView {
    let rule = page.rule.as_ref().map(|_| {
        view! {
            <li>
                <a href=url::challenge_rule(page.id)>{t(locale, "public.rule_file")}</a>
                <span class="muted">" – "{t(locale, "public.rule_file_text")}</span>
            </li>
        }
    });
    let source = (!page.content.source.trim().is_empty()).then(|| source(locale, &page.content.source));
    section(
        "documents",
        t(locale, "public.documents"),
        view! {
            <ul class="bullets">
                {rule}
                {source}
                <li>{t(locale, "public.print_hint")}</li>
            </ul>
        },
    )
}

/// Where an imported challenge was first published.
fn source(locale: Locale, text: &str) -> AnyView {
    let text = text.trim().to_owned();
    let web = text.starts_with("https://") || text.starts_with("http://");
    let shown = if web && !text.contains(char::is_whitespace) {
        view! { <a href=text.clone() rel="nofollow noopener">{text.clone()}</a> }.into_any()
    } else {
        text.into_any()
    };
    view! { <li>{t(locale, "public.source")}{t(locale, "common.colon")}{shown}</li> }.into_any()
}

//! The decision: proposed from the frozen rule, looked over, applied together with its letters, publicised.

use axum::response::Response;
use domain::actor::Actor;
use domain::challenge::{State, Step};
use domain::decision::{Decision, DecisionState};
use domain::id::{BidId, ChallengeId};
use domain::permission::Action;
use domain::refusal::Refusal;
use domain::score::{Outcome, RankedBid};
use domain::view::desk::{DeskBid, DeskChallengePage};
use leptos::prelude::*;

use super::challenge::load;
use super::decision_letters::letters;
use super::eligibility::sealed;
use super::parts::{ChallengeTab, challenge_head, challenge_top, may, shown_title};
use super::rule::tie_words;
use super::scores::count_missing;
use crate::catalogue::{name_of, refusal, t, tf};
use crate::components::badge::Tone;
use crate::components::{
    Button, Column, Echo, Empty, Facts, Form, Notice, Table, TextArea, badge, button_link, buttons, cell,
    disclosure, hash, points, section,
};
use crate::context::{Here, Id};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here, Id(id): Id<ChallengeId>) -> Result<Response, AppError> {
    let page = load(&here, id).await?;
    let echo = here.echo().await?;
    let (locale, actor) = (here.locale, here.actor.clone());
    let head = challenge_head(locale, &page, ChallengeTab::Decision);
    here.page(head, move || draw(locale, &actor, &page, &echo)).await
}

pub fn draw(locale: Locale, actor: &Actor, page: &DeskChallengePage, echo: &Echo) -> AnyView {
    let lead = t(locale, "desk.decision.lead").to_owned();
    let top = challenge_top(locale, page, ChallengeTab::Decision, Some(lead));
    if page.state.is_sealed() {
        return (top, sealed(locale, page)).into_any();
    }
    let Some((state, decision)) = &page.decision else {
        return (top, undecided(locale, actor, page, echo)).into_any();
    };
    let proposed = *state == DecisionState::Proposed && page.state == State::Review;
    let acts = if proposed {
        let apply = may(actor, Action::ApplyDecision).then(|| apply(locale, page, decision));
        let again = may(actor, Action::ProposeDecision).then(|| {
            let form = propose(
                locale,
                page,
                echo,
                &decision.reason,
                Button::secondary(t(locale, "desk.decision.again")),
            );
            disclosure(t(locale, "desk.decision.again"), echo.has("reason"), form)
        });
        section("apply", t(locale, "desk.decision.apply"), (apply, again))
    } else {
        applied(locale, actor, page)
    };
    (
        top,
        standing(locale, *state, page),
        section("ranking", t(locale, "desk.decision.ranking"), ranking(locale, page, decision)),
        section("proof", t(locale, "desk.decision.proof"), proof(locale, *state, page, decision)),
        section("letters", t(locale, "desk.decision.letters"), letters(locale, page, decision)),
        acts,
    )
        .into_any()
}

fn standing(locale: Locale, state: DecisionState, page: &DeskChallengePage) -> AnyView {
    match state {
        DecisionState::Proposed => Notice::warn(t(locale, "desk.decision.is_proposed")).draw(locale),
        DecisionState::Applied if page.state == State::Decided => {
            Notice::info(t(locale, "desk.decision.is_applied")).draw(locale)
        }
        DecisionState::Applied => Notice::good(t(locale, "desk.decision.is_public")).draw(locale),
    }
}

/// Nothing proposed yet: what is missing, or the form.
fn undecided(locale: Locale, actor: &Actor, page: &DeskChallengePage, echo: &Echo) -> AnyView {
    if page.state != State::Review || !may(actor, Action::ProposeDecision) {
        return Empty::new(t(locale, "desk.decision.none"))
            .text(t(locale, "desk.decision.none_text"))
            .way(url::desk_challenge(page.id), t(locale, "desk.challenge.to_steps"))
            .draw();
    }
    let missing = u32::try_from(count_missing(page, 0)).unwrap_or(u32::MAX).max(page.sheets_missing);
    if missing > 0 {
        let way = buttons(vec![button_link(url::desk_scores(page.id), t(locale, "desk.tab.scores"), false)]);
        let notice =
            Notice::info(refusal(locale, &Refusal::ReviewsMissing { missing })).foot(way).draw(locale);
        // Somebody was seated while the reason was being written: the text must not be lost with the form.
        let kept = echo.has("reason").then(|| propose_section(locale, page, echo));
        return (notice, kept).into_any();
    }
    propose_section(locale, page, echo)
}

fn propose_section(locale: Locale, page: &DeskChallengePage, echo: &Echo) -> AnyView {
    let form = propose(locale, page, echo, "", Button::primary(t(locale, "desk.decision.propose")));
    section("propose", t(locale, "desk.decision.propose"), form)
}

fn propose(locale: Locale, page: &DeskChallengePage, echo: &Echo, saved: &str, button: Button) -> AnyView {
    let reason = TextArea::new("reason", t(locale, "desk.decision.reason"))
        .hint(t(locale, "desk.decision.reason_hint"))
        .rows(4)
        .filled(locale, echo, saved)
        .draw(locale);
    Form::post(url::api("decision/propose"))
        .hidden("challenge", page.id)
        .part(view! { <p>{t(locale, "desk.decision.propose_text")}</p> }.into_any())
        .part(reason)
        .button(button)
        .draw()
}

fn apply(locale: Locale, page: &DeskChallengePage, decision: &Decision) -> AnyView {
    let count = decision.ranking.rows.len().to_string();
    let text = tf(locale, "desk.decision.apply_text", &[("count", &count)]);
    Form::post(url::api("decision/apply"))
        .hidden("challenge", page.id)
        .part(view! { <p>{text}</p> }.into_any())
        .button(Button::primary(t(locale, "desk.decision.apply_button")))
        .draw()
}

/// After the letters have left: publicity next, or what is public already.
fn applied(locale: Locale, actor: &Actor, page: &DeskChallengePage) -> AnyView {
    if page.state == State::Decided && may(actor, Action::Publicise) {
        let days = page.rule.publicity_working_days.to_string();
        let form = Form::post(url::api("challenge/step"))
            .hidden("challenge", page.id)
            .hidden("step", Step::Publicise.key())
            .part(
                view! { <p>{tf(locale, "desk.decision.publicise_text", &[("days", &days)])}</p> }.into_any(),
            )
            .button(Button::primary(t(locale, "step.publicise")))
            .draw();
        return section("publicise", t(locale, "step.publicise"), form);
    }
    let mut ways =
        vec![button_link(url::desk_challenge(page.id), t(locale, "desk.challenge.to_steps"), false)];
    if page.state.shows_results() {
        ways.push(button_link(url::results(), t(locale, "common.nav_results"), false));
    }
    section("onward", t(locale, "desk.challenge.steps"), buttons(ways))
}

/// The bid behind a row of the ranking.
pub fn bid_of(page: &DeskChallengePage, id: BidId) -> Option<&DeskBid> {
    page.bids.iter().find(|bid| bid.id == id)
}

/// Unit and title of a ranked bid.
pub fn bid_names(locale: Locale, page: &DeskChallengePage, id: BidId) -> (String, String) {
    bid_of(page, id).map_or_else(
        || (String::new(), t(locale, "desk.untitled").to_owned()),
        |bid| (bid.unit.clone(), shown_title(locale, "", &bid.title)),
    )
}

fn ranking(locale: Locale, page: &DeskChallengePage, decision: &Decision) -> AnyView {
    let mut columns = vec![
        Column::number(t(locale, "desk.decision.rank")),
        Column::head(t(locale, "desk.scores.bid")),
        Column::number(t(locale, "desk.decision.total")),
        Column::text(t(locale, "desk.decision.outcome")),
    ];
    let criteria = &page.rule.rubric.criteria;
    columns.extend(criteria.iter().map(|criterion| Column::number(locale.of(&criterion.name))));
    columns.push(Column::number(t(locale, "desk.decision.sheets")));
    let mut table = Table::new("ranking-table", t(locale, "desk.decision.ranking_caption"))
        .quiet_caption()
        .stack_or_scroll()
        .columns(columns);
    for row in &decision.ranking.rows {
        let won = decision.winners.contains(&row.bid);
        let (unit, title) = bid_names(locale, page, row.bid);
        let mut cells = vec![
            cell(row.rank.to_string()),
            cell(view! {
                <span class="row-name"><a href=url::bid_reading(row.bid)>{title}</a><span class="row-note">{unit}</span></span>
            }),
            cell(points(row.total_milli, page.rule.decimals)),
            settled(locale, page, row, won),
        ];
        // Criteria are shown with all three decimals: equal rounded figures may hide what decided a tie.
        cells.extend((0..criteria.len()).map(|index| {
            cell(row.per_criterion_milli.get(index).map_or_else(|| "—".to_owned(), |milli| points(*milli, 3)))
        }));
        cells.push(cell(row.sheets.to_string()));
        table = match (won, &row.outcome) {
            (true, _) => table.marked_row(cells),
            (false, Outcome::Passed) => table.row(cells),
            (false, _) => table.faded_row(cells),
        };
    }
    table.draw()
}

/// The outcome, and what decided a tie.
fn settled(locale: Locale, page: &DeskChallengePage, row: &RankedBid, won: bool) -> AnyView {
    let badge = outcome(locale, page, row, won);
    let Some(link) = &row.tie_broken_by else { return badge };
    let words =
        [t(locale, "desk.decision.tie"), t(locale, "common.colon"), &tie_words(locale, &page.rule, link)];
    cell(view! { <span>{badge}<span class="row-note">{words.concat()}</span></span> })
}

fn outcome(locale: Locale, page: &DeskChallengePage, row: &RankedBid, won: bool) -> AnyView {
    if won {
        return badge(Tone::Good, t(locale, "desk.decision.winner"));
    }
    let (tone, key) = match &row.outcome {
        Outcome::Passed => return badge(Tone::Quiet, name_of_outcome(locale, "passed")),
        Outcome::BelowPassMark => (Tone::Bad, "below_pass_mark"),
        Outcome::BelowPlainSum => (Tone::Bad, "below_plain_sum"),
        Outcome::NoSheets => (Tone::Warn, "no_sheets"),
        Outcome::Vetoed { key } => return failed(locale, page, "vetoed", key),
        Outcome::BelowThreshold { key } => return failed(locale, page, "below_threshold", key),
        Outcome::VoteLost { key, yes, of } => return vote_lost(locale, page, key, (*yes, *of)),
    };
    badge(tone, name_of_outcome(locale, key))
}

fn name_of_outcome(locale: Locale, key: &str) -> &'static str {
    name_of(locale, "outcome", &key)
}

/// A failure with the criterion it failed on.
fn failed(locale: Locale, page: &DeskChallengePage, key: &str, criterion: &str) -> AnyView {
    let found = page.rule.rubric.criteria.iter().find(|known| known.key == criterion);
    let name = found.map_or(criterion, |known| locale.of(&known.name));
    let words = [name_of_outcome(locale, key), t(locale, "common.colon"), name].concat();
    badge(Tone::Bad, words)
}

/// A lost vote with its question and its count.
fn vote_lost(locale: Locale, page: &DeskChallengePage, key: &str, (yes, of): (u32, u32)) -> AnyView {
    let found = page.rule.votes.iter().find(|known| known.key == key);
    let question = found.map_or(key, |known| locale.of(&known.name));
    let count = [("question", question), ("yes", &yes.to_string()), ("of", &of.to_string())];
    badge(Tone::Bad, tf(locale, "desk.decision.vote_lost", &count))
}

/// What anyone needs to compute the result again.
fn proof(locale: Locale, state: DecisionState, page: &DeskChallengePage, decision: &Decision) -> AnyView {
    let commitment = &page.rule.draw_commitment;
    let seed = if state == DecisionState::Applied {
        hash(locale, &decision.draw_seed)
    } else {
        cell(t(locale, "desk.decision.seed_later"))
    };
    Facts::new()
        .row(t(locale, "desk.challenge.rule_hash"), hash(locale, &decision.rule_sha256))
        .some(
            t(locale, "desk.decision.commitment"),
            (!commitment.is_empty()).then(|| hash(locale, commitment)),
        )
        .row(t(locale, "desk.decision.seed"), seed)
        .some(
            t(locale, "desk.decision.reason"),
            (!decision.reason.is_empty()).then(|| decision.reason.clone()),
        )
        .draw()
}

//! The rule of one challenge: a form until it is published, a sealed document afterwards.

use axum::response::Response;
use domain::actor::Actor;
use domain::challenge::{State, Typed};
use domain::id::ChallengeId;
use domain::permission::Action;
use domain::refusal::{FieldError, Problem};
use domain::rule::{Rule, TieBreak};
use domain::rule_form;
use domain::view::desk::DeskChallengePage;
use leptos::prelude::*;

use super::challenge::load;
use super::parts::{ChallengeTab, challenge_head, challenge_top, may};
use super::rows::shown;
use super::rule_fields::{self, Pen};
use crate::catalogue::{name_of, t, tf, word};
use crate::components::{
    Button, Column, Echo, Facts, Form, Notice, Table, cell, error_summary, hash, points, section, when,
};
use crate::context::{Here, Id};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here, Id(id): Id<ChallengeId>) -> Result<Response, AppError> {
    let page = load(&here, id).await?;
    let echo = here.echo().await?;
    let (locale, actor) = (here.locale, here.actor.clone());
    let head = challenge_head(locale, &page, ChallengeTab::Rule);
    here.page(head, move || draw(locale, &actor, &page, &echo)).await
}

pub fn draw(locale: Locale, actor: &Actor, page: &DeskChallengePage, echo: &Echo) -> AnyView {
    let lead = if page.state == State::Approved { "desk.rule.lead" } else { "desk.rule.lead_frozen" };
    let top = challenge_top(locale, page, ChallengeTab::Rule, Some(t(locale, lead).to_owned()));
    match page.state {
        State::Approved if may(actor, Action::EditRule) => (top, form(locale, page, echo)).into_any(),
        State::Draft | State::Proposed | State::Returned => {
            (top, Notice::info(t(locale, "desk.rule.not_yet")).draw(locale)).into_any()
        }
        _ => (top, reading(locale, page)).into_any(),
    }
}

/// The form as it was last saved.
fn saved(page: &DeskChallengePage) -> Typed {
    let mut typed =
        if page.rule_typed.is_empty() { rule_form::to_typed(&page.rule) } else { page.rule_typed.clone() };
    let closes_at = page.closes_at.map(domain::time::Timestamp::official_input).unwrap_or_default();
    typed.entry("number".to_owned()).or_insert_with(|| page.number.clone());
    typed.entry("closes_at".to_owned()).or_insert(closes_at);
    typed
}

fn form(locale: Locale, page: &DeskChallengePage, echo: &Echo) -> AnyView {
    let typed = shown(echo, &saved(page));
    let known = if echo.errors.is_empty() { &page.rule_problems } else { &echo.errors };
    // "rule" says that none was saved yet: then the form holds the preset, and there is nothing to mend.
    let unsaved = known.iter().any(|error| error.field == "rule");
    let unnumbered = !unsaved && echo.errors.is_empty() && page.number.is_empty();
    let number = unnumbered.then(|| FieldError::new("number", Problem::Required));
    let own: Vec<FieldError> = known
        .iter()
        .filter(|error| error.field != "rule")
        .map(|error| rule_fields::at_form_field(error, &typed))
        .collect();
    let errors =
        number.into_iter().filter(|missing| !own.contains(missing)).chain(own.iter().cloned()).collect();
    let echo = Echo { values: echo.values.clone(), errors };
    let pen = Pen { locale, echo: &echo, typed };
    let complete = match (unsaved, echo.errors.is_empty()) {
        (true, true) => Some(Notice::info(t(locale, "desk.rule.preset")).draw(locale)),
        (false, true) => Some(Notice::good(t(locale, "desk.rule.complete")).draw(locale)),
        (_, false) => None,
    };
    let form = Form::post(url::api("challenge/save_rule"))
        .id("rule")
        .hidden("challenge", page.id)
        .hidden("version", page.version)
        .parts(rule_fields::groups(&pen))
        .part(view! { <p class="measure">{t(locale, "desk.rule.save_text")}</p> }.into_any())
        .button(Button::primary(t(locale, "desk.rule.save")))
        .link(url::desk_challenge(page.id), t(locale, "common.back"))
        .draw();
    let summary = error_summary(locale, &echo.errors, &|field| rule_fields::label_of(locale, field));
    (complete, summary, form).into_any()
}

fn reading(locale: Locale, page: &DeskChallengePage) -> AnyView {
    let rule = &page.rule;
    let sealed = page.rule_sha256.as_ref().map(|sha256| {
        Facts::new()
            .row(t(locale, "desk.challenge.rule_hash"), hash(locale, sha256))
            .row(
                t(locale, "desk.rule.document"),
                view! { <a href=url::challenge_rule(page.id)>{t(locale, "desk.rule.document_link")}</a> },
            )
            .draw()
    });
    (
        sealed,
        section("criteria", word(locale, "desk.rule.group", "criteria"), criteria(locale, rule)),
        section("result", word(locale, "desk.rule.group", "result"), result(locale, rule)),
        (!rule.gates.is_empty())
            .then(|| section("gates", word(locale, "desk.rule.group", "gates"), gates(locale, rule))),
    )
        .into_any()
}

fn criteria(locale: Locale, rule: &Rule) -> AnyView {
    let label = |name: &str| word(locale, "desk.rule.f.criteria", name);
    let mut table = Table::new("criteria-table", word(locale, "desk.rule.group", "criteria"))
        .quiet_caption()
        .columns(vec![
            Column::head(label("name")),
            Column::number(label("weight")),
            Column::number(label("threshold")),
            Column::text(label("veto")),
        ]);
    for criterion in &rule.rubric.criteria {
        let threshold = criterion.threshold_milli.map_or_else(|| "—".to_owned(), domain::words::milli_text);
        table = table.row(vec![
            cell(locale.of(&criterion.name).to_owned()),
            cell(criterion.weight_permille.to_string()),
            cell(threshold),
            cell(yes_no(locale, criterion.veto)),
        ]);
    }
    table.draw()
}

fn yes_no(locale: Locale, yes: bool) -> &'static str {
    if yes { t(locale, "common.yes") } else { t(locale, "common.no") }
}

fn result(locale: Locale, rule: &Rule) -> AnyView {
    let label = |name: &str| word(locale, "desk.rule.f", name);
    let scale = rule.rubric.scale;
    let milli = domain::words::milli_text;
    let scale = tf(
        locale,
        "desk.rule.scale_line",
        &[
            ("min", &milli(scale.min_milli)),
            ("max", &milli(scale.max_milli)),
            ("step", &milli(scale.step_milli)),
        ],
    );
    let ties: Vec<String> = rule.tie_chain.iter().map(|link| tie_words(locale, rule, link)).collect();
    let pass = rule.pass_mark_milli.map_or_else(|| t(locale, "common.none").to_owned(), milli);
    Facts::new()
        .row(word(locale, "desk.rule.group", "scale"), scale)
        .row(label("combination"), name_of(locale, "combination", &rule.combination))
        .row(label("decimals"), rule.decimals.to_string())
        .row(label("pass_mark"), pass)
        .row(t(locale, "desk.rule.ties"), ties.join(" → "))
        .row(label("max_winners"), rule.max_winners.to_string())
        .row(label("reviews_per_bid"), rule.reviews_per_bid.to_string())
        .row(label("blind"), yes_no(locale, rule.blind))
        .row(label("scores_public"), yes_no(locale, rule.scores_public))
        .row(label("publicity_working_days"), rule.publicity_working_days.to_string())
        .row(label("ip_term"), locale.of(&rule.ip_term).to_owned())
        .draw()
}

/// One link of the tie chain in words, a criterion by its name.
pub fn tie_words(locale: Locale, rule: &Rule, link: &TieBreak) -> String {
    match link {
        TieBreak::Criterion { key } => {
            let name = rule.rubric.criteria.iter().find(|criterion| *criterion.key == **key);
            let name = name.map_or(&**key, |criterion| locale.of(&criterion.name));
            tf(locale, "desk.rule.tie_by", &[("criterion", name)])
        }
        TieBreak::FirstPlaces => t(locale, "tie.first_places").to_owned(),
        TieBreak::SealedEarlier => t(locale, "tie.sealed_earlier").to_owned(),
        TieBreak::Draw => t(locale, "tie.draw").to_owned(),
    }
}

fn gates(locale: Locale, rule: &Rule) -> AnyView {
    let label = |name: &str| word(locale, "desk.rule.f.gates", name);
    let mut table =
        Table::new("gates-table", word(locale, "desk.rule.group", "gates")).quiet_caption().columns(vec![
            Column::head(label("title")),
            Column::text(label("due")),
            Column::number(label("weight")),
            Column::number(label("pass_mark")),
            Column::number(label("keep")),
        ]);
    for gate in &rule.gates {
        table = table.row(vec![
            cell(locale.of(&gate.title).to_owned()),
            when(locale, gate.due),
            cell(gate.weight_permille.to_string()),
            cell(points(gate.pass_mark_milli, rule.decimals)),
            cell(gate.keep.to_string()),
        ]);
    }
    table.draw()
}

//! The frozen rule in words, its seal, and the rule itself as the exact bytes that were hashed.

use axum::response::{IntoResponse, Response};
use domain::id::ChallengeId;
use domain::rule::{Anchor, Combination, Criterion, Gate, Rubric, Rule, TieBreak};
use domain::view::public::{ChallengePage, FrozenRule};
use http::header;
use leptos::prelude::*;

use super::piece;
use crate::catalogue::{t, tf};
use crate::components::{Column, Facts, Table, cell, disclosure, hash, points, section};
use crate::context::{Here, Id};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

/// The canonical text, byte for byte: `sha256sum` of the download is the hash on the page.
pub async fn show(here: Here, Id(id): Id<ChallengeId>) -> Result<Response, AppError> {
    let page = store::query::public::challenge(&here.store, &here.actor, id).await?;
    let frozen = page.rule.ok_or_else(AppError::not_found)?;
    let name = format!("attachment; filename=\"rule-{id}.json\"");
    let headers =
        [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, frozen.canonical).into_response())
}

/// The section of the challenge page; nothing before publication.
pub fn section_of(locale: Locale, page: &ChallengePage) -> AnyView {
    let Some(frozen) = &page.rule else { return ().into_any() };
    let rule = &frozen.rule;
    section(
        "rule",
        t(locale, "public.rule"),
        view! {
            <p>{t(locale, "public.rule_text")}</p>
            {rubric(locale, "rubric", &rule.rubric)}
            {facts(locale, rule)}
            {gates(locale, rule)}
            <h3>{t(locale, "public.seal")}</h3>
            <p>{t(locale, "public.seal_text")}</p>
            {seal(locale, page.id, frozen)}
        },
    )
}

fn rubric(locale: Locale, id: &str, rubric: &Rubric) -> AnyView {
    let thresholds = rubric.criteria.iter().any(|criterion| criterion.threshold_milli.is_some());
    let mut columns =
        vec![Column::head(t(locale, "chart.criterion")), Column::number(t(locale, "public.weight"))];
    if thresholds {
        columns.push(Column::text(t(locale, "public.threshold")));
    }
    let mut table = Table::new(format!("{id}-table"), t(locale, "public.rubric")).columns(columns);
    for criterion in &rubric.criteria {
        let mut cells = vec![criterion_name(locale, criterion)];
        cells.push(cell(format!("{} %", piece::percent(criterion.weight_permille))));
        if thresholds {
            cells.push(cell(threshold(locale, criterion)));
        }
        table = table.row(cells);
    }
    view! { {table.draw()} {anchors(locale, rubric)} }.into_any()
}

fn criterion_name(locale: Locale, criterion: &Criterion) -> AnyView {
    let guidance = locale.of(&criterion.guidance).trim().to_owned();
    let guidance = (!guidance.is_empty()).then(|| view! { <span class="row-note">{guidance}</span> });
    view! { <span class="row-name">{locale.of(&criterion.name).to_owned()}{guidance}</span> }.into_any()
}

fn threshold(locale: Locale, criterion: &Criterion) -> String {
    let Some(mark) = criterion.threshold_milli else { return "–".to_owned() };
    let key = if criterion.veto { "public.threshold_veto" } else { "public.threshold_value" };
    tf(locale, key, &[("mark", &trimmed(mark))])
}

/// What the values mean in words; said once when all criteria mean the same.
fn anchors(locale: Locale, rubric: &Rubric) -> AnyView {
    let Some(first) = rubric.criteria.first() else { return ().into_any() };
    let same = rubric.criteria.iter().all(|criterion| criterion.anchors == first.anchors);
    let body = if same {
        if first.anchors.is_empty() {
            return ().into_any();
        }
        anchor_list(locale, &first.anchors)
    } else {
        let parts: Vec<AnyView> = rubric
            .criteria
            .iter()
            .filter(|criterion| !criterion.anchors.is_empty())
            .map(|criterion| {
                let name = locale.of(&criterion.name).to_owned();
                view! { <h3>{name}</h3> {anchor_list(locale, &criterion.anchors)} }.into_any()
            })
            .collect();
        parts.into_any()
    };
    disclosure(t(locale, "public.anchors"), false, body)
}

fn anchor_list(locale: Locale, anchors: &[Anchor]) -> AnyView {
    let mut facts = Facts::new();
    for anchor in anchors {
        let from = tf(locale, "public.anchor_from", &[("from", &trimmed(anchor.from_milli))]);
        facts = facts.row(from, locale.of(&anchor.text).to_owned());
    }
    facts.draw()
}

/// How sheets become a result, in words.
fn facts(locale: Locale, rule: &Rule) -> AnyView {
    let scale = rule.rubric.scale;
    let scale = tf(
        locale,
        "public.scale_value",
        &[
            ("min", &trimmed(scale.min_milli)),
            ("max", &trimmed(scale.max_milli)),
            ("step", &trimmed(scale.step_milli)),
        ],
    );
    let combination = match rule.combination {
        Combination::Mean => "public.combination_mean",
        Combination::DropExtremesOnTotals => "public.combination_drop_totals",
        Combination::DropExtremesPerCriterion => "public.combination_drop_criteria",
        Combination::MedianPerCriterion => "public.combination_median",
    };
    let pass =
        rule.pass_mark_milli.map(|mark| tf(locale, "public.pass_mark_value", &[("mark", &trimmed(mark))]));
    let count = |key: &str, count: u32| tf(locale, key, &[("count", &count.to_string())]);
    let blind = if rule.blind { "public.blind_yes" } else { "public.blind_no" };
    let open = if rule.scores_public { "public.scores_public_yes" } else { "public.scores_public_no" };
    Facts::new()
        .row(t(locale, "public.scale"), scale)
        .row(t(locale, "public.reviews_per_bid"), count("public.reviews_per_bid_value", rule.reviews_per_bid))
        .row(t(locale, "public.combination"), t(locale, combination))
        .row(t(locale, "public.rounding"), count("public.rounding_value", u32::from(rule.decimals)))
        .some(t(locale, "public.pass_mark"), pass)
        .row(t(locale, "public.ties"), ties(locale, rule))
        .row(t(locale, "public.max_winners"), count("public.max_winners_value", rule.max_winners))
        .row(t(locale, "public.blind"), t(locale, blind))
        .row(t(locale, "public.publicity"), count("public.publicity_value", rule.publicity_working_days))
        .row(t(locale, "public.scores"), t(locale, open))
        .row(t(locale, "public.ip_term"), locale.of(&rule.ip_term).to_owned())
        .draw()
}

fn ties(locale: Locale, rule: &Rule) -> AnyView {
    let items: Vec<AnyView> = rule
        .tie_chain
        .iter()
        .map(|link| {
            let text = match link {
                TieBreak::Criterion { key } => {
                    let criterion = rule.rubric.criteria.iter().find(|criterion| *criterion.key == **key);
                    let name = criterion.map_or(&**key, |criterion| locale.of(&criterion.name));
                    tf(locale, "public.tie_criterion", &[("criterion", name)])
                }
                TieBreak::FirstPlaces => t(locale, "public.tie_first_places").to_owned(),
                TieBreak::SealedEarlier => t(locale, "public.tie_sealed_earlier").to_owned(),
                TieBreak::Draw => t(locale, "public.tie_draw").to_owned(),
            };
            view! { <li>{text}</li> }.into_any()
        })
        .collect();
    view! { <ol class="bullets">{items}</ol> }.into_any()
}

fn gates(locale: Locale, rule: &Rule) -> AnyView {
    if rule.gates.is_empty() {
        return ().into_any();
    }
    let mut table = Table::new("rule-gates", t(locale, "public.gates")).columns(vec![
        Column::number(t(locale, "public.gate")),
        Column::head(t(locale, "public.gate_title")),
        Column::text(t(locale, "public.gate_due")),
        Column::number(t(locale, "public.weight")),
        Column::number(t(locale, "public.pass_mark")),
        Column::text(t(locale, "public.gate_keep")),
    ]);
    for (number, gate) in (1u32..).zip(&rule.gates) {
        let keep = if number as usize == rule.gates.len() {
            t(locale, "public.gate_last").to_owned()
        } else {
            tf(locale, "public.gate_keep_value", &[("count", &gate.keep.to_string())])
        };
        table = table.row(vec![
            cell(number.to_string()),
            cell(locale.of(&gate.title).to_owned()),
            piece::moment(Some(gate.due)),
            cell(format!("{} %", piece::percent(gate.weight_permille))),
            cell(trimmed(gate.pass_mark_milli)),
            cell(keep),
        ]);
    }
    let own: Vec<AnyView> =
        (1u32..).zip(&rule.gates).filter_map(|(number, gate)| gate_rubric(locale, number, gate)).collect();
    view! {
        <h3>{t(locale, "public.gates")}</h3>
        <p>{t(locale, "public.race_how_cumulative")}</p>
        {table.quiet_caption().draw()}
        {own}
    }
    .into_any()
}

fn gate_rubric(locale: Locale, number: u32, gate: &Gate) -> Option<AnyView> {
    let own = gate.rubric.as_ref()?;
    let title = tf(
        locale,
        "public.gate_rubric",
        &[("number", &number.to_string()), ("title", locale.of(&gate.title))],
    );
    Some(disclosure(title, false, rubric(locale, &format!("gate-{number}"), own)))
}

fn seal(locale: Locale, id: ChallengeId, frozen: &FrozenRule) -> AnyView {
    let commitment = &frozen.rule.draw_commitment;
    let commitment = (!commitment.is_empty()).then(|| hash(locale, commitment));
    let per_gate = frozen.rule.seed_per_gate.then(|| cell(t(locale, "public.race_how_draw")));
    let file = view! { <a href=url::challenge_rule(id)>{t(locale, "public.rule_file")}</a> };
    Facts::new()
        .row(t(locale, "public.rule_sha256"), hash(locale, &frozen.sha256))
        .row(t(locale, "public.rule_whole"), file)
        .row(t(locale, "public.check"), view! { <code>{format!("sha256sum rule-{id}.json")}</code> })
        .some(t(locale, "public.draw_commitment"), commitment)
        .some(t(locale, "public.draw_per_gate"), per_gate)
        .draw()
}

/// Milli-points without decimals that say nothing: `60_000` is `60`, `500` is `0.5`.
fn trimmed(milli: i64) -> String {
    let text = points(milli, 3);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

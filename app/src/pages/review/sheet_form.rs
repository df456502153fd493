//! The criteria with their scales, as a form. The names are those of `domain::review::SheetContent::parse`.

use domain::challenge::Typed;
use domain::review::ReviewState;
use domain::rule::{Criterion, Rubric, Scale};
use domain::view::review::SheetPage;
use domain::words::milli_text;
use leptos::prelude::*;

use crate::catalogue::{t, tf};
use crate::components::{Button, Choice, Column, Echo, Facts, Field, Form, Table, TextArea, cell, group};
use crate::islands::sheet_total::SheetTotal;
use crate::pages::bid::compare;
use crate::pages::bid::form::keeper;
use crate::pages::desk::rows::shown;
use crate::pages::public::piece::percent;
use crate::text::Locale;
use crate::url;

/// Up to this many values a scale is offered as a list; a longer one is typed.
const MAX_LISTED: i64 = 21;

pub fn draw(locale: Locale, page: &SheetPage, echo: &Echo) -> AnyView {
    if !page.may_write {
        return reading(locale, page);
    }
    let typed = shown(echo, &page.typed);
    let differing =
        compare::draw_with(locale, &page.typed, echo, &|field| label_of(locale, &page.rubric, field));
    let keeper = differing.is_none().then(|| keeper(locale, url::api("review/save")));
    let mut form = Form::post(url::api("review/save"))
        .id("scores")
        .hidden("review", page.review)
        .hidden("version", page.version);
    for criterion in &page.rubric.criteria {
        form = form.part(questions(locale, page.rubric.scale, criterion, &typed, echo));
    }
    let submit =
        if page.state == ReviewState::Submitted { "review.sheet.resubmit" } else { "review.sheet.submit" };
    let total = total(locale, page, &typed);
    let form = form
        .part(remark(locale, "overall", &typed, echo))
        .part(remark(locale, "private_note", &typed, echo))
        .part(view! { <div class="sheet-bar">{total}{keeper}</div> }.into_any())
        // Saving stands first: it is what the Enter key presses.
        .button(Button::secondary(t(locale, "common.save_draft")).action(url::api("review/save")))
        .button(Button::primary(t(locale, submit)).action(url::api("review/submit")))
        .draw();
    (differing, form).into_any()
}

/// The label of any field of the form.
pub fn label_of(locale: Locale, rubric: &Rubric, field: &str) -> String {
    let criterion = field.split_once('.').and_then(|(kind, key)| {
        let found = rubric.criteria.iter().find(|criterion| criterion.key == key)?;
        Some((kind, locale.of(&found.name)))
    });
    match criterion {
        Some(("comments", name)) => tf(locale, "review.sheet.comment_on", &[("criterion", name)]),
        Some((_, name)) => name.to_owned(),
        None if field == "private_note" => t(locale, "review.f.private_note").to_owned(),
        None if field == "reason" => t(locale, "review.abstain.reason").to_owned(),
        None => t(locale, "review.f.overall").to_owned(),
    }
}

fn questions(locale: Locale, scale: Scale, criterion: &Criterion, typed: &Typed, echo: &Echo) -> AnyView {
    let name = locale.of(&criterion.name);
    let legend = tf(
        locale,
        "review.sheet.criterion",
        &[("name", name), ("weight", &percent(criterion.weight_permille))],
    );
    let guidance = Some(locale.of(&criterion.guidance).to_owned()).filter(|text| !text.trim().is_empty());
    let comments = format!("comments.{}", criterion.key);
    let comment = TextArea::new(comments.clone(), t(locale, "review.sheet.comment"))
        .rows(3)
        .filled(locale, echo, typed.get(&comments).map_or("", String::as_str))
        .draw(locale);
    let fields = vec![
        view! {
            <div class="sheet-scale">
                {score_field(locale, scale, criterion, typed, echo)}
                {anchors(locale, criterion)}
            </div>
        }
        .into_any(),
        comment,
    ];
    group(legend, guidance, fields)
}

fn score_field(locale: Locale, scale: Scale, criterion: &Criterion, typed: &Typed, echo: &Echo) -> AnyView {
    let name = format!("scores.{}", criterion.key);
    let saved = typed.get(&name).map_or("", String::as_str);
    let label = tf(locale, "review.sheet.score_of", &[("criterion", locale.of(&criterion.name))]);
    let (min, max, step) =
        (milli_text(scale.min_milli), milli_text(scale.max_milli), milli_text(scale.step_milli));
    let range = tf(locale, "review.sheet.range", &[("min", &min), ("max", &max), ("step", &step)]);
    let hint = match criterion.threshold_milli {
        Some(mark) => {
            let key = if criterion.veto { "review.sheet.veto" } else { "review.sheet.threshold" };
            format!("{range} {}", tf(locale, key, &[("mark", &milli_text(mark))]))
        }
        None => range,
    };
    let values = scale.step_milli.max(1);
    let field = if (scale.max_milli - scale.min_milli) / values < MAX_LISTED {
        let all = (scale.min_milli..=scale.max_milli).step_by(usize::try_from(values).unwrap_or(usize::MAX));
        let choices: Vec<Choice> =
            all.map(|value| Choice::new(milli_text(value), milli_text(value))).collect();
        Field::select(name, label, choices).narrow()
    } else {
        Field::spin(name, label, min, max, step)
    };
    field.required().hint(hint).filled(locale, echo, saved).draw(locale)
}

/// What the values mean, beside the value to give.
fn anchors(locale: Locale, criterion: &Criterion) -> Option<AnyView> {
    if criterion.anchors.is_empty() {
        return None;
    }
    let mut ordered: Vec<_> = criterion.anchors.iter().collect();
    ordered.sort_by_key(|anchor| std::cmp::Reverse(anchor.from_milli));
    let rows: Vec<AnyView> = ordered
        .into_iter()
        .map(|anchor| {
            let from = tf(locale, "review.sheet.from", &[("score", &milli_text(anchor.from_milli))]);
            let text = locale.of(&anchor.text).to_owned();
            view! { <div><dt>{from}</dt><dd>{text}</dd></div> }.into_any()
        })
        .collect();
    Some(view! { <dl class="anchors">{rows}</dl> }.into_any())
}

fn remark(locale: Locale, name: &'static str, typed: &Typed, echo: &Echo) -> AnyView {
    TextArea::new(name, t(locale, &format!("review.f.{name}")))
        .rows(4)
        .hint(t(locale, &format!("review.hint.{name}")))
        .filled(locale, echo, typed.get(name).map_or("", String::as_str))
        .draw(locale)
}

fn total(locale: Locale, page: &SheetPage, typed: &Typed) -> AnyView {
    let names: Vec<String> =
        page.rubric.criteria.iter().map(|criterion| format!("scores.{}", criterion.key)).collect();
    let start = names.iter().map(|name| typed.get(name).cloned().unwrap_or_default()).collect();
    let weights = page.rubric.criteria.iter().map(|criterion| criterion.weight_permille).collect();
    view! {
        <SheetTotal
            names=names
            weights=weights
            scale=page.rubric.scale
            decimals=page.decimals
            start=start
            total=t(locale, "review.sheet.total").to_owned()
            missing=t(locale, "review.sheet.missing").to_owned()
        />
    }
    .into_any()
}

/// The sheet as it was left, when it may not be written any more.
fn reading(locale: Locale, page: &SheetPage) -> AnyView {
    let text = |name: String| page.typed.get(&name).cloned().unwrap_or_default();
    let as_typed = |text: String| view! { <span class="as-typed">{text}</span> };
    let mut table = Table::new("own-scores", t(locale, "review.sheet.scores")).quiet_caption().columns(vec![
        Column::head(t(locale, "chart.criterion")),
        Column::number(t(locale, "chart.score")),
        Column::text(t(locale, "review.sheet.comment")),
    ]);
    for criterion in &page.rubric.criteria {
        table = table.row(vec![
            cell(locale.of(&criterion.name).to_owned()),
            cell(text(format!("scores.{}", criterion.key))),
            cell(as_typed(text(format!("comments.{}", criterion.key)))),
        ]);
    }
    let remarks = Facts::new()
        .row(t(locale, "review.f.overall"), as_typed(text("overall".to_owned())))
        .row(t(locale, "review.f.private_note"), as_typed(text("private_note".to_owned())))
        .draw();
    (table.draw(), remarks).into_any()
}

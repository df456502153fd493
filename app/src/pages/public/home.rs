//! The front door: what is open, what closes soon, who races, what was decided.

use axum::response::Response;
use domain::challenge::State;
use domain::money::Fen;
use domain::view::public::{ChallengeCard, HomeCounts, HomePage};
use leptos::prelude::*;

use super::{piece, results};
use crate::catalogue::t;
use crate::components::{
    Card, Empty, Figure, Heading, Place, SearchBox, button_link, cards, figures, section,
};
use crate::context::{Head, Here};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

pub async fn show(here: Here) -> Result<Response, AppError> {
    let page = store::query::public::home(&here.store).await?;
    let locale = here.locale;
    let mut head = Head::new("", Place::Home);
    head.description = Some(here.t("public.home_lead").to_owned());
    let signed_in = here.signed_in();
    here.page(head, move || draw(locale, page, signed_in)).await
}

pub fn draw(locale: Locale, page: HomePage, signed_in: bool) -> AnyView {
    let search = SearchBox {
        action: url::challenges(),
        label: t(locale, "public.search_label").to_owned(),
        placeholder: t(locale, "public.search_placeholder").to_owned(),
        value: String::new(),
        keep: Vec::new(),
    };
    let second = if signed_in {
        button_link(url::desk(), t(locale, "common.nav_desk"), false)
    } else {
        button_link(url::register(), t(locale, "public.home_register"), false)
    };
    view! {
        {Heading::new(t(locale, "public.home_title"))
            .lead(t(locale, "public.home_lead"))
            .action(button_link(open_challenges(), t(locale, "public.home_open"), true))
            .action(second)
            .draw()}
        {counts(locale, &page.counts)}
        {search.draw(locale)}
        {closing_soon(locale, &page.closing_soon)}
        {races(locale, &page.races)}
        {lists(locale, &page)}
        {latest(locale, &page)}
        {how_it_works(locale)}
    }
    .into_any()
}

fn open_challenges() -> String {
    url::challenges_with(&[("open", "1"), ("sort", "deadline")])
}

fn counts(locale: Locale, counts: &HomeCounts) -> AnyView {
    let of_state = |state: State| url::challenges_with(&[("state", state.key())]);
    figures(vec![
        Figure::new(t(locale, "public.count_open"), counts.open).href(of_state(State::Published)),
        Figure::new(t(locale, "public.count_amount"), amount_figure(locale, counts.amount_open))
            .href(open_challenges()),
        Figure::new(t(locale, "public.count_review"), counts.in_review).href(of_state(State::Review)),
        Figure::new(t(locale, "public.count_racing"), counts.racing).href(of_state(State::Running)),
        Figure::new(t(locale, "public.count_finished"), counts.finished).href(url::results()),
    ])
}

/// In 万元; in English in millions, of which a hundredth of the fen is as many 万元.
fn amount_figure(locale: Locale, amount: Fen) -> String {
    match locale {
        Locale::ZhCn => amount.wan_text(),
        Locale::En => Fen(amount.0 / 100).wan_text(),
    }
}

fn closing_soon(locale: Locale, rows: &[ChallengeCard]) -> AnyView {
    let title = t(locale, "public.closing_soon");
    let content = if rows.is_empty() {
        Empty::new(t(locale, "public.none_open"))
            .text(t(locale, "public.none_open_text"))
            .way(url::lists(), t(locale, "public.see_lists"))
            .way(url::results(), t(locale, "common.nav_results"))
            .draw()
    } else {
        view! {
            {piece::challenge_table(locale, "closing-soon-table", title, rows)}
            <p><a href=open_challenges()>{t(locale, "public.all_open")}</a></p>
        }
        .into_any()
    };
    section("closing-soon", title, content)
}

fn races(locale: Locale, rows: &[ChallengeCard]) -> AnyView {
    if rows.is_empty() {
        return ().into_any();
    }
    let items = rows
        .iter()
        .map(|row| {
            Card::new(piece::title(locale, &row.title, &row.title_en))
                .href(url::race(row.id))
                .kicker(format!("{} · {}", row.number, piece::domain_name(locale, &row.domain)))
                .badge(piece::state_badge(locale, row.state))
                .summary(row.issuer_shown.clone())
                .draw()
        })
        .collect();
    section("races", t(locale, "public.races"), cards(items))
}

fn lists(locale: Locale, page: &HomePage) -> AnyView {
    let content = if page.lists.is_empty() {
        super::lists::empty(locale)
    } else {
        let items = page.lists.iter().map(|list| piece::list_card(locale, list, 3)).collect();
        view! {
            {cards(items)}
            <p><a href=url::lists()>{t(locale, "public.all_lists")}</a></p>
        }
        .into_any()
    };
    section("lists", t(locale, "common.nav_lists"), content)
}

fn latest(locale: Locale, page: &HomePage) -> AnyView {
    if page.results.is_empty() {
        return ().into_any();
    }
    let items = page.results.iter().map(|row| results::card(locale, row)).collect();
    section(
        "results",
        t(locale, "public.latest_results"),
        view! {
            {cards(items)}
            <p><a href=url::results()>{t(locale, "public.all_results")}</a></p>
        },
    )
}

/// Three steps, each in two sentences.
fn how_it_works(locale: Locale) -> AnyView {
    let steps = [
        ("public.how_1_title", "public.how_1_text"),
        ("public.how_2_title", "public.how_2_text"),
        ("public.how_3_title", "public.how_3_text"),
    ];
    let items: Vec<AnyView> = steps
        .into_iter()
        .map(|(title, text)| {
            view! { <li><h3>{t(locale, title)}</h3><p>{t(locale, text)}</p></li> }.into_any()
        })
        .collect();
    section("how", t(locale, "public.how"), view! { <ol class="ways" role="list">{items}</ol> })
}

//! The desk: what waits for the reader, role by role, each with the next act.

use domain::actor::{Actor, Role};
use domain::bid::BidState;
use domain::panel::SeatState;
use domain::permission::Action;
use domain::review::ReviewState;
use domain::view::bid::BidRow;
use domain::view::desk::{DeskRow, OrganiserDesk};
use domain::view::review::SeatRow;
use leptos::prelude::*;

use axum::response::Response;

use super::home_rows::{self, Desk};
use super::parts::{bid_badge, list_badge, may, shown_title};
use crate::catalogue::{name_of, t, tf};
use crate::components::badge::Tone;
use crate::components::{
    Column, Empty, Facet, FacetValue, Heading, Notice, Place, Table, badge, button_link, buttons, cell, day,
    facets, section, when,
};
use crate::context::{Head, Here};
use crate::error::AppError;
use crate::text::Locale;
use crate::url;

/// What each role finds; `None` where the reader does not hold the role.
#[derive(Clone, Debug, Default)]
pub struct DeskHome {
    pub organiser: Option<OrganiserDesk>,
    pub needs: Option<Vec<DeskRow>>,
    pub bids: Option<Vec<BidRow>>,
    pub seats: Option<Vec<SeatRow>>,
}

async fn load(here: &Here) -> Result<DeskHome, AppError> {
    let (store, actor) = (&here.store, &here.actor);
    let mut home = DeskHome::default();
    if may(actor, Action::ReadOrganiserDesk) {
        home.organiser = Some(store::query::desk::organiser(store, actor).await?);
    }
    if actor.has(Role::Issuer) {
        home.needs = Some(store::query::desk::needs(store, actor).await?);
    }
    if actor.has(Role::Team) {
        home.bids = Some(store::query::bid::own_bids(store, actor).await?);
    }
    if actor.has(Role::Expert) {
        home.seats = Some(store::query::review::seats(store, actor).await?);
    }
    Ok(home)
}

pub async fn show(here: Here) -> Result<Response, AppError> {
    here.need_person()?;
    let home = load(&here).await?;
    let (locale, actor) = (here.locale, here.actor.clone());
    here.page(Head::new(here.t("desk.title"), Place::Desk), move || draw(locale, &actor, home)).await
}

pub fn draw(locale: Locale, actor: &Actor, home: DeskHome) -> AnyView {
    let unconfirmed = (!actor.email_confirmed).then(|| {
        let way = button_link(url::account(), t(locale, "desk.home.confirm_way"), false);
        Notice::warn(t(locale, "desk.home.unconfirmed")).foot(buttons(vec![way])).draw(locale)
    });
    let roles: Vec<&str> =
        Role::ALL.iter().filter(|role| actor.has(**role)).map(|role| name_of(locale, "role", role)).collect();
    let heading = Heading::new(t(locale, "desk.title"));
    if roles.is_empty() {
        let heading = heading.lead(tf(locale, "desk.home.hello", &[("name", &actor.name)])).draw();
        return (heading, unconfirmed, newcomer(locale)).into_any();
    }
    let roles = roles.join(t(locale, "desk.separator"));
    let heading =
        heading.lead(tf(locale, "desk.home.roles", &[("name", &actor.name), ("roles", &roles)])).draw();
    (
        heading,
        unconfirmed,
        home.organiser.map(|desk| organiser(locale, &desk)),
        home.seats.map(|seats| expert(locale, &seats)),
        home.bids.map(|bids| team(locale, &bids)),
        home.needs.map(|needs| issuer(locale, &needs)),
        actor.has(Role::Auditor).then(|| auditor(locale)),
    )
        .into_any()
}

/// Someone without any role yet: what there is to become, and how.
fn newcomer(locale: Locale) -> AnyView {
    Empty::new(t(locale, "desk.home.no_role"))
        .text(t(locale, "desk.home.no_role_text"))
        .way(url::account(), t(locale, "desk.home.register_unit"))
        .way(url::challenges(), t(locale, "desk.home.see_challenges"))
        .draw()
}

fn organiser(locale: Locale, desk: &OrganiserDesk) -> AnyView {
    let waiting = if desk.waiting.is_empty() {
        Empty::new(t(locale, "desk.home.nothing_waits"))
            .text(t(locale, "desk.home.nothing_waits_text"))
            .way(url::desk_lists(), t(locale, "desk.lists.title"))
            .way(url::desk_challenges(), t(locale, "desk.challenges.title"))
            .draw()
    } else {
        home_rows::table(locale, "waiting", t(locale, "desk.home.waiting"), Desk::Organiser, &desk.waiting)
    };
    let letters = (desk.dead_letters > 0).then(|| {
        let text = tf(locale, "desk.home.dead_letters", &[("count", &desk.dead_letters.to_string())]);
        let way = button_link(url::desk_letters(), t(locale, "desk.letters.title"), false);
        Notice::warn(text).foot(buttons(vec![way])).draw(locale)
    });
    let values: Vec<FacetValue> = desk
        .counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(state, count)| FacetValue {
            label: name_of(locale, "state", state).to_owned(),
            href: url::with_query(&url::desk_challenges(), &[("state", state.key())]),
            count: Some(u64::from(*count)),
            chosen: false,
        })
        .collect();
    let group = Facet { title: t(locale, "desk.col.state").to_owned(), values };
    let counts = (!group.values.is_empty()).then(|| facets(locale, vec![group], None));
    let ways = buttons(vec![
        button_link(url::desk_challenges(), t(locale, "desk.challenges.title"), false),
        button_link(url::desk_people(), t(locale, "desk.people.title"), false),
        button_link(url::desk_letters(), t(locale, "desk.letters.title"), false),
        button_link(url::desk_audit(), t(locale, "desk.audit.title"), false),
    ]);
    (
        section("organiser", t(locale, "desk.home.organiser"), (letters, waiting)),
        section("overview", t(locale, "desk.home.overview"), (counts, ways)),
        section("lists", t(locale, "desk.lists.title"), lists(locale, desk)),
    )
        .into_any()
}

fn lists(locale: Locale, desk: &OrganiserDesk) -> AnyView {
    let new = buttons(vec![button_link(url::desk_list_new(), t(locale, "desk.lists.new"), false)]);
    if desk.lists.is_empty() {
        return Empty::new(t(locale, "desk.lists.none"))
            .text(t(locale, "desk.lists.none_text"))
            .way(url::desk_list_new(), t(locale, "desk.lists.new"))
            .draw();
    }
    let mut table = Table::new("desk-lists", t(locale, "desk.lists.title")).quiet_caption().columns(vec![
        Column::head(t(locale, "desk.col.list")),
        Column::text(t(locale, "desk.col.state")),
        Column::number(t(locale, "desk.col.challenges")),
    ]);
    for list in &desk.lists {
        let name = format!("{} {}", list.content.number, locale.of(&list.content.title));
        table = table.row(vec![
            cell(view! { <a href=url::desk_list(list.id)>{name}</a> }),
            list_badge(locale, list.state),
            cell(list.challenges.to_string()),
        ]);
    }
    (table.draw(), new).into_any()
}

fn issuer(locale: Locale, needs: &[DeskRow]) -> AnyView {
    let content = if needs.is_empty() {
        Empty::new(t(locale, "desk.needs.none"))
            .text(t(locale, "desk.needs.none_text"))
            .way(url::need_new(), t(locale, "desk.needs.new"))
            .draw()
    } else {
        let ways = buttons(vec![
            button_link(url::need_new(), t(locale, "desk.needs.new"), true),
            button_link(url::desk_needs(), t(locale, "desk.needs.all"), false),
        ]);
        let shown: Vec<DeskRow> = needs.iter().take(10).cloned().collect();
        (home_rows::table(locale, "own-needs", t(locale, "desk.home.issuer"), Desk::Issuer, &shown), ways)
            .into_any()
    };
    section("issuer", t(locale, "desk.home.issuer"), content)
}

fn team(locale: Locale, bids: &[BidRow]) -> AnyView {
    if bids.is_empty() {
        let empty = Empty::new(t(locale, "desk.home.no_bids"))
            .text(t(locale, "desk.home.no_bids_text"))
            .way(url::challenges_with(&[("open", "yes")]), t(locale, "desk.home.find_open"))
            .draw();
        return section("team", t(locale, "desk.home.team"), empty);
    }
    let mut table = Table::new("own-bids", t(locale, "desk.home.team")).quiet_caption().columns(vec![
        Column::head(t(locale, "desk.col.challenge")),
        Column::text(t(locale, "desk.col.state")),
        Column::text(t(locale, "desk.col.next")),
        Column::text(t(locale, "desk.col.deadline")),
    ]);
    for bid in bids.iter().take(10) {
        let name = shown_title(locale, &bid.challenge_number, &bid.challenge_title);
        table = table.row(vec![
            cell(view! { <span class="row-name"><a href=url::challenge(bid.challenge)>{name}</a><span class="row-note">{bid.title.clone()}</span></span> }),
            bid_badge(locale, bid.state),
            bid_act(locale, bid),
            bid.closes_at.map_or_else(|| cell("—"), |at| when(locale, at)),
        ]);
    }
    let ways = buttons(vec![
        button_link(url::desk_bids(), t(locale, "desk.home.all_bids"), false),
        button_link(url::challenges_with(&[("open", "yes")]), t(locale, "desk.home.find_open"), false),
    ]);
    section("team", t(locale, "desk.home.team"), (table.draw(), ways))
}

fn bid_act(locale: Locale, bid: &BidRow) -> AnyView {
    let open = bid.challenge_state.takes_bids();
    let (href, key) = match bid.state {
        BidState::Draft if open => (url::bid(bid.id), "desk.bid.finish"),
        BidState::Submitted if open => (url::bid(bid.id), "desk.bid.replace"),
        BidState::Withdrawn if open => (url::bid(bid.id), "desk.bid.resubmit"),
        BidState::Won | BidState::Lost => (url::letter(bid.id), "desk.bid.letter"),
        _ => (url::bid(bid.id), "desk.bid.read"),
    };
    view! { <a class="next-act" href=href>{t(locale, key)}</a> }.into_any()
}

fn expert(locale: Locale, seats: &[SeatRow]) -> AnyView {
    if seats.is_empty() {
        let empty =
            Empty::new(t(locale, "desk.home.no_seats")).text(t(locale, "desk.home.no_seats_text")).draw();
        return section("expert", t(locale, "desk.home.expert"), empty);
    }
    let mut table = Table::new("own-seats", t(locale, "desk.home.expert")).quiet_caption().columns(vec![
        Column::head(t(locale, "desk.col.challenge")),
        Column::text(t(locale, "desk.col.state")),
        Column::text(t(locale, "desk.col.next")),
        Column::text(t(locale, "desk.col.due")),
    ]);
    for seat in seats.iter().take(20) {
        let name = shown_title(locale, &seat.challenge_number, &seat.challenge_title);
        table = table.row(vec![
            cell(view! { <a href=url::challenge(seat.challenge)>{name}</a> }),
            seat_badge(locale, seat.state),
            seat_act(locale, seat),
            open_sheets(seat)
                .filter_map(|sheet| sheet.due)
                .min()
                .map_or_else(|| cell("—"), |at| day(locale, at)),
        ]);
    }
    let ways = buttons(vec![button_link(url::desk_reviews(), t(locale, "desk.home.all_reviews"), false)]);
    section("expert", t(locale, "desk.home.expert"), (table.draw(), ways))
}

fn seat_badge(locale: Locale, state: SeatState) -> AnyView {
    let tone = match state {
        SeatState::Seated => Tone::Warn,
        SeatState::Declared => Tone::Running,
        SeatState::Recused => Tone::Quiet,
    };
    badge(tone, name_of(locale, "seat_state", &state))
}

fn open_sheets(seat: &SeatRow) -> impl Iterator<Item = &domain::view::review::SheetRow> {
    seat.sheets.iter().filter(|sheet| sheet.state == ReviewState::Assigned)
}

fn seat_act(locale: Locale, seat: &SeatRow) -> AnyView {
    let open = open_sheets(seat).count();
    match (seat.state, open_sheets(seat).next()) {
        (SeatState::Seated, _) => {
            let href = url::declaration(seat.challenge);
            view! { <a class="next-act" href=href>{t(locale, "desk.seat.declare")}</a> }.into_any()
        }
        (SeatState::Declared, Some(sheet)) => {
            let words = tf(locale, "desk.seat.score", &[("count", &open.to_string())]);
            view! { <a class="next-act" href=url::review(sheet.review)>{words}</a> }.into_any()
        }
        _ => view! { <span class="muted">{t(locale, "desk.seat.nothing")}</span> }.into_any(),
    }
}

fn auditor(locale: Locale) -> AnyView {
    let ways = buttons(vec![
        button_link(url::desk_audit(), t(locale, "desk.audit.title"), true),
        button_link(url::desk_challenges(), t(locale, "desk.challenges.title"), false),
    ]);
    let text = view! { <p>{t(locale, "desk.home.auditor_text")}</p> };
    section("auditor", t(locale, "desk.home.auditor"), (text, ways))
}

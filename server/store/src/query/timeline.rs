//! Where a challenge stands: what it has passed and when, where it is and who acts next, what lies ahead.

use std::collections::BTreeMap;

use domain::challenge::{MAIN_LINE, State};
use domain::time::Timestamp;
use domain::view::public::{Standing, TimelineStep};
use entity::{challenge, challenge_event};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::error::StoreError;
use crate::load;

/// More steps than any challenge has taken, returned proposals included.
const EVENTS_MAX: u64 = 200;

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Onlooker {
    /// Sees a decided challenge as one in review.
    Public,
    Desk,
}

/// The main line, with an exit in place of what it cut off.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn timeline(
    connection: &impl ConnectionTrait,
    row: &challenge::Model,
    onlooker: Onlooker,
) -> Result<Vec<TimelineStep>, StoreError> {
    let events = challenge_event::Entity::find()
        .filter(challenge_event::Column::ChallengeId.eq(row.id))
        .order_by_asc(challenge_event::Column::At)
        .order_by_asc(challenge_event::Column::Id)
        .limit(EVENTS_MAX)
        .all(connection)
        .await?;
    let mut reached: BTreeMap<State, Timestamp> = BTreeMap::new();
    reached.insert(State::Draft, Timestamp(row.created_at));
    for event in &events {
        // A proposal that was returned counts from its last time.
        reached.extend(State::from_key(&event.to_state).map(|state| (state, Timestamp(event.at))));
    }
    let mut here = load::state(row)?;
    if onlooker == Onlooker::Public {
        here = here.shown_to_public();
    }
    Ok(draw(here, &reached, row))
}

fn draw(here: State, reached: &BTreeMap<State, Timestamp>, row: &challenge::Model) -> Vec<TimelineStep> {
    let at = |state: State| reached.get(&state).copied();
    let done = |state: State| TimelineStep { state, standing: Standing::Done, at: at(state), who: None };
    let current =
        TimelineStep { state: here, standing: Standing::Here, at: at(here), who: Some(next_to_act(here)) };
    let place = |state: State| MAIN_LINE.iter().position(|known| *known == state);
    // A returned proposal stands between "proposed" and "approved"; an exit behind the last state before it.
    let (before, after) = match (place(here), here) {
        (Some(index), _) => (index, index + 1),
        (None, State::Returned) => (2, 2),
        (None, _) => {
            let last = MAIN_LINE.iter().rposition(|state| reached.contains_key(state));
            (last.map_or(1, |index| index + 1), MAIN_LINE.len())
        }
    };
    let mut steps: Vec<TimelineStep> = MAIN_LINE.iter().take(before).map(|state| done(*state)).collect();
    if here == State::Republished {
        let exits = [State::NoValidBid, State::Cancelled, State::Terminated];
        steps.extend(exits.into_iter().filter(|exit| reached.contains_key(exit)).map(done));
    }
    steps.push(current);
    steps.extend(MAIN_LINE.iter().skip(after).map(|state| TimelineStep {
        state: *state,
        standing: Standing::Ahead,
        at: expected(*state, row),
        who: None,
    }));
    steps
}

fn expected(state: State, row: &challenge::Model) -> Option<Timestamp> {
    match state {
        State::Closed => row.closes_at.map(Timestamp),
        State::Awarded => row.publicity_ends_at.map(Timestamp),
        _ => None,
    }
}

/// Catalogue key `who.<key>`.
const fn next_to_act(state: State) -> &'static str {
    match state {
        State::Draft | State::Returned | State::Acceptance => "issuer",
        State::Proposed
        | State::Approved
        | State::Closed
        | State::Opened
        | State::Eligibility
        | State::Decided
        | State::Awarded
        | State::Contracted => "organiser",
        State::Published | State::Running => "teams",
        State::Review => "experts",
        State::Publicity => "public",
        State::Finished | State::NoValidBid | State::Cancelled | State::Terminated | State::Republished => {
            "nobody"
        }
    }
}

//! The panel on the organiser's desk: who sits on it, and who could.

use std::collections::BTreeMap;

use domain::actor::{MembershipState, Role};
use domain::id::{PersonId, SeatId};
use domain::panel::SeatState;
use domain::review::ReviewState;
use domain::time::Timestamp;
use domain::view::desk::{DeskSeat, ExpertChoice};
use entity::{challenge, conflict, membership, review, seat};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::command::panel_facts::{Belonging, belongings, known};
use crate::connect::Store;
use crate::error::StoreError;

const SEATS: u64 = 200;
/// Experts offered, the least burdened first.
const EXPERTS: u64 = 500;

/// The seats in the order they were given, those given up included.
pub(super) async fn seats(store: &Store, row: &challenge::Model) -> Result<Vec<DeskSeat>, StoreError> {
    let rows = seat::Entity::find()
        .filter(seat::Column::ChallengeId.eq(row.id))
        .order_by_asc(seat::Column::Id)
        .limit(SEATS)
        .all(&store.reader)
        .await?;
    let persons: Vec<Uuid> = rows.iter().map(|seat| seat.person_id).collect();
    let people = belongings(&store.reader, &persons).await?;
    let counts: Vec<(Uuid, i64)> = conflict::Entity::find()
        .select_only()
        .column(conflict::Column::SeatId)
        .column_as(conflict::Column::BidId.count(), "rows")
        .filter(conflict::Column::SeatId.is_in(rows.iter().map(|seat| seat.id)))
        .group_by(conflict::Column::SeatId)
        .into_tuple()
        .all(&store.reader)
        .await?;
    let conflicts: BTreeMap<Uuid, i64> = counts.into_iter().collect();
    rows.into_iter()
        .map(|seat| {
            let who = people.get(&seat.person_id).cloned().unwrap_or_default();
            let conflicts = conflicts.get(&seat.id).copied().unwrap_or(0);
            Ok(DeskSeat {
                seat: SeatId(seat.id),
                person: PersonId(seat.person_id),
                units: who.unit_names(),
                name: who.name,
                state: known(SeatState::from_key, &seat.state)?,
                declared_note: seat.note,
                conflicts: u32::try_from(conflicts).unwrap_or(u32::MAX),
            })
        })
        .collect()
}

/// Active experts who are not seated yet and do not belong to the issuer, the least burdened first.
pub(super) async fn experts(
    store: &Store,
    row: &challenge::Model,
    seats: &[DeskSeat],
    now: Timestamp,
) -> Result<Vec<ExpertChoice>, StoreError> {
    let lasting = Condition::any()
        .add(membership::Column::ExpiresAt.is_null())
        .add(membership::Column::ExpiresAt.gt(now.0));
    let pool: Vec<Option<Uuid>> = membership::Entity::find()
        .select_only()
        .column(membership::Column::PersonId)
        .distinct()
        .filter(membership::Column::Role.eq(Role::Expert.key()))
        .filter(membership::Column::State.eq(MembershipState::Active.key()))
        .filter(lasting)
        .filter(membership::Column::PersonId.is_not_in(seats.iter().map(|seat| seat.person.0)))
        .limit(EXPERTS)
        .into_tuple()
        .all(&store.reader)
        .await?;
    let pool: Vec<Uuid> = pool.into_iter().flatten().collect();
    let mut people: BTreeMap<Uuid, Belonging> = belongings(&store.reader, &pool).await?;
    people.retain(|_, who| !who.units.iter().any(|(unit, _)| *unit == row.issuer_id));
    let loads: Vec<(Uuid, i64)> = review::Entity::find()
        .select_only()
        .column(review::Column::PersonId)
        .column_as(review::Column::Id.count(), "rows")
        .filter(review::Column::PersonId.is_in(pool))
        .filter(review::Column::State.eq(ReviewState::Assigned.key()))
        .group_by(review::Column::PersonId)
        .into_tuple()
        .all(&store.reader)
        .await?;
    let loads: BTreeMap<Uuid, i64> = loads.into_iter().collect();
    let mut choices: Vec<ExpertChoice> = people
        .into_iter()
        .map(|(id, who)| ExpertChoice {
            person: PersonId(id),
            units: who.unit_names(),
            load: loads.get(&id).map_or(0, |load| u32::try_from(*load).unwrap_or(u32::MAX)),
            name: who.name,
        })
        .collect();
    choices.sort_by(|left, right| left.load.cmp(&right.load).then(left.name.cmp(&right.name)));
    Ok(choices)
}

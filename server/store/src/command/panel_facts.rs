//! What the commands on bids, panels, decisions and races share: the challenge's name in notices, the opened bids, and
//! who belongs to which unit. Deliberately absent: decisions (they are `domain`'s).

use std::collections::BTreeMap;

use domain::actor::MembershipState;
use domain::bid::{BidContent, BidState};
use domain::id::BidId;
use domain::notice::About;
use domain::panel::{Conflict, Relation, SeatState, find_conflict};
use entity::{bid, challenge, conflict, membership, organisation, person, seat};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::error::StoreError;
use crate::load;
use crate::tx::Tx;

/// Rows of one insert: far below the number of parameters either database takes.
pub(crate) const INSERT_ROWS: usize = 500;

/// The challenge as a notice names it.
pub(crate) fn about(row: &challenge::Model) -> About {
    About { id: row.id.to_string(), number: row.number.clone().unwrap_or_default(), title: row.title.clone() }
}

/// A stored key as its enum; a word the domain does not know is a fault.
pub(crate) fn known<T>(read: fn(&str) -> Option<T>, key: &str) -> Result<T, StoreError> {
    read(key).ok_or_else(|| StoreError::Broken(format!("unknown key {key}")))
}

pub(crate) fn bid_state(row: &bid::Model) -> Result<BidState, StoreError> {
    known(BidState::from_key, &row.state)
}

/// The bids that were opened: everything submitted and not withdrawn, in the order of their ids.
/// Only for challenges that are no longer sealed.
pub(crate) async fn opened_bids(
    connection: &impl ConnectionTrait,
    challenge: Uuid,
) -> Result<Vec<bid::Model>, StoreError> {
    let hidden = [BidState::Draft.key(), BidState::Withdrawn.key()];
    Ok(bid::Entity::find()
        .filter(bid::Column::ChallengeId.eq(challenge))
        .filter(bid::Column::State.is_not_in(hidden))
        .order_by_asc(bid::Column::Id)
        .all(connection)
        .await?)
}

/// A person's name and the units it belongs to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Belonging {
    pub(crate) name: String,
    pub(crate) units: Vec<(Uuid, String)>,
}

impl Belonging {
    pub(crate) fn unit_names(&self) -> Vec<String> {
        self.units.iter().map(|(_, name)| name.clone()).collect()
    }
}

/// Names and units of persons. A suspended membership still ties a person to the unit; one that was left does not.
pub(crate) async fn belongings(
    connection: &impl ConnectionTrait,
    persons: &[Uuid],
) -> Result<BTreeMap<Uuid, Belonging>, StoreError> {
    let mut found = BTreeMap::new();
    for chunk in persons.chunks(INSERT_ROWS) {
        let rows =
            person::Entity::find().filter(person::Column::Id.is_in(chunk.to_vec())).all(connection).await?;
        found.extend(rows.into_iter().map(|row| (row.id, Belonging { name: row.name, units: Vec::new() })));
        let ties = [MembershipState::Active.key(), MembershipState::Suspended.key()];
        let rows = membership::Entity::find()
            .filter(membership::Column::PersonId.is_in(chunk.to_vec()))
            .filter(membership::Column::State.is_in(ties))
            .all(connection)
            .await?;
        let units: Vec<Uuid> = rows.iter().map(|row| row.organisation_id).collect();
        let names = unit_names(connection, &units).await?;
        for row in rows {
            let (Some(person), Some(name)) = (row.person_id, names.get(&row.organisation_id)) else {
                continue;
            };
            let entry: &mut Belonging = found.entry(person).or_default();
            if !entry.units.iter().any(|(known, _)| *known == row.organisation_id) {
                entry.units.push((row.organisation_id, name.clone()));
            }
        }
    }
    Ok(found)
}

/// The names of organisations by id.
pub(crate) async fn unit_names(
    connection: &impl ConnectionTrait,
    units: &[Uuid],
) -> Result<BTreeMap<Uuid, String>, StoreError> {
    let mut names = BTreeMap::new();
    for chunk in units.chunks(INSERT_ROWS) {
        let rows = organisation::Entity::find()
            .filter(organisation::Column::Id.is_in(chunk.to_vec()))
            .all(connection)
            .await?;
        names.extend(rows.into_iter().map(|row| (row.id, row.name)));
    }
    Ok(names)
}

/// The conflicts that units and names show by themselves, for each seat and bid.
pub(crate) async fn find_conflicts(
    connection: &impl ConnectionTrait,
    challenge: &challenge::Model,
    seats: &[seat::Model],
    bids: &[bid::Model],
) -> Result<Vec<(Uuid, Uuid, Conflict)>, StoreError> {
    let persons: Vec<Uuid> = seats.iter().map(|seat| seat.person_id).collect();
    let experts = belongings(connection, &persons).await?;
    let leads: Vec<Uuid> = bids.iter().map(|bid| bid.lead_unit_id).chain([challenge.issuer_id]).collect();
    let names = unit_names(connection, &leads).await?;
    let name_of = |unit: Uuid| names.get(&unit).map_or("", String::as_str);
    let mut found = Vec::new();
    for bid in bids {
        let Some(content) = &bid.content else { continue };
        let content: BidContent = load::json(content)?;
        for seat in seats {
            let Some(expert) = experts.get(&seat.person_id) else { continue };
            let relation = Relation {
                expert_name: &expert.name,
                expert_units: &expert.unit_names(),
                lead_unit: name_of(bid.lead_unit_id),
                partner_units: &content.partners,
                issuer_unit: name_of(challenge.issuer_id),
                avoid_experts: &content.avoid_experts,
            };
            found.extend(find_conflict(&relation).map(|kind| (seat.id, bid.id, kind)));
        }
    }
    Ok(found)
}

/// Writes the conflicts that are not written yet.
pub(crate) async fn write_conflicts(
    tx: &Tx,
    seats: &[Uuid],
    found: &[(Uuid, Uuid, Conflict)],
) -> Result<(), StoreError> {
    let known = conflicts_of(tx.connection(), seats).await?;
    let mut rows: BTreeMap<(Uuid, Uuid), conflict::ActiveModel> = BTreeMap::new();
    for (seat, bid, kind) in found {
        if !known.contains_key(&(*seat, *bid)) {
            rows.entry((*seat, *bid)).or_insert(conflict::ActiveModel {
                seat_id: Set(*seat),
                bid_id: Set(*bid),
                kind: Set(kind.key().to_owned()),
                created_at: Set(tx.now.0),
            });
        }
    }
    let rows: Vec<conflict::ActiveModel> = rows.into_values().collect();
    for chunk in rows.chunks(INSERT_ROWS) {
        conflict::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

/// Conflicts by seat and bid.
pub(crate) async fn conflicts_of(
    connection: &impl ConnectionTrait,
    seats: &[Uuid],
) -> Result<BTreeMap<(Uuid, Uuid), Conflict>, StoreError> {
    let mut found = BTreeMap::new();
    for chunk in seats.chunks(INSERT_ROWS) {
        let rows = conflict::Entity::find()
            .filter(conflict::Column::SeatId.is_in(chunk.to_vec()))
            .all(connection)
            .await?;
        for row in rows {
            found.insert((row.seat_id, row.bid_id), known(Conflict::from_key, &row.kind)?);
        }
    }
    Ok(found)
}

/// The seats of a challenge that were not given up.
pub(crate) async fn taken_seats(
    connection: &impl ConnectionTrait,
    challenge: Uuid,
) -> Result<Vec<seat::Model>, StoreError> {
    Ok(seat::Entity::find()
        .filter(seat::Column::ChallengeId.eq(challenge))
        .filter(seat::Column::State.ne(SeatState::Recused.key()))
        .order_by_asc(seat::Column::Id)
        .all(connection)
        .await?)
}

/// Ids of rows as the domain names them.
pub(crate) fn ids(bids: &[bid::Model]) -> Vec<BidId> {
    bids.iter().map(|row| BidId(row.id)).collect()
}

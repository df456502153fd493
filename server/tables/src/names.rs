//! From a name in a table to the id the engine works with. Deliberately absent: knowing whether a name exists.

use std::collections::HashMap;

use domain::id::{BidId, PersonId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::cells;
use crate::fault::{Faults, TableProblem};
use crate::rows::{Place, Value};
use crate::scores::said;

/// A bid's id: the text of a UUID is that UUID, any other name is the first sixteen bytes of
/// SHA-256(`unveil:bid:` and the name, UTF-8). The same name gives the same id on every machine.
pub fn bid_id(name: &str) -> BidId {
    BidId(uuid_of("unveil:bid:", name))
}

/// A reviewer's id: as [`bid_id`], with `unveil:reviewer:`.
pub fn reviewer_id(name: &str) -> PersonId {
    PersonId(uuid_of("unveil:reviewer:", name))
}

fn uuid_of(prefix: &str, name: &str) -> Uuid {
    if let Ok(id) = name.parse() {
        return id;
    }
    let digest: [u8; 32] = Sha256::new().chain_update(prefix).chain_update(name).finalize().into();
    let (head, _) = digest.split_first_chunk().unwrap_or((&[0; 16], &[]));
    Uuid::from_bytes(*head)
}

/// Names in the order they first appear, each once.
pub(crate) struct Names {
    pub(crate) list: Vec<String>,
    positions: HashMap<String, usize>,
    id: fn(&str) -> Uuid,
    ids: HashMap<Uuid, usize>,
}

impl Names {
    pub(crate) fn new(id: fn(&str) -> Uuid) -> Self {
        Self { list: Vec::new(), positions: HashMap::new(), id, ids: HashMap::new() }
    }

    /// The position of the name in the cell, new or known; `None` after saying why it is no name.
    pub(crate) fn position(
        &mut self,
        cell: &Value<'_>,
        place: &Place<'_>,
        column: usize,
        faults: &mut Faults,
    ) -> Option<usize> {
        if let Value::Text(text) = cell
            && let Some(known) = self.positions.get(text.as_ref())
        {
            return Some(*known);
        }
        let name = said(cells::name(cell), place, column, faults)?;
        if let Some(known) = self.positions.get(&name) {
            return Some(*known);
        }
        let position = self.list.len();
        let other = self.ids.insert((self.id)(&name), position).and_then(|other| self.list.get(other));
        if let Some(first) = other {
            faults.say(place.fault(column, TableProblem::SameId { first: first.clone() }));
        }
        self.positions.insert(name.clone(), position);
        self.list.push(name);
        Some(position)
    }
}

//! From a name in a table to the id the engine works with. Deliberately absent: knowing whether a name exists.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::id::{BidId, PersonId};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::cells;
use crate::columns::fold;
use crate::fault::{Faults, TableFault, TableProblem};
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

/// Names that people would read as an earlier one, capitals and blanks aside: the earlier one and this one.
pub(crate) fn alike(names: &[String]) -> impl Iterator<Item = (String, String)> + use<> {
    let mut first_of: HashMap<String, &String> = HashMap::new();
    let mut found = Vec::new();
    for name in names {
        match first_of.entry(as_read(name)) {
            Entry::Vacant(free) => {
                free.insert(name);
            }
            Entry::Occupied(first) => found.push(((*first.get()).clone(), name.clone())),
        }
    }
    found.into_iter()
}

/// A name as people read it: every letter in one form (Unicode's NFKC: accents, widths, ligatures), no blanks, nothing that
/// cannot be seen, lower case.
fn as_read(name: &str) -> String {
    let is_seen = |letter: &char| !is_unseen(*letter);
    // Once more after: an accent joins its letter only where nothing stands between, and some signs become unseen ones.
    let seen: String = name.chars().filter(is_seen).nfkc().filter(is_seen).collect();
    // By way of capitals: ß and ss, the two forms of sigma.
    fold(&seen.to_uppercase())
}

/// Signs that leave no trace on the page: those that Unicode calls default ignorable (soft hyphen, fillers, zero-width
/// spaces and joiners, marks of direction, variation selectors, the byte order mark, tags) and the blank of braille.
fn is_unseen(letter: char) -> bool {
    matches!(letter,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Names in the order they first appear, each once, and what they stand for.
pub(crate) struct Names {
    pub(crate) list: Vec<String>,
    positions: HashMap<String, usize>,
    /// For each name.
    ids: Vec<IdOfName>,
    id_of: fn(&str) -> Uuid,
}

/// Where a name's id comes from.
struct IdOfName {
    /// The id and its row. `None`: it comes from the name.
    given: Option<(Uuid, usize)>,
    /// What is wrong, in its place, if another name before stands for the same id.
    twice: TableFault,
}

impl Names {
    /// Names that stand for the id `id_of` makes of them, unless another is given.
    pub(crate) fn new(id_of: fn(&str) -> Uuid) -> Self {
        Self { list: Vec::new(), positions: HashMap::new(), ids: Vec::new(), id_of }
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
        let twice = place.fault(column, TableProblem::SameId { first: String::new() });
        self.ids.push(IdOfName { given: None, twice });
        self.positions.insert(name.clone(), position);
        self.list.push(name);
        Some(position)
    }

    /// Takes the id in the cell, if there is one, for the name at `position`.
    pub(crate) fn give_id(
        &mut self,
        position: usize,
        cell: &Value<'_>,
        (place, column): (&Place<'_>, usize),
        faults: &mut Faults,
    ) {
        let Some(Some(id)) = said(cells::optional(cell, cells::id), place, column, faults) else { return };
        let (Some(name), Some(known)) = (self.list.get(position), self.ids.get_mut(position)) else { return };
        match known.given {
            Some((first, first_row)) if first != id => {
                let (name, first) = (name.clone(), first.to_string());
                let problem = TableProblem::IdDiffers { name, first, first_row };
                faults.say(place.fault(column, problem));
            }
            Some(_) => {}
            None => {
                known.given = Some((id, place.row));
                known.twice = place.fault(column, TableProblem::SameId { first: String::new() });
            }
        }
    }

    /// The names with their ids, after saying which names stand for one id.
    pub(crate) fn finish(self, faults: &mut Faults) -> (Vec<String>, Vec<Uuid>) {
        let mut first_of: HashMap<Uuid, usize> = HashMap::new();
        let mut ids = Vec::with_capacity(self.ids.len());
        for (position, (name, known)) in self.list.iter().zip(self.ids).enumerate() {
            let id = known.given.map_or_else(|| (self.id_of)(name), |(id, _)| id);
            match first_of.entry(id) {
                Entry::Vacant(free) => {
                    free.insert(position);
                }
                Entry::Occupied(first) => {
                    let first = self.list.get(*first.get()).cloned().unwrap_or_default();
                    faults.say(TableFault { problem: TableProblem::SameId { first }, ..known.twice });
                }
            }
            ids.push(id);
        }
        (self.list, ids)
    }
}

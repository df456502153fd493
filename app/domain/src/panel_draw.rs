//! Drawing a panel from a pool by lot, so that anybody can repeat the draw: the seed is chosen before the pool is known and
//! only its SHA-256 is published; once revealed it gives each expert a lot, SHA-256 of the seed followed by the sixteen
//! bytes of the expert's id, and the lowest lots are seated. Who steps in later comes from the same order.
//! Deliberately absent: chance, who may be in the pool, what makes a conflict (`panel`), telling anybody (`notice`).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::PersonId;
use crate::money::Fen;
use crate::panel::check_size;
use crate::refusal::Refusal;

/// An expert who could be drawn. Units and fields are positions in the caller's own lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolExpert {
    pub id: PersonId,
    pub units: Vec<u32>,
    pub fields: Vec<u32>,
    /// A conflict of interest that was known before the draw: never seated.
    pub has_conflict: bool,
}

/// What panel to draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawRule {
    /// Odd, and at least [`crate::panel::smallest_panel`] of the amount.
    pub seats: u32,
    pub amount: Option<Fen>,
    /// Who is at home in any of these may be drawn; with none, everybody.
    pub fields: Vec<u32>,
    /// At most so many seats for experts of one unit.
    pub per_unit: Option<u32>,
}

/// One line of the log. Seating and passing over follow from the draw; recusals come from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum DrawStep {
    Seated {
        expert: PersonId,
    },
    /// Next in the order, but this unit has all the seats it may have. The expert stays on the stand-by list.
    PassedOver {
        expert: PersonId,
        unit: u32,
    },
    /// Leaves the seat or the stand-by list for good.
    Recused {
        expert: PersonId,
    },
    /// Nobody in the order can take these seats.
    Vacant {
        seats: u32,
    },
}

/// Why there is no draw, or no change to one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "refused")]
#[error("{self:?}")]
pub enum DrawRefused {
    /// Too few seats, or an even number.
    Size {
        refusal: Refusal,
    },
    /// The pool seats this many fewer than wanted: `eligible` experts have no conflict and a fitting field, and the
    /// limit per unit leaves out the rest of the difference. With experts of several units each another order may seat
    /// more; a draw does not look for one.
    PoolTooSmall {
        seats: u32,
        eligible: u32,
        missing: u32,
    },
    TwiceInPool {
        expert: PersonId,
    },
    /// Not in the order of this draw.
    NotDrawn {
        expert: PersonId,
    },
    AlreadyRecused {
        expert: PersonId,
    },
}

/// A panel, everybody who may step in, and how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelDraw {
    pub rule: DrawRule,
    /// SHA-256 of the seed, to be published before the pool is closed.
    pub commitment: [u8; 32],
    /// All eligible experts, lowest lot first, with the units that limit them.
    pub order: Vec<Lot>,
    /// In the order they were seated.
    pub seated: Vec<PersonId>,
    pub recused: BTreeSet<PersonId>,
    pub steps: Vec<DrawStep>,
}

/// An eligible expert in the order of the draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    pub expert: PersonId,
    /// Ascending, each once.
    pub units: Vec<u32>,
}

/// SHA-256 of the seed: what is published before the draw.
pub fn commitment(seed: &[u8]) -> [u8; 32] {
    Sha256::digest(seed).into()
}

/// Draws a panel. The order of the pool does not matter.
///
/// # Errors
/// [`DrawRefused::Size`], [`DrawRefused::TwiceInPool`], [`DrawRefused::PoolTooSmall`].
pub fn draw(pool: &[PoolExpert], rule: DrawRule, seed: &[u8]) -> Result<PanelDraw, DrawRefused> {
    check_size(rule.seats, rule.amount).map_err(|refusal| DrawRefused::Size { refusal })?;
    let mut drawn = PanelDraw {
        commitment: commitment(seed),
        order: order(pool, &rule, seed)?,
        rule,
        seated: Vec::new(),
        recused: BTreeSet::new(),
        steps: Vec::new(),
    };
    drawn.fill();
    let (seats, missing) = (drawn.rule.seats, drawn.vacant());
    if missing > 0 {
        return Err(DrawRefused::PoolTooSmall { seats, eligible: drawn.order.len() as u32, missing });
    }
    Ok(drawn)
}

fn order(pool: &[PoolExpert], rule: &DrawRule, seed: &[u8]) -> Result<Vec<Lot>, DrawRefused> {
    let mut seen = BTreeSet::new();
    if let Some(twice) = pool.iter().find(|expert| !seen.insert(expert.id)) {
        return Err(DrawRefused::TwiceInPool { expert: twice.id });
    }
    let is_at_home = |expert: &PoolExpert| {
        rule.fields.is_empty() || expert.fields.iter().any(|field| rule.fields.contains(field))
    };
    let mut lots: Vec<([u8; 32], Lot)> = pool
        .iter()
        .filter(|expert| !expert.has_conflict && is_at_home(expert))
        .map(|expert| {
            let lot = Sha256::new().chain_update(seed).chain_update(expert.id.0.as_bytes()).finalize();
            let units: BTreeSet<u32> = expert.units.iter().copied().collect();
            (lot.into(), Lot { expert: expert.id, units: units.into_iter().collect() })
        })
        .collect();
    lots.sort_unstable_by_key(|(lot, entry)| (*lot, entry.expert));
    Ok(lots.into_iter().map(|(_, entry)| entry).collect())
}

impl PanelDraw {
    /// Seats that nobody has.
    pub fn vacant(&self) -> u32 {
        self.rule.seats.saturating_sub(self.seated.len() as u32)
    }

    /// Who may still step in, in the order they would be asked (the limit per unit may pass one over).
    pub fn stand_by(&self) -> Vec<PersonId> {
        let waiting = self.order.iter().filter(|lot| self.is_waiting(lot.expert));
        waiting.map(|lot| lot.expert).collect()
    }

    /// Takes an expert off the panel or off the stand-by list, for good, and seats the next in the order where a seat is
    /// empty. Nobody else moves. Where nobody is left the seat stays empty: see [`Self::vacant`].
    ///
    /// # Errors
    /// [`DrawRefused::NotDrawn`], [`DrawRefused::AlreadyRecused`]; the panel is then as before.
    pub fn recuse(&mut self, expert: PersonId) -> Result<(), DrawRefused> {
        if !self.order.iter().any(|lot| lot.expert == expert) {
            return Err(DrawRefused::NotDrawn { expert });
        }
        if !self.recused.insert(expert) {
            return Err(DrawRefused::AlreadyRecused { expert });
        }
        self.seated.retain(|&seated| seated != expert);
        self.steps.push(DrawStep::Recused { expert });
        self.fill();
        if self.vacant() > 0 {
            self.steps.push(DrawStep::Vacant { seats: self.vacant() });
        }
        Ok(())
    }

    /// Draws again from the pool and the seed with the recusals of this log, and answers whether order, panel and log come
    /// out the same.
    ///
    /// # Errors
    /// As [`draw`] and [`Self::recuse`]: this pool, rule and seed do not lead to such a log at all.
    pub fn is_repeated_by(&self, pool: &[PoolExpert], seed: &[u8]) -> Result<bool, DrawRefused> {
        let mut again = draw(pool, self.rule.clone(), seed)?;
        for step in &self.steps {
            if let DrawStep::Recused { expert } = step {
                again.recuse(*expert)?;
            }
        }
        Ok(again == *self)
    }

    fn is_waiting(&self, expert: PersonId) -> bool {
        !self.seated.contains(&expert) && !self.recused.contains(&expert)
    }

    /// Goes down the order from the top while seats are empty: somebody passed over before may fit by now.
    fn fill(&mut self) {
        let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
        let seated = self.order.iter().filter(|lot| self.seated.contains(&lot.expert));
        for unit in seated.flat_map(|lot| &lot.units) {
            *taken.entry(*unit).or_insert(0) += 1;
        }
        let limit = self.rule.per_unit.unwrap_or(u32::MAX);
        for at in 0..self.order.len() {
            let Some(lot) = self.order.get(at).filter(|lot| self.vacant() > 0 && self.is_waiting(lot.expert))
            else {
                continue;
            };
            let full = lot.units.iter().find(|unit| taken.get(unit).copied().unwrap_or(0) >= limit);
            if let Some(&unit) = full {
                self.steps.push(DrawStep::PassedOver { expert: lot.expert, unit });
                continue;
            }
            for unit in &lot.units {
                *taken.entry(*unit).or_insert(0) += 1;
            }
            self.seated.push(lot.expert);
            self.steps.push(DrawStep::Seated { expert: lot.expert });
        }
    }
}

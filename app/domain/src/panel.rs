//! The panel of a challenge: seats, declarations of interest, who may score what.
//! Deliberately absent: optimal assignment (`match_reviewers`) and the lot (`panel_draw`); on the site every eligible seat
//! scores every bid, with conflicts removed.

use crate::keyed;
use crate::money::{Fen, WAN_FEN};
use crate::refusal::Refusal;

keyed! {
    /// An expert's seat.
    SeatState { Seated = "seated", Declared = "declared", Recused = "recused" }
}

keyed! {
    /// Why an expert may not score a bid.
    Conflict {
        SameUnit = "same_unit",
        PartnerUnit = "partner_unit",
        Issuer = "issuer",
        NamedAvoidance = "named_avoidance",
        Declared = "declared",
    }
}

/// Panels are odd and have at least five experts; seven from 10 million yuan up (Bidding Law art. 37; procurement
/// rule art. 47 of the Ministry of Finance).
pub const MIN_PANEL: u32 = 5;
pub const MIN_PANEL_LARGE: u32 = 7;
pub const LARGE_AMOUNT: Fen = Fen(1_000 * WAN_FEN);

/// The smallest panel for an amount.
pub fn smallest_panel(amount: Option<Fen>) -> u32 {
    if amount.is_some_and(|amount| amount >= LARGE_AMOUNT) { MIN_PANEL_LARGE } else { MIN_PANEL }
}

/// # Errors
/// [`Refusal::PanelTooSmall`], [`Refusal::PanelEven`].
pub fn check_size(seats: u32, amount: Option<Fen>) -> Result<(), Refusal> {
    let need = smallest_panel(amount);
    if seats < need {
        return Err(Refusal::PanelTooSmall { have: seats, need });
    }
    if seats.is_multiple_of(2) { Err(Refusal::PanelEven) } else { Ok(()) }
}

/// What is known about an expert and a bid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relation<'a> {
    pub expert_name: &'a str,
    pub expert_units: &'a [String],
    pub lead_unit: &'a str,
    pub partner_units: &'a [String],
    pub issuer_unit: &'a str,
    /// The bidder's own words on whom it wants to avoid.
    pub avoid_experts: &'a str,
}

/// Conflicts that need no declaration: the units and names speak.
pub fn find_conflict(relation: &Relation<'_>) -> Option<Conflict> {
    let same = |unit: &str| {
        !unit.trim().is_empty() && relation.expert_units.iter().any(|own| own.trim() == unit.trim())
    };
    if same(relation.lead_unit) {
        return Some(Conflict::SameUnit);
    }
    if relation.partner_units.iter().any(|unit| same(unit)) {
        return Some(Conflict::PartnerUnit);
    }
    if same(relation.issuer_unit) {
        return Some(Conflict::Issuer);
    }
    let named = !relation.expert_name.trim().is_empty()
        && relation.avoid_experts.contains(relation.expert_name.trim());
    named.then_some(Conflict::NamedAvoidance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_are_odd_and_large_enough() {
        let check = |seats, wan: i64, expected: Result<(), Refusal>| {
            assert_eq!(check_size(seats, Some(Fen(wan * WAN_FEN))), expected, "{seats} seats, {wan} wan");
        };
        check(4, 100, Err(Refusal::PanelTooSmall { have: 4, need: 5 }));
        check(5, 100, Ok(()));
        check(6, 100, Err(Refusal::PanelEven));
        check(5, 999, Ok(()));
        check(5, 1000, Err(Refusal::PanelTooSmall { have: 5, need: 7 }));
        check(7, 1000, Ok(()));
    }

    #[test]
    fn conflicts_are_found_without_being_declared() {
        let units = vec!["安顺学院".to_owned()];
        let partners = vec!["贵州大学".to_owned()];
        let base = Relation {
            expert_name: "Okafor",
            expert_units: &units,
            lead_unit: "清华大学",
            partner_units: &partners,
            issuer_unit: "贵州重晶石公司",
            avoid_experts: "",
        };
        assert_eq!(find_conflict(&base), None);
        assert_eq!(
            find_conflict(&Relation { lead_unit: " 安顺学院 ", ..base.clone() }),
            Some(Conflict::SameUnit)
        );
        assert_eq!(
            find_conflict(&Relation { issuer_unit: "安顺学院", ..base.clone() }),
            Some(Conflict::Issuer)
        );
        let avoided = Relation { avoid_experts: "Dr Okafor, once a rival", ..base };
        assert_eq!(find_conflict(&avoided), Some(Conflict::NamedAvoidance));
    }
}

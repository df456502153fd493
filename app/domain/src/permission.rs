//! Who may do what. The command enforces it; the page asks the same question to decide what to draw.
//! Deliberately absent: loading facts. The whole table is a committed snapshot (`tests/it/permission_matrix.txt`).

use crate::actor::{Actor, Role};
use crate::id::{OrganisationId, PersonId};
use crate::keyed;
use crate::refusal::Refusal;

keyed! {
    /// Every act that is not open to everyone.
    Action {
        ReadOwnAccount = "read_own_account",
        RegisterUnit = "register_unit",
        InviteMember = "invite_member",
        DraftNeed = "draft_need",
        EditNeed = "edit_need",
        ProposeNeed = "propose_need",
        ReadNeed = "read_need",
        SettleNeed = "settle_need",
        EditRule = "edit_rule",
        BuildList = "build_list",
        PublishList = "publish_list",
        ReadOrganiserDesk = "read_organiser_desk",
        CloseChallenge = "close_challenge",
        OpenBids = "open_bids",
        SettleEligibility = "settle_eligibility",
        SeatPanel = "seat_panel",
        AssignReviews = "assign_reviews",
        ReadPanelSheet = "read_panel_sheet",
        ProposeDecision = "propose_decision",
        ApplyDecision = "apply_decision",
        Publicise = "publicise",
        Award = "award",
        AdvanceProject = "advance_project",
        CancelChallenge = "cancel_challenge",
        DraftBid = "draft_bid",
        EditBid = "edit_bid",
        SubmitBid = "submit_bid",
        WithdrawBid = "withdraw_bid",
        ReadBid = "read_bid",
        ReadReceipt = "read_receipt",
        DeclareInterest = "declare_interest",
        ReadSheet = "read_sheet",
        WriteSheet = "write_sheet",
        OpenGate = "open_gate",
        DecideGate = "decide_gate",
        WithdrawFromRace = "withdraw_from_race",
        ReadAuditLog = "read_audit_log",
        ReadDeadLetters = "read_dead_letters",
    }
}

/// What the decision needs to know about the thing acted on. Absent facts are `None` or `false`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The unit that posted the challenge.
    pub issuer: Option<OrganisationId>,
    /// The unit that leads the bid.
    pub lead_unit: Option<OrganisationId>,
    /// The person a sheet, a seat or an account belongs to.
    pub owner: Option<PersonId>,
    /// Bids of the challenge may not be read yet.
    pub sealed: bool,
    /// The expert holds a seat and has declared interests.
    pub declared: bool,
    /// The expert holds a seat on the challenge's panel.
    pub seated: bool,
    /// A conflict of interest stands between the expert and the bid.
    pub conflict: bool,
    /// The bid has won: its issuer may read it.
    pub awarded: bool,
}

/// May `actor` do `action` to the thing `facts` describe?
///
/// # Errors
/// [`Refusal::SignInNeeded`] for the public; [`Refusal::NotFound`] where even the existence of the thing is private
/// to others; [`Refusal::NotAllowed`] where it is known but not theirs to do; [`Refusal::DeclarationNeeded`] and
/// [`Refusal::ConflictOfInterest`] for experts.
pub fn decide(actor: &Actor, action: Action, facts: &Facts) -> Result<(), Refusal> {
    let Some(person) = actor.person else { return Err(Refusal::SignInNeeded) };
    let allow = |yes: bool, otherwise: Refusal| if yes { Ok(()) } else { Err(otherwise) };
    let of_issuer = facts.issuer.is_some_and(|unit| actor.has_in(Role::Issuer, unit));
    let of_team = facts.lead_unit.is_some_and(|unit| actor.has_in(Role::Team, unit));
    let owns = facts.owner == Some(person);
    let organiser = actor.has(Role::Organiser);
    let auditor = actor.has(Role::Auditor);
    match action {
        Action::ReadOwnAccount => allow(owns, Refusal::NotFound),
        Action::RegisterUnit => allow(actor.email_confirmed, Refusal::EmailUnconfirmed),
        // `lead_unit` is the unit invited into; expert and auditor roles are given by organisers.
        Action::InviteMember => {
            allow(facts.lead_unit.is_some_and(|unit| actor.is_in(unit)), Refusal::NotAllowed)
        }
        Action::DraftNeed => confirmed_with(actor, Role::Issuer),
        Action::EditNeed | Action::ProposeNeed => allow(of_issuer, Refusal::NotFound),
        Action::ReadNeed => allow(of_issuer || organiser || auditor, Refusal::NotFound),
        Action::SettleNeed
        | Action::EditRule
        | Action::BuildList
        | Action::PublishList
        | Action::ReadOrganiserDesk
        | Action::CloseChallenge
        | Action::OpenBids
        | Action::SettleEligibility
        | Action::SeatPanel
        | Action::AssignReviews
        | Action::ProposeDecision
        | Action::ApplyDecision
        | Action::Publicise
        | Action::Award
        | Action::AdvanceProject
        | Action::CancelChallenge
        | Action::OpenGate
        | Action::DecideGate
        | Action::ReadDeadLetters => allow(organiser, Refusal::NotFound),
        Action::ReadPanelSheet => allow((organiser || auditor) && !facts.sealed, Refusal::NotFound),
        Action::DraftBid => {
            // The issuer of a challenge does not bid on it.
            allow(!of_issuer, Refusal::ConflictOfInterest)?;
            confirmed_with(actor, Role::Team)
        }
        Action::EditBid
        | Action::SubmitBid
        | Action::WithdrawBid
        | Action::ReadReceipt
        | Action::WithdrawFromRace => allow(of_team, Refusal::NotFound),
        Action::ReadBid => read_bid(actor, facts, of_team, of_issuer),
        Action::DeclareInterest => allow(owns && facts.seated, Refusal::NotFound),
        Action::ReadSheet | Action::WriteSheet => expert_on_bid(facts, owns),
        Action::ReadAuditLog => allow(auditor || organiser, Refusal::NotFound),
    }
}

fn confirmed_with(actor: &Actor, role: Role) -> Result<(), Refusal> {
    if !actor.email_confirmed {
        return Err(Refusal::EmailUnconfirmed);
    }
    if actor.has(role) { Ok(()) } else { Err(Refusal::MembershipNotActive) }
}

/// The team always; nobody else while sealed; then organiser and auditor; the declared expert without conflict;
/// the issuer once the bid has won.
fn read_bid(actor: &Actor, facts: &Facts, of_team: bool, of_issuer: bool) -> Result<(), Refusal> {
    if of_team {
        return Ok(());
    }
    if facts.sealed {
        return Err(Refusal::NotFound);
    }
    if actor.has(Role::Organiser) || actor.has(Role::Auditor) || (of_issuer && facts.awarded) {
        return Ok(());
    }
    expert_on_bid(facts, facts.seated)
}

fn expert_on_bid(facts: &Facts, owns: bool) -> Result<(), Refusal> {
    if !owns || !facts.seated || facts.sealed {
        return Err(Refusal::NotFound);
    }
    if facts.conflict {
        return Err(Refusal::ConflictOfInterest);
    }
    if facts.declared { Ok(()) } else { Err(Refusal::DeclarationNeeded) }
}

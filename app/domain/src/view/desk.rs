//! The organiser's and the issuer's desks.

use crate::bid::BidState;
use crate::challenge::{State, Step, Typed};
use crate::decision::Decision;
use crate::id::{BidId, ChallengeId, ListId, PersonId, ReviewId, SeatId};
use crate::list::{ListContent, ListState};
use crate::money::Fen;
use crate::panel::SeatState;
use crate::race::{GateState, TeamState};
use crate::review::ReviewState;
use crate::rule::Rule;
use crate::time::Timestamp;
use crate::view::public::TimelineStep;
use crate::view::race::RaceBoard;

/// One challenge and what waits to be done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskRow {
    pub id: ChallengeId,
    pub number: String,
    pub title: String,
    pub issuer_shown: String,
    pub state: State,
    pub closes_at: Option<Timestamp>,
    pub amount: Option<Fen>,
    /// Catalogue key `next.<key>`: the next act of the reader, if one waits.
    pub next: Option<&'static str>,
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganiserDesk {
    /// Everything on which the organiser can act now, oldest first.
    pub waiting: Vec<DeskRow>,
    pub lists: Vec<DeskList>,
    pub counts: Vec<(State, u32)>,
    pub dead_letters: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskList {
    pub id: ListId,
    pub content: ListContent,
    pub state: ListState,
    pub publish_at: Option<Timestamp>,
    pub published_at: Option<Timestamp>,
    pub challenges: u32,
}

/// Building a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskListPage {
    pub list: DeskList,
    pub version: i64,
    pub members: Vec<DeskRow>,
    /// Approved challenges without a list.
    pub candidates: Vec<DeskRow>,
    /// Challenges that still keep the list from being published: incomplete rule or no deadline.
    pub blockers: Vec<(ChallengeId, String)>,
}

/// A need: the issuer's form, and the organiser's view of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedPage {
    pub id: ChallengeId,
    pub state: State,
    pub typed: Typed,
    pub version: i64,
    pub saved_at: Timestamp,
    pub returned_reason: String,
    pub issuer_unit: String,
    pub may_edit: bool,
    pub may_settle: bool,
}

/// The organiser's view of one challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskChallengePage {
    pub id: ChallengeId,
    pub number: String,
    pub title: String,
    pub amount: Option<Fen>,
    pub state: State,
    pub version: i64,
    pub list: Option<(ListId, ListContent)>,
    pub closes_at: Option<Timestamp>,
    pub publicity_ends_at: Option<Timestamp>,
    pub timeline: Vec<TimelineStep>,
    pub rule: Rule,
    pub rule_sha256: Option<String>,
    /// The rule form as it was last saved, readable or not; empty before the first save and for old rules.
    pub rule_typed: Typed,
    /// What keeps it from being published.
    pub rule_problems: Vec<crate::refusal::FieldError>,
    /// Steps the state table allows from here.
    pub steps: Vec<Step>,
    /// Empty while sealed: not even the number of bids is known.
    pub bids: Vec<DeskBid>,
    pub seats: Vec<DeskSeat>,
    /// Experts who may still be seated.
    pub experts: Vec<ExpertChoice>,
    pub smallest_panel: u32,
    pub decision: Option<(crate::decision::DecisionState, Decision)>,
    /// Which stage is being scored: 0 selection, n gate n.
    pub stage: u32,
    pub sheets_missing: u32,
    pub gates: Vec<DeskGate>,
    pub race: Option<RaceBoard>,
    pub history: Vec<HistoryRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskBid {
    pub id: BidId,
    pub title: String,
    pub unit: String,
    pub state: BidState,
    pub submitted_at: Option<Timestamp>,
    pub asked: Fen,
    pub eligibility_reason: String,
    pub sheets: Vec<DeskSheet>,
    pub team_state: Option<TeamState>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskSheet {
    pub review: ReviewId,
    pub seat: SeatId,
    pub expert: String,
    pub gate: u32,
    pub state: ReviewState,
    /// Present once submitted.
    pub total_milli: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskSeat {
    pub seat: SeatId,
    pub person: PersonId,
    pub name: String,
    pub units: Vec<String>,
    pub state: SeatState,
    pub declared_note: String,
    pub conflicts: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpertChoice {
    pub person: PersonId,
    pub name: String,
    pub units: Vec<String>,
    /// Sheets waiting on this expert elsewhere.
    pub load: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskGate {
    pub number: u32,
    pub state: GateState,
    pub sheets_missing: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    pub at: Timestamp,
    pub who: String,
    pub from: State,
    pub to: State,
    pub note: String,
}

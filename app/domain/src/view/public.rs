//! What anyone may read.

use crate::challenge::{Content, State};
use crate::id::{BidId, ChallengeId, ListId};
use crate::list::ListContent;
use crate::money::Fen;
use crate::rule::Rule;
use crate::time::Timestamp;
use crate::view::Page;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListCard {
    pub id: ListId,
    pub content: ListContent,
    pub published_at: Option<Timestamp>,
    pub challenges: u32,
    pub amount_total: Fen,
    /// The earliest deadline still ahead among its challenges.
    pub closes_next: Option<Timestamp>,
    /// Challenges per public state, in the order of the main line.
    pub states: Vec<(State, u32)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChallengeCard {
    pub id: ChallengeId,
    pub number: String,
    pub title: String,
    pub title_en: String,
    pub domain: String,
    pub issuer_shown: String,
    pub amount: Option<Fen>,
    pub state: State,
    pub closes_at: Option<Timestamp>,
    pub has_race: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HomeCounts {
    pub lists: u32,
    pub open: u32,
    pub in_review: u32,
    pub racing: u32,
    pub finished: u32,
    pub amount_open: Fen,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HomePage {
    pub counts: HomeCounts,
    pub lists: Vec<ListCard>,
    pub closing_soon: Vec<ChallengeCard>,
    pub races: Vec<ChallengeCard>,
    pub results: Vec<ResultRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPage {
    pub card: ListCard,
    pub challenges: Page<ChallengeCard>,
}

/// One stop on a challenge's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineStep {
    pub state: State,
    pub standing: Standing,
    /// When it was reached, or when it is expected (deadline, end of publicity, gate).
    pub at: Option<Timestamp>,
    /// Who acts next, as a catalogue key `who.<key>`; only on the current step.
    pub who: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Done,
    Here,
    Ahead,
}

/// A published rule with its seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrozenRule {
    pub rule: Rule,
    pub canonical: String,
    pub sha256: String,
}

/// What this reader may do on the challenge page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChallengeDoors {
    /// May start a bid now (signed in, team role, open, not the issuer, none yet).
    pub may_bid: bool,
    /// The own unit's bid, whatever its state.
    pub own_bid: Option<BidId>,
    pub organiser: bool,
    pub issuer: bool,
    pub follows_domain: bool,
    pub signed_in: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChallengePage {
    pub id: ChallengeId,
    pub number: String,
    pub list: Option<(ListId, ListContent)>,
    pub content: Content,
    pub state: State,
    pub published_at: Option<Timestamp>,
    pub closes_at: Option<Timestamp>,
    pub publicity_ends_at: Option<Timestamp>,
    pub publicity_calendar_known: bool,
    pub timeline: Vec<TimelineStep>,
    pub rule: Option<FrozenRule>,
    pub winners: Option<ResultRow>,
    pub doors: ChallengeDoors,
}

/// A result as far as it is public: winners always, scores where the rule says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultRow {
    pub challenge: ChallengeId,
    pub number: String,
    pub title: String,
    pub title_en: String,
    pub state: State,
    pub winners: Vec<PublicWinner>,
    pub bids_ranked: u32,
    pub publicity_from: Option<Timestamp>,
    pub publicity_ends_at: Option<Timestamp>,
    pub rule_sha256: String,
    /// Hex; published with the decision so that the draw can be recomputed.
    pub draw_seed: String,
    pub has_race: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicWinner {
    pub unit: String,
    pub bid_title: String,
    pub total_milli: Option<i64>,
    pub rank: u32,
}

crate::keyed! {
    SearchSort { Newest = "newest", Deadline = "deadline", Amount = "amount" }
}

crate::keyed! {
    /// Bands in use on public platforms: up to 0.1, 0.5, 1, 5 million yuan, and above.
    AmountBand {
        UpTo10Wan = "up_to_10",
        UpTo50Wan = "up_to_50",
        UpTo100Wan = "up_to_100",
        UpTo500Wan = "up_to_500",
        Above500Wan = "above_500",
        NotStated = "not_stated",
    }
}

impl AmountBand {
    /// Fen range `(above, up to and including)`; `None` for [`AmountBand::NotStated`].
    pub const fn range_fen(self) -> Option<(i64, i64)> {
        use crate::money::{MAX_FEN, WAN_FEN};
        match self {
            Self::UpTo10Wan => Some((0, 10 * WAN_FEN)),
            Self::UpTo50Wan => Some((10 * WAN_FEN, 50 * WAN_FEN)),
            Self::UpTo100Wan => Some((50 * WAN_FEN, 100 * WAN_FEN)),
            Self::UpTo500Wan => Some((100 * WAN_FEN, 500 * WAN_FEN)),
            Self::Above500Wan => Some((500 * WAN_FEN, MAX_FEN)),
            Self::NotStated => None,
        }
    }
}

/// A search as the address says it. Unknown values are dropped, never an error: addresses are typed by people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchQuery {
    pub words: String,
    pub domain: Option<String>,
    pub state: Option<State>,
    pub amount: Option<AmountBand>,
    /// Only challenges whose deadline is ahead.
    pub open_only: bool,
    pub sort: Option<SearchSort>,
    pub after: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchPage {
    pub query: SearchQuery,
    pub hits: Page<ChallengeCard>,
    pub total: u64,
    pub domains: Vec<(String, u64)>,
    pub states: Vec<(State, u64)>,
    pub amounts: Vec<(AmountBand, u64)>,
}

//! What must hold of the database: each a query that must return no row. Run by `unveil check` and after tests.

use sea_orm::{ConnectionTrait, Statement};

use crate::connect::Store;
use crate::error::StoreError;

/// Name and query.
pub const INVARIANTS: &[(&str, &str)] = &[
    (
        "a published challenge has a number, a frozen rule with its hash and a deadline",
        "SELECT id FROM challenge WHERE state NOT IN ('draft', 'proposed', 'returned', 'approved', 'cancelled') \
         AND (number IS NULL OR rule IS NULL OR rule_sha256 IS NULL OR closes_at IS NULL)",
    ),
    (
        "a submitted bid has content, a hash and a receipt",
        "SELECT id FROM bid WHERE state NOT IN ('draft', 'withdrawn') \
         AND (content IS NULL OR content_sha256 IS NULL OR receipt IS NULL OR submitted_at IS NULL)",
    ),
    (
        "no bid was received after its deadline",
        "SELECT bid.id FROM bid JOIN challenge ON challenge.id = bid.challenge_id \
         WHERE bid.submitted_at > challenge.closes_at",
    ),
    (
        "no bid is judged before the opening",
        "SELECT bid.id FROM bid JOIN challenge ON challenge.id = bid.challenge_id \
         WHERE bid.state IN ('eligible', 'ineligible', 'won', 'lost') AND challenge.state IN ('published', 'closed')",
    ),
    (
        "nobody bids on the own unit's challenge",
        "SELECT bid.id FROM bid JOIN challenge ON challenge.id = bid.challenge_id \
         WHERE bid.lead_unit_id = challenge.issuer_id",
    ),
    (
        "a submitted sheet has content and a total",
        "SELECT id FROM review WHERE state = 'submitted' AND (content IS NULL OR total_milli IS NULL)",
    ),
    (
        // A conflict declared after a stage was decided leaves that stage's sheets where the result rests on them.
        "no sheet was handed in against a known conflict of interest",
        "SELECT review.id FROM review JOIN conflict ON conflict.seat_id = review.seat_id \
         AND conflict.bid_id = review.bid_id \
         WHERE review.state = 'submitted' AND review.submitted_at > conflict.created_at",
    ),
    (
        "a decided challenge has an applied decision",
        "SELECT challenge.id FROM challenge LEFT JOIN decision ON decision.challenge_id = challenge.id \
         WHERE challenge.state IN ('decided', 'publicity', 'awarded', 'contracted', 'running', 'acceptance', 'finished') \
         AND (decision.state IS NULL OR decision.state <> 'applied')",
    ),
    (
        "publicity has an end",
        "SELECT id FROM challenge WHERE state = 'publicity' AND publicity_ends_at IS NULL",
    ),
    (
        "a race has at most one winner",
        "SELECT challenge_id FROM racing_team WHERE state = 'won' GROUP BY challenge_id HAVING COUNT(*) > 1",
    ),
    (
        "every ranked bid of an applied decision has its result letter",
        "SELECT decision.challenge_id FROM decision WHERE decision.state = 'applied' AND \
         (SELECT COUNT(*) FROM notice WHERE notice.kind = 'result' AND notice.challenge_id = decision.challenge_id) < \
         (SELECT COUNT(*) FROM bid WHERE bid.state IN ('won', 'lost') AND bid.challenge_id = decision.challenge_id)",
    ),
    (
        "bids win and lose only by an applied decision",
        "SELECT bid.id FROM bid LEFT JOIN decision ON decision.challenge_id = bid.challenge_id \
         WHERE bid.state IN ('won', 'lost') AND (decision.state IS NULL OR decision.state <> 'applied')",
    ),
    (
        "a bid that was never handed in, or was taken back, holds nothing to open",
        "SELECT id FROM bid WHERE state IN ('draft', 'withdrawn') AND (content IS NOT NULL OR submitted_at IS NOT NULL)",
    ),
    (
        "a sheet belongs to the challenge, the person and the panel it names",
        "SELECT review.id FROM review JOIN bid ON bid.id = review.bid_id JOIN seat ON seat.id = review.seat_id \
         WHERE bid.challenge_id <> review.challenge_id OR seat.challenge_id <> review.challenge_id \
         OR seat.person_id <> review.person_id",
    ),
    (
        "only winners race",
        "SELECT racing_team.bid_id FROM racing_team JOIN bid ON bid.id = racing_team.bid_id \
         WHERE bid.state <> 'won' OR bid.challenge_id <> racing_team.challenge_id",
    ),
    (
        "one gate of a race is open at a time, and it is the challenge's stage",
        "SELECT gate.challenge_id FROM gate JOIN challenge ON challenge.id = gate.challenge_id \
         WHERE gate.state = 'open' AND challenge.stage <> gate.number",
    ),
    (
        "a decided gate has its ranking and a line for each team that reached it",
        "SELECT gate.challenge_id FROM gate WHERE gate.state = 'decided' AND (gate.ranking IS NULL OR NOT EXISTS (\
         SELECT 1 FROM gate_line WHERE gate_line.challenge_id = gate.challenge_id AND gate_line.gate = gate.number))",
    ),
    (
        "a sent letter holds no live one-time link",
        "SELECT id FROM notice WHERE state = 'sent' AND kind IN ('confirm_address', 'reset_password', 'invited') \
         AND body NOT LIKE '%\"token\":\"\"%'",
    ),
    (
        "only public challenges are in the search index",
        "SELECT search_term.token FROM search_term JOIN challenge ON challenge.id = search_term.challenge_id \
         WHERE challenge.state IN ('draft', 'proposed', 'returned', 'approved')",
    ),
];

/// The names of the invariants that do not hold, with the number of rows (at most 1,000 counted).
///
/// # Errors
/// When the database does not answer.
pub async fn find_violations(store: &Store) -> Result<Vec<(&'static str, usize)>, StoreError> {
    let backend = store.reader.get_database_backend();
    let mut broken = Vec::new();
    for (name, sql) in INVARIANTS {
        let statement = Statement::from_string(backend, format!("{sql} LIMIT 1000"));
        let rows = store.reader.query_all_raw(statement).await?;
        if !rows.is_empty() {
            broken.push((*name, rows.len()));
        }
    }
    Ok(broken)
}

//! The text of a search. One condition for the hits and the figures beside them, so that they always agree.

use domain::challenge::{DOMAINS, State};
use domain::time::Timestamp;
use domain::view::public::{AmountBand, SearchQuery, SearchSort};
use sea_orm::{DbBackend, Value};
use uuid::Uuid;

use crate::query::cards::VISIBLE;
use crate::query::cursor;
use crate::search::{self, QueryWords};

/// The shortest beginning of a word that is searched for as one.
const PREFIX_MIN: usize = 3;
/// Deadlines to come stand before those that have passed; later than any deadline, and twice it still fits.
const FAR: i64 = 1 << 52;

/// A condition under construction: its text, and the values of its places.
pub(super) struct Sql {
    pub text: String,
    pub values: Vec<Value>,
}

impl Sql {
    fn place(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn and(&mut self, condition: &str) {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
    }
}

/// What is left of a query after everything unknown was dropped.
pub(super) fn understood(query: SearchQuery) -> SearchQuery {
    // To the public nothing is decided before publicity, and nothing exists before publication.
    let is_told = |state: &State| state.is_public() && state.shown_to_public() == *state;
    SearchQuery {
        words: query.words.chars().filter(|c| !c.is_control()).take(domain::words::QUERY_MAX).collect(),
        domain: query.domain.filter(|domain| DOMAINS.contains(&domain.as_str())),
        state: query.state.filter(is_told),
        ..query
    }
}

/// Visible, with all words, and open if asked: the set that facets are counted on.
pub(super) fn base(backend: DbBackend, query: &SearchQuery, now: Timestamp) -> Sql {
    let mut sql = Sql { text: VISIBLE.to_owned(), values: Vec::new() };
    let QueryWords { mut exact, prefix } = search::query_words(&query.words);
    // One or two letters begin too many words to be of any use as a beginning.
    let (prefix, short) = match prefix {
        Some(word) if word.chars().count() < PREFIX_MIN => (None, Some(word)),
        other => (other, None),
    };
    exact.extend(short);
    let with = |condition: &str| {
        format!("challenge.id IN (SELECT search_term.challenge_id FROM search_term WHERE {condition})")
    };
    for word in exact {
        let place = sql.place(word);
        sql.and(&with(&format!("search_term.token = {place}")));
    }
    if let Some(prefix) = prefix {
        // Words compare by their bytes on both databases, whatever language the server speaks.
        let token = match backend {
            DbBackend::Postgres => "search_term.token COLLATE \"C\"",
            _ => "search_term.token",
        };
        let (first, last) = (sql.place(prefix.clone()), sql.place(format!("{prefix}\u{10FFFF}")));
        sql.and(&with(&format!("{token} >= {first} AND {token} < {last}")));
    }
    if query.open_only {
        let place = sql.place(now.0);
        sql.and(&format!("challenge.state = 'published' AND challenge.closes_at >= {place}"));
    }
    sql
}

/// One filter each for domain, state and amount.
pub(super) fn narrow(sql: &mut Sql, query: &SearchQuery) {
    if let Some(domain) = &query.domain {
        let place = sql.place(domain.clone());
        sql.and(&format!("challenge.domain = {place}"));
    }
    if let Some(state) = query.state {
        let stored: Vec<String> = State::ALL
            .iter()
            .filter(|stored| stored.shown_to_public() == state)
            .map(|stored| format!("'{}'", stored.key()))
            .collect();
        sql.and(&format!("challenge.state IN ({})", stored.join(", ")));
    }
    match query.amount.map(AmountBand::range_fen) {
        None => {}
        Some(None) => sql.and("challenge.amount_fen IS NULL"),
        Some(Some((above, up_to))) => {
            let (above, up_to) = (sql.place(above), sql.place(up_to));
            sql.and(&format!("challenge.amount_fen > {above} AND challenge.amount_fen <= {up_to}"));
        }
    }
}

/// The band of an amount, as text.
pub(super) fn band() -> String {
    let mut text = "CASE".to_owned();
    for band in AmountBand::ALL {
        match band.range_fen() {
            Some((_, up_to)) if *band != AmountBand::Above500Wan => {
                text.push_str(&format!(" WHEN challenge.amount_fen <= {up_to} THEN '{}'", band.key()));
            }
            Some(_) => {}
            None => text.push_str(&format!(" WHEN challenge.amount_fen IS NULL THEN '{}'", band.key())),
        }
    }
    text.push_str(&format!(" ELSE '{}' END", AmountBand::Above500Wan.key()));
    text
}

/// The key of the last row seen: the sort's number, the id, and the moment the first page was read at, so that
/// deadlines passing meanwhile shuffle nothing.
pub(super) type Key = (i64, Uuid, i64);

/// The sort's number, and the direction.
pub(super) struct Order {
    pub key: String,
    pub descending: bool,
    pub moment: i64,
}

/// How hits are ordered, and from where on when `query.after` can be read.
pub(super) fn order(sql: &mut Sql, query: &SearchQuery, now: Timestamp) -> Order {
    let after: Option<Key> = cursor::read(query.after.as_deref());
    let moment = after.map_or(now.0, |(_, _, moment)| moment);
    let (key, descending) = match query.sort.unwrap_or(SearchSort::Newest) {
        SearchSort::Newest => ("challenge.published_at".to_owned(), true),
        SearchSort::Amount => ("COALESCE(challenge.amount_fen, -1)".to_owned(), true),
        SearchSort::Deadline => {
            let (moment, far) = (sql.place(moment), sql.place(FAR));
            let key = format!(
                "CASE WHEN challenge.closes_at >= {moment} THEN challenge.closes_at \
                 ELSE 2 * {far} - challenge.closes_at END"
            );
            (key, false)
        }
    };
    if let Some((last, id, _)) = after {
        let sign = if descending { "<" } else { ">" };
        let (last, id) = (sql.place(last), sql.place(id));
        sql.and(&format!("({key} {sign} {last} OR ({key} = {last} AND challenge.id {sign} {id}))"));
    }
    Order { key, descending, moment }
}

//! Every path of the program as a function, and the pattern its route has. Both targets.
//! Deliberately absent: host names; a full address is the configured base plus one of these.

use domain::id::{BidId, ChallengeId, ListId, OrganisationId, ReviewId};

macro_rules! paths {
    ($($(#[$doc:meta])* $pattern_name:ident $name:ident($($argument:ident: $kind:ty),*) $pattern:literal;)+) => {
        /// What `routes` registers. Parameters stand in braces, in the order of the function's arguments.
        pub mod pattern {
            $($(#[$doc])* pub const $pattern_name: &str = $pattern;)+

            /// All of them, for the sweep over every route.
            pub const ALL: &[&str] = &[$($pattern),+];
        }

        $($(#[$doc])* pub fn $name($($argument: $kind),*) -> String {
            fill(pattern::$pattern_name, &[$($argument.to_string()),*])
        })+
    };
}

paths! {
    /// What is open now, what was decided last.
    HOME home() "/";
    LISTS lists() "/lists";
    LIST list(id: ListId) "/lists/{id}";
    /// Search over all published challenges; see [`challenges_with`].
    CHALLENGES challenges() "/challenges";
    CHALLENGE challenge(id: ChallengeId) "/challenges/{id}";
    /// The frozen rule alone, as canonical JSON: what the hash was made of.
    CHALLENGE_RULE challenge_rule(id: ChallengeId) "/challenges/{id}/rule.json";
    RESULTS results() "/results";
    RACE race(id: ChallengeId) "/race/{id}";
    INBOX inbox() "/inbox";

    ACCOUNT account() "/account";
    SIGN_IN sign_in() "/account/sign-in";
    REGISTER register() "/account/register";
    /// The link of the confirming mail; the token is the query's `token`.
    CONFIRM confirm() "/account/confirm";
    /// Asking for a new password.
    RESET reset() "/account/reset";
    /// "Look into your mailbox", after registering.
    REGISTERED registered() "/account/registered";
    /// The link of an invitation; the token is the query's `token`.
    INVITATION invitation() "/account/invitation";
    /// Choosing it; the token is the query's `token`.
    RESET_CHOOSE reset_choose() "/account/reset/choose";
    PASSWORD password() "/account/password";
    ORGANISATION organisation(id: OrganisationId) "/account/organisations/{id}";

    /// What waits for the reader, whatever the role.
    DESK desk() "/desk";
    DESK_NEEDS desk_needs() "/desk/needs";
    NEED_NEW need_new() "/desk/needs/new";
    NEED need(id: ChallengeId) "/desk/needs/{id}";
    DESK_LISTS desk_lists() "/desk/lists";
    DESK_LIST_NEW desk_list_new() "/desk/lists/new";
    DESK_LIST desk_list(id: ListId) "/desk/lists/{id}";
    DESK_CHALLENGES desk_challenges() "/desk/challenges";
    DESK_CHALLENGE desk_challenge(id: ChallengeId) "/desk/challenges/{id}";
    DESK_RULE desk_rule(id: ChallengeId) "/desk/challenges/{id}/rule";
    DESK_ELIGIBILITY desk_eligibility(id: ChallengeId) "/desk/challenges/{id}/eligibility";
    DESK_PANEL desk_panel(id: ChallengeId) "/desk/challenges/{id}/panel";
    DESK_SCORES desk_scores(id: ChallengeId) "/desk/challenges/{id}/scores";
    DESK_DECISION desk_decision(id: ChallengeId) "/desk/challenges/{id}/decision";
    DESK_GATE desk_gate(id: ChallengeId, gate: u32) "/desk/challenges/{id}/gates/{gate}";
    DESK_BIDS desk_bids() "/desk/bids";
    BID_NEW bid_new(challenge: ChallengeId) "/desk/challenges/{id}/bid";
    BID bid(id: BidId) "/desk/bids/{id}";
    RECEIPT receipt(bid: BidId) "/desk/bids/{id}/receipt";
    /// Receipt and content as a file: what the hash was made of.
    RECEIPT_FILE receipt_file(bid: BidId) "/desk/bids/{id}/receipt.json";
    /// The applicant's own letter: result, scores and position.
    LETTER letter(bid: BidId) "/desk/bids/{id}/letter";
    DESK_REVIEWS desk_reviews() "/desk/reviews";
    /// One expert's declaration for one challenge.
    DECLARATION declaration(challenge: ChallengeId) "/desk/reviews/declare/{id}";
    REVIEW review(id: ReviewId) "/desk/reviews/{id}";
    DESK_PEOPLE desk_people() "/desk/people";
    /// Letters that could not be delivered.
    DESK_LETTERS desk_letters() "/desk/letters";
    DESK_AUDIT desk_audit() "/desk/audit";
    /// A bid as its readers see it: organiser, auditor, declared expert.
    BID_READING bid_reading(id: BidId) "/desk/bids/{id}/read";

    /// Takes `size` or `contrast`, and `back`.
    SETTINGS_LOOK settings_look() "/settings/look";
    /// Takes `locale` and `back`.
    SETTINGS_LANGUAGE settings_language() "/settings/language";
}

/// A page that says once what was done: words under `done.<key>`.
pub fn done(path: &str, key: &str) -> String {
    with_query(path, &[("done", key)])
}

/// The version a form was drawn with; nonsense is a version that never was.
pub fn version(text: &str) -> i64 {
    text.trim().parse().unwrap_or(-1)
}

/// The endpoint of a server function: `/api/bid/submit`.
pub fn api(endpoint: &str) -> String {
    format!("/api/{endpoint}")
}

/// An asset with a content hash in its name.
pub fn asset(name: &str) -> String {
    format!("/pkg/{name}")
}

/// Where an element of a page stands: `/lists/…#notices`.
pub fn anchor(path: &str, id: &str) -> String {
    format!("{path}#{id}")
}

/// A path with a query. Empty values are left out, so that a shared address stays short.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut out = path.to_owned();
    let mut mark = if path.contains('?') { '&' } else { '?' };
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        out.push(mark);
        encode(name, &mut out);
        out.push('=');
        encode(value, &mut out);
        mark = '&';
    }
    out
}

/// The search page with its choices.
pub fn challenges_with(pairs: &[(&str, &str)]) -> String {
    with_query(pattern::CHALLENGES, pairs)
}

/// `back` of a form, if it names a page of ours and nothing else; otherwise the home page.
/// Refused: other hosts (`//host`, `/\host`), control characters, anything over 2,000 characters.
pub fn safe_back(path: &str) -> &str {
    let ours = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(char::is_control)
        && path.len() <= 2_000;
    if ours { path } else { pattern::HOME }
}

fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
}

fn fill(pattern: &str, values: &[String]) -> String {
    let mut out = String::with_capacity(pattern.len() + 36 * values.len());
    let mut values = values.iter();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        if let Some(value) = values.next() {
            out.push_str(value);
        }
        rest = after.split_once('}').map_or("", |(_, tail)| tail);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_carry_their_ids() {
        let id: ChallengeId = "01890000-0000-7000-8000-000000000001".parse().unwrap();
        assert_eq!(home(), "/");
        assert_eq!(challenge(id), "/challenges/01890000-0000-7000-8000-000000000001");
        assert_eq!(desk_gate(id, 2), "/desk/challenges/01890000-0000-7000-8000-000000000001/gates/2");
        assert_eq!(pattern::ALL.iter().filter(|p| **p == "/").count(), 1);
    }

    #[test]
    fn queries_are_encoded_and_empty_values_left_out() {
        assert_eq!(
            challenges_with(&[("q", "重晶石 a&b"), ("domain", "")]),
            "/challenges?q=%E9%87%8D%E6%99%B6%E7%9F%B3+a%26b"
        );
        assert_eq!(with_query("/x?a=1", &[("b", "2")]), "/x?a=1&b=2");
    }

    #[test]
    fn a_way_back_never_leaves_the_house() {
        for (given, expected) in [
            ("/lists?x=1", "/lists?x=1"),
            ("//evil.example", "/"),
            ("/\\evil", "/"),
            ("https://x", "/"),
            ("/a\r\nb", "/"),
            ("", "/"),
        ] {
            assert_eq!(safe_back(given), expected, "{given}");
        }
    }
}

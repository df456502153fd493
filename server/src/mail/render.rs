//! From a notice to the words of its letter: fills the templates in the reader's language.

use app::catalogue;
use app::text::Locale;
use app::url;
use domain::notice::{About, Notice};
use domain::time::Timestamp;
use domain::words::milli_text;

use super::layout::{self, Rendered};
use super::message::Letterhead;
use super::words::{self, Frame, Position};

/// The longest a title or a reason may be in a letter; the page behind the link has all of it.
const LONGEST: usize = 1_000;

/// Subject, text and HTML of a letter.
///
/// # Errors
/// When a template cannot be written, which none of ours does.
pub fn render(notice: &Notice, name: &str, locale: Locale, head: &Letterhead) -> askama::Result<Rendered> {
    let brand = catalogue::t(locale, "common.name_full").to_owned();
    let frame = Frame { name: line(name), brand, base_url: head.base_url.clone() };
    Ok(layout::lay_out(&say(notice, locale)?, &frame.say(locale)?, locale, head))
}

/// The filled template of the notice's kind.
fn say(notice: &Notice, locale: Locale) -> askama::Result<String> {
    match notice {
        Notice::ConfirmAddress { .. }
        | Notice::AddressInUse
        | Notice::ResetPassword { .. }
        | Notice::PasswordChanged
        | Notice::Invited { .. } => say_account(notice, locale),
        Notice::ProposalReturned { .. } | Notice::ProposalApproved { .. } | Notice::ListPublished { .. } => {
            say_list(notice, locale)
        }
        Notice::GateDue { .. } | Notice::GateResult { .. } | Notice::Winner { .. } => {
            say_race(notice, locale)
        }
        _ => say_bid(notice, locale),
    }
}

fn say_account(notice: &Notice, locale: Locale) -> askama::Result<String> {
    let with_token = |path: String, token: &str| url::with_query(&path, &[("token", token)]);
    match notice {
        Notice::ConfirmAddress { token } => {
            words::ConfirmAddress { link: with_token(url::confirm(), token) }.say(locale)
        }
        Notice::ResetPassword { token } => {
            words::ResetPassword { link: with_token(url::reset_choose(), token) }.say(locale)
        }
        Notice::PasswordChanged => words::PasswordChanged { link: url::reset() }.say(locale),
        Notice::Invited { token, organisation, role, by } => words::Invited {
            link: with_token(url::invitation(), token),
            organisation: line(organisation),
            role: known_word(locale, "role", role),
            by: line(by),
        }
        .say(locale),
        _ => words::AddressInUse { link: url::sign_in() }.say(locale),
    }
}

fn say_list(notice: &Notice, locale: Locale) -> askama::Result<String> {
    let need = |about: &About| about.id.parse().map_or_else(|_unknown| url::desk_needs(), url::need);
    match notice {
        Notice::ProposalReturned { challenge, reason } => words::ProposalReturned {
            link: need(challenge),
            title: line(&challenge.title),
            reason: line(reason),
        }
        .say(locale),
        Notice::ListPublished { list_id, list_title, domain, challenges } => words::ListPublished {
            link: list_id.parse().map_or_else(|_unknown| url::lists(), url::list),
            list_title: line(list_title),
            domain: known_word(locale, "domain", domain),
            challenges: challenges.iter().map(label).collect(),
        }
        .say(locale),
        other => {
            let about = other.about();
            let link = about.map_or_else(url::desk_needs, need);
            words::ProposalApproved { link, title: about.map(|about| line(&about.title)).unwrap_or_default() }
                .say(locale)
        }
    }
}

fn say_bid(notice: &Notice, locale: Locale) -> askama::Result<String> {
    let challenge = notice.about().map(label).unwrap_or_default();
    let own = |bid: &str| bid.parse().map_or_else(|_unknown| url::desk_bids(), url::bid);
    match notice {
        Notice::BidReceipt { bid, number, received_at, content_sha256, rule_sha256, .. } => {
            words::BidReceipt {
                link: bid.parse().map_or_else(|_unknown| url::desk_bids(), url::receipt),
                challenge,
                number: line(number),
                received_at: at(*received_at),
                content_sha256: line(content_sha256),
                rule_sha256: line(rule_sha256),
            }
            .say(locale)
        }
        Notice::BidWithdrawn { bid, .. } => words::BidWithdrawn { link: own(bid), challenge }.say(locale),
        Notice::BidOpened { bid, .. } => words::BidOpened { link: own(bid), challenge }.say(locale),
        Notice::BidEligible { bid, .. } => words::BidEligible { link: own(bid), challenge }.say(locale),
        Notice::BidIneligible { bid, reason, .. } => {
            words::BidIneligible { link: own(bid), challenge, reason: line(reason) }.say(locale)
        }
        Notice::Awarded { bid, .. } => words::Awarded { link: own(bid), challenge }.say(locale),
        _ => say_review(notice, challenge, locale),
    }
}

fn say_review(notice: &Notice, challenge: String, locale: Locale) -> askama::Result<String> {
    let public = |about: &About| about.id.parse().map_or_else(|_unknown| url::results(), url::challenge);
    match notice {
        Notice::Seated { challenge: about, .. } => {
            let link = about.id.parse().map_or_else(|_unknown| url::desk_reviews(), url::declaration);
            words::Seated { link, challenge }.say(locale)
        }
        Notice::ScoreDue { due, open_sheets, .. } => {
            words::ScoreDue { link: url::desk_reviews(), challenge, due: at(*due), open_sheets: *open_sheets }
                .say(locale)
        }
        Notice::Result { bid, won, total_milli, rank, of, criteria, rule_sha256, .. } => words::Outcome {
            link: bid.parse().map_or_else(|_unknown| url::desk_bids(), url::letter),
            challenge,
            won: *won,
            total: milli_text(*total_milli),
            rank: *rank,
            of: *of,
            criteria: criteria
                .iter()
                .map(|criterion| Position {
                    name_zh: line(&criterion.name_zh),
                    name_en: line(&criterion.name_en),
                    score: milli_text(criterion.score_milli),
                    rank: criterion.rank,
                })
                .collect(),
            rule_sha256: line(rule_sha256),
        }
        .say(locale),
        Notice::Publicity { challenge: about, ends_at } => {
            words::Publicity { link: public(about), challenge, ends_at: at(*ends_at) }.say(locale)
        }
        // Every kind has its arm in one of these four functions; the test over all kinds holds them to it.
        _ => Err(askama::Error::Fmt),
    }
}

fn say_race(notice: &Notice, locale: Locale) -> askama::Result<String> {
    let challenge = notice.about().map(label).unwrap_or_default();
    let race = |about: &About| about.id.parse().map_or_else(|_unknown| url::desk_bids(), url::race);
    let link = notice.about().map_or_else(url::desk_bids, race);
    match notice {
        Notice::GateDue { gate, gate_title, due, .. } => {
            words::GateDue { link, challenge, gate: *gate, gate_title: line(gate_title), due: at(*due) }
                .say(locale)
        }
        Notice::GateResult { gate, gate_title, total_milli, cumulative_milli, rank, of, outcome, .. } => {
            words::GateResult {
                link,
                challenge,
                gate: *gate,
                gate_title: line(gate_title),
                total: milli_text(*total_milli),
                cumulative: milli_text(*cumulative_milli),
                rank: *rank,
                of: *of,
                outcome: outcome.clone(),
            }
            .say(locale)
        }
        Notice::Winner { cumulative_milli, .. } => {
            words::Winner { link, challenge, cumulative: milli_text(*cumulative_milli) }.say(locale)
        }
        _ => Err(askama::Error::Fmt),
    }
}

/// Number and title, as the challenge is called in lists.
fn label(about: &About) -> String {
    line(&format!("{} {}", about.number, about.title))
}

/// What a person wrote, as one line: neither a header nor the shape of a letter can be made of it.
fn line(text: &str) -> String {
    let blank = |letter: char| if letter.is_control() { ' ' } else { letter };
    let plain: String = text.chars().map(blank).take(LONGEST + 1).collect();
    let mut plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > LONGEST {
        plain.push('…');
    }
    plain
}

fn at(time: Timestamp) -> String {
    time.official_text()
}

/// The catalogue's word for a key, or the key itself for one that an older version wrote.
fn known_word(locale: Locale, family: &str, key: &str) -> String {
    let full = format!("{family}.{key}");
    catalogue::find(locale, &full).map_or_else(|| line(key), str::to_owned)
}

//! A notice in the reader's words: a title, a sentence or two, and the page it is about.
//! Deliberately absent: one-time links. They stand in the mail only.

use domain::notice::{About, Notice};
use domain::time::Timestamp;

use crate::catalogue::{find, t, tf};
use crate::components::points;
use crate::text::Locale;
use crate::url;

/// Scores in letters: two decimals, as on the results page.
pub const DECIMALS: u8 = 2;

/// More challenges than this in one sentence nobody reads.
const MAX_NAMED: usize = 5;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub title: String,
    pub text: String,
    pub href: Option<String>,
}

pub fn of(locale: Locale, notice: &Notice) -> Words {
    let values = values(locale, notice);
    let borrowed: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let kind = notice.kind();
    Words {
        title: tf(locale, &format!("inbox.{kind}.title"), &borrowed),
        text: tf(locale, &format!("inbox.{kind}.text"), &borrowed),
        href: address(notice),
    }
}

/// The page a notice is about. Ids inside notices are text; one that is none leads nowhere.
fn address(notice: &Notice) -> Option<String> {
    let challenge = notice.about().and_then(|about| about.id.parse().ok());
    let bid = |id: &str| id.parse().ok();
    match notice {
        Notice::ConfirmAddress { .. } | Notice::Invited { .. } => Some(url::account()),
        Notice::AddressInUse | Notice::ResetPassword { .. } => Some(url::reset()),
        Notice::PasswordChanged => Some(url::password()),
        Notice::ProposalReturned { .. } | Notice::ProposalApproved { .. } => challenge.map(url::need),
        Notice::ListPublished { list_id, .. } => list_id.parse().ok().map(url::list),
        Notice::BidReceipt { bid: id, .. } => bid(id).map(url::receipt),
        Notice::BidWithdrawn { bid: id, .. }
        | Notice::BidOpened { bid: id, .. }
        | Notice::BidEligible { bid: id, .. }
        | Notice::BidIneligible { bid: id, .. } => bid(id).map(url::bid),
        Notice::Seated { .. } => challenge.map(url::declaration),
        Notice::ScoreDue { .. } => Some(url::desk_reviews()),
        Notice::Result { bid: id, .. } => bid(id).map(url::letter),
        Notice::Publicity { .. } | Notice::Awarded { .. } => {
            challenge.map(|id| url::anchor(&url::challenge(id), "result"))
        }
        Notice::GateDue { .. } | Notice::GateResult { .. } | Notice::Winner { .. } => {
            challenge.map(url::race)
        }
    }
}

/// What the sentences of each kind may name.
fn values(locale: Locale, notice: &Notice) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    if let Some(About { number, title, .. }) = notice.about() {
        out.push(("number", number.clone()));
        out.push(("challenge", title.clone()));
    }
    match notice {
        Notice::ConfirmAddress { .. }
        | Notice::AddressInUse
        | Notice::ResetPassword { .. }
        | Notice::PasswordChanged
        | Notice::ProposalApproved { .. }
        | Notice::BidWithdrawn { .. }
        | Notice::BidOpened { .. }
        | Notice::BidEligible { .. }
        | Notice::Seated { .. }
        | Notice::Awarded { .. } => {}
        Notice::Invited { organisation, role, by, .. } => {
            out.push(("organisation", organisation.clone()));
            out.push(("role", named(locale, "role", role)));
            out.push(("by", by.clone()));
        }
        Notice::ProposalReturned { reason, .. } | Notice::BidIneligible { reason, .. } => {
            out.push(("reason", reason.clone()));
        }
        Notice::ListPublished { list_title, domain, challenges, .. } => {
            out.push(("list", list_title.clone()));
            out.push(("domain", named(locale, "domain", domain)));
            out.push(("count", challenges.len().to_string()));
            out.push(("challenges", titles(locale, challenges)));
        }
        Notice::BidReceipt { number, received_at, content_sha256, .. } => {
            out.push(("receipt", number.clone()));
            out.push(("received_at", moment(locale, *received_at)));
            out.push(("hash", content_sha256.chars().take(12).collect()));
        }
        Notice::ScoreDue { due, open_sheets, .. } => {
            out.push(("due", moment(locale, *due)));
            out.push(("count", open_sheets.to_string()));
        }
        Notice::Publicity { ends_at, .. } => out.push(("ends_at", moment(locale, *ends_at))),
        Notice::GateDue { gate, gate_title, due, .. } => {
            out.push(("gate", gate.to_string()));
            out.push(("gate_title", gate_title.clone()));
            out.push(("due", moment(locale, *due)));
        }
        Notice::Winner { cumulative_milli, .. } => {
            out.push(("cumulative", points(*cumulative_milli, DECIMALS)))
        }
        Notice::Result { .. } | Notice::GateResult { .. } => out.extend(scores(locale, notice)),
    }
    out
}

/// A team's own figures.
fn scores(locale: Locale, notice: &Notice) -> Vec<(&'static str, String)> {
    match notice {
        Notice::Result { won, total_milli, rank, of, .. } => {
            let outcome = if *won { "inbox.result.won" } else { "inbox.result.lost" };
            vec![
                ("outcome", t(locale, outcome).to_owned()),
                ("total", points(*total_milli, DECIMALS)),
                ("rank", rank.to_string()),
                ("of", of.to_string()),
            ]
        }
        Notice::GateResult { gate, gate_title, total_milli, cumulative_milli, rank, of, outcome, .. } => {
            vec![
                ("gate", gate.to_string()),
                ("gate_title", gate_title.clone()),
                ("total", points(*total_milli, DECIMALS)),
                ("cumulative", points(*cumulative_milli, DECIMALS)),
                ("rank", rank.to_string()),
                ("of", of.to_string()),
                ("outcome", named(locale, "gate_outcome", outcome)),
            ]
        }
        _ => Vec::new(),
    }
}

fn titles(locale: Locale, challenges: &[About]) -> String {
    let named: Vec<String> =
        challenges.iter().take(MAX_NAMED).map(|about| format!("{} {}", about.number, about.title)).collect();
    let mut text = named.join(t(locale, "common.list_separator"));
    if challenges.len() > MAX_NAMED {
        text.push('…');
    }
    text
}

/// The word of a key in stored data; the key itself where there is no word.
fn named(locale: Locale, family: &str, key: &str) -> String {
    find(locale, &format!("{family}.{key}")).unwrap_or(key).to_owned()
}

fn moment(locale: Locale, at: Timestamp) -> String {
    format!("{} {}", at.official_text(), t(locale, "common.zone"))
}

//! The envelope and the headers of a letter. Everything in it is derived from the letter, so that a letter that leaves
//! twice is the same letter: same Message-ID, same date, same bytes.

use std::time::{Duration, UNIX_EPOCH};

use app::text::Locale;
use lettre::Message;
use lettre::address::Address;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use store::outbox::Letter;

use super::render::render;

/// Who writes, and the address links begin with.
#[derive(Clone, Debug)]
pub struct Letterhead {
    pub from: Mailbox,
    /// Without a slash at the end.
    pub base_url: String,
    /// Host of `base_url`: the right side of every Message-ID.
    pub host: String,
}

/// Why a letter cannot be made at all: it stays where an organiser sees it.
#[derive(Debug, thiserror::Error)]
pub enum LetterFault {
    #[error("the address cannot be read as a mail address")]
    Address(#[source] lettre::address::AddressError),
    #[error("the words cannot be set")]
    Words(#[from] askama::Error),
    #[error("the message cannot be put together")]
    Message(#[from] lettre::error::Error),
}

/// Makes the message.
///
/// # Errors
/// When the address is none, or the message cannot be put together.
pub fn compose(letter: &Letter, head: &Letterhead) -> Result<Message, LetterFault> {
    let locale = Locale::from_tag(&letter.to.locale).unwrap_or_default();
    let rendered = render(&letter.notice, &letter.to.name, locale, head)?;
    let address: Address = letter.to.address.parse().map_err(LetterFault::Address)?;
    let name = header_text(&letter.to.name);
    let to = Mailbox::new((!name.is_empty()).then_some(name), address);
    let sent = UNIX_EPOCH + Duration::from_millis(u64::try_from(letter.created_at.0).unwrap_or(0));
    let mut builder = Message::builder()
        .from(head.from.clone())
        .to(to)
        .date(sent)
        .subject(header_text(&rendered.subject))
        .message_id(Some(format!("<{}@{}>", letter.id, head.host)))
        .raw_header(fixed("Auto-Submitted", "auto-generated"))
        .raw_header(fixed("X-Auto-Response-Suppress", "All"));
    if let Some(about) = letter.notice.about() {
        // No letter has this id: it is the root all letters about one challenge hang from.
        let thread = format!("<challenge-{}@{}>", header_word(&about.id), head.host);
        builder = builder.in_reply_to(thread.clone()).references(thread);
    }
    let body = MultiPart::alternative()
        .boundary(format!("unveil-{}", letter.id.0.simple()))
        .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(rendered.text))
        .singlepart(SinglePart::builder().header(ContentType::TEXT_HTML).body(rendered.html));
    Ok(builder.multipart(body)?)
}

fn fixed(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// One line without control characters, short enough for any server.
fn header_text(text: &str) -> String {
    let blank = |letter: char| if letter.is_control() { ' ' } else { letter };
    let plain: String = text.chars().map(blank).take(200).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An id as it may stand in a Message-ID.
fn header_word(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').take(64).collect()
}

//! A finished mail, and its form on the wire.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine};
use chrono::{DateTime, Utc};
use lettre::{
    Address, Message,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use uuid::Uuid;

use crate::brand::{LOGO_ID, Logo};

/// Longest display name or subject that is sent, in characters; what is longer is cut. A header must stay readable in a list.
const MAX_NAME: usize = 120;
const MAX_SUBJECT: usize = 200;

const SUBJECT: HeaderName = HeaderName::new_from_ascii_str("Subject");
const FROM: HeaderName = HeaderName::new_from_ascii_str("From");
const TO: HeaderName = HeaderName::new_from_ascii_str("To");

/// One mail to one person, checked: it can be sent, and nothing in it can forge a header.
///
/// It is written for one attempt to send it. The next attempt writes it with another `Date` and the same `Message-ID`, by which servers
/// can recognise it.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    delivery_id: Uuid,
    to: Mailbox,
    subject: String,
    text: String,
    html: String,
    logo: Option<Logo>,
    written_at: DateTime<Utc>,
}

/// The parts of a mail that other people's words get into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailField {
    /// The recipient's display name.
    RecipientName,
    /// The subject line.
    Subject,
    /// The account that invites.
    AccountName,
    /// The person who invites.
    Inviter,
    /// The role that is offered.
    RoleLabel,
    /// The server that a mail for testing is handed to.
    MailServer,
}

/// Why a mail cannot be written. Trying again does not help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The recipient is no bare ASCII address.
    #[error("the recipient's address is not an e-mail address")]
    Address,
    /// A line break, NUL or another control character, with which a header or a line of the text could be forged.
    #[error("the {0} contains a control character")]
    ControlCharacter(MailField),
    /// The link is not one `http` or `https` address.
    #[error("the link is not a web address")]
    Link,
    /// The template could not be filled.
    #[error("the template could not be filled")]
    Template,
}

impl Mail {
    /// Writes a mail.
    ///
    /// `delivery_id` names the mail through all attempts to send it, `written_at` becomes its `Date`: pass the time of the attempt, not
    /// that at which the mail was asked for. `to` is a bare address.
    ///
    /// # Errors
    /// When `to` is no address, or the name or the subject contains a control character.
    pub fn new(
        delivery_id: Uuid,
        written_at: DateTime<Utc>,
        to: &str,
        to_name: Option<&str>,
        subject: &str,
        text: String,
        html: String,
    ) -> Result<Self, MailError> {
        let address: Address = to.parse().map_err(|_| MailError::Address)?;
        if !to.is_ascii() {
            return Err(MailError::Address);
        }
        let name = match to_name {
            Some(name) => Some(line(name, MailField::RecipientName, MAX_NAME)?).filter(|name| !name.is_empty()),
            None => None,
        };
        let subject = line(subject, MailField::Subject, MAX_SUBJECT)?;
        Ok(Self { delivery_id, to: Mailbox::new(name, address), subject, text, html, logo: None, written_at })
    }

    /// The same, with the logo that its HTML shows.
    pub(super) fn with_logo(self, logo: Option<Logo>) -> Self {
        Self { logo, ..self }
    }

    /// The delivery that this mail belongs to.
    #[must_use]
    pub const fn delivery_id(&self) -> Uuid {
        self.delivery_id
    }

    /// When the mail was written, to be sent at once.
    #[must_use]
    pub const fn written_at(&self) -> DateTime<Utc> {
        self.written_at
    }

    /// The recipient's bare address.
    #[must_use]
    pub fn to(&self) -> &str {
        self.to.email.as_ref()
    }

    /// The subject line.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The plain-text body.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The HTML body.
    #[must_use]
    pub fn html(&self) -> &str {
        &self.html
    }

    /// The `Message-ID`, the same for every attempt: the delivery's id at the sender's domain.
    #[must_use]
    pub fn message_id(&self, from: &Mailbox) -> String {
        format!("<{}@{}>", self.delivery_id, from.email.domain())
    }

    /// The mail as it goes over the wire: text and HTML as alternatives, both quoted-printable, so that no server on the way
    /// re-encodes them and long links survive. A logo goes together with the HTML.
    pub(super) fn to_message(&self, from: &Mailbox) -> Result<Message, lettre::error::Error> {
        // `=_` cannot occur in quoted-printable text, so no body can contain the boundary.
        let boundary = format!("=_{}", self.delivery_id.simple());
        let alternatives = MultiPart::alternative().boundary(boundary.clone()).singlepart(part(ContentType::TEXT_PLAIN, &self.text));
        let html = part(ContentType::TEXT_HTML, &self.html);
        let body = match &self.logo {
            Some(logo) => {
                let related = MultiPart::related().boundary(format!("{boundary}_1"));
                alternatives.multipart(related.singlepart(html).singlepart(logo_part(logo)))
            }
            None => alternatives.singlepart(html),
        };
        let mut message = Message::builder()
            .from(from.clone())
            .to(self.to.clone())
            .subject(self.subject.clone())
            .date(self.written_at.into())
            .message_id(Some(self.message_id(from)))
            // Asks vacation responders (RFC 3834) and Exchange for silence.
            .raw_header(fixed_header("Auto-Submitted", "auto-generated"))
            .raw_header(fixed_header("X-Auto-Response-Suppress", "All"))
            .multipart(body)?;
        // A mail program would decode what looks like an encoded word: it is encoded itself, and so read as it was written.
        if let Some(subject) = encoded(&self.subject) {
            message.headers_mut().insert_raw(HeaderValue::dangerous_new_pre_encoded(SUBJECT, self.subject.clone(), subject));
        }
        for (name, mailbox) in [(FROM, from), (TO, &self.to)] {
            if let Some(encoded) = mailbox.name.as_deref().and_then(encoded) {
                let value = format!("{encoded}\r\n <{}>", mailbox.email);
                message.headers_mut().insert_raw(HeaderValue::dangerous_new_pre_encoded(name, mailbox.to_string(), value));
            }
        }
        Ok(message)
    }
}

/// Bodies hold links that grant access, and addresses: neither belongs into a log.
impl fmt::Debug for Mail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Mail").field("delivery_id", &self.delivery_id).finish_non_exhaustive()
    }
}

impl fmt::Display for MailField {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::RecipientName => "recipient's name",
            Self::Subject => "subject",
            Self::AccountName => "account's name",
            Self::Inviter => "inviter's name",
            Self::RoleLabel => "role's label",
            Self::MailServer => "mail server's name",
        })
    }
}

/// One line of someone's words: no control characters (refused), nothing that turns the reading direction around (removed),
/// trimmed, and cut to `longest` characters.
pub(super) fn line(value: &str, field: MailField, longest: usize) -> Result<String, MailError> {
    if value.chars().any(|character| character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')) {
        return Err(MailError::ControlCharacter(field));
    }
    let plain: String = value.chars().filter(|character| !turns_direction(*character)).collect();
    let plain = plain.trim();
    if plain.chars().count() <= longest {
        return Ok(plain.to_owned());
    }
    let mut cut: String = plain.chars().take(longest - 1).collect();
    cut.push('…');
    Ok(cut)
}

/// The marks, embeddings, overrides and isolates of the bidirectional algorithm: no name may make the words around it read
/// otherwise.
const fn turns_direction(character: char) -> bool {
    matches!(character, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text as encoded words (RFC 2047), where a mail program would read something else in it. The library encodes letters outside of ASCII
/// only.
fn encoded(text: &str) -> Option<String> {
    /// Of one word, so that the name of the header and the word fit into 76 characters.
    const MAX_BYTES: usize = 39;
    if !text.contains("=?") {
        return None;
    }
    let mut words = vec![String::new()];
    for character in text.chars() {
        if words.last().is_some_and(|word| word.len() + character.len_utf8() > MAX_BYTES) {
            words.push(String::new());
        }
        words.last_mut()?.push(character);
    }
    let words: Vec<_> = words.iter().map(|word| format!("=?utf-8?b?{}?=", BASE64_STANDARD.encode(word))).collect();
    Some(words.join("\r\n "))
}

fn part(content_type: ContentType, body: &str) -> SinglePart {
    SinglePart::builder().header(content_type).header(ContentTransferEncoding::QuotedPrintable).body(body.to_owned())
}

/// Shown within the HTML, not in a list of attachments.
fn logo_part(logo: &Logo) -> SinglePart {
    let content_type = ContentType::parse(&logo.media_type).unwrap_or(ContentType::TEXT_PLAIN);
    Attachment::new_inline(LOGO_ID.to_owned()).body(logo.content.clone(), content_type)
}

fn fixed_header(name: &'static str, value: &'static str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

#[cfg(test)]
mod tests;

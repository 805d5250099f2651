//! What a mail server or a folder answers: that it took a mail, or why not.

use std::fmt;

use super::status::StatusCode;

/// Longest reply that is stored, in characters.
const MAX_REPLY: usize = 500;

/// A mail that is on its way: the server, or the folder, has taken responsibility for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// What the server said, usually with its own id for the mail. May contain personal data.
    pub reply: String,
}

/// A mail that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {reply}")]
pub struct SendFailure {
    /// Whether trying again is pointless: the server refused the recipient for good. What the operator can repair (credentials,
    /// certificates, limits, a sender or a content that the server refuses) is not permanent.
    pub permanent: bool,
    /// Whether every other mail would fail the same way now: the server could not be reached, did not greet in time, encrypted nothing,
    /// did not accept the credentials or the sender, or said that it closes (421); or the folder cannot be written to. Then it is
    /// never permanent. `false` for what befell this mail alone: its recipient or content was refused, or the connection broke or
    /// fell silent while it was handed over.
    pub concerns_server: bool,
    /// What the server refuses for good without meaning the recipient: the operator has to look into it.
    pub refusal: Option<Refusal>,
    /// At which step it failed.
    pub kind: FailureKind,
    /// What the server or the system said: one line of at most 500 characters. May contain personal data.
    pub reply: String,
}

/// A refusal of us, in words that hold nothing personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// The command that was refused, such as `RCPT TO`.
    pub step: &'static str,
    /// The basic code, such as 550.
    pub code: u16,
    /// The first enhanced status code of the reply.
    pub status: Option<StatusCode>,
}

/// At which step sending failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The server could not be reached, or did not want to talk.
    Connect,
    /// No encrypted connection came about: not offered, or a certificate that is not trusted; or the server demands one and the
    /// settings do not.
    Tls,
    /// The server did not accept the credentials, or wants some.
    Auth,
    /// The server refused the sender, the recipient or the mail.
    Refused,
    /// The server took too long.
    Timeout,
    /// The connection broke, the server closed it with a 421, or it spoke no SMTP, in the middle.
    Interrupted,
    /// The mail cannot be written as a message.
    Message,
    /// The folder cannot be written to.
    Folder,
}

impl FailureKind {
    /// A stable name for logs, metrics and the outbox.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Auth => "auth",
            Self::Refused => "refused",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::Message => "message",
            Self::Folder => "folder",
        }
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Connect => "the mail server cannot be reached",
            Self::Tls => "no trusted connection to the mail server",
            Self::Auth => "the mail server does not accept the credentials",
            Self::Refused => "the mail server refused the mail",
            Self::Timeout => "the mail server took too long",
            Self::Interrupted => "the mail server broke off",
            Self::Message => "the mail cannot be written",
            Self::Folder => "the mail folder cannot be written to",
        })
    }
}

impl SendFailure {
    /// A failure of this one mail that may pass; `reply` is made one printable line.
    pub(super) fn transient(kind: FailureKind, reply: &str) -> Self {
        Self { permanent: false, concerns_server: false, refusal: None, kind, reply: one_line(reply) }
    }

    /// A mail that cannot be written as a message, now or later.
    #[must_use]
    pub fn unwritable(reply: &str) -> Self {
        Self { permanent: true, ..Self::transient(FailureKind::Message, reply) }
    }

    /// The same failure, for every other mail too.
    pub(super) fn of_server(self) -> Self {
        Self { permanent: false, concerns_server: true, ..self }
    }
}

/// Someone else's words as one printable line of at most 500 characters.
pub(super) fn one_line(reply: &str) -> String {
    let printable: String = reply.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    printable.trim().chars().take(MAX_REPLY).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_one_printable_line_of_at_most_500_characters() {
        assert_eq!(one_line(" 550 no\r\nsuch\u{1b}[31m user\0\u{9b} "), "550 no  such [31m user");
        assert_eq!(one_line(&"ü".repeat(501)), "ü".repeat(500));
    }
}

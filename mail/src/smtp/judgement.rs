//! What a failure at a step of the conversation means: for this mail, for all mails, for good or for now.
//!
//! A mail ends for good only when the server says something about its recipient. What it says about us (relaying, policy, limits, the
//! sender, reputation, authentication) is the operator's to repair, and the mail waits. Where it is not clear, the mail waits as well:
//! waiting costs a few attempts, and an invitation that ended wrongly costs a person.
//!
//! Start reading at [`TABLE`].

use std::io;

use super::reply::{Broken, Reply};
use crate::failure::{FailureKind, Refusal, SendFailure};
use crate::status::{StatusCode, codes_in};

/// The steps of handing a mail over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step {
    /// Before the server has said anything.
    Connect,
    Greeting,
    Ehlo,
    /// `STARTTLS` and the encryption after it.
    StartTls,
    Auth,
    MailFrom,
    RcptTo,
    Data,
    /// After the end of the mail's content.
    Content,
}

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    /// The recipient: no other attempt helps.
    Recipient,
    /// Us, so that every other mail would be refused as well.
    EveryMail,
    /// Us or the mail; another mail may be accepted.
    ThisMail,
    /// The code does not say: the basic code and the step decide.
    Unsaid,
}

/// What the enhanced status codes of RFC 3463 and of IANA's registry (RFC 5248) are about, by their second and third number. A code that
/// is not listed, also one that is not registered, is about [`About::ThisMail`].
const TABLE: &[(u16, &[u16], About)] = &[
    // Other: undefined.
    (0, &[0], About::Unsaid),
    // Addresses. 0: undefined; 1-3: bad mailbox, domain, syntax; 4: ambiguous; 6: moved; 10: the domain takes no mail.
    (1, &[0], About::Unsaid),
    (1, &[1, 2, 3, 4, 6, 10], About::Recipient),
    // 7, 8: the sender's mailbox or domain.
    (1, &[7, 8], About::EveryMail),
    // Mailboxes. 0: undefined; 1: disabled; 4: a list that cannot be expanded. 2 (full) and 3 (too long) can pass.
    (2, &[0], About::Unsaid),
    (2, &[1, 4], About::Recipient),
    // The mail system. 1: full; 2: takes no mail at the moment.
    (3, &[1, 2], About::EveryMail),
    // The network. 5: congestion, and the daily limits of several providers.
    (4, &[5], About::EveryMail),
    // Security and policy. 8, 9, 11-14: authentication and encryption; 27: the sender's domain takes no mail; 28: a flood of mail.
    (7, &[8, 9, 11, 12, 13, 14, 27, 28], About::EveryMail),
    // 17, 18: the mailbox or domain has another owner now.
    (7, &[17, 18], About::Recipient),
];

/// Words with which servers that send no enhanced status code say, in reply to `RCPT TO`, that they refuse us rather than the recipient.
/// They only ever make a mail wait.
const WORDS_ABOUT_US: &[&str] = &[
    "relay",
    "sender",
    "policy",
    "spam",
    "black",
    "block",
    "reputation",
    "limit",
    "quota",
    "exceed",
    "too many",
    "auth",
    "denied",
    "permi",
    "prohibit",
    "spf",
    "dkim",
    "dmarc",
    "helo",
    "ehlo",
    "reverse",
    "client",
    "rcpthosts",
    "log in",
    "login",
];

/// A step that did not succeed.
#[derive(Debug)]
pub(super) struct StepFailure {
    step: Step,
    what: What,
}

#[derive(Debug)]
enum What {
    Said(Reply),
    Broken(Broken),
}

impl Step {
    /// The reply, where the server did what it was asked.
    pub(super) fn succeeded(self, reply: Reply) -> Result<Reply, StepFailure> {
        let fits = if self == Self::Data { reply.code == 354 } else { reply.is_success() };
        if fits { Ok(reply) } else { Err(StepFailure { step: self, what: What::Said(reply) }) }
    }

    /// The step as a failure without a reply.
    pub(super) fn broken(self, broken: Broken) -> StepFailure {
        let what = match broken {
            Broken::Said(reply) => What::Said(reply),
            other => What::Broken(other),
        };
        StepFailure { step: self, what }
    }

    /// The step as it is called in logs.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connecting",
            Self::Greeting => "greeting",
            Self::Ehlo => "EHLO",
            Self::StartTls => "STARTTLS",
            Self::Auth => "AUTH",
            Self::MailFrom => "MAIL FROM",
            Self::RcptTo => "RCPT TO",
            Self::Data => "DATA",
            Self::Content => "end of data",
        }
    }

    /// Whether the server knows the recipient by then.
    const fn has_recipient(self) -> bool {
        matches!(self, Self::RcptTo | Self::Data | Self::Content)
    }

    /// Whether the conversation is still about who we are, so that no mail could be handed over.
    const fn comes_before_mail(self) -> bool {
        !matches!(self, Self::MailFrom | Self::RcptTo | Self::Data | Self::Content)
    }
}

impl StepFailure {
    /// What it means.
    pub(super) fn judge(&self) -> SendFailure {
        match &self.what {
            What::Said(reply) => said(self.step, reply),
            What::Broken(broken) => broke(self.step, broken),
        }
    }
}

/// The connection broke, or never came about.
fn broke(step: Step, broken: &Broken) -> SendFailure {
    let kind = match (step, broken) {
        (_, Broken::TimedOut(_)) => FailureKind::Timeout,
        (Step::Connect, Broken::Io(error)) if error.kind() == io::ErrorKind::TimedOut => FailureKind::Timeout,
        // rustls reports what it does not like about the peer as invalid data.
        (Step::Connect, Broken::Io(error)) if error.kind() == io::ErrorKind::InvalidData => FailureKind::Tls,
        (Step::StartTls, _) => FailureKind::Tls,
        (Step::Auth, Broken::Refusing(_)) => FailureKind::Auth,
        (Step::Connect | Step::Greeting | Step::Ehlo, _) => FailureKind::Connect,
        _ => FailureKind::Interrupted,
    };
    let failure = SendFailure::transient(kind, &broken.to_string());
    if step.comes_before_mail() { failure.of_server() } else { failure }
}

/// The server said something else than what was to be hoped for.
fn said(step: Step, reply: &Reply) -> SendFailure {
    let shown = reply.in_full();
    match (step, reply.code) {
        (Step::Connect | Step::Greeting | Step::Ehlo, _) => return SendFailure::transient(FailureKind::Connect, &shown).of_server(),
        (Step::StartTls, _) => return SendFailure::transient(FailureKind::Tls, &shown).of_server(),
        // The server closes the connection, whatever it was asked (RFC 5321, 3.8).
        (_, 421) => return SendFailure::transient(FailureKind::Interrupted, &shown).of_server(),
        // About encryption (RFC 3207) or authentication (RFC 4954).
        (_, 530) if shown.to_ascii_uppercase().contains("STARTTLS") => return SendFailure::transient(FailureKind::Tls, &shown).of_server(),
        (_, 530 | 534 | 535 | 538) | (Step::Auth, _) => return SendFailure::transient(FailureKind::Auth, &shown).of_server(),
        // It answers something else: then nothing that follows can be believed either.
        (_, 200..=399) => return SendFailure::transient(FailureKind::Interrupted, &format!("unexpected reply: {shown}")),
        _ => {}
    }
    refused(step, reply)
}

/// The server refused the sender, the recipient or the mail.
fn refused(step: Step, reply: &Reply) -> SendFailure {
    let about = about(step, reply);
    let failure = SendFailure::transient(FailureKind::Refused, &reply.in_full());
    let failure = if about == About::EveryMail { failure.of_server() } else { failure };
    let permanent = reply.code >= 500 && codes_in(&reply.lines).all(|code| code.class != 4);
    match about {
        About::Recipient => SendFailure { permanent, ..failure },
        // A 4xx is a matter of time alone.
        _ if !permanent => failure,
        _ => SendFailure {
            refusal: Some(Refusal { step: step.as_str(), code: reply.code, status: codes_in(&reply.lines).next() }),
            ..failure
        },
    }
}

/// What a refusal is about: by the enhanced status code, then by the basic code and the step, then by the words.
fn about(step: Step, reply: &Reply) -> About {
    if !step.has_recipient() {
        // All mails have the same sender, and the operator set it.
        return About::EveryMail;
    }
    let told = codes_in(&reply.lines).map(about_code).filter(|about| *about != About::Unsaid);
    // Where a server says several things, the mail ends only if each is about the recipient.
    let told = told.reduce(|one, other| if one == About::Recipient { other } else { one });
    told.unwrap_or_else(|| about_basic_code(step, reply))
}

fn about_code(code: StatusCode) -> About {
    let row = TABLE.iter().find(|(subject, details, _)| *subject == code.subject && details.contains(&code.detail));
    row.map_or(About::ThisMail, |(_, _, about)| *about)
}

/// RFC 5321, 4.2.2: 550 is a mailbox that is not there, 551 one that is elsewhere, 553 a malformed name, and 501 an address that
/// cannot be read. Only in reply to `RCPT TO` is it the recipient's.
fn about_basic_code(step: Step, reply: &Reply) -> About {
    let text = reply.lines.join(" ").to_ascii_lowercase();
    match (step, reply.code) {
        (Step::RcptTo, 501 | 550 | 551 | 553) if !WORDS_ABOUT_US.iter().any(|word| text.contains(word)) => About::Recipient,
        _ => About::ThisMail,
    }
}

#[cfg(test)]
mod tests;

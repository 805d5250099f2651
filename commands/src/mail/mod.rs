//! The mails that wait to be sent, and what became of them.
//!
//! A mail begins in the transaction that asks for it (`outbox.rs`), is [claimed](crate::Commands::claim_mails) by one sender at a time,
//! and ends once: handed over or given up, in an event of its own; or taken out, by what made it needless.

pub(crate) mod outbox;
mod queue;
mod record;
mod waiting;

use domain::delivery::MailPurpose;

pub use queue::QueuedMail;
pub use waiting::{Due, FailedAttempt, Unreadable, WaitingLetter, WaitingMail};

/// Everything that a mail can be for.
pub(crate) const PURPOSES: [MailPurpose; 4] =
    [MailPurpose::Invitation, MailPurpose::PasswordReset, MailPurpose::AccessRemoved, MailPurpose::AccessRestored];

/// The word that the outbox keeps for a purpose.
const fn purpose_text(purpose: MailPurpose) -> &'static str {
    match purpose {
        MailPurpose::Invitation => "invitation",
        MailPurpose::PasswordReset => "password_reset",
        MailPurpose::AccessRemoved => "access_removed",
        MailPurpose::AccessRestored => "access_restored",
    }
}

/// The purpose that a word in the outbox means.
fn find_purpose(text: &str) -> Option<MailPurpose> {
    PURPOSES.into_iter().find(|purpose| purpose_text(*purpose) == text)
}

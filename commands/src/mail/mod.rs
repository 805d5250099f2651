//! The mails that wait to be sent, and what became of them.

pub(crate) mod outbox;
mod record;
mod waiting;

pub use waiting::{WaitingLetter, WaitingMail};

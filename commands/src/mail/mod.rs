//! The mails that wait to be sent, and what became of them.
//!
//! A mail begins in the transaction that asks for it (`outbox.rs`), is [claimed](crate::Commands::claim_mails) by one sender at a time,
//! and ends once: handed over or given up, in an event; or deleted, by what made it needless.

pub(crate) mod outbox;
mod queue;
mod record;
mod waiting;

pub use queue::QueuedMail;
pub use waiting::{Due, FailedAttempt, Unreadable, WaitingLetter, WaitingMail};

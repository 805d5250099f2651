//! The mails that wait to be sent, and what became of them.

pub(crate) mod outbox;
mod record;

pub use outbox::WaitingMail;

//! Answers. Turns events into typed tables, in the transaction that remembers the events, and asks
//! those tables what readers want to know.
//!
//! The invariants: a table here can be computed again from the events ([`rebuild`]), but for the refused
//! attempts, which are none; every query names the account that it may see. Nothing here decides. Start
//! reading at [`users`].

pub mod accounts;
pub mod api_keys;
pub mod familiar_addresses;
pub mod memberships;
pub mod people;
pub mod rebuild;
pub mod refused_attempts;
pub mod replay;
pub mod restored;
pub mod service_keys;
pub mod sessions;
pub mod users;

mod any_event;
mod error;
mod event_batch;

pub use any_event::{AnyEvent, Reason, decided_at, readable_kinds, unreadable};
pub use error::Error;
pub use event_batch::{BatchedEvent, EventBatch, ReadEvent, subject};

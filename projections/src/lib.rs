//! Read models. Applies events to typed tables, in the transaction that appends the events, and queries these tables.
//!
//! What an event means is written once for each table, in its fold: `users/fold.rs` and the other files of that name. [`project()`] and
//! [`rebuild`] use them.
//!
//! The invariants: every table here can be computed again from the events, except the refused attempts, which are not events. Every
//! query names the account that it may see. Nothing here decides. Start reading at `project.rs`, or for queries at [`users`].
//!
//! # Errors
//! Every function that reads or writes the database fails when the database is lost. What else it can fail with stands at the function.
#![expect(clippy::missing_errors_doc, reason = "that the database can be lost is said once, above")]

pub mod accounts;
pub mod api_keys;
pub mod familiar_addresses;
pub mod keys;
pub mod memberships;
pub mod named_people;
pub mod rebuild;
pub mod refused_attempts;
pub mod replay;
pub mod restored;
pub mod saved_views;
pub mod service_keys;
pub mod sessions;
pub mod users;

mod any_event;
mod column;
mod error;
mod event_batch;
mod event_histories;
mod origin;
mod people;
mod project;
mod rows;
mod stream_row;

pub use any_event::{AnyEvent, Reason, decided_at, readable_kinds, unreadable};
pub use error::Error;
pub use event_batch::{BatchedEvent, EventBatch, ReadEvent, subject};
pub use event_histories::EventHistories;
pub use project::{AppendedEvent, project};

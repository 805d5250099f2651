//! What happened: in pages, and as a subscription, which tells what was missed since a cursor, then goes on live. And what was refused.
//!
//! Start reading at `log.rs` or [`Subscription`]; `event.rs` is what clients see of one event. Attempts
//! that were refused are no events: `refused/` shows them.

mod actor;
mod event;
mod log;
mod people;
mod refused;
mod subscription;

pub(crate) use actor::ActorKind;
pub(super) use event::Event;
pub(crate) use event::{address, subject};
pub(crate) use log::names_of_actor;
pub(super) use log::{EventConnection, EventFilter, EventPage, complete_until, find_event, page_of_events};
pub(super) use refused::{RefusedAttempt, RefusedAttemptQuery, find_attempt};
pub(super) use subscription::{Subscription, end_of_events};

//! What happened: in pages, and as a subscription, which tells what was missed since a cursor, then goes on live. And what was refused.
//!
//! Start reading at `log.rs` or [`Subscription`]; `event.rs` is what clients see of one event, `cursor.rs` the place after it. Attempts
//! that were refused are no events: `refused/` shows them.

mod actor;
mod changes;
mod cursor;
mod event;
mod event_type;
mod happened;
mod log;
mod people;
mod refused;
mod subscription;
mod summary;

pub(super) use log::{EventConnection, EventFilter, EventPage, page_of_events};
pub(super) use refused::RefusedAttemptQuery;
pub(super) use subscription::{Subscription, end_of_events};

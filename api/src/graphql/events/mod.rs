//! Events, in pages and as a subscription that first sends the events since a cursor and then continues live. And refused attempts, which
//! are not events.
//!
//! Start reading at `log.rs` or [`Subscription`]. `event.rs` is an event as clients see it; `refused/` contains refused attempts.

mod actor;
mod event;
mod log;
mod people;
mod queries;
mod refused;
mod subscription;
mod undo;

pub(super) use event::{Event, event_id};
pub(super) use log::{EventConnection, EventFilter, EventPage, complete_until, find_event, page_of_events};
pub(super) use queries::EventQuery;
pub(super) use refused::{RefusedAttempt, RefusedAttemptQuery, find_attempt};
pub(super) use subscription::{Subscription, end_of_events};

//! What happened: in pages, and as a subscription, which tells what was missed since a cursor, then goes on live.
//!
//! Start reading at `log.rs` or [`Subscription`]; `event.rs` is what clients see of one event, `cursor.rs` the place after it.

mod actor;
mod changes;
pub(in crate::graphql) mod cursor;
mod event;
mod event_type;
mod log;
mod people;
mod subscription;
mod summary;

pub(super) use log::{EventConnection, EventFilter, EventPage, page_of_events};
pub(super) use subscription::{Subscription, end_of_events};

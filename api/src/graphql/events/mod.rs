//! What happened, as a subscription: what was missed since a cursor, then live.
//!
//! Start reading at [`Subscription`]; `event.rs` is what clients see of one event, `cursor.rs` the place after it.

mod actor;
mod changes;
mod cursor;
mod event;
mod event_type;
mod subscription;

pub(super) use subscription::{Subscription, end_of_events};

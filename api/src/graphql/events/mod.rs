//! Events: as pages, and as a subscription, which sends what was missed since a cursor and then goes on live. And refused attempts.
//!
//! Start reading at `log.rs` or [`Subscription`]; `event.rs` is what clients see of one event. Refused attempts are not events:
//! `refused/` shows them.

mod actor;
mod changes;
mod event;
mod event_type;
mod log;
mod people;
mod refused;
mod subscription;
mod summary;

pub(crate) use actor::ActorKind;
pub(crate) use changes::changes;
pub(super) use event::Event;
pub(crate) use event::{address, stored_type};
pub(crate) use event_type::{EventType, narrow_to_types};
pub(crate) use log::names_of_actor;
pub(super) use log::{EventConnection, EventFilter, EventPage, complete_until, find_event, page_of_events};
pub(super) use refused::{RefusedAttempt, RefusedAttemptQuery, find_attempt};
pub(super) use subscription::{Subscription, end_of_events};
pub(crate) use summary::{summary, summary_of_unreadable};

//! The words that GraphQL, exports and the command line share: enums, instants, and texts about events.
//!
//! Architecture Invariant: nothing here imports from `graphql`, `export` or `cli`. A value is spelled the same wherever clients meet it.

mod actor;
mod changes;
mod cursor;
mod delivery;
mod event_type;
mod instant;
mod language;
mod order;
mod spelled;
mod summary;
mod users;

pub(crate) use actor::{ActorKind, names_of_actor};
pub(crate) use changes::{Change, changes};
pub(crate) use cursor::{AttemptNumber, ChangedUser, ListCursor, write_event_cursor};
pub(crate) use delivery::{DeliveryState, stored_states};
pub(crate) use event_type::{EventType, narrow_to_types};
pub(crate) use instant::GivenInstant;
pub(crate) use language::Language;
pub(crate) use order::{OrderDirection, TimeSpan};
pub(crate) use spelled::spelled;
pub(crate) use summary::{address, stored_type, summary, summary_of_unreadable};
pub(crate) use users::{MAX_SEARCH, Role, UserOrderField, UserStatus};

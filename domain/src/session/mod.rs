//! A session: one sign-in, from its start to its end.
//!
//! It has a stream of its own so that a user's stream stays short and a user's version rises only
//! with what people do to the user. Being ended by deactivation is no event here: the look-up
//! compares the start with the user's `sessions_valid_from`.

mod aggregate;
mod command;
mod event;

pub use aggregate::Session;
pub use command::{SessionCommand, StartSession};
pub use event::{EndReason, SessionEvent};

//! An API key: with it a program acts for the user who made it, within its scopes.
//!
//! It has a stream of its own, as a session has. A deactivation of its owner revokes it. That it expires is not an event:
//! the look-up of each request compares the time.

mod aggregate;
mod command;
mod event;

pub use aggregate::ApiKey;
pub use command::{ApiKeyCommand, CreateApiKey};
pub use event::ApiKeyEvent;

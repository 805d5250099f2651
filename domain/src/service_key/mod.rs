//! A service key: with it a program acts for the account itself, within its scopes.
//!
//! It belongs to no person, so it stays valid when its creator is deactivated, deleted or erased. That it expires is not an event:
//! the look-up of each request compares the time.

mod aggregate;
mod command;
mod event;

pub use aggregate::ServiceKey;
pub use command::{CreateServiceKey, ServiceKeyCommand};
pub use event::ServiceKeyEvent;

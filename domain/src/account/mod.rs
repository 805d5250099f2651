//! An account: a tenant, opened once. Its users are streams of their own.

mod aggregate;
mod command;
mod event;

pub use aggregate::Account;
pub use command::{AccountCommand, OpenAccount};
pub use event::AccountEvent;

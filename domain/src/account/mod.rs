//! An account: a tenant, opened once, with what it decides for itself. Its users are streams of their own.
//!
//! The invariants: its invitations work for a time within limits; it offers at least one way to sign in, and never ceases to offer
//! the only one of a live user (which one that is, is looked up). Start reading at [`Account`] in `aggregate.rs`.

mod aggregate;
mod command;
mod event;
#[cfg(test)]
mod tests;

pub use aggregate::Account;
pub use command::{AccountCommand, OpenAccount, Replacement, UpdateAccount};
pub use event::AccountEvent;

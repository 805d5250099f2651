//! Saved views of the list of users.

pub(super) mod inputs;
pub(super) mod mutations;
pub(super) mod payloads;
pub(super) mod queries;
pub(super) mod saved_view;

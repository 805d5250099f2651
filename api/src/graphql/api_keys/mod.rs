//! API keys: for programs that act for a user.

pub(super) mod api_key;
pub(super) mod inputs;
pub(super) mod mutations;
pub(super) mod payloads;
pub(super) mod queries;

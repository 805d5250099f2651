//! Service keys: for programs that act for an account.

pub(super) mod inputs;
pub(super) mod mutations;
pub(super) mod payloads;
pub(super) mod queries;
pub(super) mod service_key;

//! Keys for programs: API keys act for a user, service keys for an account. `page.rs` is what both kinds have in common.

pub(super) mod api_key;
pub(super) mod inputs;
pub(super) mod mutations;
pub(super) mod page;
pub(super) mod payloads;
pub(super) mod queries;
pub(super) mod service_key;

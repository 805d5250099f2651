//! API keys: made by a signed-in user for their own programs, and taken out of use by them or by an admin.

mod create;
mod revoke;

pub use create::{CreateApiKey, CreatedApiKey, MAX_API_KEYS};
pub use revoke::RevokeApiKey;

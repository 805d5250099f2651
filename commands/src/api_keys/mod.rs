//! API keys: made by a signed-in user for their own programs, and taken out of use by them or by an admin. A deactivation and a new
//! password end them all.

mod create;
mod revoke;
mod revoke_all;

pub use create::{CreateApiKey, CreatedApiKey, MAX_API_KEYS};
pub use revoke::RevokeApiKey;

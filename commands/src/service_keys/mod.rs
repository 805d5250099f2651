//! Service keys: created by an admin for programs that act for the account, and revoked by any admin of it.

mod create;
mod revoke;

pub use create::{CreateServiceKey, CreatedServiceKey, MAX_SERVICE_KEYS};
pub use revoke::RevokeServiceKey;

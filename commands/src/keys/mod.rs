//! Keys for programs. A signed-in user makes API keys for their own programs; they or an admin revoke them, and a deactivation and a new
//! password end them all. An admin creates service keys for programs that act for the account, and any admin of it revokes them.

mod create;
mod kind;
mod revoke;
mod revoke_all;

pub use create::{CreateKey, CreatedKey};
pub use kind::{MAX_API_KEYS, MAX_SERVICE_KEYS};
pub(crate) use revoke_all::find_keys_in_use;
